// SharedMessage: what all receivers of a message share, found once. outgoing.hpp writes heads for it.
#pragma once

#include "mqttwire/config.hpp"
#include "mqttwire/error.hpp"
#include "mqttwire/field.hpp"
#include "mqttwire/frame.hpp"
#include "mqttwire/leniency.hpp"
#include "mqttwire/packet_type.hpp"
#include "mqttwire/packets/functions.hpp"
#include "mqttwire/packets/publish.hpp"
#include "mqttwire/packets/publish_head.hpp"
#include "mqttwire/qos.hpp"
#include "mqttwire/stream_writer.hpp"
#include "mqttwire/version.hpp"
#include "mqttwire/wire/bytes.hpp"
#include "mqttwire/wire/rules.hpp"
#include "mqttwire/wire/shared_properties.hpp"
#include "mqttwire/wire/text.hpp"
#include "mqttwire/wire/varint.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace mqttwire::inline MQTTWIRE_ABI::wire {

constexpr Error publish_error(Errc code, Field field, std::uint32_t needed = 0) noexcept
{
    return {.code = code, .field = field, .packet = PacketType::publish, .needed = needed};
}

/// A message, and the slices of it that stand behind every receiver's head. It points into what it was taken from.
///
/// One that was just made has no sizes yet: what is taken sets them, once.
struct SharedMessage {
    static constexpr std::size_t most_slices = 3; ///< behind a head
    static constexpr std::uint32_t expiry_size = 5; ///< bytes of a Message Expiry Interval with its identifier

    Publish publish; ///< as it came, with the topic that it is for
    std::array<std::span<const std::byte>, 1 + most_slices> slices; ///< the payload, then those of 5.0
    std::uint32_t slices_of_5; ///< how many there are in 5.0; 0: none but the payload
    std::uint32_t properties_size; ///< bytes of the shared properties

    /// Not a default one, by which `SharedMessage()` would be cleared first.
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-member-init, modernize-use-equals-default)
    constexpr SharedMessage() noexcept {}

    constexpr void share_no_properties() noexcept
    {
        slices_of_5 = 0;
        properties_size = 0;
    }

    /// The topic that an alias stands for.
    template <class Code>
    MQTTWIRE_NOINLINE constexpr Error take_topic(Text topic, Leniency leniency) noexcept
    {
        if (topic.empty()) return publish_error(Errc::topic_alias_not_set, Field::topic);
        publish.topic = topic;
        const auto size = Publish{.topic = topic}.encoded_size(Version::v5, leniency);
        return size ? Error{} : size.error();
    }

    MQTTWIRE_ALWAYS_INLINE constexpr void take_payload() noexcept
    {
        slices[0] = {publish.payload.bytes(), publish.payload.size()};
    }

    /// The property block of a frame, for readers that note no places.
    static constexpr const std::byte* block_of(const Frame& frame, QoS qos) noexcept
    {
        const std::byte* const body = frame.body().data();
        const std::byte* const at = body + 2 + load_two(body) + (qos == QoS::at_most_once ? 0 : 2);
        return at + load_valid_varint(at).size;
    }

    /// A property block, behind which the payload stands.
    template <class Code>
    MQTTWIRE_ALWAYS_INLINE constexpr Error take_properties(
        const PropertyPlaces& places, std::span<std::byte> scratch, const Text& topic, Leniency leniency) noexcept
    {
        const std::byte* at = places.block;
        const std::byte* const end = payload().data();
        const PublishProperties& properties = publish.properties;
        if (!config::small && at == end) {
            share_no_properties();
            return {};
        }
        if (config::small || properties.topic_alias || !properties.subscription_identifier.empty()) [[unlikely]] {
            if (publish.topic.empty())
                if (const Error unknown = take_topic<Code>(topic, leniency); unknown.code != Errc::none) return unknown;
            return take_stretches<Code>({at, end}, scratch);
        }
        auto shared = static_cast<std::uint32_t>(end - at);
        std::span<const std::byte>* const first = slices.data() + 1;
        std::span<const std::byte>* slice = first;
        if (properties.message_expiry_interval) {
            if (at != places.expiry) *slice++ = {at, places.expiry};
            at = places.expiry + expiry_size;
            shared -= expiry_size;
        }
        const std::byte* const payload_end = end + payload().size();
        if (at != payload_end) *slice++ = {at, payload_end};
        slices_of_5 = static_cast<std::uint32_t>(slice - first);
        properties_size = shared;
        return {};
    }

    /// A property block in which properties of the receiver stand between others. `scratch` takes the shared ones, if
    /// there are not slices enough.
    template <class Code>
    MQTTWIRE_NOINLINE constexpr Error take_stretches(
        std::span<const std::byte> block, std::span<std::byte> scratch) noexcept
    {
        share_no_properties();
        const std::byte* const end = block.data() + block.size();
        bool fits = true;
        bool reaches_payload = payload().empty();
        for_each_shared(block, [&](std::span<const std::byte> stretch) {
            properties_size += static_cast<std::uint32_t>(stretch.size());
            reaches_payload = reaches_payload || stretch.data() + stretch.size() == end;
            if (slices_of_5 == most_slices) fits = false;
            else add_slice(stretch);
        });
        if (fits && (reaches_payload || slices_of_5 < most_slices)) {
            add_payload();
            return {};
        }
        if (scratch.size() < properties_size)
            return publish_error(Errc::buffer_too_small, Field::properties, properties_size);
        std::byte* to = scratch.data();
        for_each_shared(block, [&](std::span<const std::byte> stretch) {
            copy(to, stretch.data(), stretch.size());
            to += stretch.size();
        });
        slices_of_5 = 0;
        add_slice(scratch.first(properties_size));
        add_payload();
        return {};
    }

    /// A message of one's own, whose shared properties are written into `scratch`.
    template <class Code>
    constexpr Error take_publish(
        const Publish& message, Version version, std::span<std::byte> scratch, Leniency leniency) noexcept
    {
        publish = message;
        share_no_properties();
        Publish shared{.topic = message.topic, .payload = message.payload, .properties = message.properties};
        shared.properties.topic_alias = std::optional<std::uint16_t>{};
        shared.properties.subscription_identifier = {};
        const auto size = shared.encoded_size(version, leniency); // with the payload, which may be looked at
        if (!size) [[unlikely]] {
            if (size.error().code == Errc::topic_missing_without_alias && message.properties.topic_alias)
                return publish_error(Errc::topic_alias_not_set, Field::topic);
            return size.error();
        }
        take_payload();
        shared.properties.message_expiry_interval = std::optional<std::uint32_t>{};
        if (!(shared.properties == PublishProperties{}))
            if (const Error lack = take_shared<Code>(shared, version, scratch, leniency); lack.code != Errc::none)
                return lack;
        return {};
    }

    /// Writes the properties of a Publish that has no others.
    template <class Code>
    constexpr Error take_shared(
        const Publish& shared, Version version, std::span<std::byte> scratch, Leniency leniency) noexcept
    {
        const auto head = encode_head(shared, payload().size(), scratch, version, leniency);
        if (!head) return head.error();
        const std::byte* at = head->data() + 1;
        at += load_valid_varint(at).size;
        at += 2 + load_two(at);
        const Varint length = load_valid_varint(at);
        properties_size = length.value;
        add_slice({at + length.size, length.value});
        add_payload();
        return {};
    }

    constexpr const std::span<const std::byte>& payload() const noexcept { return slices[0]; }

    constexpr void add_slice(std::span<const std::byte> slice) noexcept { slices[++slices_of_5] = slice; }

    /// The payload, as one slice with what stands in front of it.
    constexpr void add_payload() noexcept
    {
        if (payload().empty()) return;
        if (slices_of_5 != 0) {
            std::span<const std::byte>& last = slices[slices_of_5];
            if (last.data() + last.size() == payload().data()) {
                last = {last.data(), last.size() + payload().size()};
                return;
            }
        }
        add_slice(payload());
    }
};

/// Whether a frame was taken, and else what is wrong: apart, so that nobody puts a fault together to see that it is
/// none.
struct Taken {
    bool good = true;
    Error error{};

    constexpr Taken() noexcept = default;
    constexpr Taken(const Error& fault) noexcept : good(false), error(fault) {}
};

/// Takes a frame in a version of which something is known. `topic`: of an alias alone; `scratch`: see take_stretches.
template <class Code, bool IsStrict>
struct TakeFrame {
    SharedMessage& message;
    const Frame& frame;
    std::span<std::byte> scratch;
    const Text& topic;
    Leniency leniency;
    Role receiver;

    template <class V>
    MQTTWIRE_ALWAYS_INLINE constexpr Taken operator()(V version) const noexcept
    {
        if constexpr (IsStrict) return take(Strict<V>(version));
        else return take(version);
    }

    template <class V>
    MQTTWIRE_ALWAYS_INLINE constexpr Taken take(V version) const noexcept
    {
        Publish& read = message.publish;
        PropertyPlaces places;
        const Error error =
            read_head(read, frame.bytes(), frame.header_size(), version, leniency, receiver, NotePlaces{&places});
        if (error.code != Errc::none) [[unlikely]]
            return error;
        if constexpr (config::small)
            if (version == Version::v5) places.block = SharedMessage::block_of(frame, read.qos);
        message.take_payload();
        if (version == Version::v5) {
            const Error lack = message.take_properties<Code>(places, scratch, topic, leniency);
            if (lack.code != Errc::none) [[unlikely]]
                return lack;
        } else {
            message.share_no_properties();
        }
        return {};
    }
};

} // namespace mqttwire::inline MQTTWIRE_ABI::wire
