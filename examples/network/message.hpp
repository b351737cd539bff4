// Message: what was published, kept for those who get it, for later subscribers, or for when a client is gone.
#pragma once

#include "counted.hpp"
#include "growing_index.hpp"

#include <mqttwire/mqttwire.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <stdexcept>
#include <utility>
#include <vector>

namespace network {

namespace mq = mqttwire;

using Clock = std::chrono::system_clock; // expiry goes on while the broker does not run

/// Its own bytes, and the PUBLISH of 5.0 that is read from them: topic, payload and the properties that are the
/// publisher's. QoS and RETAIN are as published; packet identifier, alias and subscription identifiers are left out.
struct Message {
    std::vector<std::byte> bytes{};
    mq::Publish publish{};
    std::optional<Clock::time_point> expiry{};
    Counted memory{}; ///< what it takes, with its place among the retained messages if it is to be one of them

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
    static std::shared_ptr<const Message> of_will(const mq::Will& will, Clock::time_point now)
    {
        const mq::WillProperties& from = will.properties;
        return of({.topic = will.topic,
                      .payload = will.payload,
                      .qos = will.qos,
                      .retain = will.retain,
                      .properties = {.payload_format_indicator = from.payload_format_indicator,
                          .message_expiry_interval = from.message_expiry_interval,
                          .content_type = from.content_type,
                          .response_topic = from.response_topic,
                          .correlation_data = from.correlation_data,
                          .user_property = from.user_property}},
            now);
    }
    static std::shared_ptr<const Message> from_bytes(
        std::vector<std::byte> bytes, mq::QoS qos, std::optional<Clock::time_point> expiry)
    {
        auto message = std::make_shared<Message>();
        message->bytes = std::move(bytes);
        const auto publish = mq::Publish::decode<mq::Version::v5>(message->bytes);
        if (!publish) return nullptr;
        message->publish = *publish;
        message->publish.qos = qos;
        message->expiry = expiry;
        const std::size_t place = publish->retain ? index_cost(publish->topic.view()) : 0;
        message->memory.set(sizeof(Message) + message->bytes.size() + place);
        return message;
    }

    bool expired(Clock::time_point now) const { return expiry && *expiry <= now; }

    /// The PUBLISH to send now: its expiry is less by the time that it waited here [MQTT-3.3.2-6].
    mq::Publish to_send(Clock::time_point now) const
    {
        mq::Publish to = publish;
        if (!expiry) return to;
        const auto left = std::chrono::ceil<std::chrono::seconds>(*expiry - now).count();
        to.properties.message_expiry_interval = static_cast<std::uint32_t>(std::max<decltype(left)>(0, left));
        return to;
    }
};

using MessagePtr = std::shared_ptr<const Message>;

/// When to look for messages that have expired among many: when one has, and not more often than once a second.
class Expiries {
public:
    void add(const Message& message)
    {
        if (message.expiry) due_ = std::min(due_, std::max(*message.expiry, earliest_));
    }
    /// True if it is time; those that have not expired are to be added again.
    bool begin_look(Clock::time_point now)
    {
        if (now < due_) return false;
        due_ = Clock::time_point::max();
        earliest_ = now + std::chrono::seconds(1);
        return true;
    }

private:
    Clock::time_point due_ = Clock::time_point::max();
    Clock::time_point earliest_{};
};

// In the state file

void fields(auto& record, const MessagePtr& message)
{
    const Clock::rep expiry = message->expiry ? message->expiry->time_since_epoch().count() : 0;
    record(message->publish.qos, expiry, message->bytes);
}
void fields(auto& record, MessagePtr& message)
{
    mq::QoS qos{};
    Clock::rep expiry{};
    std::vector<std::byte> bytes;
    record(qos, expiry, bytes);
    const auto time = Clock::time_point(Clock::duration(expiry));
    message = Message::from_bytes(std::move(bytes), qos, expiry == 0 ? std::nullopt : std::optional(time));
    if (!message) throw std::runtime_error("a message in the state file is damaged");
}

} // namespace network
