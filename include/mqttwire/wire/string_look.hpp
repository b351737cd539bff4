// The quick look at a string, which nearly all strings of real packets pass, and the check of the others.
#pragma once

#include "mqttwire/config.hpp"
#include "mqttwire/leniency.hpp"
#include "mqttwire/version.hpp"
#include "mqttwire/wire/packed_fault.hpp"
#include "mqttwire/wire/string_check.hpp"
#include "mqttwire/wire/string_kind.hpp"
#include "mqttwire/wire/text.hpp"
#include "mqttwire/wire/utf8.hpp"

#include <cstdint>

namespace mqttwire::inline MQTTWIRE_ABI::wire {

inline namespace MQTTWIRE_CODE {

/// True if a quick look shows that a string has no fault. The kind is known while compiling.
template <class V>
MQTTWIRE_ALWAYS_INLINE constexpr bool is_surely_good(
    StringKind kind, const View& string, V version, Leniency leniency) noexcept
{
    if (kind == StringKind::binary) return true;
    if (!V::strict && has(leniency, Leniency::reject_discouraged_characters)) return false;
    if (kind == StringKind::text) return is_plain<Plain::text>(string);
    if (V::can_be(Version::v3_1) && string.size() > max_topic_3_1 && version == Version::v3_1) [[unlikely]]
        return false;
    // What begins with `$share/` is not plain.
    return kind == StringKind::topic_filter ? is_plain<Plain::filter>(string) : is_plain<Plain::topic>(string);
}

/// The first fault of a string that the quick look did not pass.
template <class V>
MQTTWIRE_ALWAYS_INLINE constexpr TextFault find_doubted_fault(
    StringKind kind, const View& string, V version, Leniency leniency) noexcept
{
    if (kind == StringKind::topic_filter) return find_topic_filter_fault(string, version, leniency);
    if (string.empty()) return {kind == StringKind::topic_name ? Errc::topic_name_empty : Errc::none, 0};
    if (kind == StringKind::text) return find_text_fault(string, leniency);
    return find_topic_name_fault(string, version, leniency);
}

/// The first fault of a string, by the quick look if that does.
template <class V>
MQTTWIRE_ALWAYS_INLINE constexpr TextFault find_fault_quickly(
    StringKind kind, const View& string, V version, Leniency leniency) noexcept
{
    if (is_surely_good(kind, string, version, leniency)) [[likely]]
        return {};
    // Another view, so that the usual one may lie in registers.
    if (!std::is_constant_evaluated())
        return find_doubted_fault(kind, View(string.bytes(), string.size()), version, leniency);
    return find_doubted_fault(kind, string, version, leniency);
}

// The same as functions that all share; the fault in one number, see pack.

MQTTWIRE_NOINLINE constexpr std::uint32_t find_topic_fault_out_of_line(
    View name, StringKind kind, Version version, Leniency leniency) noexcept
{
    const bool may_be_empty = kind == StringKind::topic_name_or_empty;
    if (may_be_empty && name.empty()) return 0;
    const TextFault fault =
        find_fault_quickly(StringKind::topic_name, name, SpreadVersion<Spread::all>{version}, leniency);
    return pack(fault.code, fault.index);
}

MQTTWIRE_NOINLINE constexpr std::uint32_t find_filter_fault_out_of_line(
    View filter, Version version, Leniency leniency) noexcept
{
    const TextFault fault =
        find_fault_quickly(StringKind::topic_filter, filter, SpreadVersion<Spread::all>{version}, leniency);
    return pack(fault.code, fault.index);
}

/// In line or not, as the terms ask.
template <class V>
MQTTWIRE_ALWAYS_INLINE constexpr TextFault string_fault(
    StringKind kind, const View& string, V version, Leniency leniency) noexcept
{
    if (V::spread == Spread::little && kind != StringKind::binary) {
        if (kind == StringKind::text) return find_text_fault(string, leniency); // looks quickly itself
        const std::uint32_t fault = kind == StringKind::topic_filter
            ? find_filter_fault_out_of_line(string, version, leniency)
            : find_topic_fault_out_of_line(string, kind, version, leniency);
        return {code_of(fault), place_of(fault)};
    }
    return find_fault_quickly(kind, string, version, leniency);
}

} // namespace MQTTWIRE_CODE

} // namespace mqttwire::inline MQTTWIRE_ABI::wire
