// Text and Binary: views of text and bytes in the caller's memory.
#pragma once

#include "mqttwire/config.hpp"
#include "mqttwire/wire/bytes.hpp"

#include <compare>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <type_traits>

namespace mqttwire::inline MQTTWIRE_ABI {

namespace wire {

/// A range whose elements are an array of T: an array, std::array, std::span, std::vector.
template <class Range, class T>
concept SpanOf = std::constructible_from<std::span<const T>, const Range&>;

/// The length of a C string; of a literal it is a constant even where the compiler inlines little.
[[gnu::always_inline]] constexpr std::size_t length(const char* text) noexcept
{
#if defined(__GNUC__)
    return __builtin_strlen(text);
#else
    return std::char_traits<char>::length(text);
#endif
}

/// A view of bytes that stand in an array of char or of std::byte. A constant expression cannot turn one into the
/// other, so the view remembers which it holds. It never owns anything. Sizes above 2^31 - 1 are kept as 2^31 - 1,
/// which no packet can hold either.
class View {
public:
    constexpr View() noexcept : bytes_(nullptr), size_(0) {}
    [[gnu::always_inline]] constexpr View(const char* chars, std::size_t size) noexcept
        : chars_(chars), size_(clamp(size) | holds_chars)
    {
    }
    constexpr View(const std::byte* bytes, std::size_t size) noexcept : bytes_(bytes), size_(clamp(size)) {}

    /// Number of bytes.
    [[nodiscard]] constexpr std::size_t size() const noexcept { return size_ & ~holds_chars; }
    [[nodiscard]] constexpr bool empty() const noexcept { return size() == 0; }
    /// The same of a view that is known to be of at most 65,535 bytes, for less.
    constexpr std::uint16_t size_if_short() const noexcept { return static_cast<std::uint16_t>(size_); }

    /// The byte at an index below size().
    [[gnu::always_inline]] constexpr std::byte byte_at(std::size_t index) const noexcept
    {
        return (size_ & holds_chars) != 0 ? static_cast<std::byte>(chars_[index]) : bytes_[index];
    }

    /// The first byte's address; at run time whatever the view holds, while compiling only if it holds std::byte.
    constexpr const std::byte* bytes() const noexcept
    {
        return (size_ & holds_chars) != 0 ? reinterpret_cast<const std::byte*>(chars_) : bytes_;
    }
    /// The first character's address; at run time whatever the view holds, while compiling only if it holds char.
    constexpr const char* chars() const noexcept
    {
        return (size_ & holds_chars) != 0 ? chars_ : reinterpret_cast<const char*>(bytes_);
    }

    /// The bytes from `from` on, at most `count`; `from` is at most size().
    constexpr View part(std::size_t from, std::size_t count) const noexcept
    {
        if (count > size() - from) count = size() - from;
        return (size_ & holds_chars) != 0 ? View(chars_ + from, count) : View(bytes_ + from, count);
    }

    /// Writes the bytes of the view to `to`, where there is room for them.
    MQTTWIRE_ALWAYS_INLINE constexpr void copy_to(std::byte* to) const noexcept
    {
        if (std::is_constant_evaluated()) {
            for (std::size_t i = 0; i < size(); ++i) to[i] = byte_at(i);
        } else {
            copy(to, bytes(), size());
        }
    }

    MQTTWIRE_ALWAYS_INLINE friend constexpr bool operator==(const View& a, const View& b) noexcept
    {
        if (a.size() != b.size()) return false;
        if (!config::small && !std::is_constant_evaluated())
            return a.empty() || std::memcmp(a.bytes(), b.bytes(), a.size()) == 0;
        for (std::size_t i = 0; i < a.size(); ++i)
            if (a.byte_at(i) != b.byte_at(i)) return false;
        return true;
    }

private:
    static constexpr std::uint32_t holds_chars = 0x80000000U;
    static constexpr std::uint32_t clamp(std::size_t size) noexcept
    {
        return size < holds_chars ? static_cast<std::uint32_t>(size) : holds_chars - 1;
    }

    union {
        const char* chars_;
        const std::byte* bytes_;
    };
    std::uint32_t size_;
};

/// Goes over a view of either kind of memory. `Element` is char or std::byte.
template <class Element>
class ViewIterator {
public:
    using value_type = Element;
    using difference_type = std::ptrdiff_t;
    using iterator_category = std::forward_iterator_tag;
    using reference = Element;
    using pointer = void;

    constexpr ViewIterator() noexcept = default;
    constexpr ViewIterator(const View& view, std::size_t index) noexcept : view_(view), index_(index) {}
    constexpr Element operator*() const noexcept { return static_cast<Element>(view_.byte_at(index_)); }
    constexpr ViewIterator& operator++() noexcept
    {
        ++index_;
        return *this;
    }
    constexpr ViewIterator operator++(int) noexcept
    {
        ViewIterator before = *this;
        ++index_;
        return before;
    }
    friend constexpr bool operator==(const ViewIterator& a, const ViewIterator& b) noexcept
    {
        return a.index_ == b.index_;
    }

private:
    View view_;
    std::size_t index_ = 0;
};

} // namespace wire

/// A view of UTF-8 text, made from anything that is a string view or from bytes of a packet. In packets it has at most
/// 65,535 bytes; a longer one is refused on encode. Behaves as a std::string_view and converts to one (while compiling
/// only if it was made from characters).
class Text : public wire::View {
public:
    using iterator = wire::ViewIterator<char>;
    using const_iterator = iterator;
    using value_type = char;

    constexpr Text() noexcept = default;
    template <class String>
        requires std::convertible_to<const String&, std::string_view>
    constexpr Text(const String& text) noexcept : Text(std::string_view(text))
    {
    }
    [[gnu::always_inline]] constexpr Text(std::string_view text) noexcept : View(text.data(), text.size()) {}
    [[gnu::always_inline]] constexpr Text(const char* text) noexcept : View(text, wire::length(text)) {}
    /// Text that stands in bytes.
    constexpr explicit Text(std::span<const std::byte> bytes) noexcept : View(bytes.data(), bytes.size()) {}
    constexpr Text(const std::byte* bytes, std::size_t size) noexcept : View(bytes, size) {}
    constexpr explicit Text(const View& view) noexcept : View(view) {}

    constexpr const char* data() const noexcept { return chars(); }
    constexpr std::string_view view() const noexcept
    {
        return empty() ? std::string_view{} : std::string_view(chars(), size());
    }
    constexpr operator std::string_view() const noexcept { return view(); }
    constexpr char operator[](std::size_t index) const noexcept { return static_cast<char>(byte_at(index)); }
    constexpr char front() const noexcept { return (*this)[0]; }
    constexpr char back() const noexcept { return (*this)[size() - 1]; }
    constexpr iterator begin() const noexcept { return {*this, 0}; }
    constexpr iterator end() const noexcept { return {*this, size()}; }

    /// The text from byte `from` on, at most `count` bytes; `from` is at most size().
    [[nodiscard]] constexpr Text substr(
        std::size_t from, std::size_t count = static_cast<std::size_t>(-1)) const noexcept
    {
        return Text(part(from, count));
    }

    [[nodiscard]] constexpr bool starts_with(std::string_view prefix) const noexcept
    {
        if (size() < prefix.size()) return false;
        for (std::size_t i = 0; i < prefix.size(); ++i)
            if ((*this)[i] != prefix[i]) return false;
        return true;
    }

    friend constexpr bool operator==(const Text& a, const Text& b) noexcept
    {
        return static_cast<const View&>(a) == static_cast<const View&>(b);
    }
    template <class String>
        requires(std::convertible_to<const String&, std::string_view> && !std::same_as<String, Text>)
    friend constexpr bool operator==(const Text& a, const String& b) noexcept
    {
        return a == Text(std::string_view(b));
    }
};

/// A view of binary data, made from bytes or from characters. A payload has up to 268,435,455 bytes less the other
/// fields of its packet; every other binary field at most 65,535.
class Binary : public wire::View {
public:
    using iterator = wire::ViewIterator<std::byte>;
    using const_iterator = iterator;
    using value_type = std::byte;

    constexpr Binary() noexcept = default;
    [[gnu::always_inline]] constexpr Binary(std::string_view characters) noexcept
        : View(characters.data(), characters.size())
    {
    }
    [[gnu::always_inline]] constexpr Binary(const char* characters) noexcept
        : View(characters, wire::length(characters))
    {
    }
    constexpr Binary(const std::byte* bytes, std::size_t size) noexcept : View(bytes, size) {}
    /// Any contiguous range of std::byte, char or unsigned char.
    template <class Range>
        requires(wire::SpanOf<Range, std::byte> || wire::SpanOf<Range, char> || wire::SpanOf<Range, unsigned char>)
        && (!std::derived_from<Range, View> && !std::is_array_v<Range>)
    constexpr Binary(const Range& range) noexcept : View(from(std::data(range), std::size(range)))
    {
    }
    template <class Byte, std::size_t Size>
        requires(std::same_as<Byte, std::byte> || std::same_as<Byte, unsigned char>)
    constexpr Binary(const Byte (&array)[Size]) noexcept : View(from(array, Size))
    {
    }

    constexpr const std::byte* data() const noexcept { return bytes(); }
    constexpr std::span<const std::byte> span() const noexcept { return {bytes(), size()}; }
    constexpr operator std::span<const std::byte>() const noexcept { return span(); }
    /// The bytes as characters, for payloads that are text.
    constexpr std::string_view view() const noexcept
    {
        return empty() ? std::string_view{} : std::string_view(chars(), size());
    }
    constexpr std::byte operator[](std::size_t index) const noexcept { return byte_at(index); }
    constexpr iterator begin() const noexcept { return {*this, 0}; }
    constexpr iterator end() const noexcept { return {*this, size()}; }

    friend constexpr bool operator==(const Binary& a, const Binary& b) noexcept
    {
        return static_cast<const View&>(a) == static_cast<const View&>(b);
    }
    template <class Bytes>
        requires(std::convertible_to<const Bytes&, Binary> && !std::same_as<Bytes, Binary>)
    friend constexpr bool operator==(const Binary& a, const Bytes& b) noexcept
    {
        return a == Binary(b);
    }

private:
    static constexpr View from(const std::byte* bytes, std::size_t size) noexcept { return View(bytes, size); }
    static constexpr View from(const char* chars, std::size_t size) noexcept { return View(chars, size); }
    static View from(const unsigned char* bytes, std::size_t size) noexcept
    {
        return View(reinterpret_cast<const std::byte*>(bytes), size);
    }
};

} // namespace mqttwire::inline MQTTWIRE_ABI
