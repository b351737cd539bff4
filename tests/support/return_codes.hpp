// The CONNACK return codes of 3.1 and 3.1.1 by hand, for the tests [3.1.1: section 3.2.2.3].
#pragma once

#include <mqttwire/mqttwire.hpp>

#include <array>

namespace mqttwire::test {

/// The reason code that corresponds to each return code.
inline constexpr std::array<ReasonCode, 6> reason_code_of_return_code{
    ReasonCode::success,
    ReasonCode::unsupported_protocol_version,
    ReasonCode::client_identifier_not_valid,
    ReasonCode::server_unavailable,
    ReasonCode::bad_user_name_or_password,
    ReasonCode::not_authorized,
};

} // namespace mqttwire::test
