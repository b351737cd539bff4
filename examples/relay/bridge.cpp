// mqttwire-bridge: stands before a server of one version, and lets in clients of all.
//
//     mqttwire-bridge 1884 1883 3.1.1 &              # port, the server's port, the server's version
//     mosquitto_sub -V 5 -p 1884 -t 'news/#' -q 2    # a 5.0 client of a server that knows 3.1.1 alone
//
// Every packet goes to the other side as its counterpart there, in both directions, from CONNECT to DISCONNECT; what
// the other version cannot say is told on the standard output. Packet identifiers stay as they are. A 5.0 client that
// wants a client id from the server is given one here, for 3.x tells none. What a version leaves to those who speak it
// (Receive Maximum, expiry: see docs/bridging.md) is not done in their place.
#include "packets.hpp"
#include "sending.hpp"
#include "socket.hpp"

#include <mqttwire/bridge.hpp>

#include <map>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <variant>

namespace mq = mqttwire;

namespace {

struct Side {
    relay::Socket socket;
    relay::Incoming incoming;
    relay::Sending sending;
    std::optional<mq::Version> version{}; ///< of a client: once it has sent CONNECT
    std::set<std::uint16_t> refused{}; ///< messages of this side that were refused where only acceptance can be said
    std::map<std::uint16_t, std::size_t> unsubscribed{}; ///< of each UNSUBSCRIBE the number of its filters
    std::string client_id{}; ///< of a client whose own was empty, if it must be told one
};

/// A client with its connection to the server.
struct Link {
    Side client;
    Side server;
    bool open = true;
};

void tell(const mq::Loss& loss, mq::PacketType type, mq::Version to)
{
    std::cout << name(type) << " to " << name(to) << " loses " << name(loss.field);
    if (loss.kind == mq::Loss::Kind::option) std::cout << ' ' << name(loss.option);
    if (loss.kind == mq::Loss::Kind::reason_code) std::cout << ' ' << name(loss.code, type);
    std::cout << '\n' << std::flush;
}

// In the place of the other side, which does not get the packet: ends the flow that it belongs to.

bool end_flow(Side& from, const mq::Publish& publish)
{
    if (publish.qos == mq::QoS::at_least_once)
        return from.sending.add(mq::PubAck{.packet_id = publish.packet_id}, *from.version);
    from.refused.insert(publish.packet_id); // for its PUBREL
    return from.sending.add(mq::PubRec{.packet_id = publish.packet_id}, *from.version);
}

bool end_flow(Side& from, const mq::Subscribe& subscribe)
{
    const std::vector<mq::ReasonCode> codes(subscribe.filters.size(), mq::ReasonCode::unspecified_error);
    return from.sending.add(mq::SubAck{.packet_id = subscribe.packet_id, .reason_codes = codes}, *from.version);
}

bool end_flow(Side& from, const mq::Unsubscribe& unsubscribe)
{
    mq::UnsubAck unsuback{.packet_id = unsubscribe.packet_id};
    const std::vector<mq::ReasonCode> codes(unsubscribe.filters.size(), mq::ReasonCode::unspecified_error);
    if (from.version == mq::Version::v5) unsuback.reason_codes = codes;
    return from.sending.add(unsuback, *from.version);
}

bool end_flow(Side&, const auto&) { return false; } // of an acknowledgement, which always has a counterpart

/// A client id of at most 23 characters that no other client of the server has.
std::string new_client_id()
{
    static std::random_device random;
    std::string id = "bridged";
    for (int i = 0; i < 16; ++i) id += "0123456789abcdef"[random() % 16];
    return id;
}

// A client of 5.0 is told its client id, whatever version the server has.

void give_client_id(Side& client, const Side& server, mq::Connect& connect)
{
    if (!connect.client_id.empty() || client.version != mq::Version::v5 || server.version == mq::Version::v5) return;
    client.client_id = new_client_id();
    connect.client_id = client.client_id;
}

void tell_client_id(const Side& client, mq::ConnAck& connack)
{
    if (!client.client_id.empty() && connack.reason_code == mq::ReasonCode::success)
        connack.properties.assigned_client_identifier = client.client_id;
}

/// Passes a packet on; false when the link is to be closed.
template <class Packet>
bool pass(Side& from, Side& to, Packet packet, mq::Role receiver)
{
    if constexpr (Packet::type == mq::PacketType::connect) give_client_id(from, to, packet);
    std::vector<mq::Subscription> filters;
    std::vector<mq::ReasonCode> codes;
    mq::BridgeScratch scratch;
    if constexpr (Packet::type == mq::PacketType::subscribe) filters.resize(packet.filters.size());
    if constexpr (Packet::type == mq::PacketType::suback) codes.resize(packet.reason_codes.size());
    if constexpr (Packet::type == mq::PacketType::unsubscribe)
        from.unsubscribed[packet.packet_id] = packet.filters.size();
    if constexpr (Packet::type == mq::PacketType::unsuback) {
        scratch.unsubscribed = to.unsubscribed[packet.packet_id];
        to.unsubscribed.erase(packet.packet_id);
        codes.resize(scratch.unsubscribed);
    }
    if constexpr (Packet::type == mq::PacketType::pubrel)
        if (from.refused.erase(packet.packet_id) != 0)
            return from.sending.add(mq::PubComp{.packet_id = packet.packet_id}, *from.version);
    scratch.filters = filters;
    scratch.reason_codes = codes;
    auto bridged = mq::bridge(
        packet, *from.version, *to.version, scratch,
        [&](const mq::Loss& loss) { tell(loss, Packet::type, *to.version); }, mq::Leniency::none, receiver);
    if (bridged) {
        if constexpr (Packet::type == mq::PacketType::pubrec)
            if (bridged.advice == mq::Advice::end_flow) to.refused.insert(packet.packet_id);
        if constexpr (Packet::type == mq::PacketType::connack) tell_client_id(to, bridged.packet);
        return to.sending.add(bridged.packet, *to.version);
    }
    std::cout << name(Packet::type) << " has no counterpart in " << name(*to.version) << ": "
              << name(bridged.error.code) << ", so " << name(bridged.advice) << '\n'
              << std::flush;
    if (bridged.advice == mq::Advice::end_flow) return end_flow(from, packet);
    return bridged.advice == mq::Advice::ignore;
}

/// Takes what one side has sent.
bool read(Side& from, Side& to, mq::Role receiver)
{
    std::array<std::byte, 16'384> buffer;
    const std::span<const std::byte> chunk = relay::receive(from.socket, buffer);
    return !chunk.empty() && from.incoming.add(chunk, [&](const mq::Frame& frame) {
        const auto packet = relay::read_packet(frame, from.version, receiver);
        if (!packet) return false;
        if (const auto* connect = std::get_if<mq::Connect>(&*packet)) {
            if (from.version) return false; // a second one
            from.version = connect->version;
            from.incoming.framer().expect(*from.version, receiver);
        }
        if (!to.version) return false; // the server speaks before it was asked
        return std::visit([&](const auto& held) { return pass(from, to, held, receiver); }, *packet);
    });
}

std::unique_ptr<Link> accept_link(const relay::Socket& listener, std::uint16_t port, mq::Version version)
{
    auto link = std::make_unique<Link>();
    link->client.socket = relay::accept_from(listener);
    link->server.socket = relay::connect_to(port);
    link->server.version = version;
    link->open = static_cast<bool>(link->server.socket);
    for (Side* side : {&link->client, &link->server}) {
        relay::do_not_wait(side->socket);
        relay::do_not_delay(side->socket);
    }
    link->client.incoming.framer().expect_connect();
    link->server.incoming.framer().expect(version, mq::Role::client);
    return link;
}

/// Serves until the program is ended.
[[noreturn]] void run(const relay::Socket& listener, std::uint16_t port, mq::Version version)
{
    std::vector<std::unique_ptr<Link>> links;
    for (;;) {
        std::vector<pollfd> polled{{listener.descriptor(), POLLIN, 0}};
        const auto watch = [&](const Side& side, const Side& other) { // and read no more than the other side takes
            const int events = (side.sending.blocked() ? POLLOUT : 0) | (other.sending.blocked() ? 0 : POLLIN);
            polled.push_back({side.socket.descriptor(), static_cast<short>(events), 0});
        };
        for (const auto& link : links) {
            watch(link->client, link->server);
            watch(link->server, link->client);
        }
        ::poll(polled.data(), polled.size(), -1);
        for (std::size_t i = 0; i < links.size(); ++i) {
            Side& client = links[i]->client;
            Side& server = links[i]->server;
            bool good = true;
            if ((polled[2 * i + 1].revents & ~POLLOUT) != 0) good = read(client, server, mq::Role::server);
            if (good && (polled[2 * i + 2].revents & ~POLLOUT) != 0) good = read(server, client, mq::Role::client);
            const bool client_is_there = client.sending.flush(client.socket); // also what has come before the fault
            const bool server_is_there = server.sending.flush(server.socket);
            links[i]->open = good && client_is_there && server_is_there;
        }
        std::erase_if(links, [](const auto& link) { return !link->open; });
        if (polled[0].revents != 0) {
            auto link = accept_link(listener, port, version);
            if (link->open) links.push_back(std::move(link));
        }
    }
}

} // namespace

int main(int argc, char** argv)
{
    const auto version = argc == 4 ? mq::version_named(argv[3]) : std::nullopt;
    if (!version) {
        std::cerr << "usage: mqttwire-bridge PORT SERVER_PORT 3.1|3.1.1|5.0\n";
        return 2;
    }
    run(relay::listen_on(relay::port_of(argc, argv, 1)), relay::port_of(argc, argv, 2), *version);
}
