// One packet of a stream and what mqttwire says of it.
#pragma once

#include <mqttwire/leniency.hpp>
#include <mqttwire/packet.hpp>
#include <mqttwire/result.hpp>
#include <mqttwire/version.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace inspect {

/// How packets are to be read.
struct Reading {
    mqttwire::Leniency leniency{};
    mqttwire::Role role{};
};

enum class Verdict : std::uint8_t {
    ok,
    error,
    incomplete, ///< right so far, but cut off
};

/// The word for a verdict in JSON.
constexpr std::string_view name(Verdict verdict) noexcept
{
    switch (verdict) {
    case Verdict::ok: return "ok";
    case Verdict::error: return "error";
    case Verdict::incomplete: break;
    }
    return "incomplete";
}

/// Where a packet of a capture was seen.
struct Passage {
    std::uint64_t connection; ///< its number among those that are shown, from 1
    bool from_client;
    std::string_view from; ///< address and port
    std::string_view to;
    std::int64_t time; ///< at which its last byte came, in microseconds since 1970
    std::int64_t since_start; ///< of the capture, in microseconds
};

struct Record {
    std::uint64_t offset; ///< of the packet's first byte in the stream
    std::span<const std::byte> bytes; ///< the packet, or what there is of it
    std::optional<mqttwire::Version> version; ///< it was read with, if any; for CONNECT its own if it is a known one
    mqttwire::Result<mqttwire::Packet> packet;
    const Passage* passage = nullptr; ///< nullptr outside captures

    Verdict verdict() const noexcept
    {
        if (packet) return Verdict::ok;
        return packet.error().code == mqttwire::Errc::incomplete ? Verdict::incomplete : Verdict::error;
    }
    /// The packet type, or nothing if it is the reserved one or there are no bytes.
    std::optional<mqttwire::PacketType> type() const noexcept;
    /// The version whose words describe the packet: that of 5.0 while none is known.
    mqttwire::Version wording() const noexcept { return version.value_or(mqttwire::Version::v5); }
};

/// Reads a buffer that should hold exactly one packet.
Record read_record(std::uint64_t offset, std::span<const std::byte> bytes, std::optional<mqttwire::Version> version,
    const Reading& reading) noexcept;

} // namespace inspect
