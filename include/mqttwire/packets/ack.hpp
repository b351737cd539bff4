// PUBACK, PUBREC, PUBREL and PUBCOMP: the answers of QoS 1 and 2 [3.1.1 and 5.0: sections 3.4 to 3.7].
//
//   type flags | length | packet id | 5.0, unless all is well: reason code | 5.0, unless there are none: properties
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

/// An answer to a PUBLISH, or to such an answer. 3.1 and 3.1.1 know the packet identifier only.
template <PacketType Type>
struct Acknowledgement {
    static constexpr PacketType type = Type;
    static constexpr std::size_t usual_body = 2; ///< bytes behind the fixed header, in nearly all such packets

    std::uint16_t packet_id{}; ///< 1 to 65,535
    ReasonCode reason_code{};
    ReasonProperties properties{};

    // clang-format off
    template <class Walk, class Self>
    MQTTWIRE_ALWAYS_INLINE static constexpr bool fields(Walk& walk, Self& self)
    {
        return walk.fixed_header()
            && walk.packet_id(true, self.packet_id)
            && walk.short_form(self.reason_code, self.properties);
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
    static constexpr Result<Acknowledgement> decode(
        std::span<const std::byte> bytes, Version as_version, Leniency leniency = {}, Role receiver = {}) noexcept
    {
        return wire::decode_bytes<Acknowledgement>(bytes, as_version, leniency, receiver);
    }
    template <Version V>
    [[gnu::always_inline]] static constexpr Result<Acknowledgement> decode(
        std::span<const std::byte> bytes, Leniency leniency = {}, Role receiver = {}) noexcept
    {
        return wire::decode_bytes<Acknowledgement>(bytes, wire::FixedVersion<V>{}, leniency, receiver);
    }

    friend constexpr bool operator==(const Acknowledgement&, const Acknowledgement&) noexcept = default;
};

/// Answers a PUBLISH with QoS 1.
using PubAck = Acknowledgement<PacketType::puback>;
/// Answers a PUBLISH with QoS 2.
using PubRec = Acknowledgement<PacketType::pubrec>;
/// Answers a PUBREC; the only one of the four whose flags are 0010 [MQTT-3.6.1-1].
using PubRel = Acknowledgement<PacketType::pubrel>;
/// Answers a PUBREL.
using PubComp = Acknowledgement<PacketType::pubcomp>;

} // namespace mqttwire::inline MQTTWIRE_ABI
