// The property structs against the table of properties: who adds a property to one of them and forgets the other, or
// changes the order, gets an error from the compiler.
#pragma once

#include <mqttwire/mqttwire.hpp>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <type_traits>

namespace check {

using namespace mqttwire;

/// The walker that holds a property struct against the table: every property of the place, each once, in ascending
/// order and of the type that the table gives it.
struct TableCheck {
    PropertyPlace place;

    template <class... Slots>
    constexpr bool slots(Slots...) const noexcept
    {
        std::size_t in_table = 0;
        for (const PropertyRow& row : property_table)
            if (may_stand(row, place)) ++in_table;
        int last = 0;
        const auto ascending = [&last](PropertyId id) {
            const int before = last;
            last = static_cast<int>(id);
            return before < last;
        };
        return in_table == sizeof...(Slots) && ((ascending(Slots::id) && is_right<Slots>()) && ...);
    }

private:
    template <PropertyType Type>
    static constexpr auto member_of() noexcept
    {
        if constexpr (Type == PropertyType::byte) return std::uint8_t{};
        else if constexpr (Type == PropertyType::two_byte_integer) return std::uint16_t{};
        else if constexpr (Type == PropertyType::utf8_string) return Text{};
        else if constexpr (Type == PropertyType::binary_data) return Binary{};
        else if constexpr (Type == PropertyType::utf8_string_pair) return UserProperty{};
        else return std::uint32_t{};
    }

    template <class Slot>
    constexpr bool is_right() const noexcept
    {
        using Held = decltype(member_of<Slot::row.type>());
        using Member = std::remove_reference_t<decltype(Slot::member)>;
        return may_stand(Slot::row, place)
            && (may_repeat(Slot::row, place) ? std::same_as<Member, const List<Held>>
                                             : std::same_as<Member, const std::optional<Held>>);
    }
};

template <class Properties>
constexpr bool agrees_with_table(PropertyPlace place) noexcept
{
    const Properties none{};
    const TableCheck check{place};
    return Properties::walk(check, none);
}

static_assert(agrees_with_table<ConnectProperties>(PropertyPlace::connect));
static_assert(agrees_with_table<WillProperties>(PropertyPlace::will));
static_assert(agrees_with_table<ConnAckProperties>(PropertyPlace::connack));
static_assert(agrees_with_table<PublishProperties>(PropertyPlace::publish));
static_assert(agrees_with_table<SubscribeProperties>(PropertyPlace::subscribe));
static_assert(agrees_with_table<UnsubscribeProperties>(PropertyPlace::unsubscribe));
static_assert(agrees_with_table<DisconnectProperties>(PropertyPlace::disconnect));
static_assert(agrees_with_table<AuthProperties>(PropertyPlace::auth));
static_assert(agrees_with_table<ReasonProperties>(PropertyPlace::puback));
static_assert(agrees_with_table<ReasonProperties>(PropertyPlace::pubrec));
static_assert(agrees_with_table<ReasonProperties>(PropertyPlace::pubrel));
static_assert(agrees_with_table<ReasonProperties>(PropertyPlace::pubcomp));
static_assert(agrees_with_table<ReasonProperties>(PropertyPlace::suback));
static_assert(agrees_with_table<ReasonProperties>(PropertyPlace::unsuback));

} // namespace check
