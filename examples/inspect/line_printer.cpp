#include "line_printer.hpp"

#include "diagnosis.hpp"

#include <mqttwire/fmt.hpp>

#include <fmt/format.h>

#include <string_view>

namespace inspect {

namespace {

constexpr std::size_t name_width = 11; ///< that of UNSUBSCRIBE
constexpr std::size_t place_width = 8 + 1 + 7 + 2;
constexpr std::size_t indent = place_width + name_width + 2;

} // namespace

void LinePrinter::print(const Record& record, std::string& out)
{
    print_place(record.offset, record.bytes.size(), out);
    if (!record.packet) return print_error(record, out);
    // A packet is formatted as its name, a space and its fields.
    const std::string line = fmt::format("{}", record.packet);
    const std::string_view name = std::string_view(line).substr(0, line.find(' '));
    paint_(out, Colour::cyan, name);
    if (name.size() < line.size()) {
        out.append(name_width + 2 - name.size(), ' ');
        out += std::string_view(line).substr(name.size() + 1);
    }
    out += '\n';
}

void LinePrinter::print_error(const Record& record, std::string& out)
{
    const std::string_view name = record.type() ? mqttwire::name(*record.type()) : "reserved";
    paint_(out, Colour::red, fmt::format("{:<{}}  ", name, name_width));
    append_check(out, record, paint_);
    append_picture(out, record, paint_, indent);
    out.append(indent, ' ');
    append_consequence(out, record);
}

void LinePrinter::print_unread(std::uint64_t offset, std::span<const std::byte> bytes, std::string& out)
{
    print_place(offset, bytes.size(), out);
    out += "not read\n";
}

void LinePrinter::print_place(std::uint64_t offset, std::size_t size, std::string& out)
{
    paint_(out, Colour::faint, fmt::format("{:>8} {:>7}  ", offset, size));
}

} // namespace inspect
