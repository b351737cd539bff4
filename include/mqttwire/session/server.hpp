// Server: the session of one client as its server sees it, see session/engine.hpp for its calls and docs/sessions.md
// for how to use them.
#pragma once

#include "mqttwire/config.hpp"
#include "mqttwire/session/engine.hpp"

#include <type_traits>

namespace mqttwire::inline MQTTWIRE_ABI::session {

/// A server's session, whose entries stand in itself (Server<Capacities{...}>) or in the caller's memory
/// (Server<callers_memory>). A server keeps them by client identifier [MQTT-3.1.3-2].
template <Capacities capacities = Capacities{}, class V = wire::AnyVersion>
using Server = Engine<Role::server, capacities, V>;

static_assert(std::is_trivially_copyable_v<Server<>> && std::is_trivially_copyable_v<Server<callers_memory>>);

} // namespace mqttwire::inline MQTTWIRE_ABI::session
