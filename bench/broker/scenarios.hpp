// What mqttwire-load can do to a broker.
#pragma once

#include <mqttwire/mqttwire.hpp>

#include <cstdint>

namespace load {

/// One publisher, whose messages go to each of some subscribers.
struct Flow {
    mqttwire::QoS qos{};
    unsigned subscribers = 1;
    std::uint64_t window = 1; ///< messages that may be on their way, which nobody has yet
};

/// Messages that arrive in a second, and the microseconds that half of them and 99 in 100 of them take at most.
struct Figures {
    double rate = 0;
    double half = 0;
    double most = 0;
};

/// Prints the figures with the full window, and the times with a window of one.
void measure_flow(std::uint16_t port, const Flow& flow, double duration);
/// Connects so many clients, which then do nothing until a key is pressed.
void idle(std::uint16_t port, unsigned count);
/// So many clients publish with QoS 1 and 2, and their connections, and those of two subscribers, end at random for
/// some seconds. True if nothing is lost and nothing with QoS 2 comes twice.
bool chaos(std::uint16_t port, unsigned count, double duration);

} // namespace load
