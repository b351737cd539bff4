// LevelTree: topic filters or names as a tree of their levels, over the caller's storage. What FilterIndex and
// NameIndex of topic_index.hpp share.
//
//     sensors/1/temp                     root --- "sensors" -+- "1" -+- "temp"
//     sensors/1/hum           is                             |       '- "hum"
//     sensors/2/temp                                         '- "2/temp"
//
// A leaf is a filter. A branch stands where filters part, so each has two children or more, and a tree of n filters has
// at most n branches, the root included, however many levels there are. The edge from a branch to a child bears as many
// whole levels as the filters below share; it is not stored but read from the text of a filter below.
//
// The children of a branch are a list: first "#", then the end (a filter that goes no further), then "+", then the
// other levels. The second and all further ones of those other levels stand in a hash table as well, by branch and
// level.
//
// Shared subscriptions: below the end of their filter stands one more branch, whose levels are the share names; the
// empty one is that of subscriptions that are not shared. Entries with the same filter and share name are a ring: one
// is the leaf, the others hang on it.
#pragma once

#include "mqttwire/config.hpp"
#include "mqttwire/wire/bytes.hpp"
#include "mqttwire/wire/keyed_hash.hpp"
#include "mqttwire/wire/topic_levels.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>

namespace mqttwire::inline MQTTWIRE_ABI {

namespace wire {

inline constexpr std::uint32_t no_number = 0x7FFFFFFF;

/// A child: a leaf or a branch, by its number.
struct ChildRef {
    std::uint32_t bits = no_number;

    static constexpr std::uint32_t branch_bit = 0x80000000U;
    static constexpr ChildRef leaf(std::uint32_t number) noexcept { return {number}; }
    static constexpr ChildRef branch(std::uint32_t number) noexcept { return {number | branch_bit}; }
    constexpr bool is_none() const noexcept { return bits == no_number; }
    constexpr bool is_branch() const noexcept { return (bits & branch_bit) != 0; }
    constexpr std::uint32_t number() const noexcept { return bits & ~branch_bit; }
    friend constexpr bool operator==(ChildRef, ChildRef) noexcept = default;
};

/// What the first level of a child is, in the order of siblings; or that a leaf hangs on another one.
enum class ChildKind : std::uint32_t { multi_level, end, single_level, literal, member };

/// What leaves and branches have in common.
struct Child {
    std::uint32_t place = 0; ///< parent and kind, see the functions
    ChildRef next{};
    ChildRef previous{};
    std::uint16_t end = 0; ///< how much of the text lies above and on the edge
    std::uint16_t extra = 0; ///< a leaf's: size of its share name; a branch's: levels above and on the edge, unless
                             ///< its children are share names

    static constexpr std::uint32_t kind_shift = 29;
    static constexpr std::uint32_t parent_mask = (1U << kind_shift) - 1;

    constexpr ChildKind kind() const noexcept { return static_cast<ChildKind>(place >> kind_shift); }
    constexpr std::uint32_t parent() const noexcept { return place & parent_mask; }
    constexpr void put(ChildKind kind, std::uint32_t parent) noexcept
    {
        place = static_cast<std::uint32_t>(kind) << kind_shift | parent;
    }
};

} // namespace wire

/// Storage of an index for one filter or name.
struct IndexLeaf : wire::Child {
    const char* text = nullptr; ///< the filter, behind its share name if it is shared
    std::uint32_t value = 0;
    std::uint32_t members = wire::no_number; ///< a leaf's: the first that hangs on it
};

/// Storage of an index for a place where filters or names part.
struct IndexBranch : wire::Child {
    wire::ChildRef first{};
    std::uint32_t owner = 0; ///< a leaf below, from whose text the edge is read; bit 31: children are share names
};

static_assert(sizeof(IndexLeaf) <= 32 && sizeof(IndexBranch) == 24);

/// The memory of an index, the caller's: 64 bytes a filter. As many filters fit as there are leaves and branches, and
/// half as many as there are slots.
struct IndexStorage {
    std::span<IndexLeaf> leaves;
    std::span<IndexBranch> branches;
    std::span<std::uint32_t> slots;
};

namespace wire {

/// A wildcard is alone in its level; in a text that is not valid it may be none.
constexpr ChildKind kind_of_level(Characters text, std::size_t begin) noexcept
{
    if (begin > text.size) return ChildKind::end;
    if (begin == text.size) return ChildKind::literal;
    const bool alone = begin + 1 == text.size || text.data[begin + 1] == '/';
    if (alone && text.data[begin] == '#') return ChildKind::multi_level;
    if (alone && text.data[begin] == '+') return ChildKind::single_level;
    return ChildKind::literal;
}

/// A filter or name with its share name, if it has one, in front of it.
struct TreeKey {
    Characters text{};
    std::size_t share_name_size = 0;

    constexpr Characters share_name() const noexcept
    {
        return share_name_size == 0 ? Characters{} : Characters{text.data - 1 - share_name_size, share_name_size};
    }
};

class LevelTree {
public:
    static constexpr std::uint32_t root = 0;
    static constexpr std::size_t most_entries = Child::parent_mask;

    constexpr LevelTree(const IndexStorage& storage, HashKey key) noexcept : key_(key)
    {
        use(storage);
        if (capacity_ != 0) clear();
    }

    constexpr std::size_t size() const noexcept { return size_; }
    constexpr std::size_t capacity() const noexcept { return capacity_; }

    /// Forgets all entries.
    constexpr void clear() noexcept
    {
        size_ = 0;
        leaves_used_ = 0;
        free_leaf_ = no_number;
        free_branch_ = no_number;
        if (capacity_ == 0) return;
        branches_[root] = {};
        branches_used_ = 1;
        std::ranges::fill(slots_, 0U);
    }

    /// Moves to larger storage; numbers of entries stay. False and no change if it is too small for what was ever used.
    /// Leaves and branches may begin where they are already, and slots lie anywhere but on leaves and branches.
    constexpr bool grow(const IndexStorage& storage) noexcept
    {
        LevelTree grown = *this;
        grown.use(storage);
        if (grown.capacity_ < capacity_ || grown.capacity_ == 0) return false;
        if (capacity_ == 0) {
            *this = LevelTree(storage, key_);
            return true;
        }
        move<IndexLeaf>(leaves_.first(leaves_used_), grown.leaves_);
        move<IndexBranch>(branches_.first(branches_used_), grown.branches_);
        grown.fill_table();
        *this = grown;
        return true;
    }

    /// True if storage has memory in common with that of the tree in another way than by parts that begin where they do
    /// already. Not found out while compiling.
    bool is_entangled(const IndexStorage& storage) const noexcept
    {
        const std::array<std::span<const std::byte>, 3> before{
            std::as_bytes(leaves_), std::as_bytes(branches_), std::as_bytes(slots_)};
        const std::array<std::span<const std::byte>, 3> after{
            std::as_bytes(storage.leaves), std::as_bytes(storage.branches), std::as_bytes(storage.slots)};
        for (std::size_t i = 0; i < 3; ++i)
            for (std::size_t j = 0; j < 3; ++j)
                if ((i != j || before[i].data() != after[j].data()) && overlap(before[i], after[j])) return true;
        return false;
    }

    constexpr const IndexLeaf& leaf(std::uint32_t number) const noexcept { return leaves_[number]; }
    constexpr const IndexBranch& branch(std::uint32_t number) const noexcept { return branches_[number]; }
    constexpr void set_value(std::uint32_t leaf, std::uint32_t value) noexcept { leaves_[leaf].value = value; }

    constexpr const Child& child(ChildRef ref) const noexcept
    {
        if (ref.is_branch()) return branches_[ref.number()];
        return leaves_[ref.number()];
    }

    constexpr TreeKey key(std::uint32_t leaf) const noexcept
    {
        const IndexLeaf& entry = leaves_[leaf];
        return {{entry.text, entry.end}, entry.extra};
    }
    constexpr bool has_share_names(const IndexBranch& branch) const noexcept
    {
        return (branch.owner & share_names_bit) != 0;
    }
    /// The levels above a child and on its edge.
    constexpr Characters path(ChildRef ref) const noexcept
    {
        if (!ref.is_branch()) return key(ref.number()).text;
        const IndexBranch& branch = branches_[ref.number()];
        return {leaves_[owner(branch)].text, branch.end};
    }
    /// Where the edges below a branch begin.
    constexpr std::size_t edge_begin(std::uint32_t branch) const noexcept
    {
        return branch == root ? 0 : branches_[branch].end + std::size_t{1};
    }

    constexpr ChildRef first_literal(ChildRef sibling) const noexcept
    {
        while (!sibling.is_none() && child(sibling).kind() != ChildKind::literal) sibling = child(sibling).next;
        return sibling;
    }

    constexpr HashKey hash_key() const noexcept { return key_; }

    /// The child of a branch whose first level (or whose share name) is this; `first` is the first child that is no
    /// wildcard and no end. The digest of the level is 0 if it is not known.
    constexpr ChildRef find_literal(
        std::uint32_t branch, ChildRef first, Characters level, std::uint64_t digest = 0) const noexcept
    {
        if (first.is_none() || begins_with(first, branch, level)) return first;
        if (child(first).next.is_none()) return {};
        const std::uint64_t hash = hash_of(branch, level, digest);
        for (std::size_t at = home(hash); slots_[at] != 0; at = following(at)) {
            if (!same_tag(slots_[at], hash)) continue;
            const ChildRef ref = ref_in(slots_[at]);
            if (child(ref).parent() == branch && begins_with(ref, branch, level)) return ref;
        }
        return {};
    }

    /// The leaf of a key; `no_number` if there is none.
    constexpr std::uint32_t find(TreeKey wanted) const noexcept
    {
        if (capacity_ == 0) return no_number;
        for (std::uint32_t at = root;;) {
            const ChildRef ref = find_child(at, wanted);
            if (ref.is_none()) return no_number;
            if (common_end(ref, wanted.text, edge_begin(at)) != path(ref).size) return no_number;
            if (!ref.is_branch()) return same_key(key(ref.number()), wanted) ? ref.number() : no_number;
            if (has_share_names(branches_[ref.number()]) && path(ref).size != wanted.text.size) return no_number;
            at = ref.number();
        }
    }

    /// Adds an entry; `no_number` if all are taken. The text is not copied.
    constexpr std::uint32_t insert(TreeKey wanted, std::uint32_t value) noexcept
    {
        if (size_ == capacity_) return no_number;
        const std::uint32_t number = take_leaf(wanted, value);
        for (std::uint32_t at = root;;) {
            const ChildRef ref = find_child(at, wanted);
            if (ref.is_none()) {
                attach(at, ChildRef::leaf(number), kind_below(at, wanted));
                return number;
            }
            const std::size_t common = common_end(ref, wanted.text, edge_begin(at));
            const bool whole = common == path(ref).size;
            const bool ends_too = whole && common == wanted.text.size;
            if (!ref.is_branch() && ends_too && leaves_[ref.number()].extra == wanted.share_name_size
                && key(ref.number()).share_name() == wanted.share_name()) {
                join(ref.number(), number);
                return number;
            }
            const bool share_names = ref.is_branch() && has_share_names(branches_[ref.number()]);
            const bool descend = ref.is_branch() && whole && (!share_names || ends_too);
            at = descend ? ref.number() : split(ref, common, !ref.is_branch() && ends_too);
        }
    }

    /// Takes an entry out. Its text must still be there. False and no change if there is no such entry.
    constexpr bool erase(std::uint32_t number) noexcept
    {
        if (number >= leaves_used_ || leaves_[number].text == nullptr) return false;
        IndexLeaf& entry = leaves_[number];
        if (entry.kind() == ChildKind::member) {
            leave(number);
        } else if (entry.members != no_number) {
            promote(number);
        } else {
            const std::uint32_t at = entry.parent();
            detach(ChildRef::leaf(number));
            const ChildRef first = branches_[at].first;
            const bool alone = at != root && child(first).next.is_none();
            if (at != root) disown(at, number, some_leaf(first));
            if (alone) merge(at);
        }
        give_back(number);
        return true;
    }

    /// Puts a leaf behind all entries that hang on it; the first of these takes its place.
    constexpr void rotate(std::uint32_t number) noexcept
    {
        const std::uint32_t first = leaves_[number].members;
        if (first == no_number) return;
        promote(number);
        leaves_[number].members = no_number;
        join(first, number);
    }

private:
    static constexpr std::uint32_t share_names_bit = 0x80000000U;

    constexpr void use(const IndexStorage& storage) noexcept
    {
        capacity_ = std::min({storage.leaves.size(), storage.branches.size(), storage.slots.size() / 2, most_entries});
        leaves_ = storage.leaves;
        branches_ = storage.branches;
        slots_ = storage.slots.first(std::min<std::size_t>(storage.slots.size(), 0xFFFFFFFFU));
        ref_bits_ = static_cast<std::uint32_t>(std::bit_width(2 * capacity_));
    }

    template <class Part>
    static constexpr void move(std::span<const Part> from, std::span<Part> to) noexcept
    {
        if (from.data() != to.data()) std::ranges::copy(from, to.begin());
    }

    constexpr Child& child(ChildRef ref) noexcept
    {
        if (ref.is_branch()) return branches_[ref.number()];
        return leaves_[ref.number()];
    }
    static constexpr std::uint32_t owner(const IndexBranch& branch) noexcept { return branch.owner & ~share_names_bit; }
    constexpr std::uint32_t some_leaf(ChildRef ref) const noexcept
    {
        return ref.is_branch() ? owner(branches_[ref.number()]) : ref.number();
    }

    static constexpr bool same_key(TreeKey a, TreeKey b) noexcept
    {
        return a.text == b.text && a.share_name() == b.share_name();
    }

    /// The first level on the edge to a child of a branch, or its share name.
    constexpr Characters first_level(ChildRef ref, std::uint32_t branch) const noexcept
    {
        if (has_share_names(branches_[branch])) return key(ref.number()).share_name();
        const Characters text = path(ref).from(edge_begin(branch));
        return {text.data, level_end(text, 0)};
    }

    /// True if the first level on the edge to a child of a branch, or its share name, is this one.
    constexpr bool begins_with(ChildRef ref, std::uint32_t branch, Characters level) const noexcept
    {
        if (has_share_names(branches_[branch])) return key(ref.number()).share_name() == level;
        const Characters text = path(ref).from(edge_begin(branch));
        return text.size >= level.size && (text.size == level.size || text.data[level.size] == '/')
            && Characters{text.data, level.size} == level;
    }

    /// What the child of a branch is that a key needs.
    constexpr ChildKind kind_below(std::uint32_t branch, TreeKey wanted) const noexcept
    {
        if (has_share_names(branches_[branch])) return ChildKind::literal;
        return kind_of_level(wanted.text, edge_begin(branch));
    }

    constexpr ChildRef find_child(std::uint32_t branch, TreeKey wanted) const noexcept
    {
        const ChildKind kind = kind_below(branch, wanted);
        ChildRef ref = branches_[branch].first;
        while (!ref.is_none() && child(ref).kind() < kind) ref = child(ref).next;
        if (kind != ChildKind::literal) return !ref.is_none() && child(ref).kind() == kind ? ref : ChildRef{};
        if (has_share_names(branches_[branch])) return find_literal(branch, ref, wanted.share_name());
        const Characters text = wanted.text.from(edge_begin(branch));
        return find_literal(branch, ref, {text.data, level_end(text, 0)});
    }

    /// Where the last level ends that the path to a child and a text have in common; the first level from `begin` is
    /// known to be.
    constexpr std::size_t common_end(ChildRef ref, Characters text, std::size_t begin) const noexcept
    {
        const Characters other = path(ref);
        const std::size_t shorter = std::min(other.size, text.size);
        if (begin > shorter) return shorter;
        std::size_t at = begin;
        while (at < shorter && other.data[at] == text.data[at]) ++at;
        const auto is_boundary = [at](Characters of) { return at == of.size || of.data[at] == '/'; };
        if (is_boundary(other) && is_boundary(text)) return at;
        for (--at; other.data[at] != '/';) --at;
        return at;
    }

    /// Puts a branch above a child, at a place on its edge, and gives its number.
    constexpr std::uint32_t split(ChildRef ref, std::size_t end, bool share_names) noexcept
    {
        const std::uint32_t number = take_branch();
        const std::uint32_t parent = child(ref).parent();
        const Characters text = path(ref);
        IndexBranch& added = branches_[number];
        added.owner = some_leaf(ref) | (share_names ? share_names_bit : 0U);
        added.end = static_cast<std::uint16_t>(end);
        if (!share_names) added.extra = levels_until(parent, text, end);
        replace(ref, ChildRef::branch(number));
        added.first = ref;
        Child& below = child(ref);
        below.next = {};
        below.previous = {};
        below.put(share_names ? ChildKind::literal : kind_of_level(text, end + 1), number);
        return number;
    }

    /// The levels of a text until a place on an edge below a branch.
    constexpr std::uint16_t levels_until(std::uint32_t branch, Characters text, std::size_t end) const noexcept
    {
        std::uint32_t levels = branches_[branch].extra;
        for (std::size_t at = edge_begin(branch); at <= end; ++at)
            if (at == end || text.data[at] == '/') ++levels;
        return static_cast<std::uint16_t>(levels);
    }

    /// Puts the only child of a branch into the branch's place.
    constexpr void merge(std::uint32_t number) noexcept
    {
        const ChildRef below = branches_[number].first;
        replace(ChildRef::branch(number), below);
        branches_[number] = {};
        branches_[number].next = ChildRef::branch(free_branch_);
        free_branch_ = number;
    }

    /// Puts a child that has no siblings into the place of another one.
    constexpr void replace(ChildRef old, ChildRef by) noexcept
    {
        const Child& before = child(old);
        if (is_in_table(old)) slots_[slot_of(old)] = slot_for(by, hash_of(old));
        Child& after = child(by);
        after.place = before.place;
        after.next = before.next;
        after.previous = before.previous;
        (before.previous.is_none() ? branches_[before.parent()].first : child(before.previous).next) = by;
        if (!before.next.is_none()) child(before.next).previous = by;
    }

    /// Adds a child to a branch: behind the first one if it is a literal and not alone, else where its kind belongs.
    constexpr void attach(std::uint32_t branch, ChildRef ref, ChildKind kind) noexcept
    {
        ChildRef before{};
        ChildRef after = branches_[branch].first;
        while (!after.is_none() && child(after).kind() < kind) {
            before = after;
            after = child(after).next;
        }
        if (kind == ChildKind::literal && !after.is_none()) {
            before = after;
            after = child(after).next;
        }
        Child& added = child(ref);
        added.put(kind, branch);
        added.previous = before;
        added.next = after;
        (before.is_none() ? branches_[branch].first : child(before).next) = ref;
        if (!after.is_none()) child(after).previous = ref;
        if (is_in_table(ref)) add_to_table(ref);
    }

    constexpr void detach(ChildRef ref) noexcept
    {
        const Child& gone = child(ref);
        if (is_in_table(ref)) {
            remove_from_table(slot_of(ref));
        } else if (gone.kind() == ChildKind::literal && !gone.next.is_none()) {
            remove_from_table(slot_of(gone.next)); // it is the first one now
        }
        (gone.previous.is_none() ? branches_[gone.parent()].first : child(gone.previous).next) = gone.next;
        if (!gone.next.is_none()) child(gone.next).previous = gone.previous;
    }

    /// Reads the edges of a branch, and of those above it, from another text if they are read from this leaf's.
    constexpr void disown(std::uint32_t branch, std::uint32_t leaf, std::uint32_t other) noexcept
    {
        for (; branch != root; branch = branches_[branch].parent()) {
            IndexBranch& above = branches_[branch];
            if (owner(above) == leaf) above.owner = other | (above.owner & share_names_bit);
        }
    }

    // Members: a ring through `next` and `previous`; only the first knows its leaf (as its parent).

    /// Hangs an entry on a leaf, behind all others.
    constexpr void join(std::uint32_t leaf, std::uint32_t number) noexcept
    {
        IndexLeaf& added = leaves_[number];
        if (leaves_[leaf].members == no_number) {
            leaves_[leaf].members = number;
            added.put(ChildKind::member, leaf);
            added.next = added.previous = ChildRef::leaf(number);
            return;
        }
        const ChildRef first = ChildRef::leaf(leaves_[leaf].members);
        const ChildRef last = child(first).previous;
        added.put(ChildKind::member, no_leaf);
        added.next = first;
        added.previous = last;
        child(first).previous = child(last).next = ChildRef::leaf(number);
    }

    /// Takes an entry out of the ring of those that hang on a leaf.
    constexpr void leave(std::uint32_t number) noexcept
    {
        const IndexLeaf& gone = leaves_[number];
        const bool alone = gone.next == ChildRef::leaf(number);
        child(gone.next).previous = gone.previous;
        child(gone.previous).next = gone.next;
        if (gone.parent() == no_leaf) return;
        leaves_[gone.parent()].members = alone ? no_number : gone.next.number();
        if (!alone) child(gone.next).put(ChildKind::member, gone.parent());
    }

    /// Puts the first entry that hangs on a leaf into the leaf's place.
    constexpr void promote(std::uint32_t number) noexcept
    {
        const std::uint32_t first = leaves_[number].members;
        leave(first);
        leaves_[first].members = leaves_[number].members;
        if (leaves_[first].members != no_number) leaves_[leaves_[first].members].put(ChildKind::member, first);
        const std::uint32_t parent = leaves_[number].parent();
        replace(ChildRef::leaf(number), ChildRef::leaf(first));
        disown(parent, number, first);
    }

    // The hash table: open addressing with linear probing. A slot is 0, or holds a child and as many bits of its hash
    // as there is room for above it.

    constexpr std::uint64_t hash_of(std::uint32_t branch, Characters level, std::uint64_t digest = 0) const noexcept
    {
        if (level.size > longest_without_digest) return hash_of_long(branch, level, digest);
        return sip_hash(key_, branch, level.data, level.size);
    }
    MQTTWIRE_NOINLINE constexpr std::uint64_t hash_of_long(
        std::uint32_t branch, Characters level, std::uint64_t known) const noexcept
    {
        return sip_hash(key_, branch + (known != 0 ? known : digest_of(level, key_)), nullptr, 0);
    }
    constexpr std::uint64_t hash_of(ChildRef ref) const noexcept
    {
        const std::uint32_t parent = child(ref).parent();
        return hash_of(parent, first_level(ref, parent));
    }
    constexpr std::uint32_t home(std::uint64_t hash) const noexcept
    {
        return static_cast<std::uint32_t>((hash >> 32U) * slots_.size() >> 32U);
    }
    constexpr std::size_t following(std::size_t slot) const noexcept
    {
        return slot + 1 == slots_.size() ? 0 : slot + 1;
    }
    constexpr std::uint32_t slot_for(ChildRef ref, std::uint64_t hash) const noexcept
    {
        const std::uint32_t tag = static_cast<std::uint32_t>(hash & 0xFFFFFFFFU) >> ref_bits_ << ref_bits_;
        return tag | (2 * ref.number() + (ref.is_branch() ? 1U : 0U) + 1U);
    }
    constexpr ChildRef ref_in(std::uint32_t slot) const noexcept
    {
        const std::uint32_t bits = (slot & ((1U << ref_bits_) - 1U)) - 1U;
        return (bits & 1U) != 0 ? ChildRef::branch(bits / 2) : ChildRef::leaf(bits / 2);
    }
    constexpr bool same_tag(std::uint32_t slot, std::uint64_t hash) const noexcept
    {
        return (slot ^ static_cast<std::uint32_t>(hash & 0xFFFFFFFFU)) >> ref_bits_ == 0;
    }

    constexpr bool is_in_table(ChildRef ref) const noexcept
    {
        const Child& which = child(ref);
        return which.kind() == ChildKind::literal && !which.previous.is_none()
            && child(which.previous).kind() == ChildKind::literal;
    }
    constexpr std::size_t slot_of(ChildRef ref) const noexcept
    {
        const std::uint64_t hash = hash_of(ref);
        std::size_t at = home(hash);
        for (const std::uint32_t slot = slot_for(ref, hash); slots_[at] != slot;) at = following(at);
        return at;
    }
    constexpr void add_to_table(ChildRef ref) noexcept
    {
        const std::uint64_t hash = hash_of(ref);
        std::size_t at = home(hash);
        while (slots_[at] != 0) at = following(at);
        slots_[at] = slot_for(ref, hash);
    }
    /// Fills the table anew; what is free is no literal.
    constexpr void fill_table() noexcept
    {
        std::ranges::fill(slots_, 0U);
        const auto add = [this](ChildRef ref) {
            if (is_in_table(ref)) add_to_table(ref);
        };
        for (std::uint32_t number = 0; number < leaves_used_; ++number) add(ChildRef::leaf(number));
        for (std::uint32_t number = 0; number < branches_used_; ++number) add(ChildRef::branch(number));
    }
    /// Empties a slot and moves those behind it up that would not be found any more.
    constexpr void remove_from_table(std::size_t gap) noexcept
    {
        const auto distance = [this](std::size_t from, std::size_t to) {
            return to >= from ? to - from : to + slots_.size() - from;
        };
        for (std::size_t at = following(gap); slots_[at] != 0; at = following(at)) {
            const std::size_t wanted = home(hash_of(ref_in(slots_[at])));
            if (distance(wanted, at) < distance(gap, at)) continue;
            slots_[gap] = slots_[at];
            gap = at;
        }
        slots_[gap] = 0;
    }

    // What is free is a list through `next`; behind it lies what was never used.

    constexpr std::uint32_t take_leaf(TreeKey key, std::uint32_t value) noexcept
    {
        const std::uint32_t number = free_leaf_ != no_number ? free_leaf_ : leaves_used_++;
        if (number == free_leaf_) free_leaf_ = leaves_[number].next.number();
        IndexLeaf& leaf = leaves_[number];
        leaf = {};
        leaf.text = key.text.data;
        leaf.end = static_cast<std::uint16_t>(key.text.size);
        leaf.extra = static_cast<std::uint16_t>(key.share_name_size);
        leaf.value = value;
        ++size_;
        return number;
    }
    constexpr void give_back(std::uint32_t number) noexcept
    {
        leaves_[number] = {};
        leaves_[number].next = ChildRef::leaf(free_leaf_);
        free_leaf_ = number;
        --size_;
    }
    constexpr std::uint32_t take_branch() noexcept
    {
        const std::uint32_t number = free_branch_ != no_number ? free_branch_ : branches_used_++;
        if (number == free_branch_) free_branch_ = branches_[number].next.number();
        branches_[number] = {};
        return number;
    }

    static constexpr std::uint32_t no_leaf = Child::parent_mask;

    std::span<IndexLeaf> leaves_{};
    std::span<IndexBranch> branches_{};
    std::span<std::uint32_t> slots_{};
    std::size_t capacity_ = 0;
    std::size_t size_ = 0;
    HashKey key_{};
    std::uint32_t ref_bits_ = 0;
    std::uint32_t leaves_used_ = 0;
    std::uint32_t branches_used_ = 0;
    std::uint32_t free_leaf_ = no_number;
    std::uint32_t free_branch_ = no_number;
};

} // namespace wire

} // namespace mqttwire::inline MQTTWIRE_ABI
