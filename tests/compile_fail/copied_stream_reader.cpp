#include <array>
#include <cstddef>
#include <mqttwire/stream.hpp>
#include <utility>

bool hand_on(mqttwire::StreamReader reader);

bool hand_on_a_reader()
{
    std::array<std::byte, 256> storage{};
    mqttwire::StreamReader reader(storage);
#ifdef MUST_NOT_COMPILE
    return hand_on(reader);
#else
    return hand_on(std::move(reader));
#endif
}
