// Finding the filters that match a name among 10, 1,000 and 1,000,000, and a name among as many by a filter that is
// one. 256 topics are in use, spread over all; "-spread" uses 4,096 of them, which do not fit into the caches next to
// the processor. The floor compares two texts for equality.
#include "case.hpp"
#include "scenarios.hpp"

#include "mqttwire/topic_index.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace bench {

namespace {

using mqttwire::FilterIndex;
using mqttwire::IndexMatch;
using mqttwire::NameIndex;

/// The topic of a room, 24 bytes.
std::string topic(std::size_t room)
{
    std::string digits = std::to_string(room);
    digits.insert(0, 6 - digits.size(), '0');
    return "sensors/room-" + digits + "/temp";
}

constexpr std::size_t topics_in_use = 256;

/// Storage with what stands in it: topics of rooms, and in each hundredth place a filter with wildcards.
struct World {
    World(std::size_t entries, bool wildcards) : leaves(entries), branches(entries), slots(2 * entries)
    {
        for (std::size_t i = 0; i < entries; ++i) texts.push_back(topic(i));
        if (wildcards)
            for (std::size_t i = 5; i < entries; i += 100)
                texts[i] =
                    i % 3 == 0 ? "sensors/room-" + texts[i].substr(13, 6) + "/#" : "+/" + texts[i].substr(8, 11) + "/+";
        for (std::size_t i = 0; i < packets_per_corpus; ++i)
            names.push_back(topic(i % topics_in_use * 2'654'435'761U % entries));
    }
    mqttwire::IndexStorage storage() { return {leaves, branches, slots}; }

    std::vector<mqttwire::IndexLeaf> leaves;
    std::vector<mqttwire::IndexBranch> branches;
    std::vector<std::uint32_t> slots;
    std::vector<std::string> texts;
    std::vector<std::string> names;
};

constexpr mqttwire::HashKey key{0x243F6A8885A308D3, 0x13198A2E03707344};

template <class Index>
[[gnu::noinline]] std::uint64_t match_out_of_line(const Index& index, const Text& topic)
{
    std::uint64_t sum = 0;
    index.match(topic, [&sum](const IndexMatch& match) { sum += 1 + match.value(); });
    return sum;
}

[[gnu::noinline]] bool equal_names(const Text& a, const Text& b) { return a == b; }

template <class Index>
Prepared prepare(std::size_t entries)
{
    const auto world = std::make_shared<World>(entries, std::is_same_v<Index, FilterIndex>);
    const auto index = std::make_shared<Index>(world->storage(), key);
    for (std::uint32_t i = 0; i < entries; ++i) index->insert(world->texts[i], i);
    return {[world, index](std::size_t count) {
                std::uint64_t sum = 0;
                for (std::size_t n = 0; n < count; ++n) sum += match_out_of_line(*index, world->names[n]);
                return sum;
            },
        [world](std::size_t count) {
            std::uint64_t sum = 0;
            for (std::size_t n = 0; n < count; ++n) sum += equal_names(world->names[n], world->names[0]);
            return sum;
        }};
}

} // namespace

void add_index_cases(std::vector<Case>& cases)
{
    const auto add = [&cases]<class Index>(std::size_t entries, std::string_view of_what) {
        cases.push_back({"index/" + std::to_string(entries) + std::string(of_what), "equal",
            [entries] { return prepare<Index>(entries); }});
    };
    for (const std::size_t entries : {10U, 1'000U, 1'000'000U}) add.operator()<FilterIndex>(entries, "-filters");
    for (const std::size_t entries : {10U, 100'000U}) add.operator()<NameIndex>(entries, "-names");
}

} // namespace bench
