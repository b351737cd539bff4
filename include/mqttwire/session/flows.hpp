// OutgoingFlows: what a sender waits to have answered, in the order in which it was sent [3.1.1 and 5.0: section 4.3].
//
//   QoS 1        PUBLISH --> ... PUBACK                                publish_1, done
//   QoS 2        PUBLISH --> ... PUBREC, PUBREL --> ... PUBCOMP        publish_2, pubrel, done
//   requests     SUBSCRIBE --> ... SUBACK, UNSUBSCRIBE --> ... UNSUBACK
//
// It holds no message, only the token under which the caller keeps it: 4 bytes a flow besides the token.
#pragma once

#include "mqttwire/config.hpp"
#include "mqttwire/qos.hpp"
#include "mqttwire/session/packet_ids.hpp"
#include "mqttwire/session/room.hpp"
#include "mqttwire/wire/name_among.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace mqttwire::inline MQTTWIRE_ABI::session {

/// What the caller knows a message or request by. Its value means nothing here.
using Token = std::uint32_t;

/// What an identifier is in use for.
enum class Flow : std::uint8_t {
    none, ///< it is free
    publish_1, ///< a PUBLISH with QoS 1 waits for PUBACK
    publish_2, ///< a PUBLISH with QoS 2 waits for PUBREC
    pubrel, ///< a PUBREL waits for PUBCOMP
    subscribe, ///< a SUBSCRIBE waits for SUBACK
    unsubscribe, ///< an UNSUBSCRIBE waits for UNSUBACK
};

/// The flow's own name in snake_case; empty for any other value.
constexpr std::string_view name(Flow flow) noexcept
{
    return wire::name_among(flow, {"none", "publish_1", "publish_2", "pubrel", "subscribe", "unsubscribe"});
}

/// The flow that a message with QoS 1 or 2 begins; one whose QoS is none begins some flow, until it cannot be encoded.
constexpr Flow flow_of(QoS qos) noexcept { return qos == QoS::exactly_once ? Flow::publish_2 : Flow::publish_1; }

/// True for the flows of messages, which outlive the connection; requests do not.
constexpr bool is_message(Flow flow) noexcept { return flow >= Flow::publish_1 && flow <= Flow::pubrel; }

template <std::size_t Capacity = in_callers_memory>
class OutgoingFlows {
public:
    constexpr OutgoingFlows() noexcept
        requires(Capacity != in_callers_memory)
    = default;
    /// Of two arrays of the same size.
    constexpr OutgoingFlows(std::span<PacketIdEntry> ids, std::span<Token> tokens) noexcept
        requires(Capacity == in_callers_memory)
        : ids_(ids.first(ids.size() < tokens.size() ? ids.size() : tokens.size())), tokens_(tokens)
    {
    }

    constexpr std::uint16_t capacity() const noexcept { return ids_.capacity(); }
    constexpr bool full() const noexcept { return ids_.full(); }

    /// Messages that are not done, sent on this connection or yet to be sent again.
    constexpr std::uint16_t messages() const noexcept { return messages_; }
    /// Messages of which nothing has been sent on this connection yet.
    constexpr std::uint16_t waiting() const noexcept { return waiting_; }
    /// Messages that count against the peer's Receive Maximum. Those of which only PUBREL was sent again count as well,
    /// or their PUBCOMP would give back what was never taken [5.0: MQTT-3.3.4-7, -9, section 4.9].
    constexpr std::uint16_t unacknowledged() const noexcept { return static_cast<std::uint16_t>(messages_ - waiting_); }

    /// Begins a flow and gives its identifier; 0 if all are in use.
    constexpr std::uint16_t begin(Flow flow, Token token) noexcept
    {
        const std::uint16_t id = ids_.take(static_cast<unsigned>(flow));
        if (id != 0) note(id, flow, token);
        return id;
    }
    /// Puts back a flow that was saved; false if its identifier is in use or above the capacity.
    constexpr bool put_back(std::uint16_t id, Flow flow, Token token) noexcept
    {
        if (!ids_.take_this(id, static_cast<unsigned>(flow))) return false;
        note(id, flow, token);
        return true;
    }

    constexpr Flow flow(std::uint16_t id) const noexcept { return static_cast<Flow>(ids_.mark(id) & kind_bits); }
    /// True if the identifier is in use for this flow, of which something has been sent on this connection.
    constexpr bool is_sent(std::uint16_t id, Flow flow) const noexcept
    {
        return ids_.mark(id) == static_cast<unsigned>(flow);
    }
    constexpr Token token(std::uint16_t id) const noexcept { return tokens_[id - 1U]; }

    /// PUBREC has come: PUBREL goes out, and the PUBLISH never again [MQTT-4.3.3-1; 5.0: MQTT-4.3.3-6].
    constexpr void release(std::uint16_t id) noexcept { stop_waiting(id, Flow::pubrel); }

    /// The flow is over, and the identifier free again [MQTT-2.3.1-3].
    MQTTWIRE_ALWAYS_INLINE constexpr void end(std::uint16_t id) noexcept
    {
        if (id == cursor_) [[unlikely]]
            cursor_ = ids_.next(id);
        const unsigned mark = ids_.mark_in_use(id);
        discount(mark);
        if (is_message(static_cast<Flow>(mark & kind_bits))) --messages_;
        ids_.give_back(id);
    }

    /// Ends the requests: they go with their connection.
    constexpr void end_requests() noexcept
    {
        for (std::uint16_t id = ids_.first(); id != 0;) {
            const std::uint16_t next = ids_.next(id);
            if (!is_message(flow(id))) end(id);
            id = next;
        }
    }

    /// Lets all messages wait to be sent again.
    constexpr void begin_resending() noexcept
    {
        for (std::uint16_t id = ids_.first(); id != 0; id = ids_.next(id)) {
            const unsigned mark = ids_.mark_in_use(id);
            if (is_message(static_cast<Flow>(mark & kind_bits))) ids_.set_mark(id, mark | waiting_bit);
        }
        waiting_ = messages_;
        cursor_ = ids_.first();
        publishes_ = false;
    }

    /// The next message to be sent again: first every PUBREL, for nothing may delay them [5.0: MQTT-3.3.4-8, -10], then
    /// every PUBLISH; each in the original order [MQTT-4.6.0-1, -4]. 0 behind the last.
    constexpr std::uint16_t next_waiting() noexcept
    {
        while (waiting_ != 0) {
            for (; cursor_ != 0; cursor_ = ids_.next(cursor_)) {
                const unsigned mark = ids_.mark_in_use(cursor_);
                if ((mark & waiting_bit) != 0 && (mark == waiting_pubrel) != publishes_) return cursor_;
            }
            publishes_ = !publishes_;
            cursor_ = ids_.first();
        }
        return 0;
    }
    /// It has been sent.
    constexpr void sent_again(std::uint16_t id) noexcept { stop_waiting(id, flow(id)); }

    /// Identifiers in use, oldest first; 0 behind the last.
    constexpr std::uint16_t first() const noexcept { return ids_.first(); }
    constexpr std::uint16_t next(std::uint16_t id) const noexcept { return ids_.next(id); }

    constexpr void clear() noexcept
    {
        ids_.clear();
        messages_ = 0;
        waiting_ = 0;
        cursor_ = 0;
        publishes_ = false;
    }

private:
    static constexpr unsigned kind_bits = 7;
    static constexpr unsigned waiting_bit = 8;
    static constexpr unsigned waiting_pubrel = waiting_bit | static_cast<unsigned>(Flow::pubrel);

    constexpr void note(std::uint16_t id, Flow flow, Token token) noexcept
    {
        tokens_[id - 1U] = token;
        if (is_message(flow)) ++messages_;
    }

    /// One with this mark waits no longer, if it did.
    constexpr void discount(unsigned mark) noexcept
    {
        waiting_ = static_cast<std::uint16_t>(waiting_ - mark / waiting_bit);
    }

    constexpr void stop_waiting(std::uint16_t id, Flow flow) noexcept
    {
        discount(ids_.mark_in_use(id));
        ids_.set_mark(id, static_cast<unsigned>(flow));
    }

    PacketIds<Capacity> ids_{};
    std::uint16_t messages_{};
    std::uint16_t cursor_{}; ///< where the search for those that wait goes on
    std::uint16_t waiting_{};
    bool publishes_{}; ///< whether it is for PUBLISH or for PUBREL
    [[no_unique_address]] Room<Token, Capacity> tokens_{};
};

} // namespace mqttwire::inline MQTTWIRE_ABI::session
