// Clients that publish with QoS 1 and 2, and whose connections end at random, in the middle of packets too.
#include "link.hpp"
#include "scenarios.hpp"

#include <mqttwire/session/client.hpp>

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <variant>

namespace load {

namespace {

namespace session = mq::session;
constexpr auto version = mq::Version::v3_1_1;
constexpr unsigned subscribers = 2;

/// What a payload holds.
struct Message {
    std::uint32_t client;
    std::uint32_t number;
    mq::QoS qos;
};

struct Client {
    session::Client<session::Capacities{.outgoing = 16, .incoming = 256}> engine{};
    std::optional<Link> link{};
    std::map<session::Token, Message> in_flight{};
    session::Token next_token = 1;
    std::uint32_t published = 0;
    double next_message = 0; ///< when, in seconds
    double next_change = 0; ///< of being connected or not
    bool subscribed = false;
};

class Chaos {
public:
    Chaos(std::uint16_t port, unsigned count) : port_(port), clients_(subscribers + count), counts_(subscribers)
    {
        for (auto& each : counts_) each.resize(count);
    }

    bool run(double duration)
    {
        for (std::uint32_t i = 0; i < subscribers; ++i) connect(i);
        while (!clients_[0].subscribed || !clients_[1].subscribed) turn();
        const double end = seconds() + duration;
        for (double next_line = 0; seconds() < end; turn()) {
            for (std::uint32_t i = 0; i < clients_.size(); ++i) live(i);
            if (seconds() < next_line) continue;
            next_line = seconds() + 10;
            std::fprintf(stderr, "%llu messages, %llu connections\n", published_, connections_);
        }
        // Peace: everybody comes back and brings to its end what was begun.
        const double limit = seconds() + 60;
        while (!is_quiet() && seconds() < limit) {
            for (std::uint32_t i = 0; i < clients_.size(); ++i)
                if (!clients_[i].link) connect(i);
            turn();
        }
        return tell();
    }

private:
    double random(double mean) { return std::exponential_distribution<double>(1 / mean)(random_); }
    session::Time now() const { return static_cast<session::Time>(static_cast<std::uint64_t>(seconds() * 1'000)); }

    /// Does what is due.
    void live(std::uint32_t i)
    {
        Client& client = clients_[i];
        if (seconds() >= client.next_change) {
            if (client.link) die(client);
            else connect(i);
            client.next_change = seconds() + random(client.link ? 1.0 : 0.1);
        }
        if (i < subscribers || !client.link || seconds() < client.next_message) return;
        client.next_message = seconds() + random(0.2);
        publish(i);
    }

    void connect(std::uint32_t i)
    {
        Client& client = clients_[i];
        client.link.emplace(port_);
        const std::string id = "chaos-" + std::to_string(i);
        mq::Connect connect{.client_id = id, .clean_start = false, .keep_alive = 600};
        client.engine.connect(connect, version, now());
        client.link->put(connect);
        client.link->write();
        poll_.add(*client.link, i);
        ++connections_;
    }

    /// Ends a connection: in order or not, and often in the middle of a packet.
    void die(Client& client)
    {
        client.link->write(random_() % (client.link->unwritten() + 1));
        if (random_() % 2 == 0) client.link->reset();
        lose(client);
    }
    void lose(Client& client)
    {
        client.link.reset();
        client.engine.closed(now());
    }

    mq::Publish publish_of(const Message& message, std::string& topic)
    {
        topic = "chaos/" + std::to_string(message.client);
        return {.topic = topic, .payload = std::as_bytes(std::span(&message, 1)), .qos = message.qos};
    }

    void publish(std::uint32_t i)
    {
        Client& client = clients_[i];
        const Message message{
            i - subscribers, client.published, random_() % 2 == 0 ? mq::QoS::at_least_once : mq::QoS::exactly_once};
        std::string topic;
        mq::Publish publish = publish_of(message, topic);
        if (!client.engine.publish(publish, client.next_token, now())) return;
        client.link->put(publish);
        client.in_flight.emplace(client.next_token++, message);
        ++client.published;
        ++published_;
        for (auto& each : counts_) each[message.client].push_back(0);
        if (random_() % 4 != 0) client.link->write();
    }

    void turn()
    {
        poll_.wait(5, [this](std::uint32_t i) {
            Client& client = clients_[i];
            if (!client.link) return;
            if (!client.link->read([&](mq::Packet& packet) { received(i, packet); })) lose(client);
        });
        for (Client& client : clients_)
            if (client.link && client.link->unwritten() != 0 && !client.link->write()) lose(client);
    }

    void received(std::uint32_t i, mq::Packet& packet)
    {
        Client& client = clients_[i];
        const session::Outcome outcome = client.engine.received(packet, now());
        if (outcome.event == session::Event::connected) connected(i, outcome);
        if (outcome.event == session::Event::subscribed) client.subscribed = true;
        if (outcome.event == session::Event::owned || outcome.event == session::Event::done)
            client.in_flight.erase(outcome.token);
        if (outcome.event == session::Event::message) {
            Message message{};
            std::memcpy(&message, std::get<mq::Publish>(packet).payload.view().data(), sizeof message);
            auto& count = counts_[i][message.client][message.number];
            if (count != 0 && message.qos == mq::QoS::exactly_once) ++doubled_;
            if (count != 255) ++count;
        }
        if (outcome.fault != session::Fault::none) {
            std::fprintf(stderr, "fault: %s\n", std::string(session::text(outcome.fault)).c_str());
            ++faults_;
        }
        std::array<std::byte, session::max_answer> answer;
        if (const auto bytes = session::encode_answer(outcome, answer, version)) client.link->put_bytes(*bytes);
    }

    void connected(std::uint32_t i, const session::Outcome& outcome)
    {
        Client& client = clients_[i];
        if (outcome.session_ended && !client.in_flight.empty()) ++lost_sessions_;
        if (i < subscribers && !client.subscribed) {
            const mq::Subscription filter{.filter = "chaos/#", .qos = mq::QoS::exactly_once};
            mq::Subscribe subscribe{.filters = {&filter, 1}};
            client.engine.subscribe(subscribe, 0, now());
            client.link->put(subscribe);
        }
        while (const session::Resend again = client.engine.resend(now())) {
            const auto found = client.in_flight.find(again.token);
            if (again.packet == mq::PacketType::pubrel) {
                client.link->put(mq::PubRel{.packet_id = again.packet_id});
            } else if (found != client.in_flight.end()) {
                std::string topic;
                mq::Publish publish = publish_of(found->second, topic);
                again.set(publish);
                client.link->put(publish);
            }
        }
    }

    bool is_quiet() const
    {
        for (const Client& client : clients_)
            if (!client.link || client.engine.state() != session::State::open || !client.in_flight.empty()
                || client.engine.messages_in_flight() != 0)
                return false;
        return missing() == 0;
    }

    std::uint64_t missing() const
    {
        std::uint64_t count = 0;
        for (const auto& of_subscriber : counts_)
            for (const auto& of_client : of_subscriber)
                count += static_cast<std::uint64_t>(std::ranges::count(of_client, 0));
        return count;
    }

    bool tell() const
    {
        std::printf("%llu messages to %u subscribers, %llu connections: %llu lost, %llu with QoS 2 doubled, "
                    "%llu sessions lost, %llu faults\n",
            published_, subscribers, connections_, static_cast<unsigned long long>(missing()), doubled_, lost_sessions_,
            faults_);
        return missing() == 0 && doubled_ == 0 && lost_sessions_ == 0 && faults_ == 0;
    }

    std::uint16_t port_;
    std::vector<Client> clients_; ///< the subscribers first
    std::vector<std::vector<std::vector<std::uint8_t>>> counts_; ///< by subscriber, client and message
    Poll poll_;
    std::minstd_rand random_{12345};
    unsigned long long published_ = 0;
    unsigned long long connections_ = 0;
    unsigned long long doubled_ = 0;
    unsigned long long lost_sessions_ = 0;
    unsigned long long faults_ = 0;
};

} // namespace

bool chaos(std::uint16_t port, unsigned count, double duration) { return Chaos(port, count).run(duration); }

} // namespace load
