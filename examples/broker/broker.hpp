// Broker: the sessions, subscriptions and retained messages, and who gets what. Everything runs in one thread.
#pragma once

#include "message.hpp"
#include "options.hpp"
#include "session.hpp"
#include "state.hpp"

#include "network/passwords.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

namespace broker {

namespace asio = boost::asio;

class Connection;

struct Counters {
    std::uint64_t connections = 0;
    std::uint64_t bytes_received = 0;
    std::uint64_t bytes_sent = 0;
    std::uint64_t messages_received = 0;
    std::uint64_t messages_sent = 0;
    std::uint64_t messages_dropped = 0;
};

class Broker {
public:
    /// Throws if the port, a file or a certificate cannot be used.
    Broker(asio::io_context& context, Options options);
    ~Broker();

    std::uint16_t port() const { return acceptor_.local_endpoint().port(); }
    /// Says good-bye to all clients, writes the state, ends.
    asio::awaitable<void> stop();

    // For connections

    asio::any_io_executor executor() const { return context_.get_executor(); }
    const Options& options() const { return options_; }
    Counters& counters() { return counters_; }
    State& state() { return state_; }
    mq::session::Time now() const;

    void enter(Connection& connection) { connections_.insert(&connection); }
    void leave(Connection& connection) { connections_.erase(&connection); }
    /// True if user name and password are good.
    bool may_enter(const mq::Connect& connect) const;
    /// The session of a client identifier, a new one if there is none; nullptr if there are too many.
    Session* session(std::string_view client_id);
    std::string new_client_id();
    /// Forgets a session of which nothing is left.
    void drop_if_over(Session& session);

    /// What an outcome says of the session rather than of the connection.
    void settle(Session& session, const mq::session::Outcome& outcome);
    /// Gives a message to all that subscribe to its topic; `from` may be nullptr.
    void publish(const Session* from, const MessagePtr& message);
    /// Gives the session's connection what waits for it, as far as it takes it now.
    void pump(Session& session);
    mq::ReasonCode subscribe(Session& session, const mq::Subscription& wanted, std::uint32_t identifier, bool& is_new);
    /// Retained messages for a new subscription.
    void send_retained(Session& session, const mq::Subscription& wanted, std::uint32_t identifier);
    bool unsubscribe(Session& session, std::string_view filter);
    /// A connection for which much waits, if the last messages were for one.
    std::weak_ptr<Connection> take_slow_receiver() { return std::exchange(slow_receiver_, {}); }
    /// Waits until all that was recorded is on the disk; all who ask in one turn of the loop wait for one write.
    asio::awaitable<void> keep();
    void log(std::string_view line) const;

private:
    /// A subscription as the index has it.
    struct Subscriber {
        Session* session = nullptr;
        const std::string* filter = nullptr;
        SubscriptionState* state = nullptr;
    };
    struct Target {
        Session* session;
        mq::QoS qos;
        bool retain_as_published;
        std::vector<std::uint32_t> identifiers;
    };
    /// An index over vectors that grow.
    template <class Index>
    struct Growing {
        std::vector<mq::IndexLeaf> leaves;
        std::vector<mq::IndexBranch> branches;
        std::vector<std::uint32_t> slots;
        Index index;

        explicit Growing(mq::HashKey key) : index(mq::IndexStorage{}, key) {}
        void make_room();
    };

    void load();
    void write_state();
    asio::awaitable<void> listen();
    asio::awaitable<void> serve(asio::ip::tcp::socket socket);
    asio::awaitable<void> run_clock();
    void tick();
    void publish_counters();
    void drop_state(Session& session);
    void add_target(const Session* from, const Subscriber& subscriber);
    void add_shared_target(const Session* from, const mq::IndexMatch& match);
    void deliver(Session& session, Delivery delivery);
    void retain(const MessagePtr& message);
    void insert_subscription(
        Session& session, const std::string& filter, SubscriptionState& state, mq::Version version);
    static mq::Publish publish_of(const Delivery& delivery, const Session& session);
    bool send_first(Session& session, Token token, const Delivery& delivery);
    void forget_delivery(Session& session, Token token);

    asio::io_context& context_;
    Options options_;
    asio::ip::tcp::acceptor acceptor_;
    asio::steady_timer clock_;
    std::optional<asio::ssl::context> tls_;
    std::optional<network::Passwords> passwords_;
    State state_;
    asio::steady_timer kept_; ///< never expires; is cancelled when the state is on the disk
    bool is_keeping_ = false;
    Counters counters_;
    bool stopping_ = false;
    std::chrono::steady_clock::time_point started_ = std::chrono::steady_clock::now();

    std::unordered_map<std::string, std::unique_ptr<Session>> sessions_;
    std::unordered_set<Connection*> connections_;
    Growing<mq::FilterIndex> subscriptions_;
    std::vector<Subscriber> subscribers_; ///< by the values of the index
    std::vector<std::uint32_t> free_subscribers_;
    Growing<mq::NameIndex> retained_names_;
    std::vector<MessagePtr> retained_; ///< by the values of the index
    std::size_t retained_bytes_ = 0;
    std::vector<std::uint32_t> free_retained_;
    std::vector<Target> targets_;
    std::size_t target_count_ = 0;
    std::uint64_t round_ = 0;
    std::weak_ptr<Connection> slow_receiver_;
};

} // namespace broker
