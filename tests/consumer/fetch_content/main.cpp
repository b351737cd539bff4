#include "keep_alive.hpp"
#include <array>
#include <mqttwire/mqttwire.hpp>

int main()
{
    std::array<std::byte, 2> storage{};
    const auto bytes = mqttwire::PingReq{}.encode(storage, mqttwire::Version::v5);
    return bytes && is_ping(*bytes) ? 0 : 1;
}
