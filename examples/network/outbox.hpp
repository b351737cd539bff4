// Outbox: packets that wait to be written to a stream, and the coroutine that writes them, many at a time.
#pragma once

#include "stream.hpp"

#include <mqttwire/session/outcome.hpp>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <array>
#include <chrono>
#include <cstddef>
#include <span>
#include <utility>
#include <vector>

namespace network {

class Outbox {
public:
    explicit Outbox(const asio::any_io_executor& executor) : wake_(executor) {}

    /// Puts a packet behind the others; false if the version cannot say it or nothing is sent any more.
    template <class Packet>
    bool put(const Packet& packet, mqttwire::Version version)
    {
        const auto size = packet.encoded_size(version);
        if (!size || ended_) return false;
        const std::size_t before = waiting_.size();
        waiting_.resize(before + *size);
        if (!packet.encode(std::span(waiting_).subspan(before), version)) waiting_.resize(before);
        wake();
        return waiting_.size() != before;
    }
    /// The answer of an outcome, if there is one.
    void put_answer(const mqttwire::session::Outcome& outcome, mqttwire::Version version)
    {
        std::array<std::byte, 8> buffer;
        const auto bytes = mqttwire::session::encode_answer(outcome, buffer, version);
        if (!bytes || bytes->empty() || ended_) return;
        waiting_.insert(waiting_.end(), bytes->begin(), bytes->end());
        wake();
    }

    /// Bytes that wait or are being written.
    std::size_t size() const { return waiting_.size() + writing_; }
    bool ended() const { return ended_; }
    /// True if a write has taken that long.
    bool is_stuck(std::chrono::seconds patience) const
    {
        return writing_ != 0 && std::chrono::steady_clock::now() - since_ > patience;
    }

    /// Nothing more is put in: what waits is written, and the stream ended in order.
    void end()
    {
        ended_ = true;
        wake();
    }
    /// What waits is lost.
    void cut()
    {
        cut_ = true;
        end();
    }

    /// Writes until the end and closes the stream; calls `before` before each write, with its bytes, and `after` behind
    /// it.
    template <class Before, class After>
    asio::awaitable<void> run(Stream& stream, Before before, After after)
    {
        std::vector<std::byte> bytes;
        while (!cut_ && !(ended_ && waiting_.empty())) {
            if (waiting_.empty()) {
                if (bytes.capacity() > 16'384) bytes = {};
                co_await sleep(std::chrono::hours(24));
                continue;
            }
            bytes.clear();
            std::swap(bytes, waiting_);
            before(std::span<const std::byte>(bytes));
            writing_ = bytes.size();
            since_ = std::chrono::steady_clock::now();
            const bool written = co_await stream.write(bytes);
            writing_ = 0;
            if (!written) cut();
            else after(bytes.size());
        }
        if (!cut_) {
            co_await stream.finish();
            // Closing while bytes of the peer lie unread would take back what it has not read yet.
            co_await sleep(std::chrono::milliseconds(100));
        }
        stream.close();
    }

private:
    asio::awaitable<void> sleep(std::chrono::steady_clock::duration time)
    {
        wake_.expires_after(time);
        sleeping_ = true;
        co_await wake_.async_wait(asio::as_tuple(asio::use_awaitable));
        sleeping_ = false;
    }
    void wake()
    {
        if (sleeping_) wake_.cancel();
    }

    std::vector<std::byte> waiting_;
    std::size_t writing_ = 0;
    std::chrono::steady_clock::time_point since_{}; ///< of the present write
    asio::steady_timer wake_;
    bool sleeping_ = false;
    bool ended_ = false;
    bool cut_ = false;
};

} // namespace network
