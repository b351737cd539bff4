// World: a client's session, a link, a server's session, and what watches them, as one value of plain bytes.
//
// The sessions are those of the library, not a second description of them. Their entries stand in the world, so that
// the numbers of messages, which are all that would grow for ever, can be counted from the oldest that matters: a world
// that differs from another only in how many messages have gone by is the same world.
#pragma once

#include "mqttwire/session/client.hpp"
#include "mqttwire/session/server.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <type_traits>

namespace model {

using namespace mqttwire;
using session::Flow;
using session::Outcome;
using session::State;
using session::Token;

/// What is explored.
struct Scope {
    Version version = Version::v5;
    std::uint16_t ids = 2; ///< identifiers a sender, and room for received QoS 2 messages
    std::uint16_t receive_maximum[2] = {2, 2}; ///< that holds for what the client, the server sends
    bool sends[2] = {true, true}; ///< who publishes: client, server
    bool qos[3] = {false, true, true}; ///< with what
    std::uint8_t link = 4; ///< no new message where so many packets are on their way
    bool crashes = true; ///< either side loses what is not durable
    bool shrinks = false; ///< a connection may have Receive Maximum 1 instead (5.0 only)
    bool loses_session = false; ///< the server forgets everything (5.0 only)
};

inline constexpr std::size_t max_ids = 3;
inline constexpr std::size_t max_link = 24;

enum Side : unsigned { client = 0, server = 1 };
constexpr Side other(Side side) { return side == client ? server : client; }

/// A packet on its way, as far as it matters.
struct Item {
    std::uint8_t type;
    std::uint8_t id;
    std::uint8_t number; ///< PUBLISH: which message
    std::uint8_t detail; ///< PUBLISH: QoS, DUP (bit 2); acknowledgements: reason code; CONNACK: Session Present
};

/// Entries of one session.
struct Entries {
    session::PacketIdEntry ids[max_ids];
    Token tokens[max_ids];
    session::ReceivedId received[max_ids];
};

/// What a journal says, its tokens readable.
struct Durable {
    std::uint16_t count;
    std::uint16_t settings;
    std::uint32_t expiry;
    struct Entry {
        std::uint8_t kind;
        std::uint8_t id;
        std::uint16_t token;
    } entries[2 * max_ids];
};

/// What is known of the messages that one side publishes. Numbers are counted from `delivered`.
struct Watch {
    std::uint8_t published; ///< number of the last message
    std::uint8_t delivered; ///< number of the last message that the other side has had
    std::uint8_t last_sent; ///< number of the last PUBLISH on this connection
    std::uint8_t any_sent; ///< whether there was one
    std::uint8_t in_use; ///< identifiers between their first PUBLISH and the last acknowledgement, a bit each
    std::uint8_t released; ///< of which PUBREL has been sent
    std::uint8_t unacknowledged; ///< that count against Receive Maximum
    std::uint8_t unused;
};

/// A token is the message's number and its QoS.
constexpr Token token_of(std::uint8_t number, QoS qos) { return number | static_cast<unsigned>(qos) << 8U; }
constexpr std::uint8_t number_of(Token token) { return static_cast<std::uint8_t>(token); }

using ClientEngine = session::Client<session::callers_memory>;
using ServerEngine = session::Server<session::callers_memory>;

/// A world as it is kept.
struct alignas(32) Snapshot {
    unsigned char client_engine[sizeof(ClientEngine)];
    unsigned char server_engine[sizeof(ServerEngine)];
    Entries entries[2];
    Durable durable[2];
    Watch watch[2];
    std::uint8_t link_size[2]; ///< from client, from server
    std::uint8_t connected;
    std::uint8_t forgotten;
    std::uint8_t with_less;
    std::uint8_t unused[3];
    Item link[2][max_link];
};
static_assert(std::is_trivially_copyable_v<ClientEngine> && std::is_trivially_copyable_v<ServerEngine>);

/// What can happen.
enum class Action : std::uint8_t {
    connect,
    deliver_to_client,
    deliver_to_server,
    client_publishes, ///< with QoS 0; 1 and 2 follow
    client_publishes_1,
    client_publishes_2,
    server_publishes,
    server_publishes_1,
    server_publishes_2,
    client_resends,
    server_resends,
    lose_connection,
    client_crashes,
    server_crashes,
    server_forgets,
    connect_with_less, ///< with Receive Maximum 1 both ways
};
inline constexpr unsigned action_count = 16;

const char* name(Action action);

/// The world in which things happen: there is one, and snapshots go in and out of it.
class World {
public:
    explicit World(const Scope& scope);

    void restore(const Snapshot& snapshot);
    /// Gives the present state in its normal form.
    void keep(Snapshot& snapshot);

    /// True if the action was possible; then it has happened. What it broke is in `broken`.
    bool act(Action action);

    /// True if nothing is on its way or unfinished.
    bool at_rest() const;

    std::string broken;

private:
    void break_rule(const char* rule);
    void check(bool good, const char* rule)
    {
        if (!good) break_rule(rule);
    }

    template <Side side>
    auto& engine();

    template <Side side>
    void renew();
    bool connect(bool with_less);
    std::uint16_t receive_maximum(Side sender) const
    {
        return with_less_ ? std::uint16_t{1} : scope_.receive_maximum[sender];
    }
    template <Side to>
    bool deliver();
    template <Side side>
    bool publish(QoS qos);
    template <Side side>
    bool resend();
    void lose_connection();
    template <Side side>
    void crash();
    void server_forgets();

    template <Side side>
    Outcome hand_in(const Item& item);
    template <Side side>
    void see_to(const Outcome& outcome, const Item& item);
    template <Side side>
    void make_durable();
    template <Side side>
    void load_durable();
    void send(Side from, const Item& item);
    void watch_publish(Side side, const Item& item);

    Scope scope_;
    Entries entries_[2]{};
    ClientEngine client_;
    ServerEngine server_;
    Durable durable_[2]{};
    Watch watch_[2]{};
    bool connected_{};
    bool with_less_{}; ///< the connection has Receive Maximum 1
    bool forgotten_{}; ///< the server has forgotten, and the client has not been told: the connection holds, see README
    std::uint8_t link_size_[2]{};
    Item link_[2][max_link]{};
};

} // namespace model
