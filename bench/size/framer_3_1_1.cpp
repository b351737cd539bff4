// The 3.1.1 client of client_3_1_1.cpp, which also cuts a stream into packets: what stream_3_1_1 is to be held against.
#include "client_3_1_1.hpp"

#include "mqttwire/framer.hpp"

namespace {

std::byte storage[128];
constinit Framer framer(storage);

void read_stream()
{
    std::span<const std::byte> chunk = device.received();
    while (const auto frame = framer.next(chunk)) {
        if (frame->type() != PacketType::publish) see(frame->type());
        else if (const auto publish = Publish::decode<version>(frame->bytes())) see_packet(*publish);
    }
    see(framer.error().code);
}

} // namespace

int main()
{
    run_client();
    read_stream();
}
