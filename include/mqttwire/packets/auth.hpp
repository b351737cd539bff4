// AUTH: extended authentication, MQTT 5.0 only [5.0: section 3.15].
//
//   1111 0000 | length | reason code | properties
#pragma once

#include "mqttwire/config.hpp"
#include "mqttwire/error.hpp"
#include "mqttwire/leniency.hpp"
#include "mqttwire/packet_type.hpp"
#include "mqttwire/packets/functions.hpp"
#include "mqttwire/properties/properties.hpp"
#include "mqttwire/reason_code.hpp"
#include "mqttwire/result.hpp"
#include "mqttwire/version.hpp"

#include <cstddef>
#include <cstdint>
#include <span>

namespace mqttwire::inline MQTTWIRE_ABI {

/// A step of extended authentication. All but the two-byte packet `F0 00` (success and nothing more) need a method.
struct Auth {
    static constexpr PacketType type = PacketType::auth;

    ReasonCode reason_code{};
    AuthProperties properties{};

    // clang-format off
    template <class Walk, class Self>
    MQTTWIRE_ALWAYS_INLINE static constexpr bool fields(Walk& walk, Self& self)
    {
        const auto start = walk.here();
        return walk.rule(walk.is(Version::v5), Errc::reserved_packet_type, Field::fixed_header, walk.first())
            && walk.fixed_header() // [MQTT-3.15.1-1]
            && walk.short_form(self.reason_code, self.properties)
            && (!walk.has_property_block()
                || walk.rule(self.properties.authentication_method.has_value(), Errc::authentication_method_missing,
                             field(PropertyId::authentication_method), start + 1));
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
    static constexpr Result<Auth> decode(
        std::span<const std::byte> bytes, Version as_version, Leniency leniency = {}, Role receiver = {}) noexcept
    {
        return wire::decode_bytes<Auth>(bytes, as_version, leniency, receiver);
    }
    template <Version V>
    [[gnu::always_inline]] static constexpr Result<Auth> decode(
        std::span<const std::byte> bytes, Leniency leniency = {}, Role receiver = {}) noexcept
    {
        return wire::decode_bytes<Auth>(bytes, wire::FixedVersion<V>{}, leniency, receiver);
    }

    friend constexpr bool operator==(const Auth&, const Auth&) noexcept = default;
};

} // namespace mqttwire::inline MQTTWIRE_ABI
