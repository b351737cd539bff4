// Text and Binary: views of text and bytes in the caller's memory.
#pragma once

#include "mqttwire/buffer.hpp"
#include "mqttwire/config.hpp"
#include "mqttwire/wire/bytes.hpp"

#include <compare>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <iosfwd>
#include <span>
#include <string_view>
#include <type_traits>

namespace mqttwire::inline MQTTWIRE_ABI {

namespace wire {

/// The length of a C string; of a literal it is a constant even where the compiler inlines little.
MQTTWIRE_THIN constexpr std::size_t length(const char* text) noexcept
{
#if defined(__GNUC__)
    return __builtin_strlen(text);
#else
    return std::char_traits<char>::length(text);
#endif
}

/// A view of bytes that stand in an array of std::byte, char or char8_t. A constant expression cannot turn one into the
/// other, so the view remembers which it holds. It never owns anything. Sizes above 2^30 - 1 are kept as 2^30 - 1,
/// which no packet can hold either.
class MQTTWIRE_VIEW View {
public:
    constexpr View() noexcept : bytes_(nullptr), size_(0) {}
    MQTTWIRE_THIN constexpr View(const char* chars, std::size_t size) noexcept
        : chars_(chars), size_(clamp(size) | holds_chars)
    {
    }
    constexpr View(const char8_t* chars, std::size_t size) noexcept
        : wide_chars_(chars), size_(clamp(size) | holds_wide_chars)
    {
    }
    constexpr View(const std::byte* bytes, std::size_t size) noexcept : bytes_(bytes), size_(clamp(size)) {}

    /// Number of bytes.
    [[nodiscard]] MQTTWIRE_THIN constexpr std::size_t size() const noexcept { return size_ & most; }
    [[nodiscard]] MQTTWIRE_THIN constexpr bool empty() const noexcept { return size() == 0; }
    /// The same of a view that is known to be of at most 65,535 bytes, for less.
    MQTTWIRE_THIN constexpr std::uint16_t size_if_short() const noexcept { return static_cast<std::uint16_t>(size_); }

    /// The byte at an index below size().
    MQTTWIRE_THIN constexpr std::byte byte_at(std::size_t index) const noexcept
    {
        if ((size_ & holds_wide_chars) != 0) return static_cast<std::byte>(wide_chars_[index]);
        return (size_ & holds_chars) != 0 ? static_cast<std::byte>(chars_[index]) : bytes_[index];
    }

    /// The first byte's address; at run time whatever the view holds, while compiling only if it holds std::byte.
    template <class = config::Code>
    constexpr const std::byte* bytes() const noexcept
    {
        if ((size_ & holds_wide_chars) != 0) return reinterpret_cast<const std::byte*>(wide_chars_);
        return (size_ & holds_chars) != 0 ? reinterpret_cast<const std::byte*>(chars_) : bytes_;
    }
    /// The first character's address; at run time whatever the view holds, while compiling only if it holds char.
    template <class = config::Code>
    constexpr const char* chars() const noexcept
    {
        if ((size_ & holds_wide_chars) != 0) return reinterpret_cast<const char*>(wide_chars_);
        return (size_ & holds_chars) != 0 ? chars_ : reinterpret_cast<const char*>(bytes_);
    }

    /// The bytes from `from` on, at most `count`; `from` is at most size().
    template <class = config::Code>
    constexpr View part(std::size_t from, std::size_t count) const noexcept
    {
        if (count > size() - from) count = size() - from;
        if ((size_ & holds_wide_chars) != 0) return View(wide_chars_ + from, count);
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

    template <class = config::Code>
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
    static constexpr std::uint32_t holds_wide_chars = 0x40000000U;
    static constexpr std::uint32_t most = 0x3FFFFFFFU;
    static constexpr std::uint32_t clamp(std::size_t size) noexcept
    {
        return size < most ? static_cast<std::uint32_t>(size) : most;
    }

    union {
        const char* chars_;
        const char8_t* wide_chars_;
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
/// 65,535 bytes; a longer one is refused on encode. Of std::string_view it has `size`, `empty`, `data`, `[]`, `front`,
/// `back`, `substr`, `starts_with`, `ends_with`, `find`, `rfind`, `contains`, iteration forwards, comparison and `<<`;
/// for all else there is `view()`, to which it converts (while compiling only if it was made from `char`). Texts are
/// ordered by their bytes, which is the order of their code points.
///
/// With std::less<> it finds keys of maps, and with std::hash<Text> and std::equal_to<> those of unordered maps,
/// whether the keys are std::string or Text.
class MQTTWIRE_VIEW Text : public wire::View {
public:
    using iterator = wire::ViewIterator<char>;
    using const_iterator = iterator;
    using value_type = char;

    static constexpr std::size_t npos = static_cast<std::size_t>(-1);

    constexpr Text() noexcept = default;
    template <class String>
        requires std::convertible_to<const String&, std::string_view>
    constexpr Text(const String& text MQTTWIRE_LIFETIMEBOUND) noexcept : Text(std::string_view(text))
    {
    }
    MQTTWIRE_THIN constexpr Text(std::string_view text MQTTWIRE_LIFETIMEBOUND) noexcept : View(text.data(), text.size())
    {
    }
    MQTTWIRE_THIN constexpr Text(const char* text MQTTWIRE_LIFETIMEBOUND) noexcept : View(text, wire::length(text)) {}
    constexpr Text(std::u8string_view text MQTTWIRE_LIFETIMEBOUND) noexcept : View(text.data(), text.size()) {}
    constexpr Text(const char8_t* text MQTTWIRE_LIFETIMEBOUND) noexcept : Text(std::u8string_view(text)) {}
    /// Text that stands in bytes.
    constexpr explicit Text(std::span<const std::byte> bytes MQTTWIRE_LIFETIMEBOUND) noexcept
        : View(bytes.data(), bytes.size())
    {
    }
    constexpr Text(const std::byte* bytes, std::size_t size) noexcept : View(bytes, size) {}
    template <std::same_as<char> Char>
    constexpr Text(const Char* characters, std::size_t size) noexcept : View(characters, size)
    {
    }
    constexpr explicit Text(const View& view) noexcept : View(view) {}

    constexpr const char* data() const noexcept { return chars(); }
    constexpr std::string_view view() const noexcept
    {
        return empty() ? std::string_view{} : std::string_view(chars(), size());
    }
    constexpr operator std::string_view() const noexcept { return view(); }
    MQTTWIRE_THIN constexpr char operator[](std::size_t index) const noexcept
    {
        return static_cast<char>(byte_at(index));
    }
    constexpr char front() const noexcept { return (*this)[0]; }
    constexpr char back() const noexcept { return (*this)[size() - 1]; }
    constexpr iterator begin() const noexcept { return {*this, 0}; }
    constexpr iterator end() const noexcept { return {*this, size()}; }

    /// The text from byte `from` on, at most `count` bytes; `from` is at most size().
    [[nodiscard]] constexpr Text substr(std::size_t from, std::size_t count = npos) const noexcept
    {
        return Text(part(from, count));
    }

    [[nodiscard]] constexpr bool starts_with(const Text& prefix) const noexcept
    {
        return size() >= prefix.size() && part(0, prefix.size()) == prefix;
    }
    [[nodiscard]] constexpr bool starts_with(char prefix) const noexcept { return !empty() && front() == prefix; }
    [[nodiscard]] constexpr bool ends_with(const Text& suffix) const noexcept
    {
        return size() >= suffix.size() && part(size() - suffix.size(), suffix.size()) == suffix;
    }
    [[nodiscard]] constexpr bool ends_with(char suffix) const noexcept { return !empty() && back() == suffix; }

    /// The index of the first occurrence that begins at or behind `from`, or `npos`.
    template <class = config::Code>
    [[nodiscard]] constexpr std::size_t find(const Text& what, std::size_t from = 0) const noexcept
    {
        for (; from <= size() && what.size() <= size() - from; ++from)
            if (part(from, what.size()) == what) return from;
        return npos;
    }
    template <class = config::Code>
    [[nodiscard]] constexpr std::size_t find(char what, std::size_t from = 0) const noexcept
    {
        for (; from < size(); ++from)
            if ((*this)[from] == what) return from;
        return npos;
    }
    /// The index of the last occurrence that begins at or before `from`, or `npos`.
    template <class = config::Code>
    [[nodiscard]] constexpr std::size_t rfind(const Text& what, std::size_t from = npos) const noexcept
    {
        if (what.size() > size()) return npos;
        const std::size_t last = size() - what.size();
        for (std::size_t next = (from < last ? from : last) + 1; next != 0; --next)
            if (part(next - 1, what.size()) == what) return next - 1;
        return npos;
    }
    template <class = config::Code>
    [[nodiscard]] constexpr std::size_t rfind(char what, std::size_t from = npos) const noexcept
    {
        for (std::size_t next = from < size() ? from + 1 : size(); next != 0; --next)
            if ((*this)[next - 1] == what) return next - 1;
        return npos;
    }
    [[nodiscard]] constexpr bool contains(const Text& what) const noexcept { return find(what) != npos; }
    [[nodiscard]] constexpr bool contains(char what) const noexcept { return find(what) != npos; }

    friend constexpr bool operator==(const Text& a, const Text& b) noexcept
    {
        return static_cast<const View&>(a) == static_cast<const View&>(b);
    }
    friend constexpr std::strong_ordering operator<=>(const Text& a, const Text& b) noexcept
    {
        const std::size_t both = a.size() < b.size() ? a.size() : b.size();
        for (std::size_t i = 0; i < both; ++i)
            if (a.byte_at(i) != b.byte_at(i)) return a.byte_at(i) <=> b.byte_at(i);
        return a.size() <=> b.size();
    }
    template <class String>
        requires(std::convertible_to<const String&, Text> && !std::same_as<String, Text>)
    friend constexpr bool operator==(const Text& a, const String& b) noexcept
    {
        return a == Text(b);
    }
    template <class String>
        requires(std::convertible_to<const String&, Text> && !std::same_as<String, Text>)
    friend constexpr std::strong_ordering operator<=>(const Text& a, const String& b) noexcept
    {
        return a <=> Text(b);
    }

    /// Writes as a std::string_view does.
    template <class Traits>
    friend std::basic_ostream<char, Traits>& operator<<(std::basic_ostream<char, Traits>& out, const Text& text)
    {
        return out << text.view();
    }
};

/// A view of binary data, made from bytes or from characters. A payload has up to 268,435,455 bytes less the other
/// fields of its packet; every other binary field at most 65,535.
class MQTTWIRE_VIEW Binary : public wire::View {
    template <class Range>
    static constexpr bool is_range_of_bytes =
        wire::ByteRange<Range> && !std::derived_from<Range, View> && !std::is_array_v<Range>;

public:
    using iterator = wire::ViewIterator<std::byte>;
    using const_iterator = iterator;
    using value_type = std::byte;

    constexpr Binary() noexcept = default;
    MQTTWIRE_THIN constexpr Binary(std::string_view characters MQTTWIRE_LIFETIMEBOUND) noexcept
        : View(characters.data(), characters.size())
    {
    }
    MQTTWIRE_THIN constexpr Binary(const char* characters MQTTWIRE_LIFETIMEBOUND) noexcept
        : View(characters, wire::length(characters))
    {
    }
    constexpr Binary(const std::byte* bytes, std::size_t size) noexcept : View(bytes, size) {}
    template <class Byte>
        requires(std::same_as<Byte, char> || std::same_as<Byte, unsigned char>)
    constexpr Binary(const Byte* bytes, std::size_t size) noexcept : View(from(bytes, size))
    {
    }
    /// Any contiguous range of std::byte, char or unsigned char.
    template <class Range>
        requires(is_range_of_bytes<Range> && !wire::Borrowed<Range>)
    constexpr Binary(const Range& range MQTTWIRE_LIFETIMEBOUND) noexcept
        : View(from(std::data(range), std::size(range)))
    {
    }
    template <class Range>
        requires(is_range_of_bytes<Range> && wire::Borrowed<Range>)
    constexpr Binary(Range range) noexcept : View(from(std::data(range), std::size(range)))
    {
    }
    template <class Byte, std::size_t Size>
        requires(std::same_as<Byte, std::byte> || std::same_as<Byte, unsigned char>)
    constexpr Binary(const Byte (&array MQTTWIRE_LIFETIMEBOUND)[Size]) noexcept : View(from(array, Size))
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

// Views, whose elements outlive them.
template <>
inline constexpr bool std::ranges::enable_borrowed_range<mqttwire::Text> = true;
template <>
inline constexpr bool std::ranges::enable_borrowed_range<mqttwire::Binary> = true;

/// Gives what the same text gives as a std::string_view, so it can look for keys of either kind.
template <>
struct std::hash<mqttwire::Text> {
    using is_transparent = void;
    std::size_t operator()(const mqttwire::Text& text) const noexcept
    {
        return std::hash<std::string_view>{}(text.view());
    }
};
