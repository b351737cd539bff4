#include <array>
#include <cstddef>
#include <mqttwire/mqttwire.hpp>

// The version that find_package goes by is the one the headers tell.
static_assert(MQTTWIRE_VERSION_MAJOR == PACKAGE_MAJOR);
static_assert(MQTTWIRE_VERSION_MINOR == PACKAGE_MINOR);
static_assert(MQTTWIRE_VERSION_PATCH == PACKAGE_PATCH);

int main()
{
    constexpr std::array bytes{std::byte{0xC0}, std::byte{0x00}};
    return mqttwire::PingReq::decode(bytes, mqttwire::Version::v3_1).has_value() ? 0 : 1;
}
