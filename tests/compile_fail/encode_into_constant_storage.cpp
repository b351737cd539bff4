#include <array>
#include <cstddef>
#include <mqttwire/mqttwire.hpp>

bool encode_ping()
{
#ifdef MUST_NOT_COMPILE
    const std::array<std::byte, 2> storage{};
#else
    std::array<std::byte, 2> storage{};
#endif
    return mqttwire::PingReq{}.encode(storage, mqttwire::Version::v5).has_value();
}
