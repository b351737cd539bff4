// Frame: one whole packet as bytes, whose fixed header has been read.
#pragma once

#include "mqttwire/buffer.hpp"
#include "mqttwire/config.hpp"
#include "mqttwire/error.hpp"
#include "mqttwire/packet_type.hpp"
#include "mqttwire/result.hpp"
#include "mqttwire/wire/bytes.hpp"
#include "mqttwire/wire/fixed_header.hpp"

#include <cstddef>
#include <cstdint>
#include <span>

namespace mqttwire::inline MQTTWIRE_ABI {

class Frame;
class Framer;

constexpr Result<Frame> read_frame(ConstBuffer buffer MQTTWIRE_LIFETIMEBOUND) noexcept;

namespace detail {

/// With it frames are made. Whoever has one has read the fixed header.
class FrameKey {
    constexpr FrameKey() noexcept = default;
    friend class mqttwire::Framer;
    friend constexpr Result<Frame> mqttwire::read_frame(ConstBuffer buffer) noexcept;
};

} // namespace detail

/// One whole packet: its bytes, which are exactly as many as its fixed header announces. `read_frame` and Framer make
/// frames; they can be copied, and live as long as the bytes that they were made from.
class MQTTWIRE_VIEW Frame {
public:
    constexpr Frame(detail::FrameKey, const std::byte* bytes, std::uint32_t size, std::uint8_t header_size) noexcept
        : bytes_(bytes), size_(size), header_size_(header_size)
    {
    }

    /// From the first byte to the last.
    constexpr std::span<const std::byte> bytes() const noexcept { return {bytes_, size_}; }
    constexpr operator std::span<const std::byte>() const noexcept { return bytes(); }
    /// Bytes of the fixed header, 2 to 5.
    constexpr std::uint8_t header_size() const noexcept { return static_cast<std::uint8_t>(header_size_); }
    /// Variable header and payload.
    constexpr std::span<const std::byte> body() const noexcept { return bytes().subspan(header_size_); }

    constexpr std::uint8_t first_byte() const noexcept { return wire::load_byte(bytes_); }
    /// Packet type of the first byte; never the reserved 0.
    constexpr PacketType type() const noexcept { return packet_type_of(first_byte()); }
    constexpr std::uint8_t flags() const noexcept { return first_byte() & 0x0FU; }
    /// True if the Remaining Length was written in the fewest bytes possible: a longer form ends in a zero byte.
    constexpr bool minimal() const noexcept
    {
        return header_size_ == 2 || wire::load_byte(bytes_ + header_size_ - 1) != 0;
    }

private:
    const std::byte* bytes_;
    std::uint32_t size_;
    std::uint32_t header_size_;
};

/// Takes a buffer that holds exactly one packet. Errors: `incomplete` (with the size in `needed`),
/// `bytes_after_packet`, `remaining_length_too_long`, `reserved_packet_type`.
constexpr Result<Frame> read_frame(ConstBuffer buffer MQTTWIRE_LIFETIMEBOUND) noexcept
{
    const std::span<const std::byte> bytes = buffer;
    const std::uint8_t header_size = wire::header_size(bytes);
    if (header_size == 0 || wire::load_byte(bytes.data()) < 0x10) return wire::frame_error(bytes);
    return Result<Frame>(
        detail::InPlace{}, detail::FrameKey{}, bytes.data(), static_cast<std::uint32_t>(bytes.size()), header_size);
}

} // namespace mqttwire::inline MQTTWIRE_ABI
