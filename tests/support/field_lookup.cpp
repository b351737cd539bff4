#include "support/field_lookup.hpp"

#include "support/hex.hpp"
#include "support/vector.hpp"

namespace mqttwire::test {

std::string repeated_text(const Json& repeat) { return to_string(repeated_bytes(Json(Json::Array{repeat}))); }

std::string text_of(const Json& json)
{
    return json.is<std::string>() ? json.text() : repeated_text(json.at("repeat"));
}

const Json* FieldLookup::value(std::string_view key)
{
    read_.emplace(key);
    return object_.find(key);
}

std::optional<std::string> FieldLookup::long_value(std::string_view name)
{
    if (const Json* const repeat = value(std::string(name) + "_repeat")) return repeated_text(*repeat);
    if (const Json* const parts = value(std::string(name) + "_parts")) return to_string(repeated_bytes(*parts));
    return std::nullopt;
}

std::optional<std::string> FieldLookup::text(std::string_view name)
{
    const Json* const plain = value(name);
    if (std::optional<std::string> replaced = long_value(name)) return replaced;
    return plain == nullptr ? std::nullopt : std::optional(plain->text());
}

std::optional<std::string> FieldLookup::binary(std::string_view name)
{
    const Json* const plain = value(std::string(name) + "_hex");
    if (std::optional<std::string> replaced = long_value(name)) return replaced;
    return plain == nullptr ? std::nullopt : std::optional(to_string(from_hex(plain->text())));
}

std::optional<std::vector<const Json*>> FieldLookup::list(std::string_view name)
{
    std::vector<const Json*> elements;
    const Json* const plain = value(name);
    if (const Json* const repeat = value(std::string(name) + "_repeat")) {
        elements.assign(static_cast<std::size_t>(repeat->array().at(1).number()), &repeat->array().at(0));
        return elements;
    }
    if (plain == nullptr) return std::nullopt;
    for (const Json& element : plain->array()) elements.push_back(&element);
    return elements;
}

std::vector<std::string> FieldLookup::unread() const
{
    std::vector<std::string> keys;
    for (const Json::Member& member : object_.object())
        if (!member.value.is_null() && !read_.contains(member.key)) keys.push_back(member.key);
    return keys;
}

} // namespace mqttwire::test
