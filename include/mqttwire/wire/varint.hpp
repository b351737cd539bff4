// The Variable Byte Integer, which is the Remaining Length too: seven bits a byte, least significant group first, bit 7
// says that a byte follows; at most four bytes [3.1.1: section 2.2.3; 5.0: section 1.5.5].
#pragma once

#include "mqttwire/config.hpp"
#include "mqttwire/wire/bytes.hpp"

#include <cstddef>
#include <cstdint>
#include <span>

namespace mqttwire::inline MQTTWIRE_ABI {

/// The largest Variable Byte Integer: `FF FF FF 7F`.
inline constexpr std::uint32_t max_varint = 268'435'455;

namespace wire {

/// A Variable Byte Integer as it was read.
struct Varint {
    /// `size` of a number whose fourth byte asks for a fifth.
    static constexpr std::uint32_t too_long = 5;

    std::uint32_t value = 0;
    std::uint32_t size = 0; ///< bytes used, 1 to 4; 0: the number is cut off; `too_long`: an error

    constexpr bool valid() const noexcept { return size != 0 && size < too_long; }
};

inline namespace MQTTWIRE_CODE {

/// The bytes that a number takes, 1 to 4.
constexpr std::uint32_t varint_size(std::uint32_t value) noexcept
{
    return value < 0x80 ? 1 : value < 0x4000 ? 2 : value < 0x200000 ? 3 : 4;
}

/// True if the number was written in the fewest bytes possible [MQTT-1.5.5-1].
constexpr bool is_minimal(Varint number) noexcept { return number.size == varint_size(number.value); }

/// Reads a number from the bytes between `at` and `end`.
constexpr Varint load_varint(const std::byte* at, const std::byte* end) noexcept
{
    Varint number;
    for (std::uint32_t i = 0; i < 4; ++i) {
        if (at + i == end) return {number.value, 0};
        const std::uint32_t byte = load_byte(at + i);
        number.value |= (byte & 0x7FU) << (7 * i);
        if (byte < 0x80) return {number.value, i + 1};
    }
    return {number.value, Varint::too_long};
}

/// Reads a number that is known to be whole and valid.
constexpr Varint load_valid_varint(const std::byte* at) noexcept
{
    Varint number;
    do number.value |= (load_byte(at + number.size) & 0x7FU) << (7 * number.size);
    while (load_byte(at + number.size++) >= 0x80);
    return number;
}

/// Writes a number of at most `max_varint` in its shortest form and gives the address behind it.
constexpr std::byte* store_varint(std::byte* to, std::uint32_t value) noexcept
{
    while (value >= 0x80) {
        *to++ = static_cast<std::byte>((value & 0x7FU) | 0x80U);
        value >>= 7U;
    }
    *to++ = static_cast<std::byte>(value);
    return to;
}

} // namespace MQTTWIRE_CODE

} // namespace wire

/// Reads a Remaining Length (or any Variable Byte Integer) that arrives in pieces. Feed it until it is no longer
/// `need_more`; later bytes are not taken.
class RemainingLengthParser {
public:
    enum class Status : std::uint8_t {
        need_more,
        done, ///< `value`, `size` and `minimal` are known
        too_long, ///< the fourth byte asks for a fifth
    };

    /// Takes one byte, unless the number is already complete or wrong.
    constexpr Status push(std::byte next) noexcept
    {
        if (status_ != Status::need_more) return status_;
        const auto byte = static_cast<std::uint32_t>(next);
        value_ |= (byte & 0x7FU) << (7U * size_);
        ++size_;
        if (byte < 0x80) status_ = Status::done;
        else if (size_ == 4) status_ = Status::too_long;
        return status_;
    }

    /// Takes bytes until the number is complete or wrong and gives how many were taken.
    constexpr std::size_t push(std::span<const std::byte> bytes) noexcept
    {
        std::size_t taken = 0;
        while (taken < bytes.size() && status_ == Status::need_more) push(bytes[taken++]);
        return taken;
    }

    constexpr Status status() const noexcept { return status_; }
    /// The number, once `done`.
    constexpr std::uint32_t value() const noexcept { return value_; }
    /// Bytes taken so far, 0 to 4.
    constexpr std::uint32_t size() const noexcept { return size_; }
    /// True if the number was written in the fewest bytes possible, once `done`.
    constexpr bool minimal() const noexcept { return size_ == wire::varint_size(value_); }
    /// Forgets everything, for the next number.
    constexpr void reset() noexcept { *this = {}; }

private:
    std::uint32_t value_ = 0;
    std::uint8_t size_ = 0;
    Status status_ = Status::need_more;
};

} // namespace mqttwire::inline MQTTWIRE_ABI
