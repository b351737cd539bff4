// A 3.1.1 client with a session.
#include "session.hpp"

namespace {

SessionClient<Version::v3_1_1, session::Capacities{.outgoing = 8, .incoming = 8}> client;

} // namespace

int main()
{
    Connect connect{.client_id = device.text, .keep_alive = 60, .user_name = device.text, .password = device.binary};
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
