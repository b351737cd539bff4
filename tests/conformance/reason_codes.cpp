// The reason codes that a packet may carry.
#include "conformance/rules.hpp"

using namespace conformance;

namespace {

/// Every other byte is refused in the place of the reason code, both ways; those in the list go both ways.
/// `wire` gives the bytes with a code, `with_code` the struct.
template <class Wire, class Struct>
void holds_codes(
    Version version, std::initializer_list<unsigned> allowed, Errc refusal, Wire&& wire, Struct&& with_code)
{
    for (unsigned code = 0; code < 256; ++code) {
        bool is_allowed = false;
        for (const unsigned each : allowed) is_allowed = is_allowed || each == code;
        CAPTURE(code);
        const Packet packet = with_code(static_cast<ReasonCode>(code));
        if (is_allowed) {
            const Bytes written = wire(code);
            CHECK(hex(encoded(packet, version).bytes) == hex(written));
            CHECK(good(written, version) == packet);
        } else {
            refuses(version, wire(code), refusal);
            refuses_to_write(version, packet, refusal);
        }
    }
}

template <class Ack>
void holds_ack_codes(unsigned first_byte, std::initializer_list<unsigned> allowed)
{
    holds_codes(
        Version::v5, allowed, Errc::reason_code_not_allowed,
        [&](unsigned code) { return packet(first_byte, bytes("00 01") + (code != 0 ? byte(code) : Bytes{})); },
        [](ReasonCode code) { return Ack{.packet_id = 1, .reason_code = code}; });
    // The long form means the same.
    for (const unsigned code : allowed) {
        const Bytes long_form = packet(first_byte, bytes("00 01") + byte(code) + bytes("00"));
        CHECK(std::get<Ack>(good(long_form, Version::v5))
            == Ack{.packet_id = 1, .reason_code = static_cast<ReasonCode>(code)});
    }
}

} // namespace

TEST_CASE("reason codes of CONNACK", "[5.0:MQTT-3.2.2-8]")
{
    holds_codes(
        Version::v5,
        {0x00, 0x80, 0x81, 0x82, 0x83, 0x84, 0x85, 0x86, 0x87, 0x88, 0x89, 0x8A, 0x8C, 0x90, 0x95, 0x97, 0x99, 0x9A,
            0x9B, 0x9C, 0x9D, 0x9F},
        Errc::reason_code_not_allowed, [](unsigned code) { return bytes("20 03 00") + byte(code) + bytes("00"); },
        [](ReasonCode code) { return ConnAck{.reason_code = code}; });
}

TEST_CASE("reason codes of PUBACK", "[5.0:MQTT-3.4.2-1]")
{
    holds_ack_codes<PubAck>(0x40, {0x00, 0x10, 0x80, 0x83, 0x87, 0x90, 0x91, 0x97, 0x99});
}

TEST_CASE("reason codes of PUBREC", "[5.0:MQTT-3.5.2-1]")
{
    holds_ack_codes<PubRec>(0x50, {0x00, 0x10, 0x80, 0x83, 0x87, 0x90, 0x91, 0x97, 0x99});
}

TEST_CASE("reason codes of PUBREL", "[5.0:MQTT-3.6.2-1]") { holds_ack_codes<PubRel>(0x62, {0x00, 0x92}); }

TEST_CASE("reason codes of PUBCOMP", "[5.0:MQTT-3.7.2-1]") { holds_ack_codes<PubComp>(0x70, {0x00, 0x92}); }

TEST_CASE("return codes of SUBACK", "[3.1.1:MQTT-3.9.3-2]")
{
    std::array<ReasonCode, 1> codes{};
    holds_codes(
        Version::v3_1_1, {0x00, 0x01, 0x02, 0x80}, Errc::suback_code_not_allowed,
        [](unsigned code) { return bytes("90 03 00 01") + byte(code); },
        [&](ReasonCode code) {
            codes[0] = code;
            return SubAck{.packet_id = 1, .reason_codes = codes};
        });
}

TEST_CASE("reason codes of SUBACK", "[5.0:MQTT-3.9.3-2]")
{
    std::array<ReasonCode, 1> codes{};
    holds_codes(
        Version::v5, {0x00, 0x01, 0x02, 0x80, 0x83, 0x87, 0x8F, 0x91, 0x97, 0x9E, 0xA1, 0xA2},
        Errc::reason_code_not_allowed, [](unsigned code) { return bytes("90 04 00 01 00") + byte(code); },
        [&](ReasonCode code) {
            codes[0] = code;
            return SubAck{.packet_id = 1, .reason_codes = codes};
        });
    refuses(Version::v5, "90 05 00 01 00 00 03", Errc::reason_code_not_allowed);
}

TEST_CASE("reason codes of UNSUBACK", "[5.0:MQTT-3.11.3-2]")
{
    std::array<ReasonCode, 1> codes{};
    holds_codes(
        Version::v5, {0x00, 0x11, 0x80, 0x83, 0x87, 0x8F, 0x91}, Errc::reason_code_not_allowed,
        [](unsigned code) { return bytes("B0 04 00 01 00") + byte(code); },
        [&](ReasonCode code) {
            codes[0] = code;
            return UnsubAck{.packet_id = 1, .reason_codes = codes};
        });
    refuses(Version::v5, "B0 05 00 01 00 00 01", Errc::reason_code_not_allowed);
}

TEST_CASE("reason codes of DISCONNECT", "[5.0:MQTT-3.14.2-1]")
{
    for (unsigned code = 0; code < 256; ++code) {
        // 0x8C is missing from the table of DISCONNECT alone: it is read and not written.
        if (code == 0x8C) continue;
        const Bytes wire = code == 0 ? bytes("E0 00") : bytes("E0 01") + byte(code);
        const Disconnect packet{.reason_code = static_cast<ReasonCode>(code)};
        const bool allowed = code == 0x00 || code == 0x04 || (code >= 0x80 && code <= 0x83) || code == 0x87
            || code == 0x89 || code == 0x8B || (code >= 0x8D && code <= 0x90) || (code >= 0x93 && code <= 0xA2);
        CAPTURE(code);
        if (allowed) {
            CHECK(encoded(packet, Version::v5).bytes == wire);
            CHECK(std::get<Disconnect>(good(wire, Version::v5)) == packet);
        } else {
            refuses(Version::v5, wire, Errc::reason_code_not_allowed);
            refuses_to_write(Version::v5, packet, Errc::reason_code_not_allowed);
        }
    }
    refuses_to_write(
        Version::v5, Disconnect{.reason_code = ReasonCode::bad_authentication_method}, Errc::reason_code_not_allowed);
}

TEST_CASE("a server's DISCONNECT has no Session Expiry Interval", "[5.0:MQTT-3.14.2-2]")
{
    const Bytes wire = bytes("E0 07 00 05 11 00 00 00 00");
    const Disconnect disconnect{.properties = {.session_expiry_interval = 0}};
    refuses(Version::v5, wire, Errc::session_expiry_from_server, Role::client);
    refuses_to_write(Version::v5, disconnect, Errc::session_expiry_from_server, Role::client);
    for (const Role receiver : {Role::server, Role::unknown}) {
        keeps(Version::v5, wire, receiver);
        CHECK(encoded(disconnect, Version::v5, {}, receiver).bytes == wire);
    }
}

TEST_CASE("reason codes of AUTH", "[5.0:MQTT-3.15.2-1]")
{
    holds_codes(
        Version::v5, {0x00, 0x18, 0x19}, Errc::reason_code_not_allowed,
        [](unsigned code) { return bytes("F0 06") + byte(code) + bytes("04 15 00 01 6D"); },
        [](ReasonCode code) { return Auth{.reason_code = code, .properties = {.authentication_method = "m"}}; });
}
