// Topic aliases of one connection, both ways [5.0: section 3.3.2.3.4].
//
// A number stands for a topic once both have been sent together. The two directions have nothing to do with each other,
// and none of it outlives the connection [MQTT-3.3.2-7]. The full topics are kept in memory of the caller's, one behind
// the other without gaps.
#pragma once

#include "mqttwire/config.hpp"
#include "mqttwire/session/room.hpp"
#include "mqttwire/wire/text.hpp"

#include <cstddef>
#include <cstdint>
#include <span>

namespace mqttwire::inline MQTTWIRE_ABI::session {

/// The memory of an alias beside its topic.
struct AliasEntry {
    std::uint16_t alias;
    std::uint16_t begin; ///< of the topic in the memory for topics
    std::uint16_t size; ///< of the topic; 0: there is none
};

/// Topics one behind the other, and the entries that say where.
template <std::size_t Aliases, std::size_t Bytes>
class AliasedTopics {
public:
    constexpr AliasedTopics() noexcept
        requires(Aliases != in_callers_memory)
    = default;
    constexpr AliasedTopics(std::span<AliasEntry> entries, std::span<std::byte> topics) noexcept
        requires(Aliases == in_callers_memory)
        : entries_(entries), topics_(topics)
    {
    }

    constexpr std::uint16_t capacity() const noexcept { return static_cast<std::uint16_t>(entries_.size()); }
    constexpr AliasEntry& entry(std::size_t index) noexcept { return entries_[index]; }
    constexpr const AliasEntry& entry(std::size_t index) const noexcept { return entries_[index]; }

    constexpr Text topic(std::size_t index) const noexcept
    {
        return Text(topics_.data() + entries_[index].begin, entries_[index].size);
    }
    constexpr bool fits_at_all(Text topic) const noexcept { return topic.size() <= topics_.size(); }
    constexpr bool fits(Text topic) const noexcept { return topic.size() <= topics_.size() - used_; }

    /// The same in place of the topic of an entry.
    constexpr bool fits(std::size_t index, Text topic) const noexcept
    {
        return topic.size() <= topics_.size() - used_ + entries_[index].size;
    }

    /// Moves the topics into other memory; false if that is too small, and nothing has changed.
    constexpr bool move_to(std::span<std::byte> topics) noexcept
        requires(Bytes == in_callers_memory)
    {
        if (topics.size() < used_) return false;
        for (std::size_t at = 0; at < used_; ++at) topics[at] = topics_[at];
        topics_ = topics;
        return true;
    }

    /// The entry at `index` has no topic; there is room for this one.
    constexpr void append(std::size_t index, Text topic) noexcept
    {
        topic.copy_to(topics_.data() + used_);
        entries_[index].begin = used_;
        entries_[index].size = static_cast<std::uint16_t>(topic.size());
        used_ = static_cast<std::uint16_t>(used_ + topic.size());
    }

    /// Takes a topic away and moves those behind it up.
    constexpr void remove(std::size_t index) noexcept
    {
        const AliasEntry gone = entries_[index];
        if (gone.size == 0) return;
        for (std::size_t at = gone.begin; at + gone.size < used_; ++at) topics_[at] = topics_[at + gone.size];
        used_ = static_cast<std::uint16_t>(used_ - gone.size);
        entries_[index].size = 0;
        for (std::size_t each = 0; each < entries_.size(); ++each)
            if (entries_[each].size != 0 && entries_[each].begin > gone.begin)
                entries_[each].begin = static_cast<std::uint16_t>(entries_[each].begin - gone.size);
    }

    constexpr void clear() noexcept
    {
        used_ = 0;
        for (std::size_t each = 0; each < entries_.size(); ++each)
            entries_[each] = {static_cast<std::uint16_t>(each + 1), 0, 0};
    }

private:
    [[no_unique_address]] Room<AliasEntry, Aliases> entries_{};
    [[no_unique_address]] Room<std::byte, Bytes> topics_{};
    std::uint16_t used_{};
};

/// The aliases that the peer has set.
template <std::size_t Aliases = in_callers_memory, std::size_t Bytes = in_callers_memory>
class IncomingAliases {
public:
    constexpr IncomingAliases() noexcept
        requires(Aliases != in_callers_memory)
    {
        clear();
    }
    constexpr IncomingAliases(std::span<AliasEntry> entries, std::span<std::byte> topics) noexcept
        requires(Aliases == in_callers_memory)
        : topics_(entries, topics)
    {
        clear();
    }

    /// The largest Topic Alias Maximum that can be announced.
    constexpr std::uint16_t capacity() const noexcept { return topics_.capacity(); }

    /// True if there is room for an alias of 1 to capacity() to stand for the topic.
    constexpr bool fits(std::uint16_t alias, Text topic) const noexcept { return topics_.fits(alias - 1U, topic); }

    /// Moves the topics into other memory; false if that is too small, and nothing has changed.
    constexpr bool move_to(std::span<std::byte> topics) noexcept
        requires(Bytes == in_callers_memory)
    {
        return topics_.move_to(topics);
    }

    /// Sets what an alias of 1 to capacity() stands for; false if there is no room for the topic, which is not empty.
    constexpr bool set(std::uint16_t alias, Text topic) noexcept
    {
        topics_.remove(alias - 1U);
        if (!topics_.fits(topic)) return false;
        topics_.append(alias - 1U, topic);
        return true;
    }

    /// The topic that an alias of 1 to capacity() stands for, until the next call of `set`; empty if none was set.
    constexpr Text topic(std::uint16_t alias) const noexcept { return topics_.topic(alias - 1U); }

    constexpr void clear() noexcept { topics_.clear(); }

private:
    AliasedTopics<Aliases, Bytes> topics_;
};

/// The aliases for the topics that are sent. When all are in use, the one that was used longest ago gets the new topic.
/// A topic never has two.
template <std::size_t Aliases = in_callers_memory, std::size_t Bytes = in_callers_memory>
class OutgoingAliases {
public:
    constexpr OutgoingAliases() noexcept
        requires(Aliases != in_callers_memory)
    {
        begin_connection(0);
    }
    constexpr OutgoingAliases(std::span<AliasEntry> entries, std::span<std::byte> topics) noexcept
        requires(Aliases == in_callers_memory)
        : topics_(entries, topics)
    {
        begin_connection(0);
    }

    /// `topic_alias_maximum` is that of the peer; 0: it takes none
    /// [5.0: MQTT-3.1.2-26, -27, MQTT-3.2.2-17, -18, MQTT-3.3.2-9, -11].
    constexpr void begin_connection(std::uint16_t topic_alias_maximum) noexcept
    {
        topics_.clear();
        count_ = 0;
        maximum_ = topic_alias_maximum < topics_.capacity() ? topic_alias_maximum : topics_.capacity();
    }

    struct Choice {
        std::uint16_t alias; ///< 0: the topic goes without one
        bool known; ///< the peer knows what the alias stands for, so that the topic can be left out
    };

    /// Chooses the alias of a topic that is sent now.
    constexpr Choice choose(Text topic) noexcept
    {
        if (maximum_ == 0 || topic.empty() || !topics_.fits_at_all(topic)) return {0, false};
        for (std::size_t index = 0; index < count_; ++index) {
            if (topics_.topic(index) != topic) continue;
            move(index, 0);
            return {topics_.entry(0).alias, true};
        }
        if (count_ == maximum_) drop_last();
        while (!topics_.fits(topic)) drop_last();
        topics_.append(count_, topic);
        move(count_++, 0);
        return {topics_.entry(0).alias, false};
    }

    /// The PUBLISH for which `choose` has just given an alias was not sent after all.
    constexpr void take_back(std::uint16_t alias) noexcept
    {
        for (std::size_t index = 0; index < count_; ++index) {
            if (topics_.entry(index).alias != alias) continue;
            topics_.remove(index);
            move(index, --count_);
            return;
        }
    }

private:
    /// Entries stand in the order of their last use; those behind `count_` are free.
    constexpr void move(std::size_t from, std::size_t to) noexcept
    {
        const AliasEntry moved = topics_.entry(from);
        while (from != to) {
            const std::size_t next = from < to ? from + 1 : from - 1;
            topics_.entry(from) = topics_.entry(next);
            from = next;
        }
        topics_.entry(to) = moved;
    }
    constexpr void drop_last() noexcept { topics_.remove(--count_); }

    std::uint16_t count_{};
    std::uint16_t maximum_{};
    AliasedTopics<Aliases, Bytes> topics_;
};

} // namespace mqttwire::inline MQTTWIRE_ABI::session
