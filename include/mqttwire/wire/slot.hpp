// Properties as the walkers see them: a member of a property struct together with the property that it holds.
//
// The walk of a property struct names its members as slots. Where speed counts, and while compiling, walkers work on
// the slots themselves. Where size counts, one function reads, and one writes, the properties of all packets: it sees a
// struct as a list of `ErasedProperty`, which comes from the same walk.
#pragma once

#include "mqttwire/config.hpp"
#include "mqttwire/property_id.hpp"
#include "mqttwire/wire/list.hpp"
#include "mqttwire/wire/string_kind.hpp"
#include "mqttwire/wire/text.hpp"
#include "mqttwire/wire/user_property.hpp"

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <type_traits>

namespace mqttwire::inline MQTTWIRE_ABI::wire {

/// What a property holds: the range of a number, and what kind of string a string is.
struct PropertyValue {
    PropertyType type;
    StringKind string;
    std::uint32_t least;
    std::uint32_t most;

    friend constexpr bool operator==(const PropertyValue&, const PropertyValue&) noexcept = default;
};

constexpr PropertyValue property_value(const PropertyRow& row) noexcept
{
    StringKind string = row.type == PropertyType::binary_data ? StringKind::binary : StringKind::text;
    if (row.is_topic_name) string = StringKind::topic_name;
    return {row.type, string, row.least, row.most};
}

/// A member of a property struct together with the property that it holds. The member is an optional value or, for a
/// property that may be repeated, a List.
template <PropertyId Id, class Member>
struct Slot {
    static constexpr const PropertyRow& row = *find_property(Id);
    static constexpr PropertyId id = Id;
    static constexpr PropertyValue value = property_value(row);
    Member& member;
};

template <PropertyId Id, class Member>
MQTTWIRE_STEP constexpr Slot<Id, Member> slot(Member& member) noexcept
{
    return {member};
}

/// The number of values that a member holds: of an optional at most one, of a list its elements. To ask whether any of
/// many members holds something, join the numbers with `|`: that takes no branches.
template <class Value>
MQTTWIRE_STEP constexpr std::size_t count_values(const std::optional<Value>& member) noexcept
{
    return member.has_value();
}
template <class T>
MQTTWIRE_STEP constexpr std::size_t count_values(const List<T>& member) noexcept
{
    return member.size();
}

/// The walker that tells the first property that has a value.
struct FirstValue {
    template <class... Slots>
    MQTTWIRE_ALWAYS_INLINE constexpr PropertyId slots(Slots... slots) const noexcept
    {
        return first(slots...);
    }

private:
    static constexpr PropertyId first() noexcept { return {}; }
    /// From the last to the first, which is less code than to stop at the first.
    template <class Slot, class... Rest>
    MQTTWIRE_ALWAYS_INLINE static constexpr PropertyId first(Slot slot, Rest... rest) noexcept
    {
        PropertyId id = first(rest...);
        if (count_values(slot.member) != 0) id = Slot::id;
        return id;
    }
};

/// The first property of a struct that has a value, or `no_property`.
template <class Properties>
MQTTWIRE_ALWAYS_INLINE constexpr PropertyId first_property(const Properties& properties) noexcept
{
    constexpr FirstValue first_value{};
    return Properties::walk(first_value, properties);
}

/// The walker that counts values, as count_values does.
struct ValueCount {
    template <class... Slots>
    MQTTWIRE_ALWAYS_INLINE constexpr std::size_t slots(Slots... slots) const noexcept
    {
        return (std::size_t{} | ... | count_values(slots.member));
    }
};

/// True if a property of a struct has a value.
template <class Properties>
MQTTWIRE_ALWAYS_INLINE constexpr bool any_property(const Properties& properties) noexcept
{
    constexpr ValueCount value_count{};
    return Properties::walk(value_count, properties) != 0;
}

// The struct against the table.

/// Stands for any optional or list when the members of a struct are counted.
struct AnyMember {
    template <class Member>
        requires std::is_default_constructible_v<Member> && requires(const Member& member) { count_values(member); }
    constexpr operator Member() const noexcept
    {
        return {};
    }
};

/// The members of an aggregate of optionals and lists.
template <class Properties, class... Members>
constexpr std::size_t count_members() noexcept
{
    if constexpr (requires { Properties{Members{}..., AnyMember{}}; })
        return count_members<Properties, Members..., AnyMember>();
    else return sizeof...(Members);
}

template <PropertyType Type>
struct HeldAs;
template <>
struct HeldAs<PropertyType::byte> : std::type_identity<std::uint8_t> {};
template <>
struct HeldAs<PropertyType::two_byte_integer> : std::type_identity<std::uint16_t> {};
template <>
struct HeldAs<PropertyType::four_byte_integer> : std::type_identity<std::uint32_t> {};
template <>
struct HeldAs<PropertyType::variable_byte_integer> : std::type_identity<std::uint32_t> {};
template <>
struct HeldAs<PropertyType::utf8_string> : std::type_identity<Text> {};
template <>
struct HeldAs<PropertyType::binary_data> : std::type_identity<Binary> {};
template <>
struct HeldAs<PropertyType::utf8_string_pair> : std::type_identity<UserProperty> {};

/// The walker that holds a property struct against the table: every property of the place, each once, in ascending
/// order of the identifiers, and each in a member of the type that the table asks for.
struct TableCheck {
    PropertyPlace place;

    template <class... Slots>
    constexpr bool slots(Slots...) const noexcept
    {
        std::size_t in_table = 0;
        for (const PropertyRow& row : property_table)
            if (may_stand(row, place)) ++in_table;
        int last = -1;
        const auto ascending = [&last](PropertyId id) {
            const int before = last;
            last = static_cast<int>(id);
            return before < last;
        };
        return in_table == sizeof...(Slots) && ((ascending(Slots::id) && is_right<Slots>()) && ...);
    }

private:
    template <class Slot>
    constexpr bool is_right() const noexcept
    {
        using Held = typename HeldAs<Slot::row.type>::type;
        using Member = std::remove_reference_t<decltype(Slot::member)>;
        return may_stand(Slot::row, place)
            && (may_repeat(Slot::row, place) ? std::same_as<Member, const List<Held>>
                                             : std::same_as<Member, const std::optional<Held>>);
    }
};

/// The walker that counts the slots of a property struct.
struct SlotCount {
    template <class... Slots>
    constexpr std::size_t slots(Slots...) const noexcept
    {
        return sizeof...(Slots);
    }
};

template <class Properties>
inline constexpr std::size_t slot_count = [] {
    const Properties none{};
    const SlotCount count{};
    return Properties::walk(count, none);
}();

/// True if the walk of a property struct names all its members. A member without a slot would never be read or written.
template <class Properties>
inline constexpr bool every_member_has_a_slot = count_members<Properties>() == slot_count<Properties>;

/// True if a property struct has what the table says of a place: see TableCheck.
template <class Properties>
constexpr bool agrees_with_table(PropertyPlace place) noexcept
{
    const Properties none{};
    const TableCheck check{place};
    return Properties::walk(check, none);
}

/// The same of several places.
template <class Properties, PropertyPlace... Places>
inline constexpr bool stands_in = (agrees_with_table<Properties>(Places) && ...);

// A struct whose type is forgotten.

/// The kinds of values that there are, each once.
inline constexpr auto property_values = [] {
    std::array<PropertyValue, property_table.size()> values{};
    std::size_t count = 0;
    const auto is_new = [&](const PropertyValue& value) {
        for (std::size_t i = 0; i < count; ++i)
            if (values[i] == value) return false;
        return true;
    };
    for (const PropertyRow& row : property_table)
        if (is_new(property_value(row))) values[count++] = property_value(row);
    struct Values {
        std::array<PropertyValue, property_table.size()> values;
        std::size_t count;
    };
    return Values{values, count};
}();

inline constexpr auto property_value_table = [] {
    std::array<PropertyValue, property_values.count> values{};
    for (std::size_t i = 0; i < values.size(); ++i) values[i] = property_values.values[i];
    return values;
}();

/// One member of a property struct.
struct PropertyMember {
    PropertyId id;
    std::uint8_t value; ///< the index into property_value_table
    bool list; ///< a List, not an optional
};

/// Ends each table of members; no property has this identifier.
inline constexpr PropertyId no_property{};
static_assert(find_property(no_property) == nullptr);

template <class Member>
inline constexpr bool is_optional = false;
template <class Value>
inline constexpr bool is_optional<std::optional<Value>> = true;

/// The walker that lists the members of a property struct.
struct MemberWalk {
    template <class... Slots>
    constexpr auto slots(Slots...) const noexcept
    {
        return std::array<PropertyMember, sizeof...(Slots) + 1>{
            member<Slots>()..., PropertyMember{no_property, 0, false}};
    }

private:
    template <class Slot>
    static constexpr PropertyMember member() noexcept
    {
        std::uint8_t index = 0;
        while (!(property_value_table[index] == Slot::value)) ++index;
        using Member = std::remove_cvref_t<decltype(Slot::member)>;
        return {Slot::id, index, !is_optional<Member>};
    }
};

template <class Properties>
inline constexpr auto property_members = [] {
    const Properties none{};
    const MemberWalk walk{};
    return Properties::walk(walk, none);
}();

/// The walker that finds the member of a given index.
struct PlaceWalk {
    unsigned index;

    template <class... Slots>
    constexpr const void* slots(Slots... slots) const noexcept
    {
        const void* place = nullptr;
        unsigned next = 0;
        static_cast<void>(((next++ == index && (place = &slots.member, true)) || ...));
        return place;
    }
};

/// Gives the address of a member of a property struct.
template <class Properties>
const void* member_place(const void* properties, unsigned index) noexcept
{
    const PlaceWalk walk{index};
    return Properties::walk(walk, *static_cast<const Properties*>(properties));
}

/// A property struct whose type is forgotten: its members, and where each of them stands. `Void` is void or const void.
template <class Void>
struct ErasedProperties {
    const PropertyMember* members;
    Void* properties;
    const void* (*place)(const void* properties, unsigned index);

    /// The address of a member, which can be written to if the struct can.
    Void* place_of(unsigned index) const noexcept
    {
        return const_cast<Void*>(place(properties, index)); // NOLINT(cppcoreguidelines-pro-type-const-cast)
    }
};

template <class Properties>
MQTTWIRE_STEP inline ErasedProperties<void> erase(Properties& properties) noexcept
{
    return {property_members<Properties>.data(), &properties, &member_place<Properties>};
}
template <class Properties>
MQTTWIRE_STEP inline ErasedProperties<const void> erase(const Properties& properties) noexcept
{
    return {property_members<Properties>.data(), &properties, &member_place<Properties>};
}

/// A property of an erased struct, which is to a walker what a Slot is.
struct ErasedProperty {
    PropertyId id;
    bool list;
    const PropertyValue& value;

    MQTTWIRE_STEP explicit ErasedProperty(const PropertyMember& member) noexcept
        : id(member.id), list(member.list), value(property_value_table[member.value])
    {
    }
};

/// Calls f with the member at `place`, which is of the type that its property tells.
template <class Void, class F>
MQTTWIRE_STEP inline auto with_member(const ErasedProperty& property, Void* place, F f)
{
    const auto as = [place]<class Member>(std::type_identity<Member>) -> decltype(auto) {
        using Type = std::conditional_t<std::is_const_v<Void>, const Member, Member>;
        return *static_cast<Type*>(place);
    };
    switch (property.value.type) {
    case PropertyType::byte: return f(as(std::type_identity<std::optional<std::uint8_t>>{}));
    case PropertyType::two_byte_integer: return f(as(std::type_identity<std::optional<std::uint16_t>>{}));
    case PropertyType::four_byte_integer: break;
    case PropertyType::variable_byte_integer:
        if (property.list) return f(as(std::type_identity<List<std::uint32_t>>{}));
        break;
    case PropertyType::utf8_string: return f(as(std::type_identity<std::optional<Text>>{}));
    case PropertyType::binary_data: return f(as(std::type_identity<std::optional<Binary>>{}));
    case PropertyType::utf8_string_pair: return f(as(std::type_identity<List<UserProperty>>{}));
    }
    return f(as(std::type_identity<std::optional<std::uint32_t>>{}));
}

} // namespace mqttwire::inline MQTTWIRE_ABI::wire
