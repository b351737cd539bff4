// ListReader: reads the elements of a list again from the bytes of a packet, which were checked when it was decoded.
//
// Nothing can fail while the bytes are what they were. If somebody has overwritten them since, what is read has no
// meaning, but nothing is read outside the list.
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

inline namespace MQTTWIRE_CODE {

class ListReader {
public:
    /// `least` bytes are those of an element whose topic filter is empty: they are kept back, so that the options
    /// behind the last filter are there. 0: elements have no topic filter.
    constexpr ListReader(const std::byte* at, const std::byte* end, Version version, std::uint8_t least) noexcept
        : at_(at), end_(end - least), version_(version)
    {
    }

    constexpr const std::byte* position() const noexcept { return at_; }

    constexpr bool utf8_string(Field, Text& text) noexcept { return take_text(text, 2); }

    constexpr bool topic_filter(Text& filter) noexcept { return take_text(filter, 0); }

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
        code = static_cast<ReasonCode>(load_byte(at_++)); // a list has no more elements than bytes
        return true; // no field follows that asks
    }

    constexpr bool variable_byte_integer(Field, std::uint32_t& value) noexcept
    {
        const Varint number = load_varint(at_, end_);
        value = number.value;
        at_ = number.valid() ? at_ + number.size : end_;
        return true; // no field follows that asks
    }

private:
    /// `size_bytes` of those up to `end_` are the text's size; 0: they have been kept back already.
    constexpr bool take_text(Text& text, std::ptrdiff_t size_bytes) noexcept
    {
        const std::ptrdiff_t left = end_ - at_ - size_bytes; // less than 0 if not even the size is there
        if (left < 0 || load_two(at_) > left) [[unlikely]] {
            text = left < 0 ? Text() : Text(at_ + 2, static_cast<std::size_t>(left));
            at_ += 2 + left;
            return true;
        }
        const std::ptrdiff_t size = load_two(at_);
        text = Text(at_ + 2, static_cast<std::size_t>(size));
        at_ += 2 + size;
        return true;
    }

    const std::byte* at_;
    const std::byte* end_; ///< of the bytes, or where the last element with a topic filter can begin
    Version version_;
};

/// The bytes of a property's value, at most those up to `end`.
constexpr std::size_t property_value_size(PropertyType type, const std::byte* at, const std::byte* end) noexcept
{
    const auto left = static_cast<std::size_t>(end - at);
    const auto prefixed = [&](std::size_t from) { return left < from + 2 ? left : from + 2 + load_two(at + from); };
    std::size_t size = 0;
    switch (type) {
    case PropertyType::byte: size = 1; break;
    case PropertyType::two_byte_integer: size = 2; break;
    case PropertyType::four_byte_integer: size = 4; break;
    case PropertyType::variable_byte_integer: size = load_varint(at, end).size; break;
    case PropertyType::utf8_string:
    case PropertyType::binary_data: size = prefixed(0); break;
    case PropertyType::utf8_string_pair: size = prefixed(prefixed(0)); break;
    }
    return size < left ? size : left;
}

/// The value of the first property with identifier `id` at or behind `at`, or `end`.
constexpr const std::byte* seek_property(const std::byte* at, const std::byte* end, PropertyId id) noexcept
{
    const auto& types = detail::property_types;
    while (at != end && load_byte(at) != static_cast<std::uint8_t>(id)) {
        const std::size_t other = load_byte(at++);
        if (other >= types.size() || types[other] == detail::no_property_type) return end;
        at += property_value_size(static_cast<PropertyType>(types[other]), at, end);
    }
    return at == end ? end : at + 1;
}

} // namespace MQTTWIRE_CODE

} // namespace mqttwire::inline MQTTWIRE_ABI::wire
