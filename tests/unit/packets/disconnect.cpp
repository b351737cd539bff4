// DISCONNECT: [3.1.1 and 5.0: section 3.14].
#include "unit/check.hpp"

using namespace check;

TEST_CASE("the short forms of DISCONNECT mean the same as the long one")
{
    const Packet normal = good(bytes("E0 00"), Version::v5);
    CHECK(good(bytes("E0 01 00"), Version::v5) == normal);
    CHECK(good(bytes("E0 02 00 00"), Version::v5) == normal);
    CHECK(encoded(normal, Version::v5).bytes == bytes("E0 00"));
    const Packet with_will = good(bytes("E0 01 04"), Version::v5);
    CHECK(good(bytes("E0 02 04 00"), Version::v5) == with_will);
    CHECK(encoded(with_will, Version::v5).bytes == bytes("E0 01 04"));
    CHECK(encoded(Disconnect{.properties = {.session_expiry_interval = 0}}, Version::v5).bytes
        == bytes("E0 07 00 05 11 00 00 00 00"));
}

TEST_CASE("a DISCONNECT of 3.x is two bytes")
{
    for (const Version version : {Version::v3_1, Version::v3_1_1}) {
        CHECK(encoded(Disconnect{}, version).bytes == bytes("E0 00"));
        CHECK(decode_error(bytes("E0 01 00"), version) == Errc::bytes_left_over);
        CHECK(encoded(Disconnect{.reason_code = ReasonCode::server_busy}, version).error.code == Errc::not_in_version);
        CHECK(encoded(Disconnect{.properties = {.reason_string = "r"}}, version).error.code == Errc::not_in_version);
    }
}

TEST_CASE("a Session Expiry Interval comes from clients only, both ways")
{
    const Disconnect disconnect{.properties = {.session_expiry_interval = 10}};
    for (const Role receiver : roles) {
        const Errc expected = receiver == Role::client ? Errc::session_expiry_from_server : Errc::none;
        CHECK(encoded(disconnect, Version::v5, {}, receiver).error.code == expected);
        CHECK(decode_error(bytes("E0 07 00 05 11 00 00 00 0A"), Version::v5, {}, receiver) == expected);
    }
}

TEST_CASE("a Server Reference comes from servers only, both ways")
{
    const Disconnect disconnect{
        .reason_code = ReasonCode::disconnect_with_will_message, .properties = {.server_reference = "x"}};
    const Disconnect plain{.properties = {.server_reference = "x"}};
    for (const Role receiver : roles) {
        const Errc expected = receiver == Role::server ? Errc::server_reference_from_client : Errc::none;
        const Encoded result = encoded(plain, Version::v5, {}, receiver);
        CHECK(result.error.code == expected);
        if (expected != Errc::none) CHECK(result.error.field == field(PropertyId::server_reference));
        CHECK(decode_error(bytes("E0 06 00 04 1C 00 01 78"), Version::v5, {}, receiver) == expected);
    }
    // Beside a reason code that clients alone may send, either side's rule applies.
    const Bytes wire = bytes("E0 06 04 04 1C 00 01 78");
    CHECK(encoded(disconnect, Version::v5).bytes == wire);
    CHECK(std::get<Disconnect>(good(wire, Version::v5)) == disconnect);
    CHECK(decode_error(wire, Version::v5, {}, Role::server) == Errc::server_reference_from_client);
    CHECK(encoded(disconnect, Version::v5, {}, Role::server).error.code == Errc::server_reference_from_client);
    CHECK(decode_error(wire, Version::v5, {}, Role::client) == Errc::reason_code_wrong_sender);
    // In CONNACK, which has no other sender, it is always good.
    for (const Role receiver : {Role::client, Role::unknown})
        CHECK(decode_error(bytes("20 07 00 00 04 1C 00 01 78"), Version::v5, {}, receiver) == Errc::none);
}

TEST_CASE("Server Reference and Reason String")
{
    const Disconnect moved{
        .reason_code = ReasonCode::server_moved, .properties = {.server_reference = "b", .reason_string = "r"}};
    const Bytes wire = bytes("E0 0A 9D 08 1C 00 01 62 1F 00 01 72");
    CHECK(encoded(moved, Version::v5).bytes == wire);
    CHECK(std::get<Disconnect>(good(wire, Version::v5)) == moved);
}
