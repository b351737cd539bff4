#include "broker.hpp"

#include "connection.hpp"

#include <algorithm>

namespace broker {

namespace {

using namespace std::chrono_literals;
using network::index_cost, network::session_time;
namespace session = mq::session;

constexpr std::size_t enough = 262'144; ///< bytes of backlog with which QoS 1 and 2 wait in the session

} // namespace

Broker::Broker(asio::io_context& the_context, Options the_options)
    : context(the_context), options(std::move(the_options)), state(context),
      acceptor_(context, {asio::ip::make_address(options.address), options.port})
{
    if (!options.certificate.empty()) tls_.emplace(network::server_tls(options.certificate, options.key));
    if (!options.password_file.empty()) passwords_.emplace(options.password_file);
    if (!options.state_file.empty()) load();
    const auto serve = [this](std::unique_ptr<network::Stream> stream, std::string peer) -> asio::awaitable<void> {
        if (!stream || stopping_) co_return log("{} does not speak MQTT", peer);
        if (connections.size() >= options.maximum_connections) co_return log("{} is one too many", peer);
        std::make_shared<Connection>(*this, std::move(stream), std::move(peer))->start();
    };
    asio::co_spawn(context, network::accept_all(acceptor_, tls_ ? &*tls_ : nullptr, 10s, serve), asio::detached);
    asio::co_spawn(context, run_clock(), asio::detached);
}

// Connections

void Broker::stop()
{
    stopping_ = true;
    acceptor_.close();
    for (Connection* each : std::vector(connections.begin(), connections.end())) each->shut_down();
    const auto end = [this]() -> asio::awaitable<void> {
        for (int i = 0; i < 30 && !connections.empty(); ++i) co_await network::pause(20ms);
        co_await state.until_kept(state.written());
        context.stop();
    };
    asio::co_spawn(context, end, asio::detached);
}

// Sessions

bool Broker::has_room_for(const std::string& client_id, const mq::Connect& connect) const
{
    const auto found = sessions_.find(client_id);
    const bool is_new = found == sessions_.end();
    const bool outlives = options.maximum_session_expiry != 0
        && (connect.version == mq::Version::v5 ? connect.properties.session_expiry_interval.value_or(0) != 0
                                               : !connect.clean_start);
    const bool is_kept = !is_new && found->second->is_kept;
    if (outlives && !is_kept && state.sessions() >= options.maximum_sessions) return false;
    const std::size_t will = connect.will ? sizeof(Message) + connect.will->payload.size() : 0;
    return (!is_new && will == 0) || has_room(sizeof(Session) + will, Share::clients);
}

Session& Broker::session(const std::string& client_id)
{
    auto& session = sessions_[client_id];
    if (session) return *session;
    session = std::make_unique<Session>(client_id, network::SessionRoom::usual_outgoing);
    return *session;
}

void Broker::settle(Session& session, const session::Outcome& outcome)
{
    if (outcome.session_ended) drop_state(session);
    state.change(session, outcome);
    if (outcome.event == session::Event::owned || outcome.event == session::Event::done)
        session.deliveries.erase(outcome.token);
    if (outcome.publish_will && session.will) {
        const MessagePtr will = std::exchange(session.will, nullptr);
        publish(&session, Message::of(will->publish, Clock::now())); // whose expiry begins now
        state.will(session);
    }
}

void Broker::leave(Session& session)
{
    session.connection = nullptr;
    session.engine.limit_expiry(options.maximum_session_expiry); // whatever DISCONNECT has asked for
    const session::Outcome outcome = session.engine.closed(session_time());
    session.hold_aliases(false, false);
    if (!outcome.publish_will && !session.engine.owes_will()) session.will = nullptr;
    state.will(session);
    settle_alone(session, outcome);
}

void Broker::settle_alone(Session& session, const session::Outcome& outcome)
{
    session.left_at = Clock::now(); // from here on the engine counts
    state.session(session);
    settle(session, outcome);
    if (!session.is_over()) return;
    drop_state(session);
    sessions_.erase(std::string(session.client_id));
}

/// Subscriptions and messages go with the session.
void Broker::drop_state(Session& session)
{
    state.forgotten(session);
    while (!session.subscriptions.empty()) unsubscribe(session, session.subscriptions.begin()->first);
    session.deliveries.clear();
}

// Subscriptions

mq::ReasonCode Broker::subscribe(
    Session& session, const mq::Subscription& wanted, std::uint32_t identifier, bool& is_new)
{
    const std::string filter(wanted.filter.view());
    const bool is_good = mq::valid_topic_filter(filter); // as in 5.0: $share is so in every version
    if (!is_good || filter == options.refused_filter) return mq::ReasonCode::unspecified_error;
    auto found = session.subscriptions.find(filter);
    is_new = found == session.subscriptions.end();
    if (is_new) {
        if (session.subscriptions.size() >= options.maximum_subscriptions
            || session.filter_bytes + index_cost(filter) > options.maximum_filters
            || !has_room(index_cost(filter), Share::qos_1_and_2))
            return mq::ReasonCode::quota_exceeded;
        found = session.subscriptions.emplace(filter, SubscriptionState{}).first;
        add_subscription(session, found->first, found->second);
    }
    const mq::IndexEntry entry = found->second.entry;
    found->second = {wanted.qos, wanted.no_local, wanted.retain_as_published, identifier, entry};
    state.subscribed(session, filter, found->second);
    return static_cast<mq::ReasonCode>(wanted.qos);
}

void Broker::add_subscription(Session& session, const std::string& filter, SubscriptionState& subscription)
{
    session.filter_bytes += index_cost(filter);
    session.count();
    subscription.entry = *subscriptions_.insert(filter, {&session, &subscription});
}

bool Broker::unsubscribe(Session& session, std::string_view filter)
{
    const auto found = session.subscriptions.find(std::string(filter));
    if (found == session.subscriptions.end()) return false;
    state.unsubscribed(session, filter);
    subscriptions_.erase(found->second.entry);
    session.filter_bytes -= index_cost(filter);
    session.subscriptions.erase(found);
    session.count();
    return true;
}

void Broker::send_retained(Session& session, const mq::Subscription& wanted, std::uint32_t identifier)
{
    const std::vector<std::uint32_t> identifiers(identifier != 0 ? 1 : 0, identifier);
    for (const MessagePtr& message : retained.matching(wanted.filter, Clock::now()))
        deliver(session, {message, std::min(message->publish.qos, wanted.qos), true, identifiers});
}

// Messages

void Broker::publish(const Session* from, const MessagePtr& message)
{
    if (message->publish.retain) retain(message);
    ++round_;
    targets_.clear();
    subscriptions_.match(message->publish.topic, [&](const mq::IndexMatch& match) {
        if (match.shared()) return add_shared_target(from, message, match);
        for (const std::uint32_t value : match) add_target(from, message, subscriptions_[value]);
    });
    for (auto& [session, delivery] : targets_) deliver(*session, std::move(delivery));
}

/// A client with several subscriptions that match gets the message once [MQTT-3.3.4-2, -3; 5.0: MQTT-3.3.4-2 to -5].
void Broker::add_target(const Session* from, const MessagePtr& message, const Subscriber& subscriber)
{
    const SubscriptionState& subscription = *subscriber.subscription;
    Session& session = *subscriber.session;
    if (subscription.no_local && &session == from) return; // [MQTT-3.8.3-3]
    if (std::exchange(session.round, round_) != round_) {
        session.target = targets_.size();
        targets_.emplace_back(&session, Delivery{.message = message});
    }
    Delivery& delivery = targets_[session.target].second;
    delivery.qos = std::max(delivery.qos, std::min(message->publish.qos, subscription.qos));
    delivery.retain = delivery.retain || (message->publish.retain && subscription.retain_as_published);
    if (subscription.identifier != 0) delivery.identifiers.push_back(subscription.identifier);
}

/// One member gets the message, in turn; one that is connected if there is one.
void Broker::add_shared_target(const Session* from, const MessagePtr& message, const mq::IndexMatch& match)
{
    const auto connected = [this](std::uint32_t value) { return subscriptions_[value].session->connection != nullptr; };
    const auto found = std::ranges::find_if(match, connected);
    const Subscriber& subscriber = subscriptions_[found == match.end() ? match.value() : *found];
    Session& session = *subscriber.session;
    const std::uint64_t round = std::exchange(session.round, 0); // apart from subscriptions of its own
    const std::size_t target = session.target;
    add_target(from, message, subscriber);
    session.round = round;
    session.target = target;
    subscriptions_.rotate(match);
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
        if (!has_room(delivery.message->bytes.size(), Share::qos_0)) return void(++counters.messages_dropped);
        mq::Publish publish = publish_of(delivery, session);
        if (!session.engine.publish(publish, 0, session_time())) return;
        if (session.connection->send(publish)) ++counters.messages_sent;
        else session.engine.withdraw(publish);
        if (session.connection->backlog() > Connection::much) slow_receiver_ = session.connection->weak_from_this();
        return;
    }
    if (session.deliveries.bytes() + delivery.message->bytes.size() > options.maximum_queue) {
        log("{} loses a message with QoS 1 or 2, for too much waits for it", session.client_id);
        ++counters.messages_dropped;
        return;
    }
    const Token token = session.deliveries.next_token();
    state.queued(session, token, session.deliveries.add(token, std::move(delivery)));
    pump(session);
}

void Broker::pump(Session& session)
{
    if (session.connection == nullptr || session.connection->is_ending()) return;
    const auto depends = session.connection->depends();
    const auto takes_more = [&] {
        const std::size_t backlog = session.connection->backlog();
        return backlog == 0 || (backlog < enough && has_room(0, Share::clients));
    };
    while (const auto again = takes_more() ? session.engine.resend(session_time()) : session::Resend{}) {
        if (again.packet == mq::PacketType::pubrel) session.connection->send_answer(again.outcome());
        const Delivery* const found = session.deliveries.find(again.token);
        if (again.packet == mq::PacketType::pubrel || found == nullptr) continue;
        mq::Publish publish = publish_of(*found, session);
        again.set(publish);
        if (!session.engine.is_too_large(publish)) session.connection->send(publish);
        else session.connection->settle(session.engine.discard(again, session_time()));
    }
    while (takes_more()) {
        const auto next = session.deliveries.first_unsent();
        if (next == session.deliveries.end() || !send_first(session, next->first, next->second)) break;
    }
    if (session.deliveries.bytes() > options.maximum_queue / 2) slow_receiver_ = session.connection->weak_from_this();
}

/// Sends the first delivery that waits, or drops it; false if it has to wait on.
bool Broker::send_first(Session& session, Token token, const Delivery& delivery)
{
    bool sent = false;
    if (!delivery.message->expired(Clock::now())) {
        mq::Publish publish = publish_of(delivery, session);
        const session::Outcome outcome = session.engine.publish(publish, token, session_time());
        if (!outcome && outcome.fault != session::Fault::packet_too_large) return false;
        if (outcome) {
            sent = session.connection->send(publish);
            if (sent) state.change(session, outcome);
            else session.engine.withdraw(publish);
            if (session.connection->is_ending()) return false;
        }
    }
    session.deliveries.sent(token);
    ++(sent ? counters.messages_sent : counters.messages_dropped);
    if (sent) return true;
    state.dropped(session, token);
    session.deliveries.erase(token);
    return true;
}

/// Messages that wait make room when they have expired [5.0: MQTT-3.3.2-5].
void Broker::drop_expired(Session& session)
{
    for (const Token token : session.deliveries.expire(Clock::now())) {
        ++counters.messages_dropped;
        state.dropped(session, token);
    }
}

void Broker::retain(const MessagePtr& message)
{
    const bool stays = retained.set(message);
    if (!stays && !message->publish.payload.empty())
        log("a message of {} is too much to be retained", message->publish.topic.view());
    if (!is_sys(message->publish.topic)) state.retained(message, !stays);
}

// State

void Broker::load()
{
    state.open(options.state_file);
    for (const auto& [topic, message] : state.load(sessions_)) retain(message);
    for (const auto& [id, session] : sessions_) {
        const session::Time now = session_time();
        const auto since = std::chrono::duration_cast<std::chrono::seconds>(Clock::now() - session->left_at).count();
        const auto away = static_cast<std::uint32_t>(std::max<decltype(since)>(since, 0));
        auto loaded = session->engine.load(session->saved, now, away);
        while (loaded.fault == session::LoadFault::too_large && session->room.hold_more_messages(session->engine))
            loaded = session->engine.load(session->saved, now, away);
        if (!loaded && !session->saved.empty()) throw std::runtime_error(fmt::format("the state of {} is damaged", id));
        if (session->will) session->engine.owe_will(session->will_delay - std::min(session->will_delay, away), now);
        session->left_at = Clock::now();
        for (auto& [filter, subscription] : session->subscriptions) add_subscription(*session, filter, subscription);
        for (std::uint16_t flow = session->engine.first_flow(); flow != 0; flow = session->engine.next_flow(flow))
            session->deliveries.sent(session->engine.token(flow));
        session->saved = {};
        session->count();
    }
    std::erase_if(sessions_, [](const auto& each) { return each.second->is_over(); });
    write_state();
}

void Broker::write_state()
{
    for (const auto& [id, session] : sessions_) state.session(*session); // their journals begin anew in both files
    state.rewrite([this] {
        for (const auto& [id, session] : sessions_) {
            state.session(*session, true);
            state.will(*session);
            for (const auto& [token, delivery] : session->deliveries) state.queued(*session, token, delivery);
        }
        retained.for_each([this](const MessagePtr& each) {
            if (!is_sys(each->publish.topic)) state.retained(each, false);
        });
    });
}

// Time

asio::awaitable<void> Broker::run_clock()
{
    for (session::Time next_counters = session_time(); !stopping_; co_await network::pause(200ms)) {
        tick();
        if (options.sys_interval == 0 || !session::has_come(next_counters, session_time())) continue;
        publish_counters();
        next_counters += options.sys_interval * session::second;
    }
}

void Broker::tick()
{
    const session::Time now = session_time();
    std::vector<Session*> due;
    for (const auto& [id, session] : sessions_) {
        drop_expired(*session);
        if (const auto deadline = session->engine.next_deadline(); deadline && session::has_come(*deadline, now))
            due.push_back(session.get());
    }
    for (Session* session : due) {
        const session::Outcome outcome = session->engine.tick(now);
        if (session->connection != nullptr) session->connection->settle(outcome);
        else settle_alone(*session, outcome);
    }
    for (const MessagePtr& each : retained.expire(Clock::now())) state.retained(each, true);
    for (Connection* each : std::vector(connections.begin(), connections.end())) each->check();
    if (state.should_rewrite()) write_state();
    state.begin_flush();
}

void Broker::publish_counters()
{
    const auto publish_one = [this](std::string_view name, const auto& value) {
        const std::string topic = fmt::format("$SYS/broker/{}", name);
        const std::string payload = fmt::format("{}", value);
        publish(nullptr, Message::of({.topic = topic, .payload = payload, .retain = true}, Clock::now()));
    };
    publish_one("version", "mqttwire-broker");
    publish_one("uptime", (session_time() - started_) / session::second);
    publish_one("clients/connected", connections.size());
    publish_one("clients/total", sessions_.size());
    publish_one("memory", network::Counted::total());
    publish_one("connections", counters.connections);
    publish_one("subscriptions/count", subscriptions_.size());
    publish_one("retained messages/count", retained.size());
    publish_one("messages/received", counters.messages_received);
    publish_one("messages/sent", counters.messages_sent);
    publish_one("messages/dropped", counters.messages_dropped);
    publish_one("bytes/received", counters.bytes_received);
    publish_one("bytes/sent", counters.bytes_sent);
}

} // namespace broker
