// decode, encode and encoded_size for packets whose type is known at run time only.
//
// They are templates, so that a program that does not use them does not compile them.
#pragma once

#include "mqttwire/buffer.hpp"
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
#include <new>
#include <span>
#include <type_traits>
#include <utility>
#include <variant>

namespace mqttwire::inline MQTTWIRE_ABI {

namespace wire {

inline namespace MQTTWIRE_CODE {

// Where speed counts, and while compiling.

template <class V>
MQTTWIRE_THIN constexpr V version_as(Version version) noexcept
{
    if constexpr (std::is_empty_v<V>) return V{};
    else return V{version};
}

template <class Alternative, class V>
MQTTWIRE_WHOLE constexpr Result<Packet> decode_alternative(
    std::span<const std::byte> bytes, std::size_t header_bytes, Version version, Asked asked) noexcept
{
    Result<Packet> result(detail::InPlace{}, std::in_place_type<Alternative>, Defaults<Alternative>{});
    const std::byte* const first = bytes.data();
    QuickReader<V> reader(first, first + header_bytes, first + bytes.size(), Alternative::type,
        version_as<V>(version_to_read<Alternative>(version)), asked.leniency, asked.receiver);
    if (Alternative::fields(reader, alternative_of<Alternative>(*result)) && reader.finish()) [[likely]]
        result.note(reader.let_pass());
    else result.fail(reader.error());
    return result;
}

/// The same where that is rare, out of the way of what is usual.
template <class Alternative, class V>
MQTTWIRE_NOINLINE constexpr Result<Packet> decode_rare_alternative(
    std::span<const std::byte> bytes, std::size_t header_bytes, Version version, Asked asked) noexcept
{
    return decode_alternative<Alternative, V>(bytes, header_bytes, version, asked);
}

/// The same for packets that nearly always have the same size. Another size is rare, and so is what is wrong.
template <class Alternative, class V>
MQTTWIRE_WHOLE constexpr Result<Packet> decode_usual_alternative(
    std::span<const std::byte> bytes, std::size_t header_bytes, Version version, Asked asked) noexcept
{
    constexpr std::size_t usual_size = 2 + Alternative::usual_body;
    Result<Packet> result(detail::InPlace{}, std::in_place_type<Alternative>, Defaults<Alternative>{});
    if (bytes.size() == usual_size && header_bytes == 2) [[likely]] {
        const std::byte* const first = bytes.data();
        QuickReader<V> reader(first, first + 2, first + usual_size, Alternative::type,
            version_as<V>(version_to_read<Alternative>(version)), asked.leniency, asked.receiver);
        if (Alternative::fields(reader, alternative_of<Alternative>(*result)) && reader.finish()) [[likely]] {
            result.note(reader.let_pass());
            return result;
        }
    }
    // Where the result is, without a copy, which no constant expression can do.
    if (std::is_constant_evaluated()) result = decode_alternative<Alternative, V>(bytes, header_bytes, version, asked);
    else ::new (&result) Result<Packet>(decode_rare_alternative<Alternative, V>(bytes, header_bytes, version, asked));
    return result;
}

/// In place of an alternative that the receiver cannot get: what the fixed header shows, at least the direction.
template <class V>
constexpr Result<Packet> refuse_packet(
    std::span<const std::byte> bytes, std::size_t header_bytes, Version version, Asked asked) noexcept
{
    const std::byte* const first = bytes.data();
    QuickReader<V> reader(first, first + header_bytes, first + bytes.size(), packet_type_of(load_byte(first)),
        version_as<V>(version), asked.leniency, asked.receiver);
    reader.fixed_header();
    return reader.error();
}

template <class Alternative, class V>
MQTTWIRE_WHOLE constexpr Result<std::span<std::byte>> encode_alternative(
    const Packet& packet, std::span<std::byte> buffer, Version version, Asked asked) noexcept
{
    return check_and_write(
        alternative_of<Alternative>(packet), buffer, version_as<V>(version), asked.leniency, asked.receiver);
}

template <class Alternative, class V>
MQTTWIRE_WHOLE constexpr Result<std::size_t> measure_alternative(
    const Packet& packet, Version version, Asked asked) noexcept
{
    return size_of(alternative_of<Alternative>(packet), version_as<V>(version), asked.leniency, asked.receiver);
}

// What is known of the version of each packet, if it was found at run time or is known while compiling.
template <bool IsV5>
struct Found {
    template <class Alternative, Verb Does>
    using VersionOf = FoundVersion<Alternative, Does, IsV5>;
};
template <Version V>
struct Known {
    template <class Alternative, Verb>
    using VersionOf = FixedVersion<V, found_spread<Alternative>>;
};

// The functions for each alternative.

/// For whatever a side may receive; other decoders are not compiled.
template <class Alternative, Role Receiver, class V>
constexpr auto decoder_of() noexcept
{
    if constexpr (!may_receive(Receiver, Alternative::type, Version::v5)) return &refuse_packet<V>;
    else if constexpr (is_frequent<Alternative> && has_usual_body<Alternative>)
        return &decode_usual_alternative<Alternative, V>;
    else return &decode_alternative<Alternative, V>;
}

/// In place of a type: there is none with the number 0.
constexpr Result<Packet> refuse_type_0(std::span<const std::byte> bytes, std::size_t, Version, Asked) noexcept
{
    return frame_error(bytes);
}

template <Role Receiver>
struct ToDecode {
    static constexpr Verb verb = Verb::decode;
    static constexpr auto in_place_of_0 = &refuse_type_0;
    template <class Alternative, class V>
    static constexpr auto function = decoder_of<Alternative, Receiver, V>();
};
struct ToEncode {
    static constexpr Verb verb = Verb::encode;
    static constexpr Result<std::span<std::byte>> (*in_place_of_0)(
        const Packet&, std::span<std::byte>, Version, Asked) noexcept = nullptr; ///< a Packet has a type
    template <class Alternative, class V>
    static constexpr auto function = &encode_alternative<Alternative, V>;
};
struct ToMeasure {
    static constexpr Verb verb = Verb::measure;
    static constexpr Result<std::size_t> (*in_place_of_0)(const Packet&, Version, Asked) noexcept = nullptr;
    template <class Alternative, class V>
    static constexpr auto function = &measure_alternative<Alternative, V>;
};

/// By the number of the packet type.
template <class To, class Terms, class = std::make_index_sequence<std::variant_size_v<Packet>>>
struct Functions;
template <class To, class Terms, std::size_t... Indices>
struct Functions<To, Terms, std::index_sequence<Indices...>> {
    static constexpr std::array table{To::in_place_of_0,
        To::template function<std::variant_alternative_t<Indices, Packet>,
            typename Terms::template VersionOf<std::variant_alternative_t<Indices, Packet>, To::verb>>...};
};

template <class To>
MQTTWIRE_THIN constexpr auto function_for(std::size_t type, Version version) noexcept
{
    return version == Version::v5 ? Functions<To, Found<true>>::table[type] : Functions<To, Found<false>>::table[type];
}
template <class To, Version V>
MQTTWIRE_THIN constexpr auto function_for(std::size_t type, FixedVersion<V, Spread::most>) noexcept
{
    return Functions<To, Known<V>>::table[type];
}
template <class To, class V>
MQTTWIRE_THIN constexpr auto function_for(const Packet& packet, V version) noexcept
{
    return function_for<To>(packet.index() + 1, version);
}

// Where size counts: tables of functions by packet type.

/// Reads one alternative into the storage of a Result<Packet>.
template <class Alternative, class V>
void read_alternative(SmallReader<V>& reader, void* storage) noexcept
{
    Packet& packet = Result<Packet>::construct_value(storage, std::in_place_type<Alternative>, Defaults<Alternative>{});
    Alternative::fields(reader, alternative_of<Alternative>(packet));
}

/// In place of an alternative that the receiver cannot get: the only one to look at the direction where the receiver is
/// known while compiling. See refuse_packet.
template <class V>
void refuse_direction(SmallReader<V>& reader, void*) noexcept
{
    reader.fixed_header();
    reader.rule(false, Errc::wrong_direction, Field::fixed_header, reader.first());
}

template <class Alternative, Role Receiver, class V>
constexpr SmallRead<V> alternative_reader() noexcept
{
    // What a side may receive in one version it may receive in the later ones.
    if constexpr (may_receive(Receiver, Alternative::type, V::can_be(Version::v5) ? Version::v5 : Version::v3_1_1))
        return &read_alternative<Alternative, V>;
    else return &refuse_direction<V>;
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
    static constexpr std::array<SmallRead<V>, sizeof...(Indices)> readers{
        alternative_reader<std::variant_alternative_t<Indices, Packet>, Receiver, V>()...};
    static constexpr std::array<SmallWalk<V>, sizeof...(Indices)> walks{
        &write_alternative<std::variant_alternative_t<Indices, Packet>, V>...};
};

template <Role Receiver, class V, class... Terms>
MQTTWIRE_NOINLINE inline Result<Packet> decode_any_small(
    const std::byte* bytes, std::size_t header_bytes, std::size_t size, Terms... terms) noexcept
{
    Result<Packet> result{detail::Erased{}};
    const PacketType type = packet_type_of(load_byte(bytes));
    const SmallRead<V> read = Alternatives<V, Receiver>::readers[static_cast<std::size_t>(type) - 1];
    result.outcome() =
        read_erased<V>(result.storage(), bytes, header_bytes, size, {read, usual_first_byte(type)}, terms...);
    return result;
}

template <Role Receiver, class V>
MQTTWIRE_THIN inline Result<Packet> decode_any_to_be_small(
    std::span<const std::byte> bytes, std::size_t header_bytes, V version, Leniency leniency, Role receiver) noexcept
{
    const std::byte* const first = bytes.data();
    if (surely_strict(leniency, Receiver == Role::unknown ? receiver : Role::unknown))
        return with_strict_terms<Receiver>(version, [&](auto... terms) {
            return decode_any_small<Receiver, Strict<V, Receiver>>(first, header_bytes, bytes.size(), terms...);
        });
    return decode_any_small<Receiver, V>(first, header_bytes, bytes.size(), version, leniency, receiver);
}

template <class V>
SmallWalk<V> walk_of(const Packet& packet) noexcept
{
    return Alternatives<V, Role::unknown>::walks[packet.index()];
}

// Either.

/// What is known of a version where size counts, in the words of a packet's own functions, so that they share code.
constexpr AnyVersion small_terms(Version version) noexcept { return {version}; }
template <Version V>
constexpr FixedVersion<V> small_terms(FixedVersion<V, Spread::most>) noexcept
{
    return {};
}

/// The same as version_to_read, of the packet that stands in the bytes.
constexpr Version version_for(std::span<const std::byte> bytes, Version version) noexcept
{
    return version_to_read(packet_type_of(load_byte(bytes.data())), version);
}
template <Version V>
constexpr FixedVersion<V, Spread::most> version_for(
    std::span<const std::byte>, FixedVersion<V, Spread::most> version) noexcept
{
    return version;
}

/// Where speed counts: decodes a packet whose fixed header has been read, with what is known of the version.
template <Role Receiver, class Terms>
MQTTWIRE_ALWAYS_INLINE constexpr Result<Packet> decode_on_terms(
    std::span<const std::byte> bytes, std::size_t header_bytes, Version version, Asked asked) noexcept
{
    const std::size_t type = load_byte(bytes.data()) >> 4U;
    return Functions<ToDecode<Receiver>, Terms>::table[type](bytes, header_bytes, version, asked);
}

/// The same where the version is none: a CONNECT tells its own all the same. Out of the way of others.
template <Role Receiver>
MQTTWIRE_NOINLINE constexpr Result<Packet> decode_without_version(
    std::span<const std::byte> bytes, std::size_t header_bytes, Asked asked) noexcept
{
    const unsigned first_byte = load_byte(bytes.data());
    if (first_byte < 0x10) return frame_error(bytes);
    const Version own = version_for(bytes, Version{});
    if (!is_version(own)) return no_version(packet_type_of(first_byte));
    return decode_on_terms<Receiver, Found<true>>(bytes, header_bytes, own, asked);
}

/// The same whatever the version is. Each way has a call of its own: choosing a table first would take longer.
template <Role Receiver>
MQTTWIRE_ALWAYS_INLINE constexpr Result<Packet> decode_in_version(
    std::span<const std::byte> bytes, std::size_t header_bytes, Version version, Asked asked) noexcept
{
    if (version == Version::v5) return decode_on_terms<Receiver, Found<true>>(bytes, header_bytes, version, asked);
    if (is_version(version)) [[likely]]
        return decode_on_terms<Receiver, Found<false>>(bytes, header_bytes, version, asked);
    return decode_without_version<Receiver>(bytes, header_bytes, asked);
}
template <Role Receiver, Version V>
MQTTWIRE_ALWAYS_INLINE constexpr Result<Packet> decode_in_version(std::span<const std::byte> bytes,
    std::size_t header_bytes, FixedVersion<V, Spread::most> version, Asked asked) noexcept
{
    return decode_on_terms<Receiver, Known<V>>(bytes, header_bytes, version, asked);
}

/// Decodes a packet whose fixed header has been read. `version` is a Version or a FixedVersion.
template <Role Receiver, class V>
constexpr Result<Packet> decode_packet(
    std::span<const std::byte> bytes, std::size_t header_bytes, V version, Leniency leniency, Role receiver) noexcept
{
    if constexpr (config::small) {
        const V own = version_for(bytes, version);
        if (!is_version(own)) return no_version(packet_type_of(load_byte(bytes.data())));
        if (!std::is_constant_evaluated())
            return decode_any_to_be_small<Receiver>(bytes, header_bytes, small_terms(own), leniency, receiver);
    }
    return decode_in_version<Receiver>(bytes, header_bytes, version, {leniency, receiver});
}

/// Decodes a buffer that holds exactly one packet.
template <Role Receiver, class V>
constexpr Result<Packet> decode_any_bytes(
    std::span<const std::byte> bytes, V version, Leniency leniency, Role receiver) noexcept
{
    const std::uint8_t header_bytes = header_size(bytes);
    if (header_bytes == 0 || load_byte(bytes.data()) < 0x10) [[unlikely]]
        return frame_error(bytes);
    return decode_packet<Receiver>(bytes, header_bytes, version, leniency, receiver);
}

/// The same where the fixed header is long or wrong, out of the way of the others.
template <Role Receiver, class V>
MQTTWIRE_NOINLINE constexpr Result<Packet> decode_rare_bytes(
    std::span<const std::byte> bytes, V version, Asked asked) noexcept
{
    return decode_any_bytes<Receiver>(bytes, version, asked.leniency, asked.receiver);
}

template <Role Receiver, class V>
MQTTWIRE_ALWAYS_INLINE constexpr Result<Packet> decode_bytes(
    std::span<const std::byte> bytes, V version, Leniency leniency, Role receiver) noexcept
{
    if constexpr (config::small) return decode_any_bytes<Receiver>(bytes, version, leniency, receiver);
    const std::uint8_t header_bytes = short_header_size(bytes);
    if (header_bytes == 0) [[unlikely]]
        return decode_rare_bytes<Receiver>(bytes, version, {leniency, receiver});
    return decode_packet<Receiver>(bytes, header_bytes, version, leniency, receiver);
}

/// Decodes the packet that opens a connection, whose version is not known yet: it must be a CONNECT [MQTT-3.1.0-1].
template <Role Receiver>
constexpr Result<Packet> decode_first(
    std::span<const std::byte> bytes, std::size_t header_bytes, Leniency leniency, Role receiver) noexcept
{
    const auto type = packet_type_of(load_byte(bytes.data()));
    if (type == PacketType::connect)
        return decode_packet<Receiver>(bytes, header_bytes, Version::v5, leniency, receiver);
    return Error{.code = Errc::version_unknown, .field = Field::fixed_header, .packet = type};
}

/// Encodes any packet. `version` is a Version or a FixedVersion.
template <class V>
constexpr Result<std::span<std::byte>> encode_any(
    const Packet& packet, std::span<std::byte> buffer, V version, Leniency leniency, Role receiver) noexcept
{
    if (!is_version(version)) [[unlikely]]
        return no_version(type_of(packet));
    if constexpr (config::small) {
        if (!std::is_constant_evaluated()) {
            auto terms = small_terms(version);
            return encode_small(
                buffer.data(), buffer.size(), &packet, walk_of<decltype(terms)>(packet), terms, leniency, receiver);
        }
    }
    return function_for<ToEncode>(packet, version)(packet, buffer, version, {leniency, receiver});
}

/// The bytes of any packet.
template <class V>
constexpr Result<std::size_t> size_of_any(const Packet& packet, V version, Leniency leniency, Role receiver) noexcept
{
    if (!is_version(version)) [[unlikely]]
        return no_version(type_of(packet));
    if constexpr (config::small) {
        if (!std::is_constant_evaluated()) {
            auto terms = small_terms(version);
            return measure_small(&packet, walk_of<decltype(terms)>(packet), terms, leniency, receiver);
        }
    }
    return function_for<ToMeasure>(packet, version)(packet, version, {leniency, receiver});
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
MQTTWIRE_ALWAYS_INLINE constexpr Result<Packet> decode(
    ConstBuffer bytes MQTTWIRE_LIFETIMEBOUND, Version version, Leniency leniency = {}, Role receiver = {}) noexcept
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
constexpr Result<Packet> decode(
    ConstBuffer bytes MQTTWIRE_LIFETIMEBOUND, Version version, Leniency leniency = {}) noexcept
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
constexpr Result<Packet> decode(
    ConstBuffer bytes MQTTWIRE_LIFETIMEBOUND, Leniency leniency = {}, Role receiver = {}) noexcept
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
constexpr Result<Packet> decode(
    ConstBuffer bytes MQTTWIRE_LIFETIMEBOUND, Leniency leniency = {}, Role receiver = {}) noexcept
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
constexpr Result<Packet> decode(ConstBuffer bytes MQTTWIRE_LIFETIMEBOUND, Leniency leniency = {}) noexcept
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
constexpr Result<std::span<std::byte>> encode(const Packet& packet, MutableBuffer buffer MQTTWIRE_LIFETIMEBOUND,
    Version version, Leniency leniency = {}, Role receiver = {}) noexcept
{
    return wire::encode_any(packet, buffer, version, leniency, receiver);
}
template <Version V, class = config::Code>
constexpr Result<std::span<std::byte>> encode(const Packet& packet, MutableBuffer buffer MQTTWIRE_LIFETIMEBOUND,
    Leniency leniency = {}, Role receiver = {}) noexcept
{
    return wire::encode_any(packet, buffer, wire::FixedVersion<V, wire::Spread::most>{}, leniency, receiver);
}

} // namespace mqttwire::inline MQTTWIRE_ABI
