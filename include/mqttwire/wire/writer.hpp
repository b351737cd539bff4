// Writer: the walker that encodes. The sizer has checked everything and there is room, so it only writes.
#pragma once

#include "mqttwire/config.hpp"
#include "mqttwire/error.hpp"
#include "mqttwire/leniency.hpp"
#include "mqttwire/qos.hpp"
#include "mqttwire/reason_code.hpp"
#include "mqttwire/version.hpp"
#include "mqttwire/wire/bytes.hpp"
#include "mqttwire/wire/list.hpp"
#include "mqttwire/wire/protocol.hpp"
#include "mqttwire/wire/sizer.hpp"
#include "mqttwire/wire/slot.hpp"
#include "mqttwire/wire/text.hpp"
#include "mqttwire/wire/varint.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <type_traits>

namespace mqttwire::wire {

template <class V>
class Writer {
public:
    using Position = typename Sizer<V>::Position;

    /// Writes the fixed header to `to`; the walk writes the rest behind it.
    constexpr Writer(std::byte* to, std::uint8_t first_byte, std::uint32_t remaining_length,
                     const PropertyLengths& property_lengths, V version) noexcept
        : at_(to), version_(version), property_lengths_(property_lengths)
    {
        *at_++ = static_cast<std::byte>(first_byte);
        at_ = store_varint(at_, remaining_length);
    }

    constexpr bool is(Version version) const noexcept { return V::can_be(version) && version_ == version; }
    constexpr Version version() const noexcept { return version_; }
    constexpr Position first() const noexcept { return {}; }
    constexpr Position here() const noexcept { return {}; }
    constexpr Position before(const std::optional<Binary>&) const noexcept { return {}; }

    constexpr bool fixed_header() const noexcept { return true; }
    constexpr bool publish_header(QoS, bool, bool) const noexcept { return true; }

    // Numbers and flags.

    MQTTWIRE_ALWAYS_INLINE constexpr bool byte(Field, std::uint8_t value) noexcept
    {
        *at_++ = static_cast<std::byte>(value);
        return true;
    }

    MQTTWIRE_ALWAYS_INLINE constexpr bool two_byte_integer(Field, std::uint16_t value) noexcept
    {
        store_two(at_, value);
        at_ += 2;
        return true;
    }

    MQTTWIRE_ALWAYS_INLINE constexpr bool four_byte_integer(Field, std::uint32_t value) noexcept
    {
        store_four(at_, value);
        at_ += 4;
        return true;
    }

    MQTTWIRE_ALWAYS_INLINE constexpr bool variable_byte_integer(Field, std::uint32_t value) noexcept
    {
        at_ = store_varint(at_, value);
        return true;
    }

    MQTTWIRE_ALWAYS_INLINE constexpr bool packet_id(bool present, std::uint16_t id) noexcept
    {
        return !present || two_byte_integer(Field::packet_id, id);
    }

    MQTTWIRE_ALWAYS_INLINE constexpr bool derived_byte(Field field, std::uint8_t value) noexcept { return byte(field, value); }

    constexpr bool acknowledge_flags(std::uint8_t flags) noexcept { return byte(Field::acknowledge_flags, flags); }

    template <class T>
    MQTTWIRE_ALWAYS_INLINE constexpr bool imply(const T&, T) const noexcept
    {
        return true;
    }

    MQTTWIRE_ALWAYS_INLINE constexpr bool subscription_options(std::uint8_t options, const Text&) noexcept
    {
        return byte(Field::subscription_options, options);
    }

    // Text and binary data.

    MQTTWIRE_ALWAYS_INLINE constexpr bool utf8_string(Field, const Text& text) noexcept { return prefixed(text); }
    MQTTWIRE_ALWAYS_INLINE constexpr bool topic_name(Field, const Text& name, bool = false) noexcept { return prefixed(name); }
    MQTTWIRE_ALWAYS_INLINE constexpr bool topic_filter(const Text& filter) noexcept { return prefixed(filter); }
    MQTTWIRE_ALWAYS_INLINE constexpr bool binary_data(Field, const Binary& data) noexcept { return prefixed(data); }

    MQTTWIRE_ALWAYS_INLINE constexpr bool rest(Field, const Binary& data) noexcept
    {
        data.copy_to(at_);
        at_ += data.size();
        return true;
    }

    constexpr bool payload_is_text(Field, const Binary&) const noexcept { return true; }

    // Optional parts.

    MQTTWIRE_ALWAYS_INLINE constexpr bool optional_utf8_string(bool present, Field, const std::optional<Text>& text) noexcept
    {
        return !present || prefixed(*text);
    }

    MQTTWIRE_ALWAYS_INLINE constexpr bool optional_binary_data(bool present, Field,
                                                               const std::optional<Binary>& data) noexcept
    {
        return !present || prefixed(*data);
    }

    template <class Part>
    constexpr bool engage(const std::optional<Part>&) const noexcept
    {
        return true;
    }

    template <class T>
    MQTTWIRE_ALWAYS_INLINE constexpr bool list(const List<T>& list, Errc, Field) noexcept
    {
        return list.all_of([this](const T& element) { return Element<T>::fields(*this, element); });
    }

    // Reason codes and short forms.

    MQTTWIRE_ALWAYS_INLINE constexpr bool listed_reason_code(ReasonCode code) noexcept
    {
        return byte(Field::reason_code, static_cast<std::uint8_t>(code));
    }

    constexpr bool connack_result(ReasonCode code, const auto& properties_of_connack) noexcept
    {
        const bool v5 = is(Version::v5);
        byte(Field::reason_code, v5 ? static_cast<std::uint8_t>(code) : *to_return_code(code));
        return properties(properties_of_connack);
    }

    /// The shortest form that says it all.
    MQTTWIRE_ALWAYS_INLINE constexpr bool short_form(ReasonCode code, const auto& tail_properties) noexcept
    {
        if (!is(Version::v5)) return true;
        if (has_property_block() || code != ReasonCode::success) byte(Field::reason_code, static_cast<std::uint8_t>(code));
        return !has_property_block() || properties(tail_properties);
    }
    constexpr bool has_property_block() const noexcept { return property_lengths_[0] != 0; }

    // Properties, in ascending order of their identifiers.

    template <class Properties>
    MQTTWIRE_ALWAYS_INLINE constexpr bool properties(const Properties& properties) noexcept
    {
        if constexpr (V::can_be(Version::v5)) {
            if (!is(Version::v5)) return true;
            const std::uint32_t length = property_lengths_[property_blocks_++];
            variable_byte_integer(Field::property_length, length);
            if (length != 0) Properties::walk(*this, properties);
        }
        return true;
    }

    template <class... Slots>
    MQTTWIRE_ALWAYS_INLINE constexpr bool slots(Slots... slots) noexcept
    {
        (property(slots), ...);
        return true;
    }

    // Rules were checked before.

    constexpr bool rule(bool, Errc, Field, Position) const noexcept { return true; }
    constexpr bool last_byte_rule(Errc, Field) const noexcept { return true; }
    constexpr bool allow(Leniency) const noexcept { return true; }
    constexpr bool wants(Leniency) const noexcept { return false; }
    constexpr Role receiver() const noexcept { return Role::unknown; }

    constexpr bool protocol(const std::optional<Version>&, bool bridge) noexcept
    {
        utf8_string(Field::protocol_name, protocol_name(version_));
        return byte(Field::protocol_version, static_cast<std::uint8_t>(static_cast<unsigned>(static_cast<Version>(version_)) |
                                                                       (bridge ? bridge_bit : 0U)));
    }

private:
    MQTTWIRE_ALWAYS_INLINE constexpr bool prefixed(const View& bytes) noexcept
    {
        store_two(at_, static_cast<std::uint16_t>(bytes.size()));
        bytes.copy_to(at_ + 2);
        at_ += 2 + bytes.size();
        return true;
    }

    template <PropertyId Id, class Value>
    MQTTWIRE_ALWAYS_INLINE constexpr void property(Slot<Id, const std::optional<Value>> slot) noexcept
    {
        if (!slot.member.has_value()) return;
        byte(Field::property_id, static_cast<std::uint8_t>(Id));
        property_value<Id>(*slot.member);
    }

    template <PropertyId Id, class T>
    MQTTWIRE_ALWAYS_INLINE constexpr void property(Slot<Id, const List<T>> slot) noexcept
    {
        if (slot.member.empty()) return;
        slot.member.all_of([this](const T& value) {
            byte(Field::property_id, static_cast<std::uint8_t>(Id));
            return Element<T>::fields(*this, value);
        });
    }

    template <PropertyId Id>
    MQTTWIRE_ALWAYS_INLINE constexpr void property_value(std::uint8_t value) noexcept
    {
        byte(field(Id), value);
    }
    template <PropertyId Id>
    MQTTWIRE_ALWAYS_INLINE constexpr void property_value(std::uint16_t value) noexcept
    {
        two_byte_integer(field(Id), value);
    }
    template <PropertyId Id>
    MQTTWIRE_ALWAYS_INLINE constexpr void property_value(std::uint32_t value) noexcept
    {
        if constexpr (Slot<Id, void*>::row.type == PropertyType::variable_byte_integer) variable_byte_integer(field(Id), value);
        else four_byte_integer(field(Id), value);
    }
    template <PropertyId Id>
    MQTTWIRE_ALWAYS_INLINE constexpr void property_value(const View& value) noexcept
    {
        prefixed(value);
    }

    std::byte* at_;
    [[no_unique_address]] V version_;
    std::uint8_t property_blocks_ = 0;
    PropertyLengths property_lengths_;
};

} // namespace mqttwire::wire
