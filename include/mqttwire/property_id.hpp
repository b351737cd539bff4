// The twenty-seven properties of MQTT 5.0: identifier, name, type, range, repeatability and places, one row each.
//
// [5.0: section 2.2.2.2 and the property sections of each packet]
#pragma once

#include "mqttwire/config.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace mqttwire::inline MQTTWIRE_ABI {

/// A property identifier; on the wire a variable byte integer, of which all in use take one byte.
enum class PropertyId : std::uint8_t {
    payload_format_indicator = 0x01,
    message_expiry_interval = 0x02,
    content_type = 0x03,
    response_topic = 0x08,
    correlation_data = 0x09,
    subscription_identifier = 0x0B,
    session_expiry_interval = 0x11,
    assigned_client_identifier = 0x12,
    server_keep_alive = 0x13,
    authentication_method = 0x15,
    authentication_data = 0x16,
    request_problem_information = 0x17,
    will_delay_interval = 0x18,
    request_response_information = 0x19,
    response_information = 0x1A,
    server_reference = 0x1C,
    reason_string = 0x1F,
    receive_maximum = 0x21,
    topic_alias_maximum = 0x22,
    topic_alias = 0x23,
    maximum_qos = 0x24,
    retain_available = 0x25,
    user_property = 0x26,
    maximum_packet_size = 0x27,
    wildcard_subscription_available = 0x28,
    subscription_identifier_available = 0x29,
    shared_subscription_available = 0x2A,
};

/// How the value of a property is encoded [5.0: section 1.5].
enum class PropertyType : std::uint8_t {
    byte,
    two_byte_integer,
    four_byte_integer,
    variable_byte_integer,
    utf8_string,
    binary_data,
    utf8_string_pair,
};

/// Where properties can stand: the packets that have them, and the will in the payload of CONNECT.
enum class PropertyPlace : std::uint8_t {
    connect,
    will,
    connack,
    publish,
    puback,
    pubrec,
    pubrel,
    pubcomp,
    subscribe,
    suback,
    unsubscribe,
    unsuback,
    disconnect,
    auth,
};

inline constexpr std::size_t property_place_count = 14;

struct PropertyRow {
    PropertyId id;
    std::string_view name;
    PropertyType type;
    std::uint32_t least; ///< smallest and largest valid value of a number
    std::uint32_t most;
    std::uint16_t places; ///< bit n is set if the property may stand in place n
    std::uint16_t repeatable; ///< bit n is set if it may stand there more than once
    bool is_topic_name = false; ///< a string that is a topic name [MQTT-3.3.2-14]
};

inline constexpr auto property_table = [] {
    using enum PropertyId;
    using enum PropertyType;
    using enum PropertyPlace;
    constexpr auto places = [](auto... which) {
        return static_cast<std::uint16_t>((0U | ... | (1U << static_cast<unsigned>(which))));
    };
    constexpr std::uint16_t nowhere = 0;
    constexpr std::uint16_t everywhere = (1U << property_place_count) - 1;
    return std::to_array<PropertyRow>({
        {payload_format_indicator, "payload_format_indicator", byte, 0, 1, places(publish, will), nowhere},
        {message_expiry_interval, "message_expiry_interval", four_byte_integer, 0, 0xFFFFFFFF, places(publish, will),
            nowhere},
        {content_type, "content_type", utf8_string, 0, 0, places(publish, will), nowhere},
        {response_topic, "response_topic", utf8_string, 0, 0, places(publish, will), nowhere, true},
        {correlation_data, "correlation_data", binary_data, 0, 0, places(publish, will), nowhere},
        {subscription_identifier, "subscription_identifier", variable_byte_integer, 1, 268435455,
            places(publish, subscribe), places(publish)},
        {session_expiry_interval, "session_expiry_interval", four_byte_integer, 0, 0xFFFFFFFF,
            places(connect, connack, disconnect), nowhere},
        {assigned_client_identifier, "assigned_client_identifier", utf8_string, 0, 0, places(connack), nowhere},
        {server_keep_alive, "server_keep_alive", two_byte_integer, 0, 0xFFFF, places(connack), nowhere},
        {authentication_method, "authentication_method", utf8_string, 0, 0, places(connect, connack, auth), nowhere},
        {authentication_data, "authentication_data", binary_data, 0, 0, places(connect, connack, auth), nowhere},
        {request_problem_information, "request_problem_information", byte, 0, 1, places(connect), nowhere},
        {will_delay_interval, "will_delay_interval", four_byte_integer, 0, 0xFFFFFFFF, places(will), nowhere},
        {request_response_information, "request_response_information", byte, 0, 1, places(connect), nowhere},
        {response_information, "response_information", utf8_string, 0, 0, places(connack), nowhere},
        {server_reference, "server_reference", utf8_string, 0, 0, places(connack, disconnect), nowhere},
        {reason_string, "reason_string", utf8_string, 0, 0,
            places(connack, puback, pubrec, pubrel, pubcomp, suback, unsuback, disconnect, auth), nowhere},
        {receive_maximum, "receive_maximum", two_byte_integer, 1, 0xFFFF, places(connect, connack), nowhere},
        {topic_alias_maximum, "topic_alias_maximum", two_byte_integer, 0, 0xFFFF, places(connect, connack), nowhere},
        {topic_alias, "topic_alias", two_byte_integer, 1, 0xFFFF, places(publish), nowhere},
        {maximum_qos, "maximum_qos", byte, 0, 1, places(connack), nowhere},
        {retain_available, "retain_available", byte, 0, 1, places(connack), nowhere},
        {user_property, "user_property", utf8_string_pair, 0, 0,
            places(connect, connack, publish, will, puback, pubrec, pubrel, pubcomp, subscribe, suback, unsubscribe,
                unsuback, disconnect, auth),
            everywhere},
        {maximum_packet_size, "maximum_packet_size", four_byte_integer, 1, 0xFFFFFFFF, places(connect, connack),
            nowhere},
        {wildcard_subscription_available, "wildcard_subscription_available", byte, 0, 1, places(connack), nowhere},
        {subscription_identifier_available, "subscription_identifier_available", byte, 0, 1, places(connack), nowhere},
        {shared_subscription_available, "shared_subscription_available", byte, 0, 1, places(connack), nowhere},
    });
}();

/// The row of a property, or nullptr if there is no such identifier.
constexpr const PropertyRow* find_property(PropertyId id) noexcept
{
    for (const PropertyRow& row : property_table)
        if (row.id == id) return &row;
    return nullptr;
}

/// The specification's name in snake_case; empty if there is no such identifier.
constexpr std::string_view name(PropertyId id) noexcept
{
    const PropertyRow* row = find_property(id);
    return row != nullptr ? row->name : std::string_view{};
}

/// True if the property may stand in that place.
constexpr bool may_stand(const PropertyRow& row, PropertyPlace place) noexcept
{
    return static_cast<unsigned>(place) < property_place_count
        && ((row.places >> static_cast<unsigned>(place)) & 1U) != 0;
}

/// True if the property may stand in that place more than once.
constexpr bool may_repeat(const PropertyRow& row, PropertyPlace place) noexcept
{
    return static_cast<unsigned>(place) < property_place_count
        && ((row.repeatable >> static_cast<unsigned>(place)) & 1U) != 0;
}

constexpr std::string_view name(PropertyPlace place) noexcept
{
    constexpr std::array<std::string_view, property_place_count> names{"CONNECT", "will", "CONNACK", "PUBLISH",
        "PUBACK", "PUBREC", "PUBREL", "PUBCOMP", "SUBSCRIBE", "SUBACK", "UNSUBSCRIBE", "UNSUBACK", "DISCONNECT",
        "AUTH"};
    return static_cast<std::size_t>(place) < names.size() ? names[static_cast<std::size_t>(place)] : std::string_view{};
}

namespace detail {

/// In `property_types`, where there is no property.
inline constexpr std::uint8_t no_property_type = 0xFF;

/// The type of each property by identifier, for code that steps over properties.
inline constexpr auto property_types = [] {
    constexpr std::size_t size = [] {
        std::size_t end = 0;
        for (const PropertyRow& row : property_table)
            if (end <= static_cast<std::size_t>(row.id)) end = static_cast<std::size_t>(row.id) + 1;
        return end;
    }();
    std::array<std::uint8_t, size> types{};
    for (std::uint8_t& type : types) type = no_property_type;
    for (const PropertyRow& row : property_table)
        types[static_cast<std::size_t>(row.id)] = static_cast<std::uint8_t>(row.type);
    return types;
}();

} // namespace detail
} // namespace mqttwire::inline MQTTWIRE_ABI
