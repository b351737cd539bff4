// Client: the session of a client, see session/engine.hpp for its calls and docs/sessions.md for how to use them.
#pragma once

#include "mqttwire/config.hpp"
#include "mqttwire/session/engine.hpp"

#include <type_traits>

namespace mqttwire::inline MQTTWIRE_ABI::session {

/// A client whose entries stand in itself (Client<Capacities{...}>) or in the caller's memory
/// (Client<callers_memory>), of any version or of one that is known while compiling.
template <Capacities capacities = Capacities{}, class V = wire::AnyVersion>
using Client = Engine<Role::client, capacities, V>;

namespace detail {

inline constexpr Capacities one_of_each{1, 1, 1, 1, 1, 1};
inline constexpr std::size_t entries_of_one =
    sizeof(PacketIdEntry) + sizeof(Token) + sizeof(ReceivedId) + 2 * (sizeof(AliasEntry) + 1);

static_assert(sizeof(Client<one_of_each>) - entries_of_one <= 96);
static_assert(std::is_trivially_copyable_v<Client<>> && std::is_trivially_copyable_v<Client<callers_memory>>);

} // namespace detail

} // namespace mqttwire::inline MQTTWIRE_ABI::session
