// What the formatters make of a case: one line for the packet or the error.
#pragma once

#include "mutation/cases.hpp"

#include <mqttwire/fmt.hpp>

namespace mqttwire::test {

inline void observe_formatted(Digest& digest, const Case& given)
{
    const Result<Packet> packet = decode(given.bytes, given.version, given.leniency, given.role);
    if (packet) digest.add(fmt::format("{}", *packet));
    else digest.add(fmt::format("{}", packet.error()));
}

} // namespace mqttwire::test
