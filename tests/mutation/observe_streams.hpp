// What becomes of a case's bytes where they come as a stream: cut into chunks of several sizes, into storage that is
// large enough, too small, or grows when it is asked for, and with what is expected told beforehand.
#pragma once

#include "mutation/cases.hpp"
#include "mutation/packet_digest.hpp"

#include <mqttwire/mqttwire.hpp>
#include <mqttwire/stream_reader.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <span>

namespace mqttwire::test {

/// Gives a reader the storage that it asks for, of which there is so much; false if it asks for none or too much.
template <class Reader>
bool grow(Reader& reader, std::span<std::byte> largest, std::size_t& grown)
{
    const std::size_t needed = reader.storage_needed();
    if (needed <= grown || needed > largest.size()) return false; // each time more, or this would not end
    grown = needed;
    reader.rebind(largest.first(needed)); // which begins where the old one did
    return true;
}

inline void observe_framer(Digest& digest, std::span<const std::byte> stream, std::size_t chunk_size, Framer& framer)
{
    while (!stream.empty() && !framer.failed()) {
        std::span<const std::byte> chunk = stream.first(std::min(chunk_size, stream.size()));
        stream = stream.subspan(chunk.size());
        while (const auto frame = framer.next(chunk)) {
            digest.add(frame->bytes());
            digest.add(frame->header_size());
        }
        for (const std::size_t number : {chunk.size(), framer.needed(), framer.gathered(), framer.storage_needed(),
                 std::size_t{framer.at_boundary()}})
            digest.add(number);
    }
    digest.add(framer.error());
}

/// What a reader gives: it gets more storage where it asks for it, and what is wrong is skipped twice.
inline void observe_reader(Digest& digest, const Case& given, std::span<const std::byte> stream, std::size_t chunk_size,
    StreamReader& reader, std::span<std::byte> storage)
{
    std::size_t grown = 0;
    unsigned skips = 2;
    const auto observe_event = [&](const StreamEvent& event) {
        digest.add(event.frame.has_value());
        if (event.frame) digest.add(event.frame->bytes());
        digest.add(event.head.has_value());
        if (event.head) {
            PacketDigest members(digest, given.version);
            walk_packet(members, *event.head);
            digest.add(event.payload_size);
        }
        digest.add(event.payload);
        digest.add(event.end);
    };
    bool goes_on = true;
    while (goes_on && !stream.empty()) {
        std::span<const std::byte> chunk = stream.first(std::min(chunk_size, stream.size()));
        stream = stream.subspan(chunk.size());
        do {
            while (const StreamEvent event = reader.next(chunk, given.version, given.leniency, given.role))
                observe_event(event);
            for (const std::size_t number : {chunk.size(), reader.needed(), reader.gathered(), reader.storage_needed(),
                     reader.payload_left(), std::size_t{reader.at_boundary()}})
                digest.add(number);
            digest.add(reader.error());
            goes_on = reader.failed() && (grow(reader, storage, grown) || (skips-- > 0 && reader.skip()));
        } while (goes_on);
        goes_on = !reader.failed();
    }
}

inline void observe_streams(Digest& digest, const Case& given)
{
    Bytes twice(given.bytes.begin(), given.bytes.end());
    twice.insert(twice.end(), given.bytes.begin(), given.bytes.end());
    if (twice.size() > 600) twice.resize(600);
    std::array<std::byte, 300> storage{};
    for (const std::size_t chunk_size : {1U, 3U, 1000U}) {
        Framer framer(storage);
        observe_framer(digest, twice, chunk_size, framer);
        framer.reset();
        observe_framer(digest, given.bytes, chunk_size, framer);
        framer.reset();
        framer.expect(given.version, given.role, given.leniency);
        observe_framer(digest, twice, chunk_size, framer);
        framer.reset();
        framer.expect_connect();
        observe_framer(digest, twice, chunk_size, framer);
        Framer limited(storage, 12);
        observe_framer(digest, twice, chunk_size, limited);

        StreamReader reader(storage);
        observe_reader(digest, given, twice, chunk_size, reader, storage);
        reader.reset();
        reader.rebind(std::span(storage).first(6));
        reader.expect(given.version, given.role, given.leniency);
        observe_reader(digest, given, twice, chunk_size, reader, storage);
    }
}

} // namespace mqttwire::test
