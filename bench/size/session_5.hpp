// A 5.0 client with a session.
#pragma once

#include "session.hpp"

template <session::Capacities capacities>
void run_client_5()
{
    static SessionClient<Version::v5, capacities> client;
    Connect connect{.client_id = device.text,
        .keep_alive = 60,
        .user_name = device.text,
        .password = device.binary,
        .properties = {.session_expiry_interval = device.number, .topic_alias_maximum = capacities.aliases_in}};
    client.begin(connect);
    const Subscription subscriptions[] = {{.filter = device.text, .qos = QoS::exactly_once}};
    Subscribe subscribe{.filters = subscriptions};
    const Text filters[] = {device.text};
    Unsubscribe unsubscribe{.filters = filters};
    while (device.number != 0) {
        client.received(device.received());
        client.subscribe(subscribe);
        client.publish(static_cast<QoS>(device.number % 3));
        client.unsubscribe(unsubscribe);
        client.tick();
    }
    client.disconnect();
}
