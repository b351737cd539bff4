// CONNECT and CONNACK.
#include "conformance/rules.hpp"

using namespace conformance;

namespace {

Bytes will_fields(Version version) { return no_properties(version) + prefixed("w/t") + prefixed("bye"); }

Connect with_will()
{
    return {.client_id = "c1", .clean_start = true, .keep_alive = 60, .will = Will{.topic = "w/t", .payload = "bye"}};
}

} // namespace

TEST_CASE("the protocol name is MQTT", "[3.1.1:MQTT-3.1.2-1][5.0:MQTT-3.1.2-1]")
{
    for (const Version version : numbered_versions) {
        const Bytes rest =
            byte(static_cast<unsigned>(version)) + bytes("02 00 3C") + no_properties(version) + prefixed("c1");
        for (const std::string_view name : {"mqtt"sv, "MQTT "sv, "MQT"sv, ""sv, "HTTP"sv, "MQISDP"sv, "MQTT\0"sv}) {
            const Bytes wire = packet(0x10, prefixed(name) + rest);
            refuses(version, wire, Errc::protocol_name_unknown);
            const Error error = decoded(wire, version).error();
            CHECK(clause(error, version) == "MQTT-3.1.2-1");
            CHECK(reason_code(error.code) == ReasonCode::unsupported_protocol_version);
        }
        const Bytes wire = packet(0x10, prefixed("MQTT") + rest);
        keeps(version, wire);
        CHECK(encoded(Connect{.client_id = "c1", .clean_start = true, .keep_alive = 60}, version).bytes == wire);
    }
}

TEST_CASE("an unsupported protocol level is told apart", "[3.1.1:MQTT-3.1.2-2][5.0:MQTT-3.1.2-2]")
{
    for (unsigned level = 0; level < 256; ++level) {
        if (level == 4 || level == 5 || level == 0x84) continue;
        const Bytes wire = packet(0x10, bytes("00 04 4D 51 54 54") + byte(level) + bytes("02 00 3C") + prefixed("c1"));
        for (const Version version : numbered_versions) refuses(version, wire, Errc::protocol_version_unsupported);
        CHECK(requested_protocol(wire)->level == level);
    }
    for (const Version version : numbered_versions) {
        CHECK(reason_code(Errc::protocol_version_unsupported) == ReasonCode::unsupported_protocol_version);
        CHECK(to_return_code(reason_code(Errc::protocol_version_unsupported)) == 1);
        CHECK(std::get<Connect>(keeps(version, connect(version, 0x02, prefixed("")))).version == version);
        const Version other = version == Version::v5 ? Version::v3_1_1 : Version::v5;
        refuses_to_write(version, Connect{.clean_start = true, .version = other}, Errc::version_mismatch);
        CHECK(static_cast<unsigned>(encoded(Connect{.clean_start = true}, version).bytes.at(8))
            == static_cast<unsigned>(version));
    }
}

TEST_CASE("the reserved connect flag is 0", "[3.1.1:MQTT-3.1.2-3][5.0:MQTT-3.1.2-3]")
{
    for (const Version version : numbered_versions) {
        for (unsigned flags = 1; flags < 256; flags += 2) {
            Bytes payload = prefixed("c1");
            if ((flags & 0x04U) != 0) payload = payload + will_fields(version);
            if ((flags & 0x80U) != 0) payload = payload + prefixed("u");
            if ((flags & 0x40U) != 0) payload = payload + prefixed("p");
            CHECK_FALSE(decoded(connect(version, flags, payload), version));
            const bool nothing_else = (flags & 0x3CU) == 0 && (flags & 0xC0U) != 0x40;
            if (nothing_else) refuses(version, connect(version, flags, payload), Errc::connect_flags_reserved);
        }
        Connect all = with_will();
        all.will->qos = QoS::exactly_once;
        all.will->retain = true;
        all.user_name = "u";
        all.password = "p";
        CHECK(encoded(all, version).bytes.at(9) == std::byte{0xF6});
        CHECK(encoded(Connect{.clean_start = true}, version).bytes.at(9) == std::byte{0x02});
    }
}

TEST_CASE("the Will Flag announces the will", "[3.1.1:MQTT-3.1.2-9][5.0:MQTT-3.1.2-9]")
{
    for (const Version version : numbered_versions) {
        refuses(version, connect(version, 0x06, prefixed("c1")), Errc::field_past_end);
        refuses(version, connect(version, 0x06, prefixed("c1") + no_properties(version) + prefixed("w/t")),
            Errc::field_past_end);
        const Bytes wire = connect(version, 0x06, prefixed("c1") + will_fields(version));
        CHECK(encoded(with_will(), version).bytes == wire);
        for (const unsigned qos : {0U, 1U, 2U}) {
            for (const bool retain : {false, true}) {
                const Bytes used =
                    connect(version, 0x06 + qos * 8 + (retain ? 0x20 : 0), prefixed("c1") + will_fields(version));
                const Connect connect = std::get<Connect>(keeps(version, used));
                REQUIRE(connect.will);
                CHECK(static_cast<unsigned>(connect.will->qos) == qos);
                CHECK(connect.will->retain == retain);
                CHECK(connect.will->topic == "w/t");
                CHECK(connect.will->payload == "bye");
            }
        }
    }
    // In 5.0 the Will Properties too.
    refuses(Version::v5, connect(Version::v5, 0x06, prefixed("c1") + bytes("01")), Errc::property_length_past_end);
}

TEST_CASE("without Will Flag there is no Will QoS, Will Retain or will",
    "[3.1.1:MQTT-3.1.2-11][3.1.1:MQTT-3.1.2-13][3.1.1:MQTT-3.1.2-15][5.0:MQTT-3.1.2-11][5.0:MQTT-3.1.2-13]")
{
    for (const Version version : numbered_versions) {
        for (const unsigned flags : {0x08U, 0x10U, 0x18U, 0x20U, 0x28U, 0x30U, 0x38U})
            refuses(version, connect(version, flags + 2, prefixed("c1")), Errc::will_flags_without_will);
        refuses(version, connect(version, 0x02, prefixed("c1") + will_fields(version)), Errc::bytes_left_over);
        Connect connect_without = with_will();
        connect_without.will.reset();
        CHECK(encoded(connect_without, version).bytes == connect(version, 0x02, prefixed("c1")));
    }
}

TEST_CASE("the Will QoS is not 3", "[3.1.1:MQTT-3.1.2-14][5.0:MQTT-3.1.2-12]")
{
    for (const Version version : numbered_versions) {
        for (const unsigned flags : {0x1EU, 0x3EU})
            refuses(version, connect(version, flags, prefixed("c1") + will_fields(version)), Errc::will_qos_3);
        for (const unsigned qos : {3U, 4U, 255U}) {
            Connect bad = with_will();
            bad.will->qos = static_cast<QoS>(qos);
            refuses_to_write(version, bad, Errc::will_qos_3);
        }
    }
}

TEST_CASE("the User Name Flag and the user name go together",
    "[3.1.1:MQTT-3.1.2-18][3.1.1:MQTT-3.1.2-19][5.0:MQTT-3.1.2-16][5.0:MQTT-3.1.2-17]")
{
    for (const Version version : numbered_versions) {
        refuses(version, connect(version, 0x82, prefixed("c1")), Errc::field_past_end);
        refuses(version, connect(version, 0x02, prefixed("c1") + prefixed("u")), Errc::bytes_left_over);
        const Connect with{.client_id = "c1", .clean_start = true, .keep_alive = 60, .user_name = "u"};
        CHECK(encoded(with, version).bytes == connect(version, 0x82, prefixed("c1") + prefixed("u")));
        CHECK(std::get<Connect>(keeps(version, connect(version, 0x82, prefixed("c1") + prefixed("")))).user_name
            == Text(""));
        CHECK_FALSE(std::get<Connect>(keeps(version, connect(version, 0x02, prefixed("c1")))).user_name);
    }
}

TEST_CASE("the Password Flag and the password go together",
    "[3.1.1:MQTT-3.1.2-20][3.1.1:MQTT-3.1.2-21][5.0:MQTT-3.1.2-18][5.0:MQTT-3.1.2-19]")
{
    for (const Version version : numbered_versions) {
        refuses(version, connect(version, 0xC2, prefixed("c1") + prefixed("u")), Errc::field_past_end);
        refuses(version, connect(version, 0x82, prefixed("c1") + prefixed("u") + prefixed("p")), Errc::bytes_left_over);
        const Connect with{.client_id = "c1", .clean_start = true, .keep_alive = 60, .user_name = "u", .password = "p"};
        const Bytes wire = connect(version, 0xC2, prefixed("c1") + prefixed("u") + prefixed("p"));
        CHECK(encoded(with, version).bytes == wire);
        CHECK(std::get<Connect>(keeps(version, wire)).password == Binary("p"));
        const Bytes without = connect(version, 0x82, prefixed("c1") + prefixed("u"));
        CHECK_FALSE(std::get<Connect>(keeps(version, without)).password);
    }
    // In 5.0 also without a user name.
    const Bytes alone = connect(Version::v5, 0x42, prefixed("c1") + prefixed("p"));
    CHECK(std::get<Connect>(keeps(Version::v5, alone)).password == Binary("p"));
    refuses(Version::v5, connect(Version::v5, 0x42, prefixed("c1")), Errc::field_past_end);
}

TEST_CASE("3.1.1: no password without a user name", "[3.1.1:MQTT-3.1.2-22]")
{
    refuses(Version::v3_1_1, connect(Version::v3_1_1, 0x42, prefixed("c1") + prefixed("p")),
        Errc::password_without_user_name);
    refuses_to_write(Version::v3_1_1, Connect{.client_id = "c1", .password = "p"}, Errc::password_without_user_name);
    keeps(Version::v3_1_1, connect(Version::v3_1_1, 0xC2, prefixed("c1") + prefixed("u") + prefixed("p")));
}

TEST_CASE("the payload's fields stand in their order", "[3.1.1:MQTT-3.1.3-1][5.0:MQTT-3.1.3-1][5.0:MQTT-3.1.3-12]")
{
    for (const Version version : numbered_versions) {
        Connect all = with_will();
        all.user_name = "u";
        all.password = "p";
        const Bytes wire =
            connect(version, 0xC6, prefixed("c1") + will_fields(version) + prefixed("u") + prefixed("p"));
        CHECK(hex(encoded(all, version).bytes) == hex(wire));
        const Connect read = std::get<Connect>(keeps(version, wire));
        CHECK(read.client_id == "c1");
        CHECK(read.will->topic == "w/t");
        CHECK(read.will->payload == "bye");
        CHECK(read.user_name == Text("u"));
        CHECK(read.password == Binary("p"));
    }
}

TEST_CASE("the client identifier is always there, and first", "[3.1.1:MQTT-3.1.3-3][5.0:MQTT-3.1.3-3]")
{
    for (const Version version : numbered_versions) {
        refuses(version, connect(version, 0x02, {}), Errc::field_past_end);
        CHECK(encoded(Connect{.clean_start = true, .keep_alive = 60}, version).bytes
            == connect(version, 0x02, bytes("00 00")));
        const Bytes wire = connect(version, 0x82, prefixed("first") + prefixed("second"));
        CHECK(std::get<Connect>(keeps(version, wire)).client_id == "first");
    }
}

TEST_CASE("client identifier, will topic and user name are text",
    "[3.1.1:MQTT-3.1.3-4][3.1.1:MQTT-3.1.3-10][3.1.1:MQTT-3.1.3-11][5.0:MQTT-3.1.3-4][5.0:MQTT-3.1.3-11][5.0:MQTT-3.1."
    "3-12]")
{
    for (const Version version : numbered_versions) {
        for (const BadText& bad : bad_texts) {
            CAPTURE(hex(prefixed(bad.text)));
            refuses(version, connect(version, 0x02, prefixed(bad.text)), bad.code);
            refuses_to_write(version, Connect{.client_id = bad.text, .clean_start = true}, bad.code);
            refuses(version,
                connect(version, 0x06, prefixed("c") + no_properties(version) + prefixed(bad.text) + prefixed("")),
                bad.code);
            refuses_to_write(version, Connect{.client_id = "c", .will = Will{.topic = bad.text}}, bad.code);
            refuses(version, connect(version, 0x82, prefixed("c") + prefixed(bad.text)), bad.code);
            refuses_to_write(version, Connect{.client_id = "c", .user_name = bad.text}, bad.code);
        }
        const Bytes accented = prefixed("caf\xC3\xA9");
        keeps(version, connect(version, 0x86, accented + no_properties(version) + accented + prefixed("") + accented));
    }
}

TEST_CASE("short plain client identifiers are accepted", "[3.1.1:MQTT-3.1.3-5][5.0:MQTT-3.1.3-5]")
{
    const std::string_view characters = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    for (const Version version : numbered_versions)
        for (std::size_t size = 1; size <= 23; ++size)
            for (std::size_t from = 0; from < characters.size(); from += size) {
                const Bytes wire = connect(version, 0x00, prefixed(characters.substr(from, size)));
                CHECK(std::get<Connect>(keeps(version, wire)).client_id == characters.substr(from, size));
            }
}

TEST_CASE("3.1.1: an empty client identifier needs a clean session", "[3.1.1:MQTT-3.1.3-7][3.1.1:MQTT-3.1.3-8]")
{
    refuses(Version::v3_1_1, connect(Version::v3_1_1, 0x00, prefixed("")), Errc::client_id_empty);
    refuses_to_write(Version::v3_1_1, Connect{}, Errc::client_id_empty);
    keeps(Version::v3_1_1, connect(Version::v3_1_1, 0x02, prefixed("")));
    CHECK(to_return_code(reason_code(Errc::client_id_empty)) == 2);
}

TEST_CASE("user properties of a will keep their order", "[5.0:MQTT-3.1.3-10]")
{
    const std::array pairs{UserProperty{"b", "1"}, UserProperty{"a", "2"}, UserProperty{"b", "0"}};
    Connect connect_with = with_will();
    connect_with.will->properties.user_property = pairs;
    const Bytes properties = bytes("15 26 00 01 62 00 01 31 26 00 01 61 00 01 32 26 00 01 62 00 01 30");
    const Bytes wire = connect(Version::v5, 0x06, prefixed("c1") + properties + prefixed("w/t") + prefixed("bye"));
    CHECK(hex(encoded(connect_with, Version::v5).bytes) == hex(wire));
    CHECK(std::get<Connect>(keeps(Version::v5, wire)).will->properties.user_property == List<UserProperty>(pairs));
}

TEST_CASE("a CONNECT is checked to its end", "[3.1.1:MQTT-3.1.4-1][5.0:MQTT-3.1.4-1]")
{
    for (const Version version : numbered_versions) {
        const Bytes payload = prefixed("c1") + will_fields(version) + prefixed("u") + prefixed("p");
        const Bytes body = std::vector<std::byte>(connect(version, 0xC6, payload));
        for (std::size_t size = 0; size + 2 < body.size(); ++size) {
            const Bytes cut = packet(0x10, std::span(body).subspan(2, size));
            const Result<Packet> result = decoded(cut, version);
            REQUIRE_FALSE(result);
            CHECK_FALSE(skippable(result.error()));
        }
        refuses(version, connect(version, 0xC6, payload + bytes("00")), Errc::bytes_left_over);
        keeps(version, connect(version, 0xC6, payload));
    }
}

TEST_CASE("no session is present in a refusal", "[3.1.1:MQTT-3.2.2-4][5.0:MQTT-3.2.2-6]")
{
    for (unsigned code = 1; code < 6; ++code) {
        refuses(Version::v3_1_1, bytes("20 02 01") + byte(code), Errc::session_present_with_failure);
        keeps(Version::v3_1_1, bytes("20 02 00") + byte(code));
    }
    for (unsigned code = 0x80; code < 0xA0; ++code) {
        const auto reason = static_cast<ReasonCode>(code);
        if (!may_carry(PacketType::connack, reason)) continue;
        refuses(Version::v5, bytes("20 03 01") + byte(code) + bytes("00"), Errc::session_present_with_failure);
        refuses_to_write(
            Version::v5, ConnAck{.session_present = true, .reason_code = reason}, Errc::session_present_with_failure);
        if (to_return_code(reason))
            refuses_to_write(Version::v3_1_1, ConnAck{.session_present = true, .reason_code = reason},
                Errc::session_present_with_failure);
    }
    writes(Version::v3_1_1, ConnAck{.session_present = true}, "20 02 01 00");
    writes(Version::v5, ConnAck{.session_present = true}, "20 03 01 00 00");
}

TEST_CASE("acknowledge flags 7 to 1 are 0", "[5.0:MQTT-3.2.2-1]")
{
    for (unsigned flags = 2; flags < 256; ++flags)
        refuses(Version::v5, bytes("20 03") + byte(flags) + bytes("00 00"), Errc::acknowledge_flags_reserved);
    writes(Version::v5, ConnAck{.session_present = true}, "20 03 01 00 00");
    writes(Version::v5, ConnAck{.session_present = false}, "20 03 00 00 00");
}
