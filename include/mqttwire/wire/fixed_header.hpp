// The fixed header: what it says of a buffer [3.1.1: section 2.2; 5.0: section 2.1].
//
//   byte 1        packet type and flags
//   byte 2 .. 5   Remaining Length, one to four bytes
//   then          as many bytes as it says
#pragma once

#include "mqttwire/config.hpp"
#include "mqttwire/error.hpp"
#include "mqttwire/packet_type.hpp"
#include "mqttwire/wire/bytes.hpp"
#include "mqttwire/wire/varint.hpp"

#include <cstddef>
#include <cstdint>
#include <span>

namespace mqttwire::inline MQTTWIRE_ABI {

/// The largest packet: first byte, four bytes of length and what they can announce.
inline constexpr std::uint32_t max_packet_size = 1 + 4 + max_varint;

namespace wire {

inline namespace MQTTWIRE_CODE {

/// What is wrong with bytes that should be exactly one packet. If nothing is, `header_size` becomes the bytes of the
/// fixed header.
MQTTWIRE_NOINLINE constexpr Error frame_fault(std::span<const std::byte> bytes, std::size_t& header_size) noexcept
{
    if (bytes.empty()) return {.code = Errc::incomplete, .needed = 2};
    const auto type = packet_type_of(load_byte(bytes.data()));
    const Varint length = load_varint(bytes.data() + 1, bytes.data() + bytes.size());
    const std::uint32_t whole = 1 + length.size + length.value;
    const auto size = static_cast<std::uint32_t>(bytes.size()); // fits where bytes are missing
    Errc code = Errc::none;
    Field field = Field::packet;
    std::uint32_t offset = 0;
    std::uint32_t needed = 0;
    if (type == PacketType{}) {
        code = Errc::reserved_packet_type;
        field = Field::fixed_header;
    } else if (length.size == Varint::too_long) {
        code = Errc::remaining_length_too_long;
        field = Field::remaining_length;
        offset = 1;
    } else if (length.size == 0) {
        code = Errc::incomplete;
        field = Field::remaining_length;
        offset = size;
        needed = size + 1;
    } else if (bytes.size() < whole) {
        code = Errc::incomplete;
        offset = size;
        needed = whole;
    } else if (bytes.size() > whole) {
        code = Errc::bytes_after_packet;
        offset = whole;
    } else {
        header_size = 1 + length.size;
    }
    return {.code = code, .field = field, .packet = type, .offset = offset, .needed = needed};
}

/// Why bytes are not exactly one packet.
constexpr Error frame_error(std::span<const std::byte> bytes) noexcept
{
    std::size_t header_size = 0;
    return frame_fault(bytes, header_size);
}

/// Bytes of the fixed header if the buffer is exactly as long as its Remaining Length says and that has one or two
/// bytes, else 0. Spelled out, and not a loop or a call, because every decode begins with it.
MQTTWIRE_ALWAYS_INLINE constexpr std::uint8_t short_header_size(std::span<const std::byte> bytes) noexcept
{
    const std::size_t size = bytes.size();
    const auto group = [&](std::size_t i) { return static_cast<std::uint32_t>(bytes[1 + i]); };
    if (size < 2) [[unlikely]]
        return 0;
    if (group(0) < 0x80) [[likely]] {
        if (size - 2 == group(0)) [[likely]]
            return 2;
        return 0;
    }
    if (size < 3 || group(1) >= 0x80) return 0;
    return size == 3 + ((group(0) & 0x7FU) | group(1) << 7U) ? 3 : 0;
}

/// The same of any Remaining Length.
MQTTWIRE_ALWAYS_INLINE constexpr std::uint8_t header_size(std::span<const std::byte> bytes) noexcept
{
    const std::size_t size = bytes.size();
    if (size < 2) [[unlikely]]
        return 0;
    if constexpr (!config::small)
        if (const std::uint8_t quickly = short_header_size(bytes); quickly != 0) return quickly;
    const Varint length = load_varint(bytes.data() + 1, bytes.data() + size);
    return length.valid() && size == 1 + length.size + length.value ? static_cast<std::uint8_t>(1 + length.size) : 0;
}

} // namespace MQTTWIRE_CODE

} // namespace wire
} // namespace mqttwire::inline MQTTWIRE_ABI
