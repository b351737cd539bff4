// AUTH: [5.0: section 3.15].
#include "unit/check.hpp"

using namespace check;

TEST_CASE("AUTH has a method, or is two bytes")
{
    CHECK(encoded(Auth{}, Version::v5).bytes == bytes("F0 00"));
    CHECK(good(bytes("F0 00"), Version::v5) == Packet(Auth{}));
    const Auth auth{.reason_code = ReasonCode::continue_authentication,
        .properties = {.authentication_method = "SCRAM", .authentication_data = std::string_view("\x01\x02")}};
    const Bytes wire = bytes("F0 0F 18 0D 15 00 05 53 43 52 41 4D 16 00 02 01 02");
    CHECK(encoded(auth, Version::v5).bytes == wire);
    CHECK(std::get<Auth>(good(wire, Version::v5)) == auth);
    CHECK(encoded(good(wire, Version::v5), Version::v5).bytes == wire);
    // Success with a method is written in full.
    CHECK(encoded(Auth{.properties = {.authentication_method = "m"}}, Version::v5).bytes
        == bytes("F0 06 00 04 15 00 01 6D"));
}

TEST_CASE("AUTH without a method is refused both ways")
{
    for (const ReasonCode code : {ReasonCode::continue_authentication, ReasonCode::re_authenticate}) {
        CHECK(encoded(Auth{.reason_code = code}, Version::v5).error.code == Errc::authentication_method_missing);
        CHECK(encoded(Auth{.reason_code = code, .properties = {.reason_string = "r"}}, Version::v5).error.code
            == Errc::authentication_method_missing);
        CHECK(encoded(Auth{.reason_code = code, .properties = {.authentication_data = "d"}}, Version::v5).error.code
            == Errc::authentication_method_missing);
    }
    CHECK(encoded(Auth{.properties = {.reason_string = "r"}}, Version::v5).error.code
        == Errc::authentication_method_missing);
    for (const std::string_view wire :
        {"F0 02 00 00", "F0 02 18 00", "F0 06 18 04 1F 00 01 72", "F0 06 18 04 16 00 01 64"}) {
        const Result<Packet> result = decoded(bytes(wire), Version::v5);
        REQUIRE_FALSE(result);
        CHECK(result.error().code == Errc::authentication_method_missing);
        CHECK(result.error().field == field(PropertyId::authentication_method));
        CHECK(result.error().offset == 3);
    }
    // The method may be empty text.
    CHECK(decode_error(bytes("F0 05 18 03 15 00 00"), Version::v5) == Errc::none);
}

TEST_CASE("AUTH of one byte is refused, by leniency it is not")
{
    for (const std::string_view wire : {"F0 01 00", "F0 01 18", "F0 01 19"}) {
        CHECK(decode_error(bytes(wire), Version::v5) == Errc::auth_without_property_length);
        const Result<Packet> result = decoded(bytes(wire), Version::v5, Leniency::auth_without_properties);
        REQUIRE(result);
        CHECK(result.let_pass() == Leniency::auth_without_properties);
    }
    const Bytes one = bytes("F0 01 19");
    CHECK(encoded(
              good(one, Version::v5, Leniency::auth_without_properties), Version::v5, Leniency::auth_without_properties)
              .bytes
        == one);
    CHECK(decode_error(bytes("F0 01 01"), Version::v5, Leniency::auth_without_properties)
        == Errc::reason_code_not_allowed);
}

TEST_CASE("there is no AUTH before 5.0")
{
    for (const Version version : {Version::v3_1, Version::v3_1_1}) {
        for (const std::string_view wire : {"F0 00", "F0 01 18", "F0 06 18 04 15 00 01 6D"})
            CHECK(decode_error(bytes(wire), version) == Errc::reserved_packet_type);
        CHECK(encoded(Auth{}, version).error.code == Errc::reserved_packet_type);
        CHECK(encoded(Auth{.properties = {.authentication_method = "m"}}, version).error.code
            == Errc::reserved_packet_type);
    }
}
