// What mutants are run on: cases, each a buffer and how it is to be read, and probes, which need none.
#pragma once

#include "mutation/digest.hpp"

#include <mqttwire/leniency.hpp>
#include <mqttwire/version.hpp>

#include <array>
#include <cstddef>
#include <fstream>
#include <span>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace mqttwire::test {

using Bytes = std::vector<std::byte>;

struct Case {
    std::string line;
    Version version{};
    Leniency leniency{};
    Role role{};
    std::span<const std::byte> bytes;
};

/// A case of a file, whose bytes it owns.
struct StoredCase : Case {
    Bytes stored;
};

inline constexpr std::array versions{Version::v3_1, Version::v3_1_1, Version::v5};
inline constexpr std::array roles{Role::unknown, Role::client, Role::server};

inline unsigned digit(char c) { return static_cast<unsigned>(c <= '9' ? c - '0' : c - 'a' + 10); }

/// Something that is observed without a case.
struct Probe {
    std::string_view name;
    void (*observe)(Digest&);
};

/// The bytes of hexadecimal digits, with blanks between some.
inline Bytes bytes_of(std::string_view hex)
{
    Bytes bytes;
    bool half = false;
    for (const char c : hex) {
        if (c == ' ') continue;
        const unsigned value = digit(c >= 'A' && c <= 'F' ? static_cast<char>(c - 'A' + 'a') : c);
        if (half) bytes.back() |= static_cast<std::byte>(value);
        else bytes.push_back(static_cast<std::byte>(value << 4U));
        half = !half;
    }
    return bytes;
}

inline std::vector<StoredCase> read_cases(const char* path)
{
    std::ifstream input(path);
    std::vector<StoredCase> cases;
    for (std::string line; std::getline(input, line);) {
        std::istringstream words(line);
        unsigned version = 0;
        unsigned leniency = 0;
        unsigned role = 0;
        std::string hex;
        if (!(words >> version >> leniency >> role)) throw std::runtime_error("not a case: " + line);
        words >> hex;
        cases.push_back(
            {{line, static_cast<Version>(version), static_cast<Leniency>(leniency), static_cast<Role>(role), {}},
                bytes_of(hex)});
        cases.back().bytes = cases.back().stored; // stays where it is when the case moves
    }
    if (cases.empty()) throw std::runtime_error("no cases");
    return cases;
}

} // namespace mqttwire::test
