// decode, encode and encoded_size for packets whose type is known at run time only, where code size counts: tables of
// functions by packet type.
#pragma once

#include "mqttwire/config.hpp"
#include "mqttwire/error.hpp"
#include "mqttwire/field.hpp"
#include "mqttwire/leniency.hpp"
#include "mqttwire/packet.hpp"
#include "mqttwire/packet_type.hpp"
#include "mqttwire/result.hpp"
#include "mqttwire/version.hpp"
#include "mqttwire/wire/bytes.hpp"
#include "mqttwire/wire/small_functions.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <new>
#include <span>
#include <utility>
#include <variant>

namespace mqttwire::inline MQTTWIRE_ABI::wire {

/// Reads one alternative into the storage of a Result<Packet>.
template <class Alternative, class V>
void read_alternative(SmallReader<V>& reader, void* storage) noexcept
{
    Packet& packet = Result<Packet>::construct_value(storage, std::in_place_type<Alternative>);
    Alternative::fields(reader, *std::get_if<Alternative>(&packet));
}

/// In place of an alternative of type 0.
template <class V>
void refuse_reserved(SmallReader<V>& reader, void*) noexcept
{
    reader.rule(false, Errc::reserved_packet_type, Field::fixed_header, reader.first());
}

template <class Alternative, class V>
void write_alternative(SmallEncoder<V>& encoder, const void* packet) noexcept
{
    write_small<Alternative>(encoder, std::get_if<Alternative>(static_cast<const Packet*>(packet)));
}

template <class Alternative, class V>
inline constexpr SmallForm<V> alternative_form{
    &read_alternative<Alternative, V>, small_form<Alternative, V>.first_byte};

/// The entries of the tables stand in the order of the alternatives.
template <class V, class = std::make_index_sequence<std::variant_size_v<Packet>>>
struct Alternatives;
template <class V, std::size_t... Indices>
struct Alternatives<V, std::index_sequence<Indices...>> {
    static constexpr std::array<SmallForm<V>, sizeof...(Indices)> forms{
        alternative_form<std::variant_alternative_t<Indices, Packet>, V>...};
    static constexpr std::array<SmallWalk<V>, sizeof...(Indices)> walks{
        &write_alternative<std::variant_alternative_t<Indices, Packet>, V>...};
};

/// Decodes a buffer that holds exactly one packet.
template <class V>
MQTTWIRE_NOINLINE inline Result<Packet> decode_any_small(
    std::span<const std::byte> bytes, V version, Leniency leniency, Role receiver) noexcept
{
    const unsigned type = bytes.empty() ? 0U : load_byte(bytes.data()) >> 4U;
    static constexpr SmallForm<V> reserved{&refuse_reserved<V>, 0};
    const SmallForm<V>& form = type == 0 ? reserved : Alternatives<V>::forms[type - 1];
    return decode_small<Result<Packet>>(bytes, form, version, leniency, receiver);
}

template <class V>
SmallWalk<V> walk_of(const Packet& packet) noexcept
{
    return Alternatives<V>::walks[packet.index()];
}

} // namespace mqttwire::inline MQTTWIRE_ABI::wire
