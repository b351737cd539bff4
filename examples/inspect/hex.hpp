// Bytes as hexadecimal digits.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace inspect {

/// Appends two lower-case digits.
void append_hex(std::string& out, std::byte byte);

/// Appends two lower-case digits a byte.
void append_hex(std::string& out, std::span<const std::byte> bytes);

/// The value of a digit of either case; -1 if it is none.
constexpr int digit_value(char digit) noexcept
{
    if (digit >= '0' && digit <= '9') return digit - '0';
    if (digit >= 'a' && digit <= 'f') return digit - 'a' + 10;
    if (digit >= 'A' && digit <= 'F') return digit - 'A' + 10;
    return -1;
}

/// Reads text of hexadecimal digits, in pieces of any size. Its beginning tells in which form it is written:
///
///     10 0e 00044d51 ...                                          digits, with white space anywhere
///     {0x10, 0x0e, 0x00, ...};                                    what a C program has
///     00000000: 100e 0004 4d51 5454 0402 003c  ....MQTT...<       what xxd prints
///     00000000  10 0e 00 04 4d 51 54 54  04 02 |....MQTT..|       what hexdump -C prints
///
/// A dump may begin at any offset.
class HexReader {
public:
    /// Appends the bytes that the text holds; false at the first character that does not belong there.
    bool read(std::string_view text, std::vector<std::byte>& bytes);
    /// Takes notice of the end of the text, as `read`.
    bool finish(std::vector<std::byte>& bytes);

    /// False while the second digit of a byte is missing.
    bool at_byte_end() const noexcept { return high_ < 0; }
    /// Characters that were read; after a failure the place of the bad one.
    std::uint64_t position() const noexcept { return position_; }

private:
    enum class Form : std::uint8_t {
        unknown, ///< so far there is what may be an offset, or only the front of a row
        digits,
        c,
        dump, ///< of xxd or hexdump, which is read line by line
    };

    static Form form_of(std::string_view beginning) noexcept;
    /// The form by what stands in the first row behind the digits that may be an offset.
    static Form form_by_bar(std::string_view row) noexcept;
    bool read_in_form(std::string_view text, std::vector<std::byte>& bytes);
    bool read_digits(std::string_view text, std::vector<std::byte>& bytes);
    bool read_lines(std::string_view text, std::vector<std::byte>& bytes);
    bool read_line(std::string_view line, std::vector<std::byte>& bytes);
    /// Repeats the last row up to an offset, for which hexdump writes an asterisk; false if that is not ahead.
    bool repeat_row(std::uint64_t offset, std::vector<std::byte>& bytes);

    std::uint64_t position_ = 0;
    int high_ = -1; ///< value of a byte's first digit, -1 between bytes
    Form form_ = Form::unknown;
    std::string held_; ///< the beginning while the form is unknown, then of a dump the line that is not whole
    std::vector<std::byte> row_; ///< the last one of a dump
    std::uint64_t offset_ = 0; ///< behind it
    bool repeats_ = false; ///< there was an asterisk
};

} // namespace inspect
