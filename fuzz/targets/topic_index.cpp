// Do indices of filters and names find what a list finds that is gone through with `matches`?
//
// Input: the capacity, the hash key, then steps: what to do, and the filter or name for it, with its size before it.
// Filters and names are made of few different levels, so that they meet.
#include "support/input.hpp"
#include "support/require.hpp"
#include "support/target.hpp"

#include <mqttwire/topic_index.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace mqttwire::fuzz::topic_index_target {

namespace {

using Values = std::vector<std::uint32_t>;

struct Held {
    IndexEntry entry;
    std::unique_ptr<std::string> text;
    std::uint32_t value;
};

struct Storage {
    explicit Storage(std::size_t entries) : leaves(entries), branches(entries), slots(2 * entries) {}
    operator IndexStorage() noexcept { return {leaves, branches, slots}; }

    std::vector<IndexLeaf> leaves;
    std::vector<IndexBranch> branches;
    std::vector<std::uint32_t> slots;
};

/// A topic of up to fifteen levels, a byte each; or bytes as they are.
std::string take_topic(Input& input)
{
    const std::size_t size = input.byte();
    const auto bytes = input.take(size & 0x0FU);
    if ((size & 0xF0U) == 0xF0U) return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
    static constexpr std::string_view levels[] = {
        "a", "b", "+", "#", "", "$a", "$share", "aa", "ab", "level of a topic"};
    std::string topic;
    for (const std::byte byte : bytes) {
        if (!topic.empty()) topic += '/';
        if (byte == std::byte{0xFF}) topic.append(1'000, 's'); // long ones are gone through in another way
        else if (byte == std::byte{0xFE}) topic.append(65, 'd');
        else topic += levels[static_cast<std::size_t>(byte) % std::size(levels)];
    }
    return topic;
}

Text filter_part(const std::string& text)
{
    const auto shared = split_shared(text);
    return shared ? shared->filter : Text(text);
}

/// What an index finds, sorted; each leaf only once.
template <class Index>
Values found(const Index& index, const std::string& topic)
{
    Values values;
    std::vector<IndexEntry> entries;
    index.match(topic, [&](const IndexMatch& match) {
        for (auto at = match.begin(); at != match.end(); ++at) {
            require(index.text(at.entry()) == match.text(), "entries that are found together have the same text");
            require(index.share_name(at.entry()) == match.share_name(), "and the same share name");
            entries.push_back(at.entry());
            values.push_back(*at);
        }
    });
    std::ranges::sort(entries);
    require(std::ranges::adjacent_find(entries) == entries.end(), "an entry is found once");
    std::ranges::sort(values);
    return values;
}

template <class Index>
void check(Input input, Index index, std::unique_ptr<Storage> storage)
{
    constexpr bool of_filters = std::is_same_v<Index, FilterIndex>;
    std::vector<Held> held;
    for (std::uint32_t step = 0; !input.empty() && step < 1'000; ++step) {
        const std::size_t what = input.below(8);
        auto text = std::make_unique<std::string>(take_topic(input));
        if (what < 4) {
            const bool valid = of_filters ? valid_topic_filter(*text) : valid_topic_name(*text);
            const auto entry = index.insert(*text, step);
            require(entry.has_value() == (valid && held.size() < index.capacity()),
                "a good text is taken if there is room");
            if (entry) held.push_back({*entry, std::move(text), step});
        } else if (what < 6 && !held.empty()) {
            const std::size_t which = input.below(held.size() < 256 ? held.size() : 256);
            index.erase(held[which].entry);
            held.erase(held.begin() + static_cast<std::ptrdiff_t>(which));
        } else if (what == 6 && index.full() && index.capacity() < 256) {
            auto larger = std::make_unique<Storage>(index.capacity() + 1 + input.below(8));
            require(index.grow(*larger), "an index moves to larger storage");
            storage = std::move(larger);
        } else if constexpr (of_filters) {
            if (const auto match = index.find(*text)) index.rotate(*match);
        }
        require(index.size() == held.size(), "as many entries are there as were put in");

        const std::string topic = take_topic(input);
        if (!(of_filters ? valid_topic_name(topic) : valid_topic_filter(topic))) continue;
        Values expected;
        for (const Held& each : held)
            if (of_filters ? matches(filter_part(*each.text), topic) : matches(filter_part(topic), *each.text))
                expected.push_back(each.value);
        require(found(index, of_filters ? topic : std::string(filter_part(topic))) == expected,
            "an index finds what a list finds");
    }
}

void check(Input input)
{
    auto storage = std::make_unique<Storage>(input.byte());
    const HashKey key{input.four_bytes(), input.four_bytes()};
    IndexStorage spans = *storage;
    if (input.flag()) check(input, FilterIndex(spans, key), std::move(storage));
    else check(input, NameIndex(spans, key), std::move(storage));
}

} // namespace

} // namespace mqttwire::fuzz::topic_index_target

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    mqttwire::fuzz::topic_index_target::check({data, size});
    return 0;
}
