// Larger storage for an index that overlaps the present one. Its file is compiled with MQTTWIRE_ASSERTIONS.
#include "support/catch.hpp"

#include "mqttwire/topic_index.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

using namespace mqttwire;

static_assert(config::assertions);

TEST_CASE("an index does not grow into its own memory")
{
    std::vector<IndexLeaf> leaves(16);
    std::vector<IndexBranch> branches(16);
    std::vector<std::uint32_t> slots(32);
    std::vector<std::uint32_t> other_slots(16);
    const auto storage = [&](std::size_t first, std::size_t entries) {
        return IndexStorage{std::span(leaves).subspan(first, entries), std::span(branches).subspan(first, entries),
            std::span(slots).subspan(2 * first, 2 * entries)};
    };
    FilterIndex index(storage(0, 4), HashKey{1, 2});
    for (const char* const filter : {"a", "a/b", "a/+"}) REQUIRE(index.insert(filter, 1));
    CHECK_FALSE(index.grow(storage(1, 8)));
    IndexStorage moved = storage(0, 8);
    moved.leaves = std::span(leaves).subspan(2, 8);
    CHECK_FALSE(index.grow(moved));
    moved = storage(4, 8);
    moved.slots = std::span(slots).subspan(7, 16);
    CHECK_FALSE(index.grow(moved));
    CHECK(index.capacity() == 4);
    CHECK(index.find("a/+"));

    moved = storage(4, 8);
    moved.slots = other_slots;
    CHECK(index.grow(moved));
    CHECK(index.capacity() == 8);
    CHECK(index.find("a/+"));
}
