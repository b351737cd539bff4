// What decode, encode and encoded_size do where code size counts: one function for all packets each, to which a pointer
// tells how the fields of one packet are walked.
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

/// Bytes of the fixed header if the buffer is exactly one packet; else 0, and the error says why not.
inline std::size_t open_packet(const std::byte* bytes, std::size_t size, void* error_memory) noexcept
{
    Error error{.code = Errc::incomplete, .needed = 2};
    if (size != 0) {
        const Varint length = load_varint(bytes + 1, bytes + size);
        const std::uint32_t whole = 1 + length.size + length.value;
        if (length.valid() && size == whole) return 1 + length.size;
        error.packet = static_cast<PacketType>(load_byte(bytes) >> 4U);
        error.offset = static_cast<std::uint32_t>(size);
        error.needed = whole;
        if (error.packet == PacketType{}) {
            error = {.code = Errc::reserved_packet_type, .field = Field::fixed_header, .packet = PacketType{}};
        } else if (!length.valid()) {
            error.field = Field::remaining_length;
            error.needed = error.offset + 1;
            if (length.size != 0) {
                error.code = Errc::remaining_length_too_long;
                error.offset = 1;
                error.needed = 0;
            }
        } else if (size > whole) {
            error.code = Errc::bytes_after_packet;
            error.offset = whole;
            error.needed = 0;
        }
    }
    ::new (error_memory) Error(error);
    return 0;
}

/// Decodes into the memory of a Result. A packet all of whose bytes are zero has the defaults of its members: no packet
/// has other defaults, so one loop sets those of all.
template <class V>
[[gnu::noinline]] inline void decode_erased(void* result, const std::byte* bytes, std::size_t size,
    const SmallForm<V>& form, V version, Leniency leniency, Role receiver) noexcept
{
    auto* const memory = static_cast<std::byte*>(result);
    std::byte* const outcome = memory + form.outcome_at;
    for (std::byte* at = memory; at != outcome + 2; ++at) *at = std::byte{};
    const std::size_t header_bytes = open_packet(bytes, size, result);
    if (header_bytes == 0) return;
    SmallReader<V> reader(bytes, size, header_bytes, form.first_byte, version, leniency, receiver);
    form.read(reader, result);
    reader.finish();
    if (!reader.good()) return reader.error_to(result);
    ::new (static_cast<void*>(outcome)) bool(true);
    ::new (static_cast<void*>(outcome + 1)) Leniency(reader.let_pass());
}

template <class R, class V>
[[gnu::always_inline]] inline R decode_small(std::span<const std::byte> bytes, const SmallForm<V>& form, V version,
    Leniency leniency = {}, Role receiver = {}) noexcept
{
    R result{detail::Unset{}};
    decode_erased(&result, bytes.data(), bytes.size(), form, version, leniency, receiver);
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
template <class V>
[[gnu::noinline]] inline Result<std::span<std::byte>> encode_small(std::span<std::byte> buffer, const void* packet,
    SmallWalk<V> walk, V version, Leniency leniency = {}, Role receiver = {}) noexcept
{
    SmallEncoder<V> encoder(version, leniency, receiver);
    walk(encoder, packet);
    Error error = encoder.error();
    const std::size_t remaining_length = encoder.size();
    if (remaining_length > max_varint && encoder.good()) error.code = Errc::packet_too_large;
    if (error.code != Errc::none) return error;
    const std::uint32_t size =
        1 + varint_size(static_cast<std::uint32_t>(remaining_length)) + static_cast<std::uint32_t>(remaining_length);
    if (buffer.size() < size) {
        error.code = Errc::buffer_too_small;
        error.needed = size;
        return error;
    }
    *buffer.data() = static_cast<std::byte>(encoder.first_byte());
    encoder.start_writing(store_varint(buffer.data() + 1, static_cast<std::uint32_t>(remaining_length)));
    walk(encoder, packet);
    return buffer.first(size);
}

/// Checks only.
template <class V>
[[gnu::noinline]] inline Result<std::size_t> measure_small(
    const void* packet, SmallWalk<V> walk, V version, Leniency leniency, Role receiver) noexcept
{
    SmallEncoder<V> encoder(version, leniency, receiver);
    walk(encoder, packet);
    Error error = encoder.error();
    if (encoder.size() > max_varint && encoder.good()) error.code = Errc::packet_too_large;
    if (error.code != Errc::none) return error;
    return 1 + varint_size(static_cast<std::uint32_t>(encoder.size())) + encoder.size();
}

} // namespace mqttwire::wire
