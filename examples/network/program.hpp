// What two programs have in common: options, the loop, and how they end.
#pragma once

#include "asio.hpp"

#include <boost/asio/signal_set.hpp>

#include <charconv>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <type_traits>

namespace network {

/// Ends the program because of a mistake in its command line.
[[noreturn]] inline void mistake(std::string_view what, std::string_view which)
{
    std::fprintf(stderr, "%.*s: %.*s (--help tells more)\n", static_cast<int>(what.size()), what.data(),
        static_cast<int>(which.size()), which.data());
    std::exit(2);
}

template <class Number>
Number number(std::string_view text, Number most = Number(-1))
{
    Number value{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size() || value > most)
        mistake("not a number, or too large", text);
    return value;
}

/// An option that goes into a text, a number, or, without a value, into a bool.
struct Option {
    std::string_view name; ///< with the name of its value
    std::string_view help;
    bool has_value;
    std::function<void(std::string_view)> take;

    template <class T>
    Option(std::string_view the_name, std::string_view the_help, T& target)
        : name(the_name), help(the_help), has_value(!std::is_same_v<T, bool>), take([&target](std::string_view value) {
              if constexpr (std::is_same_v<T, bool>) target = true;
              else if constexpr (std::is_same_v<T, std::string>) target = value;
              else target = number<T>(value);
          })
    {
    }
    std::string_view bare_name() const { return name.substr(0, name.find(' ')); }
};

/// Reads a command line that has nothing but options; --help prints `usage` and them.
inline void parse_options(std::span<char* const> arguments, const char* usage, std::span<const Option> options)
{
    for (std::size_t i = 1; i < arguments.size(); ++i) {
        const std::string_view name = arguments[i];
        if (name == "--help") {
            std::fputs(usage, stdout);
            for (const Option& each : options)
                std::printf("  %-28.*s%.*s\n", static_cast<int>(each.name.size()), each.name.data(),
                    static_cast<int>(each.help.size()), each.help.data());
            std::exit(0);
        }
        const Option* found = nullptr;
        for (const Option& each : options)
            if (each.bare_name() == name) found = &each;
        if (found == nullptr) mistake("unknown option", name);
        if (found->has_value && i + 1 == arguments.size()) mistake("value missing", name);
        found->take(found->has_value ? std::string_view(arguments[++i]) : "");
    }
}

/// Calls `start` with a loop, and `stop` at SIGINT or SIGTERM, and runs the loop to its end. The exit status: 1 after
/// an exception, whose text is told.
template <class Start>
int run_program(const char* name, Start start)
{
    try {
        std::signal(SIGPIPE, SIG_IGN);
        asio::io_context context(1);
        int status = 0;
        const auto program = start(context, status);
        asio::signal_set signals(context, SIGINT, SIGTERM);
        signals.async_wait([&program](const boost::system::error_code& error, int) {
            if (!error) program->stop();
        });
        context.run();
        return status;
    } catch (const std::exception& error) {
        std::fprintf(stderr, "%s: %s\n", name, error.what());
        return 1;
    }
}

} // namespace network
