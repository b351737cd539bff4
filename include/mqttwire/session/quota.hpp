// Quotas: how many PUBLISH packets with QoS 1 and 2 may be unacknowledged at once, either way [5.0: section 4.9].
//
// A quota that is counted down and up can go wrong: below zero when messages are sent again, above its start when an
// acknowledgement comes twice. These compare a count, which whoever holds the messages knows, with the maximum.
#pragma once

#include "mqttwire/config.hpp"

#include <cstdint>

namespace mqttwire::inline MQTTWIRE_ABI::session {

/// The most unacknowledged messages that the receiver has said it takes: Receive Maximum, 65,535 if it says nothing,
/// which is also what holds before 5.0. New with each connection.
struct Quota {
    std::uint16_t receive_maximum = 0xFFFF;

    /// True if one more PUBLISH with QoS 1 or 2 may go out, or come in, while so many are unacknowledged
    /// [5.0: MQTT-4.9.0-1, -2, MQTT-3.3.4-7, -9].
    constexpr bool allows_one_more(std::uint16_t unacknowledged) const noexcept
    {
        return unacknowledged < receive_maximum;
    }

    /// What section 4.9 calls the quota: how many may go out now.
    constexpr std::uint16_t left(std::uint16_t unacknowledged) const noexcept
    {
        return unacknowledged < receive_maximum ? static_cast<std::uint16_t>(receive_maximum - unacknowledged) : 0;
    }
};

} // namespace mqttwire::inline MQTTWIRE_ABI::session
