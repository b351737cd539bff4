// Loads, stores and copies of bytes: plain loops while compiling, single instructions at run time.
#pragma once

#include "mqttwire/config.hpp"

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <type_traits>

namespace mqttwire::inline MQTTWIRE_ABI::wire {

inline namespace MQTTWIRE_CODE {

constexpr std::uint8_t load_byte(const std::byte* from) noexcept { return static_cast<std::uint8_t>(*from); }

/// A Two Byte Integer [5.0: section 1.5.2].
constexpr std::uint16_t load_two(const std::byte* from) noexcept
{
    return static_cast<std::uint16_t>((load_byte(from) << 8U) | load_byte(from + 1));
}

/// A Four Byte Integer [5.0: section 1.5.3].
constexpr std::uint32_t load_four(const std::byte* from) noexcept
{
    return (static_cast<std::uint32_t>(load_two(from)) << 16U) | load_two(from + 2);
}

constexpr void store_two(std::byte* to, std::uint16_t value) noexcept
{
    to[0] = static_cast<std::byte>(value >> 8U);
    to[1] = static_cast<std::byte>(value & 0xFFU);
}

constexpr void store_four(std::byte* to, std::uint32_t value) noexcept
{
    store_two(to, static_cast<std::uint16_t>(value >> 16U));
    store_two(to + 2, static_cast<std::uint16_t>(value & 0xFFFFU));
}

/// True if two ranges have bytes in common. While compiling, ranges cannot be compared, and nothing overlaps that is
/// written to and read.
constexpr bool overlap(std::span<const std::byte> a, std::span<const std::byte> b) noexcept
{
    if (std::is_constant_evaluated()) return false;
    const auto begin_a = reinterpret_cast<std::uintptr_t>(a.data());
    const auto begin_b = reinterpret_cast<std::uintptr_t>(b.data());
    return begin_a < begin_b + b.size() && begin_b < begin_a + a.size();
}

/// A word in the machine's own byte order, for code that treats all its bytes alike.
template <class Word>
MQTTWIRE_QUICK inline Word load_word(const std::byte* from) noexcept
{
    Word word;
    std::memcpy(&word, from, sizeof word);
    return word;
}

/// Copies one block whose size is known to the compiler.
template <std::size_t Size>
MQTTWIRE_QUICK inline void copy_block(std::byte* to, const std::byte* from) noexcept
{
    std::memcpy(to, from, Size);
}

/// Copies 16 to 64 bytes as overlapping blocks.
MQTTWIRE_QUICK inline void copy_some(std::byte* to, const std::byte* from, std::size_t size) noexcept
{
    if (size > 32) {
        copy_block<16>(to + 16, from + 16);
        copy_block<16>(to + size - 32, from + size - 32);
    }
    copy_block<16>(to, from);
    copy_block<16>(to + size - 16, from + size - 16);
}

/// Copies less than 16 bytes.
MQTTWIRE_QUICK inline void copy_few(std::byte* to, const std::byte* from, std::size_t size) noexcept
{
    if (size >= 8) {
        copy_block<8>(to, from);
        copy_block<8>(to + size - 8, from + size - 8);
    } else if (size >= 4) {
        copy_block<4>(to, from);
        copy_block<4>(to + size - 4, from + size - 4);
    } else if (size != 0) {
        to[0] = from[0];
        to[size / 2] = from[size / 2];
        to[size - 1] = from[size - 1];
    }
}

/// Copies `size` bytes at run time; short runs as overlapping blocks, which beat a call of memcpy.
MQTTWIRE_QUICK inline void copy_at_run_time(std::byte* to, const std::byte* from, std::size_t size) noexcept
{
    if (size >= 16 && size <= 64) {
        copy_some(to, from, size);
        return;
    }
    if (size < 16) {
        copy_few(to, from, size);
        return;
    }
#if defined(__GNUC__) && !defined(__clang__)
// Of a protocol name, g++ -Og looks at this branch too.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wstringop-overread"
#endif
    std::memcpy(to, from, size);
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic pop
#endif
}

/// Copies `size` bytes between places that do not overlap.
MQTTWIRE_QUICK constexpr void copy(std::byte* to, const std::byte* from, std::size_t size) noexcept
{
    if (std::is_constant_evaluated()) {
        for (std::size_t i = 0; i < size; ++i) to[i] = from[i];
    } else if constexpr (config::small) {
        if (size != 0) std::memcpy(to, from, size); // of nothing there may be no address
    } else {
        copy_at_run_time(to, from, size);
    }
}

} // namespace MQTTWIRE_CODE

} // namespace mqttwire::inline MQTTWIRE_ABI::wire
