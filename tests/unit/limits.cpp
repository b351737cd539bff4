// Limits: where they come from, what breaks them, and packets made to keep to them.
#include "mqttwire/limits.hpp"
#include "support/vector.hpp"
#include "unit/check.hpp"

#include <algorithm>
#include <span>
#include <string>
#include <utility>
#include <variant>
#include <vector>

using namespace check;

namespace {

/// The packet without its reason string and all user properties but the first `kept`.
template <class P>
P without(P packet, const Dropped& dropped)
{
    if constexpr (requires { packet.properties.reason_string; }) {
        if (dropped.reason_string) packet.properties.reason_string.reset();
        auto& list = packet.properties.user_property;
        list = list.first(list.size() - dropped.user_properties);
    }
    return packet;
}

/// encode_within with its report.
struct Fitted {
    std::span<std::byte> bytes{};
    Dropped dropped{};
};

template <class P>
constexpr Result<Fitted> fit(P&& packet, std::span<std::byte> buffer, const Limits& limits,
    Version version = Version::v5, Leniency leniency = {}, Role role = {})
{
    Fitted fitted{.dropped = {true, 99}};
    const auto bytes = encode_within(std::forward<P>(packet), buffer, limits, fitted.dropped, version, leniency, role);
    if (!bytes) return bytes.error();
    fitted.bytes = *bytes;
    return fitted;
}

constexpr Limits all_but_size(std::uint32_t maximum_packet_size)
{
    Limits limits;
    limits.maximum_packet_size = maximum_packet_size;
    limits.topic_alias_maximum = 65'535;
    return limits;
}

/// What is wrong with how the packet is kept to a limit of `limit` bytes; empty if nothing is.
template <class P>
std::string fault_within(
    const P& packet, std::size_t limit, std::size_t size, Version version, const test::Vector& vector)
{
    constexpr std::byte untouched{0xA5};
    const Limits limits = all_but_size(static_cast<std::uint32_t>(limit));
    std::vector<std::byte> buffer(size, untouched);
    const Result<Fitted> fitted = fit(packet, buffer, limits, version, vector.leniency, vector.role);
    const auto smallest = [&] {
        Dropped all{};
        if constexpr (requires { packet.properties.reason_string; })
            all = {true, static_cast<std::uint32_t>(packet.properties.user_property.size())};
        return without(packet, all).encoded_size(version, vector.leniency, vector.role).value();
    }();
    if (!fitted) {
        const Errc expected =
            P::type == PacketType::publish ? Errc::publish_above_maximum_size : Errc::packet_above_maximum_size;
        if (fitted.error().code != expected) return "another error";
        if (fitted.error().needed != smallest) return "another size is needed";
        if (smallest <= limit) return "it could have been made to fit";
        if (std::ranges::any_of(buffer, [](std::byte each) { return each != untouched; }))
            return "something was written";
        return {};
    }
    if (fitted->bytes.size() > limit) return "above the limit";
    std::vector<std::byte> too_small(fitted->bytes.size() - 1, untouched);
    const Error no_room = fit(packet, too_small, limits, version, vector.leniency, vector.role).error();
    if (no_room.code != Errc::buffer_too_small) return "a buffer that is too small is another error";
    if (no_room.needed != fitted->bytes.size()) return "another size of the buffer is needed";
    if (std::ranges::any_of(too_small, [](std::byte each) { return each != untouched; }))
        return "something was written to a buffer that is too small";
    const P expected = without(packet, fitted->dropped);
    const auto again = P::decode(fitted->bytes, version, vector.leniency, vector.role);
    if (!again || *again != expected) return "more was changed than is told";
    if (size <= limit) return fitted->dropped.any() ? "something was dropped for nothing" : "";
    if (!fitted->dropped.any()) return "nothing is told";
    // One property more would be too much.
    Dropped less = fitted->dropped;
    if (less.user_properties != 0) --less.user_properties;
    else less.reason_string = false;
    if (*without(packet, less).encoded_size(version, vector.leniency, vector.role) <= limit)
        return "too much was dropped";
    if constexpr (requires { packet.properties.reason_string; })
        if (!fitted->dropped.reason_string && packet.properties.reason_string) return "the reason string goes first";
    return {};
}

/// All vectors that encode; gives how many packets and limits there were.
std::size_t check_vectors_within_limits()
{
    std::size_t count = 0;
    for (const test::Vector* const vector : test::vectors_where(test::is_valid_packet)) {
        const auto decoded = decode_vector(*vector);
        const auto* const connect = std::get_if<Connect>(&*decoded);
        const Version version = connect != nullptr ? connect->version.value() : vector->version.value();
        const auto size = encoded_size(*decoded, version, vector->leniency, vector->role);
        if (!size || *size > 4096) continue;
        CAPTURE(vector->id);
        std::visit(
            [&](const auto& packet) {
                for (std::size_t limit = 2; limit <= *size + 1; ++limit) {
                    const std::string fault = fault_within(packet, limit, *size, version, *vector);
                    if (!fault.empty()) {
                        CAPTURE(limit);
                        CHECK(fault == "");
                    }
                    ++count;
                }
            },
            *decoded);
    }
    return count;
}

Errc breach(const Packet& packet, const Limits& limits, Version version = Version::v5)
{
    const Error error = mqttwire::check(packet, limits, version);
    std::array<std::byte, 512> buffer{};
    const auto encoded = fit(packet, buffer, limits, version);
    // What is not left out is refused for the same reason.
    if (error.code != Errc::none && error.code != Errc::problem_information_not_requested) {
        const bool fits_without = encoded && encoded->dropped.any();
        if (!fits_without) CHECK(encoded.error() == error);
    } else {
        CHECK(encoded.has_value());
    }
    if (error.code != Errc::none) CHECK(error.packet == type_of(packet));
    return error.code;
}

const std::array two_properties{UserProperty{"k", "1"}, UserProperty{"kk", "22"}};

} // namespace

TEST_CASE("limits: the defaults are those of the specification")
{
    const Limits limits;
    CHECK(limits_of(ConnAck{}, Connect{}) == [] {
        Limits expected;
        expected.session_ends_with_connection = true;
        return expected;
    }());
    CHECK(limits.maximum_packet_size == 268'435'460);
    CHECK(limits.receive_maximum == 65'535);
    CHECK(limits.topic_alias_maximum == 0);
    CHECK(limits.maximum_qos == QoS::exactly_once);
    CHECK((limits.retain_available && limits.wildcard_subscription_available));
    CHECK((limits.subscription_identifier_available && limits.shared_subscription_available));
    CHECK(limits_of(Connect{}).request_problem_information);
    CHECK_FALSE(limits_of(Connect{}).request_response_information);
    CHECK(sizeof(Limits) <= 24);
}

TEST_CASE("limits: what CONNECT says")
{
    const Connect connect{.keep_alive = 30,
        .properties = {.session_expiry_interval = 60,
            .request_problem_information = 0,
            .request_response_information = 1,
            .receive_maximum = 7,
            .topic_alias_maximum = 5,
            .maximum_packet_size = 1000}};
    const Limits limits = limits_of(connect);
    CHECK(limits.maximum_packet_size == 1000);
    CHECK(limits.session_expiry_interval == 60);
    CHECK(limits.receive_maximum == 7);
    CHECK(limits.topic_alias_maximum == 5);
    CHECK(limits.keep_alive == 30);
    CHECK_FALSE(limits.request_problem_information);
    CHECK(limits.request_response_information);
    CHECK_FALSE(limits.session_ends_with_connection);
    CHECK(limits_of(Connect{}).session_ends_with_connection);
    CHECK(limits_of(Connect{.properties = {.session_expiry_interval = 0}}).session_ends_with_connection);
    CHECK(limits_of(Connect{.properties = {.request_response_information = 0}}).request_response_information == false);
    CHECK(limits_of(Connect{.properties = {.request_problem_information = 1}}).request_problem_information);
}

TEST_CASE("limits: what CONNACK says")
{
    const Connect connect{.keep_alive = 30, .properties = {.session_expiry_interval = 60}};
    const ConnAck connack{.properties = {.session_expiry_interval = 50,
                              .server_keep_alive = 20,
                              .receive_maximum = 7,
                              .topic_alias_maximum = 5,
                              .maximum_qos = 1,
                              .retain_available = 0,
                              .maximum_packet_size = 1000,
                              .wildcard_subscription_available = 0,
                              .subscription_identifier_available = 0,
                              .shared_subscription_available = 0}};
    const Limits expected{.maximum_packet_size = 1000,
        .session_expiry_interval = 50,
        .receive_maximum = 7,
        .topic_alias_maximum = 5,
        .keep_alive = 20,
        .maximum_qos = QoS::at_least_once,
        .retain_available = false,
        .wildcard_subscription_available = false,
        .subscription_identifier_available = false,
        .shared_subscription_available = false};
    CHECK(limits_of(connack, connect) == expected);
    const Limits asked = limits_of(ConnAck{}, connect);
    CHECK(asked.session_expiry_interval == 60);
    CHECK(asked.keep_alive == 30);
    CHECK_FALSE(asked.session_ends_with_connection);
    // The server may keep the session all the same; DISCONNECT may not ask for it.
    CHECK(limits_of(ConnAck{.properties = {.session_expiry_interval = 9}}, Connect{}).session_ends_with_connection);
}

TEST_CASE("limits: before 5.0 the session lives as Clean Session says, and nothing is limited")
{
    for (const Version version : {Version::v3_1, Version::v3_1_1}) {
        for (const bool clean : {false, true}) {
            const Connect connect{.client_id = "c", .clean_start = clean, .version = version};
            CHECK(limits_of(connect).session_expiry_interval == (clean ? 0U : 0xFFFFFFFFU));
            CHECK(limits_of(ConnAck{}, connect).session_expiry_interval == (clean ? 0U : 0xFFFFFFFFU));
            const Publish publish{.topic = "t", .qos = QoS::exactly_once, .retain = true, .packet_id = 1};
            CHECK(breach(publish, limits_of(connect), version) == Errc::none);
            CHECK(breach(publish, limits_of(ConnAck{}, connect), version) == Errc::none);
        }
    }
}

TEST_CASE("limits: a PUBLISH within and above")
{
    Limits limits;
    const auto with_alias = [](std::uint16_t alias) {
        return Publish{.topic = "t", .properties = {.topic_alias = alias}};
    };
    CHECK(breach(Publish{.topic = "t"}, limits) == Errc::none);
    CHECK(breach(with_alias(1), limits) == Errc::topic_alias_above_maximum);
    limits.topic_alias_maximum = 3;
    CHECK(breach(with_alias(3), limits) == Errc::none);
    CHECK(breach(with_alias(4), limits) == Errc::topic_alias_above_maximum);
    CHECK(mqttwire::check(with_alias(4), limits).field == field(PropertyId::topic_alias));
    for (unsigned most = 0; most < 3; ++most) {
        limits.maximum_qos = static_cast<QoS>(most);
        for (unsigned qos = 0; qos < 3; ++qos) {
            const Publish publish{
                .topic = "t", .qos = static_cast<QoS>(qos), .packet_id = static_cast<std::uint16_t>(qos == 0 ? 0 : 9)};
            CHECK(breach(publish, limits) == (qos > most ? Errc::qos_above_maximum : Errc::none));
        }
    }
    limits.retain_available = false;
    CHECK(breach(Publish{.topic = "t"}, limits) == Errc::none);
    CHECK(breach(Publish{.topic = "t", .retain = true}, limits) == Errc::retain_not_available);
    // 3 + 3 + 1 + 5 bytes: fixed header, topic, Property Length and payload, less the byte that a short length saves.
    const Publish publish{.topic = "t", .payload = "12345"};
    limits.maximum_packet_size = 11;
    CHECK(breach(publish, limits) == Errc::none);
    limits.maximum_packet_size = 10;
    CHECK(breach(publish, limits) == Errc::publish_above_maximum_size);
    CHECK(mqttwire::check(publish, limits).needed == 11);
    // A QoS that there is not is above nothing.
    CHECK(breach(Publish{.topic = "t", .qos = static_cast<QoS>(3), .packet_id = 1}, limits) == Errc::qos_3);
}

TEST_CASE("limits: a will")
{
    Limits limits;
    Connect connect{.client_id = "c", .will = Will{.topic = "t", .qos = QoS::exactly_once, .retain = true}};
    CHECK(breach(connect, limits) == Errc::none);
    limits.maximum_qos = QoS::at_least_once;
    CHECK(breach(connect, limits) == Errc::qos_above_maximum);
    CHECK(clause(mqttwire::check(connect, limits), Version::v5) == "MQTT-3.2.2-12");
    connect.will->qos = QoS::at_least_once;
    CHECK(breach(connect, limits) == Errc::none);
    limits.retain_available = false;
    CHECK(breach(connect, limits) == Errc::retain_not_available);
    CHECK(clause(mqttwire::check(connect, limits), Version::v5) == "MQTT-3.2.2-13");
    connect.will.reset();
    CHECK(breach(connect, limits) == Errc::none);
}

TEST_CASE("limits: a SUBSCRIBE")
{
    const auto with = [](std::string_view filter, std::optional<std::uint32_t> identifier = {}) {
        static std::array<Subscription, 2> filters;
        filters = {Subscription{.filter = "plain", .qos = QoS::exactly_once}, Subscription{.filter = filter}};
        return Subscribe{.packet_id = 1, .filters = filters, .properties = {.subscription_identifier = identifier}};
    };
    Limits limits;
    limits.maximum_qos = QoS::at_most_once; // bars no subscription
    for (const char* const filter : {"a", "a/+", "#", "$share/g/a", "$share/g/#"})
        CHECK(breach(with(filter, 1), limits) == Errc::none);
    limits.wildcard_subscription_available = false;
    for (const char* const filter : {"a/+", "#", "+/a", "$share/g/#"})
        CHECK(breach(with(filter), limits) == Errc::wildcard_subscription_not_available);
    CHECK(breach(with("$share/g/a"), limits) == Errc::none);
    limits.shared_subscription_available = false;
    CHECK(breach(with("$share/g/a"), limits) == Errc::shared_subscription_not_available);
    CHECK(breach(with("$shared/g/a"), limits) == Errc::none);
    const Error error = mqttwire::check(with("$share/g/a"), limits);
    CHECK(error.field == Field::filter);
    CHECK(error.element == 1);
    limits.subscription_identifier_available = false;
    CHECK(breach(with("a"), limits) == Errc::none);
    CHECK(breach(with("a", 1), limits) == Errc::subscription_identifier_not_available);
    // It is never made smaller.
    const Subscribe subscribe{
        .packet_id = 1, .filters = with("a").filters, .properties = {.user_property = two_properties}};
    limits.maximum_packet_size = static_cast<std::uint32_t>(*subscribe.encoded_size(Version::v5) - 1);
    CHECK(breach(subscribe, limits) == Errc::packet_above_maximum_size);
}

TEST_CASE("limits: response information, and the session expiry of DISCONNECT")
{
    const ConnAck connack{.properties = {.response_information = "r"}};
    CHECK(breach(connack, limits_of(Connect{})) == Errc::response_information_not_requested);
    CHECK(breach(ConnAck{}, limits_of(Connect{})) == Errc::none);
    const Connect asks{.properties = {.request_response_information = 1}};
    CHECK(breach(connack, limits_of(asks)) == Errc::none);

    const Disconnect later{.properties = {.session_expiry_interval = 5}};
    CHECK(breach(later, limits_of(ConnAck{}, Connect{})) == Errc::session_expiry_after_zero);
    CHECK(breach(Disconnect{.properties = {.session_expiry_interval = 0}}, limits_of(ConnAck{}, Connect{}))
        == Errc::none);
    CHECK(breach(later, limits_of(ConnAck{}, Connect{.properties = {.session_expiry_interval = 1}})) == Errc::none);
}

TEST_CASE("limits: problem information that nobody wants")
{
    const Limits wanted = limits_of(Connect{});
    const Limits unwanted = limits_of(Connect{.properties = {.request_problem_information = 0}});
    const std::array codes{ReasonCode::success};
    const std::array told{ReasonProperties{.reason_string = "r"}, ReasonProperties{.user_property = two_properties},
        ReasonProperties{.reason_string = "r", .user_property = two_properties}};
    for (const ReasonProperties& properties : told) {
        for (const Packet& packet : {Packet(PubAck{.packet_id = 1, .properties = properties}),
                 Packet(PubRec{.packet_id = 1, .properties = properties}),
                 Packet(PubRel{.packet_id = 1, .properties = properties}),
                 Packet(PubComp{.packet_id = 1, .properties = properties}),
                 Packet(SubAck{.packet_id = 1, .reason_codes = codes, .properties = properties}),
                 Packet(UnsubAck{.packet_id = 1, .reason_codes = codes, .properties = properties}),
                 Packet(Auth{.reason_code = ReasonCode::continue_authentication,
                     .properties = {.authentication_method = "m",
                         .reason_string = properties.reason_string,
                         .user_property = properties.user_property}})}) {
            CHECK(breach(packet, wanted) == Errc::none);
            CHECK(breach(packet, unwanted) == Errc::problem_information_not_requested);
            const Error error = mqttwire::check(packet, unwanted);
            CHECK(
                error.field == field(properties.reason_string ? PropertyId::reason_string : PropertyId::user_property));
            std::array<std::byte, 64> buffer{};
            const auto fitted = fit(packet, buffer, unwanted);
            CHECK(fitted->dropped.reason_string == properties.reason_string.has_value());
            CHECK(fitted->dropped.user_properties == properties.user_property.size());
            CHECK(mqttwire::check(*mqttwire::decode(fitted->bytes, Version::v5), unwanted).code == Errc::none);
        }
        for (const Packet& packet : {Packet(ConnAck{.properties = {.reason_string = properties.reason_string,
                                                        .user_property = properties.user_property}}),
                 Packet(Disconnect{.properties = {.reason_string = properties.reason_string,
                                       .user_property = properties.user_property}}),
                 Packet(Publish{.topic = "t", .properties = {.user_property = properties.user_property}})}) {
            CHECK(breach(packet, unwanted) == Errc::none);
            std::array<std::byte, 64> buffer{};
            CHECK_FALSE(fit(packet, buffer, unwanted)->dropped.any());
        }
    }
}

TEST_CASE("limits: what goes, and in which order")
{
    const PubAck puback{.packet_id = 0x0102,
        .reason_code = ReasonCode::quota_exceeded,
        .properties = {.reason_string = "full", .user_property = two_properties}};
    struct Case {
        std::uint32_t limit;
        std::string_view wire;
        Dropped dropped;
    };
    const std::array cases{
        Case{29, "40 1B 01 02 97 17 1F 00 04 66 75 6C 6C 26 00 01 6B 00 01 31 26 00 02 6B 6B 00 02 32 32", {}},
        Case{28, "40 14 01 02 97 10 26 00 01 6B 00 01 31 26 00 02 6B 6B 00 02 32 32", {true, 0}},
        Case{22, "40 14 01 02 97 10 26 00 01 6B 00 01 31 26 00 02 6B 6B 00 02 32 32", {true, 0}},
        Case{21, "40 0B 01 02 97 07 26 00 01 6B 00 01 31", {true, 1}},
        Case{13, "40 0B 01 02 97 07 26 00 01 6B 00 01 31", {true, 1}},
        Case{12, "40 03 01 02 97", {true, 2}},
        Case{5, "40 03 01 02 97", {true, 2}},
    };
    for (const Case& each : cases) {
        CAPTURE(each.limit);
        std::array<std::byte, 64> buffer{};
        const auto fitted = fit(puback, buffer, all_but_size(each.limit));
        REQUIRE(fitted);
        CHECK(hex(fitted->bytes) == hex(bytes(each.wire)));
        CHECK(fitted->dropped == each.dropped);
    }
    std::array<std::byte, 64> buffer{};
    const Error error = fit(puback, buffer, all_but_size(4)).error();
    CHECK(error == Error{.code = Errc::packet_above_maximum_size, .packet = PacketType::puback, .needed = 5});
    Dropped in_vain{true, 99};
    CHECK_FALSE(encode_within(puback, buffer, all_but_size(4), in_vain));
    CHECK_FALSE(in_vain.any());
    // A buffer that is too small makes nothing go.
    const Error no_room = fit(puback, std::span(buffer).first(20), all_but_size(64)).error();
    CHECK(no_room == Error{.code = Errc::buffer_too_small, .packet = PacketType::puback, .needed = 29});
    CHECK(std::ranges::all_of(buffer, [](std::byte each) { return each == std::byte{}; }));
}

TEST_CASE("limits: where the buffer is too small, nothing is written, however much goes")
{
    const std::array<UserProperty, 7> properties{
        {{"a", "1"}, {"b", "22"}, {"c", "333"}, {"d", ""}, {"e", "55555"}, {"f", "6"}, {"g", "77"}}};
    for (std::size_t count = 0; count <= properties.size(); ++count) {
        const PubRec pubrec{.packet_id = 1,
            .reason_code = ReasonCode::quota_exceeded,
            .properties = {.reason_string = "full", .user_property = std::span(properties).first(count)}};
        const std::size_t size = pubrec.encoded_size(Version::v5).value();
        for (std::uint32_t limit = 5; limit <= size; ++limit) {
            std::array<std::byte, 128> whole{};
            const std::size_t needed = fit(pubrec, whole, all_but_size(limit)).value().bytes.size();
            for (std::size_t room = 0; room < needed; ++room) {
                CAPTURE(count, limit, room);
                std::array<std::byte, 128> buffer{};
                const Error error = fit(pubrec, std::span(buffer).first(room), all_but_size(limit)).error();
                CHECK(error
                    == Error{.code = Errc::buffer_too_small,
                        .packet = PacketType::pubrec,
                        .needed = static_cast<std::uint32_t>(needed)});
                CHECK(std::ranges::all_of(buffer, [](std::byte each) { return each == std::byte{}; }));
            }
        }
    }
}

TEST_CASE("limits: a version that is none leaves nothing out")
{
    std::array<std::byte, 64> buffer{};
    Dropped dropped{true, 99};
    CHECK(encode_within(PubAck{.packet_id = 1}, buffer, {}, dropped, Version{}).error().code == Errc::version_unknown);
    CHECK_FALSE(dropped.any());
}

TEST_CASE("limits: a packet stays as it is, unless nobody else needs it")
{
    std::array<std::byte, 64> buffer{};
    Dropped dropped;
    PubAck puback{.packet_id = 1, .properties = {.reason_string = "r", .user_property = two_properties}};
    const PubAck before = puback;
    const auto fits = [&](const auto& bytes) { return bytes && hex(*bytes) == "40 02 00 01"; };
    CHECK(fits(encode_within(puback, buffer, all_but_size(4), dropped)));
    CHECK(fits(encode_within<Version::v5>(puback, buffer, all_but_size(4), dropped)));
    CHECK(fits(encode_within(Packet(puback), buffer, all_but_size(4), dropped)));
    CHECK(fits(encode_within<Version::v5>(Packet(puback), buffer, all_but_size(4), dropped)));
    CHECK(puback == before);
    CHECK(fits(encode_within(PubAck(puback), buffer, all_but_size(4), dropped)));
    CHECK(fits(encode_within<Version::v5>(PubAck(puback), buffer, all_but_size(4), dropped)));
    CHECK(dropped == Dropped{true, 2});
    CHECK(encode_within<Version::v5>(PubAck{}, buffer, all_but_size(4), dropped).error().code == Errc::packet_id_zero);
    CHECK_FALSE(dropped.any());
    CHECK(encode_within<Version::v3_1_1>(PubAck{.packet_id = 2}, buffer, all_but_size(4), dropped)->size() == 4);
}

TEST_CASE("limits: the fixed header counts")
{
    // 127 bytes of body have a header of two bytes, 128 one of three.
    const std::string topic(116, 't');
    const std::array<std::string, 2> payloads{std::string(8, 'p'), std::string(9, 'p')};
    for (std::size_t i = 0; i < 2; ++i) {
        const Publish publish{.topic = topic, .payload = payloads[i]};
        const auto size = static_cast<std::uint32_t>(i == 0 ? 129 : 131);
        CHECK(breach(publish, all_but_size(size)) == Errc::none);
        CHECK(breach(publish, all_but_size(size - 1)) == Errc::publish_above_maximum_size);
    }
}

TEST_CASE("limits: how many of thousands of user properties can stay is not found by counting down")
{
    const std::vector<UserProperty> many(20'000, UserProperty{"key", "value"});
    const Disconnect disconnect{.properties = {.user_property = many}};
    const Bytes wire = encoded(disconnect, Version::v5).bytes;
    const Packet decoded = good(wire, Version::v5);
    Bytes buffer(wire.size());
    const auto fitted = fit(decoded, buffer, all_but_size(130'007));
    REQUIRE(fitted);
    // 13 bytes a property, and E0, lengths of three bytes each, reason code.
    CHECK(fitted->bytes.size() == 9'999 * 13 + 8);
    CHECK(fitted->dropped == Dropped{false, 10'001});
}

TEST_CASE("limits: of any number of user properties as many stay as fit")
{
    constexpr std::string_view letters = "abcdefghijklmnop";
    std::vector<UserProperty> properties;
    for (std::size_t count = 0; count <= letters.size(); ++count) {
        const PubAck puback{.packet_id = 1, .properties = {.reason_string = "reason", .user_property = properties}};
        const std::size_t size = *puback.encoded_size(Version::v5);
        for (std::size_t kept = 0; kept <= count; ++kept) {
            const Dropped expected{true, static_cast<std::uint32_t>(count - kept)};
            const std::size_t least = *without(puback, expected).encoded_size(Version::v5);
            const std::size_t next =
                kept == count ? size : *without(puback, {true, expected.user_properties - 1}).encoded_size(Version::v5);
            Bytes buffer(size);
            for (std::size_t limit = least; limit < next; ++limit) {
                const auto fitted = fit(puback, buffer, all_but_size(static_cast<std::uint32_t>(limit)));
                REQUIRE(fitted);
                CHECK(fitted->bytes.size() == least);
                CHECK(fitted->dropped == expected);
            }
        }
        if (count < letters.size()) properties.push_back({"k", letters.substr(0, count * 5 % 7)});
    }
}

TEST_CASE("limits: while compiling")
{
    constexpr auto fits = [] {
        std::array<std::byte, 32> buffer{};
        const PubAck puback{.packet_id = 1, .properties = {.reason_string = "too long to fit"}};
        Dropped dropped;
        const auto fitted = encode_within<Version::v5>(puback, buffer, all_but_size(8), dropped);
        return dropped.reason_string && fitted->size() == 4 && puback.properties.reason_string;
    };
    STATIC_REQUIRE(fits());
    STATIC_REQUIRE(mqttwire::check(PingReq{}, Limits{}).code == Errc::none);
    STATIC_REQUIRE(limits_of(Connect{.keep_alive = 9}).keep_alive == 9);
}

TEST_CASE("limits: every packet of the vectors under every limit") { CHECK(check_vectors_within_limits() > 5'000); }
