// Packets as JSON.
#pragma once

#include "json.hpp"

#include <mqttwire/packet.hpp>
#include <mqttwire/version.hpp>

namespace inspect {

/// Writes the fields of a packet as an object, under the names that tests/vectors/README.md lists.
void write_fields(JsonWriter& json, const mqttwire::Packet& packet, mqttwire::Version version);

} // namespace inspect
