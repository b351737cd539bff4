// Stores every field of a decoded packet where the compiler cannot leave it out.
#pragma once

#include "device.hpp"

#include "mqttwire/mqttwire.hpp"

#include <cstdint>
#include <optional>
#include <type_traits>

using namespace mqttwire;

template <class Number>
    requires(std::is_arithmetic_v<Number> || std::is_enum_v<Number>)
void see(Number value)
{
    device.seen = static_cast<std::uint32_t>(value);
}

inline void see(const wire::View& view)
{
    device.seen_address = view.bytes();
    device.seen = static_cast<std::uint32_t>(view.size());
}

template <class T>
void see(const std::optional<T>& field)
{
    if (field) see(*field);
}

inline void see(const UserProperty& property)
{
    see(property.name);
    see(property.value);
}

inline void see(const Subscription& subscription)
{
    see(subscription.filter);
    see(subscription.qos);
    see(subscription.no_local);
    see(subscription.retain_as_published);
    see(subscription.retain_handling);
}

template <class T>
void see(const List<T>& list)
{
    list.all_of([](const T& element) {
        see(element);
        return true;
    });
}

template <class... Fields>
    requires(sizeof...(Fields) > 1)
void see(const Fields&... fields)
{
    (see(fields), ...);
}

inline void see_properties(const ConnectProperties& p)
{
    see(p.session_expiry_interval, p.authentication_method, p.authentication_data, p.request_problem_information,
        p.request_response_information, p.receive_maximum, p.topic_alias_maximum, p.user_property,
        p.maximum_packet_size);
}

inline void see_properties(const WillProperties& p)
{
    see(p.payload_format_indicator, p.message_expiry_interval, p.content_type, p.response_topic, p.correlation_data,
        p.will_delay_interval, p.user_property);
}

inline void see_properties(const ConnAckProperties& p)
{
    see(p.session_expiry_interval, p.assigned_client_identifier, p.server_keep_alive, p.authentication_method,
        p.authentication_data, p.response_information, p.server_reference, p.reason_string, p.receive_maximum,
        p.topic_alias_maximum, p.maximum_qos, p.retain_available, p.user_property, p.maximum_packet_size,
        p.wildcard_subscription_available, p.subscription_identifier_available, p.shared_subscription_available);
}

inline void see_properties(const PublishProperties& p)
{
    see(p.payload_format_indicator, p.message_expiry_interval, p.content_type, p.response_topic, p.correlation_data,
        p.subscription_identifier, p.topic_alias, p.user_property);
}

inline void see_properties(const ReasonProperties& p) { see(p.reason_string, p.user_property); }
inline void see_properties(const SubscribeProperties& p) { see(p.subscription_identifier, p.user_property); }
inline void see_properties(const UnsubscribeProperties& p) { see(p.user_property); }

inline void see_properties(const DisconnectProperties& p)
{
    see(p.session_expiry_interval, p.server_reference, p.reason_string, p.user_property);
}

inline void see_properties(const AuthProperties& p)
{
    see(p.authentication_method, p.authentication_data, p.reason_string, p.user_property);
}

/// Sees the fields that 3.1 and 3.1.1 have.
inline void see_packet(const Connect& p)
{
    see(p.client_id, p.clean_start, p.keep_alive, p.user_name, p.password, p.version, p.bridge);
    if (p.will) see(p.will->topic, p.will->payload, p.will->qos, p.will->retain);
}
inline void see_packet(const ConnAck& p) { see(p.session_present, p.reason_code); }
inline void see_packet(const Publish& p) { see(p.topic, p.payload, p.qos, p.retain, p.dup, p.packet_id); }
inline void see_packet(const Subscribe& p) { see(p.packet_id, p.filters); }
inline void see_packet(const SubAck& p) { see(p.packet_id, p.reason_codes); }
inline void see_packet(const Unsubscribe& p) { see(p.packet_id, p.filters); }
inline void see_packet(const UnsubAck& p) { see(p.packet_id); }
inline void see_packet(const PingReq&) {}
inline void see_packet(const PingResp&) {}
inline void see_packet(const Disconnect&) {}
template <PacketType Type>
void see_packet(const Acknowledgement<Type>& p)
{
    see(p.packet_id);
}

/// Sees the fields that 5.0 has.
template <class Packet>
void see_packet_5(const Packet& p)
{
    see_packet(p);
    if constexpr (requires { p.properties; }) see_properties(p.properties);
}
inline void see_packet_5(const Connect& p)
{
    see_packet(p);
    see_properties(p.properties);
    if (p.will) see_properties(p.will->properties);
}
inline void see_packet_5(const UnsubAck& p)
{
    see(p.packet_id, p.reason_codes);
    see_properties(p.properties);
}
inline void see_packet_5(const Disconnect& p)
{
    see(p.reason_code);
    see_properties(p.properties);
}
inline void see_packet_5(const Auth& p)
{
    see(p.reason_code);
    see_properties(p.properties);
}
template <PacketType Type>
void see_packet_5(const Acknowledgement<Type>& p)
{
    see(p.packet_id, p.reason_code);
    see_properties(p.properties);
}
