// Outbox: packets that wait to be written to a stream, many at a time; among them a PUBLISH whose payload is too large
// for memory, and is read piece by piece while it is written. While nothing waits there is no coroutine and no buffer.
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
#include <cstdint>
#include <functional>
#include <memory>
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
    /// `begin` is called when there is something to do: then `run`, or `write_now` and `is_done`, is to be called soon.
    /// `patience`: how long the other side may take to read the last packets; meanwhile go on reading from it.
    explicit Outbox(std::function<void()> begin, std::chrono::milliseconds patience = std::chrono::milliseconds(100))
        : begin_(std::move(begin)), patience_(patience)
    {
    }

    /// Puts a packet behind the others; false if the version cannot say it, if it takes more bytes than `most`, or if
    /// nothing is sent any more.
    template <class Packet>
    bool put(const Packet& packet, mqttwire::Version version, std::uint32_t most = 0xFFFFFFFF)
    {
        const std::size_t before = waiting_.size();
        if (ended_ || !mqttwire::append(packet, waiting_, version)) return false;
        if (waiting_.size() - before > most) {
            waiting_.resize(before);
            return false;
        }
        count();
        wake();
        return true;
    }
    /// Puts the head of a PUBLISH behind the others, see mqttwire::encode_head, and the payload behind it; one at a
    /// time.
    bool put(std::vector<std::byte> head, PayloadSource payload)
    {
        if (ended_ || large_) return false;
        large_ = std::make_unique<Large>(waiting_.size(), std::move(head), std::move(payload));
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
    bool has_large() const { return large_ != nullptr; }
    bool ended() const { return ended_; }
    /// True when it has ended and all is done.
    bool is_closed() const { return closed_; }
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

    /// Writes what goes at once, and calls `after` as `run` does. False if something is left for `run`.
    template <class After>
    bool write_now(Stream& stream, const After& after)
    {
        if (ended_ || large_) return false;
        const std::size_t size = stream.write_now(waiting_);
        const bool all = size == waiting_.size();
        waiting_.erase(waiting_.begin(), waiting_.begin() + static_cast<std::ptrdiff_t>(size));
        count();
        if (size != 0) after(size);
        return all;
    }
    /// True if there is nothing more to do until `begin` is called again.
    bool is_done()
    {
        if (!waiting_.empty() || large_ || ended_) return false;
        if (waiting_.capacity() > 256) waiting_ = {};
        busy_ = false;
        return true;
    }

    /// Writes until there is nothing more to do; at the end closes the stream. Waits for `before` before packets are
    /// written, which it is shown, and calls `after` behind each write, with its size.
    template <class Before, class After>
    asio::awaitable<void> run(Stream& stream, Before before, After after)
    {
        std::vector<std::byte> bytes;
        while (!cut_ && (!waiting_.empty() || large_)) {
            if (large_ && large_->ahead == 0) {
                co_await before(std::span<const std::byte>(large_->head));
                co_await write_large(stream, after);
            } else {
                take(bytes);
                co_await before(std::span<const std::byte>(bytes));
                co_await write(stream, bytes, after);
            }
        }
        if (is_done()) co_return;
        if (!cut_) {
            co_await stream.finish();
            // Closing while bytes of the peer lie unread would take back what it has not read yet.
            constexpr std::chrono::milliseconds step(20);
            for (auto waited = step; waited <= patience_ && !cut_; waited += step) co_await pause(step);
        }
        stream.close();
        closed_ = true;
    }

private:
    static constexpr std::size_t piece_size = 65'536;

    struct Large {
        Large(std::size_t the_ahead, std::vector<std::byte> the_head, PayloadSource the_payload)
            : ahead(the_ahead), head(std::move(the_head)), payload(std::move(the_payload))
        {
        }
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
    void wake()
    {
        if (busy_ || closed_) return;
        busy_ = true;
        begin_();
    }

    std::function<void()> begin_;
    std::chrono::milliseconds patience_;
    std::vector<std::byte> waiting_;
    std::unique_ptr<Large> large_;
    std::size_t writing_ = 0;
    Counted memory_;
    std::chrono::steady_clock::time_point since_{}; ///< of the present write
    bool busy_ = false; ///< from `begin` until nothing is to be done
    bool ended_ = false;
    bool cut_ = false;
    bool closed_ = false;
};

} // namespace network
