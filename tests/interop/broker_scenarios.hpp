// We are the client, the peers are brokers.
#pragma once

#include "scenario.hpp"

#include <cstdint>

namespace interop {

/// What the brokers are configured to let in.
inline constexpr const char* user_name = "alice";
inline constexpr const char* password = "wonderland";
/// The largest topic alias that mosquitto is configured to take.
inline constexpr std::uint16_t mosquitto_topic_alias_maximum = 10;

void add_mosquitto_trials(Trials& trials, std::uint16_t port);
void add_aedes_trials(Trials& trials, std::uint16_t port);

} // namespace interop
