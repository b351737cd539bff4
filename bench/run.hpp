// Runs the work of a case for any number of packets.
#pragma once

#include "case.hpp"
#include "scenarios.hpp"

#include <cstddef>
#include <cstdint>

namespace bench {

/// Where the sums of all work go: the compiler must assume that somebody reads them.
inline volatile std::uint64_t consumed = 0;

/// Goes through the corpus as often as it takes.
[[gnu::noinline]] inline void run(const Work& work, std::size_t packets)
{
    for (; packets > packets_per_corpus; packets -= packets_per_corpus) consumed = consumed + work(packets_per_corpus);
    consumed = consumed + work(packets);
}

} // namespace bench
