// Retained: the retained messages by topic, within a number of bytes.
#pragma once

#include "growing_index.hpp"
#include "message.hpp"

#include <mqttwire/topic_index.hpp>

#include <cstddef>
#include <vector>

namespace network {

class Retained {
public:
    explicit Retained(std::size_t most_bytes) : most_bytes_(most_bytes) {}

    std::size_t size() const { return index_.size(); }

    /// True if the message can be retained, should it have to be.
    bool has_room_for(const Message& message) const
    {
        const mqttwire::Publish& publish = message.publish;
        if (!publish.retain || publish.payload.empty()) return true;
        const auto found = index_.find(publish.topic);
        const std::size_t present = found ? index_.values()[found->value()]->memory.bytes() : 0;
        return bytes_ - present + message.memory.bytes() <= most_bytes_;
    }
    /// Takes the message in place of the one with its topic. False if that has only gone, for the new one has no
    /// payload or there is no room for it [MQTT-3.3.1-6, -7].
    bool set(const MessagePtr& message)
    {
        const bool stays = !message->publish.payload.empty() && has_room_for(*message);
        erase(message->publish.topic);
        if (!stays || !index_.insert(message->publish.topic, message)) return false;
        bytes_ += message->memory.bytes();
        expiries_.add(*message);
        return true;
    }
    /// Those whose topics the filter matches.
    std::vector<MessagePtr> matching(const mqttwire::Text& filter, Clock::time_point now)
    {
        std::vector<MessagePtr> found;
        index_.match(filter, [&](const mqttwire::IndexMatch& match) {
            if (const MessagePtr& message = index_[match.value()]; !message->expired(now)) found.push_back(message);
        });
        return found;
    }
    template <class Visit>
    void for_each(Visit visit) const
    {
        for (const MessagePtr& each : index_.values())
            if (each) visit(each);
    }
    /// Forgets those that have expired, and gives them [5.0: section 3.3.2.3.3].
    std::vector<MessagePtr> expire(Clock::time_point now)
    {
        std::vector<MessagePtr> expired;
        if (!expiries_.begin_look(now)) return expired;
        for_each([&](const MessagePtr& each) {
            if (each->expired(now)) expired.push_back(each);
            else expiries_.add(*each);
        });
        for (const MessagePtr& each : expired) erase(each->publish.topic);
        return expired;
    }

private:
    void erase(const mqttwire::Text& topic)
    {
        if (const auto found = index_.find(topic)) bytes_ -= index_.erase(found->entry())->memory.bytes();
    }

    GrowingIndex<mqttwire::NameIndex, MessagePtr> index_;
    std::size_t bytes_ = 0;
    std::size_t most_bytes_;
    Expiries expiries_;
};

} // namespace network
