// Compiles only if the table of sizes holds for this machine.
#include "packet_sizes.hpp"

static_assert([] {
    for (const PacketSize& packet : packet_sizes)
        if (packet.size != packet.expected()) return false;
    return true;
}());
