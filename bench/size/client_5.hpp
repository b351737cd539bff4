// What a 5.0 client sends and receives, with properties. The program that includes it defines how: `send` for a packet,
// `connected` for what the server has answered to CONNECT.
#pragma once

#include "see.hpp"

#include "mqttwire/mqttwire.hpp"

#include <optional>
#include <utility>

using namespace mqttwire;

namespace {

constexpr Version version = Version::v5;

template <class Packet>
void send(Packet&& packet);

void connected(const ConnAck& connack);

/// Not inlined, so that its stack frame has no result in it.
template <class Packet>
[[gnu::noinline]] Result<Packet> decode()
{
    return Packet::template decode<version>(device.received());
}

template <class Packet>
void receive()
{
    if (const auto packet = decode<Packet>()) {
        see_packet_5(*packet);
        if constexpr (Packet::type == PacketType::connack) connected(*packet);
    } else {
        see(packet.error().code);
    }
}

std::uint16_t packet_id() { return static_cast<std::uint16_t>(device.number); }

/// Becomes a Will where it is put; a Will that is given to an optional would be copied.
struct LastWill {
    operator Will() const
    {
        return {.topic = device.text,
            .payload = device.binary,
            .properties = {.message_expiry_interval = device.number, .will_delay_interval = device.number}};
    }
};

} // namespace

inline void run_client()
{
    const UserProperty user_properties[] = {{.name = device.text, .value = device.text}};

    send(Connect{.client_id = device.text,
        .clean_start = true,
        .keep_alive = 60,
        .will = std::optional<Will>(std::in_place, LastWill{}),
        .user_name = device.text,
        .password = device.binary,
        .properties = {.session_expiry_interval = device.number,
            .receive_maximum = packet_id(),
            .user_property = user_properties}});
    receive<ConnAck>();
    send(Auth{.reason_code = ReasonCode::continue_authentication,
        .properties = {.authentication_method = device.text, .authentication_data = device.binary}});
    receive<Auth>();

    const Subscription subscriptions[] = {{.filter = device.text, .qos = QoS::at_least_once, .no_local = true}};
    send(Subscribe{
        .packet_id = packet_id(), .filters = subscriptions, .properties = {.subscription_identifier = device.number}});
    receive<SubAck>();

    send(Publish{.topic = device.text,
        .payload = device.binary,
        .qos = QoS::exactly_once,
        .packet_id = packet_id(),
        .properties = {.payload_format_indicator = 1,
            .message_expiry_interval = device.number,
            .content_type = device.text,
            .response_topic = device.text,
            .correlation_data = device.binary,
            .user_property = user_properties}});
    receive<Publish>();
    send(PubAck{.packet_id = packet_id(), .reason_code = ReasonCode::quota_exceeded});
    receive<PubAck>();
    send(PubRec{.packet_id = packet_id()});
    receive<PubRec>();
    send(PubRel{.packet_id = packet_id()});
    receive<PubRel>();
    send(PubComp{.packet_id = packet_id()});
    receive<PubComp>();

    const Text filters[] = {device.text};
    send(Unsubscribe{.packet_id = packet_id(), .filters = filters});
    receive<UnsubAck>();

    send(PingReq{});
    receive<PingResp>();
    send(Disconnect{.reason_code = ReasonCode::disconnect_with_will_message});
}
