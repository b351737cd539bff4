// Bytes in memory of exactly their size, so that the address sanitizer sees the first byte too many.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <memory>
#include <span>

namespace mqttwire::fuzz {

class Bytes {
public:
    /// What a buffer holds before it is written to.
    static constexpr std::byte untouched_value{0xA5};

    explicit Bytes(std::size_t size) : memory_(std::make_unique<std::byte[]>(size)), size_(size)
    {
        if (size != 0) std::memset(memory_.get(), static_cast<int>(untouched_value), size);
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

// These go over large buffers again and again: the functions of C are not slowed down by sanitizers.

inline bool same_bytes(std::span<const std::byte> a, std::span<const std::byte> b)
{
    return a.size() == b.size() && (a.empty() || std::memcmp(a.data(), b.data(), a.size()) == 0);
}

/// True if nobody has written to the buffer (or only what was there before).
inline bool untouched(std::span<const std::byte> buffer)
{
    // All bytes are the same if each is as the one behind it.
    return buffer.empty()
        || (buffer.front() == Bytes::untouched_value && same_bytes(buffer.first(buffer.size() - 1), buffer.subspan(1)));
}

} // namespace mqttwire::fuzz
