// UNSUBACK: answers UNSUBSCRIBE [3.1.1 and 5.0: section 3.11].
//
//   1011 0000 | length | packet id | 5.0: properties, reason code, reason code, ...
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

/// Answers an UNSUBSCRIBE, in 5.0 with a code a filter; 3.x knows the packet identifier only.
struct UnsubAck {
    static constexpr PacketType type = PacketType::unsuback;

    std::uint16_t packet_id{}; ///< that of the UNSUBSCRIBE
    List<ReasonCode> reason_codes{}; ///< in the order of the filters, at least one in 5.0, none before
    UnsubAckProperties properties{};

    // clang-format off
    template <class Walk, class Self>
    MQTTWIRE_ALWAYS_INLINE static constexpr bool fields(Walk& walk, Self& self)
    {
        return walk.fixed_header()
            && walk.packet_id(true, self.packet_id)
            && walk.properties(self.properties)
            && (walk.is(Version::v5) ? walk.list(self.reason_codes, Errc::no_reason_code, Field::reason_code) // [MQTT-3.11.3-2]
                                     : walk.rule(self.reason_codes.empty(), Errc::not_in_version, Field::reason_code, walk.here()));
    }
    // clang-format on

    using This = UnsubAck;
#include "mqttwire/packets/verbs.inc"

    friend constexpr bool operator==(const UnsubAck&, const UnsubAck&) noexcept = default;
};

} // namespace mqttwire::inline MQTTWIRE_ABI
