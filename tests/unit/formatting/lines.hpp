// The lines of the formatters: every member that holds something is in them, and they are fit for a log whatever they
// show. Each formatting library includes these tests once, with `library` for the name of its namespace.
#pragma once

#include "mqttwire/formatting/line.hpp"

#include "mqttwire/bridge.hpp"
#include "mqttwire/session/engine.hpp"
#include "mqttwire/session/error.hpp"
#include "mqttwire/session/flows.hpp"
#include "mqttwire/session/journal.hpp"
#include "mqttwire/session/keep_alive.hpp"
#include "mqttwire/session/outcome.hpp"
#include "mqttwire/sniff.hpp"
#include "mqttwire/wire/slot.hpp"
#include "support/catch.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace mq = mqttwire;
using namespace std::string_view_literals;

namespace {

template <class T>
std::string line(const T& value)
{
    return library::format("{}", value);
}

std::vector<std::byte> encoded(const mq::Packet& packet, mq::Version version, mq::Leniency leniency = {})
{
    std::vector<std::byte> bytes(mq::encoded_size(packet, version, leniency).value());
    REQUIRE(mq::encode(packet, bytes, version, leniency).has_value());
    return bytes;
}

constexpr std::array<mq::UserProperty, 2> colours{
    {{.name = "colour", .value = "red"}, {.name = "colour", .value = "blue"}}};
constexpr std::array<std::uint32_t, 2> identifiers{3, 4};

/// The walker that gives every property a value.
struct Fill {
    template <class... Slots>
    bool slots(Slots... slots) const
    {
        (fill(slots.member), ...);
        return true;
    }

private:
    static void fill(std::optional<mq::Text>& member) { member = "text"; }
    static void fill(std::optional<mq::Binary>& member) { member = "data"; }
    static void fill(mq::List<mq::UserProperty>& member) { member = colours; }
    static void fill(mq::List<std::uint32_t>& member) { member = identifiers; }
    template <class Number>
    static void fill(std::optional<Number>& member)
    {
        member = Number{1};
    }
};

std::string_view shown(const mq::PropertyRow& row, bool repeatable)
{
    if (row.id == mq::PropertyId::authentication_data) return "4 bytes";
    switch (row.type) {
    case mq::PropertyType::utf8_string: return "\"text\"";
    case mq::PropertyType::binary_data: return "\"data\"";
    case mq::PropertyType::utf8_string_pair: return R"(["colour": "red", "colour": "blue"])";
    default: return repeatable ? "[3, 4]" : "1";
    }
}

/// All properties of a place, in the order of the table.
std::string all_properties(mq::PropertyPlace place)
{
    std::string expected;
    for (const mq::PropertyRow& row : mq::property_table) {
        if (!mq::may_stand(row, place)) continue;
        expected +=
            library::format("{}{}: {}", expected.empty() ? "" : ", ", row.name, shown(row, mq::may_repeat(row, place)));
    }
    return "{" + expected + "}";
}

} // namespace

TEST_CASE("each packet is a line with all its members")
{
    const mq::Will will{.topic = "w", .payload = "gone", .qos = mq::QoS::exactly_once, .retain = true};
    CHECK(line(mq::Connect{.client_id = "c",
              .clean_start = true,
              .keep_alive = 10,
              .will = will,
              .user_name = "u",
              .password = "secret",
              .properties = {.receive_maximum = 5},
              .version = mq::Version::v5})
        == R"(CONNECT version: 5.0, client_id: "c", clean_start: true, keep_alive: 10, )"
           R"(will: {topic: "w", payload: "gone", qos: exactly_once, retain: true}, )"
           R"(user_name: "u", password: 6 bytes, properties: {receive_maximum: 5})");
    CHECK(line(mq::ConnAck{.session_present = true, .properties = {.maximum_qos = std::uint8_t{1}}})
        == "CONNACK session_present: true, reason_code: success, properties: {maximum_qos: 1}");
    CHECK(line(mq::Publish{.topic = "a/b",
              .payload = "21.5",
              .qos = mq::QoS::at_least_once,
              .retain = true,
              .dup = true,
              .packet_id = 7,
              .properties = {.message_expiry_interval = 60}})
        == R"(PUBLISH topic: "a/b", payload: "21.5", qos: at_least_once, retain: true, dup: true, packet_id: 7, )"
           R"(properties: {message_expiry_interval: 60})");
    CHECK(line(mq::PubAck{.packet_id = 1, .reason_code = mq::ReasonCode::no_matching_subscribers})
        == "PUBACK packet_id: 1, reason_code: no_matching_subscribers");
    CHECK(line(mq::PubRec{.packet_id = 2}) == "PUBREC packet_id: 2, reason_code: success");
    CHECK(line(mq::PubRel{.packet_id = 3}) == "PUBREL packet_id: 3, reason_code: success");
    CHECK(line(mq::PubComp{.packet_id = 4, .properties = {.reason_string = "done"}})
        == R"(PUBCOMP packet_id: 4, reason_code: success, properties: {reason_string: "done"})");

    const std::array<mq::Subscription, 2> subscriptions{{
        {.filter = "a/#"},
        {.filter = "b",
            .qos = mq::QoS::at_least_once,
            .no_local = true,
            .retain_as_published = true,
            .retain_handling = mq::RetainHandling::do_not_send},
    }};
    CHECK(line(mq::Subscribe{.packet_id = 5, .filters = subscriptions, .properties = {.subscription_identifier = 9}})
        == R"(SUBSCRIBE packet_id: 5, filters: [)"
           R"({filter: "a/#", qos: at_most_once, no_local: false, retain_as_published: false, retain_handling: send}, )"
           R"({filter: "b", qos: at_least_once, no_local: true, retain_as_published: true, retain_handling: do_not_send}], )"
           R"(properties: {subscription_identifier: 9})");
    const std::array codes{mq::ReasonCode::granted_qos_0, mq::ReasonCode::not_authorized};
    CHECK(line(mq::SubAck{.packet_id = 5, .reason_codes = codes})
        == "SUBACK packet_id: 5, reason_codes: [granted_qos_0, not_authorized]");
    const std::array<mq::Text, 2> filters{"a/#", "b"};
    CHECK(line(mq::Unsubscribe{.packet_id = 6, .filters = filters})
        == R"(UNSUBSCRIBE packet_id: 6, filters: ["a/#", "b"])");
    CHECK(line(mq::UnsubAck{.packet_id = 6, .reason_codes = codes})
        == "UNSUBACK packet_id: 6, reason_codes: [success, not_authorized]");
    CHECK(line(mq::PingReq{}) == "PINGREQ");
    CHECK(line(mq::PingResp{}) == "PINGRESP");
    CHECK(line(mq::Disconnect{}) == "DISCONNECT reason_code: normal_disconnection");
    CHECK(line(mq::Auth{.reason_code = mq::ReasonCode::continue_authentication,
              .properties = {.authentication_method = "SCRAM-SHA-1", .authentication_data = "x"}})
        == R"(AUTH reason_code: continue_authentication, )"
           R"(properties: {authentication_method: "SCRAM-SHA-1", authentication_data: 1 byte})");
}

TEST_CASE("members that hold nothing are left out")
{
    CHECK(line(mq::Connect{}) == R"(CONNECT client_id: "", clean_start: false, keep_alive: 0)");
    CHECK(line(mq::Connect{.bridge = true})
        == R"(CONNECT bridge: true, client_id: "", clean_start: false, keep_alive: 0)");
    CHECK(line(mq::Connect{.password = ""})
        == R"(CONNECT client_id: "", clean_start: false, keep_alive: 0, password: 0 bytes)");
    CHECK(line(mq::Publish{.topic = "t"})
        == R"(PUBLISH topic: "t", payload: "", qos: at_most_once, retain: false, dup: false)");
    CHECK(line(mq::Publish{.packet_id = 9})
        == R"(PUBLISH topic: "", payload: "", qos: at_most_once, retain: false, dup: false, packet_id: 9)");
    CHECK(line(mq::Publish{.qos = mq::QoS::exactly_once})
        == R"(PUBLISH topic: "", payload: "", qos: exactly_once, retain: false, dup: false, packet_id: 0)");
    CHECK(line(mq::UnsubAck{.packet_id = 6}) == "UNSUBACK packet_id: 6");
    CHECK(line(mq::PublishProperties{}) == "{}");
    CHECK(line(mq::List<mq::Text>{}) == "[]");
}

TEMPLATE_TEST_CASE("each property struct shows all the properties of its place", "", mq::ConnectProperties,
    mq::WillProperties, mq::ConnAckProperties, mq::PublishProperties, mq::ReasonProperties, mq::SubscribeProperties,
    mq::UnsubscribeProperties, mq::DisconnectProperties, mq::AuthProperties)
{
    using Place = mq::PropertyPlace;
    TestType properties;
    const Fill fill;
    TestType::walk(fill, properties);
    int places = 0;
    for (const Place place : {Place::connect, Place::will, Place::connack, Place::publish, Place::puback,
             Place::subscribe, Place::unsubscribe, Place::disconnect, Place::auth}) {
        if (!mq::wire::agrees_with_table<TestType>(place)) continue;
        ++places;
        CHECK(line(properties) == all_properties(place));
    }
    CHECK(places == 1);
}

TEST_CASE("a packet looks the same before and after the wire")
{
    const mq::Will will{
        .topic = "w", .payload = "gone", .properties = {.will_delay_interval = 5, .user_property = colours}};
    const std::array<mq::Subscription, 1> subscriptions{
        {{.filter = "$share/group/a/#", .qos = mq::QoS::at_least_once}}};
    const std::array<mq::Packet, 3> packets{
        mq::Connect{.client_id = "c", .will = will, .user_name = "u", .password = "p", .version = mq::Version::v5},
        mq::Subscribe{.packet_id = 1, .filters = subscriptions, .properties = {.user_property = colours}},
        mq::Publish{.topic = "t", .payload = "x", .properties = {.subscription_identifier = identifiers}},
    };
    for (const mq::Packet& packet : packets) {
        const std::vector<std::byte> bytes = encoded(packet, mq::Version::v5);
        const mq::Result<mq::Packet> decoded = mq::decode(bytes, mq::Version::v5);
        REQUIRE(decoded.has_value());
        CHECK(line(*decoded) == line(packet));
        CHECK(line(decoded) == line(packet));
    }
}

TEST_CASE("text is quoted, and what could harm a terminal or a log is escaped")
{
    CHECK(line(mq::Text("")) == R"("")");
    CHECK(line(mq::Text("a/b")) == R"("a/b")");
    CHECK(line(mq::Text(R"(say "hi" \ bye)")) == R"("say \"hi\" \\ bye")");
    CHECK(line(mq::Text("a\nb\rc\td")) == R"("a\nb\rc\td")");
    CHECK(line(mq::Text("\x1b[31m\x07\x7f")) == R"("\u{1b}[31m\u{07}\u{7f}")");
    CHECK(line(mq::Text("a\0b"sv)) == R"("a\u{00}b")");
    CHECK(
        line(mq::Text("température \xE2\x82\xAC \xF0\x9F\x8C\xA1")) == "\"température \xE2\x82\xAC \xF0\x9F\x8C\xA1\"");
    SECTION("ill-formed bytes are shown one by one")
    {
        CHECK(line(mq::Text("a\xFFz")) == R"("a\xffz")");
        CHECK(line(mq::Text("\xED\xA0\x80")) == R"("\xed\xa0\x80")");
        CHECK(line(mq::Text("\xE2\x82")) == R"("\xe2\x82")");
    }
    SECTION("every character that does not show is escaped")
    {
        const auto utf8 = [](std::uint32_t point) {
            std::string text;
            const auto add = [&text](std::uint32_t byte) { text += static_cast<char>(byte); };
            if (point < 0x80) {
                add(point);
            } else if (point < 0x800) {
                add(0xC0U | (point >> 6U));
                add(0x80U | (point & 0x3FU));
            } else if (point < 0x10000) {
                add(0xE0U | (point >> 12U));
                add(0x80U | ((point >> 6U) & 0x3FU));
                add(0x80U | (point & 0x3FU));
            } else {
                add(0xF0U | (point >> 18U));
                add(0x80U | ((point >> 12U) & 0x3FU));
                add(0x80U | ((point >> 6U) & 0x3FU));
                add(0x80U | (point & 0x3FU));
            }
            return text;
        };
        const auto check_range = [&](std::uint32_t first, std::uint32_t last) {
            for (std::uint32_t point = first; point <= last; ++point) {
                if (point == '\n' || point == '\r' || point == '\t') continue;
                CHECK(line(mq::Text(utf8(point))) == library::format("\"\\u{{{:02x}}}\"", point));
            }
        };
        check_range(0x00, 0x1F);
        check_range(0x7F, 0xA0);
        for (const std::uint32_t point : {0xADU, 0x034FU, 0x061CU, 0x115FU, 0x180EU, 0x2028U, 0x202EU, 0x2800U, 0x3000U,
                 0x3164U, 0xE000U, 0xFE0FU, 0xFEFFU, 0xFFA0U, 0xFFF9U, 0xFFFFU, 0x1D173U, 0xE0100U, 0x10FFFFU})
            check_range(point, point);
        // What stands beside them is not.
        for (const std::uint32_t point :
            {0x20U, 0x7EU, 0xA1U, 0xACU, 0xAEU, 0x034EU, 0x061BU, 0x061DU, 0x2010U, 0x2027U, 0x2030U, 0x205EU, 0x2070U,
                0x27FFU, 0x2801U, 0xFDCFU, 0xFDF0U, 0xFEFEU, 0xFF00U, 0xFFFDU, 0x10000U, 0x1F600U, 0xDFFFDU}) {
            CAPTURE(point);
            CHECK(line(mq::Text(utf8(point))) == "\"" + utf8(point) + "\"");
        }
    }
}

TEST_CASE("binary data is escaped and cut behind 32 bytes, and then its size is told")
{
    CHECK(line(mq::Binary()) == R"("")");
    CHECK(line(mq::Binary("a\"\\\n\x1b\x7f\x80\xff")) == R"("a\"\\\n\x1b\x7f\x80\xff")");
    const std::string bytes(1024, 'x');
    const std::string shown = "\"" + std::string(32, 'x') + "\"";
    CHECK(line(mq::Binary(bytes.data())) == shown + "... (1024 bytes)");
    CHECK(line(mq::Binary(std::string_view(bytes).substr(0, 33))) == shown + "... (33 bytes)");
    CHECK(line(mq::Binary(std::string_view(bytes).substr(0, 32))) == shown);
}

TEST_CASE("no line but that of the secret itself shows a secret")
{
    const mq::Connect connect{.client_id = "c",
        .user_name = "u",
        .password = "hush",
        .properties = {.authentication_method = "m", .authentication_data = "hush"}};
    std::vector<std::byte> bytes = encoded(connect, mq::Version::v5);
    const mq::Result<mq::Frame> frame = mq::read_frame(bytes);
    CHECK(line(*frame) == "CONNECT frame: 36 bytes, flags 0000, header of 2 bytes");
    CHECK(line(mq::Result<std::span<std::byte>>(bytes)) == "36 bytes");
    for (const std::string& shown : {line(connect), line(mq::Packet(connect)), line(mq::decode(*frame)), line(frame)})
        CHECK(shown.find("hush") == std::string::npos);
    CHECK(line(*connect.password) == R"("hush")");
}

TEST_CASE("a frame shows its fixed header")
{
    constexpr std::array padded{
        std::byte{0x3D}, std::byte{0x83}, std::byte{0x00}, std::byte{0}, std::byte{1}, std::byte{'t'}};
    CHECK(line(*mq::read_frame(padded)) == "PUBLISH frame: 6 bytes, flags 1101, header of 3 bytes, padded length");
}

TEST_CASE("enumerations have their names and take the format of a string")
{
    CHECK(line(mq::Version::v3_1_1) == "3.1.1");
    CHECK(line(mq::QoS::exactly_once) == "exactly_once");
    CHECK(line(mq::RetainHandling::send_if_new_subscription) == "send_if_new_subscription");
    CHECK(line(mq::PacketType::suback) == "SUBACK");
    CHECK(line(mq::ReasonCode::not_authorized) == "not_authorized");
    CHECK(line(mq::PropertyId::topic_alias) == "topic_alias");
    CHECK(line(mq::PropertyPlace::will) == "will");
    CHECK(line(mq::Field::connect_flags) == "connect_flags");
    CHECK(line(mq::Errc::topic_name_wildcard) == "topic_name_wildcard");
    CHECK(line(mq::Role::server) == "server");
    CHECK(line(mq::Advice::end_flow) == "end_flow");
    CHECK(line(mq::BridgedOption::retain_as_published) == "retain_as_published");
    CHECK(line(mq::Opening::websocket) == "websocket");
    CHECK(line(mq::session::Fault::not_connected) == "not_connected");
    CHECK(line(mq::session::Blame::caller) == "caller");
    CHECK(line(mq::session::Event::message_again) == "message_again");
    CHECK(line(mq::session::Change::released) == "released");
    CHECK(line(mq::session::Flow::pubrel) == "pubrel");
    CHECK(line(mq::session::State::closing) == "closing");
    CHECK(line(mq::session::LoadFault::unknown_layout) == "unknown_layout");
    CHECK(line(mq::session::Record::Kind::settings) == "settings");
    CHECK(line(mq::session::ClientKeepAlive::Due::ping) == "ping");
    CHECK(library::format("{:>9}|{:<9}|{:^9}", mq::PacketType::connect, mq::PacketType::auth, mq::QoS{3})
        == "  CONNECT|AUTH     |reserved ");
    SECTION("a value without a name is a number")
    {
        CHECK(line(mq::ReasonCode{0x05}) == "0x05");
        CHECK(line(mq::PropertyId{0x7F}) == "0x7f");
        CHECK(line(mq::session::Event{14}) == "0x0e");
        CHECK(line(mq::PubAck{.packet_id = 1, .reason_code = mq::ReasonCode{0xFE}})
            == "PUBACK packet_id: 1, reason_code: 0xfe");
    }
    SECTION("leniency is a set")
    {
        CHECK(line(mq::Leniency::none) == "none");
        CHECK(line(mq::Leniency::bridge_bit) == "bridge_bit");
        CHECK(line(mq::Leniency::check_payload_format | mq::Leniency::long_client_id)
            == "long_client_id|check_payload_format");
    }
}

TEST_CASE("an error says what is wrong, in which packet and field, and at which byte")
{
    CHECK(line(mq::Error{.code = mq::Errc::topic_name_wildcard,
              .field = mq::Field::topic,
              .packet = mq::PacketType::publish,
              .offset = 4})
        == "topic_name_wildcard: the topic name holds a wildcard (PUBLISH, topic, byte 4)");
    CHECK(line(mq::Error{.code = mq::Errc::topic_filter_empty,
              .field = mq::Field::filter,
              .packet = mq::PacketType::subscribe,
              .element = 2})
        == "topic_filter_empty: the topic filter is empty (SUBSCRIBE, filter, element 2)");
    CHECK(line(mq::Error{.code = mq::Errc::reserved_packet_type, .field = mq::Field::fixed_header})
        == "reserved_packet_type: the packet type is reserved (fixed_header, byte 0)");
    CHECK(line(mq::Error{.code = mq::Errc::property_repeated,
              .field = mq::field(mq::PropertyId::reason_string),
              .packet = mq::PacketType::puback,
              .offset = 9})
        == "property_repeated: the property is given twice (PUBACK, reason_string, byte 9)");
    SECTION("a refused struct has no bytes to point at")
    {
        std::array<std::byte, 2> small{};
        CHECK(line(mq::Publish{.topic = "t"}.encode(small, mq::Version::v3_1_1))
            == "error buffer_too_small: the buffer is too small for the packet (PUBLISH, packet, needs 5 bytes)");
        CHECK(line(mq::Publish{.topic = "a/#"}.encoded_size(mq::Version::v5))
            == "error topic_name_wildcard: the topic name holds a wildcard (PUBLISH, topic, byte 2)");
    }
}

TEST_CASE("a result shows its value and what was let pass, or its error")
{
    CHECK(line(mq::PingReq{}.encoded_size(mq::Version::v5)) == "2");
    const std::vector<std::byte> bridge =
        encoded(mq::Connect{.client_id = "c", .bridge = true}, mq::Version::v3_1, mq::Leniency::bridge_bit);
    CHECK(line(mq::decode(bridge, mq::Leniency::bridge_bit))
        == R"(CONNECT version: 3.1, bridge: true, client_id: "c", clean_start: false, keep_alive: 0 (let pass: bridge_bit))");
    CHECK(line(mq::decode(bridge))
        == "error bridge_bit_set: the protocol level has the bridge bit (CONNECT, protocol_version, byte 10)");
}
