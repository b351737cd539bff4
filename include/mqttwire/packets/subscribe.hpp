// SUBSCRIBE: asks for messages [3.1.1 and 5.0: section 3.8].
//
//   1000 0010 | length | packet id | 5.0: properties | topic filter, options | topic filter, options | ...
//
//   options, bit   7 6       5 4               3                     2          1 0
//                  reserved  Retain Handling   Retain As Published   No Local   QoS
#pragma once

#include "mqttwire/config.hpp"
#include "mqttwire/error.hpp"
#include "mqttwire/leniency.hpp"
#include "mqttwire/packet_type.hpp"
#include "mqttwire/packets/functions.hpp"
#include "mqttwire/properties/properties.hpp"
#include "mqttwire/qos.hpp"
#include "mqttwire/result.hpp"
#include "mqttwire/version.hpp"
#include "mqttwire/wire/list.hpp"
#include "mqttwire/wire/rules.hpp"
#include "mqttwire/wire/text.hpp"

#include <cstddef>
#include <cstdint>
#include <span>

namespace mqttwire::inline MQTTWIRE_ABI {

/// One topic filter with what is asked of it. 3.1 and 3.1.1 know filter and QoS only.
struct Subscription {
    Text filter{}; ///< in 5.0 perhaps `$share/{share name}/{filter}`
    QoS qos{}; ///< the most that is wanted
    bool no_local{}; ///< not the client's own messages; not for shared subscriptions
    bool retain_as_published{}; ///< keep the RETAIN flag when forwarding
    RetainHandling retain_handling{};

    // clang-format off
    template <class Walk, class Self>
    MQTTWIRE_ALWAYS_INLINE static constexpr bool fields(Walk& walk, Self& self)
    {
        namespace bits = wire::subscription_options;
        std::uint8_t options = options_of(self);
        return walk.topic_filter(self.filter) // [MQTT-3.8.3-1]
            && walk.subscription_options(options, self.filter)
            && walk.imply(self.qos, static_cast<QoS>(options & bits::qos))
            && walk.imply(self.no_local, (options & bits::no_local) != 0)
            && walk.imply(self.retain_as_published, (options & bits::retain_as_published) != 0)
            && walk.imply(self.retain_handling,
                          static_cast<RetainHandling>((options & bits::retain_handling) >> bits::retain_handling_shift));
    }
    // clang-format on

    friend constexpr bool operator==(const Subscription&, const Subscription&) noexcept = default;

private:
    template <class = config::Code>
    MQTTWIRE_ALWAYS_INLINE static constexpr std::uint8_t options_of(const Subscription& self) noexcept
    {
        namespace bits = wire::subscription_options;
        const auto handling = static_cast<unsigned>(self.retain_handling);
        if ((unsigned{self.no_local} | unsigned{self.retain_as_published} | handling) == 0
            && self.qos <= QoS::exactly_once) [[likely]]
            return static_cast<std::uint8_t>(self.qos);
        const auto at_most_3 = [](auto value) {
            return static_cast<unsigned>(value) < 3 ? static_cast<unsigned>(value) : 3U;
        };
        return static_cast<std::uint8_t>(at_most_3(self.qos) | (self.no_local ? bits::no_local : 0U)
            | (self.retain_as_published ? bits::retain_as_published : 0U)
            | (at_most_3(self.retain_handling) << bits::retain_handling_shift));
    }
};

/// Asks for the messages of one or more topic filters.
struct Subscribe {
    static constexpr PacketType type = PacketType::subscribe;
    static constexpr bool wordy = true; ///< most of it is strings

    std::uint16_t packet_id{}; ///< 1 to 65,535
    List<Subscription> filters{}; ///< at least one
    SubscribeProperties properties{};

    // clang-format off
    template <class Walk, class Self>
    MQTTWIRE_ALWAYS_INLINE static constexpr bool fields(Walk& walk, Self& self)
    {
        return walk.fixed_header() // [MQTT-3.8.1-1]
            && walk.packet_id(true, self.packet_id)
            && walk.properties(self.properties)
            && walk.list(self.filters, Errc::no_topic_filter, Field::filter); // [MQTT-3.8.3-3; 5.0: MQTT-3.8.3-2]
    }
    // clang-format on

    using This = Subscribe;
#include "mqttwire/packets/verbs.inc"

    friend constexpr bool operator==(const Subscribe&, const Subscribe&) noexcept = default;
};

} // namespace mqttwire::inline MQTTWIRE_ABI
