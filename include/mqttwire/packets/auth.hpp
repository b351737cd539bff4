// AUTH: extended authentication, MQTT 5.0 only [5.0: section 3.15].
//
//   1111 0000 | length | reason code | properties
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

/// A step of extended authentication. All but the two-byte packet `F0 00` (success and nothing more) need a method.
struct Auth {
    static constexpr PacketType type = PacketType::auth;

    ReasonCode reason_code{};
    AuthProperties properties{};

    // clang-format off
    template <class Walk, class Self>
    MQTTWIRE_ALWAYS_INLINE static constexpr bool fields(Walk& walk, Self& self)
    {
        if (!walk.is(Version::v5))
            return walk.rule(false, Errc::reserved_packet_type, Field::fixed_header, walk.first());
        const auto start = walk.here();
        return walk.fixed_header() // [MQTT-3.15.1-1]
            && walk.short_form(self.reason_code, self.properties)
            && (!walk.has_property_block()
                || walk.rule(self.properties.authentication_method.has_value(), Errc::authentication_method_missing,
                             field(PropertyId::authentication_method), start + 1));
    }
    // clang-format on

    using This = Auth;
#include "mqttwire/packets/verbs.inc"

    friend constexpr bool operator==(const Auth&, const Auth&) noexcept = default;
};

} // namespace mqttwire::inline MQTTWIRE_ABI
