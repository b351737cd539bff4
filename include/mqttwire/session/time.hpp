// Time as the caller passes it in, and intervals of seconds that are longer than it can hold.
#pragma once

#include "mqttwire/config.hpp"

#include <cstdint>

namespace mqttwire::inline MQTTWIRE_ABI::session {

/// Milliseconds of any steady clock. The number wraps around after 49.7 days, and may: times are compared by their
/// difference. Two times that are compared must lie less than 24.8 days apart, which `next_deadline` sees to.
using Time = std::uint32_t;

/// Milliseconds in a second.
inline constexpr std::uint32_t second = 1000;

/// True if `now` is `deadline` or later.
constexpr bool has_come(Time deadline, Time now) noexcept { return now - deadline < 0x80000000U; }

/// The earlier of two times.
constexpr Time earlier(Time a, Time b) noexcept { return has_come(a, b) ? a : b; }

/// The interval that never ends, of Session Expiry [5.0: section 3.1.2.11.2].
inline constexpr std::uint32_t for_ever = 0xFFFFFFFFU;

/// Counts an interval of seconds down, of up to 136 years. It must be asked again by its `deadline`, which is at most
/// 11.6 days away.
struct Countdown {
    static constexpr std::uint32_t longest_step = 1000000; ///< seconds

    Time since{}; ///< from when on `left` counts
    std::uint32_t left{}; ///< seconds; `for_ever`: never ends

    /// When there is something to do: the end, or a step on the way to it. Not for `for_ever`.
    constexpr Time deadline() const noexcept { return since + (left < longest_step ? left : longest_step) * second; }

    /// Takes off the seconds that have passed; true at the end.
    constexpr bool has_ended(Time now) noexcept
    {
        if (left == for_ever) return false;
        const std::uint32_t passed = has_come(since, now) ? (now - since) / second : 0;
        if (passed >= left) {
            left = 0;
            return true;
        }
        left -= passed;
        since += passed * second;
        return false;
    }
};

} // namespace mqttwire::inline MQTTWIRE_ABI::session
