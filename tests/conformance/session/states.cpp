// Every packet in every state of a session, and the calls whose answer depends on the version.
#include "pair.hpp"

using namespace pair;

namespace {

inline constexpr Version all_versions[] = {Version::v3_1, Version::v3_1_1, Version::v5};
inline constexpr State all_states[] = {State::idle, State::opening, State::open, State::closing};

/// A packet of each type.
std::vector<Packet> one_of_each()
{
    static constexpr std::array filters{Subscription{.filter = "a/#", .qos = QoS::at_least_once}};
    static constexpr std::array names{Text("a/#")};
    static constexpr std::array codes{ReasonCode::granted_qos_1};
    return {Connect{.client_id = "c"}, ConnAck{}, message(at_least), PubAck{.packet_id = 9}, PubRec{.packet_id = 9},
        PubRel{.packet_id = 9}, PubComp{.packet_id = 9}, Subscribe{.packet_id = 9, .filters = filters},
        SubAck{.packet_id = 9, .reason_codes = codes}, Unsubscribe{.packet_id = 9, .filters = names},
        UnsubAck{.packet_id = 9}, PingReq{}, PingResp{}, Disconnect{}, Auth{}};
}

/// Both sides in one state.
Pair pair_in(State state, Version version)
{
    Pair p(version);
    if (state == State::opening) {
        p.client.connect(p.connect, version, p.now);
        p.server.received(p.connect, p.now);
    } else if (state != State::idle) {
        p.open();
    }
    if (state == State::closing) {
        p.client.disconnect({});
        p.server.take_over();
    }
    CHECK(p.client.state() == state);
    CHECK(p.server.state() == state);
    return p;
}

/// What a side makes of a packet that must not come in its state; `none` for the packets that may.
Fault expected_fault(State state, bool is_server, PacketType type, Version version)
{
    const bool v5 = version == Version::v5;
    const bool from_here = type == PacketType::connect || type == PacketType::subscribe
            || type == PacketType::unsubscribe || type == PacketType::pingreq
        ? !is_server
        : is_server
            && (type == PacketType::connack || type == PacketType::suback || type == PacketType::unsuback
                || type == PacketType::pingresp);
    switch (state) {
    case State::closing: return Fault::packet_after_disconnect;
    case State::idle:
        if (is_server) return type == PacketType::connect ? Fault::none : Fault::first_packet_not_connect;
        return Fault::not_connected;
    case State::opening:
        if (is_server && type == PacketType::connect) return Fault::second_connect;
        if (type == PacketType::disconnect && is_server) return Fault::none;
        if (type == PacketType::auth) return Fault::authentication_without_method;
        if (is_server) return Fault::not_connected;
        return type == PacketType::connack ? Fault::none : Fault::first_packet_not_connack;
    case State::open: break;
    }
    if (is_server && type == PacketType::connect) return Fault::second_connect;
    if (!is_server && type == PacketType::connack) return Fault::second_connack;
    if (type == PacketType::auth) return Fault::authentication_without_method;
    if (type == PacketType::disconnect && !is_server && !v5) return Fault::packet_from_wrong_side;
    if (from_here) return Fault::packet_from_wrong_side;
    if (type == PacketType::suback || type == PacketType::unsuback) return Fault::acknowledgement_of_nothing;
    return Fault::none;
}

} // namespace

TEST_CASE("every packet in every state")
{
    for (const Version version : all_versions)
        for (const State state : all_states)
            for (const Packet& packet : one_of_each()) {
                CAPTURE(name(version), static_cast<int>(state), name(type_of(packet)));
                Pair p = pair_in(state, version);
                Packet to_client = packet;
                Packet to_server = packet;
                if (auto* connect = std::get_if<Connect>(&to_server)) connect->version = version;
                CHECK(name(p.client.received(to_client, p.now).fault)
                    == name(expected_fault(state, false, type_of(packet), version)));
                CHECK(name(p.server.received(to_server, p.now).fault)
                    == name(expected_fault(state, true, type_of(packet), version)));
            }
}

TEST_CASE("a message that is not wanted is refused as the version can", "[5.0:MQTT-4.3.3-9]")
{
    for (const Version version : all_versions)
        for (const QoS qos : {at_least, once}) {
            Pair p(version);
            p.open();
            Publish publish = message(qos);
            publish.packet_id = 7;
            CHECK(p.server.received(publish, p.now).event == Event::message);
            const Outcome refused = p.server.refuse_message(publish, ReasonCode::quota_exceeded);
            CHECK(refused.answer == (qos == once ? PacketType::pubrec : PacketType::puback));
            CHECK(refused.packet_id == 7);
            const bool v5 = version == Version::v5;
            CHECK(refused.reason_code == (v5 ? ReasonCode::quota_exceeded : ReasonCode::success));
            // Only 5.0 can end the flow by that; before, PUBREL is awaited.
            CHECK(p.server.messages_incomplete() == (qos == once && !v5 ? 1 : 0));
            CHECK(refused.change == (qos == at_least ? Change::none : v5 ? Change::released : Change::received));
        }
}

TEST_CASE("no texts come to who has not asked for them, in any acknowledgement", "[5.0:MQTT-3.1.2-29]")
{
    const std::array users{UserProperty{"k", "v"}};
    const auto check_one = [&](auto packet, bool text) {
        Pair p(Version::v5);
        p.connect.properties.request_problem_information = std::uint8_t{0};
        p.open();
        packet.packet_id = 1;
        if (text) packet.properties.reason_string = "why";
        else packet.properties.user_property = users;
        fails(p.client.received(packet, p.now), Fault::problem_information_not_requested, Version::v5,
            ReasonCode::protocol_error);
    };
    for (const bool text : {true, false}) {
        check_one(PubAck{}, text);
        check_one(PubRec{}, text);
        check_one(PubRel{}, text);
        check_one(PubComp{}, text);
        check_one(SubAck{}, text);
        check_one(UnsubAck{}, text);
    }
}

TEST_CASE("what is withdrawn leaves no flow behind")
{
    Pair p(Version::v5);
    p.open();
    Publish publish = message(at_least);
    CHECK(p.client.publish(publish, 1, p.now));
    CHECK(p.client.messages_in_flight() == 1);
    p.client.withdraw(publish);
    CHECK(p.client.messages_in_flight() == 0);
    p.client.withdraw(publish); // its identifier is free
    Publish without = message(QoS::at_most_once);
    CHECK(p.client.publish(without, 2, p.now));
    p.client.withdraw(without);
    CHECK(p.client.messages_in_flight() == 0);
    Subscribe subscribe;
    const std::array filters{Subscription{.filter = "a"}};
    subscribe.filters = filters;
    CHECK(p.client.subscribe(subscribe, 3, p.now));
    publish.packet_id = subscribe.packet_id; // a request is no message
    p.client.withdraw(publish);
    CHECK(p.client.flow(subscribe.packet_id) == Flow::subscribe);
}

TEST_CASE("3.1 lets acknowledgements come twice")
{
    for (const Version version : all_versions) {
        Pair p(version);
        p.open();
        Publish publish = message(once);
        CHECK(p.client.publish(publish, 1, p.now));
        const Outcome wrong = p.client.received(PubAck{.packet_id = publish.packet_id}, p.now);
        CHECK((wrong.fault == Fault::none) == (version == Version::v3_1));
        if (version != Version::v3_1) CHECK(name(wrong.fault) == name(Fault::acknowledgement_of_wrong_kind));
    }
}

TEST_CASE("the next deadline is the earliest of what runs")
{
    Pair p(Version::v5);
    p.connect.will = Will{.topic = "w", .properties = {.will_delay_interval = 20}};
    CHECK_FALSE(p.server.next_deadline());
    p.server.received(p.connect, p.now);
    CHECK(p.server.next_deadline() == p.now + 90'000); // keep alive alone: there is no session yet
    Pair q(Version::v5);
    q.connect.will = p.connect.will;
    q.open();
    q.server.closed(q.now);
    CHECK(q.server.next_deadline() == q.now + 20'000); // the will, before the session ends
    q.connect.keep_alive = 0;
    q.server.received(q.connect, q.now);
    CHECK(q.server.next_deadline() == q.now + 20'000); // without keep alive
    Pair r(Version::v5);
    r.open();
    r.server.closed(r.now);
    CHECK(r.server.next_deadline() == r.now + 100'000); // the session alone
    r.server.received(r.connect, r.now);
    CHECK(r.server.next_deadline() == r.now + 90'000); // keep alive, before the session ends
    r.client.closed(r.now);
    r.client.connect(r.connect, Version::v5, r.now);
    CHECK(r.client.next_deadline().has_value());
}

namespace {

constexpr auto go_on = ReasonCode::continue_authentication;
constexpr auto anew = ReasonCode::re_authenticate;

Pair with_method()
{
    Pair p(Version::v5);
    p.connect.properties.authentication_method = "m";
    return p;
}
Auth auth(ReasonCode code) { return {.reason_code = code, .properties = {.authentication_method = Text("m")}}; }

} // namespace

TEST_CASE("authentication, step by step", "[5.0:MQTT-4.12.0-2][5.0:MQTT-4.12.0-3][5.0:MQTT-4.12.1-1]")
{
    Pair p = with_method();
    refuses(p.client.authenticate(auth(anew), p.now), Fault::not_connected);
    p.client.connect(p.connect, Version::v5, p.now);
    p.server.received(p.connect, p.now);
    refuses(p.client.authenticate(auth(go_on), p.now), Fault::authentication_out_of_turn); // nobody has asked
    refuses(p.server.authenticate(auth(ReasonCode::success), p.now), Fault::authentication_out_of_turn);
    CHECK(p.server.authenticate(auth(go_on), p.now));
    refuses(p.server.authenticate(auth(go_on), p.now), Fault::authentication_out_of_turn); // an answer is due
    CHECK(p.client.received(auth(go_on), p.now).event == Event::authentication);
    CHECK(p.client.authenticate(auth(go_on), p.now));
    CHECK(p.server.received(auth(go_on), p.now).event == Event::authentication);
    p.connack.properties.authentication_method = "m";
    p.server.accept(p.connect, p.connack, p.now);
    CHECK(p.client.received(p.connack, p.now).event == Event::connected);

    refuses(p.server.authenticate(auth(go_on), p.now), Fault::authentication_out_of_turn); // the client begins anew
    refuses(p.server.authenticate(auth(ReasonCode::success), p.now), Fault::authentication_out_of_turn);
    CHECK(p.client.authenticate(auth(anew), p.now));
    refuses(p.client.authenticate(auth(anew), p.now), Fault::authentication_out_of_turn);
    CHECK(p.server.received(auth(anew), p.now).event == Event::authentication);
    CHECK(p.server.authenticate(auth(go_on), p.now));
    CHECK(p.client.received(auth(go_on), p.now));
    CHECK(p.client.authenticate(auth(go_on), p.now));
    CHECK(p.server.received(auth(go_on), p.now));
    CHECK(p.server.authenticate(Auth{}, p.now)); // success may be bare
    CHECK(p.client.received(Auth{}, p.now).event == Event::authentication);
    CHECK(p.client.authenticate(auth(anew), p.now)); // and once more
}

TEST_CASE("CONNACK ends what a server has asked before it", "[5.0:MQTT-4.12.0-2][5.0:MQTT-4.12.1-1]")
{
    Pair p = with_method();
    p.client.connect(p.connect, Version::v5, p.now);
    p.server.received(p.connect, p.now);
    CHECK(p.server.authenticate(auth(go_on), p.now));
    CHECK(p.client.received(auth(go_on), p.now));
    p.server.accept(p.connect, p.connack, p.now); // without waiting for the answer
    CHECK(p.client.received(p.connack, p.now).event == Event::connected);
    refuses(p.client.authenticate(auth(go_on), p.now), Fault::authentication_out_of_turn);
    Pair q = p;
    CHECK(q.server.received(auth(go_on), q.now).fault == Fault::authentication_out_of_turn);
    CHECK(p.client.authenticate(auth(anew), p.now));
    CHECK(p.server.received(auth(anew), p.now).event == Event::authentication);
    CHECK(p.server.authenticate(auth(go_on), p.now));
    CHECK(p.client.received(auth(go_on), p.now).event == Event::authentication);
}

TEST_CASE("calls that change nothing")
{
    Pair p(Version::v5);
    const Outcome nothing = p.server.take_over();
    CHECK(nothing.answer == PacketType{});
    CHECK_FALSE(nothing.close);
    p.open();
    p.server.take_over();
    CHECK_FALSE(p.server.take_over().close);
    std::array<std::byte, 1> little{};
    Journal journal;
    CHECK(p.client.save(little, 1, journal) == 0);
    refuses(p.server.refuse(ReasonCode::not_authorized), Fault::not_connected);
    Pair old(Version::v3_1);
    refuses(old.client.retry(), Fault::no_retry_in_version); // there is no version yet
    old.client.connect(old.connect, Version::v3_1, old.now);
    refuses(old.client.retry(), Fault::not_connected);

    // A client may leave before it is answered, and a refusal of what is not known says nothing.
    Pair q(Version::v5);
    q.client.connect(q.connect, Version::v5, q.now);
    CHECK(q.client.disconnect({}).close);
    Pair r(Version::v5);
    r.open();
    CHECK(r.client.received(PubRec{.packet_id = 9, .reason_code = ReasonCode::quota_exceeded}, r.now).answer
        == PacketType{});
    Publish publish = message(once);
    publish.retain = true;
    publish.packet_id = 3;
    CHECK(r.server.received(publish, r.now).event == Event::message);
    CHECK(r.server.refuse_message(publish, ReasonCode::quota_exceeded).change == Change::released);
    CHECK(r.server.refuse_message(publish, ReasonCode::quota_exceeded).change == Change::none);
    Publish kept = message(at_least);
    kept.retain = true;
    CHECK(r.client.publish(kept, 1, r.now));
    // A session that ends with its connection is nothing to be lost before it has begun.
    Pair s(Version::v3_1_1);
    s.connect.clean_start = true;
    s.client.connect(s.connect, Version::v3_1_1, s.now);
    CHECK(s.client.closed(s.now).change == Change::none);
    // A server may leave too, once.
    Pair u(Version::v5);
    refuses(u.server.disconnect({}), Fault::not_connected);
    u.open();
    CHECK(u.server.disconnect({.reason_code = ReasonCode::server_shutting_down}).close);
    CHECK(u.server.state() == State::closing);
    refuses(u.server.disconnect({}), Fault::not_connected);
    // The interval that was 0 may be said again.
    Pair t(Version::v5);
    t.connect.properties.session_expiry_interval = 0U;
    t.open();
    const Disconnect same{.properties = {.session_expiry_interval = 0U}};
    CHECK(t.client.disconnect(same).fault == Fault::none);
    CHECK(t.server.received(same, t.now).fault == Fault::none);
}
