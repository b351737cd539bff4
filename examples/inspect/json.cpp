#include "json.hpp"

#include "hex.hpp"

#include <array>
#include <charconv>

namespace inspect {

namespace {

/// Bytes of the control character or the quoting that stands at the front of some text; 0 if a plain character stands
/// there.
std::size_t special_at(std::string_view text) noexcept
{
    const auto first = static_cast<unsigned char>(text.front());
    if (first < 0x20 || first == '"' || first == '\\' || first == 0x7F) return 1;
    const bool c1 = first == 0xC2 && text.size() > 1 && static_cast<unsigned char>(text[1]) < 0xA0; // U+0080 to U+009F
    return c1 ? 2 : 0;
}

void escape(std::string& out, unsigned char character)
{
    out += '\\';
    switch (character) {
    case '"':
    case '\\': out += static_cast<char>(character); return;
    case '\n': out += 'n'; return;
    case '\r': out += 'r'; return;
    case '\t': out += 't'; return;
    default: break;
    }
    out += "u00";
    append_hex(out, static_cast<std::byte>(character));
}

} // namespace

void JsonWriter::begin_object()
{
    separate();
    out_ += '{';
}

void JsonWriter::end_object() { out_ += '}'; }

void JsonWriter::begin_array()
{
    separate();
    out_ += '[';
}

void JsonWriter::end_array() { out_ += ']'; }

void JsonWriter::key(std::string_view name)
{
    text(name);
    out_ += ':';
}

void JsonWriter::text(std::string_view value)
{
    separate();
    out_ += '"';
    std::size_t plain = 0;
    for (std::size_t at = 0; at < value.size();) {
        const std::size_t special = special_at(value.substr(at));
        if (special == 0) {
            ++at;
            continue;
        }
        out_ += value.substr(plain, at - plain);
        at += special;
        plain = at;
        escape(out_, static_cast<unsigned char>(value[at - 1])); // of two bytes the last is the character's number
    }
    out_ += value.substr(plain);
    out_ += '"';
}

void JsonWriter::number(std::uint64_t value)
{
    separate();
    std::array<char, 20> digits;
    const std::to_chars_result end = std::to_chars(digits.data(), digits.data() + digits.size(), value);
    out_.append(digits.data(), end.ptr);
}

void JsonWriter::boolean(bool value)
{
    separate();
    out_ += value ? "true" : "false";
}

void JsonWriter::null()
{
    separate();
    out_ += "null";
}

void JsonWriter::hex(std::span<const std::byte> bytes)
{
    separate();
    out_ += '"';
    append_hex(out_, bytes);
    out_ += '"';
}

/// Every value ends in a character that none of the others is, so the last one tells whether a comma is due.
void JsonWriter::separate()
{
    constexpr std::string_view opening = "{[:\n";
    if (!out_.empty() && opening.find(out_.back()) == std::string_view::npos) out_ += ',';
}

} // namespace inspect
