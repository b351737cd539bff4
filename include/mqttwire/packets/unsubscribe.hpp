// UNSUBSCRIBE: ends subscriptions [3.1.1 and 5.0: section 3.10].
//
//   1010 0010 | length | packet id | 5.0: properties | topic filter | topic filter | ...
#pragma once

#include "mqttwire/config.hpp"
#include "mqttwire/error.hpp"
#include "mqttwire/leniency.hpp"
#include "mqttwire/packet_type.hpp"
#include "mqttwire/packets/functions.hpp"
#include "mqttwire/properties/properties.hpp"
#include "mqttwire/result.hpp"
#include "mqttwire/version.hpp"
#include "mqttwire/wire/list.hpp"
#include "mqttwire/wire/text.hpp"

#include <cstddef>
#include <cstdint>
#include <span>

namespace mqttwire::inline MQTTWIRE_ABI {

/// Ends the subscriptions of one or more topic filters.
struct Unsubscribe {
    static constexpr PacketType type = PacketType::unsubscribe;

    std::uint16_t packet_id{}; ///< 1 to 65,535
    List<Text> filters{}; ///< exactly as they were subscribed, at least one
    UnsubscribeProperties properties{};

    // clang-format off
    template <class Walk, class Self>
    MQTTWIRE_ALWAYS_INLINE static constexpr bool fields(Walk& walk, Self& self)
    {
        return walk.fixed_header() // [MQTT-3.10.1-1]
            && walk.packet_id(true, self.packet_id)
            && walk.properties(self.properties)
            && walk.list(self.filters, Errc::no_topic_filter, Field::filter); // [MQTT-3.10.3-1, -2]
    }
    // clang-format on

    using This = Unsubscribe;
#include "mqttwire/packets/verbs.inc"

    friend constexpr bool operator==(const Unsubscribe&, const Unsubscribe&) noexcept = default;
};

} // namespace mqttwire::inline MQTTWIRE_ABI
