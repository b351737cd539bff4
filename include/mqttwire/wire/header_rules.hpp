// What decode would refuse for the sake of the fixed header alone, for those who see no more of a packet yet.
#pragma once

#include "mqttwire/config.hpp"
#include "mqttwire/error.hpp"
#include "mqttwire/leniency.hpp"
#include "mqttwire/packet_type.hpp"
#include "mqttwire/qos.hpp"
#include "mqttwire/version.hpp"
#include "mqttwire/wire/rules.hpp"

#include <array>
#include <cstddef>
#include <cstdint>

namespace mqttwire::inline MQTTWIRE_ABI::wire {

inline namespace MQTTWIRE_CODE {

/// What is wrong with a first byte. The flags of a CONNECT count for nothing: it tells its own version, and in 3.1 they
/// are not used.
constexpr Errc first_byte_fault(unsigned first_byte, Version version, Leniency leniency, Role receiver) noexcept
{
    const auto type = static_cast<PacketType>(first_byte >> 4U);
    const unsigned flags = first_byte & 0x0FU;
    if (type == PacketType{} || (type == PacketType::auth && version != Version::v5)) return Errc::reserved_packet_type;
    Errc fault = Errc::none;
    if (type == PacketType::publish)
        fault = publish_flags_fault(static_cast<QoS>((flags >> 1U) & 3U), (flags & 8U) != 0, version);
    else if (type != PacketType::connect) fault = flags_fault(first_byte, usual_first_byte(type), version);
    if (type == PacketType::pubrel && flags == 0 && has(leniency, Leniency::pubrel_flags_0000)) fault = Errc::none;
    if (fault == Errc::none && !may_receive(receiver, type, version)) fault = Errc::wrong_direction;
    return fault;
}

/// The bytes that a body has in one version, behind the fixed header.
struct BodySizes {
    std::uint8_t least;
    std::uint8_t most; ///< `any_size`, or the number
};

inline constexpr std::uint8_t any_size = 0xFF;

/// By packet type: in 3.1 and 3.1.1, in 5.0. The least is a packet whose texts are as short as they may be, without
/// properties (but for an empty topic, which needs an alias) and with one entry in its list; CONNECT is that of 3.1.1,
/// whose name is the shortest, for it tells its own version.
inline constexpr std::array<std::array<BodySizes, 2>, 16> body_sizes{{
    {{{0, any_size}, {0, any_size}}}, {{{12, any_size}, {12, any_size}}}, // CONNECT
    {{{2, 2}, {3, any_size}}}, // CONNACK
    {{{3, any_size}, {4, any_size}}}, // PUBLISH
    {{{2, 2}, {2, any_size}}}, // PUBACK
    {{{2, 2}, {2, any_size}}}, // PUBREC
    {{{2, 2}, {2, any_size}}}, // PUBREL
    {{{2, 2}, {2, any_size}}}, // PUBCOMP
    {{{6, any_size}, {7, any_size}}}, // SUBSCRIBE
    {{{3, any_size}, {4, any_size}}}, // SUBACK
    {{{5, any_size}, {6, any_size}}}, // UNSUBSCRIBE
    {{{2, 2}, {4, any_size}}}, // UNSUBACK
    {{{0, 0}, {0, 0}}}, // PINGREQ
    {{{0, 0}, {0, 0}}}, // PINGRESP
    {{{0, 0}, {0, any_size}}}, // DISCONNECT
    {{{0, any_size}, {0, any_size}}}, // AUTH
}};

/// What is wrong with the size of a body: no packet of that type can be so short or so long.
constexpr Errc body_size_fault(PacketType type, std::size_t size, Version version, Leniency leniency) noexcept
{
    const BodySizes sizes = body_sizes[static_cast<std::size_t>(type) & 15U][version == Version::v5 ? 1 : 0];
    if (size < sizes.least) {
        const bool v3_connack = type == PacketType::connack && size == 2 && has(leniency, Leniency::v3_connack);
        return v3_connack ? Errc::none : Errc::field_past_end;
    }
    return sizes.most != any_size && size > sizes.most ? Errc::bytes_left_over : Errc::none;
}

} // namespace MQTTWIRE_CODE

} // namespace mqttwire::inline MQTTWIRE_ABI::wire
