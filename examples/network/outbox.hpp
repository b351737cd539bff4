// Outbox: packets that wait to be written to a stream, and the coroutine that writes them, many at a time; among them a
// PUBLISH whose payload is too large for memory, and is read piece by piece while it is written.
#pragma once

#include "counted.hpp"
#include "stream.hpp"

#include <mqttwire/append.hpp>
#include <mqttwire/session/outcome.hpp>
#include <mqttwire/stream.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <functional>
#include <optional>
#include <span>
#include <utility>
#include <vector>

namespace network {

/// A payload that comes from elsewhere.
struct PayloadSource {
    std::size_t size = 0;
    /// Fills the bytes with those from `offset` on; false if they are not there any more.
    std::function<bool(std::size_t offset, std::span<std::byte> bytes)> read{};
};

class Outbox {
public:
    explicit Outbox(const asio::any_io_executor& executor) : wake_(executor) {}

    /// Puts a packet behind the others; false if the version cannot say it or nothing is sent any more.
    template <class Packet>
    bool put(const Packet& packet, mqttwire::Version version)
    {
        if (ended_ || !mqttwire::append(packet, waiting_, version)) return false;
        count();
        wake();
        return true;
    }
    /// Puts the head of a PUBLISH behind the others, see mqttwire::encode_head, and the payload behind it; one at a
    /// time.
    bool put(std::vector<std::byte> head, PayloadSource payload)
    {
        if (ended_ || large_) return false;
        large_ = Large{.ahead = waiting_.size(), .head = std::move(head), .payload = std::move(payload)};
        wake();
        return true;
    }
    /// The answer of an outcome, if there is one.
    void put_answer(const mqttwire::session::Outcome& outcome, mqttwire::Version version)
    {
        std::array<std::byte, 8> buffer;
        const auto bytes = mqttwire::session::encode_answer(outcome, buffer, version);
        if (!bytes || bytes->empty() || ended_) return;
        waiting_.insert(waiting_.end(), bytes->begin(), bytes->end());
        count();
        wake();
    }

    /// Bytes in memory that wait or are being written.
    std::size_t size() const { return waiting_.size() + writing_; }
    /// True from `put` of a head until its payload is written.
    bool has_large() const { return large_.has_value(); }
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

    /// Writes until the end and closes the stream. Waits for `before` before packets are written, which it is shown,
    /// and calls `after` behind each write, with its size.
    template <class Before, class After>
    asio::awaitable<void> run(Stream& stream, Before before, After after)
    {
        std::vector<std::byte> bytes;
        while (!cut_ && !(ended_ && waiting_.empty() && !large_)) {
            if (waiting_.empty() && !large_) {
                if (bytes.capacity() > 16'384) bytes = {};
                co_await sleep(std::chrono::hours(24));
            } else if (large_ && large_->ahead == 0) {
                co_await before(std::span<const std::byte>(large_->head));
                co_await write_large(stream, after);
            } else {
                take(bytes);
                co_await before(std::span<const std::byte>(bytes));
                co_await write(stream, bytes, after);
            }
        }
        if (!cut_) {
            co_await stream.finish();
            // Closing while bytes of the peer lie unread would take back what it has not read yet.
            co_await sleep(std::chrono::milliseconds(100));
        }
        stream.close();
    }

private:
    static constexpr std::size_t piece_size = 65'536;

    struct Large {
        std::size_t ahead; ///< bytes of `waiting_` that go before it
        std::vector<std::byte> head;
        PayloadSource payload;
    };

    /// Takes what may be written now.
    void take(std::vector<std::byte>& bytes)
    {
        bytes.clear();
        std::swap(bytes, waiting_);
        if (large_) {
            const auto ahead = bytes.begin() + static_cast<std::ptrdiff_t>(std::exchange(large_->ahead, 0));
            waiting_.assign(ahead, bytes.end());
            bytes.erase(ahead, bytes.end());
        }
        writing_ = bytes.size();
        since_ = std::chrono::steady_clock::now();
    }

    template <class After>
    asio::awaitable<void> write(Stream& stream, std::span<const std::byte> bytes, After& after)
    {
        writing_ = bytes.size();
        since_ = std::chrono::steady_clock::now();
        const bool written = !cut_ && co_await stream.write(bytes);
        writing_ = 0;
        count();
        if (!written) cut();
        else after(bytes.size());
    }

    template <class After>
    asio::awaitable<void> write_large(Stream& stream, After& after)
    {
        const std::size_t size = large_->payload.size;
        std::vector<std::byte> buffer(std::min(size, piece_size));
        mqttwire::StreamWriter writer(large_->head, size);
        while (!writer.complete() && !cut_) {
            const auto piece = std::span(buffer).first(std::min(buffer.size(), writer.owed()));
            if (!large_->payload.read(size - writer.owed(), piece)) {
                cut(); // the packet cannot be completed, so neither can the connection go on
                break;
            }
            const auto spans = *writer.spans(piece);
            for (const std::span<const std::byte> each : spans) {
                if (each.empty() || cut_) continue;
                co_await write(stream, each, after);
                writer.sent(each.size());
            }
        }
        if (cut_) co_return;
        large_.reset();
        after(0);
    }

    void count() { memory_.set(size()); }
    asio::awaitable<void> sleep(std::chrono::steady_clock::duration time)
    {
        wake_.expires_after(time);
        sleeping_ = true;
        co_await wake_.async_wait(quietly);
        sleeping_ = false;
    }
    void wake()
    {
        if (sleeping_) wake_.cancel();
    }

    std::vector<std::byte> waiting_;
    std::optional<Large> large_;
    std::size_t writing_ = 0;
    Counted memory_;
    std::chrono::steady_clock::time_point since_{}; ///< of the present write
    asio::steady_timer wake_;
    bool sleeping_ = false;
    bool ended_ = false;
    bool cut_ = false;
};

} // namespace network
