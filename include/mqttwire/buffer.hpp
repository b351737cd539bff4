// ConstBuffer and MutableBuffer: what decode reads and encode writes, whichever byte type the caller's memory has.
#pragma once

#include "mqttwire/config.hpp"

#include <concepts>
#include <cstddef>
#include <ranges>
#include <span>
#include <type_traits>

namespace mqttwire::inline MQTTWIRE_ABI {

namespace wire {

/// A range whose elements are an array of T: an array, std::array, std::span, std::vector.
template <class Range, class T>
concept SpanOf = std::constructible_from<std::span<const T>, const Range&>;

/// The same of std::byte, char or unsigned char.
template <class Range>
concept ByteRange = SpanOf<Range, std::byte> || SpanOf<Range, char> || SpanOf<Range, unsigned char>;

/// A range that does not own its elements, such as a std::span: it may go before they do. So may what is no range but
/// turns into one, if it can own nothing, such as a Frame.
template <class Range>
concept Borrowed = std::ranges::enable_borrowed_range<Range>
    || (!std::ranges::range<const Range&> && std::is_trivially_copyable_v<Range>);

/// What a span of bytes can be made of, one that can be written to.
template <class... From>
concept MutableBytes = std::constructible_from<std::span<std::byte>, From...>
    || std::constructible_from<std::span<char>, From...> || std::constructible_from<std::span<unsigned char>, From...>;

/// What chunks of a stream may be of, besides const std::byte.
template <class Byte>
concept ChunkByte = !std::same_as<Byte, const std::byte>
    && (std::same_as<std::remove_const_t<Byte>, std::byte> || std::same_as<std::remove_const_t<Byte>, char>
        || std::same_as<std::remove_const_t<Byte>, unsigned char>);

/// What `next` gives for such a chunk, which shrinks as that of `next` does.
template <ChunkByte Byte, class Next>
auto in_bytes(std::span<Byte>& chunk, Next next) noexcept
{
    std::span<const std::byte> bytes = std::as_bytes(chunk);
    auto found = next(bytes);
    chunk = chunk.last(bytes.size());
    return found;
}

/// What `next` does with a chunk whose type says its size.
template <std::size_t Size>
constexpr void refuse_fixed_chunk() noexcept
{
    static_assert(Size == std::dynamic_extent,
        "a chunk is a std::span of any size, which shrinks: std::span<const std::byte> chunk(...)");
}

} // namespace wire

/// Bytes to read: made of any contiguous range of std::byte, char or unsigned char, or of an address and a size. While
/// compiling they must be std::byte.
class MQTTWIRE_VIEW ConstBuffer {
public:
    constexpr ConstBuffer() noexcept = default;
    template <class Range>
        requires(wire::ByteRange<Range> && !wire::Borrowed<Range> && !std::same_as<Range, ConstBuffer>)
    MQTTWIRE_THIN constexpr ConstBuffer(const Range& range MQTTWIRE_LIFETIMEBOUND) noexcept : bytes_(span_of(range))
    {
    }
    template <class Range>
        requires(wire::ByteRange<Range> && wire::Borrowed<Range>)
    MQTTWIRE_THIN constexpr ConstBuffer(Range range) noexcept : bytes_(span_of(range))
    {
    }
    MQTTWIRE_THIN constexpr ConstBuffer(const std::byte* bytes, std::size_t size) noexcept : bytes_(bytes, size) {}
    ConstBuffer(const char* bytes, std::size_t size) noexcept : ConstBuffer(std::span(bytes, size)) {}
    ConstBuffer(const unsigned char* bytes, std::size_t size) noexcept : ConstBuffer(std::span(bytes, size)) {}

    MQTTWIRE_THIN constexpr operator std::span<const std::byte>() const noexcept { return bytes_; }

private:
    template <class Range>
    MQTTWIRE_THIN static constexpr std::span<const std::byte> span_of(const Range& range) noexcept
    {
        if constexpr (wire::SpanOf<Range, std::byte>) return std::span<const std::byte>(range);
        else if constexpr (wire::SpanOf<Range, char>) return std::as_bytes(std::span<const char>(range));
        else return std::as_bytes(std::span<const unsigned char>(range));
    }

    std::span<const std::byte> bytes_;
};

/// Bytes to write: made of any contiguous range of std::byte, char or unsigned char that can be written to, or of an
/// address and a size. While compiling they must be std::byte.
class MQTTWIRE_VIEW MutableBuffer {
public:
    constexpr MutableBuffer() noexcept = default;
    template <class Range>
        requires(wire::MutableBytes<Range> && !wire::Borrowed<std::remove_cvref_t<Range>>)
    MQTTWIRE_THIN constexpr MutableBuffer(Range&& range MQTTWIRE_LIFETIMEBOUND) noexcept : bytes_(span_of(range))
    {
    }
    template <class Range>
        requires(wire::MutableBytes<Range> && wire::Borrowed<std::remove_cvref_t<Range>>
            && !std::same_as<std::remove_cvref_t<Range>, MutableBuffer>)
    MQTTWIRE_THIN constexpr MutableBuffer(Range&& range) noexcept : bytes_(span_of(range))
    {
    }
    MQTTWIRE_THIN constexpr MutableBuffer(std::byte* bytes, std::size_t size) noexcept : bytes_(bytes, size) {}
    MutableBuffer(char* bytes, std::size_t size) noexcept : MutableBuffer(std::span(bytes, size)) {}
    MutableBuffer(unsigned char* bytes, std::size_t size) noexcept : MutableBuffer(std::span(bytes, size)) {}

    MQTTWIRE_THIN constexpr operator std::span<std::byte>() const noexcept { return bytes_; }

private:
    template <class Range>
    MQTTWIRE_THIN static constexpr std::span<std::byte> span_of(Range& range) noexcept
    {
        if constexpr (std::constructible_from<std::span<std::byte>, Range&>) return std::span<std::byte>(range);
        else if constexpr (std::constructible_from<std::span<char>, Range&>)
            return std::as_writable_bytes(std::span<char>(range));
        else return std::as_writable_bytes(std::span<unsigned char>(range));
    }

    std::span<std::byte> bytes_;
};

} // namespace mqttwire::inline MQTTWIRE_ABI
