// Bridging: the traps by name, every reason code, property and option, and every vector in every direction.
#include "mqttwire/bridge.hpp"
#include "support/vector.hpp"
#include "unit/check.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <string>

using namespace check;

namespace {

/// Memory for a bridge that is never too small.
struct Room {
    std::array<Subscription, 400> filters{};
    std::array<ReasonCode, 400> reason_codes{};

    BridgeScratch scratch(std::size_t unsubscribed = 1)
    {
        return {.filters = filters, .reason_codes = reason_codes, .unsubscribed = unsubscribed};
    }
};

template <class P>
struct Seen {
    Bridged<P> bridged;
    std::vector<Loss> losses;
};

template <class P>
Seen<P> seen(
    const P& packet, Version from, Version to, const BridgeScratch& scratch, Leniency leniency = {}, Role receiver = {})
{
    std::vector<Loss> losses;
    const auto bridged =
        bridge(packet, from, to, scratch, [&losses](const Loss& loss) { losses.push_back(loss); }, leniency, receiver);
    CHECK(bridged.losses == losses.size());
    if (!bridged) CHECK(bridged.advice != Advice::send);
    return {bridged, losses};
}

/// The counterpart in bytes, or the name of the error and the advice.
std::string crossed(const Packet& packet, Version from, Version to, Leniency leniency = {}, Role receiver = {})
{
    Room room;
    const auto [bridged, losses] = seen(packet, from, to, room.scratch(), leniency, receiver);
    if (!bridged) return std::string(name(bridged.error.code)) + ", " + std::string(name(bridged.advice));
    return hex(encoded(bridged.packet, to, leniency, receiver).bytes);
}

/// What is lost, a word each.
std::string lost(const Packet& packet, Version from, Version to)
{
    Room room;
    std::string words;
    for (const Loss& loss : seen(packet, from, to, room.scratch()).losses) {
        if (!words.empty()) words += " ";
        if (loss.kind == Loss::Kind::will_property) words += "will.";
        words += loss.kind == Loss::Kind::reason_code ? name(loss.code)
            : loss.kind == Loss::Kind::option         ? name(loss.option)
                                                      : name(loss.field);
        if (loss.index != 0) words += std::to_string(loss.index);
    }
    return words;
}

constexpr Version v3_1 = Version::v3_1;
constexpr Version v3_1_1 = Version::v3_1_1;
constexpr Version v5 = Version::v5;

const std::array two_pairs{UserProperty{"a", "1"}, UserProperty{"b", "2"}};

} // namespace

TEST_CASE("bridge: Clean Session and Clean Start")
{
    const Connect clean{.client_id = "c", .clean_start = true};
    const Connect kept{.client_id = "c"};
    CHECK(crossed(clean, v3_1_1, v5) == hex(bytes("10 0E 00 04 4D 51 54 54 05 02 00 00 00 00 01 63")));
    CHECK(crossed(kept, v3_1_1, v5) == hex(bytes("10 13 00 04 4D 51 54 54 05 00 00 00 05 11 FF FF FF FF 00 01 63")));
    CHECK(lost(clean, v3_1_1, v5) == "");
    CHECK(lost(kept, v3_1_1, v5) == "");

    const auto with = [](bool clean_start, std::optional<std::uint32_t> expiry) {
        return Connect{.client_id = "c", .clean_start = clean_start, .properties = {.session_expiry_interval = expiry}};
    };
    for (const std::optional<std::uint32_t> expiry : {std::optional<std::uint32_t>{}, std::optional<std::uint32_t>{0},
             std::optional<std::uint32_t>{60}, std::optional<std::uint32_t>{0xFFFFFFFF}}) {
        const std::uint32_t value = expiry.value_or(0);
        CHECK(crossed(with(true, expiry), v5, v3_1_1) == hex(bytes("10 0D 00 04 4D 51 54 54 04 02 00 00 00 01 63")));
        CHECK(lost(with(true, expiry), v5, v3_1_1) == (value == 0 ? "" : "session_expiry_interval"));
        CHECK(crossed(with(false, expiry), v5, v3_1_1) == hex(bytes("10 0D 00 04 4D 51 54 54 04 00 00 00 00 01 63")));
        CHECK(lost(with(false, expiry), v5, v3_1_1) == (value == 0xFFFFFFFF ? "" : "session_expiry_interval"));
    }
}

TEST_CASE("bridge: a refused message cannot be told in 3.x, and its flow ends all the same")
{
    for (const Version to : {v3_1, v3_1_1}) {
        const PubAck puback{.packet_id = 7, .reason_code = ReasonCode::quota_exceeded};
        const PubRec pubrec{.packet_id = 7, .reason_code = ReasonCode::not_authorized};
        CHECK(crossed(puback, v5, to) == "40 02 00 07");
        CHECK(lost(puback, v5, to) == "quota_exceeded");
        CHECK(bridge(puback, v5, to).advice == Advice::send);
        CHECK(crossed(pubrec, v5, to) == "50 02 00 07");
        CHECK(lost(pubrec, v5, to) == "not_authorized");
        CHECK(bridge(pubrec, v5, to).advice == Advice::end_flow);
        // There is nothing to end if the message was taken.
        const PubRec nobody{.packet_id = 7, .reason_code = ReasonCode::no_matching_subscribers};
        CHECK(bridge(nobody, v5, to).advice == Advice::send);
        CHECK(lost(nobody, v5, to) == "no_matching_subscribers");
        CHECK(lost(PubRec{.packet_id = 7}, v5, to) == "");
    }
}

TEST_CASE("bridge: every failure of a SUBACK is 0x80, and 3.1 has none")
{
    const std::array codes{ReasonCode::granted_qos_2, ReasonCode::not_authorized, ReasonCode::unspecified_error,
        ReasonCode::quota_exceeded};
    const SubAck suback{.packet_id = 7, .reason_codes = codes};
    CHECK(crossed(suback, v5, v3_1_1) == "90 06 00 07 02 80 80 80");
    CHECK(lost(suback, v5, v3_1_1) == "not_authorized1 quota_exceeded3");
    CHECK(crossed(suback, v5, v3_1) == "suback_code_not_allowed, close");
    CHECK(crossed(suback, v5, v3_1, Leniency::suback_failure_in_3_1) == "90 06 00 07 02 80 80 80");
    CHECK(crossed(SubAck{.packet_id = 7, .reason_codes = std::span(codes).subspan(2, 1)}, v3_1_1, v3_1)
        == "suback_code_not_allowed, close");
    CHECK(crossed(SubAck{.packet_id = 7, .reason_codes = std::span(codes).first(1)}, v5, v3_1) == "90 03 00 07 02");
}

TEST_CASE("bridge: UNSUBACK loses its reason codes, or is given them")
{
    const std::array codes{ReasonCode::success, ReasonCode::no_subscription_existed};
    CHECK(crossed(UnsubAck{.packet_id = 7, .reason_codes = codes}, v5, v3_1_1) == "B0 02 00 07");
    CHECK(lost(UnsubAck{.packet_id = 7, .reason_codes = codes}, v5, v3_1_1) == "no_subscription_existed1");
    CHECK(crossed(UnsubAck{.packet_id = 7}, v3_1_1, v5) == "B0 04 00 07 00 00");
    Room room;
    const auto two = bridge(UnsubAck{.packet_id = 7}, v3_1_1, v5, room.scratch(2));
    CHECK(hex(encoded(two.packet, v5).bytes) == "B0 05 00 07 00 00 00");
    const auto none = bridge(UnsubAck{.packet_id = 7}, v3_1_1, v5, BridgeScratch{.unsubscribed = 2});
    CHECK(none.error.code == Errc::buffer_too_small);
    CHECK(none.error.needed == 2);
    CHECK(none.advice == Advice::more_scratch);
    CHECK(crossed(UnsubAck{.packet_id = 7}, v3_1_1, v3_1) == "B0 02 00 07");
}

TEST_CASE("bridge: CONNACK codes go to the nearest return code, and back")
{
    const std::map<unsigned, unsigned> nearest{{0x00, 0}, {0x80, 3}, {0x81, 1}, {0x82, 1}, {0x83, 3}, {0x84, 1},
        {0x85, 2}, {0x86, 4}, {0x87, 5}, {0x88, 3}, {0x89, 3}, {0x8A, 5}, {0x8C, 5}, {0x90, 5}, {0x95, 5}, {0x97, 3},
        {0x99, 5}, {0x9A, 5}, {0x9B, 5}, {0x9C, 3}, {0x9D, 3}, {0x9F, 3}};
    const std::set<unsigned> exact{0x00, 0x84, 0x85, 0x86, 0x87, 0x88};
    std::size_t codes = 0;
    for (const ReasonCodeRow& row : reason_code_table) {
        if (!may_carry(PacketType::connack, row.code)) continue;
        ++codes;
        const auto code = static_cast<unsigned>(row.code);
        CAPTURE(row.name);
        const ConnAck connack{.reason_code = row.code};
        for (const Version to : {v3_1, v3_1_1})
            CHECK(crossed(connack, v5, to) == hex(bytes("20 02 00") + byte(nearest.at(code))));
        CHECK(lost(connack, v5, v3_1_1) == (exact.contains(code) ? "" : row.name));
    }
    CHECK(codes == nearest.size());
    for (std::uint8_t return_code = 0; return_code < 6; ++return_code) {
        const Packet connack = good(bytes("20 02 00") + byte(return_code), v3_1_1);
        const Packet there = bridge(connack, v3_1_1, v5).packet;
        CHECK(bridge(there, v5, v3_1_1).packet == connack);
    }
    CHECK(nearest_return_code(static_cast<ReasonCode>(0xFF)) == ReasonCode::server_unavailable);
}

TEST_CASE("bridge: Session Present came with 3.1.1")
{
    const ConnAck connack{.session_present = true};
    CHECK(crossed(connack, v3_1_1, v3_1) == "20 02 00 00");
    CHECK(crossed(connack, v5, v3_1) == "20 02 00 00");
    CHECK(lost(connack, v3_1_1, v3_1) == "session_present");
    CHECK(lost(connack, v5, v3_1) == "session_present");
    CHECK(crossed(connack, v5, v3_1_1) == "20 02 01 00");
    CHECK(lost(connack, v5, v3_1_1) == "");
}

TEST_CASE("bridge: DISCONNECT with more to say, a server's DISCONNECT, and AUTH have no form in 3.x")
{
    CHECK(crossed(Disconnect{}, v5, v3_1_1) == "E0 00");
    CHECK(crossed(Disconnect{}, v5, v3_1_1, {}, Role::server) == "E0 00");
    CHECK(crossed(Disconnect{}, v5, v3_1_1, {}, Role::client) == "wrong_direction, close");
    CHECK(crossed(Disconnect{.reason_code = ReasonCode::disconnect_with_will_message}, v5, v3_1_1)
        == "not_in_version, close");
    CHECK(crossed(Disconnect{.reason_code = ReasonCode::server_shutting_down}, v5, v3_1, {}, Role::client)
        == "not_in_version, close");
    CHECK(lost(Disconnect{.reason_code = ReasonCode::server_shutting_down}, v5, v3_1) == "server_shutting_down");
    CHECK(crossed(Disconnect{}, v3_1_1, v5) == "E0 00");
    const Auth auth{.reason_code = ReasonCode::continue_authentication, .properties = {.authentication_method = "m"}};
    CHECK(crossed(auth, v5, v3_1_1) == "reserved_packet_type, close");
    CHECK(crossed(auth, v5, v3_1) == "reserved_packet_type, close");
    CHECK(crossed(auth, v3_1_1, v5) == "reserved_packet_type, close");
    CHECK(lost(auth, v5, v3_1_1) == "continue_authentication authentication_method");
}

TEST_CASE("bridge: client identifiers that are empty or long")
{
    CHECK(crossed(Connect{}, v5, v3_1_1) == "client_id_empty, close");
    CHECK(crossed(Connect{.clean_start = true}, v5, v3_1_1) == hex(bytes("10 0C 00 04 4D 51 54 54 04 02 00 00 00 00")));
    CHECK(crossed(Connect{.clean_start = true}, v5, v3_1) == "client_id_empty, close");
    CHECK(crossed(Connect{.clean_start = true}, v3_1_1, v3_1) == "client_id_empty, close");
    const std::string_view long_id = "123456789012345678901234";
    CHECK(crossed(Connect{.client_id = long_id}, v3_1_1, v3_1) == "client_id_too_long, close");
    CHECK(crossed(Connect{.client_id = long_id.substr(1)}, v3_1_1, v3_1).size() == (2 + 12 + 2 + 23) * 3 - 1);
    CHECK(crossed(Connect{.client_id = long_id}, v3_1_1, v3_1, Leniency::long_client_id).starts_with("10 26 00 06"));
}

TEST_CASE("bridge: what else a CONNECT of 5.0 has and 3.x has not")
{
    const Connect only_password{.client_id = "c", .clean_start = true, .password = "p"};
    CHECK(crossed(only_password, v5, v3_1_1) == "password_without_user_name, close");
    const Connect method{.client_id = "c", .clean_start = true, .properties = {.authentication_method = "m"}};
    CHECK(crossed(method, v5, v3_1_1) == "not_in_version, close");
    CHECK(bridge(method, v5, v3_1_1).error.field == field(PropertyId::authentication_method));
    CHECK(lost(method, v5, v3_1_1) == "authentication_method");
    const Connect bridge_bit{.client_id = "c", .clean_start = true, .bridge = true};
    CHECK(lost(bridge_bit, v3_1_1, v5) == "bridge_bit");
    CHECK(crossed(bridge_bit, v3_1_1, v5).find("54 54 05") != std::string::npos);
    CHECK(lost(bridge_bit, v3_1_1, v3_1) == "");
    CHECK(crossed(bridge_bit, v3_1_1, v3_1, Leniency::bridge_bit).find("73 64 70 83") != std::string::npos);
    const Connect told{.client_id = "c", .clean_start = true, .version = v3_1};
    CHECK(bridge(told, v3_1, v5).packet.version == v5);
    CHECK(bridge(Connect{.client_id = "c"}, v3_1, v5).packet.version == std::nullopt);
}

TEST_CASE("bridge: a topic alias never leaves its connection")
{
    const Publish both{.topic = "t", .properties = {.topic_alias = 3}};
    CHECK(crossed(both, v5, v3_1_1) == "30 03 00 01 74");
    CHECK(lost(both, v5, v3_1_1) == "topic_alias");
    for (const QoS qos : {QoS::at_most_once, QoS::at_least_once}) {
        const Publish alias{.qos = qos,
            .packet_id = static_cast<std::uint16_t>(qos == QoS::at_most_once ? 0 : 1),
            .properties = {.topic_alias = 3}};
        CHECK(crossed(alias, v5, v3_1_1) == "topic_name_empty, close");
    }
}

TEST_CASE("bridge: topics that are too long for 3.1")
{
    const std::string topic(32'768, 't');
    CHECK(crossed(Publish{.topic = topic}, v5, v3_1) == "topic_name_too_long, ignore");
    CHECK(crossed(Publish{.topic = topic, .qos = QoS::at_least_once, .packet_id = 1}, v3_1_1, v3_1)
        == "topic_name_too_long, end_flow");
    CHECK(
        crossed(Connect{.client_id = "c", .will = Will{.topic = topic}}, v3_1_1, v3_1) == "topic_name_too_long, close");
    const std::array filters{Subscription{.filter = topic}};
    CHECK(crossed(Subscribe{.packet_id = 1, .filters = filters}, v3_1_1, v3_1) == "topic_filter_too_long, end_flow");
    const std::array texts{Text(topic)};
    CHECK(crossed(Unsubscribe{.packet_id = 1, .filters = texts}, v5, v3_1) == "topic_filter_too_long, end_flow");
}

TEST_CASE("bridge: DUP with QoS 0 is something of 3.1")
{
    const Publish publish{.topic = "t", .dup = true};
    CHECK(crossed(publish, v3_1, v3_1_1) == "30 03 00 01 74");
    CHECK(crossed(publish, v3_1, v5) == "30 04 00 01 74 00");
    CHECK(lost(publish, v3_1, v5) == "dup");
    const Publish again{.topic = "t", .qos = QoS::at_least_once, .dup = true, .packet_id = 1};
    CHECK(lost(again, v3_1, v5) == "");
    CHECK(crossed(again, v3_1, v3_1_1) == "3A 05 00 01 74 00 01");
}

TEST_CASE("bridge: shared subscriptions")
{
    const std::array filters{Subscription{.filter = "a"}, Subscription{.filter = "$share/g/a"}};
    const Subscribe subscribe{.packet_id = 1, .filters = filters};
    const std::array texts{Text("$share/g/a"), Text("$shared")};
    const Unsubscribe unsubscribe{.packet_id = 1, .filters = texts};
    for (const auto& [from, to] : {std::pair{v5, v3_1_1}, std::pair{v5, v3_1}, std::pair{v3_1_1, v5}}) {
        CHECK(lost(subscribe, from, to) == "shared_subscription1");
        CHECK(lost(unsubscribe, from, to) == "shared_subscription");
    }
    CHECK(lost(subscribe, v3_1_1, v3_1) == "");
    CHECK(
        crossed(subscribe, v5, v3_1_1) == hex(bytes("82 13 00 01 00 01 61 00 00 0A 24 73 68 61 72 65 2F 67 2F 61 00")));
    // In 3.x these are filters like others.
    const std::array odd{Subscription{.filter = "$share/g"}};
    const std::array odd_text{Text("$share//a")};
    CHECK(crossed(Subscribe{.packet_id = 1, .filters = odd}, v3_1_1, v5) == "shared_filter_missing, end_flow");
    CHECK(crossed(Unsubscribe{.packet_id = 1, .filters = odd_text}, v3_1_1, v5) == "share_name_empty, end_flow");
}

TEST_CASE("bridge: options of subscriptions")
{
    const std::array filters{Subscription{.filter = "a", .qos = QoS::exactly_once},
        Subscription{.filter = "b", .no_local = true},
        Subscription{.filter = "c", .retain_as_published = true, .retain_handling = RetainHandling::do_not_send}};
    const Subscribe subscribe{.packet_id = 1, .filters = filters};
    CHECK(crossed(subscribe, v5, v3_1_1) == hex(bytes("82 0E 00 01 00 01 61 02 00 01 62 00 00 01 63 00")));
    CHECK(lost(subscribe, v5, v3_1_1) == "no_local1 retain_as_published2 retain_handling2");
    std::array<Subscription, 3> scratch{};
    CHECK(bridge(subscribe, v5, v3_1_1, {.filters = scratch}));
    const auto refused = bridge(subscribe, v5, v3_1_1, {.filters = std::span(scratch).first(2)});
    CHECK(refused.error.code == Errc::buffer_too_small);
    CHECK(refused.error.needed == 3);
    CHECK(refused.advice == Advice::more_scratch);
    // Without options there is nothing to rewrite.
    CHECK(bridge(Subscribe{.packet_id = 1, .filters = std::span(filters).first(1)}, v5, v3_1_1));
}

TEST_CASE("bridge: SUBACK needs memory only for what is rewritten")
{
    const std::array codes{ReasonCode::unspecified_error, ReasonCode::not_authorized};
    CHECK(bridge(SubAck{.packet_id = 1, .reason_codes = std::span(codes).first(1)}, v5, v3_1_1));
    std::array<ReasonCode, 2> scratch{};
    const SubAck suback{.packet_id = 1, .reason_codes = codes};
    CHECK(bridge(suback, v5, v3_1_1, {.reason_codes = std::span(scratch).first(1)}).error.needed == 2);
    CHECK(bridge(suback, v5, v3_1_1, {.reason_codes = scratch}));
}

TEST_CASE("bridge: in the same version nothing changes")
{
    const Publish publish{.topic = "t", .properties = {.topic_alias = 1, .user_property = two_pairs}};
    CHECK(bridge(publish, v5, v5).packet == publish);
    CHECK(lost(publish, v5, v5) == "");
    CHECK(crossed(Publish{}, v5, v5) == "topic_missing_without_alias, close");
}

TEST_CASE("bridge: the other reason codes, one by one")
{
    for (const ReasonCodeRow& row : reason_code_table) {
        CAPTURE(row.name);
        const std::string word = row.code == ReasonCode::success ? "" : std::string(row.name);
        const auto carries = [&](PacketType type) { return may_carry(type, row.code); };
        if (carries(PacketType::puback))
            CHECK(lost(PubAck{.packet_id = 1, .reason_code = row.code}, v5, v3_1_1) == word);
        if (carries(PacketType::pubrec))
            CHECK(lost(PubRec{.packet_id = 1, .reason_code = row.code}, v5, v3_1_1) == word);
        if (carries(PacketType::pubrel))
            CHECK(lost(PubRel{.packet_id = 1, .reason_code = row.code}, v5, v3_1_1) == word);
        if (carries(PacketType::pubcomp))
            CHECK(lost(PubComp{.packet_id = 1, .reason_code = row.code}, v5, v3_1_1) == word);
        const std::array codes{row.code};
        if (carries(PacketType::unsuback))
            CHECK(lost(UnsubAck{.packet_id = 1, .reason_codes = codes}, v5, v3_1_1) == word);
        const bool kept = static_cast<unsigned>(row.code) <= 2 || row.code == ReasonCode::unspecified_error;
        if (carries(PacketType::suback))
            CHECK(lost(SubAck{.packet_id = 1, .reason_codes = codes}, v5, v3_1_1) == (kept ? "" : word));
        if (carries(PacketType::disconnect)) CHECK(lost(Disconnect{.reason_code = row.code}, v5, v3_1_1) == word);
    }
}

namespace {

/// Empties the member with an index of its own, if it holds something; tells which.
struct RemoveOne {
    std::size_t wanted;
    std::optional<PropertyId> removed{};
    std::size_t values{};
    std::size_t index{};

    template <class... Slots>
    bool slots(Slots... slots)
    {
        (remove(slots), ...);
        return true;
    }

private:
    template <PropertyId Id, class Member>
    void remove(wire::Slot<Id, Member> slot)
    {
        if (index++ != wanted || wire::count_values(slot.member) == 0) return;
        removed = Id;
        values = wire::count_values(slot.member);
        slot.member = {};
    }
};

/// Takes each property of a struct in the packet away in turn: exactly its losses must go.
template <class P, class Get>
std::size_t remove_each(const P& packet, Loss::Kind kind, Get properties_of)
{
    Room room;
    const auto all = seen(packet, v5, v3_1_1, room.scratch()).losses;
    std::size_t removed = 0;
    for (std::size_t wanted = 0; wanted < 20; ++wanted) {
        P less = packet;
        RemoveOne walk{wanted};
        auto& properties = properties_of(less);
        std::remove_reference_t<decltype(properties)>::walk(walk, properties);
        if (!walk.removed) continue;
        ++removed;
        std::vector<Loss> expected = all;
        const auto is_of_it = [&](const Loss& loss) { return loss.kind == kind && loss.field == field(*walk.removed); };
        const auto gone = std::erase_if(expected, is_of_it);
        // What Clean Session says as well is no loss, and its absence can be one.
        const bool clean_session = P::type == PacketType::connect
            && *walk.removed == PropertyId::session_expiry_interval && kind == Loss::Kind::property;
        if (clean_session) continue;
        CHECK(gone == walk.values);
        CHECK(seen(less, v5, v3_1_1, room.scratch()).losses == expected);
    }
    return removed;
}

std::size_t remove_each_property(const Packet& packet)
{
    return std::visit(
        [](const auto& held) {
            std::size_t removed = 0;
            if constexpr (requires { held.properties; })
                removed += remove_each(held, Loss::Kind::property, [](auto& each) -> auto& { return each.properties; });
            if constexpr (requires { held.will; })
                if (held.will)
                    removed += remove_each(
                        held, Loss::Kind::will_property, [](auto& each) -> auto& { return each.will->properties; });
            return removed;
        },
        packet);
}

/// Every row of a table of packets that hold every property of theirs.
std::vector<Packet> full_packets()
{
    static const std::array<std::uint32_t, 2> ids{1, 2};
    static const std::array codes{ReasonCode::granted_qos_1};
    static const std::array unsubscribed{ReasonCode::success};
    static const std::array filters{Subscription{.filter = "f"}};
    static const std::array texts{Text("f")};
    const ReasonProperties reason{.reason_string = "r", .user_property = two_pairs};
    return {Connect{.client_id = "c",
                .clean_start = true,
                .will = Will{.topic = "w",
                    .properties = {.payload_format_indicator = 1,
                        .message_expiry_interval = 2,
                        .content_type = "c",
                        .response_topic = "r",
                        .correlation_data = "d",
                        .will_delay_interval = 3,
                        .user_property = two_pairs}},
                .properties = {.session_expiry_interval = 9,
                    .authentication_method = "m",
                    .authentication_data = "d",
                    .request_problem_information = 1,
                    .request_response_information = 0,
                    .receive_maximum = 5,
                    .topic_alias_maximum = 0,
                    .user_property = two_pairs,
                    .maximum_packet_size = 100}},
        ConnAck{.properties = {.session_expiry_interval = 1,
                    .assigned_client_identifier = "a",
                    .server_keep_alive = 2,
                    .authentication_method = "m",
                    .authentication_data = "d",
                    .response_information = "i",
                    .server_reference = "s",
                    .reason_string = "r",
                    .receive_maximum = 3,
                    .topic_alias_maximum = 4,
                    .maximum_qos = 1,
                    .retain_available = 1,
                    .user_property = two_pairs,
                    .maximum_packet_size = 5,
                    .wildcard_subscription_available = 1,
                    .subscription_identifier_available = 1,
                    .shared_subscription_available = 1}},
        Publish{.topic = "t",
            .properties = {.payload_format_indicator = 1,
                .message_expiry_interval = 2,
                .content_type = "c",
                .response_topic = "r",
                .correlation_data = "d",
                .subscription_identifier = ids,
                .topic_alias = 3,
                .user_property = two_pairs}},
        PubAck{.packet_id = 1, .properties = reason}, PubRec{.packet_id = 1, .properties = reason},
        PubRel{.packet_id = 1, .properties = reason}, PubComp{.packet_id = 1, .properties = reason},
        Subscribe{.packet_id = 1,
            .filters = filters,
            .properties = {.subscription_identifier = 1, .user_property = two_pairs}},
        SubAck{.packet_id = 1, .reason_codes = codes, .properties = reason},
        Unsubscribe{.packet_id = 1, .filters = texts, .properties = {.user_property = two_pairs}},
        UnsubAck{.packet_id = 1, .reason_codes = unsubscribed, .properties = reason},
        Disconnect{.properties = {.session_expiry_interval = 1,
                       .server_reference = "s",
                       .reason_string = "r",
                       .user_property = two_pairs}},
        Auth{.reason_code = ReasonCode::re_authenticate,
            .properties = {.authentication_method = "m",
                .authentication_data = "d",
                .reason_string = "r",
                .user_property = two_pairs}}};
}

} // namespace

TEST_CASE("bridge: every property that is lost is in the report")
{
    std::size_t removed = 0;
    for (const Packet& packet : full_packets()) {
        CAPTURE(name(type_of(packet)));
        removed += remove_each_property(packet);
    }
    // As many as the table of properties has places.
    std::size_t places = 0;
    for (const PropertyRow& row : property_table)
        for (std::size_t place = 0; place < property_place_count; ++place)
            places += may_stand(row, static_cast<PropertyPlace>(place)) ? 1U : 0U;
    CHECK(removed == places);
    for (const test::Vector* const vector : test::vectors_where(test::is_valid_packet)) {
        if (vector->version != v5) continue;
        CAPTURE(vector->id);
        remove_each_property(good(vector->bytes, v5, vector->leniency, vector->role));
    }
}

TEST_CASE("bridge: the table of properties is what CONNECT shows")
{
    const Connect full = std::get<Connect>(full_packets().front());
    const auto is_in = [](const Connect& connect, PropertyId id) {
        for (std::size_t i = 0; i < 9; ++i) {
            ConnectProperties copy = connect.properties;
            RemoveOne walk{i};
            ConnectProperties::walk(walk, copy);
            if (walk.removed == id) return true;
        }
        return false;
    };
    std::size_t prevented = 0;
    for (const BridgedPropertyRow& row : bridged_property_table) {
        if (!is_in(full, row.id)) continue;
        CAPTURE(name(row.id));
        Connect only = full;
        for (std::size_t i = 0; i < 9; ++i) {
            RemoveOne walk{i};
            ConnectProperties rest = only.properties;
            ConnectProperties::walk(walk, rest);
            if (walk.removed != row.id) only.properties = rest;
        }
        REQUIRE(is_in(only, row.id));
        const bool prevents = !bridge(only, v5, v3_1_1);
        CHECK(prevents == (row.fate == PropertyFate::prevents));
        prevented += prevents ? 1U : 0U;
        CHECK(lost(only, v5, v3_1_1).find(name(row.id)) != std::string::npos);
    }
    CHECK(prevented == 1);
    CHECK(bridge(Connect{.client_id = "c", .properties = {.session_expiry_interval = 0xFFFFFFFF}}, v5, v3_1_1).losses
        == 0);
}

TEST_CASE("bridge: every option that is lost is in the report")
{
    std::set<BridgedOption> options;
    Room room;
    const auto note = [&](const auto& packet, Version from, Version to) {
        for (const Loss& loss : seen(packet, from, to, room.scratch()).losses) options.insert(loss.option);
    };
    const std::array filters{Subscription{.filter = "$share/g/a", .retain_as_published = true},
        Subscription{.filter = "b",
            .no_local = true,
            .retain_as_published = true,
            .retain_handling = RetainHandling::send_if_new_subscription}};
    note(Subscribe{.packet_id = 1, .filters = filters}, v5, v3_1);
    note(ConnAck{.session_present = true}, v5, v3_1);
    note(Publish{.topic = "t", .dup = true}, v3_1, v5);
    note(Connect{.client_id = "c", .bridge = true}, v3_1, v5);
    CHECK(options.size() == bridged_option_table.size());
    for (std::size_t i = 0; i < bridged_option_table.size(); ++i) {
        const BridgedOptionRow& row = bridged_option_table[i];
        CHECK(static_cast<std::size_t>(row.option) == i + 1);
        CHECK(options.contains(row.option));
        CHECK(name(row.option) == row.name);
    }
    CHECK(name(BridgedOption::none).empty());
    // Each filter's options, taken away in turn.
    const std::size_t all = seen(Subscribe{.packet_id = 1, .filters = filters}, v5, v3_1, room.scratch()).losses.size();
    CHECK(all == 5);
    for (std::size_t i = 0; i < 2; ++i) {
        const auto losses_with = [&](auto change) {
            std::array less = filters;
            change(less[i]);
            return seen(Subscribe{.packet_id = 1, .filters = less}, v5, v3_1, room.scratch()).losses.size();
        };
        CHECK(losses_with([](Subscription& each) { each.retain_as_published = false; }) == all - 1);
        CHECK(losses_with([](Subscription& each) { each.no_local = false; }) == all - i);
        CHECK(losses_with([](Subscription& each) { each.retain_handling = RetainHandling::send; }) == all - i);
        CHECK(losses_with([](Subscription& each) { each.filter = "plain"; }) == all - 1 + i);
    }
}

TEST_CASE("bridge: every valid packet of 3.1.1 goes to 5.0 and back unchanged")
{
    std::size_t packets = 0;
    std::string without_counterpart;
    for (const test::Vector* const vector : test::vectors_where(test::is_valid_packet)) {
        if (vector->version != v3_1_1) continue;
        const auto packet = decode(vector->bytes, v3_1_1, vector->leniency, vector->role).value();
        const auto* const connect = std::get_if<Connect>(&packet);
        if (connect != nullptr && (connect->version != v3_1_1 || connect->bridge)) continue;
        CAPTURE(vector->id);
        ++packets;
        Room room;
        const auto there = bridge(packet, v3_1_1, v5, room.scratch());
        if (!there) {
            without_counterpart += vector->id + " ";
            continue;
        }
        const Bytes wire = encoded(there.packet, v5).bytes;
        const auto back = bridge(good(wire, v5), v5, v3_1_1, room.scratch());
        REQUIRE(back);
        CHECK(back.packet == packet);
        CHECK(back.advice == Advice::send);
        CHECK(back.losses == there.losses); // a shared filter, both ways
    }
    CHECK(packets > 100);
    CHECK(without_counterpart == "");
}

TEST_CASE("bridge: every packet of the vectors has a counterpart or a name for why it has none")
{
    std::size_t packets = 0;
    for (const test::Vector* const vector : test::vectors_where(test::is_valid_packet)) {
        const auto packet = decode_vector(*vector).value();
        const auto* const connect = std::get_if<Connect>(&packet);
        const Version from = connect != nullptr ? connect->version.value() : vector->version.value();
        for (const Version to : versions) {
            CAPTURE(vector->id, name(from), name(to));
            Room room;
            const auto [bridged, losses] = seen(packet, from, to, room.scratch(), vector->leniency, vector->role);
            if (bridged) {
                CHECK(encoded(bridged.packet, to, vector->leniency, vector->role).error.code == Errc::none);
                CHECK(type_of(bridged.packet) == type_of(packet));
            } else {
                CHECK(bridged.error.code != Errc::buffer_too_small);
                CHECK_FALSE(name(bridged.advice).empty());
            }
            ++packets;
        }
    }
    CHECK(packets > 1'000);
}

TEST_CASE("bridge: versions that are none")
{
    const auto none = static_cast<Version>(9);
    for (const auto& [from, to] : {std::pair(none, v5), std::pair(v5, none), std::pair(none, none)}) {
        const auto bridged = bridge(PubAck{.packet_id = 1}, from, to);
        CHECK(bridged.error.code == Errc::version_unknown);
        CHECK(bridged.advice != Advice::send);
    }
}

TEST_CASE("bridge: while compiling")
{
    constexpr auto losses = [] {
        std::uint32_t options = 0;
        std::array<Subscription, 1> scratch{};
        const std::array filters{Subscription{.filter = "a", .no_local = true}};
        const auto bridged =
            bridge(Subscribe{.packet_id = 1, .filters = filters}, Version::v5, Version::v3_1_1, {.filters = scratch},
                [&](const Loss& loss) { options += loss.option == BridgedOption::no_local ? 1U : 0U; });
        return bridged && !bridged.packet.filters.front().no_local && bridged.losses == options ? options : 0;
    };
    STATIC_REQUIRE(losses() == 1);
    STATIC_REQUIRE(bridge(UnsubAck{.packet_id = 1}, Version::v3_1, Version::v5).packet.reason_codes.size() == 1);
    STATIC_REQUIRE(name(Advice::close) == "close");
    STATIC_REQUIRE(name(Advice::more_scratch) == "more_scratch");
    STATIC_REQUIRE(name(static_cast<Advice>(9)).empty());
}
