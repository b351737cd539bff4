// Checks of text: well-formed UTF-8 without U+0000 [3.1.1: section 1.5.3; 5.0: section 1.5.4].
//
// Nearly all text of real packets is ASCII without wildcards. `is_plain` finds that out in one pass of eight or sixteen
// bytes a step. What is not plain goes to `find_text_fault`: it asks `is_good_utf8`, which takes a few steps a
// character, and only of bad text the plain check, which says what is wrong and where, and is the meaning of all of
// them.
#pragma once

#include "mqttwire/config.hpp"
#include "mqttwire/error.hpp"
#include "mqttwire/leniency.hpp"
#include "mqttwire/wire/text.hpp"

#include <cstddef>
#include <cstdint>

#if defined(__SSE2__)
#include <emmintrin.h>
#elif defined(__ARM_NEON) && defined(__aarch64__)
#include <arm_neon.h>
#endif

namespace mqttwire::inline MQTTWIRE_ABI::wire {

/// What was found wrong with a text, and at which byte of it. `Errc::none`: nothing.
struct TextFault {
    Errc code = Errc::none;
    std::uint32_t index = 0;
};

/// One character of UTF-8 text: its code point and the number of its bytes, 0 if it is ill-formed.
struct CodePoint {
    std::uint32_t value = 0;
    std::uint32_t size = 0;
    bool surrogate = false; ///< ill-formed only because it encodes a surrogate
};

/// Reads the character that starts at `index`, which is below the size [Unicode: table 3-7, well-formed sequences].
constexpr CodePoint code_point_at(const View& text, std::size_t index) noexcept
{
    const auto byte = [&](std::size_t i) { return static_cast<std::uint32_t>(text.byte_at(index + i)); };
    const std::size_t left = text.size() - index;
    const std::uint32_t lead = byte(0);
    if (lead < 0x80) return {lead, 1};
    if (lead < 0xC2 || lead > 0xF4) return {};
    const std::uint32_t size = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    std::uint32_t value = lead & (0x7FU >> size);
    for (std::uint32_t i = 1; i < size; ++i) {
        if (i == left || (byte(i) & 0xC0U) != 0x80) return {};
        value = (value << 6U) | (byte(i) & 0x3FU);
    }
    const bool over_long = size == 3 ? value < 0x800 : size == 4 && value < 0x10000;
    if (over_long || value > 0x10FFFF) return {};
    if (value >= 0xD800 && value <= 0xDFFF) return {value, 0, true};
    return {value, size};
}

/// Control characters and non-characters, which "should not" be in a text.
constexpr bool is_discouraged(std::uint32_t code_point) noexcept
{
    return code_point < 0x20 || (code_point >= 0x7F && code_point <= 0x9F)
        || (code_point >= 0xFDD0 && code_point <= 0xFDEF) || (code_point & 0xFFFEU) == 0xFFFE;
}

/// The first fault of a text, looked for in one character after the other: ill-formed UTF-8, a surrogate, U+0000 and,
/// where leniency says so, a discouraged character. The index is that of the character's first byte.
constexpr TextFault find_text_fault_plainly(const View& text, Leniency leniency) noexcept
{
    const bool reject_discouraged = has(leniency, Leniency::reject_discouraged_characters);
    for (std::size_t index = 0; index < text.size();) {
        const CodePoint point = code_point_at(text, index);
        const auto at = static_cast<std::uint32_t>(index);
        if (point.size == 0) return {point.surrogate ? Errc::utf8_surrogate : Errc::utf8_ill_formed, at};
        if (point.value == 0) return {Errc::utf8_null, at};
        if (reject_discouraged && is_discouraged(point.value)) return {Errc::utf8_discouraged, at};
        index += point.size;
    }
    return {};
}

/// The first ill-formed sequence of a text in which U+0000 is allowed, such as a payload.
MQTTWIRE_NOINLINE constexpr TextFault find_ill_formed(View text) noexcept
{
    for (std::size_t index = 0; index < text.size();) {
        const std::uint32_t size = code_point_at(text, index).size;
        if (size == 0) return {Errc::payload_not_utf8, static_cast<std::uint32_t>(index)};
        index += size;
    }
    return {};
}

/// The number of code points of well-formed text.
constexpr std::size_t count_code_points(const View& text) noexcept
{
    std::size_t count = 0;
    for (std::size_t i = 0; i < text.size(); ++i)
        if ((static_cast<unsigned>(text.byte_at(i)) & 0xC0U) != 0x80) ++count;
    return count;
}

/// What `is_plain` looks for besides U+0000 and bytes above 0x7F.
enum class Plain {
    text, ///< nothing else
    topic, ///< the wildcards '#' and '+'
};

/// True in the bits of each byte of a word that is a wildcard, perhaps also in those of bytes above it. '#' (0x23) and
/// '+' (0x2B) differ in one bit, so one comparison finds both.
template <class Word>
constexpr Word wildcards_in(Word word) noexcept
{
    constexpr Word ones = static_cast<Word>(0x0101010101010101U);
    const Word wild = (word | (ones * 0x08U)) ^ (ones * 0x2BU);
    return (wild - ones) & ~wild;
}

/// The plain check of one byte after the other: true if the text is ASCII without U+0000 (and without wildcards).
template <Plain What>
constexpr bool is_plain_bytewise(const std::byte* bytes, std::size_t size) noexcept
{
    for (std::size_t i = 0; i < size; ++i) {
        const unsigned byte = load_byte(bytes + i);
        if (byte == 0 || byte > 0x7F) return false;
        if (What == Plain::topic && (byte == '#' || byte == '+')) return false;
    }
    return true;
}

/// Eight (or four) bytes at once.
template <Plain What, class Word>
constexpr bool is_plain_word(Word word) noexcept
{
    constexpr Word ones = static_cast<Word>(0x0101010101010101U);
    constexpr Word tops = ones << 7U;
    Word found = word | ((word - ones) & ~word);
    if constexpr (What == Plain::topic) found |= wildcards_in(word);
    return (found & tops) == 0;
}

/// Portable steps of eight bytes, for sizes from 8 on; the last step overlaps the one before it.
template <Plain What>
inline bool is_plain_words(const std::byte* bytes, std::size_t size) noexcept
{
    for (std::size_t i = 0; i + 8 < size; i += 8)
        if (!is_plain_word<What>(load_word<std::uint64_t>(bytes + i))) return false;
    return is_plain_word<What>(load_word<std::uint64_t>(bytes + size - 8));
}

#if defined(__SSE2__)
inline constexpr bool has_vectors = true;

/// Zero in each byte that makes a text not plain; the caller adds the high bits.
template <Plain What>
MQTTWIRE_ALWAYS_INLINE inline __m128i zero_where_special(__m128i bytes) noexcept
{
    if constexpr (What == Plain::text) return bytes;
    const __m128i wild = _mm_xor_si128(_mm_or_si128(bytes, _mm_set1_epi8(0x08)), _mm_set1_epi8(0x2B));
    return _mm_min_epu8(bytes, wild);
}

/// Two blocks of sixteen bytes, which may overlap.
template <Plain What>
MQTTWIRE_ALWAYS_INLINE inline bool is_plain_blocks(const std::byte* a, const std::byte* b) noexcept
{
    const __m128i first = _mm_loadu_si128(reinterpret_cast<const __m128i*>(a));
    const __m128i second = _mm_loadu_si128(reinterpret_cast<const __m128i*>(b));
    const __m128i special = _mm_min_epu8(zero_where_special<What>(first), zero_where_special<What>(second));
    const __m128i found = _mm_or_si128(_mm_cmpeq_epi8(special, _mm_setzero_si128()), _mm_or_si128(first, second));
    return _mm_movemask_epi8(found) == 0;
}
#elif defined(__ARM_NEON) && defined(__aarch64__)
inline constexpr bool has_vectors = true;

/// The smallest byte of each pair that makes a text not plain is zero; bytes above 0x7F are mapped to zero too.
template <Plain What>
MQTTWIRE_ALWAYS_INLINE inline uint8x16_t zero_where_special(uint8x16_t bytes) noexcept
{
    const uint8x16_t ascii = vbicq_u8(bytes, vcgeq_u8(bytes, vdupq_n_u8(0x80)));
    if constexpr (What == Plain::text) return ascii;
    return vminq_u8(ascii, veorq_u8(vorrq_u8(bytes, vdupq_n_u8(0x08)), vdupq_n_u8(0x2B)));
}

/// Two blocks of sixteen bytes, which may overlap.
template <Plain What>
MQTTWIRE_ALWAYS_INLINE inline bool is_plain_blocks(const std::byte* a, const std::byte* b) noexcept
{
    const uint8x16_t first = zero_where_special<What>(vld1q_u8(reinterpret_cast<const std::uint8_t*>(a)));
    const uint8x16_t second = zero_where_special<What>(vld1q_u8(reinterpret_cast<const std::uint8_t*>(b)));
    return vminvq_u8(vminq_u8(first, second)) != 0;
}
#else
inline constexpr bool has_vectors = false;

template <Plain What>
inline bool is_plain_blocks(const std::byte* a, const std::byte* b) noexcept
{
    return is_plain_words<What>(a, 16) && is_plain_words<What>(b, 16);
}
#endif

/// Text of more than 32 bytes, in blocks of 32; the last block overlaps the one before it.
template <Plain What>
MQTTWIRE_NOINLINE inline bool is_plain_long(const std::byte* bytes, std::size_t size) noexcept
{
    for (std::size_t i = 0; i + 32 < size; i += 32)
        if (!is_plain_blocks<What>(bytes + i, bytes + i + 16)) return false;
    return is_plain_blocks<What>(bytes + size - 32, bytes + size - 16);
}

/// True if the text is ASCII without U+0000 (and without wildcards): then it has no fault. Reads nothing outside it.
/// False, always, where the quick look does not pay: of empty text, while compiling, and where code size counts.
template <Plain What>
MQTTWIRE_ALWAYS_INLINE constexpr bool is_plain(const View& text) noexcept
{
    if (config::small || std::is_constant_evaluated()) return false;
    const std::byte* const bytes = text.bytes();
    const std::size_t size = text.size();
    if (size - 16 <= 16) return is_plain_blocks<What>(bytes, bytes + size - 16); // 16 to 32
    if (size > 32) return is_plain_long<What>(bytes, size);
    if (size >= 8)
        return is_plain_word<What>(load_word<std::uint64_t>(bytes))
            && is_plain_word<What>(load_word<std::uint64_t>(bytes + size - 8));
    if (size >= 4)
        return is_plain_word<What>(load_word<std::uint32_t>(bytes))
            && is_plain_word<What>(load_word<std::uint32_t>(bytes + size - 4));
    return size != 0 && is_plain_bytewise<What>(bytes, size);
}

/// False if there is no wildcard among bytes of any kind; true if there is one, and where the quick look does not pay.
inline bool may_hold_wildcard(const std::byte* bytes, std::size_t size) noexcept
{
    if (size < 8) return true;
    std::uint64_t found = wildcards_in(load_word<std::uint64_t>(bytes + size - 8));
    for (std::size_t i = 0; i + 8 < size; i += 8) found |= wildcards_in(load_word<std::uint64_t>(bytes + i));
    return (found & 0x8080808080808080U) != 0;
}

/// True if the text is well-formed UTF-8 without U+0000 [Unicode: table 3-7]. At run time only.
MQTTWIRE_NOINLINE inline bool is_good_utf8(const std::byte* at, std::size_t size) noexcept
{
    const std::byte* const end = at + size;
    const auto continues = [&](std::ptrdiff_t i) { return (load_byte(at + i) & 0xC0U) == 0x80; };
    while (at != end) {
        const std::uint32_t lead = load_byte(at);
        if (lead < 0x80) {
            if (lead == 0) return false;
            at += 1;
        } else if (lead < 0xE0) {
            if (lead < 0xC2 || end - at < 2 || !continues(1)) return false;
            at += 2;
        } else if (lead < 0xF0) {
            if (end - at < 3 || !continues(1) || !continues(2)) return false;
            const std::uint32_t high_bits = (lead & 0x0FU) << 6U | (load_byte(at + 1) & 0x3FU); // of 16, less 6
            if (high_bits < (0x800U >> 6U) || high_bits >> 5U == (0xD800U >> 11U)) return false; // over-long, surrogate
            at += 3;
        } else {
            if (end - at < 4 || !continues(1) || !continues(2) || !continues(3)) return false;
            const std::uint32_t high_bits = (lead & 0x0FU) << 6U | (load_byte(at + 1) & 0x3FU); // of 22, less 12
            if (high_bits < (0x10000U >> 12U) || high_bits > (0x10FFFFU >> 12U)) return false;
            at += 4;
        }
    }
    return true;
}

/// [MQTT-1.5.3-1, -2, -3; 5.0: MQTT-1.5.4-1, -2, -3] The first fault of a text (see find_text_fault_plainly). In a
/// place of its own, for callers that rarely need it.
MQTTWIRE_NOINLINE constexpr TextFault find_text_fault(View text, Leniency leniency = Leniency::none) noexcept
{
    if (!config::small && !std::is_constant_evaluated() && !has(leniency, Leniency::reject_discouraged_characters)) {
        if (is_plain<Plain::text>(text) || is_good_utf8(text.bytes(), text.size())) return {};
    }
    return find_text_fault_plainly(text, leniency);
}

} // namespace mqttwire::inline MQTTWIRE_ABI::wire
