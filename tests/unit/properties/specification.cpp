#include "unit/properties/specification.hpp"

namespace check {

namespace {

using namespace std::string_view_literals;

struct Sample {
    std::string_view text;
    Errc fault = Errc::none;
    std::size_t index = 0; ///< of the bad byte in the text
};

const std::vector<Sample>& text_samples()
{
    static const std::vector<Sample> samples{
        {"text"sv},
        {"\xEF\xBB\xBF"sv},
        {"caf\xC3\xA9 \xF0\xAA\x9B\x94"sv},
        {"ab\0c"sv, Errc::utf8_null, 2},
        {"\xC0\x80"sv, Errc::utf8_ill_formed, 0},
        {"a\xED\xA0\x80"sv, Errc::utf8_surrogate, 1},
        {"abcdefghi\xFF"sv, Errc::utf8_ill_formed, 9},
        {"a\xE2\x82"sv, Errc::utf8_ill_formed, 1},
    };
    return samples;
}

void add_number(std::vector<Value>& values, const SpecifiedProperty& property, std::uint32_t number, Bytes encoded)
{
    const bool good = number >= property.least && number <= property.most;
    const Errc bad = property.id == 0x23 ? Errc::topic_alias_zero : Errc::property_value_out_of_range;
    values.push_back({.encoded = std::move(encoded), .fault = good ? Errc::none : bad, .number = number});
}

void add_text(std::vector<Value>& values, const Sample& sample)
{
    values.push_back(
        {.encoded = prefixed(sample.text), .fault = sample.fault, .index = 2 + sample.index, .text = sample.text});
}

} // namespace

std::vector<Value> values_of(const SpecifiedProperty& property)
{
    std::vector<Value> values;
    switch (property.kind) {
    case Kind::byte:
        for (std::uint32_t number = 0; number < 256; ++number) add_number(values, property, number, byte(number));
        break;
    case Kind::two:
        for (const std::uint32_t number : {0U, 1U, 255U, 256U, 0x7FFFU, 0x8000U, 0xFFFFU})
            add_number(values, property, number, two(number));
        break;
    case Kind::four:
        for (const std::uint32_t number : {0U, 1U, 0xFFFFU, 0x10000U, 0x7FFFFFFFU, 0x80000000U, 0xFFFFFFFFU})
            add_number(values, property, number, four(number));
        break;
    case Kind::varint:
        for (const std::uint32_t number : {0U, 1U, 127U, 128U, 16'383U, 16'384U, 2'097'151U, 2'097'152U, 268'435'455U})
            add_number(values, property, number, varint(number));
        for (const std::string_view padded : {"80 00", "81 00", "FF 80 00", "FF FF 80 00"})
            values.push_back({.encoded = bytes(padded), .fault = Errc::varint_not_minimal});
        values.push_back({.encoded = bytes("80 80 80 80"), .fault = Errc::varint_too_long});
        values.push_back({.encoded = bytes("FF FF FF FF 01"), .fault = Errc::varint_too_long});
        break;
    case Kind::text:
        add_text(values, {""sv});
        for (const Sample& sample : text_samples()) add_text(values, sample);
        break;
    case Kind::topic:
        for (const Sample& sample : text_samples()) add_text(values, sample);
        for (const Sample& sample :
            {Sample{"a/+", Errc::topic_name_wildcard, 2}, Sample{"#", Errc::topic_name_wildcard, 0}})
            add_text(values, sample);
        values.push_back({.encoded = prefixed(""), .fault = Errc::topic_name_empty, .text = ""sv});
        break;
    case Kind::binary:
        for (const std::string_view data : {""sv, "\0"sv, "\xFF\xC0\x80"sv, "#+"sv}) add_text(values, {data});
        break;
    case Kind::pair:
        values.push_back({.encoded = prefixed("") + prefixed(""), .text = ""sv});
        for (const Sample& sample : text_samples()) {
            // The name is good, or the first of the two to be bad.
            values.push_back({prefixed("name") + prefixed(sample.text), sample.fault, 8 + sample.index, {}, {}});
            values.push_back(
                {prefixed(sample.text) + prefixed(sample.text), sample.fault, 2 + sample.index, {}, sample.text});
        }
        break;
    }
    return values;
}

namespace {

/// Sets the member of a property struct that is named like the property; false if there is none.
template <class Properties>
bool set(Properties& properties, unsigned id, const Value& value, int times)
{
    static std::array<UserProperty, 2> pairs;
    static std::array<std::uint32_t, 2> numbers;
    const auto optional = [&](auto& member) {
        using T = typename std::remove_reference_t<decltype(member)>::value_type;
        if (times != 1) return false; // an optional member cannot be there twice
        if constexpr (std::is_integral_v<T>) {
            if (!value.number) return false;
            member = static_cast<T>(*value.number);
        } else {
            if (!value.text) return false;
            member = T(*value.text);
        }
        return true;
    };
#define MEMBER(number, name)                                                                                           \
    case number:                                                                                                       \
        if constexpr (requires { properties.name.has_value(); }) return optional(properties.name);                     \
        break
    switch (id) {
        MEMBER(0x01, payload_format_indicator);
        MEMBER(0x02, message_expiry_interval);
        MEMBER(0x03, content_type);
        MEMBER(0x08, response_topic);
        MEMBER(0x09, correlation_data);
        MEMBER(0x11, session_expiry_interval);
        MEMBER(0x12, assigned_client_identifier);
        MEMBER(0x13, server_keep_alive);
        MEMBER(0x15, authentication_method);
        MEMBER(0x16, authentication_data);
        MEMBER(0x17, request_problem_information);
        MEMBER(0x18, will_delay_interval);
        MEMBER(0x19, request_response_information);
        MEMBER(0x1A, response_information);
        MEMBER(0x1C, server_reference);
        MEMBER(0x1F, reason_string);
        MEMBER(0x21, receive_maximum);
        MEMBER(0x22, topic_alias_maximum);
        MEMBER(0x23, topic_alias);
        MEMBER(0x24, maximum_qos);
        MEMBER(0x25, retain_available);
        MEMBER(0x27, maximum_packet_size);
        MEMBER(0x28, wildcard_subscription_available);
        MEMBER(0x29, subscription_identifier_available);
        MEMBER(0x2A, shared_subscription_available);
    case 0x0B:
        if constexpr (requires { properties.subscription_identifier.has_value(); }) {
            return optional(properties.subscription_identifier);
        } else if constexpr (requires { properties.subscription_identifier.size(); }) {
            if (!value.number) return false;
            numbers.fill(*value.number);
            properties.subscription_identifier = List<std::uint32_t>(numbers.data(), static_cast<std::size_t>(times));
            return true;
        }
        break;
    case 0x26:
        if constexpr (requires { properties.user_property.size(); }) {
            if (!value.text) return false;
            pairs.fill({*value.text, *value.text});
            properties.user_property = List<UserProperty>(pairs.data(), static_cast<std::size_t>(times));
            return true;
        }
        break;
    default: break;
    }
#undef MEMBER
    return false;
}

template <class P>
std::optional<Packet> set_in(P packet, unsigned id, const Value& value, bool with_method, int times)
{
    if (with_method && !set(packet.properties, 0x15, {.text = "m"}, 1)) return std::nullopt;
    if (!set(packet.properties, id, value, times)) return std::nullopt;
    return packet;
}

} // namespace

std::optional<Packet> struct_with(PropertyPlace place, unsigned id, const Value& value, bool with_method, int times)
{
    static constexpr std::array success{ReasonCode::success};
    static constexpr std::array subscriptions{Subscription{.filter = "f"}};
    static constexpr std::array<Text, 1> filters{"f"};
    const auto set_in_packet = [&](const auto& packet) { return set_in(packet, id, value, with_method, times); };
    switch (place) {
    case PropertyPlace::connect: return set_in_packet(Connect{.client_id = "c", .clean_start = true, .keep_alive = 60});
    case PropertyPlace::will: {
        Connect connect{
            .client_id = "c", .clean_start = true, .keep_alive = 60, .will = Will{.topic = "t", .payload = "w"}};
        if (!set(connect.will->properties, id, value, times)) return std::nullopt;
        return connect;
    }
    case PropertyPlace::connack: return set_in_packet(ConnAck{});
    case PropertyPlace::publish: return set_in_packet(Publish{.topic = "t", .payload = "p"});
    case PropertyPlace::puback: return set_in_packet(PubAck{.packet_id = 1});
    case PropertyPlace::pubrec: return set_in_packet(PubRec{.packet_id = 1});
    case PropertyPlace::pubrel: return set_in_packet(PubRel{.packet_id = 1});
    case PropertyPlace::pubcomp: return set_in_packet(PubComp{.packet_id = 1});
    case PropertyPlace::subscribe: return set_in_packet(Subscribe{.packet_id = 1, .filters = subscriptions});
    case PropertyPlace::suback: return set_in_packet(SubAck{.packet_id = 1, .reason_codes = success});
    case PropertyPlace::unsubscribe: return set_in_packet(Unsubscribe{.packet_id = 1, .filters = filters});
    case PropertyPlace::unsuback: return set_in_packet(UnsubAck{.packet_id = 1, .reason_codes = success});
    case PropertyPlace::disconnect: return set_in_packet(Disconnect{});
    case PropertyPlace::auth: return set_in_packet(Auth{.reason_code = ReasonCode::continue_authentication});
    }
    return std::nullopt;
}

} // namespace check
