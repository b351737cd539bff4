// mqttwire-client: publishes and subscribes, made of a session and Boost.Asio.
#include "client.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/signal_set.hpp>

#include <csignal>
#include <cstdio>
#include <exception>

int main(int argc, char** argv)
{
    try {
        std::signal(SIGPIPE, SIG_IGN);
        boost::asio::io_context context(1);
        client::Client client(context, client::parse_options(argc, argv));
        boost::asio::signal_set signals(context, SIGINT, SIGTERM);
        signals.async_wait([&client](const boost::system::error_code& error, int) {
            if (!error) client.stop();
        });
        int status = 0;
        boost::asio::co_spawn(context, client.run(), [&](const std::exception_ptr& error, int result) {
            if (error) std::rethrow_exception(error);
            status = result;
            context.stop();
        });
        context.run();
        return status;
    } catch (const std::exception& error) {
        std::fprintf(stderr, "mqttwire-client: %s\n", error.what());
        return 1;
    }
}
