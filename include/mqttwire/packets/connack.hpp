// CONNACK: answers CONNECT [3.1.1 and 5.0: section 3.2].
//
//   0010 0000 | length | acknowledge flags | reason code (3.x: return code) | 5.0: properties
#pragma once

#include "mqttwire/config.hpp"
#include "mqttwire/error.hpp"
#include "mqttwire/leniency.hpp"
#include "mqttwire/packet_type.hpp"
#include "mqttwire/packets/functions.hpp"
#include "mqttwire/packets/shared_rules.hpp"
#include "mqttwire/properties/properties.hpp"
#include "mqttwire/reason_code.hpp"
#include "mqttwire/result.hpp"
#include "mqttwire/version.hpp"

#include <cstddef>
#include <cstdint>
#include <span>

namespace mqttwire::inline MQTTWIRE_ABI {

/// Answers a CONNECT. A 3.x return code is read and written as the reason code that corresponds to it exactly.
struct ConnAck {
    static constexpr PacketType type = PacketType::connack;

    bool session_present{}; ///< not in 3.1, nor with a failure
    ReasonCode reason_code{};
    ConnAckProperties properties{};

    // clang-format off
    template <class Walk, class Self>
    MQTTWIRE_ALWAYS_INLINE static constexpr bool fields(Walk& walk, Self& self)
    {
        const auto start = walk.here();
        std::uint8_t flags = self.session_present ? 1 : 0;
        return walk.fixed_header()
            && walk.acknowledge_flags(flags)
            && walk.imply(self.session_present, flags != 0)
            && walk.connack_result(self.reason_code, self.properties)
            && walk.rule(!self.session_present || self.reason_code == ReasonCode::success, // [MQTT-3.2.2-4; 5.0: MQTT-3.2.2-6]
                         Errc::session_present_with_failure, Field::acknowledge_flags, start);
    }
    // clang-format on

    using This = ConnAck;
#include "mqttwire/packets/verbs.inc"

    friend constexpr bool operator==(const ConnAck&, const ConnAck&) noexcept = default;
};

} // namespace mqttwire::inline MQTTWIRE_ABI
