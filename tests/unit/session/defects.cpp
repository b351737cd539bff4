// Defects that other engines have had, each as a test, and what the table of faults says.
#include "conformance/session/pair.hpp"

#include "mqttwire/packet_type.hpp"

#include <memory>
#include <set>
#include <string_view>
#include <type_traits>

using namespace pair;

TEST_CASE("a QoS 2 message is delivered after Session Present 0, though its identifier was known")
{
    for (const Version version : both_versions) {
        Pair p(version);
        p.open();
        Publish publish = message(once);
        publish.packet_id = 1;
        CHECK(p.client.received(publish, p.now).event == Event::message);
        p.close();
        p.server = {};
        p.open();
        CHECK_FALSE(p.connected.session_present);
        CHECK(p.client.received(publish, p.now).event == Event::message);
    }
}

TEST_CASE("resent messages keep to Receive Maximum, and the quota does not wrap below zero")
{
    Pair p(Version::v5);
    p.open();
    for (Token token = 1; token <= 4; ++token) {
        Publish publish = message(once);
        CHECK(p.client.publish(publish, token, p.now));
    }
    p.client.received(PubRec{.packet_id = 4}, p.now);
    p.close();
    p.connack.properties.receive_maximum = 2;
    p.open();
    CHECK(p.client.resend(p.now).packet == PacketType::pubrel); // which nothing delays
    CHECK(p.client.resend(p.now).token == 1);
    CHECK_FALSE(p.client.resend(p.now));
    CHECK(p.client.send_quota() == 0);
    Publish publish = message(once);
    refuses(p.client.publish(publish, 9, p.now), Fault::resend_first);
    p.client.received(PubComp{.packet_id = 4}, p.now);
    CHECK(p.client.resend(p.now).token == 2);
    CHECK_FALSE(p.client.resend(p.now));
    // More PUBRELs than Receive Maximum do not wrap it either.
    Pair q(Version::v5);
    q.open();
    for (std::uint16_t id = 1; id <= 3; ++id) {
        Publish each = message(once);
        q.client.publish(each, id, q.now);
        q.client.received(PubRec{.packet_id = id}, q.now);
    }
    q.close();
    q.connack.properties.receive_maximum = 1;
    q.open();
    for (int i = 0; i < 3; ++i) CHECK(q.client.resend(q.now).packet == PacketType::pubrel);
    CHECK(q.client.send_quota() == 0);
    for (std::uint16_t id = 1; id <= 3; ++id) {
        refuses(q.client.publish(publish, 9, q.now), Fault::quota_used_up);
        q.client.received(PubComp{.packet_id = id}, q.now);
    }
    CHECK(q.client.send_quota() == 1);
}

TEST_CASE("a smaller Receive Maximum of a new connection forgets nothing")
{
    Pair p(Version::v5);
    p.open();
    for (Token token = 1; token <= 4; ++token) {
        Publish publish = message(at_least);
        CHECK(p.client.publish(publish, token, p.now));
    }
    p.close();
    p.connack.properties.receive_maximum = 1;
    p.open();
    CHECK(p.client.messages_in_flight() == 4);
    for (Token token = 1; token <= 4; ++token) {
        const Resend again = p.client.resend(p.now);
        CHECK(again.token == token);
        CHECK_FALSE(p.client.resend(p.now));
        CHECK(p.client.received(PubAck{.packet_id = again.packet_id}, p.now).token == token);
    }
    CHECK(p.client.messages_in_flight() == 0);
}

TEST_CASE("SUBSCRIBE is not given the identifier of a PUBLISH")
{
    for (const Version version : both_versions) {
        Pair p(version);
        p.open();
        std::set<std::uint16_t> ids;
        for (int i = 0; i < 4; ++i) {
            Publish publish = message(once);
            Subscribe subscribe;
            CHECK(p.client.publish(publish, 1, p.now));
            CHECK(p.client.subscribe(subscribe, 2, p.now));
            CHECK(ids.insert(publish.packet_id).second);
            CHECK(ids.insert(subscribe.packet_id).second);
        }
        p.reopen(); // requests have gone with their connection, messages have not
        Subscribe subscribe;
        for (int i = 0; i < 4; ++i) {
            CHECK(p.client.subscribe(subscribe, 2, p.now));
            CHECK(p.client.flow(subscribe.packet_id) == Flow::subscribe);
        }
        CHECK(p.client.messages_in_flight() == 4);
        refuses(p.client.subscribe(subscribe, 2, p.now), Fault::no_packet_identifier);
    }
}

TEST_CASE("each PUBREC brings one PUBREL, and no PUBCOMP any")
{
    for (const Version version : both_versions) {
        Pair p(version);
        p.open();
        Publish publish = message(once);
        p.client.publish(publish, 1, p.now);
        for (int i = 0; i < 5; ++i)
            CHECK(p.client.received(PubRec{.packet_id = 1}, p.now).answer == PacketType::pubrel);
        for (int i = 0; i < 5; ++i) CHECK(p.client.received(PubComp{.packet_id = 1}, p.now).answer == PacketType{});
        CHECK_FALSE(p.client.resend(p.now));
        CHECK_FALSE(p.client.tick(p.now + 1).answer == PacketType::pubrel);
        // Of what is unknown as well, and the connection lives.
        const Outcome unknown = p.client.received(PubRec{.packet_id = 7}, p.now);
        CHECK(bytes_of(unknown, version) == (version == Version::v5 ? "6203000792" : "62020007"));
        CHECK_FALSE(unknown.close);
        const Outcome release = p.client.received(PubRel{.packet_id = 7}, p.now);
        CHECK(bytes_of(release, version) == (version == Version::v5 ? "7003000792" : "70020007"));
        CHECK_FALSE(release.close);
        CHECK(release.change == Change::none);
    }
}

TEST_CASE("a client whose CONNACK was lost gets in again")
{
    Pair p(Version::v5);
    for (int attempt = 0; attempt < 3; ++attempt) {
        CHECK(p.client.connect(p.connect, p.version, p.now).change == Change::session);
        p.server.received(p.connect, p.now);
        CHECK(p.server.accept(p.connect, p.connack, p.now));
        CHECK(p.connack.session_present == (attempt != 0));
        p.close(); // and CONNACK is lost
    }
    // Even a client that has lost its memory.
    std::array<std::byte, 64> saved{};
    Journal journal;
    const std::size_t size = p.client.save(saved, 1, journal);
    p.client = {};
    CHECK(p.client.load(std::span(saved).first(size), p.now));
    CHECK(p.open().event == Event::connected);
    CHECK(p.connected.session_present);
    // What one connection cannot bring about the next one can: nothing that is sent again depends on its number.
    Publish publish = message(once);
    p.client.publish(publish, 1, p.now);
    for (int attempt = 0; attempt < 3; ++attempt) {
        p.reopen();
        CHECK(p.client.resend(p.now).token == 1);
        CHECK_FALSE(p.client.resend(p.now));
    }
}

TEST_CASE("identifiers do not begin anew below those of a resumed session")
{
    for (const Version version : both_versions) {
        Pair p(version);
        p.open();
        Publish publish = message(once);
        p.client.publish(publish, 1, p.now);
        p.client.publish(publish, 2, p.now);
        std::array<std::byte, 64> saved{};
        Journal journal;
        const std::size_t size = p.client.save(saved, 1, journal);
        p.close();
        p.client = {};
        CHECK(p.client.load(std::span(saved).first(size), p.now));
        p.open();
        Subscribe subscribe;
        p.client.subscribe(subscribe, 3, p.now);
        CHECK(subscribe.packet_id == 3);
        CHECK(p.client.resend(p.now).packet_id == 1);
        CHECK(p.client.resend(p.now).packet_id == 2);
        p.client.publish(publish, 4, p.now);
        CHECK(publish.packet_id == 4);
    }
}

TEST_CASE("aliases do not outlive their connection")
{
    Pair p(Version::v5);
    p.connect.properties.topic_alias_maximum = 4;
    p.connack.properties.topic_alias_maximum = 4;
    p.open();
    Publish publish = message(once, "a");
    p.client.publish(publish, 1, p.now);
    CHECK(p.server.received(publish, p.now).event == Event::message);
    p.reopen();
    // A message that is sent again has its topic and no alias.
    Publish again = message(once, "a");
    again.properties.topic_alias = publish.properties.topic_alias;
    p.client.resend(p.now).set(again);
    CHECK(again.topic == "a");
    CHECK_FALSE(again.properties.topic_alias);
    Publish alias_alone;
    alias_alone.properties.topic_alias = 1;
    fails(p.server.received(alias_alone, p.now), Fault::topic_alias_not_set, p.version, ReasonCode::protocol_error);
}

TEST_CASE("a session whose client is away needs no memory for aliases")
{
    struct Aliases {
        std::array<AliasEntry, 2> entries;
        std::array<std::byte, 16> topics;
    };
    std::array<PacketIdEntry, 4> packet_ids{};
    std::array<Token, 4> tokens{};
    Server<callers_memory> server(Memory{.packet_ids = packet_ids, .tokens = tokens});
    Time now{};
    // Topic Alias Maximum as announced, and the aliases of the topics that go out.
    const auto connection = [&](Version version) {
        ConnAck connack{
            .properties = {.topic_alias_maximum = version == Version::v5 ? 9 : std::optional<std::uint16_t>{}}};
        const Connect connect{.client_id = "a",
            .properties = {.session_expiry_interval = version == Version::v5 ? 9 : std::optional<std::uint32_t>{},
                .topic_alias_maximum = version == Version::v5 ? 9 : std::optional<std::uint16_t>{}},
            .version = version};
        CHECK(server.received(connect, now).event == Event::connecting);
        CHECK(server.accept(connect, connack, now).event == Event::connected);
        std::vector<int> aliases;
        for (const char* topic : {"x", "x", "y", "z"}) {
            Publish publish = message(QoS::at_most_once, topic);
            CHECK(server.publish(publish, 0, now));
            aliases.push_back(publish.properties.topic_alias.value_or(0));
        }
        return std::pair(connack.properties.topic_alias_maximum.value_or(0), aliases);
    };
    CHECK(connection(Version::v3_1_1) == std::pair(std::uint16_t{0}, std::vector{0, 0, 0, 0}));
    server.closed(now);
    CHECK(connection(Version::v5) == std::pair(std::uint16_t{0}, std::vector{0, 0, 0, 0}));
    server.closed(now);
    {
        Aliases in{};
        Aliases out{};
        const Memory memory{.aliases_in = in.entries,
            .alias_topics_in = in.topics,
            .aliases_out = out.entries,
            .alias_topics_out = out.topics};
        CHECK(server.take_aliases(memory));
        CHECK(connection(Version::v5) == std::pair(std::uint16_t{2}, std::vector{1, 1, 2, 1}));
        CHECK(server.take_aliases({}).fault == Fault::already_connected);
        Publish publish = message(QoS::at_most_once, "y");
        publish.properties.topic_alias = 2;
        CHECK(server.received(publish, now).event == Event::message);
        publish.topic = "";
        CHECK(server.received(publish, now).event == Event::message);
        CHECK(publish.topic == "y");
        server.closed(now);
        CHECK(server.take_aliases({}));
    }
    CHECK(connection(Version::v5) == std::pair(std::uint16_t{0}, std::vector{0, 0, 0, 0}));
}

TEST_CASE("a session begins with little memory for what comes, and gets more when it needs it")
{
    std::array<PacketIdEntry, 1> packet_ids{};
    std::array<Token, 1> tokens{};
    std::array<AliasEntry, 2> entries{};
    std::array<std::array<ReceivedId, 5>, 2> received{};
    std::array<std::array<std::byte, 8>, 2> topics{};
    for (const Version version : both_versions) {
        Server<callers_memory> server(Memory{.packet_ids = packet_ids,
            .tokens = tokens,
            .received_ids = std::span(received[0]).first(2),
            .aliases_in = entries,
            .alias_topics_in = std::span(topics[0]).first(4)});
        const Connect connect{.client_id = "a", .clean_start = false, .version = version};
        ConnAck connack;
        if (version == Version::v5) connack.properties = {.receive_maximum = 4, .topic_alias_maximum = 2};
        CHECK(server.received(connect, 0).event == Event::connecting);
        CHECK(server.accept(connect, connack, 0).event == Event::connected);
        const auto with_id = [](std::uint16_t id) {
            Publish publish = message(once);
            publish.packet_id = id;
            return publish;
        };
        const auto receive = [&](Publish publish) { return server.received(publish, 0).event; };
        CHECK(server.has_room_for(with_id(7)));
        CHECK(receive(with_id(7)) == Event::message);
        CHECK(receive(with_id(12)) == Event::message);
        CHECK_FALSE(server.has_room_for(with_id(2)));
        CHECK(server.has_room_for(with_id(12))); // again
        CHECK(server.has_room_for(message(at_least)));
        CHECK_FALSE(server.grow({.received_ids = std::span(received[1]).first(1)}));
        CHECK(server.messages_incomplete() == 2);
        CHECK(server.grow({.received_ids = received[1]}));
        received[0] = {}; // which it needs no more
        CHECK(server.has_room_for(with_id(2)));
        CHECK(receive(with_id(7)) == Event::message_again);
        CHECK(receive(with_id(12)) == Event::message_again);
        if (version == Version::v5) {
            CHECK(connack.properties.receive_maximum == 2); // what there was room for when it was announced
            CHECK(server.received(PubRel{.packet_id = 7}, 0).reason_code == ReasonCode::success);
        }
        CHECK(receive(with_id(2)) == Event::message);
        CHECK(server.messages_incomplete() == (version == Version::v5 ? 2 : 3));
        if (version != Version::v5) continue;
        CHECK(receive(with_id(3)) == Event::none); // Receive Maximum is kept
        CHECK(server.state() == State::closing);
    }
    Server<callers_memory> server(Memory{.packet_ids = packet_ids,
        .tokens = tokens,
        .aliases_in = entries,
        .alias_topics_in = std::span(topics[0]).first(4)});
    const Connect connect{.client_id = "a", .version = Version::v5};
    ConnAck connack{.properties = {.topic_alias_maximum = 2}};
    server.received(connect, 0);
    CHECK(server.accept(connect, connack, 0).event == Event::connected);
    const auto named = [](std::uint16_t alias, Text topic) {
        Publish publish = message(QoS::at_most_once, topic);
        publish.properties.topic_alias = alias;
        return publish;
    };
    Publish publish = named(1, "abc");
    CHECK(server.has_room_for(publish));
    CHECK(server.received(publish, 0).event == Event::message);
    CHECK(server.has_room_for(named(1, "abcd"))); // in place of the other
    CHECK_FALSE(server.has_room_for(named(2, "de")));
    CHECK(server.has_room_for(named(1, {})));
    CHECK(server.has_room_for(named(3, "is beyond the maximum, whatever room there is")));
    CHECK_FALSE(server.grow({.alias_topics_in = std::span(topics[1]).first(2)}));
    CHECK_FALSE(server.grow({.received_ids = received[1], .alias_topics_in = std::span(topics[1]).first(2)}));
    CHECK(server.has_room_for(named(1, "abcd"))); // neither has moved
    CHECK(server.grow({.alias_topics_in = topics[1]}));
    topics[0] = {};
    CHECK(server.has_room_for(named(2, "defgh")));
    CHECK_FALSE(server.has_room_for(named(2, "defghi")));
    publish = named(2, "defgh");
    CHECK(server.received(publish, 0).event == Event::message);
    for (const auto& [alias, topic] : {std::pair(1, "abc"), std::pair(2, "defgh")}) {
        publish = named(static_cast<std::uint16_t>(alias), {});
        CHECK(server.received(publish, 0).event == Event::message);
        CHECK(publish.topic == topic);
    }
}

TEST_CASE("time does not run on a session whose connection has not been reported closed")
{
    Pair p(Version::v5);
    p.connect.will = Will{.topic = "w", .payload = "x", .properties = {.will_delay_interval = 60}};
    p.connect.properties.session_expiry_interval = 3600;
    p.now = 1'000'000;
    p.open();
    Publish publish = message(once);
    CHECK(p.server.publish(publish, 1, p.now));
    CHECK(p.server.received(Disconnect{.reason_code = ReasonCode::disconnect_with_will_message}, p.now).close);
    CHECK(p.server.state() == State::closing);
    CHECK_FALSE(p.server.next_deadline());
    const Outcome nothing = p.server.tick(p.now);
    CHECK_FALSE(nothing.session_ended);
    CHECK_FALSE(nothing.publish_will);
    CHECK(p.server.messages_in_flight() == 1);
    CHECK_FALSE(p.server.closed(p.now).publish_will);
    CHECK(p.server.next_deadline() == p.now + 60 * second);
    CHECK(p.server.tick(p.now + 60 * second).publish_will);
    CHECK(p.server.tick(p.now + 3600 * second).session_ended);
}

TEST_CASE("what is overdue is done before a client comes back")
{
    Pair p(Version::v5);
    p.connect.clean_start = false;
    p.connect.will = Will{.topic = "w", .payload = "x", .properties = {.will_delay_interval = 5}};
    p.connect.properties.session_expiry_interval = 10;
    p.open();
    p.server.closed(p.now);
    Connect again{.client_id = "c", .version = Version::v5};
    const Outcome outcome = p.server.received(again, p.now + 1000 * second);
    CHECK(outcome.event == Event::connecting);
    CHECK(outcome.session_ended);
    CHECK(outcome.publish_will);
    ConnAck connack;
    CHECK_FALSE(p.server.accept(again, connack, p.now + 1000 * second).session_present);
}

TEST_CASE("a server that insists on a session of which the client knows nothing is refused each time")
{
    Client<> client;
    for (int i = 0; i < 3; ++i) {
        Connect connect{.client_id = "c", .properties = {.session_expiry_interval = 100}};
        CHECK(client.connect(connect, Version::v5, 0));
        const Outcome outcome = client.received(ConnAck{.session_present = true}, 0);
        CHECK(outcome.fault == Fault::session_present_without_state);
        client.closed(0);
    }
    // Nor does what is left of a damaged journal speak for it.
    Connect connect{.client_id = "c", .properties = {.session_expiry_interval = 100}};
    client.connect(connect, Version::v5, 0);
    std::array<std::byte, 64> bytes{};
    Journal journal;
    REQUIRE(client.save(bytes, 1, journal) == 16);
    bytes[20] = bytes[60] = std::byte{1}; // one record that is torn could be the last
    Client<> loaded;
    CHECK(loaded.load(bytes, 0).fault == LoadFault::damaged);
    CHECK(loaded.session_expiry() == 0);
    CHECK(loaded.connect(connect, Version::v5, 0));
    CHECK(loaded.received(ConnAck{.session_present = true}, 0).fault == Fault::session_present_without_state);
}

TEST_CASE("that a CONNECT was answered is kept, so that the loss of power forgives a server no session")
{
    std::array<std::byte, 64> durable{};
    std::size_t size = 0;
    const auto keep = [&](const Client<>& client, const Outcome& outcome) {
        Journal journal;
        if (must_come_first(outcome.change)) size = client.save(durable, 1, journal);
        return outcome;
    };
    const auto begin = [&](Client<>& side) {
        Connect connect{.client_id = "c", .clean_start = false, .properties = {.session_expiry_interval = 100}};
        CHECK(keep(side, side.connect(connect, Version::v5, 0)));
    };
    const auto after_loss_of_power = [&] {
        Client<> client;
        CHECK(client.load(std::span(durable).first(size), 0));
        begin(client);
        return client.received(ConnAck{.session_present = true}, 0).fault;
    };
    // What was not answered may have made the session.
    Client<> client;
    begin(client);
    CHECK(after_loss_of_power() == Fault::none);

    begin(client = {});
    CHECK(keep(client, client.received(ConnAck{.session_present = true}, 0)).fault
        == Fault::session_present_without_state);
    CHECK(after_loss_of_power() == Fault::session_present_without_state);

    begin(client = {});
    CHECK(keep(client, client.received(ConnAck{.reason_code = ReasonCode::server_busy}, 0)).event == Event::refused);
    CHECK(after_loss_of_power() == Fault::session_present_without_state);

    // Nor may there be a session any more if the server says that it ends with its connection.
    begin(client = {});
    const ConnAck no_expiry{.properties = {.session_expiry_interval = 0}};
    CHECK(keep(client, client.received(no_expiry, 0)).event == Event::connected);
    CHECK(after_loss_of_power() == Fault::session_present_without_state);

    // A session that ends with its connection has nothing to keep.
    begin(client = {});
    CHECK(keep(client, client.received(ConnAck{.reason_code = ReasonCode::server_busy}, 0)).event == Event::refused);
    client.closed(0);
    Connect short_lived{.client_id = "c", .clean_start = false};
    CHECK(client.connect(short_lived, Version::v5, 0).change == Change::none);
    CHECK(client.received(ConnAck{.reason_code = ReasonCode::server_busy}, 0).change == Change::none);
    client.closed(0);

    // But the server may keep it longer than it was asked to.
    CHECK(client.connect(short_lived, Version::v5, 0).change == Change::none);
    const ConnAck longer{.properties = {.session_expiry_interval = 100}};
    CHECK(keep(client, client.received(longer, 0)).change == Change::session);
    CHECK(after_loss_of_power() == Fault::none);
}

TEST_CASE("a Clean Start that was not answered is asked for again")
{
    Pair p(Version::v5);
    p.open();
    p.close(); // the server holds a session from now on
    const auto connect = [&p](Client<room>& client, bool clean_start) {
        p.connect.clean_start = clean_start;
        CHECK(client.connect(p.connect, p.version, p.now));
        return p.connect.clean_start;
    };
    CHECK_FALSE(connect(p.client, false));
    p.client.closed(p.now);
    CHECK(connect(p.client, true)); // which does not reach the server
    p.client.closed(p.now);
    CHECK(connect(p.client, false));
    std::array<std::byte, 64> saved{};
    Journal journal;
    const std::size_t size = p.client.save(saved, 1, journal);
    Client<room> loaded;
    CHECK(loaded.load(std::span(saved).first(size), p.now));
    CHECK(connect(loaded, false));

    // Nor has a server carried it out that has refused the connection.
    CHECK(p.client.received(ConnAck{.reason_code = ReasonCode::server_busy}, p.now).event == Event::refused);
    p.client.closed(p.now);
    p.connect.clean_start = false;
    CHECK(p.open().event == Event::connected);
    CHECK_FALSE(p.connected.session_present);
    p.close();
    CHECK(connect(p.client, true));
    p.client.received(ConnAck{.reason_code = ReasonCode::server_busy}, p.now);
    p.client.closed(p.now);
    CHECK(connect(p.client, false));
    p.client.closed(p.now);

    // In 3.1.1 it would be another session: one that ends with its connection.
    CHECK(p.client.connect(p.connect = {.client_id = "c", .clean_start = true}, Version::v3_1_1, p.now));
    p.client.closed(p.now);
    p.connect.clean_start = false;
    CHECK(p.client.connect(p.connect, Version::v3_1_1, p.now));
    CHECK_FALSE(p.connect.clean_start);
}

TEST_CASE("a session that is to end with its connection is kept until the server knows of that")
{
    Pair p(Version::v5);
    p.open();
    Publish publish = message(once);
    p.client.publish(publish, 7, p.now);
    p.close();
    const auto after_loss_of_power = [&p] {
        std::array<std::byte, 64> saved{};
        Journal journal;
        const std::size_t size = p.client.save(saved, 1, journal);
        Client<room> loaded;
        CHECK(loaded.load(std::span(saved).first(size), p.now));
        return loaded.messages_in_flight();
    };
    p.connect.properties.session_expiry_interval = 0;
    CHECK(p.client.connect(p.connect, p.version, p.now).change == Change::session);
    CHECK(after_loss_of_power() == 1);
    CHECK(p.client.received(ConnAck{.session_present = true}, p.now).change == Change::session);
    CHECK(after_loss_of_power() == 0);
}

TEST_CASE("nobody waits for an answer to a message with QoS 0")
{
    Pair p(Version::v5);
    p.open();
    const Outcome outcome = p.client.refuse_message(message(QoS::at_most_once), ReasonCode::not_authorized);
    CHECK(outcome.answer == PacketType{});
    CHECK(outcome.change == Change::none);
}

TEST_CASE("a message goes without an alias where it is too large with one")
{
    constexpr Capacities with_aliases{.aliases_out = 2, .alias_bytes_out = 16};
    Client<with_aliases> client;
    Connect connect{.client_id = "c"};
    client.connect(connect, Version::v5, 0);
    client.received(ConnAck{.properties = {.topic_alias_maximum = 2, .maximum_packet_size = 20}}, 0);
    const auto publish = [&](Text topic, Text payload) {
        Publish made{.topic = topic, .payload = payload.view(), .qos = at_least};
        CHECK(client.publish(made, 1, 0));
        CHECK(*made.encoded_size(Version::v5) <= 20);
        return std::pair(made.topic, int{made.properties.topic_alias.value_or(0)});
    };
    // 2 + 2 + 4 + 2 + 1 and the payload; an alias takes 3.
    CHECK(publish("abcd", "12345678") == std::pair(Text("abcd"), 0));
    CHECK(publish("abcd", "123456") == std::pair(Text("abcd"), 1));
    CHECK(publish("abcd", "123456789") == std::pair(Text(), 1)); // the topic is left out, which makes room
    CHECK(publish("a", "123456") == std::pair(Text("a"), 2));
    CHECK(publish("a", "123456789012") == std::pair(Text("a"), 0)); // with the alias alone it would be larger
    Publish large{.topic = "abcd", .payload = "12345678901", .qos = at_least};
    CHECK(client.publish(large, 1, 0).fault == Fault::packet_too_large);
    CHECK(large.topic == "abcd");
    CHECK_FALSE(large.properties.topic_alias);

    Client<> without;
    without.connect(connect, Version::v5, 0);
    without.received(ConnAck{.properties = {.topic_alias_maximum = 2}}, 0);
    large.properties.topic_alias = 2;
    CHECK(without.publish(large, 1, 0));
    CHECK_FALSE(large.properties.topic_alias);
}

TEST_CASE("what is withdrawn leaves the journal as well, and is not taken for sent")
{
    Pair p(Version::v5);
    p.connect.keep_alive = 10;
    p.open();
    std::array<std::byte, 64> bytes{};
    Journal journal;
    std::size_t size = p.client.save(bytes, 1, journal);
    const auto append = [&](const Outcome& outcome) {
        for (const std::byte byte : journal.record(outcome)) bytes[size++] = byte;
    };
    p.client.received(PingResp{}, p.now + 9 * second);
    Publish publish = message(at_least);
    append(p.client.publish(publish, 7, p.now + 9 * second));
    const Outcome outcome = p.client.withdraw(publish);
    CHECK(outcome.change == Change::done);
    CHECK(outcome.token == 7);
    append(outcome);
    CHECK(has_come(*p.client.next_deadline(), p.now + 10 * second));
    Client<> loaded;
    CHECK(loaded.load(std::span(bytes).first(size), p.now));
    CHECK(loaded.messages_in_flight() == 0);

    Subscribe subscribe{.filters = {}};
    CHECK(p.client.subscribe(subscribe, 1, p.now));
    CHECK(p.client.flow(subscribe.packet_id) == Flow::subscribe);
    p.client.withdraw(subscribe);
    CHECK(p.client.flow(subscribe.packet_id) == Flow::none);
    Unsubscribe unsubscribe{.filters = {}};
    CHECK(p.client.unsubscribe(unsubscribe, 1, p.now));
    p.client.withdraw(unsubscribe);
    CHECK(p.client.first_flow() == 0);
}

TEST_CASE("a server that says DISCONNECT before CONNACK breaks the protocol")
{
    Pair p(Version::v5);
    CHECK(p.client.connect(p.connect, p.version, p.now));
    fails(
        p.client.received(Disconnect{}, p.now), Fault::first_packet_not_connack, p.version, ReasonCode::protocol_error);
}

TEST_CASE("the first connection of 3.1 has no session before it")
{
    Pair p(Version::v3_1);
    p.connect.clean_start = false;
    for (const bool before : {false, true}) {
        Connect connect = p.connect;
        CHECK(p.client.connect(connect, Version::v3_1, p.now));
        CHECK(p.client.received(ConnAck{}, p.now).session_present == before);
        p.client.closed(p.now);
    }
}

TEST_CASE("more entries than 16 bits count are saved and loaded")
{
    constexpr Capacities many{.outgoing = 16, .incoming = 65'535};
    using Session = Server<many>;
    const auto server = std::make_unique<Session>();
    Connect connect{.client_id = "c", .version = Version::v3_1_1};
    ConnAck connack;
    server->received(connect, 0);
    server->accept(connect, connack, 0);
    for (Token token = 1; token <= 3; ++token) {
        Publish publish = message(once);
        CHECK(server->publish(publish, token, 0));
    }
    Publish publish = message(once);
    for (unsigned id = 1; id <= 65'535; ++id) {
        publish.packet_id = static_cast<std::uint16_t>(id);
        server->received(publish, 0);
    }
    std::vector<std::byte> bytes(server->saved_size());
    CHECK(bytes.size() == 8U * (2 + 3 + 65'535));
    Journal journal;
    CHECK(server->save(bytes, 1, journal) == bytes.size());
    const auto loaded = std::make_unique<Session>();
    CHECK(loaded->load(bytes, 0));
    CHECK(loaded->messages_in_flight() == 3);
    CHECK(loaded->messages_incomplete() == 65'535);
    CHECK(loaded->load(std::span(bytes).first(bytes.size() - 8), 0).fault == LoadFault::incomplete);
}

TEST_CASE("a session of a version that is fixed may stand in the caller's memory")
{
    std::array<PacketIdEntry, 1> packet_ids{};
    std::array<Token, 1> tokens{};
    const Memory memory{.packet_ids = packet_ids, .tokens = tokens};
    const auto begin = [&]<Version V>(std::integral_constant<Version, V>) {
        Engine<Role::client, callers_memory, wire::FixedVersion<V>> client(memory);
        Connect connect{.client_id = "c"};
        CHECK(client.connect(connect, 0));
        CHECK(client.received(ConnAck{}, 0).event == Event::connected);
        Publish publish = message(at_least);
        CHECK(client.publish(publish, 7, 0));
        CHECK(client.received(PubAck{.packet_id = publish.packet_id}, 0).token == 7);
    };
    begin(std::integral_constant<Version, Version::v3_1>());
    begin(std::integral_constant<Version, Version::v3_1_1>());
    begin(std::integral_constant<Version, Version::v5>());
}

static_assert([] { // 5.0 while compiling
    Client<> client;
    Server<> server;
    Connect connect{.client_id = "c"};
    ConnAck connack;
    client.connect(connect, Version::v5, 0);
    connect.version = Version::v5;
    server.received(connect, 0);
    server.accept(connect, connack, 0);
    return client.received(connack, 0).event == Event::connected;
}());

TEST_CASE("PUBREC and PUBACK with an error are heard")
{
    Pair p(Version::v5);
    p.open();
    Publish publish = message(once);
    p.client.publish(publish, 1, p.now);
    const Outcome refused = p.client.received(PubRec{.packet_id = 1, .reason_code = ReasonCode::not_authorized}, p.now);
    CHECK(refused.event == Event::done);
    CHECK(refused.reason_code == ReasonCode::not_authorized);
    CHECK(refused.answer == PacketType{});
    CHECK(p.client.messages_in_flight() == 0);
}

TEST_CASE("a topic has one alias")
{
    Pair p(Version::v5);
    p.connack.properties.topic_alias_maximum = 4;
    p.open();
    std::set<std::uint16_t> aliases;
    for (int i = 0; i < 6; ++i) {
        Publish publish = message(QoS::at_most_once, "a");
        p.client.publish(publish, 0, p.now);
        aliases.insert(*publish.properties.topic_alias);
        Publish other = message(QoS::at_most_once, i % 2 == 0 ? "b" : "c");
        p.client.publish(other, 0, p.now);
    }
    CHECK(aliases.size() == 1);
}

TEST_CASE("a message that is withdrawn leaves nothing behind")
{
    Pair p(Version::v5);
    p.connack.properties.topic_alias_maximum = 4;
    p.open();
    Publish publish = message(once, "a");
    p.client.publish(publish, 1, p.now);
    p.client.withdraw(publish);
    CHECK(p.client.messages_in_flight() == 0);
    Publish again = message(QoS::at_most_once, "a");
    p.client.publish(again, 1, p.now);
    CHECK(again.topic == "a"); // the peer has not heard of the alias
}

TEST_CASE("a message that exceeds what there is room for is not taken for a known one later")
{
    Pair p(Version::v3_1_1);
    p.open();
    Publish publish = message(once);
    for (publish.packet_id = 1; publish.packet_id <= 4; ++publish.packet_id)
        CHECK(p.client.received(publish, p.now).event == Event::message);
    fails(p.client.received(publish, p.now), Fault::too_many_incomplete_messages, PacketType{});
    p.reopen();
    p.client.received(PubRel{.packet_id = 1}, p.now);
    CHECK(p.client.received(publish, p.now).event == Event::message);
}

TEST_CASE("3.1 may send again while connected, and hears acknowledgements twice")
{
    Pair p(Version::v3_1);
    p.open();
    Publish publish = message(once);
    p.client.publish(publish, 1, p.now);
    CHECK(p.client.retry());
    const Resend again = p.client.resend(p.now);
    CHECK(again.packet_id == publish.packet_id);
    for (int i = 0; i < 2; ++i) CHECK(p.client.received(PubRec{.packet_id = 1}, p.now).answer == PacketType::pubrel);
    CHECK(p.client.received(PubComp{.packet_id = 1}, p.now).event == Event::done);
    CHECK(p.client.received(PubComp{.packet_id = 1}, p.now) == Outcome{});
    // There is no Session Present: a client that keeps its session takes it for granted.
    p.client.publish(publish, 2, p.now);
    p.reopen();
    CHECK_FALSE(p.connack.session_present);
    CHECK(p.connected.session_present);
    CHECK(p.client.resend(p.now).token == 2);
}

TEST_CASE("a QoS 1 message under the identifier of a QoS 2 message is not taken for it")
{
    Pair p(Version::v5);
    p.open();
    Publish publish = message(once);
    publish.packet_id = 1;
    p.client.received(publish, p.now);
    publish.qos = at_least;
    const Outcome outcome = p.client.received(publish, p.now);
    CHECK(outcome.event == Event::none);
    CHECK(bytes_of(outcome, p.version) == "4003000191");
    CHECK_FALSE(outcome.close);
    Pair q(Version::v3_1_1);
    q.open();
    publish.qos = once;
    q.client.received(publish, q.now);
    publish.qos = at_least;
    fails(q.client.received(publish, q.now), Fault::packet_identifier_in_use, PacketType{});
}

TEST_CASE("subscriptions that the server does not offer")
{
    Pair p(Version::v5);
    p.connack.properties.wildcard_subscription_available = 0;
    p.connack.properties.subscription_identifier_available = 0;
    p.connack.properties.shared_subscription_available = 0;
    p.open();
    const auto both = [&](const char* filter, bool identifier, Fault fault, ReasonCode code) {
        const Subscription filters[] = {{.filter = filter}};
        Subscribe subscribe{.packet_id = 1, .filters = filters};
        if (identifier) subscribe.properties.subscription_identifier = 5;
        Pair q = p;
        refuses(q.client.subscribe(subscribe, 1, q.now), fault);
        fails(q.server.received(subscribe, q.now), fault, q.version, code);
    };
    both("a/+", false, Fault::wildcard_subscription_not_available, ReasonCode::wildcard_subscriptions_not_supported);
    both("#", false, Fault::wildcard_subscription_not_available, ReasonCode::wildcard_subscriptions_not_supported);
    both("a", true, Fault::subscription_identifier_not_available, ReasonCode::subscription_identifiers_not_supported);
    both("$share/s/a", false, Fault::shared_subscription_not_available, ReasonCode::shared_subscriptions_not_supported);
    const Subscription filters[] = {{.filter = "a"}};
    Subscribe subscribe{.filters = filters};
    CHECK(p.client.subscribe(subscribe, 1, p.now));
}

TEST_CASE("packets of the wrong side end the connection, in the variant as well")
{
    for (const Version version : both_versions) {
        Pair p(version);
        p.open();
        Packet connack = p.connack;
        fails(p.server.received(connack, p.now), Fault::packet_from_wrong_side, version, ReasonCode::protocol_error);
        Pair q(version);
        q.open();
        Packet pingreq = PingReq{};
        fails(q.client.received(pingreq, q.now), Fault::packet_from_wrong_side, version, ReasonCode::protocol_error);
        Pair r(version);
        r.open();
        Packet disconnect = Disconnect{};
        if (version == Version::v5) CHECK(r.client.received(disconnect, r.now).event == Event::disconnecting);
        else fails(r.client.received(disconnect, r.now), Fault::packet_from_wrong_side, PacketType{});
        Pair s(version);
        s.open();
        Publish publish = message(once);
        s.client.publish(publish, 3, s.now);
        Packet pubrec = PubRec{.packet_id = publish.packet_id};
        CHECK(s.client.received(pubrec, s.now).event == Event::owned);
    }
}

TEST_CASE("before CONNACK a server says nothing that CONNACK cannot say")
{
    Pair p(Version::v5);
    p.server.received(p.connect, p.now);
    Pair q = p;
    fails(p.server.take_over(), Fault::session_taken_over, PacketType{});
    fails(q.server.tick(q.now + 90 * second), Fault::keep_alive_timeout, PacketType{});
}

TEST_CASE("each fault has a name, a text, and a reason code that DISCONNECT may carry")
{
    std::set<std::string_view> names;
    for (const FaultRow& row : fault_table) {
        CAPTURE(row.name);
        CHECK(names.insert(row.name).second);
        CHECK_FALSE(row.text.empty());
        CHECK(row.text.back() != '.');
        CHECK(name(row.code) == row.name);
        CHECK(text(row.code) == row.text);
        CHECK(clause(row.code, Version::v5) == row.clause_5);
        CHECK(clause(row.code, Version::v3_1_1) == row.clause_3_1_1);
        CHECK(clause(row.code, Version::v3_1).empty());
        CHECK(reason_code(row.code) == row.reason_code);
        if (row.reason_code != ReasonCode::success) CHECK(may_carry(PacketType::disconnect, row.reason_code));
        if (row.blame == Blame::caller) CHECK(row.reason_code == ReasonCode::success);
        if (row.code != Fault::none) CHECK_FALSE(row.clause_5.empty());
    }
    CHECK(name(static_cast<Fault>(200)) == "none");
}
