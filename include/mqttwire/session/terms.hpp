// Terms: what CONNECT and CONNACK have said of a connection in 5.0, and what is beyond it.
#pragma once

#include "mqttwire/config.hpp"
#include "mqttwire/packet.hpp"
#include "mqttwire/session/authentication.hpp"
#include "mqttwire/session/error.hpp"
#include "mqttwire/session/quota.hpp"
#include "mqttwire/wire/string_check.hpp"

#include <cstdint>
#include <optional>

namespace mqttwire::inline MQTTWIRE_ABI::session {

/// What CONNECT and CONNACK have said, as either side knows it. Those before 5.0 say nothing of it: then all is as
/// here.
struct Terms {
    std::uint8_t maximum_qos = 2; ///< that the server takes
    bool retain_available = true; ///< of the server
    bool wildcard_subscription_available = true;
    bool subscription_identifier_available = true;
    bool shared_subscription_available = true;
    bool has_client_id = false;
    bool wants_response_information = false;
    bool wants_problem_information = true;
    bool asked_no_expiry = false;
    std::uint16_t alias_maximum_in = 0; ///< as announced
    Quota send_quota{};
    Quota receive_quota{};
    std::uint32_t maximum_packet_size = 0xFFFFFFFFU; ///< of the peer
    Authentication authentication{};

    /// What is not said to be missing is there.
    template <class = config::Code>
    MQTTWIRE_SHARED static constexpr bool is_available(const std::optional<std::uint8_t>& property) noexcept
    {
        return property != 0;
    }

    /// A client asks: what its CONNECT says.
    constexpr void ask(const Connect& connect) noexcept
    {
        has_client_id = !connect.client_id.empty();
        wants_response_information = connect.properties.request_response_information.value_or(0) != 0;
        wants_problem_information = is_available(connect.properties.request_problem_information);
    }

    /// Puts into the CONNECT or CONNACK that announces it no more than there is room for.
    template <class Properties>
    constexpr void announce(
        Properties& properties, std::uint16_t room_for_messages, std::uint16_t room_for_aliases) noexcept
    {
        std::uint16_t maximum = properties.receive_maximum.value_or(0xFFFF);
        if (room_for_messages != 0 && maximum > room_for_messages) {
            maximum = room_for_messages;
            properties.receive_maximum = maximum;
        }
        receive_quota = {maximum};
        std::uint16_t aliases = properties.topic_alias_maximum.value_or(0);
        if (aliases > room_for_aliases) {
            aliases = room_for_aliases;
            properties.topic_alias_maximum = aliases;
        }
        alias_maximum_in = aliases;
    }

    /// What the peer has said in CONNECT or CONNACK of what it takes.
    template <class Properties>
    constexpr void take_limits_of_peer(const Properties& properties) noexcept
    {
        send_quota = {properties.receive_maximum.value_or(0xFFFF)}; // [5.0: MQTT-4.9.0-1]
        maximum_packet_size = properties.maximum_packet_size.value_or(0xFFFFFFFFU);
    }

    /// What the server has said in CONNACK.
    constexpr void take_limits_of_server(const ConnAckProperties& properties) noexcept
    {
        maximum_qos = properties.maximum_qos.value_or(2);
        retain_available = is_available(properties.retain_available);
        wildcard_subscription_available = is_available(properties.wildcard_subscription_available);
        subscription_identifier_available = is_available(properties.subscription_identifier_available);
        shared_subscription_available = is_available(properties.shared_subscription_available);
    }
    /// What is wrong with the server's answer to what was asked.
    constexpr Fault fault_of(const ConnAckProperties& properties) const noexcept
    {
        if (!has_client_id && !properties.assigned_client_identifier)
            return Fault::assigned_client_identifier_missing; // [5.0: MQTT-3.2.2-16]
        if (properties.response_information && !wants_response_information)
            return Fault::response_information_not_requested; // [5.0: MQTT-3.1.2-28]
        return authentication.fault_of(properties.authentication_method); // [5.0: MQTT-4.12.0-5, -6]
    }

    /// What a client's PUBLISH asks for that the server does not take.
    constexpr Fault fault_of(const Publish& publish) const noexcept
    {
        if (static_cast<std::uint8_t>(publish.qos) > maximum_qos)
            return Fault::qos_above_maximum; // [5.0: MQTT-3.2.2-11]
        if (publish.retain && !retain_available) return Fault::retain_not_available; // [5.0: MQTT-3.2.2-14]
        return Fault::none;
    }

    /// What a SUBSCRIBE asks for of what CONNACK has said is not available [5.0: sections 3.2.2.3.11 to 3.2.2.3.13].
    constexpr Fault fault_of(const Subscribe& subscribe) const noexcept
    {
        if (!subscription_identifier_available && subscribe.properties.subscription_identifier)
            return Fault::subscription_identifier_not_available;
        const bool any_filter = wildcard_subscription_available && shared_subscription_available;
        Fault fault = Fault::none;
        if (!any_filter)
            subscribe.filters.all_of([&](const Subscription& each) {
                fault = fault_of(each.filter);
                return fault == Fault::none;
            });
        return fault;
    }
    constexpr Fault fault_of(Text filter) const noexcept
    {
        if (!shared_subscription_available && wire::begins_with_share(filter))
            return Fault::shared_subscription_not_available;
        if (!wildcard_subscription_available)
            for (const char c : filter)
                if (wire::is_wildcard(static_cast<unsigned char>(c))) return Fault::wildcard_subscription_not_available;
        return Fault::none;
    }
};

/// Those of every connection before 5.0.
inline constexpr Terms terms_before_5{};

} // namespace mqttwire::inline MQTTWIRE_ABI::session
