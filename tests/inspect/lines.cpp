// The default: colours and their absence.
#include "run.hpp"

#include "support/catch.hpp"
#include "support/hex.hpp"

#include <string>
#include <string_view>

namespace mqttwire::test {

namespace {

constexpr std::string_view stream = "100c00044d5154540402003c0000 31050001230062 c000 e0";

std::string shown(inspect::Mode mode, bool colours)
{
    inspect::Options options;
    options.mode = mode;
    options.colours = colours;
    options.hex = true;
    return run(options, stream).out;
}

/// The text without the sequences that set colours.
std::string without_colours(std::string_view text)
{
    std::string plain;
    while (!text.empty()) {
        const std::size_t escape = text.find("\x1b[");
        plain += text.substr(0, escape);
        if (escape == std::string_view::npos) break;
        text.remove_prefix(text.find('m', escape) + 1);
    }
    return plain;
}

} // namespace

TEST_CASE("Colours change nothing else, and are off unless they are wanted", "[inspect]")
{
    for (const inspect::Mode mode : {inspect::Mode::lines, inspect::Mode::explain}) {
        const std::string plain = shown(mode, false);
        const std::string coloured = shown(mode, true);
        CHECK(plain.find('\x1b') == std::string::npos);
        CHECK(coloured.find("\x1b[31m") != std::string::npos);
        CHECK(without_colours(coloured) == plain);
    }
    CHECK(shown(inspect::Mode::json, true) == shown(inspect::Mode::json, false));
}

} // namespace mqttwire::test
