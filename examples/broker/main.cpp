// mqttwire-broker: an MQTT broker, made of sessions, an index of filters and Boost.Asio.
#include "broker.hpp"

#include "network/program.hpp"

#include <cstdio>
#include <memory>
#include <vector>

namespace {

constexpr const char* usage =
    "usage: mqttwire-broker [OPTION]...\n\nAn MQTT broker: 3.1, 3.1.1 and 5.0, plain and over "
    "WebSocket, on one port; with a certificate over TLS too.\n\n";

broker::Options parse_options(int argc, char** argv)
{
    broker::Options to;
    const std::vector<network::Option> options{
        {"--address A", "where to listen (0.0.0.0)", to.address},
        {"--port N", "(1883)", to.port},
        {"--certificate FILE", "PEM; with --key: TLS on the same port", to.certificate},
        {"--key FILE", "PEM", to.key},
        {"--password-file FILE", "as mosquitto_passwd writes it; without it everybody may come in", to.password_file},
        {"--state FILE", "keeps sessions and messages over the end of the broker", to.state_file},
        {"--maximum-packet BYTES", "(1048576)", to.maximum_packet},
        {"--maximum-backlog BYTES", "waiting for one connection; more, and it is cut off (16777216)",
            to.maximum_backlog},
        {"--maximum-queue BYTES", "of messages with QoS 1 and 2, waiting for one client (16777216)", to.maximum_queue},
        {"--maximum-connections N", "(100000)", to.maximum_connections},
        {"--maximum-sessions N", "that outlive their connections (100000)", to.maximum_sessions},
        {"--maximum-subscriptions N", "of one client (10000)", to.maximum_subscriptions},
        {"--maximum-filters BYTES", "of memory, for the filters of one client (4194304)", to.maximum_filters},
        {"--maximum-retained BYTES", "of memory, for all retained messages (67108864)", to.maximum_retained},
        {"--maximum-memory BYTES", "for all of these and for sessions (1073741824)", to.maximum_memory},
        {"--maximum-session-expiry S", "seconds (without end)", to.maximum_session_expiry},
        {"--maximum-keep-alive S", "seconds, of 5.0; 0: as the client likes (0)", to.maximum_keep_alive},
        {"--refuse-filter FILTER", "nobody can subscribe to it", to.refused_filter},
        {"--sys SECONDS", "between messages of $SYS; 0: none (10)", to.sys_interval},
        {"--verbose", "tells about connections and errors", to.verbose},
    };
    network::parse_options({argv, static_cast<std::size_t>(argc)}, usage, options);
    if (to.certificate.empty() != to.key.empty()) network::mistake("certificate and key belong together", "--key");
    if (to.maximum_packet < 128) network::mistake("a packet of less than 128 bytes is of no use", "--maximum-packet");
    return to;
}

} // namespace

int main(int argc, char** argv)
{
    return network::run_program("mqttwire-broker", [&](auto& context, int&) {
        auto made = std::make_unique<broker::Broker>(context, parse_options(argc, argv));
        std::printf("listening on port %u\n", static_cast<unsigned>(made->port()));
        std::fflush(stdout);
        return made;
    });
}
