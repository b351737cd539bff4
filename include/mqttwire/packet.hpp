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
#include <type_traits>
#include <utility>
#include <variant>

namespace mqttwire::inline MQTTWIRE_ABI {

/// Any packet; the alternative of packet type n stands at index n - 1.
using Packet = std::variant<Connect, ConnAck, Publish, PubAck, PubRec, PubRel, PubComp, Subscribe, SubAck, Unsubscribe,
    UnsubAck, PingReq, PingResp, Disconnect, Auth>;

/// One of the fifteen packets, not the variant of them.
template <class P>
concept PacketStruct = !std::is_reference_v<P> && std::is_same_v<decltype(P::type), const PacketType>;

/// The packet type of what a Packet holds.
constexpr PacketType type_of(const Packet& packet) noexcept { return static_cast<PacketType>(packet.index() + 1); }

static_assert(
    []<std::size_t... Index>(std::index_sequence<Index...>) {
        return sizeof...(Index) + 1 == packet_type_table.size()
            && ((static_cast<std::size_t>(std::variant_alternative_t<Index, Packet>::type) == Index + 1) && ...);
    }(std::make_index_sequence<std::variant_size_v<Packet>>{}),
    "each packet type of the table has its alternative");

namespace wire {

/// Calls f with the type of the alternative of an index; of an index too large, with that of the last.
template <std::size_t Index = 0, class F>
MQTTWIRE_ALWAYS_INLINE constexpr auto with_alternative(std::size_t index, F&& f)
{
    if constexpr (Index + 1 < std::variant_size_v<Packet>)
        if (index != Index) return with_alternative<Index + 1>(index, f);
    return f(std::type_identity<std::variant_alternative_t<Index, Packet>>{});
}

/// The alternative that a packet is known to be.
template <class Alternative, class P>
MQTTWIRE_THIN constexpr auto& alternative_of(P& packet) noexcept
{
    auto* const alternative = std::get_if<Alternative>(&packet);
#if defined(__GNUC__)
    if (alternative == nullptr) __builtin_unreachable();
#endif
    return *alternative;
}

/// Calls f with what the packet holds. Does what std::visit does, in a way that compilers see through.
template <class F>
MQTTWIRE_ALWAYS_INLINE constexpr auto visit(const Packet& packet, F&& f)
{
    return with_alternative(packet.index(),
        [&]<class Alternative>(std::type_identity<Alternative>) { return f(alternative_of<Alternative>(packet)); });
}

} // namespace wire

} // namespace mqttwire::inline MQTTWIRE_ABI
