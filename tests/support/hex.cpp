#include "support/hex.hpp"

#include <cstring>
#include <stdexcept>

namespace mqttwire::test {

namespace {

constexpr std::string_view digits = "0123456789abcdef";

unsigned digit(char c)
{
    const bool upper = c >= 'A' && c <= 'F';
    const std::size_t value = digits.find(upper ? static_cast<char>(c - 'A' + 'a') : c);
    if (value == std::string_view::npos) throw std::invalid_argument("no hexadecimal digit");
    return static_cast<unsigned>(value);
}

} // namespace

Bytes from_hex(std::string_view hex)
{
    Bytes bytes;
    bytes.reserve(hex.size() / 2);
    for (std::size_t at = 0; at < hex.size();) {
        if (hex[at] == ' ') {
            ++at;
            continue;
        }
        if (at + 1 == hex.size()) throw std::invalid_argument("half a byte");
        bytes.push_back(static_cast<std::byte>(digit(hex[at]) << 4U | digit(hex[at + 1])));
        at += 2;
    }
    return bytes;
}

bool same_bytes(std::span<const std::byte> a, std::span<const std::byte> b)
{
    return a.size() == b.size() && (a.empty() || std::memcmp(a.data(), b.data(), a.size()) == 0);
}

std::string to_hex(std::span<const std::byte> bytes)
{
    std::string hex;
    hex.reserve(bytes.size() * 2);
    for (const std::byte byte : bytes) {
        hex += digits[static_cast<unsigned>(byte) >> 4U];
        hex += digits[static_cast<unsigned>(byte) & 15U];
    }
    return hex;
}

std::string to_string(std::span<const std::byte> bytes)
{
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

} // namespace mqttwire::test
