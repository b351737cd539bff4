// The test program that mutants of mqttwire have to get past: small, so that it compiles in seconds, and thorough.
//
//   check answers CASES           the verdict on each case, for comparison with those who know better
//   check digests CASES           numbers that stand for all that can be observed, case by case and probe by probe
//   check compare CASES DIGESTS   fails at the first number that is another
//
// A case is a line `VERSION LENIENCY ROLE HEX`, with the last three as numbers.
//
// MQTTWIRE_CHECK_FORMAT makes it the check of the formatters instead, MQTTWIRE_CHECK_TABLES one of the tables alone.
#include "mutation/cases.hpp"
#if defined(MQTTWIRE_CHECK_FORMAT)
#include "mutation/format_probes.hpp"
#else
#include "mutation/table_probes.hpp"
#if !defined(MQTTWIRE_CHECK_TABLES)
#include "mutation/probes.hpp"
#endif
#endif

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace mqttwire::test {

namespace {

std::vector<std::uint64_t> digests_of(const char* path)
{
    std::ifstream input(path);
    std::vector<std::uint64_t> digests;
    for (std::uint64_t digest = 0; input >> std::hex >> digest;) digests.push_back(digest);
    if (!input.eof()) throw std::runtime_error("cannot read the digests");
    return digests;
}

/// Calls f(digest, what was observed) until it gives false. Probes first: they are quick, and catch most.
template <class F>
bool observe_all(const std::vector<StoredCase>& cases, F f)
{
    std::size_t index = 0;
    const auto run_probes = [&](const auto& probes) {
        for (const Probe& probe : probes) {
            Digest digest;
            probe.observe(digest);
            if (!f(index++, digest.value(), probe.name)) return false;
        }
        return true;
    };
#if defined(MQTTWIRE_CHECK_TABLES)
    return run_probes(table_probes);
#elif defined(MQTTWIRE_CHECK_FORMAT)
    if (!run_probes(format_probes)) return false;
    constexpr auto observe_case = observe_formatted;
#else
    if (!run_probes(table_probes) || !run_probes(packet_probes)) return false;
    constexpr auto observe_case = observe;
#endif
#if !defined(MQTTWIRE_CHECK_TABLES)
    for (const Case& each : cases) {
        Digest digest;
        observe_case(digest, each);
        if (!f(index++, digest.value(), each.line)) return false;
    }
    return true;
#endif
}

int run(std::string_view what, const char* cases_path, const char* digests_path)
{
    const std::vector<StoredCase> cases = read_cases(cases_path);
#if !defined(MQTTWIRE_CHECK_TABLES)
    if (what == "answers") {
        for (const Case& each : cases) std::puts(answer(each).c_str());
        return 0;
    }
#endif
    if (what == "digests") {
        observe_all(cases, [](std::size_t, std::uint64_t digest, std::string_view) {
            std::printf("%llx\n", static_cast<unsigned long long>(digest));
            return true;
        });
        return 0;
    }
    const std::vector<std::uint64_t> expected = digests_of(digests_path);
    const bool same = observe_all(cases, [&](std::size_t index, std::uint64_t digest, std::string_view name) {
        if (expected.at(index) == digest) return true;
        std::printf("differs: %.*s\n", static_cast<int>(name.size() < 200 ? name.size() : 200), name.data());
        return false;
    });
    return same ? 0 : 1;
}

} // namespace

} // namespace mqttwire::test

int main(int argc, char** argv)
{
    if (argc < 3) return 2;
    return mqttwire::test::run(argv[1], argv[2], argc > 3 ? argv[3] : "");
}
