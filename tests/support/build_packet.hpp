// Builds a packet from a vector's `fields`.
#pragma once

#include "support/json.hpp"

#include <mqttwire/mqttwire.hpp>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace mqttwire::test {

struct BuiltPacket {
    Packet packet;
    /// What the structs have no place for: a number beyond its type, an unknown key. Empty if `packet` says all.
    std::vector<std::string> problems;
    /// The text and lists that the packet points to.
    std::vector<std::shared_ptr<const void>> memory;
};

/// `packet` is the name as the specifications write it. Throws std::runtime_error for any other.
BuiltPacket build_packet(std::string_view packet, const Json& fields, Version version);

} // namespace mqttwire::test
