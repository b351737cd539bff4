// Goes through sequences of four bytes.
#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <thread>
#include <vector>

namespace scopes {

using FourBytes = std::array<std::byte, 4>;

/// Every byte at which a rule of UTF-8 or of variable byte integers changes, and its neighbours.
inline constexpr std::array<std::uint8_t, 28> boundary_bytes{0x00, 0x01, 0x7E, 0x7F, 0x80, 0x81, 0x8F, 0x90, 0x9F, 0xA0,
    0xBF, 0xC0, 0xC1, 0xC2, 0xDF, 0xE0, 0xE1, 0xEC, 0xED, 0xEE, 0xEF, 0xF0, 0xF1, 0xF3, 0xF4, 0xF5, 0xF7, 0xFF};

constexpr FourBytes four_bytes(unsigned a, unsigned b, unsigned c, unsigned d)
{
    return {static_cast<std::byte>(a), static_cast<std::byte>(b), static_cast<std::byte>(c), static_cast<std::byte>(d)};
}

/// Calls `good` with all combinations of two bytes joined with all pairs of boundary bytes, in front and behind, and
/// gives the first sequence for which it is false.
template <class Good>
bool find_bad_boundary(FourBytes& bad, Good&& good)
{
    for (unsigned pair = 0; pair < 65'536; ++pair) {
        for (const std::uint8_t a : boundary_bytes) {
            for (const std::uint8_t b : boundary_bytes) {
                bad = four_bytes(pair >> 8U, pair & 0xFFU, a, b);
                if (!good(bad)) return true;
                bad = four_bytes(a, b, pair >> 8U, pair & 0xFFU);
                if (!good(bad)) return true;
            }
        }
    }
    return false;
}

/// The same with all sequences of three bytes; the fourth is 0.
template <class Good>
bool find_bad_three(FourBytes& bad, Good&& good)
{
    for (std::uint32_t bits = 0; bits < 0x1000000U; ++bits) {
        bad = four_bytes(bits >> 16U, bits >> 8U & 0xFFU, bits & 0xFFU, 0);
        if (!good(bad)) return true;
    }
    return false;
}

/// The same with all 2^32 sequences, on all processors: each takes one first byte after the other.
template <class Good>
bool find_bad(FourBytes& bad, Good&& good)
{
    std::atomic<unsigned> next_first = 0;
    std::atomic<bool> found = false;
    std::mutex writing_bad;
    const auto search = [&] {
        for (unsigned first = next_first++; first < 256 && !found; first = next_first++) {
            for (std::uint32_t bits = 0; bits < 0x1000000U; ++bits) {
                const FourBytes bytes = four_bytes(first, bits >> 16U, bits >> 8U & 0xFFU, bits & 0xFFU);
                if (good(bytes)) continue;
                const std::scoped_lock lock(writing_bad);
                bad = bytes;
                found = true;
                return;
            }
        }
    };
    std::vector<std::thread> threads(std::max(1U, std::thread::hardware_concurrency()));
    for (std::thread& thread : threads) thread = std::thread(search);
    for (std::thread& thread : threads) thread.join();
    return found;
}

inline std::uint32_t number(const FourBytes& bytes)
{
    std::uint32_t value = 0;
    for (const std::byte byte : bytes) value = value << 8U | static_cast<std::uint32_t>(byte);
    return value;
}

} // namespace scopes
