// A small reader of JSON, for the vectors: enough for lines of ASCII with whole numbers.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace mqttwire::test {

/// A JSON value. Text is UTF-8 and may hold U+0000.
class Json {
public:
    struct Member;
    using Array = std::vector<Json>;
    using Object = std::vector<Member>;

    Json() = default;
    template <class T>
    explicit Json(T value) : value_(std::move(value))
    {
    }

    bool is_null() const { return std::holds_alternative<std::nullptr_t>(value_); }
    template <class T>
    bool is() const
    {
        return std::holds_alternative<T>(value_);
    }

    /// The value as what it is said to be; throws std::bad_variant_access if it is something else.
    bool boolean() const { return std::get<bool>(value_); }
    std::int64_t number() const { return std::get<std::int64_t>(value_); }
    const std::string& text() const { return std::get<std::string>(value_); }
    const Array& array() const { return std::get<Array>(value_); }
    const Object& object() const { return std::get<Object>(value_); }

    /// The member of an object with this key; nullptr if it is absent or null.
    const Json* find(std::string_view key) const;
    /// The same for a member that must be there; throws std::out_of_range.
    const Json& at(std::string_view key) const;

private:
    std::variant<std::nullptr_t, bool, std::int64_t, std::string, Array, Object> value_;
};

struct Json::Member {
    std::string key;
    Json value;
};

/// Reads one JSON text. Throws std::runtime_error, with the place, where it is no JSON, holds a fraction or repeats a
/// key.
Json parse_json(std::string_view text);

} // namespace mqttwire::test
