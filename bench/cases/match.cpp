// Matching topic names with topic filters. The floor compares the two texts for equality.
#include "case.hpp"
#include "scenarios.hpp"
#include "topics.hpp"

#include "mqttwire/topic.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace bench {

namespace {

using Filters = std::array<Text, 4>;

constexpr Filters plain_filters{
    "sensors/room-000/temp/cc", "sensors/room-015/temp/cc", "sensors/room-007/temp/cc", "sensors/room-007/temp/ff"};
constexpr Filters single_level_filters{"sensors/+/temp/cc", "+/+/+/+", "sensors/room-003/+/cc", "sensors/+/hum/pc"};
constexpr Filters multi_level_filters{"#", "sensors/#", "sensors/room-012/#", "sensors/room-002/temp/cc/#"};

template <bool (&Matches)(const Text&, const Text&)>
[[gnu::noinline]] std::uint64_t match_all(const Filters& filters, std::size_t count)
{
    std::uint64_t matching = 0;
    for (std::size_t n = 0; n < count; ++n)
        matching += Matches(filters[n % filters.size()], ascii_topics[n / filters.size() % topic_count]);
    return matching;
}

[[gnu::noinline]] bool match_out_of_line(const Text& filter, const Text& name) { return matches(filter, name); }
[[gnu::noinline]] bool equal_out_of_line(const Text& filter, const Text& name) { return filter == name; }

Case match_case(std::string_view name, const Filters& filters)
{
    return {"match/" + std::string(name), "equal", [&filters]() -> Prepared {
                return {[&filters](std::size_t count) { return match_all<match_out_of_line>(filters, count); },
                    [&filters](std::size_t count) { return match_all<equal_out_of_line>(filters, count); }};
            }};
}

} // namespace

void add_match_cases(std::vector<Case>& cases)
{
    cases.push_back(match_case("plain", plain_filters));
    cases.push_back(match_case("single-level", single_level_filters));
    cases.push_back(match_case("multi-level", multi_level_filters));
}

} // namespace bench
