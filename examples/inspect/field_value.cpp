#include "field_value.hpp"

#include <mqttwire/fmt.hpp>
#include <mqttwire/property_id.hpp>
#include <mqttwire/reason_code.hpp>
#include <mqttwire/wire/varint.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <optional>

namespace inspect {

namespace {

using namespace mqttwire;

constexpr std::size_t text_shown = 60; ///< bytes of a text

/// How a field is encoded. A property tells by its row; the types of the other fields are among those of properties.
std::optional<PropertyType> type_of(Field field) noexcept
{
    if (const std::optional<PropertyId> id = property(field)) {
        const PropertyRow* const row = find_property(*id);
        return row != nullptr ? std::optional(row->type) : std::nullopt;
    }
    switch (field) {
    case Field::remaining_length:
    case Field::property_length: return PropertyType::variable_byte_integer;
    case Field::protocol_name:
    case Field::client_id:
    case Field::will_topic:
    case Field::user_name:
    case Field::topic:
    case Field::filter: return PropertyType::utf8_string;
    case Field::will_payload:
    case Field::password: return PropertyType::binary_data;
    case Field::keep_alive:
    case Field::packet_id: return PropertyType::two_byte_integer;
    default: return std::nullopt;
    }
}

/// A number that takes all of the bytes, the first one leading.
std::uint32_t big_endian(std::span<const std::byte> bytes) noexcept
{
    std::uint32_t value = 0;
    for (const std::byte byte : bytes) value = (value << 8U) | static_cast<std::uint32_t>(byte);
    return value;
}

/// A Variable Byte Integer through `show`, unless it does not end.
std::string variable_byte_integer(std::span<const std::byte> bytes, std::string (*show)(std::size_t))
{
    const wire::Varint number = wire::load_varint(bytes.data(), bytes.data() + bytes.size());
    return number.valid() ? show(number.value) : "has no end";
}

std::string decimal(std::size_t number) { return std::to_string(number); }

/// The text, cut in front of a character if it is long.
std::string shorten(const Text& text)
{
    if (text.size() <= text_shown) return fmt::format("{}", text);
    std::size_t size = text_shown;
    while (size > text_shown - 3 && (static_cast<unsigned char>(text[size]) & 0xC0U) == 0x80U) --size;
    return fmt::format("{}...", text.substr(0, size));
}

std::string reason(std::uint8_t code, const Record& record)
{
    const PacketType packet = record.type().value_or(PacketType{});
    if (packet == PacketType::connack && record.wording() != Version::v5) {
        const std::optional<ReasonCode> mapped = from_return_code(code);
        return fmt::format("{}, {}", code, mapped ? name(*mapped, packet) : "reserved");
    }
    return fmt::format("0x{:02x}, {}", code, name(static_cast<ReasonCode>(code), packet));
}

std::string typed(PropertyType type, std::span<const std::byte> bytes)
{
    switch (type) {
    case PropertyType::variable_byte_integer: return variable_byte_integer(bytes, decimal);
    case PropertyType::utf8_string:
    case PropertyType::utf8_string_pair: return shorten(Text(bytes));
    case PropertyType::binary_data: return fmt::format("{}", Binary(bytes));
    default: return std::to_string(big_endian(bytes));
    }
}

} // namespace

std::string byte_count(std::size_t count) { return fmt::format("{} byte{}", count, count == 1 ? "" : "s"); }

bool has_length_prefix(Field field) noexcept
{
    const std::optional<PropertyType> type = type_of(field);
    return type == PropertyType::utf8_string || type == PropertyType::utf8_string_pair
        || type == PropertyType::binary_data;
}

std::string field_value(Field field, std::span<const std::byte> bytes, const Record& record)
{
    const std::uint32_t number = big_endian(bytes.first(std::min<std::size_t>(bytes.size(), 4)));
    switch (field) {
    case Field::remaining_length:
    case Field::property_length: return variable_byte_integer(bytes, byte_count);
    case Field::property_id: {
        const std::string_view property = name(static_cast<PropertyId>(number));
        return fmt::format("{}, {}", number, property.empty() ? "unknown" : property);
    }
    case Field::protocol_version: return std::to_string(number);
    case Field::keep_alive: return fmt::format("{} seconds", number);
    case Field::reason_code: return reason(static_cast<std::uint8_t>(number), record);
    case Field::payload: return fmt::format("{}", Binary(bytes));
    default: break;
    }
    const std::optional<PropertyType> type = type_of(field);
    return type ? typed(*type, bytes) : std::string{};
}

} // namespace inspect
