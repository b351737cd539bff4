// limits: what the other side of a connection has said it takes, in CONNECT or CONNACK; whether a packet keeps to it;
// and encoding a packet so that it does [5.0: sections 3.1.2.11 and 3.2.2.3].
//
//     const Limits limits = limits_of(*connack, connect);      // a client; a server: limits_of(*connect)
//     Dropped dropped;
//     const auto bytes = encode_within(packet, buffer, limits, dropped);
//
// Before 5.0 there are no limits: those of a CONNECT or CONNACK of 3.x let everything pass.
#pragma once

#include "mqttwire/buffer.hpp"
#include "mqttwire/codec.hpp"
#include "mqttwire/config.hpp"
#include "mqttwire/error.hpp"
#include "mqttwire/frame.hpp"
#include "mqttwire/leniency.hpp"
#include "mqttwire/packet.hpp"
#include "mqttwire/packet_type.hpp"
#include "mqttwire/packets/functions.hpp"
#include "mqttwire/property_id.hpp"
#include "mqttwire/qos.hpp"
#include "mqttwire/result.hpp"
#include "mqttwire/topic.hpp"
#include "mqttwire/version.hpp"
#include "mqttwire/wire/bytes.hpp"
#include "mqttwire/wire/list.hpp"
#include "mqttwire/wire/plain.hpp"
#include "mqttwire/wire/text.hpp"
#include "mqttwire/wire/user_property.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <new>
#include <optional>
#include <span>
#include <type_traits>
#include <variant>

namespace mqttwire::inline MQTTWIRE_ABI {

/// What one side takes from the other. The defaults are those of the specification: what holds if nothing was said.
/// (What only the server or only the client says is left at its default for the other.)
struct Limits {
    std::uint32_t maximum_packet_size = max_packet_size; ///< bytes of a whole packet, fixed header included
    std::uint32_t session_expiry_interval = 0; ///< seconds the session outlives the connection, as both know it
    std::uint16_t receive_maximum = 65'535; ///< QoS 1 and 2 messages at once; no single packet shows that
    std::uint16_t topic_alias_maximum = 0; ///< 0: no aliases
    std::uint16_t keep_alive = 0; ///< seconds; the server's, if it has said one [MQTT-3.2.2-21, -22]
    QoS maximum_qos = QoS::exactly_once;
    bool retain_available = true;
    bool wildcard_subscription_available = true;
    bool subscription_identifier_available = true;
    bool shared_subscription_available = true;
    bool request_problem_information = true; ///< false: reason strings and user properties in few packets only
    bool request_response_information = true; ///< false: no response information in CONNACK
    bool session_ends_with_connection = false; ///< CONNECT said so, and DISCONNECT cannot take it back

    friend constexpr bool operator==(const Limits&, const Limits&) noexcept = default;
};

namespace wire {

template <class Value, class Member>
MQTTWIRE_ALWAYS_INLINE constexpr void take(const std::optional<Value>& said, Member& member) noexcept
{
    if (said) member = static_cast<Member>(*said);
}

/// How long the session outlives the connection, as CONNECT asks: before 5.0 for ever, or not at all.
constexpr std::uint32_t asked_session_expiry(const Connect& connect) noexcept
{
    if (!connect.version || *connect.version == Version::v5)
        return connect.properties.session_expiry_interval.value_or(0);
    return connect.clean_start ? 0U : 0xFFFFFFFFU;
}

} // namespace wire

/// What a client takes, and what a server has to know of it, from its CONNECT. Before 5.0 `version` must be set in
/// that, as decoding does: how long the session lives hangs on it.
template <class = config::Code>
constexpr Limits limits_of(const Connect& connect) noexcept
{
    const ConnectProperties& said = connect.properties;
    Limits limits;
    limits.request_response_information = false;
    limits.session_expiry_interval = wire::asked_session_expiry(connect);
    limits.session_ends_with_connection = limits.session_expiry_interval == 0;
    limits.keep_alive = connect.keep_alive;
    wire::take(said.request_problem_information, limits.request_problem_information);
    wire::take(said.request_response_information, limits.request_response_information);
    wire::take(said.receive_maximum, limits.receive_maximum);
    wire::take(said.topic_alias_maximum, limits.topic_alias_maximum);
    wire::take(said.maximum_packet_size, limits.maximum_packet_size);
    return limits;
}

/// What a server takes from a client, from its CONNACK and the CONNECT that it answers, the `version` of which must be
/// set before 5.0.
template <class = config::Code>
constexpr Limits limits_of(const ConnAck& connack, const Connect& connect) noexcept
{
    const ConnAckProperties& said = connack.properties;
    Limits limits;
    limits.session_expiry_interval = wire::asked_session_expiry(connect);
    limits.session_ends_with_connection = limits.session_expiry_interval == 0;
    limits.keep_alive = connect.keep_alive;
    wire::take(said.session_expiry_interval, limits.session_expiry_interval);
    wire::take(said.server_keep_alive, limits.keep_alive);
    wire::take(said.receive_maximum, limits.receive_maximum);
    wire::take(said.topic_alias_maximum, limits.topic_alias_maximum);
    wire::take(said.maximum_qos, limits.maximum_qos);
    wire::take(said.retain_available, limits.retain_available);
    wire::take(said.maximum_packet_size, limits.maximum_packet_size);
    wire::take(said.wildcard_subscription_available, limits.wildcard_subscription_available);
    wire::take(said.subscription_identifier_available, limits.subscription_identifier_available);
    wire::take(said.shared_subscription_available, limits.shared_subscription_available);
    return limits;
}

/// What was left out of a packet so that it keeps to the limits. Of the user properties the last ones go first, so
/// those from index `size() - user_properties` on are missing.
struct Dropped {
    bool reason_string{};
    std::uint32_t user_properties{}; ///< their number

    constexpr bool any() const noexcept { return reason_string || user_properties != 0; }
    friend constexpr bool operator==(const Dropped&, const Dropped&) noexcept = default;
};

namespace wire {

/// True for packets whose Reason String and User Properties go where there is no room for them: all that have a Reason
/// String [5.0: MQTT-3.2.2-19, -20, MQTT-3.4.2-2, -3, MQTT-3.5.2-2, -3, MQTT-3.6.2-2, -3, MQTT-3.7.2-2, -3,
/// MQTT-3.9.2-1, -2, MQTT-3.11.2-1, -2, MQTT-3.14.2-3, -4, MQTT-3.15.2-2, -3].
template <class Packet>
concept HasReasonString = requires(Packet packet) { packet.properties.reason_string; };

/// True for packets that have both only if the client wants them [5.0: MQTT-3.1.2-29].
constexpr bool tells_problems_on_request(PacketType type) noexcept
{
    return type != PacketType::connack && type != PacketType::publish && type != PacketType::disconnect;
}

/// A limit that is broken, and by which field, in a list of which element.
struct Breach {
    Errc code = Errc::none;
    Field field = Field::packet;
    std::uint32_t element = 0;

    constexpr Error in(PacketType type) const noexcept
    {
        return {.code = code, .field = field, .packet = type, .element = element};
    }
};

constexpr bool has_wildcard(const Text& filter) noexcept
{
    for (const char each : filter)
        if (is_wildcard(static_cast<unsigned char>(each))) return true;
    return false;
}

// What the values of a packet break, apart from its size and from problem information that nobody wants.

template <class Packet>
constexpr Breach find_breach(const Packet&, const Limits&) noexcept
{
    return {};
}

template <class = config::Code>
constexpr Breach find_breach(const Connect& connect, const Limits& limits) noexcept
{
    if (!connect.will) return {};
    if (connect.will->qos > limits.maximum_qos && connect.will->qos <= QoS::exactly_once) // [5.0: MQTT-3.2.2-12]
        return {Errc::qos_above_maximum, Field::connect_flags};
    if (connect.will->retain && !limits.retain_available) // [5.0: MQTT-3.2.2-13]
        return {Errc::retain_not_available, Field::connect_flags};
    return {};
}

template <class = config::Code>
constexpr Breach find_breach(const ConnAck& connack, const Limits& limits) noexcept
{
    if (connack.properties.response_information && !limits.request_response_information) // [5.0: MQTT-3.1.2-28]
        return {Errc::response_information_not_requested, field(PropertyId::response_information)};
    return {};
}

template <class = config::Code>
constexpr Breach find_breach(const Publish& publish, const Limits& limits) noexcept
{
    if (publish.qos > limits.maximum_qos && publish.qos <= QoS::exactly_once) // [5.0: MQTT-3.2.2-11]
        return {Errc::qos_above_maximum, Field::fixed_header};
    if (publish.retain && !limits.retain_available) // [5.0: MQTT-3.2.2-14]
        return {Errc::retain_not_available, Field::fixed_header};
    // [5.0: MQTT-3.1.2-26, -27, MQTT-3.2.2-17, -18, MQTT-3.3.2-9, -11]
    if (publish.properties.topic_alias.value_or(0) > limits.topic_alias_maximum)
        return {Errc::topic_alias_above_maximum, field(PropertyId::topic_alias)};
    return {};
}

/// A Maximum QoS bars no subscription [5.0: MQTT-3.2.2-10].
template <class = config::Code>
constexpr Breach find_breach(const Subscribe& subscribe, const Limits& limits) noexcept
{
    if (subscribe.properties.subscription_identifier && !limits.subscription_identifier_available)
        return {Errc::subscription_identifier_not_available, field(PropertyId::subscription_identifier)};
    Breach breach{.field = Field::filter};
    subscribe.filters.all_of([&](const Subscription& subscription) {
        if (!limits.shared_subscription_available && is_shared(subscription.filter))
            breach.code = Errc::shared_subscription_not_available;
        else if (!limits.wildcard_subscription_available && has_wildcard(subscription.filter))
            breach.code = Errc::wildcard_subscription_not_available;
        else ++breach.element;
        return breach.code == Errc::none;
    });
    return breach;
}

template <class = config::Code>
constexpr Breach find_breach(const Disconnect& disconnect, const Limits& limits) noexcept
{
    if (limits.session_ends_with_connection && disconnect.properties.session_expiry_interval.value_or(0) != 0)
        return {Errc::session_expiry_after_zero, field(PropertyId::session_expiry_interval)};
    return {};
}

template <class Packet>
constexpr Breach find_unwanted_problem(const Packet& packet, const Limits& limits) noexcept
{
    if constexpr (HasReasonString<Packet> && tells_problems_on_request(Packet::type)) {
        if (limits.request_problem_information) return {};
        const auto& properties = packet.properties;
        const bool reason = properties.reason_string.has_value();
        if (reason || !properties.user_property.empty())
            return {Errc::problem_information_not_requested,
                field(reason ? PropertyId::reason_string : PropertyId::user_property)};
    }
    return {};
}

/// What is wrong with a packet of too many bytes [5.0: MQTT-3.1.2-24, -25, MQTT-3.2.2-15].
constexpr Errc too_large(PacketType type) noexcept
{
    return type == PacketType::publish ? Errc::publish_above_maximum_size : Errc::packet_above_maximum_size;
}
constexpr Error size_error(PacketType type, std::uint32_t size) noexcept
{
    return {.code = too_large(type), .packet = type, .needed = size};
}

/// The members of a packet that may be left out; nullptr if it has none such.
struct Optional {
    std::optional<Text>* reason_string = nullptr;
    List<UserProperty>* user_property = nullptr;
};

template <class Packet>
constexpr Optional optional_parts(Packet& packet) noexcept
{
    if constexpr (HasReasonString<Packet>) return {&packet.properties.reason_string, &packet.properties.user_property};
    else return {};
}

inline namespace MQTTWIRE_CODE {

/// Encodes in a version that is known while compiling, or at run time.
template <class Packet, class V>
MQTTWIRE_STEP constexpr Result<std::span<std::byte>> encode_in(
    const Packet& packet, std::span<std::byte> buffer, V version, Leniency leniency, Role receiver) noexcept
{
    if constexpr (std::is_same_v<V, Version>) return encode_in_any_version(packet, buffer, version, leniency, receiver);
    else return encode_packet(packet, buffer, version, leniency, receiver);
}

/// Leaves out of a packet what must go, step by step. Between the steps the packet is encoded.
struct Fitting {
    const Limits& limits;
    Dropped& dropped;
    std::uint32_t stay = 0; ///< so many user properties can stay, as far as is known
    std::uint32_t above = 0; ///< so many cannot; 0: of them nothing was left out yet

    /// False if a step follows the next trial whether that fits or not, so that only its size matters.
    constexpr bool may_end() const noexcept { return above - stay <= 2; }

    /// Takes a step; false if there is none to take. How many user properties can stay is found by halves.
    MQTTWIRE_STEP constexpr bool step(const Optional& parts, PacketType type, std::uint32_t size) noexcept
    {
        if (parts.user_property == nullptr) return false;
        const bool unwanted = !limits.request_problem_information && tells_problems_on_request(type);
        const bool fits = size <= (unwanted ? 0 : limits.maximum_packet_size);
        if (fits && above == 0) return false;
        if (parts.reason_string->has_value()) {
            parts.reason_string->reset();
            dropped.reason_string = true;
            return true;
        }
        const auto count = static_cast<std::uint32_t>(parts.user_property->size());
        (fits ? stay : above) = count;
        const std::uint32_t next = (stay + above) / 2;
        dropped.user_properties += count;
        dropped.user_properties -= next;
        parts.user_property->set_size(next);
        return next != count;
    }
};

/// Leaves out what must go, and encodes. `encode` takes a buffer and puts into a result what encoding into it gives;
/// `parts_of` gives what may be left out of the packet.
template <class Encode, class PartsOf>
MQTTWIRE_STEP constexpr void encode_fitting(Result<std::span<std::byte>>& encoded, std::span<std::byte> buffer,
    const Limits& limits, Dropped& dropped, const Encode& encode, const PartsOf& parts_of) noexcept
{
    dropped = {};
    Fitting fitting{limits, dropped};
    if (buffer.size() > limits.maximum_packet_size) buffer = buffer.first(limits.maximum_packet_size);
    for (;;) {
        encode(encoded, buffer.first(fitting.may_end() ? buffer.size() : 0));
        const bool good = encoded.has_value();
        const std::uint32_t size = good ? static_cast<std::uint32_t>(encoded->size()) : encoded.error().needed;
        const PacketType type = good ? packet_type_of(load_byte(buffer.data())) : encoded.error().packet;
        if (fitting.step(parts_of(type), type, size)) continue;
        if (size > limits.maximum_packet_size) {
            dropped = {};
            encoded.rename_error(too_large(type));
        }
        return;
    }
}

/// Where the packets of each type have the members that may be left out; 0: nowhere.
struct OptionalPlaces {
    std::array<std::uint8_t, 16> reason_string{};
    std::array<std::uint8_t, 16> user_property{};

    template <class... Alternatives>
    constexpr explicit OptionalPlaces(std::type_identity<std::variant<Alternatives...>>) noexcept
    {
        (add<Alternatives>(), ...);
    }

    Optional in(void* packet, PacketType type) const noexcept
    {
        const auto index = static_cast<std::size_t>(type);
        if (user_property[index] == 0) return {};
        auto* const memory = static_cast<std::byte*>(packet);
        return {reinterpret_cast<std::optional<Text>*>(memory + reason_string[index]),
            reinterpret_cast<List<UserProperty>*>(memory + user_property[index])};
    }

private:
    template <class Packet>
    constexpr void add() noexcept
    {
        if constexpr (HasReasonString<Packet>) {
            using Properties = decltype(Packet::properties);
            constexpr auto index = static_cast<std::size_t>(Packet::type);
            constexpr std::size_t from = offsetof(Packet, properties);
            reason_string[index] = std::uint8_t{from + offsetof(Properties, reason_string)};
            user_property[index] = std::uint8_t{from + offsetof(Properties, user_property)};
        }
    }
};

inline constexpr OptionalPlaces optional_places{std::type_identity<Packet>{}};

/// encode_fitting where code size counts: one for all packets.
template <class V, class... Terms>
MQTTWIRE_NOINLINE inline Result<std::span<std::byte>> encode_fitting_small(std::byte* buffer, std::size_t capacity,
    const void* packet, SmallWalk<V> walk, const Limits& limits, Dropped& dropped, Terms... terms) noexcept
{
    Result<std::span<std::byte>> encoded{detail::Erased{}};
    encode_fitting(
        encoded, {buffer, capacity}, limits, dropped,
        [&](auto& result, std::span<std::byte> to) { // constructed where it is, without a copy
            ::new (&result) Result<std::span<std::byte>>(encode_small(to.data(), to.size(), packet, walk, terms...));
        },
        // Only a packet that was given to be changed has something to leave out.
        [packet](PacketType type) { return optional_places.in(const_cast<void*>(packet), type); });
    return encoded;
}

/// The same, to which all terms are given, or of which the compiler knows that they are strict.
template <class Packet, class V>
MQTTWIRE_THIN inline Result<std::span<std::byte>> encode_limited_small(const Packet& packet,
    std::span<std::byte> buffer, const Limits& limits, Dropped& dropped, V version, Leniency leniency,
    Role receiver) noexcept
{
    std::byte* const to = buffer.data();
    if (surely_strict(leniency, receiver))
        return with_strict_terms(version, [&](auto... terms) {
            constexpr SmallWalk<Strict<V>> walk = &write_small<Packet, Strict<V>>;
            return encode_fitting_small(to, buffer.size(), &packet, walk, limits, dropped, terms...);
        });
    constexpr SmallWalk<V> walk = &write_small<Packet, V>;
    return encode_fitting_small(to, buffer.size(), &packet, walk, limits, dropped, version, leniency, receiver);
}

/// `version` is one of those that walkers take, or a Version. The packet loses what must go.
template <class Packet, class V>
MQTTWIRE_STEP constexpr Result<std::span<std::byte>> encode_limited(Packet& packet, std::span<std::byte> buffer,
    const Limits& limits, Dropped& dropped, V version, Leniency leniency, Role receiver) noexcept
{
    if (const Breach breach = find_breach(packet, limits); breach.code != Errc::none) {
        dropped = {};
        return breach.in(Packet::type);
    }
    if constexpr (config::small) {
        if (!std::is_constant_evaluated()) {
            using P = std::remove_const_t<Packet>;
            if constexpr (std::is_same_v<V, Version>) {
                dropped = {}; // for a version that is none
                return with_version<P, Verb::encode>(version, [&](auto known) -> Result<std::span<std::byte>> {
                    return encode_limited_small<P>(packet, buffer, limits, dropped, known, leniency, receiver);
                });
            } else return encode_limited_small<P>(packet, buffer, limits, dropped, version, leniency, receiver);
        }
    }
    Result<std::span<std::byte>> encoded = Error{};
    encode_fitting(
        encoded, buffer, limits, dropped,
        [&](auto& result, std::span<std::byte> to) { result = encode_in(packet, to, version, leniency, receiver); },
        [&](PacketType) { return optional_parts(packet); });
    return encoded;
}

/// The same of a packet that must stay as it is.
template <class Packet, class V>
MQTTWIRE_STEP constexpr Result<std::span<std::byte>> encode_limited(const Packet& packet, std::span<std::byte> buffer,
    const Limits& limits, Dropped& dropped, V version, Leniency leniency, Role receiver) noexcept
    requires HasReasonString<Packet>
{
    Packet copy = packet;
    return encode_limited(copy, buffer, limits, dropped, version, leniency, receiver);
}

} // namespace MQTTWIRE_CODE

} // namespace wire

/// Encodes a packet so that it keeps to the limits of its receiver, and tells what was left out for it: the Reason
/// String first, then user properties from the last one on, in packets where the specification lets them go, until it
/// fits; both where the client wants no problem information. Nothing else changes a packet, and nothing a PUBLISH.
///
/// Errors: what `check` gives, where leaving out does not help. `publish_above_maximum_size`: the message is not sent,
/// and the flow ends as if it had been delivered [5.0: MQTT-3.1.2-25]. After an error nothing was written, and where
/// the packet is too large nothing is told as left out. Of what was left out the buffer may hold bytes behind the
/// packet.
template <PacketStruct P>
MQTTWIRE_WHOLE constexpr Result<std::span<std::byte>> encode_within(const P& packet,
    MutableBuffer buffer MQTTWIRE_LIFETIMEBOUND, const Limits& limits, Dropped& dropped, Version version = Version::v5,
    Leniency leniency = {}, Role receiver = {}) noexcept
{
    return wire::encode_limited(packet, buffer, limits, dropped, version, leniency, receiver);
}
template <Version V, PacketStruct P>
MQTTWIRE_ENTRY constexpr Result<std::span<std::byte>> encode_within(const P& packet,
    MutableBuffer buffer MQTTWIRE_LIFETIMEBOUND, const Limits& limits, Dropped& dropped, Leniency leniency = {},
    Role receiver = {}) noexcept
{
    return wire::encode_limited(packet, buffer, limits, dropped, wire::FixedVersion<V>{}, leniency, receiver);
}
/// The same of a packet that nobody else needs, without a copy.
template <PacketStruct P>
MQTTWIRE_WHOLE constexpr Result<std::span<std::byte>> encode_within(P&& packet,
    MutableBuffer buffer MQTTWIRE_LIFETIMEBOUND, const Limits& limits, Dropped& dropped, Version version = Version::v5,
    Leniency leniency = {}, Role receiver = {}) noexcept
{
    return wire::encode_limited(packet, buffer, limits, dropped, version, leniency, receiver);
}
template <Version V, PacketStruct P>
MQTTWIRE_ENTRY constexpr Result<std::span<std::byte>> encode_within(P&& packet,
    MutableBuffer buffer MQTTWIRE_LIFETIMEBOUND, const Limits& limits, Dropped& dropped, Leniency leniency = {},
    Role receiver = {}) noexcept
{
    return wire::encode_limited(packet, buffer, limits, dropped, wire::FixedVersion<V>{}, leniency, receiver);
}
template <class = config::Code>
constexpr Result<std::span<std::byte>> encode_within(const Packet& packet, MutableBuffer buffer MQTTWIRE_LIFETIMEBOUND,
    const Limits& limits, Dropped& dropped, Version version = Version::v5, Leniency leniency = {},
    Role receiver = {}) noexcept
{
    return wire::visit(packet,
        [&](const auto& held) { return encode_within(held, buffer, limits, dropped, version, leniency, receiver); });
}
template <Version V, class = config::Code>
constexpr Result<std::span<std::byte>> encode_within(const Packet& packet, MutableBuffer buffer MQTTWIRE_LIFETIMEBOUND,
    const Limits& limits, Dropped& dropped, Leniency leniency = {}, Role receiver = {}) noexcept
{
    return wire::visit(
        packet, [&](const auto& held) { return encode_within<V>(held, buffer, limits, dropped, leniency, receiver); });
}

/// The first limit that the packet breaks, of those that one packet can show: its size as it would be encoded, QoS,
/// RETAIN, topic alias, subscription identifiers, wildcards and shared filters, response and problem information, the
/// session expiry of DISCONNECT; or what is wrong with the packet itself. The code is `none` if it may be sent; of a
/// filter, `element` is its index.
///
/// The limits are those of the packet's receiver: a sender asks before it sends, a receiver with its own limits.
template <PacketStruct P>
constexpr Error check(const P& packet, const Limits& limits, Version version = Version::v5, Leniency leniency = {},
    Role receiver = {}) noexcept
{
    if (const auto breach = wire::find_breach(packet, limits); breach.code != Errc::none) return breach.in(P::type);
    const Result<std::size_t> size = packet.encoded_size(version, leniency, receiver);
    if (!size) return size.error();
    if (const auto breach = wire::find_unwanted_problem(packet, limits); breach.code != Errc::none)
        return breach.in(P::type);
    if (*size > limits.maximum_packet_size) return wire::size_error(P::type, static_cast<std::uint32_t>(*size));
    return {};
}
template <class = config::Code>
constexpr Error check(const Packet& packet, const Limits& limits, Version version = Version::v5, Leniency leniency = {},
    Role receiver = {}) noexcept
{
    return wire::visit(packet, [&](const auto& held) { return check(held, limits, version, leniency, receiver); });
}

} // namespace mqttwire::inline MQTTWIRE_ABI
