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
#include "mqttwire/wire/encoder.hpp"
#include "mqttwire/wire/fixed_header.hpp"
#include "mqttwire/wire/reader.hpp"
#include "mqttwire/wire/small_input.hpp"
#include "mqttwire/wire/small_output.hpp"

#include <cstddef>
#include <cstdint>
#include <span>

namespace mqttwire::inline MQTTWIRE_ABI::wire {

/// The first byte of a packet, which all packets of a type share unless the packet says otherwise.
template <class Packet>
MQTTWIRE_ALWAYS_INLINE constexpr std::uint8_t first_byte(const Packet& packet) noexcept
{
    if constexpr (requires { packet.first_byte(); }) return packet.first_byte();
    else return usual_first_byte(Packet::type);
}

inline namespace MQTTWIRE_CODE {

template <class V>
using SmallReader = Reader<SmallInput<V>>;
template <class V>
using SmallEncoder = Encoder<SmallOutput<V>>;

/// Constructs a packet in the storage of a Result whose type is forgotten, and walks it.
template <class V>
using SmallRead = void (*)(SmallReader<V>& reader, void* storage);

/// How a packet is read.
template <class V>
struct SmallForm {
    SmallRead<V> read;
    std::uint8_t first_byte; ///< with which the packet begins, the flags of PUBLISH apart
};

template <class Packet, class V>
void read_small(SmallReader<V>& reader, void* storage) noexcept
{
    Packet::fields(reader, Result<Packet>::construct_value(storage));
}

template <class Packet, class V>
inline constexpr SmallForm<V> small_form{&read_small<Packet, V>, usual_first_byte(Packet::type)};

/// Decodes a packet whose fixed header has been read into the storage of a Result, and gives the outcome.
template <class V, class... Terms>
detail::Outcome read_erased(void* storage, const std::byte* bytes, std::size_t header_bytes, std::size_t size,
    const SmallForm<V>& form, Terms... terms) noexcept
{
    SmallReader<V> reader(bytes, header_bytes, size, form.first_byte, terms...);
    form.read(reader, storage);
    reader.finish();
    if (reader.good()) return {true, reader.let_pass()};
    ::new (storage) Error(reader.error());
    return {false, Leniency::none};
}

/// Decodes a buffer that holds exactly one packet.
template <class V, class... Terms>
MQTTWIRE_NOINLINE inline detail::Outcome decode_erased(
    void* storage, const std::byte* bytes, std::size_t size, const SmallForm<V>& form, Terms... terms) noexcept
{
    std::size_t header_bytes = config::microcontroller ? 0 : short_header_size({bytes, size});
    if (header_bytes == 0) {
        const Error fault = frame_fault({bytes, size}, header_bytes);
        if (header_bytes == 0) {
            ::new (storage) Error(fault);
            return {false, Leniency::none};
        }
    }
    return read_erased(storage, bytes, header_bytes, size, form, terms...);
}

template <class R, class V, class... Terms>
MQTTWIRE_THIN inline R decode_small(std::span<const std::byte> bytes, const SmallForm<V>& form, Terms... terms) noexcept
{
    R result{detail::Erased{}};
    result.outcome() = decode_erased(result.storage(), bytes.data(), bytes.size(), form, terms...);
    return result;
}

/// Walks a packet whose type only the function knows.
template <class V>
using SmallWalk = void (*)(SmallEncoder<V>&, const void*);

template <class Packet, class V>
void write_small(SmallEncoder<V>& encoder, const void* packet) noexcept
{
    const Packet& self = *static_cast<const Packet*>(packet);
    encoder.begin(Packet::type, first_byte(self) & 0x0FU);
    Packet::fields(encoder, self);
}

/// Checks, then writes.
template <class V, class... Terms>
MQTTWIRE_NOINLINE inline Result<std::span<std::byte>> encode_small(
    std::byte* buffer, std::size_t capacity, const void* packet, SmallWalk<V> walk, Terms... terms) noexcept
{
    SmallEncoder<V> encoder(terms...);
    encoder.go_to({buffer, capacity});
    walk(encoder, packet);
    encoder.finish();
    encoder.count_header(capacity);
    if (!encoder.good()) return encoder.error();
    const std::size_t size = encoder.size();
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
    encoder.finish();
    encoder.count_header(max_packet_size);
    if (!encoder.good()) return encoder.error();
    return encoder.size();
}

} // namespace MQTTWIRE_CODE

} // namespace mqttwire::inline MQTTWIRE_ABI::wire
