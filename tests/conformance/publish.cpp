// PUBLISH.
#include "conformance/rules.hpp"

using namespace conformance;

TEST_CASE("DUP is 0 with QoS 0", "[3.1.1:MQTT-3.3.1-2][5.0:MQTT-3.3.1-2][3.1.1:MQTT-4.3.1-1][5.0:MQTT-4.3.1-1]")
{
    for (const Version version : numbered_versions) {
        const Bytes body = prefixed("a") + no_properties(version);
        for (const unsigned first : {0x38U, 0x39U}) refuses(version, packet(first, body), Errc::dup_with_qos_0);
        for (const bool retain : {false, true})
            refuses_to_write(version, Publish{.topic = "a", .retain = retain, .dup = true}, Errc::dup_with_qos_0);
        const Bytes with_qos_0 = packet(0x30, body);
        CHECK(encoded(Publish{.topic = "a"}, version).bytes == with_qos_0);
        const Publish read = std::get<Publish>(keeps(version, with_qos_0));
        CHECK(read.qos == QoS::at_most_once);
        CHECK_FALSE(read.dup);
        for (const unsigned first : {0x3AU, 0x3CU}) {
            const Bytes wire = packet(first, prefixed("a") + bytes("00 01") + no_properties(version));
            CHECK(std::get<Publish>(keeps(version, wire)).dup);
        }
    }
}

TEST_CASE("the QoS is not 3", "[3.1.1:MQTT-3.3.1-4][5.0:MQTT-3.3.1-4]")
{
    for (const Version version : numbered_versions) {
        for (const unsigned first : {0x36U, 0x37U, 0x3EU, 0x3FU})
            refuses(version, packet(first, prefixed("a") + bytes("00 01") + no_properties(version)), Errc::qos_3);
        for (const unsigned qos : {3U, 4U, 128U, 255U})
            refuses_to_write(version, Publish{.topic = "a", .qos = static_cast<QoS>(qos), .packet_id = 1}, Errc::qos_3);
        for (const unsigned qos : {1U, 2U}) {
            const Bytes wire = packet(0x30 + 2 * qos, prefixed("a") + bytes("00 01") + no_properties(version));
            CHECK(encoded(Publish{.topic = "a", .qos = static_cast<QoS>(qos), .packet_id = 1}, version).bytes == wire);
        }
    }
    CHECK(reason_code(Errc::qos_3) == ReasonCode::malformed_packet);
}

TEST_CASE("the topic name comes first and is text", "[3.1.1:MQTT-3.3.2-1][5.0:MQTT-3.3.2-1]")
{
    for (const Version version : numbered_versions) {
        const Bytes wire = packet(0x32, prefixed("a/b") + bytes("00 0A") + no_properties(version) + bytes("70"));
        CHECK(
            encoded(Publish{.topic = "a/b", .payload = "p", .qos = QoS::at_least_once, .packet_id = 10}, version).bytes
            == wire);
        const Publish read = std::get<Publish>(keeps(version, wire));
        CHECK(read.topic == "a/b");
        CHECK(read.packet_id == 10);
        for (const BadText& bad : bad_texts) refuses_topic(version, bad.text, bad.code);
        refuses(version, "30 01 00", Errc::field_past_end);
        refuses(version, "30 03 00 02 61", Errc::field_past_end);
    }
}

TEST_CASE("the topic name holds no wildcards", "[3.1.1:MQTT-3.3.2-2][5.0:MQTT-3.3.2-2]")
{
    for (const Version version : numbered_versions) {
        for (const std::string_view topic : {"#", "+", "a/#", "a/+/b", "a#", "+a",
                 "a long topic name with a plus + in it", "a long topic name that ends in#"}) {
            refuses_topic(version, topic, Errc::topic_name_wildcard);
            CHECK(clause(decoded(publish(version, topic), version).error(), version) == "MQTT-3.3.2-2");
        }
        keeps_topic(version, "a/b\"*$,");
    }
}

TEST_CASE("Topic Alias is not 0", "[5.0:MQTT-3.3.2-8]")
{
    refuses(Version::v5, "30 08 00 01 61 03 23 00 00 78", Errc::topic_alias_zero);
    refuses_to_write(
        Version::v5, Publish{.topic = "a", .properties = {.topic_alias = std::uint16_t{0}}}, Errc::topic_alias_zero);
    CHECK(reason_code(Errc::topic_alias_zero) == ReasonCode::topic_alias_invalid);
    writes(Version::v5, Publish{.topic = "a", .payload = "x", .properties = {.topic_alias = std::uint16_t{1}}},
        "30 08 00 01 61 03 23 00 01 78");
    writes(Version::v5, Publish{.topic = "a", .payload = "x", .properties = {.topic_alias = std::uint16_t{65'535}}},
        "30 08 00 01 61 03 23 FF FF 78");
}

namespace {

Bytes with_property(unsigned id, std::string_view text)
{
    const Bytes property = byte(id) + prefixed(text);
    return packet(0x30, prefixed("a") + varint(static_cast<std::uint32_t>(property.size())) + property);
}

} // namespace

TEST_CASE("Response Topic is text", "[5.0:MQTT-3.3.2-13]")
{
    for (const BadText& bad : bad_texts) {
        refuses(Version::v5, with_property(0x08, bad.text), bad.code);
        refuses_to_write(
            Version::v5, Publish{.topic = "a", .properties = {.response_topic = Text(bad.text)}}, bad.code);
        refuses_to_write(Version::v5,
            Connect{.will = Will{.topic = "a", .properties = {.response_topic = Text(bad.text)}}}, bad.code);
    }
    keeps(Version::v5, with_property(0x08, "caf\xC3\xA9"));
}

TEST_CASE("Response Topic holds no wildcards", "[5.0:MQTT-3.3.2-14]")
{
    for (const std::string_view topic : {"#", "a/+", "+", "reply/to/this/very/long/topic/#"}) {
        refuses(Version::v5, with_property(0x08, topic), Errc::topic_name_wildcard);
        CHECK(clause(decoded(with_property(0x08, topic), Version::v5).error(), Version::v5) == "MQTT-3.3.2-14");
        refuses_to_write(Version::v5, Publish{.topic = "a", .properties = {.response_topic = Text(topic)}},
            Errc::topic_name_wildcard);
        refuses_to_write(Version::v5,
            Connect{.will = Will{.topic = "a", .properties = {.response_topic = Text(topic)}}},
            Errc::topic_name_wildcard);
    }
    keeps(Version::v5, with_property(0x08, "reply/to/this"));
}

TEST_CASE("user properties keep their order", "[5.0:MQTT-3.3.2-18]")
{
    const std::array pairs{UserProperty{"b", "1"}, UserProperty{"a", "2"}, UserProperty{"b", "0"}};
    const Publish publish{.topic = "a", .properties = {.user_property = pairs}};
    const Bytes wire =
        packet(0x30, prefixed("a") + bytes("15 26 00 01 62 00 01 31 26 00 01 61 00 01 32 26 00 01 62 00 01 30"));
    CHECK(hex(encoded(publish, Version::v5).bytes) == hex(wire));
    CHECK(std::get<Publish>(keeps(Version::v5, wire)).properties.user_property == List<UserProperty>(pairs));
    // Other properties between them change nothing.
    const Bytes mixed = packet(
        0x30, prefixed("a") + bytes("19 26 00 01 62 00 01 31 26 00 01 61 00 01 32 03 00 01 74 26 00 01 62 00 01 30"));
    CHECK(std::get<Publish>(good(mixed, Version::v5)).properties.user_property == List<UserProperty>(pairs));
}

TEST_CASE("Content Type is text", "[5.0:MQTT-3.3.2-19]")
{
    for (const BadText& bad : bad_texts) {
        refuses(Version::v5, with_property(0x03, bad.text), bad.code);
        refuses_to_write(Version::v5, Publish{.topic = "a", .properties = {.content_type = Text(bad.text)}}, bad.code);
    }
    keeps(Version::v5, with_property(0x03, "text/plain+#"));
}

TEST_CASE("a client's PUBLISH has no Subscription Identifier", "[5.0:MQTT-3.3.4-6]")
{
    const std::array<std::uint32_t, 1> ids{5};
    const Publish publish{.topic = "a", .properties = {.subscription_identifier = ids}};
    const Bytes wire = bytes("30 06 00 01 61 02 0B 05");
    refuses(Version::v5, wire, Errc::subscription_identifier_from_client, Role::server);
    refuses_to_write(Version::v5, publish, Errc::subscription_identifier_from_client, Role::server);
    for (const Role receiver : {Role::client, Role::unknown}) {
        keeps(Version::v5, wire, receiver);
        CHECK(encoded(publish, Version::v5, {}, receiver).bytes == wire);
    }
}
