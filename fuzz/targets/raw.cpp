// Are the parts of a packet where they are said to be, so that what they are put together to is the same packet?
//
// Input: see support/reading.hpp.
#include "support/bytes.hpp"
#include "support/input.hpp"
#include "support/packet_check.hpp"
#include "support/reading.hpp"
#include "support/require.hpp"
#include "support/target.hpp"

#include <mqttwire/mqttwire.hpp>
#include <mqttwire/raw.hpp>

#include <cstddef>
#include <functional>
#include <span>
#include <variant>

namespace mqttwire::fuzz::raw_target {

namespace {

void check_inside(std::span<const std::byte> part, std::span<const std::byte> whole)
{
    require(part.empty()
            || (std::greater_equal<>{}(part.data(), whole.data())
                && std::less_equal<>{}(part.data() + part.size(), whole.data() + whole.size())),
        "a part lies inside its whole");
}

/// A Property Length says how long the block is that stands behind it.
void check_block(std::span<const std::byte> length, std::span<const std::byte> block, std::span<const std::byte> whole)
{
    check_inside(length, whole);
    check_inside(block, whole);
    if (length.empty()) {
        require(block.empty(), "there are no properties without a length");
        return;
    }
    const wire::Varint value = wire::load_varint(length.data(), length.data() + length.size());
    require(value.valid() && value.size == length.size() && value.value == block.size(),
        "the Property Length is that of the block");
    require(block.empty() || length.data() + length.size() == block.data(), "the block stands behind its length");
}

/// The identifier that a packet has; 0 if there is none.
std::uint16_t packet_id_of(const Packet& packet)
{
    return std::visit(
        [](const auto& held) -> std::uint16_t {
            if constexpr (requires { held.packet_id; }) return held.packet_id;
            else return 0;
        },
        packet);
}

void check(Input input)
{
    const Reading reading = take_reading(input);
    const Version version = reading.version.value_or(Version::v5);
    const Bytes bytes = take_packet(reading, input);
    const Result<Frame> frame = read_frame(bytes);
    if (!frame) return;
    const auto found = raw(*frame, version, reading.leniency, reading.role);
    const auto packet = decode(*frame, version, reading.leniency, reading.role);
    require(found.has_value() == packet.has_value(), "what decodes has parts");
    if (!found) {
        require(found.error() == packet.error(), "the error is that of decode");
        return;
    }

    require(
        found->bytes.data() == bytes.span().data() && found->bytes.size() == bytes.size(), "the whole is the frame");
    require(same_bytes(found->body(), frame->body()), "header and payload are what the Remaining Length counts");
    require(found->flags == frame->flags(), "the flags are those of the first byte");
    require(found->variable_header.empty() || found->payload.empty()
            || found->variable_header.data() + found->variable_header.size() == found->payload.data(),
        "the payload stands behind the variable header");
    check_block(found->property_length, found->properties, found->variable_header);
    check_block(found->will_property_length, found->will_properties, found->payload);
    const std::uint16_t id = packet_id_of(*packet);
    require((id != 0) == (found->packet_id_at != 0), "the packet identifier is found");
    require(id == 0 || wire::load_two(bytes.span().data() + found->packet_id_at) == id, "and it is the right one");
    if (const auto* const publish = std::get_if<Publish>(&*packet))
        require(same_bytes(found->payload, publish->payload), "the payload of PUBLISH is its payload");
}

} // namespace

} // namespace mqttwire::fuzz::raw_target

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    mqttwire::fuzz::raw_target::check({data, size});
    return 0;
}
