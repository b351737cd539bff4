// The 3.1.1 client of client_3_1_1.cpp, which also writes the heads of PUBLISH packets.
#include "client_3_1_1.hpp"

#include "mqttwire/stream.hpp"

namespace {

void send_head()
{
    const auto head = encode_head<version>(
        {.topic = device.text, .qos = QoS::at_least_once, .packet_id = packet_id()}, device.number, device.to_send());
    if (head) device.sent_size = head->size();
}

} // namespace

int main()
{
    run_client();
    send_head();
}
