// What a 3.1.1 client says and hears.
#pragma once

#include "see.hpp"

#include "mqttwire/mqttwire.hpp"

#include <optional>
#include <utility>

using namespace mqttwire;

namespace {

constexpr Version version = Version::v3_1_1;

template <class Packet>
void send(const Packet& packet)
{
    const auto written = packet.template encode<version>(device.to_send());
    if (written) device.sent_size = written->size();
}

/// Not inlined, so that its stack frame has no result in it.
template <class Packet>
[[gnu::noinline]] Result<Packet> decode()
{
    return Packet::template decode<version>(device.received());
}

template <class Packet>
void receive()
{
    if (const auto packet = decode<Packet>()) see_packet(*packet);
    else see(packet.error().code);
}

std::uint16_t packet_id() { return static_cast<std::uint16_t>(device.number); }

/// Becomes a Will where it is put; a Will that is given to an optional would be copied.
struct LastWill {
    operator Will() const { return {.topic = device.text, .payload = device.binary}; }
};

} // namespace

inline void run_client()
{
    send(Connect{.client_id = device.text,
        .clean_start = true,
        .keep_alive = 60,
        .will = std::optional<Will>(std::in_place, LastWill{}),
        .user_name = device.text,
        .password = device.binary});
    receive<ConnAck>();

    const Subscription subscriptions[] = {{.filter = device.text, .qos = QoS::at_least_once}};
    send(Subscribe{.packet_id = packet_id(), .filters = subscriptions});
    receive<SubAck>();

    send(Publish{.topic = device.text, .payload = device.binary, .qos = QoS::at_least_once, .packet_id = packet_id()});
    receive<PubAck>();
    receive<Publish>();
    send(PubAck{.packet_id = packet_id()});

    const Text filters[] = {device.text};
    send(Unsubscribe{.packet_id = packet_id(), .filters = filters});
    receive<UnsubAck>();

    send(PingReq{});
    receive<PingResp>();
    send(Disconnect{});
}
