// Session: what the broker knows of a client, connected or not.
#pragma once

#include "network/deliveries.hpp"
#include "network/session_room.hpp"

#include <mqttwire/session/server.hpp>
#include <mqttwire/topic_index.hpp>

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

namespace broker {

namespace mq = mqttwire;
using network::Clock, network::Delivery, network::Message, network::MessagePtr;

class Connection;

/// True of the topics that are the broker's own.
inline bool is_sys(const mq::Text& topic) { return topic.starts_with("$SYS"); }

struct SubscriptionState {
    mq::QoS qos{};
    bool no_local = false;
    bool retain_as_published = false;
    std::uint32_t identifier = 0; ///< 0: none
    mq::IndexEntry entry{};
};
void fields(auto& record, auto& state)
    requires requires { state.no_local; }
{
    record(state.qos, state.no_local, state.retain_as_published, state.identifier);
}

using Engine = mq::session::Server<mq::session::callers_memory>;
using Token = mq::session::Token;

struct Session;
using Sessions = std::unordered_map<std::string, std::unique_ptr<Session>>; ///< by client identifier

struct Session {
    Session(std::string id, std::size_t most_outgoing) : client_id(std::move(id)), room(most_outgoing) { count(); }

    std::string client_id;
    network::SessionRoom room;
    Engine engine{room.memory()};
    std::map<std::string, SubscriptionState> subscriptions{}; ///< by filter, which the index reads here
    std::size_t filter_bytes = 0; ///< of memory that they take
    network::Counted memory{};
    network::Deliveries deliveries{};
    MessagePtr will{};
    std::uint32_t will_delay = 0; ///< seconds
    bool will_is_kept = false; ///< it stands in the state file
    Clock::time_point left_at = Clock::now(); ///< without a connection: when the engine began to count
    Connection* connection = nullptr;
    std::uint64_t round = 0; ///< of the last message that was for this client; see Broker::publish
    std::size_t target = 0;

    std::vector<std::byte> saved{}; ///< of the engine, while the state file is read
    mq::session::Journal journal{}; ///< of the engine, in the state file
    bool is_kept = false; ///< it outlives its connection, and stands there

    /// Between connections: for topic aliases of the next, either way.
    void hold_aliases(bool in, bool out) { engine.take_aliases(room.hold_aliases(in, out)); }
    bool is_over() const { return !engine.has_session() && !engine.next_deadline(); } ///< nothing is left of it
    /// To be called when subscriptions have come or gone.
    void count() { memory.set(sizeof(Session) + filter_bytes); }
};

} // namespace broker
