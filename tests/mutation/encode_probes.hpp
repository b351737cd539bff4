// Packets that no bytes decode to, in front of the encoder: values out of range, too long, and what a version lacks.
#pragma once

#include "mutation/observe.hpp"

#include <string>
#include <vector>

namespace mqttwire::test {

/// The leniencies that packets are written with: none, all that let something pass, all that make it stricter.
inline constexpr std::array write_leniencies{Leniency::none, static_cast<Leniency>(0x3F), static_cast<Leniency>(0xC0)};

inline void observe_written(Digest& digest, const Packet& packet)
{
    for (const Version version : versions)
        for (const Leniency leniency : write_leniencies)
            for (const Role role : roles) observe_encode(digest, packet, version, leniency, role);
}

/// Sets one property after the other to each of some values.
class EachProperty {
public:
    EachProperty(Digest& digest, const Packet& packet) : digest_(digest), packet_(packet) {}

    template <class... Slots>
    bool slots(Slots... slots)
    {
        (try_values(slots.member), ...);
        return true;
    }

private:
    template <class Value>
    void try_values(std::optional<Value>& member)
    {
        if constexpr (std::is_integral_v<Value>)
            for (const std::uint32_t value : {0U, 1U, 2U, 127U, 128U, 65'535U, 268'435'455U, 268'435'456U})
                try_value(member, static_cast<Value>(value));
        else {
            for (const std::string& value : texts()) try_value(member, Value(std::string_view(value)));
            for (const std::string& value : long_texts()) {
                member = Value(std::string_view(value));
                observe_encode(digest_, packet_, Version::v5, Leniency::none, Role::unknown);
                member = {};
            }
        }
    }
    void try_values(List<UserProperty>& member)
    {
        for (const std::string& value : texts()) {
            const std::array pairs{UserProperty{value, "v"}, UserProperty{"k", value}};
            try_value(member, List<UserProperty>(pairs));
        }
        for (const std::string& value : long_texts())
            for (const UserProperty& pair : {UserProperty{value, "v"}, UserProperty{"k", value}}) {
                member = List<UserProperty>(&pair, 1);
                observe_encode(digest_, packet_, Version::v5, Leniency::none, Role::unknown);
                member = {};
            }
    }
    void try_values(List<std::uint32_t>& member)
    {
        for (const std::uint32_t value : {0U, 1U, 127U, 128U, 268'435'455U, 268'435'456U}) {
            const std::array values{7U, value};
            try_value(member, List<std::uint32_t>(values));
        }
    }
    template <class Member, class Value>
    void try_value(Member& member, const Value& value)
    {
        member = value;
        observe_written(digest_, packet_);
        member = {};
    }
    static const std::vector<std::string>& texts()
    {
        static const std::vector<std::string> list{
            "", "text", "a/#", "+", std::string("a\0b", 3), "\x01", "\xFF", "\xED\xA0\x80"};
        return list;
    }
    /// Of the most bytes and one more, which take long.
    static const std::vector<std::string>& long_texts()
    {
        static const std::vector<std::string> list{std::string(65'535, 'a'), std::string(65'536, 'a')};
        return list;
    }

    Digest& digest_;
    const Packet& packet_;
};

template <class Alternative>
void observe_each_property(Digest& digest, const Alternative& filled)
{
    Packet packet = filled;
    EachProperty each(digest, packet);
    auto& properties = std::get<Alternative>(packet).properties;
    std::remove_reference_t<decltype(properties)>::walk(each, properties);
}

inline constexpr std::array one_filter{Subscription{.filter = "a/b", .qos = QoS::at_least_once}};
inline constexpr std::array one_text{Text("a/b")};
inline constexpr std::array one_code{ReasonCode::success};

inline void probe_properties(Digest& digest)
{
    observe_each_property(digest, Connect{.client_id = "c", .clean_start = true});
    observe_each_property(digest, ConnAck{});
    observe_each_property(digest, Publish{.topic = "t"});
    observe_each_property(digest, PubAck{.packet_id = 1});
    observe_each_property(digest, PubRel{.packet_id = 1});
    observe_each_property(digest, Subscribe{.packet_id = 1, .filters = one_filter});
    observe_each_property(digest, SubAck{.packet_id = 1, .reason_codes = one_code});
    observe_each_property(digest, Unsubscribe{.packet_id = 1, .filters = one_text});
    observe_each_property(digest, UnsubAck{.packet_id = 1, .reason_codes = one_code});
    observe_each_property(digest, Disconnect{});
    observe_each_property(digest, Auth{});
    Packet packet = Connect{.client_id = "c", .clean_start = true, .will = Will{.topic = "w"}};
    EachProperty each(digest, packet);
    WillProperties::walk(each, std::get<Connect>(packet).will->properties);
}

inline void probe_publish(Digest& digest)
{
    for (unsigned qos = 0; qos < 5; ++qos)
        for (const bool dup : {false, true})
            for (const unsigned id : {0U, 1U, 65'535U})
                observe_written(digest,
                    Publish{.topic = "t",
                        .payload = "p",
                        .qos = static_cast<QoS>(qos),
                        .retain = id == 1,
                        .dup = dup,
                        .packet_id = static_cast<std::uint16_t>(id)});
    const std::string long_text(65'537, 'a');
    for (const std::size_t size : {0U, 1U, 127U, 128U, 32'767U, 32'768U, 65'535U, 65'536U})
        observe_written(digest, Publish{.topic = std::string_view(long_text).substr(0, size)});
    for (const char* topic : {"a/#", "+", "\xC3\xA9", "\xC0\x80", "\x7F", "\xEF\xBF\xBF", "$SYS/a"})
        observe_written(digest, Publish{.topic = topic});
    std::string wide;
    for (unsigned i = 0; i < 32'767; ++i) wide += "\xC3\xA9";
    observe_written(digest, Publish{.topic = wide});
    observe_written(digest, Publish{.topic = wide + "a"});
    Publish aliased;
    aliased.properties.topic_alias = 1;
    observe_written(digest, aliased);
    for (const std::uint8_t format : {0, 1})
        for (const char* payload : {"text", "\xFF", "a\xE4\xB8"}) {
            Publish publish{.topic = "t", .payload = payload};
            publish.properties.payload_format_indicator = format;
            observe_written(digest, publish);
        }
    // The size of what is never read.
    static constexpr std::byte nothing{};
    for (const std::uint32_t size :
        {16'379U, 16'380U, 16'381U, 2'097'145U, 2'097'149U, 2'097'150U, 268'435'451U, 268'435'452U, 268'435'453U})
        for (const Version version : versions) {
            const Publish publish{.topic = "t", .payload = Binary(&nothing, size)};
            const Result<std::size_t> needed = publish.encoded_size(version);
            if (needed) digest.add(*needed);
            else digest.add(needed.error());
            std::byte room[1]{};
            digest.add(publish.encode(room, version).error());
        }
}

inline void probe_connect(Digest& digest)
{
    for (const unsigned size : {0U, 1U, 22U, 23U, 24U, 65'535U, 65'536U})
        for (const bool clean : {false, true}) {
            const std::string id(size, 'a');
            observe_written(digest, Connect{.client_id = id, .clean_start = clean, .keep_alive = 258});
        }
    std::string wide;
    for (unsigned i = 0; i < 23; ++i) wide += "\xC3\xA9";
    observe_written(digest, Connect{.client_id = wide, .clean_start = true});
    observe_written(digest, Connect{.client_id = wide + "a", .clean_start = true});
    const std::array names{std::optional<Text>{}, std::optional<Text>("user")};
    const std::array passwords{std::optional<Binary>{}, std::optional<Binary>("word")};
    for (const auto& name : names)
        for (const auto& password : passwords)
            for (unsigned qos = 0; qos < 5; ++qos)
                observe_written(digest,
                    Connect{.client_id = "c",
                        .will = Will{.topic = "w", .payload = "p", .qos = static_cast<QoS>(qos), .retain = qos == 1},
                        .user_name = name,
                        .password = password});
    for (const char* topic : {"", "a/#", "\xFF", "\x02"})
        observe_written(digest, Connect{.client_id = "c", .will = Will{.topic = topic}});
    for (const bool bridge : {false, true})
        for (const unsigned version : {0U, 3U, 4U, 5U}) {
            Connect connect{.client_id = "c", .bridge = bridge};
            if (version != 0) connect.version = static_cast<Version>(version);
            observe_written(digest, connect);
        }
    for (const bool method : {false, true})
        for (const bool data : {false, true}) {
            Connect connect{.client_id = "c"};
            if (method) connect.properties.authentication_method = "m";
            if (data) connect.properties.authentication_data = "d";
            observe_written(digest, connect);
            ConnAck connack;
            connack.properties = {.authentication_method = connect.properties.authentication_method,
                .authentication_data = connect.properties.authentication_data};
            observe_written(digest, connack);
            for (const ReasonCode code : {ReasonCode::success, ReasonCode::continue_authentication}) {
                Auth auth{.reason_code = code};
                auth.properties = {.authentication_method = connect.properties.authentication_method,
                    .authentication_data = connect.properties.authentication_data};
                observe_written(digest, auth);
            }
        }
}

template <class Ack>
void observe_ack(Digest& digest, ReasonCode code)
{
    for (const unsigned id : {0U, 1U}) {
        Ack ack{.packet_id = static_cast<std::uint16_t>(id), .reason_code = code};
        observe_written(digest, ack);
        if (id == 0) continue;
        ack.properties.reason_string = "why";
        observe_written(digest, ack);
    }
}

inline void probe_reason_codes(Digest& digest)
{
    for (unsigned value = 0; value < 256; value += value < 0xA8 ? 1 : 29) {
        const auto code = static_cast<ReasonCode>(value);
        for (const bool present : {false, true})
            observe_written(digest, ConnAck{.session_present = present, .reason_code = code});
        observe_ack<PubAck>(digest, code);
        observe_ack<PubRec>(digest, code);
        observe_ack<PubRel>(digest, code);
        observe_ack<PubComp>(digest, code);
        const std::array codes{ReasonCode::success, code};
        observe_written(digest, SubAck{.packet_id = 1, .reason_codes = codes});
        observe_written(digest, UnsubAck{.packet_id = 1, .reason_codes = codes});
        observe_written(digest, Disconnect{.reason_code = code});
        observe_written(digest, Auth{.reason_code = code});
    }
    observe_written(digest, SubAck{.packet_id = 0, .reason_codes = one_code});
    observe_written(digest, SubAck{.packet_id = 1});
    observe_written(digest, UnsubAck{.packet_id = 1});
    observe_written(digest, PingReq{});
    observe_written(digest, PingResp{});
}

inline void probe_subscribe(Digest& digest)
{
    for (unsigned qos = 0; qos < 5; ++qos)
        for (unsigned handling = 0; handling < 5; ++handling)
            for (const unsigned flags : {0U, 1U, 2U, 3U})
                for (const char* filter : {"a/b", "$share/g/a"}) {
                    const std::array filters{one_filter[0],
                        Subscription{.filter = filter,
                            .qos = static_cast<QoS>(qos),
                            .no_local = (flags & 1U) != 0,
                            .retain_as_published = (flags & 2U) != 0,
                            .retain_handling = static_cast<RetainHandling>(handling)}};
                    observe_written(digest, Subscribe{.packet_id = 1, .filters = filters});
                }
    const std::string long_text(65'536, 'a');
    for (const std::string& filter :
        {std::string(), std::string("#"), std::string("a#"), std::string("+a"), std::string("$share//a"),
            std::string("$share/g/"), std::string("$share/+/a"), std::string("\xFF"), std::string("\x02"),
            long_text.substr(0, 32'767), long_text.substr(0, 32'768), long_text.substr(1), long_text}) {
        const std::array filters{one_filter[0], Subscription{.filter = filter}};
        const std::array texts{Text("a"), Text(filter)};
        observe_written(digest, Subscribe{.packet_id = 1, .filters = filters});
        observe_written(digest, Unsubscribe{.packet_id = 1, .filters = texts});
    }
    observe_written(digest, Subscribe{.packet_id = 0, .filters = one_filter});
    observe_written(digest, Subscribe{.packet_id = 1});
    observe_written(digest, Unsubscribe{.packet_id = 0, .filters = one_text});
    observe_written(digest, Unsubscribe{.packet_id = 1});
}

} // namespace mqttwire::test
