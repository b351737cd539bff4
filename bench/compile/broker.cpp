// A broker's file: everything that it reads as either side, and everything that it writes, in a version that it learns
// at run time.
#include <mqttwire/mqttwire.hpp>

namespace mq = mqttwire;

mq::Result<mq::Packet> from_client(std::span<const std::byte> bytes, mq::Version version)
{
    return mq::decode<mq::Role::server>(bytes, version);
}

mq::Result<mq::Packet> from_server(std::span<const std::byte> bytes, mq::Version version)
{
    return mq::decode<mq::Role::client>(bytes, version);
}

mq::Result<std::span<std::byte>> write(const mq::Packet& packet, std::span<std::byte> out, mq::Version version)
{
    return mq::encode(packet, out, version);
}

mq::Result<std::size_t> size(const mq::Packet& packet, mq::Version version)
{
    return mq::encoded_size(packet, version);
}
