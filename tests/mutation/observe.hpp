// What a case shows: the packet that is decoded in every way there is, and what becomes of it on the way back.
#pragma once

#include "mutation/cases.hpp"
#include "mutation/guarded.hpp"
#include "mutation/observe_streams.hpp"
#include "mutation/packet_digest.hpp"

#include <mqttwire/layout.hpp>
#include <mqttwire/mqttwire.hpp>

#include <algorithm>
#include <array>
#include <string>

namespace mqttwire::test {

/// The version in which a packet is to be written again: a CONNECT has its own.
inline Version version_of(const Packet& packet, Version version)
{
    const auto* const connect = std::get_if<Connect>(&packet);
    return connect != nullptr ? connect->version.value_or(version) : version;
}

inline std::string hex(std::span<const std::byte> bytes)
{
    std::string text;
    for (const std::byte b : bytes) {
        text += "0123456789abcdef"[static_cast<unsigned>(b) >> 4U];
        text += "0123456789abcdef"[static_cast<unsigned>(b) & 15U];
    }
    return text;
}

/// `ok` and the packet as it is written again, or `error` and the diagnosis.
inline std::string answer(const Case& given)
{
    const Result<Packet> packet = decode(given.bytes, given.version, given.leniency, given.role);
    if (!packet) {
        const Error& error = packet.error();
        return (error.code == Errc::incomplete ? "incomplete " : "error ") + std::string(name(error.code)) + ' '
            + std::string(name(error.field)) + ' ' + std::to_string(error.offset) + ' ' + std::to_string(error.needed);
    }
    Bytes buffer(given.bytes.size() + 64);
    const auto written = encode(*packet, buffer, version_of(*packet, given.version), given.leniency);
    return "ok " + (written ? hex(*written) : std::string(name(written.error().code)));
}

/// Writes the packet into buffers that are too small, just right and roomy.
inline void observe_encode(Digest& digest, const Packet& packet, Version version, Leniency leniency, Role role)
{
    const Result<std::size_t> size = encoded_size(packet, version, leniency, role);
    digest.add(size.has_value());
    if (!size) digest.add(size.error());
    if (size && *size > 100'000) return digest.add(*size);
    const std::size_t room = size ? *size : 32;
    static Guarded memory;
    for (const std::size_t given : {room + 2, room, room - 1}) {
        const std::span<std::byte> buffer = memory.room(given, std::byte{0xA5});
        const auto written = encode(packet, buffer, version, leniency, role);
        if (written) digest.add(*written);
        else digest.add(written.error());
        digest.add(buffer);
    }
}

template <Version V>
void observe_fixed(Digest& digest, const Frame& frame, Leniency leniency, Role role)
{
    const Result<Packet> packet = decode<V>(frame, leniency, role);
    if (packet) add_packet(digest, *packet, V);
    else digest.add(packet.error());
}

/// What the decode of the packet's own type says.
template <class Alternative>
void observe_own(Digest& digest, const Case& given)
{
    const Result<Alternative> own = Alternative::decode(given.bytes, given.version, given.leniency, given.role);
    digest.add(own.has_value());
    if (!own) return digest.add(own.error());
    digest.add(own.let_pass());
    add_packet(digest, *own, given.version);
}

template <class... Alternatives>
void observe_own_types(Digest& digest, const Case& given, std::type_identity<std::variant<Alternatives...>>)
{
    const unsigned type = given.bytes.empty() ? 2 : static_cast<unsigned>(given.bytes.front()) >> 4U;
    // The right type, and the next, which is wrong.
    ((static_cast<unsigned>(Alternatives::type) == type || static_cast<unsigned>(Alternatives::type) == type % 15 + 1
             ? observe_own<Alternatives>(digest, given)
             : void()),
        ...);
}

/// Where the fields stand, of a packet that is cut off, too.
inline void observe_layout(Digest& digest, const Case& given)
{
    const Error error = layout(
        given.bytes, given.version,
        [&](Field field, std::span<const std::byte> where) {
            digest.add(field);
            digest.add(where.data() - given.bytes.data());
            digest.add(where.size());
        },
        given.leniency, given.role);
    digest.add(error);
}

inline void observe_frame(Digest& digest, const Case& given)
{
    const Result<Frame> frame = read_frame(given.bytes);
    digest.add(frame.has_value());
    if (!frame) return digest.add(frame.error());
    for (const unsigned number : {unsigned{frame->header_size()}, unsigned{frame->minimal()}, unsigned{frame->flags()},
             unsigned{frame->first_byte()}, static_cast<unsigned>(frame->type())})
        digest.add(number);
    digest.add(frame->body());
    observe_fixed<Version::v3_1>(digest, *frame, given.leniency, given.role);
    observe_fixed<Version::v3_1_1>(digest, *frame, given.leniency, given.role);
    observe_fixed<Version::v5>(digest, *frame, given.leniency, given.role);
}

inline void observe(Digest& digest, Case given)
{
    static Guarded memory;
    given.bytes = memory.copy(given.bytes);
    const Result<Packet> packet = decode(given.bytes, given.version, given.leniency, given.role);
    digest.add(packet.has_value());
    if (packet) {
        digest.add(packet.let_pass());
        digest.add(type_of(*packet));
        add_packet(digest, *packet, given.version);
        for (const Version version : versions) observe_encode(digest, *packet, version, given.leniency, given.role);
        observe_encode(digest, *packet, version_of(*packet, given.version), Leniency::none, Role::unknown);
        digest.add(*packet == *decode(given.bytes, given.version, given.leniency, given.role));
    } else {
        digest.add(packet.error());
        digest.add(clause(packet.error(), given.version));
        digest.add(skippable(packet.error()));
    }
    const Result<Packet> unknown = decode(given.bytes, Version{}, given.leniency, given.role);
    digest.add(unknown.has_value());
    if (!unknown) digest.add(unknown.error());
    const Result<Packet> first = decode(given.bytes, given.leniency, given.role);
    digest.add(first.has_value());
    if (!first) digest.add(first.error());
    if (const auto protocol = requested_protocol(given.bytes)) {
        digest.add(protocol->name.view());
        digest.add(protocol->level);
    }
    observe_own_types(digest, given, std::type_identity<Packet>{});
    observe_frame(digest, given);
    observe_layout(digest, given);
    observe_streams(digest, given);
}

} // namespace mqttwire::test
