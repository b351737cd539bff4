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
    CHECK(list.all_of([&](auto& each) { return each == expected[seen++]; }));
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

TEST_CASE("elements in braces, for the length of the expression")
{
    std::array<std::byte, 64> buffer{};
    const auto hex_of = [](const auto& result) { return hex(result.value()); };
    CHECK(hex_of(Subscribe{.packet_id = 1, .filters = {{.filter = "a"}}}.encode(buffer, Version::v3_1_1))
        == hex(bytes("82 06 00 01 00 01 61 00")));
    CHECK(
        hex_of(
            Subscribe{.packet_id = 1, .filters = {{.filter = "a"}, {.filter = "b", .qos = QoS::at_least_once}}}.encode(
                buffer, Version::v3_1_1))
        == hex(bytes("82 0A 00 01 00 01 61 00 00 01 62 01")));
    CHECK(hex_of(Unsubscribe{.packet_id = 1, .filters = {"a", "b"}}.encode(buffer, Version::v3_1_1))
        == hex(bytes("A2 08 00 01 00 01 61 00 01 62")));
    CHECK(hex_of(SubAck{.packet_id = 1, .reason_codes = {ReasonCode::granted_qos_1}}.encode(buffer, Version::v3_1_1))
        == hex(bytes("90 03 00 01 01")));
    CHECK(hex_of(Publish{.topic = "t", .properties = {.subscription_identifier = {1, 2}, .user_property = {{"k", "v"}}}}
                  .encode(buffer, Version::v5))
        == hex(bytes("30 0F 00 01 74 0B 0B 01 0B 02 26 00 01 6B 00 01 76")));
    constexpr std::size_t size =
        Subscribe{.packet_id = 1, .filters = {{.filter = "a"}}}.encoded_size(Version::v5).value();
    STATIC_REQUIRE(size == 9);
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

namespace {

bool lies_in(const Text& text, const Bytes& bytes)
{
    return text.empty() || (text.bytes() >= bytes.data() && text.bytes() + text.size() <= bytes.data() + bytes.size());
}
bool lies_in(const Subscription& subscription, const Bytes& bytes) { return lies_in(subscription.filter, bytes); }
bool lies_in(const UserProperty& pair, const Bytes& bytes)
{
    return lies_in(pair.name, bytes) && lies_in(pair.value, bytes);
}
bool lies_in(ReasonCode, const Bytes&) { return true; }
bool lies_in(std::uint32_t, const Bytes&) { return true; }

/// Goes over a list in every way after its bytes, which are the end of a packet, were overwritten in many ways.
template <class T>
void stays_inside(Bytes wire, const List<T>& list, std::size_t from, const Bytes& packet)
{
    auto* const bytes = const_cast<std::byte*>(packet.data()); // the list points there
    const std::size_t count = list.size();
    REQUIRE(count > 1);
    const auto go_over = [&] {
        std::size_t seen = 0;
        for (const T& each : list) {
            ++seen;
            if (!lies_in(each, packet)) FAIL("outside");
        }
        if (seen != count) FAIL("seen " << seen);
        seen = 0;
        list.all_of([&](const T& each) {
            ++seen;
            return lies_in(each, packet);
        });
        if (seen != count) FAIL("all_of " << seen);
        for (std::size_t i = 0; i < count; ++i)
            if (!lies_in(list[i], packet)) FAIL("outside at " << i);
    };
    const auto restore = [&] { std::copy(wire.begin(), wire.end(), bytes); };
    for (std::size_t at = from; at < wire.size(); ++at)
        for (unsigned value = 0; value < 256; ++value) {
            restore();
            bytes[at] = static_cast<std::byte>(value);
            go_over();
        }
    for (unsigned value = 0; value < 256; ++value) {
        std::fill(bytes + from, bytes + wire.size(), static_cast<std::byte>(value));
        go_over();
    }
    std::uint32_t state = 1;
    for (int round = 0; round < 1000; ++round) {
        for (std::size_t at = from; at < wire.size(); ++at) {
            state = state * 1'664'525U + 1'013'904'223U;
            bytes[at] = static_cast<std::byte>(state >> 24U & (round % 2 == 0 ? 0xFFU : 0x0FU));
        }
        go_over();
    }
}

} // namespace

TEST_CASE("whatever becomes of its bytes, a list has its number of elements and nothing outside is read for them")
{
    const Bytes subscribe = bytes("82 15 00 01 00 00 01 61 00 00 02 62 62 01 00 06 63 63 63 63 63 63 02");
    const Packet packet = good(subscribe, Version::v5);
    stays_inside(subscribe, std::get<Subscribe>(packet).filters, 5, subscribe);
    const Bytes unsubscribe = bytes("A2 0C 00 01 00 00 01 61 00 04 62 62 62 62");
    stays_inside(unsubscribe, std::get<Unsubscribe>(good(unsubscribe, Version::v5)).filters, 5, unsubscribe);
    const Bytes suback = bytes("90 05 00 01 00 01 02");
    stays_inside(suback, std::get<SubAck>(good(suback, Version::v5)).reason_codes, 5, suback);
    const Bytes pairs =
        bytes("E0 1D 00 1B 1F 00 01 72 26 00 01 6B 00 01 31 26 00 00 00 00 1C 00 01 73 26 00 01 6B 00 01 32");
    stays_inside(pairs, std::get<Disconnect>(good(pairs, Version::v5)).properties.user_property, 8, pairs);
    const Bytes identifiers = bytes("30 19 00 01 74 14 0B 01 01 01 02 00 00 00 05 0B C8 01 23 00 01 0B FF FF FF 7F 78");
    stays_inside(identifiers, std::get<Publish>(good(identifiers, Version::v5)).properties.subscription_identifier, 6,
        identifiers);
}

TEST_CASE("a version that is none does not make bytes an array")
{
    const Bytes wire = bytes("01 02 03");
    for (const unsigned version : {0U, 8U, 16U, 255U}) {
        const List<ReasonCode> list(wire.data(), wire.size(), 3, static_cast<Version>(version));
        CHECK(list[2] == static_cast<ReasonCode>(3));
    }
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
