// Data types: text, pairs of text, variable byte integers.
#include "conformance/rules.hpp"

using namespace conformance;

TEST_CASE("text is well-formed UTF-8", "[3.1.1:MQTT-1.5.3-1][5.0:MQTT-1.5.4-1]")
{
    for (const Version version : numbered_versions) {
        for (const BadText& bad : bad_texts) {
            if (bad.code == Errc::utf8_null) continue;
            refuses(version, connect(version, 0x02, prefixed(bad.text)), bad.code);
            refuses_to_write(version, Connect{.client_id = bad.text, .clean_start = true}, bad.code);
            refuses_topic(version, bad.text, bad.code);
            refuses_filter(version, bad.text, bad.code);
        }
        for (const std::string_view well_formed :
            {"\x7F", "\xC2\x80", "\xED\x9F\xBF", "\xEE\x80\x80", "\xF4\x8F\xBF\xBF", "\xF0\xAA\x9B\x94"})
            keeps_topic(version, well_formed);
    }
}

TEST_CASE("text holds no U+0000", "[3.1.1:MQTT-1.5.3-2][5.0:MQTT-1.5.4-2]")
{
    for (const Version version : numbered_versions) {
        for (const std::string_view text :
            {"\0"sv, "a\0"sv, "\0a"sv, "0123456789abcde\0"sv, "0123456789abcdef0123456789abcdef\0"sv}) {
            refuses(version, connect(version, 0x02, prefixed(text)), Errc::utf8_null);
            refuses_to_write(version, Connect{.client_id = text, .clean_start = true}, Errc::utf8_null);
            refuses(version, connect(version, 0x82, prefixed("c") + prefixed(text)), Errc::utf8_null);
            refuses_to_write(version, Connect{.client_id = "c", .user_name = text}, Errc::utf8_null);
        }
    }
}

TEST_CASE("EF BB BF is a character like others", "[3.1.1:MQTT-1.5.3-3][5.0:MQTT-1.5.4-3]")
{
    for (const Version version : numbered_versions) {
        keeps_topic(version, "\xEF\xBB\xBF");
        keeps_topic(version,
            "\xEF\xBB\xBF"
            "a");
        const Bytes wire = connect(version, 0x02, prefixed("\xEF\xBB\xBFid"));
        CHECK(std::get<Connect>(keeps(version, wire)).client_id.size() == 5);
    }
}

TEST_CASE("variable byte integers use as few bytes as possible", "[5.0:MQTT-1.5.5-1]")
{
    // Remaining Length, Property Length, Subscription Identifier, property identifier.
    refuses(Version::v5, "C0 80 00", Errc::remaining_length_not_minimal);
    refuses(Version::v5, "40 82 00 00 01", Errc::remaining_length_not_minimal);
    refuses(Version::v5, "40 82 80 80 00 00 01", Errc::remaining_length_not_minimal);
    refuses(Version::v5, "20 04 00 00 80 00", Errc::varint_not_minimal);
    refuses(Version::v5, "82 0B 00 0A 03 0B 81 00 00 01 61 00 00", Errc::varint_not_minimal);
    refuses(Version::v5, "20 06 00 00 03 A4 00 01", Errc::varint_not_minimal);
    const std::array subscriptions{Subscription{.filter = "a"}};
    for (const std::uint32_t id : {1U, 127U, 128U, 16'383U, 16'384U, 2'097'151U, 2'097'152U, 268'435'455U}) {
        const Subscribe subscribe{
            .packet_id = 10, .filters = subscriptions, .properties = {.subscription_identifier = id}};
        const Bytes number = varint(id);
        const Bytes wire = packet(0x82,
            bytes("00 0A") + byte(static_cast<unsigned>(number.size()) + 1) + bytes("0B") + number
                + bytes("00 01 61 00"));
        CHECK(hex(encoded(subscribe, Version::v5).bytes) == hex(wire));
        keeps(Version::v5, wire);
    }
    for (const std::size_t size : {0U, 124U, 125U, 16'380U, 16'381U, 2'097'148U, 2'097'149U}) {
        const std::string payload(size, 'p');
        const Bytes wire = encoded(
            Publish{.topic = "", .payload = payload, .properties = {.topic_alias = std::uint16_t{1}}}, Version::v5)
                               .bytes;
        const std::size_t rest = 6 + size;
        CHECK(wire.size() == 1 + varint(static_cast<std::uint32_t>(rest)).size() + rest);
    }
}

TEST_CASE("both texts of a pair are text", "[5.0:MQTT-1.5.7-1]")
{
    for (const BadText& bad : bad_texts) {
        for (const bool in_name : {true, false}) {
            const Bytes pair = byte(0x26) + prefixed(in_name ? bad.text : "k"sv) + prefixed(in_name ? "v"sv : bad.text);
            refuses(Version::v5, packet(0xE0, bytes("00") + varint(static_cast<std::uint32_t>(pair.size())) + pair),
                bad.code);
            const std::array pairs{UserProperty{in_name ? bad.text : "k"sv, in_name ? "v"sv : bad.text}};
            refuses_to_write(Version::v5, Disconnect{.properties = {.user_property = pairs}}, bad.code);
        }
    }
    keeps(Version::v5, "E0 0A 00 08 26 00 02 C3 A9 00 01 76");
}
