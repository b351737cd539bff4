// Names of enumerators, for enumerations that have no table of their own.
#pragma once

#include "mqttwire/config.hpp"

#include <cstddef>
#include <string_view>

namespace mqttwire::inline MQTTWIRE_ABI::wire {

/// The name of an enumerator, which count from 0; empty for any other value.
template <class Enum, std::size_t Size>
constexpr std::string_view name_among(Enum value, const std::string_view (&names)[Size]) noexcept
{
    const auto index = static_cast<std::size_t>(value);
    return index < Size ? names[index] : std::string_view{};
}

} // namespace mqttwire::inline MQTTWIRE_ABI::wire
