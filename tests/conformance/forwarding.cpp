// What a message keeps, and what it loses, on its way to its receivers; and a payload that comes in pieces.
#include "conformance/rules.hpp"
#include "unit/outgoing/bytes.hpp"

#include "mqttwire/outgoing.hpp"
#include "mqttwire/stream.hpp"

using namespace conformance;
using namespace check::property;

namespace {

/// A PUBLISH with DUP and QoS 1, as it came from its sender: properties in an order of their own, with those of the
/// sender's connection between them.
Bytes received()
{
    const Bytes block = bytes(user_b) + bytes(content_type) + bytes(alias) + bytes(format) + bytes(correlation)
        + bytes(expiry) + bytes(response) + bytes(user_a);
    return packet(0x3A,
        prefixed("a/b") + bytes("00 07") + varint(static_cast<std::uint32_t>(block.size())) + block + bytes("68 69"));
}

Bytes forwarded(const Receiver& receiver)
{
    const Bytes frame = received();
    Bytes scratch(64);
    const auto message = OutgoingMessage::prepare(read_frame(frame).value(), Version::v5, scratch);
    REQUIRE(message);
    std::array<std::byte, 64> head{};
    const auto outgoing = message->write(receiver, head);
    REQUIRE(outgoing);
    return joined(*outgoing);
}

} // namespace

TEST_CASE("what belongs to a message goes on unaltered and in its order",
    "[5.0:MQTT-3.3.2-4][5.0:MQTT-3.3.2-15][5.0:MQTT-3.3.2-16][5.0:MQTT-3.3.2-17][5.0:MQTT-3.3.2-18]"
    "[5.0:MQTT-3.3.2-20]")
{
    const Bytes frame = received();
    const Publish sent = std::get<Publish>(good(frame, Version::v5));
    const Bytes wire = forwarded({.version = Version::v5, .qos = QoS::exactly_once, .packet_id = 300});
    const Publish read = std::get<Publish>(good(wire, Version::v5));
    CHECK(read.topic == "a/b");
    CHECK(read.payload == "hi");
    CHECK(read.properties.payload_format_indicator == std::uint8_t{1});
    CHECK(read.properties.response_topic == Text("r/s"));
    CHECK(read.properties.correlation_data == sent.properties.correlation_data);
    CHECK(read.properties.content_type == Text("t"));
    CHECK(read.properties.user_property == sent.properties.user_property);
    const Bytes shared = bytes(user_b) + bytes(content_type) + bytes(format) + bytes(correlation) + bytes(response)
        + bytes(user_a) + bytes("68 69");
    CHECK(hex(std::span(wire).last(shared.size())) == hex(shared));
}

TEST_CASE("the Topic Alias of a sender goes no further", "[5.0:MQTT-3.3.2-7]")
{
    const Bytes without = forwarded({.version = Version::v5});
    CHECK_FALSE(std::get<Publish>(good(without, Version::v5)).properties.topic_alias);
    const Bytes with = forwarded({.version = Version::v5, .topic_alias = 9});
    CHECK(std::get<Publish>(good(with, Version::v5)).properties.topic_alias == std::uint16_t{9});
    // A topic that is known by its alias alone is told anew.
    const Bytes frame = bytes("30 07 00 00 03 23 00 05 78");
    const auto refused = OutgoingMessage::prepare(read_frame(frame).value(), Version::v5);
    CHECK(refused.error().code == Errc::topic_alias_not_set);
    const auto message = OutgoingMessage::prepare(read_frame(frame).value(), Version::v5, {}, "a/b");
    REQUIRE(message);
    std::array<std::byte, 64> head{};
    const auto written = message->write_head({.version = Version::v5}, head);
    REQUIRE(written);
    CHECK(hex(*written) == hex(bytes("30 07 00 03 61 2F 62 00")));
}

TEST_CASE("DUP of an outgoing PUBLISH is not that of the incoming one", "[3.1.1:MQTT-3.3.1-3][5.0:MQTT-3.3.1-3]")
{
    for (const Version version : numbered_versions)
        for (const bool dup : {false, true}) {
            const Bytes wire = forwarded({.version = version, .qos = QoS::at_least_once, .packet_id = 1, .dup = dup});
            CHECK(std::get<Publish>(good(wire, version)).dup == dup);
        }
}

TEST_CASE("the stream may be cut anywhere, also where payloads are handed on in pieces",
    "[3.1.1:MQTT-6.0.0-2][5.0:MQTT-6.0.0-2]")
{
    for (const Version version : numbered_versions) {
        const Bytes message =
            packet(0x32, prefixed("a/b") + bytes("00 07") + no_properties(version) + bytes("68 69 6A"));
        const Bytes stream = message + bytes("C0 00") + message + bytes("40 02 00 07");
        for (std::size_t piece = 1; piece <= stream.size(); ++piece) {
            std::array<std::byte, 16> storage{};
            StreamReader reader(storage);
            Bytes payloads;
            std::string events;
            for (std::size_t at = 0; at < stream.size(); at += piece) {
                auto chunk = std::span<const std::byte>(stream).subspan(at, std::min(piece, stream.size() - at));
                while (const StreamEvent event = reader.next(chunk, version)) {
                    if (event.frame) events += event.frame->type() == PacketType::pingreq ? 'p' : 'a';
                    if (event.head) events += event.head->topic == "a/b" && event.payload_size == 3 ? 'h' : '?';
                    payloads = std::move(payloads) + event.payload;
                    if (event.end) events += 'e';
                }
            }
            CHECK(events == "hephea");
            CHECK(hex(payloads) == hex(bytes("68 69 6A 68 69 6A")));
            CHECK(reader.at_boundary());
        }
    }
}
