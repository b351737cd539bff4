// ElementCheck: tells whether an element of a list has a fault, and not which, for less than a Reader takes.
#pragma once

#include "mqttwire/config.hpp"
#include "mqttwire/error.hpp"
#include "mqttwire/leniency.hpp"
#include "mqttwire/wire/bytes.hpp"
#include "mqttwire/wire/rules.hpp"
#include "mqttwire/wire/string_kind.hpp"
#include "mqttwire/wire/string_look.hpp"
#include "mqttwire/wire/text.hpp"

#include <cstddef>
#include <cstdint>

namespace mqttwire::inline MQTTWIRE_ABI::wire {

inline namespace MQTTWIRE_CODE {

/// Walks over an element that begins with a text. Every operation gives true unless there is a fault.
template <class V>
class ElementCheck {
public:
    /// `least` bytes are those of an element whose text is empty.
    MQTTWIRE_ALWAYS_INLINE constexpr ElementCheck(
        const std::byte* at, const std::byte* end, std::uint8_t least, V version, Leniency leniency) noexcept
        : at_(at), least_(least), room_(end - at - least), version_(version), leniency_(leniency)
    {
    }

    constexpr const std::byte* position() const noexcept { return at_; }

    /// True if there is room for another element, whose text may be empty.
    MQTTWIRE_ALWAYS_INLINE constexpr bool has_room() const noexcept { return room_ >= 0; }

    /// Looks whether there is room for all of the element.
    MQTTWIRE_ALWAYS_INLINE constexpr bool topic_filter(Text& filter) noexcept
    {
        const std::ptrdiff_t size = load_two(at_);
        if (size > room_) [[unlikely]]
            return false;
        filter = Text(at_ + 2, static_cast<std::size_t>(size));
        at_ += 2 + size;
        room_ -= least_ + size;
        return string_fault(StringKind::topic_filter, filter, version_, leniency_).code == Errc::none;
    }

    MQTTWIRE_ALWAYS_INLINE constexpr bool subscription_options(std::uint8_t& options, const Text& filter) noexcept
    {
        options = load_byte(at_++);
        return options <= 2 || subscription_options_fault(options, filter, version_) == Errc::none;
    }

    /// Nobody looks at the members.
    template <class T>
    MQTTWIRE_STEP constexpr bool imply(const T&, T) const noexcept
    {
        return true;
    }

private:
    const std::byte* at_;
    std::ptrdiff_t least_; ///< bytes of an element
    std::ptrdiff_t room_; ///< bytes for the text of the next element; less than 0 if there is no room for an element
    [[no_unique_address]] V version_;
    Leniency leniency_;
};

} // namespace MQTTWIRE_CODE

} // namespace mqttwire::inline MQTTWIRE_ABI::wire
