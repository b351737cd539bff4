// DISCONNECT: ends a connection in good order [3.1.1 and 5.0: section 3.14].
//
//   1110 0000 | length | 5.0, unless all is well: reason code | 5.0, unless there are none: properties
#pragma once

#include "mqttwire/config.hpp"
#include "mqttwire/error.hpp"
#include "mqttwire/leniency.hpp"
#include "mqttwire/packet_type.hpp"
#include "mqttwire/packets/functions.hpp"
#include "mqttwire/properties/properties.hpp"
#include "mqttwire/reason_code.hpp"
#include "mqttwire/result.hpp"
#include "mqttwire/version.hpp"

#include <cstddef>
#include <cstdint>
#include <span>

namespace mqttwire::inline MQTTWIRE_ABI {

/// The last packet of a connection. Before 5.0 only clients send it, and it says nothing more.
struct Disconnect {
    static constexpr PacketType type = PacketType::disconnect;
    static constexpr std::size_t usual_body = 0; ///< bytes behind the fixed header, in nearly all such packets

    ReasonCode reason_code{};
    DisconnectProperties properties{};

    // clang-format off
    template <class Walk, class Self>
    MQTTWIRE_ALWAYS_INLINE static constexpr bool fields(Walk& walk, Self& self)
    {
        return walk.fixed_header() // [MQTT-3.14.1-1]
            && walk.short_form(self.reason_code, self.properties); // [MQTT-3.14.2-1, -2]
    }
    // clang-format on

    using This = Disconnect;
#include "mqttwire/packets/verbs.inc"

    friend constexpr bool operator==(const Disconnect&, const Disconnect&) noexcept = default;
};

} // namespace mqttwire::inline MQTTWIRE_ABI
