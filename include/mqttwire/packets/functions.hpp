// What every packet's encode, decode and encoded_size do: set the walkers on the packet's description of itself.
//
// The version is either known while compiling, and then all of it is laid out in line for that one, or it is found at
// run time, and then what is rare is shared.
#pragma once

#include "mqttwire/buffer.hpp"
#include "mqttwire/config.hpp"
#include "mqttwire/error.hpp"
#include "mqttwire/leniency.hpp"
#include "mqttwire/packets/small_functions.hpp"
#include "mqttwire/result.hpp"
#include "mqttwire/version.hpp"
#include "mqttwire/wire/encoder.hpp"
#include "mqttwire/wire/fixed_header.hpp"
#include "mqttwire/wire/quick_input.hpp"
#include "mqttwire/wire/quick_output.hpp"
#include "mqttwire/wire/reader.hpp"
#include "mqttwire/wire/varint.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>

namespace mqttwire::inline MQTTWIRE_ABI::wire {

inline namespace MQTTWIRE_CODE {

template <class V>
using QuickReader = Reader<QuickInput<V>>;
template <class V, class Phase>
using QuickEncoder = Encoder<QuickOutput<V, Phase>>;

/// True for the packets that most of the traffic is made of.
template <class Packet>
inline constexpr bool is_frequent = requires { Packet::frequent; };

/// True for the packets that are mostly strings.
template <class Packet>
inline constexpr bool is_wordy = requires { Packet::wordy; };

/// True for the packets that nearly always have the same few bytes.
template <class Packet>
inline constexpr bool has_usual_body = requires { Packet::usual_body; };

/// Why nothing can be done in a version that is none.
MQTTWIRE_NOINLINE constexpr Error no_version(PacketType type) noexcept
{
    return {.code = Errc::version_unknown, .packet = type};
}

/// How much is laid out in line for a packet in a version that was found at run time.
template <class Packet>
inline constexpr Spread found_spread = Packet::type == PacketType::publish ? Spread::nearly_all : Spread::most;

/// What is to be done with a packet.
enum class Verb : std::uint8_t { decode, encode, measure };

/// True for packets that have a walk for 5.0 and one for both earlier versions where the version was found at run time;
/// others have one for all. Of wordy packets two would take more room than they are worth, but of those that clang
/// encodes; a CONNECT is read in the version that it tells itself.
template <class Packet, Verb Does>
inline constexpr bool has_two_walks = !config::share_walks
    && (is_frequent<Packet>
        || (is_wordy<Packet> && !config::flatten && Does == Verb::encode && Packet::type == PacketType::connect));

/// What is known of a version that was found at run time. The strings of wordy packets are in line, but to measure
/// them, which is rarely asked for where time counts.
template <class Packet, Verb Does, bool IsV5>
using FoundVersion = std::conditional_t<has_two_walks<Packet, Does>,
    std::conditional_t<IsV5, FixedVersion<Version::v5, found_spread<Packet>>, EarlierVersion>,
    std::conditional_t<is_wordy<Packet> && !config::share_walks && Does != Verb::measure, SpreadVersion<Spread::most>,
        AnyVersion>>;

/// Calls f with what is known of a version that was found at run time.
template <class Packet, Verb Does, class F>
MQTTWIRE_ALWAYS_INLINE constexpr auto with_version(Version version, F&& f) -> decltype(f(AnyVersion{version}))
{
    using V5 = FoundVersion<Packet, Does, true>;
    using Other = FoundVersion<Packet, Does, false>;
    if (!is_version(version)) [[unlikely]]
        return no_version(Packet::type);
    if constexpr (!std::is_same_v<V5, Other>)
        if (version == Version::v5) return f(V5{});
    return f(Other{version});
}

// Decoding

/// The version that a packet is to be read in: the reader of a CONNECT takes the one that it finds.
constexpr Version version_to_read(PacketType type, Version version) noexcept
{
    return type == PacketType::connect ? Version::v5 : version;
}
template <class Packet>
MQTTWIRE_THIN constexpr Version version_to_read(Version version) noexcept
{
    return version_to_read(Packet::type, version);
}

template <class Packet, class V>
MQTTWIRE_ALWAYS_INLINE constexpr Result<Packet> decode_body(
    std::span<const std::byte> bytes, std::size_t header_bytes, V version, Leniency leniency, Role receiver) noexcept
{
    Result<Packet> result{detail::InPlace{}};
    QuickReader<V> reader(bytes.data(), bytes.data() + header_bytes, bytes.data() + bytes.size(), Packet::type, version,
        leniency, receiver);
    if (!(Packet::fields(reader, *result) && reader.finish())) [[unlikely]]
        result.fail(reader.error());
    else result.note(reader.let_pass());
    return result;
}

template <class Packet, class V>
MQTTWIRE_ALWAYS_INLINE constexpr Result<Packet> decode_quickly(
    std::span<const std::byte> bytes, V version, Leniency leniency, Role receiver) noexcept
{
    const std::uint8_t header_bytes = header_size(bytes);
    if (header_bytes == 0) [[unlikely]]
        return frame_error(bytes);
    return decode_body<Packet>(bytes, header_bytes, version, leniency, receiver);
}

/// The same for a small packet that is not of its usual size, out of the way of those that are.
template <class Packet, class V>
MQTTWIRE_NOINLINE constexpr Result<Packet> decode_unusual(
    std::span<const std::byte> bytes, V version, Leniency leniency, Role receiver) noexcept
{
    return decode_quickly<Packet>(bytes, version, leniency, receiver);
}

/// True if the compiler knows that a condition holds.
MQTTWIRE_THIN constexpr bool surely([[maybe_unused]] bool condition) noexcept
{
#if defined(__GNUC__)
    return __builtin_constant_p(condition) && condition;
#else
    return false;
#endif
}

/// True if the compiler knows that nothing but the strict rules is asked for.
MQTTWIRE_THIN constexpr bool surely_strict(Leniency leniency, Role receiver) noexcept
{
    return surely(leniency == Leniency::none) && surely(receiver == Role::unknown);
}

/// Calls f with the strict terms: the version, unless it is known while compiling.
template <Role Receiver = Role::unknown, class V, class F>
MQTTWIRE_THIN constexpr auto with_strict_terms(V version, F&& f)
{
    if constexpr (std::is_empty_v<V>) return f();
    else return f(Strict<V, Receiver>(version));
}

template <class Packet, class V>
MQTTWIRE_THIN inline Result<Packet> decode_to_be_small(
    std::span<const std::byte> bytes, V version, Leniency leniency, Role receiver) noexcept
{
    if (surely_strict(leniency, receiver))
        return with_strict_terms(version, [&](auto... terms) {
            return decode_small<Result<Packet>>(bytes, small_form<Packet, Strict<V>>, terms...);
        });
    return decode_small<Result<Packet>>(bytes, small_form<Packet, V>, version, leniency, receiver);
}

/// Decodes exactly one packet.
template <class Packet, class V>
MQTTWIRE_STEP constexpr Result<Packet> decode_bytes(
    std::span<const std::byte> bytes, V version, Leniency leniency, Role receiver) noexcept
{
    if constexpr (config::small)
        if (!std::is_constant_evaluated()) return decode_to_be_small<Packet>(bytes, version, leniency, receiver);
    if constexpr (has_usual_body<Packet> && !config::small) {
        constexpr std::size_t usual_size = 2 + Packet::usual_body;
        if (bytes.size() == usual_size && load_byte(bytes.data() + 1) == Packet::usual_body) [[likely]]
            return decode_body<Packet>({bytes.data(), usual_size}, 2, version, leniency, receiver);
        return decode_unusual<Packet>(bytes, version, leniency, receiver);
    }
    return decode_quickly<Packet>(bytes, version, leniency, receiver);
}

/// The same, in a function that holds it whole.
template <class Packet, class V>
MQTTWIRE_ENTRY constexpr Result<Packet> decode_whole(
    std::span<const std::byte> bytes, V version, Leniency leniency, Role receiver) noexcept
{
    return decode_bytes<Packet>(bytes, version, leniency, receiver);
}

/// The same in a version that is known while compiling.
template <class Packet, class V>
MQTTWIRE_THIN constexpr Result<Packet> decode_known(
    std::span<const std::byte> bytes, V version, Leniency leniency, Role receiver) noexcept
{
    if constexpr (config::flatten)
        if (surely_strict(leniency, receiver)) return decode_whole<Packet>(bytes, Strict<V>(version), {}, {});
    return decode_whole<Packet>(bytes, version, leniency, receiver);
}

/// In a function of its own, so that the registers that one version needs are not saved for another.
template <class Packet, class V>
MQTTWIRE_NOINLINE constexpr Result<Packet> decode_apart(
    std::span<const std::byte> bytes, V version, Leniency leniency, Role receiver) noexcept
{
    return decode_bytes<Packet>(bytes, version, leniency, receiver);
}

/// The same in a version that is known at run time only. A CONNECT tells its own, whatever the caller expects.
template <class Packet>
MQTTWIRE_WHOLE constexpr Result<Packet> decode_in_any_version(
    std::span<const std::byte> bytes, Version version, Leniency leniency, Role receiver) noexcept
{
    return with_version<Packet, Verb::decode>(
        version_to_read<Packet>(version), [&](auto v) MQTTWIRE_STEP_LAMBDA -> Result<Packet> {
            using V = decltype(v);
            if constexpr (config::share_walks
                || !is_frequent<Packet> || (has_usual_body<Packet> && !V::can_be(Version::v5)))
                return decode_bytes<Packet>(bytes, v, leniency, receiver);
            else if (surely_strict(leniency, receiver))
                return decode_apart<Packet>(bytes, Strict<V>(v), Leniency::none, Role::unknown);
            else return decode_apart<Packet>(bytes, v, leniency, receiver);
        });
}

// Encoding

/// The phase that an encoder begins in: one that can change where one walk is to serve both.
using FirstPhase = std::conditional_t<config::share_walks, AnyPhase, Checking>;

/// The result of a packet that cannot be encoded. Where a version has no properties, the first that is there is named.
template <class R, class V, class Packet>
MQTTWIRE_ALWAYS_INLINE constexpr R refused(const Packet& packet, Error error) noexcept
{
    if constexpr (!V::can_be(Version::v3_1) && !V::can_be(Version::v3_1_1)) return error;
    if (error.code != Errc::not_in_version || error.field != Field::properties) return error;
    PropertyId first = no_property;
    if constexpr (requires { packet.properties; }) first = first_property(packet.properties);
    if constexpr (requires { packet.will.has_value(); })
        if (first == no_property && packet.will) first = first_property(packet.will->properties);
    if (first != no_property) error.field = field(first);
    return error;
}

/// A buffer that has the size that it has.
struct FixedRoom {
    std::span<std::byte> bytes;

    /// What a packet must not overlap.
    constexpr std::span<const std::byte> taken() const noexcept { return bytes; }
    /// Makes room for so many bytes; false if there is not so much.
    constexpr bool make(std::uint32_t size) const noexcept { return size <= bytes.size(); }
    constexpr std::byte* data() const noexcept { return bytes.data(); }
};

/// Checks a packet, then writes `written`, which is the packet without its last `absent` bytes; with one encoder for
/// both if it can change its phase.
template <class Packet, class Room, class V>
MQTTWIRE_ALWAYS_INLINE constexpr Result<std::span<std::byte>> check_and_write(const Packet& packet,
    const Packet& written, std::size_t absent, Room room, V version, Leniency leniency,
    Role receiver) noexcept(noexcept(room.make(0)))
{
    const auto first = static_cast<std::byte>(first_byte(packet));
    QuickEncoder<V, FirstPhase> checker(FirstPhase{}, room.taken(), Packet::type, version, leniency, receiver);
    if (!(Packet::fields(checker, packet) && checker.finish())) [[unlikely]]
        return refused<Result<std::span<std::byte>>, V>(packet, checker.error());
    const auto remaining_length = static_cast<std::uint32_t>(checker.size());
    const std::uint32_t size =
        1 + varint_size(remaining_length) + remaining_length - static_cast<std::uint32_t>(absent);
    if (!room.make(size)) [[unlikely]]
        return Error{.code = Errc::buffer_too_small, .packet = Packet::type, .needed = size};
    std::byte* const to = room.data();
    *to = first;
    std::byte* const body = store_varint(to + 1, remaining_length);
    if constexpr (std::is_same_v<FirstPhase, AnyPhase>) {
        checker.start_writing(body);
        Packet::fields(checker, written);
    } else {
        QuickEncoder<V, Writing> writer(Writing{}, body, Packet::type, version, checker.findings());
        Packet::fields(writer, written);
    }
    return std::span(to, size);
}

/// Checks, then writes.
template <class Packet, class V>
MQTTWIRE_ALWAYS_INLINE constexpr Result<std::span<std::byte>> check_and_write(
    const Packet& packet, std::span<std::byte> buffer, V version, Leniency leniency, Role receiver) noexcept
{
    return check_and_write(packet, packet, 0, FixedRoom{buffer}, version, leniency, receiver);
}

template <class Packet, class V>
MQTTWIRE_THIN inline Result<std::span<std::byte>> encode_to_be_small(
    const Packet& packet, std::span<std::byte> buffer, V version, Leniency leniency, Role receiver) noexcept
{
    std::byte* const to = buffer.data();
    if (surely_strict(leniency, receiver))
        return with_strict_terms(version, [&](auto... terms) {
            constexpr SmallWalk<Strict<V>> walk = &write_small<Packet, Strict<V>>;
            return encode_small(to, buffer.size(), &packet, walk, terms...);
        });
    return encode_small(to, buffer.size(), &packet, &write_small<Packet, V>, version, leniency, receiver);
}

/// A packet in brief, for packets that have such a form: what most of them say, without what few have. A packet that is
/// made and encoded in one place is never made whole then, which can take longer than to encode it.
template <class Packet>
struct Brief;

/// True if a packet has a brief form in a version.
template <class Packet, class V>
concept HasBrief = !V::can_be(Version::v5) && requires(const Packet& packet) { Brief<Packet>::tells_all(packet); };

/// Encodes a packet.
template <class Packet, class V>
MQTTWIRE_ENTRY constexpr Result<std::span<std::byte>> encode_packet(
    const Packet& packet, std::span<std::byte> buffer, V version, Leniency leniency, Role receiver) noexcept
{
    if constexpr (config::small)
        if (!std::is_constant_evaluated()) return encode_to_be_small(packet, buffer, version, leniency, receiver);
    return check_and_write(packet, buffer, version, leniency, receiver);
}

/// What a caller asks for besides, in one register.
struct Asked {
    Leniency leniency;
    Role receiver;
    std::uint8_t padding = 0; ///< all bytes of the register have a value: nothing is cut out of what was in it before
};

/// The same in a version that is known while compiling.
template <class Packet, class V>
MQTTWIRE_THIN constexpr Result<std::span<std::byte>> encode_known(
    const Packet& packet, std::span<std::byte> buffer, V version, Leniency leniency, Role receiver) noexcept
{
    if constexpr (config::flatten) {
        if (surely_strict(leniency, receiver)) {
            if constexpr (HasBrief<Packet, V>)
                if (!std::is_constant_evaluated() && surely(Brief<Packet>::tells_all(packet)))
                    return encode_packet(Brief<Packet>(packet), buffer, Strict<V>(version), {}, {});
            return encode_packet(packet, buffer, Strict<V>(version), {}, {});
        }
    }
    return encode_packet(packet, buffer, version, leniency, receiver);
}

/// In a function of its own, see decode_apart.
template <class Packet, class V>
MQTTWIRE_NOINLINE constexpr Result<std::span<std::byte>> encode_apart(
    const Packet& packet, std::span<std::byte> buffer, V version, Asked asked) noexcept
{
    return encode_packet(packet, buffer, version, asked.leniency, asked.receiver);
}

/// The same in a version that is known at run time only.
template <class Packet>
MQTTWIRE_WHOLE constexpr Result<std::span<std::byte>> encode_in_any_version(
    const Packet& packet, std::span<std::byte> buffer, Version version, Leniency leniency, Role receiver) noexcept
{
    return with_version<Packet, Verb::encode>(
        version, [&](auto v) MQTTWIRE_STEP_LAMBDA -> Result<std::span<std::byte>> {
            return encode_apart(packet, buffer, v, {leniency, receiver});
        });
}

/// The bytes of a packet.
template <class Packet, class V>
MQTTWIRE_ENTRY constexpr Result<std::size_t> size_of(
    const Packet& packet, V version, Leniency leniency, Role receiver) noexcept
{
    if constexpr (config::small)
        if (!std::is_constant_evaluated())
            return measure_small(&packet, &write_small<Packet, V>, version, leniency, receiver);
    QuickEncoder<V, FirstPhase> checker(
        FirstPhase{}, std::span<const std::byte>{}, Packet::type, version, leniency, receiver);
    if (!(Packet::fields(checker, packet) && checker.finish())) [[unlikely]]
        return refused<Result<std::size_t>, V>(packet, checker.error());
    return 1 + varint_size(static_cast<std::uint32_t>(checker.size())) + checker.size();
}

/// The same in a version that is known at run time only.
template <class Packet>
MQTTWIRE_WHOLE constexpr Result<std::size_t> size_in_any_version(
    const Packet& packet, Version version, Leniency leniency, Role receiver) noexcept
{
    return with_version<Packet, Verb::measure>(version,
        [&](auto v) MQTTWIRE_STEP_LAMBDA -> Result<std::size_t> { return size_of(packet, v, leniency, receiver); });
}

} // namespace MQTTWIRE_CODE

} // namespace mqttwire::inline MQTTWIRE_ABI::wire
