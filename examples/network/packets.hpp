// Reads packets from a stream.
#pragma once

#include "outbox.hpp"

#include <mqttwire/framer.hpp>

#include <algorithm>
#include <cstddef>
#include <memory>
#include <span>

namespace network {

/// Calls `handle` with each frame until the stream or the outbox ends, and waits for `behind`, which gets the number of
/// bytes, behind each chunk. What made the stream unreadable, if anything did.
template <class Handle, class Behind>
asio::awaitable<mqttwire::Error> read_packets(
    Stream& stream, const Outbox& outbox, std::size_t largest_packet, Handle handle, Behind behind)
{
    constexpr std::size_t chunk_size = 16'384;
    std::unique_ptr<std::byte[]> storage; // for a packet that is spread over chunks
    mqttwire::Framer framer({}, largest_packet);
    while (!outbox.ended()) {
        co_await stream.wait_for_input(); // with no memory but what goes on
        const auto chunk = std::make_unique_for_overwrite<std::byte[]>(chunk_size);
        const std::size_t size = co_await stream.read(std::span(chunk.get(), chunk_size));
        if (size == 0) break;
        std::span<const std::byte> rest(chunk.get(), size);
        do {
            if (const std::size_t needed = framer.storage_needed(); needed != 0) {
                storage = std::make_unique_for_overwrite<std::byte[]>(needed);
                framer.rebind(std::span(storage.get(), needed));
            }
            while (!outbox.ended()) {
                const auto frame = framer.next(rest);
                if (!frame) break;
                handle(*frame);
            }
        } while (framer.storage_needed() != 0 && !outbox.ended());
        if (framer.failed() && !outbox.ended()) co_return framer.error();
        if (framer.at_boundary() && storage) {
            framer.rebind({});
            storage.reset();
        }
        co_await behind(size);
    }
    co_return mqttwire::Error{};
}

} // namespace network
