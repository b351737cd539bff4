// Connection: one client's packets in and out.
#pragma once

#include "broker.hpp"

#include "network/packets.hpp"

#include <chrono>
#include <memory>
#include <string>
#include <string_view>

namespace broker {

class Connection : public std::enable_shared_from_this<Connection> {
public:
    static constexpr std::size_t much = 1'048'576; ///< bytes of backlog above which publishers are slowed down

    Connection(Broker& broker, std::unique_ptr<network::Stream> stream, std::string peer)
        : broker_(broker), stream_(std::move(stream)), peer_(std::move(peer)),
          out_([this] { begin_write(); }, std::chrono::seconds(1)),
          reader_(broker.options.maximum_packet, broker.options.maximum_memory / 8)
    {
    }

    /// Serves the client until the connection ends. While nothing comes and nothing goes there is no coroutine.
    void start();

    /// Sends a packet; false if the version cannot say it, or it is larger than the client takes
    /// [5.0: MQTT-3.1.2-24]. Who has too much waiting for it is cut off.
    template <class Packet>
    bool send(const Packet& packet)
    {
        check_backlog();
        return out_.put(packet, version_, largest_);
    }
    void send_answer(const mq::session::Outcome& outcome)
    {
        check_backlog();
        out_.put_answer(outcome, version_);
    }
    /// Does what an outcome says.
    void settle(const mq::session::Outcome& outcome);
    mq::Version version() const { return version_; }
    std::size_t backlog() const { return out_.size(); }
    bool is_ending() const { return out_.ended(); }
    void shut_down();
    /// Cuts the connection if the client does not come forward, or does not read.
    void check();

    /// For as long as it lives: when records are written into the state meanwhile, then what is sent from here on waits
    /// until they are kept.
    State::Following depends() { return {broker_.state, sends_behind_}; }

private:
    void check_backlog()
    {
        if (backlog() > broker_.options.maximum_backlog) cut("reads too slowly, too much waits for it");
    }
    /// Closes at once, and says why.
    void cut(std::string_view why);
    asio::awaitable<void> read();
    asio::awaitable<void> relax(std::weak_ptr<Connection> receiver);
    void begin_write();
    void write();
    void handle(const mq::Frame& frame);
    void handle_connect(const mq::Frame& frame);
    void let_in(const mq::Connect& connect, mq::ConnAck connack, const std::string& client_id);
    void refuse(mq::ReasonCode reason_code);
    void broken(const mq::Error& error);
    void received(mq::Publish& publish, mq::session::Outcome& outcome, bool has_room);
    void received(const mq::Subscribe& subscribe);
    void received(const mq::Unsubscribe& unsubscribe);
    void leave();
    std::string name() const;

    Broker& broker_;
    std::unique_ptr<network::Stream> stream_;
    std::string peer_;
    Session* session_ = nullptr;
    mq::Version version_ = mq::Version::v3_1_1;
    std::uint32_t largest_ = 0xFFFFFFFF; ///< packet that the client takes, in bytes
    network::Outbox out_;
    network::PacketReader reader_;
    std::uint64_t sends_behind_ = 0; ///< the record of the state that is to be kept before anything is sent
    std::chrono::steady_clock::time_point since_ = std::chrono::steady_clock::now();
};

} // namespace broker
