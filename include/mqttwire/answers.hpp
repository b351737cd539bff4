// Packets that answer packets, for those who need no session to know them: plain acknowledgements, and the refusal of a
// CONNECT that could not be read.
#pragma once

#include "mqttwire/buffer.hpp"
#include "mqttwire/config.hpp"
#include "mqttwire/error.hpp"
#include "mqttwire/packet.hpp"
#include "mqttwire/qos.hpp"
#include "mqttwire/reason_code.hpp"
#include "mqttwire/result.hpp"
#include "mqttwire/version.hpp"
#include "mqttwire/wire/protocol.hpp"

#include <cstddef>
#include <optional>
#include <span>
#include <utility>
#include <variant>

namespace mqttwire::inline MQTTWIRE_ABI {

/// What a PUBLISH of QoS 1 or 2 is answered with, PUBACK or PUBREC; nothing for QoS 0 [section 4.3].
template <class = config::Code>
[[nodiscard]] constexpr std::optional<Packet> answer(const Publish& publish) noexcept
{
    switch (publish.qos) {
    case QoS::at_least_once:
        return std::optional<Packet>(std::in_place, std::in_place_type<PubAck>, PubAck{.packet_id = publish.packet_id});
    case QoS::exactly_once:
        return std::optional<Packet>(std::in_place, std::in_place_type<PubRec>, PubRec{.packet_id = publish.packet_id});
    case QoS::at_most_once: break;
    }
    return std::nullopt;
}
/// PUBREL; nothing if the PUBREC tells a failure, which ends the delivery [5.0: section 4.3.3].
[[nodiscard]] constexpr std::optional<PubRel> answer(const PubRec& pubrec) noexcept
{
    if (is_error(pubrec.reason_code)) return std::nullopt;
    return PubRel{.packet_id = pubrec.packet_id};
}
[[nodiscard]] constexpr PubComp answer(const PubRel& pubrel) noexcept { return PubComp{.packet_id = pubrel.packet_id}; }
[[nodiscard]] constexpr PingResp answer(const PingReq&) noexcept { return {}; }

/// The packet that answers a packet with nothing but its packet identifier: PUBACK, PUBREC, PUBREL, PUBCOMP or
/// PINGRESP. Nothing for packets that need no answer, or one that somebody has to decide on (CONNECT, SUBSCRIBE,
/// UNSUBSCRIBE, AUTH).
template <class = config::Code>
[[nodiscard]] constexpr std::optional<Packet> answer(const Packet& packet) noexcept
{
    if (const auto* publish = std::get_if<Publish>(&packet)) return answer(*publish);
    if (const auto* pubrec = std::get_if<PubRec>(&packet)) {
        if (const std::optional<PubRel> pubrel = answer(*pubrec))
            return std::optional<Packet>(std::in_place, std::in_place_type<PubRel>, *pubrel);
    } else if (const auto* pubrel = std::get_if<PubRel>(&packet)) {
        return std::optional<Packet>(std::in_place, std::in_place_type<PubComp>, answer(*pubrel));
    } else if (std::holds_alternative<PingReq>(packet)) {
        return std::optional<Packet>(std::in_place, std::in_place_type<PingResp>);
    }
    return std::nullopt;
}

/// The packet without its properties, those of a will included, as 3.x needs it.
template <class Struct>
    requires requires(Struct packet) { packet.properties; }
[[nodiscard]] constexpr Struct without_properties(Struct packet) noexcept
{
    packet.properties = {};
    if constexpr (requires { packet.will->properties; })
        if (packet.will) packet.will->properties = {};
    return packet;
}
template <class = config::Code>
[[nodiscard]] constexpr Packet without_properties(Packet packet) noexcept
{
    std::visit(
        [](auto& held) {
            if constexpr (requires { held.properties; }) held = without_properties(held);
        },
        packet);
    return packet;
}

/// A CONNACK, and the version in which the sender of a CONNECT understands it.
struct Refusal {
    ConnAck connack{};
    Version version{};

    /// Writes the CONNACK to the front of `buffer` and gives what was written.
    template <class = config::Code>
    constexpr Result<std::span<std::byte>> encode(MutableBuffer buffer MQTTWIRE_LIFETIMEBOUND) const noexcept
    {
        return connack.encode(buffer, version);
    }
};

/// How a server refuses a CONNECT that decode has refused with this error: in 5.0 with a reason code, before with a
/// return code. Nothing if the connection is just to be closed: the bytes are no CONNECT, do not tell their protocol,
/// or 3.x has no return code for the error [3.1.1: section 3.2.2.3, MQTT-3.2.2-6; 5.0: section 4.13].
template <class = config::Code>
[[nodiscard]] constexpr std::optional<Refusal> refusal(ConstBuffer connect, const Error& error) noexcept
{
    const std::optional<Protocol> asked = requested_protocol(connect); // name and level, whether they are known or not
    if (!asked || error.code == Errc::none) return std::nullopt;
    const unsigned level = asked->level & ~unsigned{wire::bridge_bit};
    ReasonCode code = reason_code(error.code);
    if (asked->name == wire::protocol_name(Version::v5) && level >= 5) {
        if (!may_carry(PacketType::connack, code)) code = ReasonCode::unspecified_error;
        return Refusal{{.reason_code = code}, Version::v5};
    }
    if (!to_return_code(code)) return std::nullopt;
    const bool v3_1 = asked->name == wire::protocol_name(Version::v3_1);
    return Refusal{{.reason_code = code}, v3_1 ? Version::v3_1 : Version::v3_1_1};
}

} // namespace mqttwire::inline MQTTWIRE_ABI
