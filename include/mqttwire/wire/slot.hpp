// Slot: one property of a property struct, as the walkers see it.
#pragma once

#include "mqttwire/config.hpp"
#include "mqttwire/property_id.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>

namespace mqttwire::inline MQTTWIRE_ABI::wire {

/// A member of a property struct together with the property that it holds. The member is an optional value or, for a
/// property that may be repeated, a List.
template <PropertyId Id, class Member>
struct Slot {
    static constexpr PropertyId id = Id;
    static constexpr const PropertyRow& row = *find_property(Id);
    Member& member;
};

template <PropertyId Id, class Member>
constexpr Slot<Id, Member> slot(Member& member) noexcept
{
    return {member};
}

/// The number of values that a member holds: of an optional at most one, of a list its elements. To ask whether any of
/// many members holds something, join the numbers with `|`: that takes no branches.
template <class Value>
constexpr std::size_t count_values(const std::optional<Value>& member) noexcept
{
    return member.has_value();
}
template <class List>
constexpr std::size_t count_values(const List& member) noexcept
{
    return member.size();
}

} // namespace mqttwire::inline MQTTWIRE_ABI::wire
