#include "support/compare_fields.hpp"

#include "support/field_lookup.hpp"
#include "support/hex.hpp"
#include "support/packet_fields.hpp"
#include "support/return_codes.hpp"

#include <concepts>
#include <optional>
#include <string_view>
#include <type_traits>
#include <utility>

namespace mqttwire::test {

namespace {

class Comparison {
public:
    Comparison(FieldLookup& fields, Version version, std::vector<std::string>& differences)
        : fields_(&fields), version_(version), differences_(differences)
    {
    }

    Version version() const { return version_; }

    void operator()(std::string_view name, const Text& member, bool needed = true)
    {
        expect(name, fields_->text(name), std::string(member.view()), needed);
    }

    void operator()(std::string_view name, const Binary& member, bool needed = true)
    {
        expect(name, fields_->binary(name), std::string(member.view()), needed);
    }

    void operator()(std::string_view name, bool member, bool needed = true)
    {
        const Json* const value = fields_->value(name);
        expect(name, value == nullptr ? std::nullopt : std::optional(value->boolean()), member, needed);
    }

    template <class Number>
        requires std::integral<Number> || std::is_enum_v<Number>
    void operator()(std::string_view name, Number member, bool needed = true)
    {
        expect(name, number(fields_->value(name)), static_cast<std::int64_t>(member), needed);
    }

    void operator()(std::string_view name, const std::optional<Text>& member)
    {
        expect(name, fields_->text(name), member ? std::optional(std::string(member->view())) : std::nullopt);
    }

    void operator()(std::string_view name, const std::optional<Binary>& member)
    {
        expect(name, fields_->binary(name), member ? std::optional(std::string(member->view())) : std::nullopt);
    }

    void operator()(std::string_view name, const std::optional<Will>& member)
    {
        const Json* const value = fields_->value(name);
        if (!expect(name, value != nullptr, member.has_value()) || !member) return;
        nested(name, *value, [&] { walk_will(*this, *member); });
    }

    template <class Element>
    void operator()(std::string_view name, const List<Element>& member, bool needed = true)
    {
        const auto elements = fields_->list(name);
        if (!elements && !needed) {
            expect(name, std::size_t{0}, member.size());
            return;
        }
        if (!expect(name, elements.has_value(), true) || !expect(name, elements->size(), member.size())) return;
        auto json = elements->begin();
        for (const Element& element : member) this->element(name, **json++, element);
    }

    template <class Number>
        requires std::integral<Number>
    void property(std::string_view name, const std::optional<Number>& member)
    {
        const std::optional<std::int64_t> held = member ? std::optional<std::int64_t>(*member) : std::nullopt;
        if (name != "subscription_identifier") {
            expect(name, number(fields_->value(name)), held);
            return;
        }
        // That of SUBSCRIBE, which `fields` holds as a list as well.
        const auto elements = fields_->list(name);
        if (!expect(name, elements ? elements->size() : 0, std::size_t{member ? 1U : 0U}) || !member) return;
        expect(name, number(elements->front()), held);
    }

    template <class Element>
    void property(std::string_view name, const List<Element>& member)
    {
        (*this)(name, member, !member.empty());
    }

    template <class Value>
    void property(std::string_view name, const std::optional<Value>& member)
    {
        (*this)(name, member);
    }

    template <class Properties>
    void properties(const Properties& properties)
    {
        const Json* const value = fields_->value("properties");
        if (!expect("properties", value != nullptr, version_ == Version::v5)) return;
        if (version_ == Version::v5) nested("properties", *value, [&] { walk_properties(*this, properties); });
        else expect("properties", properties == Properties{}, true);
    }

    void protocol(const std::optional<Version>& version, bool bridge)
    {
        (*this)("bridge", bridge, bridge);
        if (!expect("version", true, version.has_value())) return;
        expect("protocol_name", fields_->text("protocol_name"),
            std::string(*version == Version::v3_1 ? "MQIsdp" : "MQTT"));
        (*this)("protocol_version", *version);
    }

    void connack_code(ReasonCode code)
    {
        if (version_ == Version::v5) return (*this)("reason_code", code);
        const auto return_code = number(fields_->value("reason_code"));
        if (!expect("reason_code", true, return_code.has_value())) return;
        expect("reason_code", reason_code_of_return_code.at(static_cast<std::size_t>(*return_code)), code);
    }

private:
    static std::optional<std::int64_t> number(const Json* value)
    {
        return value == nullptr ? std::nullopt : std::optional(value->number());
    }

    template <class T>
    static std::string show(const T& value)
    {
        if constexpr (std::same_as<T, std::string>) {
            constexpr std::size_t most = 40;
            const std::string_view shown = std::string_view(value).substr(0, most);
            const std::string hex = to_hex(std::as_bytes(std::span(shown)));
            return hex + (value.size() > most ? "... (" + std::to_string(value.size()) + " bytes)" : "");
        } else if constexpr (std::is_enum_v<T>) {
            return std::to_string(static_cast<unsigned>(value));
        } else if constexpr (requires { value.has_value(); }) {
            return value ? show(*value) : "nothing";
        } else {
            return std::to_string(value);
        }
    }

    template <class Expected, class Held>
    bool expect(std::string_view name, const Expected& expected, const Held& held)
    {
        if (expected == held) return true;
        differences_.push_back(path_ + std::string(name) + ": expected " + show(expected) + ", holds " + show(held));
        return false;
    }

    /// For a member that has no way to be absent: without a key it must have its default.
    template <class T>
    bool expect(std::string_view name, const std::optional<T>& expected, const T& held, bool needed)
    {
        if (expected || needed) return expect(name, expected, held);
        return expect(name, T{}, held);
    }

    template <class Walk>
    void nested(std::string_view name, const Json& object, Walk walk)
    {
        FieldLookup inner(object);
        FieldLookup* const outer = std::exchange(fields_, &inner);
        const std::string outer_path = std::exchange(path_, path_ + std::string(name) + '.');
        walk();
        for (const std::string& key : inner.unread()) differences_.push_back(path_ + key + ": no member holds it");
        path_ = outer_path;
        fields_ = outer;
    }

    template <class Element>
    void element(std::string_view name, const Json& json, const Element& held)
    {
        if constexpr (std::same_as<Element, UserProperty>) {
            expect(name, text_of(json.array().at(0)), std::string(held.name.view()));
            expect(name, text_of(json.array().at(1)), std::string(held.value.view()));
        } else if constexpr (std::same_as<Element, Subscription>) {
            nested(name, json, [&] { walk_subscription(*this, held); });
        } else if constexpr (std::same_as<Element, Text>) {
            nested(name, json, [&] { (*this)("filter", held); });
        } else {
            expect(name, json.number(), static_cast<std::int64_t>(held));
        }
    }

    FieldLookup* fields_;
    Version version_;
    std::vector<std::string>& differences_;
    std::string path_;
};

} // namespace

std::vector<std::string> differences(const Packet& packet, const Json& fields, Version version)
{
    std::vector<std::string> result;
    FieldLookup lookup(fields);
    Comparison comparison(lookup, version, result);
    std::visit([&](const auto& held) { walk_packet(comparison, held); }, packet);
    for (const std::string& key : lookup.unread()) result.push_back(key + ": no member holds it");
    return result;
}

} // namespace mqttwire::test
