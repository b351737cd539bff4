// Every error: where it lies, in which field, by which clause, how it is answered, and that there is none without a
// test.
#include "mqttwire/limits.hpp"
#include "mqttwire/outgoing.hpp"
#include "unit/faults.hpp"

#include <set>
#include <string>

using namespace check;

TEST_CASE("the diagnosis of every fault that decode finds")
{
    for (const Fault& fault : faults()) {
        CAPTURE(name(fault.code), name(fault.version), fault.wire.size() < 64 ? hex(fault.wire) : "");
        const Result<Packet> result = decoded(fault.wire, fault.version, fault.needs, fault.receiver);
        REQUIRE_FALSE(result);
        const Error error = result.error();
        CHECK(error.code == fault.code);
        CHECK(error.offset == fault.offset);
        CHECK(error.field == fault.field);
        CHECK(clause(error, fault.version) == fault.clause);
        CHECK(reason_code(error.code) == fault.reason);
        CHECK(skippable(error) == fault.skippable);
        if (fault.needs != Leniency::none || fault.receiver != Role::unknown)
            CHECK(decode_error(fault.wire, fault.version) == Errc::none);
    }
}

TEST_CASE("a code that there is not is none")
{
    // While compiling, because the compiler finds a look behind the table.
    constexpr auto behind = static_cast<Errc>(error_table.size());
    STATIC_REQUIRE(name(behind) == name(Errc::none));
    STATIC_REQUIRE(text(static_cast<Errc>(255)) == text(Errc::none));
    STATIC_REQUIRE_FALSE(name(static_cast<Errc>(error_table.size() - 1)) == name(Errc::none));
}

namespace {

/// The errors that bytes and a version alone do not show: of other functions, and of encoding.
std::vector<Error> other_errors()
{
    const std::string too_long(65'536, 'a');
    const std::array reason{ReasonCode::success};
    std::array<std::byte, 2> storage{};
    Framer framer(storage, 2);
    const Bytes three = bytes("C0 01 00");
    std::span<const std::byte> chunk = three;
    CHECK_FALSE(framer.next(chunk));
    const Limits least{.maximum_packet_size = 2,
        .maximum_qos = QoS::at_most_once,
        .retain_available = false,
        .wildcard_subscription_available = false,
        .subscription_identifier_available = false,
        .shared_subscription_available = false,
        .request_problem_information = false,
        .request_response_information = false,
        .session_ends_with_connection = true};
    const std::array wildcard{Subscription{.filter = "#"}};
    const std::array shared{Subscription{.filter = "$share/g/a"}};
    std::vector<std::byte> overlapping = bytes("B0 05 00 01 00 00 11");
    const UnsubAck overlap = UnsubAck::decode(overlapping, Version::v5).value();
    return {
        framer.error(),
        PubAck::decode(bytes("C0 00"), Version::v5).error(),
        mqttwire::decode(bytes("C0 00")).error(),
        Connect::decode<Version::v5>(bytes("10 0C 00 04 4D 51 54 54 04 02 00 3C 00 00")).error(),
        encoded(Publish{.topic = too_long}, Version::v5).error,
        encoded(Connect{.will = Will{.topic = "t", .payload = too_long}}, Version::v5).error,
        encoded(Publish{.topic = "a", .packet_id = 1}, Version::v5).error,
        encoded(ConnAck{.reason_code = ReasonCode::banned}, Version::v3_1_1).error,
        encoded(UnsubAck{.packet_id = 1, .reason_codes = reason}, Version::v3_1_1).error,
        PingReq{}.encode(std::span(storage).first(1), Version::v5).error(),
        overlap.encode(overlapping, Version::v5).error(),
        mqttwire::check(PubAck{.packet_id = 1}, least),
        mqttwire::check(Publish{.topic = "a"}, least),
        mqttwire::check(Publish{.topic = "a", .properties = {.topic_alias = 1}}, least),
        mqttwire::check(Publish{.topic = "a", .qos = QoS::at_least_once, .packet_id = 1}, least),
        mqttwire::check(Publish{.topic = "a", .retain = true}, least),
        mqttwire::check(Subscribe{.packet_id = 1, .filters = wildcard}, least),
        mqttwire::check(
            Subscribe{.packet_id = 1, .filters = wildcard, .properties = {.subscription_identifier = 1}}, least),
        mqttwire::check(Subscribe{.packet_id = 1, .filters = shared}, least),
        mqttwire::check(ConnAck{.properties = {.response_information = "a"}}, least),
        mqttwire::check(PubAck{.packet_id = 1, .properties = {.reason_string = "a"}}, least),
        mqttwire::check(Disconnect{.properties = {.session_expiry_interval = 1}}, least),
        OutgoingMessage::prepare(Publish{.properties = {.topic_alias = 1}}, Version::v5).error(),
    };
}

} // namespace

TEST_CASE("the diagnosis of every fault that shows elsewhere")
{
    const std::vector<Error> errors = other_errors();
    const auto expect = [&](std::size_t index, Errc code, Field field, PacketType packet) {
        const Error& error = errors.at(index);
        CHECK(error.code == code);
        CHECK(error.field == field);
        CHECK(error.packet == packet);
    };
    expect(0, Errc::packet_too_large, Field::remaining_length, PacketType::pingreq);
    CHECK(errors[0].offset == 1);
    CHECK(reason_code(errors[0].code) == ReasonCode::packet_too_large);
    CHECK(clause(errors[0], Version::v5) == "MQTT-3.1.2-24");
    CHECK_FALSE(skippable(errors[0]));
    expect(1, Errc::unexpected_packet_type, Field::fixed_header, PacketType::pingreq);
    expect(2, Errc::version_unknown, Field::fixed_header, PacketType::pingreq);
    CHECK(clause(errors[2], Version::v3_1_1) == "MQTT-3.1.0-1");
    CHECK_FALSE(skippable(errors[2]));
    expect(3, Errc::version_mismatch, Field::protocol_version, PacketType::connect);
    CHECK(errors[3].offset == 8);
    expect(4, Errc::text_too_long, Field::topic, PacketType::publish);
    expect(5, Errc::binary_too_long, Field::will_payload, PacketType::connect);
    expect(6, Errc::packet_id_with_qos_0, Field::packet_id, PacketType::publish);
    CHECK(clause(errors[6], Version::v3_1_1) == "MQTT-2.3.1-5");
    CHECK(clause(errors[6], Version::v5) == "MQTT-2.2.1-2");
    expect(7, Errc::reason_code_without_return_code, Field::reason_code, PacketType::connack);
    CHECK(clause(errors[7], Version::v3_1_1) == "MQTT-3.2.2-6");
    expect(8, Errc::not_in_version, Field::reason_code, PacketType::unsuback);
    expect(9, Errc::buffer_too_small, Field::packet, PacketType::pingreq);
    CHECK(errors[9].needed == 2);
    CHECK(reason_code(errors[9].code) == ReasonCode::implementation_specific_error);
    expect(10, Errc::overlapping_buffer, Field::reason_code, PacketType::unsuback);
    expect(11, Errc::packet_above_maximum_size, Field::packet, PacketType::puback);
    CHECK(errors[11].needed == 4);
    expect(12, Errc::publish_above_maximum_size, Field::packet, PacketType::publish);
    CHECK(clause(errors[12], Version::v5) == "MQTT-3.1.2-25");
    expect(13, Errc::topic_alias_above_maximum, field(PropertyId::topic_alias), PacketType::publish);
    expect(14, Errc::qos_above_maximum, Field::fixed_header, PacketType::publish);
    expect(15, Errc::retain_not_available, Field::fixed_header, PacketType::publish);
    expect(16, Errc::wildcard_subscription_not_available, Field::filter, PacketType::subscribe);
    expect(17, Errc::subscription_identifier_not_available, field(PropertyId::subscription_identifier),
        PacketType::subscribe);
    expect(18, Errc::shared_subscription_not_available, Field::filter, PacketType::subscribe);
    expect(19, Errc::response_information_not_requested, field(PropertyId::response_information), PacketType::connack);
    expect(20, Errc::problem_information_not_requested, field(PropertyId::reason_string), PacketType::puback);
    expect(21, Errc::session_expiry_after_zero, field(PropertyId::session_expiry_interval), PacketType::disconnect);
    expect(22, Errc::topic_alias_not_set, Field::topic, PacketType::publish);
    CHECK(clause(errors[22], Version::v5) == "section 3.3.2.3.4");
    CHECK(reason_code(errors[22].code) == ReasonCode::protocol_error);
}

TEST_CASE("every error code is reached by a test")
{
    std::set<std::string_view> seen;
    for (const Fault& fault : faults()) seen.insert(name(fault.code));
    for (const Error& error : other_errors()) seen.insert(name(error.code));
    std::string missing;
    std::size_t codes = 0;
    for (const ErrorRow& row : error_table) {
        if (row.code == Errc::none) continue;
        ++codes;
        if (!seen.contains(row.name)) missing += std::string(row.name) + " ";
    }
    CHECK(missing == "");
    CHECK(seen.size() == codes);
}

TEST_CASE("every error code has a name of its own and a text")
{
    std::set<std::string_view> names;
    std::set<std::string_view> texts;
    for (const ErrorRow& row : error_table) {
        CHECK(names.insert(row.name).second);
        texts.insert(row.text);
        CHECK_FALSE(row.text.empty());
        CHECK(row.text.back() != '.');
        CHECK(name(row.code) == row.name);
        CHECK(text(row.code) == row.text);
        CHECK(reason_code(row.code) == row.reason_code);
        CHECK(is_failure(row.reason_code) == (row.code != Errc::none));
    }
    CHECK(texts.size() >= error_table.size() - 1);
    // Values that are no codes are not looked up beyond the table.
    CHECK(name(static_cast<Errc>(255)) == "none");
}

TEST_CASE("a clause is a numbered statement or a section, and 3.1 has none")
{
    for (const ErrorRow& row : error_table) {
        for (unsigned type = 1; type < 16; ++type) {
            const Error error{.code = row.code, .packet = static_cast<PacketType>(type)};
            CHECK(clause(error, Version::v3_1).empty());
            for (const Version version : {Version::v3_1_1, Version::v5}) {
                const std::string_view seen = clause(error, version);
                const bool good = seen.empty() || seen.starts_with("MQTT-") || seen.starts_with("section ");
                CHECK(good);
            }
        }
    }
}

TEST_CASE("no fault of a CONNECT can be skipped, nor one of the framing")
{
    for (const ErrorRow& row : error_table) CHECK_FALSE(skippable({.code = row.code, .packet = PacketType::connect}));
    for (const ErrorRow& row : error_table) CHECK_FALSE(skippable({.code = row.code}));
    CHECK(skippable({.code = Errc::utf8_null, .packet = PacketType::publish}));
}

TEST_CASE("every fault but those of framing leaves the next packet in the stream readable")
{
    for (const Fault& fault : faults()) {
        if (!fault.skippable) continue;
        const Bytes stream = fault.wire + bytes("C0 00");
        std::span<const std::byte> chunk = stream;
        Bytes storage(40'000);
        Framer framer(storage);
        const auto first = framer.next(chunk);
        REQUIRE(first);
        CHECK_FALSE(mqttwire::decode(*first, fault.version, fault.needs, fault.receiver));
        const auto second = framer.next(chunk);
        REQUIRE(second);
        CHECK(mqttwire::decode(*second, fault.version).has_value());
    }
}

TEST_CASE("an error of decoding tells the packet type that came")
{
    for (const Version version : versions) {
        const Bytes pubrec = bytes("50 02 00 01");
        CHECK(PubAck::decode(pubrec, version).error().packet == PacketType::pubrec);
        CHECK(Publish::decode(pubrec, version).error().packet == PacketType::pubrec);
        CHECK(Connect::decode(bytes("C0 00"), version).error().packet == PacketType::pingreq);
        CHECK(PingReq::decode(bytes("00 00"), version).error().packet == PacketType{});
    }
    STATIC_REQUIRE([] {
        const std::array<std::byte, 2> pingresp{std::byte{0xD0}, std::byte{0}};
        return PingReq::decode<Version::v5>(pingresp).error().packet == PacketType::pingresp;
    }());
}

namespace {

/// Where an error of encoding lies.
struct Place {
    Errc code;
    Field field;
    std::uint32_t element;
    std::uint32_t offset;
    bool operator==(const Place&) const = default;
};

template <class P>
Place refused(const P& packet, Version version, Leniency leniency = Leniency::none)
{
    Bytes buffer(1000);
    const auto result = encoded(Packet(packet), version, leniency);
    CHECK(result.error == packet.encode(buffer, version, leniency).error());
    return {result.error.code, result.error.field, result.error.element, result.error.offset};
}

} // namespace

TEST_CASE("an error of encoding tells the element of a list and the byte of a text")
{
    const std::array filters{
        Subscription{.filter = "a/b"}, Subscription{.filter = "+/c"}, Subscription{.filter = "\xC3\xA4/d#"}};
    const std::array names{Text("a"), Text("b"), Text("c+")};
    const std::array users{UserProperty{"a", "b"}, UserProperty{"c", "d"}, UserProperty{"e", "f\xFF"}};
    const std::array<std::uint32_t, 3> identifiers{1, 2, 0};
    for (const Version version : versions) {
        CHECK(refused(Subscribe{.packet_id = 1, .filters = filters}, version)
            == Place{Errc::topic_filter_multi_level_misplaced, Field::filter, 2, 4});
        CHECK(refused(Unsubscribe{.packet_id = 1, .filters = names}, version)
            == Place{Errc::topic_filter_single_level_misplaced, Field::filter, 2, 1});
        CHECK(refused(Publish{.topic = "room/+"}, version) == Place{Errc::topic_name_wildcard, Field::topic, 0, 5});
        CHECK(refused(Publish{.topic = ""}, Version::v3_1) == Place{Errc::topic_name_empty, Field::topic, 0, 0});
        CHECK(refused(Connect{.client_id = "id", .user_name = Text(std::string_view("abc\0", 4))}, version)
            == Place{Errc::utf8_null, Field::user_name, 0, 3});
        const std::array<ReasonCode, 2> bad{ReasonCode::success, ReasonCode::server_busy};
        const Errc code = version == Version::v5 ? Errc::reason_code_not_allowed : Errc::suback_code_not_allowed;
        CHECK(refused(SubAck{.packet_id = 1, .reason_codes = bad}, version) == Place{code, Field::reason_code, 1, 0});
    }
    const Publish user{.topic = "t", .properties = {.user_property = users}};
    CHECK(refused(user, Version::v5) == Place{Errc::utf8_ill_formed, field(PropertyId::user_property), 2, 1});
    const Publish identified{.topic = "t", .properties = {.subscription_identifier = identifiers}};
    CHECK(refused(identified, Version::v5)
        == Place{Errc::property_value_out_of_range, field(PropertyId::subscription_identifier), 2, 0});
    // Behind a list, elements are not counted on.
    const std::array<UserProperty, 1> good{users[0]};
    const Connect will{.client_id = "i",
        .will = Will{.topic = "w", .properties = {.response_topic = "a/#"}},
        .properties = {.user_property = good}};
    CHECK(refused(will, Version::v5) == Place{Errc::topic_name_wildcard, field(PropertyId::response_topic), 0, 2});
}

TEST_CASE("an error of encoding for an earlier version tells the property")
{
    for (const Version version : {Version::v3_1, Version::v3_1_1}) {
        const std::array users{UserProperty{"a", "b"}};
        const std::array<std::uint32_t, 1> identifiers{1};
        const auto expect = [&](const auto& packet, PropertyId id) {
            CHECK(refused(packet, version) == Place{Errc::not_in_version, field(id), 0, 0});
        };
        expect(
            Publish{.topic = "t", .properties = {.topic_alias = 1, .user_property = users}}, PropertyId::topic_alias);
        expect(Publish{.topic = "t", .properties = {.subscription_identifier = identifiers}},
            PropertyId::subscription_identifier);
        expect(Connect{.client_id = "i", .properties = {.receive_maximum = 1}}, PropertyId::receive_maximum);
        expect(Connect{.client_id = "i", .will = Will{.topic = "w", .properties = {.will_delay_interval = 1}}},
            PropertyId::will_delay_interval);
        expect(PubAck{.packet_id = 1, .properties = {.reason_string = "r"}}, PropertyId::reason_string);
        expect(Subscribe{.packet_id = 1, .filters = {{.filter = "a"}}, .properties = {.subscription_identifier = 1}},
            PropertyId::subscription_identifier);
    }
}

TEST_CASE("an error is described in a buffer of any size")
{
    std::array<char, 220> buffer{};
    const auto sentence = [&](const Error& error) { return describe(error, buffer); };
    CHECK(sentence({}) == "no error");
    CHECK(
        sentence({.code = Errc::topic_name_wildcard, .field = Field::topic, .packet = PacketType::publish, .offset = 4})
        == "the topic name holds a wildcard (PUBLISH, topic, byte 4)");
    CHECK(sentence(
              {.code = Errc::topic_filter_empty, .field = Field::filter, .packet = PacketType::subscribe, .element = 3})
        == "the topic filter is empty (SUBSCRIBE, filter, element 3)");
    CHECK(sentence({.code = Errc::incomplete, .needed = 2}) == "the packet is cut off (2 bytes are needed)");
    CHECK(sentence({.code = Errc::packet_id_zero, .field = Field::packet_id, .packet = PacketType::puback})
        == "the packet identifier is 0 (PUBACK, packet_id)");
    CHECK(sentence({.code = Errc::bytes_after_packet}) == "bytes follow the packet in its buffer");
    std::size_t longest = 0;
    for (const ErrorRow& row : error_table) {
        const Error error{.code = row.code,
            .field = field(PropertyId::subscription_identifier_available),
            .packet = PacketType::unsubscribe,
            .offset = 0xFFFFFFFFU,
            .needed = 0xFFFFFFFFU,
            .element = 0xFFFFFFFFU};
        const std::string whole(sentence(error));
        longest = std::max(longest, whole.size());
        for (std::size_t size = 0; size <= whole.size() + 1; ++size) {
            std::vector<char> exact(size); // behind whose end sanitizers and valgrind look
            CHECK(describe(error, exact) == whole.substr(0, size));
        }
    }
    CHECK(longest <= 210);
    STATIC_REQUIRE([] {
        std::array<char, 3> three{};
        return describe(Error{.code = Errc::qos_3}, three) == "the";
    }());
}
