// UNSUBACK: answers UNSUBSCRIBE [3.1.1 and 5.0: section 3.11].
//
//   1011 0000 | length | packet id | 5.0: properties, reason code, reason code, ...
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
#include "mqttwire/wire/list.hpp"

#include <cstddef>
#include <cstdint>
#include <span>

namespace mqttwire::inline MQTTWIRE_ABI {

/// Answers an UNSUBSCRIBE, in 5.0 with a code a filter; 3.x knows the packet identifier only.
struct UnsubAck {
    static constexpr PacketType type = PacketType::unsuback;

    std::uint16_t packet_id{}; ///< that of the UNSUBSCRIBE
    List<ReasonCode> reason_codes{}; ///< in the order of the filters, at least one in 5.0, none before
    UnsubAckProperties properties{};

    // clang-format off
    template <class Walk, class Self>
    MQTTWIRE_ALWAYS_INLINE static constexpr bool fields(Walk& walk, Self& self)
    {
        return walk.fixed_header()
            && walk.packet_id(true, self.packet_id)
            && walk.properties(self.properties)
            && (walk.is(Version::v5) ? walk.list(self.reason_codes, Errc::no_reason_code, Field::reason_code) // [MQTT-3.11.3-2]
                                     : walk.rule(self.reason_codes.empty(), Errc::not_in_version, Field::reason_code, walk.here()));
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
    static constexpr Result<UnsubAck> decode(
        std::span<const std::byte> bytes, Version as_version, Leniency leniency = {}, Role receiver = {}) noexcept
    {
        return wire::decode_bytes<UnsubAck>(bytes, as_version, leniency, receiver);
    }
    template <Version V>
    [[gnu::always_inline]] static constexpr Result<UnsubAck> decode(
        std::span<const std::byte> bytes, Leniency leniency = {}, Role receiver = {}) noexcept
    {
        return wire::decode_bytes<UnsubAck>(bytes, wire::FixedVersion<V>{}, leniency, receiver);
    }

    friend constexpr bool operator==(const UnsubAck&, const UnsubAck&) noexcept = default;
};

} // namespace mqttwire::inline MQTTWIRE_ABI
