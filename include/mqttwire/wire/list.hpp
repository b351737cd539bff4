// List<T>: an array of the caller's, or the elements that stand in the validated bytes of a packet. Both look the same
// to whoever iterates over them, and both can be encoded.
#pragma once

#include "mqttwire/config.hpp"
#include "mqttwire/property_id.hpp"
#include "mqttwire/reason_code.hpp"
#include "mqttwire/version.hpp"
#include "mqttwire/wire/text.hpp"
#include "mqttwire/wire/unchecked_reader.hpp"

#include <cstddef>
#include <cstdint>
#include <type_traits>

namespace mqttwire::inline MQTTWIRE_ABI {

namespace wire {

/// How an element of a list is encoded. The primary template is for structs that describe their fields themselves.
template <class T>
struct Element {
    template <class Walk, class Self>
    MQTTWIRE_ALWAYS_INLINE static constexpr bool fields(Walk& walk, Self& self)
    {
        return T::fields(walk, self);
    }
};

/// A Topic Filter of UNSUBSCRIBE.
template <>
struct Element<Text> {
    template <class Walk, class Self>
    MQTTWIRE_ALWAYS_INLINE static constexpr bool fields(Walk& walk, Self& self)
    {
        return walk.topic_filter(self);
    }
};

/// A Reason Code of SUBACK or UNSUBACK.
template <>
struct Element<ReasonCode> {
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

/// True for elements that are properties: in the bytes of a packet, other properties can stand between them.
template <class T>
concept PropertyElement = requires { Element<T>::property; };

/// Memory for a value that is filled in before it is looked at. Its own defaults would clear it first.
template <class T>
union Room {
    T value;
    Room() noexcept {} // NOLINT(modernize-use-equals-default): a defaulted one would set the defaults
};

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

/// A list of T. It owns nothing: the caller's array, or the packet that was decoded, must stay alive.
template <class T>
class List {
public:
    class Iterator {
    public:
        using value_type = T;
        using difference_type = std::ptrdiff_t;
        using iterator_category = std::input_iterator_tag;
        using iterator_concept = std::forward_iterator_tag;
        using reference = T;
        using pointer = void;

        constexpr Iterator() noexcept = default;
        constexpr T operator*() const noexcept
        {
            if (list_.form_ == array) return *list_.items_;
            const std::byte* at = list_.bytes_;
            return list_.take(at);
        }
        constexpr Iterator& operator++() noexcept
        {
            list_.drop_front();
            return *this;
        }
        constexpr Iterator operator++(int) noexcept
        {
            Iterator before = *this;
            list_.drop_front();
            return before;
        }
        friend constexpr bool operator==(const Iterator& a, const Iterator& b) noexcept
        {
            return a.list_.size() == b.list_.size();
        }

    private:
        friend class List;
        constexpr explicit Iterator(const List& rest) noexcept : list_(rest) {}
        List list_; ///< this element and those behind it
    };
    using iterator = Iterator;
    using const_iterator = Iterator;
    using value_type = T;

    constexpr List() noexcept : items_(nullptr), count_(0), extent_{}, form_(array) { wire::set_members_one_by_one(); }
    /// Any contiguous range of T: an array, std::array, std::span, std::vector.
    template <class Range>
        requires(!std::is_same_v<Range, List> && !std::is_same_v<Range, Iterator>) && wire::SpanOf<Range, T>
    constexpr List(const Range& range) noexcept : List(std::data(range), std::size(range))
    {
    }
    constexpr List(const T* items, std::size_t count) noexcept
        : items_(items), count_(clamp(count)), extent_{}, form_(array)
    {
    }
    /// For decoders: `count` elements in the validated bytes of a packet of that version.
    constexpr List(const std::byte* bytes, std::size_t extent, std::size_t count, Version version) noexcept
        : bytes_(bytes), count_(clamp(count)), extent_(static_cast<std::uint32_t>(extent) & 0x1FFFFFFFU),
          form_(static_cast<std::uint32_t>(version) & 7U)
    {
    }

    constexpr std::size_t size() const noexcept { return count_; }
    constexpr bool empty() const noexcept { return count_ == 0; }
    constexpr iterator begin() const noexcept { return Iterator(*this); }
    constexpr iterator end() const noexcept
    {
        List none = *this;
        none.count_ = 0;
        return Iterator(none);
    }
    constexpr T front() const noexcept { return *begin(); }
    /// The list of the first `count` elements; of all, if there are not so many.
    constexpr List first(std::size_t count) const noexcept
    {
        List part = *this;
        if (count < part.count_) part.count_ = static_cast<std::uint32_t>(count);
        return part;
    }
    /// The element at an index below size(). In a decoded packet this takes time linear in the index.
    constexpr T operator[](std::size_t index) const noexcept
    {
        if (form_ == array) return items_[index];
        iterator element = begin();
        for (; index != 0; --index) ++element;
        return *element;
    }

    friend constexpr bool operator==(const List& a, const List& b) noexcept
    {
        if (a.size() != b.size()) return false;
        for (iterator i = a.begin(), j = b.begin(); i != a.end(); ++i, ++j)
            if (!(*i == *j)) return false;
        return true;
    }

    /// Calls f with each element until it gives false; gives whether it never did. The quickest way through a list.
    template <class F>
    MQTTWIRE_ALWAYS_INLINE constexpr bool all_of(F&& f) const
    {
        if constexpr (config::small)
            if (!std::is_constant_evaluated()) return all_of_with_one_call(f);
        if (form_ == array) {
            const T* const end = items_ + count_; // f may write bytes, and to the compiler those could be our members
            for (const T* item = items_; item != end; ++item)
                if (!f(*item)) return false;
            return true;
        }
        for (List rest = *this; !rest.empty();) {
            const T element = rest.take(rest.bytes_);
            if (!f(element)) return false;
            --rest.count_;
            if (!rest.empty()) rest.settle();
        }
        return true;
    }

    /// For decoders: adds the property at `at`, which the property block that ends at `end` holds.
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

    /// The element at `at`, which moves behind it.
    MQTTWIRE_ALWAYS_INLINE constexpr T take(const std::byte*& at) const noexcept
    {
        wire::UncheckedReader reader(at, static_cast<Version>(form_));
        T element;
        if constexpr (wire::PropertyElement<T>) reader.skip(1);
        wire::Element<T>::fields(reader, element);
        at = reader.position();
        return element;
    }

    constexpr void drop_front() noexcept
    {
        --count_;
        if (form_ == array) {
            ++items_;
        } else if (count_ != 0) {
            take(bytes_);
            settle();
        }
    }

    /// all_of at run time: one call of f is less code than two.
    template <class F>
    [[gnu::always_inline]] bool all_of_with_one_call(F& f) const
    {
        for (List rest = *this; rest.count_ != 0;) {
            wire::Room<T> scratch;
            if (!f(rest.take_first(scratch.value))) return false;
        }
        return true;
    }

    /// The element in front, which is no longer in the list then; `scratch` holds it if nothing else does. Out of line,
    /// so that all that go over a list share it.
    MQTTWIRE_NOINLINE const T& take_first(T& scratch) noexcept
    {
        --count_;
        if (form_ == array) return *items_++;
        scratch = take(bytes_);
        if (count_ != 0) settle();
        return scratch;
    }

    /// Steps over properties of other kinds.
    MQTTWIRE_ALWAYS_INLINE constexpr void settle() noexcept
    {
        if constexpr (wire::PropertyElement<T>) bytes_ = wire::seek_property(bytes_, wire::Element<T>::property);
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
