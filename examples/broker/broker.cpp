#include "broker.hpp"

#include "connection.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <fmt/format.h>
#include <openssl/rand.h>

#include <algorithm>
#include <cstdio>
#include <utility>

namespace broker {

namespace {

using namespace std::chrono_literals;
namespace session = mq::session;

constexpr auto quietly = asio::as_tuple(asio::use_awaitable);
constexpr std::size_t enough = 262'144; ///< bytes of backlog with which QoS 1 and 2 wait in the session
constexpr std::size_t much = 1'048'576; ///< and with which publishers are slowed down

std::uint64_t random_number()
{
    std::uint64_t number = 0;
    RAND_bytes(reinterpret_cast<unsigned char*>(&number), sizeof number);
    return number;
}
/// Bytes of memory that an index takes for a filter or name, about.
std::size_t index_cost(std::string_view text)
{
    return 128 + text.size() + 64 * static_cast<std::size_t>(std::ranges::count(text, '/'));
}
mq::HashKey random_key() { return {random_number(), random_number()}; }

asio::ip::tcp::endpoint endpoint(const Options& options)
{
    return {asio::ip::make_address(options.address), options.port};
}

} // namespace

template <class Index>
void Broker::Growing<Index>::make_room()
{
    if (!index.full()) return;
    const std::size_t size = std::max<std::size_t>(64, 2 * index.capacity());
    std::vector<mq::IndexLeaf> more_leaves(size);
    std::vector<mq::IndexBranch> more_branches(size);
    std::vector<std::uint32_t> more_slots(2 * size);
    index.grow({more_leaves, more_branches, more_slots});
    leaves = std::move(more_leaves);
    branches = std::move(more_branches);
    slots = std::move(more_slots);
}

Broker::Broker(asio::io_context& context, Options options)
    : context_(context), options_(std::move(options)), acceptor_(context, endpoint(options_)), clock_(context),
      kept_(context, asio::steady_timer::time_point::max()), subscriptions_(random_key()), retained_names_(random_key())
{
    if (!options_.certificate.empty()) {
        tls_.emplace(asio::ssl::context::tls_server);
        tls_->set_options(asio::ssl::context::no_tlsv1 | asio::ssl::context::no_tlsv1_1);
        tls_->use_certificate_chain_file(options_.certificate);
        tls_->use_private_key_file(options_.key, asio::ssl::context::pem);
    }
    if (!options_.password_file.empty()) passwords_.emplace(options_.password_file);
    if (!options_.state_file.empty()) {
        state_.open(options_.state_file);
        load();
    }
    asio::co_spawn(context_, listen(), asio::detached);
    asio::co_spawn(context_, run_clock(), asio::detached);
}

Broker::~Broker() = default;

session::Time Broker::now() const
{
    const auto passed = std::chrono::steady_clock::now() - started_;
    return static_cast<session::Time>(std::chrono::duration_cast<std::chrono::milliseconds>(passed).count());
}

void Broker::log(std::string_view line) const
{
    if (options_.verbose) fmt::print(stderr, "{}\n", line);
}

asio::awaitable<void> Broker::keep()
{
    if (!state_.is_dirty()) co_return;
    if (!std::exchange(is_keeping_, true))
        asio::post(context_, [this] { // behind all that is ready to run
            is_keeping_ = false;
            state_.flush();
            kept_.cancel();
        });
    co_await kept_.async_wait(quietly);
}

asio::awaitable<void> Broker::listen()
{
    asio::steady_timer pause(context_);
    for (;;) {
        auto [error, socket] = co_await acceptor_.async_accept(quietly);
        if (error == asio::error::operation_aborted) co_return;
        if (!error && connections_.size() < options_.maximum_connections) {
            asio::co_spawn(context_, serve(std::move(socket)), asio::detached);
        } else if (error) { // no descriptors are left, for instance
            pause.expires_after(100ms);
            co_await pause.async_wait(quietly);
        }
    }
}

asio::awaitable<void> Broker::serve(asio::ip::tcp::socket socket)
{
    boost::system::error_code gone;
    const auto peer = socket.remote_endpoint(gone);
    if (gone) co_return;
    std::string name = fmt::format("{}:{}", peer.address().to_string(), peer.port());
    auto stream = co_await network::accept_stream(std::move(socket), tls_ ? &*tls_ : nullptr, 10s);
    if (!stream || stopping_) co_return log(fmt::format("{} does not speak MQTT", name));
    co_await std::make_shared<Connection>(*this, std::move(stream), std::move(name))->run();
}

asio::awaitable<void> Broker::stop()
{
    stopping_ = true;
    acceptor_.close();
    clock_.cancel();
    const std::vector<Connection*> all(connections_.begin(), connections_.end());
    for (Connection* each : all) each->shut_down();
    asio::steady_timer pause(context_);
    for (int i = 0; i < 30 && !connections_.empty(); ++i) {
        pause.expires_after(20ms);
        co_await pause.async_wait(quietly);
    }
    write_state();
    context_.stop();
}

// Sessions

bool Broker::may_enter(const mq::Connect& connect) const
{
    if (!passwords_) return true;
    return connect.user_name && connect.password
        && passwords_->good(connect.user_name->view(), connect.password->view());
}

Session* Broker::session(std::string_view client_id)
{
    std::string id(client_id);
    if (const auto found = sessions_.find(id); found != sessions_.end()) return found->second.get();
    if (sessions_.size() >= options_.maximum_connections) return nullptr;
    return sessions_.emplace(id, std::make_unique<Session>(id)).first->second.get();
}

std::string Broker::new_client_id() { return fmt::format("auto-{:016x}", random_number()); }

void Broker::drop_if_over(Session& session)
{
    if (session.connection != nullptr || session.engine.has_session() || session.engine.next_deadline()) return;
    drop_state(session);
    sessions_.erase(std::string(session.client_id));
}

/// Subscriptions and messages go with the session.
void Broker::drop_state(Session& session)
{
    while (!session.subscriptions.empty()) unsubscribe(session, session.subscriptions.begin()->first);
    session.deliveries.clear();
    session.kept_bytes = 0;
    state_.forgotten(session);
}

void Broker::settle(Session& session, const session::Outcome& outcome)
{
    if (outcome.session_ended) drop_state(session);
    state_.change(session, outcome);
    if (outcome.event == session::Event::owned || outcome.event == session::Event::done)
        forget_delivery(session, outcome.token);
    if (outcome.publish_will)
        if (const MessagePtr will = std::exchange(session.will, nullptr)) publish(&session, will);
}

void Broker::forget_delivery(Session& session, Token token)
{
    const auto found = session.deliveries.find(token);
    if (found == session.deliveries.end()) return;
    session.kept_bytes -= found->second.message->bytes().size();
    session.deliveries.erase(found);
}

// Subscriptions

void Broker::insert_subscription(
    Session& session, const std::string& filter, SubscriptionState& state, mq::Version version)
{
    subscriptions_.make_room();
    std::uint32_t value = static_cast<std::uint32_t>(subscribers_.size());
    if (free_subscribers_.empty()) {
        subscribers_.emplace_back();
    } else {
        value = free_subscribers_.back();
        free_subscribers_.pop_back();
    }
    subscribers_[value] = {&session, &filter, &state};
    state.entry = subscriptions_.index.insert(filter, value, version).value();
    session.filter_bytes += index_cost(filter);
}

mq::ReasonCode Broker::subscribe(
    Session& session, const mq::Subscription& wanted, std::uint32_t identifier, bool& is_new)
{
    const std::string filter(wanted.filter.view());
    auto found = session.subscriptions.find(filter);
    is_new = found == session.subscriptions.end();
    if (is_new) {
        if (session.subscriptions.size() >= options_.maximum_subscriptions
            || session.filter_bytes + index_cost(filter) > options_.maximum_filters)
            return mq::ReasonCode::quota_exceeded;
        found = session.subscriptions.emplace(filter, SubscriptionState{}).first;
        insert_subscription(session, found->first, found->second, session.connection->version());
    }
    found->second.qos = wanted.qos;
    found->second.no_local = wanted.no_local;
    found->second.retain_as_published = wanted.retain_as_published;
    found->second.identifier = identifier;
    return static_cast<mq::ReasonCode>(wanted.qos);
}

bool Broker::unsubscribe(Session& session, std::string_view filter)
{
    const auto found = session.subscriptions.find(std::string(filter));
    if (found == session.subscriptions.end()) return false;
    const std::uint32_t value = subscriptions_.index.value(found->second.entry);
    subscriptions_.index.erase(found->second.entry);
    subscribers_[value] = {};
    free_subscribers_.push_back(value);
    session.filter_bytes -= index_cost(filter);
    session.subscriptions.erase(found);
    return true;
}

void Broker::send_retained(Session& session, const mq::Subscription& wanted, std::uint32_t identifier)
{
    const auto now = Clock::now();
    std::vector<MessagePtr> found;
    retained_names_.index.match(wanted.filter, [&](const mq::IndexMatch& match) {
        if (const MessagePtr& message = retained_[match.value()]; !message->expired(now)) found.push_back(message);
    });
    for (MessagePtr& message : found) {
        const mq::QoS qos = std::min(message->publish().qos, wanted.qos);
        std::vector<std::uint32_t> identifiers;
        if (identifier != 0) identifiers.push_back(identifier);
        deliver(session, {std::move(message), qos, true, std::move(identifiers)});
    }
}

// Messages

void Broker::publish(const Session* from, const MessagePtr& message)
{
    if (message->publish().retain) retain(message);
    ++round_;
    target_count_ = 0;
    subscriptions_.index.match(message->publish().topic, [&](const mq::IndexMatch& match) {
        if (match.shared()) return add_shared_target(from, match);
        for (const std::uint32_t value : match) add_target(from, subscribers_[value]);
    });
    for (std::size_t i = 0; i < target_count_; ++i) {
        Target& target = targets_[i];
        deliver(*target.session,
            {message, std::min(message->publish().qos, target.qos),
                message->publish().retain && target.retain_as_published, target.identifiers});
    }
}

/// A client with several subscriptions that match gets the message once [MQTT-3.3.4-2, -3; 5.0: MQTT-3.3.4-2 to -5].
void Broker::add_target(const Session* from, const Subscriber& subscriber)
{
    const SubscriptionState& state = *subscriber.state;
    Session& session = *subscriber.session;
    if (state.no_local && &session == from) return; // [MQTT-3.8.3-3]
    if (session.round != round_) {
        session.round = round_;
        session.target = target_count_++;
        if (targets_.size() < target_count_) targets_.emplace_back();
        Target& fresh = targets_[session.target];
        fresh.session = &session;
        fresh.qos = state.qos;
        fresh.retain_as_published = state.retain_as_published;
        fresh.identifiers.clear();
    }
    Target& target = targets_[session.target];
    target.qos = std::max(target.qos, state.qos);
    target.retain_as_published = target.retain_as_published || state.retain_as_published;
    if (state.identifier != 0) target.identifiers.push_back(state.identifier);
}

/// One member gets the message, in turn; one that is connected if there is one.
void Broker::add_shared_target(const Session* from, const mq::IndexMatch& match)
{
    const auto connected = [this](std::uint32_t value) { return subscribers_[value].session->connection != nullptr; };
    std::uint32_t chosen = match.value();
    for (const std::uint32_t value : match) {
        if (!connected(value)) continue;
        chosen = value;
        break;
    }
    const Subscriber& subscriber = subscribers_[chosen];
    const std::uint64_t round = std::exchange(subscriber.session->round, 0); // apart from subscriptions of its own
    add_target(from, subscriber);
    subscriber.session->round = round == round_ ? 0 : round;
    subscriptions_.index.rotate(match);
}

/// The PUBLISH of a delivery, as its receiver's version can say it.
mq::Publish Broker::publish_of(const Delivery& delivery, const Session& session)
{
    mq::Publish publish = delivery.message->to_send(Clock::now());
    publish.qos = delivery.qos;
    publish.retain = delivery.retain;
    if (session.connection->version() != mq::Version::v5) publish.properties = {};
    else publish.properties.subscription_identifier = delivery.identifiers;
    return publish;
}

void Broker::deliver(Session& session, Delivery delivery)
{
    if (delivery.qos == mq::QoS::at_most_once) {
        if (session.connection == nullptr) return;
        mq::Publish publish = publish_of(delivery, session);
        if (!session.engine.publish(publish, 0, now())) return;
        if (session.connection->send(publish)) ++counters_.messages_sent;
        else session.engine.withdraw(publish);
        if (session.connection->backlog() > much) slow_receiver_ = session.connection->weak_from_this();
        return;
    }
    const std::size_t size = delivery.message->bytes().size();
    if (session.kept_bytes + size > options_.maximum_queue) {
        ++counters_.messages_dropped;
        return;
    }
    session.kept_bytes += size;
    const Token token = session.next_token++;
    state_.queued(session, token, delivery);
    session.deliveries.emplace(token, std::move(delivery));
    pump(session);
}

void Broker::pump(Session& session)
{
    if (session.connection == nullptr || session.connection->is_ending()) return;
    while (const session::Resend again = session.engine.resend(now())) {
        if (again.packet == mq::PacketType::pubrel) session.connection->send_answer(again.outcome());
        const auto found = session.deliveries.find(again.token);
        if (again.packet == mq::PacketType::pubrel || found == session.deliveries.end()) continue;
        mq::Publish publish = publish_of(found->second, session);
        again.set(publish);
        session.connection->send(publish);
    }
    while (session.connection->backlog() < enough) {
        const auto next = session.deliveries.lower_bound(session.first_unsent);
        if (next == session.deliveries.end() || !send_first(session, next->first, next->second)) break;
    }
    if (session.kept_bytes > options_.maximum_queue / 2) slow_receiver_ = session.connection->weak_from_this();
}

/// Sends the first delivery that waits, or drops it; false if it has to wait on.
bool Broker::send_first(Session& session, Token token, const Delivery& delivery)
{
    bool sent = false;
    if (!delivery.message->expired(Clock::now())) {
        mq::Publish publish = publish_of(delivery, session);
        const session::Outcome outcome = session.engine.publish(publish, token, now());
        if (!outcome && outcome.fault != session::Fault::packet_too_large) return false;
        if (outcome) {
            sent = session.connection->send(publish);
            if (sent) state_.change(session, outcome);
            else session.engine.withdraw(publish);
            if (session.connection->is_ending()) return false;
        }
    }
    session.first_unsent = token + 1;
    ++(sent ? counters_.messages_sent : counters_.messages_dropped);
    if (sent) return true;
    state_.dropped(session, token);
    forget_delivery(session, token);
    return true;
}

void Broker::retain(const MessagePtr& message)
{
    const mq::Text topic = message->publish().topic;
    const auto found = retained_names_.index.find(topic);
    const bool remove = message->publish().payload.empty(); // [MQTT-3.3.1-6, -7]
    const bool is_sys = topic.starts_with("$SYS");
    if (found) {
        // The index reads the name in the message, which therefore goes last.
        const std::uint32_t value = found->value();
        const MessagePtr old = std::exchange(retained_[value], nullptr);
        retained_names_.index.erase(found->entry());
        free_retained_.push_back(value);
        retained_bytes_ -= old->bytes().size() + index_cost(topic.view());
    }
    if (!remove) {
        const std::size_t size = message->bytes().size() + index_cost(topic.view());
        if (retained_bytes_ + size > options_.maximum_retained) {
            ++counters_.messages_dropped;
            return;
        }
        retained_names_.make_room();
        if (free_retained_.empty()) {
            free_retained_.push_back(static_cast<std::uint32_t>(retained_.size()));
            retained_.emplace_back();
        }
        const std::uint32_t value = free_retained_.back();
        if (!retained_names_.index.insert(topic, value)) return;
        free_retained_.pop_back();
        retained_bytes_ += size;
        retained_[value] = message;
    }
    if (!is_sys) state_.retained(topic.view(), remove ? nullptr : message.get());
}

// State

void Broker::load()
{
    Kept kept = state_.load();
    for (auto& [topic, message] : kept.retained) retain(message);
    for (auto& [id, from] : kept.sessions) {
        Session& session = *sessions_.emplace(id, std::make_unique<Session>(id)).first->second;
        const session::Loaded loaded = session.engine.load(from.journal, now());
        if (!loaded) throw std::runtime_error(fmt::format("the state of {} is damaged", id));
        session.next_token = from.next_token;
        session.subscriptions = std::move(from.subscriptions);
        for (auto& [filter, state] : session.subscriptions)
            insert_subscription(session, filter, state, mq::Version::v5);
        session.deliveries = std::move(from.deliveries);
        for (const auto& [token, delivery] : session.deliveries) session.kept_bytes += delivery.message->bytes().size();
        for (std::uint16_t flow = session.engine.first_flow(); flow != 0; flow = session.engine.next_flow(flow))
            session.first_unsent = std::max(session.first_unsent, session.engine.token(flow) + 1);
    }
    write_state();
}

void Broker::write_state()
{
    state_.rewrite([this] {
        for (const auto& [id, session] : sessions_) {
            state_.session(*session);
            for (const auto& [token, delivery] : session->deliveries) state_.queued(*session, token, delivery);
        }
        for (const MessagePtr& message : retained_)
            if (message && !message->publish().topic.starts_with("$SYS"))
                state_.retained(message->publish().topic.view(), message.get());
    });
}

// Time

asio::awaitable<void> Broker::run_clock()
{
    auto next_counters = std::chrono::steady_clock::now();
    while (!stopping_) {
        tick();
        if (options_.sys_interval != 0 && std::chrono::steady_clock::now() >= next_counters) {
            publish_counters();
            next_counters += std::chrono::seconds(options_.sys_interval);
        }
        if (state_.should_rewrite()) write_state();
        clock_.expires_after(200ms);
        co_await clock_.async_wait(quietly);
    }
}

void Broker::tick()
{
    std::vector<Session*> due;
    for (const auto& [id, session] : sessions_)
        if (const auto deadline = session->engine.next_deadline(); deadline && session::has_come(*deadline, now()))
            due.push_back(session.get());
    for (Session* session : due) {
        const session::Outcome outcome = session->engine.tick(now());
        if (session->connection != nullptr) {
            session->connection->settle(outcome);
        } else {
            settle(*session, outcome);
            drop_if_over(*session);
        }
    }
    const std::vector<Connection*> all(connections_.begin(), connections_.end());
    for (Connection* each : all) each->check(std::chrono::steady_clock::now());
    state_.flush();
}

void Broker::publish_counters()
{
    const auto publish_one = [this](std::string_view name, const auto& value) {
        const std::string topic = fmt::format("$SYS/broker/{}", name);
        const std::string payload = fmt::format("{}", value);
        publish(nullptr, Message::of({.topic = topic, .payload = payload, .retain = true}, Clock::now()));
    };
    const auto uptime = std::chrono::steady_clock::now() - started_;
    publish_one("version", "mqttwire-broker");
    publish_one("uptime", std::chrono::duration_cast<std::chrono::seconds>(uptime).count());
    publish_one("clients/connected", connections_.size());
    publish_one("clients/total", sessions_.size());
    publish_one("connections", counters_.connections);
    publish_one("subscriptions/count", subscriptions_.index.size());
    publish_one("retained messages/count", retained_names_.index.size());
    publish_one("messages/received", counters_.messages_received);
    publish_one("messages/sent", counters_.messages_sent);
    publish_one("messages/dropped", counters_.messages_dropped);
    publish_one("bytes/received", counters_.bytes_received);
    publish_one("bytes/sent", counters_.bytes_sent);
}

} // namespace broker
