// Indices of filters and names: the same answers as `matches`, for all short filters and names, while entries come and
// go.
#include "mqttwire/topic_index.hpp"

#include "support/catch.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <initializer_list>
#include <map>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

using namespace mqttwire;

namespace {

using Values = std::vector<std::uint32_t>;

constexpr HashKey key{0x0123456789ABCDEF, 0xFEDCBA9876543210};

/// Storage of any size.
struct Storage {
    explicit Storage(std::size_t entries) : leaves(entries), branches(entries), slots(2 * entries) {}
    operator IndexStorage() { return {leaves, branches, slots}; }

    std::vector<IndexLeaf> leaves;
    std::vector<IndexBranch> branches;
    std::vector<std::uint32_t> slots;
};

/// The values of all entries that match, in order.
template <class Index>
Values values(const Index& index, std::string_view topic)
{
    Values found;
    index.match(topic, [&found](const IndexMatch& match) { found.insert(found.end(), match.begin(), match.end()); });
    std::ranges::sort(found);
    return found;
}

/// All strings over an alphabet that are valid, of at most `longest` characters.
std::vector<std::string> all_strings(
    std::string_view alphabet, std::size_t longest, bool (*valid)(const Text&, Version))
{
    std::vector<std::string> strings{""};
    std::vector<std::string> kept;
    std::size_t begin = 0;
    for (std::size_t size = 1; size <= longest; ++size) {
        const std::size_t end = strings.size();
        for (std::size_t i = begin; i < end; ++i)
            for (const char c : alphabet) strings.push_back(strings[i] + c);
        begin = end;
    }
    for (const std::string& each : strings)
        if (valid(each, Version::v3_1_1)) kept.push_back(each);
    return kept;
}

Values matching_filters(const std::vector<std::string>& filters, const std::string& name)
{
    Values expected;
    for (std::uint32_t i = 0; i < filters.size(); ++i)
        if (matches(filters[i], name)) expected.push_back(i);
    return expected;
}

Values matching_names(const std::vector<std::string>& names, const std::string& filter)
{
    Values expected;
    for (std::uint32_t i = 0; i < names.size(); ++i)
        if (matches(filter, names[i])) expected.push_back(i);
    return expected;
}

std::string repeated(std::string_view part, std::size_t count)
{
    std::string text;
    for (std::size_t i = 0; i < count; ++i) text += part;
    return text;
}

} // namespace

TEST_CASE("the keyed hash is SipHash-1-3")
{
    // As Python 3.11 hashes these bytes with PYTHONHASHSEED=0, which is the key 0.
    STATIC_REQUIRE(wire::sip_hash({}, 0, "a", 1) == 0x0C9972277E54D711U);
    CHECK(wire::sip_hash({}, 0, "", 0) == 0xBD60ACB658C79E45U);
    CHECK(wire::sip_hash({}, 0, "a", 1) == 0x0C9972277E54D711U);
    CHECK(wire::sip_hash({}, 1, "temp", 4) == 0x0DE8F0F075C101BBU);
    CHECK(wire::sip_hash({}, 5, "room-12", 7) == 0xBDC008975FD80713U);
    CHECK(wire::sip_hash({}, 7, "12345678", 8) == 0x76479320FC302CBEU);
    CHECK(wire::sip_hash({}, 0xFFFFFFFF, "sensors-and-actuators", 21) == 0x1052F613593006ADU);
    CHECK(wire::sip_hash({}, ~std::uint64_t{0}, std::string(300, 'x').data(), 300) == 0x4702607A0035E657U);
    // Both halves of the key count.
    CHECK(wire::sip_hash({1, 0}, 0, "a", 1) != wire::sip_hash({}, 0, "a", 1));
    CHECK(wire::sip_hash({0, 1}, 0, "a", 1) != wire::sip_hash({}, 0, "a", 1));
}

TEST_CASE("an index works while compiling")
{
    constexpr auto count = [] {
        IndexArrays<4> arrays;
        FilterIndex index(arrays, key);
        const auto gone = index.insert("sensors/#", 1);
        index.insert("sensors/+/temp", 2);
        index.insert("sensors/1/temp", 3);
        index.insert("sensors/1/hum", 4);
        index.erase(*gone);
        std::uint32_t sum = 0;
        index.match("sensors/1/temp", [&sum](const IndexMatch& match) { sum = 10 * sum + match.value(); });
        return sum;
    }();
    STATIC_REQUIRE((count == 23 || count == 32));
}

TEST_CASE("all short filters at once, and every short name")
{
    const auto filters = all_strings("ab$/+#", 5, valid_topic_filter);
    const auto names = all_strings("ab$/", 6, valid_topic_name);
    Storage storage(filters.size());
    FilterIndex index(storage, key);
    for (std::uint32_t i = 0; i < filters.size(); ++i) REQUIRE(index.insert(filters[i], i, Version::v3_1_1));
    CHECK(index.full());
    CHECK_FALSE(index.insert("c", 0));
    std::size_t different = 0;
    for (const std::string& name : names) different += values(index, name) != matching_filters(filters, name);
    CHECK(different == 0);
}

TEST_CASE("all short names at once, and every short filter")
{
    const auto names = all_strings("ab$/", 6, valid_topic_name);
    const auto filters = all_strings("ab$/+#", 5, valid_topic_filter);
    Storage storage(names.size());
    NameIndex index(storage, key);
    for (std::uint32_t i = 0; i < names.size(); ++i) REQUIRE(index.insert(names[i], i));
    std::size_t different = 0;
    for (const std::string& filter : filters) different += values(index, filter) != matching_names(names, filter);
    CHECK(different == 0);
    for (std::uint32_t i = 0; i < names.size(); ++i) REQUIRE(index.find(names[i])->value() == i);
    CHECK_FALSE(index.find("c"));
    CHECK_FALSE(index.find(""));
}

TEST_CASE("a filter that is not valid matches no name")
{
    IndexArrays<8> arrays;
    NameIndex index(arrays, key);
    for (const char* const name : {"/ab", "/ab/c", "z"}) REQUIRE(index.insert(name, 1));
    for (const char* const filter : {"", "/#a", "/#/", "a+", "+b/c", "#/c"}) {
        // Its bytes end where it does.
        const std::string text(filter);
        const std::vector<char> bytes(text.begin(), text.end());
        std::size_t matches = 0;
        index.match(std::string_view(bytes.data(), bytes.size()), [&](const IndexMatch&) { ++matches; });
        CHECK(matches == 0);
    }
}

TEST_CASE("what follows a share name may begin with $share again")
{
    IndexArrays<4> arrays;
    NameIndex index(arrays, key);
    REQUIRE(index.insert("$share/a", 1));
    const auto shared = split_shared("$share/group/$share/a");
    REQUIRE(shared);
    std::size_t found = 0;
    index.match(shared->filter, [&](const IndexMatch&) { ++found; });
    CHECK(matches(shared->filter, "$share/a"));
    CHECK(found == 1);
}

TEST_CASE("any three short filters, in any order, with one of them taken out")
{
    const auto filters = all_strings("a$/+#", 3, valid_topic_filter);
    const auto names = all_strings("a$/", 3, valid_topic_name);
    std::vector<std::vector<char>> matched(filters.size());
    for (std::size_t f = 0; f < filters.size(); ++f)
        for (const std::string& name : names) matched[f].push_back(matches(filters[f], name));
    IndexArrays<3> arrays;
    FilterIndex index(arrays, key);
    std::size_t different = 0;
    const auto compare = [&](std::span<const std::uint32_t> held) {
        for (std::size_t n = 0; n < names.size(); ++n) {
            std::array<int, 3> found{};
            index.match(names[n], [&](const IndexMatch& match) {
                for (const std::uint32_t value : match)
                    for (std::size_t i = 0; i < held.size(); ++i) found[i] += held[i] == value;
            });
            for (std::size_t i = 0; i < held.size(); ++i) different += found[i] != matched[held[i]][n];
        }
    };
    for (std::uint32_t a = 0; a < filters.size(); ++a)
        for (std::uint32_t b = 0; b < filters.size(); ++b)
            for (std::uint32_t c = 0; c < filters.size(); ++c) {
                if (a == b || b == c || a == c) continue;
                const auto first = index.insert(filters[a], a, Version::v3_1_1);
                const auto second = index.insert(filters[b], b, Version::v3_1_1);
                const auto third = index.insert(filters[c], c, Version::v3_1_1);
                REQUIRE((first && second && third));
                if (a < b && b < c) compare(std::array{a, b, c});
                index.erase(*second);
                compare(std::array{a, c});
                index.erase(*first);
                if (a < b) compare(std::array{c});
                index.erase(*third);
            }
    CHECK(different == 0);
    CHECK(index.size() == 0);
}

TEST_CASE("entries come and go at random")
{
    std::mt19937 random(GENERATE(1U, 2U, 3U));
    const auto below = [&random](std::size_t end) { return random() % end; };
    const auto filters = all_strings("ab/+#", 6, valid_topic_filter);
    const auto names = all_strings("ab/", 6, valid_topic_name);
    Storage storage(64);
    FilterIndex index(storage, key);
    struct Held {
        IndexEntry entry;
        std::string* text;
        std::uint32_t value;
    };
    std::vector<Held> held;
    for (std::uint32_t step = 0; step < 30'000; ++step) {
        const bool fill = step / 200 % 2 == 0;
        if (held.empty() || (below(4) != 0) == fill) {
            // Each has a text of its own, which is gone when it is.
            auto* text = new std::string(filters[below(below(2) == 0 ? 20 : filters.size())]);
            if (below(4) == 0) *text = "$share/g" + std::to_string(below(3)) + "/" + *text;
            const auto entry = index.insert(*text, step);
            REQUIRE(entry.has_value() == (held.size() < 64));
            if (entry) held.push_back({*entry, text, step});
            else delete text;
        } else {
            const std::size_t which = below(held.size());
            index.erase(held[which].entry);
            held[which].text->assign(held[which].text->size(), 'x');
            delete held[which].text;
            held[which] = held.back();
            held.pop_back();
        }
        REQUIRE(index.size() == held.size());
        Values expected;
        const std::string& name = names[below(names.size())];
        for (const Held& each : held) {
            const auto shared = split_shared(*each.text);
            if (matches(shared ? shared->filter : Text(*each.text), name)) expected.push_back(each.value);
            if (step % 64 == 0) {
                const auto found = index.find(*each.text);
                REQUIRE(found);
                REQUIRE(std::ranges::count(*found, each.value) == 1);
                REQUIRE(index.value(each.entry) == each.value);
            }
        }
        std::ranges::sort(expected);
        REQUIRE(values(index, name) == expected);
    }
    for (const Held& each : held) {
        index.erase(each.entry);
        delete each.text;
    }
    CHECK(index.size() == 0);
    CHECK(values(index, "a").empty());
}

TEST_CASE("hidden topics")
{
    IndexArrays<8> arrays;
    FilterIndex index(arrays, key);
    index.insert("#", 1);
    index.insert("+/monitor/Clients", 2);
    index.insert("$SYS/#", 3);
    index.insert("$SYS/monitor/+", 4);
    CHECK(values(index, "$SYS/monitor/Clients") == Values{3, 4});
    CHECK(values(index, "SYS/monitor/Clients") == Values{1, 2});

    IndexArrays<8> more;
    NameIndex names(more, key);
    names.insert("$SYS/monitor/Clients", 1);
    names.insert("$SYS", 2);
    names.insert("a/$SYS", 3);
    CHECK(values(names, "#") == Values{3});
    CHECK(values(names, "+/#") == Values{3});
    CHECK(values(names, "+").empty());
    CHECK(values(names, "$SYS/#") == Values{1, 2});
    CHECK(values(names, "a/+") == Values{3});
}

TEST_CASE("shared subscriptions are found once a share name")
{
    IndexArrays<8> arrays;
    FilterIndex index(arrays, key);
    index.insert("$share/workers/jobs/#", 1);
    index.insert("jobs/#", 2);
    index.insert("$share/workers/jobs/#", 3);
    index.insert("$share/others/jobs/#", 4);
    index.insert("$share/workers/jobs/+", 5);
    index.insert("jobs/#", 6);
    std::map<std::pair<std::string, std::string>, Values> found;
    index.match("jobs/1", [&found](const IndexMatch& match) {
        CHECK(match.shared() == !match.share_name().empty());
        found[{std::string(match.share_name()), std::string(match.text())}] = Values(match.begin(), match.end());
    });
    CHECK(found.size() == 4);
    CHECK(found[{"", "jobs/#"}] == Values{2, 6});
    CHECK(found[{"workers", "jobs/#"}] == Values{1, 3});
    CHECK(found[{"workers", "jobs/+"}] == Values{5});
    CHECK(found[{"others", "jobs/#"}] == Values{4});
    CHECK(index.find("$share/workers/jobs/#")->value() == 1);
    CHECK_FALSE(index.find("$share/nobody/jobs/#"));
    CHECK_FALSE(index.find("$share/others/jobs/+"));

    // To earlier versions it is a filter like any other.
    index.insert("$share/workers/jobs/#", 7, Version::v3_1_1);
    CHECK(values(index, "$share/workers/jobs/1") == Values{7});
    CHECK(index.find("$share/workers/jobs/#", Version::v3_1_1)->value() == 7);
}

TEST_CASE("the members of a share take turns")
{
    IndexArrays<8> arrays;
    FilterIndex index(arrays, key);
    const auto first = index.insert("$share/g/a", 1);
    index.insert("$share/g/a", 2);
    const auto third = index.insert("$share/g/a", 3);
    index.insert("$share/h/a", 4);
    index.insert("a", 5);
    Values turns;
    const auto take_turn = [&] {
        index.match("a", [&](const IndexMatch& match) {
            if (match.share_name() != "g") return;
            turns.push_back(match.value());
            index.rotate(match);
        });
    };
    for (int i = 0; i < 5; ++i) take_turn();
    CHECK(turns == Values{1, 2, 3, 1, 2});
    CHECK(values(index, "a") == Values{1, 2, 3, 4, 5});
    index.match("a", [&](const IndexMatch& match) {
        auto next = match.begin();
        const auto begin = next++;
        CHECK(*begin == match.value());
        CHECK(begin.entry() == match.entry());
        CHECK(std::distance(begin, match.end()) == (match.share_name() == "g" ? 3 : 1));
        CHECK((next == match.end()) == (match.share_name() != "g"));
    });
    index.erase(*first);
    for (int i = 0; i < 3; ++i) take_turn();
    CHECK(turns == Values{1, 2, 3, 1, 2, 3, 2, 3});
    index.erase(*third);
    take_turn();
    take_turn();
    CHECK(turns == Values{1, 2, 3, 1, 2, 3, 2, 3, 2, 2});
}

TEST_CASE("an entry that is gone is not erased again")
{
    IndexArrays<4> arrays;
    FilterIndex index(arrays, key);
    CHECK_FALSE(index.erase(IndexEntry{0}));
    const auto first = index.insert("a/b", 1);
    const auto second = index.insert("a/b", 2);
    const auto third = index.insert("a/c", 3);
    REQUIRE(third);
    CHECK(index.erase(*second));
    CHECK_FALSE(index.erase(*second));
    CHECK(index.erase(*first));
    CHECK_FALSE(index.erase(*first));
    CHECK_FALSE(index.erase(*second));
    CHECK_FALSE(index.erase(IndexEntry{1000}));
    CHECK(index.size() == 1);
    CHECK(values(index, "a/b") == Values{});
    CHECK(values(index, "a/c") == Values{3});
    index.clear();
    CHECK_FALSE(index.erase(*third));
}

TEST_CASE("a value with several filters can be told once")
{
    IndexArrays<8> arrays;
    FilterIndex index(arrays, key);
    index.insert("a/#", 0);
    index.insert("a/+", 1);
    index.insert("a/b", 0);
    index.insert("+/b", 9);
    index.insert("#", 9);
    std::array<std::uint32_t, 2> marks{};
    FirstTime first_time(marks);
    for (int round = 0; round < 3; ++round) {
        Values once;
        first_time.restart();
        index.match("a/b", [&](const IndexMatch& match) {
            for (const std::uint32_t value : match)
                if (first_time(value)) once.push_back(value);
        });
        std::ranges::sort(once);
        CHECK(once == Values{0, 1, 9, 9}); // 9 has no mark
    }
    CHECK(values(index, "a/b") == Values{0, 0, 1, 9, 9});
}

TEST_CASE("values can be changed, and everything taken out at once")
{
    IndexArrays<4> arrays;
    NameIndex index(arrays, key);
    const auto entry = index.insert("a/b", 1);
    index.set_value(*entry, 2);
    CHECK(values(index, "a/+") == Values{2});
    CHECK(index.text(*entry) == "a/b");
    CHECK(index.share_name(*entry).empty());
    index.clear();
    CHECK(index.size() == 0);
    CHECK(values(index, "#").empty());
    CHECK(index.insert("c", 3));
    CHECK(values(index, "#") == Values{3});
}

TEST_CASE("what is not valid is not taken")
{
    IndexArrays<4> arrays;
    FilterIndex filters(arrays, key);
    for (const std::string_view filter : {"", "a#", "#/a", "+a", "$share/g", "$share//a", "$share/g/"})
        CHECK_FALSE(filters.insert(filter, 1));
    CHECK_FALSE(filters.insert(std::string(65'536, 'a'), 1));
    CHECK(filters.size() == 0);
    IndexArrays<4> more;
    NameIndex names(more, key);
    for (const std::string_view name : {"", "a/+", "#"}) CHECK_FALSE(names.insert(name, 1));
    CHECK(names.size() == 0);
}

TEST_CASE("what is not valid is not found")
{
    IndexArrays<8> arrays;
    FilterIndex filters(arrays, key);
    for (const std::string_view filter : {"+", "a", "+/b", "#"}) REQUIRE(filters.insert(filter, 1));
    for (const std::string_view filter : {"", "+a", "#a", "a+", "+/b+", "+/+b", "#/a"})
        CHECK_FALSE(filters.find(filter));
}

TEST_CASE("an index without storage is full")
{
    FilterIndex index(IndexStorage{}, key);
    CHECK(index.full());
    CHECK_FALSE(index.insert("a", 1));
    CHECK_FALSE(index.find("a"));
    CHECK(values(index, "a").empty());
    index.clear();
    IndexArrays<2> arrays;
    CHECK(index.grow(arrays));
    CHECK(index.insert("a", 1));
    CHECK(values(index, "a") == Values{1});
}

TEST_CASE("an index moves to larger storage")
{
    const auto filters = all_strings("ab/+", 5, valid_topic_filter);
    const auto names = all_strings("ab/", 5, valid_topic_name);
    Storage small(8);
    FilterIndex index(small, key);
    std::vector<Storage> all;
    all.reserve(16);
    std::vector<IndexEntry> entries;
    for (std::uint32_t i = 0; i < filters.size(); ++i) {
        if (index.full()) {
            all.emplace_back(index.capacity() - 1);
            CHECK_FALSE(index.grow(all.back()));
            all.pop_back();
            all.emplace_back(2 * index.capacity());
            CHECK(index.grow(all.back()));
            std::ranges::fill(small.leaves, IndexLeaf{});
        }
        entries.push_back(*index.insert(filters[i], i));
    }
    for (const std::string& name : names) REQUIRE(values(index, name) == matching_filters(filters, name));
    for (std::uint32_t i = 0; i < filters.size(); ++i) REQUIRE(index.value(entries[i]) == i);
    for (const IndexEntry entry : entries) index.erase(entry);
    CHECK(index.size() == 0);
}

TEST_CASE("an index grows where it is")
{
    const auto filters = all_strings("ab/+", 5, valid_topic_filter);
    const auto names = all_strings("ab/", 5, valid_topic_name);
    constexpr std::size_t most = 4'096;
    REQUIRE(filters.size() <= most);
    Storage storage(most);
    const auto first = [&storage](std::size_t entries) {
        const IndexStorage all = storage;
        return IndexStorage{all.leaves.first(entries), all.branches.first(entries), all.slots.first(2 * entries)};
    };
    FilterIndex index(first(8), key);
    std::vector<IndexEntry> entries;
    for (std::uint32_t i = 0; i < filters.size(); ++i) {
        if (index.full()) {
            // Some are gone, so that there are leaves and branches that are free.
            for (std::uint32_t gone = i / 2; gone < i; ++gone) index.erase(entries[gone]);
            CHECK(index.grow(first(2 * index.capacity())));
            for (std::uint32_t gone = i / 2; gone < i; ++gone) entries[gone] = *index.insert(filters[gone], gone);
        }
        entries.push_back(*index.insert(filters[i], i));
    }
    for (const std::string& name : names) REQUIRE(values(index, name) == matching_filters(filters, name));
    for (const IndexEntry entry : entries) index.erase(entry);
    CHECK(index.size() == 0);

    NameIndex other(first(8), key);
    for (std::uint32_t i = 0; i < 8; ++i) CHECK(other.insert(names[i], i));
    CHECK(other.grow(first(16)));
    for (std::uint32_t i = 0; i < 8; ++i) CHECK(other.find(names[i])->value() == i);
}

TEST_CASE("filters and names of 65,535 levels")
{
    const std::string deep(65'535, '/');
    const std::string pluses = repeated("+/", 32'767) + "#";
    const std::string names = repeated("a/", 32'767) + "a";
    const std::string nearly = repeated("a/", 32'767) + "b";
    IndexArrays<8> arrays;
    FilterIndex index(arrays, key);
    CHECK(index.insert(deep, 1));
    CHECK(index.insert(deep.substr(1), 2));
    CHECK(index.insert(pluses, 3));
    CHECK(index.insert(names, 4));
    CHECK(index.insert(nearly, 5));
    CHECK(index.insert("$share/g/" + deep.substr(9), 6));
    CHECK(index.insert(deep, 7));
    CHECK(values(index, deep) == Values{1, 3, 7});
    CHECK(values(index, deep.substr(1)) == Values{2, 3});
    CHECK(values(index, names) == Values{3, 4});
    CHECK(values(index, nearly) == Values{3, 5});
    NameIndex other(arrays, key);
    other.insert(deep, 1);
    other.insert(names, 2);
    other.insert(nearly, 3);
    CHECK(values(other, pluses) == Values{1, 2, 3});
    CHECK(values(other, repeated("+/", 32'767) + "b") == Values{3});
    CHECK(values(other, repeated("+/", 32'767) + "+") == Values{2, 3});
}

TEST_CASE("every mixture of '+' and levels is looked at once")
{
    // All 2^12 filters of twelve levels "a" or "+", and a thirteenth level that no name has.
    constexpr std::size_t levels = 12;
    std::vector<std::string> filters;
    for (unsigned choice = 0; choice < 1U << levels; ++choice) {
        std::string filter;
        for (unsigned level = 0; level < levels; ++level) filter += (choice >> level & 1U) != 0 ? "+/" : "a/";
        filters.push_back(filter + "x");
    }
    Storage storage(filters.size());
    FilterIndex index(storage, key);
    for (std::uint32_t i = 0; i < filters.size(); ++i) index.insert(filters[i], i);
    CHECK(values(index, repeated("a/", levels) + "y").empty());
    CHECK(values(index, repeated("a/", levels) + "x").size() == filters.size());
    CHECK(values(index, repeated("a/", levels - 1) + "b/x").size() == filters.size() / 2);
}

namespace {

/// All 2^14 texts of fourteen levels that are one of two, each once with every end.
std::vector<std::string> mixtures(std::string_view one, std::string_view other, std::initializer_list<const char*> ends)
{
    constexpr std::size_t levels = 14;
    std::vector<std::string> texts;
    for (unsigned choice = 0; choice < 1U << levels; ++choice) {
        std::string text;
        for (unsigned level = 0; level < levels; ++level) text += (choice >> level & 1U) != 0 ? one : other;
        for (const char* const end : ends) texts.push_back(text + end);
    }
    return texts;
}

/// How many of some texts match a topic, many times.
template <class Index>
std::size_t matches_of(const std::vector<std::string>& texts, const std::string& topic)
{
    Storage storage(texts.size());
    Index index(storage, key);
    for (const std::string& text : texts) index.insert(text, 1);
    std::size_t found = 0;
    for (int i = 0; i < 8; ++i) found += values(index, topic).size();
    return found / 8;
}

} // namespace

// Each of these would look at gigabytes if every place looked at the whole level.
TEST_CASE("long levels are not looked at in every place")
{
    const std::string name = repeated("a/", 14);
    const std::string filter = repeated("+/", 14);
    const std::string level(65'000, 'x');
    const std::string half(32'000, 'x');
    const auto filters = mixtures("a/", "+/", {"p", "q"});
    CHECK(matches_of<FilterIndex>(filters, name + level) == 0);
    CHECK(matches_of<FilterIndex>(mixtures("a/", "+/", {"+/p", "+/q", "r", "s"}), name + half + "/" + half) == 0);
    CHECK(matches_of<FilterIndex>(mixtures("a/", "+/", {"+/+/p", "+/+/q"}), name + half + "/" + half + "/q")
        == filters.size() / 2);
    const auto names = mixtures("a/", "b/", {"p", "q"});
    CHECK(matches_of<NameIndex>(names, filter + level) == 0);
    CHECK(matches_of<NameIndex>(mixtures("a/", "b/", {"p/p", "p/q", "q/p"}), filter + "p/" + level) == 0);
}

TEST_CASE("levels of all sizes, and separators at all places")
{
    // Around the sizes from which on a text has a table, a level has a digest, and a name matches nothing.
    std::vector<std::string> names;
    for (const std::size_t size : {63U, 64U, 65U, 66U, 1'021U, 1'022U, 1'023U, 1'024U, 1'025U, 2'048U, 3'000U, 65'530U})
        for (const char* const end : {"", "/", "//", "/b", "/b/c"}) {
            const std::string name = std::string(size, 'x') + end;
            names.push_back(name);
            if (size < 65'530) names.push_back("a/" + name);
            if (size <= 3'000) names.push_back(name + "/" + name);
        }
    std::vector<std::string> filters = names;
    for (const char* const more :
        {"+", "+/+", "+/b", "+/b/+", "a/+/b", "+/+/b/c", "+/+/+", "a/+", "+/", "+/+/", "a/#", "#"})
        filters.emplace_back(more);
    for (const std::string& name : names) filters.push_back(name + "/+");
    std::erase_if(filters, [](const std::string& filter) { return !valid_topic_filter(filter, Version::v3_1_1); });
    // Literals beside each other, so that they are found by their hash.
    Storage storage(filters.size());
    FilterIndex index(storage, key);
    for (std::uint32_t i = 0; i < filters.size(); ++i) REQUIRE(index.insert(filters[i], i));
    for (const std::string& name : names) REQUIRE(values(index, name) == matching_filters(filters, name));
    CHECK(values(index, std::string(65'536, 'x')).empty());

    Storage more(names.size());
    NameIndex other(more, key);
    for (std::uint32_t i = 0; i < names.size(); ++i) REQUIRE(other.insert(names[i], i));
    for (const std::string& filter : filters) REQUIRE(values(other, filter) == matching_names(names, filter));
}

TEST_CASE("an index holds sixty-four bytes a filter")
{
    CHECK(sizeof(IndexLeaf) + sizeof(IndexBranch) + 2 * sizeof(std::uint32_t) <= 64);
    CHECK(std::is_trivially_copyable_v<FilterIndex>);
    // The filters that need most: each parts from the others at a place of its own.
    Storage storage(1'000);
    FilterIndex index(storage, key);
    std::vector<std::string> filters;
    for (std::size_t i = 0; i < 1'000; ++i) filters.push_back(repeated("a/", i) + "b");
    for (std::uint32_t i = 0; i < 1'000; ++i) REQUIRE(index.insert(filters[i], i));
    for (std::uint32_t i = 0; i < 1'000; ++i) REQUIRE(values(index, filters[i]) == Values{i});
}
