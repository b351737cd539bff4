// append: encodes a packet to the end of a container that grows.
//
// A packet is checked once, the container grows by exactly its size, and it is written. This is the only header with
// functions that may allocate, for a container may when it is resized.
#pragma once

#include "mqttwire/buffer.hpp"
#include "mqttwire/codec.hpp"
#include "mqttwire/config.hpp"
#include "mqttwire/leniency.hpp"
#include "mqttwire/packet.hpp"
#include "mqttwire/packets/functions.hpp"
#include "mqttwire/result.hpp"
#include "mqttwire/version.hpp"

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>

namespace mqttwire::inline MQTTWIRE_ABI {

/// A std::vector of std::byte, char or unsigned char, a std::string, and whatever can be resized as they can.
template <class Container>
concept GrowingBytes = wire::MutableBytes<Container&> && requires(Container& container, std::size_t size) {
    container.resize(size);
    { container.size() } -> std::convertible_to<std::size_t>;
};

namespace wire {

inline namespace MQTTWIRE_CODE {

/// Room behind what a container holds.
template <class Container>
struct GrowingRoom {
    Container& container;
    std::size_t held;

    constexpr std::span<std::byte> all() const { return MutableBuffer(container); }
    constexpr std::span<const std::byte> taken() const { return all(); }
    constexpr bool make(std::uint32_t size) const
    {
        container.resize(held + size);
        return true;
    }
    constexpr std::byte* data() const { return all().data() + held; }
};

template <class P, class Container, class V>
constexpr Result<std::span<std::byte>> append_packet(
    const P& packet, Container& container, V version, Leniency leniency, Role receiver)
{
    const GrowingRoom<Container> room{container, container.size()};
    if constexpr (config::small) {
        if (!std::is_constant_evaluated()) {
            SmallEncoder<V> encoder(version, leniency, receiver);
            encoder.go_to(room.all());
            write_small<P>(encoder, &packet);
            encoder.finish();
            encoder.count_header(max_packet_size);
            if (!encoder.good()) return encoder.error();
            const std::size_t size = encoder.size();
            room.make(static_cast<std::uint32_t>(size));
            encoder.start_writing(room.data());
            write_small<P>(encoder, &packet);
            return std::span(room.data(), size);
        }
    }
    return check_and_write(packet, packet, 0, room, version, leniency, receiver);
}

} // namespace MQTTWIRE_CODE

} // namespace wire

/// Encodes a packet behind what the container holds, which becomes larger by the packet's size, and gives what was
/// written. After an error the container is as it was. What the packet views must not lie in the container.
template <PacketStruct P, GrowingBytes Container, class = config::Code>
MQTTWIRE_WHOLE constexpr Result<std::span<std::byte>> append(const P& packet,
    Container& container MQTTWIRE_LIFETIMEBOUND, Version version, Leniency leniency = {}, Role receiver = {})
{
    return wire::with_version<P, wire::Verb::encode>(
        version, [&](auto v) MQTTWIRE_STEP_LAMBDA -> Result<std::span<std::byte>> {
            return wire::append_packet(packet, container, v, leniency, receiver);
        });
}
template <Version V, PacketStruct P, GrowingBytes Container, class = config::Code>
MQTTWIRE_WHOLE constexpr Result<std::span<std::byte>> append(
    const P& packet, Container& container MQTTWIRE_LIFETIMEBOUND, Leniency leniency = {}, Role receiver = {})
{
    return wire::append_packet(packet, container, wire::FixedVersion<V>{}, leniency, receiver);
}
/// The same of a packet whose type is known at run time only.
template <GrowingBytes Container, class = config::Code>
constexpr Result<std::span<std::byte>> append(const Packet& packet, Container& container MQTTWIRE_LIFETIMEBOUND,
    Version version, Leniency leniency = {}, Role receiver = {})
{
    return wire::visit(packet, [&](const auto& held) { return append(held, container, version, leniency, receiver); });
}
template <Version V, GrowingBytes Container, class = config::Code>
constexpr Result<std::span<std::byte>> append(
    const Packet& packet, Container& container MQTTWIRE_LIFETIMEBOUND, Leniency leniency = {}, Role receiver = {})
{
    return wire::visit(packet, [&](const auto& held) { return append<V>(held, container, leniency, receiver); });
}

} // namespace mqttwire::inline MQTTWIRE_ABI
