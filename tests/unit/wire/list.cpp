// List: an array of the caller's or the elements of a decoded packet, alike to whoever goes over them.
#include "unit/check.hpp"

#include <algorithm>
#include <iterator>
#include <ranges>
#include <vector>

using namespace check;

namespace {

template <class T>
void behaves_as(const List<T>& list, const std::vector<T>& expected)
{
    CHECK(list.size() == expected.size());
    CHECK(list.empty() == expected.empty());
    std::size_t i = 0;
    for (const T& each : list) CHECK((i < expected.size() && each == expected[i++]));
    CHECK(i == expected.size());
    for (i = 0; i < expected.size(); ++i) CHECK(list[i] == expected[i]);
    if (!expected.empty()) CHECK(list.front() == expected.front());
    for (i = 0; i <= expected.size() + 1; ++i) {
        const std::vector<T> begin(
            expected.begin(), expected.begin() + static_cast<std::ptrdiff_t>(std::min(i, expected.size())));
        CHECK(list.first(i) == List<T>(begin));
    }
    CHECK(static_cast<std::size_t>(std::ranges::distance(list)) == expected.size());
    CHECK(std::equal(list.begin(), list.end(), expected.begin(), expected.end()));
    CHECK(list == List<T>(expected));
    std::size_t seen = 0;
    CHECK(list.all_of([&](const T& each) { return each == expected[seen++]; }));
    CHECK(seen == expected.size());
    if (!expected.empty()) {
        std::size_t asked = 0;
        CHECK_FALSE(list.all_of([&](const T&) {
            ++asked;
            return false;
        }));
        CHECK(asked == 1);
        auto iterator = list.begin();
        CHECK(*iterator++ == expected.front());
        CHECK((expected.size() > 1 ? *iterator == expected[1] : iterator == list.end()));
        std::vector<T> other = expected;
        other.pop_back();
        CHECK_FALSE(list == List<T>(other));
        other = expected;
        other.back() = T{};
        CHECK((list == List<T>(other)) == (expected.back() == T{}));
    }
}

} // namespace

TEST_CASE("filters of SUBSCRIBE")
{
    const std::vector<Subscription> expected{{.filter = "a"}, {.filter = "b/#", .qos = QoS::exactly_once},
        {.filter = "$share/g/+",
            .qos = QoS::at_least_once,
            .retain_as_published = true,
            .retain_handling = RetainHandling::do_not_send}};
    behaves_as(List<Subscription>(expected), expected);
    const Bytes wire = encoded(Subscribe{.packet_id = 1, .filters = expected}, Version::v5).bytes;
    behaves_as(std::get<Subscribe>(good(wire, Version::v5)).filters, expected);
}

TEST_CASE("filters of UNSUBSCRIBE")
{
    const std::vector<Text> expected{"a", "b/c/d", "#"};
    behaves_as(List<Text>(expected), expected);
    for (const Version version : versions) {
        const Bytes wire = encoded(Unsubscribe{.packet_id = 1, .filters = expected}, version).bytes;
        behaves_as(std::get<Unsubscribe>(good(wire, version)).filters, expected);
    }
}

TEST_CASE("reason codes")
{
    const std::vector<ReasonCode> expected{
        ReasonCode::granted_qos_1, ReasonCode::success, ReasonCode::unspecified_error};
    behaves_as(List<ReasonCode>(expected), expected);
    for (const Version version : {Version::v3_1_1, Version::v5}) {
        const Bytes wire = encoded(SubAck{.packet_id = 1, .reason_codes = expected}, version).bytes;
        behaves_as(std::get<SubAck>(good(wire, version)).reason_codes, expected);
    }
}

TEST_CASE("user properties, among others")
{
    const std::vector<UserProperty> expected{{"k", "1"}, {"", ""}, {"k", "2"}};
    behaves_as(List<UserProperty>(expected), expected);
    const Bytes alone = bytes("E0 15 00 13 26 00 01 6B 00 01 31 26 00 00 00 00 26 00 01 6B 00 01 32");
    behaves_as(std::get<Disconnect>(good(alone, Version::v5)).properties.user_property, expected);
    const Bytes mixed =
        bytes("E0 1D 00 1B 1F 00 01 72 26 00 01 6B 00 01 31 26 00 00 00 00 1C 00 01 73 26 00 01 6B 00 01 32");
    behaves_as(std::get<Disconnect>(good(mixed, Version::v5)).properties.user_property, expected);
}

TEST_CASE("subscription identifiers among properties of every type")
{
    const std::vector<std::uint32_t> expected{1, 200, 268'435'455};
    behaves_as(List<std::uint32_t>(expected), expected);
    const Bytes block = bytes("0B 01 01 01 02 00 00 00 0B 03 00 01 0B 09 00 02 0B 0B 26 00 01 0B 00 01 0B 0B C8 01 08 "
                              "00 01 0B 23 00 0B 0B FF FF FF 7F 26 00 00 00 00");
    const Bytes wire = packet(0x30, prefixed("t") + byte(static_cast<unsigned>(block.size())) + block);
    const Packet found = good(wire, Version::v5);
    behaves_as(std::get<Publish>(found).properties.subscription_identifier, expected);
    const Bytes again = encoded(found, Version::v5).bytes;
    CHECK(good(again, Version::v5) == found);
}

TEST_CASE("an empty list")
{
    behaves_as(List<Text>(), {});
    behaves_as(List<UserProperty>(), {});
    CHECK(List<Text>().begin() == List<Text>().end());
}

TEST_CASE("a count beyond what a packet can hold stays too large")
{
    // Nothing is read: there is one element, whatever is claimed.
    const Text one = "a";
    if constexpr (sizeof(std::size_t) > 4) {
        CHECK(List<Text>(&one, std::size_t{1} << 32U).size() == 0xFFFFFFFFU);
        CHECK(List<Text>(&one, (std::size_t{1} << 32U) + 1).size() == 0xFFFFFFFFU);
    }
    CHECK(List<Text>(&one, 0xFFFFFFFEU).size() == 0xFFFFFFFEU);
}

TEST_CASE("a list is a range")
{
    STATIC_REQUIRE(std::ranges::forward_range<List<Text>>);
    STATIC_REQUIRE(std::ranges::sized_range<List<UserProperty>>);
    STATIC_REQUIRE(std::is_trivially_copyable_v<List<Subscription>>);
}

TEST_CASE("thousands of user properties take time that grows with their number alone")
{
    std::vector<UserProperty> many(20'000, UserProperty{"key", "value"});
    many.back() = {"last", "one"};
    const Bytes wire = encoded(Publish{.topic = "t", .properties = {.user_property = many}}, Version::v5).bytes;
    const Publish publish = std::get<Publish>(good(wire, Version::v5));
    CHECK(publish.properties.user_property.size() == many.size());
    CHECK(publish.properties.user_property == List<UserProperty>(many));
    CHECK(encoded(publish, Version::v5).bytes == wire);
}
