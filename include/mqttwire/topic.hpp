// Topic names and topic filters: validity, shared subscriptions, matching [3.1.1 and 5.0: section 4.7; 5.0:
// section 4.8.2].
//
// Everything here takes time linear in the text, uses no recursion and works while compiling.
#pragma once

#include "mqttwire/config.hpp"
#include "mqttwire/error.hpp"
#include "mqttwire/leniency.hpp"
#include "mqttwire/version.hpp"
#include "mqttwire/wire/block.hpp"
#include "mqttwire/wire/bytes.hpp"
#include "mqttwire/wire/string_check.hpp"
#include "mqttwire/wire/text.hpp"
#include "mqttwire/wire/utf8.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <type_traits>

namespace mqttwire::inline MQTTWIRE_ABI {

/// A shared subscription's parts: `$share/{share_name}/{filter}`.
struct SharedFilter {
    Text share_name{};
    Text filter{};
};

namespace wire::inline MQTTWIRE_CODE {

/// What is left when filter and name differ for the first time at `f` and `n`: true if "/#" is, behind a whole name.
template <class Bytes>
constexpr bool matches_parent(const Bytes& filter, std::size_t left_of_filter, std::size_t f, bool at_end) noexcept
{
    return at_end && left_of_filter == 2 && byte_of(filter, f) == '/' && byte_of(filter, f + 1) == '#';
}

/// True if a filter whose first level may match the name's first level does so in all of them; byte by byte. See
/// `matches`.
constexpr bool matches_plainly(const View& filter, const View& name) noexcept
{
    std::size_t n = 0;
    for (std::size_t f = 0; f < filter.size(); ++f) {
        const std::uint32_t wanted = byte_of(filter, f);
        if (wanted == '#') return true;
        if (wanted == '+') {
            while (n < name.size() && byte_of(name, n) != '/') ++n;
        } else if (n < name.size() && wanted == byte_of(name, n)) {
            ++n;
        } else {
            return matches_parent(filter, filter.size() - f, f, n == name.size());
        }
    }
    return n == name.size();
}

/// Sees where a filter and a name differ, and the filter's wildcards.
struct DifferencesAndWildcards {
    const std::byte* filter;
    const std::byte* name;
    template <class Word>
    MQTTWIRE_ALWAYS_INLINE Word at(std::ptrdiff_t i) const noexcept
    {
        const Word wanted = load_word<Word>(filter + i);
        return static_cast<Word>((wanted ^ load_word<Word>(name + i)) | wildcards_in(wanted));
    }
#if MQTTWIRE_HAS_BLOCKS
    MQTTWIRE_ALWAYS_INLINE std::uint32_t block_at(std::ptrdiff_t i) const noexcept
    {
        const Block wanted = load_block(filter + i);
        return places(without(equal(wanted, load_block(name + i)), wildcards_in(wanted))) ^ 0xFFFFU;
    }
#endif
};

/// Sees where levels end.
struct Separators {
    const std::byte* name;
    template <class Word>
    MQTTWIRE_ALWAYS_INLINE Word at(std::ptrdiff_t i) const noexcept
    {
        return zero_bytes(static_cast<Word>(load_word<Word>(name + i) ^ all_bytes<Word>('/')));
    }
#if MQTTWIRE_HAS_BLOCKS
    MQTTWIRE_ALWAYS_INLINE std::uint32_t block_at(std::ptrdiff_t i) const noexcept
    {
        return places(equal(load_block(name + i), all('/')));
    }
#endif
};

/// The same as matches_plainly, at run time, in steps of words and levels.
MQTTWIRE_NOINLINE inline bool matches_quickly(
    const std::byte* filter, std::size_t filter_size, const std::byte* name, std::size_t name_size) noexcept
{
    std::size_t f = 0;
    std::size_t n = 0;
    for (;;) {
        while (f != filter_size && load_byte(filter + f) == '+') {
            n += first_place(name_size - n, n, Separators{name + n});
            if (++f == filter_size) return n == name_size;
            if (n != name_size && load_byte(filter + f) == '/') {
                ++f;
                ++n;
            }
        }
        const std::size_t before = f < n ? f : n;
        const std::size_t left = filter_size - f < name_size - n ? filter_size - f : name_size - n;
        const std::size_t alike = first_place(left, before, DifferencesAndWildcards{filter + f, name + n});
        f += alike;
        n += alike;
        if (f == filter_size) return n == name_size;
        const unsigned wanted = load_byte(filter + f);
        if (wanted == '#') return true;
        if (wanted != '+') return matches_parent(filter, filter_size - f, f, n == name_size);
    }
}

/// See `matches`.
constexpr bool filter_matches(const View& filter, const View& name) noexcept
{
    if (!name.empty() && byte_of(name, 0) == '$' && !filter.empty() && (byte_of(filter, 0) | 0x08U) == '+')
        return false; // [MQTT-4.7.2-1]
    if (config::small || std::is_constant_evaluated()) return matches_plainly(filter, name);
    return matches_quickly(filter.bytes(), filter.size(), name.bytes(), name.size());
}

constexpr bool is_valid(const View& topic, StringKind kind, Version version) noexcept
{
    return topic.size() <= 65'535 && find_fault(topic, kind, AnyVersion{version}, Leniency::none).code == Errc::none;
}

} // namespace wire::inline MQTTWIRE_CODE

/// True if a filter is that of a shared subscription: it begins with `$share/`, exactly so. MQTT 5.0 only; to 3.1 and
/// 3.1.1 such a filter is an ordinary one.
template <class = config::Code>
[[nodiscard]] constexpr bool is_shared(const Text& filter) noexcept
{
    return wire::begins_with_share(filter);
}

/// True if the text can be the topic name of a PUBLISH: not empty, well-formed UTF-8 without U+0000, no wildcards, at
/// most 65,535 bytes (3.1: at most 32,767 characters) [MQTT-4.7.3-1, -2, -3].
template <class = config::Code>
[[nodiscard]] constexpr bool valid_topic_name(const Text& name, Version version = Version::v5) noexcept
{
    return wire::is_valid(name, wire::StringKind::topic_name, version);
}

/// True if the text can be the topic filter of a SUBSCRIBE or UNSUBSCRIBE, `$share/...` (5.0) included.
template <class = config::Code>
[[nodiscard]] constexpr bool valid_topic_filter(const Text& filter, Version version = Version::v5) noexcept
{
    return wire::is_valid(filter, wire::StringKind::topic_filter, version);
}

/// Splits `$share/{share_name}/{filter}`; nothing if the filter is no valid shared one.
template <class = config::Code>
[[nodiscard]] constexpr std::optional<SharedFilter> split_shared(Text filter MQTTWIRE_LIFETIMEBOUND) noexcept
{
    if (!is_shared(filter) || !valid_topic_filter(filter)) return std::nullopt;
    const std::size_t begin = wire::share_prefix.size();
    std::size_t end = begin;
    while (filter[end] != '/') ++end;
    return SharedFilter{filter.substr(begin, end - begin), filter.substr(end + 1)};
}

/// True if a valid filter matches a valid topic name. '#' and '+' at the start match no name that starts with '$'
/// [MQTT-4.7.2-1]; "a/#" matches "a" too. Compares bytes, which for UTF-8 means code points, without normalisation. Of
/// a shared subscription, pass the filter that `split_shared` gives.
template <class = config::Code>
[[nodiscard]] constexpr bool matches(const Text& filter, const Text& name) noexcept
{
    return wire::filter_matches(filter, name);
}

} // namespace mqttwire::inline MQTTWIRE_ABI
