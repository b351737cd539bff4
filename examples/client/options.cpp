#include "options.hpp"

#include "network/program.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <string_view>

namespace client {

namespace {

constexpr const char* usage =
    R"(usage: mqttwire-client pub [OPTION]... TOPIC
       mqttwire-client sub [OPTION]... FILTER...

Publishes messages, or shows those that match the filters. A connection that is lost is made again, and goes on where it
was.

Where to:
  --url URL              mqtt:// mqtts:// ws:// or wss://, [USER[:PASSWORD]@]HOST[:PORT][/PATH]  (mqtt://localhost)
  --ca FILE              certificates to trust, PEM (the system's)
  --insecure             whoever the other side is
  --version V            3.1, 3.1.1 or 5 (5)
  --attempts N           give up after so many connections in a row that failed (never)
Who:
  --id ID                client identifier
  --user NAME, --password TEXT
  --keep-alive SECONDS   (60)
  --clean                begins a new session
  --expiry SECONDS       how long the session outlives the program; the next sub with the same --id goes on with it
  --will TOPIC TEXT      what the server publishes when the client is lost; --will-delay SECONDS,
                         and as of a message (see pub) --will-qos N, --will-retain, --will-text, --will-property ...
What (pub):
  --message TEXT, --file FILE of any size, --file - (standard input), --lines (a message a line of standard input)
  --qos N, --retain, --text, --message-expiry SECONDS, --content-type T, --response-topic T, --correlation-data T,
  --property NAME VALUE  a user property; may be repeated
What (sub):
  --qos N, --no-local, --retain-as-published, --identifier N
  --count N              ends after so many messages; further ones are left in the session
  --payload              shows payloads alone
How it is shown:
  --explain              every packet, byte by byte
  --json                 every packet as a line of JSON
  --quiet                nothing about connections
)";

using network::mistake;
using network::number;

mq::QoS qos(std::string_view text) { return static_cast<mq::QoS>(number<std::uint8_t>(text, 2)); }

mq::Version version(std::string_view text)
{
    if (text == "3.1") return mq::Version::v3_1;
    if (text == "3.1.1") return mq::Version::v3_1_1;
    if (text == "5" || text == "5.0") return mq::Version::v5;
    mistake("not a version", text);
}

void take_url(Options& options, std::string_view url)
{
    const std::size_t colon = url.find("://");
    const std::string_view scheme = url.substr(0, colon);
    if (colon == url.npos) mistake("not a URL", url);
    options.tls = scheme == "mqtts" || scheme == "wss";
    const bool websocket = scheme == "ws" || scheme == "wss";
    if (!options.tls && !websocket && scheme != "mqtt") mistake("unknown scheme", url);
    std::string_view rest = url.substr(colon + 3);
    options.target.port = websocket ? (options.tls ? "443" : "80") : options.tls ? "8883" : "1883";
    const std::size_t slash = rest.find('/');
    options.target.path = websocket ? (slash == rest.npos ? "/mqtt" : std::string(rest.substr(slash))) : "";
    rest = rest.substr(0, slash);
    if (const std::size_t at = rest.rfind('@'); at != rest.npos) {
        const std::string_view user = rest.substr(0, at);
        const std::size_t end = user.find(':');
        options.user_name = user.substr(0, end);
        if (end != user.npos) options.password = user.substr(end + 1);
        rest.remove_prefix(at + 1);
    }
    if (rest.starts_with('[')) { // an address of IPv6
        const std::size_t end = rest.find(']');
        options.target.host = rest.substr(1, end - 1);
        rest = end == rest.npos ? "" : rest.substr(end + 1);
        if (rest.starts_with(':')) options.target.port = rest.substr(1);
        return;
    }
    const std::size_t end = rest.find(':');
    options.target.host = rest.substr(0, end);
    if (end != rest.npos) options.target.port = rest.substr(end + 1);
}

MessageOptions& will(Options& options)
{
    if (!options.will) options.will.emplace();
    return *options.will;
}

/// Takes an option of a message, whose name is given without dashes; false if it is none.
template <class Value>
bool take(MessageOptions& message, std::string_view name, Value value)
{
    if (name == "qos") message.qos = qos(value());
    else if (name == "retain") message.retain = true;
    else if (name == "text") message.is_text = true;
    else if (name == "message-expiry") message.expiry = number<std::uint32_t>(value());
    else if (name == "content-type") message.content_type = value();
    else if (name == "response-topic") message.response_topic = value();
    else if (name == "correlation-data") message.correlation_data = value();
    else if (name == "property") {
        const std::string_view key = value();
        message.user_properties.push_back({.name = key, .value = value()});
    } else return false;
    return true;
}

/// Takes an option and its values from the front of the arguments.
void take(Options& options, std::deque<std::string_view>& arguments)
{
    const std::string_view name = arguments.front();
    arguments.pop_front();
    const auto value = [&] {
        if (arguments.empty()) mistake("value missing", name);
        const std::string_view taken = arguments.front();
        arguments.pop_front();
        return taken;
    };
    if (name == "--url") take_url(options, value());
    else if (name == "--ca") options.ca_file = value();
    else if (name == "--insecure") options.insecure = true;
    else if (name == "--version") options.version = version(value());
    else if (name == "--attempts") options.attempts = number<unsigned>(value());
    else if (name == "--id") options.client_id = value();
    else if (name == "--user") options.user_name = value();
    else if (name == "--password") options.password = value();
    else if (name == "--keep-alive") options.keep_alive = number<std::uint16_t>(value());
    else if (name == "--clean") options.clean_start = true;
    else if (name == "--expiry") options.session_expiry = number<std::uint32_t>(value());
    else if (name == "--will") will(options).topic = value(), options.will_payload = value();
    else if (name == "--will-delay") options.will_delay = number<std::uint32_t>(value());
    else if (name == "--message") options.payload = value();
    else if (name == "--file") options.file = value();
    else if (name == "--lines") options.lines = true;
    else if (name == "--no-local") options.no_local = true;
    else if (name == "--retain-as-published") options.retain_as_published = true;
    else if (name == "--identifier") options.identifier = number<std::uint32_t>(value());
    else if (name == "--count") options.count = number<std::uint64_t>(value());
    else if (name == "--payload") options.payload_only = true;
    else if (name == "--explain") options.output = Output::explain;
    else if (name == "--json") options.output = Output::json;
    else if (name == "--quiet") options.quiet = true;
    else if (name.starts_with("--will-") ? !take(will(options), name.substr(7), value)
                                         : !take(options.message, name.substr(2), value))
        mistake("unknown option", name);
}

/// What cannot be known before all is read.
void check(const Options& options)
{
    if (options.command == Command::publish) {
        if (!mq::valid_topic_name(options.message.topic, options.version))
            mistake("not a topic", options.message.topic);
        if (options.payload.has_value() + !options.file.empty() + options.lines != 1)
            mistake("one of these is needed", "--message, --file, --lines");
    } else if (options.filters.empty()) {
        mistake("filter missing", "sub");
    }
    for (const std::string& filter : options.filters)
        if (!mq::valid_topic_filter(filter, options.version)) mistake("not a filter", filter);
    if (options.will && !mq::valid_topic_name(options.will->topic, options.version))
        mistake("not a topic", options.will->topic);
}

} // namespace

Options parse_options(int argc, char** argv)
{
    std::deque<std::string_view> arguments(argv + 1, argv + argc);
    const auto asks_for_help = [](std::string_view argument) { return argument == "--help"; };
    if (arguments.empty() || std::ranges::any_of(arguments, asks_for_help)) {
        std::fputs(usage, arguments.empty() ? stderr : stdout);
        std::exit(arguments.empty() ? 2 : 0);
    }
    Options options;
    if (arguments.front() == "pub") options.command = Command::publish;
    else if (arguments.front() == "sub") options.command = Command::subscribe;
    else mistake("neither pub nor sub", arguments.front());
    arguments.pop_front();
    while (!arguments.empty()) {
        if (arguments.front().starts_with("--")) {
            take(options, arguments);
            continue;
        }
        if (options.command == Command::subscribe) options.filters.emplace_back(arguments.front());
        else if (options.message.topic.empty()) options.message.topic = arguments.front();
        else mistake("more than one topic", arguments.front());
        arguments.pop_front();
    }
    check(options);
    return options;
}

} // namespace client
