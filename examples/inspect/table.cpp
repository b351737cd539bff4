#include "table.hpp"

#include "hex.hpp"
#include "width.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace inspect {

namespace {

constexpr std::size_t field_width = 22;
constexpr std::size_t wide = 100; ///< columns; on a screen that has less the table is a narrow one

/// The bits of a group in the columns of the whole byte.
std::string in_columns(unsigned byte, unsigned top, unsigned width)
{
    std::string columns(15, ' ');
    for (unsigned bit = top; bit > top - width; --bit)
        columns[std::size_t{2} * (8 - bit)] = ((byte >> (bit - 1)) & 1U) != 0 ? '1' : '0';
    return columns;
}

} // namespace

Table::Table(std::string& out, const Look& look) : out_(out), look_(look)
{
    if (look_.width != 0 && look_.width < wide) {
        offset_width_ = 6;
        bytes_in_row_ = 4;
    }
    std::string heads;
    look_.paint(heads, Colour::faint,
        fmt::format(
            "{:>{}}  {:<{}}  {:<{}}  value", "offset", offset_width_, "bytes", bytes_width(), "field", field_width));
    append(heads);
}

void Table::row(std::span<const std::byte> bytes, std::string_view field, std::string_view value)
{
    for (; !bytes.empty(); field = {}, value = {}) {
        const std::size_t count = std::min(bytes.size(), bytes_in_row_);
        line(bytes.first(count), field, value);
        bytes = bytes.subspan(count);
    }
}

void Table::hidden_row(std::size_t size, std::string_view field, std::string_view value)
{
    if (size != 0) line("**", size, field, value);
}

void Table::bit_rows(std::span<const std::byte> byte, std::string_view field, const std::vector<BitGroup>& groups)
{
    line(byte, field, "7 6 5 4 3 2 1 0");
    unsigned top = 8;
    for (const BitGroup& group : groups) {
        const std::string columns = in_columns(static_cast<unsigned>(byte.front()), top, group.width);
        line({}, fmt::format("  {}", group.name), fmt::format("{}   {}", columns, group.meaning));
        top -= group.width;
    }
}

void Table::line(std::span<const std::byte> bytes, std::string_view field, std::string_view value)
{
    std::string digits;
    for (const std::byte byte : bytes) {
        if (!digits.empty()) digits += ' ';
        append_hex(digits, byte);
    }
    line(digits, bytes.size(), field, value);
}

void Table::line(std::string_view digits, std::size_t count, std::string_view field, std::string_view value)
{
    std::string line;
    const std::string offset = count != 0 ? std::to_string(size_) : std::string{};
    look_.paint(line, Colour::faint, fmt::format("{:>{}}", offset, offset_width_));
    line += fmt::format("  {:<{}}  {:<{}}  {}", digits, bytes_width(), field, field_width, value);
    line.resize(line.find_last_not_of(' ') + 1);
    append(line);
    size_ += count;
}

void Table::append(std::string_view line)
{
    append_wrapped(out_, line, look_.width, offset_width_ + 2 + bytes_width() + 2 + field_width + 2);
    out_ += '\n';
}

} // namespace inspect
