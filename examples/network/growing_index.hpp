// GrowingIndex: filters or names with a value of any type for each, over vectors that grow.
#pragma once

#include <mqttwire/mqttwire.hpp>
#include <mqttwire/topic_index.hpp>

#include <openssl/rand.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

namespace network {

template <class Number>
Number random_number()
{
    Number number{};
    RAND_bytes(reinterpret_cast<unsigned char*>(&number), sizeof number);
    return number;
}

/// Bytes of memory that an index takes for a filter or name, about.
inline std::size_t index_cost(std::string_view text)
{
    return 128 + text.size() + 64 * static_cast<std::size_t>(std::ranges::count(text, '/'));
}

/// `Index` is FilterIndex or NameIndex. The values of their matches are numbers, which `[]` takes.
template <class Index, class Value>
class GrowingIndex {
public:
    std::size_t size() const { return index_.size(); }

    /// The text must stay where it is while it is here. Nothing if it is not valid.
    template <class... Version>
    std::optional<mqttwire::IndexEntry> insert(const mqttwire::Text& text, Value value, Version... version)
    {
        make_room();
        if (free_.empty()) {
            free_.push_back(static_cast<std::uint32_t>(values_.size()));
            values_.emplace_back();
        }
        const auto entry = index_.insert(text, free_.back(), version...);
        if (!entry) return std::nullopt;
        values_[free_.back()] = std::move(value);
        free_.pop_back();
        return entry;
    }
    Value erase(mqttwire::IndexEntry entry)
    {
        const std::uint32_t number = index_.value(entry);
        index_.erase(entry);
        free_.push_back(number);
        return std::exchange(values_[number], {});
    }

    Value& operator[](std::uint32_t number) { return values_[number]; }
    auto find(const mqttwire::Text& text) const { return index_.find(text); }
    template <class Visit>
    void match(const mqttwire::Text& text, Visit visit) const
    {
        index_.match(text, visit);
    }
    void rotate(const mqttwire::IndexMatch& match) { index_.rotate(match); }
    /// All values, and empty ones among them.
    const std::vector<Value>& values() const { return values_; }

private:
    void make_room()
    {
        if (!index_.full()) return;
        const std::size_t size = std::max<std::size_t>(64, 2 * index_.capacity());
        std::vector<mqttwire::IndexLeaf> leaves(size);
        std::vector<mqttwire::IndexBranch> branches(size);
        std::vector<std::uint32_t> slots(2 * size);
        index_.grow({leaves, branches, slots});
        leaves_ = std::move(leaves);
        branches_ = std::move(branches);
        slots_ = std::move(slots);
    }

    std::vector<mqttwire::IndexLeaf> leaves_;
    std::vector<mqttwire::IndexBranch> branches_;
    std::vector<std::uint32_t> slots_;
    Index index_{
        mqttwire::IndexStorage{}, mqttwire::HashKey{random_number<std::uint64_t>(), random_number<std::uint64_t>()}};
    std::vector<Value> values_;
    std::vector<std::uint32_t> free_;
};

} // namespace network
