// decode, encode and encoded_size for packets whose type is known at run time only.
//
// They are templates, so that a program that does not use them does not compile them.
#pragma once

#include "mqttwire/config.hpp"
#include "mqttwire/error.hpp"
#include "mqttwire/frame.hpp"
#include "mqttwire/leniency.hpp"
#include "mqttwire/packet.hpp"
#include "mqttwire/packets/functions.hpp"
#include "mqttwire/result.hpp"
#include "mqttwire/version.hpp"
#include "mqttwire/wire/bytes.hpp"
#include "mqttwire/wire/fixed_header.hpp"

#include <array>
#include <cstddef>
#include <span>
#include <type_traits>
#include <utility>
#include <variant>

namespace mqttwire::inline MQTTWIRE_ABI {

namespace wire {

inline namespace MQTTWIRE_CODE {

// Where speed counts, and while compiling.

/// Converts to a packet by decoding it, so that a variant builds it in place.
template <class Alternative, class V>
struct Decoding {
    std::span<const std::byte> bytes;
    std::size_t header_bytes;
    V version;
    Leniency leniency;
    Role receiver;
    Error& error;
    Leniency& let_pass;

    MQTTWIRE_ALWAYS_INLINE constexpr operator Alternative() const noexcept
    {
        Alternative packet;
        const std::byte* const first = bytes.data();
        QuickReader<V> reader(
            first, first + header_bytes, first + bytes.size(), Alternative::type, version, leniency, receiver);
        if (!(Alternative::fields(reader, packet) && reader.finish())) error = reader.error();
        let_pass = reader.let_pass();
        return packet;
    }
};

template <class Alternative, class V>
MQTTWIRE_ALWAYS_INLINE constexpr Result<Packet> decode_alternative(
    std::span<const std::byte> bytes, std::size_t header_bytes, V version, Leniency leniency, Role receiver) noexcept
{
    Error error;
    Leniency let_pass{};
    Result<Packet> result(detail::InPlace{}, std::in_place_type<Alternative>,
        Decoding<Alternative, V>{bytes, header_bytes, version, leniency, receiver, error, let_pass});
    if (error.code != Errc::none) result.fail(error);
    else result.note(let_pass);
    return result;
}

template <class Alternative, class V>
MQTTWIRE_NOINLINE constexpr Result<Packet> decode_rare(
    std::span<const std::byte> bytes, std::size_t header_bytes, V version, Leniency leniency, Role receiver) noexcept
{
    return decode_alternative<Alternative>(bytes, header_bytes, version, leniency, receiver);
}

/// Why the receiver cannot get a packet of this type: what the fixed header shows, at least the direction.
template <class V>
MQTTWIRE_NOINLINE constexpr Error direction_fault(std::span<const std::byte> bytes, std::size_t header_bytes,
    PacketType type, V version, Leniency leniency, Role receiver) noexcept
{
    const std::byte* const first = bytes.data();
    QuickReader<V> reader(first, first + header_bytes, first + bytes.size(), type, version, leniency, receiver);
    reader.fixed_header();
    return reader.error();
}

/// Calls f with what is known of the version of a packet.
template <class Alternative, class F>
MQTTWIRE_ALWAYS_INLINE constexpr auto with_terms(Version version, F&& f)
{
    return with_version<Alternative>(version, f);
}
template <class Alternative, Version V, class F>
MQTTWIRE_ALWAYS_INLINE constexpr auto with_terms(FixedVersion<V, Spread::most>, F&& f)
{
    return f(FixedVersion<V, found_spread<Alternative>>{});
}

/// Decodes whatever a side may receive; the other packets are not decoded, and their decoders not compiled. `version`
/// is a Version or a FixedVersion.
template <Role Receiver, class V>
constexpr Result<Packet> decode_quickly(
    std::span<const std::byte> bytes, std::size_t header_bytes, V version, Leniency leniency, Role receiver) noexcept
{
    const std::size_t index = (load_byte(bytes.data()) >> 4U) - std::size_t{1};
    return with_alternative(index, [&]<class Alternative>(std::type_identity<Alternative>) -> Result<Packet> {
        return with_terms<Alternative>(version, [&](auto terms) -> Result<Packet> {
            if constexpr (!may_receive(Receiver, Alternative::type, Version::v5))
                return direction_fault(bytes, header_bytes, Alternative::type, terms, leniency, receiver);
            else if constexpr (is_frequent<Alternative> && !config::share_walks)
                return decode_alternative<Alternative>(bytes, header_bytes, terms, leniency, receiver);
            else return decode_rare<Alternative>(bytes, header_bytes, terms, leniency, receiver);
        });
    });
}

// Where size counts: tables of functions by packet type.

/// Reads one alternative into the storage of a Result<Packet>.
template <class Alternative, class V>
void read_alternative(SmallReader<V>& reader, void* storage) noexcept
{
    Packet& packet = Result<Packet>::construct_value(storage, std::in_place_type<Alternative>);
    Alternative::fields(reader, *std::get_if<Alternative>(&packet));
}

/// In place of an alternative that the receiver cannot get; see direction_fault.
template <class V>
void refuse_direction(SmallReader<V>& reader, void*) noexcept
{
    reader.fixed_header();
}

template <class Alternative, Role Receiver, class V>
constexpr SmallForm<V> alternative_form() noexcept
{
    if constexpr (may_receive(Receiver, Alternative::type, Version::v5))
        return {&read_alternative<Alternative, V>, usual_first_byte(Alternative::type)};
    else return {&refuse_direction<V>, usual_first_byte(Alternative::type)};
}

template <class Alternative, class V>
void write_alternative(SmallEncoder<V>& encoder, const void* packet) noexcept
{
    write_small<Alternative>(encoder, std::get_if<Alternative>(static_cast<const Packet*>(packet)));
}

/// The entries of the tables stand in the order of the alternatives.
template <class V, Role Receiver, class = std::make_index_sequence<std::variant_size_v<Packet>>>
struct Alternatives;
template <class V, Role Receiver, std::size_t... Indices>
struct Alternatives<V, Receiver, std::index_sequence<Indices...>> {
    static constexpr std::array<SmallForm<V>, sizeof...(Indices)> forms{
        alternative_form<std::variant_alternative_t<Indices, Packet>, Receiver, V>()...};
    static constexpr std::array<SmallWalk<V>, sizeof...(Indices)> walks{
        &write_alternative<std::variant_alternative_t<Indices, Packet>, V>...};
};

template <Role Receiver, class V>
MQTTWIRE_NOINLINE inline Result<Packet> decode_any_small(
    std::span<const std::byte> bytes, V version, Leniency leniency, Role receiver) noexcept
{
    const unsigned type = bytes.empty() ? 0U : load_byte(bytes.data()) >> 4U;
    if (type == 0) return frame_error(bytes);
    const SmallForm<V>& form = Alternatives<V, Receiver>::forms[type - 1];
    return decode_small<Result<Packet>>(bytes, form, version, leniency, receiver);
}

template <class V>
SmallWalk<V> walk_of(const Packet& packet) noexcept
{
    return Alternatives<V, Role::unknown>::walks[packet.index()];
}

// Either.

/// The version that a packet is to be read in: the reader of a CONNECT takes the one that it finds.
constexpr Version version_for(std::span<const std::byte> bytes, Version version) noexcept
{
    return load_byte(bytes.data()) >> 4U == static_cast<unsigned>(PacketType::connect) ? Version::v5 : version;
}
template <Version V>
constexpr FixedVersion<V, Spread::most> version_for(
    std::span<const std::byte>, FixedVersion<V, Spread::most> version) noexcept
{
    return version;
}

/// What is known of a version where size counts.
constexpr AnyVersion small_terms(Version version) noexcept { return {version}; }
template <Version V>
constexpr FixedVersion<V, Spread::most> small_terms(FixedVersion<V, Spread::most> version) noexcept
{
    return version;
}

/// Decodes a packet whose fixed header has been read. `version` is a Version or a FixedVersion.
template <Role Receiver, class V>
constexpr Result<Packet> decode_packet(
    std::span<const std::byte> bytes, std::size_t header_bytes, V version, Leniency leniency, Role receiver) noexcept
{
    const V own = version_for(bytes, version);
    if (!is_version(own)) [[unlikely]]
        return no_version(static_cast<PacketType>(load_byte(bytes.data()) >> 4U));
    if constexpr (config::small)
        if (!std::is_constant_evaluated())
            return decode_any_small<Receiver>(bytes, small_terms(own), leniency, receiver);
    return decode_quickly<Receiver>(bytes, header_bytes, own, leniency, receiver);
}

/// Decodes a buffer that holds exactly one packet.
template <Role Receiver, class V>
constexpr Result<Packet> decode_bytes(
    std::span<const std::byte> bytes, V version, Leniency leniency, Role receiver) noexcept
{
    const std::uint8_t header_bytes = header_size(bytes);
    if (header_bytes == 0 || load_byte(bytes.data()) < 0x10) [[unlikely]]
        return frame_error(bytes);
    return decode_packet<Receiver>(bytes, header_bytes, version, leniency, receiver);
}

/// Decodes the packet that opens a connection, whose version is not known yet: it must be a CONNECT [MQTT-3.1.0-1].
template <Role Receiver>
constexpr Result<Packet> decode_first(
    std::span<const std::byte> bytes, std::size_t header_bytes, Leniency leniency, Role receiver) noexcept
{
    const auto type = static_cast<PacketType>(load_byte(bytes.data()) >> 4U);
    if (type == PacketType::connect)
        return decode_packet<Receiver>(bytes, header_bytes, Version::v5, leniency, receiver);
    return Error{.code = Errc::version_unknown, .field = Field::fixed_header, .packet = type};
}

/// Encodes any packet. `version` is a Version or a FixedVersion.
template <class V>
constexpr Result<std::span<std::byte>> encode_any(
    const Packet& packet, std::span<std::byte> buffer, V version, Leniency leniency, Role receiver) noexcept
{
    if constexpr (config::small) {
        if (!std::is_constant_evaluated()) {
            if (!is_version(version)) return no_version(type_of(packet));
            auto terms = small_terms(version);
            return encode_small(
                buffer.data(), buffer.size(), &packet, walk_of<decltype(terms)>(packet), terms, leniency, receiver);
        }
    }
    return visit(packet, [&]<class Alternative>(const Alternative& held) -> Result<std::span<std::byte>> {
        return with_terms<Alternative>(version, [&](auto terms) -> Result<std::span<std::byte>> {
            return check_and_write(held, buffer, terms, leniency, receiver);
        });
    });
}

/// The bytes of any packet.
template <class V>
constexpr Result<std::size_t> size_of_any(const Packet& packet, V version, Leniency leniency, Role receiver) noexcept
{
    if constexpr (config::small) {
        if (!std::is_constant_evaluated()) {
            if (!is_version(version)) return no_version(type_of(packet));
            auto terms = small_terms(version);
            return measure_small(&packet, walk_of<decltype(terms)>(packet), terms, leniency, receiver);
        }
    }
    return visit(packet, [&]<class Alternative>(const Alternative& held) -> Result<std::size_t> {
        return with_terms<Alternative>(
            version, [&](auto terms) -> Result<std::size_t> { return size_of(held, terms, leniency, receiver); });
    });
}

} // namespace MQTTWIRE_CODE
} // namespace wire

// Decoding takes a frame, or a buffer that holds exactly one packet. What is found points into its bytes.

/// Decodes a packet. A CONNECT is read in the version that it tells itself (see Connect::version), whatever `version`
/// is.
template <class = config::Code>
constexpr Result<Packet> decode(
    const Frame& frame, Version version, Leniency leniency = {}, Role receiver = {}) noexcept
{
    return wire::decode_packet<Role::unknown>(frame.bytes(), frame.header_size(), version, leniency, receiver);
}
template <class = config::Code>
constexpr Result<Packet> decode(
    std::span<const std::byte> bytes, Version version, Leniency leniency = {}, Role receiver = {}) noexcept
{
    return wire::decode_bytes<Role::unknown>(bytes, version, leniency, receiver);
}

/// The same for a receiver that is known while compiling: what that cannot receive is an error (`wrong_direction`) and
/// takes no code.
template <Role Receiver, class = config::Code>
constexpr Result<Packet> decode(const Frame& frame, Version version, Leniency leniency = {}) noexcept
{
    return wire::decode_packet<Receiver>(frame.bytes(), frame.header_size(), version, leniency, Receiver);
}
template <Role Receiver, class = config::Code>
constexpr Result<Packet> decode(std::span<const std::byte> bytes, Version version, Leniency leniency = {}) noexcept
{
    return wire::decode_bytes<Receiver>(bytes, version, leniency, Receiver);
}

/// Decodes the first packet of a connection, whose version is not known yet: it must be a CONNECT [MQTT-3.1.0-1].
template <class = config::Code>
constexpr Result<Packet> decode(const Frame& frame, Leniency leniency = {}, Role receiver = {}) noexcept
{
    return wire::decode_first<Role::unknown>(frame.bytes(), frame.header_size(), leniency, receiver);
}
template <class = config::Code>
constexpr Result<Packet> decode(std::span<const std::byte> bytes, Leniency leniency = {}, Role receiver = {}) noexcept
{
    const Result<Frame> frame = read_frame(bytes);
    return frame ? decode(*frame, leniency, receiver) : frame.error();
}

/// Decodes in a version that is known while compiling; the code for the others is not compiled.
template <Version V, class = config::Code>
constexpr Result<Packet> decode(const Frame& frame, Leniency leniency = {}, Role receiver = {}) noexcept
{
    return wire::decode_packet<Role::unknown>(
        frame.bytes(), frame.header_size(), wire::FixedVersion<V, wire::Spread::most>{}, leniency, receiver);
}
template <Version V, class = config::Code>
constexpr Result<Packet> decode(std::span<const std::byte> bytes, Leniency leniency = {}, Role receiver = {}) noexcept
{
    return wire::decode_bytes<Role::unknown>(bytes, wire::FixedVersion<V, wire::Spread::most>{}, leniency, receiver);
}

/// The same for a receiver that is known while compiling.
template <Version V, Role Receiver, class = config::Code>
constexpr Result<Packet> decode(const Frame& frame, Leniency leniency = {}) noexcept
{
    return wire::decode_packet<Receiver>(
        frame.bytes(), frame.header_size(), wire::FixedVersion<V, wire::Spread::most>{}, leniency, Receiver);
}
template <Version V, Role Receiver, class = config::Code>
constexpr Result<Packet> decode(std::span<const std::byte> bytes, Leniency leniency = {}) noexcept
{
    return wire::decode_bytes<Receiver>(bytes, wire::FixedVersion<V, wire::Spread::most>{}, leniency, Receiver);
}

/// Bytes of the encoded packet, or why it cannot be encoded.
template <class = config::Code>
constexpr Result<std::size_t> encoded_size(
    const Packet& packet, Version version, Leniency leniency = {}, Role receiver = {}) noexcept
{
    return wire::size_of_any(packet, version, leniency, receiver);
}
template <Version V, class = config::Code>
constexpr Result<std::size_t> encoded_size(const Packet& packet, Leniency leniency = {}, Role receiver = {}) noexcept
{
    return wire::size_of_any(packet, wire::FixedVersion<V, wire::Spread::most>{}, leniency, receiver);
}

/// Writes the packet to the front of `buffer` and gives what was written. After an error nothing was written.
template <class = config::Code>
constexpr Result<std::span<std::byte>> encode(const Packet& packet, std::span<std::byte> buffer, Version version,
    Leniency leniency = {}, Role receiver = {}) noexcept
{
    return wire::encode_any(packet, buffer, version, leniency, receiver);
}
template <Version V, class = config::Code>
constexpr Result<std::span<std::byte>> encode(
    const Packet& packet, std::span<std::byte> buffer, Leniency leniency = {}, Role receiver = {}) noexcept
{
    return wire::encode_any(packet, buffer, wire::FixedVersion<V, wire::Spread::most>{}, leniency, receiver);
}

} // namespace mqttwire::inline MQTTWIRE_ABI
