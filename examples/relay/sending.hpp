// What waits to be sent to a client: packets, and shares in messages that are kept once for all their receivers.
#pragma once

#include "packets.hpp"
#include "socket.hpp"

#include <mqttwire/outgoing.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <span>
#include <utility>
#include <vector>

namespace relay {

/// A message as it came, which is there as long as somebody has yet to get it.
struct Message {
    std::vector<std::byte> packet;
    std::vector<std::byte> scratch;
    mqttwire::OutgoingMessage outgoing;
};

class Sending {
public:
    /// The packet goes before all messages that wait: acknowledgements must not stand behind what waits for some.
    template <class Packet>
    bool add(const Packet& packet, mqttwire::Version version)
    {
        const auto size = packet.encoded_size(version);
        if (!size) return complain(size.error());
        Waiting& waiting = packets_.emplace_back();
        waiting.head.resize(*size);
        return packet.encode(waiting.head, version).has_value();
    }

    /// A message with the head for this receiver.
    void add(
        std::span<const std::byte> head, std::shared_ptr<const Message> message, const mqttwire::Receiver& receiver)
    {
        messages_.push_back(
            {{head.begin(), head.end()}, std::move(message), receiver.version, receiver.packet_id != 0});
    }

    /// At most so many messages with QoS 1 and 2 are sent that are not acknowledged.
    void set_receive_maximum(std::uint16_t maximum) noexcept { receive_maximum_ = maximum; }

    /// One of them is; false if there is none.
    bool acknowledged() noexcept
    {
        if (in_flight_ == 0) return false;
        --in_flight_;
        return true;
    }

    /// True if the connection has not taken all that may be sent.
    bool blocked() const noexcept { return current_.has_value(); }

    /// Sends what can go without waiting; false if the connection is broken.
    bool flush(const Socket& socket)
    {
        while (current_ || choose()) {
            std::array<std::span<const std::byte>, mqttwire::OutgoingPacket::most_spans> spans{current_->head};
            std::size_t count = 1;
            if (current_->message)
                for (const auto& slice : current_->message->outgoing.rest(current_->version)) spans[count++] = slice;
            std::size_t skip = sent_;
            std::size_t left = 0;
            for (auto& span : spans) {
                const std::size_t gone = std::min(skip, span.size());
                span = span.subspan(gone);
                skip -= gone;
                left += span.size();
            }
            const auto sent = send_some(socket, std::span(spans).first(count));
            if (!sent) return false;
            sent_ += *sent;
            if (*sent < left) return true;
            current_.reset();
        }
        return true;
    }

private:
    struct Waiting {
        std::vector<std::byte> head; ///< of a message, or a whole packet
        std::shared_ptr<const Message> message{};
        mqttwire::Version version{};
        bool is_acknowledged = false; ///< a message with QoS 1 or 2
    };

    bool choose()
    {
        const bool full = in_flight_ == receive_maximum_;
        const bool may_send = !messages_.empty() && !(full && messages_.front().is_acknowledged);
        if (packets_.empty() && !may_send) return false;
        std::deque<Waiting>& queue = packets_.empty() ? messages_ : packets_;
        current_ = std::move(queue.front());
        queue.pop_front();
        sent_ = 0;
        if (current_->is_acknowledged) ++in_flight_;
        return true;
    }

    std::deque<Waiting> packets_;
    std::deque<Waiting> messages_;
    std::optional<Waiting> current_; ///< what is being sent
    std::size_t sent_ = 0; ///< bytes of it
    std::uint16_t receive_maximum_ = 65'535;
    std::uint16_t in_flight_ = 0;
};

} // namespace relay
