#include "connection.hpp"

#include <mqttwire/fmt.hpp>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <utility>
#include <variant>

namespace broker {

namespace {

using namespace std::chrono_literals;

constexpr std::size_t chunk_size = 16'384;
constexpr std::size_t much = 1'048'576; ///< bytes of backlog above which publishers are slowed down
constexpr auto patience_for_connect = 10s;
constexpr auto patience_for_reader = 20s;

} // namespace

Connection::Connection(Broker& broker, std::unique_ptr<network::Stream> stream, std::string peer)
    : broker_(broker), stream_(std::move(stream)), peer_(std::move(peer)), out_(broker.executor())
{
}

asio::awaitable<void> Connection::run()
{
    const auto self = shared_from_this();
    const auto executor = co_await asio::this_coro::executor;
    broker_.enter(*this);
    asio::co_spawn(executor, write_all(), asio::detached);

    // Neither is touched before bytes come, so an idle connection costs little of it.
    const auto chunk = std::make_unique_for_overwrite<std::byte[]>(chunk_size);
    const auto storage = std::make_unique_for_overwrite<std::byte[]>(broker_.options().maximum_packet);
    mq::Framer framer(std::span(storage.get(), broker_.options().maximum_packet));
    while (!is_ending()) {
        const std::size_t size = co_await stream_->read(std::span(chunk.get(), chunk_size));
        if (size == 0) break;
        broker_.counters().bytes_received += size;
        std::span<const std::byte> rest(chunk.get(), size);
        while (!is_ending()) {
            const auto frame = framer.next(rest);
            if (!frame) break;
            handle(*frame);
        }
        if (framer.failed() && !is_ending()) broken(framer.error());
        co_await relax();
    }
    if (!is_ending()) cut("has gone");
    gone();
    broker_.leave(*this);
}

/// Reads on more slowly while much waits for those that this client publishes to.
asio::awaitable<void> Connection::relax()
{
    const std::weak_ptr<Connection> slow = broker_.take_slow_receiver();
    asio::steady_timer pause(co_await asio::this_coro::executor);
    for (int i = 0; i < 20; ++i) {
        const auto receiver = slow.lock();
        if (!receiver || receiver.get() == this || receiver->is_ending() || receiver->backlog() < much) break;
        pause.expires_after(1ms);
        co_await pause.async_wait(asio::as_tuple(asio::use_awaitable));
    }
}

asio::awaitable<void> Connection::write_all()
{
    const auto self = shared_from_this();
    // What these bytes say must not be forgotten.
    const auto before = [this](std::span<const std::byte>) { return broker_.keep(); };
    const auto after = [this](std::size_t size) {
        broker_.counters().bytes_sent += size;
        if (session_ != nullptr) broker_.pump(*session_);
    };
    co_await out_.run(*stream_, before, after);
}

void Connection::cut(std::string_view why)
{
    if (!is_ending()) broker_.log(fmt::format("{} {}", name(), why));
    out_.cut();
    stream_->close();
}

void Connection::check(std::chrono::steady_clock::time_point now)
{
    if (session_ == nullptr && !is_ending() && now - since_ > patience_for_connect) cut("has not sent its CONNECT");
    if (out_.is_stuck(patience_for_reader)) cut("reads too slowly, it has not read for long");
}

void Connection::take_over()
{
    settle(session_->engine.take_over());
    gone();
}

void Connection::shut_down()
{
    if (session_ != nullptr && version_ == mq::Version::v5)
        send(mq::Disconnect{.reason_code = mq::ReasonCode::server_shutting_down});
    end();
    gone();
}

void Connection::gone()
{
    if (session_ == nullptr) return;
    Session& session = *std::exchange(session_, nullptr);
    session.connection = nullptr;
    broker_.settle(session, session.engine.closed(broker_.now()));
    broker_.drop_if_over(session);
}

std::string Connection::name() const
{
    return fmt::format("{} ({})", session_ != nullptr ? session_->client_id : std::string("unknown client"), peer_);
}

// What comes

void Connection::handle(const mq::Frame& frame)
{
    if (session_ == nullptr) return handle_connect(frame);
    auto packet = mq::decode(frame, version_, mq::Leniency::none, mq::Role::server);
    if (!packet) return broken(packet.error());
    mq::session::Outcome outcome = session_->engine.received(*packet, broker_.now());
    switch (outcome.event) {
    case mq::session::Event::message: received(*std::get_if<mq::Publish>(&*packet), outcome); break;
    case mq::session::Event::subscribe: received(*std::get_if<mq::Subscribe>(&*packet)); break;
    case mq::session::Event::unsubscribe: received(*std::get_if<mq::Unsubscribe>(&*packet)); break;
    default: break;
    }
    settle(outcome);
    if (session_ != nullptr && !is_ending()) broker_.pump(*session_);
}

/// A broken packet: 5.0 is told why.
void Connection::broken(const mq::Error& error)
{
    broker_.log(fmt::format("{} sent what cannot be read: {}", name(), error));
    if (session_ == nullptr) return end();
    if (version_ == mq::Version::v5) send(mq::Disconnect{.reason_code = mq::reason_code(error.code)});
    end();
}

void Connection::settle(const mq::session::Outcome& outcome)
{
    if (outcome.fault != mq::session::Fault::none && outcome.close)
        broker_.log(fmt::format("{} is disconnected: {}", name(), mq::session::text(outcome.fault)));
    broker_.settle(*session_, outcome);
    send_answer(outcome);
    if (outcome.close) end();
}

void Connection::received(mq::Publish& publish, mq::session::Outcome& outcome)
{
    ++broker_.counters().messages_received;
    if (publish.topic.starts_with("$SYS")) {
        outcome = session_->engine.refuse_message(publish, mq::ReasonCode::not_authorized);
        if (publish.qos == mq::QoS::at_most_once) outcome = {};
        return;
    }
    if (const MessagePtr message = Message::of(publish, Clock::now())) broker_.publish(session_, message);
}

void Connection::received(const mq::Subscribe& subscribe)
{
    std::vector<mq::ReasonCode> reason_codes;
    std::vector<mq::Subscription> new_ones;
    const std::uint32_t identifier = subscribe.properties.subscription_identifier.value_or(0);
    for (const mq::Subscription& each : subscribe.filters) {
        bool is_new = false;
        const mq::ReasonCode code = broker_.subscribe(*session_, each, identifier, is_new);
        const bool good = code < mq::ReasonCode::unspecified_error;
        const bool v5 = version_ == mq::Version::v5;
        reason_codes.push_back(good || v5 ? code : mq::ReasonCode::unspecified_error);
        const bool shared = v5 && mq::is_shared(each.filter);
        if (good && !shared
            && (each.retain_handling == mq::RetainHandling::send
                || (each.retain_handling == mq::RetainHandling::send_if_new_subscription && is_new)))
            new_ones.push_back(each);
    }
    broker_.state().session(*session_);
    send(mq::SubAck{.packet_id = subscribe.packet_id, .reason_codes = reason_codes});
    for (const mq::Subscription& each : new_ones) broker_.send_retained(*session_, each, identifier);
}

void Connection::received(const mq::Unsubscribe& unsubscribe)
{
    std::vector<mq::ReasonCode> reason_codes;
    for (const mq::Text& filter : unsubscribe.filters)
        reason_codes.push_back(broker_.unsubscribe(*session_, filter.view()) ? mq::ReasonCode::success
                                                                             : mq::ReasonCode::no_subscription_existed);
    broker_.state().session(*session_);
    if (version_ != mq::Version::v5) reason_codes.clear();
    send(mq::UnsubAck{.packet_id = unsubscribe.packet_id, .reason_codes = reason_codes});
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
    if (connect->properties.authentication_method) return refuse(mq::ReasonCode::bad_authentication_method);
    if (!broker_.may_enter(*connect)) return refuse(mq::ReasonCode::bad_user_name_or_password);
    const bool assigned = connect->client_id.empty();
    let_in(*connect, assigned ? broker_.new_client_id() : std::string(connect->client_id.view()), assigned);
}

void Connection::refuse(mq::ReasonCode reason_code)
{
    broker_.log(fmt::format("{} is refused: {}", name(), mq::name(reason_code)));
    send(mq::ConnAck{.reason_code = reason_code});
    end();
}

void Connection::let_in(const mq::Connect& connect, std::string client_id, bool assigned)
{
    Session* session = broker_.session(client_id);
    if (session == nullptr) return refuse(mq::ReasonCode::server_unavailable);
    if (session->connection != nullptr) {
        session->connection->take_over();
        session = broker_.session(client_id);
        if (session == nullptr) return refuse(mq::ReasonCode::server_unavailable);
    }
    session->engine.received(connect, broker_.now());
    mq::ConnAck connack;
    if (version_ == mq::Version::v5) {
        const Options& options = broker_.options();
        connack.properties.receive_maximum = 64;
        connack.properties.topic_alias_maximum = 16;
        connack.properties.maximum_packet_size = options.maximum_packet;
        if (assigned) connack.properties.assigned_client_identifier = client_id;
        const std::uint32_t expiry = connect.properties.session_expiry_interval.value_or(0);
        if (expiry > options.maximum_session_expiry)
            connack.properties.session_expiry_interval = options.maximum_session_expiry;
    }
    const mq::session::Outcome outcome = session->engine.accept(connect, connack, broker_.now());
    session_ = session;
    session->connection = this;
    broker_.settle(*session, outcome); // may publish the will of the session before
    session->will = nullptr;
    if (const auto& will = connect.will) {
        const mq::WillProperties& of = will->properties;
        session->will = Message::of({.topic = will->topic,
                                        .payload = will->payload,
                                        .qos = will->qos,
                                        .retain = will->retain,
                                        .properties = {.payload_format_indicator = of.payload_format_indicator,
                                            .message_expiry_interval = of.message_expiry_interval,
                                            .content_type = of.content_type,
                                            .response_topic = of.response_topic,
                                            .correlation_data = of.correlation_data,
                                            .user_property = of.user_property}},
            Clock::now());
    }
    broker_.log(fmt::format("{} is connected, {}{}", name(),
        version_ == mq::Version::v5           ? "5.0"
            : version_ == mq::Version::v3_1_1 ? "3.1.1"
                                              : "3.1",
        outcome.session_present ? ", with the session it had" : ""));
    ++broker_.counters().connections;
    send(connack);
    if (outcome.close || !outcome) end();
    broker_.pump(*session);
}

} // namespace broker
