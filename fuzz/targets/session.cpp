// Do a client's and a server's session keep to their rules over a link that is fuzzed?
//
// Input: the version, what is announced, then what happens: messages, packets handed over, connections lost, either
// side losing what is not durable, time jumping, and packets that neither has sent. A packet that nobody has sent voids
// what is known of messages until the sessions begin anew; what must hold even so is checked after each step.
#include "support/input.hpp"
#include "support/require.hpp"
#include "support/target.hpp"

#include <mqttwire/mqttwire.hpp>
#include <mqttwire/session/client.hpp>
#include <mqttwire/session/server.hpp>

#include <array>
#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <type_traits>
#include <vector>

namespace mqttwire::fuzz::session_target {

namespace {

using namespace session;

constexpr Capacities room{
    .outgoing = 5, .incoming = 4, .aliases_in = 3, .alias_bytes_in = 12, .aliases_out = 3, .alias_bytes_out = 12};

/// One side, and what its application and its power supply know.
template <class Session>
struct Side {
    Session session{};
    std::deque<std::vector<std::byte>> sent{}; ///< on their way to the other side
    std::vector<std::byte> durable{};
    Journal journal{};
    std::uint8_t published = 0; ///< number of the last message with QoS 1 or 2
    std::uint8_t delivered = 0; ///< number of the last message that the other side has had
    std::array<bool, 256> exactly_once{}; ///< whether a message has QoS 2
    std::array<bool, 256> discarded{}; ///< whether it had become too large to be sent again
};

constexpr std::string_view topics[] = {"a", "bb", "ccc", "dddd", "too long for an alias"};

class Run {
public:
    explicit Run(Input input) : input_(input)
    {
        constexpr Version versions[] = {Version::v3_1, Version::v3_1_1, Version::v5};
        version_ = versions[input_.below(3)];
        connect_.version = version_;
        connect_.keep_alive = input_.byte();
        if (version_ == Version::v5) {
            connect_.properties.session_expiry_interval = for_ever;
            connect_.properties.receive_maximum = static_cast<std::uint16_t>(1 + input_.below(5));
            connack_.properties.receive_maximum = static_cast<std::uint16_t>(1 + input_.below(5));
            connect_.properties.topic_alias_maximum = static_cast<std::uint16_t>(input_.below(5));
            connack_.properties.topic_alias_maximum = static_cast<std::uint16_t>(input_.below(5));
        }
        save(client_);
        save(server_);
    }

    void run()
    {
        for (int steps = 0; !input_.empty() && steps < 2000; ++steps) {
            step();
            check(client_.session);
            check(server_.session);
            check_journal(client_);
            check_journal(server_);
        }
        if (!hostile_) come_to_rest();
    }

private:
    void step()
    {
        switch (input_.below(12)) {
        case 0: begin(); break;
        case 1:
        case 2: hand_over(client_, server_); break;
        case 3:
        case 4: hand_over(server_, client_); break;
        case 5: publish(client_); break;
        case 6: publish(server_); break;
        case 7: lose_connection(); break;
        case 8: input_.flag() ? crash(client_) : crash(server_); break;
        case 9: pass_time(); break;
        case 10: subscribe(); break;
        default: hostile(); break;
        }
    }

    template <class Packet, class Session>
    void send(Side<Session>& side, const Packet& packet)
    {
        std::array<std::byte, 128> buffer{};
        const auto written = packet.encode(buffer, version_);
        require(written.has_value(), "what a session has completed can be encoded");
        require(hostile_ || written->size() <= side.session.maximum_packet_size(),
            "what is sent is not larger than the peer takes");
        side.sent.emplace_back(written->begin(), written->end());
    }

    void begin()
    {
        if (client_.session.state() != State::idle || server_.session.state() != State::idle) return;
        if (version_ == Version::v5) {
            connect_.properties.maximum_packet_size = maximum_packet_size();
            connack_.properties.maximum_packet_size = maximum_packet_size();
        }
        Connect connect = connect_;
        const Outcome outcome = client_.session.connect(connect, version_, now_);
        require(outcome.fault == Fault::none, "a client can connect");
        see_to(client_, server_, outcome, nullptr);
        send(client_, connect);
    }

    /// Of one connection: none, or one that a PUBLISH with the longest topic is too large for, but nothing else.
    std::optional<std::uint32_t> maximum_packet_size()
    {
        return input_.flag() ? std::optional<std::uint32_t>(24) : std::nullopt;
    }

    void lose_connection()
    {
        client_.sent.clear();
        server_.sent.clear();
        const Outcome outcome = server_.session.closed(now_);
        if (must_come_first(outcome.change)) save(server_);
        if (must_come_first(client_.session.closed(now_).change)) save(client_);
    }

    template <class Session>
    void save(Side<Session>& side)
    {
        side.durable.resize(side.session.saved_size());
        require(side.session.save(side.durable, 1, side.journal) == side.durable.size(), "a session can be saved");
    }

    template <class Session>
    void crash(Side<Session>& side)
    {
        lose_connection();
        // Some of what a `done` says may be missing at the end, and a part of a record may be there.
        std::vector<std::byte> bytes = side.durable;
        for (std::size_t torn = input_.below(8); torn != 0; --torn)
            bytes.push_back(static_cast<std::byte>(input_.byte()));
        Session loaded;
        const Loaded result = loaded.load(bytes, now_);
        // (A whole record of garbage cannot come about: less than eight bytes are torn.)
        require(static_cast<bool>(result), "a journal can be loaded");
        side.session = loaded;
        save(side);
    }

    void pass_time()
    {
        now_ += input_.flag() ? input_.byte() * second : input_.four_bytes() >> 2U;
        see_to(client_, server_, client_.session.tick(now_), nullptr);
        see_to(server_, client_, server_.session.tick(now_), nullptr);
    }

    template <class Session>
    void publish(Side<Session>& side)
    {
        const auto number = static_cast<std::uint8_t>(side.published + 1);
        const std::byte payload[] = {static_cast<std::byte>(number)};
        Publish publish{.topic = topics[input_.below(5)], .payload = payload, .qos = static_cast<QoS>(input_.below(3))};
        // Before 5.0 nothing says how much the other side has room for.
        if (side.session.messages_in_flight() >= room.incoming && version_ != Version::v5) return;
        const Outcome outcome = side.session.publish(publish, number, now_);
        if (!outcome) {
            require(!outcome.close && outcome.answer == PacketType{}, "a refusal changes nothing");
            return;
        }
        if (publish.qos != QoS::at_most_once) {
            side.published = number;
            side.discarded[number] = false;
            side.exactly_once[number] = publish.qos == QoS::exactly_once;
        }
        append(side, outcome);
        send(side, publish);
    }

    void subscribe()
    {
        const Subscription filters[] = {{.filter = "#"}};
        Subscribe subscribe{.filters = filters};
        if (client_.session.subscribe(subscribe, 0, now_)) send(client_, subscribe);
    }

    template <class From, class To>
    void hand_over(Side<From>& from, Side<To>& to)
    {
        if (from.sent.empty()) return;
        const std::vector<std::byte> bytes = from.sent.front();
        from.sent.pop_front();
        receive(to, from, bytes);
    }

    template <class To, class From>
    void receive(Side<To>& to, Side<From>& from, std::span<const std::byte> bytes)
    {
        constexpr bool to_client = std::is_same_v<To, Client<room>>;
        auto packet = decode(bytes, version_, {}, to_client ? Role::client : Role::server);
        if (!packet) {
            require(hostile_, "what is sent can be decoded");
            return;
        }
        const Outcome outcome = to.session.received(*packet, now_);
        if constexpr (!to_client) {
            if (outcome.event == Event::connecting) {
                ConnAck connack = connack_;
                const Outcome accepted = to.session.accept(std::get<Connect>(*packet), connack, now_);
                if (!accepted) {
                    require(hostile_, "a server can accept");
                    return;
                }
                append(to, accepted);
                send(to, connack);
                see_to(to, from, {.event = Event::connected}, nullptr); // sends again what waits
            }
            if (outcome.event == Event::subscribe) {
                const ReasonCode granted[] = {ReasonCode::granted_qos_0};
                send(to, SubAck{.packet_id = outcome.packet_id, .reason_codes = granted});
            }
        }
        see_to(to, from, outcome, std::get_if<Publish>(&*packet));
    }

    template <class Session, class Other>
    void see_to(Side<Session>& side, Side<Other>& other, const Outcome& outcome, const Publish* publish)
    {
        if (outcome.fault != Fault::none && outcome.fault != Fault::keep_alive_timeout
            && outcome.fault != Fault::no_answer_to_ping)
            require(hostile_, name(outcome.fault).data()); // no session finds fault with the other
        if (outcome.event == Event::message) {
            require(publish != nullptr && !publish->topic.empty(), "a message has its topic");
            if (!hostile_ && publish->qos != QoS::at_most_once) deliver(other, *publish);
        }
        if (outcome.event == Event::done && !hostile_ && !side.discarded[outcome.token])
            require(static_cast<std::uint8_t>(side.delivered - outcome.token) < 0x80U,
                "what is acknowledged has been delivered");
        append(side, outcome);
        std::array<std::byte, max_answer> buffer{};
        const auto answer = encode_answer(outcome, buffer, version_);
        require(answer.has_value(), "an answer can be written");
        if (!answer->empty()) {
            const Role receiver = std::is_same_v<Session, Client<room>> ? Role::server : Role::client;
            require(decode(*answer, version_, {}, receiver).has_value(), "an answer is a packet");
            side.sent.emplace_back(answer->begin(), answer->end());
        }
        if (outcome.close) {
            require(side.session.state() == State::closing, "a fault ends the connection");
            lose_connection();
            return;
        }
        while (const Resend again = side.session.resend(now_)) {
            if (again.packet == PacketType::pubrel) {
                send(side, PubRel{.packet_id = again.packet_id});
                continue;
            }
            const std::byte payload[] = {static_cast<std::byte>(again.token)};
            Publish message{.topic = topics[again.token % 5], .payload = payload};
            again.set(message);
            if (side.session.is_too_large(message)) discard(side, again);
            else send(side, message);
        }
    }

    template <class Session>
    void discard(Side<Session>& side, const Resend& again)
    {
        const Outcome outcome = side.session.discard(again, now_);
        const bool once = again.qos == QoS::exactly_once;
        require(outcome.token == again.token && outcome.event == (once ? Event::owned : Event::done),
            "a message that is too large need not be kept");
        require(side.session.flow(again.packet_id) == (once ? Flow::pubrel : Flow::none), "its flow goes on");
        append(side, outcome);
        if (once) send(side, PubRel{.packet_id = again.packet_id});
        side.discarded[again.token] = true;
    }

    /// Goes over those that will not come.
    template <class Session>
    static void pass_discarded(Side<Session>& sender)
    {
        while (sender.delivered != sender.published && sender.discarded[(sender.delivered + 1U) % 256])
            ++sender.delivered;
    }

    /// QoS 1 may come again, QoS 2 may not; the first time is in order.
    template <class Session>
    void deliver(Side<Session>& sender, const Publish& publish)
    {
        const auto number = static_cast<std::uint8_t>(publish.payload[0]);
        pass_discarded(sender);
        const auto ahead = static_cast<std::uint8_t>(number - sender.delivered);
        require(ahead == 1 || (ahead == 0 || ahead > 0x80U), "messages come in order, and none is lost");
        require(ahead == 1 || !sender.exactly_once[number], "a message with QoS 2 comes once");
        if (ahead == 1) sender.delivered = number;
    }

    /// Makes a change durable; of `done` nobody knows when.
    template <class Session>
    void append(Side<Session>& side, const Outcome& outcome)
    {
        if (outcome.change == Change::none) return;
        if (outcome.change == Change::session || side.durable.size() > 200) return save(side);
        for (const std::byte byte : side.journal.record(outcome)) side.durable.push_back(byte);
    }

    /// A packet that the other side has not sent.
    void hostile()
    {
        hostile_ = true;
        const bool to_client = input_.flag();
        std::vector<std::byte> bytes{static_cast<std::byte>(input_.byte()), std::byte{0}};
        for (const std::byte byte : input_.take(input_.below(24))) bytes.push_back(byte);
        bytes[1] = static_cast<std::byte>(bytes.size() - 2);
        if (to_client) receive(client_, server_, bytes);
        else receive(server_, client_, bytes);
    }

    /// All that a session keeps was told as a change.
    template <class Session>
    void check_journal(const Side<Session>& side)
    {
        if (side.session.session_expiry() == 0) return;
        Session loaded;
        require(static_cast<bool>(loaded.load(side.durable, now_)), "a journal can be loaded");
        require(saved(loaded) == saved(side.session), "a journal has what its session keeps");
    }

    template <class Session>
    static std::vector<std::byte> saved(const Session& session)
    {
        std::vector<std::byte> bytes(session.saved_size());
        Journal journal;
        require(session.save(bytes, 1, journal) == bytes.size(), "a session can be saved");
        return bytes;
    }

    template <class Session>
    void check(const Session& session)
    {
        std::size_t flows = 0;
        std::size_t messages = 0;
        for (std::uint16_t id = session.first_flow(); id != 0; id = session.next_flow(id)) {
            require(++flows <= room.outgoing, "flows end");
            require(session.flow(id) != Flow::none, "a flow that is listed has begun");
            if (is_message(session.flow(id))) ++messages;
        }
        require(messages == session.messages_in_flight(), "messages are counted");
        require(session.messages_waiting() <= session.messages_in_flight(), "no more wait than there are");
        require(session.messages_incomplete() <= room.incoming, "there is room for what has come");
        if (session.state() == State::open) {
            const auto due = session.next_deadline();
            require(!due || *due - now_ < 0x80000000U || has_come(*due, now_), "deadlines can be compared");
        }
    }

    /// Without losses everything ends.
    void come_to_rest()
    {
        lose_connection();
        begin();
        for (int i = 0; i < 1000; ++i) {
            hand_over(client_, server_);
            hand_over(server_, client_);
        }
        require(
            client_.session.messages_in_flight() == 0 && server_.session.messages_in_flight() == 0, "every flow ends");
        pass_discarded(client_);
        pass_discarded(server_);
        require(client_.delivered == client_.published && server_.delivered == server_.published,
            "every message is delivered");
    }

    Input input_;
    Version version_{};
    Connect connect_{.client_id = "c"};
    ConnAck connack_{};
    Time now_ = 0;
    bool hostile_ = false;
    Side<Client<room>> client_{};
    Side<Server<room>> server_{};
};

} // namespace

} // namespace mqttwire::fuzz::session_target

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    mqttwire::fuzz::session_target::Run({data, size}).run();
    return 0;
}
