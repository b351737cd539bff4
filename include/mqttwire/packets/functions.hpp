// What every packet's encode, decode and encoded_size do: set the walkers on the packet's description of itself.
//
// Those of the packets that take the version as an argument are templates of nothing, so that what a program does not
// use is not compiled.
#pragma once

#include "mqttwire/config.hpp"
#include "mqttwire/error.hpp"
#include "mqttwire/frame.hpp"
#include "mqttwire/leniency.hpp"
#include "mqttwire/result.hpp"
#include "mqttwire/version.hpp"
#include "mqttwire/wire/encoder.hpp"
#include "mqttwire/wire/reader.hpp"
#include "mqttwire/wire/varint.hpp"

#include <cstddef>
#include <cstdint>
#include <new>
#include <span>
#include <type_traits>

namespace mqttwire::wire {

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
    const Frame& frame, V version, Leniency leniency, Role receiver) noexcept
{
    Result<Packet> result{detail::InPlace{}};
    Reader<V> reader(frame, Packet::type, version, leniency, receiver);
    if (!(Packet::fields(reader, *result) && reader.finish())) [[unlikely]]
        result.fail(reader.error());
    else result.note(reader.let_pass());
    return result;
}

/// decode_bytes for a small packet that is not of its usual size, out of the way of those that are.
template <class Packet, class V>
[[gnu::noinline]] constexpr Result<Packet> decode_unusual(
    std::span<const std::byte> bytes, V version, Leniency leniency, Role receiver) noexcept
{
    const std::uint8_t header_bytes = header_size(bytes);
    if (header_bytes == 0) return frame_error(bytes);
    return decode_frame<Packet>(Frame{bytes, header_bytes}, version, leniency, receiver);
}

/// Reads a packet whose type only the function knows.
template <class V>
using ReadFunction = bool (*)(Reader<V>&, void*);

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

/// What a decode needs besides the packet itself.
struct DecodeRequest {
    std::span<const std::byte> bytes;
    PacketType type;
    Leniency leniency;
    Role receiver;
};

template <class Packet, class V>
bool read_erased(Reader<V>& reader, void* packet) noexcept
{
    return Packet::fields(reader, *static_cast<Packet*>(packet));
}

/// decode_bytes for a packet of any type, in one place where code size counts. Where it fails, `error` is filled in; it
/// may share the packet's memory.
template <class V>
[[gnu::noinline]] inline bool decode_erased(const DecodeRequest& request, void* packet, ReadFunction<V> function,
    Error* error, Leniency& let_pass, V version) noexcept
{
    const std::uint8_t header_bytes = header_size(request.bytes);
    if (header_bytes == 0) {
        ::new (static_cast<void*>(error)) Error(frame_error(request.bytes));
        return false;
    }
    Reader<V> reader(Frame{request.bytes, header_bytes}, request.type, version, request.leniency, request.receiver);
    const bool good = function(reader, packet) && reader.finish();
    if (!good) ::new (static_cast<void*>(error)) Error(reader.error());
    let_pass = reader.let_pass();
    return good;
}

/// decode_bytes where code size counts.
template <class Packet, class V>
[[gnu::always_inline]] constexpr Result<Packet> decode_small(
    std::span<const std::byte> bytes, V version, Leniency leniency, Role receiver) noexcept
{
    Result<Packet> result{detail::InPlace{}};
    if (std::is_constant_evaluated()) {
        const std::uint8_t header_bytes = header_size(bytes);
        if (header_bytes == 0) result.fail(frame_error(bytes));
        else result = decode_frame<Packet>(Frame{bytes, header_bytes}, version, leniency, receiver);
    } else {
        const DecodeRequest request{bytes, Packet::type, leniency, receiver};
        result.settle([&](Packet* packet, Error* error, Leniency& let_pass) {
            if (surely_strict(leniency, receiver))
                return decode_erased(
                    request, packet, &read_erased<Packet, Strict<V>>, error, let_pass, Strict<V>(version));
            return decode_erased(request, packet, &read_erased<Packet, V>, error, let_pass, version);
        });
    }
    return result;
}

/// Decodes exactly one packet, in a version that is known while compiling or in any.
template <class Packet, class V>
[[gnu::always_inline]] constexpr Result<Packet> decode_bytes(
    std::span<const std::byte> bytes, V version, Leniency leniency, Role receiver) noexcept
{
    if constexpr (config::optimise_for_size) return decode_small<Packet>(bytes, version, leniency, receiver);
    else if constexpr (requires { Packet::usual_body; }) {
        constexpr std::size_t usual_size = 2 + Packet::usual_body;
        if (bytes.size() == usual_size && load_byte(bytes.data() + 1) == Packet::usual_body) [[likely]]
            return decode_frame<Packet>(Frame{{bytes.data(), usual_size}, 2}, version, leniency, receiver);
        return decode_unusual<Packet>(bytes, version, leniency, receiver);
    } else {
        const std::uint8_t header_bytes = header_size(bytes);
        if (header_bytes == 0) [[unlikely]]
            return frame_error(bytes);
        return decode_frame<Packet>(Frame{bytes, header_bytes}, version, leniency, receiver);
    }
}

/// The same for a version that is known at run time only.
template <class Packet>
constexpr Result<Packet> decode_bytes(
    std::span<const std::byte> bytes, Version version, Leniency leniency, Role receiver) noexcept
{
    return with_version(version, [&](auto v) { return decode_bytes<Packet>(bytes, v, leniency, receiver); });
}

/// Walks a packet whose type only the function knows.
template <class V>
using WalkFunction = bool (*)(Encoder<V, AnyPhase>&, const void*);

/// Where a packet is written to, and what is needed besides the packet itself.
struct EncodeRequest {
    std::span<std::byte> buffer;
    PacketType type;
    std::uint8_t first_byte;
    Leniency leniency;
    Role receiver;
};

/// Takes an encoder through one packet.
template <class Packet>
struct WalkOver {
    const Packet& packet;
    template <class Walk>
    MQTTWIRE_ALWAYS_INLINE constexpr bool operator()(Walk& walk) const noexcept
    {
        return Packet::fields(walk, packet);
    }
};

/// The same for a packet whose type is forgotten.
template <class V>
struct ErasedWalk {
    WalkFunction<V> function;
    const void* packet;
    bool operator()(Encoder<V, AnyPhase>& encoder) const noexcept { return function(encoder, packet); }
};

/// Checks, then writes; with one encoder for both if it can change its phase.
template <class V, class Phase>
MQTTWIRE_ALWAYS_INLINE constexpr Result<std::span<std::byte>> encode_with(
    const EncodeRequest& request, V version, Phase phase, const auto& walk) noexcept
{
    Encoder<V, Phase> checker(phase, request.type, version, request.leniency, request.receiver);
    if (!walk(checker)) [[unlikely]]
        return checker.error();
    if (checker.size() > max_varint) [[unlikely]]
        return Error{.code = Errc::packet_too_large, .packet = request.type};
    const auto remaining_length = static_cast<std::uint32_t>(checker.size());
    const std::uint32_t size = 1 + varint_size(remaining_length) + remaining_length;
    if (request.buffer.size() < size) [[unlikely]]
        return Error{.code = Errc::buffer_too_small, .packet = request.type, .needed = size};
    std::byte* const to = request.buffer.data();
    *to = static_cast<std::byte>(request.first_byte);
    std::byte* const body = store_varint(to + 1, remaining_length);
    if constexpr (std::is_same_v<Phase, AnyPhase>) {
        checker.start_writing(body);
        walk(checker);
    } else {
        Encoder<V, Writing> writer(Writing{}, body, checker.findings(), request.type, version);
        walk(writer);
    }
    return request.buffer.first(size);
}

template <class Packet, class V>
bool walk_erased(Encoder<V, AnyPhase>& encoder, const void* packet) noexcept
{
    return Packet::fields(encoder, *static_cast<const Packet*>(packet));
}

/// The same for a packet of any type, in one place where code size counts.
template <class V>
[[gnu::noinline]] inline Result<std::span<std::byte>> encode_erased(
    const EncodeRequest& request, const void* packet, WalkFunction<V> function, V version) noexcept
{
    return encode_with(request, version, AnyPhase{false}, ErasedWalk<V>{function, packet});
}

/// Packet type and flags, which all packets of a type share unless the packet says otherwise.
template <class Packet>
MQTTWIRE_ALWAYS_INLINE constexpr std::uint8_t first_byte(const Packet& packet) noexcept
{
    if constexpr (requires { packet.first_byte(); }) return packet.first_byte();
    else return static_cast<std::uint8_t>((static_cast<unsigned>(Packet::type) << 4U) | fixed_flags(Packet::type));
}

/// Encodes a packet, in a version that is known while compiling or in any.
template <class Packet, class V>
[[gnu::always_inline]] constexpr Result<std::span<std::byte>> encode_packet(
    const Packet& packet, std::span<std::byte> buffer, V version, Leniency leniency, Role receiver) noexcept
{
    const EncodeRequest request{buffer, Packet::type, first_byte(packet), leniency, receiver};
    if constexpr (config::optimise_for_size) {
        if (!std::is_constant_evaluated()) {
            if (surely_strict(leniency, receiver))
                return encode_erased(request, &packet, &walk_erased<Packet, Strict<V>>, Strict<V>(version));
            return encode_erased(request, &packet, &walk_erased<Packet, V>, version);
        }
    }
    return encode_with(request, version, CheckPhase{}, WalkOver<Packet>{packet});
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

} // namespace mqttwire::wire
