#include "client_scenarios.hpp"

#include "exchange.hpp"
#include "process.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace interop {
namespace {

using mq::QoS;
using mq::ReasonCode;
using mq::Version;

/// A client program that does what we tell it.
class Client {
public:
    Client(const std::vector<std::string>& command, Version as_version) : version(as_version), process_(command) {}

    /// Tells it to connect; gives our side of the connection. `members` go on behind port and version.
    Connection connect(std::string_view members)
    {
        tell("connect",
            R"("port":)" + std::to_string(listener_.port()) + R"(,"version":")" + std::string(name(version)) + "\","
                + std::string(members));
        return Connection(listener_.accept(), version, mq::Role::server);
    }

    /// A command with the members of its object.
    void tell(std::string_view command, const std::string& members)
    {
        process_.write_line(std::string(command) + " {" + members + "}");
    }

    /// The next event must be this one; `properties` are told in 5.0 alone and stand before the other members.
    void expect_event(std::string_view event, std::string_view members, std::string_view properties = "",
        const std::source_location& where = std::source_location::current())
    {
        std::string object(members);
        if (is_5())
            object = R"("properties":{)" + std::string(properties) + "}" + (members.empty() ? "" : ",") + object;
        expect_text(process_.read_line(where), std::string(event) + " {" + object + "}", where);
    }

    /// The next event must be this message; `members` are those behind its payload and properties.
    void expect_message(std::string_view payload_hex, std::string_view members, std::string_view properties = "",
        const std::source_location& where = std::source_location::current())
    {
        std::string object = R"("payload_hex":")" + std::string(payload_hex) + "\",";
        if (is_5()) object += R"("properties":{)" + std::string(properties) + "},";
        expect_text(process_.read_line(where), "message {" + object + std::string(members) + "}", where);
    }

    bool is_5() const { return version == Version::v5; }

    const Version version;

private:
    Listener listener_;
    Process process_;
};

constexpr std::string_view plain = R"("client_id":"c","clean_start":true,"keep_alive":60)";
constexpr std::string_view let_in = R"("reason_code":0,"session_present":false)";

/// What both sides have to do in most scenarios first.
struct Link {
    explicit Link(Client& client, std::string_view members = plain) : server(client.connect(members))
    {
        server.receive<mq::Connect>();
        server.send(mq::ConnAck{});
        client.expect_event("connack", let_in);
    }
    Connection server;
};

constexpr mq::UserProperty user_properties[] = {{"unit", "°C"}, {"unit", "K"}, {"a", "b"}};
constexpr std::string_view user_properties_as_json = R"("user_property":[["unit","°C"],["unit","K"],["a","b"]])";

void connects_with_everything(Client& client)
{
    const std::string user(user_properties_as_json);
    Connection server = client.connect(
        R"("client_id":"c1","clean_start":true,"keep_alive":30,"user_name":"älice","password":"wonder",)"
        R"("will":{"topic":"gone/ü","payload_hex":"627965ff00","qos":2,"retain":true,"properties":{)"
        R"("payload_format_indicator":0,"message_expiry_interval":7,"content_type":"t/x","response_topic":"r",)"
        R"("correlation_data_hex":"00ff","will_delay_interval":3,)"
        + user
        + R"(}},"properties":{"session_expiry_interval":4294967295,"receive_maximum":10,"maximum_packet_size":100000,)"
          R"("topic_alias_maximum":5,"request_response_information":1,"request_problem_information":0,)"
        + user + "}");
    mq::Will will{
        .topic = "gone/ü", .payload = std::string_view("bye\xff\0", 5), .qos = QoS::exactly_once, .retain = true};
    mq::ConnectProperties properties;
    if (client.is_5()) {
        will.properties = {.payload_format_indicator = std::uint8_t{0},
            .message_expiry_interval = 7U,
            .content_type = "t/x",
            .response_topic = "r",
            .correlation_data = std::string_view("\0\xff", 2),
            .will_delay_interval = 3U,
            .user_property = user_properties};
        properties = {.session_expiry_interval = 4'294'967'295U,
            .request_problem_information = std::uint8_t{0},
            .request_response_information = std::uint8_t{1},
            .receive_maximum = std::uint16_t{10},
            .topic_alias_maximum = std::uint16_t{5},
            .user_property = user_properties,
            .maximum_packet_size = 100'000U};
    }
    server.expect(mq::Connect{.client_id = "c1",
        .clean_start = true,
        .keep_alive = 30,
        .will = will,
        .user_name = "älice",
        .password = "wonder",
        .properties = properties,
        .version = client.version});
    server.send(mq::ConnAck{});
    client.expect_event("connack", let_in);
    client.tell("disconnect", "");
    server.expect(mq::Disconnect{});
    server.expect_end();
}

void reads_all_of_connack(Client& client)
{
    Connection server = client.connect(plain);
    server.receive<mq::Connect>();
    server.send(mq::ConnAck{.properties = {.session_expiry_interval = 9U,
                                .assigned_client_identifier = "given",
                                .server_keep_alive = std::uint16_t{50},
                                .response_information = "answers/",
                                .server_reference = "other",
                                .reason_string = "willkommen ü",
                                .receive_maximum = std::uint16_t{3},
                                .topic_alias_maximum = std::uint16_t{4},
                                .maximum_qos = std::uint8_t{1},
                                .retain_available = std::uint8_t{0},
                                .user_property = user_properties,
                                .maximum_packet_size = 70'000U,
                                .wildcard_subscription_available = std::uint8_t{0},
                                .subscription_identifier_available = std::uint8_t{1},
                                .shared_subscription_available = std::uint8_t{0}}});
    client.expect_event("connack", let_in,
        R"("assigned_client_identifier":"given","maximum_packet_size":70000,"maximum_qos":1,"reason_string":"willkommen ü",)"
        R"("receive_maximum":3,"response_information":"answers/","retain_available":0,"server_keep_alive":50,)"
        R"("server_reference":"other","session_expiry_interval":9,"shared_subscription_available":0,)"
        R"("subscription_identifier_available":1,"topic_alias_maximum":4,)"
            + std::string(user_properties_as_json) + R"(,"wildcard_subscription_available":0)");
}

void is_refused(Client& client)
{
    Connection server = client.connect(plain);
    server.receive<mq::Connect>();
    mq::ConnAckProperties properties;
    if (client.is_5()) properties = {.reason_string = "no"};
    server.send(mq::ConnAck{.reason_code = ReasonCode::not_authorized, .properties = properties});
    client.expect_event("connack",
        client.is_5() ? R"("reason_code":135,"session_present":false)" : R"("reason_code":5,"session_present":false)",
        R"("reason_string":"no")");
}

void publishes(Client& client, QoS qos)
{
    Link link(client);
    const std::string large(20'000, 'x');
    std::string large_hex;
    for (int i = 0; i < 20'000; ++i) large_hex += "78";
    struct Payload {
        std::string_view bytes;
        std::string_view hex;
    };
    bool retain = false;
    for (const Payload& payload :
        {Payload{"21.5", "32312e35"}, {"", ""}, {std::string_view("\0\xff", 2), "00ff"}, {large, large_hex}}) {
        client.tell("publish",
            R"("topic":"zürich/温度","payload_hex":")" + std::string(payload.hex) + R"(","qos":)"
                + std::to_string(static_cast<int>(qos)) + R"(,"retain":)" + (retain ? "true" : "false"));
        expect_message(link.server, {.topic = "zürich/温度", .payload = payload.bytes, .qos = qos, .retain = retain});
        client.expect_event("published", "");
        retain = !retain;
    }
}

void publishes_qos_0(Client& client) { publishes(client, QoS::at_most_once); }
void publishes_qos_1(Client& client) { publishes(client, QoS::at_least_once); }
void publishes_qos_2(Client& client) { publishes(client, QoS::exactly_once); }

void receives(Client& client, QoS qos)
{
    Link link(client);
    std::uint16_t packet_id = 0;
    const auto level = std::to_string(static_cast<int>(qos));
    for (const bool retain : {false, true}) {
        if (qos != QoS::at_most_once) packet_id = static_cast<std::uint16_t>(packet_id + 32'767);
        publish(link.server,
            {.topic = "zürich/温度",
                .payload = std::string_view("\0\xff", 2),
                .qos = qos,
                .retain = retain,
                .packet_id = packet_id});
        client.expect_message(
            "00ff", R"("qos":)" + level + R"(,"retain":)" + (retain ? "true" : "false") + R"(,"topic":"zürich/温度")");
    }
}

void receives_qos_0(Client& client) { receives(client, QoS::at_most_once); }
void receives_qos_1(Client& client) { receives(client, QoS::at_least_once); }
void receives_qos_2(Client& client) { receives(client, QoS::exactly_once); }

/// What the acknowledgements of 5.0 can say beyond success.
void reads_acknowledgements(Client& client)
{
    Link link(client);
    client.tell("publish", R"("topic":"a","payload_hex":"31","qos":1,"retain":false)");
    auto message = link.server.receive<mq::Publish>();
    link.server.send(mq::PubAck{.packet_id = message.packet_id,
        .reason_code = ReasonCode::no_matching_subscribers,
        .properties = {.reason_string = "nobody", .user_property = user_properties}});
    client.expect_event("published", "");
    client.tell("publish", R"("topic":"a","payload_hex":"31","qos":2,"retain":false)");
    message = link.server.receive<mq::Publish>();
    link.server.send(mq::PubRec{.packet_id = message.packet_id,
        .reason_code = ReasonCode::no_matching_subscribers,
        .properties = {.user_property = user_properties}});
    link.server.expect(mq::PubRel{.packet_id = message.packet_id});
    link.server.send(mq::PubComp{.packet_id = message.packet_id, .properties = {.reason_string = "done"}});
    client.expect_event("published", "");
}

void subscribes_and_unsubscribes(Client& client)
{
    Link link(client);
    client.tell("subscribe",
        R"("filters":[{"filter":"a/+/ü","qos":0},{"filter":"$share/crew/b/#","qos":1},{"filter":"#","qos":2}])");
    const mq::Subscription filters[] = {{.filter = "a/+/ü"}, {.filter = "$share/crew/b/#", .qos = QoS::at_least_once},
        {.filter = "#", .qos = QoS::exactly_once}};
    const auto subscribe = link.server.receive<mq::Subscribe>();
    expect(subscribe == mq::Subscribe{.packet_id = subscribe.packet_id, .filters = filters}, "the filters");
    const bool can_fail = client.version != Version::v3_1;
    const ReasonCode codes[] = {ReasonCode::granted_qos_0, ReasonCode::granted_qos_1,
        can_fail ? ReasonCode::unspecified_error : ReasonCode::granted_qos_2};
    link.server.send(mq::SubAck{.packet_id = subscribe.packet_id, .reason_codes = codes});
    client.expect_event("suback", can_fail ? R"("reason_codes":[0,1,128])" : R"("reason_codes":[0,1,2])");

    client.tell("unsubscribe", R"("filters":["a/+/ü","#"])");
    const mq::Text names[] = {"a/+/ü", "#"};
    const auto unsubscribe = link.server.receive<mq::Unsubscribe>();
    expect(unsubscribe == mq::Unsubscribe{.packet_id = unsubscribe.packet_id, .filters = names}, "the filters");
    mq::UnsubAck answer{.packet_id = unsubscribe.packet_id};
    const ReasonCode answers[] = {ReasonCode::success, ReasonCode::no_subscription_existed};
    if (client.is_5()) answer.reason_codes = answers;
    link.server.send(answer);
    client.expect_event("unsuback", client.is_5() ? R"("reason_codes":[0,17])" : "");
}

void subscribes_with_options(Client& client)
{
    Link link(client);
    client.tell("subscribe",
        R"("filters":[{"filter":"a","qos":2,"no_local":true,"retain_handling":2},)"
        R"({"filter":"b","qos":0,"retain_as_published":true,"retain_handling":1}],)"
        R"("properties":{"subscription_identifier":268435455,)"
            + std::string(user_properties_as_json) + "}");
    const mq::Subscription filters[] = {
        {.filter = "a", .qos = QoS::exactly_once, .no_local = true, .retain_handling = mq::RetainHandling::do_not_send},
        {.filter = "b", .retain_as_published = true, .retain_handling = mq::RetainHandling::send_if_new_subscription}};
    const auto subscribe = link.server.receive<mq::Subscribe>();
    expect(subscribe
            == mq::Subscribe{.packet_id = subscribe.packet_id,
                .filters = filters,
                .properties = {.subscription_identifier = 268'435'455U, .user_property = user_properties}},
        "filters, options and properties");
    const ReasonCode codes[] = {ReasonCode::granted_qos_1, ReasonCode::topic_filter_invalid};
    link.server.send(mq::SubAck{.packet_id = subscribe.packet_id,
        .reason_codes = codes,
        .properties = {.reason_string = "partly", .user_property = user_properties}});
    client.expect_event(
        "suback", R"("reason_codes":[1,143])", R"("reason_string":"partly",)" + std::string(user_properties_as_json));

    client.tell("unsubscribe", R"("filters":["a"],"properties":{)" + std::string(user_properties_as_json) + "}");
    const mq::Text names[] = {"a"};
    const auto unsubscribe = link.server.receive<mq::Unsubscribe>();
    expect(unsubscribe
            == mq::Unsubscribe{.packet_id = unsubscribe.packet_id,
                .filters = names,
                .properties = {.user_property = user_properties}},
        "filter and properties");
    const ReasonCode answers[] = {ReasonCode::not_authorized};
    link.server.send(mq::UnsubAck{
        .packet_id = unsubscribe.packet_id, .reason_codes = answers, .properties = {.reason_string = "stay"}});
    client.expect_event("unsuback", R"("reason_codes":[135])", R"("reason_string":"stay")");
}

void receives_subscription_identifiers(Client& client)
{
    Link link(client);
    const std::uint32_t identifiers[] = {1, 128, 268'435'455};
    publish(link.server, {.topic = "a", .payload = "x", .properties = {.subscription_identifier = identifiers}});
    client.expect_message(
        "78", R"("qos":0,"retain":false,"topic":"a")", R"("subscription_identifier":[1,128,268435455])");
}

/// A message with everything that both sides may say of it.
constexpr mq::Publish full_message{.topic = "requests/α",
    .payload = "6 * 7",
    .qos = QoS::at_least_once,
    .properties = {.payload_format_indicator = std::uint8_t{1},
        .message_expiry_interval = 4'000'000'000U,
        .content_type = "text/plain; charset=utf-8",
        .response_topic = "answers/α",
        .correlation_data = "\x01\x7f\x80",
        .user_property = user_properties}};
constexpr std::string_view full_message_properties =
    R"("content_type":"text/plain; charset=utf-8","correlation_data_hex":"017f80","message_expiry_interval":4000000000,)"
    R"("payload_format_indicator":1,"response_topic":"answers/α","user_property":[["unit","°C"],["unit","K"],["a","b"]])";

void publishes_properties(Client& client)
{
    Link link(client);
    client.tell("publish",
        R"("topic":"requests/α","payload_hex":"36202a2037","qos":1,"retain":false,"properties":{)"
            + std::string(full_message_properties) + "}");
    expect_message(link.server, full_message);
    client.expect_event("published", "");
}

void receives_properties(Client& client)
{
    Link link(client);
    mq::Publish message = full_message;
    message.packet_id = 1;
    publish(link.server, message);
    client.expect_message("36202a2037", R"("qos":1,"retain":false,"topic":"requests/α")", full_message_properties);
}

void sends_topic_alias(Client& client)
{
    Connection server = client.connect(plain);
    server.receive<mq::Connect>();
    server.send(mq::ConnAck{.properties = {.topic_alias_maximum = std::uint16_t{10}}});
    client.expect_event("connack", let_in, R"("topic_alias_maximum":10)");
    for (const std::string topic : {"long/topic/name", ""}) {
        client.tell("publish",
            R"("topic":")" + topic + R"(","payload_hex":"78","qos":0,"retain":false,"properties":{"topic_alias":10})");
        expect_message(server, {.topic = topic, .payload = "x", .properties = {.topic_alias = std::uint16_t{10}}});
        client.expect_event("published", "");
    }
}

void resolves_topic_alias(Client& client)
{
    Link link(client, R"("client_id":"c","clean_start":true,"keep_alive":60,"properties":{"topic_alias_maximum":10})");
    for (const mq::Text topic : {"long/topic/name", "", ""}) {
        publish(link.server, {.topic = topic, .payload = "x", .properties = {.topic_alias = std::uint16_t{10}}});
        client.expect_message("78", R"("qos":0,"retain":false,"topic":"long/topic/name")", R"("topic_alias":10)");
    }
}

void is_disconnected(Client& client)
{
    Link link(client);
    link.server.send(mq::Disconnect{.reason_code = ReasonCode::server_moved,
        .properties = {.server_reference = "[::1]:1884", .reason_string = "moved", .user_property = user_properties}});
    client.expect_event("disconnect", R"("reason_code":157)",
        R"("reason_string":"moved","server_reference":"[::1]:1884",)" + std::string(user_properties_as_json));
}

void disconnects_with_properties(Client& client)
{
    Link link(client);
    client.tell("disconnect",
        R"("reason_code":4,"properties":{"session_expiry_interval":5,"reason_string":"bye",)"
            + std::string(user_properties_as_json) + "}");
    link.server.expect(mq::Disconnect{.reason_code = ReasonCode::disconnect_with_will_message,
        .properties = {.session_expiry_interval = 5U, .reason_string = "bye", .user_property = user_properties}});
    link.server.expect_end();
}

void session_goes_on(Client& client)
{
    constexpr std::string_view lasting =
        R"("client_id":"c","clean_start":false,"keep_alive":60,"properties":{"session_expiry_interval":100})";
    mq::Connect expected{.client_id = "c", .keep_alive = 60, .version = client.version};
    if (client.is_5()) expected.properties.session_expiry_interval = 100;
    {
        Connection server = client.connect(lasting);
        server.expect(expected);
        server.send(mq::ConnAck{});
        client.expect_event("connack", let_in);
        client.tell("disconnect", "");
        server.expect(mq::Disconnect{});
        server.expect_end();
    }
    Connection server = client.connect(lasting);
    server.expect(expected);
    const bool tells = client.version != Version::v3_1;
    server.send(mq::ConnAck{.session_present = tells});
    client.expect_event("connack", tells ? R"("reason_code":0,"session_present":true)" : let_in);
    publish(server, {.topic = "waiting", .payload = "x", .qos = QoS::exactly_once, .dup = true, .packet_id = 5});
    client.expect_message("78", R"("qos":2,"retain":false,"topic":"waiting")");
}

void pings(Client& client)
{
    Link link(client, R"("client_id":"c","clean_start":true,"keep_alive":2)");
    for (int i = 0; i < 2; ++i) {
        link.server.expect(mq::PingReq{});
        link.server.send(mq::PingResp{});
    }
}

void authenticates(Client& client)
{
    Connection server = client.connect(R"("client_id":"c","clean_start":true,"keep_alive":60,"properties":{)"
                                       R"("authentication_method":"echo","authentication_data_hex":"00ff"})");
    const auto data = mq::Binary(std::string_view("\0\xff", 2));
    server.expect(mq::Connect{.client_id = "c",
        .clean_start = true,
        .keep_alive = 60,
        .properties = {.authentication_method = "echo", .authentication_data = data},
        .version = Version::v5});
    const mq::Auth question{.reason_code = ReasonCode::continue_authentication,
        .properties = {.authentication_method = "echo",
            .authentication_data = "?",
            .reason_string = "go on",
            .user_property = user_properties}};
    server.send(question);
    server.expect(question);
    server.send(mq::ConnAck{.properties = {.authentication_method = "echo", .authentication_data = "!"}});
    client.expect_event("connack", let_in, R"("authentication_data_hex":"21","authentication_method":"echo")");
}

struct Row {
    std::string_view name;
    void (*run)(Client&);
    Versions paho;
    Versions mqttjs;
};

constexpr Versions none = {};

const Row rows[] = {
    {"connect with will, credentials and properties; disconnect", connects_with_everything, every_version,
        every_version},
    {"all properties of CONNACK", reads_all_of_connack, only_5, only_5},
    {"refused", is_refused, every_version, every_version},
    {"client publishes, QoS 0", publishes_qos_0, every_version, every_version},
    {"client publishes, QoS 1", publishes_qos_1, every_version, every_version},
    {"client publishes, QoS 2", publishes_qos_2, every_version, every_version},
    {"client receives, QoS 0", receives_qos_0, every_version, every_version},
    {"client receives, QoS 1", receives_qos_1, every_version, every_version},
    {"client receives, QoS 2", receives_qos_2, every_version, every_version},
    {"acknowledgements with reason and properties", reads_acknowledgements, only_5, only_5},
    {"subscribe with wildcards and $share, unsubscribe", subscribes_and_unsubscribes, every_version, every_version},
    {"subscribe with options and properties, unsubscribe", subscribes_with_options, only_5, only_5},
    {"subscription identifiers of a message", receives_subscription_identifiers, only_5, only_5},
    {"client publishes request with all properties", publishes_properties, only_5, only_5},
    {"client receives request with all properties", receives_properties, only_5, only_5},
    {"client sends topic alias", sends_topic_alias, only_5, only_5},
    {"client resolves topic alias", resolves_topic_alias, none, only_5},
    {"DISCONNECT from the server", is_disconnected, only_5, only_5},
    {"DISCONNECT from the client with properties", disconnects_with_properties, only_5, only_5},
    {"session present", session_goes_on, every_version, every_version},
    {"keep alive", pings, every_version, every_version},
    {"AUTH", authenticates, none, only_5},
};

void add_trials(
    Trials& trials, const std::string& peer, const std::vector<std::string>& command, Versions Row::* versions)
{
    for (const Row& row : rows)
        for (const Version version : row.*versions)
            trials.push_back({std::string(row.name), peer, version, [&row, command, version] {
                                  Client client(command, version);
                                  row.run(client);
                              }});
}

} // namespace

void add_client_trials(Trials& trials, const std::string& peers)
{
    // Debian's package of Paho belongs to Debian's Python.
    add_trials(trials, "Paho", {"/usr/bin/python3", peers + "/paho_client.py"}, &Row::paho);
    add_trials(trials, "MQTT.js", {"node", peers + "/mqttjs_client.js"}, &Row::mqttjs);
}

} // namespace interop
