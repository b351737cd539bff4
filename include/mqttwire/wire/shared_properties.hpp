// Which properties of a PUBLISH all receivers share, and where they stand.
#pragma once

#include "mqttwire/config.hpp"
#include "mqttwire/field.hpp"
#include "mqttwire/property_id.hpp"
#include "mqttwire/wire/bytes.hpp"
#include "mqttwire/wire/list_reader.hpp"

#include <cstddef>
#include <span>

namespace mqttwire::inline MQTTWIRE_ABI::wire {

inline namespace MQTTWIRE_CODE {

/// True for the properties that a message has anew for each receiver.
constexpr bool is_of_receiver(PropertyId id) noexcept
{
    return id == PropertyId::message_expiry_interval || id == PropertyId::topic_alias
        || id == PropertyId::subscription_identifier;
}

/// Where the properties of a PUBLISH stand.
struct PropertyPlaces {
    const std::byte* block = nullptr; ///< behind the Property Length
    const std::byte* expiry = nullptr; ///< the Message Expiry Interval, if there is one
};

/// Notes places that a Reader comes by.
struct NotePlaces {
    PropertyPlaces* places;

    MQTTWIRE_ALWAYS_INLINE constexpr void operator()(
        Field found, const std::byte* begin, const std::byte* end) const noexcept
    {
        if (found == Field::property_length) places->block = end;
        if (found == field(PropertyId::message_expiry_interval)) places->expiry = begin - 1;
    }
};

/// The stretches of a property block that is known to be good, without the properties that are the receiver's; calls
/// `take` with each.
template <class Take>
constexpr void for_each_shared(std::span<const std::byte> block, Take take)
{
    const std::byte* const end = block.data() + block.size();
    const std::byte* begin = block.data();
    for (const std::byte* at = begin; at != end;) {
        const auto id = static_cast<PropertyId>(load_byte(at));
        const std::byte* const value = at + 1;
        const auto type = static_cast<PropertyType>(detail::property_types[load_byte(at)]);
        const std::byte* const next = value + property_value_size(type, value, end);
        if (is_of_receiver(id)) {
            if (at != begin) take(std::span(begin, at));
            begin = next;
        }
        at = next;
    }
    if (begin != end) take(std::span(begin, end));
}

} // namespace MQTTWIRE_CODE

} // namespace mqttwire::inline MQTTWIRE_ABI::wire
