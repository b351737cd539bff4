// Faults of a session: what takes more than one packet to see, one code for each check.
//
// Those of the peer end the connection; the table says by which clause, and with which MQTT 5.0 reason code. Those of
// the caller are refusals: the call has changed nothing.
#pragma once

#include "mqttwire/config.hpp"
#include "mqttwire/reason_code.hpp"
#include "mqttwire/version.hpp"
#include "mqttwire/wire/name_among.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace mqttwire::inline MQTTWIRE_ABI::session {

/// What is wrong; `fault_table` tells about each.
enum class Fault : std::uint8_t {
    none,
    // of the peer: the order of packets
    first_packet_not_connect,
    second_connect,
    first_packet_not_connack,
    second_connack,
    packet_from_wrong_side,
    packet_after_disconnect,
    packet_during_authentication,
    // of the peer: what CONNACK says
    session_present_without_state,
    session_present_after_clean_start,
    assigned_client_identifier_missing,
    response_information_not_requested,
    // of the peer: acknowledgements
    acknowledgement_of_wrong_kind,
    acknowledgement_of_nothing,
    acknowledgement_of_wrong_size,
    packet_identifier_in_use,
    problem_information_not_requested,
    // of the peer: beyond what was announced
    receive_maximum_exceeded,
    too_many_incomplete_messages,
    topic_alias_above_maximum,
    topic_alias_not_set,
    topic_alias_without_room,
    qos_above_maximum,
    retain_not_available,
    wildcard_subscription_not_available,
    subscription_identifier_not_available,
    shared_subscription_not_available,
    // of the peer: authentication, the end of a session
    authentication_without_method,
    authentication_method_changed,
    authentication_out_of_turn,
    session_expiry_was_zero,
    // of nobody: the end of a connection
    keep_alive_timeout,
    no_answer_to_ping,
    session_taken_over,
    // of the caller: refusals
    not_connected,
    already_connected,
    no_packet_identifier,
    quota_used_up,
    resend_first,
    packet_too_large,
    no_retry_in_version,
};

/// Whose fault it is.
enum class Blame : std::uint8_t {
    nobody,
    peer, ///< the connection is to be closed, unless Outcome::close says that it goes on
    caller, ///< the call is refused and has changed nothing; but where it was that of a packet for a client without
            ///< connection, `closed` is to be called
};

/// Whose fault it is, by the enumerator's own name; empty for any other value.
constexpr std::string_view name(Blame blame) noexcept { return wire::name_among(blame, {"nobody", "peer", "caller"}); }

struct FaultRow {
    Fault code;
    std::string_view name;
    std::string_view text;
    Blame blame;
    ReasonCode reason_code; ///< with which 5.0 closes the connection; success: nothing is sent before closing
    std::string_view clause_3_1_1; ///< a statement, or a section where no statement has a number; empty: no such rule
    std::string_view clause_5;
};

/// A row for each code, in the order of Fault.
inline constexpr auto fault_table = [] {
    using enum Fault;
    using enum Blame;
    constexpr ReasonCode nothing = ReasonCode::success;
    constexpr ReasonCode protocol = ReasonCode::protocol_error;
    return std::to_array<FaultRow>({
        {none, "none", "no fault", nobody, nothing, "", ""},

        {first_packet_not_connect, "first_packet_not_connect", "the first packet is not CONNECT", peer, nothing,
            "MQTT-3.1.0-1", "MQTT-3.1.0-1"},
        {second_connect, "second_connect", "a second CONNECT on the connection", peer, protocol, "MQTT-3.1.0-2",
            "MQTT-3.1.0-2"},
        {first_packet_not_connack, "first_packet_not_connack", "the server's first packet is not CONNACK", peer,
            protocol, "MQTT-3.2.0-1", "MQTT-3.2.0-1"},
        {second_connack, "second_connack", "a second CONNACK on the connection", peer, protocol, "section 3.2",
            "MQTT-3.2.0-2"},
        {packet_from_wrong_side, "packet_from_wrong_side", "this side never sends such a packet", peer, protocol,
            "section 2.2.1", "section 2.1.2"},
        {packet_after_disconnect, "packet_after_disconnect", "a packet after the connection was to be closed", peer,
            nothing, "MQTT-3.14.4-2", "MQTT-3.14.4-1"},
        {packet_during_authentication, "packet_during_authentication",
            "a packet other than AUTH and DISCONNECT before authentication has ended", peer, protocol, "",
            "MQTT-3.1.2-30"},

        {session_present_without_state, "session_present_without_state",
            "the server holds a session of which the client has no state", peer, protocol, "", "MQTT-3.2.2-4"},
        {session_present_after_clean_start, "session_present_after_clean_start",
            "the server holds a session although a new one was asked for", peer, protocol, "MQTT-3.2.2-1",
            "MQTT-3.2.2-2"},
        {assigned_client_identifier_missing, "assigned_client_identifier_missing",
            "the client has no identifier and is assigned none", peer, protocol, "", "MQTT-3.2.2-16"},
        {response_information_not_requested, "response_information_not_requested",
            "response information is sent although it was not asked for", peer, protocol, "", "MQTT-3.1.2-28"},

        {acknowledgement_of_wrong_kind, "acknowledgement_of_wrong_kind",
            "the acknowledgement does not fit what its identifier is in use for", peer, protocol, "MQTT-2.3.1-6",
            "MQTT-2.2.1-5"},
        {acknowledgement_of_nothing, "acknowledgement_of_nothing",
            "SUBACK or UNSUBACK with the identifier of no such request", peer, protocol, "MQTT-2.3.1-7",
            "MQTT-2.2.1-6"},
        {acknowledgement_of_wrong_size, "acknowledgement_of_wrong_size",
            "SUBACK or UNSUBACK has not one reason code for each filter of its request", peer, protocol, "MQTT-3.8.4-5",
            "MQTT-3.8.4-6"},
        {packet_identifier_in_use, "packet_identifier_in_use",
            "a QoS 1 message has the identifier of a QoS 2 message that is not released", peer, protocol,
            "MQTT-2.3.1-2", "section 2.2.1"},
        {problem_information_not_requested, "problem_information_not_requested",
            "a reason string or user property is sent although none were asked for", peer, protocol, "",
            "MQTT-3.1.2-29"},

        {receive_maximum_exceeded, "receive_maximum_exceeded", "more unacknowledged messages than Receive Maximum",
            peer, ReasonCode::receive_maximum_exceeded, "", "MQTT-3.3.4-7"},
        {too_many_incomplete_messages, "too_many_incomplete_messages",
            "more QoS 2 messages that are not released than there is room for", peer, ReasonCode::quota_exceeded,
            "section 4.3.3", "section 4.3.3"},
        {topic_alias_above_maximum, "topic_alias_above_maximum", "the topic alias is above Topic Alias Maximum", peer,
            ReasonCode::topic_alias_invalid, "", "MQTT-3.3.2-9"},
        {topic_alias_not_set, "topic_alias_not_set", "nothing was said of what the topic alias stands for", peer,
            protocol, "", "section 3.3.2.3.4"},
        {topic_alias_without_room, "topic_alias_without_room", "there is no room for the topic of an alias", peer,
            ReasonCode::quota_exceeded, "", "section 3.3.2.3.4"},
        {qos_above_maximum, "qos_above_maximum", "the QoS is above Maximum QoS", peer, ReasonCode::qos_not_supported,
            "", "MQTT-3.2.2-11"},
        {retain_not_available, "retain_not_available", "RETAIN is set although it is not available", peer,
            ReasonCode::retain_not_supported, "", "MQTT-3.2.2-14"},
        {wildcard_subscription_not_available, "wildcard_subscription_not_available",
            "a subscription with wildcards although they are not available", peer,
            ReasonCode::wildcard_subscriptions_not_supported, "", "section 3.2.2.3.11"},
        {subscription_identifier_not_available, "subscription_identifier_not_available",
            "a subscription identifier although they are not available", peer,
            ReasonCode::subscription_identifiers_not_supported, "", "section 3.2.2.3.12"},
        {shared_subscription_not_available, "shared_subscription_not_available",
            "a shared subscription although they are not available", peer,
            ReasonCode::shared_subscriptions_not_supported, "", "section 3.2.2.3.13"},

        {authentication_without_method, "authentication_without_method",
            "authentication although CONNECT names no method", peer, protocol, "", "MQTT-4.12.0-6"},
        {authentication_method_changed, "authentication_method_changed",
            "the authentication method is not that of CONNECT", peer, protocol, "", "MQTT-4.12.0-5"},
        {authentication_out_of_turn, "authentication_out_of_turn", "AUTH where the other side is not waiting for it",
            peer, protocol, "", "MQTT-4.12.0-2"},
        {session_expiry_was_zero, "session_expiry_was_zero",
            "DISCONNECT sets a session expiry interval although CONNECT had none", peer, protocol, "",
            "section 3.14.2.2.2"},

        {keep_alive_timeout, "keep_alive_timeout", "no packet for one and a half times the keep alive", nobody,
            ReasonCode::keep_alive_timeout, "MQTT-3.1.2-24", "MQTT-3.1.2-22"},
        {no_answer_to_ping, "no_answer_to_ping", "no PINGRESP within the keep alive", nobody, nothing,
            "section 3.1.2.10", "section 3.1.2.10"},
        {session_taken_over, "session_taken_over", "another connection has taken the session over", nobody,
            ReasonCode::session_taken_over, "MQTT-3.1.4-2", "MQTT-3.1.4-3"},

        {not_connected, "not_connected", "there is no connection that this could be sent on", caller, nothing,
            "MQTT-3.1.0-1", "MQTT-3.1.0-1"},
        {already_connected, "already_connected", "there is a connection already", caller, nothing, "MQTT-3.1.0-2",
            "MQTT-3.1.0-2"},
        {no_packet_identifier, "no_packet_identifier", "all packet identifiers are in use", caller, nothing,
            "MQTT-2.3.1-2", "MQTT-4.3.2-1"},
        {quota_used_up, "quota_used_up", "the peer's Receive Maximum is reached", caller, nothing, "", "MQTT-4.9.0-2"},
        {resend_first, "resend_first", "messages wait to be sent again before new ones", caller, nothing,
            "MQTT-4.6.0-1", "MQTT-4.6.0-1"},
        {packet_too_large, "packet_too_large", "the packet is larger than the peer takes", caller, nothing, "",
            "MQTT-3.1.2-24"},
        {no_retry_in_version, "no_retry_in_version", "only MQTT 3.1 sends again while connected", caller, nothing,
            "MQTT-4.4.0-1", "MQTT-4.4.0-1"},
    });
}();

static_assert([] {
    for (std::size_t i = 0; i < fault_table.size(); ++i)
        if (static_cast<std::size_t>(fault_table[i].code) != i) return false;
    return fault_table.size() == static_cast<std::size_t>(Fault::no_retry_in_version) + 1;
}());

namespace detail {

constexpr const FaultRow& row(Fault fault) noexcept
{
    const auto index = static_cast<std::size_t>(fault);
    return fault_table[index < fault_table.size() ? index : 0];
}

/// The reason codes alone: a program that prints nothing needs no more of the table.
inline constexpr auto fault_reason_codes = [] {
    std::array<ReasonCode, fault_table.size()> codes{};
    for (std::size_t i = 0; i < codes.size(); ++i) codes[i] = fault_table[i].reason_code;
    return codes;
}();

} // namespace detail

/// The fault's own name in snake_case.
constexpr std::string_view name(Fault fault) noexcept { return detail::row(fault).name; }

/// What is wrong, as a short sentence without a full stop.
constexpr std::string_view text(Fault fault) noexcept { return detail::row(fault).text; }

/// The statement that is broken, or the section; empty where the version has no such rule, and for 3.1.
constexpr std::string_view clause(Fault fault, Version version) noexcept
{
    if (version == Version::v3_1) return {};
    return version == Version::v5 ? detail::row(fault).clause_5 : detail::row(fault).clause_3_1_1;
}

/// The MQTT 5.0 reason code with which the connection is closed; success: it is closed without a word, as 3.x always
/// does.
constexpr ReasonCode reason_code(Fault fault) noexcept
{
    const auto index = static_cast<std::size_t>(fault);
    return detail::fault_reason_codes[index < detail::fault_reason_codes.size() ? index : 0];
}

} // namespace mqttwire::inline MQTTWIRE_ABI::session
