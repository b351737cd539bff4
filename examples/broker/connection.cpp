#include "connection.hpp"

#include <mqttwire/fmt.hpp>

#include <boost/asio/post.hpp>

#include <variant>

namespace broker {

namespace {

using namespace std::chrono_literals;
using network::session_time;

constexpr auto patience_for_connect = 10s;
constexpr auto patience_for_reader = 20s;

} // namespace

void Connection::start()
{
    broker_.connections.insert(this);
    asio::co_spawn(broker_.context, read(), asio::detached);
}

/// Reads what has come, and ends when nothing has for now.
asio::awaitable<void> Connection::read()
{
    const auto self = shared_from_this();
    const auto go_on = [self] { asio::co_spawn(self->broker_.context, self->read(), asio::detached); };
    while (!is_ending()) {
        const std::size_t size = co_await reader_.read(*stream_, out_, [this](const mq::Frame& each) { handle(each); });
        broker_.counters.bytes_received += size;
        if (is_ending()) break;
        if (const mq::Error error = reader_.error(); error.code != mq::Errc::none) broken(error);
        else if (size == 0) cut("has gone");
        else if (reader_.takes_too_much()) cut("finds no room for its packet");
        else if (const auto slow = broker_.take_slow_receiver(); !slow.expired()) co_await relax(slow);
        else if (stream_->when_readable(go_on)) co_return;
    }
    leave();
    for (std::size_t size = 1; size != 0 && !out_.is_closed();)
        size = co_await reader_.read(*stream_, out_, [](const mq::Frame&) {}); // until it has read why it has to go
    if (out_.size() == 0) out_.cut();
    broker_.connections.erase(this);
}

/// Reads on more slowly while much waits for one that this client publishes to.
asio::awaitable<void> Connection::relax(std::weak_ptr<Connection> receiver)
{
    for (int i = 0; i < 20; ++i) {
        const auto slow = receiver.lock();
        if (!slow || slow.get() == this || slow->is_ending() || slow->backlog() < much) break;
        co_await network::pause(1ms);
    }
}

/// Behind all that is ready to run, so that what it sends goes at once.
void Connection::begin_write()
{
    asio::post(broker_.context, [self = shared_from_this()] { self->write(); });
}

/// Writes at once if it can, else in a coroutine.
void Connection::write()
{
    const auto after = [this, self = shared_from_this()](std::size_t size) {
        broker_.counters.bytes_sent += size;
        if (session_ != nullptr) broker_.pump(*session_);
    };
    while (broker_.state.is_kept(sends_behind_) && out_.write_now(*stream_, after))
        if (out_.is_done()) return;
    const auto before = [this](std::span<const std::byte>) { return broker_.state.until_kept(sends_behind_); };
    asio::co_spawn(broker_.context, out_.run(*stream_, before, after), asio::detached);
}

void Connection::cut(std::string_view why)
{
    if (!is_ending()) broker_.log("{} {}", name(), why);
    out_.cut();
    stream_->close();
}

void Connection::check()
{
    if (is_ending()) leave(); // the client may take a second to close
    const auto waited = std::chrono::steady_clock::now() - since_;
    if (session_ == nullptr && !is_ending() && waited > patience_for_connect) cut("has not sent its CONNECT");
    if (out_.is_stuck(patience_for_reader)) cut("reads too slowly, it has not read for long");
}

void Connection::shut_down()
{
    if (session_ != nullptr && version_ == mq::Version::v5)
        send(mq::Disconnect{.reason_code = mq::ReasonCode::server_shutting_down});
    out_.end();
    leave();
}

void Connection::leave()
{
    if (session_ != nullptr) broker_.leave(*std::exchange(session_, nullptr));
}

std::string Connection::name() const
{
    return fmt::format("{} ({})", session_ != nullptr ? session_->client_id : "unknown client", peer_);
}

// What comes

void Connection::handle(const mq::Frame& frame)
{
    const auto depends = this->depends();
    if (session_ == nullptr) return handle_connect(frame);
    auto packet = mq::decode(frame, version_, mq::Leniency::none, mq::Role::server);
    if (!packet) return broken(packet.error());
    const bool has_room = broker_.has_room(frame.bytes().size(), Broker::Share::qos_1_and_2);
    const auto* publish = std::get_if<mq::Publish>(&*packet);
    if (publish != nullptr && publish->qos != mq::QoS::at_most_once && version_ != mq::Version::v5 && !has_room)
        return cut("is cut off, for there is no room for its message"); // 5.0 can say so; it comes again
    if (publish != nullptr) session_->room.make_room(session_->engine, *publish);
    mq::session::Outcome outcome = session_->engine.received(*packet, session_time());
    switch (outcome.event) {
    case mq::session::Event::message: received(*std::get_if<mq::Publish>(&*packet), outcome, has_room); break;
    case mq::session::Event::subscribe: received(*std::get_if<mq::Subscribe>(&*packet)); break;
    case mq::session::Event::unsubscribe: received(*std::get_if<mq::Unsubscribe>(&*packet)); break;
    default: break;
    }
    settle(outcome);
    if (session_ != nullptr) broker_.pump(*session_);
}

/// A broken packet, or one whose answer the client does not take: 5.0 is told why.
void Connection::broken(const mq::Error& error)
{
    broker_.log("{} is disconnected: {}", name(), error);
    if (session_ != nullptr && version_ == mq::Version::v5)
        send(mq::Disconnect{.reason_code = mq::reason_code(error.code)});
    out_.end();
}

void Connection::settle(const mq::session::Outcome& outcome)
{
    if (outcome.fault != mq::session::Fault::none && outcome.close)
        broker_.log("{} is disconnected: {}", name(), mq::session::text(outcome.fault));
    broker_.settle(*session_, outcome);
    send_answer(outcome);
    if (outcome.close) out_.end();
}

void Connection::received(mq::Publish& publish, mq::session::Outcome& outcome, bool has_room)
{
    ++broker_.counters.messages_received;
    if (is_sys(publish.topic)) {
        outcome = session_->engine.refuse_message(publish, mq::ReasonCode::not_authorized);
        if (publish.qos == mq::QoS::at_most_once) outcome = {};
    } else if (const MessagePtr message = Message::of(publish, Clock::now())) {
        const bool can_be_refused = version_ == mq::Version::v5 && publish.qos != mq::QoS::at_most_once;
        if (can_be_refused && !(has_room && broker_.retained.has_room_for(*message)))
            outcome = session_->engine.refuse_message(publish, mq::ReasonCode::quota_exceeded);
        else broker_.publish(session_, message);
    }
}

void Connection::received(const mq::Subscribe& subscribe)
{
    std::vector<mq::ReasonCode> reason_codes;
    std::vector<mq::Subscription> ask_for_retained;
    const bool v5 = version_ == mq::Version::v5;
    const std::uint32_t identifier = subscribe.properties.subscription_identifier.value_or(0);
    for (const mq::Subscription& each : subscribe.filters) {
        bool is_new = false;
        const mq::ReasonCode code = broker_.subscribe(*session_, each, identifier, is_new);
        const bool good = code < mq::ReasonCode::unspecified_error;
        reason_codes.push_back(good || v5 ? code : mq::ReasonCode::unspecified_error);
        const bool wanted = each.retain_handling == mq::RetainHandling::send
            || (each.retain_handling == mq::RetainHandling::send_if_new_subscription && is_new);
        if (good && wanted && !mq::is_shared(each.filter)) ask_for_retained.push_back(each);
    }
    if (!send(mq::SubAck{.packet_id = subscribe.packet_id, .reason_codes = reason_codes}))
        return broken({.code = mq::Errc::packet_above_maximum_size, .packet = mq::PacketType::suback});
    for (const mq::Subscription& each : ask_for_retained) broker_.send_retained(*session_, each, identifier);
}

void Connection::received(const mq::Unsubscribe& unsubscribe)
{
    std::vector<mq::ReasonCode> reason_codes;
    for (const mq::Text& filter : unsubscribe.filters)
        reason_codes.push_back(broker_.unsubscribe(*session_, filter.view()) ? mq::ReasonCode::success
                                                                             : mq::ReasonCode::no_subscription_existed);
    if (version_ != mq::Version::v5) reason_codes.clear();
    if (!send(mq::UnsubAck{.packet_id = unsubscribe.packet_id, .reason_codes = reason_codes}))
        broken({.code = mq::Errc::packet_above_maximum_size, .packet = mq::PacketType::unsuback});
}

// Coming in

void Connection::handle_connect(const mq::Frame& frame)
{
    constexpr auto deviations = mq::Leniency::bridge_bit | mq::Leniency::long_client_id;
    const auto connect = mq::Connect::decode(frame.bytes(), deviations, mq::Role::server);
    if (!connect) {
        // The answer is in the form of the version that was asked for, as far as it is known.
        if (const auto asked = mq::requested_protocol(frame.bytes())) {
            const auto level = asked->level & 0x7FU;
            version_ = asked->name == "MQTT" && level >= 5 ? mq::Version::v5 : mq::Version::v3_1_1;
            send(mq::ConnAck{.reason_code = mq::reason_code(connect.error().code)});
        }
        return broken(connect.error());
    }
    version_ = *connect->version;
    largest_ = connect->properties.maximum_packet_size.value_or(largest_);
    if (connect->properties.authentication_method) return refuse(mq::ReasonCode::bad_authentication_method);
    if (!broker_.may_enter(*connect)) return refuse(mq::ReasonCode::bad_user_name_or_password);
    if (connect->will && is_sys(connect->will->topic)) return refuse(mq::ReasonCode::not_authorized);
    std::string client_id(connect->client_id.view());
    if (client_id.empty()) client_id = fmt::format("auto-{:016x}", network::random_number<std::uint64_t>());
    mq::ConnAck connack;
    if (version_ == mq::Version::v5) {
        connack.properties.receive_maximum = network::SessionRoom::incoming;
        connack.properties.topic_alias_maximum = network::SessionRoom::most_aliases;
        connack.properties.maximum_packet_size = broker_.options.maximum_packet;
        if (connect->client_id.empty()) connack.properties.assigned_client_identifier = client_id;
        const std::uint16_t slowest = broker_.options.maximum_keep_alive;
        if (slowest != 0 && connect->keep_alive - 1U >= slowest) connack.properties.server_keep_alive = slowest;
        const std::uint32_t longest = broker_.options.maximum_session_expiry;
        if (connect->properties.session_expiry_interval.value_or(0) > longest)
            connack.properties.session_expiry_interval = longest;
    }
    let_in(*connect, connack, client_id);
}

void Connection::refuse(mq::ReasonCode reason_code)
{
    broker_.log("{} is refused: {}", name(), mq::name(reason_code));
    send(mq::ConnAck{.reason_code = reason_code});
    out_.end();
}

void Connection::let_in(const mq::Connect& connect, mq::ConnAck connack, const std::string& client_id)
{
    if (!broker_.has_room_for(client_id, connect))
        return refuse(
            version_ == mq::Version::v5 ? mq::ReasonCode::quota_exceeded : mq::ReasonCode::server_unavailable);
    Session* session = &broker_.session(client_id);
    if (session->connection != nullptr) {
        Connection& before = *session->connection;
        before.settle(session->engine.take_over());
        before.leave();
        session = &broker_.session(client_id);
    }
    session->hold_aliases(version_ == mq::Version::v5, connect.properties.topic_alias_maximum.value_or(0) != 0);
    broker_.settle(*session, session->engine.received(connect, session_time()));
    const mq::session::Outcome outcome = session->engine.accept(connect, connack, session_time());
    session_ = session;
    session->connection = this;
    session->engine.limit_expiry(broker_.options.maximum_session_expiry);
    broker_.settle(*session, outcome); // may publish the will of the session before
    session->will = connect.will ? Message::of_will(*connect.will, Clock::now()) : nullptr;
    if (connect.will) session->will_delay = connect.will->properties.will_delay_interval.value_or(0);
    broker_.state.will(*session);
    broker_.log("{} is connected, {}{}", name(), version_, outcome.session_present ? ", with the session it had" : "");
    ++broker_.counters.connections;
    if (!send(connack) || outcome.close || !outcome) out_.end();
    broker_.pump(*session);
}

} // namespace broker
