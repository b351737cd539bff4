// The check of a vector inside a constant expression, where the compiler refuses every step beyond memory, every use of
// a byte that was never written, and every overflow.
#pragma once

#include "constexpr_vectors/vector_case.hpp"

#include <array>
#include <string_view>

namespace mqttwire::test {

/// Memory of exactly the size that is asked for, whose bytes have no value yet.
class ExactMemory {
public:
    constexpr explicit ExactMemory(std::size_t size) : bytes_(new std::byte[size]), size_(size) {}
    ExactMemory(const ExactMemory&) = delete;
    ExactMemory& operator=(const ExactMemory&) = delete;
    constexpr ~ExactMemory() { delete[] bytes_; }

    constexpr std::span<std::byte> span() { return {bytes_, size_}; }

private:
    std::byte* bytes_;
    std::size_t size_;
};

/// Checks the vector as it stands in the table: from bytes to a packet and back.
consteval bool holds_while_compiling(const VectorCase& vector)
{
    ExactMemory input(vector.bytes.size);
    ExactMemory storage(vector.bytes.size);
    ExactMemory output(vector.canonical.size);
    return holds(vector, input.span(), storage.span(), output.span());
}

/// Checks that a packet made from its members encodes to the canonical bytes of the vector.
consteval bool encodes_while_compiling(Packet packet, const VectorCase& vector)
{
    ExactMemory output(vector.canonical.size);
    return is_encoded(vector, packet, output.span());
}

/// Checks that a packet must not be encoded, for the reason that is given, and that nothing is written.
consteval bool refuses_while_compiling(Packet packet, Version version, Errc code, Field field)
{
    std::array<std::byte, 64> output{};
    const auto written = encode(packet, output, version);
    if (written || written.error().code != code || written.error().field != field) return false;
    return output == std::array<std::byte, 64>{};
}

template <char Character>
inline constexpr auto longest_run = [] {
    std::array<char, 131078> characters{};
    characters.fill(Character);
    return characters;
}();

/// So many of one character.
template <char Character>
consteval std::string_view run(std::size_t size)
{
    return std::string_view(longest_run<Character>.data(), longest_run<Character>.size()).substr(0, size);
}

} // namespace mqttwire::test
