#include "record.hpp"

#include <mqttwire/codec.hpp>
#include <mqttwire/frame.hpp>
#include <mqttwire/wire/protocol.hpp>

namespace inspect {

namespace {

using namespace mqttwire;

/// The version that a CONNECT tells, as far as it can be read and is known.
std::optional<Version> own_version(std::span<const std::byte> bytes) noexcept
{
    const Result<Frame> frame = read_frame(bytes);
    if (!frame || frame->type() != PacketType::connect) return std::nullopt;
    const wire::ProtocolHead head = wire::read_protocol_head(frame->body());
    if (head.code != Errc::none) return std::nullopt;
    return head.version;
}

} // namespace

std::optional<PacketType> Record::type() const noexcept
{
    if (bytes.empty()) return std::nullopt;
    const auto type = static_cast<PacketType>(static_cast<unsigned>(bytes.front()) >> 4U);
    if (type == PacketType{}) return std::nullopt;
    return type;
}

Record read_record(std::uint64_t offset, std::span<const std::byte> bytes, std::optional<Version> version,
    const Reading& reading) noexcept
{
    const std::optional<Version> own = own_version(bytes);
    return {offset, bytes, own ? own : version,
        version ? decode(bytes, *version, reading.leniency, reading.role)
                : decode(bytes, reading.leniency, reading.role)};
}

} // namespace inspect
