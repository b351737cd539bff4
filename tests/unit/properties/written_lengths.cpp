// The lengths of property blocks as optimised code writes them, which takes them from where checking left them; this
// file is compiled with optimisation whatever the others are.
#include "unit/check.hpp"

using namespace check;

namespace {

template <Version V, class Packet>
Bytes written(const Packet& packet)
{
    Bytes buffer(1'000);
    const auto fixed = packet.template encode<V>(buffer);
    REQUIRE(fixed);
    const Bytes bytes(fixed->begin(), fixed->end());
    const auto any = packet.encode(buffer, V);
    REQUIRE(any);
    CHECK(hex(bytes) == hex(*any));
    return bytes;
}

} // namespace

#if !MQTTWIRE_OPTIMISED
#error "this file is to be compiled with optimisation"
#endif

TEST_CASE("optimised code writes the lengths of both property blocks of CONNECT")
{
    const Bytes rest = bytes("00 01 77 00 01 70");
    Connect connect{
        .client_id = "c", .clean_start = true, .keep_alive = 10, .will = Will{.topic = "w", .payload = "p"}};
    const Bytes head = bytes("00 04 4D 51 54 54 05 06 00 0A");
    CHECK(hex(written<Version::v5>(connect)) == hex(packet(0x10, head + bytes("00 00 01 63 00") + rest)));

    connect.will->properties.will_delay_interval = 5;
    CHECK(
        hex(written<Version::v5>(connect)) == hex(packet(0x10, head + bytes("00 00 01 63 05 18 00 00 00 05") + rest)));

    connect.properties.receive_maximum = std::uint16_t{20};
    CHECK(hex(written<Version::v5>(connect))
        == hex(packet(0x10, head + bytes("03 21 00 14 00 01 63 05 18 00 00 00 05") + rest)));

    connect.will->properties.will_delay_interval.reset();
    CHECK(hex(written<Version::v5>(connect)) == hex(packet(0x10, head + bytes("03 21 00 14 00 01 63 00") + rest)));

    // A length of two bytes in either.
    const std::string longer(200, 'v');
    const std::array pair{UserProperty{"k", longer}};
    const Bytes block = bytes("CE 01 26 00 01 6B") + prefixed(longer);
    connect.will->properties.user_property = pair;
    CHECK(hex(written<Version::v5>(connect)) == hex(packet(0x10, head + bytes("03 21 00 14 00 01 63") + block + rest)));
    connect.properties.user_property = pair;
    connect.properties.receive_maximum.reset();
    CHECK(hex(written<Version::v5>(connect)) == hex(packet(0x10, head + block + bytes("00 01 63") + block + rest)));
    connect.will->properties.user_property = {};
    CHECK(hex(written<Version::v5>(connect)) == hex(packet(0x10, head + block + bytes("00 01 63 00") + rest)));
}

TEST_CASE("optimised code writes CONNECT without property blocks before 5.0")
{
    const Connect connect{
        .client_id = "c", .clean_start = true, .keep_alive = 10, .will = Will{.topic = "w", .payload = "p"}};
    CHECK(hex(written<Version::v3_1_1>(connect))
        == hex(packet(0x10, bytes("00 04 4D 51 54 54 04 06 00 0A 00 01 63 00 01 77 00 01 70"))));
}

TEST_CASE("optimised code writes the length of the property block of packets with one")
{
    const std::array<std::uint32_t, 2> ids{1, 200};
    CHECK(hex(written<Version::v5>(Publish{
              .topic = "t", .payload = "p", .properties = {.subscription_identifier = ids, .topic_alias = {7}}}))
        == "30 0D 00 01 74 08 0B 01 0B C8 01 23 00 07 70");
    CHECK(hex(written<Version::v5>(Publish{.topic = "t", .payload = "p"})) == "30 05 00 01 74 00 70");
    CHECK(hex(written<Version::v5>(ConnAck{.properties = {.maximum_qos = {1}}})) == "20 05 00 00 02 24 01");
    CHECK(hex(written<Version::v5>(Disconnect{.properties = {.reason_string = "r"}})) == "E0 06 00 04 1F 00 01 72");
    CHECK(hex(written<Version::v5>(PubAck{.packet_id = 1, .properties = {.reason_string = "r"}}))
        == "40 08 00 01 00 04 1F 00 01 72");
    CHECK(hex(written<Version::v5>(
              Auth{.reason_code = ReasonCode::re_authenticate, .properties = {.authentication_method = "m"}}))
        == "F0 06 19 04 15 00 01 6D");
}
