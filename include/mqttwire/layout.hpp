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
#include "mqttwire/wire/protocol.hpp"
#include "mqttwire/wire/reader.hpp"

#include <cstddef>
#include <span>
#include <type_traits>
#include <variant>

namespace mqttwire::inline MQTTWIRE_ABI {

namespace wire {

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
constexpr Error layout_as(const Frame& frame, Version version, Leniency leniency, Role receiver, Trace trace)
{
    Alternative packet;
    const std::byte* const first = frame.bytes.data();
    Reader<QuickInput<AnyVersion, Trace>> reader(first, first + frame.header_size, first + frame.bytes.size(),
        Alternative::type, AnyVersion{version}, leniency, receiver, trace);
    return walk_all(reader, packet) ? Error{} : reader.error();
}

} // namespace wire

/// Calls `sink(Field, std::span<const std::byte>)` for each field in the order in which they stand, and gives the error
/// that decode gives, or one with the code `none`.
///
/// The fields follow one another without a gap, and after an error up to the first that cannot be read. Text and binary
/// data come with the length in front of them; of a property the identifier comes first, as Field::property_id, then
/// the value, which for a User Property is two texts. A CONNECT is read in the version that it tells itself.
template <class Sink>
constexpr Error layout(const Frame& frame, Version version, Sink&& sink, Leniency leniency = {}, Role receiver = {})
{
    sink(Field::fixed_header, frame.bytes.first(1));
    sink(Field::remaining_length, frame.bytes.subspan(1, frame.header_size - 1U));

    const bool connect = frame.type() == PacketType::connect;
    const wire::ProtocolHead head = connect ? wire::read_protocol_head(frame.body()) : wire::ProtocolHead{};
    if (connect) version = head.code == Errc::none ? head.version : Version::v5;

    bool told = false;
    const wire::LayoutTrace<std::remove_reference_t<Sink>> trace{&sink, &told};
    const std::size_t index = static_cast<std::size_t>(frame.type()) - 1;
    const Error error = wire::with_alternative(index, [&]<class Alternative>(std::type_identity<Alternative>) {
        return wire::layout_as<Alternative>(frame, version, leniency, receiver, trace);
    });
    // The reader refuses a protocol before it goes past it, although name and level can be read.
    if (connect && !told && head.code != Errc::field_past_end) {
        const std::size_t name_size = 2 + head.protocol.name.size();
        sink(Field::protocol_name, frame.body().first(name_size));
        sink(Field::protocol_version, frame.body().subspan(name_size, 1));
    }
    return error;
}

} // namespace mqttwire::inline MQTTWIRE_ABI
