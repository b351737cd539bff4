// Property structs as tables: where each property stands in its struct. With them one function reads, and one writes,
// the properties of all packets, which makes small programs small. Where speed counts, and while compiling, the walkers
// use the slots of each struct instead; both come from the same `walk`.
#pragma once

#include "mqttwire/config.hpp"
#include "mqttwire/property_id.hpp"
#include "mqttwire/wire/slot.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <type_traits>

namespace mqttwire::inline MQTTWIRE_ABI::wire {

/// What a member of a property struct holds, and how that is read and written. The first ones are StringKinds.
enum class MemberKind : std::uint8_t {
    binary, ///< std::optional<Binary>
    text, ///< std::optional<Text>
    topic_name, ///< the same
    byte, ///< std::optional<std::uint8_t>, 0 or 1
    two_byte_integer, ///< std::optional<std::uint16_t>
    four_byte_integer, ///< std::optional<std::uint32_t>
    variable_byte_integer, ///< the same
    user_properties, ///< List<UserProperty>
    identifiers, ///< List<std::uint32_t>, each a Variable Byte Integer
};

/// One member of a property struct.
struct PropertyMember {
    PropertyId id;
    MemberKind kind;
    std::uint16_t offset : 15; ///< in bytes from the beginning of the struct
    std::uint16_t least : 1; ///< 1 for a number that must not be 0

    constexpr bool allows(std::uint32_t number) const noexcept
    {
        return number >= least && number <= (kind == MemberKind::byte ? 1 : 0xFFFFFFFFU);
    }
};

template <class Member>
inline constexpr bool is_optional = false;
template <class Value>
inline constexpr bool is_optional<std::optional<Value>> = true;

constexpr MemberKind member_kind(const PropertyRow& row, bool optional) noexcept
{
    switch (row.type) {
    case PropertyType::byte: return MemberKind::byte;
    case PropertyType::two_byte_integer: return MemberKind::two_byte_integer;
    case PropertyType::four_byte_integer: return MemberKind::four_byte_integer;
    case PropertyType::variable_byte_integer:
        return optional ? MemberKind::variable_byte_integer : MemberKind::identifiers;
    case PropertyType::binary_data: return MemberKind::binary;
    case PropertyType::utf8_string_pair: return MemberKind::user_properties;
    case PropertyType::utf8_string: break;
    }
    return row.id == PropertyId::response_topic ? MemberKind::topic_name : MemberKind::text;
}

/// The walker that works out the layout of a property struct, whose members the walk names in the order of declaration.
struct LayoutWalk {
    template <class... Slots>
    static constexpr auto slots(Slots... slots) noexcept
    {
        std::array<PropertyMember, sizeof...(Slots) + 1> members{};
        std::size_t index = 0;
        std::size_t end = 0;
        const auto add = [&]<PropertyId Id, class Member>(Slot<Id, Member>) {
            end = (end + alignof(Member) - 1) / alignof(Member) * alignof(Member);
            constexpr const PropertyRow& row = Slot<Id, Member>::row;
            constexpr MemberKind kind = member_kind(row, is_optional<std::remove_const_t<Member>>);
            members[index++] = {Id, kind, static_cast<std::uint16_t>(end & 0x7FFFU), row.least == 1};
            end += sizeof(Member);
        };
        (add(slots), ...);
        return members;
    }
};

template <class Properties>
inline constexpr auto property_members = [] {
    static_assert(std::is_standard_layout_v<Properties>);
    const Properties none{};
    const LayoutWalk walk;
    return Properties::walk(walk, none);
}();

/// Ends each table; no property has this identifier.
inline constexpr PropertyId no_property{};

/// The table of a property struct.
template <class Properties>
const PropertyMember* members_of(const Properties&) noexcept
{
    return property_members<Properties>.data();
}

/// The address of a property struct whose type is to be forgotten; the table tells how far its members are from there.
template <class Properties>
std::byte* erase(Properties& properties) noexcept
{
    return reinterpret_cast<std::byte*>(&properties);
}
template <class Properties>
const std::byte* erase(const Properties& properties) noexcept
{
    return reinterpret_cast<const std::byte*>(&properties);
}

} // namespace mqttwire::inline MQTTWIRE_ABI::wire
