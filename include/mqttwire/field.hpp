// The fields of packets, as diagnoses name them.
#pragma once

#include "mqttwire/config.hpp"
#include "mqttwire/property_id.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace mqttwire::inline MQTTWIRE_ABI {

/// A field of a packet. Values below 0x40 are properties: the field of a property has the value of its identifier.
enum class Field : std::uint8_t {
    packet = 0x40, ///< the packet as a whole
    fixed_header, ///< its first byte: type and flags
    remaining_length,
    protocol_name,
    protocol_version,
    connect_flags,
    keep_alive,
    property_length,
    property_id,
    client_id,
    will_topic,
    will_payload,
    user_name,
    password,
    acknowledge_flags,
    reason_code,
    topic,
    packet_id,
    payload,
    filter,
    subscription_options,
    properties, ///< a rule over several properties
};

/// The field of a property.
// It has the property's number. NOLINTNEXTLINE(clang-analyzer-optin.core.EnumCastOutOfRange)
MQTTWIRE_THIN constexpr Field field(PropertyId id) noexcept { return static_cast<Field>(id); }

/// The property of a field, if it is one.
[[nodiscard]] constexpr std::optional<PropertyId> property(Field field) noexcept
{
    if (field >= Field::packet) return std::nullopt;
    return static_cast<PropertyId>(field);
}

namespace detail {

inline constexpr std::array<std::string_view, 22> field_names{"packet", "fixed_header", "remaining_length",
    "protocol_name", "protocol_version", "connect_flags", "keep_alive", "property_length", "property_id", "client_id",
    "will_topic", "will_payload", "user_name", "password", "acknowledge_flags", "reason_code", "topic", "packet_id",
    "payload", "filter", "subscription_options", "properties"};

static_assert(
    field_names.size() == static_cast<std::size_t>(Field::properties) - static_cast<std::size_t>(Field::packet) + 1);

} // namespace detail

/// The field's name in snake_case, a property's name included; empty if there is no such field.
[[nodiscard]] constexpr std::string_view name(Field field) noexcept
{
    if (field < Field::packet) return name(static_cast<PropertyId>(field));
    const std::size_t index = static_cast<std::size_t>(field) - static_cast<std::size_t>(Field::packet);
    return index < detail::field_names.size() ? detail::field_names[index] : std::string_view{};
}

} // namespace mqttwire::inline MQTTWIRE_ABI
