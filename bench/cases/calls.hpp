// How a loop calls the library. The functions have external linkage, so that the compiler cannot fit them to the loop.
#pragma once

#include "mqttwire/mqttwire.hpp"

#include <cstddef>
#include <span>

namespace bench {

using namespace mqttwire;

/// A call that the compiler does not look into, with the version known while compiling.
struct OutOfLine {
    explicit OutOfLine(Version) {}

    template <class Packet, Version V>
    [[gnu::noinline]] static Result<Packet> decode(std::span<const std::byte> bytes)
    {
        return Packet::template decode<V>(bytes);
    }

    template <class Packet, Version V>
    [[gnu::noinline]] static Result<std::span<std::byte>> encode(const Packet& packet, std::span<std::byte> buffer)
    {
        return packet.template encode<V>(buffer);
    }
};

/// A call that becomes part of the loop.
struct Inlined {
    explicit Inlined(Version) {}

    template <class Packet, Version V>
    [[gnu::always_inline]] static Result<Packet> decode(std::span<const std::byte> bytes)
    {
        return Packet::template decode<V>(bytes);
    }

    template <class Packet, Version V>
    [[gnu::always_inline]] static Result<std::span<std::byte>> encode(const Packet& packet, std::span<std::byte> buffer)
    {
        return packet.template encode<V>(buffer);
    }
};

/// The same version, although the compiler does not know that. (If it were volatile instead, g++ would know.)
[[gnu::always_inline]] inline Version not_known(Version version)
{
    asm volatile("" : "+r"(version));
    return version;
}

/// A call that the compiler does not look into, with a version that it does not know.
class RunTimeVersion {
public:
    explicit RunTimeVersion(Version version) : version_(version) {}

    template <class Packet, Version>
    Result<Packet> decode(std::span<const std::byte> bytes) const
    {
        return decode_as<Packet>(bytes, not_known(version_));
    }

    template <class Packet, Version>
    Result<std::span<std::byte>> encode(const Packet& packet, std::span<std::byte> buffer) const
    {
        return encode_as(packet, buffer, not_known(version_));
    }

private:
    template <class Packet>
    [[gnu::noinline]] static Result<Packet> decode_as(std::span<const std::byte> bytes, Version version)
    {
        return Packet::decode(bytes, version);
    }

    template <class Packet>
    [[gnu::noinline]] static Result<std::span<std::byte>> encode_as(
        const Packet& packet, std::span<std::byte> buffer, Version version)
    {
        return packet.encode(buffer, version);
    }

    const Version version_;
};

/// Packets whose type is not known either, as a program calls for them: what is laid into the loop is up to the
/// compiler.
class AnyPacket {
public:
    explicit AnyPacket(Version version) : version_(version) {}

    template <class Packet, Version>
    [[gnu::always_inline]] Result<mqttwire::Packet> decode(std::span<const std::byte> bytes) const
    {
        return mqttwire::decode(bytes, not_known(version_));
    }

    template <class Packet, Version>
    [[gnu::always_inline]] Result<std::span<std::byte>> encode(
        const mqttwire::Packet& packet, std::span<std::byte> buffer) const
    {
        return mqttwire::encode(packet, buffer, not_known(version_));
    }

private:
    const Version version_;
};

} // namespace bench
