// decode and encode by the walkers of small programs. Only programs that are compiled for size use them, but they are
// there in every other one too, so that tests can hold what they give against what the quick walkers give.
#pragma once

#include "mqttwire/mqttwire.hpp"

#include <cstddef>
#include <span>
#include <variant>

namespace mqttwire::test {

/// With all terms given, or with those that are not given known while compiling.
template <Role Receiver, class V, class... Terms>
Result<Packet> decode_small_on_terms(std::span<const std::byte> bytes, Terms... terms)
{
    const std::size_t header_size = wire::header_size(bytes);
    if (header_size == 0 || bytes.front() < std::byte{0x10}) return wire::frame_error(bytes);
    return wire::decode_any_small<Receiver, V>(bytes.data(), header_size, bytes.size(), terms...);
}

inline Result<Packet> decode_small(std::span<const std::byte> bytes, Version version, Leniency leniency, Role receiver)
{
    using V = wire::AnyVersion;
    return decode_small_on_terms<Role::unknown, V>(bytes, V{version}, leniency, receiver);
}

/// With the version known while compiling, and the code for leniency and role left out where they are not asked for.
template <Version V>
Result<Packet> decode_small(std::span<const std::byte> bytes, Leniency leniency, Role receiver)
{
    using Fixed = wire::FixedVersion<V>;
    if (leniency != Leniency::none)
        return decode_small_on_terms<Role::unknown, Fixed>(bytes, Fixed{}, leniency, receiver);
    // A client that is known to be one does not look at a CONNECT as far as to find what else is wrong with it.
    const bool is_connect = !bytes.empty() && (bytes.front() >> 4U) == std::byte{1};
    if (receiver == Role::client && !is_connect)
        return decode_small_on_terms<Role::client, wire::Strict<Fixed, Role::client>>(bytes);
    if (receiver == Role::server) return decode_small_on_terms<Role::server, wire::Strict<Fixed, Role::server>>(bytes);
    if (receiver != Role::unknown)
        return decode_small_on_terms<Role::unknown, Fixed>(bytes, Fixed{}, leniency, receiver);
    const auto type = bytes.empty() ? 0U : static_cast<unsigned>(bytes.front()) >> 4U;
    if (type == 0) return wire::frame_error(bytes);
    using Strict = wire::Strict<Fixed>;
    const wire::SmallForm<Strict> form{wire::Alternatives<Strict, Role::unknown>::readers.at(type - 1),
        wire::usual_first_byte(static_cast<PacketType>(type))};
    return wire::decode_small<Result<Packet>>(bytes, form);
}

inline Result<std::size_t> encoded_size_small(const Packet& packet, Version version, Leniency leniency, Role receiver)
{
    using V = wire::AnyVersion;
    return wire::measure_small(&packet, wire::walk_of<V>(packet), V{version}, leniency, receiver);
}

inline Result<std::span<std::byte>> encode_small(
    const Packet& packet, std::span<std::byte> buffer, Version version, Leniency leniency, Role receiver)
{
    using V = wire::AnyVersion;
    return wire::encode_small(
        buffer.data(), buffer.size(), &packet, wire::walk_of<V>(packet), V{version}, leniency, receiver);
}

/// As `decode_small` for one version.
template <Version V>
Result<std::span<std::byte>> encode_small(
    const Packet& packet, std::span<std::byte> buffer, Leniency leniency, Role receiver)
{
    using Fixed = wire::FixedVersion<V>;
    using Strict = wire::Strict<Fixed>;
    if (leniency == Leniency::none && receiver == Role::unknown)
        return wire::encode_small(buffer.data(), buffer.size(), &packet, wire::walk_of<Strict>(packet));
    return wire::encode_small(
        buffer.data(), buffer.size(), &packet, wire::walk_of<Fixed>(packet), Fixed{}, leniency, receiver);
}

} // namespace mqttwire::test
