// Checks of text where code size counts: one function finds the faults of every kind of string. It means the same as
// the functions of utf8.hpp and topic.hpp, which work while compiling too and are quick.
#pragma once

#include "mqttwire/config.hpp"
#include "mqttwire/error.hpp"
#include "mqttwire/leniency.hpp"
#include "mqttwire/topic.hpp"
#include "mqttwire/version.hpp"
#include "mqttwire/wire/bytes.hpp"
#include "mqttwire/wire/packed_fault.hpp"
#include "mqttwire/wire/string_kind.hpp"
#include "mqttwire/wire/text.hpp"
#include "mqttwire/wire/utf8.hpp"

#include <bit>
#include <cstddef>
#include <cstdint>

namespace mqttwire::inline MQTTWIRE_ABI::wire {

/// What is wrong with the byte at `i` of a topic name or filter whose levels begin at `begin`, see find_wildcard_fault.
inline std::uint32_t wildcard_fault_at(
    const std::byte* text, std::uint32_t i, std::uint32_t begin, std::uint32_t size, bool is_name) noexcept
{
    const unsigned byte = load_byte(text + i);
    if ((byte | 0x08U) != '+') return 0; // '#' and '+' differ in one bit
    Errc fault = Errc::topic_name_wildcard;
    if (!is_name) {
        const bool begins_level = i == begin || load_byte(text + i - 1) == '/';
        const bool ends_level = i + 1 == size || (byte == '+' && load_byte(text + i + 1) == '/');
        if (begins_level && ends_level) return 0;
        fault = byte == '#' ? Errc::topic_filter_multi_level_misplaced : Errc::topic_filter_single_level_misplaced;
    }
    return pack(fault, i);
}

/// The character at `i`: its bytes, or a fault.
struct SmallCharacter {
    std::uint32_t length;
    Errc fault;
};

/// Looks at the character at `i`, see find_text_fault.
inline SmallCharacter check_character(
    const std::byte* text, std::uint32_t i, std::uint32_t size, bool reject_discouraged) noexcept
{
    std::uint32_t value = load_byte(text + i);
    std::uint32_t length = 1;
    if (value >= 0x80) {
        length = static_cast<std::uint32_t>(std::countl_one(static_cast<std::uint8_t>(value)));
        if (length < 2 || length > 4 || length > size - i) return {0, Errc::utf8_ill_formed};
        value &= 0x7FU >> length;
        for (std::uint32_t next = 1; next != length; ++next) {
            const std::uint32_t byte = load_byte(text + i + next);
            if (byte >> 6U != 2) return {0, Errc::utf8_ill_formed};
            value = (value << 6U) | (byte & 0x3FU);
        }
        const std::uint32_t bits_of_shorter = length == 2 ? 7 : 5 * length - 4;
        if (value >> bits_of_shorter == 0 || value > 0x10FFFF) return {0, Errc::utf8_ill_formed};
        if (value >> 11U == 0xD800U >> 11U) return {0, Errc::utf8_surrogate};
    }
    if (value == 0) return {0, Errc::utf8_null};
    if (reject_discouraged && is_discouraged(value)) return {0, Errc::utf8_discouraged};
    return {length, Errc::none};
}

/// The first fault of a `$share/` prefix; where there is none, `begin` is where the filter proper begins.
inline std::uint32_t find_packed_share_fault(const std::byte* text, std::uint32_t& begin, std::uint32_t size) noexcept
{
    std::uint32_t i = share_prefix_size;
    for (; i != size && load_byte(text + i) != '/'; ++i)
        if ((load_byte(text + i) | 0x08U) == '+') return pack(Errc::share_name_wildcard, i);
    if (i == share_prefix_size) return pack(Errc::share_name_empty, i);
    if (i + 1 >= size) return pack(Errc::shared_filter_missing, size);
    begin = i + 1;
    return 0;
}

/// The first fault of a string of at most 65,535 bytes; 0: none.
template <class V>
MQTTWIRE_NOINLINE inline std::uint32_t find_string_fault(
    const View& string, StringKind kind, V version, Leniency leniency) noexcept
{
    const bool is_name = kind < StringKind::topic_filter;
    const auto size = static_cast<std::uint32_t>(string.size());
    const std::byte* const text = string.bytes();
    if (kind == StringKind::binary) return 0;
    if (size == 0 && kind == StringKind::topic_name) return pack(Errc::topic_name_empty, 0U);
    if (size == 0 && kind == StringKind::topic_filter) return pack(Errc::topic_filter_empty, 0U);
    const bool reject_discouraged = !V::strict && has(leniency, Leniency::reject_discouraged_characters);
    for (std::uint32_t i = 0; i != size;) {
        const SmallCharacter character = check_character(text, i, size, reject_discouraged);
        if (character.fault != Errc::none) return pack(character.fault, i);
        i += character.length;
    }
    if (kind == StringKind::text) return 0;
    if (too_long_for_3_1(string, version))
        return pack(is_name ? Errc::topic_name_too_long : Errc::topic_filter_too_long, 0U);
    std::uint32_t begin = 0;
    if constexpr (V::can_be(Version::v5)) {
        if (!is_name && version == Version::v5 && is_shared(Text(string))) {
            const std::uint32_t share_fault = find_packed_share_fault(text, begin, size);
            if (share_fault != 0) return share_fault;
        }
    }
    for (std::uint32_t i = begin; i != size; ++i) {
        const std::uint32_t fault = wildcard_fault_at(text, i, begin, size, is_name);
        if (fault != 0) return fault;
    }
    return 0;
}

} // namespace mqttwire::inline MQTTWIRE_ABI::wire
