// mqttwire-broker: an MQTT broker, made of sessions, an index of filters and Boost.Asio.
#include "broker.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/signal_set.hpp>

#include <csignal>
#include <cstdio>
#include <exception>

int main(int argc, char** argv)
{
    try {
        std::signal(SIGPIPE, SIG_IGN);
        boost::asio::io_context context(1);
        broker::Broker broker(context, broker::parse_options(argc, argv));
        boost::asio::signal_set signals(context, SIGINT, SIGTERM);
        signals.async_wait([&](const boost::system::error_code& error, int) {
            if (!error) boost::asio::co_spawn(context, broker.stop(), boost::asio::detached);
        });
        std::printf("listening on port %u\n", static_cast<unsigned>(broker.port()));
        std::fflush(stdout);
        context.run();
        return 0;
    } catch (const std::exception& error) {
        std::fprintf(stderr, "mqttwire-broker: %s\n", error.what());
        return 1;
    }
}
