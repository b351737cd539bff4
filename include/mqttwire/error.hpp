// Errors: one code per check, and what a code means to people, to a peer and to the stream.
//
// A failed decode says which check failed, at which byte, in which field and in which packet. The rest is looked up
// here: a sentence, the numbered statement of the specification, the MQTT 5.0 reason code that answers the error, and
// whether the packet may be skipped because the framing of the stream is intact.
#pragma once

#include "mqttwire/config.hpp"
#include "mqttwire/field.hpp"
#include "mqttwire/packet_type.hpp"
#include "mqttwire/reason_code.hpp"
#include "mqttwire/version.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace mqttwire::inline MQTTWIRE_ABI {

/// What was found wrong; one code for each check. `error_table` tells about each.
enum class Errc : std::uint8_t {
    none,
    // the buffer and the fixed header
    incomplete,
    bytes_after_packet,
    remaining_length_too_long,
    remaining_length_not_minimal,
    packet_too_large,
    reserved_packet_type,
    unexpected_packet_type,
    wrong_direction,
    wrong_flags,
    version_unknown,
    // the extent of fields
    field_past_end,
    bytes_left_over,
    varint_too_long,
    varint_not_minimal,
    text_too_long,
    binary_too_long,
    // text
    utf8_ill_formed,
    utf8_surrogate,
    utf8_null,
    utf8_discouraged,
    // topics
    topic_name_empty,
    topic_name_wildcard,
    topic_name_too_long,
    topic_filter_empty,
    topic_filter_too_long,
    topic_filter_multi_level_misplaced,
    topic_filter_single_level_misplaced,
    share_name_empty,
    share_name_wildcard,
    shared_filter_missing,
    // packet identifiers
    packet_id_zero,
    packet_id_with_qos_0,
    // CONNECT
    protocol_name_unknown,
    protocol_version_unsupported,
    version_mismatch,
    bridge_bit_set,
    connect_flags_reserved,
    will_flags_without_will,
    will_qos_3,
    password_without_user_name,
    client_id_empty,
    client_id_too_long,
    // CONNACK
    acknowledge_flags_reserved,
    session_present_with_failure,
    return_code_reserved,
    reason_code_without_return_code,
    connack_without_properties,
    // PUBLISH
    qos_3,
    dup_with_qos_0,
    topic_missing_without_alias,
    topic_alias_zero,
    subscription_identifier_from_client,
    payload_not_utf8,
    // SUBSCRIBE, UNSUBSCRIBE
    no_topic_filter,
    requested_qos_3,
    subscription_options_reserved,
    retain_handling_3,
    no_local_on_shared,
    // reason codes
    reason_code_not_allowed,
    reason_code_wrong_sender,
    no_reason_code,
    suback_code_not_allowed,
    // properties
    property_length_past_end,
    property_unknown,
    property_not_allowed,
    property_repeated,
    property_value_out_of_range,
    session_expiry_from_server,
    server_reference_from_client,
    authentication_method_missing,
    authentication_data_without_method,
    auth_without_property_length,
    // what the other side has said it takes (limits.hpp)
    packet_above_maximum_size,
    publish_above_maximum_size,
    topic_alias_above_maximum,
    qos_above_maximum,
    retain_not_available,
    wildcard_subscription_not_available,
    subscription_identifier_not_available,
    shared_subscription_not_available,
    response_information_not_requested,
    problem_information_not_requested,
    session_expiry_after_zero,
    // preparing a message for many receivers
    topic_alias_not_set,
    // encoding only
    buffer_too_small,
    overlapping_buffer,
    not_in_version,
};

/// A diagnosis. It is small and holds no text; the functions below explain it.
struct Error {
    Errc code{};
    Field field = Field::packet; ///< the field that the check is about
    PacketType packet{}; ///< the packet's type (decode: the one that came); 0 if it has none
    std::uint32_t offset{}; ///< decode: the offending byte, counted from the packet's first; encode: the offending byte
                            ///< of a text, counted from the text's first; else 0
    std::uint32_t needed{}; ///< `incomplete`, `buffer_too_small`, `..._above_maximum_size`, a framer's
                            ///< `packet_too_large`: the size in bytes that would do; else 0
    std::uint32_t element{}; ///< encode: the index of the offending element, if `field` is one of a list; else 0

    friend constexpr bool operator==(const Error&, const Error&) noexcept = default;
};

struct ErrorRow {
    Errc code;
    std::string_view name;
    std::string_view text;
    ReasonCode reason_code;
    std::string_view clause_3_1_1; ///< the statement that is broken; a section where no statement has a number
    std::string_view clause_5;
};

/// A row for each code, in the order of Errc.
inline constexpr auto error_table = [] {
    using enum Errc;
    constexpr ReasonCode ok = ReasonCode::success;
    constexpr ReasonCode malformed = ReasonCode::malformed_packet;
    constexpr ReasonCode protocol = ReasonCode::protocol_error;
    constexpr ReasonCode implementation = ReasonCode::implementation_specific_error;
    return std::to_array<ErrorRow>({
        {none, "none", "no error", ok, "", ""},

        {incomplete, "incomplete", "the packet is cut off", malformed, "section 2.2.3", "section 2.1.4"},
        {bytes_after_packet, "bytes_after_packet", "bytes follow the packet in its buffer", malformed, "section 2.2.3",
            "section 2.1.4"},
        {remaining_length_too_long, "remaining_length_too_long",
            "the fourth byte of the Remaining Length asks for a fifth", malformed, "section 2.2.3", "section 2.1.4"},
        {remaining_length_not_minimal, "remaining_length_not_minimal",
            "the Remaining Length uses more bytes than it needs", malformed, "section 2.2.3", "MQTT-1.5.5-1"},
        {packet_too_large, "packet_too_large", "the packet is larger than the limit", ReasonCode::packet_too_large,
            "section 2.2.3", "MQTT-3.1.2-24"},
        {reserved_packet_type, "reserved_packet_type", "the packet type is reserved", malformed, "section 2.2.1",
            "section 2.1.2"},
        {unexpected_packet_type, "unexpected_packet_type", "the packet is of another type", protocol, "section 2.2.1",
            "section 2.1.2"},
        {wrong_direction, "wrong_direction", "this side never sends such a packet", protocol, "section 2.2.1",
            "section 2.1.2"},
        {wrong_flags, "wrong_flags", "the flags of the fixed header are not those of the packet type", malformed,
            "MQTT-2.2.2-2", "MQTT-2.1.3-1"},
        {version_unknown, "version_unknown",
            "the version is unknown: the first packet is not CONNECT, or the version given is none", protocol,
            "MQTT-3.1.0-1", "MQTT-3.1.0-1"},

        {field_past_end, "field_past_end", "the field runs past the end", malformed, "section 2.2.3", "section 2.1.4"},
        {bytes_left_over, "bytes_left_over", "bytes are left over behind the last field", malformed, "section 2.2.3",
            "section 2.1.4"},
        {varint_too_long, "varint_too_long", "the variable byte integer is longer than four bytes", malformed, "",
            "section 1.5.5"},
        {varint_not_minimal, "varint_not_minimal", "the variable byte integer uses more bytes than it needs", malformed,
            "", "MQTT-1.5.5-1"},
        {text_too_long, "text_too_long", "the text is longer than 65,535 bytes", malformed, "section 1.5.3",
            "section 1.5.4"},
        {binary_too_long, "binary_too_long", "the binary data is longer than 65,535 bytes", malformed, "section 3.1.3",
            "section 1.5.6"},

        {utf8_ill_formed, "utf8_ill_formed", "the text is not well-formed UTF-8", malformed, "MQTT-1.5.3-1",
            "MQTT-1.5.4-1"},
        {utf8_surrogate, "utf8_surrogate", "the text encodes a surrogate (U+D800 to U+DFFF)", malformed, "MQTT-1.5.3-1",
            "MQTT-1.5.4-1"},
        {utf8_null, "utf8_null", "the text holds U+0000", malformed, "MQTT-1.5.3-2", "MQTT-1.5.4-2"},
        {utf8_discouraged, "utf8_discouraged", "the text holds a control character or a non-character", malformed,
            "section 1.5.3", "section 1.5.4"},

        {topic_name_empty, "topic_name_empty", "the topic name is empty", ReasonCode::topic_name_invalid,
            "MQTT-4.7.3-1", "MQTT-4.7.3-1"},
        {topic_name_wildcard, "topic_name_wildcard", "the topic name holds a wildcard", ReasonCode::topic_name_invalid,
            "MQTT-4.7.1-1", "MQTT-4.7.0-1"},
        {topic_name_too_long, "topic_name_too_long",
            "the topic name is longer than 32,767 characters, the most of MQTT 3.1", ReasonCode::topic_name_invalid, "",
            ""},
        {topic_filter_empty, "topic_filter_empty", "the topic filter is empty", ReasonCode::topic_filter_invalid,
            "MQTT-4.7.3-1", "MQTT-4.7.3-1"},
        {topic_filter_too_long, "topic_filter_too_long",
            "the topic filter is longer than 32,767 characters, the most of MQTT 3.1", ReasonCode::topic_filter_invalid,
            "", ""},
        {topic_filter_multi_level_misplaced, "topic_filter_multi_level_misplaced",
            "'#' does not stand alone in the last level", ReasonCode::topic_filter_invalid, "MQTT-4.7.1-2",
            "MQTT-4.7.1-1"},
        {topic_filter_single_level_misplaced, "topic_filter_single_level_misplaced",
            "'+' does not stand alone in its level", ReasonCode::topic_filter_invalid, "MQTT-4.7.1-3", "MQTT-4.7.1-2"},
        {share_name_empty, "share_name_empty", "the share name is empty", ReasonCode::topic_filter_invalid, "",
            "MQTT-4.8.2-1"},
        {share_name_wildcard, "share_name_wildcard", "the share name holds a wildcard",
            ReasonCode::topic_filter_invalid, "", "MQTT-4.8.2-2"},
        {shared_filter_missing, "shared_filter_missing", "no topic filter follows the share name",
            ReasonCode::topic_filter_invalid, "", "MQTT-4.8.2-2"},

        {packet_id_zero, "packet_id_zero", "the packet identifier is 0", protocol, "MQTT-2.3.1-1", "MQTT-2.2.1-3"},
        {packet_id_with_qos_0, "packet_id_with_qos_0", "a packet identifier is given for QoS 0", protocol,
            "MQTT-2.3.1-5", "MQTT-2.2.1-2"},

        {protocol_name_unknown, "protocol_name_unknown", "the protocol name is not that of MQTT",
            ReasonCode::unsupported_protocol_version, "MQTT-3.1.2-1", "MQTT-3.1.2-1"},
        {protocol_version_unsupported, "protocol_version_unsupported", "the protocol level is not supported",
            ReasonCode::unsupported_protocol_version, "MQTT-3.1.2-2", "MQTT-3.1.2-2"},
        {version_mismatch, "version_mismatch", "the packet is of another protocol version",
            ReasonCode::unsupported_protocol_version, "MQTT-3.1.2-2", "MQTT-3.1.2-2"},
        {bridge_bit_set, "bridge_bit_set", "the protocol level has the bridge bit",
            ReasonCode::unsupported_protocol_version, "MQTT-3.1.2-2", "MQTT-3.1.2-2"},
        {connect_flags_reserved, "connect_flags_reserved", "the reserved bit of the connect flags is set", malformed,
            "MQTT-3.1.2-3", "MQTT-3.1.2-3"},
        {will_flags_without_will, "will_flags_without_will", "Will QoS or Will Retain is set without a will", malformed,
            "MQTT-3.1.2-11", "MQTT-3.1.2-11"},
        {will_qos_3, "will_qos_3", "the Will QoS is 3", malformed, "MQTT-3.1.2-14", "MQTT-3.1.2-12"},
        {password_without_user_name, "password_without_user_name", "a password is given without a user name", malformed,
            "MQTT-3.1.2-22", ""},
        {client_id_empty, "client_id_empty", "the client identifier is empty", ReasonCode::client_identifier_not_valid,
            "MQTT-3.1.3-8", ""},
        {client_id_too_long, "client_id_too_long", "the client identifier is longer than 23 characters",
            ReasonCode::client_identifier_not_valid, "", ""},

        {acknowledge_flags_reserved, "acknowledge_flags_reserved", "a reserved bit of the acknowledge flags is set",
            malformed, "section 3.2.2.1", "MQTT-3.2.2-1"},
        {session_present_with_failure, "session_present_with_failure", "Session Present is set in a refusal", protocol,
            "MQTT-3.2.2-4", "MQTT-3.2.2-6"},
        {return_code_reserved, "return_code_reserved", "the return code is reserved", protocol, "section 3.2.2.3", ""},
        {reason_code_without_return_code, "reason_code_without_return_code",
            "no return code of MQTT 3 corresponds to the reason code", protocol, "MQTT-3.2.2-6", ""},
        {connack_without_properties, "connack_without_properties",
            "the CONNACK has no Property Length: the server does not speak MQTT 5.0", malformed, "", "MQTT-2.2.2-1"},

        {qos_3, "qos_3", "the QoS is 3", malformed, "MQTT-3.3.1-4", "MQTT-3.3.1-4"},
        {dup_with_qos_0, "dup_with_qos_0", "DUP is set with QoS 0", malformed, "MQTT-3.3.1-2", "MQTT-3.3.1-2"},
        {topic_missing_without_alias, "topic_missing_without_alias",
            "the topic name is empty and there is no topic alias", protocol, "", "MQTT-4.7.3-1"},
        {topic_alias_zero, "topic_alias_zero", "the topic alias is 0", ReasonCode::topic_alias_invalid, "",
            "MQTT-3.3.2-8"},
        {subscription_identifier_from_client, "subscription_identifier_from_client",
            "a client's PUBLISH holds a subscription identifier", protocol, "", "MQTT-3.3.4-6"},
        {payload_not_utf8, "payload_not_utf8", "the payload is not UTF-8 although its format indicator says so",
            ReasonCode::payload_format_invalid, "", "section 3.3.2.3.2"},

        {no_topic_filter, "no_topic_filter", "there is no topic filter", protocol, "MQTT-3.8.3-3", "MQTT-3.8.3-2"},
        {requested_qos_3, "requested_qos_3", "the requested QoS is 3", protocol, "MQTT-3.8.3-4", "section 3.8.3.1"},
        {subscription_options_reserved, "subscription_options_reserved",
            "a reserved bit of the subscription options is set", malformed, "MQTT-3.8.3-4", "MQTT-3.8.3-5"},
        {retain_handling_3, "retain_handling_3", "the retain handling is 3", protocol, "", "section 3.8.3.1"},
        {no_local_on_shared, "no_local_on_shared", "No Local is set on a shared subscription", protocol, "",
            "MQTT-3.8.3-4"},

        {reason_code_not_allowed, "reason_code_not_allowed", "the packet may not carry this reason code", protocol, "",
            "section 2.4"},
        {reason_code_wrong_sender, "reason_code_wrong_sender", "this side never sends this reason code", protocol, "",
            "section 2.4"},
        {no_reason_code, "no_reason_code", "there is no reason code", protocol, "section 3.9.3", "section 3.9.3"},
        {suback_code_not_allowed, "suback_code_not_allowed", "the return code is reserved", protocol, "MQTT-3.9.3-2",
            ""},

        {property_length_past_end, "property_length_past_end",
            "the Property Length is larger than the rest of the packet", malformed, "", "section 2.2.2.1"},
        {property_unknown, "property_unknown", "there is no property with this identifier", malformed, "",
            "section 2.2.2.2"},
        {property_not_allowed, "property_not_allowed", "the property may not stand here", malformed, "",
            "section 2.2.2.2"},
        {property_repeated, "property_repeated", "the property is given twice", protocol, "", "section 2.2.2.2"},
        {property_value_out_of_range, "property_value_out_of_range", "the value of the property is out of its range",
            protocol, "", "section 2.2.2.2"},
        {session_expiry_from_server, "session_expiry_from_server",
            "a server's DISCONNECT holds a session expiry interval", protocol, "", "MQTT-3.14.2-2"},
        {server_reference_from_client, "server_reference_from_client", "a client's DISCONNECT holds a server reference",
            protocol, "", "section 3.14.2.2.5"},
        {authentication_method_missing, "authentication_method_missing", "the authentication method is missing",
            protocol, "", "section 3.15.2.2.2"},
        {authentication_data_without_method, "authentication_data_without_method",
            "authentication data is given without a method", protocol, "", "section 3.1.2.11.10"},
        {auth_without_property_length, "auth_without_property_length",
            "the AUTH has a reason code but no Property Length", malformed, "", "section 3.15.2.2.1"},

        {packet_above_maximum_size, "packet_above_maximum_size", "the packet is larger than the other side takes",
            ReasonCode::packet_too_large, "", "MQTT-3.1.2-24"},
        {publish_above_maximum_size, "publish_above_maximum_size",
            "the message is larger than the other side takes: it is not sent and counts as delivered",
            ReasonCode::packet_too_large, "", "MQTT-3.1.2-25"},
        {topic_alias_above_maximum, "topic_alias_above_maximum",
            "the topic alias is above the Topic Alias Maximum of the other side", ReasonCode::topic_alias_invalid, "",
            "MQTT-3.3.2-9"},
        {qos_above_maximum, "qos_above_maximum", "the QoS is above the Maximum QoS of the server",
            ReasonCode::qos_not_supported, "", "MQTT-3.2.2-11"},
        {retain_not_available, "retain_not_available", "the server does not retain messages",
            ReasonCode::retain_not_supported, "", "MQTT-3.2.2-14"},
        {wildcard_subscription_not_available, "wildcard_subscription_not_available",
            "the server has no subscriptions with wildcards", ReasonCode::wildcard_subscriptions_not_supported, "",
            "section 3.2.2.3.11"},
        {subscription_identifier_not_available, "subscription_identifier_not_available",
            "the server has no subscription identifiers", ReasonCode::subscription_identifiers_not_supported, "",
            "section 3.2.2.3.12"},
        {shared_subscription_not_available, "shared_subscription_not_available",
            "the server has no shared subscriptions", ReasonCode::shared_subscriptions_not_supported, "",
            "section 3.2.2.3.13"},
        {response_information_not_requested, "response_information_not_requested",
            "the client has not asked for response information", protocol, "", "MQTT-3.1.2-28"},
        {problem_information_not_requested, "problem_information_not_requested",
            "the client wants no reason string or user properties in such a packet", protocol, "", "MQTT-3.1.2-29"},
        {session_expiry_after_zero, "session_expiry_after_zero",
            "DISCONNECT holds a session expiry interval although that of CONNECT was 0", protocol, "",
            "section 3.14.2.2.2"},

        {topic_alias_not_set, "topic_alias_not_set", "nothing was said of what the topic alias stands for", protocol,
            "", "section 3.3.2.3.4"},

        {buffer_too_small, "buffer_too_small", "the buffer is too small for the packet", implementation, "", ""},
        {overlapping_buffer, "overlapping_buffer", "the buffer overlaps what is to be encoded", implementation, "", ""},
        {not_in_version, "not_in_version", "this protocol version cannot say this", implementation, "", ""},
    });
}();

static_assert([] {
    for (std::size_t i = 0; i < error_table.size(); ++i)
        if (static_cast<std::size_t>(error_table[i].code) != i) return false;
    return error_table.size() == static_cast<std::size_t>(Errc::not_in_version) + 1;
}());

namespace detail {

/// Where one check stands for a statement of its own in some packet or field.
struct ClauseRow {
    Errc code;
    PacketType packet;
    Field field;
    std::string_view clause_3_1_1;
    std::string_view clause_5;
};

inline constexpr auto clause_table = [] {
    using enum Errc;
    using enum PacketType;
    return std::to_array<ClauseRow>({
        {topic_name_wildcard, publish, Field::topic, "MQTT-3.3.2-2", "MQTT-3.3.2-2"},
        {topic_name_wildcard, publish, field(PropertyId::response_topic), "", "MQTT-3.3.2-14"},
        {topic_name_wildcard, connect, field(PropertyId::response_topic), "", "MQTT-3.3.2-14"},
        {qos_above_maximum, connect, Field::connect_flags, "", "MQTT-3.2.2-12"},
        {retain_not_available, connect, Field::connect_flags, "", "MQTT-3.2.2-13"},
        {no_topic_filter, unsubscribe, Field::filter, "MQTT-3.10.3-2", "MQTT-3.10.3-2"},
        {no_reason_code, unsuback, Field::reason_code, "", "section 3.11.3"},
        {reason_code_not_allowed, connack, Field::reason_code, "", "MQTT-3.2.2-8"},
        {reason_code_not_allowed, puback, Field::reason_code, "", "MQTT-3.4.2-1"},
        {reason_code_not_allowed, pubrec, Field::reason_code, "", "MQTT-3.5.2-1"},
        {reason_code_not_allowed, pubrel, Field::reason_code, "", "MQTT-3.6.2-1"},
        {reason_code_not_allowed, pubcomp, Field::reason_code, "", "MQTT-3.7.2-1"},
        {reason_code_not_allowed, suback, Field::reason_code, "MQTT-3.9.3-2", "MQTT-3.9.3-2"},
        {reason_code_not_allowed, unsuback, Field::reason_code, "", "MQTT-3.11.3-2"},
        {reason_code_not_allowed, disconnect, Field::reason_code, "", "MQTT-3.14.2-1"},
        {reason_code_not_allowed, auth, Field::reason_code, "", "MQTT-3.15.2-1"},
    });
}();

constexpr const ErrorRow& row(Errc code) noexcept
{
    const auto index = static_cast<std::size_t>(code);
    return error_table[index < error_table.size() ? index : 0];
}

} // namespace detail

/// The code's own name in snake_case.
[[nodiscard]] constexpr std::string_view name(Errc code) noexcept { return detail::row(code).name; }

/// What is wrong, as a short sentence without a full stop.
[[nodiscard]] constexpr std::string_view text(Errc code) noexcept { return detail::row(code).text; }

/// The MQTT 5.0 reason code that answers the error; 3.x closes the connection instead (or, after CONNECT, answers with
/// the return code that corresponds, see `to_return_code`). [5.0: section 4.13]
[[nodiscard]] constexpr ReasonCode reason_code(Errc code) noexcept { return detail::row(code).reason_code; }

/// The statement of the specification that is broken ("MQTT-3.3.2-2"), or the section where no statement has a number
/// ("section 2.1.4"). Empty for 3.1, whose text has no numbers, and where the version has no such rule.
[[nodiscard]] constexpr std::string_view clause(const Error& error, Version version) noexcept
{
    if (version != Version::v3_1_1 && version != Version::v5) return {};
    const bool v5 = version == Version::v5;
    if (error.code == Errc::wrong_flags) {
        const PacketTypeRow& type = packet_type_table[static_cast<std::size_t>(error.packet) & 15U];
        return v5 ? type.clause_5 : type.clause_3_1_1;
    }
    for (const detail::ClauseRow& row : detail::clause_table)
        if (row.code == error.code && row.packet == error.packet && row.field == error.field)
            return v5 ? row.clause_5 : row.clause_3_1_1;
    const ErrorRow& row = detail::row(error.code);
    return v5 ? row.clause_5 : row.clause_3_1_1;
}

namespace detail {

/// Text that is put together in a buffer and cut at its end.
class Sentence {
public:
    constexpr explicit Sentence(std::span<char> buffer) noexcept : buffer_(buffer) {}

    constexpr Sentence& operator<<(std::string_view text) noexcept
    {
        for (const char each : text)
            if (size_ < buffer_.size()) buffer_[size_++] = each;
        return *this;
    }
    constexpr Sentence& operator<<(std::uint32_t number) noexcept
    {
        std::array<char, 10> digits{};
        std::size_t first = digits.size();
        do digits[--first] = static_cast<char>('0' + number % 10);
        while ((number /= 10) != 0);
        return *this << std::string_view(digits.data() + first, digits.size() - first);
    }
    constexpr std::string_view view() const noexcept { return {buffer_.data(), size_}; }

private:
    std::span<char> buffer_;
    std::size_t size_ = 0;
};

} // namespace detail

/// The error as one sentence of ASCII in `buffer`, cut where that ends: "the topic name holds a wildcard (PUBLISH,
/// topic, byte 2)". 210 characters are enough for all.
template <class = config::Code>
[[nodiscard]] constexpr std::string_view describe(const Error& error, std::span<char> buffer) noexcept
{
    detail::Sentence sentence(buffer);
    sentence << text(error.code);
    if (error.code == Errc::none) return sentence.view();
    std::string_view before = " (";
    const auto add = [&](auto... parts) {
        (sentence << ... << parts);
        before = ", ";
    };
    if (error.packet != PacketType{}) add(before, name(error.packet));
    if (error.field != Field::packet) add(before, name(error.field));
    if (error.element != 0) add(before, "element ", error.element);
    if (error.offset != 0) add(before, "byte ", error.offset);
    if (error.needed != 0) add(before, error.needed, " bytes are needed");
    if (before == ", ") sentence << ")";
    return sentence.view();
}

/// True if the packet may be dropped and the stream read on behind it: the error lies inside a frame whose length is
/// known. Never for a bad length, type 0, an oversized packet, a cut-off packet or any fault in CONNECT.
[[nodiscard]] constexpr bool skippable(const Error& error) noexcept
{
    if (error.packet == PacketType::connect || error.packet == PacketType{}) return false;
    switch (error.code) {
    case Errc::incomplete:
    case Errc::bytes_after_packet:
    case Errc::remaining_length_too_long:
    case Errc::remaining_length_not_minimal:
    case Errc::packet_too_large:
    case Errc::version_unknown: return false;
    default: return true;
    }
}

} // namespace mqttwire::inline MQTTWIRE_ABI
