// The values that a target makes of its input.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace mqttwire::fuzz {

/// Takes values from the front of the input; zeros when it is used up, so that every input says something.
class Input {
public:
    Input(const std::uint8_t* data, std::size_t size) noexcept : rest_(std::as_bytes(std::span(data, size))) {}

    bool empty() const noexcept { return rest_.empty(); }

    std::uint8_t byte() noexcept
    {
        const auto taken = take(1);
        return taken.empty() ? std::uint8_t{0} : static_cast<std::uint8_t>(taken.front());
    }
    std::uint16_t two_bytes() noexcept
    {
        const unsigned high = byte();
        return static_cast<std::uint16_t>(high << 8U | byte());
    }
    std::uint32_t four_bytes() noexcept
    {
        const std::uint32_t high = two_bytes();
        return high << 16U | two_bytes();
    }
    bool flag() noexcept { return (byte() & 1U) != 0; }

    /// A number below `end`, which is at most 256.
    std::size_t below(std::size_t end) noexcept { return byte() % end; }

    /// The next bytes, fewer than `count` if there are no more.
    std::span<const std::byte> take(std::size_t count) noexcept
    {
        if (count > rest_.size()) count = rest_.size();
        const auto taken = rest_.first(count);
        rest_ = rest_.subspan(count);
        return taken;
    }
    std::span<const std::byte> take_all() noexcept { return take(rest_.size()); }

private:
    std::span<const std::byte> rest_;
};

} // namespace mqttwire::fuzz
