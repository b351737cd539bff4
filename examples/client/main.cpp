// mqttwire-client: publishes and subscribes, made of a session and Boost.Asio.
#include "client.hpp"

#include "network/program.hpp"

#include <exception>
#include <memory>

int main(int argc, char** argv)
{
    return network::run_program("mqttwire-client", [&](auto& context, int& status) {
        auto made = std::make_unique<client::Client>(context, client::parse_options(argc, argv));
        network::asio::co_spawn(context, made->run(), [&](const std::exception_ptr& error, int result) {
            if (error) std::rethrow_exception(error);
            status = result;
            context.stop();
        });
        return made;
    });
}
