// outgoing: one message for many receivers.
//
//   fixed header | topic name | packet id | property length | the receiver's own properties     a receiver's head
//   shared properties | payload                                                                 the message's
//
// What differs from one receiver to the next stands in a head that is written for it; the rest are slices of the
// message, which is never copied.
#pragma once

#include "mqttwire/bridge.hpp"
#include "mqttwire/buffer.hpp"
#include "mqttwire/config.hpp"
#include "mqttwire/error.hpp"
#include "mqttwire/field.hpp"
#include "mqttwire/frame.hpp"
#include "mqttwire/leniency.hpp"
#include "mqttwire/limits.hpp"
#include "mqttwire/outgoing/shared_message.hpp"
#include "mqttwire/packet_type.hpp"
#include "mqttwire/packets/functions.hpp"
#include "mqttwire/packets/publish.hpp"
#include "mqttwire/property_id.hpp"
#include "mqttwire/qos.hpp"
#include "mqttwire/result.hpp"
#include "mqttwire/version.hpp"
#include "mqttwire/wire/bytes.hpp"
#include "mqttwire/wire/fixed_header.hpp"
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
    bool dup{}; ///< sent to this receiver before, whatever came in [MQTT-3.3.1-3]
    bool retain{}; ///< as published or not, as the subscription asks
    bool with_topic = true; ///< false: the topic is empty, for the receiver knows the alias already
    std::uint16_t topic_alias{}; ///< 0: none
    std::optional<std::uint32_t> message_expiry_interval{}; ///< seconds that are left; absent: as in the message
    std::span<const std::uint32_t> subscription_identifier{}; ///< of the subscriptions that match, in their order
    const Limits* limits = nullptr; ///< what the receiver takes, as far as that is to be kept

    /// Takes over what the receiver's session has set in the message (publish_for, then Engine::publish or
    /// Resend::set): QoS, packet identifier, DUP, and an alias, with which the topic may be gone.
    constexpr void set(const Publish& publish) noexcept
    {
        qos = publish.qos;
        packet_id = publish.packet_id;
        dup = publish.dup;
        with_topic = !publish.topic.empty();
        topic_alias = publish.properties.topic_alias.value_or(0);
    }
};

/// A packet for one receiver, in at most four pieces: the head, and slices of the message.
class OutgoingPacket {
public:
    static constexpr std::size_t most_spans = 1 + wire::SharedMessage::most_slices;

    constexpr OutgoingPacket() noexcept { wire::set_members_one_by_one(); }

    /// All pieces in their order, for writev; none is empty.
    [[nodiscard]] constexpr std::span<const std::span<const std::byte>> spans() const noexcept MQTTWIRE_LIFETIMEBOUND
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

    constexpr void join(std::span<const std::byte> head, std::span<const std::span<const std::byte>> rest) noexcept
    {
        std::span<const std::byte>* to = spans_.data();
        *to++ = head;
        std::size_t size = head.size();
        for (const std::span<const std::byte> slice : rest) {
            *to++ = slice;
            size += slice.size();
        }
        count_ = static_cast<std::uint32_t>(1 + rest.size());
        size_ = static_cast<std::uint32_t>(size);
    }

    std::array<std::span<const std::byte>, most_spans> spans_;
    std::uint32_t count_ = 0;
    std::uint32_t size_ = 0;
    std::uint32_t losses_ = 0;
};

/// A message that is prepared once, and written for any number of receivers. It points into the frame (or the Publish
/// and the scratch) that it was prepared from, which must stay.
///
/// Each packet says, field by field, what encoding that receiver's Publish anew would say. User properties and the
/// other properties that belong to the message go on byte for byte and in their order, behind the receiver's own [5.0:
/// MQTT-3.3.2-4, -15 to -18, -20].
class OutgoingMessage {
    struct Unprepared {
        explicit Unprepared() = default;
    };

public:
    constexpr OutgoingMessage() noexcept : OutgoingMessage(Unprepared())
    {
        message_.share_no_properties();
        room_ = no_room;
    }
    /// For `prepare`, which sets what is missing once. NOLINTNEXTLINE(cppcoreguidelines-pro-type-member-init)
    constexpr explicit OutgoingMessage(Unprepared /*unprepared*/) noexcept { wire::set_members_one_by_one(); }

    /// Prepares what was received; the errors are those of decode. If its topic is an alias alone, then `topic` is what
    /// it stands for, and without it the error is `topic_alias_not_set`: an alias belongs to its connection [5.0:
    /// MQTT-3.3.2-7], and so do Subscription Identifiers, which go no further.
    ///
    /// `scratch` is needed only if the properties that are shared stand in more than two or three stretches, with
    /// others between them, and then takes them: `buffer_too_small` tells how many bytes.
    template <class Code = config::Code>
    MQTTWIRE_THIN static constexpr Result<OutgoingMessage> prepare(const Frame& frame MQTTWIRE_LIFETIMEBOUND,
        Version version, MutableBuffer scratch MQTTWIRE_LIFETIMEBOUND = {}, Text topic MQTTWIRE_LIFETIMEBOUND = {},
        Leniency leniency = {}, Role receiver = {}) noexcept
    {
        if constexpr (!config::share_walks)
            if (wire::surely_strict(leniency, receiver))
                return prepare_frame<Code, true>(frame, version, scratch, topic, Leniency::none, Role::unknown);
        return prepare_frame<Code, false>(frame, version, scratch, topic, leniency, receiver);
    }

    /// Prepares a message of one's own; the errors are those of encode, as far as they are about what is shared. Its
    /// shared properties are written into `scratch`, for which as many bytes as the whole head of `publish` takes are
    /// enough; a message without any needs none.
    template <class Code = config::Code>
    MQTTWIRE_WHOLE static constexpr Result<OutgoingMessage> prepare(const Publish& publish, Version version,
        MutableBuffer scratch MQTTWIRE_LIFETIMEBOUND = {}, Leniency leniency = {}) noexcept
    {
        Result<OutgoingMessage> result{detail::InPlace{}, Unprepared()};
        const Error error = result->message_.take_publish<Code>(publish, version, scratch, leniency);
        if (error.code != Errc::none) [[unlikely]]
            result.fail(error);
        else result->find_room();
        return result;
    }

    /// The message as it was prepared, with the topic that it is for.
    [[nodiscard]] constexpr const Publish& publish() const noexcept MQTTWIRE_LIFETIMEBOUND { return message_.publish; }

    /// What goes to a receiver, as encode takes it.
    template <class = config::Code>
    [[nodiscard]] constexpr Publish publish_for(const Receiver& receiver) const noexcept
    {
        Publish publish = message_.publish;
        if (!receiver.with_topic) publish.topic = {};
        publish.qos = receiver.qos;
        publish.retain = receiver.retain;
        publish.dup = receiver.dup;
        publish.packet_id = receiver.packet_id;
        PublishProperties& properties = publish.properties;
        properties.topic_alias = std::optional<std::uint16_t>{};
        if (receiver.topic_alias != 0) properties.topic_alias = receiver.topic_alias;
        if (receiver.message_expiry_interval) properties.message_expiry_interval = receiver.message_expiry_interval;
        const auto& identifiers = receiver.subscription_identifier;
        properties.subscription_identifier = List<std::uint32_t>(identifiers.data(), identifiers.size());
        if (receiver.version != Version::v5) properties = {};
        return publish;
    }

    /// Writes the head for a receiver to the front of `buffer` and gives what was written; the packet is the head and
    /// then `rest(receiver.version)`. The errors are those of encoding it anew within the receiver's limits, but that a
    /// version that is none comes first; after one, nothing was written. A head takes the topic and at most 25 bytes
    /// (Subscription Identifiers: five more each).
    ///
    /// The buffer must not overlap the message, whose bytes all receivers share: where MQTTWIRE_ASSERTIONS is 1, that
    /// is the error `overlapping_buffer`, as of encode.
    template <class Code = config::Code>
    [[nodiscard]] MQTTWIRE_QUICK constexpr Result<std::span<std::byte>> write_head(
        const Receiver& receiver, MutableBuffer buffer MQTTWIRE_LIFETIMEBOUND) const noexcept
    {
        if constexpr (config::small) {
            return write_any<Code>(receiver, buffer);
        } else {
            if (receiver.version == Version::v3_1_1 && is_usual<Code>(receiver, buffer, room_)) [[likely]] {
                if (receiver.qos == QoS::at_most_once) return write_usual_3<false>(receiver, buffer);
                return write_usual_3<true>(receiver, buffer);
            }
            return write_5<Code>(receiver, buffer);
        }
    }

    /// What stands behind a head, in at most three slices of the message, none of which is empty.
    [[nodiscard]] constexpr std::span<const std::span<const std::byte>> rest(
        Version version) const noexcept MQTTWIRE_LIFETIMEBOUND
    {
        const wire::SharedMessage& shared = message_;
        if (version == Version::v5 && shared.slices_of_5 != 0) return {shared.slices.data() + 1, shared.slices_of_5};
        return {shared.slices.data(), payload().empty() ? std::size_t{0} : std::size_t{1}};
    }

    /// Writes the head for a receiver and gives the whole packet, see `write_head`.
    template <class Code = config::Code>
    [[nodiscard]] MQTTWIRE_WHOLE constexpr Result<OutgoingPacket> write(
        const Receiver& receiver, MutableBuffer buffer MQTTWIRE_LIFETIMEBOUND) const noexcept
    {
        Result<OutgoingPacket> result{detail::InPlace{}};
        const auto head = write_head<Code>(receiver, buffer);
        if (!head) [[unlikely]] {
            result.fail(head.error());
            return result;
        }
        result->join(*head, rest(receiver.version));
        if (receiver.version != Version::v5) result->losses_ = losses(receiver, wire::NoSink{});
        return result;
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
    /// Reads a frame in a version of which something is known. The topic is a reference: g++ would copy a value from
    /// memory to memory, and read in one piece what was just written in two, for which processors wait.
    template <class Code, bool IsStrict>
    MQTTWIRE_ENTRY static constexpr Result<OutgoingMessage> prepare_frame(const Frame& frame, Version version,
        std::span<std::byte> scratch, const Text& topic, Leniency leniency, Role receiver) noexcept
    {
        Result<OutgoingMessage> result{detail::InPlace{}, Unprepared()};
        const wire::Taken taken = wire::with_version<Publish, wire::Verb::decode>(
            version, wire::TakeFrame<Code, IsStrict>{result->message_, frame, scratch, topic, leniency, receiver});
        if (!taken.good) [[unlikely]]
            result.fail(taken.error);
        else result->find_room();
        return result;
    }

    constexpr const Text& topic() const noexcept { return message_.publish.topic; }
    constexpr const std::span<const std::byte>& payload() const noexcept { return message_.payload(); }

    /// Finds out in how many bytes any usual head has room, but for properties.
    MQTTWIRE_ALWAYS_INLINE constexpr void find_room() noexcept
    {
        constexpr std::size_t others = 1 + 4 + 2 + 2 + 4; // both lengths, the size of the topic, the packet identifier
        const std::size_t most = topic().size() + others;
        room_ = no_room;
        if (most <= short_topic + others && message_.properties_size + payload().size() <= most_shared) [[likely]]
            room_ = most;
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
            return wire::publish_error(flags, Field::fixed_header);
        if (receiver.version != Version::v5 && !receiver.with_topic) [[unlikely]]
            return wire::publish_error(Errc::topic_name_empty, Field::topic);
        if (receiver.with_topic && wire::too_long_for_3_1(topic(), wire::AnyVersion{receiver.version})) [[unlikely]]
            return wire::publish_error(Errc::topic_name_too_long, Field::topic);
        if (has_id != (receiver.packet_id != 0)) [[unlikely]]
            return wire::publish_error(has_id ? Errc::packet_id_zero : Errc::packet_id_with_qos_0, Field::packet_id);
        return {};
    }

    template <class Code>
    MQTTWIRE_NOINLINE constexpr wire::Breach breach_of(const Receiver& receiver) const noexcept
    {
        return wire::find_breach(publish_for<Code>(receiver), *receiver.limits);
    }

    struct Sizes {
        std::size_t properties; ///< what the Property Length counts
        std::size_t body; ///< what the Remaining Length counts
        std::size_t head; ///< what is written
    };

    /// `v5`: there are properties, of which `own` bytes are the receiver's.
    MQTTWIRE_ALWAYS_INLINE constexpr Sizes sizes_of(
        std::size_t topic, bool has_id, bool v5, std::size_t own) const noexcept
    {
        const std::size_t properties = v5 ? own + message_.properties_size : 0;
        const std::size_t others = 2 + topic + (has_id ? 2 : 0) + (v5 ? varint_size(properties) : 0);
        const std::size_t body = others + properties + payload().size();
        return {properties, body, 1 + varint_size(body) + others + own};
    }

    MQTTWIRE_ALWAYS_INLINE static constexpr std::uint32_t varint_size(std::size_t value) noexcept
    {
        return wire::varint_size(static_cast<std::uint32_t>(value));
    }

    static constexpr std::uint32_t expiry_size = wire::SharedMessage::expiry_size;
    static constexpr std::size_t out_of_range = static_cast<std::size_t>(-1);

    /// Bytes of the receiver's properties in 5.0; `out_of_range`: a Subscription Identifier is.
    MQTTWIRE_ALWAYS_INLINE static constexpr std::size_t own_size(
        const Receiver& receiver, const std::optional<std::uint32_t>& expiry) noexcept
    {
        std::size_t own = (expiry ? expiry_size : 0U) + (receiver.topic_alias != 0 ? 3U : 0U);
        for (const std::uint32_t identifier : receiver.subscription_identifier) {
            if (!is_identifier(identifier)) [[unlikely]]
                return out_of_range;
            own += 1 + wire::varint_size(identifier);
        }
        return own;
    }

    static constexpr bool is_identifier(std::uint32_t value) noexcept { return value != 0 && value <= max_varint; }

    constexpr const std::optional<std::uint32_t>& expiry_for(const Receiver& receiver) const noexcept
    {
        return receiver.message_expiry_interval ? receiver.message_expiry_interval
                                                : message_.publish.properties.message_expiry_interval;
    }

    // The usual heads: of receivers that nothing is against but what is looked at here, with a short topic, few bytes
    // of properties and surely room.

    static constexpr std::size_t few_properties = expiry_size + 3 + 5 * 4; ///< bytes; with four identifiers, or more
    static constexpr std::size_t short_topic = 64; ///< as many bytes as are copied without a call
    static constexpr std::size_t most_shared = max_varint / 2; ///< of messages whose packets are surely not too large

    template <class Code>
    MQTTWIRE_ALWAYS_INLINE constexpr bool is_usual(
        const Receiver& receiver, std::span<std::byte> buffer, std::size_t room) const noexcept
    {
        if (receiver.limits != nullptr || !receiver.with_topic || buffer.size() < room) return false;
        if (config::assertions && overlap_fault<Code>(buffer).code != Errc::none) return false;
        if (receiver.qos == QoS::at_most_once) return receiver.packet_id == 0 && !receiver.dup;
        return receiver.qos <= QoS::exactly_once && receiver.packet_id != 0;
    }

    template <bool HasId>
    MQTTWIRE_ENTRY constexpr std::span<std::byte> write_usual_3(
        const Receiver& receiver, std::span<std::byte> buffer) const noexcept
    {
        std::byte* const to = buffer.data();
        const std::uint16_t size = topic().size_if_short();
        std::byte* const at = put_fixed_header(to, receiver, sizes_of(size, HasId, false, 0));
        return {to, put_id(put_short_topic(at, size), receiver, HasId)};
    }

    /// One in 5.0, if it is usual.
    template <class Code>
    MQTTWIRE_NOINLINE constexpr Result<std::span<std::byte>> write_5(
        const Receiver& receiver, std::span<std::byte> buffer) const noexcept
    {
        if (receiver.version == Version::v5 && is_usual<Code>(receiver, buffer, room_ + few_properties)) [[likely]] {
            const std::optional<std::uint32_t>& expiry = expiry_for(receiver);
            const std::size_t own = own_size(receiver, expiry);
            if (own <= few_properties) [[likely]] {
                const bool has_id = receiver.qos != QoS::at_most_once;
                std::byte* const to = buffer.data();
                const std::uint16_t size = topic().size_if_short();
                const Sizes sizes = sizes_of(size, has_id, true, own);
                std::byte* at = put_fixed_header(to, receiver, sizes);
                at = put_varint(put_id(put_short_topic(at, size), receiver, has_id), sizes.properties);
                return std::span(to, put_properties(at, receiver, expiry));
            }
        }
        return write_any<Code>(receiver, buffer);
    }

    // Any head.

    template <class Code>
    MQTTWIRE_NOINLINE constexpr Result<std::span<std::byte>> write_any(
        const Receiver& receiver, std::span<std::byte> buffer) const noexcept
    {
        if (const Error fault = fault_of<Code>(receiver); fault.code != Errc::none) return fault;
        const bool v5 = receiver.version == Version::v5;
        const std::optional<std::uint32_t>& expiry = expiry_for(receiver);
        const std::size_t own = v5 ? own_size(receiver, expiry) : 0;
        if (own == out_of_range) return identifier_fault(receiver.subscription_identifier);
        const Text named = receiver.with_topic ? topic() : Text();
        if (named.empty() && receiver.topic_alias == 0) // with the topic only if no message was prepared
            return wire::publish_error(Errc::topic_missing_without_alias, Field::topic);
        const bool has_id = receiver.packet_id != 0;
        const Sizes sizes = sizes_of(named.size(), has_id, v5, own);
        if (const Error fault = size_fault(receiver, sizes, buffer.size()); fault.code != Errc::none) return fault;
        if constexpr (config::assertions)
            if (const Error fault = overlap_fault<Code>(buffer); fault.code != Errc::none) return fault;
        std::byte* at = put_fixed_header(buffer.data(), receiver, sizes);
        at = put_id(wire::store_prefixed(at, named), receiver, has_id);
        if (v5) put_properties(put_varint(at, sizes.properties), receiver, expiry);
        return buffer.first(sizes.head);
    }

    /// The first Subscription Identifier that is out of range; there must be one.
    static constexpr Error identifier_fault(std::span<const std::uint32_t> identifiers) noexcept
    {
        std::uint32_t index = 0;
        while (is_identifier(identifiers[index])) ++index;
        return {.code = wire::out_of_range_code(PropertyId::subscription_identifier),
            .field = field(PropertyId::subscription_identifier),
            .packet = PacketType::publish,
            .element = index};
    }

    /// What is wrong with the size of a packet, or with that of the buffer for its head.
    static constexpr Error size_fault(const Receiver& receiver, const Sizes& sizes, std::size_t room) noexcept
    {
        if (sizes.properties > max_varint) return wire::publish_error(Errc::packet_too_large, Field::property_length);
        if (sizes.body > max_varint) return wire::publish_error(Errc::packet_too_large, Field::packet);
        const auto body = static_cast<std::uint32_t>(sizes.body);
        const std::uint32_t whole = 1 + wire::varint_size(body) + body;
        if (receiver.limits != nullptr && whole > receiver.limits->maximum_packet_size)
            return wire::size_error(PacketType::publish, whole);
        if (room < sizes.head)
            return wire::publish_error(Errc::buffer_too_small, Field::packet, static_cast<std::uint32_t>(sizes.head));
        return {};
    }

    /// Tells which field of the message a buffer overlaps.
    template <class Code>
    MQTTWIRE_NOINLINE constexpr Error overlap_fault(std::span<const std::byte> buffer) const noexcept
    {
        if (std::is_constant_evaluated()) return {};
        if (wire::overlap({topic().bytes(), topic().size()}, buffer))
            return wire::publish_error(Errc::overlapping_buffer, Field::topic);
        if (wire::overlap(payload(), buffer)) return wire::publish_error(Errc::overlapping_buffer, Field::payload);
        for (const std::span<const std::byte> slice : rest(Version::v5))
            if (wire::overlap(slice, buffer)) return wire::publish_error(Errc::overlapping_buffer, Field::properties);
        return {};
    }

    // The steps of a head.

    MQTTWIRE_ALWAYS_INLINE static constexpr std::byte* put_fixed_header(
        std::byte* to, const Receiver& receiver, const Sizes& sizes) noexcept
    {
        auto first = static_cast<unsigned>(PacketType::publish); // DUP, QoS and RETAIN follow
        first = 2 * first + static_cast<unsigned>(receiver.dup);
        first = 4 * first + static_cast<unsigned>(receiver.qos);
        first = 2 * first + static_cast<unsigned>(receiver.retain);
        *to = static_cast<std::byte>(first);
        return put_varint(to + 1, sizes.body);
    }

    /// The same as store_varint, without a loop for the usual lengths.
    MQTTWIRE_ALWAYS_INLINE static constexpr std::byte* put_varint(std::byte* to, std::size_t length) noexcept
    {
        const auto value = static_cast<std::uint32_t>(length);
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

    MQTTWIRE_ALWAYS_INLINE constexpr std::byte* put_short_topic(std::byte* at, std::uint16_t count) const noexcept
    {
        if (std::is_constant_evaluated()) return wire::store_prefixed(at, topic());
        const std::size_t size = count;
        const std::byte* const from = topic().bytes();
        wire::store_two(at, count);
        at += 2;
        if (size >= 16) wire::copy_some(at, from, size);
        else wire::copy_few(at, from, size);
        return at + size;
    }

    MQTTWIRE_ALWAYS_INLINE static constexpr std::byte* put_id(
        std::byte* at, const Receiver& receiver, bool has_id) noexcept
    {
        if (!has_id) return at;
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

    static constexpr std::size_t no_room = static_cast<std::size_t>(-1) - few_properties; ///< no buffer has that

    wire::SharedMessage message_;
    std::size_t room_; ///< see find_room
};

} // namespace mqttwire::inline MQTTWIRE_ABI
