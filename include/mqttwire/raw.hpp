// raw: where the parts of a packet stand in its bytes, for proxies that forward as it came what they only looked at.
//
//   first byte, Remaining Length | variable header: ..., Property Length, properties | payload
//
// It follows the same descriptions that decode follows (see layout.hpp), and costs about as much.
#pragma once

#include "mqttwire/config.hpp"
#include "mqttwire/error.hpp"
#include "mqttwire/field.hpp"
#include "mqttwire/frame.hpp"
#include "mqttwire/layout.hpp"
#include "mqttwire/leniency.hpp"
#include "mqttwire/packet_type.hpp"
#include "mqttwire/result.hpp"
#include "mqttwire/version.hpp"
#include "mqttwire/wire/varint.hpp"

#include <cstddef>
#include <cstdint>
#include <span>

namespace mqttwire::inline MQTTWIRE_ABI {

/// The parts of a packet, byte for byte; they lie in the frame. A part that the packet does not have is empty.
struct Raw {
    std::span<const std::byte> bytes{}; ///< the whole packet
    std::span<const std::byte> variable_header{}; ///< what stands between the fixed header and the payload
    std::span<const std::byte> payload{}; ///< of CONNECT, PUBLISH, SUBSCRIBE, SUBACK, UNSUBSCRIBE and (5.0) UNSUBACK
    std::span<const std::byte> property_length{}; ///< as it was written; empty in short forms and before 5.0
    std::span<const std::byte> properties{}; ///< as many bytes as it says
    std::span<const std::byte> will_property_length{}; ///< the same of the will in a CONNECT
    std::span<const std::byte> will_properties{};
    std::uint32_t packet_id_at = 0; ///< where in `bytes` the packet identifier stands; 0: there is none
    std::uint8_t flags = 0; ///< the lower four bits of the first byte

    /// Variable header and payload: all that the Remaining Length counts.
    constexpr std::span<const std::byte> body() const noexcept
    {
        return bytes.last(variable_header.size() + payload.size());
    }
};

namespace wire {

/// Takes the fields that layout tells and notes the parts that they belong to.
struct RawSink {
    Raw& raw;
    PacketType type;
    bool in_payload = false;

    constexpr void operator()(Field field, std::span<const std::byte> bytes) noexcept
    {
        if (!in_payload && begins_payload(field)) {
            in_payload = true;
            raw.payload = raw.bytes.subspan(offset_of(bytes));
        }
        if (field == Field::packet_id) raw.packet_id_at = static_cast<std::uint32_t>(offset_of(bytes));
        if (field != Field::property_length) return;
        const std::size_t size = load_valid_varint(bytes.data()).value;
        const std::span<const std::byte> rest = raw.bytes.subspan(offset_of(bytes) + bytes.size());
        const std::span<const std::byte> block = rest.first(size < rest.size() ? size : rest.size());
        (in_payload ? raw.will_property_length : raw.property_length) = bytes;
        (in_payload ? raw.will_properties : raw.properties) = block;
    }

private:
    constexpr std::size_t offset_of(std::span<const std::byte> bytes) const noexcept
    {
        return static_cast<std::size_t>(bytes.data() - raw.bytes.data());
    }

    constexpr bool begins_payload(Field field) const noexcept
    {
        const bool codes = type == PacketType::suback || type == PacketType::unsuback;
        return field == Field::client_id || field == Field::payload || field == Field::filter
            || (codes && field == Field::reason_code);
    }
};

} // namespace wire

/// The parts of a packet; the errors are those of decode. A CONNECT is read in the version that it tells itself.
template <class = config::Code>
constexpr Result<Raw> raw(const Frame& frame, Version version, Leniency leniency = {}, Role receiver = {}) noexcept
{
    Raw raw{.bytes = frame.bytes(), .flags = frame.flags()};
    raw.payload = frame.bytes().last(0);
    wire::RawSink sink{raw, frame.type()};
    const Error error = layout(frame, version, sink, leniency, receiver);
    if (error.code != Errc::none) return error;
    raw.variable_header = frame.body().first(frame.body().size() - raw.payload.size());
    return raw;
}
template <class = config::Code>
constexpr Result<Raw> raw(
    ConstBuffer bytes MQTTWIRE_LIFETIMEBOUND, Version version, Leniency leniency = {}, Role receiver = {}) noexcept
{
    const Result<Frame> frame = read_frame(bytes);
    return frame ? raw(*frame, version, leniency, receiver) : frame.error();
}

} // namespace mqttwire::inline MQTTWIRE_ABI
