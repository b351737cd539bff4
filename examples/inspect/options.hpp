// The command line.
#pragma once

#include "record.hpp"

#include <mqttwire/version.hpp>

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace inspect {

/// What is to be done with the input.
enum class Mode : std::uint8_t {
    lines, ///< a line a packet, for people
    explain,
    json,
    cases,
    help,
};

struct Options {
    Mode mode = Mode::lines;
    bool hex = false;
    bool colours = false;
    std::optional<mqttwire::Version> version; ///< nothing: the CONNECT in the stream tells it
    Reading reading;
    std::string file = "-"; ///< a single dash stands for standard input
};

/// Options, or why the arguments are none.
struct ParsedOptions {
    Options options;
    std::string complaint; ///< empty if all is well
};

/// Reads the arguments that follow the program's name.
ParsedOptions parse_options(std::span<const char* const> arguments);

/// The text of --help.
std::string help();

} // namespace inspect
