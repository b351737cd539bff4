// What every target defines.
#pragma once

#include <cstddef>
#include <cstdint>

/// Tests one input. Throws mqttwire::fuzz::Broken if a property does not hold.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);
