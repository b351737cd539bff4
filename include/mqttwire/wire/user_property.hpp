// UserProperty: the one property that is a pair, and the element of a list in every packet that has properties.
#pragma once

#include "mqttwire/config.hpp"
#include "mqttwire/field.hpp"
#include "mqttwire/property_id.hpp"
#include "mqttwire/wire/list.hpp"
#include "mqttwire/wire/text.hpp"

namespace mqttwire::inline MQTTWIRE_ABI {

/// A User Property: a name and a value, whose meaning is up to the application [5.0: section 1.5.7].
struct UserProperty {
    Text name{};
    Text value{};

    template <class Walk, class Self>
    MQTTWIRE_ALWAYS_INLINE static constexpr bool fields(Walk& walk, Self& self)
    {
        constexpr Field place = field(PropertyId::user_property);
        return walk.utf8_string(place, self.name) && walk.utf8_string(place, self.value); // [MQTT-1.5.7-1]
    }

    friend constexpr bool operator==(const UserProperty&, const UserProperty&) noexcept = default;
};

namespace wire {

template <>
struct Element<UserProperty> {
    static constexpr PropertyId property = PropertyId::user_property;
    template <class Walk, class Self>
    MQTTWIRE_ALWAYS_INLINE static constexpr bool fields(Walk& walk, Self& self)
    {
        return UserProperty::fields(walk, self);
    }
};

} // namespace wire

} // namespace mqttwire::inline MQTTWIRE_ABI
