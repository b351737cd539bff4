// SUBSCRIBE and UNSUBSCRIBE, topic names and topic filters.
#include "conformance/rules.hpp"

#include <string>

using namespace conformance;

TEST_CASE("filters of SUBSCRIBE are text", "[3.1.1:MQTT-3.8.3-1][5.0:MQTT-3.8.3-1]")
{
    for (const Version version : numbered_versions) {
        for (const BadText& bad : bad_texts) {
            refuses(version, subscribe(version, bad.text), bad.code);
            const OneFilter structs(bad.text);
            refuses_to_write(version, structs.subscribe(), bad.code);
        }
        keeps(version, subscribe(version, "caf\xC3\xA9/#"));
    }
}

TEST_CASE("filters of UNSUBSCRIBE are text, one after another", "[3.1.1:MQTT-3.10.3-1][5.0:MQTT-3.10.3-1]")
{
    for (const Version version : numbered_versions) {
        for (const BadText& bad : bad_texts) {
            refuses(version, unsubscribe(version, bad.text), bad.code);
            const OneFilter structs(bad.text);
            refuses_to_write(version, structs.unsubscribe(), bad.code);
        }
        const std::array<Text, 3> filters{"a/b", "caf\xC3\xA9", "#"};
        const Bytes wire = packet(
            0xA2, bytes("00 01") + no_properties(version) + prefixed("a/b") + prefixed("caf\xC3\xA9") + prefixed("#"));
        CHECK(encoded(Unsubscribe{.packet_id = 1, .filters = filters}, version).bytes == wire);
        CHECK(std::get<Unsubscribe>(keeps(version, wire)).filters == List<Text>(filters));
    }
}

TEST_CASE("SUBSCRIBE has at least one filter", "[3.1.1:MQTT-3.8.3-3][5.0:MQTT-3.8.3-2]")
{
    for (const Version version : numbered_versions) {
        const Bytes empty = packet(0x82, bytes("00 01") + no_properties(version));
        refuses(version, empty, Errc::no_topic_filter);
        CHECK(clause(decoded(empty, version).error(), version)
            == (version == Version::v5 ? "MQTT-3.8.3-2" : "MQTT-3.8.3-3"));
        CHECK(reason_code(Errc::no_topic_filter) == ReasonCode::protocol_error);
        refuses_to_write(version, Subscribe{.packet_id = 1}, Errc::no_topic_filter);
        keeps(version, subscribe(version, "a"));
    }
}

TEST_CASE("UNSUBSCRIBE has at least one filter", "[3.1.1:MQTT-3.10.3-2][5.0:MQTT-3.10.3-2]")
{
    for (const Version version : numbered_versions) {
        const Bytes empty = packet(0xA2, bytes("00 01") + no_properties(version));
        refuses(version, empty, Errc::no_topic_filter);
        CHECK(clause(decoded(empty, version).error(), version) == "MQTT-3.10.3-2");
        refuses_to_write(version, Unsubscribe{.packet_id = 1}, Errc::no_topic_filter);
        keeps(version, unsubscribe(version, "a"));
    }
}

TEST_CASE("3.1.1: the requested QoS is 0, 1 or 2 and nothing more", "[3.1.1:MQTT-3.8.3-4]")
{
    for (unsigned options = 3; options < 256; ++options)
        refuses(Version::v3_1_1, subscribe(Version::v3_1_1, "a", options),
            options == 3 ? Errc::requested_qos_3 : Errc::subscription_options_reserved);
    for (unsigned qos = 0; qos < 3; ++qos) keeps(Version::v3_1_1, subscribe(Version::v3_1_1, "a", qos));
    for (unsigned qos = 3; qos < 6; ++qos) {
        OneFilter structs("a");
        structs.subscription[0].qos = static_cast<QoS>(qos);
        refuses_to_write(Version::v3_1_1, structs.subscribe(), Errc::requested_qos_3);
    }
    OneFilter with_option("a");
    with_option.subscription[0].no_local = true;
    refuses_to_write(Version::v3_1_1, with_option.subscribe(), Errc::not_in_version);
}

TEST_CASE("No Local is not set on a shared subscription", "[5.0:MQTT-3.8.3-4]")
{
    OneFilter structs("$share/g/a");
    structs.subscription[0].no_local = true;
    for (const unsigned options : {0x04U, 0x05U, 0x0CU, 0x24U})
        refuses(Version::v5, subscribe(Version::v5, "$share/g/a", options), Errc::no_local_on_shared);
    refuses_to_write(Version::v5, structs.subscribe(), Errc::no_local_on_shared);
    CHECK(reason_code(Errc::no_local_on_shared) == ReasonCode::protocol_error);
    keeps(Version::v5, subscribe(Version::v5, "$share/g/a", 0x01));
    keeps(Version::v5, subscribe(Version::v5, "$shared/g/a", 0x05));
    keeps(Version::v5, subscribe(Version::v5, "a", 0x05));
}

TEST_CASE("bits 7 and 6 of the Subscription Options are 0", "[5.0:MQTT-3.8.3-5]")
{
    for (unsigned options = 0x40; options < 0x100; ++options) {
        const bool nothing_else = (options & 3U) != 3 && (options & 0x30U) != 0x30;
        if (nothing_else)
            refuses(Version::v5, subscribe(Version::v5, "a", options), Errc::subscription_options_reserved);
        else CHECK_FALSE(decoded(subscribe(Version::v5, "a", options), Version::v5));
    }
    OneFilter structs("a");
    structs.subscription[0] = {.filter = "a",
        .qos = QoS::exactly_once,
        .no_local = true,
        .retain_as_published = true,
        .retain_handling = RetainHandling::do_not_send};
    CHECK(encoded(structs.subscribe(), Version::v5).bytes == subscribe(Version::v5, "a", 0x2E));
    // A Retain Handling beyond those that exist would reach those bits.
    structs.subscription[0].retain_handling = static_cast<RetainHandling>(4);
    refuses_to_write(Version::v5, structs.subscribe(), Errc::retain_handling_3);
}

TEST_CASE("wildcards stand in filters, not in names", "[3.1.1:MQTT-4.7.1-1][5.0:MQTT-4.7.0-1]")
{
    for (const Version version : numbered_versions) {
        for (const std::string_view filter : {"#", "+", "a/#", "+/b"}) {
            keeps_filter(version, filter);
            refuses_topic(version, filter, Errc::topic_name_wildcard);
            refuses(version,
                connect(version, 0x06, prefixed("c") + no_properties(version) + prefixed(filter) + prefixed("")),
                Errc::topic_name_wildcard);
            refuses_to_write(
                version, Connect{.client_id = "c", .will = Will{.topic = filter}}, Errc::topic_name_wildcard);
        }
    }
}

TEST_CASE("'#' fills the last level", "[3.1.1:MQTT-4.7.1-2][5.0:MQTT-4.7.1-1]")
{
    for (const Version version : numbered_versions) {
        for (const std::string_view filter : {"#", "/#", "sport/#", "sport/tennis/player1/#", "+/#"})
            keeps_filter(version, filter);
        for (const std::string_view filter :
            {"sport#", "sport/ten#", "sport/#/ranking", "#/a", "##", "#/", "/##", "a/#b", "#+"})
            refuses_filter(version, filter, Errc::topic_filter_multi_level_misplaced);
    }
}

TEST_CASE("'+' fills its level", "[3.1.1:MQTT-4.7.1-3][5.0:MQTT-4.7.1-2]")
{
    for (const Version version : numbered_versions) {
        for (const std::string_view filter : {"+", "+/", "/+", "+/+", "sport/+/player1", "+/tennis/#", "a/+"})
            keeps_filter(version, filter);
        for (const std::string_view filter : {"sport+", "+a/b", "a/b+", "++", "a/+b", "a/+#", "b/+/a+"})
            refuses_filter(version, filter, Errc::topic_filter_single_level_misplaced);
    }
}

TEST_CASE("topic names and filters are not empty", "[3.1.1:MQTT-4.7.3-1][5.0:MQTT-4.7.3-1]")
{
    for (const Version version : numbered_versions) {
        refuses_filter(version, "", Errc::topic_filter_empty);
        refuses_topic(version, "", version == Version::v5 ? Errc::topic_missing_without_alias : Errc::topic_name_empty);
        refuses(version, connect(version, 0x06, prefixed("c") + no_properties(version) + prefixed("") + prefixed("")),
            Errc::topic_name_empty);
        refuses_to_write(version, Connect{.client_id = "c", .will = Will{}}, Errc::topic_name_empty);
        for (const std::string_view topic : {"/", " ", "a"}) {
            keeps_topic(version, topic);
            keeps_filter(version, topic);
        }
    }
    // With an alias a name may be empty in 5.0.
    writes(Version::v5, Publish{.payload = "x", .properties = {.topic_alias = std::uint16_t{1}}},
        "30 07 00 00 03 23 00 01 78");
}

TEST_CASE("topic names and filters hold no U+0000", "[3.1.1:MQTT-4.7.3-2][5.0:MQTT-4.7.3-2]")
{
    for (const Version version : numbered_versions) {
        for (const std::string_view topic : {"\0"sv, "a\0"sv, "\0/a"sv, "a/b/c/d/e/f/g/h/i/j/k/l/m/n/o/p/q/r\0"sv}) {
            refuses_topic(version, topic, Errc::utf8_null);
            refuses_filter(version, topic, Errc::utf8_null);
        }
    }
}

TEST_CASE("topic names and filters are at most 65,535 bytes of UTF-8", "[3.1.1:MQTT-4.7.3-3][5.0:MQTT-4.7.3-3]")
{
    const std::string longest(65'535, 'a');
    const std::string too_long(65'536, 'a');
    for (const Version version : numbered_versions) {
        keeps_topic(version, longest);
        keeps_filter(version, longest);
        refuses_to_write(version, Publish{.topic = too_long}, Errc::text_too_long);
        const OneFilter structs(too_long);
        refuses_to_write(version, structs.subscribe(), Errc::text_too_long);
        refuses_to_write(version, structs.unsubscribe(), Errc::text_too_long);
        CHECK(valid_topic_name(longest));
        CHECK_FALSE(valid_topic_name(too_long));
        CHECK(valid_topic_filter(longest));
        CHECK_FALSE(valid_topic_filter(too_long));
        for (const BadText& bad : bad_texts) {
            refuses_topic(version, bad.text, bad.code);
            refuses_filter(version, bad.text, bad.code);
        }
    }
}

TEST_CASE("a shared filter has a share name", "[5.0:MQTT-4.8.2-1]")
{
    refuses_filter(Version::v5, "$share//a", Errc::share_name_empty);
    refuses_filter(Version::v5, "$share/", Errc::share_name_empty);
    for (const std::string_view filter : {"$share/g/a", "$share/g/#", "$share/g/a/+", "$share/g//finance"}) {
        keeps_filter(Version::v5, filter);
        CHECK(split_shared(filter)->share_name == "g");
    }
    for (const std::string_view filter : {"$share", "$shared/g/a", "$SHARE/g/a", "share/g/a"}) {
        keeps_filter(Version::v5, filter);
        CHECK_FALSE(split_shared(filter));
    }
}

TEST_CASE("a share name has no '/', '+' or '#', and a filter follows it", "[5.0:MQTT-4.8.2-2]")
{
    for (const std::string_view filter : {"$share/g+/a", "$share/#/a", "$share/+/a", "$share/a#", "$share/+"})
        refuses_filter(Version::v5, filter, Errc::share_name_wildcard);
    for (const std::string_view filter : {"$share/g", "$share/g/"})
        refuses_filter(Version::v5, filter, Errc::shared_filter_missing);
    refuses_filter(Version::v5, "$share/g/a#", Errc::topic_filter_multi_level_misplaced);
    refuses_filter(Version::v5, "$share/g/a+", Errc::topic_filter_single_level_misplaced);
    const std::optional<SharedFilter> split = split_shared("$share/g/a/b");
    REQUIRE(split);
    CHECK(split->share_name == "g");
    CHECK(split->filter == "a/b");
}
