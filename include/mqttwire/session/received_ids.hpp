// ReceivedIds: the identifiers of QoS 2 messages that have been received and not yet released by PUBREL, so that none
// is delivered twice [3.1.1 and 5.0: section 4.3.3].
//
// The sender chooses the identifiers, any from 1 to 65,535: a table by the identifier's remainder, whose collisions
// take the next free places. Where there is room for a few only, they stand one behind the other. Four bytes an
// identifier.
#pragma once

#include "mqttwire/config.hpp"
#include "mqttwire/session/room.hpp"

#include <cstddef>
#include <cstdint>
#include <span>

namespace mqttwire::inline MQTTWIRE_ABI::session {

/// The memory of an identifier; `id` 0: a free place, where the place depends on the identifier.
struct ReceivedId {
    std::uint16_t id;
    std::uint16_t on_this_connection; ///< 1: its PUBLISH has come on the present connection
};

template <std::size_t Capacity = in_callers_memory>
class ReceivedIds {
public:
    constexpr ReceivedIds() noexcept
        requires(Capacity != in_callers_memory)
    = default;
    constexpr explicit ReceivedIds(std::span<ReceivedId> memory) noexcept
        requires(Capacity == in_callers_memory)
        : places_(memory)
    {
        clear();
    }

    constexpr std::uint16_t capacity() const noexcept { return static_cast<std::uint16_t>(places_.size()); }
    constexpr std::uint16_t size() const noexcept { return size_; }
    constexpr bool full() const noexcept { return size_ == capacity(); }

    /// Moves all into other memory; false if that is too small, and nothing has changed.
    constexpr bool move_to(std::span<ReceivedId> memory) noexcept
        requires(Capacity == in_callers_memory)
    {
        if (memory.size() < size_) return false;
        ReceivedIds moved(memory);
        for (std::size_t at = 0; at < end(); ++at) {
            if (places_[at].id == 0) continue;
            moved.places_[moved.put(places_[at].id)] = places_[at];
        }
        moved.on_this_connection_ = on_this_connection_;
        *this = moved;
        return true;
    }

    /// Identifiers whose PUBLISH has come on this connection: what counts against the own Receive Maximum.
    constexpr std::uint16_t on_this_connection() const noexcept { return on_this_connection_; }

    constexpr bool contains(std::uint16_t id) const noexcept { return find(id) != none; }

    constexpr bool came_on_this_connection(std::uint16_t id) const noexcept
    {
        const std::size_t at = find(id);
        return at != none && places_[at].on_this_connection != 0;
    }

    /// Notes that the PUBLISH has come on this connection; false if there is no room left.
    constexpr bool insert(std::uint16_t id) noexcept
    {
        const std::size_t at = put(id);
        if (at == none) return false;
        ReceivedId& place = places_[at];
        on_this_connection_ = static_cast<std::uint16_t>(on_this_connection_ + (1U - place.on_this_connection));
        place.on_this_connection = 1;
        return true;
    }
    /// Puts back an identifier that was saved; false if there is no room left.
    constexpr bool put_back(std::uint16_t id) noexcept { return put(id) != none; }

    /// Forgets an identifier; false if it was not there.
    constexpr bool erase(std::uint16_t id) noexcept
    {
        std::size_t hole = find(id);
        if (hole == none) return false;
        on_this_connection_ = static_cast<std::uint16_t>(on_this_connection_ - places_[hole].on_this_connection);
        --size_;
        if constexpr (few) {
            places_[hole] = places_[size_];
        } else {
            // What stands behind in the same run moves up, unless its search would then begin behind it.
            for (std::size_t at = behind(hole); at != hole && places_[at].id != 0; at = behind(at)) {
                if (distance(home(places_[at].id), at) < distance(hole, at)) continue;
                places_[hole] = places_[at];
                hole = at;
            }
            places_[hole] = {};
        }
        return true;
    }

    /// A new connection: nothing has come on it yet.
    constexpr void begin_connection() noexcept
    {
        for (std::size_t at = 0; at < end(); ++at) places_[at].on_this_connection = 0;
        on_this_connection_ = 0;
    }

    constexpr void clear() noexcept
    {
        if constexpr (!few)
            for (std::size_t at = 0; at < places_.size(); ++at) places_[at] = {};
        size_ = 0;
        on_this_connection_ = 0;
    }

    /// Calls f with each identifier, in no order.
    template <class F>
    constexpr void for_each(F&& f) const
    {
        for (std::size_t at = 0; at < end(); ++at)
            if (few || places_[at].id != 0) f(places_[at].id);
    }

private:
    static constexpr std::size_t none = static_cast<std::size_t>(-1);
    static constexpr bool few = Capacity <= 16; ///< so few that the search may begin at the first

    /// Behind the places that may be taken.
    constexpr std::size_t end() const noexcept { return few ? size_ : places_.size(); }
    constexpr std::size_t home(std::uint16_t id) const noexcept { return id % places_.size(); }
    constexpr std::size_t behind(std::size_t at) const noexcept { return at + 1 == places_.size() ? 0 : at + 1; }
    constexpr std::size_t distance(std::size_t from, std::size_t to) const noexcept
    {
        return to >= from ? to - from : to + places_.size() - from;
    }

    constexpr std::size_t find(std::uint16_t id) const noexcept
    {
        if constexpr (few) {
            for (std::size_t at = 0; at < size_; ++at)
                if (places_[at].id == id) return at;
        } else if (size_ != 0) {
            std::size_t at = home(id);
            for (std::size_t seen = 0; seen < places_.size() && places_[at].id != 0; ++seen) {
                if (places_[at].id == id) return at;
                at = behind(at);
            }
        }
        return none;
    }

    /// The place of an identifier, which is taken if it has none; `none` if there is no room left.
    constexpr std::size_t put(std::uint16_t id) noexcept
    {
        std::size_t at = find(id);
        if (at != none || full()) return at;
        at = size_;
        if constexpr (!few)
            for (at = home(id); places_[at].id != 0;) at = behind(at);
        places_[at] = {id, 0};
        ++size_;
        return at;
    }

    std::uint16_t size_{};
    std::uint16_t on_this_connection_{};
    [[no_unique_address]] Room<ReceivedId, Capacity> places_{};
};

} // namespace mqttwire::inline MQTTWIRE_ABI::session
