// A stream in pieces of every kind that a target tries.
#pragma once

#include "support/bytes.hpp"

#include <algorithm>
#include <cstddef>
#include <span>

namespace mqttwire::fuzz {

/// Feeds a stream to a run that `make_run` makes. `next_size` gives the size of each piece in turn.
template <class MakeRun, class NextSize>
void run_in_pieces(std::span<const std::byte> stream, MakeRun make_run, NextSize next_size)
{
    auto run = make_run();
    for (std::span<const std::byte> rest = stream; !rest.empty();) {
        const std::size_t size = std::min<std::size_t>(next_size(), rest.size());
        run.feed(rest.first(size));
        rest = rest.subspan(size);
    }
    run.finish();
}

/// The same whole, byte by byte, and in pieces of the sizes that the input gives.
template <class MakeRun>
void run_in_all_pieces(std::span<const std::byte> stream, std::span<const std::byte> sizes, MakeRun make_run)
{
    run_in_pieces(stream, make_run, [&] { return stream.size(); });
    run_in_pieces(stream, make_run, [] { return std::size_t{1}; });
    std::size_t index = 0;
    run_in_pieces(stream, make_run,
        [&] { return index == sizes.size() ? stream.size() : static_cast<std::size_t>(sizes[index++]); });
}

} // namespace mqttwire::fuzz
