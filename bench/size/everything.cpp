// All fifteen packets in both directions and all three versions, which are known at run time only.
#include "see.hpp"

#include "mqttwire/mqttwire.hpp"

#include <variant>

using namespace mqttwire;

namespace {

Version version() { return static_cast<Version>(device.number); }

void send(const Packet& packet)
{
    const auto written = encode(packet, device.to_send(), version());
    if (written) device.sent_size = written->size();
}

/// Not inlined, so that its stack frame has no result in it.
[[gnu::noinline]] Result<Packet> decode() { return mqttwire::decode(device.received(), version()); }

} // namespace

int main()
{
    const Result<Packet> packet = decode();
    if (!packet) {
        see(packet.error().code);
        return 1;
    }
    std::visit([](const auto& held) { see_packet_5(held); }, *packet);
    send(*packet);
}
