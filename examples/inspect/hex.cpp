#include "hex.hpp"

namespace inspect {

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

bool HexReader::read(std::string_view text, std::vector<std::byte>& bytes)
{
    constexpr std::string_view white_space = " \t\r\n\v\f";
    for (const char character : text) {
        const int value = digit_value(character);
        if (value < 0 && white_space.find(character) == std::string_view::npos) return false;
        ++position_;
        if (value < 0) continue;
        if (high_ >= 0) bytes.push_back(static_cast<std::byte>(high_ * 16 + value));
        high_ = high_ < 0 ? value : -1;
    }
    return true;
}

} // namespace inspect
