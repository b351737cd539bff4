// outgoing: one message for many receivers, and messages that are sent again.
//
//   fixed header | topic name | packet id | property length | the receiver's own properties | shared properties |
//   payload
//   `------------------------------- the receiver's head --------------------------------'  `------ the message's
//   -----'
//
// What differs from one receiver to the next stands in a head that is written for it; the rest are slices of the
// message, which is never copied.
#pragma once

#include "mqttwire/bridge.hpp"
#include "mqttwire/config.hpp"
#include "mqttwire/error.hpp"
#include "mqttwire/field.hpp"
#include "mqttwire/frame.hpp"
#include "mqttwire/leniency.hpp"
#include "mqttwire/limits.hpp"
#include "mqttwire/packet_type.hpp"
#include "mqttwire/packets/publish.hpp"
#include "mqttwire/property_id.hpp"
#include "mqttwire/qos.hpp"
#include "mqttwire/result.hpp"
#include "mqttwire/stream.hpp"
#include "mqttwire/version.hpp"
#include "mqttwire/wire/bytes.hpp"
#include "mqttwire/wire/fixed_header.hpp"
#include "mqttwire/wire/list_reader.hpp"
#include "mqttwire/wire/quick_output.hpp"
#include "mqttwire/wire/rules.hpp"
#include "mqttwire/wire/string_check.hpp"
#include "mqttwire/wire/text.hpp"
#include "mqttwire/wire/varint.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <type_traits>

namespace mqttwire::inline MQTTWIRE_ABI {

/// How a message goes to one receiver. The properties are those of 5.0; to a receiver of 3.1.1 or 3.1 they are lost.
struct Receiver {
    Version version = Version::v3_1_1;
    QoS qos{}; ///< the lower one of the message's and the subscription's
    std::uint16_t packet_id{}; ///< 1 to 65,535 with QoS 1 and 2, 0 with QoS 0
    bool dup{};
    bool retain{}; ///< as published or not, as the subscription asks
    bool with_topic = true; ///< false: the topic is empty, for the receiver knows the alias already
    std::uint16_t topic_alias{}; ///< 0: none
    std::optional<std::uint32_t> message_expiry_interval{}; ///< seconds that are left; absent: as in the message
    std::span<const std::uint32_t> subscription_identifier{}; ///< of the subscriptions that match, in their order
    const Limits* limits = nullptr; ///< what the receiver takes, as far as that is to be kept
};

/// A packet for one receiver, in at most four pieces: the head, and slices of the message.
class OutgoingPacket {
public:
    static constexpr std::size_t most_spans = 4;

    constexpr OutgoingPacket() noexcept { wire::set_members_one_by_one(); }

    /// All pieces in their order, for writev; none is empty.
    [[nodiscard]] constexpr std::span<const std::span<const std::byte>> spans() const noexcept
    {
        return {spans_.data(), count_};
    }
    /// What was written into the caller's buffer.
    [[nodiscard]] constexpr std::span<const std::byte> head() const noexcept { return spans_[0]; }
    /// Bytes of the whole packet.
    [[nodiscard]] constexpr std::uint32_t size() const noexcept { return size_; }
    /// How many things the receiver's version cannot say: see OutgoingMessage::losses.
    [[nodiscard]] constexpr std::uint32_t losses() const noexcept { return losses_; }

private:
    friend class OutgoingMessage;

    std::array<std::span<const std::byte>, most_spans> spans_;
    std::uint32_t count_ = 0;
    std::uint32_t size_ = 0;
    std::uint32_t losses_ = 0;
};

namespace wire {

inline namespace MQTTWIRE_CODE {

/// True for the properties that a message has anew for each receiver.
constexpr bool is_of_receiver(PropertyId id) noexcept
{
    return id == PropertyId::message_expiry_interval || id == PropertyId::topic_alias
        || id == PropertyId::subscription_identifier;
}

/// The stretches of a property block that is known to be good, without the properties that are the receiver's; calls
/// `take` with each.
template <class Take>
constexpr void for_each_shared(std::span<const std::byte> block, Take take)
{
    const std::byte* const end = block.data() + block.size();
    const std::byte* begin = block.data();
    for (const std::byte* at = begin; at != end;) {
        const auto id = static_cast<PropertyId>(load_byte(at));
        const std::byte* const value = at + 1;
        const auto type = static_cast<PropertyType>(detail::property_types[load_byte(at)]);
        const std::byte* const next = value + property_value_size(type, value, end);
        if (is_of_receiver(id)) {
            if (at != begin) take(std::span(begin, at));
            begin = next;
        }
        at = next;
    }
    if (begin != end) take(std::span(begin, end));
}

} // namespace MQTTWIRE_CODE

} // namespace wire

/// A message that is prepared once, and written for any number of receivers. It points into the frame (or the Publish
/// and the scratch) that it was prepared from, which must stay.
///
/// Each packet says, field by field, what encoding that receiver's Publish anew would say. User properties and the
/// other properties that belong to the message go on byte for byte and in their order, behind the receiver's own.
class OutgoingMessage {
public:
    constexpr OutgoingMessage() noexcept { wire::set_members_one_by_one(); }

    /// Prepares what was received; the errors are those of decode. If its topic is an alias alone, then `topic` is what
    /// it stands for: an alias belongs to its connection, and so do Subscription Identifiers, which go no further.
    ///
    /// `scratch` is needed only if the properties that are shared stand in more than two or three stretches, with
    /// others between them, and then takes them: `buffer_too_small` tells how many bytes.
    template <class Code = config::Code>
    static constexpr Result<OutgoingMessage> prepare(const Frame& frame MQTTWIRE_LIFETIMEBOUND, Version version,
        std::span<std::byte> scratch = {}, const Text& topic = {}, Leniency leniency = {}, Role receiver = {}) noexcept
    {
        Result<OutgoingMessage> result{detail::InPlace{}};
        const Error error = result->take_frame<Code>(frame, version, scratch, topic, leniency, receiver);
        if (error.code != Errc::none) [[unlikely]]
            result.fail(error);
        return result;
    }

    /// Prepares a message of one's own; the errors are those of encode, as far as they are about what is shared. Its
    /// shared properties are written into `scratch`, for which as many bytes as the whole head of `publish` takes are
    /// enough; a message without any needs none.
    template <class Code = config::Code>
    static constexpr Result<OutgoingMessage> prepare(
        const Publish& publish, Version version, std::span<std::byte> scratch = {}, Leniency leniency = {}) noexcept
    {
        Result<OutgoingMessage> result{detail::InPlace{}};
        const Error error = result->take_publish<Code>(publish, version, scratch, leniency);
        if (error.code != Errc::none) [[unlikely]]
            result.fail(error);
        return result;
    }

    /// The message as it was prepared, with the topic that it is for.
    [[nodiscard]] constexpr const Publish& publish() const noexcept { return *message_; }

    /// What goes to a receiver, as encode takes it.
    template <class = config::Code>
    [[nodiscard]] constexpr Publish publish_for(const Receiver& receiver) const noexcept
    {
        Publish publish = *message_;
        if (!receiver.with_topic) publish.topic = {};
        publish.qos = receiver.qos;
        publish.retain = receiver.retain;
        publish.dup = receiver.dup;
        publish.packet_id = receiver.packet_id;
        PublishProperties& properties = publish.properties;
        properties.topic_alias.reset();
        if (receiver.topic_alias != 0) properties.topic_alias = receiver.topic_alias;
        if (receiver.message_expiry_interval) properties.message_expiry_interval = receiver.message_expiry_interval;
        const auto& identifiers = receiver.subscription_identifier;
        properties.subscription_identifier = List<std::uint32_t>(identifiers.data(), identifiers.size());
        if (receiver.version != Version::v5) properties = {};
        return publish;
    }

    /// Writes the head for a receiver into `buffer` and gives the packet. The errors are those of encoding it anew
    /// within the receiver's limits; after one, nothing was written. A head takes the topic and at most 25 bytes
    /// (Subscription Identifiers: five more each).
    template <class Code = config::Code>
    [[nodiscard]] constexpr Result<OutgoingPacket> write(
        const Receiver& receiver, std::span<std::byte> buffer) const noexcept
    {
        if (receiver.version == Version::v5) return write_5<Code>(receiver, buffer);
        return write_3<Code>(receiver, buffer);
    }

    /// Calls `sink` with each Loss that `write` has for this receiver, and gives their number: properties that 3.1.1
    /// and 3.1 cannot say.
    template <class Sink>
    constexpr std::uint32_t losses(const Receiver& receiver, Sink&& sink) const
    {
        if (receiver.version == Version::v5) return 0;
        Receiver as_5 = receiver;
        as_5.version = Version::v5;
        PublishProperties properties = publish_for(as_5).properties;
        using Report = wire::LossReport<std::remove_reference_t<Sink>>;
        Report report(sink);
        wire::lose_properties(report, properties);
        return report.count();
    }

private:
    template <class Code>
    constexpr Error take_frame(const Frame& frame, Version version, std::span<std::byte> scratch, const Text& topic,
        Leniency leniency, Role receiver) noexcept
    {
        const Error error = wire::with_version<Publish>(version, [&](auto terms) -> Error {
            return wire::read_head(message_, frame.bytes(), frame.header_size(), terms, leniency, receiver);
        });
        if (error.code != Errc::none) [[unlikely]]
            return error;
        payload_ = {message_->payload.bytes(), message_->payload.size()};
        rest_[0] = payload_;
        slices_ = payload_.empty() ? 0 : 1;
        leniency_ = leniency;
        if (message_->topic.empty()) [[unlikely]]
            if (const Error unknown = take_topic<Code>(topic); unknown.code != Errc::none) return unknown;
        return version == Version::v5 ? take_block<Code>(frame, scratch) : Error{};
    }

    /// The topic that an alias stands for.
    template <class Code>
    constexpr Error take_topic(const Text& topic) noexcept
    {
        if (topic.empty())
            return {.code = Errc::topic_missing_without_alias, .field = Field::topic, .packet = PacketType::publish};
        message_->topic = topic;
        const auto size = Publish{.topic = topic}.encoded_size(Version::v5, leniency_);
        return size ? Error{} : size.error();
    }

    /// The property block of a frame, which stands in front of the payload.
    template <class Code>
    constexpr Error take_block(const Frame& frame, std::span<std::byte> scratch) noexcept
    {
        const std::byte* at = frame.body().data();
        at += 2 + wire::load_two(at) + (message_->qos != QoS::at_most_once ? 2 : 0);
        const wire::Varint length = wire::load_valid_varint(at);
        if (length.value == 0) return {};
        return take_shared<Code>({at + length.size, length.value}, scratch);
    }

    template <class Code>
    constexpr Error take_shared(std::span<const std::byte> block, std::span<std::byte> scratch) noexcept
    {
        const PublishProperties& properties = message_->properties;
        lost_ = shared_values(properties);
        const bool whole = !properties.message_expiry_interval && !properties.topic_alias
            && properties.subscription_identifier.empty();
        if (whole) {
            shared_ = static_cast<std::uint32_t>(block.size());
            slices_ = 0;
            add_slice(block);
            add_payload();
            return {};
        }
        return take_stretches<Code>(block, scratch);
    }

    template <class Code>
    MQTTWIRE_NOINLINE constexpr Error take_stretches(
        std::span<const std::byte> block, std::span<std::byte> scratch) noexcept
    {
        std::uint32_t count = 0;
        bool ends_with_payload = payload_.empty();
        wire::for_each_shared(block, [&](std::span<const std::byte> stretch) {
            ++count;
            shared_ += static_cast<std::uint32_t>(stretch.size());
            if (stretch.data() + stretch.size() == block.data() + block.size()) ends_with_payload = true;
        });
        slices_ = 0;
        if (count + (ends_with_payload ? 0 : 1) <= rest_.size()) {
            wire::for_each_shared(block, [&](std::span<const std::byte> stretch) { add_slice(stretch); });
        } else {
            if (scratch.size() < shared_)
                return {.code = Errc::buffer_too_small,
                    .field = Field::properties,
                    .packet = PacketType::publish,
                    .needed = shared_};
            std::byte* to = scratch.data();
            wire::for_each_shared(block, [&](std::span<const std::byte> stretch) {
                wire::copy(to, stretch.data(), stretch.size());
                to += stretch.size();
            });
            add_slice(scratch.first(shared_));
        }
        add_payload();
        return {};
    }

    template <class Code>
    constexpr Error take_publish(
        const Publish& publish, Version version, std::span<std::byte> scratch, Leniency leniency) noexcept
    {
        message_ = publish;
        leniency_ = leniency;
        Publish shared{.topic = publish.topic, .payload = publish.payload, .properties = publish.properties};
        shared.properties.topic_alias.reset();
        shared.properties.subscription_identifier = {};
        const auto size = shared.encoded_size(version, leniency); // with the payload, which may be looked at
        if (!size) return size.error();
        payload_ = {publish.payload.bytes(), publish.payload.size()};
        lost_ = shared_values(shared.properties);
        if (lost_ != 0) {
            shared.properties.message_expiry_interval.reset();
            const auto head = encode_head(shared, payload_.size(), scratch, version, leniency);
            if (!head) return head.error();
            const std::byte* at = head->data() + 1;
            at += wire::load_valid_varint(at).size;
            at += 2 + wire::load_two(at);
            const wire::Varint length = wire::load_valid_varint(at);
            shared_ = length.value;
            add_slice({at + length.size, length.value});
        }
        add_payload();
        return {};
    }

    static constexpr std::uint32_t shared_values(const PublishProperties& properties) noexcept
    {
        return (properties.payload_format_indicator ? 1U : 0U) + (properties.content_type ? 1U : 0U)
            + (properties.response_topic ? 1U : 0U) + (properties.correlation_data ? 1U : 0U)
            + static_cast<std::uint32_t>(properties.user_property.size());
    }

    constexpr void add_slice(std::span<const std::byte> slice) noexcept { rest_[slices_++] = slice; }

    /// The payload, as one slice with what stands in front of it.
    constexpr void add_payload() noexcept
    {
        if (payload_.empty()) return;
        if (slices_ != 0) {
            std::span<const std::byte>& last = rest_[slices_ - 1];
            if (adjoin(last, payload_)) {
                last = {last.data(), last.size() + payload_.size()};
                return;
            }
        }
        add_slice(payload_);
    }

    /// While compiling, addresses of different memory cannot be compared with an order, but for being equal.
    static constexpr bool adjoin(std::span<const std::byte> a, std::span<const std::byte> b) noexcept
    {
        return a.data() + a.size() == b.data();
    }

    static constexpr Error refusal(Errc code, Field field, std::uint32_t needed = 0) noexcept
    {
        return {.code = code, .field = field, .packet = PacketType::publish, .needed = needed};
    }

    /// What can be wrong with any receiver: limits, flags, topic and packet identifier, in this order.
    template <class Code>
    MQTTWIRE_ALWAYS_INLINE constexpr Error fault_of(const Receiver& receiver) const noexcept
    {
        if (receiver.limits != nullptr) [[unlikely]]
            if (const wire::Breach breach = breach_of<Code>(receiver); breach.code != Errc::none)
                return breach.in(PacketType::publish);
        const bool has_id = receiver.qos != QoS::at_most_once;
        if (const Errc flags = wire::publish_flags_fault(receiver.qos, receiver.dup, receiver.version);
            flags != Errc::none) [[unlikely]]
            return refusal(flags, Field::fixed_header);
        if (receiver.version != Version::v5 && !receiver.with_topic) [[unlikely]]
            return refusal(Errc::topic_name_empty, Field::topic);
        if (receiver.with_topic && wire::too_long_for_3_1(message_->topic, wire::AnyVersion{receiver.version})) [[unlikely]]
            return refusal(Errc::topic_name_too_long, Field::topic);
        if (has_id != (receiver.packet_id != 0)) [[unlikely]]
            return refusal(has_id ? Errc::packet_id_zero : Errc::packet_id_with_qos_0, Field::packet_id);
        return {};
    }

    template <class Code>
    MQTTWIRE_NOINLINE constexpr wire::Breach breach_of(const Receiver& receiver) const noexcept
    {
        return wire::find_breach(publish_for<Code>(receiver), *receiver.limits);
    }

    template <class Code>
    constexpr Result<OutgoingPacket> write_3(const Receiver& receiver, std::span<std::byte> buffer) const noexcept
    {
        if (const Error fault = fault_of<Code>(receiver); fault.code != Errc::none) [[unlikely]]
            return fault;
        const std::size_t topic = message_->topic.size();
        const std::size_t head = 2 + topic + (receiver.packet_id != 0 ? 2 : 0);
        Result<OutgoingPacket> result{detail::InPlace{}};
        OutgoingPacket& packet = *result;
        std::byte* at = begin<Code>(result, receiver, buffer, head, head + payload_.size());
        if (at == nullptr) [[unlikely]]
            return result;
        at = put_topic_and_id(at, receiver);
        packet.spans_[0] = {buffer.data(), at};
        packet.count_ = 1;
        if (!payload_.empty()) packet.spans_[packet.count_++] = payload_;
        packet.losses_ = lost_;
        if (message_->properties.message_expiry_interval || receiver.message_expiry_interval) ++packet.losses_;
        packet.losses_ += static_cast<std::uint32_t>(receiver.subscription_identifier.size());
        if (receiver.topic_alias != 0) ++packet.losses_;
        return result;
    }

    template <class Code>
    constexpr Result<OutgoingPacket> write_5(const Receiver& receiver, std::span<std::byte> buffer) const noexcept
    {
        if (const Error fault = fault_of<Code>(receiver); fault.code != Errc::none) [[unlikely]]
            return fault;
        const std::optional<std::uint32_t>& expiry = receiver.message_expiry_interval
            ? receiver.message_expiry_interval
            : message_->properties.message_expiry_interval;
        std::size_t own = (expiry ? 5U : 0U) + (receiver.topic_alias != 0 ? 3U : 0U);
        for (const std::uint32_t identifier : receiver.subscription_identifier) {
            if (identifier - 1 >= max_varint) [[unlikely]] // 0 too
                return refusal(wire::out_of_range_code(PropertyId::subscription_identifier),
                    field(PropertyId::subscription_identifier));
            own += 1 + wire::varint_size(identifier);
        }
        if (!receiver.with_topic && receiver.topic_alias == 0) [[unlikely]]
            return refusal(Errc::topic_missing_without_alias, Field::topic);
        const std::size_t properties = own + shared_;
        if (properties > max_varint) [[unlikely]]
            return refusal(Errc::packet_too_large, Field::property_length);
        const auto length = static_cast<std::uint32_t>(properties);
        const std::size_t topic = receiver.with_topic ? message_->topic.size() : 0;
        const std::size_t head = 2 + topic + (receiver.packet_id != 0 ? 2 : 0) + wire::varint_size(length) + own;
        Result<OutgoingPacket> result{detail::InPlace{}};
        OutgoingPacket& packet = *result;
        std::byte* at = begin<Code>(result, receiver, buffer, head, head + shared_ + payload_.size());
        if (at == nullptr) [[unlikely]]
            return result;
        at = wire::store_varint(put_topic_and_id(at, receiver), length);
        at = put_properties(at, receiver, expiry);
        packet.spans_[0] = {buffer.data(), at};
        for (std::uint32_t i = 0; i < slices_; ++i) packet.spans_[1 + i] = rest_[i];
        packet.count_ = 1 + slices_;
        return result;
    }

    /// Writes the fixed header of a packet, if its `body` is not too large and `buffer` has room for it and `head` more
    /// bytes; else fails, and gives nullptr.
    template <class Code>
    MQTTWIRE_ALWAYS_INLINE constexpr std::byte* begin(Result<OutgoingPacket>& result, const Receiver& receiver,
        std::span<std::byte> buffer, std::size_t head, std::size_t body) const noexcept
    {
        if (body > max_varint) [[unlikely]] {
            result.fail(refusal(Errc::packet_too_large, Field::packet));
            return nullptr;
        }
        const auto length = static_cast<std::uint32_t>(body);
        const std::uint32_t header_size = 1 + wire::varint_size(length);
        const std::uint32_t size = header_size + length;
        if (receiver.limits != nullptr && size > receiver.limits->maximum_packet_size) [[unlikely]] {
            result.fail(wire::size_error(PacketType::publish, size));
            return nullptr;
        }
        if (buffer.size() < header_size + head) [[unlikely]] {
            const auto needed = static_cast<std::uint32_t>(header_size + head);
            result.fail(refusal(Errc::buffer_too_small, Field::packet, needed));
            return nullptr;
        }
        result->size_ = size;
        std::byte* const to = buffer.data();
        *to = static_cast<std::byte>((static_cast<unsigned>(PacketType::publish) << 4U) | (receiver.dup ? 8U : 0U)
            | (static_cast<unsigned>(receiver.qos) << 1U) | (receiver.retain ? 1U : 0U));
        return wire::store_varint(to + 1, length);
    }

    MQTTWIRE_ALWAYS_INLINE constexpr std::byte* put_topic_and_id(std::byte* at, const Receiver& receiver) const noexcept
    {
        at = receiver.with_topic ? wire::store_prefixed(at, message_->topic) : wire::store_prefixed(at, Text());
        if (receiver.packet_id == 0) return at;
        wire::store_two(at, receiver.packet_id);
        return at + 2;
    }

    /// In the ascending order of their identifiers.
    static constexpr std::byte* put_properties(
        std::byte* at, const Receiver& receiver, const std::optional<std::uint32_t>& expiry) noexcept
    {
        const auto put_id = [&at](PropertyId id) { *at++ = static_cast<std::byte>(id); };
        if (expiry) {
            put_id(PropertyId::message_expiry_interval);
            wire::store_four(at, *expiry);
            at += 4;
        }
        for (const std::uint32_t identifier : receiver.subscription_identifier) {
            put_id(PropertyId::subscription_identifier);
            at = wire::store_varint(at, identifier);
        }
        if (receiver.topic_alias != 0) {
            put_id(PropertyId::topic_alias);
            wire::store_two(at, receiver.topic_alias);
            at += 2;
        }
        return at;
    }

    std::optional<Publish> message_;
    std::span<const std::byte> payload_;
    std::array<std::span<const std::byte>, OutgoingPacket::most_spans - 1> rest_; ///< in 5.0: behind the head
    std::uint32_t slices_ = 0; ///< of rest_
    std::uint32_t shared_ = 0; ///< bytes of the shared properties
    std::uint32_t lost_ = 0; ///< how many they are
    Leniency leniency_ = Leniency::none;
};

/// What is to become of a PUBLISH that is already encoded, for it to be sent again; what is absent stays.
struct PublishPatch {
    std::optional<std::uint16_t> packet_id{};
    std::optional<bool> dup{};
    std::optional<bool> retain{};
};

/// Changes an encoded PUBLISH where it stands. Of the packet no more need be there than its head. After an error
/// nothing was changed: `unexpected_packet_type`, `incomplete`, or what encode has against the flags or the packet
/// identifier.
template <class = config::Code>
[[nodiscard]] constexpr Error patch(std::span<std::byte> packet, const PublishPatch& patch, Version version) noexcept
{
    const auto refuse = [](Errc code, Field field) {
        return Error{.code = code, .field = field, .packet = PacketType::publish};
    };
    if (packet.empty()) return {.code = Errc::incomplete, .needed = 2};
    const unsigned first = wire::load_byte(packet.data());
    if (first >> 4U != static_cast<unsigned>(PacketType::publish))
        return {.code = Errc::unexpected_packet_type,
            .field = Field::fixed_header,
            .packet = static_cast<PacketType>(first >> 4U)};
    const auto qos = static_cast<QoS>((first >> 1U) & 3U);
    const bool dup = patch.dup.value_or((first & 8U) != 0);
    const bool retain = patch.retain.value_or((first & 1U) != 0);
    if (const Errc code = wire::publish_flags_fault(qos, dup, version); code != Errc::none)
        return refuse(code, Field::fixed_header);
    if (patch.packet_id) {
        const bool has_id = qos != QoS::at_most_once;
        if (has_id != (*patch.packet_id != 0))
            return refuse(has_id ? Errc::packet_id_zero : Errc::packet_id_with_qos_0, Field::packet_id);
        const wire::Varint length = wire::load_varint(packet.data() + 1, packet.data() + packet.size());
        const std::size_t topic_at = 1 + std::size_t{length.size};
        if (!length.valid() || packet.size() < topic_at + 2) return refuse(Errc::incomplete, Field::topic);
        const std::size_t id_at = topic_at + 2 + wire::load_two(packet.data() + topic_at);
        if (has_id && (packet.size() < id_at + 2 || topic_at + length.value < id_at + 2))
            return refuse(Errc::incomplete, Field::packet_id);
        if (has_id) wire::store_two(packet.data() + id_at, *patch.packet_id);
    }
    packet[0] = static_cast<std::byte>((first & 0xF6U) | (dup ? 8U : 0U) | (retain ? 1U : 0U));
    return {};
}

} // namespace mqttwire::inline MQTTWIRE_ABI
