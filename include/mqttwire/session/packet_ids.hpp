// PacketIds: the packet identifiers that one sender has in use, in the order in which they were taken
// [3.1.1: section 2.3.1; 5.0: section 2.2.1].
//
// PUBLISH, SUBSCRIBE and UNSUBSCRIBE of a sender share one space of identifiers, so there is one PacketIds a sender.
// Identifier n has entry n - 1 for its own. Two lists run through the entries: of those in use, oldest first, and of
// those that are free, longest free first, so that an identifier rests as long as it can before it is used again.
//
//   bits    15 14   13 ... 0        15 14   13 ... 0
//         +-------+----------+    +-------+----------+
//         | mark  |   next   |    | mark  | previous |     4 bytes an entry; the four bits of mark are the user's
//         +-------+----------+    +-------+----------+
#pragma once

#include "mqttwire/config.hpp"
#include "mqttwire/session/room.hpp"

#include <cstddef>
#include <cstdint>
#include <span>

namespace mqttwire::inline MQTTWIRE_ABI::session {

/// The memory of an identifier.
struct PacketIdEntry {
    std::uint16_t next;
    std::uint16_t previous;
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
    template <class = config::Code>
    constexpr std::uint16_t take(unsigned mark) noexcept
    {
        const std::uint16_t id = free_.first;
        if (id == 0) return 0;
        if constexpr (config::small) {
            remove(free_, id);
        } else { // the same, knowing that it is the first
            free_.first = link(at(id).next);
            if (free_.first != 0) set_link(at(free_.first).previous, 0);
            else free_.last = 0;
        }
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
    constexpr unsigned mark(std::uint16_t id) const noexcept
    {
        if (!known(id)) return 0;
        const PacketIdEntry& entry = at(id);
        return (static_cast<unsigned>(entry.next) >> 14U) << 2U | static_cast<unsigned>(entry.previous) >> 14U;
    }
    /// Marks an identifier that is in use with 1 to 15.
    constexpr void set_mark(std::uint16_t id, unsigned mark) noexcept
    {
        PacketIdEntry& entry = at(id);
        entry.next = static_cast<std::uint16_t>((entry.next & maximum) | (mark >> 2U) << 14U);
        entry.previous = static_cast<std::uint16_t>((entry.previous & maximum) | (mark & 3U) << 14U);
    }

    /// The identifiers in use, oldest first; 0 behind the last.
    constexpr std::uint16_t first() const noexcept { return used_.first; }
    constexpr std::uint16_t next(std::uint16_t id) const noexcept { return link(at(id).next); }

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

    static constexpr std::uint16_t link(std::uint16_t field) noexcept { return field & maximum; }
    static constexpr void set_link(std::uint16_t& field, std::uint16_t id) noexcept
    {
        field = static_cast<std::uint16_t>((field & ~maximum) | id);
    }

    constexpr bool known(std::uint16_t id) const noexcept { return id != 0 && id <= capacity(); }
    constexpr PacketIdEntry& at(std::uint16_t id) noexcept { return entries_[id - 1U]; }
    constexpr const PacketIdEntry& at(std::uint16_t id) const noexcept { return entries_[id - 1U]; }

    constexpr void append(Ends& list, std::uint16_t id, unsigned mark) noexcept
    {
        at(id) = {static_cast<std::uint16_t>((mark >> 2U) << 14U),
            static_cast<std::uint16_t>((mark & 3U) << 14U | list.last)};
        if (list.last != 0) set_link(at(list.last).next, id);
        else list.first = id;
        list.last = id;
    }

    constexpr void remove(Ends& list, std::uint16_t id) noexcept
    {
        const std::uint16_t next = link(at(id).next);
        const std::uint16_t previous = link(at(id).previous);
        if (previous != 0) set_link(at(previous).next, next);
        else list.first = next;
        if (next != 0) set_link(at(next).previous, previous);
        else list.last = previous;
    }

    Ends used_{};
    Ends free_{};
    [[no_unique_address]] Room<PacketIdEntry, Capacity> entries_{};
};

} // namespace mqttwire::inline MQTTWIRE_ABI::session
