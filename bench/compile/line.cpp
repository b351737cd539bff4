// What a line costs: two of them.
#include <mqttwire/mqttwire.hpp>

namespace mq = mqttwire;

bool pass_on(std::span<const std::byte> bytes, std::span<std::byte> out, mq::Version version)
{
    auto packet = mq::decode(bytes, version);
    return packet && mq::encode(*packet, out, version);
}
