#include "packet_json.hpp"

#include <mqttwire/wire/protocol.hpp>
#include <mqttwire/wire/slot.hpp>

#include <optional>
#include <string>
#include <variant>

namespace inspect {

namespace {

using namespace mqttwire;

std::uint8_t number_of(auto enumerator) noexcept { return static_cast<std::uint8_t>(enumerator); }

/// Writes the bytes of a secret, or only how many they are.
void write_secret(JsonWriter& json, std::string_view name, const Binary& secret, bool shown)
{
    if (!shown) return json.member(std::string(name) += "_size", secret.size());
    json.key(std::string(name) += "_hex");
    json.hex(secret);
}

/// Writes the properties that are present; a walker of property structs.
struct PropertyMembers {
    JsonWriter& json;
    bool secrets;

    template <class... Slots>
    bool slots(Slots... slots)
    {
        (write(slots), ...);
        return true;
    }

private:
    template <PropertyId Id, class Member>
    void write(wire::Slot<Id, Member> slot)
    {
        if (wire::count_values(slot.member) == 0) return;
        if constexpr (Id == PropertyId::subscription_identifier) write_identifiers(slot.member);
        else if constexpr (Id == PropertyId::authentication_data) write_secret(json, name(Id), *slot.member, secrets);
        else write_value(name(Id), slot.member);
    }

    /// A list even where one identifier is all that may stand.
    void write_identifiers(const auto& identifiers)
    {
        json.key(name(PropertyId::subscription_identifier));
        json.begin_array();
        if constexpr (requires { identifiers.begin(); })
            for (const std::uint32_t identifier : identifiers) json.number(identifier);
        else json.number(*identifiers);
        json.end_array();
    }

    void write_value(std::string_view name, const std::optional<Binary>& data)
    {
        json.key(std::string(name) += "_hex");
        json.hex(*data);
    }

    void write_value(std::string_view name, const std::optional<Text>& text) { json.member(name, text->view()); }

    template <class Number>
    void write_value(std::string_view name, const std::optional<Number>& number)
    {
        json.member(name, *number);
    }

    void write_value(std::string_view name, const List<UserProperty>& pairs)
    {
        json.key(name);
        json.begin_array();
        for (const UserProperty& pair : pairs) {
            json.begin_array();
            json.text(pair.name);
            json.text(pair.value);
            json.end_array();
        }
        json.end_array();
    }
};

/// Writes the members of a packet's object.
struct PacketMembers {
    JsonWriter& json;
    Version version;
    bool secrets;

    void operator()(const Connect& packet)
    {
        json.member("protocol_name", wire::protocol_name(version));
        json.member("protocol_version", number_of(version));
        if (packet.bridge) json.member("bridge", true);
        json.member("clean_start", packet.clean_start);
        json.member("keep_alive", packet.keep_alive);
        write_properties(packet.properties);
        json.member("client_id", packet.client_id.view());
        json.key("will");
        if (packet.will) write_will(*packet.will);
        else json.null();
        json.key("user_name");
        if (packet.user_name) json.text(*packet.user_name);
        else json.null();
        if (packet.password) return write_secret(json, "password", *packet.password, secrets);
        json.key("password_hex");
        json.null();
    }

    void operator()(const ConnAck& packet)
    {
        if (version != Version::v3_1) json.member("session_present", packet.session_present);
        json.member("reason_code", is_v5() ? number_of(packet.reason_code) : *to_return_code(packet.reason_code));
        write_properties(packet.properties);
    }

    void operator()(const Publish& packet)
    {
        json.member("topic", packet.topic.view());
        json.member("qos", number_of(packet.qos));
        json.member("dup", packet.dup);
        json.member("retain", packet.retain);
        if (packet.qos != QoS::at_most_once) json.member("packet_id", packet.packet_id);
        write_properties(packet.properties);
        json.key("payload_hex");
        json.hex(packet.payload);
    }

    template <PacketType Type>
    void operator()(const Acknowledgement<Type>& packet)
    {
        json.member("packet_id", packet.packet_id);
        write_reason(packet);
    }

    void operator()(const Subscribe& packet)
    {
        json.member("packet_id", packet.packet_id);
        write_properties(packet.properties);
        json.key("filters");
        json.begin_array();
        for (const Subscription& subscription : packet.filters) write_subscription(subscription);
        json.end_array();
    }

    void operator()(const SubAck& packet)
    {
        json.member("packet_id", packet.packet_id);
        write_properties(packet.properties);
        write_codes(packet.reason_codes);
    }

    void operator()(const Unsubscribe& packet)
    {
        json.member("packet_id", packet.packet_id);
        write_properties(packet.properties);
        json.key("filters");
        json.begin_array();
        for (const Text& filter : packet.filters) {
            json.begin_object();
            json.member("filter", filter.view());
            json.end_object();
        }
        json.end_array();
    }

    void operator()(const UnsubAck& packet)
    {
        json.member("packet_id", packet.packet_id);
        write_properties(packet.properties);
        if (is_v5()) write_codes(packet.reason_codes);
    }

    template <PacketType Type>
    void operator()(const Ping<Type>&)
    {
    }

    void operator()(const Disconnect& packet) { write_reason(packet); }
    void operator()(const Auth& packet) { write_reason(packet); }

private:
    bool is_v5() const noexcept { return version == Version::v5; }

    template <class Properties>
    void write_properties(const Properties& properties)
    {
        if (!is_v5()) return;
        json.key("properties");
        json.begin_object();
        PropertyMembers members{json, secrets};
        Properties::walk(members, properties);
        json.end_object();
    }

    /// The end of an acknowledgement, DISCONNECT or AUTH.
    void write_reason(const auto& packet)
    {
        if (!is_v5()) return;
        json.member("reason_code", number_of(packet.reason_code));
        write_properties(packet.properties);
    }

    void write_codes(const List<ReasonCode>& codes)
    {
        json.key("reason_codes");
        json.begin_array();
        for (const ReasonCode code : codes) json.number(number_of(code));
        json.end_array();
    }

    void write_will(const Will& will)
    {
        json.begin_object();
        json.member("qos", number_of(will.qos));
        json.member("retain", will.retain);
        write_properties(will.properties);
        json.member("topic", will.topic.view());
        json.key("payload_hex");
        json.hex(will.payload);
        json.end_object();
    }

    void write_subscription(const Subscription& subscription)
    {
        json.begin_object();
        json.member("filter", subscription.filter.view());
        json.member("qos", number_of(subscription.qos));
        if (is_v5()) {
            json.member("no_local", subscription.no_local);
            json.member("retain_as_published", subscription.retain_as_published);
            json.member("retain_handling", number_of(subscription.retain_handling));
        }
        json.end_object();
    }
};

} // namespace

void write_fields(JsonWriter& json, const Packet& packet, Version version, bool secrets)
{
    json.begin_object();
    std::visit(PacketMembers{json, version, secrets}, packet);
    json.end_object();
}

} // namespace inspect
