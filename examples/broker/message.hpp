// Message: what was published, kept for those who get it, for later subscribers, or for when a client is gone.
#pragma once

#include <mqttwire/mqttwire.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <utility>
#include <vector>

namespace broker {

namespace mq = mqttwire;

using Clock = std::chrono::system_clock; // expiry goes on while the broker does not run

/// Its own bytes, and the PUBLISH of 5.0 that is read from them: topic, payload and the properties that are the
/// publisher's. QoS and RETAIN are as published; packet identifier, alias and subscription identifiers are left out.
class Message {
public:
    /// Nothing if the PUBLISH is not one that can be sent on.
    static std::shared_ptr<const Message> of(mq::Publish publish, Clock::time_point now)
    {
        const mq::QoS qos = publish.qos;
        publish.qos = mq::QoS::at_most_once;
        publish.dup = false;
        publish.packet_id = 0;
        publish.properties.topic_alias = {};
        publish.properties.subscription_identifier = {};
        const auto size = publish.encoded_size<mq::Version::v5>();
        if (!size) return nullptr;
        std::vector<std::byte> bytes(*size);
        if (!publish.encode<mq::Version::v5>(bytes)) return nullptr;
        std::optional<Clock::time_point> expiry;
        if (const auto seconds = publish.properties.message_expiry_interval)
            expiry = now + std::chrono::seconds(*seconds);
        return from_bytes(std::move(bytes), qos, expiry);
    }
    static std::shared_ptr<const Message> from_bytes(
        std::vector<std::byte> bytes, mq::QoS qos, std::optional<Clock::time_point> expiry)
    {
        auto message = std::make_shared<Message>();
        message->bytes_ = std::move(bytes);
        const auto publish = mq::Publish::decode<mq::Version::v5>(message->bytes_);
        if (!publish) return nullptr;
        message->publish_ = *publish;
        message->publish_.qos = qos;
        message->expiry_ = expiry;
        return message;
    }

    std::span<const std::byte> bytes() const { return bytes_; }
    const mq::Publish& publish() const { return publish_; }
    std::optional<Clock::time_point> expiry() const { return expiry_; }
    bool expired(Clock::time_point now) const { return expiry_ && *expiry_ <= now; }

    /// The PUBLISH to send now: its expiry is less by the time that it waited here [MQTT-3.3.2-6].
    mq::Publish to_send(Clock::time_point now) const
    {
        mq::Publish publish = publish_;
        if (expiry_)
            publish.properties.message_expiry_interval = static_cast<std::uint32_t>(std::max<std::chrono::seconds::rep>(
                0, std::chrono::duration_cast<std::chrono::seconds>(*expiry_ - now).count()));
        return publish;
    }

private:
    std::vector<std::byte> bytes_;
    mq::Publish publish_;
    std::optional<Clock::time_point> expiry_;
};

using MessagePtr = std::shared_ptr<const Message>;

} // namespace broker
