// Which key of a vector's `fields` belongs to which member of a packet, told once for all who need it, in the order in
// which the members are declared.
//
// A walk is called with a key and a member, and with whether the key must be there (where it need not be, the member
// then has its default). The names stand here by hand, so that a mistake in the library's own tables shows.
#pragma once

#include <mqttwire/mqttwire.hpp>

namespace mqttwire::test {

template <class Walk, class Properties>
void walk_properties(Walk& walk, Properties& properties)
{
#define MQTTWIRE_TEST_PROPERTY(key)                                                                                    \
    if constexpr (requires { properties.key; }) walk.property(#key, properties.key)

    MQTTWIRE_TEST_PROPERTY(payload_format_indicator);
    MQTTWIRE_TEST_PROPERTY(message_expiry_interval);
    MQTTWIRE_TEST_PROPERTY(content_type);
    MQTTWIRE_TEST_PROPERTY(response_topic);
    MQTTWIRE_TEST_PROPERTY(correlation_data);
    MQTTWIRE_TEST_PROPERTY(subscription_identifier);
    MQTTWIRE_TEST_PROPERTY(session_expiry_interval);
    MQTTWIRE_TEST_PROPERTY(assigned_client_identifier);
    MQTTWIRE_TEST_PROPERTY(server_keep_alive);
    MQTTWIRE_TEST_PROPERTY(authentication_method);
    MQTTWIRE_TEST_PROPERTY(authentication_data);
    MQTTWIRE_TEST_PROPERTY(request_problem_information);
    MQTTWIRE_TEST_PROPERTY(will_delay_interval);
    MQTTWIRE_TEST_PROPERTY(request_response_information);
    MQTTWIRE_TEST_PROPERTY(response_information);
    MQTTWIRE_TEST_PROPERTY(server_reference);
    MQTTWIRE_TEST_PROPERTY(reason_string);
    MQTTWIRE_TEST_PROPERTY(receive_maximum);
    MQTTWIRE_TEST_PROPERTY(topic_alias_maximum);
    MQTTWIRE_TEST_PROPERTY(topic_alias);
    MQTTWIRE_TEST_PROPERTY(maximum_qos);
    MQTTWIRE_TEST_PROPERTY(retain_available);
    MQTTWIRE_TEST_PROPERTY(user_property);
    MQTTWIRE_TEST_PROPERTY(maximum_packet_size);
    MQTTWIRE_TEST_PROPERTY(wildcard_subscription_available);
    MQTTWIRE_TEST_PROPERTY(subscription_identifier_available);
    MQTTWIRE_TEST_PROPERTY(shared_subscription_available);

#undef MQTTWIRE_TEST_PROPERTY
}

template <class Walk, class Will>
void walk_will(Walk& walk, Will& will)
{
    walk("topic", will.topic);
    walk("payload", will.payload);
    walk("qos", will.qos);
    walk("retain", will.retain);
    walk.properties(will.properties);
}

template <class Walk, class Subscription>
void walk_subscription(Walk& walk, Subscription& subscription)
{
    const bool v5 = walk.version() == Version::v5;
    walk("filter", subscription.filter);
    walk("qos", subscription.qos);
    walk("no_local", subscription.no_local, v5);
    walk("retain_as_published", subscription.retain_as_published, v5);
    walk("retain_handling", subscription.retain_handling, v5);
}

template <class Walk, class Packet>
void walk_packet(Walk& walk, Packet& packet)
{
    const bool v5 = walk.version() == Version::v5;
    constexpr PacketType type = Packet::type;
    if constexpr (type == PacketType::connect) {
        walk("client_id", packet.client_id);
        walk("clean_start", packet.clean_start);
        walk("keep_alive", packet.keep_alive);
        walk("will", packet.will);
        walk("user_name", packet.user_name);
        walk("password", packet.password);
    } else if constexpr (type == PacketType::connack) {
        walk("session_present", packet.session_present, walk.version() != Version::v3_1);
        walk.connack_code(packet.reason_code);
    } else if constexpr (type == PacketType::publish) {
        walk("topic", packet.topic);
        walk("payload", packet.payload);
        walk("qos", packet.qos);
        walk("retain", packet.retain);
        walk("dup", packet.dup);
        walk("packet_id", packet.packet_id, packet.qos != QoS::at_most_once);
    } else if constexpr (type == PacketType::subscribe || type == PacketType::unsubscribe) {
        walk("packet_id", packet.packet_id);
        walk("filters", packet.filters);
    } else if constexpr (type == PacketType::suback || type == PacketType::unsuback) {
        walk("packet_id", packet.packet_id);
        walk("reason_codes", packet.reason_codes, v5 || type == PacketType::suback);
    } else {
        if constexpr (requires { packet.packet_id; }) walk("packet_id", packet.packet_id);
        if constexpr (requires { packet.reason_code; }) walk("reason_code", packet.reason_code, v5);
    }
    if constexpr (requires { packet.properties; }) walk.properties(packet.properties);
    if constexpr (type == PacketType::connect) walk.protocol(packet.version, packet.bridge);
}

} // namespace mqttwire::test
