// Packets as JSON.
#pragma once

#include "json.hpp"

#include <mqttwire/packet.hpp>
#include <mqttwire/version.hpp>

namespace inspect {

/// Writes the fields of a packet as an object, under the names that tests/vectors/README.md lists. If secrets are
/// not to be shown, password_size and authentication_data_size stand in place of password_hex and
/// authentication_data_hex.
void write_fields(JsonWriter& json, const mqttwire::Packet& packet, mqttwire::Version version, bool secrets);

} // namespace inspect
