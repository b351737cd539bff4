// Bytes as hexadecimal digits.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
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

/// Reads text of hexadecimal digits, in pieces of any size, with white space anywhere.
class HexReader {
public:
    /// Appends the bytes that the text holds; false at the first character that is neither a digit nor white space.
    bool read(std::string_view text, std::vector<std::byte>& bytes);
    /// False while the second digit of a byte is missing.
    bool at_byte_end() const noexcept { return high_ < 0; }
    /// Characters that were read; after a failure the place of the bad one.
    std::uint64_t position() const noexcept { return position_; }

private:
    std::uint64_t position_ = 0;
    int high_ = -1; ///< value of a byte's first digit, -1 between bytes
};

} // namespace inspect
