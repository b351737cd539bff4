// List<T>: an array of the caller's, or the elements that stand in the validated bytes of a packet. Both look the same
// to whoever iterates over them, and both can be encoded.
#pragma once

#include "mqttwire/config.hpp"
#include "mqttwire/property_id.hpp"
#include "mqttwire/reason_code.hpp"
#include "mqttwire/version.hpp"
#include "mqttwire/wire/list_reader.hpp"
#include "mqttwire/wire/text.hpp"

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <iterator>
#include <new>
#include <type_traits>

namespace mqttwire::inline MQTTWIRE_ABI {

namespace wire {

/// How an element of a list is encoded. `least_bytes` are those of one with a text that is empty. The primary template
/// is for structs that describe their fields themselves: the Subscription, in which one byte follows a text.
template <class T>
struct Element {
    static constexpr std::uint8_t least_bytes = 3;
    template <class Walk, class Self>
    MQTTWIRE_ALWAYS_INLINE static constexpr bool fields(Walk& walk, Self& self)
    {
        return T::fields(walk, self);
    }
};

/// A Topic Filter of UNSUBSCRIBE.
template <>
struct Element<Text> {
    static constexpr std::uint8_t least_bytes = 2;
    template <class Walk, class Self>
    MQTTWIRE_ALWAYS_INLINE static constexpr bool fields(Walk& walk, Self& self)
    {
        return walk.topic_filter(self);
    }
};

/// A Reason Code of SUBACK or UNSUBACK.
template <>
struct Element<ReasonCode> {
    static constexpr bool is_byte = true;
    template <class Walk, class Self>
    MQTTWIRE_ALWAYS_INLINE static constexpr bool fields(Walk& walk, Self& self)
    {
        return walk.listed_reason_code(self);
    }
};

/// A Subscription Identifier of PUBLISH.
template <>
struct Element<std::uint32_t> {
    static constexpr PropertyId property = PropertyId::subscription_identifier;
    template <class Walk, class Self>
    MQTTWIRE_ALWAYS_INLINE static constexpr bool fields(Walk& walk, Self& self)
    {
        return walk.variable_byte_integer(field(property), self);
    }
};

/// True for elements of which each is one byte: an array of them is what stands in a packet.
template <class T>
concept ByteElement = requires { Element<T>::is_byte; };

/// True for elements that are properties: in the bytes of a packet, other properties can stand between them.
template <class T>
concept PropertyElement = requires { Element<T>::property; };

/// Keeps g++ from clearing a whole struct of optional members when its defaults are set one by one: a constructor with
/// an (empty) instruction is not folded into one constant. Costs nothing itself.
constexpr void set_members_one_by_one() noexcept
{
#if defined(__GNUC__)
    if constexpr (!config::small)
        if (!std::is_constant_evaluated()) asm("");
#endif
}

} // namespace wire

/// A list of T. It owns nothing: the caller's array, or the packet that was decoded, must stay alive. If somebody
/// overwrites the bytes of that packet, what the list then holds has no meaning, but it still has size() elements, and
/// nothing outside those bytes is read for them.
///
/// An element of a decoded packet is read when one comes to it, so `list[i]` takes time linear in i, and a loop over
/// all indices takes quadratic time, which with a packet of many megabytes is a matter of minutes: use range-for or
/// `all_of`.
template <class T>
class MQTTWIRE_VIEW List {
    /// Where one is in a list: the elements that are still to come.
    class Cursor {
    public:
        constexpr Cursor() noexcept : items_(nullptr) {}
        template <class = config::Code>
        constexpr explicit Cursor(const List& list) noexcept : count_(list.count_), form_(list.form_)
        {
            if (form_ == array) {
                items_ = list.items_;
            } else {
                bytes_ = list.bytes_;
                end_ = bytes_ + list.extent_;
            }
        }

        constexpr std::uint32_t count() const noexcept { return count_; }

        /// The next element; there must be one.
        template <class = config::Code>
        MQTTWIRE_QUICK constexpr T take() noexcept
        {
            --count_;
            return form_ == array ? *items_++ : take_decoded();
        }
        /// The same where it stands, or constructed in the memory that the caller has for it. Out of line, so that all
        /// share it.
        template <class = config::Code>
        MQTTWIRE_NOINLINE const T& take_to(void* memory) noexcept
        {
            --count_;
            return form_ == array ? *items_++ : *::new (memory) T(take_decoded());
        }

        /// The next element of the bytes of a packet.
        template <class = config::Code>
        MQTTWIRE_ALWAYS_INLINE constexpr T take_decoded() noexcept
        {
            if constexpr (wire::PropertyElement<T>)
                bytes_ = wire::seek_property(bytes_, end_, wire::Element<T>::property);
            wire::ListReader reader(bytes_, end_, static_cast<Version>(form_), least);
            T element;
            wire::Element<T>::fields(reader, element);
            bytes_ = reader.position();
            return element;
        }

    private:
        static constexpr std::uint8_t least = [] {
            if constexpr (requires { wire::Element<T>::least_bytes; }) return wire::Element<T>::least_bytes;
            else return std::uint8_t{0};
        }();

        union {
            const T* items_;
            const std::byte* bytes_;
        };
        const std::byte* end_ = nullptr; ///< of the bytes
        std::uint32_t count_ = 0;
        std::uint32_t form_ = array;
    };

public:
    /// Holds the element that it stands at, so that each is read once.
    class Iterator {
    public:
        using value_type = T;
        using difference_type = std::ptrdiff_t;
        using iterator_category = std::input_iterator_tag;
        using iterator_concept = std::forward_iterator_tag;
        using reference = T;
        using pointer = void;

        constexpr Iterator() noexcept = default;
        constexpr T operator*() const noexcept { return element_; }
        template <class = config::Code>
        MQTTWIRE_QUICK constexpr Iterator& operator++() noexcept
        {
            --left_;
            if (left_ != 0) element_ = behind_.take();
            return *this;
        }
        template <class = config::Code>
        constexpr Iterator operator++(int) noexcept
        {
            Iterator before = *this;
            ++*this;
            return before;
        }
        friend constexpr bool operator==(const Iterator& a, const Iterator& b) noexcept { return a.left_ == b.left_; }

    private:
        friend class List;
        template <class = config::Code>
        MQTTWIRE_QUICK constexpr explicit Iterator(const List& list) noexcept
            : behind_(list), left_(list.count_), element_(left_ == 0 ? T{} : behind_.take())
        {
        }

        Cursor behind_; ///< the elements behind this one
        std::uint32_t left_ = 0; ///< their number and this one
        T element_{};
    };
    using iterator = Iterator;
    using const_iterator = Iterator;
    using value_type = T;

private:
    template <class Range>
    static constexpr bool is_range_of_items =
        !std::is_same_v<Range, List> && !std::is_same_v<Range, Iterator> && wire::SpanOf<Range, T>;

public:
    constexpr List() noexcept : items_(nullptr), count_(0), extent_{}, form_(array) { wire::set_members_one_by_one(); }
    /// Any contiguous range of T: an array, std::array, std::span, std::vector.
    template <class Range>
        requires(is_range_of_items<Range> && !wire::Borrowed<Range>)
    constexpr List(const Range& range MQTTWIRE_LIFETIMEBOUND) noexcept : List(std::data(range), std::size(range))
    {
    }
    template <class Range>
        requires(is_range_of_items<Range> && wire::Borrowed<Range>)
    constexpr List(Range range) noexcept : List(std::data(range), std::size(range))
    {
    }
    /// Elements in braces, which live as long as the full expression that they stand in:
    ///
    ///     Subscribe{.packet_id = 1, .filters = {{.filter = "a/#"}}}.encode(buffer, version);
    constexpr List(std::initializer_list<T> items MQTTWIRE_LIFETIMEBOUND) noexcept : List(items.begin(), items.size())
    {
    }
    constexpr List(const T* items, std::size_t count) noexcept
        : items_(items), count_(clamp(count)), extent_{}, form_(array)
    {
    }
    /// For decoders: `count` elements in the validated bytes of a packet of that version.
    constexpr List(const std::byte* bytes, std::size_t extent, std::size_t count, Version version) noexcept
        : bytes_(bytes), count_(clamp(count < extent ? count : extent)),
          extent_(static_cast<std::uint32_t>(extent) & 0x1FFFFFFFU), form_(form_of(version) & 7U)
    {
    }

    [[nodiscard]] MQTTWIRE_THIN constexpr std::size_t size() const noexcept { return count_; }
    [[nodiscard]] MQTTWIRE_THIN constexpr bool empty() const noexcept { return count_ == 0; }
    template <class = config::Code>
    MQTTWIRE_QUICK constexpr iterator begin() const noexcept
    {
        return Iterator(*this);
    }
    constexpr iterator end() const noexcept { return {}; }
    /// The first element; there must be one.
    template <class = config::Code>
    constexpr T front() const noexcept
    {
        return *begin();
    }
    /// The list of the first `count` elements; of all, if there are not so many.
    constexpr List first(std::size_t count) const noexcept
    {
        List part = *this;
        if (count < part.count_) part.count_ = static_cast<std::uint32_t>(count);
        return part;
    }
    /// The element at an index below size(). In a decoded packet this takes time linear in the index.
    template <class = config::Code>
    constexpr T operator[](std::size_t index) const noexcept
    {
        if (form_ == array) return items_[index];
        Cursor cursor(*this);
        for (; index != 0; --index) cursor.take();
        return cursor.take();
    }

    template <class = config::Code>
    friend constexpr bool operator==(const List& a, const List& b) noexcept
    {
        if (a.size() != b.size()) return false;
        for (iterator i = a.begin(), j = b.begin(); i != a.end(); ++i, ++j)
            if (!(*i == *j)) return false;
        return true;
    }

    /// Calls f with each element until it gives false; gives whether it never did. The quickest way through a list.
    template <class F, class = config::Code>
    MQTTWIRE_QUICK constexpr bool all_of(F&& f) const
    {
        if constexpr (!config::small) {
            if (empty()) return true;
            // Both loops again, for a walk's step is not laid into a caller's own code: were f handed on to a function,
            // what f changes could not lie in registers.
            if (form_ != array) [[likely]] {
                Cursor rest(*this);
                for (std::uint32_t left = count_; left != 0; --left)
                    if (!f(static_cast<const T&>(rest.take_decoded()))) return false;
                return true;
            }
            const T* const end = items_ + count_;
            for (const T* item = items_; item != end; ++item)
                if (!f(*item)) return false;
            return true;
        } else {
            return all_in_walk(f);
        }
    }

    /// The same, as a step of a walk.
    template <class F, class = config::Code>
    MQTTWIRE_ALWAYS_INLINE constexpr bool all_in_walk(F&& f) const
    {
        if constexpr (config::small)
            if (!std::is_constant_evaluated()) return all_of_with_one_call(f);
        if (form_ == array) {
            const T* const end = items_ + count_; // f may write bytes, and to the compiler those could be our members
            for (const T* item = items_; item != end; ++item)
                if (!f(*item)) return false;
            return true;
        }
        Cursor rest(*this);
        for (std::uint32_t left = count_; left != 0; --left) {
            const T element = rest.take_decoded();
            if (!f(element)) return false;
        }
        return true;
    }

    /// For encoders: the bytes of all elements, at run time.
    template <class = config::Code>
    wire::View bytes() const noexcept
        requires wire::ByteElement<T>
    {
        return {form_ == array ? reinterpret_cast<const std::byte*>(items_) : bytes_, count_};
    }

    /// For encoders: true if the elements are read from the bytes of a packet.
    MQTTWIRE_THIN constexpr bool is_decoded() const noexcept { return form_ != array; }
    /// For encoders: the bytes of a packet that the elements are read from, if there are such.
    template <class = config::Code>
    constexpr std::span<const std::byte> read_from() const noexcept
    {
        return form_ != array && count_ != 0 ? std::span(bytes_, extent_) : std::span<const std::byte>{};
    }

    /// For encoders: there are so many elements now, but not more than there have been.
    constexpr void set_size(std::size_t count) noexcept { count_ = static_cast<std::uint32_t>(count); }

    /// For decoders: adds the property at `at`, which the property block that ends at `end` holds.
    template <class = config::Code>
    constexpr void add_property(const std::byte* at, const std::byte* end, Version version) noexcept
    {
        if (count_ == 0) *this = List(at, static_cast<std::size_t>(end - at), 0, version);
        ++count_;
    }

private:
    static constexpr std::uint32_t array = 0; ///< form_ of an array; else it is the version of the packet

    static constexpr std::uint32_t clamp(std::size_t count) noexcept
    {
        return count < 0xFFFFFFFFU ? static_cast<std::uint32_t>(count) : 0xFFFFFFFFU;
    }

    /// A version that is none is taken for the last; `array` is none.
    static constexpr std::uint32_t form_of(Version version) noexcept
    {
        const std::uint32_t form = static_cast<std::uint32_t>(version) & 7U;
        return form != array ? form : static_cast<std::uint32_t>(Version::v5);
    }

    /// all_of at run time: one call of f is less code than two.
    template <class F, class = config::Code>
    MQTTWIRE_STEP bool all_of_with_one_call(F& f) const
    {
        for (Cursor rest(*this); rest.count() != 0;) {
            alignas(T) std::byte memory[sizeof(T)];
            if (!f(rest.take_to(memory))) return false;
        }
        return true;
    }

    union {
        const T* items_;
        const std::byte* bytes_;
    };
    std::uint32_t count_;
    std::uint32_t extent_ : 29; ///< bytes from bytes_ to the end of what the packet holds of the list
    std::uint32_t form_ : 3;
};

} // namespace mqttwire::inline MQTTWIRE_ABI

template <class T>
inline constexpr bool std::ranges::enable_borrowed_range<mqttwire::List<T>> = true;
