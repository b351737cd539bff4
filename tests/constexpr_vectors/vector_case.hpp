// A test vector as plain data, and the check of it, which needs neither memory of its own nor a running program.
#pragma once

#include <mqttwire/mqttwire.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace mqttwire::test {

/// Bytes as the characters of a string literal.
struct Literal {
    const char* characters = nullptr;
    std::uint32_t size = 0;
};

struct VectorCase {
    const char* id;
    Version version;
    Leniency leniency;
    Role role;
    Literal bytes;
    Error error; ///< what decoding gives; code `none` for a valid packet
    Literal canonical; ///< what encoding a valid packet gives
};

constexpr bool equal(std::span<const std::byte> bytes, Literal literal)
{
    if (bytes.size() != literal.size) return false;
    for (std::size_t i = 0; i < bytes.size(); ++i)
        if (bytes[i] != static_cast<std::byte>(literal.characters[i])) return false;
    return true;
}

/// True if the bytes come through the Framer one by one as one packet.
constexpr bool is_framed(std::span<const std::byte> bytes, std::span<std::byte> storage)
{
    Framer framer(storage);
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        std::span<const std::byte> chunk = bytes.subspan(i, 1);
        const std::optional<Frame> frame = framer.next(chunk);
        if (frame.has_value() != (i + 1 == bytes.size())) return false;
    }
    return framer.at_boundary();
}

/// True if a valid packet is written as it ought to be, to a buffer of just that size, and not to a smaller one.
constexpr bool is_encoded(const VectorCase& vector, const Packet& packet, std::span<std::byte> output)
{
    const Connect* const connect = std::get_if<Connect>(&packet);
    const Version version = connect != nullptr ? *connect->version : vector.version;
    const auto refused = encode(packet, output.first(output.size() - 1), version, vector.leniency, vector.role);
    if (refused || refused.error().code != Errc::buffer_too_small || refused.error().needed != output.size())
        return false;
    const auto written = encode(packet, output, version, vector.leniency, vector.role);
    return written && equal(*written, vector.canonical);
}

/// Checks a vector. `input` has the size of its bytes, `storage` as well, `output` that of the canonical ones.
constexpr bool holds(
    const VectorCase& vector, std::span<std::byte> input, std::span<std::byte> storage, std::span<std::byte> output)
{
    for (std::size_t i = 0; i < input.size(); ++i) input[i] = static_cast<std::byte>(vector.bytes.characters[i]);
    const Result<Packet> packet = decode(input, vector.version, vector.leniency, vector.role);
    if (!packet) return packet.error() == vector.error;
    return vector.error.code == Errc::none && is_framed(input, storage) && is_encoded(vector, *packet, output);
}

} // namespace mqttwire::test
