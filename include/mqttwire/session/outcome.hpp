// Outcome: what a call of a session has come to: what it means to the application, what is to be made durable, what is
// to be sent, and whether to close the connection; to be seen to in this order.
#pragma once

#include "mqttwire/buffer.hpp"
#include "mqttwire/config.hpp"
#include "mqttwire/error.hpp"
#include "mqttwire/leniency.hpp"
#include "mqttwire/packet_type.hpp"
#include "mqttwire/reason_code.hpp"
#include "mqttwire/result.hpp"
#include "mqttwire/session/error.hpp"
#include "mqttwire/session/flows.hpp"
#include "mqttwire/version.hpp"
#include "mqttwire/wire/bytes.hpp"
#include "mqttwire/wire/name_among.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
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

/// The event's own name in snake_case; empty for any other value.
constexpr std::string_view name(Event event) noexcept
{
    return wire::name_among(event,
        {"none", "connecting", "connected", "refused", "message", "message_again", "owned", "done", "subscribed",
            "unsubscribed", "subscribe", "unsubscribe", "authentication", "disconnecting"});
}

/// The event that is the end of a flow.
constexpr Event end_of(Flow flow) noexcept
{
    if (is_message(flow)) return Event::done;
    return flow == Flow::subscribe ? Event::subscribed : Event::unsubscribed;
}

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

/// The change's own name in snake_case; empty for any other value.
constexpr std::string_view name(Change change) noexcept
{
    return wire::name_among(
        change, {"none", "session", "publish_1", "publish_2", "pubrel", "done", "received", "released"});
}

/// The change that the flow of a message begins with or goes on with.
constexpr Change change_of(Flow flow) noexcept { return static_cast<Change>(static_cast<unsigned>(flow) + 1U); }

static_assert(change_of(Flow::publish_1) == Change::publish_1);
static_assert(change_of(Flow::publish_2) == Change::publish_2);
static_assert(change_of(Flow::pubrel) == Change::pubrel);

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
    bool session_ended{}; ///< the state of a session is gone: subscriptions, and messages under tokens but those that
                          ///< `resend` still gives (a client before 5.0)
    bool publish_will{}; ///< server: publish the will that the client gave
    std::uint16_t packet_id{}; ///< of the answer, or of the packet that the caller is to send
    Token token{}; ///< `owned`, `done`, `subscribed`, `unsubscribed`, and of a change

    /// True unless the call was refused or a fault of the peer was seen.
    constexpr explicit operator bool() const noexcept { return fault == Fault::none; }

    friend constexpr bool operator==(const Outcome&, const Outcome&) noexcept = default;
};

static_assert(std::is_trivially_copyable_v<Outcome> && sizeof(Outcome) == 16);

/// Bytes of the largest answer.
inline constexpr std::size_t max_answer = 5;

/// Writes the answer of an outcome to the front of `buffer`; max_answer bytes are enough, fewer than the answer has are
/// an error (`buffer_too_small`). Empty if there is none, or if the version has none: 3.x closes without a DISCONNECT
/// from the server, and has no CONNACK for most reasons. Answers have no properties, so their bytes are few and simple:
///
///   CONNACK                   0x20 | 2 or 3 | 0 | reason or return code | 5.0: no properties, 0
///   PUBACK ... PUBCOMP        type and flags | 2 or 3 | packet id | 5.0: reason code, unless it is success
///   PINGREQ, PINGRESP         type | 0
///   DISCONNECT                0xE0 | 0 or 1 | 5.0: reason code, unless it is success
///
/// With the `sender` known to be a client there is no code for CONNACK.
constexpr Result<std::span<std::byte>> encode_answer(
    const Outcome& outcome, MutableBuffer buffer, Version version, Role sender = Role::unknown) noexcept
{
    const std::span<std::byte> room = buffer;
    const PacketType type = outcome.answer;
    const bool v5 = version == Version::v5;
    const bool has_id = type >= PacketType::puback && type <= PacketType::pubcomp;
    const bool has_code = v5 && outcome.reason_code != ReasonCode::success;
    std::size_t size = (has_id ? 4U : 2U) + (has_code ? 1U : 0U);
    auto code = static_cast<std::byte>(outcome.reason_code);
    const bool is_connack = type == PacketType::connack && sender != Role::client;
    if (is_connack) {
        const std::optional<std::uint8_t> return_code = to_return_code(outcome.reason_code);
        size = v5 ? 5U : return_code ? 4U : 0U;
        if (!v5) code = static_cast<std::byte>(return_code.value_or(0));
    } else if (type == PacketType{} || (type == PacketType::disconnect && !v5)) {
        size = 0;
    }
    if (size > room.size())
        return Error{.code = Errc::buffer_too_small, .packet = type, .needed = static_cast<std::uint32_t>(size)};
    std::byte* const to = room.data();
    if (size != 0) {
        to[0] = static_cast<std::byte>(static_cast<unsigned>(type) << 4U | fixed_flags(type));
        to[1] = static_cast<std::byte>(size - 2);
    }
    if (has_id) {
        wire::store_two(to + 2, outcome.packet_id);
        if (has_code) to[4] = code;
    } else if (is_connack && size != 0) {
        to[2] = std::byte{0};
        to[3] = code;
        if (v5) to[4] = std::byte{0};
    } else if (size == 3) {
        to[2] = code;
    }
    return room.first(size);
}

} // namespace mqttwire::inline MQTTWIRE_ABI::session
