// sniff: tells from the first bytes of a connection what the other side speaks, so that one port can serve MQTT of
// every version, TLS, WebSocket and HTTP, behind a proxy or not.
//
//   MQTT     1x | length | 00 04 'MQTT' or 00 06 'MQIsdp' | level    a CONNECT, at most 14 bytes up to its level
//   TLS      16 03 0x | length | 01                                  a record that begins with a ClientHello
//   HTTP     method, space, target                                   a GET may ask for WebSocket further on
//   PROXY 1  'PROXY ' 'T' or 'U' ... CR LF                           at most 107 bytes
//   PROXY 2  0D 0A 0D 0A 00 0D 0A 51 55 49 54 0A | 2x | family | length    16 bytes and as many as the length says
//
// It looks at bytes and takes none: what it was shown is then given to whoever speaks the protocol.
#pragma once

#include "mqttwire/buffer.hpp"
#include "mqttwire/config.hpp"
#include "mqttwire/packet_type.hpp"
#include "mqttwire/property_id.hpp"
#include "mqttwire/reason_code.hpp"
#include "mqttwire/version.hpp"
#include "mqttwire/wire/bytes.hpp"
#include "mqttwire/wire/name_among.hpp"
#include "mqttwire/wire/protocol.hpp"
#include "mqttwire/wire/varint.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <string_view>

namespace mqttwire::inline MQTTWIRE_ABI {

/// What a connection begins with.
enum class Opening : std::uint8_t {
    undecided, ///< it can still be more than one of these
    mqtt, ///< a CONNECT of 3.1, 3.1.1 or 5.0
    mqtt_unknown_version, ///< a CONNECT with a known protocol name and an unknown level: can be refused in its own form
    mqtt_other_packet, ///< an MQTT packet other than CONNECT, which must come first [MQTT-3.1.0-1]
    tls, ///< a TLS ClientHello
    http, ///< a request of HTTP 1, or the preface of HTTP 2
    websocket, ///< an HTTP request to go over to WebSocket
    proxy_1, ///< a PROXY protocol header of version 1; the connection proper begins behind it
    proxy_2, ///< the same of version 2
    other, ///< none of these
};

constexpr std::string_view name(Opening opening) noexcept
{
    return wire::name_among(opening,
        {"undecided", "mqtt", "mqtt_unknown_version", "mqtt_other_packet", "tls", "http", "websocket", "proxy_1",
            "proxy_2", "other"});
}

/// What `sniff` has found.
struct Sniffed {
    Opening opening = Opening::other;
    std::optional<Version> version{}; ///< of a CONNECT with a known version
    bool bridge{}; ///< its level has the bridge bit; decode it with Leniency::bridge_bit
    PacketType packet{}; ///< the type of an MQTT packet; else 0
    std::uint32_t length{}; ///< bytes of a whole PROXY header, to be skipped; else 0
    std::uint32_t needed{}; ///< at least so many more bytes come, and can tell more; 0: the answer is final

    friend constexpr bool operator==(const Sniffed&, const Sniffed&) noexcept = default;
};

namespace wire::sniffing::inline MQTTWIRE_CODE {

constexpr Sniffed undecided(std::size_t have, std::size_t wanted) noexcept
{
    return {.opening = Opening::undecided, .needed = static_cast<std::uint32_t>(wanted - have)};
}

/// How much of a text the bytes begin with: all of it, as far as there are bytes, or something else.
enum class Begin : std::uint8_t { all, part, other };

constexpr Begin begins_with(std::span<const std::byte> bytes, std::string_view text) noexcept
{
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (i == bytes.size()) return Begin::part;
        if (bytes[i] != static_cast<std::byte>(text[i])) return Begin::other;
    }
    return Begin::all;
}

/// The fixed header of the first packet, as far as it is there.
struct Head {
    unsigned type;
    unsigned flags;
    Varint length; ///< its size is 0 until it is whole
    std::span<const std::byte> body; ///< the part of it that is there

    constexpr std::size_t size() const noexcept { return 1 + length.size; }
};

constexpr Head read_head(std::span<const std::byte> bytes) noexcept
{
    const unsigned first = load_byte(bytes.data());
    Head head{first >> 4U, first & 0x0FU, load_varint(bytes.data() + 1, bytes.data() + bytes.size()), {}};
    if (!head.length.valid()) return head;
    head.body = bytes.subspan(head.size());
    if (head.body.size() > head.length.value) head.body = head.body.first(head.length.value);
    return head;
}

/// A CONNECT, by its protocol name and level. Its flags are left to decode, for 3.1 ignores them.
constexpr Sniffed find_connect(std::span<const std::byte> bytes) noexcept
{
    constexpr std::size_t shortest = 2 + 4 + 1; // up to the level
    if (bytes.empty()) return undecided(0, 2 + shortest);
    const Head head = read_head(bytes);
    if (head.type != static_cast<unsigned>(PacketType::connect) || head.length.size == Varint::too_long) return {};
    if (head.length.size == 0) return undecided(bytes.size(), bytes.size() + 1 + shortest);
    if (head.length.value < shortest) return {};
    for (const Version each : {Version::v3_1_1, Version::v3_1}) {
        const std::string_view name = protocol_name(each);
        const std::size_t whole = 2 + name.size() + 1;
        const std::array<std::byte, 2> size{std::byte{}, static_cast<std::byte>(name.size())};
        bool fits = whole <= head.length.value;
        for (std::size_t i = 0; i < head.body.size() && i < 2; ++i) fits = fits && head.body[i] == size[i];
        if (fits && head.body.size() > 2) fits = begins_with(head.body.subspan(2), name) != Begin::other;
        if (!fits) continue;
        if (head.body.size() < whole) return undecided(head.body.size(), whole);
        const ProtocolHead protocol = read_protocol_head(head.body);
        if (protocol.code != Errc::none)
            return {.opening = Opening::mqtt_unknown_version, .packet = PacketType::connect};
        return {.opening = Opening::mqtt,
            .version = protocol.version,
            .bridge = protocol.bridge(),
            .packet = PacketType::connect};
    }
    return {};
}

/// Packets of a few bytes, or that 5.0 makes longer by a reason code.
constexpr bool is_answer(PacketType type) noexcept
{
    switch (type) {
    case PacketType::connack:
    case PacketType::puback:
    case PacketType::pubrec:
    case PacketType::pubrel:
    case PacketType::pubcomp:
    case PacketType::disconnect:
    case PacketType::auth: return true;
    default: return false;
    }
}

/// True if the flags are those of the type, or such as 3.1 ignores: all but the QoS bits 01 of the types that have
/// them.
constexpr bool good_flags(PacketType type, unsigned flags, bool as_in_3_1) noexcept
{
    if (type == PacketType::publish) return (flags & 6U) != 6U;
    if (!as_in_3_1) return flags == fixed_flags(type);
    return fixed_flags(type) == 0 || (flags & 6U) == 2U || (type == PacketType::pubrel && flags == 0);
}

/// True if no version has a packet of this type and Remaining Length.
constexpr bool bad_length(PacketType type, unsigned flags, std::uint32_t length) noexcept
{
    const bool plain = good_flags(type, flags, false);
    const bool ignored = good_flags(type, flags, true);
    switch (type) {
    case PacketType::publish: return !plain || length < 3;
    case PacketType::connack:
    case PacketType::puback:
    case PacketType::pubrec:
    case PacketType::pubcomp: return length == 2 ? !ignored : !plain || length < 2;
    // Some libraries send PUBREL with the flags 0000, in 5.0 too (see Leniency::pubrel_flags_0000).
    case PacketType::pubrel: return length == 2 ? !ignored : !(plain || flags == 0) || length < 2;
    case PacketType::unsuback: return length == 2 ? !ignored : !plain || length < 4;
    case PacketType::pingreq:
    case PacketType::pingresp: return length != 0 || !ignored;
    case PacketType::disconnect: return length == 0 ? !ignored : !plain;
    case PacketType::auth: return !plain;
    case PacketType::subscribe: return !ignored || length < 6;
    case PacketType::unsubscribe: return !ignored || length < 5;
    case PacketType::suback: return !ignored || length < 3;
    case PacketType::connect: break;
    }
    return true;
}

/// True if a text of at least one byte with its length before it, and `behind` bytes more, fit into `room`.
constexpr bool text_fits(std::span<const std::byte> at, std::size_t behind, std::size_t room) noexcept
{
    const std::size_t size = load_two(at.data());
    return size != 0 && 2 + size + behind <= room;
}

/// SUBSCRIBE or UNSUBSCRIBE behind its packet identifier: a filter, or properties and a filter. `room` is the length of
/// `rest` once all of it is there.
constexpr Sniffed find_filters(PacketType type, std::span<const std::byte> rest, std::size_t room) noexcept
{
    const std::size_t behind = type == PacketType::subscribe ? 1 : 0;
    const Sniffed found{.opening = Opening::mqtt_other_packet, .packet = type};
    if (rest.size() < 2) return undecided(rest.size(), 2);
    if (text_fits(rest, behind, room)) return found;
    const Varint properties = load_varint(rest.data(), rest.data() + rest.size());
    if (properties.size == 0) return rest.size() < room ? undecided(rest.size(), rest.size() + 1) : Sniffed{};
    const std::size_t at = properties.size;
    if (properties.size == Varint::too_long || at + properties.value >= room) return {};
    if (properties.value == 0) {
        if (room < at + 2) return {};
        if (rest.size() < at + 2) return undecided(rest.size(), at + 2);
        return text_fits(rest.subspan(at), behind, room - at) ? found : Sniffed{};
    }
    if (rest.size() == at) return undecided(at, at + 1);
    const PropertyRow* row = find_property(static_cast<PropertyId>(load_byte(rest.data() + at)));
    const PropertyPlace place = type == PacketType::subscribe ? PropertyPlace::subscribe : PropertyPlace::unsubscribe;
    return row != nullptr && may_stand(*row, place) ? found : Sniffed{};
}

/// Bytes behind the fixed header without which no packet of this type is known for certain.
constexpr std::size_t least_looked_at(PacketType type) noexcept
{
    if (type == PacketType::publish) return 2;
    return type == PacketType::subscribe || type == PacketType::unsubscribe ? 4 : 0;
}

/// A packet other than CONNECT, by type, flags, length, and what else tells it from text: the length of a topic, a
/// reason code.
constexpr Sniffed find_other_packet(std::span<const std::byte> bytes) noexcept
{
    if (bytes.empty()) return undecided(0, 2);
    const Head head = read_head(bytes);
    const auto type = static_cast<PacketType>(head.type);
    const Sniffed found{.opening = Opening::mqtt_other_packet, .packet = type};
    if (head.type < 2 || head.length.size == Varint::too_long || !good_flags(type, head.flags, true)) return {};
    if (head.length.size == 0) return undecided(bytes.size(), bytes.size() + 1 + least_looked_at(type));
    const std::uint32_t length = head.length.value;
    if (bad_length(type, head.flags, length)) return {};
    if (type == PacketType::publish) {
        if (head.body.size() < 2) return undecided(head.body.size(), 2);
        return 2U + load_two(head.body.data()) <= length ? found : Sniffed{};
    }
    if (type == PacketType::subscribe || type == PacketType::unsubscribe) {
        if (head.body.size() < 2) return undecided(head.body.size(), 4);
        return find_filters(type, head.body.subspan(2), length - 2);
    }
    // In 5.0 a reason code stands behind the packet identifier, or behind the flags of CONNACK.
    const std::size_t before = type == PacketType::connack           ? 1
        : type == PacketType::disconnect || type == PacketType::auth ? 0
                                                                     : 2;
    if (!is_answer(type) || length <= before || (type == PacketType::connack && length == 2)) return found;
    if (head.body.size() <= before) return undecided(head.body.size(), before + 1);
    const auto code = static_cast<ReasonCode>(load_byte(head.body.data() + before));
    const bool good =
        may_carry(type, code) || (type == PacketType::disconnect && code == ReasonCode::bad_authentication_method);
    return good ? found : Sniffed{};
}

/// A TLS record of a handshake that begins with a ClientHello [RFC 8446: sections 4 and 5.1]. The version of the record
/// is 3.0 to 3.4, its length 4 to 2^14.
constexpr Sniffed find_tls(std::span<const std::byte> bytes) noexcept
{
    constexpr std::size_t whole = 6;
    const auto is = [&](std::size_t i, unsigned least, unsigned most) {
        return i >= bytes.size() || (load_byte(&bytes[i]) >= least && load_byte(&bytes[i]) <= most);
    };
    if (!is(0, 0x16, 0x16) || !is(1, 3, 3) || !is(2, 0, 4) || !is(3, 0, 0x40) || !is(5, 1, 1)) return {};
    if (bytes.size() < whole) return undecided(bytes.size(), whole);
    const unsigned length = load_two(&bytes[3]);
    if (length < 4 || length > 0x4000) return {};
    return {.opening = Opening::tls};
}

constexpr char lower(std::byte byte) noexcept
{
    const auto c = static_cast<char>(byte);
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

constexpr bool is_blank(std::byte byte) noexcept { return byte == std::byte{' '} || byte == std::byte{'\t'}; }

constexpr bool is_word(std::span<const std::byte> bytes, std::string_view lower_case) noexcept
{
    if (bytes.size() != lower_case.size()) return false;
    for (std::size_t i = 0; i < bytes.size(); ++i)
        if (lower(bytes[i]) != lower_case[i]) return false;
    return true;
}

/// The part of `rest` before `end` or, without it, all; `rest` goes on behind `end`.
constexpr std::span<const std::byte> take_until(std::span<const std::byte>& rest, char end) noexcept
{
    std::size_t at = 0;
    while (at < rest.size() && rest[at] != static_cast<std::byte>(end)) ++at;
    const std::span<const std::byte> taken = rest.first(at);
    rest = rest.subspan(at == rest.size() ? at : at + 1);
    return taken;
}

/// True for a header line "Upgrade: websocket", in which there may be other protocols too [RFC 6455: section 4.2.1].
constexpr bool asks_for_websocket(std::span<const std::byte> line) noexcept
{
    if (!is_word(take_until(line, ':'), "upgrade")) return false;
    while (!line.empty()) {
        std::span<const std::byte> protocol = take_until(line, ',');
        while (!protocol.empty() && is_blank(protocol.front())) protocol = protocol.subspan(1);
        while (!protocol.empty() && is_blank(protocol.back())) protocol = protocol.first(protocol.size() - 1);
        if (is_word(protocol, "websocket")) return true;
    }
    return false;
}

/// A GET request, which asks for WebSocket or does not; that is not known before the line that asks, or the empty line
/// behind the last one, is there.
constexpr Sniffed find_websocket(std::span<const std::byte> request) noexcept
{
    for (bool first = true;; first = false) {
        std::span<const std::byte> rest = request;
        std::span<const std::byte> line = take_until(rest, '\n');
        if (line.size() == request.size()) return {.opening = Opening::http, .needed = 1};
        if (!line.empty() && line.back() == std::byte{'\r'}) line = line.first(line.size() - 1);
        if (line.empty()) return {.opening = Opening::http};
        if (!first && asks_for_websocket(line)) return {.opening = Opening::websocket};
        request = rest;
    }
}

/// A request of HTTP 1 [RFC 9112: section 3], or the preface of HTTP 2 [RFC 9113: section 3.4].
constexpr Sniffed find_http(std::span<const std::byte> bytes) noexcept
{
    constexpr std::array<std::string_view, 9> methods{
        "GET ", "PUT ", "POST ", "HEAD ", "PATCH ", "TRACE ", "DELETE ", "CONNECT ", "OPTIONS "};
    constexpr std::string_view preface = "PRI * HTTP/2.0\r\n";
    Sniffed shortest{};
    for (const std::string_view method : methods) {
        const std::size_t whole = method.size() + 1; // and a byte of the target
        const Begin begin = begins_with(bytes, method);
        if (begin == Begin::other) continue;
        if (bytes.size() < whole) {
            if (shortest.opening == Opening::other) shortest = undecided(bytes.size(), whole);
            continue;
        }
        const unsigned target = load_byte(&bytes[method.size()]);
        if (target <= ' ' || target >= 0x7F) return {};
        return method == methods.front() ? find_websocket(bytes) : Sniffed{.opening = Opening::http};
    }
    if (shortest.opening != Opening::other) return shortest;
    switch (begins_with(bytes, preface)) {
    case Begin::all: return {.opening = Opening::http};
    case Begin::part: return undecided(bytes.size(), preface.size());
    case Begin::other: break;
    }
    return {};
}

/// A PROXY protocol header of version 1: a line of text. Its length is known once its end is there.
constexpr Sniffed find_proxy_1(std::span<const std::byte> bytes) noexcept
{
    constexpr std::string_view opening = "PROXY ";
    constexpr std::size_t longest = 107;
    constexpr std::size_t shortest = 15; // "PROXY UNKNOWN" CR LF
    switch (begins_with(bytes, opening)) {
    case Begin::all: break;
    case Begin::part: return undecided(bytes.size(), opening.size() + 1);
    case Begin::other: return {};
    }
    Begin protocol = Begin::other;
    std::size_t decided = 0;
    for (const std::string_view each : {"TCP4 ", "TCP6 ", "UNKNOWN"}) {
        const Begin found = begins_with(bytes.subspan(opening.size()), each);
        if (found == Begin::other) continue;
        protocol = found;
        decided = opening.size() + each.size();
    }
    if (protocol == Begin::other) return {};
    if (protocol == Begin::part) return undecided(bytes.size(), decided);
    for (std::size_t i = 1; i < bytes.size() && i < longest; ++i)
        if (bytes[i - 1] == std::byte{'\r'} && bytes[i] == std::byte{'\n'})
            return {.opening = Opening::proxy_1, .length = static_cast<std::uint32_t>(i + 1)};
    if (bytes.size() >= longest) return {};
    const bool half = bytes.back() == std::byte{'\r'};
    const std::size_t more = bytes.size() + (half ? 1 : 2);
    const std::size_t wanted = half || more > shortest ? more : shortest;
    return {.opening = Opening::proxy_1,
        .needed = static_cast<std::uint32_t>((wanted < longest ? wanted : longest) - bytes.size())};
}

/// A PROXY protocol header of version 2.
constexpr Sniffed find_proxy_2(std::span<const std::byte> bytes) noexcept
{
    constexpr std::string_view signature{"\r\n\r\n\0\r\nQUIT\n", 12};
    constexpr std::size_t fixed = 16;
    const Begin begin = begins_with(bytes, signature);
    if (begin == Begin::other) return {};
    // Version 2, of which there are two commands; then a family of four, and three kinds of transport.
    if (bytes.size() > signature.size() && (load_byte(&bytes[signature.size()]) & 0xFEU) != 0x20) return {};
    if (bytes.size() > signature.size() + 1) {
        const unsigned transport = load_byte(&bytes[signature.size() + 1]);
        if (transport >= 0x40 || (transport & 0x0FU) > 2) return {};
    }
    if (bytes.size() < fixed) return undecided(bytes.size(), fixed);
    return {.opening = Opening::proxy_2, .length = static_cast<std::uint32_t>(fixed) + load_two(&bytes[fixed - 2])};
}

} // namespace wire::sniffing::inline MQTTWIRE_CODE

/// What a connection is, from its first bytes: all that have come so far. The answer is final when `needed` is 0 and
/// does not depend on how the bytes were cut; else call again when `needed` more bytes are there, or read on, as many
/// as `needed` at least: whoever speaks one of these protocols sends them.
///
/// It is undecided for at most 15 bytes. Two answers come before they are final: `http` of a GET request, which becomes
/// `websocket` if a later line asks for it, and `proxy_1`, whose length is that of a line of at most 107 bytes; a
/// longer one is `other`.
///
/// The level of a CONNECT is all that is looked at: what else is wrong with it is for decode to say.
template <class = config::Code>
constexpr Sniffed sniff(ConstBuffer bytes) noexcept
{
    using namespace wire::sniffing;
    Sniffed best{};
    for (const auto find : {find_connect, find_other_packet, find_tls, find_http, find_proxy_1, find_proxy_2}) {
        const Sniffed found = find(bytes);
        if (found.opening == Opening::other) continue;
        if (found.opening != Opening::undecided) return found;
        if (best.opening == Opening::other || found.needed < best.needed) best = found;
    }
    return best;
}

} // namespace mqttwire::inline MQTTWIRE_ABI
