#include "client.hpp"

#include "network/packets.hpp"

#include <mqttwire/fmt.hpp>

#include <boost/asio/post.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/system/system_error.hpp>

#include <algorithm>
#include <random>
#include <unistd.h>
#include <utility>
#include <variant>
#include <vector>

namespace client {

namespace {

using namespace std::chrono_literals;
using network::quietly;
using network::session_time;
namespace session = mq::session;

constexpr std::size_t most_lines = 64; ///< that are read ahead
constexpr std::size_t chunk_size = 65'536;
constexpr auto patience = 30s; ///< for a write
constexpr std::uint32_t largest_packet = 67'108'864; ///< that is taken

std::string random_id()
{
    std::random_device random;
    return fmt::format("mqttwire-{:08x}{:04x}", random(), random() & 0xFFFFU);
}

/// Sets the properties of a PUBLISH or of a will.
template <class Properties>
void set(Properties& properties, const MessageOptions& of)
{
    if (of.is_text) properties.payload_format_indicator = std::uint8_t{1};
    properties.message_expiry_interval = of.expiry;
    properties.content_type = of.content_type;
    properties.response_topic = of.response_topic;
    properties.correlation_data = of.correlation_data;
    properties.user_property = of.user_properties;
}

} // namespace

Client::Client(asio::io_context& context, Options options)
    : context_(context), options_(std::move(options)), packets_(options_.output, options_.version), clock_(context),
      pause_(context), input_(context), client_id_(options_.client_id.empty() ? random_id() : options_.client_id),
      progress_(!options_.quiet)
{
    if (options_.tls) {
        tls_.emplace(asio::ssl::context::tls_client);
        if (options_.ca_file.empty()) tls_->set_default_verify_paths();
        else tls_->load_verify_file(options_.ca_file);
        tls_->set_verify_mode(options_.insecure ? asio::ssl::verify_none : asio::ssl::verify_peer);
    }
    if (options_.payload) waiting_.push_back(std::make_shared<Payload>(*options_.payload));
    else if (!options_.file.empty()) waiting_.push_back(Payload::of_file(options_.file));
    all_read_ = !options_.lines;
}

void Client::tell(const std::string& line) const
{
    if (!options_.quiet) fmt::print(stderr, "{}\n", line);
}

asio::awaitable<int> Client::run()
{
    if (options_.lines) asio::co_spawn(context_, read_lines(), asio::detached);
    asio::co_spawn(context_, run_clock(), asio::detached);
    std::minstd_rand random{std::random_device{}()};
    unsigned failed = 0;
    while (!finished_) {
        std::string why = "the connection has ended";
        try {
            const auto stream = co_await network::connect_stream(options_.target, tls_ ? &*tls_ : nullptr, 10s);
            co_await serve(*stream);
        } catch (const boost::system::system_error& error) {
            why = error.code().message();
        }
        if (finished_) break;
        failed = std::exchange(was_open_, false) ? 0 : failed + 1;
        if (options_.attempts != 0 && failed >= options_.attempts) {
            tell(why);
            co_return 1;
        }
        // Twice as long each time, up to half a minute, and never at the same moment as all others.
        const auto longest = std::min<std::chrono::milliseconds>(30s, 250ms * (1U << std::min(failed, 7U)));
        pause_.expires_after(longest / 2 + longest / 2 * (random() % 1'000) / 1'000);
        tell(fmt::format("{}: trying again", why));
        co_await pause_.async_wait(quietly);
    }
    boost::system::error_code ignored;
    input_.close(ignored);
    clock_.cancel();
    co_return status_;
}

asio::awaitable<void> Client::read_lines()
{
    input_.assign(::dup(STDIN_FILENO));
    std::string buffer;
    for (;;) {
        const auto [error, size] = co_await asio::async_read_until(input_, asio::dynamic_buffer(buffer), '\n', quietly);
        if (error) break;
        waiting_.push_back(std::make_shared<Payload>(buffer.substr(0, size - 1)));
        buffer.erase(0, size);
        go_on();
        while (waiting_.size() >= most_lines && !finished_) co_await network::pause(5ms);
    }
    if (!buffer.empty()) waiting_.push_back(std::make_shared<Payload>(buffer));
    all_read_ = true;
    go_on();
}

asio::awaitable<void> Client::run_clock()
{
    while (!finished_) {
        if (stream_ != nullptr && outbox_->is_stuck(patience)) stream_->close();
        // While a large message goes on no PINGREQ can be sent, and no answer be missed.
        const bool on_its_way = stream_ != nullptr && outbox_->has_large();
        if (const auto deadline = engine_.next_deadline();
            deadline && !on_its_way && session::has_come(*deadline, session_time()))
            settle(engine_.tick(session_time()));
        clock_.expires_after(200ms);
        co_await clock_.async_wait(quietly);
    }
}

asio::awaitable<void> Client::serve(network::Stream& stream)
{
    stream_ = &stream;
    const auto write = [&]() -> asio::awaitable<void> {
        co_await outbox_->run(
            stream,
            [this](std::span<const std::byte> bytes) -> asio::awaitable<void> {
                packets_.sent(bytes);
                co_return;
            },
            [this](std::size_t) { go_on(); });
    };
    const auto begin = [&] { asio::co_spawn(context_, write, asio::detached); };
    outbox_.emplace([this, &begin] { asio::post(context_, begin); }); // behind all that is put in now
    send_connect();

    const auto handle_frame = [this](const mq::Frame& frame) {
        packets_.received(frame);
        handle(frame);
    };
    network::PacketReader reader(largest_packet);
    while (!outbox_->ended() && co_await reader.read(stream, *outbox_, handle_frame) != 0)
        if (reader.error().code != mq::Errc::none) break;
    if (reader.error().code != mq::Errc::none && !outbox_->ended()) give_up(reader.error());
    if (!outbox_->ended()) outbox_->cut();
    while (!outbox_->is_closed()) co_await network::pause(10ms);
    stream_ = nullptr;
    if (engine_.closed(session_time()).session_ended) publish_again();
    progress_.clear();
    if (outbox_->has_large() && unconfirmed_) waiting_.push_front(unconfirmed_);
    unconfirmed_ = nullptr;
    subscribing_ = false;
}

// What is sent

void Client::send_connect()
{
    const bool v5 = options_.version == mq::Version::v5;
    // Of the run before this one nothing is known here. A server that waits for the end of its messages would take new
    // ones with the same identifiers for them, so a publisher begins anew; 3.x cannot do so and keep the session.
    const bool anew = options_.clean_start || !options_.session_expiry || (v5 && options_.command == Command::publish);
    mq::Connect connect{.client_id = client_id_,
        .clean_start = first_connect_ && anew,
        .keep_alive = options_.keep_alive,
        .user_name = options_.user_name,
        .password = options_.password};
    // Until the program ends a session is to be found again; 3.x can only keep it for ever or not at all.
    if (v5) connect.properties.session_expiry_interval = options_.session_expiry.value_or(300);
    else if (!options_.session_expiry) connect.clean_start = true;
    // What the server has kept since the run before is wanted.
    if (!connect.clean_start) engine_.adopt_session();
    if (options_.will) {
        connect.will = mq::Will{.topic = options_.will->topic,
            .payload = mq::Binary(options_.will_payload),
            .qos = options_.will->qos,
            .retain = options_.will->retain};
        set(connect.will->properties, *options_.will);
        if (options_.will_delay != 0) connect.will->properties.will_delay_interval = options_.will_delay;
    }
    if (v5) {
        connect.properties.receive_maximum = 256;
        connect.properties.topic_alias_maximum = 32;
        connect.properties.maximum_packet_size = largest_packet;
    }
    const session::Outcome outcome = engine_.connect(connect, options_.version, session_time());
    if (outcome.session_ended) publish_again();
    if (!outcome || !send(connect)) {
        tell("this cannot be said in a CONNECT of this version");
        finish(1);
    }
}

void Client::subscribe()
{
    std::vector<mq::Subscription> filters;
    for (const std::string& filter : options_.filters)
        filters.push_back({.filter = filter,
            .qos = options_.message.qos,
            .no_local = options_.no_local,
            .retain_as_published = options_.retain_as_published});
    mq::Subscribe packet{.filters = filters};
    packet.properties.subscription_identifier = options_.identifier;
    if (!engine_.subscribe(packet, 0, session_time()) || !send(packet)) {
        tell("this cannot be subscribed to");
        finish(1);
    }
}

mq::Publish Client::publish_of(const Payload& payload)
{
    const MessageOptions& of = options_.message;
    mq::Publish publish{.topic = of.topic, .payload = mq::Binary(payload.text()), .qos = of.qos, .retain = of.retain};
    set(publish.properties, of);
    return publish;
}

/// Sends the first payload that waits; false if it has to wait on.
bool Client::publish_next()
{
    const PayloadPtr payload = waiting_.front();
    mq::Publish publish = publish_of(*payload);
    const session::Token token = next_token_;
    const session::Outcome outcome = engine_.publish(publish, token, session_time());
    if (!outcome) {
        if (outcome.fault != session::Fault::packet_too_large && outcome.fault != session::Fault::qos_above_maximum
            && outcome.fault != session::Fault::retain_not_available)
            return false;
        tell(fmt::format("not published: {}", session::text(outcome.fault)));
        finish(1);
        return false;
    }
    if (!send_message(publish, payload)) {
        engine_.withdraw(publish);
        tell("not published: the server takes no packet that large, or this version cannot say it");
        finish(1);
        return false;
    }
    if (publish.qos != mq::QoS::at_most_once) in_flight_.emplace(next_token_++, payload);
    else if (!payload->is_in_memory()) unconfirmed_ = payload;
    waiting_.pop_front();
    return true;
}

/// Sends a message whole, or its head, behind which the payload is read while it is sent.
bool Client::send_message(const mq::Publish& publish, const PayloadPtr& payload)
{
    if (payload->is_in_memory()) return outbox_->put(publish, options_.version, engine_.maximum_packet_size());
    std::vector<std::byte> head(65'536);
    auto written = mq::encode_head(publish, payload->size(), head, options_.version);
    if (!written && written.error().code == mq::Errc::buffer_too_small) {
        head.resize(written.error().needed);
        written = mq::encode_head(publish, payload->size(), head, options_.version);
    }
    if (!written || written->size() + payload->size() > engine_.maximum_packet_size()) return false;
    head.resize(written->size());
    return outbox_->put(std::move(head), source(payload));
}

network::PayloadSource Client::source(const PayloadPtr& payload)
{
    const auto read = [this, payload](std::size_t offset, std::span<std::byte> bytes) {
        progress_.show(offset, payload->size());
        return payload->read(offset, bytes);
    };
    return {.size = payload->size(), .read = read};
}

/// The session is gone, and with it what was on its way: those payloads are sent as new messages.
void Client::publish_again()
{
    for (auto at = in_flight_.rbegin(); at != in_flight_.rend(); ++at) waiting_.push_front(std::move(at->second));
    in_flight_.clear();
}

/// Sends what may be sent now, and ends when all is done.
void Client::go_on()
{
    if (engine_.state() != session::State::open || finished_ || outbox_->ended()) return;
    while (const auto again = outbox_->has_large() ? session::Resend{} : engine_.resend(session_time())) {
        if (again.packet == mq::PacketType::pubrel) {
            outbox_->put_answer(again.outcome(), options_.version);
        } else if (const auto found = in_flight_.find(again.token); found != in_flight_.end()) {
            mq::Publish publish = publish_of(*found->second);
            again.set(publish);
            if (!send_message(publish, found->second)) settle(engine_.discard(again, session_time()));
        }
    }
    if (options_.command == Command::subscribe) {
        if (has_enough() && engine_.messages_incomplete() == 0) finish(0);
        else if (!subscribed_ && !std::exchange(subscribing_, true)) subscribe();
        return;
    }
    if (outbox_->has_large()) return;
    progress_.clear();
    while (!waiting_.empty() && !outbox_->has_large() && outbox_->size() < chunk_size && publish_next()) {
    }
    if (all_read_ && waiting_.empty() && !outbox_->has_large() && engine_.messages_in_flight() == 0
        && outbox_->size() == 0)
        finish(status_);
}

void Client::finish(int status)
{
    if (finished_) return;
    finished_ = true;
    status_ = status;
    pause_.cancel();
    if (!outbox_ || outbox_->ended()) return;
    mq::Disconnect disconnect;
    if (options_.version == mq::Version::v5 && !options_.session_expiry)
        disconnect.properties.session_expiry_interval = 0U;
    if (engine_.state() == session::State::open && engine_.disconnect(disconnect)) send(disconnect);
    outbox_->end();
}

void Client::stop() { finish(status_); }

/// Ends the connection with a server that sends what it may not.
void Client::give_up(const mq::Error& error)
{
    tell(fmt::format("the server sends what cannot be read: {}", error));
    if (options_.version == mq::Version::v5 && engine_.state() == session::State::open)
        send(mq::Disconnect{.reason_code = mq::reason_code(error.code)});
    outbox_->end();
}

// What comes

void Client::handle(const mq::Frame& frame)
{
    auto packet = mq::decode(frame, options_.version, mq::Leniency::none, mq::Role::client);
    if (!packet) return give_up(packet.error());
    // What is not acknowledged the server keeps for the next run.
    if (const auto* publish = std::get_if<mq::Publish>(&*packet);
        publish != nullptr && has_enough() && is_new(*publish))
        return;
    const auto* suback = std::get_if<mq::SubAck>(&*packet);
    const session::Outcome outcome = suback != nullptr
        ? engine_.received(*suback, options_.filters.size(), session_time())
        : engine_.received(*packet, session_time());
    switch (outcome.event) {
    case session::Event::connected:
        first_connect_ = false;
        was_open_ = true;
        // 3.1 does not say whether the server has the session.
        if (!outcome.session_present || options_.version == mq::Version::v3_1) subscribed_ = false;
        if (outcome.session_ended && options_.version == mq::Version::v5) publish_again();
        break;
    case session::Event::refused:
        tell(fmt::format("the server refuses: {}", mq::name(outcome.reason_code)));
        if (outcome.reason_code != mq::ReasonCode::server_busy
            && outcome.reason_code != mq::ReasonCode::server_unavailable)
            finish(1);
        break;
    case session::Event::message: received(*std::get_if<mq::Publish>(&*packet)); break;
    case session::Event::subscribed: received(*suback); break;
    case session::Event::disconnecting:
        tell(fmt::format("the server disconnects: {}", mq::name(outcome.reason_code)));
        if (outcome.reason_code == mq::ReasonCode::session_taken_over) finish(1);
        break;
    default: break;
    }
    settle(outcome);
    go_on();
}

void Client::settle(const session::Outcome& outcome)
{
    if (outcome.fault != session::Fault::none) tell(fmt::format("fault: {}", session::text(outcome.fault)));
    if (outcome.event == session::Event::done || outcome.event == session::Event::owned)
        in_flight_.erase(outcome.token);
    // That an identifier is not known says after a reconnect that the message has arrived before.
    if (outcome.event == session::Event::done && outcome.reason_code >= mq::ReasonCode::unspecified_error
        && outcome.reason_code != mq::ReasonCode::packet_identifier_not_found) {
        tell(fmt::format("the server does not take the message: {}", mq::name(outcome.reason_code)));
        status_ = 1;
    }
    if (!outbox_) return;
    outbox_->put_answer(outcome, options_.version);
    if (outcome.close) outbox_->end();
}

/// False for a message that has come before and whose flow is not over; a copy of the session tells.
bool Client::is_new(mq::Publish publish) const
{
    Engine copy = engine_;
    return copy.received(publish, session_time()).event != session::Event::message_again;
}

void Client::received(const mq::Publish& publish)
{
    ++count_;
    if (!packets_.is_on()) print_message(publish, options_.payload_only);
}

void Client::received(const mq::SubAck& suback)
{
    subscribed_ = true;
    bool any = false;
    std::size_t i = 0;
    for (const mq::ReasonCode code : suback.reason_codes) {
        const bool granted = code < mq::ReasonCode::unspecified_error;
        any = any || granted;
        if (!granted) tell(fmt::format("no subscription to {}: {}", options_.filters[i], mq::name(code)));
        ++i;
    }
    if (!any) finish(1);
}

} // namespace client
