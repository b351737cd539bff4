// Topic names and topic filters: validity, shared subscriptions, matching [3.1.1 and 5.0: section 4.7; 5.0:
// section 4.8.2].
//
// Everything here takes time linear in the text, uses no recursion and works while compiling.
#pragma once

#include "mqttwire/config.hpp"
#include "mqttwire/version.hpp"
#include "mqttwire/wire/text.hpp"
#include "mqttwire/wire/utf8.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>

namespace mqttwire::inline MQTTWIRE_ABI {

/// A shared subscription's parts: `$share/{share_name}/{filter}`.
struct SharedFilter {
    Text share_name{};
    Text filter{};
};

/// True if a filter is that of a shared subscription: it begins with `$share/`, exactly so. MQTT 5.0 only; to 3.1 and
/// 3.1.1 such a filter is an ordinary one.
constexpr bool is_shared(const Text& filter) noexcept { return filter.starts_with("$share/"); }

namespace wire {

inline constexpr std::uint32_t share_prefix_size = 7; // "$share/"

/// The most characters of a topic name or filter in MQTT 3.1.
inline constexpr std::size_t max_topic_3_1 = 32'767;

/// True if 3.1 finds the (well-formed) topic too long.
template <class V>
constexpr bool too_long_for_3_1(const View& topic, V version) noexcept
{
    return V::can_be(Version::v3_1) && version == Version::v3_1 && topic.size() > max_topic_3_1
        && count_code_points(topic) > max_topic_3_1;
}

/// The first misplaced wildcard from byte `begin` on. In a filter '#' fills the last level [MQTT-4.7.1-2; 5.0:
/// MQTT-4.7.1-1] and '+' fills its level [MQTT-4.7.1-3; 5.0: MQTT-4.7.1-2]; in a name there are none.
constexpr TextFault find_wildcard_fault(const View& topic, std::size_t begin, bool is_name) noexcept
{
    if (!config::small && !std::is_constant_evaluated())
        if (!may_hold_wildcard(topic.bytes() + begin, topic.size() - begin)) return {};
    constexpr std::byte separator{'/'};
    for (std::size_t i = begin; i < topic.size(); ++i) {
        const std::byte byte = topic.byte_at(i);
        if (byte != std::byte{'#'} && byte != std::byte{'+'}) continue;
        const auto at = static_cast<std::uint32_t>(i);
        if (is_name) return {Errc::topic_name_wildcard, at};
        const bool first = i == begin || topic.byte_at(i - 1) == separator;
        const bool last = i + 1 == topic.size();
        if (byte == std::byte{'#'}) {
            if (!(first && last)) return {Errc::topic_filter_multi_level_misplaced, at};
        } else if (!(first && (last || topic.byte_at(i + 1) == separator))) {
            return {Errc::topic_filter_single_level_misplaced, at};
        }
    }
    return {};
}

/// The first fault of a topic name, emptiness apart: of its text, a wildcard [MQTT-4.7.1-1; 5.0: MQTT-4.7.0-1], its
/// length in 3.1. In a place of its own, for callers that rarely need it.
template <class V>
MQTTWIRE_NOINLINE constexpr TextFault find_topic_name_fault(View name, V version, Leniency leniency) noexcept
{
    if (const TextFault fault = find_text_fault(name, leniency); fault.code != Errc::none) return fault;
    if (too_long_for_3_1(name, version)) return {Errc::topic_name_too_long, 0};
    return find_wildcard_fault(name, 0, true);
}

/// The first fault of a topic filter: empty [MQTT-4.7.3-1], of its text, a bad `$share/` form [MQTT-4.8.2-1, -2; 5.0
/// only], a misplaced wildcard, its length in 3.1. In a place of its own, for callers that rarely need it.
template <class V>
MQTTWIRE_NOINLINE constexpr TextFault find_topic_filter_fault(View filter, V version, Leniency leniency) noexcept
{
    if (filter.empty()) return {Errc::topic_filter_empty, 0};
    if (const TextFault fault = find_text_fault(filter, leniency); fault.code != Errc::none) return fault;
    if (too_long_for_3_1(filter, version)) return {Errc::topic_filter_too_long, 0};
    std::size_t begin = 0;
    if constexpr (V::can_be(Version::v5)) {
        if (version == Version::v5 && is_shared(Text(filter))) {
            begin = share_prefix_size;
            for (; begin < filter.size() && filter.byte_at(begin) != std::byte{'/'}; ++begin)
                if (filter.byte_at(begin) == std::byte{'#'} || filter.byte_at(begin) == std::byte{'+'})
                    return {Errc::share_name_wildcard, static_cast<std::uint32_t>(begin)};
            if (begin == share_prefix_size) return {Errc::share_name_empty, share_prefix_size};
            if (++begin >= filter.size())
                return {Errc::shared_filter_missing, static_cast<std::uint32_t>(filter.size())};
        }
    }
    return find_wildcard_fault(filter, begin, false);
}

} // namespace wire

/// True if the text can be the topic name of a PUBLISH: not empty, well-formed UTF-8 without U+0000, no wildcards, at
/// most 65,535 bytes (3.1: at most 32,767 characters) [MQTT-4.7.3-1, -2, -3].
constexpr bool valid_topic_name(const Text& name, Version version = Version::v5) noexcept
{
    return !name.empty() && name.size() <= 65'535
        && wire::find_topic_name_fault(name, wire::AnyVersion{version}, Leniency::none).code == Errc::none;
}

/// True if the text can be the topic filter of a SUBSCRIBE or UNSUBSCRIBE, `$share/...` (5.0) included.
constexpr bool valid_topic_filter(const Text& filter, Version version = Version::v5) noexcept
{
    return filter.size() <= 65'535
        && wire::find_topic_filter_fault(filter, wire::AnyVersion{version}, Leniency::none).code == Errc::none;
}

/// Splits `$share/{share_name}/{filter}`; nothing if the filter is no valid shared one.
constexpr std::optional<SharedFilter> split_shared(const Text& filter) noexcept
{
    if (!is_shared(filter) || !valid_topic_filter(filter)) return std::nullopt;
    std::size_t end = wire::share_prefix_size;
    while (filter[end] != '/') ++end;
    return SharedFilter{filter.substr(wire::share_prefix_size, end - wire::share_prefix_size), filter.substr(end + 1)};
}

/// True if a valid filter matches a valid topic name. '#' and '+' at the start match no name that starts with '$'
/// [MQTT-4.7.2-1]; "a/#" matches "a" too. Compares bytes, which for UTF-8 means code points, without normalisation. Of
/// a shared subscription, pass the filter that `split_shared` gives.
constexpr bool matches(const Text& filter, const Text& name) noexcept
{
    std::size_t f = 0;
    std::size_t n = 0;
    if (!name.empty() && name[0] == '$' && !filter.empty() && (filter[0] == '#' || filter[0] == '+')) return false;
    for (; f < filter.size(); ++f) {
        if (filter[f] == '#') return true;
        if (filter[f] == '+') {
            while (n < name.size() && name[n] != '/') ++n;
        } else if (n < name.size() && filter[f] == name[n]) {
            ++n;
        } else {
            return n == name.size() && f + 2 == filter.size() && filter[f] == '/' && filter[f + 1] == '#';
        }
    }
    return n == name.size();
}

} // namespace mqttwire::inline MQTTWIRE_ABI
