// What every packet's encode, decode and encoded_size do: set the walkers on the packet's description of itself.
//
// Those of the packets that take the version as an argument are templates of nothing, so that what a program does not
// use is not compiled.
#pragma once

#include "mqttwire/config.hpp"
#include "mqttwire/error.hpp"
#include "mqttwire/leniency.hpp"
#include "mqttwire/result.hpp"
#include "mqttwire/version.hpp"
#include "mqttwire/wire/encoder.hpp"
#include "mqttwire/wire/fixed_header.hpp"
#include "mqttwire/wire/reader.hpp"
#include "mqttwire/wire/small_functions.hpp"
#include "mqttwire/wire/varint.hpp"

#include <cstddef>
#include <cstdint>
#include <new>
#include <span>
#include <type_traits>

namespace mqttwire::inline MQTTWIRE_ABI::wire {

/// Calls f with the version as a compile-time constant, where that is worth the code.
template <class F>
MQTTWIRE_ALWAYS_INLINE constexpr auto with_version(Version version, F&& f)
{
    if constexpr (config::share_walks) {
        return f(AnyVersion{version});
    } else {
        switch (version) {
        case Version::v3_1: return f(FixedVersion<Version::v3_1>{});
        case Version::v3_1_1: return f(FixedVersion<Version::v3_1_1>{});
        case Version::v5: break;
        }
        return f(FixedVersion<Version::v5>{});
    }
}

template <class Packet, class V>
MQTTWIRE_ALWAYS_INLINE constexpr Result<Packet> decode_frame(
    std::span<const std::byte> packet, std::size_t header_bytes, V version, Leniency leniency, Role receiver) noexcept
{
    Result<Packet> result{detail::InPlace{}};
    Reader<V> reader(packet, header_bytes, Packet::type, version, leniency, receiver);
    if (!(Packet::fields(reader, *result) && reader.finish())) [[unlikely]]
        result.fail(reader.error());
    else result.note(reader.let_pass());
    return result;
}

/// decode_bytes for a small packet that is not of its usual size, out of the way of those that are.
template <class Packet, class V>
MQTTWIRE_NOINLINE constexpr Result<Packet> decode_unusual(
    std::span<const std::byte> bytes, V version, Leniency leniency, Role receiver) noexcept
{
    const std::uint8_t header_bytes = header_size(bytes);
    if (header_bytes == 0) return frame_error(bytes);
    return decode_frame<Packet>(bytes, header_bytes, version, leniency, receiver);
}

/// True if the compiler knows that nothing but the strict rules is asked for.
[[gnu::always_inline]] constexpr bool surely_strict(Leniency leniency, Role receiver) noexcept
{
#if defined(__GNUC__)
    return __builtin_constant_p(leniency) && leniency == Leniency::none && __builtin_constant_p(receiver)
        && receiver == Role::unknown;
#else
    return false;
#endif
}

/// Calls f with the strict terms: the version, unless it is known while compiling.
template <class V, class F>
[[gnu::always_inline]] constexpr auto with_strict_terms(V version, F&& f)
{
    if constexpr (std::is_empty_v<V>) return f();
    else return f(Strict<V>(version));
}

/// decode_bytes where code size counts.
template <class Packet, class V>
[[gnu::always_inline]] constexpr Result<Packet> decode_to_be_small(
    std::span<const std::byte> bytes, V version, Leniency leniency, Role receiver) noexcept
{
    if (std::is_constant_evaluated()) {
        const std::uint8_t header_bytes = header_size(bytes);
        if (header_bytes == 0) return frame_error(bytes);
        return decode_frame<Packet>(bytes, header_bytes, version, leniency, receiver);
    }
    if (surely_strict(leniency, receiver))
        return with_strict_terms(version, [&](auto... terms) {
            return decode_small<Result<Packet>>(bytes, small_form<Packet, Strict<V>>, terms...);
        });
    return decode_small<Result<Packet>>(bytes, small_form<Packet, V>, version, leniency, receiver);
}

/// Decodes exactly one packet, in a version that is known while compiling or in any.
template <class Packet, class V>
[[gnu::always_inline]] constexpr Result<Packet> decode_bytes(
    std::span<const std::byte> bytes, V version, Leniency leniency, Role receiver) noexcept
{
    if constexpr (config::small) return decode_to_be_small<Packet>(bytes, version, leniency, receiver);
    else if constexpr (requires { Packet::usual_body; }) {
        constexpr std::size_t usual_size = 2 + Packet::usual_body;
        if (bytes.size() == usual_size && load_byte(bytes.data() + 1) == Packet::usual_body) [[likely]]
            return decode_frame<Packet>({bytes.data(), usual_size}, 2, version, leniency, receiver);
        return decode_unusual<Packet>(bytes, version, leniency, receiver);
    } else {
        const std::uint8_t header_bytes = header_size(bytes);
        if (header_bytes == 0) [[unlikely]]
            return frame_error(bytes);
        return decode_frame<Packet>(bytes, header_bytes, version, leniency, receiver);
    }
}

/// The same for a version that is known at run time only.
template <class Packet>
constexpr Result<Packet> decode_bytes(
    std::span<const std::byte> bytes, Version version, Leniency leniency, Role receiver) noexcept
{
    return with_version(version, [&](auto v) { return decode_bytes<Packet>(bytes, v, leniency, receiver); });
}

/// Checks, then writes; with one encoder for both if it can change its phase.
template <class Packet, class V>
MQTTWIRE_ALWAYS_INLINE constexpr Result<std::span<std::byte>> check_and_write(
    const Packet& packet, std::span<std::byte> buffer, V version, Leniency leniency, Role receiver) noexcept
{
    const auto first = static_cast<std::byte>(first_byte(packet));
    Encoder<V, CheckPhase> checker(CheckPhase{}, Packet::type, version, leniency, receiver);
    if (!Packet::fields(checker, packet)) [[unlikely]]
        return checker.error();
    if (checker.size() > max_varint) [[unlikely]]
        return Error{.code = Errc::packet_too_large, .packet = Packet::type};
    const auto remaining_length = static_cast<std::uint32_t>(checker.size());
    const std::uint32_t size = 1 + varint_size(remaining_length) + remaining_length;
    if (buffer.size() < size) [[unlikely]]
        return Error{.code = Errc::buffer_too_small, .packet = Packet::type, .needed = size};
    std::byte* const to = buffer.data();
    *to = first;
    std::byte* const body = store_varint(to + 1, remaining_length);
    if constexpr (std::is_same_v<CheckPhase, AnyPhase>) {
        checker.start_writing(body);
        Packet::fields(checker, packet);
    } else {
        Encoder<V, Writing> writer(Writing{}, body, checker.findings(), Packet::type, version);
        Packet::fields(writer, packet);
    }
    return buffer.first(size);
}

/// encode_packet where code size counts.
template <class Packet, class V>
[[gnu::always_inline]] inline Result<std::span<std::byte>> encode_to_be_small(
    const Packet& packet, std::span<std::byte> buffer, V version, Leniency leniency, Role receiver) noexcept
{
    std::byte* const to = buffer.data();
    if (surely_strict(leniency, receiver))
        return with_strict_terms(version, [&](auto... terms) {
            constexpr SmallWalk<Strict<V>> walk = &write_small<Packet, Strict<V>>;
            return encode_small(to, buffer.size(), &packet, walk, terms...);
        });
    return encode_small(to, buffer.size(), &packet, &write_small<Packet, V>, version, leniency, receiver);
}

/// Encodes a packet, in a version that is known while compiling or in any.
template <class Packet, class V>
[[gnu::always_inline]] constexpr Result<std::span<std::byte>> encode_packet(
    const Packet& packet, std::span<std::byte> buffer, V version, Leniency leniency, Role receiver) noexcept
{
    if constexpr (config::small)
        if (!std::is_constant_evaluated()) return encode_to_be_small(packet, buffer, version, leniency, receiver);
    return check_and_write(packet, buffer, version, leniency, receiver);
}

/// The same for a version that is known at run time only.
template <class Packet>
constexpr Result<std::span<std::byte>> encode_packet(
    const Packet& packet, std::span<std::byte> buffer, Version version, Leniency leniency, Role receiver) noexcept
{
    return with_version(version, [&](auto v) { return encode_packet(packet, buffer, v, leniency, receiver); });
}

/// The bytes of a packet, in a version that is known while compiling or in any.
template <class Packet, class V>
MQTTWIRE_ALWAYS_INLINE constexpr Result<std::size_t> size_of(
    const Packet& packet, V version, Leniency leniency, Role receiver) noexcept
{
    if constexpr (config::small)
        if (!std::is_constant_evaluated())
            return measure_small(&packet, &write_small<Packet, V>, version, leniency, receiver);
    Encoder<V, CheckPhase> checker(CheckPhase{}, Packet::type, version, leniency, receiver);
    if (!Packet::fields(checker, packet)) return checker.error();
    if (checker.size() > max_varint) return Error{.code = Errc::packet_too_large, .packet = Packet::type};
    return 1 + varint_size(static_cast<std::uint32_t>(checker.size())) + checker.size();
}

/// The same for a version that is known at run time only.
template <class Packet>
constexpr Result<std::size_t> size_of(const Packet& packet, Version version, Leniency leniency, Role receiver) noexcept
{
    return with_version(version, [&](auto v) { return size_of(packet, v, leniency, receiver); });
}

} // namespace mqttwire::inline MQTTWIRE_ABI::wire
