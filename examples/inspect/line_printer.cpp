#include "line_printer.hpp"

#include "diagnosis.hpp"
#include "secrets.hpp"
#include "width.hpp"

#include <mqttwire/fmt.hpp>

#include <fmt/format.h>

#include <string_view>
#include <utility>

namespace inspect {

namespace {

constexpr std::size_t name_width = 11; ///< that of UNSUBSCRIBE
constexpr std::size_t place_width = 8 + 1 + 7 + 2;
constexpr std::size_t indent = place_width + name_width + 2;

} // namespace

void LinePrinter::print(const Record& record, std::string& out)
{
    std::string line;
    if (record.passage != nullptr) print_passage(*record.passage, line);
    else print_place(record.offset, record.bytes.size(), line);
    if (!record.packet) return print_error(record, std::move(line), out);
    // A packet is formatted as its name, a space and its fields.
    const std::string packet = fmt::format("{}", record.packet);
    const std::string_view name = std::string_view(packet).substr(0, packet.find(' '));
    look_.paint(line, Colour::cyan, name);
    if (name.size() < packet.size()) {
        line.append(name_width + 2 - name.size(), ' ');
        line += std::string_view(packet).substr(name.size() + 1);
    }
    append_cut(out, line, look_.width);
    out += '\n';
}

void LinePrinter::print_error(const Record& record, std::string line, std::string& out) const
{
    const auto wrap = [this, &out](std::string text) {
        text.pop_back();
        append_wrapped(out, text, look_.width, indent);
        out += '\n';
    };
    const std::string_view name = record.type() ? mqttwire::name(*record.type()) : "reserved";
    look_.paint(line, Colour::red, fmt::format("{:<{}}  ", name, name_width));
    append_check(line, record, look_.paint);
    wrap(std::move(line));
    append_picture(out, record, look_, Secrets(record, reading_, look_.secrets), indent);
    std::string consequence(indent, ' ');
    append_consequence(consequence, record);
    wrap(std::move(consequence));
}

void LinePrinter::print_unread(std::uint64_t offset, std::span<const std::byte> bytes, std::string& out)
{
    print_place(offset, bytes.size(), out);
    out += "not read\n";
}

void LinePrinter::print_note(std::string_view text, std::string& out)
{
    std::string line;
    look_.paint(line, Colour::bold, text);
    append_wrapped(out, line, look_.width, 2);
    out += '\n';
}

void LinePrinter::print_place(std::uint64_t offset, std::size_t size, std::string& out) const
{
    look_.paint(out, Colour::faint, fmt::format("{:>8} {:>7}  ", offset, size));
}

/// As wide as print_place.
void LinePrinter::print_passage(const Passage& passage, std::string& out) const
{
    look_.paint(out, Colour::faint,
        fmt::format("{:>10.6f} {:>3} {}  ", static_cast<double>(passage.since_start) / 1e6, passage.connection,
            passage.from_client ? '>' : '<'));
}

} // namespace inspect
