// Feeds a packet to a Framer byte by byte. The test framer.cost counts the instructions of two such runs.
//
//   mqttwire_framer_cost SIZE    SIZE is that of the payload in bytes
#include "mqttwire/framer.hpp"

#include <cstddef>
#include <cstdlib>
#include <optional>
#include <span>
#include <vector>

int main(int argc, char** argv)
{
    if (argc != 2) return 2;
    const std::size_t payload = std::strtoul(argv[1], nullptr, 10);
    const std::size_t body = 3 + payload;
    std::vector<std::byte> packet(5 + body, std::byte{'x'});
    std::byte* const behind_length = mqttwire::wire::store_varint(packet.data() + 1, static_cast<std::uint32_t>(body));
    packet[0] = std::byte{0x30};
    behind_length[0] = std::byte{0};
    behind_length[1] = std::byte{1};
    packet.resize(static_cast<std::size_t>(behind_length - packet.data()) + body);

    std::vector<std::byte> storage(packet.size());
    mqttwire::Framer framer(storage);
    std::optional<mqttwire::Frame> frame;
    for (const std::byte& each : packet) {
        std::span<const std::byte> chunk(&each, 1);
        frame = framer.next(chunk);
    }
    return frame && frame->bytes().size() == packet.size() ? 0 : 1;
}
