// What nothing that reads or writes packets can be faster than.
#pragma once

#include "corpus.hpp"

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <vector>

namespace bench {

/// Reads fixed header and Remaining Length of each packet and jumps to the next.
[[gnu::noinline]] inline std::uint64_t hop(const Corpus& corpus, std::size_t packets)
{
    std::uint64_t sum = 0;
    const std::byte* at = corpus.bytes.data();
    for (; packets != 0; --packets) {
        sum += static_cast<unsigned>(*at++);
        std::uint32_t length = 0;
        unsigned shift = 0;
        while ((*at & std::byte{0x80}) != std::byte{0}) {
            length |= (static_cast<std::uint32_t>(*at++) & 0x7FU) << shift;
            shift += 7;
        }
        length |= static_cast<std::uint32_t>(*at++) << shift;
        at += length;
    }
    return sum + reinterpret_cast<std::uintptr_t>(at);
}

/// Copies each packet.
[[gnu::noinline]] inline std::uint64_t copy(const Corpus& corpus, std::vector<std::byte>& to, std::size_t packets)
{
    std::size_t at = 0;
    for (std::size_t n = 0; n < packets; ++n) {
        std::memcpy(to.data() + at, corpus.bytes.data() + at, corpus.sizes[n]);
        at += corpus.sizes[n];
    }
    return at;
}

} // namespace bench
