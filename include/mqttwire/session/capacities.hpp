// Capacities and Memory: how much a session has room for, in itself or in the caller's memory.
#pragma once

#include "mqttwire/config.hpp"
#include "mqttwire/session/flows.hpp"
#include "mqttwire/session/packet_ids.hpp"
#include "mqttwire/session/received_ids.hpp"
#include "mqttwire/session/room.hpp"
#include "mqttwire/session/topic_aliases.hpp"

#include <cstddef>
#include <span>

namespace mqttwire::inline MQTTWIRE_ABI::session {

/// How much a session has room for. Members are in entries, but for bytes.
struct Capacities {
    std::size_t outgoing = 16; ///< identifiers in use at once, at most 16,383: 8 bytes each
    std::size_t incoming = 16; ///< QoS 2 messages received and not released: 4 bytes each
    std::size_t aliases_in = 0; ///< Topic Alias Maximum to announce: 6 bytes each
    std::size_t alias_bytes_in = 0; ///< bytes of all their topics, at most 65,535
    std::size_t aliases_out = 0; ///< topics that may have an alias at once: 6 bytes each
    std::size_t alias_bytes_out = 0; ///< bytes of all their topics, at most 65,535
};

/// The Capacities of a session whose entries stand in the caller's memory, see Memory.
inline constexpr Capacities callers_memory{
    in_callers_memory, in_callers_memory, in_callers_memory, in_callers_memory, in_callers_memory, in_callers_memory};

/// The caller's memory for a session. Its contents mean nothing before; it must not move. What is not needed is left
/// empty.
struct Memory {
    std::span<PacketIdEntry> packet_ids{}; ///< as many as `tokens`
    std::span<Token> tokens{};
    std::span<ReceivedId> received_ids{};
    std::span<AliasEntry> aliases_in{};
    std::span<std::byte> alias_topics_in{};
    std::span<AliasEntry> aliases_out{};
    std::span<std::byte> alias_topics_out{};
};

} // namespace mqttwire::inline MQTTWIRE_ABI::session
