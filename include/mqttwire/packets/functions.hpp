// What every packet's encode, decode and encoded_size do: set the walkers on the packet's description of itself.
#pragma once

#include "mqttwire/config.hpp"
#include "mqttwire/error.hpp"
#include "mqttwire/frame.hpp"
#include "mqttwire/leniency.hpp"
#include "mqttwire/result.hpp"
#include "mqttwire/version.hpp"
#include "mqttwire/wire/reader.hpp"
#include "mqttwire/wire/sizer.hpp"
#include "mqttwire/wire/varint.hpp"
#include "mqttwire/wire/writer.hpp"

#include <cstddef>
#include <cstdint>
#include <span>

namespace mqttwire::wire {

/// Calls f with the version as a compile-time constant, where speed counts more than size.
template <class F>
MQTTWIRE_ALWAYS_INLINE constexpr decltype(auto) with_version(Version version, F&& f)
{
    if constexpr (config::optimise_for_size) {
        return f(AnyVersion{version});
    } else {
        switch (version) {
        case Version::v3_1: return f(FixedVersion<Version::v3_1>{});
        case Version::v3_1_1: return f(FixedVersion<Version::v3_1_1>{});
        case Version::v5: break;
        }
        return f(FixedVersion<Version::v5>{});
    }
}

template <class Packet, class V>
MQTTWIRE_ALWAYS_INLINE constexpr Result<Packet> decode_frame(const Frame& frame, V version, Leniency leniency, Role receiver) noexcept
{
    Result<Packet> result{detail::InPlace{}};
    Reader<V> reader(frame, Packet::type, version, leniency, receiver);
    if (!(Packet::fields(reader, *result) && reader.finish())) [[unlikely]] result.fail(reader.error());
    else result.note(reader.let_pass());
    return result;
}

template <class Packet, class V>
MQTTWIRE_ALWAYS_INLINE constexpr Result<Packet> decode_bytes(std::span<const std::byte> bytes, V version, Leniency leniency, Role receiver) noexcept
{
    const Result<Frame> frame = read_frame(bytes);
    if (!frame) [[unlikely]] return frame.error();
    return decode_frame<Packet>(*frame, version, leniency, receiver);
}

template <class Packet, class V>
MQTTWIRE_ALWAYS_INLINE constexpr Result<std::size_t> size_of(const Packet& packet, V version, Leniency leniency, Role receiver) noexcept
{
    Sizer<V> sizer(Packet::type, version, leniency, receiver);
    if (!Packet::fields(sizer, packet)) return sizer.error();
    if (sizer.size() > max_varint) return Error{.code = Errc::packet_too_large, .packet = Packet::type};
    return 1 + varint_size(static_cast<std::uint32_t>(sizer.size())) + sizer.size();
}

template <class Packet, class V>
MQTTWIRE_ALWAYS_INLINE constexpr Result<std::span<std::byte>> encode_packet(const Packet& packet, std::span<std::byte> buffer, V version,
                                                     Leniency leniency, Role receiver) noexcept
{
    Sizer<V> sizer(Packet::type, version, leniency, receiver);
    if (!Packet::fields(sizer, packet)) [[unlikely]] return sizer.error();
    if (sizer.size() > max_varint) [[unlikely]] return Error{.code = Errc::packet_too_large, .packet = Packet::type};
    const auto remaining_length = static_cast<std::uint32_t>(sizer.size());
    const std::uint32_t size = 1 + varint_size(remaining_length) + remaining_length;
    if (buffer.size() < size) [[unlikely]]
        return Error{.code = Errc::buffer_too_small, .packet = Packet::type, .needed = size};
    Writer<V> writer(buffer.data(), packet.first_byte(), remaining_length, sizer.property_lengths(), version);
    Packet::fields(writer, packet);
    return buffer.first(size);
}

} // namespace mqttwire::wire
