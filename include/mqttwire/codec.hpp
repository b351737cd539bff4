// decode, encode and encoded_size for packets whose type is known at run time only.
//
// They are templates of nothing, so that a program that does not use them does not compile them.
#pragma once

#include "mqttwire/config.hpp"
#include "mqttwire/frame.hpp"
#include "mqttwire/leniency.hpp"
#include "mqttwire/packet.hpp"
#include "mqttwire/packets/functions.hpp"
#include "mqttwire/result.hpp"
#include "mqttwire/small_codec.hpp"
#include "mqttwire/version.hpp"

#include <cstddef>
#include <span>
#include <type_traits>
#include <utility>
#include <variant>

namespace mqttwire::inline MQTTWIRE_ABI {

namespace wire {

/// Converts to a packet by decoding it, so that a variant builds it in place.
template <class Alternative, class V>
struct Decoding {
    const Frame& frame;
    V version;
    Leniency leniency;
    Role receiver;
    Error& error;
    Leniency& let_pass;

    constexpr operator Alternative() const noexcept
    {
        Alternative packet;
        Reader<V> reader(frame.bytes(), frame.header_size(), Alternative::type, version, leniency, receiver);
        if (!(Alternative::fields(reader, packet) && reader.finish())) error = reader.error();
        let_pass = reader.let_pass();
        return packet;
    }
};

template <class Alternative, class V>
constexpr Result<Packet> decode_as(const Frame& frame, V version, Leniency leniency, Role receiver) noexcept
{
    Error error;
    Leniency let_pass{};
    Result<Packet> result(detail::InPlace{}, std::in_place_type<Alternative>,
        Decoding<Alternative, V>{frame, version, leniency, receiver, error, let_pass});
    if (error.code != Errc::none) result.fail(error);
    else result.note(let_pass);
    return result;
}

/// Calls f with what the packet holds. Does what std::visit does, with a switch that compilers see through.
template <class F>
constexpr auto visit(const Packet& packet, F&& f)
{
    switch (type_of(packet)) {
    case PacketType::connect: return f(*std::get_if<Connect>(&packet));
    case PacketType::connack: return f(*std::get_if<ConnAck>(&packet));
    case PacketType::publish: return f(*std::get_if<Publish>(&packet));
    case PacketType::puback: return f(*std::get_if<PubAck>(&packet));
    case PacketType::pubrec: return f(*std::get_if<PubRec>(&packet));
    case PacketType::pubrel: return f(*std::get_if<PubRel>(&packet));
    case PacketType::pubcomp: return f(*std::get_if<PubComp>(&packet));
    case PacketType::subscribe: return f(*std::get_if<Subscribe>(&packet));
    case PacketType::suback: return f(*std::get_if<SubAck>(&packet));
    case PacketType::unsubscribe: return f(*std::get_if<Unsubscribe>(&packet));
    case PacketType::unsuback: return f(*std::get_if<UnsubAck>(&packet));
    case PacketType::pingreq: return f(*std::get_if<PingReq>(&packet));
    case PacketType::pingresp: return f(*std::get_if<PingResp>(&packet));
    case PacketType::disconnect: return f(*std::get_if<Disconnect>(&packet));
    case PacketType::auth: break;
    }
    return f(*std::get_if<Auth>(&packet));
}

template <class V>
constexpr Result<Packet> decode_any(const Frame& frame, V version, Leniency leniency, Role receiver) noexcept
{
    switch (frame.type()) {
    case PacketType::connect: break; // tells its own version, see `decode`
    case PacketType::connack: return decode_as<ConnAck>(frame, version, leniency, receiver);
    case PacketType::publish: return decode_as<Publish>(frame, version, leniency, receiver);
    case PacketType::puback: return decode_as<PubAck>(frame, version, leniency, receiver);
    case PacketType::pubrec: return decode_as<PubRec>(frame, version, leniency, receiver);
    case PacketType::pubrel: return decode_as<PubRel>(frame, version, leniency, receiver);
    case PacketType::pubcomp: return decode_as<PubComp>(frame, version, leniency, receiver);
    case PacketType::subscribe: return decode_as<Subscribe>(frame, version, leniency, receiver);
    case PacketType::suback: return decode_as<SubAck>(frame, version, leniency, receiver);
    case PacketType::unsubscribe: return decode_as<Unsubscribe>(frame, version, leniency, receiver);
    case PacketType::unsuback: return decode_as<UnsubAck>(frame, version, leniency, receiver);
    case PacketType::pingreq: return decode_as<PingReq>(frame, version, leniency, receiver);
    case PacketType::pingresp: return decode_as<PingResp>(frame, version, leniency, receiver);
    case PacketType::disconnect: return decode_as<Disconnect>(frame, version, leniency, receiver);
    case PacketType::auth: return decode_as<Auth>(frame, version, leniency, receiver);
    }
    return Error{.code = Errc::reserved_packet_type, .field = Field::fixed_header};
}

template <class = config::Code>
constexpr Result<Packet> decode_connect(const Frame& frame, Leniency leniency, Role receiver) noexcept
{
    if constexpr (config::small) // whose reader takes the version of the packet
        if (!std::is_constant_evaluated())
            return decode_any_small(frame.bytes(), AnyVersion{Version::v5}, leniency, receiver);
    const ProtocolHead head = read_protocol_head(frame.body());
    const Version own = head.code == Errc::none ? head.version : Version::v5; // if unknown, the reader tells why
    return with_version(own, [&](auto v) { return decode_as<Connect>(frame, v, leniency, receiver); });
}

} // namespace wire

/// Decodes a frame. A CONNECT is read in the version that it tells itself (see Connect::version), whatever `version`
/// is.
template <class = config::Code>
constexpr Result<Packet> decode(
    const Frame& frame, Version version, Leniency leniency = {}, Role receiver = {}) noexcept
{
    if constexpr (config::small)
        if (!std::is_constant_evaluated())
            return wire::decode_any_small(frame.bytes(), wire::AnyVersion{version}, leniency, receiver);
    if (frame.type() == PacketType::connect) return wire::decode_connect(frame, leniency, receiver);
    return wire::with_version(version, [&](auto v) { return wire::decode_any(frame, v, leniency, receiver); });
}

/// Decodes the first frame of a connection, whose version is not known yet: it must be a CONNECT [MQTT-3.1.0-1].
template <class = config::Code>
constexpr Result<Packet> decode(const Frame& frame, Leniency leniency = {}, Role receiver = {}) noexcept
{
    if (frame.type() == PacketType::connect) return wire::decode_connect(frame, leniency, receiver);
    return Error{.code = Errc::version_unknown, .field = Field::fixed_header, .packet = frame.type()};
}

/// Decodes a buffer that holds exactly one packet.
template <class = config::Code>
constexpr Result<Packet> decode(
    std::span<const std::byte> bytes, Version version, Leniency leniency = {}, Role receiver = {}) noexcept
{
    if constexpr (config::small)
        if (!std::is_constant_evaluated())
            return wire::decode_any_small(bytes, wire::AnyVersion{version}, leniency, receiver);
    const Result<Frame> frame = read_frame(bytes);
    if (!frame) return frame.error();
    return decode(*frame, version, leniency, receiver);
}

/// Decodes a buffer that holds exactly one CONNECT.
template <class = config::Code>
constexpr Result<Packet> decode(std::span<const std::byte> bytes, Leniency leniency = {}, Role receiver = {}) noexcept
{
    const Result<Frame> frame = read_frame(bytes);
    if (!frame) return frame.error();
    return decode(*frame, leniency, receiver);
}

/// The same for a version that is known while compiling.
template <Version V>
constexpr Result<Packet> decode(const Frame& frame, Leniency leniency = {}, Role receiver = {}) noexcept
{
    const wire::FixedVersion<V> version;
    if constexpr (config::small)
        if (!std::is_constant_evaluated()) return wire::decode_any_small(frame.bytes(), version, leniency, receiver);
    if (frame.type() == PacketType::connect) return wire::decode_as<Connect>(frame, version, leniency, receiver);
    return wire::decode_any(frame, version, leniency, receiver);
}

/// Bytes of the encoded packet, or why it cannot be encoded.
template <class = config::Code>
constexpr Result<std::size_t> encoded_size(
    const Packet& packet, Version version, Leniency leniency = {}, Role receiver = {}) noexcept
{
    if constexpr (config::small) {
        using V = wire::AnyVersion;
        if (!std::is_constant_evaluated())
            return wire::measure_small(&packet, wire::walk_of<V>(packet), V{version}, leniency, receiver);
    }
    return wire::visit(packet, [&](const auto& held) { return held.encoded_size(version, leniency, receiver); });
}

/// Writes the packet to the front of `buffer` and gives what was written. After an error nothing was written.
template <class = config::Code>
constexpr Result<std::span<std::byte>> encode(const Packet& packet, std::span<std::byte> buffer, Version version,
    Leniency leniency = {}, Role receiver = {}) noexcept
{
    if constexpr (config::small) {
        using V = wire::AnyVersion;
        if (!std::is_constant_evaluated())
            return wire::encode_small(
                buffer.data(), buffer.size(), &packet, wire::walk_of<V>(packet), V{version}, leniency, receiver);
    }
    return wire::visit(packet, [&](const auto& held) { return held.encode(buffer, version, leniency, receiver); });
}

} // namespace mqttwire::inline MQTTWIRE_ABI
