// PUBACK, PUBREC, PUBREL and PUBCOMP: the answers of QoS 1 and 2 [3.1.1 and 5.0: sections 3.4 to 3.7].
//
//   type flags | length | packet id | 5.0, unless all is well: reason code | 5.0, unless there are none: properties
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

namespace wire {

/// The fields of each of the four, in a function that they share where size counts.
template <class Walk, class PacketId, class Code, class Properties>
MQTTWIRE_ALWAYS_INLINE constexpr bool acknowledgement_fields(
    Walk& walk, PacketId& packet_id, Code& reason_code, Properties& properties)
{
    // clang-format off
    return walk.fixed_header()
        && walk.packet_id(true, packet_id)
        && walk.short_form(reason_code, properties);
    // clang-format on
}

} // namespace wire

/// An answer to a PUBLISH, or to such an answer. 3.1 and 3.1.1 know the packet identifier only.
template <PacketType Type>
struct Acknowledgement {
    static constexpr PacketType type = Type;
    static constexpr bool frequent = true; ///< most of the traffic is made of such packets
    static constexpr std::size_t usual_body = 2; ///< bytes behind the fixed header, in nearly all such packets

    std::uint16_t packet_id{}; ///< 1 to 65,535
    ReasonCode reason_code{};
    ReasonProperties properties{};

    template <class Walk, class Self>
    MQTTWIRE_ALWAYS_INLINE static constexpr bool fields(Walk& walk, Self& self)
    {
        return wire::acknowledgement_fields(walk, self.packet_id, self.reason_code, self.properties);
    }

    using This = Acknowledgement;
#include "mqttwire/packets/verbs.inc"

    friend constexpr bool operator==(const Acknowledgement&, const Acknowledgement&) noexcept = default;
};

/// Answers a PUBLISH with QoS 1.
using PubAck = Acknowledgement<PacketType::puback>;
/// Answers a PUBLISH with QoS 2.
using PubRec = Acknowledgement<PacketType::pubrec>;
/// Answers a PUBREC; the only one of the four whose flags are 0010 [MQTT-3.6.1-1].
using PubRel = Acknowledgement<PacketType::pubrel>;
/// Answers a PUBREL.
using PubComp = Acknowledgement<PacketType::pubcomp>;

} // namespace mqttwire::inline MQTTWIRE_ABI
