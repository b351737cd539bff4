// PINGREQ and PINGRESP: show that the other side is there [3.1.1 and 5.0: sections 3.12, 3.13].
//
//   type 0000 | 0
#pragma once

#include "mqttwire/config.hpp"
#include "mqttwire/error.hpp"
#include "mqttwire/leniency.hpp"
#include "mqttwire/packet_type.hpp"
#include "mqttwire/packets/functions.hpp"
#include "mqttwire/result.hpp"
#include "mqttwire/version.hpp"

#include <cstddef>
#include <cstdint>
#include <span>

namespace mqttwire::inline MQTTWIRE_ABI {

/// A packet of a fixed header alone.
template <PacketType Type>
struct Ping {
    static constexpr PacketType type = Type;
    static constexpr std::size_t usual_body = 0; ///< bytes behind the fixed header, in nearly all such packets

    // clang-format off
    template <class Walk, class Self>
    MQTTWIRE_ALWAYS_INLINE static constexpr bool fields(Walk& walk, Self&)
    {
        return walk.fixed_header();
    }
    // clang-format on

    using This = Ping;
#include "mqttwire/packets/verbs.inc"

    friend constexpr bool operator==(const Ping&, const Ping&) noexcept = default;
};

/// A client's question.
using PingReq = Ping<PacketType::pingreq>;
/// The server's answer.
using PingResp = Ping<PacketType::pingresp>;

} // namespace mqttwire::inline MQTTWIRE_ABI
