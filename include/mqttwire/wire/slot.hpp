// Slot: one property of a property struct, as the walkers see it.
#pragma once

#include "mqttwire/property_id.hpp"

#include <cstdint>
#include <optional>

namespace mqttwire::wire {

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

/// True if the member holds something: an optional with a value or a list with elements.
template <class Value>
constexpr bool is_present(const std::optional<Value>& member) noexcept
{
    return member.has_value();
}
template <class List>
constexpr bool is_present(const List& member) noexcept
{
    return !member.empty();
}

} // namespace mqttwire::wire
