// What a scenario demands of its peer.
#pragma once

#include <source_location>
#include <stdexcept>
#include <string>
#include <string_view>

namespace interop {

/// A peer did something else than the scenario says.
struct Failure : std::runtime_error {
    explicit Failure(const std::string& what, const std::source_location& where = std::source_location::current())
        : std::runtime_error("line " + std::to_string(where.line()) + ": " + what)
    {
    }
};

inline void expect(
    bool condition, std::string_view what, const std::source_location& where = std::source_location::current())
{
    if (!condition) throw Failure("expected " + std::string(what), where);
}

inline void expect_text(std::string_view seen, std::string_view expected,
    const std::source_location& where = std::source_location::current())
{
    if (seen != expected)
        throw Failure("seen\n    " + std::string(seen) + "\nexpected\n    " + std::string(expected), where);
}

} // namespace interop
