#include "diagnosis.hpp"

#include "field_value.hpp"
#include "hex.hpp"

#include <mqttwire/error.hpp>
#include <mqttwire/field.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <span>
#include <string_view>

namespace inspect {

namespace {

using namespace mqttwire;

constexpr std::size_t bytes_before = 8; ///< that are shown in front of the offending one
constexpr std::size_t bytes_shown = 20;
constexpr std::string_view cut_mark = "... ";

} // namespace

void append_check(std::string& out, const Record& record, const Paint& paint)
{
    const Error& error = record.packet.error();
    paint(out, Colour::red, fmt::format("{}: {}", name(error.code), text(error.code)));
    if (error.needed > record.bytes.size())
        out += fmt::format(", at least {} more needed", byte_count(error.needed - record.bytes.size()));
    out += '\n';
}

void append_picture(std::string& out, const Record& record, const Paint& paint, std::size_t indent)
{
    const Error& error = record.packet.error();
    const std::size_t first = error.offset > bytes_before ? error.offset - bytes_before : 0;
    const std::span<const std::byte> behind = record.bytes.subspan(first);
    const std::span<const std::byte> shown = behind.first(std::min(behind.size(), bytes_shown));
    const std::string_view mark = first != 0 ? cut_mark : std::string_view{};

    out.append(indent, ' ');
    out += mark;
    for (const std::byte& byte : shown) {
        std::string digits;
        append_hex(digits, byte);
        const bool offending = static_cast<std::size_t>(&byte - record.bytes.data()) == error.offset;
        paint(out, offending ? Colour::red : Colour::none, digits);
        if (&byte != &shown.back()) out += ' ';
    }
    if (shown.size() < behind.size()) out += " ...";
    out += '\n';

    out.append(indent + mark.size() + 3 * (error.offset - first), ' ');
    paint(out, Colour::red, "^^");
    out += fmt::format(" byte {}, {}\n", error.offset, name(error.field));
}

void append_consequence(std::string& out, const Record& record)
{
    const Error& error = record.packet.error();
    const Version version = record.wording();
    if (const std::string_view broken = clause(error, version); !broken.empty())
        out += fmt::format("{} of MQTT {}, ", broken, name(version));
    const ReasonCode code = reason_code(error.code);
    out += fmt::format("reason code 0x{:02x} {}; ", static_cast<unsigned>(code), name(code));
    if (record.verdict() == Verdict::incomplete) out += "the stream ends here\n";
    else out += skippable(error) ? "the packet can be skipped\n" : "what follows cannot be read\n";
}

} // namespace inspect
