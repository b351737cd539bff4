// layout: tells where each field of a packet stands, for programs that show packets byte by byte.
//
// It follows the same descriptions that decode follows, so the two cannot disagree on what a byte means.
#pragma once

#include "mqttwire/config.hpp"
#include "mqttwire/error.hpp"
#include "mqttwire/field.hpp"
#include "mqttwire/frame.hpp"
#include "mqttwire/leniency.hpp"
#include "mqttwire/packet.hpp"
#include "mqttwire/version.hpp"
#include "mqttwire/wire/bytes.hpp"
#include "mqttwire/wire/fixed_header.hpp"
#include "mqttwire/wire/protocol.hpp"
#include "mqttwire/wire/reader.hpp"
#include "mqttwire/wire/varint.hpp"

#include <cstddef>
#include <span>
#include <type_traits>
#include <variant>

namespace mqttwire::inline MQTTWIRE_ABI {

namespace wire::inline MQTTWIRE_CODE {

/// Passes on what a Reader tells, apart from the fixed header.
template <class Sink>
struct LayoutTrace {
    Sink* sink;
    bool* told; ///< set once a field was passed on

    constexpr void operator()(Field field, const std::byte* begin, const std::byte* end) const
    {
        if (field == Field::fixed_header || field == Field::remaining_length) return;
        *told = true;
        (*sink)(field, std::span<const std::byte>(begin, end));
    }
};

/// Not in line, because g++ warns of members that it believes to be uninitialised once it sees the whole packet.
template <class Walk, class Alternative>
MQTTWIRE_NOINLINE constexpr bool walk_all(Walk& walk, Alternative& packet)
{
    return Alternative::fields(walk, packet) && walk.finish();
}

template <class Alternative, class Trace>
constexpr Error layout_as(std::span<const std::byte> bytes, std::size_t header_size, Version version, Leniency leniency,
    Role receiver, Trace trace)
{
    Alternative packet;
    const std::byte* const first = bytes.data();
    Reader<QuickInput<AnyVersion, Trace>> reader(first, first + header_size, first + bytes.size(), Alternative::type,
        AnyVersion{version}, leniency, receiver, trace);
    return walk_all(reader, packet) ? Error{} : reader.error();
}

template <class Sink>
constexpr Error layout_packet(std::span<const std::byte> packet, std::size_t header_size, Version version, Sink& sink,
    Leniency leniency, Role receiver)
{
    sink(Field::fixed_header, packet.first(1));
    sink(Field::remaining_length, packet.subspan(1, header_size - 1));

    const std::span<const std::byte> body = packet.subspan(header_size);
    const bool connect = static_cast<PacketType>(load_byte(packet.data()) >> 4U) == PacketType::connect;
    const ProtocolHead head = connect ? read_protocol_head(body) : ProtocolHead{};
    if (connect) version = head.code == Errc::none ? head.version : Version::v5;
    if (!is_version(version)) return no_version(static_cast<PacketType>(load_byte(packet.data()) >> 4U));

    bool told = false;
    const LayoutTrace<Sink> trace{&sink, &told};
    const std::size_t index = (load_byte(packet.data()) >> 4U) - std::size_t{1};
    const Error error = with_alternative(index, [&]<class Alternative>(std::type_identity<Alternative>) {
        return layout_as<Alternative>(packet, header_size, version, leniency, receiver, trace);
    });
    // The reader refuses a protocol before it goes past it, although name and level can be read.
    if (connect && !told && head.code != Errc::field_past_end) {
        const std::size_t name_size = 2 + head.protocol.name.size();
        sink(Field::protocol_name, body.first(name_size));
        sink(Field::protocol_version, body.subspan(name_size, 1));
    }
    return error;
}

} // namespace wire::inline MQTTWIRE_CODE

/// Calls `sink(Field, std::span<const std::byte>)` for each field in the order in which they stand, and gives the error
/// that decode gives, or one with the code `none`.
///
/// The fields follow one another without a gap, and after an error up to the first that cannot be read. Text and binary
/// data come with the length in front of them; of a property the identifier comes first, as Field::property_id, then
/// the value, which for a User Property is two texts. A CONNECT is read in the version that it tells itself.
template <class Sink>
constexpr Error layout(const Frame& frame, Version version, Sink&& sink, Leniency leniency = {}, Role receiver = {})
{
    return wire::layout_packet(frame.bytes(), frame.header_size(), version, sink, leniency, receiver);
}

/// The same for bytes that ought to be one packet. Of one that is cut off, behind a fixed header that is whole, the
/// fields that are there are told; of other bytes that are not exactly one packet, none. The error is decode's.
template <class Sink>
constexpr Error layout(
    std::span<const std::byte> bytes, Version version, Sink&& sink, Leniency leniency = {}, Role receiver = {})
{
    if (const Result<Frame> frame = read_frame(bytes)) return layout(*frame, version, sink, leniency, receiver);
    const Error error = wire::frame_error(bytes);
    if (error.code == Errc::incomplete && error.field == Field::packet && bytes.size() >= 2) {
        const wire::Varint length = wire::load_varint(bytes.data() + 1, bytes.data() + bytes.size());
        static_cast<void>(wire::layout_packet(bytes, 1 + length.size, version, sink, leniency, receiver));
    }
    return error;
}

} // namespace mqttwire::inline MQTTWIRE_ABI
