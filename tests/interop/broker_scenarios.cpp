#include "broker_scenarios.hpp"

#include "exchange.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace interop {
namespace {

using mq::QoS;
using mq::ReasonCode;
using mq::Version;

/// A broker, in the version and under the topic that a scenario uses it with.
struct Broker {
    std::uint16_t port;
    Version version;
    std::string root; ///< topics below it belong to the scenario alone

    std::string topic(std::string_view below) const { return root + "/" + std::string(below); }
    bool is_5() const { return version == Version::v5; }
};

/// A connection of ours that the broker has accepted.
class Client : public Connection {
public:
    Client(const Broker& broker, const mq::Connect& connect, bool session_present = false)
        : Connection(Socket::to(broker.port), broker.version, mq::Role::client)
    {
        send(connect);
        acknowledgement = receive<mq::ConnAck>();
        interop::expect(acknowledgement.reason_code == ReasonCode::success, "to be let in");
        interop::expect(acknowledgement.session_present == session_present, "the right Session Present");
    }
    Client(const Broker& broker, mq::Text client_id)
        : Client(broker, mq::Connect{.client_id = client_id, .clean_start = true, .keep_alive = 60})
    {
    }

    mq::ConnAck acknowledgement{};
};

/// A round trip. What the broker has to send to this client before it must have been taken in already.
void ping(Connection& client, const std::source_location& where = std::source_location::current())
{
    client.send(mq::PingReq{});
    client.expect(mq::PingResp{}, where);
}

/// Subscribes, and every filter must be granted with the QoS that it asks for.
template <std::size_t Count>
void subscribe(Connection& client, const mq::Subscription (&filters)[Count],
    const mq::SubscribeProperties& properties = {}, const std::source_location& where = std::source_location::current())
{
    std::array<ReasonCode, Count> granted{};
    for (std::size_t i = 0; i < Count; ++i) granted[i] = static_cast<ReasonCode>(filters[i].qos);
    client.send(mq::Subscribe{
        .packet_id = 100, .filters = mq::List<mq::Subscription>(filters, Count), .properties = properties});
    client.expect(mq::SubAck{.packet_id = 100, .reason_codes = granted}, where);
}

void disconnect(Connection& client, const std::source_location& where = std::source_location::current())
{
    client.send(mq::Disconnect{});
    client.expect_end(where);
}

void connects_and_pings(const Broker& broker)
{
    Client client(broker, "pinging");
    ping(client);
    disconnect(client);
}

void stays_alive_by_pings(const Broker& broker)
{
    Client client(broker, mq::Connect{.client_id = "alive", .clean_start = true, .keep_alive = 2});
    for (int i = 0; i < 4; ++i) {
        std::this_thread::sleep_for(std::chrono::seconds(1));
        ping(client);
    }
    disconnect(client);
}

void limits_of_mosquitto_in_connack(const Broker& broker)
{
    const Client client(broker, mq::Connect{.clean_start = true, .keep_alive = 60});
    auto properties = client.acknowledgement.properties;
    expect(properties.assigned_client_identifier && properties.assigned_client_identifier->size() > 10,
        "an assigned client identifier");
    properties.assigned_client_identifier.reset();
    expect(properties
            == mq::ConnAckProperties{.receive_maximum = std::uint16_t{20},
                .topic_alias_maximum = mosquitto_topic_alias_maximum},
        "the limits of mosquitto");
}

void lets_in_with_credentials(const Broker& broker)
{
    Client client(
        broker, mq::Connect{.client_id = "alice", .clean_start = true, .user_name = user_name, .password = password});
    disconnect(client);
}

void refuse_with(const Broker& broker, ReasonCode reason)
{
    Connection client(Socket::to(broker.port), broker.version, mq::Role::client);
    client.send(mq::Connect{.client_id = "mallory", .clean_start = true, .user_name = user_name, .password = "guess"});
    client.expect(mq::ConnAck{.reason_code = reason});
    client.expect_end();
}

void refuses_as_not_authorized(const Broker& broker) { refuse_with(broker, ReasonCode::not_authorized); }
void refuses_a_bad_password(const Broker& broker) { refuse_with(broker, ReasonCode::bad_user_name_or_password); }

void refuses_an_authentication_method(const Broker& broker)
{
    Connection client(Socket::to(broker.port), broker.version, mq::Role::client);
    client.send(mq::Connect{.client_id = "scram",
        .clean_start = true,
        .properties = {.authentication_method = "SCRAM-SHA-1", .authentication_data = "client-first"}});
    client.expect(mq::ConnAck{.reason_code = ReasonCode::bad_authentication_method});
    client.expect_end();
}

/// The properties that a message can have from end to end.
constexpr mq::UserProperty user_properties[] = {{"unit", "°C"}, {"unit", ""}, {"a", "b"}};
constexpr std::uint8_t is_text = 1;

void will_is_sent(const Broker& broker)
{
    const std::string topic = broker.topic("gone");
    Client watcher(broker, "watcher");
    subscribe(watcher, {{.filter = topic, .qos = QoS::at_least_once}});

    mq::Will will{.topic = topic, .payload = "au revoir \xff", .qos = QoS::at_least_once};
    mq::PublishProperties expected;
    if (broker.is_5()) {
        will.properties = {.content_type = "text/plain",
            .response_topic = "answers",
            .correlation_data = "\x01\x02",
            .user_property = user_properties};
        expected = {.content_type = "text/plain",
            .response_topic = "answers",
            .correlation_data = "\x01\x02",
            .user_property = user_properties};
    }
    Client victim(broker,
        mq::Connect{.client_id = "victim",
            .clean_start = true,
            .keep_alive = 60,
            .will = will,
            .user_name = user_name,
            .password = password});
    victim.drop();
    expect_message(
        watcher, {.topic = topic, .payload = will.payload, .qos = QoS::at_least_once, .properties = expected});
}

void will_is_not_sent_after_disconnect(const Broker& broker)
{
    const std::string topic = broker.topic("gone");
    Client watcher(broker, "watcher");
    subscribe(watcher, {{.filter = topic}});
    Client leaving(broker,
        mq::Connect{.client_id = "leaving", .clean_start = true, .will = mq::Will{.topic = topic, .payload = "gone"}});
    disconnect(leaving);
    ping(watcher);
}

void will_is_sent_after_disconnect_that_asks_for_it(const Broker& broker)
{
    const std::string topic = broker.topic("gone");
    Client watcher(broker, "watcher");
    subscribe(watcher, {{.filter = topic}});
    Client leaving(broker,
        mq::Connect{.client_id = "leaving", .clean_start = true, .will = mq::Will{.topic = topic, .payload = "gone"}});
    leaving.send(mq::Disconnect{.reason_code = ReasonCode::disconnect_with_will_message,
        .properties = {.reason_string = "as you like", .user_property = user_properties}});
    expect_message(watcher, {.topic = topic, .payload = "gone"});
}

void messages_of(const Broker& broker, QoS qos)
{
    const std::string topic = broker.topic("zürich/温度");
    const std::string large(20'000, '*');
    Client sender(broker, "sender");
    Client receiver(broker, "receiver");
    subscribe(receiver, {{.filter = topic, .qos = qos}});
    std::uint16_t packet_id = 1;
    for (const std::string_view payload :
        {std::string_view("21.5"), std::string_view(), std::string_view("\0\xff", 2), std::string_view(large)}) {
        mq::Publish message{.topic = topic, .payload = payload, .qos = qos};
        if (qos != QoS::at_most_once) message.packet_id = packet_id;
        packet_id = static_cast<std::uint16_t>(packet_id * 200);
        publish(sender, message);
        expect_message(receiver, message);
    }
    ping(receiver);
}

void messages_of_qos_0(const Broker& broker) { messages_of(broker, QoS::at_most_once); }
void messages_of_qos_1(const Broker& broker) { messages_of(broker, QoS::at_least_once); }
void messages_of_qos_2(const Broker& broker) { messages_of(broker, QoS::exactly_once); }

void qos_is_lowered_to_what_was_granted(const Broker& broker)
{
    const std::string topic = broker.topic("lowered");
    Client sender(broker, "sender");
    Client receiver(broker, "receiver");
    subscribe(receiver, {{.filter = topic, .qos = QoS::at_least_once}});
    publish(sender, {.topic = topic, .payload = "x", .qos = QoS::exactly_once, .packet_id = 1});
    expect_message(receiver, {.topic = topic, .payload = "x", .qos = QoS::at_least_once});
}

void retained_message(const Broker& broker)
{
    const std::string topic = broker.topic("state");
    const mq::Publish kept{.topic = topic, .payload = "on", .qos = QoS::at_least_once, .retain = true, .packet_id = 1};
    Client live(broker, "live");
    subscribe(live, {{.filter = topic, .qos = QoS::at_least_once}});
    Client sender(broker, "sender");
    publish(sender, kept);
    expect_message(live, {.topic = topic, .payload = "on", .qos = QoS::at_least_once});

    Client late(broker, "late");
    subscribe(late, {{.filter = topic, .qos = QoS::at_least_once}});
    expect_message(late, kept);

    publish(sender, {.topic = topic, .qos = QoS::at_least_once, .retain = true, .packet_id = 2});
    Client too_late(broker, "too-late");
    subscribe(too_late, {{.filter = topic}});
    ping(too_late);
}

void subscription_options(const Broker& broker)
{
    const std::string topic = broker.topic("options");
    Client own(broker, "own");
    subscribe(own, {{.filter = topic, .no_local = true}});
    Client as_published(broker, "as-published");
    subscribe(as_published, {{.filter = topic, .retain_as_published = true}});
    publish(own, {.topic = topic, .payload = "on", .qos = QoS::at_least_once, .retain = true, .packet_id = 1});
    ping(own);
    expect_message(as_published, {.topic = topic, .payload = "on", .retain = true});

    Client without(broker, "without");
    subscribe(without, {{.filter = topic, .retain_handling = mq::RetainHandling::do_not_send}});
    ping(without);
    subscribe(without, {{.filter = topic, .retain_handling = mq::RetainHandling::send_if_new_subscription}});
    ping(without);
    publish(own, {.topic = topic, .qos = QoS::at_least_once, .retain = true, .packet_id = 2});
}

/// The broker and mqttwire must agree about what a filter matches.
void wildcards(const Broker& broker)
{
    constexpr std::string_view names[] = {"a", "a/b", "a//b", "a/b/c", "/a", "a/", "b", "é/b", "a b/+"};
    for (const std::string_view filter : {"#", "a/#", "+", "+/b", "a/+", "a/+/b", "+/+/+", "/+", "a/b/c/#", "é/#"}) {
        const std::string own_filter = broker.topic(filter);
        Client receiver(broker, "receiver");
        subscribe(receiver, {{.filter = own_filter}});
        std::vector<std::string> expected;
        for (const std::string_view name : names) {
            const std::string topic = broker.topic(name);
            if (!mq::valid_topic_name(topic)) continue;
            receiver.send(mq::Publish{.topic = topic, .payload = filter});
            if (mq::matches(own_filter, topic)) expected.push_back(topic);
        }
        for (const std::string& topic : expected) expect_message(receiver, {.topic = topic, .payload = filter});
        ping(receiver);
        disconnect(receiver);
    }
}

void unsubscribes(const Broker& broker)
{
    const std::string topic = broker.topic("left");
    const std::string kept = broker.topic("kept");
    const std::string unknown = broker.topic("unknown/+");
    Client client(broker, "client");
    subscribe(client, {{.filter = topic}, {.filter = kept, .qos = QoS::at_least_once}});
    const mq::Text filters[] = {topic, unknown};
    const ReasonCode codes[] = {ReasonCode::success, ReasonCode::no_subscription_existed};
    client.send(mq::Unsubscribe{.packet_id = 7, .filters = filters});
    client.expect(mq::UnsubAck{
        .packet_id = 7, .reason_codes = broker.is_5() ? mq::List<ReasonCode>(codes) : mq::List<ReasonCode>()});
    Client sender(broker, "sender");
    for (const std::string& each : {topic, kept}) sender.send(mq::Publish{.topic = each, .payload = "x"});
    expect_message(client, {.topic = kept, .payload = "x"});
    ping(client);
}

void shared_subscription(const Broker& broker)
{
    const std::string topic = broker.topic("work");
    const std::string filter = "$share/crew/" + topic;
    Client one(broker, "one");
    Client two(broker, "two");
    subscribe(one, {{.filter = filter, .qos = QoS::at_least_once}});
    subscribe(two, {{.filter = filter, .qos = QoS::at_least_once}});
    Client sender(broker, "sender");
    const std::array<std::string, 4> tasks{"1", "2", "3", "4"};
    for (std::uint16_t i = 0; i < tasks.size(); ++i)
        publish(sender,
            {.topic = topic,
                .payload = tasks[i],
                .qos = QoS::at_least_once,
                .packet_id = static_cast<std::uint16_t>(i + 1)});
    std::vector<std::string> done;
    for (Client* member : {&one, &two})
        for (int i = 0; i < 2; ++i) done.emplace_back(receive_message(*member).payload.view());
    std::ranges::sort(done);
    expect(std::ranges::equal(done, tasks), "every message once");
    ping(one);
    ping(two);
}

void topic_alias(const Broker& broker)
{
    const std::string topic = broker.topic("long/topic/name");
    Client sender(broker, "sender");
    Client receiver(broker, "receiver");
    subscribe(receiver, {{.filter = topic}});
    for (const mq::Text name : {mq::Text(topic), mq::Text(), mq::Text()}) {
        publish(sender, {.topic = name, .payload = "x", .properties = {.topic_alias = mosquitto_topic_alias_maximum}});
        expect_message(receiver, {.topic = topic, .payload = "x"});
    }
}

void server_disconnects(const Broker& broker)
{
    Client client(broker, "greedy");
    client.send(mq::Publish{
        .topic = broker.topic("x"), .properties = {.topic_alias = std::uint16_t{mosquitto_topic_alias_maximum + 1}}});
    client.expect(mq::Disconnect{.reason_code = ReasonCode::topic_alias_invalid});
    client.expect_end();
}

void subscription_identifiers(const Broker& broker)
{
    const std::string topic = broker.topic("a");
    constexpr std::uint32_t largest[] = {268'435'455};
    constexpr std::uint32_t small[] = {1};
    Client one(broker, "one");
    Client two(broker, "two");
    subscribe(one, {{.filter = topic}}, {.subscription_identifier = largest[0], .user_property = user_properties});
    subscribe(two, {{.filter = broker.topic("+")}}, {.subscription_identifier = small[0]});
    publish(one, {.topic = topic, .payload = "x"});
    expect_message(one, {.topic = topic, .payload = "x", .properties = {.subscription_identifier = largest}});
    expect_message(two, {.topic = topic, .payload = "x", .properties = {.subscription_identifier = small}});
}

void properties_arrive(const Broker& broker)
{
    const std::string topic = broker.topic("everything");
    Client sender(broker, "sender");
    Client receiver(broker, "receiver");
    subscribe(receiver, {{.filter = topic, .qos = QoS::exactly_once}});
    mq::Publish message{.topic = topic,
        .payload = "größer",
        .qos = QoS::exactly_once,
        .packet_id = 65'535,
        .properties = {.payload_format_indicator = is_text,
            .message_expiry_interval = 1'000'000U,
            .content_type = "text/plain; charset=utf-8",
            .response_topic = "answers/α",
            .correlation_data = std::string_view("\0\xff\x7f", 3),
            .user_property = user_properties}};
    publish(sender, message);
    mq::Publish seen = receive_message(receiver);
    // The broker tells what is left of the message's life.
    const auto left = seen.properties.message_expiry_interval;
    expect(left && *left <= 1'000'000 && *left > 1'000'000 - 60, "the message expiry interval");
    seen.properties.message_expiry_interval = message.properties.message_expiry_interval;
    seen.packet_id = message.packet_id;
    expect(seen == message, "the same message");
}

void request_and_response(const Broker& broker)
{
    const std::string requests = broker.topic("requests");
    const std::string answers = broker.topic("answers/42");
    Client server(broker, "server");
    subscribe(server, {{.filter = requests, .qos = QoS::at_least_once}});
    Client asking(broker,
        mq::Connect{.client_id = "asking",
            .clean_start = true,
            .properties = {.request_response_information = std::uint8_t{1}}});
    subscribe(asking, {{.filter = answers, .qos = QoS::at_least_once}});
    publish(asking,
        {.topic = requests,
            .payload = "6 * 7",
            .qos = QoS::at_least_once,
            .packet_id = 1,
            .properties = {.response_topic = answers, .correlation_data = "question 1"}});
    const mq::Publish request = receive_message(server);
    publish(server,
        {.topic = request.properties.response_topic.value(),
            .payload = "42",
            .qos = QoS::at_least_once,
            .packet_id = 1,
            .properties = {.correlation_data = request.properties.correlation_data}});
    expect_message(asking,
        {.topic = answers,
            .payload = "42",
            .qos = QoS::at_least_once,
            .properties = {.correlation_data = "question 1"}});
}

mq::Connect lasting(const Broker& broker, mq::Text client_id)
{
    mq::Connect connect{.client_id = client_id, .keep_alive = 60};
    if (broker.is_5()) connect.properties.session_expiry_interval = 100;
    return connect;
}

/// A message waits for a client, and is sent to it again when the handshake was cut off. Not all say DUP then.
void session_goes_on(const Broker& broker, bool says_dup)
{
    const std::string topic = broker.topic("waiting");
    const std::string client_id = "s-" + std::string(name(broker.version));
    const bool tells = broker.version != Version::v3_1;
    {
        Client first(broker, lasting(broker, client_id));
        subscribe(first, {{.filter = topic, .qos = QoS::exactly_once}});
        first.send(mq::Disconnect{});
        first.expect_end();
    }
    Client sender(broker, "sender");
    publish(sender, {.topic = topic, .payload = "1", .qos = QoS::exactly_once, .packet_id = 1});
    std::uint16_t packet_id = 0;
    {
        Client second(broker, lasting(broker, client_id), tells);
        const auto message = second.receive<mq::Publish>();
        packet_id = message.packet_id;
        expect(message == mq::Publish{.topic = topic, .payload = "1", .qos = QoS::exactly_once, .packet_id = packet_id},
            "the message that was waiting");
        second.drop();
    }
    {
        Client third(broker, lasting(broker, client_id), tells);
        third.expect(mq::Publish{
            .topic = topic, .payload = "1", .qos = QoS::exactly_once, .dup = says_dup, .packet_id = packet_id});
        third.send(mq::PubRec{.packet_id = packet_id});
        third.expect(mq::PubRel{.packet_id = packet_id});
        third.drop();
    }
    {
        Client fourth(broker, lasting(broker, client_id), tells);
        fourth.expect(mq::PubRel{.packet_id = packet_id});
        fourth.send(mq::PubComp{.packet_id = packet_id});
        ping(fourth);
        disconnect(fourth);
    }
    Client fifth(broker, mq::Connect{.client_id = client_id, .clean_start = true});
    ping(fifth);
}

void session_goes_on_with_dup(const Broker& broker) { session_goes_on(broker, true); }
void session_goes_on_without_dup(const Broker& broker) { session_goes_on(broker, false); }

struct Row {
    std::string_view name;
    void (*run)(const Broker&);
    Versions mosquitto;
    Versions aedes;
};

constexpr Versions none = {};

const Row rows[] = {
    {"connect, ping, disconnect", connects_and_pings, every_version, before_5},
    {"stay alive by pings", stays_alive_by_pings, every_version, before_5},
    {"limits in CONNACK, assigned client identifier", limits_of_mosquitto_in_connack, only_5, none},
    {"user name and password", lets_in_with_credentials, every_version, before_5},
    {"wrong password: not authorized", refuses_as_not_authorized, every_version, none},
    {"wrong password: bad user name or password", refuses_a_bad_password, none, before_5},
    {"authentication method that is not supported", refuses_an_authentication_method, only_5, none},
    {"will of a lost client", will_is_sent, every_version, before_5},
    {"no will after DISCONNECT", will_is_not_sent_after_disconnect, every_version, before_5},
    {"will after DISCONNECT 0x04", will_is_sent_after_disconnect_that_asks_for_it, only_5, none},
    {"QoS 0 both ways", messages_of_qos_0, every_version, before_5},
    {"QoS 1 both ways", messages_of_qos_1, every_version, before_5},
    {"QoS 2 both ways", messages_of_qos_2, every_version, before_5},
    {"QoS lowered", qos_is_lowered_to_what_was_granted, every_version, before_5},
    {"retained message kept and cleared", retained_message, every_version, before_5},
    {"No Local, Retain As Published, Retain Handling", subscription_options, only_5, none},
    {"wildcards", wildcards, every_version, before_5},
    {"unsubscribe", unsubscribes, every_version, before_5},
    {"$share", shared_subscription, every_version, none},
    {"topic alias", topic_alias, only_5, none},
    {"DISCONNECT from the server", server_disconnects, only_5, none},
    {"subscription identifiers", subscription_identifiers, only_5, none},
    {"all properties of a message", properties_arrive, only_5, none},
    {"request and response", request_and_response, only_5, none},
    {"session present, messages sent again with DUP", session_goes_on_with_dup, every_version, none},
    {"session present, messages sent again without DUP", session_goes_on_without_dup, none, before_5},
};

void add_trials(Trials& trials, std::uint16_t port, const char* peer, Versions Row::* versions)
{
    for (const Row& row : rows)
        for (const Version version : row.*versions)
            trials.push_back({std::string(row.name), peer, version, [&row, port, version] {
                                  const auto index = static_cast<std::size_t>(&row - rows);
                                  row.run(
                                      {port, version, "t" + std::to_string(index) + "/" + std::string(name(version))});
                              }});
}

} // namespace

void add_mosquitto_trials(Trials& trials, std::uint16_t port)
{
    add_trials(trials, port, "mosquitto", &Row::mosquitto);
}
void add_aedes_trials(Trials& trials, std::uint16_t port) { add_trials(trials, port, "aedes", &Row::aedes); }

} // namespace interop
