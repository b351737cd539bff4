// TCP segments out of the frames of a capture.
#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

namespace inspect {

/// An address of IPv4 (its first four bytes) or IPv6, and a port.
struct Endpoint {
    std::array<std::uint8_t, 16> address{};
    bool is_v6 = false;
    std::uint16_t port = 0;

    friend auto operator<=>(const Endpoint&, const Endpoint&) = default;
};

/// As in "192.0.2.1:1883" and "[2001:db8::1]:1883".
std::string to_string(const Endpoint& endpoint);

struct Segment {
    Endpoint from;
    Endpoint to;
    std::uint32_t sequence = 0;
    bool fin = false;
    bool syn = false;
    bool ack = false;
    bool reset = false;
    bool is_fragment = false; ///< of an IP packet, so that but for the addresses nothing is known
    std::span<const std::byte> bytes; ///< of the stream
    std::size_t missing = 0; ///< bytes behind them that the capture left out
};

/// The segment in a frame of a link type of libpcap (Ethernet, loopback, raw IP, Linux "any"); nothing if there is
/// none.
std::optional<Segment> read_segment(int link_type, std::span<const std::byte> frame);

/// True if frames of this link type can be read.
bool knows_link_type(int link_type) noexcept;

} // namespace inspect
