// The reason codes of MQTT 5.0 with the packets that may carry them, and the return codes of 3.x.
//
// Code above the codec has one vocabulary: the CONNACK return codes of 3.1 and 3.1.1 are read and written as the reason
// codes that they correspond to. [5.0: section 2.4; 3.1.1: section 3.2.2.3]
#pragma once

#include "mqttwire/config.hpp"
#include "mqttwire/leniency.hpp"
#include "mqttwire/packet_type.hpp"
#include "mqttwire/qos.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace mqttwire::inline MQTTWIRE_ABI {

/// A reason code; below 0x80 success, from 0x80 on failure.
enum class ReasonCode : std::uint8_t {
    success = 0x00,
    normal_disconnection = 0x00, ///< the name of 0x00 in DISCONNECT
    granted_qos_0 = 0x00, ///< the name of 0x00 in SUBACK
    granted_qos_1 = 0x01,
    granted_qos_2 = 0x02,
    disconnect_with_will_message = 0x04,
    no_matching_subscribers = 0x10,
    no_subscription_existed = 0x11,
    continue_authentication = 0x18,
    re_authenticate = 0x19,
    unspecified_error = 0x80,
    malformed_packet = 0x81,
    protocol_error = 0x82,
    implementation_specific_error = 0x83,
    unsupported_protocol_version = 0x84,
    client_identifier_not_valid = 0x85,
    bad_user_name_or_password = 0x86,
    not_authorized = 0x87,
    server_unavailable = 0x88,
    server_busy = 0x89,
    banned = 0x8A,
    server_shutting_down = 0x8B,
    bad_authentication_method = 0x8C,
    keep_alive_timeout = 0x8D,
    session_taken_over = 0x8E,
    topic_filter_invalid = 0x8F,
    topic_name_invalid = 0x90,
    packet_identifier_in_use = 0x91,
    packet_identifier_not_found = 0x92,
    receive_maximum_exceeded = 0x93,
    topic_alias_invalid = 0x94,
    packet_too_large = 0x95,
    message_rate_too_high = 0x96,
    quota_exceeded = 0x97,
    administrative_action = 0x98,
    payload_format_invalid = 0x99,
    retain_not_supported = 0x9A,
    qos_not_supported = 0x9B,
    use_another_server = 0x9C,
    server_moved = 0x9D,
    shared_subscriptions_not_supported = 0x9E,
    connection_rate_exceeded = 0x9F,
    maximum_connect_time = 0xA0,
    subscription_identifiers_not_supported = 0xA1,
    wildcard_subscriptions_not_supported = 0xA2,
};

/// True if the code tells a failure.
[[nodiscard]] constexpr bool is_failure(ReasonCode code) noexcept { return static_cast<unsigned>(code) >= 0x80; }

/// The same in the words of those who ask for errors.
[[nodiscard]] constexpr bool is_error(ReasonCode code) noexcept { return is_failure(code); }

/// The reason code of a SUBACK that grants a QoS; of a value that is none, `unspecified_error` [5.0: section 3.9.3].
[[nodiscard]] constexpr ReasonCode granted(QoS qos) noexcept
{
    return qos <= QoS::exactly_once ? static_cast<ReasonCode>(qos) : ReasonCode::unspecified_error;
}

/// Who may send a DISCONNECT with a code [5.0: section 3.14.2.1].
enum class DisconnectSender : std::uint8_t { both, client, server };

struct ReasonCodeRow {
    ReasonCode code;
    std::string_view name;
    std::uint16_t packets; ///< bit n is set if packet type n may carry the code
    DisconnectSender disconnect_sender;
};

/// Every reason code with its place [5.0: section 2.4 and the table of each packet]. 0x9B is listed as a server's, but
/// a client is told to use it too, so both may. 0x8C is missing from the table of DISCONNECT: it is read, never
/// written.
inline constexpr auto reason_code_table = [] {
    using enum PacketType;
    using enum ReasonCode;
    using enum DisconnectSender;
    constexpr auto packets = [](auto... types) {
        return static_cast<std::uint16_t>((0U | ... | (1U << static_cast<unsigned>(types))));
    };
    return std::to_array<ReasonCodeRow>({
        {success, "success", packets(connack, puback, pubrec, pubrel, pubcomp, suback, unsuback, disconnect, auth),
            both},
        {granted_qos_1, "granted_qos_1", packets(suback), both},
        {granted_qos_2, "granted_qos_2", packets(suback), both},
        {disconnect_with_will_message, "disconnect_with_will_message", packets(disconnect), client},
        {no_matching_subscribers, "no_matching_subscribers", packets(puback, pubrec), both},
        {no_subscription_existed, "no_subscription_existed", packets(unsuback), both},
        {continue_authentication, "continue_authentication", packets(auth), both},
        {re_authenticate, "re_authenticate", packets(auth), both},
        {unspecified_error, "unspecified_error", packets(connack, puback, pubrec, suback, unsuback, disconnect), both},
        {malformed_packet, "malformed_packet", packets(connack, disconnect), both},
        {protocol_error, "protocol_error", packets(connack, disconnect), both},
        {implementation_specific_error, "implementation_specific_error",
            packets(connack, puback, pubrec, suback, unsuback, disconnect), both},
        {unsupported_protocol_version, "unsupported_protocol_version", packets(connack), both},
        {client_identifier_not_valid, "client_identifier_not_valid", packets(connack), both},
        {bad_user_name_or_password, "bad_user_name_or_password", packets(connack), both},
        {not_authorized, "not_authorized", packets(connack, puback, pubrec, suback, unsuback, disconnect), server},
        {server_unavailable, "server_unavailable", packets(connack), both},
        {server_busy, "server_busy", packets(connack, disconnect), server},
        {banned, "banned", packets(connack), both},
        {server_shutting_down, "server_shutting_down", packets(disconnect), server},
        {bad_authentication_method, "bad_authentication_method", packets(connack), both},
        {keep_alive_timeout, "keep_alive_timeout", packets(disconnect), server},
        {session_taken_over, "session_taken_over", packets(disconnect), server},
        {topic_filter_invalid, "topic_filter_invalid", packets(suback, unsuback, disconnect), server},
        {topic_name_invalid, "topic_name_invalid", packets(connack, puback, pubrec, disconnect), both},
        {packet_identifier_in_use, "packet_identifier_in_use", packets(puback, pubrec, suback, unsuback), both},
        {packet_identifier_not_found, "packet_identifier_not_found", packets(pubrel, pubcomp), both},
        {receive_maximum_exceeded, "receive_maximum_exceeded", packets(disconnect), both},
        {topic_alias_invalid, "topic_alias_invalid", packets(disconnect), both},
        {packet_too_large, "packet_too_large", packets(connack, disconnect), both},
        {message_rate_too_high, "message_rate_too_high", packets(disconnect), both},
        {quota_exceeded, "quota_exceeded", packets(connack, puback, pubrec, suback, disconnect), both},
        {administrative_action, "administrative_action", packets(disconnect), both},
        {payload_format_invalid, "payload_format_invalid", packets(connack, puback, pubrec, disconnect), both},
        {retain_not_supported, "retain_not_supported", packets(connack, disconnect), server},
        {qos_not_supported, "qos_not_supported", packets(connack, disconnect), both},
        {use_another_server, "use_another_server", packets(connack, disconnect), server},
        {server_moved, "server_moved", packets(connack, disconnect), server},
        {shared_subscriptions_not_supported, "shared_subscriptions_not_supported", packets(suback, disconnect), server},
        {connection_rate_exceeded, "connection_rate_exceeded", packets(connack, disconnect), server},
        {maximum_connect_time, "maximum_connect_time", packets(disconnect), server},
        {subscription_identifiers_not_supported, "subscription_identifiers_not_supported", packets(suback, disconnect),
            server},
        {wildcard_subscriptions_not_supported, "wildcard_subscriptions_not_supported", packets(suback, disconnect),
            server},
    });
}();

/// The specification's name of a code in snake_case, without regard to the packet; empty if there is no such code.
[[nodiscard]] constexpr std::string_view name(ReasonCode code) noexcept
{
    for (const ReasonCodeRow& row : reason_code_table)
        if (row.code == code) return row.name;
    return {};
}

/// The name that a code has in one packet: 0x00 is "normal_disconnection" in DISCONNECT and "granted_qos_0" in SUBACK.
[[nodiscard]] constexpr std::string_view name(ReasonCode code, PacketType packet) noexcept
{
    if (code == ReasonCode::success && packet == PacketType::disconnect) return "normal_disconnection";
    if (code == ReasonCode::success && packet == PacketType::suback) return "granted_qos_0";
    return name(code);
}

namespace detail {

/// One behind the largest code of the table that is below `limit`.
constexpr unsigned reason_codes_end(unsigned limit) noexcept
{
    unsigned end = 0;
    for (const ReasonCodeRow& row : reason_code_table)
        if (const auto code = static_cast<unsigned>(row.code); code < limit && code >= end) end = code + 1;
    return end;
}

inline namespace MQTTWIRE_CODE {

/// What the codec needs of the table, without the names. By code (those below 0x80, then those from 0x80 on) a set of
/// packet types; the bits of types 0 and 1, which carry no code, tell that a DISCONNECT with the code comes from one
/// side only.
struct ReasonCodePlaces {
    static constexpr unsigned high_begin = 0x80;
    static constexpr unsigned low_end = reason_codes_end(high_begin);
    static constexpr unsigned high_end = reason_codes_end(0x100);
    static constexpr unsigned size = low_end + high_end - high_begin;
    static constexpr unsigned only_from_server = 0;
    static constexpr unsigned only_from_client = 1;

    /// `size`, an empty set, for a code that lies in neither range.
    static constexpr unsigned index(unsigned code) noexcept
    {
        if (code < low_end) return code;
        return code >= high_begin && code < high_end ? code - high_begin + low_end : size;
    }

    constexpr ReasonCodePlaces() noexcept
    {
        for (const ReasonCodeRow& row : reason_code_table) {
            unsigned set = row.packets;
            if (row.disconnect_sender == DisconnectSender::server) set |= 1U << only_from_server;
            if (row.disconnect_sender == DisconnectSender::client) set |= 1U << only_from_client;
            sets[index(static_cast<unsigned>(row.code))] = static_cast<std::uint16_t>(set);
        }
    }

    constexpr bool has(ReasonCode code, unsigned bit) const noexcept
    {
        return ((static_cast<unsigned>(sets[index(static_cast<unsigned>(code))]) >> bit) & 1U) != 0;
    }

    std::array<std::uint16_t, size + 1> sets{};
};

inline constexpr ReasonCodePlaces reason_code_places{};

} // namespace MQTTWIRE_CODE

static_assert(
    [] {
        for (std::size_t i = 0; i < reason_code_table.size(); ++i) {
            const ReasonCodeRow& row = reason_code_table[i];
            if (row.name.empty() || row.packets == 0) return false;
            if (i != 0 && reason_code_table[i - 1].code >= row.code) return false;
        }
        return true;
    }(),
    "the rows of reason_code_table stand in the order of their codes, each with a name and with packets");

} // namespace detail

inline namespace MQTTWIRE_CODE {

/// True if a packet of this type may carry the code in MQTT 5.0.
[[nodiscard]] constexpr bool may_carry(PacketType packet, ReasonCode code) noexcept
{
    return packet >= PacketType::connack && packet <= PacketType::auth
        && detail::reason_code_places.has(code, static_cast<unsigned>(packet));
}

/// True if the side that `receiver` is connected to may send the code in that packet (which may carry it).
[[nodiscard]] constexpr bool may_receive(Role receiver, PacketType packet, ReasonCode code) noexcept
{
    if (receiver == Role::unknown) return true;
    const bool from_server = receiver == Role::client;
    if (packet == PacketType::auth)
        return code == ReasonCode::success ? from_server : code != ReasonCode::re_authenticate || !from_server;
    if (code == ReasonCode::no_matching_subscribers) return from_server;
    using Places = detail::ReasonCodePlaces;
    return packet != PacketType::disconnect
        || !detail::reason_code_places.has(code, from_server ? Places::only_from_client : Places::only_from_server);
}

} // namespace MQTTWIRE_CODE

namespace detail {

/// The CONNACK return codes 0 to 5 of 3.1 and 3.1.1 [3.1.1: section 3.2.2.3].
inline constexpr std::array<ReasonCode, 6> return_codes{
    ReasonCode::success,
    ReasonCode::unsupported_protocol_version,
    ReasonCode::client_identifier_not_valid,
    ReasonCode::server_unavailable,
    ReasonCode::bad_user_name_or_password,
    ReasonCode::not_authorized,
};

} // namespace detail

/// The reason code of a 3.x CONNACK return code (0 to 5; the others are reserved).
[[nodiscard]] constexpr std::optional<ReasonCode> from_return_code(std::uint8_t return_code) noexcept
{
    if (return_code >= detail::return_codes.size()) return std::nullopt;
    return detail::return_codes[return_code];
}

/// The 3.x CONNACK return code that corresponds exactly to a reason code, if there is one.
[[nodiscard]] constexpr std::optional<std::uint8_t> to_return_code(ReasonCode code) noexcept
{
    for (std::size_t i = 0; i < detail::return_codes.size(); ++i)
        if (detail::return_codes[i] == code) return static_cast<std::uint8_t>(i);
    return std::nullopt;
}

} // namespace mqttwire::inline MQTTWIRE_ABI
