#include "table.hpp"

#include "hex.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace inspect {

namespace {

constexpr std::size_t bytes_in_row = 8;
constexpr std::size_t bytes_width = 3 * bytes_in_row - 1;
constexpr std::size_t field_width = 22;

/// The bits of a group in the columns of the whole byte.
std::string in_columns(unsigned byte, unsigned top, unsigned width)
{
    std::string columns(15, ' ');
    for (unsigned bit = top; bit > top - width; --bit)
        columns[std::size_t{2} * (8 - bit)] = ((byte >> (bit - 1)) & 1U) != 0 ? '1' : '0';
    return columns;
}

} // namespace

Table::Table(std::string& out, const Paint& paint) : out_(out), paint_(paint)
{
    paint_(out_, Colour::faint,
        fmt::format("{:>8}  {:<{}}  {:<{}}  value\n", "offset", "bytes", bytes_width, "field", field_width));
}

void Table::row(std::span<const std::byte> bytes, std::string_view field, std::string_view value)
{
    for (; !bytes.empty(); field = {}, value = {}) {
        const std::size_t count = std::min(bytes.size(), bytes_in_row);
        line(bytes.first(count), field, value);
        bytes = bytes.subspan(count);
    }
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
    std::string offset(8, ' ');
    if (!bytes.empty()) offset = fmt::format("{:>8}", size_);
    paint_(out_, Colour::faint, offset);
    std::string rest = fmt::format("  {:<{}}  {:<{}}  {}", digits, bytes_width, field, field_width, value);
    rest.resize(rest.find_last_not_of(' ') + 1);
    out_ += rest;
    out_ += '\n';
    size_ += bytes.size();
}

} // namespace inspect
