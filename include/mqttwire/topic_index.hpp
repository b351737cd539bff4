// Many filters and one name, or many names and one filter: who matches, without looking at those that do not. A broker
// finds the subscriptions that get a message, and the retained messages that a subscription gets [3.1.1 and 5.0:
// section 4.7; 5.0: section 4.8.2].
//
// An index stands in the caller's storage, 64 bytes an entry, and reads the filters and names where the caller keeps
// them. Each entry bears a value of the caller's. Nothing is recursive, and nothing depends on the number of entries
// but how many of them can be on the way of a match:
//
//   - FilterIndex::match looks at no more than one place for each way to read the levels of the name so far, as they
//     are or as '+', that filters begin with. For n filters these are at most n places, whoever chose them.
//   - NameIndex::match looks at those places where the names part that the filter matches so far.
//   - At each place it compares the levels on which the filters below agree, at most once: all places together no more
//     text than the caller keeps for the entries.
//   - A step through a level of the name (or of the filter, if names are looked for) takes time for no more than 1,024
//     of its bytes, however long it is, for there and back and for its hash. There is a step at each place, and one for
//     each '+' between two places. A match of n filters that have m levels '+' takes at most time for 1,024 * (n + m)
//     bytes of the name, and for all bytes of the filters.
//
// The last needs a kilobyte of stack, so where MQTTWIRE_SMALL is 1 a step looks at all bytes of a level, up to 65,535.
//
// Texts of peers may be chosen to fall together in a hash table; hence the key.
#pragma once

#include "mqttwire/config.hpp"
#include "mqttwire/topic.hpp"
#include "mqttwire/version.hpp"
#include "mqttwire/wire/keyed_hash.hpp"
#include "mqttwire/wire/level_tree.hpp"
#include "mqttwire/wire/text.hpp"
#include "mqttwire/wire/topic_levels.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <optional>
#include <span>
#include <string_view>
#include <type_traits>

namespace mqttwire::inline MQTTWIRE_ABI {

/// An entry of an index, from its insertion until it is erased.
enum class IndexEntry : std::uint32_t {};

/// Storage for an index of a size that is known while compiling.
template <std::size_t Entries>
struct IndexArrays {
    std::array<IndexLeaf, Entries> leaves{};
    std::array<IndexBranch, Entries> branches{};
    std::array<std::uint32_t, 2 * Entries> slots{};

    constexpr operator IndexStorage() noexcept { return {leaves, branches, slots}; }
};

/// The entries that have one filter and share name, or one name. Goes over their values, at least one; the first is the
/// one that came first, unless `rotate` has changed that.
class IndexMatch {
public:
    class iterator {
    public:
        using value_type = std::uint32_t;
        using difference_type = std::ptrdiff_t;
        using iterator_category = std::forward_iterator_tag;
        using reference = std::uint32_t;
        using pointer = void;

        constexpr iterator() noexcept = default;
        constexpr iterator(const wire::LevelTree* tree, std::uint32_t first, std::uint32_t number) noexcept
            : tree_(tree), first_(first), number_(number)
        {
        }
        constexpr std::uint32_t operator*() const noexcept { return tree_->leaf(number_).value; }
        constexpr IndexEntry entry() const noexcept { return IndexEntry{number_}; }
        constexpr iterator& operator++() noexcept
        {
            const std::uint32_t members = tree_->leaf(first_).members;
            const std::uint32_t next = number_ == first_ ? members : tree_->leaf(number_).next.number();
            number_ = next == members && number_ != first_ ? wire::no_number : next;
            return *this;
        }
        constexpr iterator operator++(int) noexcept
        {
            const iterator before = *this;
            ++*this;
            return before;
        }
        friend constexpr bool operator==(const iterator& a, const iterator& b) noexcept
        {
            return a.number_ == b.number_;
        }

    private:
        const wire::LevelTree* tree_ = nullptr;
        std::uint32_t first_ = wire::no_number;
        std::uint32_t number_ = wire::no_number;
    };
    using const_iterator = iterator;
    using value_type = std::uint32_t;

    constexpr IndexMatch(const wire::LevelTree& tree, std::uint32_t first) noexcept : tree_(&tree), first_(first) {}

    constexpr iterator begin() const noexcept { return {tree_, first_, first_}; }
    constexpr iterator end() const noexcept { return {tree_, first_, wire::no_number}; }

    /// The first entry and its value.
    constexpr IndexEntry entry() const noexcept { return IndexEntry{first_}; }
    constexpr std::uint32_t value() const noexcept { return tree_->leaf(first_).value; }

    /// The filter, without `$share/{share_name}/`, or the name.
    constexpr Text text() const noexcept { return view(tree_->key(first_).text); }
    /// True for a shared subscription: one of the entries gets the message [5.0: section 4.8.2].
    constexpr bool shared() const noexcept { return tree_->key(first_).share_name_size != 0; }
    constexpr Text share_name() const noexcept { return view(tree_->key(first_).share_name()); }

private:
    static constexpr Text view(wire::Characters text) noexcept { return std::string_view(text.data, text.size); }

    const wire::LevelTree* tree_;
    std::uint32_t first_;
};

/// Tells the first time of a value from the others, so that a client with several filters that match gets a message
/// once:
///
///     first_time.restart();
///     index.match(name, [&](const IndexMatch& match) { for (auto value : match) if (first_time(value)) ... });
///
/// Storage: a number for each value from 0 on, all of them 0 at first; values that have none are always new.
class FirstTime {
public:
    constexpr explicit FirstTime(std::span<std::uint32_t> marks) noexcept : marks_(marks) {}

    /// Forgets all values.
    constexpr void restart() noexcept
    {
        if (round_ == 0xFFFFFFFFU) {
            std::ranges::fill(marks_, 0U);
            round_ = 0;
        }
        ++round_;
    }
    constexpr bool operator()(std::uint32_t value) noexcept
    {
        if (value >= marks_.size()) return true;
        const bool is_new = marks_[value] != round_;
        marks_[value] = round_;
        return is_new;
    }

private:
    std::span<std::uint32_t> marks_;
    std::uint32_t round_ = 1;
};

namespace wire {

inline constexpr std::size_t no_match = static_cast<std::size_t>(-1);

inline namespace MQTTWIRE_CODE {

/// Gives a leaf, or the leaves of all share names.
template <class Visit>
constexpr void give(const LevelTree& tree, ChildRef ref, Visit& visit)
{
    if (!ref.is_branch()) return visit(IndexMatch(tree, ref.number()));
    for (ChildRef leaf = tree.branch(ref.number()).first; !leaf.is_none();) {
        const ChildRef next = tree.child(leaf).next; // `visit` may rotate
        visit(IndexMatch(tree, leaf.number()));
        leaf = next;
    }
}

/// Walks a tree of filters along a name. There is no stack: which level of the name belongs to a branch is known by
/// their number, so going back takes as many steps as going there.
template <class Visit>
class FilterWalk {
public:
    constexpr FilterWalk(const LevelTree& tree, const Text& name, Visit& visit) noexcept
        : tree_(tree), name_({name.data(), name.size()}, tree.hash_key()), visit_(visit)
    {
    }

    constexpr void run()
    {
        bool wildcards = !name_.is_hidden(); // [MQTT-4.7.2-1]: at the root
        while (look(wildcards) || go_back()) wildcards = true;
    }

private:
    constexpr ChildKind kind(ChildRef ref) const noexcept
    {
        return ref.is_none() ? ChildKind::member : tree_.child(ref).kind();
    }

    /// Gives what matches here; true if it has gone on to a branch below.
    constexpr bool look(bool wildcards)
    {
        ChildRef ref = tree_.branch(branch_).first;
        if (kind(ref) == ChildKind::multi_level) {
            const ChildRef next = tree_.child(ref).next;
            if (wildcards) give(tree_, ref, visit_);
            ref = next;
        }
        if (kind(ref) == ChildKind::end) {
            const ChildRef next = tree_.child(ref).next;
            if (begin_ == name_.end()) give(tree_, ref, visit_);
            ref = next;
        }
        if (begin_ == name_.end() || ref.is_none()) return false;
        const Characters level = name_.level(begin_);
        if (kind(ref) == ChildKind::single_level) {
            const ChildRef next = tree_.child(ref).next;
            if (wildcards && follow(ref, 1, begin_ + level.size)) {
                ++turns_;
                return true;
            }
            ref = next;
        }
        return follow_literal(ref, level);
    }

    /// Back to the last branch whose '+' was taken, and on with the level as it is.
    constexpr bool go_back()
    {
        while (turns_ != 0) {
            const IndexBranch& left = tree_.branch(branch_);
            branch_ = left.parent();
            const Characters level = name_.level_before(begin_, std::size_t{left.extra} - tree_.branch(branch_).extra);
            begin_ = name_.place_of(level);
            if (left.kind() != ChildKind::single_level) continue;
            --turns_;
            if (follow_literal(left.next, level)) return true;
        }
        return false;
    }

    constexpr bool follow_literal(ChildRef first, Characters level)
    {
        const ChildRef ref = tree_.find_literal(branch_, first, level, name_.digest(begin_, level));
        return !ref.is_none() && follow(ref, level.size, begin_ + level.size);
    }

    /// Follows an edge whose first bytes are known to match the name until `at`. Gives what matches; true if it leads
    /// to a branch.
    constexpr bool follow(ChildRef ref, std::size_t known, std::size_t at)
    {
        const std::size_t begin = pass(tree_.path(ref).from(tree_.edge_begin(branch_) + known), at);
        if (begin == no_match) return false;
        if (ref.is_branch() && !tree_.has_share_names(tree_.branch(ref.number()))) {
            branch_ = ref.number();
            begin_ = begin;
            return true;
        }
        if (begin == name_.end()) give(tree_, ref, visit_);
        return false;
    }

    /// Where the next level of the name begins behind those of the rest of an edge.
    constexpr std::size_t pass(Characters edge, std::size_t at) const noexcept
    {
        if (config::small) return pass_wildcards(edge, at);
        const std::size_t same = common_size(edge, name_.text.from(at));
        if (same == edge.size) return behind_level(at + same);
        if (edge.data[same] > '/') return no_match; // it is neither '#' nor '+' nor '/'
        return pass_wildcards(edge.from(same), at + same);
    }
    /// The same if there may be wildcards. '#' takes all levels, and "/#" none as well.
    MQTTWIRE_APART constexpr std::size_t pass_wildcards(Characters edge, std::size_t at) const noexcept
    {
        for (;;) {
            const std::size_t same = common_size(edge, name_.text.from(at));
            edge = edge.from(same);
            at += same;
            if (edge.size == 0) return behind_level(at);
            if (edge.data[0] != '+') break;
            edge = edge.from(1);
            at = name_.level_end(at);
        }
        const bool parent = at == name_.text.size && edge.size == 2 && edge.data[0] == '/' && edge.data[1] == '#';
        return edge.data[0] == '#' || parent ? name_.end() : no_match;
    }
    /// Where the next level begins if one ends here.
    constexpr std::size_t behind_level(std::size_t at) const noexcept
    {
        return at == name_.text.size || name_.text.data[at] == '/' ? at + 1 : no_match;
    }

    const LevelTree& tree_;
    const TopicLevels name_;
    Visit& visit_;
    std::uint32_t branch_ = LevelTree::root;
    std::uint32_t turns_ = 0; ///< branches on the way here whose '+' was taken
    std::size_t begin_ = 0; ///< of the level behind those above and on the edge of the branch
};

/// Walks a tree of names along a filter.
template <class Visit>
class NameWalk {
public:
    constexpr NameWalk(const LevelTree& tree, const Text& filter, Visit& visit) noexcept
        : tree_(tree), filter_({filter.data(), filter.size()}, tree.hash_key()), visit_(visit)
    {
    }

    constexpr void run()
    {
        ChildRef ref = first_child();
        for (;;) {
            if (ref.is_none()) {
                if (branch_ == LevelTree::root) return;
                const IndexBranch& left = tree_.branch(branch_);
                branch_ = left.parent();
                const std::size_t levels = std::size_t{left.extra} - tree_.branch(branch_).extra;
                begin_ = filter_.place_of(filter_.level_before(begin_, levels));
                ref = sibling(left.next);
                continue;
            }
            const ChildRef next = tree_.child(ref).next;
            ref = follow(ref) ? first_child() : sibling(next);
        }
    }

private:
    constexpr ChildKind wanted() const noexcept { return kind_of_level(filter_.text, begin_); }

    /// The first child of the branch that may be on the way.
    constexpr ChildRef first_child() const noexcept
    {
        const ChildRef first = tree_.branch(branch_).first;
        if (first.is_none()) return first;
        switch (wanted()) {
        case ChildKind::end: return tree_.child(first).kind() == ChildKind::end ? first : ChildRef{};
        case ChildKind::multi_level: return first;
        case ChildKind::single_level: return tree_.first_literal(first);
        default: break;
        }
        const Characters level = filter_.level(begin_);
        return tree_.find_literal(branch_, tree_.first_literal(first), level, filter_.digest(begin_, level));
    }
    /// The next child that may be on the way.
    constexpr ChildRef sibling(ChildRef next) const noexcept
    {
        const ChildKind kind = wanted();
        return kind == ChildKind::multi_level || kind == ChildKind::single_level ? next : ChildRef{};
    }

    /// Follows an edge. Gives what matches; true if it leads to a branch.
    constexpr bool follow(ChildRef ref)
    {
        const ChildKind kind = wanted();
        if (kind == ChildKind::end) return give_all(ref);
        const Characters edge = tree_.path(ref).from(tree_.edge_begin(branch_));
        const bool wildcard = kind == ChildKind::multi_level || kind == ChildKind::single_level;
        if (branch_ == LevelTree::root && wildcard && edge.size != 0 && edge.data[0] == '$') return false; // [4.7.2-1]
        if (kind == ChildKind::multi_level) return give_all(ref);

        const std::size_t begin = pass(edge);
        if (begin == no_match) return false;
        const bool rest = kind_of_level(filter_.text, begin) == ChildKind::multi_level;
        if (rest) return give_all(ref);
        if (!ref.is_branch()) return begin == filter_.end() && give_all(ref);
        branch_ = ref.number();
        begin_ = begin;
        return true;
    }

    /// Where the next level of the filter begins behind those of an edge, or its '#'.
    constexpr std::size_t pass(Characters edge) const noexcept
    {
        const Characters filter = filter_.text;
        std::size_t i = 0;
        for (std::size_t at = begin_; at < filter.size; ++at) {
            const char c = filter.data[at];
            if (c == '#') return at;
            if (c == '+') i = level_end(edge, i);
            else if (i < edge.size && edge.data[i] == c) ++i;
            else return i == edge.size && c == '/' ? at + 1 : no_match;
        }
        return i == edge.size ? filter_.end() : no_match;
    }

    /// Gives all leaves below a child; false.
    constexpr bool give_all(ChildRef top)
    {
        for (ChildRef ref = top;;) {
            while (ref.is_branch()) ref = tree_.branch(ref.number()).first;
            ChildRef last = ref;
            while (last != top && tree_.child(last).next.is_none()) last = ChildRef::branch(tree_.child(last).parent());
            const ChildRef next = tree_.child(last).next;
            visit_(IndexMatch(tree_, ref.number()));
            if (last == top) return false;
            ref = next;
        }
    }

    const LevelTree& tree_;
    const TopicLevels filter_;
    Visit& visit_;
    std::uint32_t branch_ = LevelTree::root;
    std::size_t begin_ = 0; ///< of the level behind those above and on the edge of the branch
};

} // namespace MQTTWIRE_CODE

} // namespace wire

/// What indices of filters and of names have in common. An index holds views: storage and texts are the caller's, and
/// are there as long as the index or the entry.
class TopicIndex {
public:
    constexpr std::size_t size() const noexcept { return tree_.size(); }
    constexpr std::size_t capacity() const noexcept { return tree_.capacity(); }
    constexpr bool full() const noexcept { return size() == capacity(); }

    /// The filter, without `$share/{share_name}/`, or the name of an entry.
    constexpr Text text(IndexEntry entry) const noexcept { return match_of(entry).text(); }
    constexpr Text share_name(IndexEntry entry) const noexcept { return match_of(entry).share_name(); }
    constexpr std::uint32_t value(IndexEntry entry) const noexcept { return match_of(entry).value(); }
    constexpr void set_value(IndexEntry entry, std::uint32_t value) noexcept { tree_.set_value(number(entry), value); }

    /// Takes an entry out. Its text must still be there. False, and nothing happens, if there is no such entry, as when
    /// it was erased before; but its number may be that of another entry by then, which was inserted since.
    template <class = config::Code>
    constexpr bool erase(IndexEntry entry) noexcept
    {
        return tree_.erase(number(entry));
    }
    /// Takes all entries out.
    constexpr void clear() noexcept { tree_.clear(); }

    /// Moves to larger storage; entries stay valid. The old storage must still be there with all that is in it, so what
    /// `realloc` has moved is too late. Each of the three parts may be the old one made longer where it is; else new
    /// and old memory must not overlap. False, and nothing happens, if the new storage is smaller, or, where
    /// MQTTWIRE_ASSERTIONS is 1, if it overlaps otherwise.
    template <class = config::Code>
    constexpr bool grow(const IndexStorage& storage) noexcept
    {
        if (config::assertions && !std::is_constant_evaluated() && tree_.is_entangled(storage)) return false;
        return tree_.grow(storage);
    }

protected:
    constexpr TopicIndex(const IndexStorage& storage, HashKey key) noexcept : tree_(storage, key) {}

    static constexpr std::uint32_t number(IndexEntry entry) noexcept { return static_cast<std::uint32_t>(entry); }
    constexpr IndexMatch match_of(IndexEntry entry) const noexcept { return {tree_, number(entry)}; }

    constexpr std::optional<IndexEntry> insert_key(wire::TreeKey key, std::uint32_t value) noexcept
    {
        const std::uint32_t number = tree_.insert(key, value);
        if (number == wire::no_number) return std::nullopt;
        return IndexEntry{number};
    }
    constexpr std::optional<IndexMatch> find_key(wire::TreeKey key) const noexcept
    {
        const std::uint32_t number = tree_.find(key);
        if (number == wire::no_number) return std::nullopt;
        return IndexMatch{tree_, number};
    }

    wire::LevelTree tree_;
};

/// Filters with a value each: finds those that match a name.
class FilterIndex : public TopicIndex {
public:
    constexpr FilterIndex(const IndexStorage& storage, HashKey key) noexcept : TopicIndex(storage, key) {}

    /// Adds a filter; nothing if the index is full or the filter is not valid. `$share/...` is that of a shared
    /// subscription in 5.0 and a filter like any other in earlier versions. The same filter may be added again, with
    /// another value or the same one.
    template <class = config::Code>
    constexpr std::optional<IndexEntry> insert(
        const Text& filter, std::uint32_t value, Version version = Version::v5) noexcept
    {
        if (!valid_topic_filter(filter, version)) return std::nullopt;
        return insert_key(key(filter, version), value);
    }

    /// The entries of a filter (with its share name); nothing if there are none.
    template <class = config::Code>
    constexpr std::optional<IndexMatch> find(const Text& filter, Version version = Version::v5) const noexcept
    {
        return find_key(key(filter, version));
    }

    /// Calls `visit(const IndexMatch&)` for every filter that matches a valid topic name, and of a shared one for every
    /// share name, in no order; none matches a name of more than 65,535 bytes. `visit` may rotate what it is given, and
    /// change the index in no other way.
    template <class Visit, class = config::Code>
    constexpr void match(const Text& name, Visit&& visit) const
    {
        if (size() != 0 && name.size() <= 65'535) wire::FilterWalk<Visit>(tree_, name, visit).run();
    }

    /// Puts the first entry of a filter behind the others of it: who gives each message of a shared subscription to
    /// `match.entry()` and rotates then serves all in turn. `match` still begins with the entry that was first, and is
    /// not to be gone over any more; who looks for an entry that can take the message goes over `match` before. Takes
    /// time that depends on the filter's levels alone.
    template <class = config::Code>
    constexpr void rotate(const IndexMatch& match) noexcept
    {
        tree_.rotate(number(match.entry()));
    }

private:
    static constexpr wire::TreeKey key(const Text& filter, Version version) noexcept
    {
        const auto shared = version == Version::v5 ? split_shared(filter) : std::nullopt;
        if (!shared) return {{filter.data(), filter.size()}, 0};
        return {{shared->filter.data(), shared->filter.size()}, shared->share_name.size()};
    }
};

/// Topic names with a value each, such as those of retained messages: finds those that a filter matches.
class NameIndex : public TopicIndex {
public:
    constexpr NameIndex(const IndexStorage& storage, HashKey key) noexcept : TopicIndex(storage, key) {}

    /// Adds a name; nothing if the index is full or the name is not valid.
    template <class = config::Code>
    constexpr std::optional<IndexEntry> insert(const Text& name, std::uint32_t value) noexcept
    {
        if (!valid_topic_name(name)) return std::nullopt;
        return insert_key({{name.data(), name.size()}, 0}, value);
    }

    /// The entries of a name; nothing if there are none.
    template <class = config::Code>
    constexpr std::optional<IndexMatch> find(const Text& name) const noexcept
    {
        return find_key({{name.data(), name.size()}, 0});
    }

    /// Calls `visit(const IndexMatch&)` for every name that a filter matches, in no order; one that is not valid
    /// matches none. Of a shared subscription, pass the filter that `split_shared` gives, as to `matches`.
    template <class Visit, class = config::Code>
    constexpr void match(const Text& filter, Visit&& visit) const
    {
        constexpr Version no_shares = Version::v3_1_1; // what follows a share name may begin with `$share` again
        if (size() != 0 && valid_topic_filter(filter, no_shares)) wire::NameWalk<Visit>(tree_, filter, visit).run();
    }
};

} // namespace mqttwire::inline MQTTWIRE_ABI
