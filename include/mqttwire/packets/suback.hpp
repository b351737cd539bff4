// SUBACK: answers SUBSCRIBE [3.1.1 and 5.0: section 3.9].
//
//   1001 0000 | length | packet id | 5.0: properties | reason code | reason code | ...
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
#include "mqttwire/wire/list.hpp"

#include <cstddef>
#include <cstdint>
#include <span>

namespace mqttwire::inline MQTTWIRE_ABI {

/// Answers a SUBSCRIBE, a code a filter. In 3.x the codes are the granted QoS (0x00 to 0x02) or, in 3.1.1, 0x80.
struct SubAck {
    static constexpr PacketType type = PacketType::suback;

    std::uint16_t packet_id{}; ///< that of the SUBSCRIBE
    List<ReasonCode> reason_codes{}; ///< in the order of the filters, at least one
    SubAckProperties properties{};

    // clang-format off
    template <class Walk, class Self>
    MQTTWIRE_ALWAYS_INLINE static constexpr bool fields(Walk& walk, Self& self)
    {
        return walk.fixed_header()
            && walk.packet_id(true, self.packet_id)
            && walk.properties(self.properties)
            && walk.list(self.reason_codes, Errc::no_reason_code, Field::reason_code); // [MQTT-3.9.3-2]
    }
    // clang-format on

    using This = SubAck;
#include "mqttwire/packets/verbs.inc"

    friend constexpr bool operator==(const SubAck&, const SubAck&) noexcept = default;
};

} // namespace mqttwire::inline MQTTWIRE_ABI
