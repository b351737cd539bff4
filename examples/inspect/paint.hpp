// Colours for terminals.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace inspect {

enum class Colour : std::uint8_t {
    none,
    faint,
    bold,
    red,
    green,
    cyan,
};

/// Appends text in colours, or plain where they are not wanted.
class Paint {
public:
    explicit Paint(bool on) noexcept : on_(on) {}

    void operator()(std::string& out, Colour colour, std::string_view text) const
    {
        if (!on_ || colour == Colour::none) {
            out += text;
            return;
        }
        out += begin(colour);
        out += text;
        out += "\x1b[0m";
    }

private:
    static constexpr std::string_view begin(Colour colour) noexcept
    {
        switch (colour) {
        case Colour::faint: return "\x1b[2m";
        case Colour::bold: return "\x1b[1m";
        case Colour::red: return "\x1b[31m";
        case Colour::green: return "\x1b[32m";
        case Colour::cyan: return "\x1b[36m";
        case Colour::none: break;
        }
        return {};
    }

    bool on_;
};

} // namespace inspect
