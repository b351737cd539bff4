// One message for many receivers: every packet says what encoding that receiver's Publish anew says, and keeps the
// bytes of what is shared.
#include "mqttwire/outgoing.hpp"
#include "mqttwire/patch.hpp"

#include "support/vector.hpp"
#include "unit/check.hpp"
#include "unit/outgoing/bytes.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

using namespace check;
using namespace check::property;

namespace {

/// A PUBLISH as it came: its bytes, and what it says.
struct Received {
    Version version;
    Bytes bytes;
    std::string_view topic{}; ///< what an alias stands for
};

Received received(std::initializer_list<std::string_view> properties, unsigned first_byte, std::string_view payload,
    std::string_view topic = "a/b")
{
    Bytes block;
    for (const std::string_view property : properties) block = block + bytes(property);
    Bytes body = prefixed(topic);
    if ((first_byte & 6U) != 0) body = body + two(9);
    body = body + varint(static_cast<std::uint32_t>(block.size())) + block + bytes(payload);
    return {Version::v5, packet(first_byte, body)};
}

std::vector<Received> received_forms()
{
    std::vector<Received> forms;
    for (const std::string_view payload : {"", "31", "31 32 33 C3 A4"}) {
        for (const Version version : {Version::v3_1, Version::v3_1_1}) {
            forms.push_back({version, packet(0x31, prefixed("a/b") + bytes(payload))});
            forms.push_back({version, packet(0x3C, prefixed("a/b") + two(3) + bytes(payload))});
        }
        const std::vector<std::vector<std::string_view>> blocks{{}, {format}, {expiry}, {alias}, {identifier},
            {user_a, user_b}, {expiry, user_b, user_a}, {user_a, expiry, user_b}, {user_a, user_b, expiry},
            {user_a, alias, user_b, expiry, user_a}, {user_b, alias, response, expiry},
            {identifier, user_a, identifier, user_a, identifier, user_b, expiry, format},
            {correlation, identifier, user_a, alias, user_b, expiry, user_a, content_type, identifier},
            {format, expiry, content_type, response, correlation, identifier, identifier, alias, user_a, user_b}};
        for (const auto& block : blocks) {
            Bytes all;
            for (const std::string_view property : block) all = all + bytes(property);
            const Bytes length = varint(static_cast<std::uint32_t>(all.size()));
            forms.push_back({Version::v5, packet(0x30, prefixed("a/b") + length + all + bytes(payload))});
            forms.push_back({Version::v5, packet(0x35, prefixed("a/b") + two(9) + length + all + bytes(payload))});
            const bool has_alias = std::ranges::find(block, alias) != block.end();
            if (has_alias) forms.push_back({Version::v5, packet(0x30, two(0) + length + all + bytes(payload)), "x/y"});
        }
    }
    return forms;
}

/// The bytes of the user properties and other properties of a message in their order, by a plain reader.
Bytes shared_bytes(const Received& form)
{
    if (form.version != Version::v5) return {};
    const auto at = [&](std::size_t i) { return static_cast<std::size_t>(form.bytes[i]); };
    std::size_t i = 2; // no form is longer than 127 bytes
    i += 2 + at(i) * 256 + at(i + 1);
    if ((at(0) & 6U) != 0) i += 2;
    const std::size_t end = i + 1 + at(i);
    Bytes all;
    for (++i; i < end;) {
        std::size_t size = 0;
        const auto text = [&](std::size_t from) { return from + 2 + at(i + from) * 256 + at(i + from + 1); };
        const std::size_t id = at(i);
        switch (id) {
        case 0x01: size = 2; break;
        case 0x02: size = 5; break;
        case 0x0B: size = at(i + 1) >= 0x80 ? 3 : 2; break;
        case 0x23: size = 3; break;
        case 0x26: size = text(text(1)); break;
        default: size = text(1); break;
        }
        if (id != 0x02 && id != 0x0B && id != 0x23) all = std::move(all) + std::span(form.bytes).subspan(i, size);
        i += size;
    }
    return all;
}

const std::array<std::uint32_t, 3> ids{1, 300, 268'435'455};

std::vector<Receiver> receivers()
{
    std::vector<Receiver> all;
    for (const Version version : versions)
        for (const QoS qos : {QoS::at_most_once, QoS::at_least_once, QoS::exactly_once, static_cast<QoS>(3)})
            for (const std::uint16_t packet_id : std::array<std::uint16_t, 3>{0, 1, 65'535})
                for (const unsigned flags : {0U, 1U, 2U, 3U})
                    for (const std::uint16_t topic_alias : std::array<std::uint16_t, 2>{0, 7})
                        for (const bool with_topic : {true, false})
                            for (const std::size_t identifiers : {std::size_t{0}, std::size_t{1}, ids.size()})
                                for (const std::uint32_t left : {0U, 1U, 2U}) {
                                    Receiver receiver{.version = version, .qos = qos, .packet_id = packet_id};
                                    receiver.dup = (flags & 1U) != 0;
                                    receiver.retain = (flags & 2U) != 0;
                                    receiver.with_topic = with_topic;
                                    receiver.topic_alias = topic_alias;
                                    if (left != 0) receiver.message_expiry_interval = left - 1;
                                    receiver.subscription_identifier = std::span(ids).first(identifiers);
                                    all.push_back(receiver);
                                }
    return all;
}

/// What the receiver is to get, put together here member by member; the properties of 5.0 also for the other versions.
Publish expected_for(const Publish& message, std::string_view topic, const Receiver& receiver)
{
    Publish publish = message;
    if (message.topic.empty()) publish.topic = topic;
    if (!receiver.with_topic) publish.topic = {};
    publish.qos = receiver.qos;
    publish.retain = receiver.retain;
    publish.dup = receiver.dup;
    publish.packet_id = receiver.packet_id;
    publish.properties.topic_alias.reset();
    if (receiver.topic_alias != 0) publish.properties.topic_alias = receiver.topic_alias;
    if (receiver.message_expiry_interval) publish.properties.message_expiry_interval = receiver.message_expiry_interval;
    const auto& list = receiver.subscription_identifier;
    publish.properties.subscription_identifier = List<std::uint32_t>(list.data(), list.size());
    return publish;
}

std::size_t packets = 0;

/// Empty if the packet for the receiver is right.
std::string fault_of(const OutgoingMessage& message, const Publish& original, std::string_view topic,
    const Receiver& receiver, const Bytes& shared)
{
    static std::array<std::byte, 512> room{};
    static std::array<std::byte, 64> buffer{};
    buffer.fill(std::byte{0xCC});
    Publish expected = expected_for(original, topic, receiver);
    std::uint32_t lost = 0;
    if (receiver.version != Version::v5) {
        const PublishProperties& p = expected.properties;
        lost += (p.payload_format_indicator ? 1U : 0U) + (p.message_expiry_interval ? 1U : 0U)
            + (p.content_type ? 1U : 0U) + (p.response_topic ? 1U : 0U) + (p.correlation_data ? 1U : 0U)
            + (p.topic_alias ? 1U : 0U);
        lost += static_cast<std::uint32_t>(p.subscription_identifier.size() + p.user_property.size());
        expected.properties = {};
    }
    const auto anew = expected.encode(room, receiver.version);
    const auto written = message.write(receiver, buffer);
    if (!(message.publish_for(receiver) == expected)) return "another Publish";
    if (written.has_value() != anew.has_value()) return "encode and write do not agree";
    if (!written) {
        if (written.error() != anew.error()) return "another error: " + std::string(name(written.error().code));
        return std::ranges::count(buffer, std::byte{0xCC}) == 64 ? "" : "written in spite of an error";
    }
    ++packets;
    const Bytes all = joined(*written);
    if (written->size() != all.size() || all.size() != anew->size()) return "another size";
    if (written->spans().size() > 4) return "too many pieces";
    if (std::ranges::any_of(written->spans(), [](auto span) { return span.empty(); })) return "an empty piece";
    if (written->head().data() != buffer.data()) return "a head elsewhere";
    const auto again = Publish::decode(all, receiver.version);
    if (!again || !(*again == expected)) return "another meaning: " + hex(all);
    if (written->losses() != lost) return "losses are not told";
    // The same in two steps.
    std::array<std::byte, 64> again_buffer{};
    const auto head = message.write_head(receiver, again_buffer);
    if (!head || head->data() != again_buffer.data()) return "no head";
    if (!std::ranges::equal(*head, written->head())) return "another head";
    const auto behind = [](std::span<const std::byte> one, std::span<const std::byte> other) {
        return one.data() == other.data() && one.size() == other.size();
    };
    if (!std::ranges::equal(message.rest(receiver.version), written->spans().subspan(1), behind)) return "another rest";
    std::uint32_t told = 0;
    if (message.losses(receiver, [&](const Loss&) { ++told; }) != lost || told != lost) return "losses are not listed";
    // What is shared: behind the head, byte for byte.
    if (receiver.version == Version::v5) {
        const Bytes tail(all.begin() + static_cast<std::ptrdiff_t>(written->head().size()), all.end());
        if (tail != shared + original.payload) return "other bytes";
    }
    // One byte less is too little, and nothing is written.
    Bytes less(written->head().size() - 1, std::byte{0xCC});
    const auto refused = message.write(receiver, less);
    if (refused || refused.error().code != Errc::buffer_too_small) return "a buffer that is too small";
    if (refused.error().needed != written->head().size()) return "another size that is needed";
    return less == Bytes(less.size(), std::byte{0xCC}) ? "" : "written to a buffer that is too small";
}

} // namespace

TEST_CASE("outgoing: a message as encoding it anew, for every form received and every receiver")
{
    packets = 0;
    std::vector<Received> forms = received_forms();
    const std::vector<Receiver> all = receivers();
    for (const Received& form : forms) {
        const Bytes shared = shared_bytes(form);
        const Publish original = Publish::decode(form.bytes, form.version).value();
        const Frame frame = read_frame(form.bytes).value();
        std::array<std::byte, 80> scratch{};
        const auto message = OutgoingMessage::prepare(frame, form.version, scratch, form.topic);
        REQUIRE(message);
        Publish own = original;
        if (own.topic.empty()) own.topic = form.topic;
        std::array<std::byte, 128> own_scratch{};
        const auto made = OutgoingMessage::prepare(own, form.version, own_scratch);
        REQUIRE(made);
        // The same in ascending order of identifiers, as encode writes it.
        Bytes canonical;
        {
            Publish shared_only{.topic = "t", .properties = own.properties};
            shared_only.properties.message_expiry_interval.reset();
            shared_only.properties.topic_alias.reset();
            shared_only.properties.subscription_identifier = {};
            std::array<std::byte, 128> room{};
            const auto bytes_of_it = shared_only.encode(room, Version::v5).value();
            canonical.assign(bytes_of_it.begin() + 6, bytes_of_it.end());
        }
        for (const Receiver& receiver : all) {
            const std::string first = fault_of(*message, original, form.topic, receiver, shared);
            if (!first.empty()) FAIL(first << " of " << hex(form.bytes));
            const std::string second = fault_of(*made, original, form.topic, receiver, canonical);
            if (!second.empty()) FAIL(second << " of one's own " << hex(form.bytes));
        }
    }
    CHECK(packets > 50'000);
}

TEST_CASE("outgoing: the bytes of some packets")
{
    const Received form = received({user_b, expiry, user_a}, 0x32, "31 32");
    const auto message = OutgoingMessage::prepare(read_frame(form.bytes).value(), Version::v5);
    REQUIRE(message);
    std::array<std::byte, 64> buffer{};
    const std::array<std::uint32_t, 1> one{128};
    Receiver receiver{.version = Version::v5, .qos = QoS::at_least_once, .packet_id = 0x1234};
    receiver.topic_alias = 2;
    receiver.message_expiry_interval = 10;
    receiver.subscription_identifier = one;
    const auto packet_5 = message->write(receiver, buffer);
    REQUIRE(packet_5);
    CHECK(hex(joined(*packet_5))
        == hex(bytes("32 22 00 03 61 2F 62 12 34 18 02 00 00 00 0A 0B 80 01 23 00 02") + bytes(user_b) + bytes(user_a)
            + bytes("31 32")));
    // Where they lie.
    REQUIRE(packet_5->spans().size() == 3);
    CHECK(packet_5->spans()[1].data() == form.bytes.data() + 10);
    CHECK(packet_5->spans()[2].data() == form.bytes.data() + 21);
    CHECK(packet_5->spans()[2].size() == 9);

    const auto packet_3 = message->write({.version = Version::v3_1_1}, buffer);
    REQUIRE(packet_3);
    CHECK(hex(joined(*packet_3)) == hex(bytes("30 07 00 03 61 2F 62 31 32")));
    CHECK(packet_3->losses() == 3);
    std::vector<Loss> losses;
    message->losses({.version = Version::v3_1_1}, [&](const Loss& loss) { losses.push_back(loss); });
    REQUIRE(losses.size() == 3);
    CHECK(losses[0].field == field(PropertyId::message_expiry_interval));
    CHECK(losses[2].index == 1);

    receiver.with_topic = false;
    const auto by_alias = message->write(receiver, buffer);
    REQUIRE(by_alias);
    CHECK(hex(by_alias->head()) == hex(bytes("32 1F 00 00 12 34 18 02 00 00 00 0A 0B 80 01 23 00 02")));
}

TEST_CASE("outgoing: what cannot be prepared")
{
    const auto error_of = [](const Received& form, std::size_t scratch_size, std::string_view topic = "") {
        Bytes scratch(scratch_size);
        const auto message = OutgoingMessage::prepare(read_frame(form.bytes).value(), form.version, scratch, topic);
        return message ? Error{} : message.error();
    };
    CHECK(error_of({Version::v5, packet(0x30, prefixed("a+") + byte(0))}, 0).code == Errc::topic_name_wildcard);
    CHECK(error_of({Version::v5, bytes("C0 00")}, 0).code == Errc::unexpected_packet_type);
    CHECK(error_of(received({alias}, 0x30, "31", ""), 0).code == Errc::topic_alias_not_set);
    CHECK(error_of(received({alias}, 0x30, "31", ""), 0, "a#").code == Errc::topic_name_wildcard);
    CHECK(error_of(received({alias}, 0x30, "31", ""), 0, "a").code == Errc::none);
    // Four stretches, of which no more than three go without being put together.
    const Received scattered =
        received({user_a, identifier, user_a, identifier, user_a, identifier, user_b, expiry}, 0x30, "31");
    CHECK(error_of(scattered, 26).code == Errc::buffer_too_small);
    CHECK(error_of(scattered, 26).needed == 27);
    CHECK(error_of(scattered, 27).code == Errc::none);
    const Received three = received({user_a, identifier, user_a, identifier, user_b}, 0x30, "31");
    CHECK(error_of(three, 0).code == Errc::none);

    std::array<std::byte, 5> little{};
    const std::array<UserProperty, 1> users{UserProperty{"a", "b"}};
    const Publish own{.topic = "a", .properties = {.user_property = List<UserProperty>(users.data(), 1)}};
    const auto refused = OutgoingMessage::prepare(own, Version::v5, little);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == Errc::buffer_too_small);
    CHECK(OutgoingMessage::prepare(own, Version::v3_1_1).error().code == Errc::not_in_version);
    CHECK(OutgoingMessage::prepare({.topic = "a#"}, Version::v5).error().code == Errc::topic_name_wildcard);
    CHECK(OutgoingMessage::prepare({.payload = "x", .properties = {.topic_alias = 1}}, Version::v5).error().code
        == Errc::topic_alias_not_set);
    CHECK(OutgoingMessage::prepare(
              {.payload = "x", .properties = {.response_topic = "a#", .topic_alias = 1}}, Version::v5)
              .error()
              .code
        == Errc::topic_name_wildcard); // in encoding, what is wrong with a property comes first
    CHECK(OutgoingMessage::prepare({.payload = "x"}, Version::v5).error().code == Errc::topic_missing_without_alias);
    CHECK(OutgoingMessage::prepare({.topic = "a"}, static_cast<Version>(9)).error().code == Errc::version_unknown);
    const auto text =
        OutgoingMessage::prepare({.topic = "a", .payload = "\xFF", .properties = {.payload_format_indicator = 1}},
            Version::v5, {}, Leniency::check_payload_format);
    REQUIRE_FALSE(text);
    CHECK(text.error().code == Errc::payload_not_utf8);
}

TEST_CASE("outgoing: a receiver's limits are kept or the packet is refused")
{
    const Received form = received({user_a}, 0x30, "31 32 33");
    const auto message = OutgoingMessage::prepare(read_frame(form.bytes).value(), Version::v5);
    REQUIRE(message);
    for (const Version version : versions) {
        Limits limits;
        Receiver receiver{.version = version, .limits = &limits};
        std::array<std::byte, 64> buffer{};
        const std::uint32_t size = message->write(receiver, buffer).value().size();
        for (std::uint32_t maximum = 2; maximum <= size + 1; ++maximum) {
            limits.maximum_packet_size = maximum;
            buffer.fill(std::byte{0xCC});
            const auto packet = message->write(receiver, buffer);
            REQUIRE(packet.has_value() == (maximum >= size));
            if (packet) continue;
            CHECK(packet.error().code == Errc::publish_above_maximum_size);
            CHECK(packet.error().needed == size);
            CHECK(std::ranges::count(buffer, std::byte{0xCC}) == 64);
        }
    }
    Limits limits;
    limits.maximum_qos = QoS::at_most_once;
    limits.retain_available = false;
    limits.topic_alias_maximum = 4;
    std::array<std::byte, 64> buffer{};
    Receiver receiver{.version = Version::v5, .limits = &limits};
    receiver.topic_alias = 5;
    CHECK(message->write(receiver, buffer).error().code == Errc::topic_alias_above_maximum);
    receiver.topic_alias = 4;
    CHECK(message->write(receiver, buffer).has_value());
    receiver.retain = true;
    CHECK(message->write(receiver, buffer).error().code == Errc::retain_not_available);
    receiver.retain = false;
    receiver.qos = QoS::at_least_once;
    receiver.packet_id = 1;
    CHECK(message->write(receiver, buffer).error().code == Errc::qos_above_maximum);
}

TEST_CASE("outgoing: what a session has set goes back into the receiver")
{
    const std::array payload{std::byte{0x31}};
    const auto message = OutgoingMessage::prepare(Publish{.topic = "t", .payload = payload}, Version::v5);
    REQUIRE(message);
    Receiver receiver{.version = Version::v5, .retain = true};
    std::array<std::byte, 64> buffer{};
    const auto written = [&] {
        std::string text;
        const auto packet = message->write(receiver, buffer);
        REQUIRE(packet);
        for (const auto span : packet->spans()) text += hex(span) + ' ';
        return text;
    };
    Publish publish = message->publish_for(receiver);
    publish.packet_id = 0x0102;
    publish.qos = QoS::exactly_once;
    publish.dup = true;
    publish.topic = {};
    publish.properties.topic_alias = 5;
    receiver.set(publish);
    CHECK(written() == "3D 09 00 00 01 02 03 23 00 05 31 ");
    receiver.set(message->publish_for(Receiver{.version = Version::v5}));
    CHECK(written() == "31 05 00 01 74 00 31 ");
}

TEST_CASE("outgoing: what goes wrong with one receiver")
{
    const Received form = received({}, 0x30, "31");
    const auto message = OutgoingMessage::prepare(read_frame(form.bytes).value(), Version::v5);
    REQUIRE(message);
    std::array<std::byte, 64> buffer{};
    const std::array<std::uint32_t, 2> zero{1, 0};
    const std::array<std::uint32_t, 1> large{max_varint + 1};
    for (const std::span<const std::uint32_t> wrong :
        {std::span<const std::uint32_t>(zero), std::span<const std::uint32_t>(large)}) {
        Receiver receiver{.version = Version::v5};
        receiver.subscription_identifier = wrong;
        CHECK(message->write(receiver, buffer).error()
            == Error{.code = Errc::property_value_out_of_range,
                .field = field(PropertyId::subscription_identifier),
                .packet = PacketType::publish,
                .element = static_cast<std::uint32_t>(wrong.size() - 1)});
    }
    for (const unsigned level : {0U, 2U, 6U, 255U}) {
        const auto version = static_cast<Version>(level);
        const Error expected = Publish{.topic = "a/b", .payload = "1"}.encoded_size(version).error();
        CHECK(expected.code == Errc::version_unknown);
        CHECK(message->write({.version = version}, buffer).error() == expected);
        Bytes packet = form.bytes;
        CHECK(patch(packet, {.retain = true}, version) == expected);
        CHECK(packet == form.bytes);
    }
    // A topic of 32,768 characters is none in 3.1.
    const std::string topic(32'768, 'a');
    const auto long_topic = OutgoingMessage::prepare({.topic = topic}, Version::v5);
    REQUIRE(long_topic);
    Bytes large_buffer(40'000);
    CHECK(long_topic->write({.version = Version::v3_1}, large_buffer).error().code == Errc::topic_name_too_long);
    CHECK(long_topic->write({.version = Version::v3_1_1}, large_buffer).has_value());
    // The payload of the largest packet leaves no room for a packet identifier.
    const Bytes payload(max_varint - 3);
    const Publish largest{.topic = "a", .payload = Binary(payload.data(), payload.size())};
    const auto huge = OutgoingMessage::prepare(largest, Version::v3_1_1);
    REQUIRE(huge);
    CHECK(huge->write({}, buffer).value().size() == max_packet_size);
    CHECK(huge->write({.qos = QoS::at_least_once, .packet_id = 1}, buffer).error().code == Errc::packet_too_large);
    CHECK(huge->write({.version = Version::v5}, buffer).error().code == Errc::packet_too_large);
}

TEST_CASE("outgoing: every PUBLISH of the vectors goes on to every version")
{
    std::size_t count = 0;
    std::array<std::byte, 70'000> buffer{};
    Bytes scratch(70'000);
    for (const test::Vector* const vector : test::vectors_where(test::is_valid_packet)) {
        if (static_cast<unsigned>(vector->bytes[0]) >> 4U != 3) continue;
        const auto original = Publish::decode(vector->bytes, *vector->version, vector->leniency, vector->role);
        if (!original) continue;
        const auto message = OutgoingMessage::prepare(
            read_frame(vector->bytes).value(), *vector->version, scratch, "resolved", vector->leniency, vector->role);
        INFO(vector->id);
        REQUIRE(message);
        for (const Version version : versions) {
            const Receiver receiver{.version = version, .qos = QoS::exactly_once, .packet_id = 77};
            const auto packet = message->write(receiver, buffer);
            Publish expected = expected_for(*original, "resolved", receiver);
            if (version != Version::v5) expected.properties = {};
            if (!packet) { // a topic that is too long for 3.1
                CHECK(packet.error() == expected.encoded_size(version).error());
                continue;
            }
            const Bytes all = joined(*packet);
            const auto again = Publish::decode(all, version);
            REQUIRE(again);
            CHECK(*again == expected);
            ++count;
        }
    }
    CHECK(count > 100);
}

TEST_CASE("outgoing: topics and payloads of all sizes")
{
    const Bytes payload(2'100'000, std::byte{'p'});
    std::array<std::byte, 400> buffer{};
    Bytes anew(payload.size() + 400);
    for (const std::size_t payload_size :
        {0U, 30U, 121U, 127U, 128U, 16'000U, 16'383U, 16'384U, 2'097'000U, 2'100'000U}) {
        std::string topic;
        for (std::size_t size = 1; size <= 130; ++size) {
            topic += static_cast<char>('a' + size % 26);
            if (payload_size > 16'384 && size % 16 > 1) continue;
            const Publish own{.topic = topic, .payload = Binary(payload.data(), payload_size)};
            const auto message = OutgoingMessage::prepare(own, Version::v5);
            REQUIRE(message);
            for (const Version version : versions)
                for (const std::uint16_t id : std::array<std::uint16_t, 2>{0, 513})
                    for (std::size_t identifiers = 0; identifiers <= ids.size(); ++identifiers) {
                        Receiver receiver{.version = version, .packet_id = id};
                        if (id != 0) receiver.qos = QoS::exactly_once;
                        receiver.subscription_identifier = std::span(ids).first(identifiers);
                        const auto expected = message->publish_for(receiver).encode(anew, version).value();
                        const auto head = message->write_head(receiver, buffer).value();
                        if (!std::ranges::equal(head, expected.first(expected.size() - payload_size)))
                            FAIL("another head: " << hex(head));
                    }
        }
    }
}

TEST_CASE("outgoing: ten thousand receivers of 16 KB hold at most 1 MB")
{
    const Bytes payload(16'384, std::byte{'p'});
    const std::string topic = "buildings/north/floors/3/rooms/12/sensors/temperature";
    const Bytes block = bytes(expiry) + bytes(content_type) + bytes(user_a) + bytes(user_b);
    const Bytes frame =
        packet(0x32, prefixed(topic) + two(9) + varint(static_cast<std::uint32_t>(block.size())) + block + payload);
    const auto message = OutgoingMessage::prepare(read_frame(frame).value(), Version::v5);
    REQUIRE(message);
    struct Held {
        std::array<std::byte, 96> head;
        std::uint8_t size;
    };
    std::vector<Held> all(10'000);
    CHECK(frame.size() + sizeof(*message) + all.size() * sizeof(Held) <= 1'000'000);

    const std::array<std::uint32_t, 1> largest{max_varint};
    const auto receiver_of = [&](std::size_t i) {
        Receiver receiver{.version = versions[i % 3], .qos = static_cast<QoS>(i / 3 % 3)};
        if (receiver.qos != QoS::at_most_once) receiver.packet_id = static_cast<std::uint16_t>(i + 1);
        receiver.retain = i % 7 == 0;
        receiver.topic_alias = static_cast<std::uint16_t>(receiver.version == Version::v5 ? i : 0);
        if (receiver.version == Version::v5) receiver.subscription_identifier = largest;
        return receiver;
    };
    for (std::size_t i = 0; i < all.size(); ++i) {
        const auto head = message->write_head(receiver_of(i), all[i].head);
        REQUIRE(head);
        all[i].size = static_cast<std::uint8_t>(head->size());
    }
    for (std::size_t i = 0; i < all.size(); i += 7) { // what is held is all that it takes to send a packet
        const Receiver receiver = receiver_of(i);
        Bytes sent(all[i].head.begin(), all[i].head.begin() + all[i].size);
        for (const std::span<const std::byte> slice : message->rest(receiver.version)) {
            const bool is_in_frame =
                slice.data() >= frame.data() && slice.data() + slice.size() <= frame.data() + frame.size();
            if (!is_in_frame) FAIL("a copy of the message");
            sent = std::move(sent) + slice;
        }
        const auto decoded = Publish::decode(sent, receiver.version);
        if (!decoded || *decoded != message->publish_for(receiver)) FAIL("another message: " << i);
    }
}

TEST_CASE("outgoing: an encoded PUBLISH is changed in place as if it were encoded anew")
{
    for (const Version version : versions) {
        for (const QoS qos : {QoS::at_most_once, QoS::at_least_once, QoS::exactly_once}) {
            Publish publish{.topic = "a/b", .payload = "123", .qos = qos};
            if (qos != QoS::at_most_once) publish.packet_id = 7;
            std::array<std::byte, 64> buffer{};
            const auto bytes_of_it = publish.encode(buffer, version).value();
            for (const std::optional<std::uint16_t> id :
                {std::optional<std::uint16_t>{}, std::optional<std::uint16_t>{0}, std::optional<std::uint16_t>{513}})
                for (const std::optional<bool> dup : {std::optional<bool>{}, std::optional{false}, std::optional{true}})
                    for (const bool retain : {false, true}) {
                        Bytes packet(bytes_of_it.begin(), bytes_of_it.end());
                        const Bytes before = packet;
                        Publish anew = publish;
                        if (id) anew.packet_id = *id;
                        if (dup) anew.dup = *dup;
                        anew.retain = retain;
                        std::array<std::byte, 64> other{};
                        const auto expected = anew.encode(other, version);
                        const Error error = patch(packet, {.packet_id = id, .dup = dup, .retain = retain}, version);
                        if (!expected) {
                            CHECK(error == expected.error());
                            CHECK(packet == before);
                            continue;
                        }
                        CHECK(error == Error{});
                        CHECK(hex(packet) == hex(*expected));
                    }
        }
    }
    Bytes head = bytes("32 0A 00 03 61 2F 62 00 07");
    CHECK(patch(head, {.packet_id = 0x0102, .dup = true}, Version::v3_1_1) == Error{});
    CHECK(hex(head) == hex(bytes("3A 0A 00 03 61 2F 62 01 02")));
    for (std::size_t size = 0; size < head.size(); ++size) {
        const Bytes before = head;
        const Error error = patch(std::span(head).first(size), {.packet_id = 1, .retain = true}, Version::v5);
        CHECK(error.code == Errc::incomplete);
        CHECK(error.needed == (size < 2 ? 2 : 12)); // as read_frame says
        CHECK(head == before);
    }
    Bytes ping = bytes("C0 00");
    CHECK(patch(ping, {.dup = true}, Version::v5).code == Errc::unexpected_packet_type);
    // More bytes would be of no use.
    const auto broken = [](std::string_view packet) {
        Bytes changed = bytes(packet);
        const Error error = patch(changed, {.packet_id = 1}, Version::v5);
        CHECK(changed == bytes(packet));
        CHECK(error.packet == PacketType::publish);
        return std::pair(error.code, error.field);
    };
    CHECK(broken("32 FF FF FF FF 01") == std::pair(Errc::remaining_length_too_long, Field::remaining_length));
    for (const char* packet : {"32 00", "32 01 00", "32 01 00 03"})
        CHECK(broken(packet) == std::pair(Errc::field_past_end, Field::topic));
    for (const char* packet : {"32 04 00 03 61 2F", "32 04 00 03 61 2F 62 01 02", "32 04 00 09 61 62"})
        CHECK(broken(packet) == std::pair(Errc::field_past_end, Field::topic));
    for (const char* packet : {"32 05 00 03 61 2F 62", "32 06 00 03 61 2F 62 01 02"})
        CHECK(broken(packet) == std::pair(Errc::field_past_end, Field::packet_id));
}

static_assert([] {
    constexpr std::array frame{
        std::byte{0x30}, std::byte{5}, std::byte{0}, std::byte{1}, std::byte{'a'}, std::byte{0}, std::byte{'b'}};
    std::array<std::byte, 32> buffer{};
    const auto message = OutgoingMessage::prepare(*read_frame(frame), Version::v5);
    const auto packet = message->write({.version = Version::v5, .qos = QoS::at_least_once, .packet_id = 3}, buffer);
    return packet->size() == 9 && packet->head().size() == 8 && packet->spans().size() == 2;
}());
static_assert([] { // with what is the receiver's own
    constexpr std::array text{std::byte{'h'}, std::byte{'i'}};
    const Publish publish{.topic = "a",
        .payload = text,
        .properties = {.message_expiry_interval = 3, .content_type = "x", .topic_alias = 3}};
    std::array<std::byte, 64> bytes{};
    std::array<std::byte, 64> scratch{};
    std::array<std::byte, 64> head{};
    const auto received = OutgoingMessage::prepare(*read_frame(*publish.encode(bytes, Version::v5)), Version::v5);
    const auto own = OutgoingMessage::prepare(publish, Version::v5, scratch);
    const Receiver as_3{.version = Version::v3_1_1};
    const Receiver as_5{.version = Version::v5, .topic_alias = 7};
    return received->write(as_3, head)->losses() == 2 && own->write(as_5, head)->size() == 20
        && received->write(as_5, head)->size() == 20;
}());

TEST_CASE("outgoing: a message that was not prepared has no topic")
{
    std::array<std::byte, 64> buffer{};
    for (const Version version : {Version::v3_1, Version::v3_1_1, Version::v5}) {
        const auto head = OutgoingMessage().write_head({.version = version}, buffer);
        REQUIRE_FALSE(head);
        CHECK(head.error().code == Errc::topic_missing_without_alias);
    }
}

TEST_CASE("outgoing: an expiry that stands behind the payload's format is told to each receiver anew")
{
    const Bytes frame = bytes("30 0D 00 01 74 07 01 01 02 00 00 00 09 68 69");
    const auto message = OutgoingMessage::prepare(read_frame(frame).value(), Version::v5);
    REQUIRE(message);
    CHECK(message->publish().properties.message_expiry_interval == 9U);
    std::array<std::byte, 64> buffer{};
    Receiver receiver{.version = Version::v5};
    receiver.message_expiry_interval = 5;
    const auto packet = message->write(receiver, buffer);
    REQUIRE(packet);
    Bytes sent;
    for (const std::span<const std::byte> span : packet->spans()) sent.insert(sent.end(), span.begin(), span.end());
    const auto publish = Publish::decode<Version::v5>(sent);
    REQUIRE(publish);
    CHECK(publish->properties.message_expiry_interval == 5U);
    CHECK(publish->properties.payload_format_indicator == 1U);
    CHECK(publish->payload == "hi");
    CHECK(sent.size() == frame.size());
}
