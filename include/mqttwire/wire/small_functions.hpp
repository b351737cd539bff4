// What decode, encode and encoded_size do where code size counts: one function for all packets each, to which a pointer
// tells how the fields of one packet are walked.
//
// Their `terms` are those of the walkers: version, leniency and receiver, as far as they are not known while compiling.
#pragma once

#include "mqttwire/config.hpp"
#include "mqttwire/error.hpp"
#include "mqttwire/leniency.hpp"
#include "mqttwire/packet_type.hpp"
#include "mqttwire/result.hpp"
#include "mqttwire/version.hpp"
#include "mqttwire/wire/fixed_header.hpp"
#include "mqttwire/wire/small_encoder.hpp"
#include "mqttwire/wire/small_reader.hpp"
#include "mqttwire/wire/varint.hpp"

#include <cstddef>
#include <cstdint>
#include <new>
#include <span>

namespace mqttwire::inline MQTTWIRE_ABI::wire {

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
    void (*read)(SmallReader<V>& reader, void* storage); ///< constructs the packet where its Result has it
    std::uint8_t first_byte; ///< with which the packet begins, the flags of PUBLISH apart
};

template <class Packet, class V>
void read_small(SmallReader<V>& reader, void* storage) noexcept
{
    Packet::fields(reader, Result<Packet>::construct_value(storage));
}

template <class Packet, class V>
inline constexpr SmallForm<V> small_form{&read_small<Packet, V>,
    static_cast<std::uint8_t>((static_cast<unsigned>(Packet::type) << 4U) | fixed_flags(Packet::type))};

/// Bytes of the fixed header if the buffer is exactly one packet; else 0, and the error says why not (see frame_error).
inline std::uint32_t open_packet(const std::byte* bytes, std::uint32_t size, Error& error) noexcept
{
    std::uint32_t fault = pack(Errc::incomplete, Field::packet);
    std::uint32_t offset = size;
    std::uint32_t needed = 2;
    if (size != 0) {
        const auto type = static_cast<PacketType>(load_byte(bytes) >> 4U);
        std::uint32_t whole = 0;
        std::uint32_t header = 1;
        std::uint32_t byte = 0x80;
        for (; byte >= 0x80 && header != 5 && header != size; ++header) {
            byte = load_byte(bytes + header);
            whole |= (byte & 0x7FU) << (7 * (header - 1));
        }
        whole += header;
        if (byte < 0x80 && size == whole) return header;
        error.packet = type;
        needed = 0;
        if (type == PacketType{}) {
            fault = pack(Errc::reserved_packet_type, Field::fixed_header);
            offset = 0;
        } else if (byte < 0x80) {
            if (size < whole) {
                needed = whole;
            } else {
                fault = pack(Errc::bytes_after_packet, Field::packet);
                offset = whole;
            }
        } else if (header == 5) {
            fault = pack(Errc::remaining_length_too_long, Field::remaining_length);
            offset = 1;
        } else {
            fault = pack(Errc::incomplete, Field::remaining_length);
            needed = size + 1;
        }
    }
    error.code = code_of(fault);
    error.field = static_cast<Field>(place_of(fault));
    error.offset = offset;
    error.needed = needed;
    return 0;
}

/// Decodes into the storage of a Result that holds an error so far.
template <class V, class... Terms>
MQTTWIRE_NOINLINE inline void decode_erased(void* storage, detail::Outcome& outcome, const std::byte* bytes,
    std::size_t size, const SmallForm<V>& form, Terms... terms) noexcept
{
    const auto capped_size = static_cast<std::uint32_t>(size < 0xFFFFFFFFU ? size : 0xFFFFFFFFU); // too much anyway
    const std::uint32_t header_bytes = open_packet(bytes, capped_size, *std::launder(static_cast<Error*>(storage)));
    if (header_bytes == 0) return;
    SmallReader<V> reader(bytes, size, header_bytes, form.first_byte, terms...);
    form.read(reader, storage);
    reader.finish();
    if (!reader.good()) return reader.error_to(storage);
    outcome = {true, reader.let_pass()};
}

template <class R, class V, class... Terms>
[[gnu::always_inline]] inline R decode_small(
    std::span<const std::byte> bytes, const SmallForm<V>& form, Terms... terms) noexcept
{
    R result{detail::Erased{}};
    decode_erased(result.storage(), result.outcome(), bytes.data(), bytes.size(), form, terms...);
    return result;
}

/// Walks a packet whose type only the function knows.
template <class V>
using SmallWalk = void (*)(SmallEncoder<V>&, const void*);

template <class Packet, class V>
void write_small(SmallEncoder<V>& encoder, const void* packet) noexcept
{
    const Packet& self = *static_cast<const Packet*>(packet);
    // A QoS that does not fit its bits is refused, and must not show in the packet type of the error.
    encoder.begin(static_cast<std::uint8_t>((first_byte(self) & 0x0FU) | (static_cast<unsigned>(Packet::type) << 4U)));
    Packet::fields(encoder, self);
}

/// Checks, then writes.
template <class V, class... Terms>
MQTTWIRE_NOINLINE inline Result<std::span<std::byte>> encode_small(
    std::byte* buffer, std::size_t capacity, const void* packet, SmallWalk<V> walk, Terms... terms) noexcept
{
    SmallEncoder<V> encoder(terms...);
    walk(encoder, packet);
    encoder.finish_checking(capacity);
    const std::size_t size = encoder.size();
    if (!encoder.good()) return encoder.error();
    encoder.start_writing(buffer);
    walk(encoder, packet);
    return std::span(buffer, size);
}

/// Checks only.
template <class V, class... Terms>
MQTTWIRE_NOINLINE inline Result<std::size_t> measure_small(
    const void* packet, SmallWalk<V> walk, Terms... terms) noexcept
{
    SmallEncoder<V> encoder(terms...);
    walk(encoder, packet);
    encoder.finish_checking(max_packet_size);
    if (!encoder.good()) return encoder.error();
    return encoder.size();
}

} // namespace mqttwire::inline MQTTWIRE_ABI::wire
