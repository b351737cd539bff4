// Quick looks at text.
//
// Nearly all text of real packets is plain. `is_plain` finds that out in one pass of eight or sixteen bytes a step.
// What is not plain goes to `find_text_fault` and the like in places of their own: they look for what is good in any
// language, sixteen bytes a step, and only of what is not good ask the check of string_check.hpp, which says what is
// wrong and where, and is the meaning of all of them. Nothing here reads a byte outside the text.
#pragma once

#include "mqttwire/config.hpp"
#include "mqttwire/error.hpp"
#include "mqttwire/leniency.hpp"
#include "mqttwire/version.hpp"
#include "mqttwire/wire/block.hpp"
#include "mqttwire/wire/bytes.hpp"
#include "mqttwire/wire/plain.hpp"
#include "mqttwire/wire/string_check.hpp"
#include "mqttwire/wire/text.hpp"

#include <bit>
#include <cstddef>
#include <cstdint>
#include <type_traits>

namespace mqttwire::inline MQTTWIRE_ABI::wire {

inline namespace MQTTWIRE_CODE {

#if MQTTWIRE_HAS_BLOCKS
/// All bits of each byte of a block that is a wildcard.
MQTTWIRE_ALWAYS_INLINE inline Block wildcards_in(Block block) noexcept { return equal(block | all(0x08), all('+')); }
#endif

/// Sees wildcards.
struct Wildcards {
    const std::byte* topic;
    template <class Word>
    MQTTWIRE_ALWAYS_INLINE Word at(std::ptrdiff_t i) const noexcept
    {
        return wildcards_in(load_word<Word>(topic + i));
    }
#if MQTTWIRE_HAS_BLOCKS
    MQTTWIRE_ALWAYS_INLINE std::uint32_t block_at(std::ptrdiff_t i) const noexcept
    {
        return places(wildcards_in(load_block(topic + i)));
    }
#endif
};

/// True if every wildcard from byte `begin` on, where the first level begins, is in its place.
MQTTWIRE_NOINLINE inline bool wildcards_fit(const std::byte* filter, std::size_t begin, std::size_t size) noexcept
{
    for (std::size_t i = begin;; ++i) {
        i += first_place(size - i, i, Wildcards{filter + i});
        if (i == size) return true;
        if (!wildcard_fits(filter, i, begin, size)) return false;
    }
}

#if MQTTWIRE_HAS_BLOCKS
/// What a text may not hold besides U+0000: of a topic wildcards, which differ from '+' in one bit at most.
struct Unwanted {
    Block ignored;
    Block found;

    MQTTWIRE_ALWAYS_INLINE explicit Unwanted(bool wildcards) noexcept
        : ignored(all(wildcards ? 0x08 : 0)), found(all(wildcards ? '+' : 0))
    {
    }
    /// Zero in each byte that is unwanted.
    MQTTWIRE_ALWAYS_INLINE Block zero_in(Block bytes) const noexcept
    {
        return minimum(bytes, (bytes | ignored) ^ found);
    }
};

/// The top bit of each byte that is not plain; the other bits have no meaning.
template <Plain What>
MQTTWIRE_ALWAYS_INLINE inline Block mark_not_plain(Block bytes) noexcept
{
    return mark_less(bytes, all(least_plain<What>)); // what is not ASCII is less than 0
}

/// Two blocks, which may overlap.
template <Plain What>
MQTTWIRE_ALWAYS_INLINE inline bool is_plain_blocks(const std::byte* a, const std::byte* b) noexcept
{
    return !any_high(mark_not_plain<What>(load_block(a)) | mark_not_plain<What>(load_block(b)));
}

/// A topic name of 16 to 32 bytes: true if it is ASCII without U+0000 and wildcards.
MQTTWIRE_ALWAYS_INLINE inline bool is_plain_name(const std::byte* name, std::size_t size) noexcept
{
    const Block front = load_block(name);
    const Block back = load_block(name + size - block_size);
    if (!any_high(mark_not_plain<Plain::topic>(front) | mark_not_plain<Plain::topic>(back))) [[likely]]
        return true;
    if (any_high(front | back)) return false;
    const Unwanted unwanted(true);
    const Block special = minimum(unwanted.zero_in(front), unwanted.zero_in(back));
    return !any_high(equal(special, all(0)));
}

/// Looks at the places of a filter that are not plain, a bit for each: true if at each there is a wildcard that is in
/// its place, or ASCII that is merely rare. A '$' may begin a shared filter.
MQTTWIRE_ALWAYS_INLINE inline bool is_good_at(std::size_t special, const std::byte* filter, std::size_t size) noexcept
{
    while (special != 0) {
        const auto i = static_cast<std::size_t>(std::countr_zero(special));
        if (!wildcard_fits(filter, i, 0, size)) [[unlikely]] {
            const std::uint32_t byte = load_byte(filter + i);
            if (byte == 0 || byte > 0x7F || byte == '$' || is_wildcard(byte)) return false;
        }
        special &= special - 1;
    }
    return true;
}

/// A filter of 16 to 32 bytes: true if it is ASCII without U+0000 and '$', and every wildcard is in its place.
MQTTWIRE_ALWAYS_INLINE inline bool is_plain_filter(const std::byte* filter, std::size_t size) noexcept
{
    const std::size_t first = places(mark_not_plain<Plain::topic>(load_block(filter)));
    const std::size_t second = places(mark_not_plain<Plain::topic>(load_block(filter + size - block_size)));
    if ((first | second) == 0) [[likely]]
        return true;
    return is_good_at(first | second << (size - block_size), filter, size);
}

/// The same of one of 1 to 15 bytes.
MQTTWIRE_ALWAYS_INLINE inline bool is_plain_short_filter(const std::byte* filter, std::size_t size) noexcept
{
    const Block bytes = load_short_block(filter, size);
    const std::size_t special = places(mark_not_plain<Plain::topic>(bytes)) & ((1U << size) - 1);
    return is_good_at(special, filter, size);
}
#else
template <Plain What>
inline bool is_plain_blocks(const std::byte* a, const std::byte* b) noexcept
{
    return is_plain_words<What, std::uint64_t>(a, 16) && is_plain_words<What, std::uint64_t>(b, 16);
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

/// True if the text is plain, or a topic of usual length has nothing worse than what is rare and, if it is a filter,
/// wildcards that are in their places: then it has no fault. False, always, where the quick look does not pay: of empty
/// text, while compiling, and where code size counts.
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
        if constexpr (What == Plain::topic) return is_plain_name(bytes, size);
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
// Text of any language is looked at in two passes. The first looks whether as many continuations stand behind each lead
// as it announces, for U+0000, and for leads that are rare: C0 and C1, E0 and E1, and all from ED on. Where there are
// such, the second looks whether they are leads at all, and at the bytes behind them [Unicode: table 3-7].

/// What the first pass has seen.
struct Seen {
    Block misplaced; ///< not zero where a continuation is missing or too much
    Block least; ///< 0 if there was an unwanted byte
    Block rarest; ///< 0 or 1 if there was C0, C1, E0 or E1
    Block most; ///< from ED on if there was such a byte
};

/// Looks at a block behind the three bytes before it.
MQTTWIRE_ALWAYS_INLINE inline void look_at(
    Seen& seen, Unwanted unwanted, Block now, Block back_1, Block back_2, Block back_3) noexcept
{
    const Block announced = excess(back_1, all(0xBF)) | excess(back_2, all(0xDF)) | excess(back_3, all(0xEF));
    const Block continuation = less(now, all(0xC0));
    seen.misplaced = seen.misplaced | equal(continuation, equal(announced, all(0)));
    seen.least = minimum(seen.least, unwanted.zero_in(now));
    seen.rarest = minimum(seen.rarest, (now & all(0xDF)) ^ all(0xC0));
    seen.most = maximum(seen.most, now);
}

/// Looks at a block behind which there are three bytes.
MQTTWIRE_ALWAYS_INLINE inline void look_at(Seen& seen, Unwanted unwanted, const std::byte* at) noexcept
{
    look_at(seen, unwanted, load_block(at), load_block(at - 1), load_block(at - 2), load_block(at - 3));
}

/// Looks at the block that a text begins with.
MQTTWIRE_ALWAYS_INLINE inline Seen look_at_start(Unwanted unwanted, Block now) noexcept
{
    Seen seen{all(0), all(0xFF), all(0xFF), all(0)};
    look_at(seen, unwanted, now, back<1>(now), back<2>(now), back<3>(now));
    return seen;
}

/// True if there were rare leads.
MQTTWIRE_ALWAYS_INLINE inline bool has_rare(const Seen& seen) noexcept
{
    return !is_zero(equal(seen.rarest & all(0xFE), all(0)) | excess(seen.most, all(0xEC)));
}

/// Not zero where a byte is no lead, or a continuation makes an over-long form, a surrogate or more than U+10FFFF.
MQTTWIRE_ALWAYS_INLINE inline Block rare_faults(Block now, Block back_1) noexcept
{
    const Block no_lead = equal(now & all(0xFE), all(0xC0)) | excess(now, all(0xF4));
    const Block below_a0 = less(now, all(0xA0));
    const Block below_90 = less(now, all(0x90));
    return no_lead | (equal(back_1, all(0xE0)) & below_a0) | without(equal(back_1, all(0xED)), below_a0)
        | (equal(back_1, all(0xF0)) & below_90) | without(equal(back_1, all(0xF4)), below_90);
}

/// The second pass, of text from 16 bytes on.
MQTTWIRE_NOINLINE inline bool are_rare_good(const std::byte* text, std::size_t size) noexcept
{
    const Block first = load_block(text);
    Block faults = rare_faults(first, back<1>(first));
    for (std::size_t i = block_size; i < size; i += block_size) {
        const std::byte* const at = text + (i + block_size < size ? i : size - block_size);
        faults = faults | rare_faults(load_block(at), load_block(at - 1));
    }
    return is_zero(faults);
}

/// Text of 1 to 15 bytes.
MQTTWIRE_ALWAYS_INLINE inline bool is_good_utf8_short(
    const std::byte* text, std::size_t size, Unwanted unwanted) noexcept
{
    const Block block = load_short_block(text, size); // a character that is cut off has a zero where it goes on
    const std::uint32_t behind = 0xFFFFU >> size << size;
    if (places(equal(unwanted.zero_in(block), all(0))) != behind) return false;
    const Seen seen = look_at_start(unwanted, block);
    if (!is_zero(seen.misplaced)) return false;
    return !has_rare(seen) || is_zero(rare_faults(block, back<1>(block)));
}

/// Text from 16 bytes on.
MQTTWIRE_ALWAYS_INLINE inline bool is_good_utf8_long(
    const std::byte* text, std::size_t size, Unwanted unwanted) noexcept
{
    const Block first = load_block(text);
    Seen seen = look_at_start(unwanted, first);
    for (std::size_t i = block_size; i + block_size < size; i += block_size) look_at(seen, unwanted, text + i);
    // The last block overlaps the one before it, unless there is but one.
    const std::byte* const end = text + size - block_size;
    const Block last = load_block(end);
    if (end - text >= 3) {
        look_at(seen, unwanted, end);
    } else { // what is misplaced among the first three would not be seen rightly, and has been seen
        const Block before = seen.misplaced;
        look_at(seen, unwanted, last, back<1>(last), back<2>(last), back<3>(last));
        seen.misplaced = before | (seen.misplaced & block_of(0xFFFFFFFFFF000000U, ~0ULL));
    }
    const Block cut_off = excess(last, block_of(~0ULL, 0xBFDFEFFFFFFFFFFFU)); // leads of four, three, two bytes
    if (!is_zero(seen.misplaced | equal(seen.least, all(0)) | cut_off)) return false;
    return !has_rare(seen) || are_rare_good(text, size);
}

/// True if the text is well-formed UTF-8 without U+0000 and, if it is a topic, without wildcards.
MQTTWIRE_NOINLINE inline bool is_good_utf8(const std::byte* text, std::size_t size, bool is_topic = false) noexcept
{
    if (size >= block_size) return is_good_utf8_long(text, size, Unwanted(is_topic));
    return size == 0 || is_good_utf8_short(text, size, Unwanted(is_topic));
}
#else
/// True if the text is well-formed UTF-8 without U+0000 and, if it is a topic, without wildcards.
MQTTWIRE_NOINLINE inline bool is_good_utf8(const std::byte* text, std::size_t size, bool is_topic = false) noexcept
{
    const std::byte* at = text;
    const std::byte* const end = text + size;
    const auto continues = [&](std::ptrdiff_t i) { return (load_byte(at + i) & 0xC0U) == 0x80; };
    while (at != end) {
        const std::uint32_t lead = load_byte(at);
        if (lead < 0x80) {
            if (lead == 0 || (is_topic && is_wildcard(lead))) return false;
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
#if MQTTWIRE_HAS_BLOCKS
    if (size < block_size && is_plain_short_filter(bytes, size)) return true;
#endif
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
    return is_good_utf8(text.bytes(), text.size(), true);
}

/// The first fault of a string, by a quick look at first.
template <class V>
MQTTWIRE_ALWAYS_INLINE constexpr TextFault find_fault(
    const View& text, StringKind kind, V version, Leniency leniency) noexcept
{
    if (is_good(text, kind, version, leniency)) return {};
    // Where code is laid out for speed, all versions share the code for what is wrong.
    std::uint32_t fault = 0;
    if constexpr (config::small) fault = find_string_fault_quickly(text, kind, version, leniency);
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

/// The first ill-formed sequence of a text in which U+0000 is allowed, such as a payload; where there is none it goes
/// quickly.
MQTTWIRE_NOINLINE constexpr TextFault find_ill_formed(View text) noexcept
{
    if (!config::small && !std::is_constant_evaluated())
        if (is_good_utf8(text.bytes(), text.size())) return {};
    const auto size = static_cast<std::uint32_t>(text.size());
    if (std::is_constant_evaluated()) return find_payload_fault(text, size);
    return find_payload_fault(text.bytes(), size);
}

} // namespace MQTTWIRE_CODE

} // namespace mqttwire::inline MQTTWIRE_ABI::wire
