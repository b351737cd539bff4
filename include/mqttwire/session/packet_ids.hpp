// PacketIds: the packet identifiers that one sender has in use, in the order in which they were taken
// [3.1.1: section 2.3.1; 5.0: section 2.2.1].
//
// PUBLISH, SUBSCRIBE and UNSUBSCRIBE of a sender share one space of identifiers, so there is one PacketIds a sender.
// Identifier n has entry n - 1 for its own. Two lists run through the entries: of those in use, oldest first, and of
// those that are free, longest free first, so that an identifier rests as long as it can before it is used again.
//
//   bits    31 ... 28   27 ... 14   13 ... 0
//         +-----------+-----------+----------+
//         |   mark    |   next    | previous |     4 bytes an entry; mark is the user's
//         +-----------+-----------+----------+
#pragma once

#include "mqttwire/config.hpp"
#include "mqttwire/session/room.hpp"

#include <cstddef>
#include <cstdint>
#include <span>

namespace mqttwire::inline MQTTWIRE_ABI::session {

/// The memory of an identifier.
struct PacketIdEntry {
    std::uint32_t mark_and_links;
};

/// Takes, finds and gives back identifiers in the same small time however many there are.
template <std::size_t Capacity = in_callers_memory>
class PacketIds {
public:
    static constexpr std::size_t maximum = 0x3FFF; ///< identifiers there can be

    constexpr PacketIds() noexcept
        requires(Capacity != in_callers_memory)
    {
        clear();
    }
    constexpr explicit PacketIds(std::span<PacketIdEntry> memory) noexcept
        requires(Capacity == in_callers_memory)
        : entries_(memory)
    {
        clear();
    }

    /// Identifiers that may be in use at once: 1 to capacity() are used.
    constexpr std::uint16_t capacity() const noexcept
    {
        const std::size_t size = entries_.size();
        return static_cast<std::uint16_t>(size < maximum ? size : maximum);
    }
    constexpr bool full() const noexcept { return free_.first == 0; }

    /// Takes a free identifier [MQTT-2.3.1-2, -4; 5.0: MQTT-4.3.2-1, MQTT-4.3.3-1]; 0 if there is none. `mark` is 1 to
    /// 15.
    constexpr std::uint16_t take(unsigned mark) noexcept
    {
        const std::uint16_t id = free_.first;
        if (id == 0) return 0;
        remove(free_, id);
        append(used_, id, mark);
        return id;
    }

    /// Takes an identifier that is free, to put back what was saved; false if there is no such one.
    constexpr bool take_this(std::uint16_t id, unsigned mark) noexcept
    {
        if (!known(id) || in_use(id)) return false;
        remove(free_, id);
        append(used_, id, mark);
        return true;
    }

    /// Frees an identifier that is in use.
    constexpr void give_back(std::uint16_t id) noexcept
    {
        remove(used_, id);
        append(free_, id, 0);
    }

    constexpr bool in_use(std::uint16_t id) const noexcept { return mark(id) != 0; }

    /// What the identifier was marked with; 0 if it is not in use.
    constexpr unsigned mark(std::uint16_t id) const noexcept { return known(id) ? mark_in_use(id) : 0; }
    /// The same of one that is in use.
    constexpr unsigned mark_in_use(std::uint16_t id) const noexcept { return at(id) >> mark_shift; }
    /// Marks an identifier that is in use with 1 to 15.
    constexpr void set_mark(std::uint16_t id, unsigned mark) noexcept
    {
        at(id) = (at(id) & links) | std::uint32_t{mark} << mark_shift;
    }

    /// The identifiers in use, oldest first; 0 behind the last.
    constexpr std::uint16_t first() const noexcept { return used_.first; }
    constexpr std::uint16_t next(std::uint16_t id) const noexcept
    {
        return static_cast<std::uint16_t>(next_of(at(id)));
    }

    /// Frees all.
    constexpr void clear() noexcept
    {
        used_ = {};
        free_ = {};
        for (std::uint16_t id = 1; id <= capacity(); ++id) append(free_, id, 0);
    }

private:
    struct Ends {
        std::uint16_t first{};
        std::uint16_t last{};
    };

    static constexpr unsigned next_shift = 14;
    static constexpr unsigned mark_shift = 28;
    static constexpr std::uint32_t links = (std::uint32_t{1} << mark_shift) - 1;

    static constexpr std::uint32_t next_of(std::uint32_t entry) noexcept { return (entry & links) >> next_shift; }
    static constexpr std::uint32_t previous_of(std::uint32_t entry) noexcept { return entry & maximum; }

    constexpr bool known(std::uint16_t id) const noexcept { return id != 0 && id <= capacity(); }
    constexpr std::uint32_t& at(std::uint32_t id) noexcept { return entries_[id - 1U].mark_and_links; }
    constexpr std::uint32_t at(std::uint32_t id) const noexcept { return entries_[id - 1U].mark_and_links; }

    constexpr void append(Ends& list, std::uint16_t id, unsigned mark) noexcept
    {
        at(id) = std::uint32_t{mark} << mark_shift | list.last;
        if (list.last != 0) at(list.last) |= std::uint32_t{id} << next_shift;
        else list.first = id;
        list.last = id;
    }

    /// Links are changed by the difference between what they were, `id`, and what they are to be. What the first of a
    /// list has for its previous means nothing.
    constexpr void remove(Ends& list, std::uint16_t id) noexcept
    {
        const std::uint32_t next = next_of(at(id));
        if (id == list.first) {
            list.first = static_cast<std::uint16_t>(next);
            if (next == 0) list.last = 0;
            return;
        }
        const std::uint32_t previous = previous_of(at(id));
        at(previous) ^= (id ^ next) << next_shift;
        if (next != 0) at(next) ^= id ^ previous;
        else list.last = static_cast<std::uint16_t>(previous);
    }

    Ends used_{};
    Ends free_{};
    [[no_unique_address]] Room<PacketIdEntry, Capacity> entries_{};
};

} // namespace mqttwire::inline MQTTWIRE_ABI::session
