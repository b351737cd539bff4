// The packets that answer others.
#include "mqttwire/answers.hpp"

#include "unit/check.hpp"

using namespace check;

TEST_CASE("plain acknowledgements")
{
    CHECK_FALSE(answer(Publish{.topic = "t"}));
    CHECK(answer(Publish{.topic = "t", .qos = QoS::at_least_once, .packet_id = 7}) == Packet(PubAck{.packet_id = 7}));
    CHECK(answer(Publish{.topic = "t", .qos = QoS::exactly_once, .packet_id = 8}) == Packet(PubRec{.packet_id = 8}));
    CHECK_FALSE(answer(Publish{.topic = "t", .qos = static_cast<QoS>(3), .packet_id = 8}));
    CHECK(answer(PubRec{.packet_id = 9}) == PubRel{.packet_id = 9});
    CHECK(answer(PubRec{.packet_id = 9, .reason_code = ReasonCode::no_matching_subscribers}) == PubRel{.packet_id = 9});
    CHECK_FALSE(answer(PubRec{.packet_id = 9, .reason_code = ReasonCode::quota_exceeded}));
    CHECK(answer(PubRel{.packet_id = 10}) == PubComp{.packet_id = 10});
    CHECK(answer(PingReq{}) == PingResp{});
    STATIC_REQUIRE(answer(PubRel{.packet_id = 10}).packet_id == 10);
}

TEST_CASE("acknowledgements of any packet")
{
    const auto answer_to = [](const Packet& packet) { return answer(packet); };
    CHECK(
        answer_to(Publish{.topic = "t", .qos = QoS::at_least_once, .packet_id = 7}) == Packet(PubAck{.packet_id = 7}));
    CHECK(answer_to(Publish{.topic = "t", .qos = QoS::exactly_once, .packet_id = 7}) == Packet(PubRec{.packet_id = 7}));
    CHECK(answer_to(PubRec{.packet_id = 9}) == Packet(PubRel{.packet_id = 9}));
    CHECK(answer_to(PubRel{.packet_id = 9}) == Packet(PubComp{.packet_id = 9}));
    CHECK(answer_to(PingReq{}) == Packet(PingResp{}));
    for (const Packet& packet : {Packet(Connect{}), Packet(ConnAck{}), Packet(Publish{}), Packet(PubAck{}),
             Packet(PubRec{.reason_code = ReasonCode::not_authorized}), Packet(PubComp{}), Packet(Subscribe{}),
             Packet(SubAck{}), Packet(Unsubscribe{}), Packet(UnsubAck{}), Packet(PingResp{}), Packet(Disconnect{}),
             Packet(Auth{})})
        CHECK_FALSE(answer_to(packet));
}

TEST_CASE("packets without their properties can be said in 3.1.1")
{
    const Connect connect{.client_id = "c",
        .will = Will{.topic = "t", .payload = "p", .properties = {.will_delay_interval = 1}},
        .properties = {.receive_maximum = 10}};
    CHECK(encoded(connect, Version::v3_1_1).error.code == Errc::not_in_version);
    CHECK(without_properties(connect) == Connect{.client_id = "c", .will = Will{.topic = "t", .payload = "p"}});
    const Publish publish{.topic = "t", .payload = "p", .properties = {.topic_alias = 1}};
    CHECK(without_properties(publish) == Publish{.topic = "t", .payload = "p"});
    CHECK(without_properties(Packet(publish)) == Packet(Publish{.topic = "t", .payload = "p"}));
    CHECK(without_properties(Packet(connect)) == Packet(without_properties(connect)));
    CHECK(without_properties(Packet(PingReq{})) == Packet(PingReq{}));
    CHECK(encoded(without_properties(Packet(connect)), Version::v3_1_1).error.code == Errc::none);
    STATIC_REQUIRE(without_properties(Disconnect{.properties = {.session_expiry_interval = 1}}) == Disconnect{});
}

namespace {

/// The CONNACK that refuses what cannot be decoded, as hex; empty if there is none.
std::string refused(std::string_view connect)
{
    const Bytes wire = bytes(connect);
    const Result<Connect> packet = Connect::decode(wire);
    REQUIRE_FALSE(packet);
    const std::optional<Refusal> refused = refusal(wire, packet.error());
    if (!refused) return "";
    std::array<std::byte, 16> buffer{};
    return hex(refused->encode(buffer).value());
}

} // namespace

TEST_CASE("a CONNECT that cannot be read is refused in a form that its sender understands")
{
    CHECK(refused("10 0E 00 04 4D 51 54 54 06 02 00 3C 00 02 63 31") == hex(bytes("20 03 00 84 00"))); // level 6
    CHECK(refused("10 0E 00 04 4D 51 54 54 03 02 00 3C 00 02 63 31") == hex(bytes("20 02 00 01"))); // level 3
    CHECK(refused("10 0E 00 04 4D 51 54 54 84 02 00 3C 00 02 63 31") == hex(bytes("20 02 00 01"))); // a bridge
    CHECK(refused("10 10 00 06 4D 51 49 73 64 70 04 02 00 3C 00 02 63 31") == hex(bytes("20 02 00 01")));
    CHECK(refused("10 0C 00 04 4D 51 54 54 04 00 00 3C 00 00") == hex(bytes("20 02 00 02"))); // no client identifier
    CHECK(refused("10 10 00 06 4D 51 49 73 64 70 03 02 00 3C 00 00 00 00") == hex(bytes("20 02 00 02")));
    CHECK(refused("10 0F 00 04 4D 51 54 54 05 03 00 3C 00 00 02 63 31") == hex(bytes("20 03 00 81 00"))); // malformed
    CHECK(refused("10 0E 00 04 4D 51 54 54 04 03 00 3C 00 02 63 31").empty()); // of which 3.1.1 has nothing to say
    CHECK(refused("10 06 00 04 4D 51 54 54").empty()); // does not get as far as its level
    CHECK(refused("10 00").empty());
    CHECK(refused("30 03 00 01 74").empty());
}

TEST_CASE("a refusal has a reason code that a CONNACK may carry")
{
    const Bytes connect = bytes("10 0F 00 04 4D 51 54 54 05 02 00 3C 00 00 02 63 31");
    CHECK_FALSE(refusal(connect, Error{}));
    for (const ErrorRow& row : error_table) {
        if (row.code == Errc::none) continue;
        const std::optional<Refusal> refused = refusal(connect, Error{.code = row.code});
        REQUIRE(refused);
        CHECK(refused->version == Version::v5);
        CHECK(is_error(refused->connack.reason_code));
        CHECK(may_carry(PacketType::connack, refused->connack.reason_code));
    }
}
