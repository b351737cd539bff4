// The rules about single values, which the reader applies to what it reads and the sizer to what is to be written.
#pragma once

#include "mqttwire/config.hpp"
#include "mqttwire/error.hpp"
#include "mqttwire/leniency.hpp"
#include "mqttwire/packet_type.hpp"
#include "mqttwire/property_id.hpp"
#include "mqttwire/qos.hpp"
#include "mqttwire/reason_code.hpp"
#include "mqttwire/version.hpp"
#include "mqttwire/wire/string_check.hpp"
#include "mqttwire/wire/varint.hpp"

#include <cstdint>

namespace mqttwire::inline MQTTWIRE_ABI::wire {

inline namespace MQTTWIRE_CODE {

/// What is wrong with a Variable Byte Integer in a packet [5.0: section 1.5.5, MQTT-1.5.5-1].
constexpr Errc varint_fault(Varint number) noexcept
{
    if (number.size == 0) return Errc::field_past_end;
    if (number.size == Varint::too_long) return Errc::varint_too_long;
    return is_minimal(number) ? Errc::none : Errc::varint_not_minimal;
}

/// What is wrong with a property that may not stand where it was found.
constexpr Errc misplaced_property(std::uint32_t id) noexcept
{
    const auto& types = detail::property_types;
    return id < types.size() && types[id] != detail::no_property_type ? Errc::property_not_allowed
                                                                      : Errc::property_unknown;
}

// The first byte

/// What is wrong with a packet type that is not the expected one.
MQTTWIRE_ALWAYS_INLINE constexpr Errc packet_type_fault(unsigned first_byte, PacketType expected) noexcept
{
    if (first_byte >> 4U == static_cast<unsigned>(expected)) return Errc::none;
    return first_byte < 0x10 ? Errc::reserved_packet_type : Errc::unexpected_packet_type; // [5.0: section 2.1.2]
}

/// Packet type and flags of a packet other than PUBLISH.
MQTTWIRE_ALWAYS_INLINE constexpr std::uint8_t usual_first_byte(PacketType type) noexcept
{
    return static_cast<std::uint8_t>((static_cast<unsigned>(type) << 4U) | fixed_flags(type));
}

/// What is wrong with the flags of a packet other than PUBLISH [MQTT-2.2.2-1, -2; 5.0: MQTT-2.1.3-1]. 3.1 uses the QoS
/// bits of three types and ignores all other flags.
MQTTWIRE_ALWAYS_INLINE constexpr Errc flags_fault(
    unsigned first_byte, unsigned usual_first_byte, Version version) noexcept
{
    const unsigned flags = first_byte & 0x0FU;
    const unsigned expected = usual_first_byte & 0x0FU;
    if (flags == expected) return Errc::none;
    const bool ignored = expected == 0 || (flags & 0x06U) == expected;
    return version == Version::v3_1 && ignored ? Errc::none : Errc::wrong_flags;
}

/// What is wrong with QoS and DUP of a PUBLISH [MQTT-3.3.1-2, -4, MQTT-4.3.1-1].
MQTTWIRE_ALWAYS_INLINE constexpr Errc publish_flags_fault(QoS qos, bool dup, Version version) noexcept
{
    if (qos > QoS::exactly_once) return Errc::qos_3;
    return dup && qos == QoS::at_most_once && version != Version::v3_1 ? Errc::dup_with_qos_0 : Errc::none;
}

// Connect Flags [section 3.1.2.3 to 3.1.2.9; 5.0: section 3.1.2.3]
namespace connect_flags {
inline constexpr std::uint8_t reserved = 0x01;
inline constexpr std::uint8_t clean_start = 0x02;
inline constexpr std::uint8_t will = 0x04;
inline constexpr unsigned will_qos_shift = 3;
inline constexpr std::uint8_t will_qos = 0x18;
inline constexpr std::uint8_t will_retain = 0x20;
inline constexpr std::uint8_t password = 0x40;
inline constexpr std::uint8_t user_name = 0x80;
} // namespace connect_flags

/// What is wrong with the Connect Flags. 3.1 ignores bit 0, and the will's QoS and Retain where there is no will.
constexpr Errc connect_flags_fault(std::uint8_t flags, Version version) noexcept
{
    namespace f = connect_flags;
    const bool v3_1 = version == Version::v3_1;
    if ((flags & f::reserved) != 0 && !v3_1) return Errc::connect_flags_reserved; // [MQTT-3.1.2-3]
    if ((flags & f::will) == 0) {
        if ((flags & (f::will_qos | f::will_retain)) != 0 && !v3_1)
            return Errc::will_flags_without_will; // [MQTT-3.1.2-11, -13, -15; 5.0: MQTT-3.1.2-11, -13]
    } else if ((flags & f::will_qos) == f::will_qos) {
        return Errc::will_qos_3; // [MQTT-3.1.2-14; 5.0: MQTT-3.1.2-12]
    }
    if ((flags & (f::user_name | f::password)) == f::password && version != Version::v5)
        return Errc::password_without_user_name; // [MQTT-3.1.2-22]
    return Errc::none;
}

/// The most characters of a client identifier in MQTT 3.1.
inline constexpr std::size_t max_client_id_3_1 = 23;

/// What is wrong with a client identifier [MQTT-3.1.3-7, -8]. The length of 3.1 is a matter of leniency.
MQTTWIRE_ALWAYS_INLINE constexpr Errc client_id_fault(Text client_id, bool clean_start, Version version) noexcept
{
    if (version == Version::v5) return Errc::none;
    if (client_id.empty() && (version == Version::v3_1 || !clean_start)) return Errc::client_id_empty;
    if (version == Version::v3_1 && client_id.size() > max_client_id_3_1
        && count_code_points(client_id) > max_client_id_3_1)
        return Errc::client_id_too_long;
    return Errc::none;
}

// Subscription Options [section 3.8.3.1]
namespace subscription_options {
inline constexpr std::uint8_t qos = 0x03;
inline constexpr std::uint8_t no_local = 0x04;
inline constexpr std::uint8_t retain_as_published = 0x08;
inline constexpr unsigned retain_handling_shift = 4;
inline constexpr std::uint8_t retain_handling = 0x30;
inline constexpr std::uint8_t reserved = 0xC0;
} // namespace subscription_options

/// What is wrong with the Subscription Options (3.x: the requested QoS) of a filter. 3.1 ignores the upper six bits.
MQTTWIRE_ALWAYS_INLINE constexpr Errc subscription_options_fault(
    std::uint8_t options, Text filter, Version version) noexcept
{
    namespace o = subscription_options;
    if (version == Version::v5) {
        if ((options & o::reserved) != 0) return Errc::subscription_options_reserved; // [MQTT-3.8.3-5]
        if ((options & o::retain_handling) == o::retain_handling) return Errc::retain_handling_3;
        if ((options & o::no_local) != 0 && begins_with_share(filter))
            return Errc::no_local_on_shared; // [MQTT-3.8.3-4]
    } else if (version == Version::v3_1_1 && (options & ~o::qos) != 0) {
        return Errc::subscription_options_reserved; // [3.1.1: MQTT-3.8.3-4]
    }
    if ((options & o::qos) == o::qos) return Errc::requested_qos_3; // [3.1.1: MQTT-3.8.3-4]
    return Errc::none;
}

/// What is wrong with a reason code of a 5.0 packet, its sender included if the receiver is known.
constexpr Errc reason_code_fault(ReasonCode code, PacketType packet, Role receiver) noexcept
{
    const bool tolerated = packet == PacketType::disconnect && code == ReasonCode::bad_authentication_method;
    if (!may_carry(packet, code) && !tolerated) return Errc::reason_code_not_allowed;
    if (!may_receive(receiver, packet, code)) return Errc::reason_code_wrong_sender;
    return Errc::none;
}

/// True for a code of a 3.x SUBACK: the granted QoS or, since 3.1.1, 0x80 [MQTT-3.9.3-2].
template <class Walk>
constexpr bool is_suback_return_code(ReasonCode code, Walk& walk) noexcept
{
    return static_cast<unsigned>(code) <= 2
        || (code == ReasonCode::unspecified_error
            && (walk.is(Version::v3_1_1) || walk.allow(Leniency::suback_failure_in_3_1)));
}

/// The check that a number out of its range fails: Topic Alias 0 is answered in its own way [5.0: MQTT-3.3.2-8].
MQTTWIRE_ALWAYS_INLINE constexpr Errc out_of_range_code(PropertyId id) noexcept
{
    return id == PropertyId::topic_alias ? Errc::topic_alias_zero : Errc::property_value_out_of_range;
}

/// What is wrong with a property that only one side may send in a packet where both may send others: Subscription
/// Identifier in a client's PUBLISH [5.0: MQTT-3.3.4-6], Session Expiry Interval in a server's DISCONNECT [5.0:
/// MQTT-3.14.2-2], Server Reference in a client's [5.0: section 3.14.2.2.5].
MQTTWIRE_ALWAYS_INLINE constexpr Errc property_sender_fault(PropertyId id, PacketType packet, Role receiver) noexcept
{
    if (id == PropertyId::subscription_identifier && packet == PacketType::publish && receiver == Role::server)
        return Errc::subscription_identifier_from_client;
    if (id == PropertyId::session_expiry_interval && packet == PacketType::disconnect && receiver == Role::client)
        return Errc::session_expiry_from_server;
    if (id == PropertyId::server_reference && packet == PacketType::disconnect && receiver == Role::server)
        return Errc::server_reference_from_client;
    return Errc::none;
}

/// The packet types that one side may send, as a set: bit n stands for type n.
constexpr unsigned packet_types_from(bool PacketTypeRow::* side) noexcept
{
    unsigned set = 0;
    for (std::size_t type = 0; type < packet_type_table.size(); ++type)
        if (packet_type_table[type].*side) set |= 1U << type;
    return set;
}

/// True if the side that `receiver` is connected to may send a packet of this type.
MQTTWIRE_ALWAYS_INLINE constexpr bool may_receive(Role receiver, PacketType packet, Version version) noexcept
{
    constexpr unsigned from_client = packet_types_from(&PacketTypeRow::from_client);
    constexpr unsigned from_server = packet_types_from(&PacketTypeRow::from_server);
    if (receiver == Role::unknown) return true;
    if (receiver == Role::client && packet == PacketType::disconnect && version != Version::v5) return false;
    return (((receiver == Role::client ? from_server : from_client) >> static_cast<unsigned>(packet)) & 1U) != 0;
}

} // namespace MQTTWIRE_CODE

} // namespace mqttwire::inline MQTTWIRE_ABI::wire
