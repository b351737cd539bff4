// mqttwire-bench: measures the cases, or runs one for an instruction counter.
//
//   mqttwire-bench                           all cases: a table
//   mqttwire-bench --list                    their names
//   mqttwire-bench --case NAME               these cases; may be repeated
//   mqttwire-bench --case NAME --count N     runs the case for N packets, which callgrind counts, and prints nothing
#include "case.hpp"
#include "corpus.hpp"
#include "counting.hpp"
#include "run.hpp"
#include "threads.hpp"
#include "timing.hpp"

#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace {

struct Options {
    bool list = false;
    std::vector<std::string_view> names;
    std::optional<std::size_t> count;
};

[[noreturn]] void usage()
{
    std::fputs("usage: mqttwire-bench [--list] [--case NAME]... [--count N]\n", stderr);
    std::exit(2);
}

std::size_t number(std::string_view text)
{
    std::size_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size()) usage();
    return value;
}

Options parse(int argc, char** argv)
{
    Options options;
    for (int i = 1; i < argc; ++i) {
        const std::string_view argument = argv[i];
        if (argument == "--list") options.list = true;
        else if (argument == "--case" && i + 1 < argc) options.names.emplace_back(argv[++i]);
        else if (argument == "--count" && i + 1 < argc) options.count = number(argv[++i]);
        else usage();
    }
    return options;
}

/// The named cases; all of them if there are no names.
std::vector<bench::Case> choose(const std::vector<std::string_view>& names)
{
    std::vector<bench::Case> cases = bench::all_cases();
    if (names.empty()) return cases;
    std::vector<bench::Case> chosen;
    for (const std::string_view name : names) {
        const std::size_t before = chosen.size();
        for (const bench::Case& each : cases)
            if (each.name == name) chosen.push_back(each);
        if (chosen.size() == before) {
            std::fprintf(stderr, "mqttwire-bench: there is no case %.*s\n", static_cast<int>(name.size()), name.data());
            std::exit(2);
        }
    }
    return chosen;
}

} // namespace

namespace bench {

void stop(const Error& error)
{
    const std::string_view why = text(error.code);
    std::fprintf(stderr, "mqttwire-bench: a packet of the corpus was refused: %.*s (byte %u)\n",
        static_cast<int>(why.size()), why.data(), error.offset);
    std::exit(1);
}

} // namespace bench

int main(int argc, char** argv)
{
    const Options options = parse(argc, argv);
    const std::vector<bench::Case> cases = choose(options.names);
    if (options.list) {
        for (const bench::Case& each : cases) std::puts(each.name.c_str());
        return 0;
    }
    if (options.count && !bench::can_count) {
        std::fputs(
            "mqttwire-bench: built without valgrind/callgrind.h, so it cannot tell callgrind what to count\n", stderr);
        return 1;
    }
    if (!options.count) bench::print_header();
    for (const bench::Case& each : cases) {
        const bench::Prepared prepared = each.prepare();
        if (options.count) bench::count([&] { bench::run(prepared.work, *options.count); });
        else bench::print_row(each, bench::measure(prepared));
    }
    if (!options.count && options.names.empty()) bench::print_threads();
}
