#include "json.hpp"

#include "hex.hpp"

#include <mqttwire/formatting/invisible.hpp>
#include <mqttwire/wire/utf8.hpp>

#include <algorithm>
#include <array>
#include <charconv>

namespace inspect {

namespace {

/// A UTF-16 code unit.
void escape_unit(std::string& out, std::uint32_t unit)
{
    out += "\\u";
    append_hex(out, static_cast<std::byte>(unit >> 8U));
    append_hex(out, static_cast<std::byte>(unit & 0xFFU));
}

void escape(std::string& out, std::uint32_t character)
{
    switch (character) {
    case '"': out += "\\\""; return;
    case '\\': out += "\\\\"; return;
    case '\n': out += "\\n"; return;
    case '\r': out += "\\r"; return;
    case '\t': out += "\\t"; return;
    default: break;
    }
    if (character < 0x10000) return escape_unit(out, character);
    escape_unit(out, 0xD800U + ((character - 0x10000U) >> 10U));
    escape_unit(out, 0xDC00U + ((character - 0x10000U) & 0x3FFU));
}

bool is_special(std::uint32_t character) noexcept
{
    return character == '"' || character == '\\' || mqttwire::formatting::is_invisible(character);
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
        const mqttwire::wire::CodePoint point = mqttwire::wire::code_point_at(mqttwire::Text(value), at);
        const std::size_t size = std::max<std::size_t>(point.size, 1);
        if (point.size != 0 && is_special(point.value)) {
            out_ += value.substr(plain, at - plain);
            escape(out_, point.value);
            plain = at + size;
        }
        at += size;
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
