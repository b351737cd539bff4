// The head of a PUBLISH, read without the payload behind it.
//
//   fixed header | topic name | packet id | 5.0: properties | payload
//   `------------------- the head ---------------------'
#pragma once

#include "mqttwire/config.hpp"
#include "mqttwire/error.hpp"
#include "mqttwire/leniency.hpp"
#include "mqttwire/packet_type.hpp"
#include "mqttwire/packets/functions.hpp"
#include "mqttwire/packets/publish.hpp"
#include "mqttwire/result.hpp"
#include "mqttwire/version.hpp"
#include "mqttwire/wire/bytes.hpp"
#include "mqttwire/wire/quick_input.hpp"
#include "mqttwire/wire/reader.hpp"
#include "mqttwire/wire/trace.hpp"
#include "mqttwire/wire/varint.hpp"

#include <cstddef>
#include <cstdint>
#include <new>
#include <span>
#include <type_traits>

namespace mqttwire::inline MQTTWIRE_ABI::wire {

inline namespace MQTTWIRE_CODE {

/// The bytes of the head of a PUBLISH as far as they can be told from its first `known` bytes, or from the fixed header
/// if that is more: if they are not more than `known`, then it is the head. Behind the packet may be others. Where a
/// field runs past the end of the packet, the head ends before that, for decode looks no further either.
MQTTWIRE_APART constexpr std::uint32_t head_size(const std::byte* packet, std::size_t known, std::uint32_t header_size,
    std::uint32_t packet_size, bool has_properties) noexcept
{
    std::uint32_t at = header_size;
    if (packet_size - at < 2) return at;
    at += 2;
    if (known < at) return at;
    const std::uint32_t topic = load_two(packet + header_size);
    if (topic > packet_size - at) return at;
    at += topic;
    const bool has_id = (load_byte(packet) & 6U) != 0;
    if (has_id) {
        if (packet_size - at < 2) return at;
        at += 2;
    }
    if (!has_properties || at == packet_size) return at;
    if (known <= at) return at + 1;
    const std::uint32_t end = known < packet_size ? static_cast<std::uint32_t>(known) : packet_size;
    const Varint length = load_varint(packet + at, packet + end);
    if (length.size == 0) return end < packet_size ? end + 1 : end;
    if (length.size == Varint::too_long) return at + 4;
    at += length.size;
    return length.value > packet_size - at ? at : at + length.value;
}

/// The payload is looked at piece by piece, and not with the head.
constexpr Leniency without_payload(Leniency leniency) noexcept
{
    return static_cast<Leniency>(
        static_cast<unsigned>(leniency) & ~static_cast<unsigned>(Leniency::check_payload_format));
}

/// Decodes the head of a PUBLISH, or puts what is wrong with it in the place of the Publish and says where that is.
template <class V>
MQTTWIRE_THIN inline const Error* read_head_small(Publish& publish, std::span<const std::byte> bytes,
    std::size_t header_size, V version, Leniency leniency, Role receiver) noexcept
{
    static_assert(sizeof(Error) <= sizeof(Publish) && alignof(Error) <= alignof(Publish));
    const auto read = [&](auto... terms) {
        return read_erased(&publish, bytes.data(), header_size, bytes.size(), small_form<Publish, V>, terms...);
    };
    detail::Outcome outcome{};
    if constexpr (V::strict && std::is_empty_v<V>) outcome = read();
    else outcome = read(version, leniency, receiver);
    return outcome.has_value ? nullptr : std::launder(reinterpret_cast<const Error*>(&publish));
}

/// Decodes a PUBLISH, or the head of one, which is told from a packet without a payload by nothing but its Remaining
/// Length. `publish` has the values that it has by default.
template <class V, class Trace = NoTrace>
MQTTWIRE_ALWAYS_INLINE constexpr Error read_head(Publish& publish, std::span<const std::byte> bytes,
    std::size_t header_size, V version, Leniency leniency, Role receiver, Trace trace = {}) noexcept
{
    if constexpr (config::small) {
        if (!std::is_constant_evaluated()) {
            const Error* const error = read_head_small(publish, bytes, header_size, version, leniency, receiver);
            return error == nullptr ? Error{} : *error;
        }
    }
    const std::byte* const packet = bytes.data();
    Reader<QuickInput<V, Trace>> reader(
        packet, packet + header_size, packet + bytes.size(), PacketType::publish, version, leniency, receiver, trace);
    if (Publish::fields(reader, publish) && reader.finish()) [[likely]]
        return {};
    return reader.error();
}

} // namespace MQTTWIRE_CODE

} // namespace mqttwire::inline MQTTWIRE_ABI::wire
