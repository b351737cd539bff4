// Broker: the sessions, subscriptions and retained messages, and who gets what. Everything runs in one thread.
#pragma once

#include "state.hpp"

#include "network/asio.hpp"
#include "network/growing_index.hpp"
#include "network/passwords.hpp"
#include "network/retained.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>

#include <fmt/format.h>

#include <optional>
#include <string>
#include <unordered_set>
#include <vector>

namespace broker {

namespace asio = network::asio;

/// What the command line says.
struct Options {
    std::string address = "0.0.0.0";
    std::uint16_t port = 1883;
    std::string certificate{}; ///< with a key: TLS on the same port
    std::string key{};
    std::string password_file{}; ///< as mosquitto_passwd writes it; without it everybody may come in
    std::string state_file{}; ///< keeps sessions, messages with QoS 1 and 2, and retained messages
    std::uint32_t maximum_packet = 1'048'576; ///< bytes
    std::size_t maximum_backlog = 16'777'216; ///< bytes that wait for one connection, above which it is cut off
    std::size_t maximum_queue = 16'777'216; ///< bytes of messages with QoS 1 and 2 that wait for one client
    std::size_t maximum_connections = 100'000;
    std::size_t maximum_sessions = 100'000; ///< that outlive their connections
    std::size_t maximum_subscriptions = 10'000; ///< of one client
    std::size_t maximum_filters = 4'194'304; ///< bytes of memory for all filters of one client
    std::size_t maximum_retained = 67'108'864; ///< bytes of memory for all retained messages
    std::size_t maximum_memory = 1'073'741'824; ///< bytes for all sessions, messages, and what waits for connections
    std::uint32_t maximum_session_expiry = 0xFFFFFFFF; ///< seconds
    std::uint16_t maximum_keep_alive = 0; ///< seconds, of 5.0; 0: as the client likes
    std::string refused_filter{}; ///< nobody can subscribe to it
    unsigned sys_interval = 10; ///< seconds between the messages of $SYS; 0: none
    bool verbose = false;
};

struct Counters {
    std::uint64_t connections = 0;
    std::uint64_t bytes_received = 0, bytes_sent = 0;
    std::uint64_t messages_received = 0, messages_sent = 0, messages_dropped = 0;
};

class Broker {
public:
    /// Throws if the port, a file or a certificate cannot be used.
    Broker(asio::io_context& the_context, Options the_options);

    std::uint16_t port() const { return acceptor_.local_endpoint().port(); }
    /// Says good-bye to all clients, ends the loop when the state is kept.
    void stop();

    // For connections

    asio::io_context& context;
    const Options options;
    Counters counters{};
    State state;
    network::Retained retained{options.maximum_retained};
    std::unordered_set<Connection*> connections{};

    /// True if user name and password are good.
    bool may_enter(const mq::Connect& connect) const { return !passwords_ || passwords_->good(connect); }
    /// Who may use how many eighths of the memory: as it runs out, messages with QoS 0 are dropped, then those with QoS
    /// 1 and 2 and subscriptions refused, then clients. The last eighth is for packets that are not whole yet.
    enum class Share : std::uint8_t { qos_0 = 5, qos_1_and_2 = 6, clients = 7 };
    bool has_room(std::size_t bytes, Share share) const
    {
        return network::Counted::total() + bytes <= options.maximum_memory / 8 * static_cast<std::size_t>(share);
    }
    /// True if a client can have what it asks for: a session, and a will.
    bool has_room_for(const std::string& client_id, const mq::Connect& connect) const;
    /// The session of a client identifier, a new one if there is none.
    Session& session(const std::string& client_id);
    /// What an outcome says of the session rather than of the connection.
    void settle(Session& session, const mq::session::Outcome& outcome);
    /// The session has no connection any more.
    void leave(Session& session);
    mq::ReasonCode subscribe(Session& session, const mq::Subscription& wanted, std::uint32_t identifier, bool& is_new);
    bool unsubscribe(Session& session, std::string_view filter);
    /// Retained messages for a new subscription.
    void send_retained(Session& session, const mq::Subscription& wanted, std::uint32_t identifier);
    /// Gives a message to all that subscribe to its topic; `from` may be nullptr.
    void publish(const Session* from, const MessagePtr& message);
    /// Gives the session's connection what waits for it, as far as it takes it now.
    void pump(Session& session);
    /// A connection for which much waits, if the last messages were for one.
    std::weak_ptr<Connection> take_slow_receiver() { return std::exchange(slow_receiver_, {}); }
    template <class... T>
    void log(fmt::format_string<T...> line, T&&... values) const
    {
        if (options.verbose) fmt::print(stderr, "{}\n", fmt::format(line, std::forward<T>(values)...));
    }

private:
    /// A subscription as the index has it.
    struct Subscriber {
        Session* session = nullptr;
        SubscriptionState* subscription = nullptr;
    };

    void load();
    void write_state();
    asio::awaitable<void> run_clock();
    void tick();
    void publish_counters();
    /// For a session without a connection, which is forgotten if nothing is left of it.
    void settle_alone(Session& session, const mq::session::Outcome& outcome);
    void drop_state(Session& session);
    void add_subscription(Session& session, const std::string& filter, SubscriptionState& subscription);
    void add_target(const Session* from, const MessagePtr& message, const Subscriber& subscriber);
    void add_shared_target(const Session* from, const MessagePtr& message, const mq::IndexMatch& match);
    void deliver(Session& session, Delivery delivery);
    void retain(const MessagePtr& message);
    static mq::Publish publish_of(const Delivery& delivery, const Session& session);
    bool send_first(Session& session, Token token, const Delivery& delivery);
    void drop_expired(Session& session);

    asio::ip::tcp::acceptor acceptor_;
    bool stopping_ = false;
    std::optional<asio::ssl::context> tls_{};
    std::optional<network::Passwords> passwords_{};
    mq::session::Time started_ = network::session_time();

    Sessions sessions_{};
    network::GrowingIndex<mq::FilterIndex, Subscriber> subscriptions_{};
    std::vector<std::pair<Session*, Delivery>> targets_{}; ///< of the message that is published
    std::uint64_t round_ = 0;
    std::weak_ptr<Connection> slow_receiver_{};
};

} // namespace broker
