// Holds a packet against a vector's `fields`.
#pragma once

#include "support/json.hpp"

#include <mqttwire/mqttwire.hpp>

#include <string>
#include <vector>

namespace mqttwire::test {

/// What differs, a line for each member; empty if the packet says exactly what `fields` says: every key has its member,
/// and every member that holds something has its key.
std::vector<std::string> differences(const Packet& packet, const Json& fields, Version version);

} // namespace mqttwire::test
