// What all packets have in common: comparison member by member, and forms for a version that is known while compiling.
#include "unit/check.hpp"

using namespace check;

namespace {

/// Each of the packets equals itself and no other.
template <class T, std::size_t Count>
void all_differ(const T (&values)[Count])
{
    for (std::size_t i = 0; i < Count; ++i)
        for (std::size_t j = 0; j < Count; ++j) CHECK((values[i] == values[j]) == (i == j));
}

/// The form for a version that is known while compiling decodes the packet, and gives its size and its bytes again.
template <Version V, class T>
void goes_both_ways(std::string_view wire)
{
    const Bytes whole = bytes(wire);
    const Result<T> packet = T::template decode<V>(whole);
    REQUIRE(packet);
    CHECK(packet == T::decode(whole, V));
    CHECK(packet->template encoded_size<V>() == whole.size());
    Bytes buffer(whole.size());
    CHECK(packet->template encode<V>(buffer).has_value());
    CHECK(buffer == whole);
}

/// The same form refuses the packet as the one for any version does.
template <Version V, class T>
void is_refused(const T& packet, Errc code)
{
    CHECK(packet.template encoded_size<V>().error().code == code);
    CHECK(packet.encoded_size(V).error().code == code);
    const Bytes other = bytes("00 00");
    CHECK(T::template decode<V>(other).error().code == Errc::reserved_packet_type);
    CHECK(T::decode(other, V).error().code == Errc::reserved_packet_type);
}

} // namespace

TEST_CASE("packets are equal if all of their members are")
{
    const std::array filter_a{Subscription{.filter = "a"}};
    const std::array filter_b{Subscription{.filter = "b"}};
    const std::array text_a{Text("a")};
    const std::array text_b{Text("b")};
    const std::array success{ReasonCode::success};
    const std::array failure{ReasonCode::unspecified_error};
    const std::array pair{UserProperty{"k", "v"}};
    all_differ<Will>({{}, {.topic = "t"}, {.payload = "p"}, {.qos = QoS::at_least_once}, {.retain = true},
        {.properties = {.will_delay_interval = 1}}});
    all_differ<Connect>({{}, {.client_id = "c"}, {.clean_start = true}, {.keep_alive = 1}, {.will = Will{}},
        {.will = Will{.topic = "t"}}, {.user_name = ""}, {.user_name = "u"}, {.password = ""}, {.password = "p"},
        {.properties = {.receive_maximum = 1}}, {.version = Version::v5}, {.bridge = true}});
    all_differ<ConnAck>({{}, {.session_present = true}, {.reason_code = ReasonCode::banned},
        {.properties = {.maximum_qos = 0}}, {.properties = {.maximum_qos = 1}}});
    all_differ<Publish>({{}, {.topic = "t"}, {.payload = "p"}, {.qos = QoS::exactly_once}, {.retain = true},
        {.dup = true}, {.packet_id = 1}, {.properties = {.topic_alias = 1}}});
    all_differ<PubAck>({{}, {.packet_id = 1}, {.reason_code = ReasonCode::no_matching_subscribers},
        {.properties = {.reason_string = "r"}}, {.properties = {.user_property = pair}}});
    all_differ<Subscription>({{}, {.filter = "f"}, {.qos = QoS::at_least_once}, {.no_local = true},
        {.retain_as_published = true}, {.retain_handling = RetainHandling::do_not_send}});
    all_differ<Subscribe>({{}, {.packet_id = 1}, {.filters = filter_a}, {.filters = filter_b},
        {.properties = {.subscription_identifier = 1}}});
    all_differ<SubAck>({{}, {.packet_id = 1}, {.reason_codes = success}, {.reason_codes = failure},
        {.properties = {.reason_string = "r"}}});
    all_differ<Unsubscribe>(
        {{}, {.packet_id = 1}, {.filters = text_a}, {.filters = text_b}, {.properties = {.user_property = pair}}});
    all_differ<UnsubAck>({{}, {.packet_id = 1}, {.reason_codes = success}, {.reason_codes = failure},
        {.properties = {.reason_string = "r"}}});
    all_differ<PingReq>({{}});
    all_differ<Disconnect>({{}, {.reason_code = ReasonCode::server_busy}, {.properties = {.server_reference = "s"}}});
    all_differ<Auth>({{}, {.reason_code = ReasonCode::re_authenticate}, {.properties = {.authentication_data = "d"}}});
    all_differ<UserProperty>({{}, {.name = "n"}, {.value = "v"}});
    all_differ<Packet>({Connect{}, ConnAck{}, Publish{}, PubAck{}, PubRec{}, PubRel{}, PubComp{}, Subscribe{}, SubAck{},
        Unsubscribe{}, UnsubAck{}, PingReq{}, PingResp{}, Disconnect{}, Auth{}});
}

TEST_CASE("every packet type has forms for a version that is known while compiling")
{
    constexpr Version v3_1 = Version::v3_1;
    constexpr Version v3_1_1 = Version::v3_1_1;
    constexpr Version v5 = Version::v5;
    goes_both_ways<v3_1, Connect>("10 10 00 06 4D 51 49 73 64 70 03 02 00 3C 00 02 63 31");
    goes_both_ways<v3_1_1, Connect>("10 0E 00 04 4D 51 54 54 04 02 00 3C 00 02 63 31");
    goes_both_ways<v5, Connect>("10 0F 00 04 4D 51 54 54 05 02 00 3C 00 00 02 63 31");
    goes_both_ways<v3_1_1, ConnAck>("20 02 01 00");
    goes_both_ways<v5, ConnAck>("20 0D 00 00 0A 12 00 02 61 37 21 00 0A 24 01");
    goes_both_ways<v3_1_1, Publish>("3B 09 00 03 61 2F 62 00 0A 68 69");
    goes_both_ways<v5, Publish>("30 06 00 03 61 2F 62 00");
    goes_both_ways<v3_1_1, PubAck>("40 02 00 0A");
    goes_both_ways<v5, PubAck>("40 03 00 0A 10");
    goes_both_ways<v5, PubRec>("50 09 00 0A 87 05 1F 00 02 6E 6F");
    goes_both_ways<v5, PubRel>("62 02 00 0A");
    goes_both_ways<v5, PubComp>("70 03 00 0A 92");
    goes_both_ways<v3_1_1, Subscribe>("82 0E 00 0A 00 03 61 2F 62 01 00 03 63 2F 64 02");
    goes_both_ways<v5, Subscribe>("82 15 00 0A 03 0B AC 02 00 0C 24 73 68 61 72 65 2F 67 2F 61 2F 23 19");
    goes_both_ways<v3_1_1, SubAck>("90 05 00 0A 00 02 80");
    goes_both_ways<v5, SubAck>("90 05 00 0A 00 01 8F");
    goes_both_ways<v3_1_1, Unsubscribe>("A2 0C 00 0A 00 03 61 2F 62 00 03 63 2F 64");
    goes_both_ways<v5, Unsubscribe>("A2 08 00 0A 00 00 03 61 2F 62");
    goes_both_ways<v3_1_1, UnsubAck>("B0 02 00 0A");
    goes_both_ways<v5, UnsubAck>("B0 05 00 0A 00 00 11");
    goes_both_ways<v3_1, PingReq>("C0 00");
    goes_both_ways<v5, PingResp>("D0 00");
    goes_both_ways<v3_1_1, Disconnect>("E0 00");
    goes_both_ways<v5, Disconnect>("E0 07 00 05 11 00 00 00 00");
    goes_both_ways<v5, Auth>("F0 0F 18 0D 15 00 05 53 43 52 41 4D 16 00 02 01 02");
}

TEST_CASE("the forms for a version that is known while compiling check as much")
{
    is_refused<Version::v3_1_1>(Connect{}, Errc::client_id_empty);
    is_refused<Version::v5>(
        ConnAck{.session_present = true, .reason_code = ReasonCode::banned}, Errc::session_present_with_failure);
    is_refused<Version::v3_1_1>(Publish{}, Errc::topic_name_empty);
    is_refused<Version::v3_1>(PubAck{}, Errc::packet_id_zero);
    is_refused<Version::v5>(Subscribe{.packet_id = 1}, Errc::no_topic_filter);
    is_refused<Version::v3_1_1>(SubAck{.packet_id = 1}, Errc::no_reason_code);
    is_refused<Version::v3_1>(Unsubscribe{.packet_id = 1}, Errc::no_topic_filter);
    is_refused<Version::v5>(UnsubAck{.packet_id = 1}, Errc::no_reason_code);
    is_refused<Version::v3_1_1>(Disconnect{.reason_code = ReasonCode::server_busy}, Errc::not_in_version);
    is_refused<Version::v5>(
        Auth{.reason_code = ReasonCode::continue_authentication}, Errc::authentication_method_missing);
}
