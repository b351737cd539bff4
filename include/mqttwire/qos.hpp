// Quality of service and the retain handling of a subscription.
#pragma once

#include "mqttwire/config.hpp"

#include <cstdint>
#include <string_view>

namespace mqttwire::inline MQTTWIRE_ABI {

/// How often a message is delivered [3.1.1 and 5.0: section 4.3].
enum class QoS : std::uint8_t {
    at_most_once = 0,
    at_least_once = 1,
    exactly_once = 2,
};

/// Which retained messages a new subscription is sent [5.0: section 3.8.3.1].
enum class RetainHandling : std::uint8_t {
    send = 0, ///< at every subscribe
    send_if_new_subscription = 1, ///< only if the subscription did not exist before
    do_not_send = 2,
};

[[nodiscard]] constexpr std::string_view name(QoS qos) noexcept
{
    switch (qos) {
    case QoS::at_most_once: return "at_most_once";
    case QoS::at_least_once: return "at_least_once";
    case QoS::exactly_once: return "exactly_once";
    }
    return "reserved";
}

[[nodiscard]] constexpr std::string_view name(RetainHandling handling) noexcept
{
    switch (handling) {
    case RetainHandling::send: return "send";
    case RetainHandling::send_if_new_subscription: return "send_if_new_subscription";
    case RetainHandling::do_not_send: return "do_not_send";
    }
    return "reserved";
}

} // namespace mqttwire::inline MQTTWIRE_ABI
