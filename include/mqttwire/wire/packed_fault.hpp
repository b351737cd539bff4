// A check that failed and its place in one number, which costs a call less than a struct.
#pragma once

#include "mqttwire/config.hpp"
#include "mqttwire/error.hpp"
#include "mqttwire/field.hpp"

#include <cstdint>

namespace mqttwire::inline MQTTWIRE_ABI::wire {

/// The place is a field of a packet, or the index of a byte in a string.
constexpr std::uint32_t pack(Errc code, std::uint32_t place) noexcept
{
    return static_cast<std::uint32_t>(code) | (place << 8U);
}
constexpr std::uint32_t pack(Errc code, Field field) noexcept { return pack(code, static_cast<std::uint32_t>(field)); }
constexpr Errc code_of(std::uint32_t packed) noexcept { return static_cast<Errc>(packed & 0xFFU); }
constexpr std::uint32_t place_of(std::uint32_t packed) noexcept { return packed >> 8U; }

} // namespace mqttwire::inline MQTTWIRE_ABI::wire
