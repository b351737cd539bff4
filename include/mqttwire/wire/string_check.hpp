// The rules of strings, stated once: well-formed UTF-8 without U+0000 [3.1.1: section 1.5.3; 5.0: section 1.5.4], topic
// names and topic filters [section 4.7; 5.0: sections 4.7, 4.8.2].
//
// `find_string_fault` goes through a string character by character and says what is wrong and where. It is the meaning
// of the quick looks, which send it what they do not take for good: those of utf8.hpp, and where code size counts the
// one here. While compiling, and on microcontrollers, it does all the work.
#pragma once

#include "mqttwire/config.hpp"
#include "mqttwire/error.hpp"
#include "mqttwire/leniency.hpp"
#include "mqttwire/version.hpp"
#include "mqttwire/wire/bytes.hpp"
#include "mqttwire/wire/packed_fault.hpp"
#include "mqttwire/wire/plain.hpp"
#include "mqttwire/wire/string_kind.hpp"
#include "mqttwire/wire/text.hpp"

#include <bit>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <type_traits>

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

inline constexpr std::string_view share_prefix = "$share/";

/// The most characters of a topic name or filter in MQTT 3.1.
inline constexpr std::size_t max_topic_3_1 = 32'767;

/// Control characters and non-characters, which "should not" be in a text.
constexpr bool is_discouraged(std::uint32_t code_point) noexcept
{
    return code_point < 0x20 || (code_point >= 0x7F && code_point <= 0x9F)
        || (code_point >= 0xFDD0 && code_point <= 0xFDEF) || (code_point & 0xFFFEU) == 0xFFFE;
}

inline namespace MQTTWIRE_CODE {

// A text is told by the address of its first byte and its size; while compiling, when there may be characters and no
// bytes at an address, by its view.

constexpr std::uint32_t byte_of(const std::byte* text, std::size_t index) noexcept { return load_byte(text + index); }
constexpr std::uint32_t byte_of(const View& text, std::size_t index) noexcept
{
    return static_cast<std::uint32_t>(text.byte_at(index));
}

// Where code size counts, what is plain is looked at and stepped over a word at once; but on microcontrollers, where
// that would be a hundred bytes for texts that are short.
using Step = std::size_t;
template <class Bytes>
inline constexpr bool steps_by_words = config::small && !config::microcontroller && std::is_pointer_v<Bytes>;

/// Reads the character that starts at `index`, which is below the size [Unicode: table 3-7, well-formed sequences].
template <class Bytes>
constexpr CodePoint code_point_at(Bytes text, std::uint32_t index, std::uint32_t size) noexcept
{
    std::uint32_t value = byte_of(text, index);
    if (value < 0x80) return {value, 1};
    const auto length = static_cast<std::uint32_t>(std::countl_one(static_cast<std::uint8_t>(value)));
    if (length < 2 || length > 4 || length > size - index) return {};
    value &= 0x7FU >> length;
    for (std::uint32_t next = 1; next != length; ++next) {
        const std::uint32_t byte = byte_of(text, index + next);
        if (byte >> 6U != 2) return {};
        value = (value << 6U) | (byte & 0x3FU);
    }
    const std::uint32_t bits_of_shorter = length == 2 ? 7 : 5 * length - 4;
    if (value >> bits_of_shorter == 0 || value > 0x10FFFF) return {};
    if (value >> 11U == 0xD800U >> 11U) return {value, 0, true};
    return {value, length};
}

constexpr CodePoint code_point_at(const View& text, std::size_t index) noexcept
{
    return code_point_at(text, static_cast<std::uint32_t>(index), static_cast<std::uint32_t>(text.size()));
}

/// The number of code points of well-formed text.
constexpr std::size_t count_code_points(const View& text) noexcept
{
    std::size_t count = 0;
    for (std::size_t i = 0; i < text.size(); ++i)
        if (byte_of(text, i) >> 6U != 2) ++count;
    return count;
}

/// True if 3.1 finds the (well-formed) topic too long.
template <class V>
constexpr bool too_long_for_3_1(const View& topic, V version) noexcept
{
    return V::can_be(Version::v3_1) && version == Version::v3_1 && topic.size() > max_topic_3_1
        && count_code_points(topic) > max_topic_3_1;
}

/// True if a filter begins with `$share/`, exactly so.
template <class Bytes>
constexpr bool begins_with_share(Bytes filter, std::size_t size) noexcept
{
    if (size < share_prefix.size()) return false;
    for (std::size_t i = 0; i < share_prefix.size(); ++i)
        if (byte_of(filter, i) != static_cast<std::uint32_t>(share_prefix[i])) return false;
    return true;
}
constexpr bool begins_with_share(const View& filter) noexcept { return begins_with_share(filter, filter.size()); }

/// The first fault of a `$share/` prefix [5.0: MQTT-4.8.2-1, -2]; where there is none, `begin` is where the filter
/// proper begins.
template <class Bytes>
constexpr std::uint32_t find_share_fault(Bytes filter, std::uint32_t size, std::uint32_t& begin) noexcept
{
    auto i = static_cast<std::uint32_t>(share_prefix.size());
    for (; i != size && byte_of(filter, i) != '/'; ++i)
        if (is_wildcard(byte_of(filter, i))) return pack(Errc::share_name_wildcard, i);
    if (i == share_prefix.size()) return pack(Errc::share_name_empty, i);
    if (i + 1 >= size) return pack(Errc::shared_filter_missing, size);
    begin = i + 1;
    return 0;
}

/// True if a wildcard stands at `i` of a filter whose levels begin at `begin`, and is in its place: '#' fills the last
/// level [MQTT-4.7.1-2; 5.0: MQTT-4.7.1-1], '+' fills its level [MQTT-4.7.1-3; 5.0: MQTT-4.7.1-2].
template <class Bytes>
constexpr bool wildcard_fits(Bytes filter, std::size_t i, std::size_t begin, std::size_t size) noexcept
{
    const bool last = i + 1 == size;
    if (last ? !is_wildcard(byte_of(filter, i)) : byte_of(filter, i) != '+' || byte_of(filter, i + 1) != '/')
        return false;
    return i == begin || byte_of(filter, i - 1) == '/';
}

/// The first wildcard that is not in its place, from byte `begin` on; in a name there are none [MQTT-4.7.1-1; 5.0:
/// MQTT-4.7.0-1].
template <class Bytes>
constexpr std::uint32_t find_wildcard_fault(Bytes topic, std::uint32_t begin, std::uint32_t size, bool is_name) noexcept
{
    for (std::uint32_t i = begin; i != size; ++i) {
        if constexpr (steps_by_words<Bytes>) {
            if (size - i >= sizeof(Step) && wildcards_in(load_word<Step>(topic + i)) == 0) {
                i += sizeof(Step) - 1;
                continue;
            }
        }
        const std::uint32_t byte = byte_of(topic, i);
        if (!is_wildcard(byte)) continue;
        if (is_name) return pack(Errc::topic_name_wildcard, i);
        if (wildcard_fits(topic, i, begin, size)) continue;
        return pack(
            byte == '#' ? Errc::topic_filter_multi_level_misplaced : Errc::topic_filter_single_level_misplaced, i);
    }
    return 0;
}

/// Goes from byte `i` on to the first fault of characters, if there is one: ill-formed UTF-8, a surrogate, U+0000 and,
/// where leniency says so, a discouraged character [MQTT-1.5.3-1, -2, -3; 5.0: MQTT-1.5.4-1, -2, -3]. Then `i` is the
/// place of that character's first byte.
template <class Bytes>
constexpr Errc find_character_fault(Bytes text, std::uint32_t& i, std::uint32_t size, bool reject_discouraged) noexcept
{
    while (i != size) {
        if constexpr (steps_by_words<Bytes>) {
            if (size - i >= sizeof(Step) && !reject_discouraged
                && is_plain_word<Plain::text>(load_word<Step>(text + i))) {
                i += sizeof(Step);
                continue;
            }
        }
        const CodePoint point = code_point_at(text, i, size);
        if (point.size == 0) return point.surrogate ? Errc::utf8_surrogate : Errc::utf8_ill_formed;
        if (point.value == 0) return Errc::utf8_null;
        if (reject_discouraged && is_discouraged(point.value)) return Errc::utf8_discouraged;
        i += point.size;
    }
    return Errc::none;
}

/// The first fault of a payload that is text, in which U+0000 may be [5.0: section 3.1.3.2.2].
template <class Bytes>
constexpr TextFault find_payload_fault(Bytes payload, std::uint32_t size) noexcept
{
    for (std::uint32_t i = 0;; ++i) {
        const Errc fault = find_character_fault(payload, i, size, false);
        if (fault == Errc::none) return {};
        if (fault != Errc::utf8_null) return {Errc::payload_not_utf8, i};
    }
}

/// See find_string_fault.
template <class Bytes, class V>
MQTTWIRE_STEP constexpr std::uint32_t find_string_fault_in(
    Bytes text, const View& string, StringKind kind, V version, Leniency leniency) noexcept
{
    const bool is_name = kind < StringKind::topic_filter;
    const auto size = static_cast<std::uint32_t>(string.size());
    if (size == 0 && kind == StringKind::topic_name) return pack(Errc::topic_name_empty, 0U); // [MQTT-4.7.3-1]
    if (size == 0 && kind == StringKind::topic_filter) return pack(Errc::topic_filter_empty, 0U);
    const bool reject_discouraged = !V::strict && has(leniency, Leniency::reject_discouraged_characters);
    std::uint32_t i = 0;
    const Errc character_fault = find_character_fault(text, i, size, reject_discouraged);
    if (character_fault != Errc::none) return pack(character_fault, i);
    if (kind == StringKind::text) return 0;
    if (too_long_for_3_1(string, version))
        return pack(is_name ? Errc::topic_name_too_long : Errc::topic_filter_too_long, 0U);
    std::uint32_t begin = 0;
    if constexpr (V::can_be(Version::v5)) {
        if (!is_name && version == Version::v5 && begins_with_share(text, size)) {
            const std::uint32_t share_fault = find_share_fault(text, size, begin);
            if (share_fault != 0) return share_fault;
        }
    }
    return find_wildcard_fault(text, begin, size, is_name);
}

/// The first fault of a string of at most 65,535 bytes and its index (see `pack`); 0: none. Of a topic filter it may be
/// a bad `$share/` form, which 5.0 alone knows; of a topic in 3.1 also its length. In a place of its own, for callers
/// that rarely need it and for those who share it.
template <class V>
MQTTWIRE_NOINLINE constexpr std::uint32_t find_string_fault(
    const View& string, StringKind kind, V version, Leniency leniency) noexcept
{
    if (kind == StringKind::binary) return 0;
    if (std::is_constant_evaluated()) return find_string_fault_in(string, string, kind, version, leniency);
    return find_string_fault_in(string.bytes(), string, kind, version, leniency);
}

/// True if a quick look shows that a string has no fault.
template <class V>
MQTTWIRE_THIN inline bool is_good_by_words(const View& string, StringKind kind, Leniency leniency) noexcept
{
    if (kind == StringKind::binary) return true;
    if (!V::strict && has(leniency, Leniency::reject_discouraged_characters)) return false;
    return string.size() >= sizeof(Step) && string.size() < max_topic_3_1
        && is_plain_words<Plain::topic, Step>(string.bytes(), string.size());
}

/// What find_string_fault finds, for callers that share code: but for microcontrollers they see themselves of most
/// strings that they are good.
template <class V>
MQTTWIRE_THIN constexpr std::uint32_t find_string_fault_quickly(
    const View& string, StringKind kind, V version, Leniency leniency) noexcept
{
    if constexpr (steps_by_words<const std::byte*>)
        if (!std::is_constant_evaluated() && is_good_by_words<V>(string, kind, leniency)) return 0;
    return find_string_fault(string, kind, version, leniency);
}

} // namespace MQTTWIRE_CODE

} // namespace mqttwire::inline MQTTWIRE_ABI::wire
