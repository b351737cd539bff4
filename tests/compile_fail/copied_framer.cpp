#include <array>
#include <cstddef>
#include <mqttwire/framer.hpp>
#include <utility>

bool hand_on(mqttwire::Framer framer);

bool hand_on_a_framer()
{
    std::array<std::byte, 256> storage{};
    mqttwire::Framer framer(storage);
#ifdef MUST_NOT_COMPILE
    return hand_on(framer);
#else
    return hand_on(std::move(framer));
#endif
}
