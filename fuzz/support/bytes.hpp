// Bytes in memory of exactly their size, so that the address sanitizer sees the first byte too many.
#pragma once

#include <algorithm>
#include <cstddef>
#include <memory>
#include <span>

namespace mqttwire::fuzz {

class Bytes {
public:
    /// What a buffer holds before it is written to.
    static constexpr std::byte untouched_value{0xA5};

    explicit Bytes(std::size_t size) : memory_(std::make_unique<std::byte[]>(size)), size_(size)
    {
        std::ranges::fill(span(), untouched_value);
    }
    explicit Bytes(std::span<const std::byte> bytes) : Bytes(bytes.size()) { std::ranges::copy(bytes, memory_.get()); }

    std::size_t size() const noexcept { return size_; }
    std::byte& operator[](std::size_t index) noexcept { return memory_[index]; }
    std::span<std::byte> span() const noexcept { return {memory_.get(), size_}; }
    operator std::span<const std::byte>() const noexcept { return span(); }

private:
    std::unique_ptr<std::byte[]> memory_;
    std::size_t size_;
};

inline bool same_bytes(std::span<const std::byte> a, std::span<const std::byte> b) { return std::ranges::equal(a, b); }

/// True if nobody has written to the buffer (or only what was there before).
inline bool untouched(std::span<const std::byte> buffer)
{
    return std::ranges::all_of(buffer, [](std::byte byte) { return byte == Bytes::untouched_value; });
}

} // namespace mqttwire::fuzz
