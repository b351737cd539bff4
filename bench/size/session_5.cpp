// A 5.0 client with a session, topic aliases both ways.
#include "session.hpp"

namespace {

SessionClient<Version::v5,
    session::Capacities{
        .outgoing = 8, .incoming = 8, .aliases_in = 8, .alias_bytes_in = 256, .aliases_out = 8, .alias_bytes_out = 256}>
    client;

} // namespace

int main()
{
    Connect connect{.client_id = device.text,
        .keep_alive = 60,
        .user_name = device.text,
        .password = device.binary,
        .properties = {.session_expiry_interval = device.number, .topic_alias_maximum = 8}};
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
