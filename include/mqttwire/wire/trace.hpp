// What a Reader tells whoever wants to know where each field of a packet stands.
#pragma once

#include "mqttwire/config.hpp"
#include "mqttwire/field.hpp"

#include <cstddef>

namespace mqttwire::inline MQTTWIRE_ABI::wire {

/// Nobody wants to know; the calls vanish.
struct NoTrace {
    constexpr void operator()(Field, const std::byte*, const std::byte*) const noexcept {}
};

} // namespace mqttwire::inline MQTTWIRE_ABI::wire
