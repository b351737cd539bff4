// Connections and sessions: their beginning, their end, what survives.
#include "pair.hpp"

using namespace pair;

TEST_CASE("a client sends nothing before CONNECT and CONNACK", "[3.1.1:MQTT-3.1.0-1][5.0:MQTT-3.1.0-1]")
{
    for (const Version version : both_versions) {
        Pair p(version);
        Publish publish = message(at_least);
        Subscribe subscribe;
        Unsubscribe unsubscribe;
        const auto nothing_can_be_sent = [&] {
            refuses(p.client.publish(publish, 1, p.now), Fault::not_connected);
            refuses(p.client.subscribe(subscribe, 1, p.now), Fault::not_connected);
            refuses(p.client.unsubscribe(unsubscribe, 1, p.now), Fault::not_connected);
        };
        nothing_can_be_sent();
        refuses(p.client.disconnect({}), Fault::not_connected);
        CHECK(p.client.connect(p.connect, version, p.now));
        nothing_can_be_sent();
        refuses(p.client.connect(p.connect, version, p.now), Fault::already_connected);
        // And a server closes at anything else.
        fails(p.server.received(publish, p.now), Fault::first_packet_not_connect, PacketType{});
        fails(p.server.received(p.connect, p.now), Fault::packet_after_disconnect, PacketType{});
    }
}

TEST_CASE("a second CONNECT ends the connection", "[3.1.1:MQTT-3.1.0-2][5.0:MQTT-3.1.0-2]")
{
    for (const Version version : both_versions) {
        Pair p(version);
        p.open();
        fails(p.server.received(p.connect, p.now), Fault::second_connect, version, ReasonCode::protocol_error);
        CHECK(clause(Fault::second_connect, version) == "MQTT-3.1.0-2");
        // Before it is accepted a server has only CONNACK to say so.
        Pair q(version);
        q.server.received(q.connect, q.now);
        const Outcome another = q.server.received(q.connect, q.now);
        if (version == Version::v5)
            fails(another, Fault::second_connect, PacketType::connack, ReasonCode::protocol_error);
        else fails(another, Fault::second_connect, PacketType{});
    }
}

TEST_CASE("the first packet of a server is CONNACK, or AUTH", "[3.1.1:MQTT-3.2.0-1][5.0:MQTT-3.2.0-1]")
{
    for (const Version version : both_versions) {
        Pair p(version);
        p.client.connect(p.connect, version, p.now);
        Publish publish = message(QoS::at_most_once);
        fails(p.client.received(publish, p.now), Fault::first_packet_not_connack, version, ReasonCode::protocol_error);
        Pair q(version);
        refuses(q.server.publish(publish, 1, q.now), Fault::not_connected);
        q.server.received(q.connect, q.now);
        refuses(q.server.publish(publish, 1, q.now), Fault::not_connected);
    }
}

TEST_CASE("a second CONNACK ends the connection", "[5.0:MQTT-3.2.0-2]")
{
    Pair p(Version::v5);
    p.open();
    refuses(p.server.accept(p.connect, p.connack, p.now), Fault::not_connected);
    fails(p.client.received(p.connack, p.now), Fault::second_connack, Version::v5, ReasonCode::protocol_error);
}

TEST_CASE("a session is resumed by a client that asks for it",
    "[3.1.1:MQTT-3.1.2-4][3.1.1:MQTT-3.2.2-2][3.1.1:MQTT-3.2.2-3][3.1.1:MQTT-3.1.4-3][3.1.1:MQTT-3.1.4-4]"
    "[3.1.1:MQTT-4.1.0-1][5.0:MQTT-3.1.2-5][5.0:MQTT-3.1.2-6][5.0:MQTT-3.2.2-3][5.0:MQTT-3.1.2-23]"
    "[5.0:MQTT-3.1.4-4][5.0:MQTT-3.1.4-5][5.0:MQTT-4.1.0-1]")
{
    for (const Version version : both_versions) {
        Pair p(version);
        p.open();
        CHECK_FALSE(p.connack.session_present);
        CHECK(p.connack.reason_code == ReasonCode::success);
        CHECK(p.connected.event == Event::connected);
        CHECK_FALSE(p.connected.session_present);
        Publish publish = message(at_least);
        p.client.publish(publish, 7, p.now);
        p.reopen();
        CHECK(p.connack.session_present);
        CHECK(p.connack.reason_code == ReasonCode::success);
        CHECK(p.connected.session_present);
        CHECK_FALSE(p.connected.session_ended);
        CHECK(p.client.messages_in_flight() == 1);
    }
}

TEST_CASE("a client that asks for a new session has one",
    "[3.1.1:MQTT-3.1.2-6][3.1.1:MQTT-3.2.2-1][5.0:MQTT-3.1.2-4][5.0:MQTT-3.2.2-2]")
{
    for (const Version version : both_versions) {
        Pair p(version);
        p.open();
        Publish publish = message(once);
        p.client.publish(publish, 7, p.now);
        p.server.received(publish, p.now);
        Publish other = message(once);
        p.server.publish(other, 8, p.now);
        p.client.received(other, p.now);
        p.close();
        p.connect.clean_start = true;
        const Outcome connecting = p.client.connect(p.connect, version, p.now);
        CHECK(connecting.session_ended);
        CHECK(connecting.change == Change::session);
        CHECK(p.client.messages_in_flight() == 0);
        CHECK(p.client.messages_incomplete() == 0);
        p.server.received(p.connect, p.now);
        CHECK(p.server.messages_in_flight() == 1);
        p.accepted = p.server.accept(p.connect, p.connack, p.now);
        CHECK(p.accepted.session_ended);
        CHECK_FALSE(p.connack.session_present);
        CHECK(p.server.messages_in_flight() == 0);
        CHECK(p.server.messages_incomplete() == 0);
        CHECK_FALSE(p.client.received(p.connack, p.now).session_present);

        // A server that holds one even so breaks a rule.
        Pair q(version);
        q.connect.clean_start = true;
        q.client.connect(q.connect, version, q.now);
        fails(q.client.received(ConnAck{.session_present = true}, q.now), Fault::session_present_after_clean_start,
            version, ReasonCode::protocol_error);
    }
    // 3.1.1: it is never reused.
    Pair p(Version::v3_1_1);
    p.connect.clean_start = true;
    p.open();
    p.close();
    CHECK_FALSE(p.client.has_session());
    CHECK_FALSE(p.server.has_session());
    p.connect.clean_start = false;
    p.open();
    CHECK_FALSE(p.connack.session_present);
}

TEST_CASE("Session Present without state ends the connection", "[5.0:MQTT-3.2.2-4]")
{
    Pair p(Version::v5);
    p.client.connect(p.connect, p.version, p.now);
    fails(p.client.received(ConnAck{.session_present = true}, p.now), Fault::session_present_without_state, p.version,
        ReasonCode::protocol_error);
    // Unless the application vouches for the state.
    Pair q(Version::v5);
    q.client.adopt_session();
    q.client.connect(q.connect, q.version, q.now);
    CHECK(q.client.received(ConnAck{.session_present = true}, q.now).session_present);
}

TEST_CASE("without Session Present the client's state goes", "[5.0:MQTT-3.2.2-5]")
{
    Pair p(Version::v5);
    p.open();
    Publish publish = message(at_least);
    p.client.publish(publish, 7, p.now);
    Publish other = message(once);
    p.server.publish(other, 8, p.now);
    p.client.received(other, p.now);
    p.close();
    p.server = {};
    p.open();
    CHECK(p.connected.session_ended);
    CHECK(p.connected.change == Change::session);
    CHECK(p.client.messages_in_flight() == 0);
    CHECK(p.client.messages_incomplete() == 0);
    CHECK_FALSE(p.client.resend(p.now));
}

TEST_CASE("a session lasts as long as its connection and its expiry interval",
    "[3.1.1:MQTT-4.1.0-2][5.0:MQTT-4.1.0-2][5.0:MQTT-4.1.0-1]")
{
    Pair p(Version::v5);
    p.open();
    p.now += 1000000;
    p.server.received(PingReq{}, p.now);
    CHECK_FALSE(p.server.tick(p.now).session_ended); // the connection is open
    CHECK_FALSE(p.server.closed(p.now).session_ended);
    CHECK(p.server.next_deadline() == p.now + 100 * second);
    CHECK_FALSE(p.server.tick(p.now + 100 * second - 1).session_ended);
    CHECK(p.server.has_session());
    CHECK(p.server.tick(p.now + 100 * second).session_ended);
    CHECK_FALSE(p.server.has_session());
    CHECK_FALSE(p.server.next_deadline());

    // 3.1.1 keeps it, or ends it with the connection.
    Pair q(Version::v3_1_1);
    q.open();
    CHECK_FALSE(q.server.closed(q.now).session_ended);
    CHECK_FALSE(q.server.next_deadline());
    CHECK(q.server.has_session());
    Pair r(Version::v3_1_1);
    r.connect.clean_start = true;
    r.open();
    CHECK(r.server.has_session());
    CHECK(r.server.closed(r.now).session_ended);
    CHECK(r.client.closed(r.now).session_ended);
}

TEST_CASE("what CONNACK says of the expiry interval wins, and what DISCONNECT says of it", "[5.0:MQTT-3.1.2-23]")
{
    Pair p(Version::v5);
    p.connack.properties.session_expiry_interval = 7;
    p.open();
    CHECK(p.client.session_expiry() == 7);
    CHECK(p.server.session_expiry() == 7);
    Disconnect disconnect;
    disconnect.properties.session_expiry_interval = 9;
    CHECK(p.client.disconnect(disconnect).change == Change::session);
    p.server.received(disconnect, p.now);
    CHECK(p.server.session_expiry() == 9);
    // 0 in CONNECT forbids another value.
    Pair q(Version::v5);
    q.connect.properties.session_expiry_interval = 0;
    q.open();
    refuses(q.client.disconnect(disconnect), Fault::session_expiry_was_zero);
    fails(
        q.server.received(disconnect, q.now), Fault::session_expiry_was_zero, Version::v5, ReasonCode::protocol_error);
}

TEST_CASE("a connection that is refused leaves the session as it was",
    "[3.1.1:MQTT-3.1.4-5][5.0:MQTT-3.1.4-6][5.0:MQTT-3.14.0-1]")
{
    for (const Version version : both_versions) {
        Pair p(version);
        p.open();
        p.close();
        p.connect.clean_start = true;
        p.server.received(p.connect, p.now);
        refuses(p.server.disconnect({}), Fault::not_connected); // CONNACK is all that may be sent
        const Outcome refused = p.server.refuse(ReasonCode::not_authorized);
        CHECK(refused.close);
        CHECK(bytes_of(refused, version) == (version == Version::v5 ? "2003008700" : "20020005"));
        // Nothing more is processed.
        Publish publish = message(once);
        const Outcome ignored = p.server.received(publish, p.now);
        CHECK(ignored.event == Event::none);
        CHECK(ignored.close);
        CHECK(ignored.answer == PacketType{});
        p.server.closed(p.now);
        CHECK(p.server.has_session());
        CHECK(p.client.connect(p.connect, version, p.now));
        const Outcome event = p.client.received(ConnAck{.reason_code = ReasonCode::not_authorized}, p.now);
        CHECK(event.event == Event::refused);
        CHECK(event.reason_code == ReasonCode::not_authorized);
        CHECK(event.close);
    }
}

TEST_CASE("another connection of the same client takes the session over", "[3.1.1:MQTT-3.1.4-2][5.0:MQTT-3.1.4-3]")
{
    for (const Version version : both_versions) {
        Pair p(version);
        p.open();
        const Outcome outcome = p.server.take_over();
        fails(outcome, Fault::session_taken_over, version, ReasonCode::session_taken_over);
        CHECK(bytes_of(outcome, version) == (version == Version::v5 ? "E0018E" : ""));
        p.server.closed(p.now);
        p.client.closed(p.now);
        p.open();
        CHECK(p.connected.session_present);
    }
}

TEST_CASE("a client without identifier is assigned one", "[5.0:MQTT-3.2.2-16][5.0:MQTT-3.1.3-7]")
{
    Pair p(Version::v5);
    p.connect.client_id = "";
    p.connect.clean_start = true;
    p.server.received(p.connect, p.now);
    refuses(p.server.accept(p.connect, p.connack, p.now), Fault::assigned_client_identifier_missing);
    p.connack.properties.assigned_client_identifier = "abc";
    CHECK(p.server.accept(p.connect, p.connack, p.now).event == Event::connected);
    CHECK(*p.connack.properties.assigned_client_identifier == "abc");
    p.client.connect(p.connect, p.version, p.now);
    fails(p.client.received(ConnAck{}, p.now), Fault::assigned_client_identifier_missing, p.version,
        ReasonCode::protocol_error);
}

TEST_CASE("response information is only for those who ask", "[5.0:MQTT-3.1.2-28]")
{
    for (const std::optional<std::uint8_t> asked :
        {std::optional<std::uint8_t>(), std::optional<std::uint8_t>(0), std::optional<std::uint8_t>(1)}) {
        Pair p(Version::v5);
        p.connect.properties.request_response_information = asked;
        p.connack.properties.response_information = "r/";
        p.open();
        CHECK(p.connack.properties.response_information.has_value() == (asked == 1));
        CHECK(p.connected);
        Pair q(Version::v5);
        q.connect.properties.request_response_information = asked;
        q.client.connect(q.connect, q.version, q.now);
        ConnAck connack;
        connack.properties.response_information = "r/";
        const Outcome outcome = q.client.received(connack, q.now);
        if (asked == 1) CHECK(outcome);
        else fails(outcome, Fault::response_information_not_requested, q.version, ReasonCode::protocol_error);
    }
}

TEST_CASE("no reason strings and user properties for those who do not ask", "[5.0:MQTT-3.1.2-29]")
{
    Pair p(Version::v5);
    p.connect.properties.request_problem_information = 0;
    p.open();
    CHECK_FALSE(p.server.wants_problem_information());
    Publish publish = message(at_least);
    p.client.publish(publish, 1, p.now);
    PubAck puback{.packet_id = publish.packet_id};
    puback.properties.reason_string = "why";
    fails(p.client.received(puback, p.now), Fault::problem_information_not_requested, p.version,
        ReasonCode::protocol_error);
    p.reopen();
    Disconnect disconnect;
    disconnect.properties.reason_string = "may be there";
    CHECK(p.client.received(disconnect, p.now).event == Event::disconnecting);
}

TEST_CASE("the will of a connection that breaks is published",
    "[3.1.1:MQTT-3.1.2-8][3.1.1:MQTT-3.1.2-10][5.0:MQTT-3.1.2-7][5.0:MQTT-3.1.2-8][5.0:MQTT-3.1.2-10]")
{
    for (const Version version : both_versions) {
        Pair p(version);
        p.connect.will = Will{.topic = "w"};
        p.open();
        CHECK(p.server.closed(p.now).publish_will);
        CHECK_FALSE(p.server.tick(p.now + 1000).publish_will); // once
        p.client.closed(p.now);
        p.connect.will.reset();
        p.open();
        CHECK_FALSE(p.server.closed(p.now).publish_will);
    }
}

TEST_CASE("a will waits for its delay, for the end of the session, or for a new connection",
    "[5.0:MQTT-3.1.2-8][5.0:MQTT-3.1.3-9]")
{
    const auto broken = [](std::uint32_t delay, std::uint32_t expiry) {
        Pair p(Version::v5);
        p.connect.will = Will{.topic = "w"};
        p.connect.will->properties.will_delay_interval = delay;
        p.connect.properties.session_expiry_interval = expiry;
        p.open();
        return p;
    };
    Pair delayed = broken(10, 100);
    CHECK_FALSE(delayed.server.closed(delayed.now).publish_will);
    CHECK(delayed.server.next_deadline() == delayed.now + 10 * second);
    CHECK_FALSE(delayed.server.tick(delayed.now + 10 * second - 1).publish_will);
    const Outcome due = delayed.server.tick(delayed.now + 10 * second);
    CHECK(due.publish_will);
    CHECK_FALSE(due.session_ended);

    Pair ended = broken(100, 10);
    CHECK_FALSE(ended.server.closed(ended.now).publish_will);
    const Outcome end = ended.server.tick(ended.now + 10 * second);
    CHECK(end.publish_will);
    CHECK(end.session_ended);

    Pair at_once = broken(100, 0);
    CHECK(at_once.server.closed(at_once.now).publish_will);

    Pair back = broken(10, 100);
    back.close();
    back.now += 9 * second;
    back.connect.will.reset();
    back.open();
    CHECK_FALSE(back.accepted.publish_will);
    CHECK_FALSE(back.server.tick(back.now + 5 * second).publish_will);
    CHECK_FALSE(back.server.closed(back.now).publish_will);

    Pair anew = broken(10, 100);
    anew.close();
    anew.connect.clean_start = true;
    anew.open();
    CHECK(anew.accepted.publish_will); // the session that it waited in has ended
}

TEST_CASE("no will after DISCONNECT, but after the one that asks for it",
    "[3.1.1:MQTT-3.14.4-3][3.1.1:MQTT-3.1.2-12][5.0:MQTT-3.14.4-3]")
{
    for (const Version version : both_versions) {
        Pair p(version);
        p.connect.will = Will{.topic = "w"};
        p.open();
        CHECK(p.server.received(Disconnect{}, p.now).event == Event::disconnecting);
        CHECK_FALSE(p.server.closed(p.now).publish_will);
        p.client.closed(p.now);
        p.connect.will.reset();
        p.open();
        CHECK_FALSE(p.server.closed(p.now).publish_will);
    }
    Pair p(Version::v5);
    p.connect.will = Will{.topic = "w"};
    p.open();
    p.server.received(Disconnect{.reason_code = ReasonCode::disconnect_with_will_message}, p.now);
    CHECK(p.server.closed(p.now).publish_will);
}

TEST_CASE("nothing is sent after DISCONNECT", "[3.1.1:MQTT-3.14.4-2][5.0:MQTT-3.14.4-1]")
{
    for (const Version version : both_versions) {
        Pair p(version);
        p.open();
        CHECK(p.client.disconnect({}).close);
        Publish publish = message(QoS::at_most_once);
        refuses(p.client.publish(publish, 1, p.now), Fault::not_connected);
        refuses(p.client.disconnect({}), Fault::not_connected);
        Publish other = message(once);
        other.packet_id = 1;
        CHECK(p.client.received(other, p.now).answer == PacketType{});
        CHECK(p.client.tick(p.now + 1000000).answer == PacketType{});
        // And what a client sends behind it is not heard.
        p.server.received(Disconnect{}, p.now);
        fails(p.server.received(other, p.now), Fault::packet_after_disconnect, PacketType{});
    }
}

TEST_CASE("the server's keep alive takes the place of the client's",
    "[5.0:MQTT-3.1.2-21][5.0:MQTT-3.2.2-21][5.0:MQTT-3.2.2-22]")
{
    Pair p(Version::v5);
    p.connack.properties.server_keep_alive = 10;
    p.open();
    CHECK(p.client.keep_alive() == 10);
    CHECK(p.server.keep_alive() == 10);
    CHECK(p.client.next_deadline() == p.now + 10 * second);
    CHECK(p.server.next_deadline() == p.now + 15 * second);
    Pair q(Version::v5);
    q.open();
    CHECK(q.client.keep_alive() == 60);
    CHECK(q.server.next_deadline() == q.now + 90 * second);
    CHECK(q.server.tick(q.now + 90 * second - 1));
    fails(q.server.tick(q.now + 90 * second), Fault::keep_alive_timeout, Version::v5, ReasonCode::keep_alive_timeout);
}

TEST_CASE("PINGREQ is answered", "[3.1.1:MQTT-3.12.4-1][5.0:MQTT-3.12.4-1]")
{
    for (const Version version : both_versions) {
        Pair p(version);
        p.open();
        const Outcome ping = p.client.tick(p.now + 60 * second);
        CHECK(bytes_of(ping, version) == "C000");
        CHECK(bytes_of(p.server.received(PingReq{}, p.now), version) == "D000");
        p.client.received(PingResp{}, p.now + 61 * second);
        CHECK(p.client.next_deadline() == p.now + 120 * second);
    }
}

TEST_CASE("authentication goes by turns, with one method",
    "[5.0:MQTT-4.12.0-2][5.0:MQTT-4.12.0-3][5.0:MQTT-4.12.0-5][5.0:MQTT-3.1.2-30][5.0:MQTT-4.12.1-1]")
{
    const auto auth = [](ReasonCode code, const char* method) {
        Auth packet{.reason_code = code};
        packet.properties.authentication_method = method;
        return packet;
    };
    const Auth go_on = auth(ReasonCode::continue_authentication, "M");
    const Auth again = auth(ReasonCode::re_authenticate, "M");
    const auto asking = [] {
        Pair p(Version::v5);
        p.connect.properties.authentication_method = "M";
        p.client.connect(p.connect, p.version, p.now);
        p.server.received(p.connect, p.now);
        return p;
    };
    SECTION("as it should be")
    {
        Pair p = asking();
        refuses(p.client.authenticate(go_on, p.now), Fault::authentication_out_of_turn); // not asked yet
        CHECK(p.server.authenticate(go_on, p.now));
        refuses(p.server.authenticate(go_on, p.now), Fault::authentication_out_of_turn); // not answered yet
        CHECK(p.client.received(go_on, p.now).event == Event::authentication);
        CHECK(p.client.authenticate(go_on, p.now));
        CHECK(p.server.received(go_on, p.now).event == Event::authentication);
        CHECK(p.server.accept(p.connect, p.connack, p.now).event == Event::connected);
        CHECK(*p.connack.properties.authentication_method == "M");
        CHECK(p.client.received(p.connack, p.now).event == Event::connected);
        refuses(p.server.authenticate(go_on, p.now), Fault::authentication_out_of_turn);
        CHECK(p.client.authenticate(again, p.now));
        refuses(p.client.authenticate(again, p.now), Fault::authentication_out_of_turn);
        CHECK(p.server.received(again, p.now).event == Event::authentication);
        const Auth done = auth(ReasonCode::success, "M");
        CHECK(p.server.authenticate(done, p.now));
        CHECK(p.client.received(done, p.now).reason_code == ReasonCode::success);
    }
    SECTION("another method")
    {
        Pair p = asking();
        fails(p.client.received(auth(ReasonCode::continue_authentication, "N"), p.now),
            Fault::authentication_method_changed, p.version, ReasonCode::protocol_error);
        Pair q = asking();
        fails(q.client.received(ConnAck{}, q.now), Fault::authentication_method_changed, q.version,
            ReasonCode::protocol_error);
    }
    SECTION("out of turn")
    {
        Pair p = asking();
        fails(p.server.received(go_on, p.now), Fault::authentication_out_of_turn, PacketType::connack,
            ReasonCode::protocol_error);
        Pair q = asking();
        Publish publish = message(QoS::at_most_once);
        fails(q.server.received(publish, q.now), Fault::packet_during_authentication, PacketType::connack,
            ReasonCode::protocol_error);
        Pair r = asking();
        CHECK(r.server.received(Disconnect{}, r.now).event == Event::disconnecting);
    }
}

TEST_CASE("no authentication without a method", "[5.0:MQTT-4.12.0-6][5.0:MQTT-4.12.0-7]")
{
    Auth auth{.reason_code = ReasonCode::continue_authentication};
    auth.properties.authentication_method = "M";
    Pair p(Version::v5);
    p.client.connect(p.connect, p.version, p.now);
    p.server.received(p.connect, p.now);
    refuses(p.client.authenticate(auth, p.now), Fault::authentication_without_method);
    refuses(p.server.authenticate(auth, p.now), Fault::authentication_without_method);
    p.connack.properties.authentication_method = "M";
    p.server.accept(p.connect, p.connack, p.now);
    CHECK_FALSE(p.connack.properties.authentication_method);
    Pair q = p;
    fails(p.server.received(auth, p.now), Fault::authentication_without_method, p.version, ReasonCode::protocol_error);
    fails(p.client.received(auth, p.now), Fault::authentication_without_method, p.version, ReasonCode::protocol_error);
    ConnAck connack;
    connack.properties.authentication_method = "M";
    fails(
        q.client.received(connack, q.now), Fault::authentication_without_method, q.version, ReasonCode::protocol_error);
    // An engine that knows 3.1.1 alone has none at all.
    session::Client<session::Capacities{}, wire::FixedVersion<Version::v3_1_1>> before_5;
    Connect connect{.client_id = "c"};
    REQUIRE(before_5.connect(connect, Version::v3_1_1, 0));
    CHECK(before_5.maximum_packet_size() == 0xFFFFFFFFU); // nor limits
    const Outcome outcome = before_5.received(auth, 0);
    CHECK(outcome.fault == Fault::authentication_without_method);
    CHECK(outcome.close);
}
