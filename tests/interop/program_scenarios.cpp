#include "client_scenarios.hpp"
#include "exchange.hpp"
#include "process.hpp"

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace interop {
namespace {

using mq::QoS;
using mq::ReasonCode;
using mq::Version;

std::string version_option(Version version)
{
    switch (version) {
    case Version::v3_1: return "mqttv31";
    case Version::v3_1_1: return "mqttv311";
    case Version::v5: break;
    }
    return "mqttv5";
}

/// One of mosquitto's client programs, with our side of its connection.
struct Program {
    using Arguments = std::initializer_list<std::string>;

    /// `only_5`: arguments that the program understands in 5.0 alone.
    Program(const std::string& name, Version as_version, Arguments arguments, Arguments only_5 = {})
        : version(as_version), process(command(name, listener.port(), as_version, arguments, only_5)),
          server(listener.accept(), as_version, mq::Role::server)
    {
    }

    /// The CONNECT must be this one, and is answered.
    void let_in(mq::Connect connect, const mq::ConnAck& answer = {},
        const std::source_location& where = std::source_location::current())
    {
        connect.client_id = "c";
        connect.version = version;
        if (!is_5()) connect.properties = {};
        server.expect(connect, where);
        server.send(answer);
    }

    /// The program has done everything.
    void finish(
        const mq::Disconnect& disconnect = {}, const std::source_location& where = std::source_location::current())
    {
        server.expect(disconnect, where);
        server.drop();
        process.expect_end(where);
    }

    bool is_5() const { return version == Version::v5; }

    Listener listener{};
    Version version;
    Process process;
    Connection server;

private:
    static std::vector<std::string> command(
        const std::string& name, std::uint16_t port, Version version, Arguments arguments, Arguments only_5)
    {
        std::vector<std::string> all{
            name, "-h", "127.0.0.1", "-p", std::to_string(port), "-i", "c", "-V", version_option(version)};
        all.insert(all.end(), arguments);
        if (version == Version::v5) all.insert(all.end(), only_5);
        return all;
    }
};

constexpr mq::UserProperty user_properties[] = {{"unit", "°C"}, {"a", ""}};

/// What mosquitto_pub says unless told otherwise.
constexpr mq::Connect publisher{
    .clean_start = true, .keep_alive = 60, .properties = {.receive_maximum = std::uint16_t{20}}};

void publisher_connects_with_everything(Version version)
{
    Program program("mosquitto_pub", version,
        {"-t", "a", "-m", "x", "-k", "30", "-u", "älice", "-P", "wonder", "--will-topic", "gone/ü", "--will-payload",
            "bye", "--will-qos", "2", "--will-retain"},
        {"-x", "100", "-D", "connect", "receive-maximum", "10", "-D", "connect", "maximum-packet-size", "65536", "-D",
            "connect", "topic-alias-maximum", "5", "-D", "connect", "request-response-information", "1", "-D",
            "connect", "request-problem-information", "0", "-D", "connect", "user-property", "unit", "°C", "-D",
            "connect", "user-property", "a", "", "-D", "will", "will-delay-interval", "7", "-D", "will",
            "message-expiry-interval", "60", "-D", "will", "correlation-data", "w1", "-D", "will", "response-topic",
            "r", "-D", "will", "content-type", "t/x", "-D", "will", "payload-format-indicator", "1", "-D", "will",
            "user-property", "unit", "°C", "-D", "will", "user-property", "a", "", "-D", "disconnect",
            "session-expiry-interval", "3", "-D", "disconnect", "user-property", "unit", "°C", "-D", "disconnect",
            "user-property", "a", ""});
    mq::Will will{.topic = "gone/ü", .payload = "bye", .qos = QoS::exactly_once, .retain = true};
    mq::Disconnect goodbye;
    if (program.is_5()) {
        will.properties = {.payload_format_indicator = std::uint8_t{1},
            .message_expiry_interval = 60U,
            .content_type = "t/x",
            .response_topic = "r",
            .correlation_data = "w1",
            .will_delay_interval = 7U,
            .user_property = user_properties};
        goodbye.properties = {.session_expiry_interval = 3U, .user_property = user_properties};
    }
    program.let_in({.clean_start = true,
        .keep_alive = 30,
        .will = will,
        .user_name = "älice",
        .password = "wonder",
        .properties = {.session_expiry_interval = 100U,
            .request_problem_information = std::uint8_t{0},
            .request_response_information = std::uint8_t{1},
            .receive_maximum = std::uint16_t{10},
            .topic_alias_maximum = std::uint16_t{5},
            .user_property = user_properties,
            .maximum_packet_size = 65'536U}});
    expect_message(program.server, {.topic = "a", .payload = "x"});
    program.finish(goodbye);
}

void publisher_sends(Version version, QoS qos)
{
    for (const bool retain : {false, true}) {
        const auto level = std::to_string(static_cast<int>(qos));
        Program program(
            "mosquitto_pub", version, {"-t", "zürich/温度", "-m", "21.5 °C", "-q", level, retain ? "-r" : "--nodelay"});
        program.let_in(publisher);
        expect_message(program.server, {.topic = "zürich/温度", .payload = "21.5 °C", .qos = qos, .retain = retain});
        program.finish();
    }
}

void publisher_sends_qos_0(Version version) { publisher_sends(version, QoS::at_most_once); }
void publisher_sends_qos_1(Version version) { publisher_sends(version, QoS::at_least_once); }
void publisher_sends_qos_2(Version version) { publisher_sends(version, QoS::exactly_once); }

void publisher_sends_properties(Version version)
{
    Program program("mosquitto_pub", version,
        {"-t", "a", "-m", "x", "-q", "1", "-D", "publish", "content-type", "t/x", "-D", "publish",
            "payload-format-indicator", "1", "-D", "publish", "message-expiry-interval", "3600", "-D", "publish",
            "response-topic", "r", "-D", "publish", "correlation-data", "c1", "-D", "publish", "user-property", "unit",
            "°C", "-D", "publish", "user-property", "a", ""});
    program.let_in(publisher);
    expect_message(program.server,
        {.topic = "a",
            .payload = "x",
            .qos = QoS::at_least_once,
            .properties = {.payload_format_indicator = std::uint8_t{1},
                .message_expiry_interval = 3600U,
                .content_type = "t/x",
                .response_topic = "r",
                .correlation_data = "c1",
                .user_property = user_properties}});
    program.finish();
}

void publisher_uses_topic_alias(Version version)
{
    Program program("mosquitto_pub", version,
        {"-t", "long/topic", "-m", "x", "--repeat", "2", "-D", "publish", "topic-alias", "5"});
    program.let_in(publisher, {.properties = {.topic_alias_maximum = std::uint16_t{5}}});
    for (const mq::Text topic : {"long/topic", ""})
        expect_message(
            program.server, {.topic = topic, .payload = "x", .properties = {.topic_alias = std::uint16_t{5}}});
    program.finish();
}

/// What mosquitto_sub prints of a message: the parts of MQTT 5.0 are empty before.
constexpr const char* format = "%q %r %t %x|%C|%D|%E|%F|%P|%R|%S";

/// Answers the SUBSCRIBE with all that it asks for.
template <std::size_t Count>
void grant(Program& program, const mq::Subscription (&filters)[Count], const mq::SubscribeProperties& properties = {})
{
    std::vector<ReasonCode> codes;
    for (const mq::Subscription& each : filters) codes.push_back(static_cast<ReasonCode>(each.qos));
    const auto subscribe = program.server.receive<mq::Subscribe>();
    expect(subscribe == mq::Subscribe{.packet_id = subscribe.packet_id, .filters = filters, .properties = properties},
        "the filters");
    program.server.send(mq::SubAck{.packet_id = subscribe.packet_id, .reason_codes = codes});
}

/// mosquitto_sub wants no more messages at once than it was told to wait for.
mq::Connect subscriber_of(std::uint16_t messages)
{
    return {.clean_start = true, .keep_alive = 60, .properties = {.receive_maximum = messages}};
}

void subscriber_receives(Version version)
{
    Program program("mosquitto_sub", version, {"-q", "2", "-t", "a/+/ü", "-t", "#", "-C", "3", "-F", format});
    program.let_in(subscriber_of(3));
    grant(program, {{.filter = "a/+/ü", .qos = QoS::exactly_once}, {.filter = "#", .qos = QoS::exactly_once}});
    publish(program.server, {.topic = "a/b/ü", .payload = std::string_view("\0\xff", 2)});
    expect_text(program.process.read_line(), "0 0 a/b/ü 00ff|||||||");
    publish(program.server, {.topic = "a", .qos = QoS::at_least_once, .retain = true, .packet_id = 65'535});
    expect_text(program.process.read_line(), "1 1 a |||||||");
    publish(program.server, {.topic = "b", .payload = "x", .qos = QoS::exactly_once, .dup = true, .packet_id = 7});
    expect_text(program.process.read_line(), "2 0 b 78|||||||");
    program.finish();
}

void subscriber_receives_properties(Version version)
{
    Program program("mosquitto_sub", version,
        {"-t", "$share/crew/a/#", "-q", "1", "-C", "1", "-F", format, "-D", "subscribe", "subscription-identifier",
            "268435455", "-D", "subscribe", "user-property", "unit", "°C", "-D", "subscribe", "user-property", "a",
            ""});
    program.let_in(subscriber_of(1));
    constexpr std::uint32_t identifier[] = {268'435'455};
    grant(program, {{.filter = "$share/crew/a/#", .qos = QoS::at_least_once}},
        {.subscription_identifier = identifier[0], .user_property = user_properties});
    publish(program.server,
        {.topic = "a/b",
            .payload = "x",
            .qos = QoS::at_least_once,
            .packet_id = 1,
            .properties = {.payload_format_indicator = std::uint8_t{1},
                .message_expiry_interval = 3600U,
                .content_type = "t/x",
                .response_topic = "r",
                .correlation_data = "c1",
                .subscription_identifier = identifier,
                .user_property = user_properties}});
    expect_text(program.process.read_line(), "1 0 a/b 78|t/x|c1|3600|1|unit:°C a:|r|268435455");
    program.finish();
}

void subscriber_unsubscribes(Version version)
{
    Program program("mosquitto_sub", version, {"-t", "a", "-U", "b/+", "-U", "c", "-C", "1", "-F", format});
    program.let_in(subscriber_of(1));
    grant(program, {{.filter = "a"}});
    const ReasonCode codes[] = {ReasonCode::no_subscription_existed};
    for (const mq::Text filter : {"b/+", "c"}) {
        const auto unsubscribe = program.server.receive<mq::Unsubscribe>();
        expect(unsubscribe.filters.size() == 1 && unsubscribe.filters.front() == filter, "the filter");
        mq::UnsubAck answer{.packet_id = unsubscribe.packet_id};
        if (program.is_5()) answer.reason_codes = codes;
        program.server.send(answer);
    }
    publish(program.server, {.topic = "a", .payload = "x"});
    expect_text(program.process.read_line(), "0 0 a 78|||||||");
    program.finish();
}

void subscriber_goes_on_with_session(Version version)
{
    Program program("mosquitto_sub", version, {"-c", "-t", "a", "-q", "1", "-C", "1", "-F", format});
    mq::Connect connect = subscriber_of(1);
    connect.clean_start = false;
    connect.properties.session_expiry_interval = 4'294'967'295U;
    program.let_in(connect, {.session_present = version != Version::v3_1});
    grant(program, {{.filter = "a", .qos = QoS::at_least_once}});
    publish(program.server, {.topic = "a", .payload = "x", .qos = QoS::at_least_once, .dup = true, .packet_id = 9});
    expect_text(program.process.read_line(), "1 0 a 78|||||||");
    program.finish();
}

void subscriber_pings(Version version)
{
    Program program("mosquitto_sub", version, {"-k", "5", "-t", "a", "-C", "1", "-F", format});
    mq::Connect connect = subscriber_of(1);
    connect.keep_alive = 5;
    program.let_in(connect);
    grant(program, {{.filter = "a"}});
    program.server.expect(mq::PingReq{});
    program.server.send(mq::PingResp{});
    publish(program.server, {.topic = "a", .payload = "x"});
    expect_text(program.process.read_line(), "0 0 a 78|||||||");
    program.finish();
}

void requester_gets_its_answer(Version version)
{
    Program program("mosquitto_rr", version,
        {"-t", "service/add", "-e", "answers/c", "-m", "17 + 4", "-q", "1", "-F", format, "-D", "publish",
            "correlation-data", "sum"});
    program.let_in(subscriber_of(1));
    grant(program, {{.filter = "answers/c", .qos = QoS::at_least_once}});
    expect_message(program.server,
        {.topic = "service/add",
            .payload = "17 + 4",
            .qos = QoS::at_least_once,
            .properties = {.response_topic = "answers/c", .correlation_data = "sum"}});
    publish(program.server,
        {.topic = "answers/c",
            .payload = "21",
            .qos = QoS::at_least_once,
            .packet_id = 1,
            .properties = {.correlation_data = "sum"}});
    expect_text(program.process.read_line(), "1 0 answers/c 3231||sum|||||");
    program.server.expect_end(); // it goes without DISCONNECT
    program.process.expect_end();
}

struct Row {
    std::string_view name;
    void (*run)(Version);
    const char* program;
    Versions versions;
};

const Row rows[] = {
    {"connect with will, credentials and properties; disconnect", publisher_connects_with_everything, "mosquitto_pub",
        every_version},
    {"publish with QoS 0", publisher_sends_qos_0, "mosquitto_pub", every_version},
    {"publish with QoS 1", publisher_sends_qos_1, "mosquitto_pub", every_version},
    {"publish with QoS 2", publisher_sends_qos_2, "mosquitto_pub", every_version},
    {"publish with all properties", publisher_sends_properties, "mosquitto_pub", only_5},
    {"topic alias", publisher_uses_topic_alias, "mosquitto_pub", only_5},
    {"wildcards, messages with QoS 0, 1 and 2, retained", subscriber_receives, "mosquitto_sub", every_version},
    {"$share, subscription identifier, message with all properties", subscriber_receives_properties, "mosquitto_sub",
        only_5},
    {"unsubscribe", subscriber_unsubscribes, "mosquitto_sub", every_version},
    {"session present", subscriber_goes_on_with_session, "mosquitto_sub", every_version},
    {"keep alive", subscriber_pings, "mosquitto_sub", every_version},
    {"request and response", requester_gets_its_answer, "mosquitto_rr", only_5},
};

} // namespace

void add_program_trials(Trials& trials)
{
    for (const Row& row : rows)
        for (const Version version : row.versions)
            trials.push_back({std::string(row.name), row.program, version, [&row, version] { row.run(version); }});
}

} // namespace interop
