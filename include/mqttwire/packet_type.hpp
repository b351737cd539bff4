// The fifteen control packet types: name, fixed-header flags and direction, one row each.
//
//   bit     7   6   5   4   3   2   1   0
//         +---------------+---------------+
//         |  packet type  |     flags     |   first byte of every packet
//         +---------------+---------------+
//
// [3.1.1: sections 2.2.1, 2.2.2; 5.0: sections 2.1.2, 2.1.3]
#pragma once

#include "mqttwire/config.hpp"
#include "mqttwire/version.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace mqttwire::inline MQTTWIRE_ABI {

/// A control packet type; the value stands in the upper four bits of the first byte. Type 0 is reserved.
enum class PacketType : std::uint8_t {
    connect = 1,
    connack,
    publish,
    puback,
    pubrec,
    pubrel,
    pubcomp,
    subscribe,
    suback,
    unsubscribe,
    unsuback,
    pingreq,
    pingresp,
    disconnect,
    auth,
};

struct PacketTypeRow {
    std::string_view name; ///< as the specifications write it
    std::uint8_t flags; ///< lower four bits of the first byte; PUBLISH has its own
    bool from_client; ///< a client may send it
    bool from_server; ///< a server may send it (DISCONNECT: in 5.0)
    std::string_view clause_3_1_1; ///< statement that fixes the flags
    std::string_view clause_5;
};

/// The row of packet type n stands at index n; row 0 is the reserved type.
inline constexpr std::array<PacketTypeRow, 16> packet_type_table{{
    {"reserved", 0, false, false, "", ""},
    {"CONNECT", 0, true, false, "MQTT-2.2.2-2", "MQTT-2.1.3-1"},
    {"CONNACK", 0, false, true, "MQTT-2.2.2-2", "MQTT-2.1.3-1"},
    {"PUBLISH", 0, true, true, "MQTT-2.2.2-2", "MQTT-2.1.3-1"},
    {"PUBACK", 0, true, true, "MQTT-2.2.2-2", "MQTT-2.1.3-1"},
    {"PUBREC", 0, true, true, "MQTT-2.2.2-2", "MQTT-2.1.3-1"},
    {"PUBREL", 2, true, true, "MQTT-3.6.1-1", "MQTT-3.6.1-1"},
    {"PUBCOMP", 0, true, true, "MQTT-2.2.2-2", "MQTT-2.1.3-1"},
    {"SUBSCRIBE", 2, true, false, "MQTT-3.8.1-1", "MQTT-3.8.1-1"},
    {"SUBACK", 0, false, true, "MQTT-2.2.2-2", "MQTT-2.1.3-1"},
    {"UNSUBSCRIBE", 2, true, false, "MQTT-3.10.1-1", "MQTT-3.10.1-1"},
    {"UNSUBACK", 0, false, true, "MQTT-2.2.2-2", "MQTT-2.1.3-1"},
    {"PINGREQ", 0, true, false, "MQTT-2.2.2-2", "MQTT-2.1.3-1"},
    {"PINGRESP", 0, false, true, "MQTT-2.2.2-2", "MQTT-2.1.3-1"},
    {"DISCONNECT", 0, true, true, "MQTT-3.14.1-1", "MQTT-3.14.1-1"},
    {"AUTH", 0, true, true, "", "MQTT-3.15.1-1"},
}};

/// The fixed-header flags of a type, PUBLISH apart: 0010 for PUBREL, SUBSCRIBE and UNSUBSCRIBE, else 0000.
MQTTWIRE_THIN constexpr std::uint8_t fixed_flags(PacketType type) noexcept
{
    return type == PacketType::pubrel || type == PacketType::subscribe || type == PacketType::unsubscribe ? 2 : 0;
}

/// The name as the specifications write it ("CONNECT"); "reserved" for a value that is no packet type.
constexpr std::string_view name(PacketType type) noexcept
{
    const auto index = static_cast<std::size_t>(type);
    return packet_type_table[index < packet_type_table.size() ? index : 0].name;
}

/// The packet type whose name this is, or nothing.
constexpr std::optional<PacketType> packet_type_named(std::string_view text) noexcept
{
    for (std::size_t type = 1; type < packet_type_table.size(); ++type)
        if (packet_type_table[type].name == text) return static_cast<PacketType>(type);
    return std::nullopt;
}

static_assert([] {
    for (std::size_t type = 1; type < packet_type_table.size(); ++type)
        if (type != 3 && packet_type_table[type].flags != fixed_flags(static_cast<PacketType>(type))) return false;
    return true;
}());

} // namespace mqttwire::inline MQTTWIRE_ABI
