#include "support/build_packet.hpp"

#include "support/field_lookup.hpp"
#include "support/packet_fields.hpp"
#include "support/return_codes.hpp"

#include <concepts>
#include <limits>
#include <optional>
#include <stdexcept>
#include <type_traits>
#include <utility>

namespace mqttwire::test {

namespace {

class Builder {
public:
    Builder(FieldLookup& fields, Version version, BuiltPacket& built)
        : fields_(&fields), version_(version), built_(built)
    {
    }

    Version version() const { return version_; }

    void operator()(std::string_view name, Text& member, bool = true)
    {
        if (auto text = fields_->text(name)) member = Text(keep(std::move(*text)));
    }

    void operator()(std::string_view name, Binary& member, bool = true)
    {
        if (auto bytes = fields_->binary(name)) member = Binary(std::string_view(keep(std::move(*bytes))));
    }

    void operator()(std::string_view name, bool& member, bool = true)
    {
        if (const Json* const value = fields_->value(name)) member = value->boolean();
    }

    template <class Number>
        requires std::integral<Number> || std::is_enum_v<Number>
    void operator()(std::string_view name, Number& member, bool = true)
    {
        if (const Json* const value = fields_->value(name)) set(name, member, *value);
    }

    void operator()(std::string_view name, std::optional<Text>& member)
    {
        if (auto text = fields_->text(name)) member = Text(keep(std::move(*text)));
    }

    void operator()(std::string_view name, std::optional<Binary>& member)
    {
        if (auto bytes = fields_->binary(name)) member = Binary(std::string_view(keep(std::move(*bytes))));
    }

    void operator()(std::string_view name, std::optional<Will>& member)
    {
        const Json* const value = fields_->value(name);
        if (value == nullptr) return;
        nested(name, *value, [&] { walk_will(*this, member.emplace()); });
    }

    template <class Element>
    void operator()(std::string_view name, List<Element>& member, bool = true)
    {
        const auto elements = fields_->list(name);
        if (!elements) return;
        std::vector<Element> items;
        items.reserve(elements->size());
        const Json* previous = nullptr;
        for (const Json* const element : *elements) {
            items.push_back(element == previous ? items.back() : this->element<Element>(name, *element));
            previous = element;
        }
        member = List<Element>(keep(std::move(items)));
    }

    template <class Number>
        requires std::integral<Number>
    void property(std::string_view name, std::optional<Number>& member)
    {
        if (name == "subscription_identifier") return only_element(name, member);
        if (const Json* const value = fields_->value(name)) set(name, member.emplace(), *value);
    }

    template <class Member>
    void property(std::string_view name, Member& member)
    {
        (*this)(name, member);
    }

    template <class Properties>
    void properties(Properties& properties)
    {
        if (const Json* const value = fields_->value("properties"))
            nested("properties", *value, [&] { walk_properties(*this, properties); });
    }

    /// The members have no place for a name, which must go with the level; a level that nobody knows they can hold.
    void protocol(std::optional<Version>& version, bool& bridge)
    {
        (*this)("bridge", bridge);
        set("protocol_version", version.emplace(), *fields_->value("protocol_version"));
        const std::string_view right = *version == Version::v3_1 ? "MQIsdp" : "MQTT";
        const bool known_level = !mqttwire::name(*version).empty();
        const bool wrong_name = fields_->text("protocol_name") != right;
        if (known_level && wrong_name) problem("protocol_name");
    }

    void connack_code(ReasonCode& code)
    {
        (*this)("reason_code", code);
        const auto value = static_cast<std::size_t>(code);
        if (version_ != Version::v5 && value < reason_code_of_return_code.size())
            code = reason_code_of_return_code[value];
    }

private:
    void problem(std::string_view name) { built_.problems.emplace_back(name); }

    template <class T>
    const T& keep(T value)
    {
        auto kept = std::make_shared<const T>(std::move(value));
        const T& result = *kept;
        built_.memory.push_back(std::move(kept));
        return result;
    }

    template <class Number>
    void set(std::string_view name, Number& member, const Json& value)
    {
        if constexpr (std::is_enum_v<Number>) {
            std::underlying_type_t<Number> number{};
            set(name, number, value);
            member = static_cast<Number>(number);
        } else if (std::in_range<Number>(value.number())) {
            member = static_cast<Number>(value.number());
        } else {
            problem(name);
        }
    }

    /// Walks the members of an object inside this one.
    template <class Walk>
    void nested(std::string_view name, const Json& object, Walk walk)
    {
        FieldLookup inner(object);
        FieldLookup* const outer = std::exchange(fields_, &inner);
        walk();
        fields_ = outer;
        for (const std::string& key : inner.unread()) problem(std::string(name) + '.' + key);
    }

    /// The Subscription Identifier of SUBSCRIBE, which `fields` holds as a list as well.
    template <class Number>
    void only_element(std::string_view name, std::optional<Number>& member)
    {
        const auto elements = fields_->list(name);
        if (!elements) return;
        if (elements->size() == 1) set(name, member.emplace(), *elements->front());
        else problem(name);
    }

    template <class Element>
    Element element(std::string_view name, const Json& json)
    {
        Element result{};
        if constexpr (std::same_as<Element, UserProperty>) {
            result.name = Text(keep(text_of(json.array().at(0))));
            result.value = Text(keep(text_of(json.array().at(1))));
        } else if constexpr (std::same_as<Element, Subscription>) {
            nested(name, json, [&] { walk_subscription(*this, result); });
        } else if constexpr (std::same_as<Element, Text>) {
            nested(name, json, [&] { (*this)("filter", result); });
        } else {
            set(name, result, json);
        }
        return result;
    }

    FieldLookup* fields_;
    Version version_;
    BuiltPacket& built_;
};

template <class Alternative>
void build_as(BuiltPacket& built, const Json& fields, Version version)
{
    FieldLookup lookup(fields);
    Builder builder(lookup, version, built);
    walk_packet(builder, built.packet.emplace<Alternative>());
    for (std::string& key : lookup.unread()) built.problems.push_back(std::move(key));
}

} // namespace

BuiltPacket build_packet(std::string_view packet, const Json& fields, Version version)
{
    BuiltPacket built;
    const bool known = [&]<class... Alternative>(std::variant<Alternative...>*) {
        return ((name(Alternative::type) == packet && (build_as<Alternative>(built, fields, version), true)) || ...);
    }(static_cast<Packet*>(nullptr));
    if (!known) throw std::runtime_error("no packet is called " + std::string(packet));
    return built;
}

} // namespace mqttwire::test
