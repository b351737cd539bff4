// What the other side has said it takes.
#include "mqttwire/limits.hpp"
#include "conformance/rules.hpp"

using namespace conformance;

namespace {

Limits with_size(std::uint32_t maximum_packet_size) { return {.maximum_packet_size = maximum_packet_size}; }

/// What is written of a packet within limits.
std::string written(const Packet& packet, const Limits& limits)
{
    std::array<std::byte, 256> buffer{};
    Dropped dropped;
    const auto bytes = encode_within(packet, buffer, limits, dropped);
    return bytes ? hex(*bytes) : std::string(name(bytes.error().code));
}

Errc breach(const Packet& packet, const Limits& limits) { return mqttwire::check(packet, limits).code; }

/// The reason string goes where it does not fit, and so does the user property, each of which takes seven bytes; of
/// what is left no bytes can go.
template <class P>
void leaves_out(P packet, std::string_view neither)
{
    const std::array pair{UserProperty{.name = "k", .value = "v"}};
    const P bare = packet;
    const auto size = static_cast<std::uint32_t>(bytes(neither).size());
    P with_reason = packet;
    with_reason.properties.reason_string = "full";
    CHECK(written(with_reason, {}) != hex(bytes(neither)));
    CHECK(written(with_reason, with_size(size)) == hex(bytes(neither)));
    P with_pair = packet;
    with_pair.properties.user_property = pair;
    CHECK(written(with_pair, {}) != hex(bytes(neither)));
    CHECK(written(with_pair, with_size(size)) == hex(bytes(neither)));
    P both = with_pair;
    both.properties.reason_string = "full";
    CHECK(written(both, with_size(size)) == hex(bytes(neither)));
    const std::size_t with_one = *with_pair.encoded_size(Version::v5);
    CHECK(written(both, with_size(static_cast<std::uint32_t>(with_one))) == written(with_pair, {}));
    CHECK(written(bare, with_size(size)) == hex(bytes(neither)));
    CHECK(written(both, with_size(size - 1)) == "packet_above_maximum_size");
}

const std::array codes{ReasonCode::success};

} // namespace

TEST_CASE("no packet is larger than its receiver's Maximum Packet Size", "[5.0:MQTT-3.1.2-24][5.0:MQTT-3.2.2-15]")
{
    const std::array filters{Subscription{.filter = "a"}};
    const Subscribe subscribe{.packet_id = 1, .filters = filters};
    CHECK(written(subscribe, with_size(9)) == hex(bytes("82 07 00 01 00 00 01 61 00")));
    CHECK(written(subscribe, with_size(8)) == "packet_above_maximum_size");
    CHECK(breach(subscribe, with_size(9)) == Errc::none);
    CHECK(breach(subscribe, with_size(8)) == Errc::packet_above_maximum_size);
}

TEST_CASE("a PUBLISH that is too large is not sent and counts as delivered", "[5.0:MQTT-3.1.2-25]")
{
    const std::array pair{UserProperty{.name = "k", .value = "v"}};
    const Publish publish{.topic = "a", .properties = {.user_property = pair}};
    CHECK(written(publish, with_size(13)) == hex(bytes("30 0B 00 01 61 07 26 00 01 6B 00 01 76")));
    CHECK(written(publish, with_size(12)) == "publish_above_maximum_size");
}

TEST_CASE("no topic alias is above the receiver's Topic Alias Maximum",
    "[5.0:MQTT-3.1.2-26][5.0:MQTT-3.1.2-27][5.0:MQTT-3.2.2-17][5.0:MQTT-3.2.2-18][5.0:MQTT-3.3.2-9][5.0:MQTT-3.3.2-10]"
    "[5.0:MQTT-3.3.2-11]")
{
    const Connect asks{.properties = {.topic_alias_maximum = 4}};
    const ConnAck answers{.properties = {.topic_alias_maximum = 4}};
    const Connect nothing{.properties = {.topic_alias_maximum = 0}};
    for (unsigned alias = 1; alias < 8; ++alias) {
        const Publish publish{.topic = "a", .properties = {.topic_alias = static_cast<std::uint16_t>(alias)}};
        const Errc expected = alias > 4 ? Errc::topic_alias_above_maximum : Errc::none;
        CHECK(breach(publish, limits_of(asks)) == expected);
        CHECK(breach(publish, limits_of(answers, Connect{})) == expected);
        for (const Limits& none : {limits_of(Connect{}), limits_of(nothing), limits_of(ConnAck{}, Connect{})}) {
            CHECK(breach(publish, none) == Errc::topic_alias_above_maximum);
            CHECK(written(publish, none) == "topic_alias_above_maximum");
        }
    }
}

TEST_CASE("no Response Information that was not asked for", "[5.0:MQTT-3.1.2-28]")
{
    const ConnAck connack{.properties = {.response_information = "r"}};
    CHECK(written(connack, limits_of(Connect{})) == "response_information_not_requested");
    CHECK(written(connack, limits_of(Connect{.properties = {.request_response_information = 0}}))
        == "response_information_not_requested");
    CHECK(written(connack, limits_of(Connect{.properties = {.request_response_information = 1}}))
        == hex(bytes("20 07 00 00 04 1A 00 01 72")));
}

TEST_CASE("no problem information that nobody wants, but in PUBLISH, CONNACK and DISCONNECT", "[5.0:MQTT-3.1.2-29]")
{
    const Limits unwanted = limits_of(Connect{.properties = {.request_problem_information = 0}});
    const std::array pair{UserProperty{.name = "k", .value = "v"}};
    const ReasonProperties properties{.reason_string = "r", .user_property = pair};
    CHECK(written(PubAck{.packet_id = 1, .properties = properties}, unwanted) == hex(bytes("40 02 00 01")));
    CHECK(written(PubRec{.packet_id = 1, .properties = properties}, unwanted) == hex(bytes("50 02 00 01")));
    CHECK(written(PubRel{.packet_id = 1, .properties = properties}, unwanted) == hex(bytes("62 02 00 01")));
    CHECK(written(PubComp{.packet_id = 1, .properties = properties}, unwanted) == hex(bytes("70 02 00 01")));
    CHECK(written(SubAck{.packet_id = 1, .reason_codes = codes, .properties = properties}, unwanted)
        == hex(bytes("90 04 00 01 00 00")));
    CHECK(written(UnsubAck{.packet_id = 1, .reason_codes = codes, .properties = properties}, unwanted)
        == hex(bytes("B0 04 00 01 00 00")));
    CHECK(written(ConnAck{.properties = {.reason_string = "r"}}, unwanted) == hex(bytes("20 07 00 00 04 1F 00 01 72")));
    CHECK(written(Disconnect{.properties = {.reason_string = "r"}}, unwanted) == hex(bytes("E0 06 00 04 1F 00 01 72")));
    CHECK(written(Publish{.topic = "a", .properties = {.user_property = pair}}, unwanted)
        == hex(bytes("30 0B 00 01 61 07 26 00 01 6B 00 01 76")));
}

TEST_CASE("a Maximum QoS bars messages, not subscriptions", "[5.0:MQTT-3.2.2-10][5.0:MQTT-3.2.2-11][5.0:MQTT-3.2.2-12]")
{
    for (unsigned most = 0; most < 2; ++most) {
        const ConnAck connack{.properties = {.maximum_qos = static_cast<std::uint8_t>(most)}};
        const Limits limits = limits_of(connack, Connect{});
        for (unsigned qos = 0; qos < 3; ++qos) {
            const Errc expected = qos > most ? Errc::qos_above_maximum : Errc::none;
            const auto id = static_cast<std::uint16_t>(qos == 0 ? 0 : 1);
            CHECK(breach(Publish{.topic = "a", .qos = static_cast<QoS>(qos), .packet_id = id}, limits) == expected);
            CHECK(breach(Connect{.will = Will{.topic = "a", .qos = static_cast<QoS>(qos)}}, limits) == expected);
            const std::array filters{Subscription{.filter = "a", .qos = static_cast<QoS>(qos)}};
            CHECK(breach(Subscribe{.packet_id = 1, .filters = filters}, limits) == Errc::none);
        }
    }
    CHECK(reason_code(Errc::qos_above_maximum) == ReasonCode::qos_not_supported);
}

TEST_CASE("no RETAIN where it is not available", "[5.0:MQTT-3.2.2-13][5.0:MQTT-3.2.2-14]")
{
    for (unsigned available = 0; available < 2; ++available) {
        const ConnAck connack{.properties = {.retain_available = static_cast<std::uint8_t>(available)}};
        const Limits limits = limits_of(connack, Connect{});
        const Errc expected = available == 0 ? Errc::retain_not_available : Errc::none;
        CHECK(breach(Publish{.topic = "a", .retain = true}, limits) == expected);
        CHECK(breach(Publish{.topic = "a"}, limits) == Errc::none);
        CHECK(breach(Connect{.will = Will{.topic = "a", .retain = true}}, limits) == expected);
    }
    CHECK(reason_code(Errc::retain_not_available) == ReasonCode::retain_not_supported);
}

TEST_CASE("Server Keep Alive takes the place of the client's", "[5.0:MQTT-3.2.2-21][5.0:MQTT-3.2.2-22]")
{
    const Connect connect{.keep_alive = 60};
    CHECK(limits_of(ConnAck{.properties = {.server_keep_alive = 10}}, connect).keep_alive == 10);
    CHECK(limits_of(ConnAck{.properties = {.server_keep_alive = 0}}, connect).keep_alive == 0);
    CHECK(limits_of(ConnAck{}, connect).keep_alive == 60);
}

TEST_CASE("CONNACK loses what does not fit", "[5.0:MQTT-3.2.2-19][5.0:MQTT-3.2.2-20]")
{
    leaves_out(ConnAck{.reason_code = ReasonCode::server_busy}, "20 03 00 89 00");
}

TEST_CASE("PUBACK loses what does not fit", "[5.0:MQTT-3.4.2-2][5.0:MQTT-3.4.2-3]")
{
    leaves_out(PubAck{.packet_id = 1, .reason_code = ReasonCode::quota_exceeded}, "40 03 00 01 97");
}

TEST_CASE("PUBREC loses what does not fit", "[5.0:MQTT-3.5.2-2][5.0:MQTT-3.5.2-3]")
{
    leaves_out(PubRec{.packet_id = 1, .reason_code = ReasonCode::quota_exceeded}, "50 03 00 01 97");
}

TEST_CASE("PUBREL loses what does not fit", "[5.0:MQTT-3.6.2-2][5.0:MQTT-3.6.2-3]")
{
    leaves_out(PubRel{.packet_id = 1, .reason_code = ReasonCode::packet_identifier_not_found}, "62 03 00 01 92");
}

TEST_CASE("PUBCOMP loses what does not fit", "[5.0:MQTT-3.7.2-2][5.0:MQTT-3.7.2-3]")
{
    leaves_out(PubComp{.packet_id = 1, .reason_code = ReasonCode::packet_identifier_not_found}, "70 03 00 01 92");
}

TEST_CASE("SUBACK loses what does not fit", "[5.0:MQTT-3.9.2-1][5.0:MQTT-3.9.2-2]")
{
    leaves_out(SubAck{.packet_id = 1, .reason_codes = codes}, "90 04 00 01 00 00");
}

TEST_CASE("UNSUBACK loses what does not fit", "[5.0:MQTT-3.11.2-1][5.0:MQTT-3.11.2-2]")
{
    leaves_out(UnsubAck{.packet_id = 1, .reason_codes = codes}, "B0 04 00 01 00 00");
}

TEST_CASE("DISCONNECT loses what does not fit", "[5.0:MQTT-3.14.2-3][5.0:MQTT-3.14.2-4]")
{
    leaves_out(Disconnect{.reason_code = ReasonCode::server_busy}, "E0 01 89");
}

TEST_CASE("AUTH loses what does not fit", "[5.0:MQTT-3.15.2-2][5.0:MQTT-3.15.2-3]")
{
    leaves_out(Auth{.reason_code = ReasonCode::continue_authentication, .properties = {.authentication_method = "m"}},
        "F0 06 18 04 15 00 01 6D");
}
