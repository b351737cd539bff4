#include "device.hpp"

namespace device {

std::byte input[256];
volatile std::size_t input_size;
std::byte output[256];
volatile std::size_t output_size;
mqttwire::Text text;
mqttwire::Binary binary;
volatile std::uint32_t number;
volatile std::uint32_t seen;
const volatile void* volatile seen_address;

} // namespace device
