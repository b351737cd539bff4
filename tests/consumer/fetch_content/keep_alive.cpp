// A second file with the whole library in it: the linker objects if anything there is not inline.
#include "keep_alive.hpp"
#include <mqttwire/mqttwire.hpp>

bool is_ping(std::span<const std::byte> bytes)
{
    return mqttwire::PingReq::decode(bytes, mqttwire::Version::v5).has_value();
}
