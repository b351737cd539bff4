// sizeof of each packet, where pointers have eight bytes and where they have four.
#pragma once

#include "mqttwire/packet.hpp"

#include <array>
#include <cstddef>
#include <string_view>

struct PacketSize {
    std::string_view name;
    std::size_t size; ///< here
    std::size_t size_64; ///< x86-64, AArch64
    std::size_t size_32; ///< Cortex-M, i686

    constexpr std::size_t expected() const { return sizeof(void*) == 8 ? size_64 : size_32; }
};

inline constexpr std::array<PacketSize, 16> packet_sizes{{
    {"Connect", sizeof(mqttwire::Connect), 336, 196}, {"ConnAck", sizeof(mqttwire::ConnAck), 216, 128},
    {"Publish", sizeof(mqttwire::Publish), 168, 100}, {"PubAck", sizeof(mqttwire::PubAck), 48, 28},
    {"PubRec", sizeof(mqttwire::PubRec), 48, 28}, {"PubRel", sizeof(mqttwire::PubRel), 48, 28},
    {"PubComp", sizeof(mqttwire::PubComp), 48, 28}, {"Subscribe", sizeof(mqttwire::Subscribe), 48, 36},
    {"SubAck", sizeof(mqttwire::SubAck), 64, 40}, {"Unsubscribe", sizeof(mqttwire::Unsubscribe), 40, 28},
    {"UnsubAck", sizeof(mqttwire::UnsubAck), 64, 40}, {"PingReq", sizeof(mqttwire::PingReq), 1, 1},
    {"PingResp", sizeof(mqttwire::PingResp), 1, 1}, {"Disconnect", sizeof(mqttwire::Disconnect), 80, 48},
    {"Auth", sizeof(mqttwire::Auth), 96, 52}, {"Packet", sizeof(mqttwire::Packet), 344, 200}, // any of them
}};
