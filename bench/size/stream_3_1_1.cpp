// The 3.1.1 client of client_3_1_1.cpp, which also reads PUBLISH packets of any size from a stream.
#include "client_3_1_1.hpp"

#include "mqttwire/stream.hpp"

namespace {

std::byte storage[128];
constinit StreamReader reader(storage);

void read_stream()
{
    std::span<const std::byte> chunk = device.received();
    while (const StreamEvent event = reader.next<version>(chunk)) {
        if (event.frame) see(event.frame->type());
        if (event.head) see_packet(*event.head);
        see(event.payload_size);
        see(Binary(event.payload.data(), event.payload.size()));
        see(event.end);
    }
    see(reader.error().code);
}

} // namespace

int main()
{
    run_client();
    read_stream();
}
