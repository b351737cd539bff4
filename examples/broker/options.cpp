#include "options.hpp"

#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <string_view>

namespace broker {

namespace {

constexpr const char* usage =
    R"(usage: mqttwire-broker [OPTION VALUE]... [--verbose]

An MQTT broker: 3.1, 3.1.1 and 5.0, plain and over WebSocket, on one port; with a certificate over TLS too.

  --address A                 where to listen (0.0.0.0)
  --port N                    (1883)
  --certificate FILE          PEM; with --key: TLS on the same port
  --key FILE                  PEM
  --password-file FILE        as mosquitto_passwd writes it; without it everybody may come in
  --state FILE                keeps sessions and messages over the end of the broker
  --maximum-packet BYTES      (1048576)
  --maximum-backlog BYTES     waiting for one connection; more, and it is cut off (16777216)
  --maximum-queue BYTES       of messages with QoS 1 and 2, waiting for one client (16777216)
  --maximum-connections N     (100000)
  --maximum-subscriptions N   of one client (10000)
  --maximum-filters BYTES     of memory, for the filters of one client (4194304)
  --maximum-retained BYTES    of memory, for all retained messages (67108864)
  --maximum-session-expiry S  seconds (without end)
  --sys SECONDS               between messages of $SYS; 0: none (10)
  --verbose                   tells about connections and errors
)";

[[noreturn]] void mistake(std::string_view what, std::string_view which)
{
    std::fprintf(stderr, "mqttwire-broker: %.*s: %.*s\n%s", static_cast<int>(what.size()), what.data(),
        static_cast<int>(which.size()), which.data(), usage);
    std::exit(2);
}

template <class Number>
void take(Number& number, std::string_view text)
{
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || end != text.data() + text.size()) mistake("not a number, or too large", text);
}
void take(std::string& text, std::string_view value) { text = value; }

} // namespace

Options parse_options(int argc, char** argv)
{
    Options options;
    const auto set = [&options](std::string_view name, std::string_view value) {
        if (name == "--address") take(options.address, value);
        else if (name == "--port") take(options.port, value);
        else if (name == "--certificate") take(options.certificate, value);
        else if (name == "--key") take(options.key, value);
        else if (name == "--password-file") take(options.password_file, value);
        else if (name == "--state") take(options.state_file, value);
        else if (name == "--maximum-packet") take(options.maximum_packet, value);
        else if (name == "--maximum-backlog") take(options.maximum_backlog, value);
        else if (name == "--maximum-queue") take(options.maximum_queue, value);
        else if (name == "--maximum-connections") take(options.maximum_connections, value);
        else if (name == "--maximum-subscriptions") take(options.maximum_subscriptions, value);
        else if (name == "--maximum-filters") take(options.maximum_filters, value);
        else if (name == "--maximum-retained") take(options.maximum_retained, value);
        else if (name == "--maximum-session-expiry") take(options.maximum_session_expiry, value);
        else if (name == "--sys") take(options.sys_interval, value);
        else mistake("unknown option", name);
    };
    for (int i = 1; i < argc; ++i) {
        const std::string_view name = argv[i];
        if (name == "--help") {
            std::fputs(usage, stdout);
            std::exit(0);
        }
        if (name == "--verbose") options.verbose = true;
        else if (i + 1 < argc) set(name, argv[++i]);
        else mistake("value missing", name);
    }
    if (options.certificate.empty() != options.key.empty()) mistake("certificate and key belong together", "--key");
    if (options.maximum_packet < 128) mistake("a packet of less than 128 bytes is of no use", "--maximum-packet");
    return options;
}

} // namespace broker
