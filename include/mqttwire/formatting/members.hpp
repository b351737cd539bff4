// The members of packets and of their parts by name, as formatters show them.
#pragma once

#include "mqttwire/config.hpp"
#include "mqttwire/packet.hpp"
#include "mqttwire/wire/slot.hpp"

#include <concepts>
#include <optional>
#include <string_view>
#include <type_traits>

namespace mqttwire::inline MQTTWIRE_ABI::formatting {

/// A value of which only the size may be seen.
struct Secret {
    const Binary& value;
};

// The members of each struct by name. The structured bindings name all of them, so that a member cannot be forgotten.

template <class Visit>
constexpr void each_member(const Will& will, Visit&& visit)
{
    const auto& [topic, payload, qos, retain, properties] = will;
    visit("topic", topic);
    visit("payload", payload);
    visit("qos", qos);
    visit("retain", retain);
    visit("properties", properties);
}

template <class Visit>
constexpr void each_member(const Connect& packet, Visit&& visit)
{
    const auto& [client_id, clean_start, keep_alive, will, user_name, password, properties, version, bridge] = packet;
    visit("version", version);
    if (bridge) visit("bridge", bridge);
    visit("client_id", client_id);
    visit("clean_start", clean_start);
    visit("keep_alive", keep_alive);
    visit("will", will);
    visit("user_name", user_name);
    if (password) visit("password", Secret{*password});
    visit("properties", properties);
}

template <class Visit>
constexpr void each_member(const ConnAck& packet, Visit&& visit)
{
    const auto& [session_present, reason_code, properties] = packet;
    visit("session_present", session_present);
    visit("reason_code", reason_code);
    visit("properties", properties);
}

template <class Visit>
constexpr void each_member(const Publish& packet, Visit&& visit)
{
    const auto& [topic, payload, qos, retain, dup, packet_id, properties] = packet;
    visit("topic", topic);
    visit("payload", payload);
    visit("qos", qos);
    visit("retain", retain);
    visit("dup", dup);
    if (qos != QoS::at_most_once || packet_id != 0) visit("packet_id", packet_id);
    visit("properties", properties);
}

template <PacketType Type, class Visit>
constexpr void each_member(const Acknowledgement<Type>& packet, Visit&& visit)
{
    const auto& [packet_id, reason_code, properties] = packet;
    visit("packet_id", packet_id);
    visit("reason_code", reason_code);
    visit("properties", properties);
}

template <class Visit>
constexpr void each_member(const Subscription& subscription, Visit&& visit)
{
    const auto& [filter, qos, no_local, retain_as_published, retain_handling] = subscription;
    visit("filter", filter);
    visit("qos", qos);
    visit("no_local", no_local);
    visit("retain_as_published", retain_as_published);
    visit("retain_handling", retain_handling);
}

template <class Visit>
constexpr void each_member(const Subscribe& packet, Visit&& visit)
{
    const auto& [packet_id, filters, properties] = packet;
    visit("packet_id", packet_id);
    visit("filters", filters);
    visit("properties", properties);
}

template <class Visit>
constexpr void each_member(const SubAck& packet, Visit&& visit)
{
    const auto& [packet_id, reason_codes, properties] = packet;
    visit("packet_id", packet_id);
    visit("reason_codes", reason_codes);
    visit("properties", properties);
}

template <class Visit>
constexpr void each_member(const Unsubscribe& packet, Visit&& visit)
{
    const auto& [packet_id, filters, properties] = packet;
    visit("packet_id", packet_id);
    visit("filters", filters);
    visit("properties", properties);
}

template <class Visit>
constexpr void each_member(const UnsubAck& packet, Visit&& visit)
{
    const auto& [packet_id, reason_codes, properties] = packet;
    visit("packet_id", packet_id);
    visit("reason_codes", reason_codes);
    visit("properties", properties);
}

template <PacketType Type, class Visit>
constexpr void each_member(const Ping<Type>&, Visit&&)
{
}

template <class Visit>
constexpr void each_member(const Disconnect& packet, Visit&& visit)
{
    const auto& [reason_code, properties] = packet;
    visit("reason_code", reason_code);
    visit("properties", properties);
}

template <class Visit>
constexpr void each_member(const Auth& packet, Visit&& visit)
{
    const auto& [reason_code, properties] = packet;
    visit("reason_code", reason_code);
    visit("properties", properties);
}

/// The walker that gives each property of a struct to `visit`, by name.
template <class Visit>
struct PropertyWalk {
    Visit& visit;

    template <class... Slots>
    constexpr bool slots(Slots... slots) const
    {
        (one(slots), ...);
        return true;
    }

private:
    template <PropertyId Id, class Member>
    constexpr void one(wire::Slot<Id, Member> slot) const
    {
        if constexpr (Id == PropertyId::authentication_data) {
            if (slot.member) visit(slot.row.name, Secret{*slot.member});
        } else {
            visit(slot.row.name, slot.member);
        }
    }
};

/// A walker that looks at nothing.
struct IdleWalk {
    template <class... Slots>
    bool slots(Slots...) const;
};

/// A struct of properties describes itself to walkers.
template <class T>
concept PropertyStruct = requires(const T& properties, const IdleWalk& walk) {
    { T::walk(walk, properties) } -> std::same_as<bool>;
};

template <PropertyStruct Properties, class Visit>
constexpr void each_member(const Properties& properties, Visit&& visit)
{
    const PropertyWalk<std::remove_reference_t<Visit>> walk{visit};
    Properties::walk(walk, properties);
}

/// A packet tells its type.
template <class T>
concept PacketStruct = requires(const T& packet) {
    { T::type } -> std::convertible_to<PacketType>;
    packet.encoded_size(Version::v5);
};

// Whether a member holds anything that is to be shown.

template <class T>
constexpr bool is_shown(const T&) noexcept
{
    return true;
}
template <class T>
constexpr bool is_shown(const std::optional<T>& value) noexcept
{
    return value.has_value();
}
template <class T>
constexpr bool is_shown(const List<T>& list) noexcept
{
    return !list.empty();
}
template <PropertyStruct Properties>
constexpr bool is_shown(const Properties& properties) noexcept
{
    bool shown = false;
    each_member(properties, [&shown](std::string_view, const auto& value) { shown = shown || is_shown(value); });
    return shown;
}

} // namespace mqttwire::inline MQTTWIRE_ABI::formatting
