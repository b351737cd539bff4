// SipHash-1-3, a keyed hash: who does not know the key cannot choose texts that fall together in a hash table.
#pragma once

#include "mqttwire/config.hpp"

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <type_traits>

namespace mqttwire::inline MQTTWIRE_ABI {

/// A secret for hash tables: sixteen bytes that a peer cannot guess. Take them from the system's source of random bytes
/// whenever what is hashed comes from peers.
struct HashKey {
    std::uint64_t first = 0;
    std::uint64_t second = 0;
};

namespace wire {

struct SipState {
    std::uint64_t a;
    std::uint64_t b;
    std::uint64_t c;
    std::uint64_t d;
};

constexpr void sip_round(SipState& s) noexcept
{
    s.a += s.b;
    s.c += s.d;
    s.b = std::rotl(s.b, 13) ^ s.a;
    s.d = std::rotl(s.d, 16) ^ s.c;
    s.a = std::rotl(s.a, 32);
    s.c += s.b;
    s.a += s.d;
    s.b = std::rotl(s.b, 17) ^ s.c;
    s.d = std::rotl(s.d, 21) ^ s.a;
    s.c = std::rotl(s.c, 32);
}

constexpr void sip_absorb(SipState& state, std::uint64_t word) noexcept
{
    state.d ^= word;
    sip_round(state);
    state.a ^= word;
}

/// At most eight characters as a word, the first in the lowest byte on every machine.
constexpr std::uint64_t little_endian(const char* text, std::size_t size) noexcept
{
    std::uint64_t word = 0;
    for (std::size_t i = 0; i < size; ++i)
        word |= static_cast<std::uint64_t>(static_cast<unsigned char>(text[i])) << (8 * i);
    return word;
}

constexpr std::uint64_t little_endian_word(const char* text) noexcept
{
    if (std::endian::native != std::endian::little || std::is_constant_evaluated()) return little_endian(text, 8);
    std::uint64_t word = 0;
    std::memcpy(&word, text, 8);
    return word;
}

/// The last characters of a text, those behind its last whole word.
constexpr std::uint64_t little_endian_rest(const char* text, std::size_t size) noexcept
{
    const auto count = static_cast<unsigned>(size % 8);
    if (size < 8) return little_endian(text, count);
    return little_endian_word(text + size - 8) >> (8 * (7 - count)) >> 8U;
}

/// The hash of a number's eight bytes, the lowest first, and a text behind them.
constexpr std::uint64_t sip_hash(HashKey key, std::uint64_t number, const char* text, std::size_t size) noexcept
{
    SipState state{key.first ^ 0x736F6D6570736575U, key.second ^ 0x646F72616E646F6DU, key.first ^ 0x6C7967656E657261U,
        key.second ^ 0x7465646279746573U};
    sip_absorb(state, number);
    std::size_t at = 0;
    for (; size - at >= 8; at += 8) sip_absorb(state, little_endian_word(text + at));
    const std::uint64_t size_byte = (size + 8) & 0xFFU;
    sip_absorb(state, size_byte << 56U | little_endian_rest(text, size));
    state.c ^= 0xFFU;
    for (int round = 0; round < 3; ++round) sip_round(state);
    return state.a ^ state.b ^ state.c ^ state.d;
}

} // namespace wire

} // namespace mqttwire::inline MQTTWIRE_ABI
