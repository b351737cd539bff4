// outgoing: one message for many receivers.
//
//   fixed header | topic name | packet id | property length | the receiver's own properties     a receiver's head
//   shared properties | payload                                                                 the message's
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
#include "mqttwire/packets/functions.hpp"
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

    constexpr void add(std::span<const std::byte> span) noexcept
    {
        spans_[count_++] = span;
        size_ += static_cast<std::uint32_t>(span.size());
    }

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
        else result->find_room();
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
        else result->find_room();
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

    /// Writes the head for a receiver to the front of `buffer` and gives what was written; the packet is the head and
    /// then `rest(receiver.version)`. The errors are those of encoding it anew within the receiver's limits; after one,
    /// nothing was written. A head takes the topic and at most 25 bytes (Subscription Identifiers: five more each).
    template <class Code = config::Code>
    [[nodiscard]] constexpr Result<std::span<std::byte>> write_head(
        const Receiver& receiver, std::span<std::byte> buffer) const noexcept
    {
        if (receiver.version == Version::v5) return write_5<Code>(receiver, buffer);
        if constexpr (!config::small)
            if (receiver.version == Version::v3_1_1 && is_usual(receiver) && buffer.size() >= room_) [[likely]] {
                if (receiver.qos == QoS::at_most_once) return put_usual_3<false>(receiver, buffer.data());
                return put_usual_3<true>(receiver, buffer.data());
            }
        return write_3<Code>(receiver, buffer);
    }

    /// What stands behind a head, in at most three slices of the message, none of which is empty.
    [[nodiscard]] constexpr std::span<const std::span<const std::byte>> rest(Version version) const noexcept
    {
        if (version == Version::v5) return {rest_.data(), slices_};
        return {&payload_, payload_.empty() ? std::size_t{0} : std::size_t{1}};
    }

    /// Writes the head for a receiver and gives the whole packet, see `write_head`.
    template <class Code = config::Code>
    [[nodiscard]] constexpr Result<OutgoingPacket> write(
        const Receiver& receiver, std::span<std::byte> buffer) const noexcept
    {
        const auto head = write_head<Code>(receiver, buffer);
        if (!head) return head.error();
        OutgoingPacket packet;
        packet.add(*head);
        for (const std::span<const std::byte> slice : rest(receiver.version)) packet.add(slice);
        packet.losses_ = losses(receiver, wire::NoSink{});
        return packet;
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
    struct ReadMessage {
        std::optional<Publish>& message;
        const Frame& frame;
        Leniency leniency;
        Role receiver;

        template <class V>
        MQTTWIRE_ALWAYS_INLINE constexpr Error operator()(V version) const noexcept
        {
            return wire::read_head(message, frame.bytes(), frame.header_size(), version, leniency, receiver);
        }
    };

    template <class Code>
    MQTTWIRE_ALWAYS_INLINE constexpr Error take_frame(const Frame& frame, Version version, std::span<std::byte> scratch,
        const Text& topic, Leniency leniency, Role receiver) noexcept
    {
        const Error error = wire::with_version<Publish>(version, ReadMessage{message_, frame, leniency, receiver});
        if (error.code != Errc::none) [[unlikely]]
            return error;
        payload_ = {message_->payload.bytes(), message_->payload.size()};
        rest_[0] = payload_;
        slices_ = payload_.empty() ? 0 : 1;
        if (version != Version::v5) return {};
        const std::byte* at = frame.body().data() + 2 + message_->topic.size();
        if (message_->qos != QoS::at_most_once) at += 2;
        const wire::Varint length = wire::load_valid_varint(at);
        if (message_->topic.empty()) [[unlikely]]
            if (const Error unknown = take_topic<Code>(topic, leniency); unknown.code != Errc::none) return unknown;
        if (length.value == 0) return {};
        return take_block<Code>({at + length.size, length.value}, scratch);
    }

    /// The topic that an alias stands for.
    template <class Code>
    constexpr Error take_topic(const Text& topic, Leniency leniency) noexcept
    {
        if (topic.empty()) return refusal(Errc::topic_missing_without_alias, Field::topic);
        message_->topic = topic;
        const auto size = Publish{.topic = topic}.encoded_size(Version::v5, leniency);
        return size ? Error{} : size.error();
    }

    /// A property block, behind which the payload stands.
    template <class Code>
    MQTTWIRE_ALWAYS_INLINE constexpr Error take_block(
        std::span<const std::byte> block, std::span<std::byte> scratch) noexcept
    {
        const PublishProperties& properties = message_->properties;
        if (properties.topic_alias || !properties.subscription_identifier.empty()) [[unlikely]]
            return take_stretches<Code>(block, scratch);
        // Most write in the order of the identifiers: no more than the payload's format goes before the expiry.
        const std::byte* at = block.data();
        slices_ = 0;
        std::size_t own = 0; // bytes of the receiver's properties
        if (properties.message_expiry_interval) {
            own = 5;
            if (is_at(at, PropertyId::payload_format_indicator)) {
                rest_[slices_++] = {at, 2};
                at += 2;
            }
            if (!is_at(at, PropertyId::message_expiry_interval)) return take_stretches<Code>(block, scratch);
            at += own;
        }
        shared_ = static_cast<std::uint32_t>(block.size() - own);
        const auto behind = static_cast<std::size_t>(block.data() + block.size() - at) + payload_.size();
        if (behind != 0) rest_[slices_++] = {at, behind};
        return {};
    }

    MQTTWIRE_ALWAYS_INLINE static constexpr bool is_at(const std::byte* at, PropertyId id) noexcept
    {
        return wire::load_byte(at) == static_cast<std::uint8_t>(id);
    }

    /// A property block in which properties of the receiver stand between others.
    template <class Code>
    MQTTWIRE_NOINLINE constexpr Error take_stretches(
        std::span<const std::byte> block, std::span<std::byte> scratch) noexcept
    {
        const std::byte* const end = block.data() + block.size();
        slices_ = 0;
        bool fits = true;
        bool reaches_payload = payload_.empty();
        wire::for_each_shared(block, [&](std::span<const std::byte> stretch) {
            shared_ += static_cast<std::uint32_t>(stretch.size());
            reaches_payload = reaches_payload || stretch.data() + stretch.size() == end;
            if (slices_ == rest_.size()) fits = false;
            else rest_[slices_++] = stretch;
        });
        if (fits && (reaches_payload || slices_ < rest_.size())) {
            add_payload();
            return {};
        }
        if (scratch.size() < shared_) return refusal(Errc::buffer_too_small, Field::properties, shared_);
        std::byte* to = scratch.data();
        wire::for_each_shared(block, [&](std::span<const std::byte> stretch) {
            wire::copy(to, stretch.data(), stretch.size());
            to += stretch.size();
        });
        rest_[0] = scratch.first(shared_);
        slices_ = 1;
        add_payload();
        return {};
    }

    template <class Code>
    constexpr Error take_publish(
        const Publish& publish, Version version, std::span<std::byte> scratch, Leniency leniency) noexcept
    {
        message_ = publish;
        Publish shared{.topic = publish.topic, .payload = publish.payload, .properties = publish.properties};
        shared.properties.topic_alias.reset();
        shared.properties.subscription_identifier = {};
        const auto size = shared.encoded_size(version, leniency); // with the payload, which may be looked at
        if (!size) return size.error();
        payload_ = {publish.payload.bytes(), publish.payload.size()};
        shared.properties.message_expiry_interval.reset();
        if (!(shared.properties == PublishProperties{})) {
            const auto head = encode_head(shared, payload_.size(), scratch, version, leniency);
            if (!head) return head.error();
            const std::byte* at = head->data() + 1;
            at += wire::load_valid_varint(at).size;
            at += 2 + wire::load_two(at);
            const wire::Varint length = wire::load_valid_varint(at);
            shared_ = length.value;
            rest_[0] = {at + length.size, length.value};
            slices_ = 1;
        }
        add_payload();
        return {};
    }

    /// The payload, as one slice with what stands in front of it.
    constexpr void add_payload() noexcept
    {
        if (payload_.empty()) return;
        if (slices_ != 0) {
            std::span<const std::byte>& last = rest_[slices_ - 1];
            if (last.data() + last.size() == payload_.data()) {
                last = {last.data(), last.size() + payload_.size()};
                return;
            }
        }
        rest_[slices_++] = payload_;
    }

    static constexpr Error refusal(Errc code, Field field, std::uint32_t needed = 0) noexcept
    {
        return {.code = code, .field = field, .packet = PacketType::publish, .needed = needed};
    }

    /// What can be wrong with any receiver: version, limits, flags, topic and packet identifier, in this order.
    template <class Code>
    MQTTWIRE_NOINLINE constexpr Error fault_of(const Receiver& receiver) const noexcept
    {
        if (!is_version(receiver.version)) return wire::no_version(PacketType::publish);
        if (receiver.limits != nullptr) [[unlikely]]
            if (const wire::Breach breach = breach_of<Code>(receiver); breach.code != Errc::none)
                return breach.in(PacketType::publish);
        const bool has_id = receiver.qos != QoS::at_most_once;
        if (const Errc flags = wire::publish_flags_fault(receiver.qos, receiver.dup, receiver.version);
            flags != Errc::none) [[unlikely]]
            return refusal(flags, Field::fixed_header);
        if (receiver.version != Version::v5 && !receiver.with_topic) [[unlikely]]
            return refusal(Errc::topic_name_empty, Field::topic);
        if (receiver.with_topic && wire::too_long_for_3_1(message_->topic, wire::AnyVersion{receiver.version}))
            [[unlikely]]
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

    /// Nearly all receivers of 3.1.1 and 5.0: nothing is against them but what is looked at here.
    MQTTWIRE_ALWAYS_INLINE static constexpr bool is_usual(const Receiver& receiver) noexcept
    {
        if (receiver.limits != nullptr || !receiver.with_topic) return false;
        if (receiver.qos == QoS::at_most_once) return receiver.packet_id == 0 && !receiver.dup;
        return receiver.qos <= QoS::exactly_once && receiver.packet_id != 0;
    }

    /// A head for 3.1.1 that there is surely room for, with a short topic.
    template <bool HasId>
    MQTTWIRE_ALWAYS_INLINE constexpr Result<std::span<std::byte>> put_usual_3(
        const Receiver& receiver, std::byte* to) const noexcept
    {
        const std::uint16_t topic = message_->topic.size_if_short();
        const std::uint32_t body = 2U + topic + (HasId ? 2U : 0U) + static_cast<std::uint32_t>(payload_.size());
        std::byte* at = put_short_topic(put_fixed_header(to, receiver, body), topic);
        if constexpr (HasId) {
            wire::store_two(at, receiver.packet_id);
            at += 2;
        }
        return std::span(to, at);
    }

    /// The same for 5.0, with room for few Subscription Identifiers too. nullptr: one of them is out of range.
    MQTTWIRE_ALWAYS_INLINE constexpr std::byte* put_usual_5(const Receiver& receiver, std::byte* to) const noexcept
    {
        const std::optional<std::uint32_t>& expiry = expiry_for(receiver);
        std::uint32_t own = (expiry ? 5U : 0U) + (receiver.topic_alias != 0 ? 3U : 0U);
        for (const std::uint32_t identifier : receiver.subscription_identifier) {
            if (identifier == 0 || identifier > max_varint) [[unlikely]]
                return nullptr;
            own += 1 + wire::varint_size(identifier);
        }
        const std::uint32_t length = own + shared_;
        const std::uint16_t topic = message_->topic.size_if_short();
        const std::uint32_t body = 2U + topic + (receiver.packet_id != 0 ? 2U : 0U) + wire::varint_size(length) + length
            + static_cast<std::uint32_t>(payload_.size());
        std::byte* at = put_id(put_short_topic(put_fixed_header(to, receiver, body), topic), receiver);
        return put_properties(put_varint(at, length), receiver, expiry);
    }

    constexpr const std::optional<std::uint32_t>& expiry_for(const Receiver& receiver) const noexcept
    {
        return receiver.message_expiry_interval ? receiver.message_expiry_interval
                                                : message_->properties.message_expiry_interval;
    }

    /// Finds out in how many bytes any usual head has room, but for properties.
    MQTTWIRE_ALWAYS_INLINE constexpr void find_room() noexcept
    {
        constexpr std::size_t others = 1 + 4 + 2 + 2 + 4; // both lengths, the size of the topic, the packet identifier
        const std::size_t most = message_->topic.size() + others;
        if (most <= short_topic + others && shared_ + payload_.size() <= most_shared) room_ = most;
    }

    static constexpr std::size_t few_identifiers = 4;
    static constexpr std::size_t room_for_properties = 5 + 3 + 5 * few_identifiers;
    static constexpr std::size_t short_topic = 64; ///< as many bytes as are copied without a call
    static constexpr std::size_t most_shared = max_varint / 2; ///< of messages whose packets are surely not too large

    struct Sizes {
        std::size_t body; ///< what the Remaining Length counts
        std::size_t head; ///< what is written
    };

    MQTTWIRE_ALWAYS_INLINE constexpr Sizes sizes_3(const Receiver& receiver) const noexcept
    {
        const std::size_t variable_header = 2 + message_->topic.size() + (receiver.packet_id != 0 ? 2 : 0);
        const std::size_t body = variable_header + payload_.size();
        return {body, 1 + wire::varint_size(static_cast<std::uint32_t>(body)) + variable_header};
    }

    MQTTWIRE_ALWAYS_INLINE constexpr Result<std::span<std::byte>> put_head_3(
        const Receiver& receiver, std::span<std::byte> buffer, Sizes sizes) const noexcept
    {
        const auto length = static_cast<std::uint32_t>(sizes.body);
        put_topic_and_id(put_fixed_header(buffer.data(), receiver, length), receiver);
        return buffer.first(sizes.head);
    }

    /// The same for any receiver.
    template <class Code>
    MQTTWIRE_NOINLINE constexpr Result<std::span<std::byte>> write_3(
        const Receiver& receiver, std::span<std::byte> buffer) const noexcept
    {
        if (const Error fault = fault_of<Code>(receiver); fault.code != Errc::none) return fault;
        const Sizes sizes = sizes_3(receiver);
        const Error fault = size_fault<Code>(receiver, buffer.size(), sizes.head, sizes.body);
        if (fault.code != Errc::none) return fault;
        return put_head_3(receiver, buffer, sizes);
    }

    template <class Code>
    MQTTWIRE_NOINLINE constexpr Result<std::span<std::byte>> write_5(
        const Receiver& receiver, std::span<std::byte> buffer) const noexcept
    {
        if constexpr (!config::small)
            if (is_usual(receiver) && buffer.size() >= room_ && buffer.size() - room_ >= room_for_properties
                && receiver.subscription_identifier.size() <= few_identifiers) [[likely]]
                if (std::byte* const end = put_usual_5(receiver, buffer.data()); end != nullptr) [[likely]]
                    return std::span(buffer.data(), end);
        return write_any_5<Code>(receiver, buffer);
    }

    /// The same for any receiver.
    template <class Code>
    MQTTWIRE_NOINLINE constexpr Result<std::span<std::byte>> write_any_5(
        const Receiver& receiver, std::span<std::byte> buffer) const noexcept
    {
        if (const Error fault = fault_of<Code>(receiver); fault.code != Errc::none) return fault;
        const std::optional<std::uint32_t>& expiry = expiry_for(receiver);
        std::size_t own = (expiry ? 5U : 0U) + (receiver.topic_alias != 0 ? 3U : 0U);
        for (const std::uint32_t& identifier : receiver.subscription_identifier) {
            if (identifier == 0 || identifier > max_varint) [[unlikely]]
                return Error{.code = wire::out_of_range_code(PropertyId::subscription_identifier),
                    .field = field(PropertyId::subscription_identifier),
                    .packet = PacketType::publish,
                    .element = static_cast<std::uint32_t>(&identifier - receiver.subscription_identifier.data())};
            own += 1 + wire::varint_size(identifier);
        }
        if (!receiver.with_topic && receiver.topic_alias == 0) [[unlikely]]
            return refusal(Errc::topic_missing_without_alias, Field::topic);
        const std::size_t properties = own + shared_;
        if (properties > max_varint) [[unlikely]]
            return refusal(Errc::packet_too_large, Field::property_length);
        const auto length = static_cast<std::uint32_t>(properties);
        const std::size_t topic = receiver.with_topic ? message_->topic.size() : 0;
        const std::size_t before = 2 + topic + (receiver.packet_id != 0 ? 2 : 0) + wire::varint_size(length) + own;
        const std::size_t body = before + shared_ + payload_.size();
        const std::size_t size = 1 + wire::varint_size(static_cast<std::uint32_t>(body)) + before;
        if (body > max_varint || buffer.size() < size || receiver.limits != nullptr) [[unlikely]]
            if (const Error fault = size_fault<Code>(receiver, buffer.size(), size, body); fault.code != Errc::none)
                return fault;
        std::byte* at = put_fixed_header(buffer.data(), receiver, static_cast<std::uint32_t>(body));
        at = put_varint(put_topic_and_id(at, receiver), length);
        put_properties(at, receiver, expiry);
        return buffer.first(size);
    }

    /// What is wrong with the size of a packet whose head takes `size` bytes, or with that of the buffer.
    template <class Code>
    MQTTWIRE_NOINLINE static constexpr Error size_fault(
        const Receiver& receiver, std::size_t room, std::size_t size, std::size_t body) noexcept
    {
        if (body > max_varint) return refusal(Errc::packet_too_large, Field::packet);
        const auto length = static_cast<std::uint32_t>(body);
        const std::uint32_t whole = 1 + wire::varint_size(length) + length;
        if (receiver.limits != nullptr && whole > receiver.limits->maximum_packet_size)
            return wire::size_error(PacketType::publish, whole);
        if (room < size) return refusal(Errc::buffer_too_small, Field::packet, static_cast<std::uint32_t>(size));
        return {};
    }

    MQTTWIRE_ALWAYS_INLINE static constexpr std::byte* put_fixed_header(
        std::byte* to, const Receiver& receiver, std::uint32_t length) noexcept
    {
        *to = static_cast<std::byte>((static_cast<unsigned>(PacketType::publish) << 4U)
            | (static_cast<unsigned>(receiver.dup) << 3U) | (static_cast<unsigned>(receiver.qos) << 1U)
            | static_cast<unsigned>(receiver.retain));
        return put_varint(to + 1, length);
    }

    /// The same as store_varint, without a loop for the usual lengths.
    MQTTWIRE_ALWAYS_INLINE static constexpr std::byte* put_varint(std::byte* to, std::uint32_t value) noexcept
    {
        if (value < 0x80) {
            *to = static_cast<std::byte>(value);
            return to + 1;
        }
        *to = static_cast<std::byte>((value & 0x7FU) | 0x80U);
        if (value >= 0x4000) [[unlikely]]
            return wire::store_varint(to + 1, value >> 7U);
        to[1] = static_cast<std::byte>(value >> 7U);
        return to + 2;
    }

    MQTTWIRE_ALWAYS_INLINE constexpr std::byte* put_topic_and_id(std::byte* at, const Receiver& receiver) const noexcept
    {
        if (receiver.with_topic) [[likely]]
            at = wire::store_prefixed(at, message_->topic);
        else {
            wire::store_two(at, 0);
            at += 2;
        }
        return put_id(at, receiver);
    }

    MQTTWIRE_ALWAYS_INLINE constexpr std::byte* put_short_topic(std::byte* at, std::uint16_t count) const noexcept
    {
        if (config::small || std::is_constant_evaluated()) return wire::store_prefixed(at, message_->topic);
        const std::size_t size = count;
        const std::byte* const from = message_->topic.bytes();
        wire::store_two(at, count);
        if (size >= 16) wire::copy_some(at + 2, from, size);
        else wire::copy_few(at + 2, from, size);
        return at + 2 + size;
    }

    MQTTWIRE_ALWAYS_INLINE static constexpr std::byte* put_id(std::byte* at, const Receiver& receiver) noexcept
    {
        const std::uint16_t id = receiver.packet_id;
        if (id == 0) return at;
        wire::store_two(at, id);
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
    std::size_t room_ = static_cast<std::size_t>(-1); ///< see find_room
};

} // namespace mqttwire::inline MQTTWIRE_ABI
