#include "hex.hpp"

#include <algorithm>
#include <utility>

namespace inspect {

namespace {

constexpr std::string_view white_space = " \t\r\n\v\f";
constexpr std::string_view hex_digits = "0123456789abcdefABCDEF";
constexpr std::string_view separators = ",;{}"; ///< of what C programs have
constexpr std::size_t shortest_offset = 7; ///< digits, of hexdump
constexpr std::size_t longest_offset = 16;
constexpr std::size_t columns_to_bar = 80; ///< of hexdump, at most
constexpr std::uint64_t longest_repetition = 1U << 30U;

} // namespace

void append_hex(std::string& out, std::byte byte)
{
    constexpr std::string_view digits = "0123456789abcdef";
    const auto value = static_cast<unsigned>(byte);
    out += digits[value >> 4U];
    out += digits[value & 0x0FU];
}

void append_hex(std::string& out, std::span<const std::byte> bytes)
{
    for (const std::byte byte : bytes) append_hex(out, byte);
}

HexReader::Form HexReader::form_of(std::string_view beginning) noexcept
{
    beginning.remove_prefix(std::min(beginning.find_first_not_of(white_space), beginning.size()));
    if (beginning.starts_with('{')) return Form::c;
    const std::string_view first = beginning.substr(0, beginning.find_first_not_of(hex_digits));
    const std::string_view behind = beginning.substr(first.size());
    if (behind.empty()) return first.size() < longest_offset ? Form::unknown : Form::digits;
    if (first == "0" && (behind.front() == 'x' || behind.front() == 'X')) return Form::c;
    if (first.size() < shortest_offset) return Form::digits;
    if (behind.front() == ':') return Form::dump;
    if (behind == " ") return Form::unknown;
    if (!behind.starts_with("  ")) return Form::digits;
    // What begins elsewhere than at 0 may be digits of a packet, unless a bar follows, which is none of them.
    return first.find_first_not_of('0') == std::string_view::npos ? Form::dump : form_by_bar(behind);
}

HexReader::Form HexReader::form_by_bar(std::string_view row) noexcept
{
    std::size_t end = 0;
    while (end < row.size() && (row[end] == ' ' || digit_value(row[end]) >= 0)) ++end;
    if (end < row.size()) return row[end] == '|' ? Form::dump : Form::digits;
    return row.size() < columns_to_bar ? Form::unknown : Form::digits;
}

bool HexReader::read(std::string_view text, std::vector<std::byte>& bytes)
{
    if (form_ != Form::unknown) return read_in_form(text, bytes);
    while (!text.empty() && form_ == Form::unknown) {
        held_ += text.front();
        text.remove_prefix(1);
        form_ = form_of(held_);
    }
    if (form_ == Form::unknown) return true;
    const std::string beginning = std::move(held_);
    held_.clear();
    return read_in_form(beginning, bytes) && read_in_form(text, bytes);
}

bool HexReader::finish(std::vector<std::byte>& bytes)
{
    const std::string rest = std::move(held_);
    held_.clear();
    if (form_ == Form::dump) return rest.empty() || read_line(rest, bytes);
    return read_digits(rest, bytes);
}

bool HexReader::read_in_form(std::string_view text, std::vector<std::byte>& bytes)
{
    return form_ == Form::dump ? read_lines(text, bytes) : read_digits(text, bytes);
}

bool HexReader::read_digits(std::string_view text, std::vector<std::byte>& bytes)
{
    for (const char character : text) {
        const int value = digit_value(character);
        const bool is_prefix = form_ == Form::c && high_ == 0 && (character == 'x' || character == 'X');
        const bool is_between = white_space.find(character) != std::string_view::npos
            || (form_ == Form::c && high_ < 0 && separators.find(character) != std::string_view::npos);
        if (value < 0 && !is_prefix && !is_between) return false;
        ++position_;
        if (is_prefix) high_ = -1;
        if (value < 0) continue;
        if (high_ >= 0) bytes.push_back(static_cast<std::byte>(high_ * 16 + value));
        high_ = high_ < 0 ? value : -1;
    }
    return true;
}

bool HexReader::read_lines(std::string_view text, std::vector<std::byte>& bytes)
{
    for (std::size_t end = text.find('\n'); end != std::string_view::npos; end = text.find('\n')) {
        held_ += text.substr(0, end);
        if (!read_line(held_, bytes)) return false;
        ++position_;
        held_.clear();
        text.remove_prefix(end + 1);
    }
    held_ += text;
    return true;
}

bool HexReader::read_line(std::string_view line, std::vector<std::byte>& bytes)
{
    const std::size_t size = line.size();
    line = line.substr(0, line.find_last_not_of(white_space) + 1);
    if (line == "*") repeats_ = true;
    if (line.empty() || line == "*") {
        position_ += size;
        return true;
    }

    std::size_t at = 0;
    std::uint64_t offset = 0;
    for (; at < line.size() && digit_value(line[at]) >= 0; ++at)
        offset = offset * 16 + static_cast<unsigned>(digit_value(line[at]));
    const auto fail_at = [this](std::size_t bad) {
        position_ += bad;
        return false;
    };
    if (at == 0 || !repeat_row(offset, bytes)) return fail_at(0);

    // Behind the offset of xxd stands a colon; its columns of bytes end at two blanks, those of hexdump at a bar.
    const bool is_xxd = at < line.size() && line[at] == ':';
    std::string_view digits = line.substr(at + (is_xxd ? 1 : 0));
    const std::size_t blanks = digits.find_first_not_of(' ');
    at = line.size() - digits.size() + std::min(blanks, digits.size());
    digits = line.substr(at);
    digits = digits.substr(0, is_xxd ? digits.find("  ") : digits.find('|'));
    row_.clear();
    for (std::size_t i = 0; i < digits.size(); ++i, ++at) {
        if (digits[i] == ' ') continue;
        const int high = digit_value(digits[i]);
        const int low = i + 1 < digits.size() ? digit_value(digits[i + 1]) : -1;
        if (high < 0 || low < 0) return fail_at(high < 0 ? at : at + 1);
        row_.push_back(static_cast<std::byte>(high * 16 + low));
        ++i;
        ++at;
    }
    bytes.insert(bytes.end(), row_.begin(), row_.end());
    offset_ = offset + row_.size();
    position_ += size;
    return true;
}

bool HexReader::repeat_row(std::uint64_t offset, std::vector<std::byte>& bytes)
{
    if (!repeats_) return true;
    repeats_ = false;
    if (row_.empty() || offset < offset_ || offset - offset_ > longest_repetition) return false;
    for (std::size_t i = 0; offset_ < offset; ++offset_, ++i) bytes.push_back(row_[i % row_.size()]);
    return true;
}

} // namespace inspect
