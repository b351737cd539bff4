#include "diagnosis.hpp"

#include "field_value.hpp"
#include "hex.hpp"

#include <mqttwire/error.hpp>
#include <mqttwire/field.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

namespace inspect {

namespace {

using namespace mqttwire;

constexpr std::size_t bytes_before = 8; ///< that are shown in front of the offending one
constexpr std::size_t bytes_shown = 20;
constexpr std::string_view cut_mark = "... ";

/// Bytes that a line of so many columns holds between the marks of what is left out.
std::size_t room_for_bytes(std::size_t width, std::size_t indent) noexcept
{
    const std::size_t around = indent + 2 * cut_mark.size();
    if (width == 0 || width >= around + 3 * bytes_shown) return bytes_shown;
    return width < around + 12 ? 4 : (width - around) / 3;
}

} // namespace

void append_check(std::string& out, const Record& record, const Paint& paint)
{
    const Error& error = record.packet.error();
    paint(out, Colour::red, fmt::format("{}: {}", name(error.code), text(error.code)));
    if (error.needed > record.bytes.size())
        out += fmt::format(", at least {} more needed", byte_count(error.needed - record.bytes.size()));
    out += '\n';
}

void append_picture(
    std::string& out, const Record& record, const Look& look, const Secrets& secrets, std::size_t indent)
{
    const Error& error = record.packet.error();
    const std::size_t room = room_for_bytes(look.width, indent);
    const std::size_t before = std::min(bytes_before, room / 2);
    const std::size_t first = error.offset > before ? error.offset - before : 0;
    const std::size_t count = std::min(record.bytes.size() - first, room);
    const std::string_view mark = first != 0 ? cut_mark : std::string_view{};

    out.append(indent, ' ');
    out += mark;
    for (std::size_t at = first; at < first + count; ++at) {
        std::string digits;
        if (secrets.hides(at)) digits = "**";
        else append_hex(digits, record.bytes[at]);
        look.paint(out, at == error.offset ? Colour::red : Colour::none, digits);
        if (at + 1 < first + count) out += ' ';
    }
    if (first + count < record.bytes.size()) out += " ...";
    out += '\n';

    out.append(indent + mark.size() + 3 * (error.offset - first), ' ');
    look.paint(out, Colour::red, "^^");
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
