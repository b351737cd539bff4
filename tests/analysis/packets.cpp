// Every packet, decoded and encoded by functions of their own: where clang's static analyzer begins.
#include "mqttwire/mqttwire.hpp"

#include <cstddef>
#include <span>

using namespace mqttwire;

template <class Packet>
Result<std::span<std::byte>> encode_packet(const Packet& packet, std::span<std::byte> buffer)
{
    return packet.template encode<Version::v5>(buffer);
}

template <class Packet>
bool decode_packet(std::span<const std::byte> bytes)
{
    return Packet::template decode<Version::v5>(bytes).has_value();
}

// The acknowledgements share their code, and so do the two pings.
#define ANALYZE(Packet)                                                                                                \
    template Result<std::span<std::byte>> encode_packet<Packet>(const Packet& packet, std::span<std::byte>);           \
    template bool decode_packet<Packet>(std::span<const std::byte>);
ANALYZE(Connect)
ANALYZE(ConnAck)
ANALYZE(Publish)
ANALYZE(PubAck)
ANALYZE(Subscribe)
ANALYZE(SubAck)
ANALYZE(Unsubscribe)
ANALYZE(UnsubAck)
ANALYZE(PingReq)
ANALYZE(Disconnect)
ANALYZE(Auth)
