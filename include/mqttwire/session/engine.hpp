// Engine: the session that client.hpp and server.hpp name, of either role, made of the parts.
//
//              connect / received(CONNECT)        received(CONNACK) / accept
//      idle ---------------------------> opening -----------------------------> open
//       ^                                   |                                     |
//       |              closed               v        DISCONNECT either way,       v
//       +---------------------------------------- closing <--- a fault, refusal --+
//
// It does no I/O, reads no clock and holds no message. Calls take and give values: a packet that has come (`received`)
// or that is to be sent (`publish`, `subscribe` ..., which set in the packet what the session decides), the time, and
// an Outcome. A refused call has changed nothing. The state is trivially copyable; a copy is another session.
#pragma once

#include "mqttwire/buffer.hpp"
#include "mqttwire/config.hpp"
#include "mqttwire/leniency.hpp"
#include "mqttwire/packet.hpp"
#include "mqttwire/session/capacities.hpp"
#include "mqttwire/session/error.hpp"
#include "mqttwire/session/flows.hpp"
#include "mqttwire/session/journal.hpp"
#include "mqttwire/session/keep_alive.hpp"
#include "mqttwire/session/outcome.hpp"
#include "mqttwire/session/received_ids.hpp"
#include "mqttwire/session/room.hpp"
#include "mqttwire/session/session_state.hpp"
#include "mqttwire/session/terms.hpp"
#include "mqttwire/session/time.hpp"
#include "mqttwire/session/topic_aliases.hpp"
#include "mqttwire/version.hpp"
#include "mqttwire/wire/name_among.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <type_traits>
#include <variant>

namespace mqttwire::inline MQTTWIRE_ABI::session {

/// What is to be sent again, see `Engine::resend`.
struct Resend {
    PacketType packet{}; ///< publish: the message `token`; pubrel: what `outcome` answers; 0: nothing now
    QoS qos{};
    std::uint16_t packet_id{};
    Token token{};

    constexpr explicit operator bool() const noexcept { return packet != PacketType{}; }

    /// Sets in the PUBLISH of `token` what is not the message's own [MQTT-3.3.1-1, MQTT-4.4.0-1].
    constexpr void set(Publish& publish) const noexcept
    {
        publish.qos = qos;
        publish.dup = true;
        publish.packet_id = packet_id;
        publish.properties.topic_alias = {};
    }

    /// The PUBREL, as the answer of an Outcome.
    constexpr Outcome outcome() const noexcept { return {.answer = packet, .packet_id = packet_id, .token = token}; }
};

/// Where a connection stands.
enum class State : std::uint8_t {
    idle, ///< there is none
    opening, ///< CONNECT has gone out or come, CONNACK has not
    open,
    closing, ///< nothing may follow; `closed` is to be called once the connection is gone
};

/// The state's own name in snake_case; empty for any other value.
constexpr std::string_view name(State state) noexcept
{
    return wire::name_among(state, {"idle", "opening", "open", "closing"});
}

namespace detail {

/// In place of a part that there is not.
struct Nothing {
    constexpr Nothing() noexcept = default;
    template <class... Memory>
    constexpr explicit Nothing(const Memory&...) noexcept
    {
    }
};

} // namespace detail

/// A session of one client with one server, seen from one side, over all its connections one after another.
/// `V` is wire::FixedVersion<...> where the version is known while compiling: then there is no code for the others.
template <Role role, Capacities capacities = Capacities{}, class V = wire::AnyVersion>
class Engine {
    static constexpr bool is_client = role == Role::client;
    static constexpr bool is_server = role == Role::server;
    static constexpr bool uses_callers_memory = capacities.outgoing == in_callers_memory;
    static constexpr bool can_be_5 = V::can_be(Version::v5);
    static constexpr bool has_aliases_out = capacities.aliases_out != 0;
    static_assert(is_client || is_server);
    static_assert((capacities.aliases_in == 0) == (capacities.alias_bytes_in == 0), "aliases have topics");
    static_assert((capacities.aliases_out == 0) == (capacities.alias_bytes_out == 0), "aliases have topics");

public:
    constexpr Engine() noexcept
        requires(!uses_callers_memory)
    = default;
    constexpr explicit Engine(const Memory& memory) noexcept
        requires uses_callers_memory
        : session_{.flows = {memory.packet_ids, memory.tokens},
              .received = ReceivedIds<capacities.incoming>(memory.received_ids)},
          aliases_out_(memory.aliases_out, memory.alias_topics_out),
          aliases_in_(memory.aliases_in, memory.alias_topics_in)
    {
    }

    // What is known

    constexpr State state() const noexcept { return state_; }
    /// The version of the last CONNECT.
    constexpr Version version() const noexcept { return version_; }
    /// True if there is state that a next connection can go on with.
    constexpr bool has_session() const noexcept { return session_.exists; }
    /// Messages sent with QoS 1 or 2 whose flows are not over.
    constexpr std::uint16_t messages_in_flight() const noexcept { return session_.flows.messages(); }
    /// How many more messages with QoS 1 or 2 the peer takes now; identifiers may be used up before.
    constexpr std::uint16_t send_quota() const noexcept
    {
        return terms().send_quota.left(session_.flows.unacknowledged());
    }
    /// The largest packet that the peer takes, in bytes [5.0: MQTT-3.1.2-24, MQTT-3.2.2-15]; 4,294,967,295 if it has
    /// not said so.
    constexpr std::uint32_t maximum_packet_size() const noexcept { return terms().maximum_packet_size; }
    /// True if the packet is larger than that: then it is not to be sent.
    template <class P>
    constexpr bool is_too_large(const P& packet) const noexcept
    {
        if (takes_any_size()) return false;
        // A program that sends the packet has the code of encoding it already.
        const auto encode_nowhere = [&] {
            if constexpr (std::is_empty_v<V>) return packet.template encode<static_cast<Version>(V{})>({});
            else return packet.encode({}, version());
        };
        return is_above_maximum(encode_nowhere());
    }
    /// 5.0: whether the peer wants Reason Strings and User Properties in packets other than PUBLISH, CONNACK and
    /// DISCONNECT; if not, leave them out [5.0: MQTT-3.1.2-29].
    constexpr bool wants_problem_information() const noexcept
        requires is_server
    {
        return terms().wants_problem_information;
    }
    /// Seconds, of this connection; 0: off.
    constexpr std::uint16_t keep_alive() const noexcept { return keep_alive_.seconds(); }
    /// Seconds that the session outlives the connection; `for_ever`: without end. 3.x: 0 or for ever.
    constexpr std::uint32_t session_expiry() const noexcept { return session_.expiry; }
    /// What this side has begun and not ended; oldest first; 0 behind the last.
    constexpr std::uint16_t first_flow() const noexcept { return session_.flows.first(); }
    constexpr std::uint16_t next_flow(std::uint16_t packet_id) const noexcept { return session_.flows.next(packet_id); }
    constexpr Flow flow(std::uint16_t packet_id) const noexcept { return session_.flows.flow(packet_id); }
    /// Of a flow that is not `none`.
    constexpr Token token(std::uint16_t packet_id) const noexcept { return session_.flows.token(packet_id); }
    /// True while a server has the client's will, to be published unless the client says otherwise.
    constexpr bool owes_will() const noexcept
        requires is_server
    {
        return session_.own.has_will;
    }
    /// QoS 2 messages that have come and are not released.
    constexpr std::uint16_t messages_incomplete() const noexcept { return session_.received.size(); }

    // Beginning

    /// Between connections: takes other memory for topic aliases, which none of them outlives [5.0: MQTT-3.3.2-7]. So a
    /// session whose client is away needs none. Of `memory` nothing else is looked at.
    constexpr Outcome take_aliases(const Memory& memory) noexcept
        requires(uses_callers_memory && can_be_5)
    {
        if (state_ != State::idle) return refuse_call(Fault::already_connected);
        aliases_out_ = {memory.aliases_out, memory.alias_topics_out};
        aliases_in_ = {memory.aliases_in, memory.alias_topics_in};
        return {};
    }

    /// A client begins a connection: call it, make its change durable, send the CONNECT [MQTT-3.1.0-1]. It puts into it
    /// what the engine has room for (5.0: Receive Maximum, Topic Alias Maximum) where the caller asks for more. With
    /// `clean_start` the present session is gone [MQTT-3.1.2-6; 5.0: MQTT-3.1.2-4]. As long as the server has not
    /// answered that, it may hold the old one, so in 5.0 `clean_start` is set in every CONNECT until it has.
    constexpr Outcome connect(Connect& connect, Version version, Time now) noexcept
        requires is_client
    {
        Outcome outcome;
        if (state_ != State::idle) {
            outcome.fault = Fault::already_connected;
            return outcome;
        }
        version_ = version_of(version);
        const Asked unanswered = session_.own.unanswered;
        if (is_5() && unanswered.clean_start()) connect.clean_start = true;
        if (connect.clean_start) discard_session(outcome);
        begin_connection(connect);
        session_.expiry = expiry_asked(connect);
        if constexpr (can_be_5) session_.own = {Asked::of(connect.clean_start, session_.expiry != 0), unanswered};
        keep_settings(outcome);
        if constexpr (can_be_5) {
            if (is_5()) {
                announce(connect.properties);
                terms_.ask(connect);
            }
        }
        keep_alive_.start(connect.keep_alive, now);
        state_ = State::opening;
        return outcome;
    }
    constexpr Outcome connect(Connect& connect, Time now) noexcept
        requires(is_client && std::is_empty_v<V>)
    {
        return this->connect(connect, V{}, now);
    }

    /// A client vouches that it has the state of a session although this engine knows of none, so that a server that
    /// holds the session is not refused (see session_present_without_state).
    constexpr void adopt_session() noexcept { session_.exists = true; }

    /// A client is answered.
    constexpr Outcome received(const ConnAck& connack, Time now) noexcept
        requires is_client
    {
        Outcome outcome;
        if (state_ != State::opening) {
            if (state_ == State::open) fail(Fault::second_connack, outcome); // [5.0: MQTT-3.2.0-2]
            else outcome = out_of_turn();
            return outcome;
        }
        outcome.reason_code = connack.reason_code;
        if (connack.reason_code != ReasonCode::success) {
            if constexpr (can_be_5) {
                if (!clean_start_) {
                    session_.own.unanswered = session_.own.unanswered_before;
                    keep_settings(outcome);
                }
            }
            state_ = State::closing;
            outcome.event = Event::refused;
            outcome.close = true;
            return outcome;
        }
        const Fault fault = fault_of(connack);
        if (fault != Fault::none) fail(fault, outcome);
        if constexpr (can_be_5) {
            if (fault == Fault::none || fault == Fault::session_present_without_state) {
                session_.own.unanswered = {};
                keep_settings(outcome); // by what was asked, for that is in the journal; below by what the server says
            }
        }
        if (fault != Fault::none) return outcome;
        outcome.event = Event::connected;
        outcome.session_present = connack.session_present // which 3.1 does not say
            || (version() == Version::v3_1 && !clean_start_ && session_.exists);
        if (!outcome.session_present) begin_anew(outcome);
        std::uint16_t seconds = keep_alive_.seconds();
        if constexpr (can_be_5) {
            if (is_5()) {
                take_limits(connack.properties);
                seconds = connack.properties.server_keep_alive.value_or(seconds); // [5.0: MQTT-3.2.2-21]
            }
        }
        keep_alive_.start(seconds, now);
        keep_settings(outcome);
        open_session();
        return outcome;
    }

    /// A server is asked for a connection. Answer with `accept` or `refuse` before anything else is handed in; with
    /// extended authentication, AUTH packets come first.
    constexpr Outcome received(const Connect& connect, Time now) noexcept
        requires is_server
    {
        if (state_ == State::closing) return fail(Fault::packet_after_disconnect);
        if (state_ != State::idle) return fail(Fault::second_connect); // [MQTT-3.1.0-2]
        version_ = version_of(connect.version.value_or(this->version()));
        Outcome outcome;
        run_down(now, outcome);
        outcome.event = Event::connecting;
        begin_connection(connect);
        keep_alive_.start(connect.keep_alive, now);
        state_ = State::opening;
        return outcome;
    }

    /// A server lets a client in: call it, make its change durable, send the CONNACK, which it completes: Session
    /// Present, and in 5.0 what the engine has room for and the authentication method. `connect` is the CONNECT
    /// before. [MQTT-3.1.4-3, -4; 5.0: MQTT-3.1.4-4, -5]
    constexpr Outcome accept(const Connect& connect, ConnAck& connack, Time now) noexcept
        requires is_server
    {
        if (state_ != State::opening) return refuse_call(Fault::not_connected);
        const bool v5 = is_5();
        if (v5 && connect.client_id.empty() && !connack.properties.assigned_client_identifier)
            return refuse_call(Fault::assigned_client_identifier_missing); // [5.0: MQTT-3.2.2-16]
        Outcome outcome{.event = Event::connected, .change = Change::session};
        if (connect.clean_start) discard_session(outcome);
        outcome.session_present = session_.exists;
        connack.reason_code = ReasonCode::success;
        connack.session_present =
            session_.exists && version() != Version::v3_1; // [MQTT-3.2.2-1 to -3; 5.0: MQTT-3.2.2-2, -3]
        session_.own.has_will = connect.will.has_value(); // [MQTT-3.1.2-8, -12; 5.0: MQTT-3.1.2-7]
        session_.own.will_is_due = false; // [5.0: MQTT-3.1.3-9]
        session_.expiry = expiry_asked(connect);
        std::uint16_t seconds = connect.keep_alive;
        if constexpr (can_be_5) {
            if (v5) {
                if (connect.will)
                    session_.own.will_left.left = connect.will->properties.will_delay_interval.value_or(0);
                settle(connect.properties, connack.properties);
                seconds = connack.properties.server_keep_alive.value_or(seconds); // [5.0: MQTT-3.2.2-22]
            }
        }
        if (!v5 && connect.will) session_.own.will_left.left = 0;
        keep_alive_.start(seconds, now);
        open_session();
        return outcome;
    }

    /// A server lets the session outlive its connection for no more than so many seconds, whatever the client has asked
    /// for. Call it behind `accept` and, for DISCONNECT may ask for more, before `closed`; then save the session.
    constexpr void limit_expiry(std::uint32_t seconds) noexcept
        requires is_server
    {
        if (session_.expiry > seconds) session_.expiry = seconds;
    }

    /// A server lets a client not in: call it, send a CONNACK with a reason code, close
    /// [MQTT-3.1.4-5; 5.0: MQTT-3.1.4-6]. The session is as it was.
    constexpr Outcome refuse(ReasonCode reason_code) noexcept
        requires is_server
    {
        if (state_ != State::opening) return refuse_call(Fault::not_connected);
        state_ = State::closing;
        return {.answer = PacketType::connack, .reason_code = reason_code, .close = true};
    }

    // Messages

    /// Decides how a message goes out: sets its packet_id, DUP and topic alias (and takes the topic away where the
    /// alias says it all). Encode and send it after that, or call `withdraw`. With QoS 1 and 2 the caller keeps the
    /// message under `token` until `owned` or `done`. Refused: quota_used_up, no_packet_identifier and resend_first
    /// (QoS 1 and 2 only; ask again after the next packet), packet_too_large (5.0: drop it, it counts as delivered
    /// [MQTT-3.1.2-25]), what the peer does not take, no connection.
    template <class = config::Code>
    MQTTWIRE_APART constexpr Outcome publish(Publish& publish, Token token, Time now) noexcept
    {
        if constexpr (!config::small && !has_aliases_out) { // the usual peer first, for which nothing is measured
            if (takes_any_size()) {
                const Outcome outcome = let_out(publish, token);
                if (outcome) note_sent(now);
                return outcome;
            }
        }
        return publish_fitting(publish, token, now);
    }

    /// The message that `publish` has just been called for is not sent: for instance because it could not be encoded.
    /// The outcome has the change that takes the one of `publish` back.
    constexpr Outcome withdraw(const Publish& publish) noexcept
    {
        Outcome outcome;
        const std::uint16_t id = publish.packet_id;
        if (id != 0 && is_message(session_.flows.flow(id))) {
            outcome.packet_id = id;
            outcome.token = session_.flows.token(id);
            note_change(Change::done, outcome);
            session_.flows.end(id);
        }
        if constexpr (can_be_5)
            if (publish.properties.topic_alias) aliases_out_.take_back(*publish.properties.topic_alias);
        note_not_sent();
        return outcome;
    }

    /// A message has come. Deliver it if the event is `message`, make the change durable, send the answer (or what
    /// `refuse_message` gives instead). An alias is resolved: `topic` is set, and may point into the engine until the
    /// next packet is handed in.
    constexpr Outcome received(Publish& publish, Time now) noexcept
    {
        Outcome outcome = in_turn(now);
        if (state_ != State::open) return outcome;
        if constexpr (can_be_5) {
            Fault fault = is_5() ? look_up_alias(publish) : Fault::none;
            if constexpr (is_server)
                if (fault == Fault::none) fault = terms_.fault_of(publish);
            if (fault != Fault::none) {
                fail(fault, outcome);
                return outcome;
            }
        }
        outcome.event = Event::message;
        if (publish.qos != QoS::at_most_once) receive_flow(publish, outcome);
        return outcome;
    }

    /// True if there is room for what a PUBLISH that has come asks to remember: its identifier (QoS 2), the topic of
    /// its alias. Otherwise `received` gives too_many_incomplete_messages or topic_alias_without_room, unless `grow`
    /// comes first.
    constexpr bool has_room_for(const Publish& publish) const noexcept
    {
        const auto& received = session_.received;
        if (publish.qos == QoS::exactly_once && received.full() && !received.contains(publish.packet_id)) return false;
        if constexpr (can_be_5) {
            const std::uint16_t alias = publish.properties.topic_alias.value_or(0);
            if (alias != 0 && alias <= terms_.alias_maximum_in) return aliases_in_.fits(alias, publish.topic);
        }
        return true;
    }
    /// Moves what has come into larger memory, at any time: `received_ids` and `alias_topics_in`, of which an empty one
    /// leaves all where it is. It must not overlap what it replaces; of `memory` nothing else is looked at. False if it
    /// is too small for what there is: then nothing has moved.
    constexpr bool grow(const Memory& memory) noexcept
        requires uses_callers_memory
    {
        const bool moves_ids = !memory.received_ids.empty();
        if (moves_ids && memory.received_ids.size() < session_.received.size()) return false;
        if constexpr (can_be_5)
            if (!memory.alias_topics_in.empty() && !aliases_in_.move_to(memory.alias_topics_in)) return false;
        return !moves_ids || session_.received.move_to(memory.received_ids);
    }

    /// Instead of the answer to a `message` with QoS 1 or 2: says that it is not wanted, in 5.0 with a reason code of
    /// 0x80 or above, so that its identifier is free again [MQTT-4.3.3-9]. Before 5.0 that cannot be said, and it is
    /// acknowledged as any other.
    constexpr Outcome refuse_message(const Publish& publish, ReasonCode reason_code) noexcept
    {
        const bool once = publish.qos == QoS::exactly_once;
        if (publish.qos == QoS::at_most_once) return {}; // nobody waits for an answer
        Outcome outcome{.answer = once ? PacketType::pubrec : PacketType::puback, .packet_id = publish.packet_id};
        if (is_5()) {
            outcome.reason_code = reason_code;
            if (once && session_.received.erase(publish.packet_id)) note_change(Change::released, outcome);
        } else if (once) {
            note_change(Change::received, outcome);
        }
        return outcome;
    }

    constexpr Outcome received(const PubAck& puback, Time now) noexcept
    {
        return ended(Flow::publish_1, puback.packet_id, puback.reason_code, puback.properties, now);
    }

    constexpr Outcome received(const PubRec& pubrec, Time now) noexcept
    {
        const Flow flow = session_.flows.flow(pubrec.packet_id);
        const Flow message = flow == Flow::pubrel ? flow : Flow::publish_2;
        if (is_5() && pubrec.reason_code >= ReasonCode::unspecified_error) // [5.0: MQTT-4.4.0-2]
            return ended(message, pubrec.packet_id, pubrec.reason_code, pubrec.properties, now);
        return arrived(pubrec, flow, now);
    }

    constexpr Outcome received(const PubRel& pubrel, Time now) noexcept
    {
        Outcome outcome = in_turn(pubrel.properties, now);
        if (state_ != State::open) return outcome;
        outcome.answer = PacketType::pubcomp; // [MQTT-4.3.3-2; 5.0: MQTT-4.3.3-11]
        outcome.packet_id = pubrel.packet_id;
        if (session_.received.erase(pubrel.packet_id)) note_change(Change::released, outcome);
        else if (is_5()) outcome.reason_code = ReasonCode::packet_identifier_not_found;
        note_sent(now);
        return outcome;
    }

    constexpr Outcome received(const PubComp& pubcomp, Time now) noexcept
    {
        return ended(Flow::pubrel, pubcomp.packet_id, pubcomp.reason_code, pubcomp.properties, now);
    }

    /// The next message to be sent again on this connection; call it after `connected` until it gives nothing, and
    /// again after packets that came while `messages_waiting`. For `publish`, encode the message under its token after
    /// Resend::set, or `discard` it; for `pubrel`, encode Resend::outcome.
    /// [MQTT-4.4.0-1, MQTT-4.6.0-1; 5.0: MQTT-4.3.3-6]
    constexpr Resend resend(Time now) noexcept
    {
        if (state_ != State::open) return {};
        const std::uint16_t id = session_.flows.next_waiting();
        if (id == 0) return {};
        const Flow flow = session_.flows.flow(id);
        const bool is_pubrel = flow == Flow::pubrel;
        if (!is_pubrel && quota_used_up()) return {}; // [5.0: MQTT-4.9.0-2]
        session_.flows.sent_again(id);
        note_sent(now);
        return {is_pubrel ? PacketType::pubrel : PacketType::publish,
            flow == Flow::publish_1 ? QoS::at_least_once : QoS::exactly_once, id, session_.flows.token(id)};
    }
    /// The message that `resend` has just given is_too_large for this connection's peer: it is not sent, and its flow
    /// goes on as if it had been [5.0: MQTT-3.1.2-25]. Do what the outcome says: with QoS 1 it is `done`; with QoS 2 it
    /// is `owned` and the answer is PUBREL, for the peer may have had it before, and must forget its identifier.
    constexpr Outcome discard(const Resend& resend, Time now) noexcept
        requires can_be_5
    {
        const std::uint16_t id = resend.packet_id;
        const Flow flow = session_.flows.flow(id);
        Outcome outcome;
        if (flow == Flow::publish_1) {
            outcome = over(flow, id, ReasonCode::packet_too_large);
            note_not_sent();
        } else if (flow == Flow::publish_2) {
            release(id, flow, outcome);
            note_sent(now);
        }
        return outcome;
    }
    /// Messages that `resend` has still to give.
    constexpr std::uint16_t messages_waiting() const noexcept { return session_.flows.waiting(); }

    /// 3.1 only: lets everything that is not acknowledged be sent again, at a time of the caller's choice
    /// [3.1: section 4.2]; `resend` gives it. Later versions do so on a new connection only. A peer that was only slow
    /// answers twice, and 3.1 does not tell for which message: have more identifiers than messages that may be sent
    /// until the second answer comes, for an identifier rests as long as it can before it is used again.
    constexpr Outcome retry() noexcept
    {
        if (version() != Version::v3_1) return refuse_call(Fault::no_retry_in_version);
        if (state_ != State::open) return refuse_call(Fault::not_connected);
        session_.flows.begin_resending();
        return {};
    }

    // Subscriptions

    /// Gives the request its identifier; then encode and send it. It ends with `subscribed`, or with the connection.
    constexpr Outcome subscribe(Subscribe& subscribe, Token token, Time now) noexcept
        requires is_client
    {
        if constexpr (can_be_5) {
            const Fault fault = is_5() ? terms_.fault_of(subscribe) : Fault::none;
            if (fault != Fault::none) return refuse_call(fault);
        }
        return request(subscribe, Flow::subscribe, token, now);
    }
    constexpr Outcome unsubscribe(Unsubscribe& unsubscribe, Token token, Time now) noexcept
        requires is_client
    {
        return request(unsubscribe, Flow::unsubscribe, token, now);
    }

    /// The request that `subscribe` or `unsubscribe` has just been called for is not sent.
    constexpr void withdraw(const Subscribe& subscribe) noexcept
        requires is_client
    {
        withdraw_request(subscribe.packet_id);
    }
    constexpr void withdraw(const Unsubscribe& unsubscribe) noexcept
        requires is_client
    {
        withdraw_request(unsubscribe.packet_id);
    }

    constexpr Outcome received(const SubAck& suback, Time now) noexcept
        requires is_client
    {
        return ended(Flow::subscribe, suback.packet_id, ReasonCode{}, suback.properties, now);
    }
    constexpr Outcome received(const UnsubAck& unsuback, Time now) noexcept
        requires is_client
    {
        return ended(Flow::unsubscribe, unsuback.packet_id, ReasonCode{}, unsuback.properties, now);
    }
    /// The same of a SUBACK, or an UNSUBACK of 5.0, where the caller says how many filters the request had whose
    /// `token` that is: then a peer that answers fewer or more of them is at fault. Else look before you take the
    /// reason codes for those of your filters [3.1.1: MQTT-3.8.4-5; 5.0: MQTT-3.8.4-6].
    template <class Ack>
    constexpr Outcome received(const Ack& ack, std::size_t filters, Time now) noexcept
        requires is_client
    {
        Outcome outcome = received(ack, now);
        const bool has_answered = outcome.event == Event::subscribed || outcome.event == Event::unsubscribed;
        if (has_answered && ack.reason_codes.size() != filters) fail(Fault::acknowledgement_of_wrong_size, outcome);
        return outcome;
    }

    constexpr Outcome received(const Subscribe& subscribe, Time now) noexcept
        requires is_server
    {
        Outcome outcome = in_turn(now);
        if (state_ != State::open) return outcome;
        if constexpr (can_be_5) {
            const Fault fault = is_5() ? terms_.fault_of(subscribe) : Fault::none;
            if (fault != Fault::none) {
                fail(fault, outcome);
                return outcome;
            }
        }
        outcome.event = Event::subscribe;
        outcome.packet_id = subscribe.packet_id;
        return outcome;
    }
    constexpr Outcome received(const Unsubscribe& unsubscribe, Time now) noexcept
        requires is_server
    {
        Outcome outcome = in_turn(now);
        if (state_ != State::open) return outcome;
        outcome.event = Event::unsubscribe;
        outcome.packet_id = unsubscribe.packet_id;
        return outcome;
    }

    // Keeping alive

    constexpr Outcome received(const PingReq&, Time now) noexcept
        requires is_server
    {
        Outcome outcome = in_turn(now);
        if (state_ == State::open) outcome.answer = PacketType::pingresp; // [MQTT-3.12.4-1]
        return outcome;
    }
    constexpr Outcome received(const PingResp&, Time now) noexcept
        requires is_client
    {
        Outcome outcome = in_turn(now);
        if (state_ == State::open) keep_alive_.received_pingresp();
        return outcome;
    }

    /// When `tick` is to be called, if nothing else happens before; nothing: not at all.
    constexpr std::optional<Time> next_deadline() const noexcept
    {
        if (state_ == State::open || state_ == State::opening) {
            const std::optional<Time> due = keep_alive_.deadline();
            if (state_ == State::open || is_client) return due;
            return earlier_of(due, session_deadline());
        }
        return session_deadline();
    }

    /// Does what is due: a client's PINGREQ, the end of a connection that is dead, the end of a session, the will.
    constexpr Outcome tick(Time now) noexcept
    {
        Outcome outcome;
        if (state_ == State::open || state_ == State::opening) {
            if constexpr (is_client) {
                const ClientKeepAlive::Due due = keep_alive_.tick(now);
                if (due == ClientKeepAlive::Due::close) fail(Fault::no_answer_to_ping, outcome);
                // There is no PINGREQ before CONNACK; its absence is what the next deadline is for.
                else if (due == ClientKeepAlive::Due::ping && state_ == State::open)
                    outcome.answer = PacketType::pingreq;
            } else if (keep_alive_.is_dead(now)) {
                fail(Fault::keep_alive_timeout, outcome); // [MQTT-3.1.2-24; 5.0: MQTT-3.1.2-22]
                return outcome;
            }
        }
        if constexpr (is_server)
            if (!was_open_) run_down(now, outcome);
        return outcome;
    }

    // Extended authentication [5.0: section 4.12]

    /// An AUTH that is to be sent: a server's with reason code 0x18, or 0x00 at the end of a new authentication; a
    /// client's with 0x18 in answer, or 0x19 to authenticate anew.
    constexpr Outcome authenticate(const Auth& auth, Time now) noexcept
    {
        if (state_ != State::open && state_ != State::opening) return refuse_call(Fault::not_connected);
        const Fault fault = fault_of(auth, is_server);
        if (fault != Fault::none) return refuse_call(fault);
        note_sent(now);
        return {};
    }
    constexpr Outcome received(const Auth& auth, Time now) noexcept
    {
        Outcome outcome;
        if (state_ != State::open && state_ != State::opening) {
            outcome = out_of_turn();
            return outcome;
        }
        keep_alive_.received(now);
        const Fault fault =
            is_unwanted(auth.properties) ? Fault::problem_information_not_requested : fault_of(auth, is_client);
        if (fault != Fault::none) {
            fail(fault, outcome);
        } else {
            outcome.event = Event::authentication;
            outcome.reason_code = auth.reason_code;
        }
        return outcome;
    }

    // Ending

    /// DISCONNECT is to be sent; nothing after it [MQTT-3.14.4-1, -2; 5.0: MQTT-3.14.4-1]. In 3.x a server only closes.
    constexpr Outcome disconnect(const Disconnect& disconnect) noexcept
    {
        if (state_ != State::open && (is_server || state_ != State::opening))
            return refuse_call(Fault::not_connected); // [5.0: MQTT-3.14.0-1]
        Outcome outcome{.close = true};
        if constexpr (is_client) {
            const std::uint32_t before = session_.expiry;
            const Fault fault = take_expiry(disconnect);
            if (fault != Fault::none) return refuse_call(fault);
            if (session_.expiry != before) outcome.change = Change::session;
        }
        state_ = State::closing;
        return outcome;
    }

    constexpr Outcome received(const Disconnect& disconnect, Time now) noexcept
    {
        Outcome outcome;
        if (state_ == State::idle || state_ == State::closing || (is_client && (!is_5() || state_ != State::open))) {
            outcome = out_of_turn();
            return outcome;
        }
        keep_alive_.received(now);
        outcome.event = Event::disconnecting;
        outcome.reason_code = disconnect.reason_code;
        outcome.close = true;
        if constexpr (is_server) {
            if (state_ == State::open) {
                const Fault fault = take_expiry(disconnect);
                if (fault != Fault::none) {
                    fail(fault, outcome);
                    return outcome;
                }
                if (disconnect.reason_code == ReasonCode::normal_disconnection)
                    session_.own.has_will = false; // [MQTT-3.1.2-10, MQTT-3.14.4-3; 5.0: MQTT-3.14.4-3]
                outcome.change = Change::session;
            }
        }
        state_ = State::closing;
        return outcome;
    }

    /// A server's client has opened another connection: send the answer, close this one, call `closed`, and go on with
    /// the other [MQTT-3.1.4-2; 5.0: MQTT-3.1.4-3].
    constexpr Outcome take_over() noexcept
        requires is_server
    {
        if (state_ == State::idle || state_ == State::closing) return {};
        return fail(Fault::session_taken_over);
    }

    /// The connection is gone, however that came: requests end, and what the session keeps is left for the next one.
    constexpr Outcome closed(Time now) noexcept
    {
        Outcome outcome;
        if (state_ == State::idle) return outcome;
        const bool was_open = was_open_;
        state_ = State::idle;
        was_open_ = false;
        session_.flows.end_requests();
        keep_alive_.stop();
        if constexpr (is_server) {
            if (!was_open) return outcome;
            session_.own.session_left = {now, session_.expiry};
            session_.own.will_left.since = now;
            session_.own.will_is_due = session_.own.has_will;
        }
        // A client whose CONNECT was not answered does not know what became of its session.
        if (session_.expiry == 0 && was_open) discard_session(outcome);
        if constexpr (is_server) run_down(now, outcome);
        return outcome;
    }

    // What has come, of whatever type

    /// Hands a packet in whose type is known at run time only.
    constexpr Outcome received(Packet& packet, Time now) noexcept
    {
        switch (type_of(packet)) {
        case PacketType::connect: return received_if_expected(std::get_if<Connect>(&packet), now);
        case PacketType::connack: return received_if_expected(std::get_if<ConnAck>(&packet), now);
        case PacketType::publish: return received(*std::get_if<Publish>(&packet), now);
        case PacketType::puback: return received(*std::get_if<PubAck>(&packet), now);
        case PacketType::pubrec: return received(*std::get_if<PubRec>(&packet), now);
        case PacketType::pubrel: return received(*std::get_if<PubRel>(&packet), now);
        case PacketType::pubcomp: return received(*std::get_if<PubComp>(&packet), now);
        case PacketType::subscribe: return received_if_expected(std::get_if<Subscribe>(&packet), now);
        case PacketType::suback: return received_if_expected(std::get_if<SubAck>(&packet), now);
        case PacketType::unsubscribe: return received_if_expected(std::get_if<Unsubscribe>(&packet), now);
        case PacketType::unsuback: return received_if_expected(std::get_if<UnsubAck>(&packet), now);
        case PacketType::pingreq: return received_if_expected(std::get_if<PingReq>(&packet), now);
        case PacketType::pingresp: return received_if_expected(std::get_if<PingResp>(&packet), now);
        case PacketType::disconnect: return received(*std::get_if<Disconnect>(&packet), now);
        case PacketType::auth: break;
        }
        return received(*std::get_if<Auth>(&packet), now);
    }

    /// Writes the answer of an outcome of this engine, see session::encode_answer.
    constexpr Result<std::span<std::byte>> encode_answer(const Outcome& outcome, MutableBuffer buffer) const noexcept
    {
        return session::encode_answer(outcome, buffer, version(), role);
    }

    // Keeping through the loss of power, see journal.hpp

    /// Bytes that `save` needs now.
    constexpr std::size_t saved_size() const noexcept { return session_.saved_size(); }
    /// Writes a snapshot, with which `journal` goes on; its size, or 0 if `buffer` is too small.
    template <class = config::Code>
    MQTTWIRE_THIN constexpr std::size_t save(
        MutableBuffer buffer, std::uint32_t generation, Journal& journal) const noexcept
    {
        return write_snapshot(buffer, generation, journal);
    }

    /// Takes the state of a journal: the session is as if its connection had just closed. After a fault it is new.
    template <class = config::Code>
    MQTTWIRE_THIN constexpr Loaded load(ConstBuffer bytes, Time now) noexcept
    {
        return read_snapshot(bytes, now);
    }
    /// The same for a server that knows by another clock how many seconds ago the connection closed, or `save` told
    /// what was left of the session [5.0: MQTT-4.1.0-2].
    template <class = config::Code>
    constexpr Loaded load(ConstBuffer bytes, Time now, std::uint32_t seconds) noexcept
        requires is_server
    {
        const Loaded loaded = load(bytes, now);
        std::uint32_t& left = session_.own.session_left.left;
        if (left != for_ever) left -= seconds < left ? seconds : left;
        return loaded;
    }
    /// Behind `load`: a server has still to publish the client's will, once so many seconds have passed or the session
    /// has ended; `tick` says when, unless the client comes back before [MQTT-3.1.2-8; 5.0: MQTT-3.1.2-8,
    /// MQTT-3.1.3-9].
    constexpr void owe_will(std::uint32_t seconds, Time now) noexcept
        requires is_server
    {
        session_.own.has_will = true;
        session_.own.will_is_due = true;
        session_.own.will_left = {now, session_.exists ? seconds : 0};
    }

private:
    // Behind `save` and `load`, whose callers are not to hold the way from their memory to spans in copies of all this.

    template <class = config::Code>
    constexpr std::size_t write_snapshot(
        std::span<std::byte> buffer, std::uint32_t generation, Journal& journal) const noexcept
    {
        return session_.save(buffer, generation, kept_for(), journal);
    }
    constexpr std::uint32_t kept_for() const noexcept
    {
        if constexpr (is_server) {
            if (state_ == State::idle && session_.exists) return session_.own.session_left.left;
        } else if constexpr (can_be_5) { // the server may not know yet of a connection with which it is to end
            if (!was_open_) return for_ever;
        }
        return session_.expiry;
    }

    template <class = config::Code>
    constexpr Loaded read_snapshot(std::span<const std::byte> bytes, Time now) noexcept
    {
        state_ = State::idle;
        const Loaded loaded = session_.load(bytes);
        if constexpr (is_server)
            if (session_.exists) session_.own.session_left = {now, session_.expiry};
        return loaded;
    }

    constexpr bool is_5() const noexcept
    {
        if constexpr (!can_be_5) return false;
        else return version() == Version::v5;
    }

    static constexpr V version_of(Version version) noexcept
    {
        if constexpr (std::is_empty_v<V>) return V{};
        else return V{version};
    }
    constexpr const Terms& terms() const noexcept
    {
        if constexpr (can_be_5) return terms_;
        else return terms_before_5;
    }

    static constexpr Outcome refuse_call(Fault fault) noexcept { return {.fault = fault}; }

    /// A fault of the peer, or the end for another reason: what is to be sent, and nothing after it.
    template <class = config::Code>
    MQTTWIRE_SHARED constexpr void fail(Fault fault, Outcome& outcome) noexcept
    {
        outcome = {.fault = fault, .reason_code = session::reason_code(fault), .close = true};
        if (is_5() && outcome.reason_code != ReasonCode::success) {
            outcome.answer = PacketType::disconnect;
            // Before CONNACK a server has only that to say so, if it can [5.0: MQTT-3.14.0-1].
            if (is_server && state_ == State::opening)
                outcome.answer =
                    may_carry(PacketType::connack, outcome.reason_code) ? PacketType::connack : PacketType{};
        }
        state_ = State::closing;
    }
    constexpr Outcome fail(Fault fault) noexcept
    {
        Outcome outcome;
        fail(fault, outcome);
        return outcome;
    }

    template <class Alternative>
    constexpr Outcome received_if_expected(const Alternative* packet, Time now) noexcept
    {
        if constexpr (requires(Engine& self) { self.received(*packet, now); }) return received(*packet, now);
        else return out_of_turn();
    }

    /// A session that ends with its connection need not outlive the loss of power.
    constexpr void note_change(Change change, Outcome& outcome) const noexcept
    {
        if (session_.expiry != 0) outcome.change = change;
    }

    // Connections

    /// The outcome to begin with for any packet but CONNECT, CONNACK and AUTH: empty, or that the packet is out of
    /// turn. It was in turn if the session is still open.
    template <class = config::Code>
    MQTTWIRE_SHARED constexpr Outcome in_turn(Time now) noexcept
    {
        Outcome outcome;
        if (state_ != State::open) outcome = out_of_turn();
        else keep_alive_.received(now);
        return outcome;
    }
    /// The same of an acknowledgement.
    template <class = config::Code>
    MQTTWIRE_ALWAYS_INLINE constexpr Outcome in_turn(const ReasonProperties& properties, Time now) noexcept
    {
        Outcome outcome = in_turn(now);
        if (state_ == State::open && is_unwanted(properties)) fail(Fault::problem_information_not_requested, outcome);
        return outcome;
    }
    template <class = config::Code>
    MQTTWIRE_SHARED constexpr Outcome out_of_turn() noexcept
    {
        Outcome outcome;
        if (is_server && state_ == State::opening && !terms().authentication.has_method())
            outcome.fault = Fault::not_connected;
        else fail(fault_out_of_turn(), outcome);
        return outcome;
    }
    constexpr Fault fault_out_of_turn() const noexcept
    {
        switch (state_) {
        case State::idle: return is_server ? Fault::first_packet_not_connect : Fault::not_connected;
        case State::opening:
            if constexpr (is_client) return Fault::first_packet_not_connack; // [MQTT-3.2.0-1]
            else return Fault::packet_during_authentication; // [5.0: MQTT-3.1.2-30]
        case State::open: return Fault::packet_from_wrong_side;
        case State::closing: break;
        }
        return Fault::packet_after_disconnect;
    }

    constexpr void begin_connection(const Connect& connect) noexcept
    {
        clean_start_ = connect.clean_start;
        was_open_ = false;
        if constexpr (can_be_5) {
            terms_ = {};
            aliases_in_.clear(); // [5.0: MQTT-3.3.2-7]
            if (is_5()) terms_.authentication.begin(connect.properties.authentication_method);
            terms_.asked_no_expiry = is_5() && connect.properties.session_expiry_interval.value_or(0) == 0;
        }
    }

    /// Of a session that there is, or may be at the server, a client keeps the settings.
    constexpr void keep_settings(Outcome& outcome) const noexcept
        requires is_client
    {
        if (session_.exists || session_.expiry != 0) outcome.change = Change::session;
    }

    constexpr void open_session() noexcept
    {
        session_.exists = true;
        was_open_ = true;
        if constexpr (can_be_5) session_.received.begin_connection();
        session_.flows.begin_resending();
        state_ = State::open;
    }

    constexpr std::uint32_t expiry_asked(const Connect& connect) const noexcept
    {
        if (is_5()) return connect.properties.session_expiry_interval.value_or(0);
        return connect.clean_start ? 0 : for_ever; // [3.1.1: MQTT-3.1.2-4, -6]
    }

    /// Ends the session; with it the delay of its will.
    constexpr void discard_session(Outcome& outcome) noexcept
    {
        if (!session_.exists) return;
        session_.clear();
        outcome.session_ended = true;
        outcome.change = Change::session;
        if constexpr (is_server) {
            session_.own.session_left = {};
            if (session_.own.will_is_due) publish_will(outcome);
        }
    }

    /// The server has no session [5.0: MQTT-3.2.2-5]. In 3.1.1 what is unacknowledged is sent again even so
    /// [MQTT-4.4.0-1]; but what identifiers have come means nothing any more.
    constexpr void begin_anew(Outcome& outcome) noexcept
    {
        if (is_5()) {
            discard_session(outcome);
        } else {
            outcome.session_ended = session_.exists;
            session_.received.clear();
        }
    }

    // CONNECT and CONNACK of 5.0

    template <class Properties>
    constexpr void announce(Properties& properties) noexcept
        requires can_be_5
    {
        terms_.announce(properties, session_.received.capacity(), aliases_in_.capacity());
    }

    constexpr Fault fault_of(const ConnAck& connack) const noexcept
        requires is_client
    {
        if (connack.session_present && clean_start_)
            return Fault::session_present_after_clean_start; // [3.1.1: MQTT-3.2.2-1; 5.0: MQTT-3.2.2-2]
        if constexpr (can_be_5) {
            if (is_5()) {
                if (connack.session_present && !session_.exists && !session_.own.unanswered_before.is_kept())
                    return Fault::session_present_without_state; // [5.0: MQTT-3.2.2-4]
                return terms_.fault_of(connack.properties);
            }
        }
        return Fault::none;
    }

    template <class Properties>
    constexpr void take_limits_of_peer(const Properties& properties) noexcept
    {
        terms_.take_limits_of_peer(properties);
        aliases_out_.begin_connection(properties.topic_alias_maximum.value_or(0));
    }

    /// What the server has said in CONNACK.
    constexpr void take_limits_of_server(const ConnAckProperties& properties) noexcept
        requires can_be_5
    {
        session_.expiry = properties.session_expiry_interval.value_or(session_.expiry);
        terms_.take_limits_of_server(properties);
    }

    /// A client takes what the server's CONNACK says.
    constexpr void take_limits(const ConnAckProperties& properties) noexcept
        requires(is_client && can_be_5)
    {
        take_limits_of_peer(properties);
        take_limits_of_server(properties);
    }

    /// A server takes what both have said.
    constexpr void settle(const ConnectProperties& asked, ConnAckProperties& given) noexcept
        requires(is_server && can_be_5)
    {
        take_limits_of_peer(asked);
        announce(given);
        terms_.wants_problem_information = asked.request_problem_information.value_or(1) != 0;
        if (asked.request_response_information.value_or(0) == 0)
            given.response_information = {}; // [5.0: MQTT-3.1.2-28]
        given.authentication_method = asked.authentication_method; // [5.0: MQTT-4.12.0-5, -6]
        if (!given.authentication_method) given.authentication_data = {};
        take_limits_of_server(given);
    }

    // Sending

    constexpr void note_sent(Time now) noexcept
    {
        if constexpr (is_client) keep_alive_.sent(now);
        else static_cast<void>(now);
    }

    /// What was noted last did not go: it is as if the time for a PINGREQ had come.
    constexpr void note_not_sent() noexcept
    {
        if constexpr (is_client) keep_alive_.not_sent();
    }

    constexpr bool quota_used_up() const noexcept
    {
        return can_be_5 && !terms().send_quota.allows_one_more(session_.flows.unacknowledged());
    }

    constexpr Fault why_not(const Publish& publish) const noexcept
    {
        if (state_ != State::open) return Fault::not_connected;
        if constexpr (is_client && can_be_5) {
            const Fault fault = terms_.fault_of(publish);
            if (fault != Fault::none) return fault;
        }
        if (publish.qos == QoS::at_most_once) return Fault::none;
        if (session_.flows.waiting() != 0) return Fault::resend_first; // [MQTT-4.6.0-1]
        if (quota_used_up()) return Fault::quota_used_up; // [5.0: MQTT-4.9.0-2, MQTT-3.3.4-7, -9]
        return session_.flows.full() ? Fault::no_packet_identifier : Fault::none;
    }

    /// True if the peer takes a packet of any size.
    constexpr bool takes_any_size() const noexcept
    {
        constexpr std::uint32_t largest = 268435460; // of any packet
        return terms().maximum_packet_size >= largest;
    }

    /// Lets a message out, whatever its size, or says why it may not go.
    MQTTWIRE_THIN constexpr Outcome let_out(Publish& publish, Token token) noexcept
    {
        Outcome outcome{.fault = why_not(publish)};
        if (!outcome) return outcome;
        if (publish.qos != QoS::at_most_once) {
            const Flow flow = flow_of(publish.qos);
            outcome.packet_id = session_.flows.begin(flow, token);
            outcome.token = token;
            note_change(change_of(flow), outcome);
        }
        publish.packet_id = outcome.packet_id;
        publish.dup = false; // [MQTT-3.3.1-3]
        if constexpr (can_be_5)
            if (is_5()) publish.properties.topic_alias = {};
        return outcome;
    }

    /// The same of a message that goes out only if it is not too large for the peer, with an alias if there is one.
    template <class = config::Code>
    MQTTWIRE_APART constexpr Outcome publish_fitting(Publish& publish, Token token, Time now) noexcept
    {
        Outcome outcome = let_out(publish, token);
        if (!outcome) return outcome;
        if constexpr (can_be_5) {
            if (is_5()) {
                bool fits = false;
                if constexpr (has_aliases_out) fits = set_alias(publish);
                if (!fits && is_too_large(publish)) {
                    if (publish.packet_id != 0) session_.flows.end(publish.packet_id);
                    outcome = refuse_call(Fault::packet_too_large); // [5.0: MQTT-3.1.2-24, MQTT-3.2.2-15]
                    return outcome;
                }
            }
        }
        note_sent(now);
        return outcome;
    }

    /// Sets an alias, and takes the topic away if the peer knows what that stands for; neither where the packet would
    /// be too large with it. True if it has set one, with which the packet is not.
    constexpr bool set_alias(Publish& publish) noexcept
        requires can_be_5
    {
        const Text topic = publish.topic;
        const auto choice = aliases_out_.choose(topic);
        if (choice.alias == 0) return false;
        publish.properties.topic_alias = choice.alias;
        if (choice.known) publish.topic = {};
        if (!is_too_large(publish)) return true;
        if (!choice.known) aliases_out_.take_back(choice.alias);
        publish.properties.topic_alias = {};
        publish.topic = topic;
        return false;
    }

    template <class = config::Code>
    MQTTWIRE_SHARED constexpr bool is_above_maximum(const Result<std::span<std::byte>>& written) const noexcept
    {
        return !written && written.error().needed > terms().maximum_packet_size; // 0 but where it is too large
    }

    template <class Request>
    constexpr Outcome request(Request& request, Flow flow, Token token, Time now) noexcept
    {
        Outcome outcome;
        if (state_ != State::open) {
            outcome.fault = Fault::not_connected;
            return outcome;
        }
        const std::uint16_t id = session_.flows.begin(flow, token);
        if (id == 0) {
            outcome.fault = Fault::no_packet_identifier;
            return outcome;
        }
        request.packet_id = id;
        if constexpr (can_be_5) {
            if (is_5() && is_too_large(request)) {
                session_.flows.end(id);
                outcome.fault = Fault::packet_too_large;
                return outcome;
            }
        }
        outcome.packet_id = id;
        note_sent(now);
        return outcome;
    }

    constexpr void withdraw_request(std::uint16_t id) noexcept
    {
        const Flow flow = session_.flows.flow(id);
        if (flow != Flow::subscribe && flow != Flow::unsubscribe) return;
        session_.flows.end(id);
        note_not_sent();
    }

    /// The acknowledgement that ends a flow has come.
    template <class = config::Code>
    MQTTWIRE_SHARED constexpr Outcome ended(
        Flow flow, std::uint16_t id, ReasonCode reason_code, const ReasonProperties& properties, Time now) noexcept
    {
        if constexpr (!config::small) { // the usual one first, whose outcome is put together with no regard to others
            if (state_ == State::open && session_.flows.is_sent(id, flow) && !is_unwanted(properties)) {
                keep_alive_.received(now);
                return over(flow, id, reason_code);
            }
        }
        return ended_somehow(flow, id, reason_code, properties, now);
    }
    /// The same of any. In 3.1 that of a message may come twice, for it may be sent again while connected.
    template <class = config::Code>
    MQTTWIRE_APART constexpr Outcome ended_somehow(
        Flow flow, std::uint16_t id, ReasonCode reason_code, const ReasonProperties& properties, Time now) noexcept
    {
        Outcome outcome = in_turn(properties, now);
        if (state_ != State::open) return outcome;
        const Flow present = session_.flows.flow(id);
        if (present == flow) {
            outcome = over(flow, id, reason_code);
        } else if (present == Flow::none) {
            if (!is_message(flow)) // [MQTT-2.3.1-7; 5.0: MQTT-2.2.1-6]
                fail(Fault::acknowledgement_of_nothing, outcome);
        } else if (version() != Version::v3_1 || !is_message(flow)) {
            fail(Fault::acknowledgement_of_wrong_kind, outcome);
        }
        return outcome;
    }
    /// The flow, which is that of `id`, is over.
    MQTTWIRE_ALWAYS_INLINE constexpr Outcome over(Flow flow, std::uint16_t id, ReasonCode reason_code) noexcept
    {
        Outcome outcome{
            .event = end_of(flow), .reason_code = reason_code, .packet_id = id, .token = session_.flows.token(id)};
        if (is_message(flow)) note_change(Change::done, outcome);
        session_.flows.end(id); // [5.0: MQTT-4.4.0-2]
        return outcome;
    }

    /// PUBREC says that a message has arrived.
    constexpr Outcome arrived(const PubRec& pubrec, Flow flow, Time now) noexcept
    {
        const std::uint16_t id = pubrec.packet_id;
        Outcome outcome = in_turn(pubrec.properties, now);
        if (state_ != State::open) return outcome;
        if (flow != Flow::publish_2 && flow != Flow::pubrel && flow != Flow::none) {
            if (version() != Version::v3_1) fail(Fault::acknowledgement_of_wrong_kind, outcome); // see ended
            return outcome;
        }
        if (flow == Flow::none) {
            outcome.answer = PacketType::pubrel;
            outcome.packet_id = id;
            if (is_5()) outcome.reason_code = ReasonCode::packet_identifier_not_found;
        } else {
            release(id, flow, outcome);
        }
        note_sent(now);
        return outcome;
    }
    /// PUBREL goes out, for the first time if the flow is not there yet [MQTT-4.3.3-1; 5.0: MQTT-4.3.3-4].
    template <class = config::Code>
    MQTTWIRE_SHARED constexpr void release(std::uint16_t id, Flow flow, Outcome& outcome) noexcept
    {
        outcome.answer = PacketType::pubrel;
        outcome.packet_id = id;
        outcome.token = session_.flows.token(id);
        if (flow == Flow::publish_2) {
            outcome.event = Event::owned;
            note_change(Change::pubrel, outcome);
        }
        session_.flows.release(id);
    }

    // Receiving

    /// A message with QoS 1 or 2 [MQTT-4.3.2-2, MQTT-4.3.3-2; 5.0: MQTT-4.3.2-4, -5, MQTT-4.3.3-8 to -13].
    constexpr void receive_flow(const Publish& publish, Outcome& outcome) noexcept
    {
        const std::uint16_t id = publish.packet_id;
        const bool once = publish.qos == QoS::exactly_once;
        const bool known = session_.received.contains(id);
        outcome.answer = once ? PacketType::pubrec : PacketType::puback;
        outcome.packet_id = id;
        if (!once && known) {
            if (!is_5()) return fail(Fault::packet_identifier_in_use, outcome);
            outcome.event = Event::none;
            outcome.fault = Fault::packet_identifier_in_use;
            outcome.reason_code = ReasonCode::packet_identifier_in_use;
        } else if (can_be_5 && !session_.received.came_on_this_connection(id)
            && !terms().receive_quota.allows_one_more(session_.received.on_this_connection())) {
            fail(Fault::receive_maximum_exceeded, outcome); // [5.0: MQTT-3.3.4-7, -9]
        } else if (once) {
            // Before 5.0 none counts how many have come on a connection.
            const bool fits = can_be_5 ? session_.received.insert(id) : session_.received.put_back(id);
            if (!fits) fail(Fault::too_many_incomplete_messages, outcome);
            else if (known) outcome.event = Event::message_again;
            else note_change(Change::received, outcome);
        }
    }

    /// Sets the topic that an alias stands for, or what it is to stand for
    /// [5.0: MQTT-3.3.2-8 to -12, section 3.3.2.3.4].
    constexpr Fault look_up_alias(Publish& publish) noexcept
        requires can_be_5
    {
        if (!publish.properties.topic_alias) return Fault::none;
        const std::uint16_t alias = *publish.properties.topic_alias;
        if (alias == 0 || alias > terms_.alias_maximum_in) return Fault::topic_alias_above_maximum;
        if (!publish.topic.empty())
            return aliases_in_.set(alias, publish.topic) ? Fault::none : Fault::topic_alias_without_room;
        publish.topic = aliases_in_.topic(alias);
        return publish.topic.empty() ? Fault::topic_alias_not_set : Fault::none;
    }

    /// A client that has asked for no reason strings and user properties gets none but in PUBLISH, CONNACK and
    /// DISCONNECT [5.0: MQTT-3.1.2-29].
    template <class Properties>
    constexpr bool is_unwanted(const Properties& properties) const noexcept
    {
        if constexpr (is_client && can_be_5)
            return !terms_.wants_problem_information && (properties.reason_string || !properties.user_property.empty());
        static_cast<void>(properties);
        return false;
    }

    // Authentication

    /// What is wrong with an AUTH in the present state; if nothing, the state goes on.
    constexpr Fault fault_of(const Auth& auth, bool from_server) noexcept
    {
        if constexpr (can_be_5)
            return terms_.authentication.step(
                auth, from_server, state_ == State::open); // before 5.0 there is no method
        static_cast<void>(auth);
        static_cast<void>(from_server);
        return Fault::authentication_without_method;
    }

    // Ending

    /// DISCONNECT may change how long the session lives [5.0: section 3.14.2.2.2].
    constexpr Fault take_expiry(const Disconnect& disconnect) noexcept
    {
        if constexpr (can_be_5) {
            if (is_5() && disconnect.properties.session_expiry_interval) {
                const std::uint32_t interval = *disconnect.properties.session_expiry_interval;
                if (terms_.asked_no_expiry && interval != 0) return Fault::session_expiry_was_zero;
                session_.expiry = interval;
            }
        }
        static_cast<void>(disconnect);
        return Fault::none;
    }

    constexpr void publish_will(Outcome& outcome) noexcept
        requires is_server
    {
        session_.own.has_will = false; // [MQTT-3.1.2-10]
        session_.own.will_is_due = false;
        outcome.publish_will = true;
    }

    /// What time brings to a session without connection [5.0: MQTT-3.1.2-8, MQTT-4.1.0-2].
    constexpr void run_down(Time now, Outcome& outcome) noexcept
        requires is_server
    {
        if (session_.own.will_is_due && (!session_.exists || session_.own.will_left.has_ended(now)))
            publish_will(outcome);
        if (session_.exists && session_.own.session_left.has_ended(now)) discard_session(outcome);
    }

    static constexpr std::optional<Time> earlier_of(std::optional<Time> a, std::optional<Time> b) noexcept
    {
        if (a && b) return earlier(*a, *b);
        return a ? a : b;
    }
    constexpr std::optional<Time> session_deadline() const noexcept
    {
        std::optional<Time> due;
        if (was_open_) return due; // it begins to run with `closed`
        if constexpr (is_server) {
            if (session_.exists && session_.own.session_left.left != for_ever)
                due = session_.own.session_left.deadline();
            if (session_.own.will_is_due && session_.own.will_left.left != for_ever)
                due = earlier_of(due, session_.own.will_left.deadline());
        }
        return due;
    }

    // What every call looks at comes first, the entries behind it.
    State state_{};
    bool was_open_{};
    bool clean_start_{};
    std::conditional_t<is_client, ClientKeepAlive, ServerKeepAlive> keep_alive_{};
    [[no_unique_address]] V version_ = version_of(Version::v5);
    [[no_unique_address]] std::conditional_t<can_be_5, Terms, detail::Nothing> terms_{};
    SessionState<role, capacities.outgoing, capacities.incoming> session_{};
    [[no_unique_address]] std::conditional_t<can_be_5,
        OutgoingAliases<capacities.aliases_out, capacities.alias_bytes_out>, detail::Nothing> aliases_out_{};
    [[no_unique_address]] std::conditional_t<can_be_5,
        IncomingAliases<capacities.aliases_in, capacities.alias_bytes_in>, detail::Nothing> aliases_in_{};
};

} // namespace mqttwire::inline MQTTWIRE_ABI::session
