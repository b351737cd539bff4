// What surrounds the codec on a small device. It stands in a file of its own, so that the compiler knows nothing about it.
#pragma once

#include "mqttwire/wire/text.hpp"

#include <cstddef>
#include <cstdint>
#include <span>

namespace device {

/// A packet that arrived.
extern std::byte input[256];
extern volatile std::size_t input_size;
inline std::span<const std::byte> received() { return {input, input_size}; }

/// Where packets are put before they are sent.
extern std::byte output[256];
extern volatile std::size_t output_size;
inline std::span<std::byte> to_send() { return output; }

// What the application has to say.
extern mqttwire::Text text;
extern mqttwire::Binary binary;
extern volatile std::uint32_t number;

// What the application has to look at.
extern volatile std::uint32_t seen;
extern const volatile void* volatile seen_address;

} // namespace device
