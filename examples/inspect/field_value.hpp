// The value of a field in words.
#pragma once

#include "record.hpp"

#include <mqttwire/field.hpp>

#include <cstddef>
#include <span>
#include <string>

namespace inspect {

/// "1 byte", "2 bytes".
std::string byte_count(std::size_t count);

/// True for text and binary data that have their length in front.
bool has_length_prefix(mqttwire::Field field) noexcept;

/// What the bytes of a field say, those of a length prefix left out. `record` is the packet that the field belongs to.
std::string field_value(mqttwire::Field field, std::span<const std::byte> bytes, const Record& record);

} // namespace inspect
