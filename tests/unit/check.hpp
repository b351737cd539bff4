// What the unit tests share: bytes from hex, the codec in both directions, and the bookkeeping of matrices.
//
// `decoded` and `encoded` call the library and hold what must be true of every call: that the forms of the interface
// agree, that an error says something about this packet, that nothing is written unless all is.
#pragma once

#include "mqttwire/mqttwire.hpp"
#include "support/catch.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace check {

using namespace mqttwire;

using Bytes = std::vector<std::byte>;

/// Bytes from hex digits, spaces between them or not.
Bytes bytes(std::string_view hex);
std::string hex(std::span<const std::byte> bytes);

Bytes operator+(Bytes a, std::span<const std::byte> b);

/// A Two Byte Integer, a Four Byte Integer, a Variable Byte Integer; text or data with its length before it.
Bytes two(unsigned value);
Bytes four(std::uint32_t value);
Bytes varint(std::uint32_t value);
Bytes prefixed(std::string_view text);
Bytes byte(unsigned value);

/// A packet: its first byte, the Remaining Length, and what it announces.
Bytes packet(unsigned first_byte, std::span<const std::byte> body);

inline constexpr std::array versions{Version::v3_1, Version::v3_1_1, Version::v5};
inline constexpr std::array roles{Role::unknown, Role::client, Role::server};

/// Decodes a buffer; what is found points into it.
Result<Packet> decoded(std::span<const std::byte> bytes, Version version, Leniency leniency = {}, Role receiver = {});

/// The check that a buffer fails, or Errc::none.
Errc decode_error(std::span<const std::byte> bytes, Version version, Leniency leniency = {}, Role receiver = {});

struct Encoded {
    Error error{};
    Bytes bytes{};
};

Encoded encoded(const Packet& packet, Version version, Leniency leniency = {}, Role receiver = {});

/// Decodes a packet that must be good.
Packet good(std::span<const std::byte> bytes, Version version, Leniency leniency = {}, Role receiver = {});

/// The differences between what a matrix expects and what was seen.
class Differences {
public:
    template <class Expected, class Seen, class... Where>
    void expect_same(const Expected& expected, const Seen& seen, const Where&... where)
    {
        ++cells_;
        if (expected == seen) return;
        ++count_;
        if (count_ <= 5)
            text_ += (... + (word(where) + " ")) + "expected " + word(expected) + ", seen " + word(seen) + "\n";
    }
    std::size_t cells() const { return cells_; }
    /// Empty if there is none.
    const std::string& text() const { return text_; }

private:
    static std::string word(Errc code) { return std::string(name(code)); }
    static std::string word(Version version) { return std::string(name(version)); }
    static std::string word(PacketType type) { return std::string(name(type)); }
    static std::string word(Role role) { return "receiver " + std::string(name(role)); }
    static std::string word(PropertyPlace place) { return std::string(name(place)); }
    static std::string word(Leniency leniency) { return "leniency " + std::to_string(static_cast<unsigned>(leniency)); }
    static std::string word(std::string_view text) { return std::string(text); }
    static std::string word(const std::string& text) { return text; }
    static std::string word(const char* text) { return text; }
    static std::string word(const Bytes& bytes) { return hex(bytes); }
    static std::string word(bool flag) { return flag ? "true" : "false"; }
    template <class Number>
    static std::string word(Number number)
    {
        return std::to_string(number);
    }

    std::size_t cells_ = 0;
    std::size_t count_ = 0;
    std::string text_;
};

/// Whether a code is one of several errors that a packet has, or `none` where it has none.
inline bool one_of(const std::vector<Errc>& errors, Errc code)
{
    if (errors.empty()) return code == Errc::none;
    for (const Errc each : errors)
        if (each == code) return true;
    return false;
}

} // namespace check

namespace Catch {
template <>
struct StringMaker<mqttwire::Errc> {
    static std::string convert(mqttwire::Errc code) { return std::string(name(code)); }
};
template <>
struct StringMaker<mqttwire::Field> {
    static std::string convert(mqttwire::Field field) { return std::string(name(field)); }
};
template <>
struct StringMaker<mqttwire::Text> {
    static std::string convert(const mqttwire::Text& text) { return std::string(text.view()); }
};
} // namespace Catch
