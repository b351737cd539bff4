// One object of a vector's `fields`, with its notations for long values, and a note of the keys that were asked for.
#pragma once

#include "support/json.hpp"

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace mqttwire::test {

class FieldLookup {
public:
    explicit FieldLookup(const Json& object) : object_(object) {}

    /// The value of a key; nullptr if it is absent or null.
    const Json* value(std::string_view key);
    /// NAME, NAME_repeat or NAME_parts.
    std::optional<std::string> text(std::string_view name);
    /// NAME_hex, NAME_repeat or NAME_parts, as characters.
    std::optional<std::string> binary(std::string_view name);
    /// The elements of NAME or NAME_repeat.
    std::optional<std::vector<const Json*>> list(std::string_view name);

    /// The keys that hold something and that nobody has asked for.
    std::vector<std::string> unread() const;

private:
    std::optional<std::string> long_value(std::string_view name);

    const Json& object_;
    std::set<std::string, std::less<>> read_;
};

/// A name or value of a user property: text, or {"repeat": [hex, count]}.
std::string text_of(const Json& json);

/// The bytes of [hex, count], as characters.
std::string repeated_text(const Json& repeat);

} // namespace mqttwire::test
