// Messages: identifiers, flows of QoS 1 and 2, quotas, aliases, requests.
#include "pair.hpp"

#include <set>

using namespace pair;

TEST_CASE("an identifier is used once at a time, by messages and requests alike",
    "[3.1.1:MQTT-2.3.1-2][3.1.1:MQTT-2.3.1-3][3.1.1:MQTT-2.3.1-4][5.0:MQTT-4.3.2-1][5.0:MQTT-4.3.3-1]")
{
    for (const Version version : both_versions) {
        Pair p(version);
        p.open();
        std::set<std::uint16_t> ids;
        for (int i = 0; i < 4; ++i) {
            Publish publish = message(i % 2 == 0 ? at_least : once);
            CHECK(p.client.publish(publish, 1, p.now));
            ids.insert(publish.packet_id);
            if (version == Version::v3_1_1 || i < 2) {
                Subscribe subscribe;
                CHECK(p.client.subscribe(subscribe, 2, p.now));
                ids.insert(subscribe.packet_id);
            }
        }
        Unsubscribe unsubscribe;
        while (p.client.unsubscribe(unsubscribe, 3, p.now)) ids.insert(unsubscribe.packet_id);
        CHECK(ids.size() == 8);
        CHECK_FALSE(ids.contains(0));
        refuses(p.client.unsubscribe(unsubscribe, 3, p.now), Fault::no_packet_identifier);
        // Free again with the last acknowledgement, and for a server as well.
        CHECK(p.client.received(PubAck{.packet_id = 1}, p.now).event == Event::done);
        CHECK(p.client.unsubscribe(unsubscribe, 3, p.now));
        CHECK(unsubscribe.packet_id == 1);
        Publish publish = message(at_least);
        CHECK(p.server.publish(publish, 1, p.now));
        const std::uint16_t first = publish.packet_id;
        CHECK(p.server.publish(publish, 1, p.now));
        CHECK(publish.packet_id != first);
    }
}

TEST_CASE("acknowledgements bear the identifier of the message",
    "[3.1.1:MQTT-2.3.1-6][3.1.1:MQTT-3.3.4-1][3.1.1:MQTT-4.5.0-2][3.1.1:MQTT-4.3.2-2][5.0:MQTT-2.2.1-5]"
    "[5.0:MQTT-3.3.4-1][5.0:MQTT-4.5.0-2][5.0:MQTT-4.3.2-4][5.0:MQTT-4.3.3-8][5.0:MQTT-4.3.3-11]"
    "[5.0:MQTT-3.4.2-2][5.0:MQTT-3.4.2-3][5.0:MQTT-3.5.2-2][5.0:MQTT-3.5.2-3][5.0:MQTT-3.6.2-2]"
    "[5.0:MQTT-3.6.2-3][5.0:MQTT-3.7.2-2][5.0:MQTT-3.7.2-3]")
{
    for (const Version version : both_versions) {
        Pair p(version);
        p.open();
        Publish none = message(QoS::at_most_once);
        CHECK(p.client.received(none, p.now) == Outcome{.event = Event::message});
        // Nothing but identifier and reason code is in them, so that they fit into any Maximum Packet Size of use.
        Publish publish = message(at_least);
        publish.packet_id = 0x1234;
        CHECK(bytes_of(p.client.received(publish, p.now), version) == "40021234");
        publish = message(once);
        publish.packet_id = 0x4321;
        CHECK(bytes_of(p.client.received(publish, p.now), version) == "50024321");
        CHECK(bytes_of(p.client.received(PubRel{.packet_id = 0x4321}, p.now), version) == "70024321");
        publish = message(once);
        p.client.publish(publish, 9, p.now);
        const Outcome outcome = p.client.received(PubRec{.packet_id = publish.packet_id}, p.now);
        CHECK(bytes_of(outcome, version) == "62020001");
        CHECK(outcome.token == 9);
    }
}

TEST_CASE("SUBACK and UNSUBACK end the request of their identifier",
    "[3.1.1:MQTT-2.3.1-7][3.1.1:MQTT-3.8.4-1][3.1.1:MQTT-3.8.4-2][3.1.1:MQTT-3.10.4-4][3.1.1:MQTT-3.10.4-5]"
    "[5.0:MQTT-2.2.1-6][5.0:MQTT-3.8.4-1][5.0:MQTT-3.8.4-2][5.0:MQTT-3.10.4-4][5.0:MQTT-3.10.4-5]")
{
    for (const Version version : both_versions) {
        Pair p(version);
        p.open();
        Subscribe subscribe;
        Unsubscribe unsubscribe;
        p.client.subscribe(subscribe, 5, p.now);
        p.client.unsubscribe(unsubscribe, 6, p.now);
        const Outcome asked = p.server.received(subscribe, p.now);
        CHECK(asked.event == Event::subscribe);
        CHECK(asked.packet_id == subscribe.packet_id);
        const Outcome asked_too = p.server.received(unsubscribe, p.now);
        CHECK(asked_too.event == Event::unsubscribe);
        CHECK(asked_too.packet_id == unsubscribe.packet_id);
        const Outcome other = p.client.received(UnsubAck{.packet_id = unsubscribe.packet_id}, p.now);
        CHECK(other.event == Event::unsubscribed);
        CHECK(other.token == 6);
        Pair q = p;
        const Outcome first = p.client.received(SubAck{.packet_id = subscribe.packet_id}, p.now);
        CHECK(first.event == Event::subscribed);
        CHECK(first.token == 5);
        fails(p.client.received(SubAck{.packet_id = subscribe.packet_id}, p.now), Fault::acknowledgement_of_nothing,
            version, ReasonCode::protocol_error);
        fails(q.client.received(UnsubAck{.packet_id = subscribe.packet_id}, q.now),
            Fault::acknowledgement_of_wrong_kind, version, ReasonCode::protocol_error);
    }
}

TEST_CASE("a SUBACK has a reason code for each filter", "[3.1.1:MQTT-3.8.4-5][5.0:MQTT-3.8.4-6]")
{
    constexpr std::array codes{ReasonCode::success, ReasonCode::granted_qos_1, ReasonCode::unspecified_error};
    for (const Version version : both_versions) {
        for (const std::size_t asked : {std::size_t{1}, std::size_t{2}, std::size_t{3}, std::size_t{4}}) {
            Pair p(version);
            p.open();
            Subscribe subscribe;
            p.client.subscribe(subscribe, 5, p.now);
            const SubAck suback{.packet_id = subscribe.packet_id, .reason_codes = codes};
            const Outcome outcome = p.client.received(suback, asked, p.now);
            if (asked == codes.size()) CHECK(outcome.event == Event::subscribed);
            else fails(outcome, Fault::acknowledgement_of_wrong_size, version, ReasonCode::protocol_error);
        }
        Pair p(version);
        p.open();
        Unsubscribe unsubscribe;
        p.client.unsubscribe(unsubscribe, 5, p.now);
        const UnsubAck unsuback{.packet_id = unsubscribe.packet_id, .reason_codes = codes};
        Pair q = p;
        CHECK(p.client.received(unsuback, 3, p.now).event == Event::unsubscribed);
        fails(q.client.received(unsuback, 2, q.now), Fault::acknowledgement_of_wrong_size, version,
            ReasonCode::protocol_error);
        // What is wrong otherwise is told first.
        fails(p.client.received(unsuback, 2, p.now), Fault::acknowledgement_of_nothing, version,
            ReasonCode::protocol_error);
    }
}

TEST_CASE("an acknowledgement of the wrong kind ends the connection", "[3.1.1:MQTT-2.3.1-6][5.0:MQTT-2.2.1-5]")
{
    for (const Version version : both_versions) {
        const auto sent = [&](QoS qos) {
            Pair p(version);
            p.open();
            Publish publish = message(qos);
            p.client.publish(publish, 1, p.now);
            return p;
        };
        constexpr Fault wrong = Fault::acknowledgement_of_wrong_kind;
        constexpr ReasonCode code = ReasonCode::protocol_error;
        fails(sent(at_least).client.received(PubRec{.packet_id = 1}, 0), wrong, version, code);
        fails(sent(at_least).client.received(PubComp{.packet_id = 1}, 0), wrong, version, code);
        fails(sent(at_least).client.received(SubAck{.packet_id = 1}, 0), wrong, version, code);
        fails(sent(once).client.received(PubAck{.packet_id = 1}, 0), wrong, version, code);
        fails(sent(once).client.received(PubComp{.packet_id = 1}, 0), wrong, version, code);
        // Of what is over, or never was, they mean nothing.
        CHECK(sent(once).client.received(PubAck{.packet_id = 2}, 0) == Outcome{});
        CHECK(sent(once).client.received(PubComp{.packet_id = 2}, 0) == Outcome{});
        CHECK(sent(once).client.received(PubAck{.packet_id = 0xFFFF}, 0) == Outcome{});
    }
}

TEST_CASE("QoS 1: sent until PUBACK",
    "[3.1.1:MQTT-4.3.2-1][5.0:MQTT-4.3.2-2][5.0:MQTT-4.3.2-3][3.1.1:MQTT-3.3.1-1][3.1.1:MQTT-3.3.1-3]"
    "[5.0:MQTT-3.3.1-1][5.0:MQTT-3.3.1-3]")
{
    for (const Version version : both_versions) {
        Pair p(version);
        p.open();
        Publish publish = message(at_least);
        publish.dup = true; // as it came from somewhere else
        CHECK(p.client.publish(publish, 5, p.now).change == Change::publish_1);
        CHECK_FALSE(publish.dup);
        CHECK(publish.packet_id == 1);
        p.reopen();
        const Resend again = p.client.resend(p.now);
        CHECK(again.token == 5);
        Publish sent = message(QoS::at_most_once);
        again.set(sent);
        CHECK(sent.dup);
        CHECK(sent.qos == at_least);
        CHECK(sent.packet_id == 1);
        CHECK_FALSE(p.client.resend(p.now));
        const Outcome done = p.client.received(PubAck{.packet_id = 1}, p.now);
        CHECK(done.event == Event::done);
        CHECK(done.token == 5);
        CHECK(done.change == Change::done);
        p.reopen();
        CHECK_FALSE(p.client.resend(p.now));
    }
}

TEST_CASE("QoS 1: after PUBACK an identifier means a new message", "[3.1.1:MQTT-4.3.2-2][5.0:MQTT-4.3.2-5]")
{
    for (const Version version : both_versions) {
        Pair p(version);
        p.open();
        Publish publish = message(at_least);
        publish.packet_id = 3;
        CHECK(p.client.received(publish, p.now).event == Event::message);
        publish.dup = true;
        CHECK(p.client.received(publish, p.now).event == Event::message);
    }
}

TEST_CASE("QoS 2: PUBLISH until PUBREC, then PUBREL until PUBCOMP",
    "[3.1.1:MQTT-4.3.3-1][5.0:MQTT-4.3.3-2][5.0:MQTT-4.3.3-3][5.0:MQTT-4.3.3-4][5.0:MQTT-4.3.3-5]"
    "[5.0:MQTT-4.3.3-6][5.0:MQTT-4.3.3-7]")
{
    for (const Version version : both_versions) {
        Pair p(version);
        p.open();
        Publish publish = message(once);
        publish.dup = true;
        CHECK(p.client.publish(publish, 5, p.now).change == Change::publish_2);
        CHECK_FALSE(publish.dup);
        p.now += 1000000000; // however old it is
        p.reopen();
        const Resend again = p.client.resend(p.now);
        CHECK(again.packet == PacketType::publish);
        CHECK(again.qos == once);
        CHECK(again.packet_id == publish.packet_id);
        const Outcome owned = p.client.received(PubRec{.packet_id = 1}, p.now);
        CHECK(owned.event == Event::owned);
        CHECK(owned.token == 5);
        CHECK(owned.change == Change::pubrel);
        CHECK(must_come_first(owned.change));
        CHECK(bytes_of(owned, version) == "62020001");
        p.reopen();
        const Resend released = p.client.resend(p.now);
        CHECK(released.packet == PacketType::pubrel);
        CHECK(bytes_of(released.outcome(), version) == "62020001");
        CHECK_FALSE(p.client.resend(p.now));
        const Outcome done = p.client.received(PubComp{.packet_id = 1}, p.now);
        CHECK(done.event == Event::done);
        CHECK(done.token == 5);
        CHECK(p.client.messages_in_flight() == 0);
    }
}

TEST_CASE("QoS 2: delivered once until PUBREL, and anew after PUBCOMP",
    "[3.1.1:MQTT-4.3.3-2][5.0:MQTT-4.3.3-10][5.0:MQTT-4.3.3-11][5.0:MQTT-4.3.3-12][5.0:MQTT-4.3.3-13]")
{
    for (const Version version : both_versions) {
        Pair p(version);
        p.open();
        Publish publish = message(once);
        publish.packet_id = 3;
        if (version == Version::v5) publish.properties.message_expiry_interval = 1;
        const Outcome first = p.client.received(publish, p.now);
        CHECK(first.event == Event::message);
        CHECK(first.change == Change::received);
        CHECK(must_come_first(first.change));
        p.now += 100000; // it may have expired
        for (int i = 0; i < 2; ++i) {
            publish.dup = i == 1; // whatever DUP says
            const Outcome again = p.client.received(publish, p.now);
            CHECK(again.event == Event::message_again);
            CHECK(again.change == Change::none);
            CHECK(bytes_of(again, version) == "50020003");
            p.reopen();
        }
        const Outcome released = p.client.received(PubRel{.packet_id = 3}, p.now);
        CHECK(released.change == Change::released);
        CHECK(must_come_first(released.change));
        CHECK(bytes_of(released, version) == "70020003");
        CHECK(p.client.received(publish, p.now).event == Event::message);
    }
}

TEST_CASE(
    "QoS 2: a PUBREC with an error ends the flow for both", "[5.0:MQTT-4.3.3-9][5.0:MQTT-4.4.0-2][5.0:MQTT-4.3.3-4]")
{
    Pair p(Version::v5);
    p.open();
    Publish publish = message(once);
    publish.packet_id = 3;
    CHECK(p.client.received(publish, p.now).event == Event::message);
    const Outcome refusal = p.client.refuse_message(publish, ReasonCode::quota_exceeded);
    CHECK(bytes_of(refusal, p.version) == "5003000397");
    CHECK(refusal.change == Change::released);
    CHECK(p.client.received(publish, p.now).event == Event::message);

    Publish sent = message(once);
    p.client.publish(sent, 8, p.now);
    const Outcome done =
        p.client.received(PubRec{.packet_id = sent.packet_id, .reason_code = ReasonCode::quota_exceeded}, p.now);
    CHECK(done.event == Event::done);
    CHECK(done.reason_code == ReasonCode::quota_exceeded);
    CHECK(done.answer == PacketType{});
    sent = message(at_least);
    p.client.publish(sent, 9, p.now);
    p.client.received(PubAck{.packet_id = sent.packet_id, .reason_code = ReasonCode::not_authorized}, p.now);
    p.reopen();
    CHECK_FALSE(p.client.resend(p.now));
}

TEST_CASE("what is not acknowledged is sent again, in its order, when the session is resumed, and only then",
    "[3.1.1:MQTT-4.4.0-1][3.1.1:MQTT-4.6.0-1][5.0:MQTT-4.4.0-1][5.0:MQTT-4.6.0-1][5.0:MQTT-4.8.2-4]")
{
    for (const Version version : both_versions) {
        Pair p(version);
        p.open();
        for (Token token = 1; token <= 4; ++token) {
            Publish publish = message(token % 2 == 0 ? once : at_least);
            p.client.publish(publish, token, p.now);
            Publish other = message(token % 2 == 0 ? once : at_least);
            CHECK(p.server.publish(other, token, p.now));
        }
        p.client.received(PubAck{.packet_id = 1}, p.now);
        // A fifth that takes the identifier of the first is still behind the others.
        Publish publish = message(at_least);
        for (int i = 0; i < 5; ++i) p.client.withdraw((p.client.publish(publish, 5, p.now), publish));
        p.client.publish(publish, 5, p.now);
        CHECK_FALSE(p.client.resend(p.now));
        refuses(p.client.retry(), Fault::no_retry_in_version);
        p.reopen();
        for (Token token = 2; token <= 5; ++token) {
            const Resend again = p.client.resend(p.now);
            CHECK(again.packet == PacketType::publish);
            CHECK(again.token == token);
        }
        CHECK_FALSE(p.client.resend(p.now));
        for (Token token = 1; token <= 4; ++token) CHECK(p.server.resend(p.now).token == token);
        CHECK_FALSE(p.server.resend(p.now));
    }
}

TEST_CASE("acknowledgements go out in the order of what they answer",
    "[3.1.1:MQTT-4.6.0-2][3.1.1:MQTT-4.6.0-3][3.1.1:MQTT-4.6.0-4][5.0:MQTT-4.6.0-2][5.0:MQTT-4.6.0-3]"
    "[5.0:MQTT-4.6.0-4]")
{
    for (const Version version : both_versions) {
        Pair p(version);
        p.open();
        for (const std::uint16_t id : {std::uint16_t{9}, std::uint16_t{2}, std::uint16_t{5}}) {
            for (const QoS qos : {at_least, once}) {
                Publish publish = message(qos);
                publish.packet_id = static_cast<std::uint16_t>(id + (qos == once ? 100 : 0));
                CHECK(p.client.received(publish, p.now).packet_id == publish.packet_id); // each is answered at once
            }
        }
        for (int i = 0; i < 3; ++i) {
            Publish publish = message(once);
            p.client.publish(publish, 1, p.now);
        }
        for (std::uint16_t id = 1; id <= 3; ++id) {
            const Outcome outcome = p.client.received(PubRec{.packet_id = id}, p.now);
            CHECK(outcome.answer == PacketType::pubrel);
            CHECK(outcome.packet_id == id);
        }
        p.reopen();
        for (std::uint16_t id = 1; id <= 3; ++id) CHECK(p.client.resend(p.now).packet_id == id);
    }
}

TEST_CASE("deliveries that have begun are completed after UNSUBSCRIBE", "[3.1.1:MQTT-3.10.4-3][5.0:MQTT-3.10.4-3]")
{
    for (const Version version : both_versions) {
        Pair p(version);
        p.open();
        Publish publish = message(once);
        p.server.publish(publish, 1, p.now);
        Unsubscribe unsubscribe;
        p.client.unsubscribe(unsubscribe, 2, p.now);
        p.server.received(unsubscribe, p.now);
        CHECK(p.client.received(publish, p.now).event == Event::message);
        CHECK(p.server.received(PubRec{.packet_id = publish.packet_id}, p.now).event == Event::owned);
        CHECK(p.server.received(PubComp{.packet_id = publish.packet_id}, p.now).event == Event::done);
    }
}

TEST_CASE("no more unacknowledged messages than Receive Maximum, and all else goes on",
    "[5.0:MQTT-3.3.4-7][5.0:MQTT-3.3.4-8][5.0:MQTT-3.3.4-9][5.0:MQTT-3.3.4-10][5.0:MQTT-4.9.0-1]"
    "[5.0:MQTT-4.9.0-2][5.0:MQTT-4.9.0-3]")
{
    Pair p(Version::v5);
    p.connect.properties.receive_maximum = 2;
    p.connack.properties.receive_maximum = 2;
    p.open();
    const auto fill = [&](auto& from) {
        CHECK(from.send_quota() == 2);
        Publish publish = message(once);
        CHECK(from.publish(publish, 1, p.now));
        publish = message(at_least);
        CHECK(from.publish(publish, 2, p.now));
        CHECK(from.send_quota() == 0);
        refuses(from.publish(publish, 3, p.now), Fault::quota_used_up);
        publish = message(QoS::at_most_once);
        CHECK(from.publish(publish, 3, p.now));
        CHECK(from.received(PubRec{.packet_id = 1}, p.now).answer == PacketType::pubrel);
        CHECK(from.send_quota() == 0); // PUBREC gives nothing back
        CHECK(from.received(PubAck{.packet_id = 2}, p.now).event == Event::done);
        CHECK(from.send_quota() == 1);
        CHECK(from.received(PubAck{.packet_id = 2}, p.now).event == Event::none);
        CHECK(from.send_quota() == 1);
        CHECK(from.received(PubComp{.packet_id = 1}, p.now).event == Event::done);
        CHECK(from.received(PubComp{.packet_id = 1}, p.now).event == Event::none);
        CHECK(from.send_quota() == 2); // never above its start
        publish = message(once);
        CHECK(from.publish(publish, 1, p.now));
        CHECK(from.received(PubRec{.packet_id = publish.packet_id, .reason_code = ReasonCode::quota_exceeded}, p.now)
                  .event
            == Event::done);
        CHECK(from.send_quota() == 2);
    };
    fill(p.server);
    fill(p.client);
    Subscribe subscribe;
    CHECK(p.client.subscribe(subscribe, 1, p.now));
    CHECK(p.client.tick(p.now + 60 * second).answer == PacketType::pingreq);

    // Who sends more breaks a rule.
    Publish publish = message(once);
    for (publish.packet_id = 1; publish.packet_id <= 2; ++publish.packet_id)
        CHECK(p.client.received(publish, p.now).event == Event::message);
    publish.packet_id = 1;
    CHECK(p.client.received(publish, p.now).event == Event::message_again); // the same does not count twice
    publish.packet_id = 3;
    fails(p.client.received(publish, p.now), Fault::receive_maximum_exceeded, p.version,
        ReasonCode::receive_maximum_exceeded);
}

TEST_CASE("a session announces what it has room for", "[5.0:MQTT-4.9.0-1][5.0:MQTT-3.3.2-10][5.0:MQTT-3.3.2-12]")
{
    Pair p(Version::v5);
    p.connect.properties.topic_alias_maximum = 100;
    p.connack.properties.topic_alias_maximum = 3;
    p.open();
    CHECK(p.connect.properties.receive_maximum == 4);
    CHECK(p.connack.properties.receive_maximum == 4);
    CHECK(p.connect.properties.topic_alias_maximum == 4);
    CHECK(p.connack.properties.topic_alias_maximum == 3);
    const auto every = [&](auto& to, std::uint16_t maximum) {
        for (std::uint16_t alias = 1; alias <= maximum; ++alias) {
            Publish publish{.topic = "topic"};
            publish.properties.topic_alias = alias;
            CHECK(to.received(publish, p.now).event == Event::message);
            publish.topic = {};
            CHECK(to.received(publish, p.now).event == Event::message);
            CHECK(publish.topic == "topic");
        }
        Publish publish{.topic = "topic"};
        publish.properties.topic_alias = static_cast<std::uint16_t>(maximum + 1);
        fails(
            to.received(publish, p.now), Fault::topic_alias_above_maximum, p.version, ReasonCode::topic_alias_invalid);
    };
    every(p.client, 4);
    every(p.server, 3);
}

TEST_CASE("aliases are used up to the peer's maximum",
    "[5.0:MQTT-3.1.2-26][5.0:MQTT-3.1.2-27][5.0:MQTT-3.2.2-17][5.0:MQTT-3.2.2-18][5.0:MQTT-3.3.2-9]"
    "[5.0:MQTT-3.3.2-11]")
{
    for (const std::optional<std::uint16_t> maximum :
        {std::optional<std::uint16_t>(), std::optional<std::uint16_t>(0), std::optional<std::uint16_t>(2)}) {
        Pair p(Version::v5);
        p.connect.properties.topic_alias_maximum = maximum;
        p.connack.properties.topic_alias_maximum = maximum;
        p.open();
        const auto use = [&](auto& from, auto& to) {
            for (const char* const topic : {"a", "b", "a", "c", "b", "b", "a"}) {
                Publish publish = message(QoS::at_most_once, topic);
                publish.properties.topic_alias = 77; // not the application's to set
                CHECK(from.publish(publish, 0, p.now));
                CHECK(publish.properties.topic_alias.value_or(0) <= maximum.value_or(0));
                CHECK(publish.properties.topic_alias.has_value() == (maximum.value_or(0) != 0));
                CHECK(to.received(publish, p.now).event == Event::message);
                CHECK(publish.topic == topic);
            }
        };
        use(p.server, p.client);
        use(p.client, p.server);
    }
}

TEST_CASE("aliases end with their connection", "[5.0:MQTT-3.3.2-7]")
{
    Pair p(Version::v5);
    p.connect.properties.topic_alias_maximum = 4;
    p.connack.properties.topic_alias_maximum = 4;
    p.open();
    const auto send = [&] {
        Publish publish = message(QoS::at_most_once, "a");
        p.client.publish(publish, 0, p.now);
        return publish;
    };
    CHECK(send().topic == "a");
    CHECK(send().topic == "");
    p.reopen();
    CHECK(send().topic == "a");
    Publish unknown = send();
    fails(p.server.received(unknown, p.now), Fault::topic_alias_not_set, p.version, ReasonCode::protocol_error);
}

TEST_CASE("no packet is larger than the peer takes", "[5.0:MQTT-3.1.2-24][5.0:MQTT-3.1.2-25][5.0:MQTT-3.2.2-15]")
{
    Pair p(Version::v5);
    p.connect.properties.maximum_packet_size = 20;
    p.connack.properties.maximum_packet_size = 20;
    p.open();
    CHECK(p.client.maximum_packet_size() == 20);
    const auto limit = [&](auto& from) {
        // 2 + 2 + 1 + 2 + 1 and the payload of 12.
        Publish publish{.topic = "t", .payload = "123456789012", .qos = at_least};
        CHECK(from.publish(publish, 1, p.now));
        CHECK(*publish.encoded_size(Version::v5) == 20);
        publish.payload = "1234567890123";
        const std::uint16_t quota = from.send_quota();
        refuses(from.publish(publish, 2, p.now), Fault::packet_too_large);
        CHECK(from.send_quota() == quota); // it counts as delivered
        CHECK(from.messages_in_flight() == 1);
    };
    limit(p.client);
    limit(p.server);
    const Subscription filters[] = {{.filter = "a/filter/that/is/too/long"}};
    Subscribe subscribe{.filters = filters};
    refuses(p.client.subscribe(subscribe, 3, p.now), Fault::packet_too_large);
    CHECK(p.client.next_flow(p.client.first_flow()) == 0);
}

TEST_CASE(
    "a message that has become too large for the peer is not sent again", "[5.0:MQTT-3.1.2-24][5.0:MQTT-3.1.2-25]")
{
    for (const QoS qos : {at_least, once}) {
        Pair p(Version::v5);
        p.open();
        Publish large{.topic = "t", .payload = "1234567890123", .qos = qos};
        Publish small{.topic = "t", .payload = "123456789012", .qos = qos};
        CHECK(p.client.publish(large, 1, p.now));
        CHECK(p.client.publish(small, 2, p.now));
        p.close();
        p.connack.properties.maximum_packet_size = 20;
        p.open();
        const Resend again = p.client.resend(p.now);
        CHECK(again.token == 1);
        const Outcome outcome = p.client.discard(again, p.now);
        CHECK(outcome.token == 1);
        CHECK(outcome.packet_id == again.packet_id);
        if (qos == at_least) {
            CHECK(outcome.event == Event::done);
            CHECK(outcome.change == Change::done);
            CHECK(outcome.reason_code == ReasonCode::packet_too_large);
            CHECK(outcome.answer == PacketType{});
            CHECK(p.client.flow(again.packet_id) == Flow::none);
        } else { // which the peer may have had before
            CHECK(outcome.event == Event::owned);
            CHECK(outcome.change == Change::pubrel);
            CHECK(outcome.answer == PacketType::pubrel);
            CHECK(p.client.flow(again.packet_id) == Flow::pubrel);
            const Outcome released = p.server.received(PubRel{.packet_id = again.packet_id}, p.now);
            CHECK(p.client.received(PubComp{.packet_id = again.packet_id, .reason_code = released.reason_code}, p.now)
                      .event
                == Event::done);
        }
        CHECK(p.client.discard(again, p.now).event == Event::none); // it is over
        CHECK(p.client.resend(p.now).token == 2); // and the next goes on
        CHECK_FALSE(p.client.resend(p.now));
        CHECK(p.client.messages_in_flight() == 1);
    }
    // What the peer has is only released.
    Pair p(Version::v5);
    p.open();
    Publish publish = message(once);
    CHECK(p.client.publish(publish, 1, p.now));
    CHECK(p.client.received(PubRec{.packet_id = publish.packet_id}, p.now).event == Event::owned);
    p.reopen();
    CHECK(p.client.discard(p.client.resend(p.now), p.now).event == Event::none);
    CHECK(p.client.messages_in_flight() == 1);
    p.client.received(PubComp{.packet_id = publish.packet_id}, p.now);
    // Nor is another message taken for one that was discarded, whose identifier it has.
    Publish large{.topic = "t", .payload = "1234567890123", .qos = once};
    CHECK(p.client.publish(large, 2, p.now));
    Publish received = large;
    CHECK(p.server.received(received, p.now).event == Event::message); // its PUBREC is lost
    p.close();
    p.connack.properties.maximum_packet_size = 20;
    p.open();
    const Outcome outcome = p.client.discard(p.client.resend(p.now), p.now);
    CHECK(outcome.answer == PacketType::pubrel);
    CHECK(p.server.received(PubRel{.packet_id = outcome.packet_id}, p.now).reason_code == ReasonCode::success);
    CHECK(p.server.messages_incomplete() == 0);
}

TEST_CASE("a client sends no QoS and no RETAIN that the server does not take", "[5.0:MQTT-3.2.2-11][5.0:MQTT-3.2.2-14]")
{
    Pair p(Version::v5);
    p.connack.properties.maximum_qos = 1;
    p.connack.properties.retain_available = 0;
    p.open();
    Publish publish = message(once);
    refuses(p.client.publish(publish, 1, p.now), Fault::qos_above_maximum);
    publish = message(at_least);
    publish.retain = true;
    refuses(p.client.publish(publish, 1, p.now), Fault::retain_not_available);
    publish.retain = false;
    CHECK(p.client.publish(publish, 1, p.now));
    Pair q = p;
    publish = message(once);
    publish.packet_id = 1;
    fails(p.server.received(publish, p.now), Fault::qos_above_maximum, p.version, ReasonCode::qos_not_supported);
    publish = message(QoS::at_most_once);
    publish.retain = true;
    fails(q.server.received(publish, q.now), Fault::retain_not_available, q.version, ReasonCode::retain_not_supported);
    // What holds for the client does not for the server.
    Pair r(Version::v5);
    r.connack.properties.maximum_qos = 1;
    r.open();
    Publish other = message(once);
    CHECK(r.server.publish(other, 1, r.now));
}

TEST_CASE("DISCONNECT and the answers of a session have no reason string", "[5.0:MQTT-3.14.2-3][5.0:MQTT-3.14.2-4]")
{
    Pair p(Version::v5);
    p.open();
    CHECK(bytes_of(p.server.received(p.connect, p.now), Version::v5) == "E00182");
}
