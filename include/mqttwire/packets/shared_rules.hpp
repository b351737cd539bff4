// Rules that more than one packet shares.
#pragma once

#include "mqttwire/config.hpp"
#include "mqttwire/error.hpp"
#include "mqttwire/leniency.hpp"
#include "mqttwire/packet_type.hpp"
#include "mqttwire/packets/functions.hpp"
#include "mqttwire/result.hpp"
#include "mqttwire/version.hpp"
#include "mqttwire/wire/text.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace mqttwire::inline MQTTWIRE_ABI {

/// The payload of a PUBLISH or will is UTF-8 if its Payload Format Indicator says so; looked at only on request.
/// [5.0: sections 3.1.3.2.3 and 3.3.2.3.2]
template <class Walk>
MQTTWIRE_ALWAYS_INLINE constexpr bool payload_is_as_said(
    Walk& walk, const std::optional<std::uint8_t>& format, Field field, const Binary& payload)
{
    return !walk.is(Version::v5) || !walk.wants(Leniency::check_payload_format) || format != 1
        || walk.payload_is_text(field, payload);
}

/// Authentication Data comes with an Authentication Method [5.0: section 3.1.2.11.10]. Of CONNACK the specification
/// does not say so, and AUTH cannot do without the method.
template <class Walk>
MQTTWIRE_ALWAYS_INLINE constexpr bool authentication_data_has_method(Walk& walk, const auto& properties)
{
    if (!walk.is(Version::v5) || !properties.authentication_data || properties.authentication_method) return true;
    return walk.rule(false, Errc::authentication_data_without_method, field(PropertyId::authentication_data),
        walk.before(*properties.authentication_data));
}

} // namespace mqttwire::inline MQTTWIRE_ABI
