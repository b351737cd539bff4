// Every packet type in every version while compiling: written from its members to bytes that the specifications'
// examples give, and read from these bytes to the same members.
#include "constexpr_vectors/constant.hpp"
#include "support/catch.hpp"

#include <mqttwire/mqttwire.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <span>
#include <string_view>
#include <utility>
#include <variant>

namespace mqttwire::test {

namespace {

constexpr unsigned digit(char c) { return static_cast<unsigned>(c <= '9' ? c - '0' : c - 'A' + 10); }

/// Bytes from upper-case digits in pairs, a blank between them.
class Hex {
public:
    consteval Hex(const char* digits) : digits_(digits) {}

    constexpr std::size_t size() const { return (digits_.size() + 1) / 3; }
    constexpr std::byte operator[](std::size_t index) const
    {
        return static_cast<std::byte>(digit(digits_[3 * index]) * 16 + digit(digits_[3 * index + 1]));
    }

private:
    std::string_view digits_;
};

consteval bool equal(std::span<const std::byte> bytes, Hex hex)
{
    if (bytes.size() != hex.size()) return false;
    for (std::size_t i = 0; i < bytes.size(); ++i)
        if (bytes[i] != hex[i]) return false;
    return true;
}

/// True if the packet, encoded with a version known while compiling or at run time, or as any packet, gives the bytes.
template <Version V, class Packet>
consteval bool encodes(const Packet& packet, Hex hex, Leniency leniency = {})
{
    ExactMemory first(hex.size());
    const auto known = packet.template encode<V>(first.span(), leniency);
    ExactMemory second(hex.size());
    const auto any = packet.encode(second.span(), V, leniency);
    ExactMemory third(hex.size());
    const mqttwire::Packet held(std::in_place_type<Packet>, packet);
    const auto as_any_packet = mqttwire::encode(held, third.span(), V, leniency);
    return known && equal(*known, hex) && any && equal(*any, hex) && as_any_packet && equal(*as_any_packet, hex)
        && packet.template encoded_size<V>(leniency).value() == hex.size()
        && mqttwire::encoded_size(held, V, leniency).value() == hex.size();
}

/// True if a decode to any packet gave this one.
template <class Packet>
constexpr bool holds(const Result<mqttwire::Packet>& decoded, const Packet& packet)
{
    const Packet* const held = decoded ? std::get_if<Packet>(&*decoded) : nullptr;
    return held != nullptr && *held == packet;
}

/// True if the bytes, decoded with a version known while compiling or at run time, as this packet or any, give the
/// packet.
template <Version V, class Packet>
consteval bool decodes(Hex hex, const Packet& packet, Leniency leniency = {})
{
    ExactMemory memory(hex.size());
    const std::span<std::byte> bytes = memory.span();
    for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = hex[i];
    return Packet::template decode<V>(bytes, leniency) == packet && Packet::decode(bytes, V, leniency) == packet
        && holds(mqttwire::decode(bytes, V, leniency), packet)
        && holds(mqttwire::decode<V>(read_frame(bytes).value(), leniency), packet)
        && (Packet::type != PacketType::connect || holds(mqttwire::decode(bytes, leniency), packet));
}

/// True if the bytes are refused in either way, for this reason and at this byte.
template <Version V, class Packet>
consteval bool refuses(Hex hex, Errc code, std::uint32_t offset)
{
    ExactMemory memory(hex.size());
    const std::span<std::byte> bytes = memory.span();
    for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = hex[i];
    const Error error = Packet::template decode<V>(bytes).error();
    return error.code == code && error.offset == offset && Packet::decode(bytes, V).error() == error;
}

constexpr Version v3_1 = Version::v3_1;
constexpr Version v3_1_1 = Version::v3_1_1;
constexpr Version v5 = Version::v5;

// CONNECT

constexpr Connect connect_3_1{.client_id = "c1", .clean_start = true, .keep_alive = 60, .version = v3_1};
static_assert(encodes<v3_1>(connect_3_1, "10 10 00 06 4D 51 49 73 64 70 03 02 00 3C 00 02 63 31"));
static_assert(decodes<v3_1>("10 10 00 06 4D 51 49 73 64 70 03 02 00 3C 00 02 63 31", connect_3_1));

constexpr Connect bridge_3_1{.client_id = "c1", .clean_start = true, .keep_alive = 60, .version = v3_1, .bridge = true};
static_assert(encodes<v3_1>(bridge_3_1, "10 10 00 06 4D 51 49 73 64 70 83 02 00 3C 00 02 63 31", Leniency::bridge_bit));
static_assert(decodes<v3_1>("10 10 00 06 4D 51 49 73 64 70 83 02 00 3C 00 02 63 31", bridge_3_1, Leniency::bridge_bit));

constexpr Connect connect_with_password{.client_id = "123456",
    .clean_start = true,
    .keep_alive = 120,
    .user_name = "yang",
    .password = "11223344",
    .version = v3_1_1};
static_assert(encodes<v3_1_1>(connect_with_password,
    "10 22 00 04 4D 51 54 54 04 C2 00 78 00 06 31 32 33 34 35 36 00 04 79 61 6E 67 00 08 31 31 32 32 33 33 34 34"));
static_assert(decodes<v3_1_1>(
    "10 22 00 04 4D 51 54 54 04 C2 00 78 00 06 31 32 33 34 35 36 00 04 79 61 6E 67 00 08 31 31 32 32 33 33 34 34",
    connect_with_password));

constexpr Connect connect_with_will{.client_id = "c1",
    .clean_start = true,
    .keep_alive = 10,
    .will = Will{.topic = "w/t", .payload = "bye", .qos = QoS::at_least_once, .retain = true},
    .version = v3_1_1};
static_assert(encodes<v3_1_1>(
    connect_with_will, "10 18 00 04 4D 51 54 54 04 2E 00 0A 00 02 63 31 00 03 77 2F 74 00 03 62 79 65"));
static_assert(decodes<v3_1_1>(
    "10 18 00 04 4D 51 54 54 04 2E 00 0A 00 02 63 31 00 03 77 2F 74 00 03 62 79 65", connect_with_will));

constexpr Connect connect_5{.client_id = "c1", .clean_start = true, .keep_alive = 60, .version = v5};
static_assert(encodes<v5>(connect_5, "10 0F 00 04 4D 51 54 54 05 02 00 3C 00 00 02 63 31"));
static_assert(decodes<v5>("10 0F 00 04 4D 51 54 54 05 02 00 3C 00 00 02 63 31", connect_5));

// The properties of the will come out in ascending order: Payload Format Indicator before Will Delay Interval.
constexpr Connect connect_with_everything{.client_id = "c1",
    .clean_start = true,
    .keep_alive = 10,
    .will = Will{.topic = "w/t",
        .payload = "bye",
        .qos = QoS::at_least_once,
        .properties = {.payload_format_indicator = 1, .will_delay_interval = 5}},
    .user_name = "u",
    .password = "p",
    .properties = {.session_expiry_interval = 10, .receive_maximum = 20},
    .version = v5};
static_assert(encodes<v5>(connect_with_everything,
    "10 2F 00 04 4D 51 54 54 05 CE 00 0A 08 11 00 00 00 0A 21 00 14 00 02 63 31 07 01 01 18 00 00 00 05 00 03 77 2F 74 "
    "00 03 62 79 65 00 01 75 00 01 70"));
static_assert(decodes<v5>(
    "10 2F 00 04 4D 51 54 54 05 CE 00 0A 08 11 00 00 00 0A 21 00 14 00 02 63 31 07 18 00 00 00 05 01 01 00 03 77 2F 74 "
    "00 03 62 79 65 00 01 75 00 01 70",
    connect_with_everything));

// CONNACK

constexpr ConnAck accepted{};
static_assert(encodes<v3_1>(accepted, "20 02 00 00"));
static_assert(decodes<v3_1>("20 02 00 00", accepted));
static_assert(decodes<v3_1>("20 02 01 00", accepted)); // its first byte is not used in 3.1

constexpr ConnAck session_present{.session_present = true};
static_assert(encodes<v3_1_1>(session_present, "20 02 01 00"));
static_assert(decodes<v3_1_1>("20 02 01 00", session_present));

constexpr ConnAck not_authorized{.reason_code = ReasonCode::not_authorized};
static_assert(encodes<v3_1_1>(not_authorized, "20 02 00 05"));
static_assert(decodes<v3_1_1>("20 02 00 05", not_authorized));

constexpr ConnAck connack_5{
    .properties = {.assigned_client_identifier = "a7", .receive_maximum = 10, .maximum_qos = 1}};
static_assert(encodes<v5>(connack_5, "20 0D 00 00 0A 12 00 02 61 37 21 00 0A 24 01"));
static_assert(decodes<v5>("20 0D 00 00 0A 12 00 02 61 37 21 00 0A 24 01", connack_5));

// PUBLISH

constexpr Publish publish_qos_0{.topic = "1111", .payload = "999"};
static_assert(encodes<v3_1>(publish_qos_0, "30 09 00 04 31 31 31 31 39 39 39"));
static_assert(decodes<v3_1>("30 09 00 04 31 31 31 31 39 39 39", publish_qos_0));
static_assert(encodes<v3_1_1>(publish_qos_0, "30 09 00 04 31 31 31 31 39 39 39"));
static_assert(decodes<v3_1_1>("30 09 00 04 31 31 31 31 39 39 39", publish_qos_0));

constexpr Publish publish_again{
    .topic = "a/b", .payload = "hi", .qos = QoS::at_least_once, .retain = true, .dup = true, .packet_id = 10};
static_assert(encodes<v3_1_1>(publish_again, "3B 09 00 03 61 2F 62 00 0A 68 69"));
static_assert(decodes<v3_1_1>("3B 09 00 03 61 2F 62 00 0A 68 69", publish_again));

constexpr Publish publish_by_alias{.payload = "x", .properties = {.topic_alias = 1}};
static_assert(encodes<v5>(publish_by_alias, "30 07 00 00 03 23 00 01 78"));
static_assert(decodes<v5>("30 07 00 00 03 23 00 01 78", publish_by_alias));

constexpr std::array<std::uint32_t, 2> identifiers{1, 200};
constexpr std::array user_properties{UserProperty{"k", "v1"}, UserProperty{"k", "v2"}};
constexpr Publish publish_with_lists{.topic = "a/b",
    .payload = "x",
    .properties = {.subscription_identifier = identifiers, .user_property = user_properties}};
static_assert(encodes<v5>(
    publish_with_lists, "30 1C 00 03 61 2F 62 15 0B 01 0B C8 01 26 00 01 6B 00 02 76 31 26 00 01 6B 00 02 76 32 78"));
static_assert(decodes<v5>(
    "30 1C 00 03 61 2F 62 15 0B 01 0B C8 01 26 00 01 6B 00 02 76 31 26 00 01 6B 00 02 76 32 78", publish_with_lists));

// PUBACK, PUBREC, PUBREL, PUBCOMP

static_assert(encodes<v3_1>(PubAck{.packet_id = 10}, "40 02 00 0A"));
static_assert(decodes<v3_1>("40 02 00 0A", PubAck{.packet_id = 10}));
static_assert(encodes<v3_1_1>(PubAck{.packet_id = 10}, "40 02 00 0A"));
static_assert(decodes<v3_1_1>("40 02 00 0A", PubAck{.packet_id = 10}));
static_assert(encodes<v5>(PubAck{.packet_id = 10}, "40 02 00 0A"));
static_assert(decodes<v5>("40 02 00 0A", PubAck{.packet_id = 10}));

constexpr PubAck nobody_listens{.packet_id = 10, .reason_code = ReasonCode::no_matching_subscribers};
static_assert(encodes<v5>(nobody_listens, "40 03 00 0A 10"));
static_assert(decodes<v5>("40 03 00 0A 10", nobody_listens));
static_assert(decodes<v5>("40 04 00 0A 10 00", nobody_listens)); // the long form of the same

static_assert(encodes<v3_1>(PubRec{.packet_id = 10}, "50 02 00 0A"));
static_assert(decodes<v3_1>("50 02 00 0A", PubRec{.packet_id = 10}));
static_assert(encodes<v3_1_1>(PubRec{.packet_id = 10}, "50 02 00 0A"));
static_assert(decodes<v3_1_1>("50 02 00 0A", PubRec{.packet_id = 10}));
constexpr PubRec refused{
    .packet_id = 10, .reason_code = ReasonCode::not_authorized, .properties = {.reason_string = "no"}};
static_assert(encodes<v5>(refused, "50 09 00 0A 87 05 1F 00 02 6E 6F"));
static_assert(decodes<v5>("50 09 00 0A 87 05 1F 00 02 6E 6F", refused));

static_assert(encodes<v3_1>(PubRel{.packet_id = 10}, "62 02 00 0A"));
static_assert(decodes<v3_1>("62 02 00 0A", PubRel{.packet_id = 10}));
static_assert(encodes<v3_1_1>(PubRel{.packet_id = 10}, "62 02 00 0A"));
static_assert(decodes<v3_1_1>("62 02 00 0A", PubRel{.packet_id = 10}));
static_assert(encodes<v5>(PubRel{.packet_id = 10}, "62 02 00 0A"));
static_assert(decodes<v5>("62 02 00 0A", PubRel{.packet_id = 10}));

static_assert(encodes<v3_1>(PubComp{.packet_id = 10}, "70 02 00 0A"));
static_assert(decodes<v3_1>("70 02 00 0A", PubComp{.packet_id = 10}));
static_assert(encodes<v3_1_1>(PubComp{.packet_id = 10}, "70 02 00 0A"));
static_assert(decodes<v3_1_1>("70 02 00 0A", PubComp{.packet_id = 10}));
static_assert(encodes<v5>(PubComp{.packet_id = 10}, "70 02 00 0A"));
static_assert(decodes<v5>("70 02 00 0A", PubComp{.packet_id = 10}));

// SUBSCRIBE

constexpr std::array two_filters{
    Subscription{.filter = "a/b", .qos = QoS::at_least_once}, Subscription{.filter = "c/d", .qos = QoS::exactly_once}};
constexpr Subscribe subscribe_3{.packet_id = 10, .filters = two_filters};
static_assert(encodes<v3_1>(subscribe_3, "82 0E 00 0A 00 03 61 2F 62 01 00 03 63 2F 64 02"));
static_assert(decodes<v3_1>("82 0E 00 0A 00 03 61 2F 62 01 00 03 63 2F 64 02", subscribe_3));
static_assert(encodes<v3_1_1>(subscribe_3, "82 0E 00 0A 00 03 61 2F 62 01 00 03 63 2F 64 02"));
static_assert(decodes<v3_1_1>("82 0E 00 0A 00 03 61 2F 62 01 00 03 63 2F 64 02", subscribe_3));

constexpr std::array shared_filter{Subscription{.filter = "$share/g/a/#",
    .qos = QoS::at_least_once,
    .retain_as_published = true,
    .retain_handling = RetainHandling::send_if_new_subscription}};
constexpr Subscribe subscribe_5{
    .packet_id = 10, .filters = shared_filter, .properties = {.subscription_identifier = 300}};
static_assert(encodes<v5>(subscribe_5, "82 15 00 0A 03 0B AC 02 00 0C 24 73 68 61 72 65 2F 67 2F 61 2F 23 19"));
static_assert(decodes<v5>("82 15 00 0A 03 0B AC 02 00 0C 24 73 68 61 72 65 2F 67 2F 61 2F 23 19", subscribe_5));

// SUBACK

constexpr std::array granted{ReasonCode::granted_qos_0, ReasonCode::granted_qos_2};
static_assert(encodes<v3_1>(SubAck{.packet_id = 10, .reason_codes = granted}, "90 04 00 0A 00 02"));
static_assert(decodes<v3_1>("90 04 00 0A 00 02", SubAck{.packet_id = 10, .reason_codes = granted}));

constexpr std::array granted_and_failed{
    ReasonCode::granted_qos_0, ReasonCode::granted_qos_2, ReasonCode::unspecified_error};
constexpr SubAck suback_3_1_1{.packet_id = 10, .reason_codes = granted_and_failed};
static_assert(encodes<v3_1_1>(suback_3_1_1, "90 05 00 0A 00 02 80"));
static_assert(decodes<v3_1_1>("90 05 00 0A 00 02 80", suback_3_1_1));

constexpr std::array granted_and_invalid{ReasonCode::granted_qos_1, ReasonCode::topic_filter_invalid};
constexpr SubAck suback_5{.packet_id = 10, .reason_codes = granted_and_invalid};
static_assert(encodes<v5>(suback_5, "90 05 00 0A 00 01 8F"));
static_assert(decodes<v5>("90 05 00 0A 00 01 8F", suback_5));

// UNSUBSCRIBE

constexpr std::array<Text, 2> no_more{"a/b", "c/d"};
constexpr Unsubscribe unsubscribe_3{.packet_id = 10, .filters = no_more};
static_assert(encodes<v3_1>(unsubscribe_3, "A2 0C 00 0A 00 03 61 2F 62 00 03 63 2F 64"));
static_assert(decodes<v3_1>("A2 0C 00 0A 00 03 61 2F 62 00 03 63 2F 64", unsubscribe_3));
static_assert(encodes<v3_1_1>(unsubscribe_3, "A2 0C 00 0A 00 03 61 2F 62 00 03 63 2F 64"));
static_assert(decodes<v3_1_1>("A2 0C 00 0A 00 03 61 2F 62 00 03 63 2F 64", unsubscribe_3));

constexpr std::array<Text, 1> one_less{"a/b"};
constexpr Unsubscribe unsubscribe_5{.packet_id = 10, .filters = one_less};
static_assert(encodes<v5>(unsubscribe_5, "A2 08 00 0A 00 00 03 61 2F 62"));
static_assert(decodes<v5>("A2 08 00 0A 00 00 03 61 2F 62", unsubscribe_5));

// UNSUBACK

static_assert(encodes<v3_1>(UnsubAck{.packet_id = 10}, "B0 02 00 0A"));
static_assert(decodes<v3_1>("B0 02 00 0A", UnsubAck{.packet_id = 10}));
static_assert(encodes<v3_1_1>(UnsubAck{.packet_id = 10}, "B0 02 00 0A"));
static_assert(decodes<v3_1_1>("B0 02 00 0A", UnsubAck{.packet_id = 10}));

constexpr std::array ended{ReasonCode::success, ReasonCode::no_subscription_existed};
static_assert(encodes<v5>(UnsubAck{.packet_id = 10, .reason_codes = ended}, "B0 05 00 0A 00 00 11"));
static_assert(decodes<v5>("B0 05 00 0A 00 00 11", UnsubAck{.packet_id = 10, .reason_codes = ended}));

// PINGREQ, PINGRESP

static_assert(encodes<v3_1>(PingReq{}, "C0 00") && decodes<v3_1>("C0 00", PingReq{}));
static_assert(encodes<v3_1_1>(PingReq{}, "C0 00") && decodes<v3_1_1>("C0 00", PingReq{}));
static_assert(encodes<v5>(PingReq{}, "C0 00") && decodes<v5>("C0 00", PingReq{}));
static_assert(encodes<v3_1>(PingResp{}, "D0 00") && decodes<v3_1>("D0 00", PingResp{}));
static_assert(encodes<v3_1_1>(PingResp{}, "D0 00") && decodes<v3_1_1>("D0 00", PingResp{}));
static_assert(encodes<v5>(PingResp{}, "D0 00") && decodes<v5>("D0 00", PingResp{}));

// DISCONNECT

static_assert(encodes<v3_1>(Disconnect{}, "E0 00") && decodes<v3_1>("E0 00", Disconnect{}));
static_assert(encodes<v3_1_1>(Disconnect{}, "E0 00") && decodes<v3_1_1>("E0 00", Disconnect{}));
static_assert(encodes<v5>(Disconnect{}, "E0 00") && decodes<v5>("E0 00", Disconnect{}));

constexpr Disconnect with_will{.reason_code = ReasonCode::disconnect_with_will_message};
static_assert(encodes<v5>(with_will, "E0 01 04"));
static_assert(decodes<v5>("E0 01 04", with_will));

constexpr Disconnect session_ends{.properties = {.session_expiry_interval = 0}};
static_assert(encodes<v5>(session_ends, "E0 07 00 05 11 00 00 00 00"));
static_assert(decodes<v5>("E0 07 00 05 11 00 00 00 00", session_ends));

// AUTH, in 5.0 alone

constexpr std::array challenge{std::byte{1}, std::byte{2}};
constexpr Auth go_on{.reason_code = ReasonCode::continue_authentication,
    .properties = {.authentication_method = "SCRAM", .authentication_data = challenge}};
static_assert(encodes<v5>(go_on, "F0 0F 18 0D 15 00 05 53 43 52 41 4D 16 00 02 01 02"));
static_assert(decodes<v5>("F0 0F 18 0D 15 00 05 53 43 52 41 4D 16 00 02 01 02", go_on));

static_assert(encodes<v5>(Auth{}, "F0 00"));
static_assert(decodes<v5>("F0 00", Auth{}));

// What is wrong is found while compiling too.

static_assert(refuses<v3_1_1, Publish>("30 06 00 03 61 2F 23 78", Errc::topic_name_wildcard, 6));
static_assert(refuses<v5, Publish>("30 08 00 01 61 03 23 00 00 78", Errc::topic_alias_zero, 7));
static_assert(refuses<v3_1, PubAck>("40 02 00 00", Errc::packet_id_zero, 2));
static_assert(refuses<v5, PubAck>("40 04 00 0A 92 00", Errc::reason_code_not_allowed, 4));
static_assert(refuses<v5, PubAck>("40 05 00 0A 10 01 2A", Errc::property_not_allowed, 6));
static_assert(refuses<v5, PubAck>("40 05 00 0A 10 01 2B", Errc::property_unknown, 6));
static_assert(refuses<v3_1_1, PingReq>("C0 00 00", Errc::bytes_after_packet, 2));
static_assert(refuses<v5, Disconnect>("E0", Errc::incomplete, 1));

// What decode takes for the usual size of a packet is that of one that says no more than it must.

template <class... Packets>
consteval bool usual_sizes(const Packets&... packets)
{
    return ((packets.template encoded_size<v5>().value() == 2 + Packets::usual_body) && ...);
}
static_assert(usual_sizes(PubAck{.packet_id = 1}, PubRec{.packet_id = 1}, PubRel{.packet_id = 1},
    PubComp{.packet_id = 1}, PingReq{}, PingResp{}, Disconnect{}));

// What users write: a packet that is a constant, and a member read from constant bytes.

constexpr auto ping = [] {
    std::array<std::byte, 2> bytes{};
    PingReq{}.encode<v3_1_1>(bytes).value();
    return bytes;
}();
static_assert(ping[0] == std::byte{0xC0});

constexpr std::array message{std::byte{0x31}, std::byte{0x05}, std::byte{0x00}, std::byte{0x03}, std::byte{0x61},
    std::byte{0x2F}, std::byte{0x62}};
constexpr auto retained = Publish::decode<v3_1_1>(message);
static_assert(retained->topic == "a/b" && retained->retain && retained->payload.empty());
static_assert(retained->topic.substr(2) == "b" && Text("a/b").substr(2) == "b");

} // namespace

TEST_CASE("A packet that was decoded while compiling is the same at run time", "[constexpr]")
{
    CHECK(std::string_view(retained->topic) == "a/b");
    std::array<std::byte, message.size()> buffer{};
    const auto written = retained->encode(buffer, v3_1_1);
    REQUIRE(written);
    CHECK(std::ranges::equal(*written, message));
}

} // namespace mqttwire::test
