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
    stats,
    help,
    version, ///< of the program
};

struct Options {
    Mode mode = Mode::lines;
    bool hex = false;
    bool colours = false;
    bool secrets = false; ///< to be shown
    std::optional<std::uint32_t> width; ///< of a line, 0: any; nothing: that of the terminal
    std::optional<std::uint16_t> port; ///< of a capture, the only one of interest
    std::optional<mqttwire::Version> version; ///< of MQTT; nothing: the CONNECT in the stream tells it
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

/// The text of --version.
std::string program_version();

} // namespace inspect
