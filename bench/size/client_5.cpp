// A 5.0 client, with properties.
#include "client_5.hpp"

namespace {

template <class Packet>
void send(Packet&& packet)
{
    const auto written = packet.template encode<version>(device.to_send());
    if (written) device.sent_size = written->size();
}

void connected(const ConnAck&) {}

} // namespace

int main() { run_client(); }
