// Runs a task of mqttwire-inspect in this process.
#pragma once

#include "options.hpp"
#include "status.hpp"

#include "support/hex.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace mqttwire::test {

struct Outcome {
    std::string out;
    inspect::Status status{};
    std::string complaint;

    friend bool operator==(const Outcome&, const Outcome&) = default;
};

/// Feeds the input in pieces of at most `piece` bytes.
Outcome run(const inspect::Options& options, std::string_view input, std::size_t piece = std::string_view::npos);

/// The lines of a text, each of which must end with a line feed.
std::vector<std::string> lines_of(std::string_view text);

} // namespace mqttwire::test
