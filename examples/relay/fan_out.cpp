// mqttwire-fan-out: sends each message to all who have subscribed to it, and keeps it in memory once.
//
//     mqttwire-fan-out 1884 &
//     mosquitto_sub -V 5 -p 1884 -t 'news/#' -q 2 & mosquitto_sub -V 311 -p 1884 -t 'news/+' -q 1 &
//     mosquitto_pub -V 5 -p 1884 -t news/1 -q 2 -f story -D publish user-property from me
//
// The clients may be of any version. Each receiver has a head of its own, and a share in the message as it came. There
// are no sessions, retained messages, wills, aliases or time limits.
#include "packets.hpp"
#include "sending.hpp"
#include "socket.hpp"

#include <mqttwire/limits.hpp>
#include <mqttwire/outgoing.hpp>

#include <algorithm>
#include <memory>
#include <string>
#include <variant>

namespace mq = mqttwire;

namespace {

struct Subscription {
    std::string filter;
    mq::QoS qos;
    std::optional<std::uint32_t> identifier;
};

struct Client {
    relay::Socket socket;
    relay::Incoming incoming;
    std::optional<mq::Version> version; ///< once it has sent CONNECT
    mq::Limits limits;
    std::string name;
    std::vector<Subscription> subscriptions;
    relay::Sending sending;
    std::uint16_t last_id = 0;
    bool open = true;

    bool answer(const auto& packet) { return sending.add(packet, *version); }
};

class Server {
public:
    explicit Server(std::uint16_t port) : listener_(relay::listen_on(port)) {}

    /// Serves until the program is ended.
    [[noreturn]] void run()
    {
        for (;;) {
            std::vector<pollfd> polled{{listener_.descriptor(), POLLIN, 0}};
            for (const auto& client : clients_) {
                const short events = client->sending.blocked() ? POLLIN | POLLOUT : POLLIN;
                polled.push_back({client->socket.descriptor(), events, 0});
            }
            ::poll(polled.data(), polled.size(), -1);
            for (std::size_t i = 0; i < clients_.size(); ++i)
                if ((polled[i + 1].revents & ~POLLOUT) != 0) clients_[i]->open = read(*clients_[i]);
            for (const auto& client : clients_) client->open = client->open && client->sending.flush(client->socket);
            std::erase_if(clients_, [](const auto& client) { return !client->open; });
            if (polled[0].revents != 0) {
                Client& client = *clients_.emplace_back(std::make_unique<Client>());
                client.socket = relay::accept_from(listener_);
                client.open = static_cast<bool>(client.socket);
                relay::do_not_wait(client.socket);
                relay::do_not_delay(client.socket);
                client.incoming.framer().expect_connect();
            }
        }
    }

private:
    /// Takes what a client has sent; false when its connection is to be closed.
    bool read(Client& client)
    {
        const std::span<const std::byte> chunk = relay::receive(client.socket, chunk_);
        return !chunk.empty() && client.incoming.add(chunk, [&](const mq::Frame& frame) {
            const auto packet = relay::read_packet(frame, client.version, mq::Role::server);
            if (!packet) return false;
            if (frame.type() == mq::PacketType::publish && !publish(*client.version, frame)) return false;
            return std::visit([&](const auto& held) { return handle(client, held); }, *packet);
        });
    }

    /// Prepares a message, and writes a head for each receiver.
    bool publish(mq::Version version, const mq::Frame& frame)
    {
        const auto message = std::make_shared<relay::Message>();
        message->packet.assign(frame.bytes().begin(), frame.bytes().end());
        message->scratch.resize(frame.bytes().size());
        const auto outgoing = mq::OutgoingMessage::prepare(
            mq::read_frame(message->packet).value(), version, message->scratch, {}, {}, mq::Role::server);
        if (!outgoing) return relay::complain(outgoing.error()); // of an alias too, for none was allowed
        message->outgoing = *outgoing;
        std::size_t receivers = 0;
        std::size_t heads = 0;
        for (const auto& client : clients_) {
            mq::Receiver receiver{.qos = mq::QoS::at_most_once, .limits = &client->limits};
            std::vector<std::uint32_t> identifiers;
            bool matches = false;
            for (const Subscription& each : client->subscriptions) {
                if (!mq::matches(each.filter, outgoing->publish().topic)) continue;
                matches = true;
                receiver.qos = std::max(receiver.qos, std::min(each.qos, outgoing->publish().qos));
                if (each.identifier) identifiers.push_back(*each.identifier);
            }
            if (!matches) continue;
            receiver.version = *client->version;
            receiver.subscription_identifier = identifiers;
            if (receiver.qos != mq::QoS::at_most_once) {
                if (++client->last_id == 0) ++client->last_id;
                receiver.packet_id = client->last_id;
            }
            const auto head = outgoing->write_head(receiver, head_);
            if (!head) continue; // the packet is larger than the receiver takes
            client->sending.add(*head, message, receiver);
            ++receivers;
            heads += head->size();
        }
        std::cout << outgoing->publish().topic.view() << ": " << message->packet.size() << " bytes once, and " << heads
                  << " in heads for " << receivers << " receivers\n"
                  << std::flush;
        return true;
    }

    bool handle(Client& client, const mq::Connect& connect)
    {
        if (client.version) return false;
        client.version = connect.version;
        client.limits = mq::limits_of(connect);
        client.sending.set_receive_maximum(client.limits.receive_maximum);
        client.incoming.framer().expect(*client.version, mq::Role::server);
        mq::ConnAck connack;
        client.name = connect.client_id.empty() ? "client " + std::to_string(++names_) : connect.client_id.view();
        if (connect.client_id.empty() && client.version == mq::Version::v5)
            connack.properties.assigned_client_identifier = client.name;
        return client.answer(connack);
    }

    bool handle(Client& client, const mq::Subscribe& subscribe)
    {
        std::vector<mq::ReasonCode> codes;
        for (const mq::Subscription each : subscribe.filters) {
            std::erase_if(client.subscriptions, [&](const auto& old) { return old.filter == each.filter.view(); });
            client.subscriptions.push_back(
                {std::string(each.filter.view()), each.qos, subscribe.properties.subscription_identifier});
            codes.push_back(mq::granted(each.qos));
        }
        std::cout << client.name << " has subscribed\n" << std::flush;
        return client.answer(mq::SubAck{.packet_id = subscribe.packet_id, .reason_codes = codes});
    }

    bool handle(Client& client, const mq::Publish& publish)
    {
        if (publish.qos == mq::QoS::at_least_once) return client.answer(mq::PubAck{.packet_id = publish.packet_id});
        if (publish.qos == mq::QoS::exactly_once) return client.answer(mq::PubRec{.packet_id = publish.packet_id});
        return true;
    }

    bool handle(Client& client, const mq::PubRel& pubrel)
    {
        return client.answer(mq::PubComp{.packet_id = pubrel.packet_id});
    }

    bool handle(Client& client, const mq::PubRec& pubrec)
    {
        if (mq::is_failure(pubrec.reason_code)) return client.sending.acknowledged();
        return client.answer(mq::PubRel{.packet_id = pubrec.packet_id});
    }

    bool handle(Client& client, const mq::PubAck&) { return client.sending.acknowledged(); }
    bool handle(Client& client, const mq::PubComp&) { return client.sending.acknowledged(); }
    bool handle(Client& client, const mq::PingReq&) { return client.answer(mq::PingResp{}); }

    bool handle(Client&, const auto&) { return false; } // DISCONNECT, and what there is no use for here

    relay::Socket listener_;
    std::vector<std::unique_ptr<Client>> clients_;
    std::array<std::byte, 16'384> chunk_{};
    std::array<std::byte, 66'000> head_{};
    unsigned names_ = 0;
};

} // namespace

int main(int argc, char** argv) { Server(relay::port_of(argc, argv, 1)).run(); }
