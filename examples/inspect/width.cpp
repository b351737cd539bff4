#include "width.hpp"

#include <mqttwire/wire/utf8.hpp>

#include <algorithm>
#include <array>
#include <cstdint>

namespace inspect {

namespace {

constexpr std::string_view dots = "...";
constexpr std::size_t narrowest = 8; ///< columns behind the indent, else it is given up

struct Range {
    std::uint32_t first;
    std::uint32_t last;
};

/// Of two columns, roughly: Hangul, East Asian scripts, full-width forms, pictures.
constexpr std::array<Range, 9> wide_ranges{{{0x1100, 0x115F}, {0x2E80, 0xA4CF}, {0xAC00, 0xD7A3}, {0xF900, 0xFAFF},
    {0xFE30, 0xFE6F}, {0xFF00, 0xFF60}, {0xFFE0, 0xFFE6}, {0x1F300, 0x1FAFF}, {0x20000, 0x3FFFD}}};

/// What stands at the front of a text and cannot be divided.
struct Unit {
    std::size_t size; ///< in bytes
    std::size_t columns;
};

Unit first_unit(std::string_view text) noexcept
{
    if (text.starts_with("\x1b[")) return {std::min(text.find('m'), text.size() - 1) + 1, 0};
    const mqttwire::wire::CodePoint point = mqttwire::wire::code_point_at(mqttwire::Text(text), 0);
    if (point.size == 0) return {1, 1};
    const bool is_wide = std::ranges::any_of(
        wide_ranges, [&point](const Range& range) { return point.value >= range.first && point.value <= range.last; });
    return {point.size, is_wide ? std::size_t{2} : std::size_t{1}};
}

/// Bytes at the front of a text that take at most so many columns.
std::size_t size_of_columns(std::string_view text, std::size_t width) noexcept
{
    std::size_t size = 0;
    while (size < text.size()) {
        const Unit unit = first_unit(text.substr(size));
        if (unit.columns > width) break;
        width -= unit.columns;
        size += unit.size;
    }
    return size;
}

} // namespace

std::size_t columns(std::string_view text) noexcept
{
    std::size_t sum = 0;
    while (!text.empty()) {
        const Unit unit = first_unit(text);
        sum += unit.columns;
        text.remove_prefix(unit.size);
    }
    return sum;
}

void append_cut(std::string& out, std::string_view line, std::size_t width)
{
    if (width == 0 || columns(line) <= width) {
        out += line;
        return;
    }
    const std::size_t size = size_of_columns(line, width - std::min(width, dots.size()));
    out += line.substr(0, size);
    out += dots.substr(0, width);
    for (std::string_view rest = line.substr(size); !rest.empty();) { // a colour that was begun has its end
        const Unit unit = first_unit(rest);
        if (unit.columns == 0) out += rest.substr(0, unit.size);
        rest.remove_prefix(unit.size);
    }
}

void append_wrapped(std::string& out, std::string_view line, std::size_t width, std::size_t indent)
{
    if (indent + narrowest > width) indent = 0;
    for (std::size_t begin = 0; width != 0 && columns(line) + begin > width; begin = indent) {
        std::size_t size = std::max(size_of_columns(line, width - begin), first_unit(line).size);
        if (size == line.size()) break;
        // The blanks at the front of a line are its own indent, at which it is not broken.
        const std::size_t text = std::min(line.find_first_not_of(' '), line.size());
        if (const std::size_t blank = line.rfind(' ', size);
            blank != std::string_view::npos && blank > text && columns(line.substr(0, blank)) + begin > indent)
            size = blank;
        out += line.substr(0, line.find_last_not_of(' ', size - 1) + 1);
        out += '\n';
        out.append(indent, ' ');
        line.remove_prefix(size);
        line.remove_prefix(std::min(line.find_first_not_of(' '), line.size()));
    }
    out += line;
}

} // namespace inspect
