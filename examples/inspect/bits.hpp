// The bytes of a packet whose bits are fields of their own.
#pragma once

#include <mqttwire/field.hpp>
#include <mqttwire/packet_type.hpp>
#include <mqttwire/version.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace inspect {

/// Bits of a byte that belong together.
struct BitGroup {
    std::string_view name;
    unsigned width;
    std::string meaning; ///< of their value
};

/// The groups of a byte, from bit 7 down; none if the byte is no set of flags. `packet` is the type of the packet.
std::vector<BitGroup> bit_groups(
    mqttwire::Field field, std::uint8_t byte, mqttwire::PacketType packet, mqttwire::Version version);

} // namespace inspect
