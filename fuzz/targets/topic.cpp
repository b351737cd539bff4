// Do validity and matching of topics agree with plain readings of the specification?
//
// Input: the version, how far filter and name are stretched (see below), the filter's size, the filter, the name.
#include "support/bytes.hpp"
#include "support/input.hpp"
#include "support/require.hpp"
#include "support/target.hpp"

#include <mqttwire/packets/subscribe.hpp>
#include <mqttwire/packets/unsubscribe.hpp>
#include <mqttwire/topic.hpp>

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace mqttwire::fuzz::topic_target {

namespace {

using Levels = std::vector<std::string_view>;

Levels levels_of(std::string_view topic)
{
    Levels levels;
    for (std::size_t end = topic.find('/'); end != std::string_view::npos; end = topic.find('/')) {
        levels.push_back(topic.substr(0, end));
        topic.remove_prefix(end + 1);
    }
    levels.push_back(topic);
    return levels;
}

/// The number of characters of well-formed UTF-8 [RFC 3629] without U+0000; nothing for any other bytes.
std::optional<std::size_t> count_characters(std::string_view text)
{
    std::size_t count = 0;
    for (std::size_t i = 0; i < text.size(); ++count) {
        const auto first = static_cast<unsigned char>(text[i++]);
        const unsigned tails = first < 0x80 ? 0
            : first < 0xC0                  ? 4
            : first < 0xE0                  ? 1
            : first < 0xF0                  ? 2
            : first < 0xF8                  ? 3
                                            : 4;
        if (tails == 4) return std::nullopt;
        std::uint32_t character = tails == 0 ? first : first & (0x3FU >> tails);
        for (unsigned tail = 0; tail < tails; ++tail) {
            if (i == text.size()) return std::nullopt;
            const auto next = static_cast<unsigned char>(text[i++]);
            if (next < 0x80 || next > 0xBF) return std::nullopt;
            character = character * 64 + (next & 0x3FU);
        }
        constexpr std::array<std::uint32_t, 4> least{1, 0x80, 0x800, 0x10000};
        if (character < least[tails] || character > 0x10FFFF) return std::nullopt;
        if (character >= 0xD800 && character <= 0xDFFF) return std::nullopt;
    }
    return count;
}

bool is_valid_topic(std::string_view topic, Version version)
{
    if (topic.empty() || topic.size() > 65'535) return false;
    const std::optional<std::size_t> characters = count_characters(topic);
    return characters && (version != Version::v3_1 || *characters <= 32'767);
}

bool has_wildcard(std::string_view text) { return text.find_first_of("#+") != std::string_view::npos; }

bool is_valid_name(std::string_view name, Version version)
{
    return is_valid_topic(name, version) && !has_wildcard(name);
}

/// Wildcards fill their level, and '#' the last one.
bool has_good_wildcards(const Levels& levels)
{
    for (std::size_t i = 0; i < levels.size(); ++i)
        if (has_wildcard(levels[i]) && levels[i] != "+" && !(levels[i] == "#" && i + 1 == levels.size())) return false;
    return true;
}

/// The share name and the filter of `$share/...`, good or not.
std::optional<SharedFilter> split(std::string_view filter)
{
    constexpr std::string_view prefix = "$share/";
    if (!filter.starts_with(prefix)) return std::nullopt;
    const std::size_t end = filter.find('/', prefix.size());
    if (end == std::string_view::npos) return SharedFilter{filter.substr(prefix.size()), {}};
    return SharedFilter{filter.substr(prefix.size(), end - prefix.size()), filter.substr(end + 1)};
}

bool is_valid_filter(std::string_view filter, Version version)
{
    if (!is_valid_topic(filter, version)) return false;
    const std::optional<SharedFilter> shared = version == Version::v5 ? split(filter) : std::nullopt;
    if (!shared) return has_good_wildcards(levels_of(filter));
    return !shared->share_name.empty() && !has_wildcard(shared->share_name) && !shared->filter.empty()
        && has_good_wildcards(levels_of(shared->filter));
}

/// Level by level, for a valid filter and a valid name.
bool match_plainly(std::string_view filter, std::string_view name)
{
    if (name.starts_with('$') && has_wildcard(filter.substr(0, 1))) return false; // [MQTT-4.7.2-1]
    const Levels wanted = levels_of(filter);
    const Levels given = levels_of(name);
    for (std::size_t i = 0; i < wanted.size(); ++i) {
        if (wanted[i] == "#") return true; // the parent level is matched as well, so `given` may end here
        if (i == given.size()) return false;
        if (wanted[i] != "+" && wanted[i] != given[i]) return false;
    }
    return wanted.size() == given.size();
}

/// Sizes next to the limits; 0 stands for the size that the text has.
constexpr std::array<std::size_t, 5> stretched_sizes{0, 32'767, 32'768, 65'535, 65'536};

/// The bytes, or as many copies of them (the last one cut) as fill a size.
std::string stretch(std::span<const std::byte> bytes, std::size_t size)
{
    std::string text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    if (size == 0 || text.empty()) return text;
    std::string whole;
    whole.reserve(size + text.size());
    while (whole.size() < size) whole += text;
    whole.resize(size);
    return whole;
}

void check_name(std::string_view name, const Text& text, Version version)
{
    const bool valid = is_valid_name(name, version);
    require(valid_topic_name(name, version) == valid, "a topic name is valid if a plain check says so");
    require(valid_topic_name(text, version) == valid, "a topic name in a packet is as valid as one in memory");
}

void check_filter(std::string_view filter, const Text& text, Version version)
{
    const bool valid = is_valid_filter(filter, version);
    require(valid_topic_filter(filter, version) == valid, "a topic filter is valid if a plain check says so");
    require(valid_topic_filter(text, version) == valid, "a topic filter in a packet is as valid as one in memory");
    require(is_shared(text) == split(filter).has_value(), "a shared filter begins with $share/");

    const std::optional<SharedFilter> shared = split_shared(text);
    require(shared.has_value() == (split(filter).has_value() && is_valid_filter(filter, Version::v5)),
        "a valid shared filter can be split");
    if (shared)
        require(shared->share_name == split(filter)->share_name && shared->filter == split(filter)->filter,
            "a shared filter is split behind its share name");

    const std::array<Subscription, 1> subscription{Subscription{.filter = text}};
    require(Subscribe{.packet_id = 1, .filters = subscription}.encoded_size(version).has_value() == valid,
        "SUBSCRIBE takes valid filters and no others");
    const std::array<Text, 1> filters{text};
    require(Unsubscribe{.packet_id = 1, .filters = filters}.encoded_size(version).has_value() == valid,
        "UNSUBSCRIBE takes valid filters and no others");
}

void check(Input input)
{
    constexpr std::array<Version, 3> versions{Version::v3_1, Version::v3_1_1, Version::v5};
    const Version version = versions[input.below(versions.size())];
    // Most are left as they are, for long ones are slow.
    constexpr std::size_t ways = stretched_sizes.size() * stretched_sizes.size();
    const std::size_t choice = input.byte();
    const std::size_t way = choice >= 256 - ways ? 255 - choice : 0;
    const std::size_t filter_size = input.byte();
    const std::string filter = stretch(input.take(filter_size), stretched_sizes[way % stretched_sizes.size()]);
    const std::string name = stretch(input.take_all(), stretched_sizes[way / stretched_sizes.size()]);

    // Text of a packet stands in bytes, text of a caller in characters.
    const Bytes filter_bytes(std::as_bytes(std::span(filter)));
    const Bytes name_bytes(std::as_bytes(std::span(name)));
    const Text filter_text(filter_bytes.span());
    const Text name_text(name_bytes.span());
    check_name(name, name_text, version);
    check_filter(filter, filter_text, version);

    const bool matched = matches(filter_text, name_text);
    require(matches(filter, name) == matched, "text in a packet matches as text in memory");
    // To a matcher, `$share/...` is a filter like any other.
    if (is_valid_filter(filter, Version::v3_1_1) && is_valid_name(name, Version::v3_1_1))
        require(matched == match_plainly(filter, name), "a filter matches if it does so level by level");
}

} // namespace

} // namespace mqttwire::fuzz::topic_target

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    mqttwire::fuzz::topic_target::check({data, size});
    return 0;
}
