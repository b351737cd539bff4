// What must hold whenever a packet is encoded or refused.
#pragma once

#include "support/bytes.hpp"
#include "support/require.hpp"
#include "support/small.hpp"

#include <mqttwire/mqttwire.hpp>

#include <cstddef>
#include <span>
#include <variant>

namespace mqttwire::fuzz {

/// How a packet is to be written.
struct Encoding {
    Version version;
    Leniency leniency;
    Role role;
};

inline Result<std::size_t> encoded_size(const Packet& packet, const Encoding& encoding)
{
    return mqttwire::encoded_size(packet, encoding.version, encoding.leniency, encoding.role);
}

inline Result<std::span<std::byte>> encode(const Packet& packet, std::span<std::byte> buffer, const Encoding& encoding)
{
    return mqttwire::encode(packet, buffer, encoding.version, encoding.leniency, encoding.role);
}

template <Version V>
Result<std::span<std::byte>> encode_for_version(
    const Packet& packet, std::span<std::byte> buffer, const Encoding& encoding)
{
    return std::visit(
        [&](const auto& held) {
            require(held.template encoded_size<V>(encoding.leniency, encoding.role) == encoded_size(packet, encoding),
                "encoded_size gives the same if the version is known while compiling");
            return held.template encode<V>(buffer, encoding.leniency, encoding.role);
        },
        packet);
}

/// The same as encode, by the functions for a version that is known while compiling.
inline Result<std::span<std::byte>> encode_in_known_version(
    const Packet& packet, std::span<std::byte> buffer, const Encoding& encoding)
{
    switch (encoding.version) {
    case Version::v3_1: return encode_for_version<Version::v3_1>(packet, buffer, encoding);
    case Version::v3_1_1: return encode_for_version<Version::v3_1_1>(packet, buffer, encoding);
    case Version::v5: break;
    }
    return encode_for_version<Version::v5>(packet, buffer, encoding);
}

/// The same as encode, by the functions of small programs.
inline Result<std::span<std::byte>> encode_small(
    const Packet& packet, std::span<std::byte> buffer, const Encoding& encoding)
{
    return test::encode_small(packet, buffer, encoding.version, encoding.leniency, encoding.role);
}

/// A packet that can be encoded: gives its bytes.
inline Bytes check_encoded(const Packet& packet, const Encoding& encoding)
{
    const Result<std::size_t> size = encoded_size(packet, encoding);
    require(size.has_value(), "the size of a packet that can be encoded is told");

    Bytes exact(*size);
    const auto written = encode(packet, exact.span(), encoding);
    require(written && written->data() == exact.span().data() && written->size() == *size,
        "a packet has the size that encoded_size says");

    const std::size_t room = 16;
    Bytes large(*size + room);
    const auto known = encode_in_known_version(packet, large.span(), encoding);
    require(known && same_bytes(*known, exact), "encode gives the same if the version is known while compiling");
    require(untouched(large.span().last(room)), "nothing is written behind the packet");

    Bytes by_small(*size);
    const auto as_small = encode_small(packet, by_small.span(), encoding);
    require(as_small && same_bytes(*as_small, exact), "small programs encode the same");

    Bytes small(*size - 1);
    const auto refused = encode(packet, small.span(), encoding);
    require(!refused && refused.error().code == Errc::buffer_too_small && refused.error().needed == *size,
        "a buffer one byte too small is refused");
    require(untouched(small), "nothing is written to a buffer that is too small");
    return exact;
}

/// A packet that cannot be encoded: gives the reason.
inline Error check_refused(const Packet& packet, const Encoding& encoding)
{
    const Result<std::size_t> size = encoded_size(packet, encoding);
    require(!size, "the size of a packet that cannot be encoded is not told");
    const Error error = size.error();

    Bytes buffer(64);
    const auto refused = encode(packet, buffer.span(), encoding);
    require(!refused && refused.error() == error, "encode and encoded_size refuse for the same reason");
    const auto known = encode_in_known_version(packet, buffer.span(), encoding);
    require(!known && known.error() == error, "encode refuses the same if the version is known while compiling");
    const auto as_small = encode_small(packet, buffer.span(), encoding);
    require(!as_small && as_small.error() == error, "small programs refuse the same");
    require(untouched(buffer), "nothing of a packet that is refused is written");

    require(error.code != Errc::none && error.code != Errc::incomplete && error.code != Errc::buffer_too_small,
        "a refusal has a reason in the packet");
    require(!name(error.code).empty() && !name(error.field).empty(), "the code and the field of a refusal have names");
    require(error.packet == type_of(packet), "a refusal tells the type of the packet");
    require(error.offset <= max_varint && error.needed == 0, "a refusal tells at most where in a text");
    return error;
}

} // namespace mqttwire::fuzz
