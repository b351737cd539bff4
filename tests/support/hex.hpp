// Bytes as hexadecimal text and back.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace mqttwire::test {

using Bytes = std::vector<std::byte>;

/// The bytes that hexadecimal digits stand for; blanks between them are skipped. Throws std::invalid_argument.
Bytes from_hex(std::string_view hex);

/// Compares in one step, which counts where tests are not optimised.
bool same_bytes(std::span<const std::byte> a, std::span<const std::byte> b);

/// Lower-case digits without blanks.
std::string to_hex(std::span<const std::byte> bytes);

/// Bytes as characters, for comparison with text.
std::string to_string(std::span<const std::byte> bytes);

} // namespace mqttwire::test
