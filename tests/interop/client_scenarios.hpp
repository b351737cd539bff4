// We are the broker, the peers are clients.
#pragma once

#include "scenario.hpp"

#include <string>

namespace interop {

/// Paho and MQTT.js, behind the commands of peers/README.md, which stand in the folder `peers`.
void add_client_trials(Trials& trials, const std::string& peers);
/// mosquitto_pub and mosquitto_sub.
void add_program_trials(Trials& trials);

} // namespace interop
