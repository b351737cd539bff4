// The front of the input of the targets that read packets: how they are to be read, and the packet.
//
//   byte 1   bits 1 0: version 3.1, 3.1.1, 5.0, unknown; bits 3 2: role; bit 4: the packet comes without its length
//   byte 2   leniency
//   then     the packet, or its first byte and what stands behind its Remaining Length
//
// A packet without its length is given the right one, so that a changed packet is not refused for that alone.
#pragma once

#include "support/bytes.hpp"
#include "support/input.hpp"

#include <mqttwire/leniency.hpp>
#include <mqttwire/version.hpp>
#include <mqttwire/wire/varint.hpp>

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>

namespace mqttwire::fuzz {

struct Reading {
    std::optional<Version> version; ///< nothing: the first packet of a connection
    Role role{};
    bool without_length{};
    Leniency leniency{};
};

inline Reading take_reading(Input& input) noexcept
{
    constexpr std::array<std::optional<Version>, 4> versions{Version::v3_1, Version::v3_1_1, Version::v5, std::nullopt};
    constexpr std::array<Role, 4> roles{Role::unknown, Role::client, Role::server, Role::unknown};
    const unsigned bits = input.byte();
    const auto leniency = static_cast<Leniency>(input.byte());
    return {versions[bits & 3U], roles[bits >> 2U & 3U], (bits & 16U) != 0, leniency};
}

/// Takes all that is left of the input.
inline Bytes take_packet(const Reading& reading, Input& input)
{
    if (!reading.without_length || input.empty()) return Bytes(input.take_all());
    const std::span<const std::byte> first = input.take(1);
    const std::span<const std::byte> body = input.take_all();
    std::array<std::byte, 4> length{};
    const auto length_size = static_cast<std::size_t>(
        wire::store_varint(length.data(), static_cast<std::uint32_t>(body.size())) - length.data());
    Bytes packet(1 + length_size + body.size());
    std::ranges::copy(first, packet.span().begin());
    std::ranges::copy(std::span(length).first(length_size), packet.span().subspan(1).begin());
    std::ranges::copy(body, packet.span().subspan(1 + length_size).begin());
    return packet;
}

} // namespace mqttwire::fuzz
