// Outcome: what a call of a session has come to: what it means to the application, what is to be made durable, what is
// to be sent, and whether to close the connection; to be seen to in this order.
#pragma once

#include "mqttwire/config.hpp"
#include "mqttwire/packet_type.hpp"
#include "mqttwire/packets/ack.hpp"
#include "mqttwire/packets/connack.hpp"
#include "mqttwire/packets/disconnect.hpp"
#include "mqttwire/packets/ping.hpp"
#include "mqttwire/reason_code.hpp"
#include "mqttwire/result.hpp"
#include "mqttwire/session/error.hpp"
#include "mqttwire/session/flows.hpp"
#include "mqttwire/version.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>

namespace mqttwire::inline MQTTWIRE_ABI::session {

/// What a packet means to the application.
enum class Event : std::uint8_t {
    none, ///< nothing
    connecting, ///< server: a CONNECT; answer it with `accept` or `refuse`
    connected, ///< the session is open; Outcome::session_present tells whether it is an old one
    refused, ///< client: the server refuses, `reason_code` tells why
    message, ///< a PUBLISH to be delivered; its topic is there even if the packet had only an alias
    message_again, ///< a PUBLISH with QoS 2 that was delivered before: not to be delivered
    owned, ///< QoS 2: the peer has the message `token`, which will not be asked for again; the flow goes on
    done, ///< the flow of `token` is over, `reason_code` tells how
    subscribed, ///< SUBACK to the request `token`
    unsubscribed, ///< UNSUBACK to the request `token`
    subscribe, ///< server: a SUBSCRIBE; answer it with a SubAck of the same packet_id
    unsubscribe, ///< server: an UNSUBSCRIBE; answer it with an UnsubAck of the same packet_id
    authentication, ///< an AUTH; `reason_code` is its own
    disconnecting, ///< the peer has sent DISCONNECT, `reason_code` is its own
};

/// A change of what must survive the loss of power, see session/journal.hpp. `packet_id` and `token` of the Outcome
/// belong to it.
enum class Change : std::uint8_t {
    none,
    session, ///< begun, ended or with other settings: `save` it anew
    publish_1, ///< a message with QoS 1 is on its way
    publish_2, ///< a message with QoS 2 is on its way
    pubrel, ///< and has arrived: PUBLISH will not be sent again
    done, ///< the flow is over
    received, ///< a QoS 2 message has been received
    released, ///< and its identifier is free again
};

/// True if the change must be durable before anything that the Outcome or the caller's packet says leaves. A `done` may
/// be written later, only not after the changes that follow it.
constexpr bool must_come_first(Change change) noexcept { return change != Change::none && change != Change::done; }

struct Outcome {
    Event event{};
    Fault fault{}; ///< why the call was refused, or why the connection is to be closed
    Change change{}; ///< to be made durable; see must_come_first
    PacketType answer{}; ///< the packet to be sent, see `encode_answer`; 0: none
    ReasonCode reason_code{}; ///< of the answer, or else of the event
    bool close{}; ///< close the connection once the answer is sent, and call `closed`
    bool session_present{}; ///< `connected`: the session is one that both sides had before
    bool session_ended{}; ///< the state of a session is gone: subscriptions and messages under tokens with it
    bool publish_will{}; ///< server: publish the will that this session was given
    std::uint16_t packet_id{}; ///< of the answer, or of the packet that the caller is to send
    Token token{}; ///< `owned`, `done`, `subscribed`, `unsubscribed`, and of a change

    /// True unless the call was refused or a fault of the peer was seen.
    constexpr explicit operator bool() const noexcept { return fault == Fault::none; }

    friend constexpr bool operator==(const Outcome&, const Outcome&) noexcept = default;
};

static_assert(std::is_trivially_copyable_v<Outcome> && sizeof(Outcome) == 16);

/// Writes the answer of an outcome to the front of `buffer`, of which it takes at most 5 bytes. Empty if there is none,
/// or if the version has none: 3.x closes without a DISCONNECT from the server, and has no CONNACK for most reasons.
/// (A session's own `encode_answer` writes in its own version.)
template <class V>
constexpr Result<std::span<std::byte>> encode_answer_as(
    const Outcome& outcome, std::span<std::byte> buffer, V version) noexcept
{
    const bool v5 = V::can_be(Version::v5) && version == Version::v5;
    const ReasonCode code = v5 ? outcome.reason_code : ReasonCode::success;
    const auto encode = [&](const auto& packet) {
        if constexpr (std::is_empty_v<V>) return packet.template encode<static_cast<Version>(V{})>(buffer);
        else return packet.encode(buffer, version);
    };
    switch (outcome.answer) {
    case PacketType::connack:
        if (v5 || to_return_code(outcome.reason_code)) return encode(ConnAck{.reason_code = outcome.reason_code});
        break;
    case PacketType::puback: return encode(PubAck{.packet_id = outcome.packet_id, .reason_code = code});
    case PacketType::pubrec: return encode(PubRec{.packet_id = outcome.packet_id, .reason_code = code});
    case PacketType::pubrel: return encode(PubRel{.packet_id = outcome.packet_id, .reason_code = code});
    case PacketType::pubcomp: return encode(PubComp{.packet_id = outcome.packet_id, .reason_code = code});
    case PacketType::pingreq: return encode(PingReq{});
    case PacketType::pingresp: return encode(PingResp{});
    case PacketType::disconnect:
        if constexpr (V::can_be(Version::v5))
            if (v5) return encode(Disconnect{.reason_code = outcome.reason_code});
        break;
    default: break;
    }
    return buffer.first(0);
}
template <class = config::Code>
constexpr Result<std::span<std::byte>> encode_answer(
    const Outcome& outcome, std::span<std::byte> buffer, Version version) noexcept
{
    return encode_answer_as(outcome, buffer, wire::AnyVersion{version});
}

} // namespace mqttwire::inline MQTTWIRE_ABI::session
