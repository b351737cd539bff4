// Runs every scenario with every peer that takes part in it and shows the table. Exit status: 0 if all went as the
// scenarios say, 1 if not, 2 for wrong arguments.
#include "broker_scenarios.hpp"
#include "check.hpp"
#include "client_scenarios.hpp"

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <span>
#include <string>
#include <string_view>

namespace interop {
namespace {

/// Runs a trial; true if the peer did what the scenario says.
bool passes(const Trial& trial)
{
    const std::string label = trial.peer + "\t" + std::string(name(trial.version)) + "\t" + trial.scenario;
    try {
        trial.run();
        std::printf("ok\t%s\n", label.c_str());
    } catch (const std::exception& failure) {
        std::printf("FAILED\t%s\n  %s\n", label.c_str(), failure.what());
        std::fflush(stdout);
        return false;
    }
    std::fflush(stdout);
    return true;
}

int run(const Trials& trials)
{
    std::size_t failed = 0;
    for (const Trial& trial : trials)
        if (!passes(trial)) ++failed;
    std::printf("%zu trials, %zu failed\n", trials.size(), failed);
    return failed == 0 && !trials.empty() ? EXIT_SUCCESS : EXIT_FAILURE;
}

std::uint16_t port(const char* text) { return static_cast<std::uint16_t>(std::stoul(text)); }

} // namespace
} // namespace interop

int main(int argc, char** argv)
{
    using namespace interop;
    std::signal(SIGPIPE, SIG_IGN); // a write to a program that has gone fails and says so
    const std::span<char*> arguments(argv, static_cast<std::size_t>(argc));
    if (arguments.size() != 4 && arguments.size() != 5) {
        std::fprintf(stderr, "usage: %s MOSQUITTO_PORT AEDES_PORT PEERS_FOLDER [PEER]\n", arguments[0]);
        return 2;
    }
    Trials trials;
    add_mosquitto_trials(trials, port(arguments[1]));
    add_aedes_trials(trials, port(arguments[2]));
    add_client_trials(trials, arguments[3]);
    add_program_trials(trials);
    if (arguments.size() == 5) std::erase_if(trials, [&](const Trial& trial) { return trial.peer != arguments[4]; });
    return run(trials);
}
