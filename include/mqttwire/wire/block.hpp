// Many bytes at once: words of eight bytes everywhere, and blocks of sixteen by the instructions that every 64-bit x86
// and Arm processor has (SSE2, NEON). Elsewhere MQTTWIRE_HAS_BLOCKS is 0 and there are no blocks.
#pragma once

#include "mqttwire/config.hpp"
#include "mqttwire/wire/bytes.hpp"

#include <bit>
#include <cstddef>
#include <cstdint>

#if defined(__SSE2__)
#include <emmintrin.h>
#define MQTTWIRE_HAS_BLOCKS 1
#elif defined(__ARM_NEON) && defined(__aarch64__) && !defined(__AARCH64EB__)
#include <arm_neon.h>
#define MQTTWIRE_HAS_BLOCKS 1
#else
#define MQTTWIRE_HAS_BLOCKS 0
#endif

namespace mqttwire::inline MQTTWIRE_ABI::wire::inline MQTTWIRE_CODE {

/// A word whose bytes are all the same.
template <class Word>
constexpr Word all_bytes(unsigned byte) noexcept
{
    return static_cast<Word>(static_cast<Word>(0x0101010101010101U) * byte);
}

/// The top bit of each byte that is zero, and nothing else.
template <class Word>
constexpr Word zero_bytes(Word word) noexcept
{
    constexpr auto low = all_bytes<Word>(0x7F);
    return static_cast<Word>(~(((word & low) + low) | word | low));
}

/// The index in memory of the first byte of a word that has a bit set; one has.
template <class Word>
constexpr std::size_t first_marked(Word word) noexcept
{
    const int zeros = std::endian::native == std::endian::little ? std::countr_zero(word) : std::countl_zero(word);
    return static_cast<std::size_t>(zeros) / 8;
}

#if MQTTWIRE_HAS_BLOCKS
inline constexpr std::size_t block_size = 16;
#endif

#if defined(__SSE2__)
/// What comparisons give has all bits set in the bytes for which they hold, and none in the others.
struct Block {
    __m128i bytes;
};

MQTTWIRE_QUICK inline Block load_block(const std::byte* from) noexcept
{
    return {_mm_loadu_si128(reinterpret_cast<const __m128i*>(from))};
}
/// The first bytes are the lower ones of `low`.
MQTTWIRE_QUICK inline Block block_of(std::uint64_t low, std::uint64_t high) noexcept
{
    return {_mm_set_epi64x(static_cast<long long>(high), static_cast<long long>(low))};
}
MQTTWIRE_QUICK inline Block all(unsigned byte) noexcept { return {_mm_set1_epi8(static_cast<char>(byte))}; }
MQTTWIRE_QUICK inline Block operator|(Block a, Block b) noexcept { return {_mm_or_si128(a.bytes, b.bytes)}; }
MQTTWIRE_QUICK inline Block operator&(Block a, Block b) noexcept { return {_mm_and_si128(a.bytes, b.bytes)}; }
MQTTWIRE_QUICK inline Block operator^(Block a, Block b) noexcept { return {_mm_xor_si128(a.bytes, b.bytes)}; }
/// The bits of `a` that `b` has not.
MQTTWIRE_QUICK inline Block without(Block a, Block b) noexcept { return {_mm_andnot_si128(b.bytes, a.bytes)}; }
MQTTWIRE_QUICK inline Block minimum(Block a, Block b) noexcept { return {_mm_min_epu8(a.bytes, b.bytes)}; }
MQTTWIRE_QUICK inline Block maximum(Block a, Block b) noexcept { return {_mm_max_epu8(a.bytes, b.bytes)}; }
/// By how much each byte is above a limit; 0 if it is not.
MQTTWIRE_QUICK inline Block excess(Block a, Block limit) noexcept { return {_mm_subs_epu8(a.bytes, limit.bytes)}; }
MQTTWIRE_QUICK inline Block equal(Block a, Block b) noexcept { return {_mm_cmpeq_epi8(a.bytes, b.bytes)}; }
/// Less as signed numbers: those from 0x80 on come first.
MQTTWIRE_QUICK inline Block less(Block a, Block b) noexcept { return {_mm_cmplt_epi8(a.bytes, b.bytes)}; }
/// The same in the top bit of each byte, for less; the other bits have no meaning.
MQTTWIRE_QUICK inline Block mark_less(Block a, Block b) noexcept { return {_mm_subs_epi8(a.bytes, b.bytes)}; }
/// The block that begins `Count` bytes before this one, where zeros stand.
template <int Count>
MQTTWIRE_QUICK inline Block back(Block a) noexcept
{
    return {_mm_slli_si128(a.bytes, Count)};
}
/// True if a byte is 0x80 or above.
MQTTWIRE_QUICK inline bool any_high(Block a) noexcept { return _mm_movemask_epi8(a.bytes) != 0; }
MQTTWIRE_QUICK inline bool is_zero(Block a) noexcept
{
    return _mm_movemask_epi8(_mm_cmpeq_epi8(a.bytes, _mm_setzero_si128())) == 0xFFFF;
}
/// A bit for each byte that is 0x80 or above.
MQTTWIRE_QUICK inline std::uint32_t places(Block a) noexcept
{
    return static_cast<std::uint32_t>(_mm_movemask_epi8(a.bytes));
}
#elif MQTTWIRE_HAS_BLOCKS
/// What comparisons give has all bits set in the bytes for which they hold, and none in the others.
struct Block {
    uint8x16_t bytes;
};

MQTTWIRE_QUICK inline Block load_block(const std::byte* from) noexcept
{
    return {vld1q_u8(reinterpret_cast<const std::uint8_t*>(from))};
}
/// The first bytes are the lower ones of `low`.
MQTTWIRE_QUICK inline Block block_of(std::uint64_t low, std::uint64_t high) noexcept
{
    return {vreinterpretq_u8_u64(vcombine_u64(vcreate_u64(low), vcreate_u64(high)))};
}
MQTTWIRE_QUICK inline Block all(unsigned byte) noexcept { return {vdupq_n_u8(static_cast<std::uint8_t>(byte))}; }
MQTTWIRE_QUICK inline Block operator|(Block a, Block b) noexcept { return {vorrq_u8(a.bytes, b.bytes)}; }
MQTTWIRE_QUICK inline Block operator&(Block a, Block b) noexcept { return {vandq_u8(a.bytes, b.bytes)}; }
MQTTWIRE_QUICK inline Block operator^(Block a, Block b) noexcept { return {veorq_u8(a.bytes, b.bytes)}; }
/// The bits of `a` that `b` has not.
MQTTWIRE_QUICK inline Block without(Block a, Block b) noexcept { return {vbicq_u8(a.bytes, b.bytes)}; }
MQTTWIRE_QUICK inline Block minimum(Block a, Block b) noexcept { return {vminq_u8(a.bytes, b.bytes)}; }
MQTTWIRE_QUICK inline Block maximum(Block a, Block b) noexcept { return {vmaxq_u8(a.bytes, b.bytes)}; }
/// By how much each byte is above a limit; 0 if it is not.
MQTTWIRE_QUICK inline Block excess(Block a, Block limit) noexcept { return {vqsubq_u8(a.bytes, limit.bytes)}; }
MQTTWIRE_QUICK inline Block equal(Block a, Block b) noexcept { return {vceqq_u8(a.bytes, b.bytes)}; }
/// Less as signed numbers: those from 0x80 on come first.
MQTTWIRE_QUICK inline Block less(Block a, Block b) noexcept
{
    return {vcltq_s8(vreinterpretq_s8_u8(a.bytes), vreinterpretq_s8_u8(b.bytes))};
}
/// The same in the top bit of each byte, for less; the other bits have no meaning.
MQTTWIRE_QUICK inline Block mark_less(Block a, Block b) noexcept
{
    return {vreinterpretq_u8_s8(vqsubq_s8(vreinterpretq_s8_u8(a.bytes), vreinterpretq_s8_u8(b.bytes)))};
}
/// The block that begins `Count` bytes before this one, where zeros stand.
template <int Count>
MQTTWIRE_QUICK inline Block back(Block a) noexcept
{
    return {vextq_u8(vdupq_n_u8(0), a.bytes, 16 - Count)};
}
/// True if a byte is 0x80 or above.
MQTTWIRE_QUICK inline bool any_high(Block a) noexcept { return vmaxvq_u8(a.bytes) >= 0x80; }
MQTTWIRE_QUICK inline bool is_zero(Block a) noexcept { return vmaxvq_u8(a.bytes) == 0; }
/// A bit for each byte that is 0x80 or above.
MQTTWIRE_QUICK inline std::uint32_t places(Block a) noexcept
{
    const uint8x16_t weights = block_of(0x8040201008040201U, 0x8040201008040201U).bytes;
    const uint8x16_t bits = vandq_u8(vcgeq_u8(a.bytes, vdupq_n_u8(0x80)), weights);
    return static_cast<std::uint32_t>(vaddv_u8(vget_low_u8(bits)) | vaddv_u8(vget_high_u8(bits)) << 8U);
}
#endif

#if MQTTWIRE_HAS_BLOCKS
/// One to fifteen bytes, and zeros behind them.
MQTTWIRE_QUICK inline Block load_short_block(const std::byte* from, std::size_t size) noexcept
{
    if (size >= 8) {
        const auto end = load_word<std::uint64_t>(from + size - 8); // of it, the bytes from the eighth on
        return block_of(load_word<std::uint64_t>(from), end >> (8 * (15 - size)) >> 8U);
    }
    // Bytes that are loaded twice come to stand in the same place.
    if (size >= 4) {
        const std::uint64_t end = load_word<std::uint32_t>(from + size - 4);
        return block_of(load_word<std::uint32_t>(from) | end << (8 * (size - 4)), 0);
    }
    const auto byte = [from](std::size_t i) { return static_cast<std::uint64_t>(load_byte(from + i)) << (8 * i); };
    return block_of(byte(0) | byte(size / 2) | byte(size - 1), 0);
}
#endif

/// The bits of a word but for those of its first bytes in memory, whose places others take.
template <class Word>
constexpr Word without_first(Word word, std::size_t bytes) noexcept
{
    return std::endian::native == std::endian::little ? word >> (8 * bytes) : word << (8 * bytes);
}

/// See first_place; in steps of words.
template <class Look>
MQTTWIRE_NOINLINE inline std::size_t first_place_by_words(std::size_t size, std::size_t before, Look look) noexcept
{
    std::size_t i = 0;
    for (; i + 8 <= size; i += 8)
        if (const auto seen = look.template at<std::uint64_t>(static_cast<std::ptrdiff_t>(i)); seen != 0)
            return i + first_marked(seen);
    if (i == size) return size;
    if (size + before >= 8) { // what is left stands at the end of a word
        const auto end = look.template at<std::uint64_t>(static_cast<std::ptrdiff_t>(size) - 8);
        const auto seen = without_first(end, i + 8 - size);
        return seen == 0 ? size : i + first_marked(seen);
    }
    for (; i < size; ++i)
        if (look.template at<std::uint8_t>(static_cast<std::ptrdiff_t>(i)) != 0) return i;
    return size;
}

/// The first of `size` places at which `look` sees something; `size` if there is none. It may be asked about the
/// `before` places before the first, and is not asked about any behind the last. `look.at<Word>(i)` looks at the places
/// from `i` on that are as many as the bytes of a word, and gives a word with bits in the bytes of those places;
/// `look.block_at(i)` looks at as many as the bytes of a block, and gives a bit for each.
template <class Look>
MQTTWIRE_QUICK inline std::size_t first_place(std::size_t size, std::size_t before, Look look) noexcept
{
#if MQTTWIRE_HAS_BLOCKS
    if (size + before >= block_size) {
        std::size_t i = 0;
        for (; i + block_size <= size; i += block_size)
            if (const std::size_t seen = look.block_at(static_cast<std::ptrdiff_t>(i)); seen != 0)
                return i + static_cast<std::size_t>(std::countr_zero(seen));
        // What is left stands at the end of a block.
        const std::size_t end = look.block_at(static_cast<std::ptrdiff_t>(size) - std::ptrdiff_t{block_size});
        const std::size_t seen = end >> (i + block_size - size);
        return seen == 0 ? size : i + static_cast<std::size_t>(std::countr_zero(seen));
    }
#endif
    return first_place_by_words(size, before, look);
}

} // namespace mqttwire::inline MQTTWIRE_ABI::wire::inline MQTTWIRE_CODE
