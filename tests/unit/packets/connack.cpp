// CONNACK: [3.1.1 and 5.0: section 3.2].
#include "unit/check.hpp"

using namespace check;

TEST_CASE("every first byte in every version")
{
    Differences differences;
    for (const Version version : versions) {
        for (unsigned flags = 0; flags < 256; ++flags) {
            const Bytes wire = packet(0x20, byte(flags) + bytes(version == Version::v5 ? "00 00" : "00"));
            const Result<Packet> result = decoded(wire, version);
            // In 3.1 the byte is reserved: it says nothing and is written as 0.
            const bool v3_1 = version == Version::v3_1;
            differences.expect_same(flags > 1 && !v3_1 ? Errc::acknowledge_flags_reserved : Errc::none,
                result ? Errc::none : result.error().code, version, flags);
            if (!result) continue;
            differences.expect_same(flags == 1 && !v3_1, std::get<ConnAck>(*result).session_present, version, flags);
            Bytes canonical = wire;
            if (v3_1) canonical[2] = std::byte{};
            differences.expect_same(canonical, encoded(*result, version).bytes, version, flags);
        }
    }
    CHECK(differences.text() == "");
}

TEST_CASE("Session Present in every version, with success and with a refusal")
{
    for (const Version version : versions) {
        const ConnAck present{.session_present = true};
        const ConnAck refused{.session_present = true, .reason_code = ReasonCode::not_authorized};
        CHECK(encoded(present, version).error.code == (version == Version::v3_1 ? Errc::not_in_version : Errc::none));
        CHECK(encoded(refused, version).error.code
            == (version == Version::v3_1 ? Errc::not_in_version : Errc::session_present_with_failure));
        CHECK(encoded(ConnAck{.reason_code = ReasonCode::not_authorized}, version).error.code == Errc::none);
    }
    CHECK(decode_error(bytes("20 02 01 05"), Version::v3_1) == Errc::none);
    CHECK(decode_error(bytes("20 02 01 05"), Version::v3_1_1) == Errc::session_present_with_failure);
    CHECK(decode_error(bytes("20 03 01 87 00"), Version::v5) == Errc::session_present_with_failure);
}

TEST_CASE("bodies of every length")
{
    for (const Version version : versions) {
        const bool v5 = version == Version::v5;
        CHECK(decode_error(bytes("20 00"), version) == Errc::field_past_end);
        CHECK(decode_error(bytes("20 01 00"), version) == Errc::field_past_end);
        CHECK(decode_error(bytes("20 02 00 00"), version) == (v5 ? Errc::connack_without_properties : Errc::none));
        CHECK(decode_error(bytes("20 03 00 00 00"), version) == (v5 ? Errc::none : Errc::bytes_left_over));
        CHECK(decode_error(bytes("20 04 00 00 00 00"), version) == Errc::bytes_left_over);
    }
}

TEST_CASE("a CONNACK of 3.x is read in a 5.0 session only by leniency, and then written as 5.0")
{
    const Bytes refusal = bytes("20 02 00 01");
    CHECK(decode_error(refusal, Version::v5) == Errc::connack_without_properties);
    const Result<Packet> result = decoded(refusal, Version::v5, Leniency::v3_connack);
    REQUIRE(result);
    CHECK(result.let_pass() == Leniency::v3_connack);
    CHECK(std::get<ConnAck>(*result).reason_code == ReasonCode::unsupported_protocol_version);
    CHECK(encoded(*result, Version::v5).bytes == bytes("20 03 00 84 00"));
}

// Only of CONNECT does the specification say that the data needs a method [5.0: sections 3.1.2.11.10 and 3.2.2.3.18].
TEST_CASE("authentication data with a method and without")
{
    const ConnAck alone{.properties = {.authentication_data = "d"}};
    CHECK(encoded(alone, Version::v5).bytes == bytes("20 07 00 00 04 16 00 01 64"));
    CHECK(std::get<ConnAck>(good(bytes("20 07 00 00 04 16 00 01 64"), Version::v5)) == alone);
    CHECK(encoded(ConnAck{.properties = {.authentication_method = "m", .authentication_data = "d"}}, Version::v5).bytes
        == bytes("20 0B 00 00 08 15 00 01 6D 16 00 01 64"));
    const ConnAck with_reason{.properties = {.authentication_data = "d", .reason_string = "r"}};
    CHECK(std::get<ConnAck>(good(bytes("20 0B 00 00 08 1F 00 01 72 16 00 01 64"), Version::v5)) == with_reason);
}
