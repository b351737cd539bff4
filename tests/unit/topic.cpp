// Topic names and filters: the tables of the specifications, and all short ones against a plain reference.
#include "unit/check.hpp"

#include <string>

using namespace check;

namespace {

using Levels = std::vector<std::string>;

Levels levels_of(const std::string& topic)
{
    Levels levels(1);
    for (const char c : topic) {
        if (c == '/') levels.emplace_back();
        else levels.back() += c;
    }
    return levels;
}

/// '+' and '#' fill their level, '#' the last one.
bool reference_valid_filter(const std::string& filter)
{
    const Levels levels = levels_of(filter);
    for (std::size_t i = 0; i < levels.size(); ++i) {
        if (levels[i] == "+" || (levels[i] == "#" && i + 1 == levels.size())) continue;
        if (levels[i].find_first_of("+#") != std::string::npos) return false;
    }
    return !filter.empty();
}

bool reference_valid_shared_or_not(const std::string& filter)
{
    const Levels levels = levels_of(filter);
    if (levels[0] != "$share" || levels.size() == 1) return reference_valid_filter(filter);
    if (levels[1].empty() || levels[1].find_first_of("+#") != std::string::npos || levels.size() == 2) return false;
    return reference_valid_filter(filter.substr(8 + levels[1].size()));
}

/// Level by level. Neither wildcard matches a first level that starts with '$'.
bool reference_matches(const std::string& filter, const std::string& name)
{
    const Levels wanted = levels_of(filter);
    const Levels given = levels_of(name);
    for (std::size_t i = 0; i < wanted.size(); ++i) {
        const bool hidden = i == 0 && given[0].starts_with("$");
        if (wanted[i] == "#") return !hidden;
        if (i == given.size()) return false;
        if (wanted[i] == "+" ? hidden : wanted[i] != given[i]) return false;
    }
    // "a/#" matches "a" too: its '#' was not reached.
    return given.size() == wanted.size();
}

/// The same with the parent that "/#" matches.
bool reference_matches_with_parent(const std::string& filter, const std::string& name)
{
    if (reference_matches(filter, name)) return true;
    const bool hidden = name.starts_with("$") && (filter.starts_with("+") || filter.starts_with("#"));
    return filter.size() > 2 && filter.ends_with("/#") && !hidden
        && reference_matches(filter.substr(0, filter.size() - 2), name);
}

/// All strings over an alphabet, from the shortest to those of `longest` characters.
std::vector<std::string> all_strings(std::string_view alphabet, std::size_t longest)
{
    std::vector<std::string> strings{""};
    std::size_t begin = 0;
    for (std::size_t size = 1; size <= longest; ++size) {
        const std::size_t end = strings.size();
        for (std::size_t i = begin; i < end; ++i)
            for (const char c : alphabet) strings.push_back(strings[i] + c);
        begin = end;
    }
    return strings;
}

} // namespace

TEST_CASE("filters of the specifications")
{
    for (const std::string_view filter : {"#", "sport/#", "/#", "+", "+/+", "/+", "+/tennis/#", "sport/+/player1", "/",
             "//", "sport/tennis/player1/#", "a b"})
        for (const Version version : versions) CHECK(valid_topic_filter(filter, version));
    for (const std::string_view filter : {"", "sport#", "sport/ten#", "sport/#/ranking", "#/a", "sport+", "+a/b",
             "a/b+", "sport/tennis#", "sport/tennis/#/ranking"})
        for (const Version version : versions) CHECK_FALSE(valid_topic_filter(filter, version));
}

TEST_CASE("a packet is held to the same rules for its filters")
{
    const auto code = [](std::string_view filter, Version version) {
        const std::array filters{Subscription{.filter = filter}};
        const Errc written = encoded(Subscribe{.packet_id = 1, .filters = filters}, version).error.code;
        const Bytes properties = version == Version::v5 ? bytes("00") : Bytes{};
        CHECK(decode_error(packet(0x82, bytes("00 01") + properties + prefixed(filter) + bytes("00")), version)
            == written);
        return written;
    };
    for (const Version version : versions) {
        for (const std::string_view good : {"+/a", "+/+/#", "a/+/b", "/+", "$SYS/#", "#"})
            CHECK(code(good, version) == Errc::none);
        CHECK(code("+a/b", version) == Errc::topic_filter_single_level_misplaced);
        CHECK(code("a+/b", version) == Errc::topic_filter_single_level_misplaced);
        CHECK(code("#/a", version) == Errc::topic_filter_multi_level_misplaced);
        const bool v5 = version == Version::v5;
        CHECK(code("$share/g/+/a", version) == Errc::none);
        CHECK(code("$share/g", version) == (v5 ? Errc::shared_filter_missing : Errc::none));
        CHECK(code("$share/g/", version) == (v5 ? Errc::shared_filter_missing : Errc::none));
        CHECK(code("$share/", version) == (v5 ? Errc::share_name_empty : Errc::none));
        CHECK(code("$share/+/a", version) == (v5 ? Errc::share_name_wildcard : Errc::none));
    }
}

TEST_CASE("matching of the specifications")
{
    STATIC_REQUIRE(matches("sport/tennis/player1/#", "sport/tennis/player1"));
    STATIC_REQUIRE(matches("sport/tennis/player1/#", "sport/tennis/player1/ranking"));
    STATIC_REQUIRE(matches("sport/tennis/player1/#", "sport/tennis/player1/score/wimbledon"));
    STATIC_REQUIRE(matches("sport/#", "sport"));
    STATIC_REQUIRE(matches("sport/tennis/+", "sport/tennis/player1"));
    STATIC_REQUIRE_FALSE(matches("sport/tennis/+", "sport/tennis/player1/ranking"));
    STATIC_REQUIRE_FALSE(matches("sport/+", "sport"));
    STATIC_REQUIRE(matches("sport/+", "sport/"));
    STATIC_REQUIRE(matches("+/+", "/finance"));
    STATIC_REQUIRE(matches("/+", "/finance"));
    STATIC_REQUIRE_FALSE(matches("+", "/finance"));
    STATIC_REQUIRE_FALSE(matches("#", "$SYS/monitor/Clients"));
    STATIC_REQUIRE_FALSE(matches("+/monitor/Clients", "$SYS/monitor/Clients"));
    STATIC_REQUIRE(matches("$SYS/#", "$SYS/"));
    STATIC_REQUIRE(matches("$SYS/monitor/+", "$SYS/monitor/Clients"));
    STATIC_REQUIRE_FALSE(matches("ACCOUNTS", "Accounts"));
    // Neither is valid when it is empty; nothing is read then.
    CHECK_FALSE(matches("", "$SYS/monitor"));
    CHECK_FALSE(matches("a", ""));
    CHECK_FALSE(matches("/+", ""));
    STATIC_REQUIRE_FALSE(matches("a", "/a"));
    STATIC_REQUIRE(matches("Accounts payable", "Accounts payable"));
    // Not normalised: a composed letter is not its parts.
    STATIC_REQUIRE_FALSE(matches("caf\xC3\xA9", "cafe\xCC\x81"));
}

TEST_CASE("shared filters of the specification")
{
    const auto parts = [](std::string_view filter) {
        const std::optional<SharedFilter> split = split_shared(filter);
        return split ? std::string(split->share_name.view()) + " " + std::string(split->filter.view())
                     : std::string("none");
    };
    CHECK(parts("$share/g/a/+") == "g a/+");
    CHECK(parts("$share/g/#") == "g #");
    CHECK(parts("$share/g//finance") == "g /finance");
    CHECK(parts("$share/consumer1/sport/tennis/+") == "consumer1 sport/tennis/+");
    CHECK(parts("$share/g//") == "g /");
    for (const std::string_view bad :
        {"$share/g/", "$share/g", "$share//a", "$share/g+/a", "$share/#/a", "$share/", "$share/g/a#", "$share/g/+a"}) {
        CHECK(parts(bad) == "none");
        CHECK_FALSE(valid_topic_filter(bad, Version::v5));
    }
    for (const std::string_view ordinary : {"$share", "$shared/g/a", "$SHARE/g/a", "share/g/a", "$shar"}) {
        CHECK(parts(ordinary) == "none");
        CHECK_FALSE(is_shared(ordinary));
        CHECK(valid_topic_filter(ordinary, Version::v5));
    }
    STATIC_REQUIRE(split_shared("$share/g/a/b")->filter == "a/b");
}

TEST_CASE("before 5.0 a filter that begins with $share/ is an ordinary one")
{
    for (const Version version : {Version::v3_1, Version::v3_1_1}) {
        for (const std::string_view filter :
            {"$share/g/a", "$share/g/", "$share/g", "$share//a", "$share/+/a", "$share/#", "$share/"})
            CHECK(valid_topic_filter(filter, version));
        for (const std::string_view filter : {"$share/g+/a", "$share/#/a", "$share/g/a#"})
            CHECK_FALSE(valid_topic_filter(filter, version));
        const Bytes wire = bytes("82 0C 00 01 00 07 24 73 68 61 72 65 2F 00");
        const Subscribe subscribe = std::get<Subscribe>(good(wire, version));
        CHECK(subscribe.filters.front().filter == "$share/");
    }
}

TEST_CASE("validity of all short names and filters")
{
    Differences differences;
    for (const std::string& topic : all_strings("a/+#$", 6)) {
        const bool name = !topic.empty() && topic.find_first_of("+#") == std::string::npos;
        for (const Version version : versions) {
            differences.expect_same(name, valid_topic_name(topic, version), version, topic);
            differences.expect_same(reference_valid_filter(topic), valid_topic_filter(topic, version), version, topic);
        }
    }
    for (const std::string& rest : all_strings("a/+#", 6)) {
        const std::string filter = "$share" + rest;
        differences.expect_same(reference_valid_shared_or_not(filter), valid_topic_filter(filter, Version::v5), filter);
        differences.expect_same(reference_valid_filter(filter), valid_topic_filter(filter, Version::v3_1_1), filter);
        const bool shared = filter.starts_with("$share/") && reference_valid_shared_or_not(filter);
        const std::optional<SharedFilter> split = split_shared(filter);
        differences.expect_same(shared, split.has_value(), filter);
        if (split)
            differences.expect_same(filter,
                "$share/" + std::string(split->share_name.view()) + "/" + std::string(split->filter.view()), "split");
    }
    CHECK(differences.text() == "");
}

TEST_CASE("all short filters with all short names")
{
    std::vector<std::string> filters;
    for (const std::string& filter : all_strings("a/+#$", 5))
        if (reference_valid_filter(filter)) filters.push_back(filter);
    std::size_t matching = 0;
    std::string wrong;
    for (const std::string& name : all_strings("ab/$", 4)) {
        if (name.empty()) continue;
        for (const std::string& filter : filters) {
            const bool expected = reference_matches_with_parent(filter, name);
            if (expected) ++matching;
            if (matches(filter, name) != expected && wrong.empty()) wrong = filter + " " + name;
        }
    }
    CHECK(wrong == "");
    CHECK(matching > 1000);
}

TEST_CASE("filters and names of every length match as they do byte by byte")
{
    std::uint64_t state = 1;
    const auto below = [&state](std::size_t limit) {
        state = state * 6364136223846793005U + 1442695040888963407U;
        return static_cast<std::size_t>(state >> 33U) % limit;
    };
    std::string wrong;
    std::size_t matching = 0;
    for (int round = 0; round < 30'000; ++round) {
        // A name, and a filter that was made from it: levels that became wildcards, bytes that changed, an end cut off.
        std::string name;
        for (const std::size_t size = below(81); name.size() < size;) name += below(6) == 0 ? '/' : "ab$\xC3"[below(4)];
        std::string filter;
        for (const std::string& level : levels_of(name)) {
            if (!filter.empty()) filter += '/';
            if (below(16) == 0) {
                filter += '#';
                break;
            }
            filter += below(4) == 0 ? "+" : level;
        }
        if (below(4) == 0 && !filter.empty()) filter[below(filter.size())] = "a/+#$"[below(5)];
        if (below(8) == 0) filter.resize(below(filter.size() + 1));
        if (below(8) == 0) name.resize(below(name.size() + 1));
        const bool hidden = name.starts_with("$") && (filter.starts_with("+") || filter.starts_with("#"));
        const bool expected = !hidden && wire::matches_plainly(Text(filter), Text(name));
        if (expected) ++matching;
        if (matches(filter, name) != expected && wrong.empty()) wrong = filter + " " + name;
        if (!filter.empty() && !name.empty() && reference_valid_filter(filter)
            && reference_matches_with_parent(filter, name) != expected && wrong.empty())
            wrong = "plainly: " + filter + " " + name;
    }
    CHECK(wrong == "");
    CHECK(matching > 3000);
}

TEST_CASE("a misplaced wildcard at every place of filters and names of many lengths")
{
    Differences differences;
    for (const std::string& prefix : {std::string(), std::string("$share/group/")}) {
        for (std::size_t size = 1; size < 40; ++size) {
            for (std::size_t at = 0; at < size; ++at) {
                for (const char wildcard : {'#', '+'}) {
                    std::string filter(size, 'a');
                    filter[at] = wildcard;
                    filter = prefix + filter;
                    const Errc expected = size == 1 ? Errc::none
                        : wildcard == '#'           ? Errc::topic_filter_multi_level_misplaced
                                                    : Errc::topic_filter_single_level_misplaced;
                    const Bytes wire = packet(0x82, bytes("00 01 00") + prefixed(filter) + bytes("00"));
                    differences.expect_same(expected, decode_error(wire, Version::v5), filter, "decoded");
                    differences.expect_same(expected == Errc::none, valid_topic_filter(filter), filter);
                    differences.expect_same(false, valid_topic_name(filter), filter, "as a name");
                }
            }
        }
    }
    CHECK(differences.text() == "");
}

TEST_CASE("a filter of 65,000 slashes takes time that grows with its length alone")
{
    const std::string slashes(65'000, '/');
    const std::string pluses = [] {
        std::string text = "+";
        for (int i = 0; i < 32'000; ++i) text += "/+";
        return text;
    }();
    CHECK(valid_topic_filter(slashes));
    CHECK(valid_topic_name(slashes));
    CHECK(matches(slashes, slashes));
    CHECK(matches(slashes + "/#", slashes));
    CHECK(matches(slashes.substr(1) + "#", slashes));
    CHECK_FALSE(matches(slashes, slashes + "/"));
    CHECK(valid_topic_filter(pluses));
    CHECK(matches(pluses, std::string(32'000, '/')));
    CHECK_FALSE(matches(pluses, std::string(32'001, '/')));
    CHECK_FALSE(matches(pluses, std::string(31'999, '/')));
    CHECK_FALSE(valid_topic_filter(pluses + "+"));
    const std::string shared = "$share/g/" + slashes;
    CHECK(valid_topic_filter(shared));
    CHECK(split_shared(shared)->filter == slashes);
    const Bytes wire = packet(0x82, bytes("00 01 00") + prefixed(slashes) + bytes("00"));
    CHECK(decode_error(wire, Version::v5) == Errc::none);
}

TEST_CASE("the length of names and filters, which 3.1 counts in characters")
{
    for (const std::string_view character : {"a", "\xC3\xA9"}) {
        for (const std::size_t count : {32'767U, 32'768U}) {
            std::string topic;
            for (std::size_t i = 0; i < count; ++i) topic += character;
            const bool fits = topic.size() <= 65'535;
            CHECK(valid_topic_name(topic, Version::v3_1) == (count == 32'767));
            CHECK(valid_topic_filter(topic, Version::v3_1) == (count == 32'767));
            CHECK(valid_topic_name(topic, Version::v3_1_1) == fits);
            CHECK(valid_topic_filter(topic, Version::v5) == fits);
            if (!fits) continue;
            const Errc name_error = count == 32'767 ? Errc::none : Errc::topic_name_too_long;
            const Errc filter_error = count == 32'767 ? Errc::none : Errc::topic_filter_too_long;
            const std::array filters{Subscription{.filter = topic}};
            CHECK(decode_error(packet(0x30, prefixed(topic)), Version::v3_1) == name_error);
            CHECK(encoded(Publish{.topic = topic}, Version::v3_1).error.code == name_error);
            CHECK(decode_error(packet(0x82, bytes("00 01") + prefixed(topic) + bytes("00")), Version::v3_1)
                == filter_error);
            CHECK(encoded(Subscribe{.packet_id = 1, .filters = filters}, Version::v3_1).error.code == filter_error);
        }
    }
}

TEST_CASE("a wildcard is found at every place of a long name")
{
    std::string name(80, 'a');
    for (std::size_t i = 0; i < name.size(); ++i) {
        for (const char wildcard : {'#', '+'}) {
            name[i] = wildcard;
            const Result<Packet> result = decoded(packet(0x30, prefixed(name)), Version::v3_1_1);
            REQUIRE_FALSE(result);
            CHECK(result.error().code == Errc::topic_name_wildcard);
            CHECK(result.error().offset == 4 + i);
            CHECK_FALSE(valid_topic_name(name));
            name[i] = 'a';
        }
    }
}
