// UncheckedReader: reads elements of lists again from bytes that a Reader has validated, so nothing can fail.
#pragma once

#include "mqttwire/config.hpp"
#include "mqttwire/field.hpp"
#include "mqttwire/property_id.hpp"
#include "mqttwire/qos.hpp"
#include "mqttwire/reason_code.hpp"
#include "mqttwire/version.hpp"
#include "mqttwire/wire/bytes.hpp"
#include "mqttwire/wire/text.hpp"
#include "mqttwire/wire/varint.hpp"

#include <cstddef>
#include <cstdint>

namespace mqttwire::inline MQTTWIRE_ABI::wire {

class UncheckedReader {
public:
    constexpr UncheckedReader(const std::byte* at, Version version) noexcept : at_(at), version_(version) {}

    constexpr const std::byte* position() const noexcept { return at_; }
    constexpr void skip(std::size_t count) noexcept { at_ += count; }

    constexpr bool utf8_string(Field, Text& text) noexcept
    {
        const std::size_t size = load_two(at_);
        text = Text(at_ + 2, size);
        at_ += 2 + size;
        return true;
    }

    constexpr bool topic_filter(Text& filter) noexcept { return utf8_string(Field::filter, filter); }

    constexpr bool subscription_options(std::uint8_t& options, const Text&) noexcept
    {
        options = load_byte(at_++) & (version_ == Version::v3_1 ? 0x03U : 0xFFU);
        return true;
    }

    template <class T>
    constexpr bool imply(T& member, T value) noexcept
    {
        member = value;
        return true;
    }

    constexpr bool listed_reason_code(ReasonCode& code) noexcept
    {
        code = static_cast<ReasonCode>(load_byte(at_++));
        return true; // no field follows that asks
    }

    constexpr bool variable_byte_integer(Field, std::uint32_t& value) noexcept
    {
        const Varint number = load_valid_varint(at_);
        value = number.value;
        at_ += number.size;
        return true; // no field follows that asks
    }

private:
    const std::byte* at_;
    Version version_;
};

/// The first property with identifier `id` at or behind `at`, in a validated property block that holds one.
constexpr const std::byte* seek_property(const std::byte* at, PropertyId id) noexcept
{
    while (load_byte(at) != static_cast<std::uint8_t>(id)) {
        switch (static_cast<PropertyType>(detail::property_types[load_byte(at++)])) {
        case PropertyType::byte: at += 1; break;
        case PropertyType::two_byte_integer: at += 2; break;
        case PropertyType::four_byte_integer: at += 4; break;
        case PropertyType::variable_byte_integer: at += load_valid_varint(at).size; break;
        case PropertyType::utf8_string_pair: at += 2 + load_two(at); [[fallthrough]];
        case PropertyType::utf8_string:
        case PropertyType::binary_data: at += 2 + load_two(at); break;
        }
    }
    return at;
}

} // namespace mqttwire::inline MQTTWIRE_ABI::wire
