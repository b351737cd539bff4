// Reads packets from a stream.
#pragma once

#include "outbox.hpp"

#include <mqttwire/framer.hpp>

#include <cstddef>
#include <memory>
#include <span>

namespace network {

/// Cuts what comes from a stream into packets.
class PacketReader {
public:
    /// Packets that are not whole yet may take `most` bytes in all streams together.
    explicit PacketReader(std::size_t largest_packet, std::size_t most = static_cast<std::size_t>(-1))
        : most_(most), framer_({}, largest_packet)
    {
    }

    /// Reads once, and calls `handle` with each frame that is whole, until the outbox ends. How many bytes have come; 0
    /// when the stream has ended.
    template <class Handle>
    asio::awaitable<std::size_t> read(Stream& stream, const Outbox& outbox, Handle handle)
    {
        constexpr std::size_t chunk_size = 16'384;
        const auto chunk = std::make_unique_for_overwrite<std::byte[]>(chunk_size);
        const std::size_t size = co_await stream.read(std::span(chunk.get(), chunk_size));
        take(std::span<const std::byte>(chunk.get(), size), outbox, handle);
        co_return size;
    }
    /// True if this stream should be given up, for it has such a packet, and they take too much.
    bool takes_too_much() const { return memory_.bytes() != 0 && memory_.total() > most_; }
    /// What made the stream unreadable, if anything did.
    mqttwire::Error error() const { return framer_.failed() ? framer_.error() : mqttwire::Error{}; }

private:
    template <class Handle>
    void take(std::span<const std::byte> chunk, const Outbox& outbox, Handle& handle)
    {
        do {
            if (const std::size_t needed = framer_.storage_needed(); needed != 0) {
                storage_ = std::make_unique_for_overwrite<std::byte[]>(needed);
                framer_.rebind(std::span(storage_.get(), needed));
            }
            while (!outbox.ended()) {
                const auto frame = framer_.next(chunk);
                if (!frame) break;
                handle(*frame);
            }
        } while (framer_.storage_needed() != 0 && !outbox.ended());
        memory_.set(framer_.gathered());
        if (!framer_.at_boundary() || !storage_) return;
        framer_.rebind({});
        storage_.reset();
    }

    std::unique_ptr<std::byte[]> storage_; ///< for a packet that is spread over chunks
    CountedIn<struct Gathered> memory_; ///< of it, as far as it has come
    std::size_t most_;
    mqttwire::Framer framer_;
};

} // namespace network
