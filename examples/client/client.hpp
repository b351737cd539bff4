// Client: connects, publishes or subscribes, and does so again when a connection is lost.
#pragma once

#include "options.hpp"
#include "output.hpp"
#include "payload.hpp"
#include "progress.hpp"

#include "network/outbox.hpp"

#include <mqttwire/session/client.hpp>

#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/ssl/context.hpp>

#include <chrono>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>

namespace client {

namespace asio = network::asio;

class Client {
public:
    Client(asio::io_context& context, Options options);

    /// Works until all is done. The exit status: 0, or 1 if something could not be done.
    asio::awaitable<int> run();
    /// Ends in order.
    void stop();

private:
    using Engine = mq::session::Client<mq::session::Capacities{.outgoing = 32,
        .incoming = 256,
        .aliases_in = 32,
        .alias_bytes_in = 4'096,
        .aliases_out = 4,
        .alias_bytes_out = 1'024}>;

    asio::awaitable<void> read_lines();
    asio::awaitable<void> run_clock();
    /// One connection, from CONNECT to its end.
    asio::awaitable<void> serve(network::Stream& stream);
    void send_connect();
    void handle(const mq::Frame& frame);
    bool has_enough() const { return options_.count != 0 && count_ >= options_.count; }
    bool is_new(mq::Publish publish) const;
    void received(const mq::Publish& publish);
    void received(const mq::SubAck& suback);
    void go_on();
    bool publish_next();
    void publish_again();
    mq::Publish publish_of(const Payload& payload);
    bool send_message(const mq::Publish& publish, const PayloadPtr& payload);
    network::PayloadSource source(const PayloadPtr& payload);
    void subscribe();
    void finish(int status);
    void give_up(const mq::Error& error);
    void settle(const mq::session::Outcome& outcome);
    void tell(const std::string& line) const;
    template <class Packet>
    bool send(const Packet& packet)
    {
        return outbox_ && outbox_->put(packet, options_.version);
    }

    asio::io_context& context_;
    const Options options_;
    std::optional<asio::ssl::context> tls_;
    Engine engine_;
    network::Stream* stream_ = nullptr; ///< of the present connection
    std::optional<network::Outbox> outbox_;
    PacketOutput packets_;
    asio::steady_timer clock_;
    asio::steady_timer pause_;
    asio::posix::stream_descriptor input_;

    std::string client_id_;
    std::deque<PayloadPtr> waiting_; ///< payloads that have not been sent
    std::map<mq::session::Token, PayloadPtr> in_flight_; ///< and those that the server may not have
    PayloadPtr unconfirmed_; ///< the last large one with QoS 0, which is sent anew if it is cut off
    Progress progress_;
    mq::session::Token next_token_ = 1;
    bool all_read_ = false; ///< no more payloads come
    bool subscribing_ = false; ///< SUBSCRIBE has gone out on this connection
    bool subscribed_ = false; ///< the server has answered it and keeps the subscription
    std::uint64_t count_ = 0; ///< messages that have come
    bool was_open_ = false; ///< on this connection
    bool first_connect_ = true;
    bool finished_ = false;
    int status_ = 0;
};

} // namespace client
