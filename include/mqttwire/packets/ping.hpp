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

    /// Bytes of the encoded packet, or why it cannot be encoded.
    template <class = config::Code>
    constexpr Result<std::size_t> encoded_size(
        Version as_version, Leniency leniency = {}, Role receiver = {}) const noexcept
    {
        return wire::size_of(*this, as_version, leniency, receiver);
    }
    template <Version V>
    [[gnu::always_inline]] constexpr Result<std::size_t> encoded_size(
        Leniency leniency = {}, Role receiver = {}) const noexcept
    {
        return wire::size_of(*this, wire::FixedVersion<V>{}, leniency, receiver);
    }

    /// Writes the packet to the front of `buffer` and gives what was written. After an error nothing was written.
    template <class = config::Code>
    constexpr Result<std::span<std::byte>> encode(
        std::span<std::byte> buffer, Version as_version, Leniency leniency = {}, Role receiver = {}) const noexcept
    {
        return wire::encode_packet(*this, buffer, as_version, leniency, receiver);
    }
    template <Version V>
    [[gnu::always_inline]] constexpr Result<std::span<std::byte>> encode(
        std::span<std::byte> buffer, Leniency leniency = {}, Role receiver = {}) const noexcept
    {
        return wire::encode_packet(*this, buffer, wire::FixedVersion<V>{}, leniency, receiver);
    }

    /// Reads a buffer that holds exactly one packet. What it finds points into the buffer.
    template <class = config::Code>
    static constexpr Result<Ping> decode(
        std::span<const std::byte> bytes, Version as_version, Leniency leniency = {}, Role receiver = {}) noexcept
    {
        return wire::decode_bytes<Ping>(bytes, as_version, leniency, receiver);
    }
    template <Version V>
    [[gnu::always_inline]] static constexpr Result<Ping> decode(
        std::span<const std::byte> bytes, Leniency leniency = {}, Role receiver = {}) noexcept
    {
        return wire::decode_bytes<Ping>(bytes, wire::FixedVersion<V>{}, leniency, receiver);
    }

    friend constexpr bool operator==(const Ping&, const Ping&) noexcept = default;
};

/// A client's question.
using PingReq = Ping<PacketType::pingreq>;
/// The server's answer.
using PingResp = Ping<PacketType::pingresp>;

} // namespace mqttwire::inline MQTTWIRE_ABI
