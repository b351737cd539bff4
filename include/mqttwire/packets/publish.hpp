// PUBLISH: a message [3.1.1 and 5.0: section 3.3].
//
//   0011 DUP QoS QoS RETAIN | length | topic name | packet id, if QoS > 0 | 5.0: properties | payload
#pragma once

#include "mqttwire/config.hpp"
#include "mqttwire/error.hpp"
#include "mqttwire/leniency.hpp"
#include "mqttwire/packet_type.hpp"
#include "mqttwire/packets/functions.hpp"
#include "mqttwire/packets/shared_rules.hpp"
#include "mqttwire/properties/properties.hpp"
#include "mqttwire/qos.hpp"
#include "mqttwire/result.hpp"
#include "mqttwire/version.hpp"
#include "mqttwire/wire/text.hpp"

#include <cstddef>
#include <cstdint>
#include <span>

namespace mqttwire::inline MQTTWIRE_ABI {

/// A message. What 3.1 and 3.1.1 cannot say (properties) must be empty there.
struct Publish {
    static constexpr PacketType type = PacketType::publish;
    static constexpr bool frequent = true; ///< most of the traffic is made of such packets

    Text topic{}; ///< no wildcards; empty only in 5.0 with a topic alias
    Binary payload{};
    QoS qos{};
    bool retain{};
    bool dup{}; ///< sent before; not with QoS 0 (3.1 apart)
    std::uint16_t packet_id{}; ///< 1 to 65,535 with QoS 1 and 2, 0 with QoS 0
    PublishProperties properties{};

    // clang-format off
    template <class Walk, class Self>
    MQTTWIRE_ALWAYS_INLINE static constexpr bool fields(Walk& walk, Self& self)
    {
        const bool v5 = walk.is(Version::v5);
        const auto topic_at = walk.here();
        return walk.publish_header(self.qos, self.retain, self.dup)
            && walk.topic_name(Field::topic, self.topic, v5)                          // [MQTT-3.3.2-1, -2]
            && walk.packet_id(self.qos != QoS::at_most_once, self.packet_id)
            && walk.properties(self.properties)
            && (!v5 || walk.rule(!self.topic.empty() || self.properties.topic_alias.has_value(),
                                 Errc::topic_missing_without_alias, Field::topic, topic_at))
            && walk.rest(Field::payload, self.payload)
            && payload_is_as_said(walk, self.properties.payload_format_indicator, Field::payload, self.payload);
    }
    // clang-format on

    /// Packet type, DUP, QoS and RETAIN.
    constexpr std::uint8_t first_byte() const noexcept
    {
        return static_cast<std::uint8_t>((static_cast<unsigned>(type) << 4U) | (dup ? 8U : 0U)
            | (static_cast<unsigned>(qos) << 1U) | (retain ? 1U : 0U));
    }

    using This = Publish;
#include "mqttwire/packets/verbs.inc"

    friend constexpr bool operator==(const Publish&, const Publish&) noexcept = default;
};

} // namespace mqttwire::inline MQTTWIRE_ABI
