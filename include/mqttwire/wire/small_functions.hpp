// What decode, encode and encoded_size do where code size counts: one function for all packets each, to which a pointer
// tells how the fields of one packet are walked.
//
// Their `terms` are those of the walkers: version, leniency and receiver, as far as they are not known while compiling.
#pragma once

#include "mqttwire/error.hpp"
#include "mqttwire/frame.hpp"
#include "mqttwire/leniency.hpp"
#include "mqttwire/packet_type.hpp"
#include "mqttwire/result.hpp"
#include "mqttwire/version.hpp"
#include "mqttwire/wire/small_encoder.hpp"
#include "mqttwire/wire/small_reader.hpp"
#include "mqttwire/wire/varint.hpp"

#include <cstddef>
#include <cstdint>
#include <new>
#include <span>

namespace mqttwire::wire {

/// Packet type and flags, which all packets of a type share unless the packet says otherwise.
template <class Packet>
MQTTWIRE_ALWAYS_INLINE constexpr std::uint8_t first_byte(const Packet& packet) noexcept
{
    if constexpr (requires { packet.first_byte(); }) return packet.first_byte();
    else return static_cast<std::uint8_t>((static_cast<unsigned>(Packet::type) << 4U) | fixed_flags(Packet::type));
}

/// How a packet is read into a Result whose type is forgotten.
template <class V>
struct SmallForm {
    void (*read)(SmallReader<V>& reader, void* packet);
    std::uint16_t outcome_at; ///< see Result
    std::uint8_t first_byte; ///< with which the packet begins, the flags of PUBLISH apart
};

template <class Packet, class V>
void read_small(SmallReader<V>& reader, void* packet) noexcept
{
    Packet::fields(reader, *static_cast<Packet*>(packet));
}

template <class Packet, class V>
inline constexpr SmallForm<V> small_form{&read_small<Packet, V>,
    static_cast<std::uint16_t>(Result<Packet>::outcome_at),
    static_cast<std::uint8_t>((static_cast<unsigned>(Packet::type) << 4U) | fixed_flags(Packet::type))};

/// Bytes of the fixed header if the buffer is exactly one packet; else 0, and the error says why not (see frame_error).
inline std::size_t open_packet(const std::byte* bytes, std::size_t size, void* error_memory) noexcept
{
    Error& error = *::new (error_memory) Error{.code = Errc::incomplete, .needed = 2};
    if (size == 0) return 0;
    const Varint length = load_varint(bytes + 1, bytes + size);
    const std::uint32_t whole = 1 + length.size + length.value;
    if (length.valid() && size == whole) return 1 + length.size;
    error.packet = static_cast<PacketType>(load_byte(bytes) >> 4U);
    error.offset = static_cast<std::uint32_t>(size);
    error.needed = whole;
    if (error.packet == PacketType{}) {
        error.code = Errc::reserved_packet_type;
        error.field = Field::fixed_header;
        error.offset = 0;
    } else if (length.valid()) {
        if (size < whole) return 0;
        error.code = Errc::bytes_after_packet;
        error.offset = whole;
    } else {
        error.field = Field::remaining_length;
        error.needed = error.offset + 1;
        if (length.size == 0) return 0;
        error.code = Errc::remaining_length_too_long;
        error.offset = 1;
    }
    error.needed = 0;
    return 0;
}

/// Decodes into the memory of a Result. A packet all of whose bytes are zero has the defaults of its members: no packet
/// has other defaults, so one loop sets those of all.
template <class V, class... Terms>
[[gnu::noinline]] inline void decode_erased(void* result, const std::byte* bytes, std::size_t size,
    const SmallForm<V>& form, Terms... terms) noexcept
{
    auto* const memory = static_cast<std::byte*>(result);
    std::byte* const outcome = memory + form.outcome_at;
    // Volatile, or else compilers call memset, which alone may be larger than this function.
    for (volatile std::byte* at = memory; at != outcome + 2; ++at) *at = std::byte{};
    const std::size_t header_bytes = open_packet(bytes, size, result);
    if (header_bytes == 0) return;
    SmallReader<V> reader(bytes, size, header_bytes, form.first_byte, terms...);
    form.read(reader, result);
    reader.finish();
    if (!reader.good()) return reader.error_to(result);
    ::new (static_cast<void*>(outcome)) bool(true);
    ::new (static_cast<void*>(outcome + 1)) Leniency(reader.let_pass());
}

template <class R, class V, class... Terms>
[[gnu::always_inline]] inline R decode_small(
    std::span<const std::byte> bytes, const SmallForm<V>& form, Terms... terms) noexcept
{
    R result{detail::Unset{}};
    decode_erased(&result, bytes.data(), bytes.size(), form, terms...);
    return result;
}

/// Walks a packet whose type only the function knows.
template <class V>
using SmallWalk = void (*)(SmallEncoder<V>&, const void*);

template <class Packet, class V>
void write_small(SmallEncoder<V>& encoder, const void* packet) noexcept
{
    const Packet& self = *static_cast<const Packet*>(packet);
    encoder.begin(first_byte(self));
    Packet::fields(encoder, self);
}

/// Checks, then writes.
template <class V, class... Terms>
[[gnu::noinline]] inline Result<std::span<std::byte>> encode_small(
    std::byte* buffer, std::size_t capacity, const void* packet, SmallWalk<V> walk, Terms... terms) noexcept
{
    SmallEncoder<V> encoder(terms...);
    walk(encoder, packet);
    encoder.finish_checking();
    const std::size_t size = encoder.size();
    if (!encoder.good()) return encoder.error();
    if (size > capacity)
        return Error{
            .code = Errc::buffer_too_small, .packet = encoder.type(), .needed = static_cast<std::uint32_t>(size)};
    encoder.start_writing(buffer);
    walk(encoder, packet);
    return std::span(buffer, size);
}

/// Checks only.
template <class V, class... Terms>
[[gnu::noinline]] inline Result<std::size_t> measure_small(
    const void* packet, SmallWalk<V> walk, Terms... terms) noexcept
{
    SmallEncoder<V> encoder(terms...);
    walk(encoder, packet);
    encoder.finish_checking();
    if (!encoder.good()) return encoder.error();
    return encoder.size();
}

} // namespace mqttwire::wire
