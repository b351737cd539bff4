// Packet: any of the fifteen packets.
#pragma once

#include "mqttwire/config.hpp"
#include "mqttwire/packet_type.hpp"
#include "mqttwire/packets/ack.hpp"
#include "mqttwire/packets/auth.hpp"
#include "mqttwire/packets/connack.hpp"
#include "mqttwire/packets/connect.hpp"
#include "mqttwire/packets/disconnect.hpp"
#include "mqttwire/packets/ping.hpp"
#include "mqttwire/packets/publish.hpp"
#include "mqttwire/packets/suback.hpp"
#include "mqttwire/packets/subscribe.hpp"
#include "mqttwire/packets/unsuback.hpp"
#include "mqttwire/packets/unsubscribe.hpp"

#include <cstddef>
#include <variant>

namespace mqttwire::inline MQTTWIRE_ABI {

/// Any packet; the alternative of packet type n stands at index n - 1.
using Packet = std::variant<Connect, ConnAck, Publish, PubAck, PubRec, PubRel, PubComp, Subscribe, SubAck, Unsubscribe,
    UnsubAck, PingReq, PingResp, Disconnect, Auth>;

/// The packet type of what a Packet holds.
constexpr PacketType type_of(const Packet& packet) noexcept { return static_cast<PacketType>(packet.index() + 1); }

static_assert([]<std::size_t... Index>(std::index_sequence<Index...>) {
    return ((static_cast<std::size_t>(std::variant_alternative_t<Index, Packet>::type) == Index + 1) && ...);
}(std::make_index_sequence<std::variant_size_v<Packet>>{}));

} // namespace mqttwire::inline MQTTWIRE_ABI
