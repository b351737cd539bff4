// A program that was reported to go wrong with g++ 12.2: compiled at -O2 for LTO and linked without a level or at -O1,
// it decoded an empty password and encoded 62 bytes. That was never seen again; this holds that it stays so. Nothing in
// it is known while compiling.
#include <mqttwire/mqttwire.hpp>

#include <cstdio>
#include <variant>
#include <vector>

namespace mq = mqttwire;

int main(int argc, char**)
{
    const unsigned char packet[] = {0x10, 0x3e, 0, 4, 'M', 'Q', 'T', 'T', 5, 0xc6, 0, 9, 0x13, 0x11, 0, 0, 0, 5, 0x26,
        0, 1, 'a', 0, 1, 'b', 0x26, 0, 1, 'c', 0, 1, 'd', 0, 2, 'i', 'd', 0x0e, 0x26, 0, 1, 'a', 0, 1, 'b', 0x26, 0, 1,
        'c', 0, 1, 'd', 0, 1, 'w', 0, 1, 'p', 0, 1, 'u', 0, 2, 'p', 'w'};
    std::vector<std::byte> bytes;
    for (const unsigned char byte : packet) bytes.push_back(static_cast<std::byte>(byte ^ (argc - 1)));
    const auto version = static_cast<mq::Version>(argc + 4);
    const auto leniency = static_cast<mq::Leniency>(argc - 1);
    const auto role = static_cast<mq::Role>(argc - 1);
    const auto decoded = mq::decode(bytes, version, leniency, role);
    if (!decoded) return 1;
    std::byte buffer[100];
    const auto encoded = mq::encode(*decoded, buffer, version, leniency, role);
    const std::size_t password = std::get<mq::Connect>(*decoded).password->size();
    std::printf("password %zu, encoded %zu\n", password, encoded ? encoded->size() : 0);
    return password == 2 && encoded && encoded->size() == sizeof packet ? 0 : 1;
}
