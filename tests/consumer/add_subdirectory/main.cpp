#include <array>
#include <cstddef>
#include <mqttwire/mqttwire.hpp>

int main()
{
    std::array<std::byte, 2> storage{};
    const auto bytes = mqttwire::PingReq{}.encode(storage, mqttwire::Version::v3_1_1);
    return bytes && bytes->front() == std::byte{0xC0} ? 0 : 1;
}
