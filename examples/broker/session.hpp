// Session: what the broker knows of a client, connected or not.
#pragma once

#include "message.hpp"

#include <mqttwire/session/server.hpp>
#include <mqttwire/topic_index.hpp>

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace broker {

class Connection;

/// A message for one client.
struct Delivery {
    MessagePtr message;
    mq::QoS qos{};
    bool retain = false;
    std::vector<std::uint32_t> identifiers{}; ///< of its subscriptions
};

struct SubscriptionState {
    mq::QoS qos{};
    bool no_local = false;
    bool retain_as_published = false;
    std::uint32_t identifier = 0; ///< 0: none
    mq::IndexEntry entry{};
};

using Engine = mq::session::Server<mq::session::Capacities{.outgoing = 128,
    .incoming = 64,
    .aliases_in = 16,
    .alias_bytes_in = 1'024,
    .aliases_out = 16,
    .alias_bytes_out = 1'024}>;
using Token = mq::session::Token;

struct Session {
    explicit Session(std::string id) : client_id(std::move(id)) {}

    std::string client_id;
    Engine engine{};
    std::map<std::string, SubscriptionState> subscriptions{}; ///< by filter, which the index reads here
    std::size_t filter_bytes = 0; ///< that they take, see Broker::subscribe
    std::map<Token, Delivery> deliveries{}; ///< QoS 1 and 2, until the client has them for certain
    std::size_t kept_bytes = 0; ///< of their messages
    Token next_token = 1;
    Token first_unsent = 1; ///< deliveries from here on have not been sent
    MessagePtr will{};
    Connection* connection = nullptr;
    std::uint64_t round = 0; ///< of the last message that was for this client; see Broker::publish
    std::size_t target = 0;

    mq::session::Journal journal{}; ///< of the engine, in the state file
    bool is_kept = false; ///< there
};

} // namespace broker
