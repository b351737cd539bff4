// The check of a vector inside a constant expression, where the compiler refuses every step beyond memory, every use of
// a byte that was never written, and every overflow.
#pragma once

#include "vector_case.hpp"

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

consteval bool holds_while_compiling(const VectorCase& vector)
{
    ExactMemory input(vector.bytes.size);
    ExactMemory storage(vector.bytes.size);
    ExactMemory output(vector.canonical.size);
    return holds(vector, input.span(), storage.span(), output.span());
}

} // namespace mqttwire::test
