// Does a message that is prepared once go to every receiver as if it were encoded anew for it?
//
// Input: how to read (see support/reading.hpp; an unknown version is 5.0), the receiver, a patch, what an
// alias stands for, a flag: a message of one's own or a received one; then the values of its members, or its packet.
#include "support/bytes.hpp"
#include "support/input.hpp"
#include "support/packet_maker.hpp"
#include "support/reading.hpp"
#include "support/require.hpp"
#include "support/target.hpp"

#include <mqttwire/mqttwire.hpp>
#include <mqttwire/outgoing.hpp>
#include <mqttwire/patch.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace mqttwire::fuzz::outgoing_target {

namespace {

/// A receiver and what it points to.
struct Taken {
    Receiver receiver;
    Limits limits;
    std::vector<std::uint32_t> identifiers;
    PublishPatch patch; ///< and what is to become of the packet when it is sent again
};

void take_receiver(Input& input, Taken& taken)
{
    constexpr std::array versions{Version::v3_1, Version::v3_1_1, Version::v5, static_cast<Version>(6)};
    Receiver& receiver = taken.receiver;
    receiver.version = versions[input.below(versions.size())];
    const unsigned bits = input.byte();
    receiver.qos = static_cast<QoS>(bits & 3U);
    receiver.dup = (bits & 4U) != 0;
    receiver.retain = (bits & 8U) != 0;
    receiver.with_topic = (bits & 16U) == 0;
    receiver.packet_id = input.two_bytes();
    if ((bits & 32U) != 0) receiver.topic_alias = input.two_bytes();
    if ((bits & 64U) != 0) receiver.message_expiry_interval = input.four_bytes();
    for (std::size_t count = input.below(4); count != 0; --count)
        taken.identifiers.push_back(input.four_bytes() >> input.below(32));
    receiver.subscription_identifier = taken.identifiers;
    if ((bits & 128U) == 0) return;
    taken.limits.maximum_packet_size = input.two_bytes();
    taken.limits.topic_alias_maximum = input.byte();
    taken.limits.maximum_qos = static_cast<QoS>(input.below(3));
    taken.limits.retain_available = input.flag();
    receiver.limits = &taken.limits;
}

void take_patch(Input& input, PublishPatch& patch)
{
    const unsigned bits = input.byte();
    if ((bits & 1U) != 0) patch.packet_id = input.two_bytes();
    if ((bits & 2U) != 0) patch.dup = (bits & 4U) != 0;
    if ((bits & 8U) != 0) patch.retain = (bits & 16U) != 0;
}

std::uint32_t values(const PublishProperties& properties)
{
    const auto one = [](const auto& member) { return member ? std::size_t{1} : std::size_t{0}; };
    return static_cast<std::uint32_t>(one(properties.payload_format_indicator) + one(properties.message_expiry_interval)
        + one(properties.content_type) + one(properties.response_topic) + one(properties.correlation_data)
        + one(properties.topic_alias) + properties.subscription_identifier.size() + properties.user_property.size());
}

/// The message of a receiver, member by member.
Publish expected_for(const Publish& message, const Receiver& receiver)
{
    const PublishProperties& shared = message.properties;
    Publish publish{.payload = message.payload,
        .qos = receiver.qos,
        .retain = receiver.retain,
        .dup = receiver.dup,
        .packet_id = receiver.packet_id};
    if (receiver.with_topic) publish.topic = message.topic;
    PublishProperties& properties = publish.properties;
    properties.payload_format_indicator = shared.payload_format_indicator;
    properties.message_expiry_interval =
        receiver.message_expiry_interval ? receiver.message_expiry_interval : shared.message_expiry_interval;
    properties.content_type = shared.content_type;
    properties.response_topic = shared.response_topic;
    properties.correlation_data = shared.correlation_data;
    properties.user_property = shared.user_property;
    const auto& identifiers = receiver.subscription_identifier;
    properties.subscription_identifier = List<std::uint32_t>(identifiers.data(), identifiers.size());
    if (receiver.topic_alias != 0) properties.topic_alias = receiver.topic_alias;
    return publish;
}

Bytes joined(const OutgoingPacket& packet)
{
    Bytes all(packet.size());
    std::span<std::byte> to = all.span();
    for (const std::span<const std::byte> span : packet.spans()) {
        require(!span.empty() && span.size() <= to.size(), "no piece is empty, and the size is that of all");
        std::ranges::copy(span, to.begin());
        to = to.subspan(span.size());
    }
    require(to.empty(), "the size is that of all pieces");
    return all;
}

Result<std::span<std::byte>> encode_anew(const Publish& publish, const Receiver& receiver, std::span<std::byte> buffer)
{
    if (receiver.limits == nullptr) return publish.encode(buffer, receiver.version);
    Dropped dropped;
    const auto bytes = encode_within(publish, buffer, *receiver.limits, dropped, receiver.version);
    require(!dropped.any(), "nothing is left out of a PUBLISH");
    return bytes;
}

void check_written(const OutgoingMessage& message, const Receiver& receiver, const OutgoingPacket& packet,
    const Publish& expected, std::span<const std::byte> anew)
{
    require(packet.spans().size() <= OutgoingPacket::most_spans, "there are four pieces at most");
    const Bytes all = joined(packet);
    require(all.size() == anew.size(), "a packet is as long as one that is encoded anew");
    const auto again = Publish::decode(all, receiver.version);
    require(again && *again == expected, "a packet says what one says that is encoded anew");
    require(receiver.limits == nullptr || packet.size() <= receiver.limits->maximum_packet_size,
        "no packet is above its limit");

    Bytes head(packet.head().size());
    const auto in_two_steps = message.write_head(receiver, head.span());
    require(in_two_steps && same_bytes(*in_two_steps, packet.head()), "the exact room is room enough");
    Bytes less(packet.head().size() - 1);
    const auto refused = message.write_head(receiver, less.span());
    require(!refused && refused.error().code == Errc::buffer_too_small && refused.error().needed == head.size(),
        "a buffer one byte too small is refused");
    require(untouched(less), "nothing is written to a buffer that is too small");
    const auto behind = [](std::span<const std::byte> one, std::span<const std::byte> other) {
        return one.data() == other.data() && one.size() == other.size();
    };
    require(std::ranges::equal(message.rest(receiver.version), packet.spans().subspan(1), behind),
        "the rest is what stands behind the head");
}

/// Changing what was written gives what is encoded with the change.
void check_patched(const Bytes& packet, const PublishPatch& change, Version version)
{
    const Bytes before(packet.span());
    Publish publish = Publish::decode(before, version).value();
    publish.packet_id = change.packet_id.value_or(publish.packet_id);
    publish.dup = change.dup.value_or(publish.dup);
    publish.retain = change.retain.value_or(publish.retain);
    const Error fault = patch(packet.span(), change, version);
    const auto size = publish.encoded_size(version);
    require((fault.code == Errc::none) == size.has_value(), "what cannot be encoded cannot be patched");
    if (!size) {
        require(fault == size.error() && same_bytes(packet, before), "a patch that is refused changes nothing");
        return;
    }
    const auto again = Publish::decode(packet, version);
    require(again && *again == publish, "a patched packet says what is encoded with the change");
}

void check_message(const OutgoingMessage& message, const Publish& original, const Taken& taken)
{
    const Receiver& receiver = taken.receiver;
    const Publish expected_5 = expected_for(original, receiver);
    Publish expected = expected_5;
    if (receiver.version != Version::v5) expected.properties = {};
    require(message.publish_for(receiver) == expected, "the Publish of a receiver has what is its own");

    const auto size = expected.encoded_size(receiver.version);
    const Bytes anew(size ? *size : 64);
    const auto encoded = encode_anew(expected, receiver, anew.span());
    Bytes buffer(anew.size());
    const auto packet = message.write(receiver, buffer.span());
    require(packet.has_value() == encoded.has_value(), "what can be encoded can be written, and nothing else");
    if (!packet) {
        require(receiver.limits != nullptr || packet.error() == encoded.error(), "it is refused for the same reason");
        require(untouched(buffer), "nothing of a packet that is refused is written");
        return;
    }
    check_written(message, receiver, *packet, expected, *encoded);
    const std::uint32_t lost = receiver.version == Version::v5 ? 0 : values(expected_5.properties);
    std::uint32_t told = 0;
    message.losses(receiver, [&told](const Loss&) { ++told; });
    require(packet->losses() == lost && told == lost, "every loss is told");
    check_patched(joined(*packet), taken.patch, receiver.version);
}

/// The error that preparing has where encoding has this one: an alias alone is a topic, of which nothing was said.
Error in_preparing(Error error, const Publish& publish)
{
    if (error.code == Errc::topic_missing_without_alias && publish.properties.topic_alias)
        error.code = Errc::topic_alias_not_set;
    return error;
}

/// A message as it came: what decode finds, with the topic that an alias stands for.
void check_received(const Reading& reading, const Taken& taken, const Text& topic, const Bytes& packet)
{
    const Version version = reading.version.value_or(Version::v5);
    const auto frame = read_frame(packet);
    if (!frame) return;
    const Bytes scratch(packet.size());
    const auto message =
        OutgoingMessage::prepare(*frame, version, scratch.span(), topic, reading.leniency, reading.role);
    auto original = Publish::decode(frame->bytes(), version, reading.leniency, reading.role);
    if (!original) {
        require(!message && message.error() == original.error(), "what decode refuses cannot be prepared");
        return;
    }
    if (original->topic.empty()) {
        original->topic = topic;
        const auto size = Publish{.topic = topic}.encoded_size(Version::v5, reading.leniency);
        require(message.has_value() == size.has_value(), "an alias stands for a topic name");
        require(
            message || message.error() == in_preparing(size.error(), *original), "an alias stands for a topic name");
    } else {
        require(message.has_value(), "what decode takes can be prepared");
    }
    if (!message) return;
    require(message->publish() == *original, "a message is what decode finds");
    check_message(*message, *original, taken);

    const auto without_scratch = OutgoingMessage::prepare(*frame, version, {}, topic, reading.leniency, reading.role);
    if (!without_scratch) {
        const Error error = without_scratch.error();
        require(error.code == Errc::buffer_too_small, "without scratch there may be too little memory");
        const Bytes exact(error.needed);
        const auto again =
            OutgoingMessage::prepare(*frame, version, exact.span(), topic, reading.leniency, reading.role);
        require(again.has_value(), "the scratch that was asked for is enough");
    }
}

/// A message of one's own.
void check_own(const Reading& reading, const Taken& taken, Input& input)
{
    const Version version = reading.version.value_or(Version::v5);
    PacketMaker maker(input, version);
    Publish own;
    test::walk_packet(maker, own);
    Publish shared{.topic = own.topic, .payload = own.payload, .properties = own.properties};
    shared.properties.topic_alias.reset();
    shared.properties.subscription_identifier = {};
    const auto size = shared.encoded_size(version, reading.leniency);
    const Bytes scratch(size ? *size : 64);
    const auto message = OutgoingMessage::prepare(own, version, scratch.span(), reading.leniency);
    require(message.has_value() == size.has_value(), "what cannot be encoded cannot be prepared");
    if (message) check_message(*message, own, taken);
    else require(message.error() == in_preparing(size.error(), own), "it is refused for the same reason");
}

void check(Input input)
{
    const Reading reading = take_reading(input);
    Taken taken;
    take_receiver(input, taken);
    take_patch(input, taken.patch);
    const auto topic = input.take(input.below(16));
    if (input.flag()) {
        check_own(reading, taken, input);
        return;
    }
    check_received(reading, taken, Text(topic.data(), topic.size()), take_packet(reading, input));
}

} // namespace

} // namespace mqttwire::fuzz::outgoing_target

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    mqttwire::fuzz::outgoing_target::check({data, size});
    return 0;
}
