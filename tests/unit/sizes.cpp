// The table of packet sizes holds where this runs. bench/size/run holds it against a Cortex-M4.
#include "support/catch.hpp"

#include "../../bench/size/packet_sizes.hpp"

#include <string>

TEST_CASE("the sizes of packets are those of the table")
{
    for (const PacketSize& packet : packet_sizes) {
        CAPTURE(std::string(packet.name));
        CHECK(packet.size == packet.expected());
    }
}
