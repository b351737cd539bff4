// The names of versions, properties, fields and enumerations.
#include "unit/check.hpp"
#include "unit/enumerators.hpp"

#include <cstddef>
#include <set>
#include <utility>

using namespace check;

TEST_CASE("names of versions")
{
    CHECK(name(Version::v3_1) == "3.1");
    CHECK(name(Version::v3_1_1) == "3.1.1");
    CHECK(name(Version::v5) == "5.0");
    CHECK(name(static_cast<Version>(6)).empty());
    for (const Version version : versions) CHECK(version_named(name(version)) == version);
    CHECK_FALSE(version_named("5"));
    CHECK_FALSE(version_named(""));
}

TEST_CASE("every enumerator has a row in the table of its enumeration, and no other value")
{
    STATIC_REQUIRE(enumerators<Version>[5]);
    STATIC_REQUIRE_FALSE(enumerators<Version>[6]);
    for (unsigned value = 0; value < 256; ++value) {
        CAPTURE(value);
        CHECK(enumerators<Version>[value] == !name(static_cast<Version>(value)).empty());
        CHECK(enumerators<ReasonCode>[value] == !name(static_cast<ReasonCode>(value)).empty());
        CHECK(enumerators<PropertyId>[value] == !name(static_cast<PropertyId>(value)).empty());
        CHECK(enumerators<Field>[value] == (value >= 0x40 && !name(static_cast<Field>(value)).empty()));
        CHECK(enumerators<Errc>[value] == (value < error_table.size()));
        CHECK(enumerators<PacketType>[value] == (value != 0 && value < packet_type_table.size()));
        CHECK(enumerators<QoS>[value] == (name(static_cast<QoS>(value)) != "reserved"));
        CHECK(enumerators<RetainHandling>[value] == (name(static_cast<RetainHandling>(value)) != "reserved"));
    }
}

TEST_CASE("every flag of Leniency has a row")
{
    [&]<std::size_t... Bits>(std::index_sequence<Bits...>) {
        const auto is_in_table = [](Leniency flag) { return !name(flag).empty(); };
        CHECK(((is_enumerator<static_cast<Leniency>(1U << Bits)>() == is_in_table(static_cast<Leniency>(1U << Bits)))
            && ...));
    }(std::make_index_sequence<8 * sizeof(Leniency)>{});
}

TEST_CASE("names of QoS and retain handling")
{
    CHECK(name(QoS::at_most_once) == "at_most_once");
    CHECK(name(QoS::at_least_once) == "at_least_once");
    CHECK(name(QoS::exactly_once) == "exactly_once");
    CHECK(name(static_cast<QoS>(3)) == "reserved");
    CHECK(name(RetainHandling::send) == "send");
    CHECK(name(RetainHandling::send_if_new_subscription) == "send_if_new_subscription");
    CHECK(name(RetainHandling::do_not_send) == "do_not_send");
    CHECK(name(static_cast<RetainHandling>(3)) == "reserved");
}

TEST_CASE("the names of all 27 properties differ, and no other value has one")
{
    std::set<std::string_view> names;
    for (unsigned id = 0; id < 256; ++id) {
        const std::string_view text = name(static_cast<PropertyId>(id));
        CHECK((find_property(static_cast<PropertyId>(id)) != nullptr) == !text.empty());
        if (!text.empty()) CHECK(names.insert(text).second);
    }
    CHECK(names.size() == 27);
    CHECK(name(PropertyId::topic_alias) == "topic_alias");
}

TEST_CASE("the names of all fields differ, those of properties are the properties' own")
{
    std::set<std::string_view> names;
    for (unsigned value = 0; value < 256; ++value) {
        const auto each = static_cast<Field>(value);
        const std::string_view text = name(each);
        if (!text.empty()) CHECK(names.insert(text).second);
        CHECK(property(each).has_value() == (value < 0x40));
        if (property(each)) CHECK(text == name(*property(each)));
    }
    CHECK(names.size() == 27 + 22);
    CHECK(name(field(PropertyId::user_property)) == "user_property");
    CHECK(name(Field::connect_flags) == "connect_flags");
}

TEST_CASE("the places of properties have names")
{
    std::set<std::string_view> names;
    for (unsigned place = 0; place < property_place_count; ++place)
        CHECK(names.insert(name(static_cast<PropertyPlace>(place))).second);
    CHECK(name(PropertyPlace::will) == "will");
    CHECK(name(static_cast<PropertyPlace>(property_place_count)).empty());
}

TEST_CASE("a value behind the last one has no name")
{
    // While compiling, because the compiler finds a look behind a table.
    STATIC_REQUIRE(name(static_cast<Field>(static_cast<unsigned>(Field::properties) + 1)).empty());
    STATIC_REQUIRE(name(static_cast<Field>(255)).empty());
    STATIC_REQUIRE(name(static_cast<PropertyPlace>(property_place_count)).empty());
    STATIC_REQUIRE(name(static_cast<PropertyId>(0x2B)).empty());
    STATIC_REQUIRE(name(static_cast<ReasonCode>(0xA3)).empty());
    STATIC_REQUIRE(name(static_cast<Version>(6)).empty());
    STATIC_REQUIRE(name(static_cast<QoS>(4)) == "reserved");
    STATIC_REQUIRE(name(static_cast<RetainHandling>(4)) == "reserved");
    STATIC_REQUIRE(name(static_cast<PacketType>(16)) == "reserved");
    STATIC_REQUIRE(name(Field::properties) == "properties");
}
