// The places where the tests cut packets.
#pragma once

#include "support/hex.hpp"
#include "support/vector.hpp"

#include <mqttwire/mqttwire.hpp>

#include <algorithm>
#include <cstddef>

namespace mqttwire::test {

/// Packets up to this size are tried at every position.
inline constexpr std::size_t every_position_up_to = 1024;

/// Calls `visit` with positions from 0 to size - 1: all of them, or in a large packet the first and the last 20 and 20
/// between, since each costs time in proportion to the size.
template <class Visit>
void for_positions(std::size_t size, Visit visit)
{
    constexpr std::size_t group = 20;
    const std::size_t step = size > every_position_up_to ? (size - 2 * group) / group : 1;
    for (std::size_t at = 0; at < size;) {
        visit(at);
        const bool between = at >= group && at + group < size;
        at = between ? std::min(at + step, size - group) : at + 1;
    }
}

/// The version that a packet is encoded in: that of the vector, but a CONNECT has its own.
inline Version version_to_encode(const Vector& vector, const Packet& packet)
{
    const auto* const connect = std::get_if<Connect>(&packet);
    return connect != nullptr ? connect->version.value() : vector.version.value();
}

} // namespace mqttwire::test
