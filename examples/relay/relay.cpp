// mqttwire-relay: passes messages of any size on between two clients, in 512 bytes of storage.
//
//     mqttwire-relay 1884 &
//     mosquitto_sub -p 1884 -t big -N -C 1 > copy &
//     mosquitto_pub -p 1884 -t big -f file -q 2
//
// The clients may be of any version. A payload is sent on as it comes, piece by piece; a publisher whose QoS asks for
// an answer gets it when the last piece has gone. A subscriber has one filter, and QoS 0. There are no sessions,
// retained messages, wills or time limits.
#include "packets.hpp"
#include "socket.hpp"

#include <mqttwire/stream.hpp>

#include <algorithm>
#include <string_view>
#include <variant>

namespace mq = mqttwire;

namespace {

/// All memory that bytes of packets are kept in.
struct Storage {
    struct OfClient {
        std::array<std::byte, 96> incoming; ///< packets and heads that are spread over chunks
        std::array<char, 48> filter;
    };

    std::array<std::byte, 160> chunk; ///< what was read last
    std::array<std::byte, 64> outgoing; ///< the packet or head that is being sent
    std::array<OfClient, 2> clients;
};

static_assert(sizeof(Storage) == 512);

struct Client {
    explicit Client(Storage::OfClient& storage) noexcept : reader(storage.incoming), filter_storage(storage.filter) {}

    relay::Socket socket;
    mq::StreamReader reader;
    std::optional<mq::Version> version; ///< once it has sent CONNECT
    std::span<char> filter_storage;
    std::string_view filter; ///< empty: not subscribed
    mq::QoS qos{}; ///< of the message that it is sending
    std::uint16_t packet_id = 0; ///< of that
};

class Relay {
public:
    explicit Relay(std::uint16_t port) : listener_(relay::listen_on(port)) {}

    /// Serves until the program is ended.
    [[noreturn]] void run()
    {
        for (;;) {
            const Client* const closed = first_closed();
            std::array<pollfd, 3> polled{{{closed ? listener_.descriptor() : -1, POLLIN, 0}}};
            for (std::size_t i = 0; i < clients_.size(); ++i) {
                // Whatever it asks would have to be answered in the middle of a message.
                const bool is_receiving = &clients_[i] == receiver_ && !writer_.complete();
                polled[i + 1] = {is_receiving ? -1 : clients_[i].socket.descriptor(), POLLIN, 0};
            }
            ::poll(polled.data(), polled.size(), -1);
            for (std::size_t i = 0; i < clients_.size(); ++i)
                if (polled[i + 1].revents != 0 && clients_[i].socket && !read(clients_[i])) close(clients_[i]);
            if (polled[0].revents != 0) open(*first_closed());
        }
    }

private:
    Client* first_closed() noexcept
    {
        const auto found = std::ranges::find_if(clients_, [](const Client& each) { return !each.socket; });
        return found == clients_.end() ? nullptr : &*found;
    }

    Client& other(const Client& client) noexcept { return clients_[&client == clients_.data() ? 1 : 0]; }

    void open(Client& client) noexcept
    {
        client.socket = relay::accept_from(listener_);
        client.reader.reset();
        client.reader.expect_connect();
        client.version.reset();
        client.filter = {};
    }

    /// A message that has begun and cannot be finished takes the other side with it.
    void close(Client& client) noexcept
    {
        if (!writer_.complete()) other(client).socket = relay::Socket();
        client.socket = relay::Socket();
        writer_ = {};
        receiver_ = nullptr;
    }

    /// Takes what a client has sent; false when its connection is to be closed.
    bool read(Client& client)
    {
        std::span<const std::byte> chunk = relay::receive(client.socket, storage_.chunk);
        if (chunk.empty()) return false;
        const auto next = [&] {
            const mq::Version version = client.version.value_or(mq::Version::v3_1_1);
            return client.reader.next(chunk, version, mq::Leniency::none, mq::Role::server);
        };
        while (const mq::StreamEvent event = next())
            if (!take(client, event)) return false;
        return !client.reader.failed() || relay::complain(client.reader.error());
    }

    bool take(Client& client, const mq::StreamEvent& event)
    {
        if (event.frame) return answer(client, *event.frame);
        if (event.head && !begin(client, *event.head, event.payload_size)) return false;
        if (receiver_ && !pass(event.payload)) return false;
        if (!event.end) return true;
        receiver_ = nullptr;
        if (!writer_.complete()) return false;
        if (client.qos == mq::QoS::at_most_once) return true;
        if (client.qos == mq::QoS::at_least_once) return send(client, mq::PubAck{.packet_id = client.packet_id});
        return send(client, mq::PubRec{.packet_id = client.packet_id});
    }

    /// A message begins: its head for the other client is made.
    bool begin(Client& client, const mq::Publish& publish, std::size_t payload_size)
    {
        if (!client.version || publish.properties.topic_alias) return false; // no alias was allowed
        client.qos = publish.qos;
        client.packet_id = publish.packet_id;
        Client& to = other(client);
        if (!to.socket || to.filter.empty() || !mq::matches(to.filter, publish.topic)) return true;
        mq::Publish passed{.topic = publish.topic};
        if (to.version == mq::Version::v5) passed.properties = publish.properties;
        const auto head = mq::encode_head(passed, payload_size, storage_.outgoing, *to.version);
        if (!head) return relay::complain(head.error());
        writer_ = mq::StreamWriter(*head, payload_size);
        receiver_ = &to;
        return true;
    }

    /// Sends a piece, and the head before the first.
    bool pass(std::span<const std::byte> piece)
    {
        while (!piece.empty() || !writer_.head().empty()) {
            const auto count = relay::send_some(receiver_->socket, writer_.spans(piece).value());
            if (!count) return false;
            piece = piece.subspan(writer_.sent(*count));
        }
        return true;
    }

    bool answer(Client& client, const mq::Frame& frame)
    {
        const auto packet = relay::read_packet(frame, client.version, mq::Role::server);
        return packet && std::visit([&](const auto& held) { return handle(client, held); }, *packet);
    }

    bool handle(Client& client, const mq::Connect& connect)
    {
        if (client.version) return false;
        client.version = connect.version;
        client.reader.expect(*client.version, mq::Role::server);
        mq::ConnAck connack;
        if (connect.client_id.empty() && client.version == mq::Version::v5)
            connack.properties.assigned_client_identifier = &client == clients_.data() ? "first" : "second";
        return send(client, connack);
    }

    bool handle(Client& client, const mq::Subscribe& subscribe)
    {
        const mq::Text filter = (*subscribe.filters.begin()).filter;
        if (subscribe.filters.size() != 1 || filter.size() > client.filter_storage.size()) return false;
        std::ranges::copy(filter.view(), client.filter_storage.begin());
        client.filter = {client.filter_storage.data(), filter.size()};
        std::cout << "subscribed to " << client.filter << '\n' << std::flush;
        const std::array granted{mq::ReasonCode::granted_qos_0};
        return send(client, mq::SubAck{.packet_id = subscribe.packet_id, .reason_codes = granted});
    }

    bool handle(Client& client, const mq::PubRel& it) { return send(client, mq::PubComp{.packet_id = it.packet_id}); }
    bool handle(Client& client, const mq::PingReq&) { return send(client, mq::PingResp{}); }
    bool handle(Client&, const auto&) { return false; } // DISCONNECT, and what there is no use for here

    bool send(Client& client, const auto& packet)
    {
        const auto bytes = packet.encode(storage_.outgoing, *client.version);
        return bytes ? relay::send_all(client.socket, *bytes) : relay::complain(bytes.error());
    }

    Storage storage_;
    relay::Socket listener_;
    std::array<Client, 2> clients_{Client(storage_.clients[0]), Client(storage_.clients[1])};
    Client* receiver_ = nullptr; ///< of the message that is being passed on
    mq::StreamWriter writer_;
};

} // namespace

int main(int argc, char** argv) { Relay(relay::port_of(argc, argv, 1)).run(); }
