// The properties of each packet as structs: an optional member a property, a list for one that may be repeated.
//
// Members stand in ascending order of their identifiers, which is the order they are written in. MQTT 5.0 only: in an
// earlier version every member must be empty.
#pragma once

#include "mqttwire/config.hpp"
#include "mqttwire/property_id.hpp"
#include "mqttwire/wire/list.hpp"
#include "mqttwire/wire/slot.hpp"
#include "mqttwire/wire/text.hpp"
#include "mqttwire/wire/user_property.hpp"

#include <cstdint>
#include <optional>

namespace mqttwire::inline MQTTWIRE_ABI {

/// Properties of CONNECT [5.0: section 3.1.2.11].
struct ConnectProperties {
    std::optional<std::uint32_t>
        session_expiry_interval{}; ///< seconds the session outlives the connection; 0xFFFFFFFF: for ever
    std::optional<Text> authentication_method{}; ///< name of the method of extended authentication
    std::optional<Binary> authentication_data{}; ///< data of that method; not without it
    std::optional<std::uint8_t>
        request_problem_information{}; ///< 0: no reason strings or user properties, please; absent: 1
    std::optional<std::uint8_t> request_response_information{}; ///< 1: please send response information; absent: 0
    std::optional<std::uint16_t>
        receive_maximum{}; ///< unacknowledged QoS 1 and 2 messages at once, 1 to 65,535; absent: 65,535
    std::optional<std::uint16_t> topic_alias_maximum{}; ///< largest topic alias that is accepted; absent: 0
    List<UserProperty> user_property{}; ///< pairs in their order; names may repeat
    std::optional<std::uint32_t> maximum_packet_size{}; ///< bytes of a whole packet, 1 or more; absent: no limit

    template <class Walk, class Self>
    MQTTWIRE_ALWAYS_INLINE static constexpr auto walk(Walk& walk, Self& self)
    {
        return walk.slots(wire::slot<PropertyId::session_expiry_interval>(self.session_expiry_interval),
            wire::slot<PropertyId::authentication_method>(self.authentication_method),
            wire::slot<PropertyId::authentication_data>(self.authentication_data),
            wire::slot<PropertyId::request_problem_information>(self.request_problem_information),
            wire::slot<PropertyId::request_response_information>(self.request_response_information),
            wire::slot<PropertyId::receive_maximum>(self.receive_maximum),
            wire::slot<PropertyId::topic_alias_maximum>(self.topic_alias_maximum),
            wire::slot<PropertyId::user_property>(self.user_property),
            wire::slot<PropertyId::maximum_packet_size>(self.maximum_packet_size));
    }

    friend constexpr bool operator==(const ConnectProperties&, const ConnectProperties&) noexcept = default;
};
static_assert(wire::every_member_has_a_slot<ConnectProperties>, "name each member of the struct in its walk");
static_assert(wire::stands_in<ConnectProperties, PropertyPlace::connect>,
    "struct and property_table disagree on the properties of a packet, or on their order or types");

/// Properties of the will in CONNECT [5.0: section 3.1.3.2].
struct WillProperties {
    std::optional<std::uint8_t> payload_format_indicator{}; ///< 0: bytes, 1: UTF-8 text
    std::optional<std::uint32_t> message_expiry_interval{}; ///< seconds the message lives; absent: for ever
    std::optional<Text> content_type{}; ///< what the payload is, a MIME type for instance
    std::optional<Text> response_topic{}; ///< where an answer is to be published
    std::optional<Binary> correlation_data{}; ///< tells the sender which request an answer belongs to
    std::optional<std::uint32_t>
        will_delay_interval{}; ///< seconds between the loss of the connection and the will; absent: 0
    List<UserProperty> user_property{}; ///< pairs in their order; names may repeat

    template <class Walk, class Self>
    MQTTWIRE_ALWAYS_INLINE static constexpr auto walk(Walk& walk, Self& self)
    {
        return walk.slots(wire::slot<PropertyId::payload_format_indicator>(self.payload_format_indicator),
            wire::slot<PropertyId::message_expiry_interval>(self.message_expiry_interval),
            wire::slot<PropertyId::content_type>(self.content_type),
            wire::slot<PropertyId::response_topic>(self.response_topic),
            wire::slot<PropertyId::correlation_data>(self.correlation_data),
            wire::slot<PropertyId::will_delay_interval>(self.will_delay_interval),
            wire::slot<PropertyId::user_property>(self.user_property));
    }

    friend constexpr bool operator==(const WillProperties&, const WillProperties&) noexcept = default;
};
static_assert(wire::every_member_has_a_slot<WillProperties>, "name each member of the struct in its walk");
static_assert(wire::stands_in<WillProperties, PropertyPlace::will>,
    "struct and property_table disagree on the properties of a packet, or on their order or types");

/// Properties of CONNACK [5.0: section 3.2.2.3].
struct ConnAckProperties {
    std::optional<std::uint32_t>
        session_expiry_interval{}; ///< seconds the session outlives the connection; 0xFFFFFFFF: for ever
    std::optional<Text> assigned_client_identifier{}; ///< the identifier that the server gave
    std::optional<std::uint16_t> server_keep_alive{}; ///< seconds; takes the place of the keep alive of CONNECT
    std::optional<Text> authentication_method{}; ///< name of the method of extended authentication
    std::optional<Binary> authentication_data{}; ///< data of that method
    std::optional<Text> response_information{}; ///< base for response topics
    std::optional<Text> server_reference{}; ///< the server to use instead
    std::optional<Text> reason_string{}; ///< for people
    std::optional<std::uint16_t>
        receive_maximum{}; ///< unacknowledged QoS 1 and 2 messages at once, 1 to 65,535; absent: 65,535
    std::optional<std::uint16_t> topic_alias_maximum{}; ///< largest topic alias that is accepted; absent: 0
    std::optional<std::uint8_t> maximum_qos{}; ///< 0 or 1; absent: 2
    std::optional<std::uint8_t> retain_available{}; ///< 0 or 1; absent: 1
    List<UserProperty> user_property{}; ///< pairs in their order; names may repeat
    std::optional<std::uint32_t> maximum_packet_size{}; ///< bytes of a whole packet, 1 or more; absent: no limit
    std::optional<std::uint8_t> wildcard_subscription_available{}; ///< 0 or 1; absent: 1
    std::optional<std::uint8_t> subscription_identifier_available{}; ///< 0 or 1; absent: 1
    std::optional<std::uint8_t> shared_subscription_available{}; ///< 0 or 1; absent: 1

    template <class Walk, class Self>
    MQTTWIRE_ALWAYS_INLINE static constexpr auto walk(Walk& walk, Self& self)
    {
        return walk.slots(wire::slot<PropertyId::session_expiry_interval>(self.session_expiry_interval),
            wire::slot<PropertyId::assigned_client_identifier>(self.assigned_client_identifier),
            wire::slot<PropertyId::server_keep_alive>(self.server_keep_alive),
            wire::slot<PropertyId::authentication_method>(self.authentication_method),
            wire::slot<PropertyId::authentication_data>(self.authentication_data),
            wire::slot<PropertyId::response_information>(self.response_information),
            wire::slot<PropertyId::server_reference>(self.server_reference),
            wire::slot<PropertyId::reason_string>(self.reason_string),
            wire::slot<PropertyId::receive_maximum>(self.receive_maximum),
            wire::slot<PropertyId::topic_alias_maximum>(self.topic_alias_maximum),
            wire::slot<PropertyId::maximum_qos>(self.maximum_qos),
            wire::slot<PropertyId::retain_available>(self.retain_available),
            wire::slot<PropertyId::user_property>(self.user_property),
            wire::slot<PropertyId::maximum_packet_size>(self.maximum_packet_size),
            wire::slot<PropertyId::wildcard_subscription_available>(self.wildcard_subscription_available),
            wire::slot<PropertyId::subscription_identifier_available>(self.subscription_identifier_available),
            wire::slot<PropertyId::shared_subscription_available>(self.shared_subscription_available));
    }

    friend constexpr bool operator==(const ConnAckProperties&, const ConnAckProperties&) noexcept = default;
};
static_assert(wire::every_member_has_a_slot<ConnAckProperties>, "name each member of the struct in its walk");
static_assert(wire::stands_in<ConnAckProperties, PropertyPlace::connack>,
    "struct and property_table disagree on the properties of a packet, or on their order or types");

/// Properties of PUBLISH [5.0: section 3.3.2.3].
struct PublishProperties {
    std::optional<std::uint8_t> payload_format_indicator{}; ///< 0: bytes, 1: UTF-8 text
    std::optional<std::uint32_t> message_expiry_interval{}; ///< seconds the message lives; absent: for ever
    std::optional<Text> content_type{}; ///< what the payload is, a MIME type for instance
    std::optional<Text> response_topic{}; ///< where an answer is to be published
    std::optional<Binary> correlation_data{}; ///< tells the sender which request an answer belongs to
    List<std::uint32_t>
        subscription_identifier{}; ///< of the subscriptions that match, each 1 to 268,435,455; from servers only
    std::optional<std::uint16_t> topic_alias{}; ///< stands for the topic, 1 to 65,535
    List<UserProperty> user_property{}; ///< pairs in their order; names may repeat

    template <class Walk, class Self>
    MQTTWIRE_ALWAYS_INLINE static constexpr auto walk(Walk& walk, Self& self)
    {
        return walk.slots(wire::slot<PropertyId::payload_format_indicator>(self.payload_format_indicator),
            wire::slot<PropertyId::message_expiry_interval>(self.message_expiry_interval),
            wire::slot<PropertyId::content_type>(self.content_type),
            wire::slot<PropertyId::response_topic>(self.response_topic),
            wire::slot<PropertyId::correlation_data>(self.correlation_data),
            wire::slot<PropertyId::subscription_identifier>(self.subscription_identifier),
            wire::slot<PropertyId::topic_alias>(self.topic_alias),
            wire::slot<PropertyId::user_property>(self.user_property));
    }

    friend constexpr bool operator==(const PublishProperties&, const PublishProperties&) noexcept = default;
};
static_assert(wire::every_member_has_a_slot<PublishProperties>, "name each member of the struct in its walk");
static_assert(wire::stands_in<PublishProperties, PropertyPlace::publish>,
    "struct and property_table disagree on the properties of a packet, or on their order or types");

/// Properties of the packets that answer with reason codes: PUBACK, PUBREC, PUBREL, PUBCOMP, SUBACK and UNSUBACK.
struct ReasonProperties {
    std::optional<Text> reason_string{}; ///< for people
    List<UserProperty> user_property{}; ///< pairs in their order; names may repeat

    template <class Walk, class Self>
    MQTTWIRE_ALWAYS_INLINE static constexpr auto walk(Walk& walk, Self& self)
    {
        return walk.slots(wire::slot<PropertyId::reason_string>(self.reason_string),
            wire::slot<PropertyId::user_property>(self.user_property));
    }

    friend constexpr bool operator==(const ReasonProperties&, const ReasonProperties&) noexcept = default;
};
static_assert(wire::every_member_has_a_slot<ReasonProperties>, "name each member of the struct in its walk");
static_assert(wire::stands_in<ReasonProperties, PropertyPlace::puback, PropertyPlace::pubrec, PropertyPlace::pubrel,
                  PropertyPlace::pubcomp, PropertyPlace::suback, PropertyPlace::unsuback>,
    "struct and property_table disagree on the properties of a packet, or on their order or types");

/// Properties of SUBSCRIBE [5.0: section 3.8.2.1].
struct SubscribeProperties {
    std::optional<std::uint32_t> subscription_identifier{}; ///< comes back with the messages, 1 to 268,435,455
    List<UserProperty> user_property{}; ///< pairs in their order; names may repeat

    template <class Walk, class Self>
    MQTTWIRE_ALWAYS_INLINE static constexpr auto walk(Walk& walk, Self& self)
    {
        return walk.slots(wire::slot<PropertyId::subscription_identifier>(self.subscription_identifier),
            wire::slot<PropertyId::user_property>(self.user_property));
    }

    friend constexpr bool operator==(const SubscribeProperties&, const SubscribeProperties&) noexcept = default;
};
static_assert(wire::every_member_has_a_slot<SubscribeProperties>, "name each member of the struct in its walk");
static_assert(wire::stands_in<SubscribeProperties, PropertyPlace::subscribe>,
    "struct and property_table disagree on the properties of a packet, or on their order or types");

/// Properties of UNSUBSCRIBE [5.0: section 3.10.2.1].
struct UnsubscribeProperties {
    List<UserProperty> user_property{}; ///< pairs in their order; names may repeat

    template <class Walk, class Self>
    MQTTWIRE_ALWAYS_INLINE static constexpr auto walk(Walk& walk, Self& self)
    {
        return walk.slots(wire::slot<PropertyId::user_property>(self.user_property));
    }

    friend constexpr bool operator==(const UnsubscribeProperties&, const UnsubscribeProperties&) noexcept = default;
};
static_assert(wire::every_member_has_a_slot<UnsubscribeProperties>, "name each member of the struct in its walk");
static_assert(wire::stands_in<UnsubscribeProperties, PropertyPlace::unsubscribe>,
    "struct and property_table disagree on the properties of a packet, or on their order or types");

/// Properties of DISCONNECT [5.0: section 3.14.2.2].
struct DisconnectProperties {
    std::optional<std::uint32_t>
        session_expiry_interval{}; ///< seconds the session outlives the connection; 0xFFFFFFFF: for ever
    std::optional<Text> server_reference{}; ///< the server to use instead; from servers only
    std::optional<Text> reason_string{}; ///< for people
    List<UserProperty> user_property{}; ///< pairs in their order; names may repeat

    template <class Walk, class Self>
    MQTTWIRE_ALWAYS_INLINE static constexpr auto walk(Walk& walk, Self& self)
    {
        return walk.slots(wire::slot<PropertyId::session_expiry_interval>(self.session_expiry_interval),
            wire::slot<PropertyId::server_reference>(self.server_reference),
            wire::slot<PropertyId::reason_string>(self.reason_string),
            wire::slot<PropertyId::user_property>(self.user_property));
    }

    friend constexpr bool operator==(const DisconnectProperties&, const DisconnectProperties&) noexcept = default;
};
static_assert(wire::every_member_has_a_slot<DisconnectProperties>, "name each member of the struct in its walk");
static_assert(wire::stands_in<DisconnectProperties, PropertyPlace::disconnect>,
    "struct and property_table disagree on the properties of a packet, or on their order or types");

/// Properties of AUTH [5.0: section 3.15.2.2].
struct AuthProperties {
    std::optional<Text> authentication_method{}; ///< name of the method of extended authentication
    std::optional<Binary> authentication_data{}; ///< data of that method; not without it
    std::optional<Text> reason_string{}; ///< for people
    List<UserProperty> user_property{}; ///< pairs in their order; names may repeat

    template <class Walk, class Self>
    MQTTWIRE_ALWAYS_INLINE static constexpr auto walk(Walk& walk, Self& self)
    {
        return walk.slots(wire::slot<PropertyId::authentication_method>(self.authentication_method),
            wire::slot<PropertyId::authentication_data>(self.authentication_data),
            wire::slot<PropertyId::reason_string>(self.reason_string),
            wire::slot<PropertyId::user_property>(self.user_property));
    }

    friend constexpr bool operator==(const AuthProperties&, const AuthProperties&) noexcept = default;
};
static_assert(wire::every_member_has_a_slot<AuthProperties>, "name each member of the struct in its walk");
static_assert(wire::stands_in<AuthProperties, PropertyPlace::auth>,
    "struct and property_table disagree on the properties of a packet, or on their order or types");

using PubAckProperties = ReasonProperties;
using PubRecProperties = ReasonProperties;
using PubRelProperties = ReasonProperties;
using PubCompProperties = ReasonProperties;
using SubAckProperties = ReasonProperties;
using UnsubAckProperties = ReasonProperties;

} // namespace mqttwire::inline MQTTWIRE_ABI
