// Protocol names and levels: [section 3.1.2.1, 3.1.2.2].
#include "unit/check.hpp"

using namespace check;

TEST_CASE("every protocol level with every name, with and without leniency for bridges")
{
    Differences differences;
    for (const std::string_view name :
        {"MQTT", "MQIsdp", "mqtt", "MQTt", "MQTTT", "MQT", "MQISDP", "MQIsdpp", "", "HTTP", "MQ\xC3\x89T"}) {
        for (unsigned level = 0; level < 256; ++level) {
            for (const bool lenient : {false, true}) {
                const Leniency leniency = lenient ? Leniency::bridge_bit : Leniency::none;
                const bool v5 = name == "MQTT" && level == 5;
                const Bytes body =
                    prefixed(name) + byte(level) + bytes("02 00 3C") + (v5 ? bytes("00") : Bytes{}) + prefixed("c1");
                const Bytes whole = packet(0x10, body);
                const bool known_name = name == "MQTT" || name == "MQIsdp";
                const unsigned base = level & 0x7FU;
                const bool bridge = level >= 0x80;
                const bool known_level = name == "MQTT" ? base == 4 || level == 5 : base == 3;
                const Errc expected = !known_name ? Errc::protocol_name_unknown
                    : !known_level                ? Errc::protocol_version_unsupported
                    : bridge && !lenient          ? Errc::bridge_bit_set
                                                  : Errc::none;
                const Result<Packet> result = decoded(whole, Version::v3_1_1, leniency);
                differences.expect_same(expected, result ? Errc::none : result.error().code, name, level, lenient);
                if (!result) {
                    const std::size_t offset = known_name ? 4 + name.size() : 2;
                    differences.expect_same(offset, result.error().offset, name, level);
                    differences.expect_same(known_name ? "protocol_version" : "protocol_name",
                        mqttwire::name(result.error().field), name, level);
                    differences.expect_same(false, skippable(result.error()), name, level);
                    const std::optional<Protocol> asked = requested_protocol(whole);
                    differences.expect_same(
                        true, asked && asked->name == name && asked->level == level, name, level, "asked");
                    continue;
                }
                const Connect connect = std::get<Connect>(*result);
                differences.expect_same(static_cast<Version>(base), *connect.version, name, level);
                differences.expect_same(bridge, connect.bridge, name, level);
                differences.expect_same(bridge ? Leniency::bridge_bit : Leniency::none, result.let_pass(), name, level);
                differences.expect_same(whole, encoded(connect, *connect.version, leniency).bytes, name, level);
            }
        }
    }
    CHECK(differences.text() == "");
}

TEST_CASE("a bridge bit is written only where leniency allows it, and never in 5.0")
{
    const Connect bridge{.client_id = "c1", .clean_start = true, .keep_alive = 60, .bridge = true};
    for (const Version version : versions) {
        CHECK(encoded(bridge, version).error.code == Errc::bridge_bit_set);
        CHECK(encoded(bridge, version, Leniency::bridge_bit).error.code
            == (version == Version::v5 ? Errc::bridge_bit_set : Errc::none));
    }
    CHECK(encoded(bridge, Version::v3_1, Leniency::bridge_bit).bytes
        == bytes("10 10 00 06 4D 51 49 73 64 70 83 02 00 3C 00 02 63 31"));
    CHECK(encoded(bridge, Version::v3_1_1, Leniency::bridge_bit).bytes
        == bytes("10 0E 00 04 4D 51 54 54 84 02 00 3C 00 02 63 31"));
}

TEST_CASE("a CONNECT that is cut off before its level tells no version")
{
    for (const std::string_view cut :
        {"10 00", "10 01 00", "10 02 00 04", "10 05 00 04 4D 51 54", "10 06 00 04 4D 51 54 54"}) {
        const Result<Packet> result = decoded(bytes(cut), Version::v3_1_1);
        REQUIRE_FALSE(result);
        CHECK(result.error().code == Errc::field_past_end);
        CHECK_FALSE(skippable(result.error()));
    }
    const Error in_name = decoded(bytes("10 05 00 04 4D 51 54"), Version::v5).error();
    CHECK(in_name.field == Field::protocol_name);
    CHECK(in_name.offset == 2);
    const Error before_level = decoded(bytes("10 06 00 04 4D 51 54 54"), Version::v5).error();
    CHECK(before_level.field == Field::protocol_version);
    CHECK(before_level.offset == 8);
    CHECK(decoded(bytes("10 08 00 06 4D 51 49 73 64 70"), Version::v5).error().offset == 10);
    CHECK(decoded(bytes("10 86 00 00 04 4D 51 54 54"), Version::v5).error().offset == 9);
}
