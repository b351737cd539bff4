// A corpus: 4,096 packets of one scenario laid end to end, and where each of them ends.
#pragma once

#include "scenarios.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace bench {

/// Ends the program: a packet of a corpus was refused, so there is nothing to measure.
[[noreturn, gnu::cold]] void stop(const Error& error);

struct Corpus {
    std::vector<std::byte> bytes;
    std::vector<std::uint32_t> sizes; ///< of the packets in turn
};

/// Adds a packet to the end of a corpus.
template <class Packet>
void append(Corpus& corpus, const Packet& packet, Version version)
{
    const Result<std::size_t> size = packet.encoded_size(version);
    if (!size) stop(size.error());
    const std::size_t before = corpus.bytes.size();
    corpus.bytes.resize(before + *size);
    const auto written = packet.encode(std::span(corpus.bytes).subspan(before), version);
    if (!written) stop(written.error());
    corpus.sizes.push_back(static_cast<std::uint32_t>(*size));
}

/// The packets of a scenario, each of them made anew.
template <class Scenario>
Corpus make_corpus(Scenario scenario)
{
    Corpus corpus;
    for (std::size_t n = 0; n < packets_per_corpus; ++n) append(corpus, scenario.make(n), Scenario::version);
    return corpus;
}

} // namespace bench
