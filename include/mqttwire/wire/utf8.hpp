// Quick looks at text.
//
// Nearly all text of real packets is ASCII without wildcards. `is_plain` finds that out in one pass of eight or sixteen
// bytes a step. What is not plain goes to `find_text_fault` and the like in places of their own: they look for what is
// good in any language, sixteen bytes a step, and only of what is not good ask the check of string_check.hpp, which
// says what is wrong and where, and is the meaning of all of them. Nothing here reads a byte outside the text.
#pragma once

#include "mqttwire/config.hpp"
#include "mqttwire/error.hpp"
#include "mqttwire/leniency.hpp"
#include "mqttwire/version.hpp"
#include "mqttwire/wire/block.hpp"
#include "mqttwire/wire/bytes.hpp"
#include "mqttwire/wire/string_check.hpp"
#include "mqttwire/wire/text.hpp"

#include <cstddef>
#include <cstdint>
#include <type_traits>

namespace mqttwire::inline MQTTWIRE_ABI::wire {

/// What a quick look is to find besides U+0000 and, of plain text, bytes above 0x7F.
enum class Plain {
    text, ///< nothing else
    topic, ///< the wildcards '#' and '+'
    filter, ///< wildcards that do not fill their level
};

inline namespace MQTTWIRE_CODE {

/// The top bit of each byte of a word that is a wildcard, and nothing else. '#' (0x23) and '+' (0x2B) differ in one
/// bit, so one comparison finds both.
template <class Word>
constexpr Word wildcards_in(Word word) noexcept
{
    return zero_bytes(static_cast<Word>((word | all_bytes<Word>(0x08)) ^ all_bytes<Word>('+')));
}

/// Sees wildcards.
struct Wildcards {
    const std::byte* topic;
    template <class Word>
    MQTTWIRE_ALWAYS_INLINE Word at(std::size_t i) const noexcept
    {
        return wildcards_in(load_word<Word>(topic + i));
    }
};

/// True if every wildcard from byte `begin` on, where the first level begins, is in its place.
MQTTWIRE_NOINLINE inline bool wildcards_fit(const std::byte* filter, std::uint32_t begin, std::uint32_t size) noexcept
{
    for (std::uint32_t i = begin;; ++i) {
        i += static_cast<std::uint32_t>(first_place(size - i, Wildcards{filter + i}));
        if (i == size) return true;
        if (wildcard_fault_at(filter, i, begin, size, false) != 0) return false;
    }
}

/// The plain check of one byte after the other: true if the text is ASCII without U+0000 (and without wildcards).
template <Plain What>
constexpr bool is_plain_bytewise(const std::byte* bytes, std::size_t size) noexcept
{
    for (std::size_t i = 0; i < size; ++i) {
        const unsigned byte = load_byte(bytes + i);
        if (byte == 0 || byte > 0x7F) return false;
        if (What != Plain::text && (byte | 0x08U) == '+') return false;
    }
    return true;
}

/// Eight (or four) bytes at once.
template <Plain What, class Word>
constexpr bool is_plain_word(Word word) noexcept
{
    constexpr auto ones = all_bytes<Word>(1);
    Word found = word | ((word - ones) & ~word);
    if constexpr (What != Plain::text) {
        const Word wild = (word | (ones * 0x08U)) ^ (ones * 0x2BU);
        found |= (wild - ones) & ~wild;
    }
    return (found & (ones << 7U)) == 0;
}

/// Portable steps of eight bytes, for sizes from 8 on; the last step overlaps the one before it.
template <Plain What>
inline bool is_plain_words(const std::byte* bytes, std::size_t size) noexcept
{
    for (std::size_t i = 0; i + 8 < size; i += 8)
        if (!is_plain_word<What>(load_word<std::uint64_t>(bytes + i))) return false;
    return is_plain_word<What>(load_word<std::uint64_t>(bytes + size - 8));
}

#if MQTTWIRE_HAS_BLOCKS
/// Zero in each byte that is U+0000 or, of topics, a wildcard.
template <Plain What>
MQTTWIRE_ALWAYS_INLINE inline Block zero_where_special(Block bytes) noexcept
{
    if constexpr (What == Plain::text) return bytes;
    return minimum(bytes, (bytes | all(0x08)) ^ all('+'));
}

/// Two blocks, which may overlap.
template <Plain What>
MQTTWIRE_ALWAYS_INLINE inline bool is_plain_blocks(const std::byte* a, const std::byte* b) noexcept
{
    const Block first = load_block(a);
    const Block second = load_block(b);
    const Block special = minimum(zero_where_special<What>(first), zero_where_special<What>(second));
    return !any_high(equal(special, all(0)) | first | second);
}

/// True if every wildcard among these, which stand from byte `at` on, is in its place.
MQTTWIRE_ALWAYS_INLINE inline bool places_fit(
    const std::byte* filter, std::size_t size, Places wildcards, std::uint32_t at) noexcept
{
    for (; wildcards != 0; wildcards &= wildcards - 1) {
        const auto place = static_cast<std::uint32_t>(std::countr_zero(wildcards)) / places_width;
        if (wildcard_fault_at(filter, at + place, 0, static_cast<std::uint32_t>(size), false) != 0) return false;
    }
    return true;
}

/// A filter of 16 to 32 bytes: true if it is ASCII and every wildcard is in its place.
MQTTWIRE_ALWAYS_INLINE inline bool is_plain_filter(const std::byte* filter, std::size_t size) noexcept
{
    const Block first = load_block(filter);
    const Block second = load_block(filter + size - block_size);
    const Block wild_first = equal(first | all(0x08), all('+'));
    const Block wild_second = equal(second | all(0x08), all('+'));
    const Block other = equal(minimum(first, second), all(0)) | first | second;
    if (!any_high(other | wild_first | wild_second)) return true;
    if (any_high(other)) return false;
    const Places behind_first = places(wild_second) >> ((2 * block_size - size) * places_width);
    return places_fit(filter, size, places(wild_first), 0) && places_fit(filter, size, behind_first, block_size);
}
#else
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

/// True if the text is ASCII without U+0000 (and without wildcards, or with such as are in their places): then it has
/// no fault. False, always, where the quick look does not pay: of empty text, of filters with wildcards that are not of
/// usual length, while compiling, and where code size counts.
template <Plain What>
MQTTWIRE_ALWAYS_INLINE constexpr bool is_plain(const View& text) noexcept
{
    if (config::small || std::is_constant_evaluated()) return false;
    const std::byte* const bytes = text.bytes();
    const std::size_t size = text.size();
    constexpr Plain what = What == Plain::text ? Plain::text : Plain::topic;
    if (size - 16 <= 16) { // 16 to 32
#if MQTTWIRE_HAS_BLOCKS
        if constexpr (What == Plain::filter) return is_plain_filter(bytes, size);
#endif
        return is_plain_blocks<what>(bytes, bytes + size - 16);
    }
    if (size > 32) return is_plain_long<what>(bytes, size);
    if (size >= 8)
        return is_plain_word<what>(load_word<std::uint64_t>(bytes))
            && is_plain_word<what>(load_word<std::uint64_t>(bytes + size - 8));
    if (size >= 4)
        return is_plain_word<what>(load_word<std::uint32_t>(bytes))
            && is_plain_word<what>(load_word<std::uint32_t>(bytes + size - 4));
    return size != 0 && is_plain_bytewise<what>(bytes, size);
}

#if MQTTWIRE_HAS_BLOCKS
/// Not zero in each byte that is wrong where it stands, by itself or behind the three before it [Unicode: table 3-7].
MQTTWIRE_ALWAYS_INLINE inline Block utf8_faults(Block now, Block back_1, Block back_2, Block back_3) noexcept
{
    // Behind leads of two, three and four bytes there are continuations, and nowhere else.
    const Block expected = excess(back_1, all(0xBF)) | excess(back_2, all(0xDF)) | excess(back_3, all(0xEF));
    const Block continuation = less(now, all(0xC0));
    const Block misplaced = equal(continuation, equal(expected, all(0)));
    // C0, C1 and F5 to FF are no leads.
    const Block never = equal(now & all(0xFE), all(0xC0)) | excess(now, all(0xF4));
    // Behind four leads some continuations make an over-long form, a surrogate, or more than U+10FFFF.
    const Block below_a0 = less(now, all(0xA0));
    const Block below_90 = less(now, all(0x90));
    const Block second = (equal(back_1, all(0xE0)) & below_a0) | without(equal(back_1, all(0xED)), below_a0)
        | (equal(back_1, all(0xF0)) & below_90) | without(equal(back_1, all(0xF4)), below_90);
    return misplaced | never | second;
}

/// Those of the block at the beginning of a text.
MQTTWIRE_ALWAYS_INLINE inline Block utf8_faults_at_start(Block block) noexcept
{
    return utf8_faults(block, back<1>(block), back<2>(block), back<3>(block));
}

/// Those of a block before which three bytes stand.
MQTTWIRE_ALWAYS_INLINE inline Block utf8_faults_at(const std::byte* at) noexcept
{
    return utf8_faults(load_block(at), load_block(at - 1), load_block(at - 2), load_block(at - 3));
}

/// Not zero in each byte that is U+0000 or, of topics, a wildcard.
template <Plain What>
MQTTWIRE_ALWAYS_INLINE inline Block special_faults(Block block) noexcept
{
    return equal(zero_where_special<What>(block), all(0));
}

/// Not zero where a character is cut off by the end of the text, of which this is the last block.
MQTTWIRE_ALWAYS_INLINE inline Block cut_faults(Block last) noexcept
{
    return excess(last, block_of(~0ULL, 0xBFDFEFFFFFFFFFFFU)); // leads of four, three, two bytes at the last three
}

/// Text of 1 to 15 bytes.
template <Plain What>
MQTTWIRE_ALWAYS_INLINE inline bool is_good_utf8_short(const std::byte* text, std::size_t size) noexcept
{
    const Block block = load_short_block(text, size); // a character that is cut off has a zero where it goes on
    const Places behind = ~Places{0} << (size * places_width) & places(all(0xFF));
    const Places special = places(special_faults<What>(block)); // of the zeros, those behind the text are good
    return special == behind && is_zero(utf8_faults_at_start(block));
}

/// Text from 16 bytes on.
template <Plain What>
MQTTWIRE_ALWAYS_INLINE inline bool is_good_utf8_long(const std::byte* text, std::size_t size) noexcept
{
    const Block first = load_block(text);
    Block faults = utf8_faults_at_start(first) | special_faults<What>(first);
    std::size_t i = block_size;
    for (; i + block_size < size; i += block_size)
        faults = faults | utf8_faults_at(text + i) | special_faults<What>(load_block(text + i));
    // The last block overlaps the one before it, unless there is but one.
    const std::byte* const end = text + size - block_size;
    const Block last = load_block(end);
    if (end - text >= 3) {
        faults = faults | utf8_faults_at(end);
    } else { // what is seen of the first bytes alone would be wrong, and has been looked at
        faults = faults | (utf8_faults_at_start(last) & block_of(~0ULL << 24U, ~0ULL));
    }
    return is_zero(faults | special_faults<What>(last) | cut_faults(last));
}

/// True if the text is well-formed UTF-8 without U+0000 (and without wildcards).
template <Plain What = Plain::text>
MQTTWIRE_NOINLINE inline bool is_good_utf8(const std::byte* text, std::size_t size) noexcept
{
    if (size >= block_size) return is_good_utf8_long<What>(text, size);
    return size == 0 || is_good_utf8_short<What>(text, size);
}
#else
/// True if the text is well-formed UTF-8 without U+0000 (and without wildcards).
template <Plain What = Plain::text>
MQTTWIRE_NOINLINE inline bool is_good_utf8(const std::byte* text, std::size_t size) noexcept
{
    const std::byte* at = text;
    const std::byte* const end = text + size;
    const auto continues = [&](std::ptrdiff_t i) { return (load_byte(at + i) & 0xC0U) == 0x80; };
    while (at != end) {
        const std::uint32_t lead = load_byte(at);
        if (lead < 0x80) {
            if (lead == 0 || (What != Plain::text && (lead | 0x08U) == '+')) return false;
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
#endif

/// True if a filter has no fault, its length in 3.1 apart.
template <class V>
inline bool is_good_filter(const View& filter, V version) noexcept
{
    const std::byte* const bytes = filter.bytes();
    const auto size = static_cast<std::uint32_t>(filter.size());
    if (!is_plain<Plain::text>(filter) && !is_good_utf8(bytes, size)) return false;
    std::uint32_t begin = 0;
    if constexpr (V::can_be(Version::v5))
        if (version == Version::v5 && begins_with_share(bytes, size))
            if (find_share_fault(bytes, size, begin) != 0) return false;
    return wildcards_fit(bytes, begin, size);
}

/// True if `find_string_fault` would find nothing. False, always, where the quick look does not pay: of text in which
/// discouraged characters are to be found, of empty text, of very long topics in 3.1, while compiling, and where code
/// size counts.
template <class V>
MQTTWIRE_ALWAYS_INLINE constexpr bool is_good(const View& text, StringKind kind, V version, Leniency leniency) noexcept
{
    if (config::small || std::is_constant_evaluated() || text.empty()) return false;
    if (has(leniency, Leniency::reject_discouraged_characters)) return false;
    if (kind == StringKind::text) return is_plain<Plain::text>(text) || is_good_utf8(text.bytes(), text.size());
    if (V::can_be(Version::v3_1) && version == Version::v3_1 && text.size() > max_topic_3_1) return false;
    if (kind == StringKind::topic_filter) return is_good_filter(text, version);
    return is_good_utf8<Plain::topic>(text.bytes(), text.size());
}

/// The first fault of a string, by a quick look at first.
template <class V>
MQTTWIRE_ALWAYS_INLINE constexpr TextFault find_fault(
    const View& text, StringKind kind, V version, Leniency leniency) noexcept
{
    if (is_good(text, kind, version, leniency)) return {};
    // Where code is laid out for speed, all versions share the code for what is wrong.
    std::uint32_t fault = 0;
    if constexpr (config::small) fault = find_string_fault(text, kind, version, leniency);
    else fault = find_string_fault(text, kind, AnyVersion{version}, leniency);
    return {code_of(fault), place_of(fault)};
}

// In places of their own, for callers that rarely need them.

/// The first fault of a text.
MQTTWIRE_NOINLINE constexpr TextFault find_text_fault(View text, Leniency leniency = Leniency::none) noexcept
{
    return find_fault(text, StringKind::text, AnyVersion{Version::v5}, leniency);
}

/// The first fault of a topic name, emptiness apart.
template <class V>
MQTTWIRE_NOINLINE constexpr TextFault find_topic_name_fault(View name, V version, Leniency leniency) noexcept
{
    return find_fault(name, StringKind::topic_name_or_empty, version, leniency);
}

/// The first fault of a topic filter.
template <class V>
MQTTWIRE_NOINLINE constexpr TextFault find_topic_filter_fault(View filter, V version, Leniency leniency) noexcept
{
    return find_fault(filter, StringKind::topic_filter, version, leniency);
}

} // namespace MQTTWIRE_CODE

} // namespace mqttwire::inline MQTTWIRE_ABI::wire
