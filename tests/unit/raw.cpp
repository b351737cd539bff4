// The parts of packets: of all vectors against the tables of the specification, and what a proxy makes of them.
#include "mqttwire/raw.hpp"
#include "support/vector.hpp"
#include "unit/check.hpp"

#include <string>

using namespace check;

namespace {

/// Where the parts of a good packet are, by the figures of the specification: sections 3.1 to 3.15.
struct Expected {
    std::size_t packet_id = 0;
    std::size_t property_length = 0; ///< 0: none
    std::size_t properties = 0; ///< where they begin
    std::size_t properties_size = 0;
    std::size_t payload = 0;
};

Expected parts_by_the_figures(std::span<const std::byte> bytes, Version version)
{
    const auto at = [&](std::size_t i) { return static_cast<std::size_t>(bytes[i]); };
    const auto text_end = [&](std::size_t i) { return i + 2 + at(i) * 256 + at(i + 1); };
    std::size_t next = 2;
    while (at(next - 1) >= 0x80) ++next;
    Expected expected;
    const std::size_t type = at(0) / 16;
    const bool v5 = version == Version::v5;
    switch (type) {
    case 1: next = text_end(next) + 1 + 1 + 2; break;
    case 2: next += 2; break;
    case 3:
        next = text_end(next);
        if ((at(0) & 6U) == 0) break;
        expected.packet_id = next;
        next += 2;
        break;
    case 12:
    case 13: break;
    case 14:
    case 15: next += 1; break;
    default:
        expected.packet_id = next;
        next += 2;
        if (type >= 4 && type <= 7) next += 1; // the reason code
    }
    const bool has_properties = v5 && type != 12 && type != 13 && next < bytes.size();
    if (has_properties) {
        expected.property_length = next;
        std::size_t factor = 1;
        for (bool more = true; more; factor *= 128) {
            more = at(next) >= 0x80;
            expected.properties_size += at(next++) % 128 * factor;
        }
        expected.properties = next;
        next += expected.properties_size;
    }
    expected.payload = next < bytes.size() ? next : bytes.size();
    return expected;
}

std::size_t offset(std::span<const std::byte> part, std::span<const std::byte> whole)
{
    return static_cast<std::size_t>(part.data() - whole.data());
}

Frame frame_of(std::span<const std::byte> bytes) { return read_frame(bytes).value(); }

} // namespace

TEST_CASE("raw: every vector's parts are where the figures say")
{
    std::size_t packets = 0;
    for (const test::Vector* const vector : test::vectors_where(test::is_valid_packet)) {
        const std::span<const std::byte> bytes = vector->bytes;
        const auto decoded = decode(bytes, vector->version.value(), vector->leniency, vector->role).value();
        const auto* const connect = std::get_if<Connect>(&decoded);
        const Version version = connect != nullptr ? connect->version.value() : vector->version.value();
        CAPTURE(vector->id);
        const auto found = raw(frame_of(bytes), vector->version.value(), vector->leniency, vector->role);
        REQUIRE(found);
        ++packets;
        const Expected expected = parts_by_the_figures(bytes, version);
        CHECK(found->bytes.data() == bytes.data());
        CHECK(found->bytes.size() == bytes.size());
        CHECK(found->flags == (static_cast<unsigned>(bytes[0]) & 15U));
        CHECK(found->packet_id_at == expected.packet_id);
        CHECK(offset(found->payload, bytes) == expected.payload);
        CHECK(found->payload.size() == bytes.size() - expected.payload);
        CHECK(offset(found->body(), bytes) == frame_of(bytes).header_size());
        CHECK(found->variable_header.size() + found->payload.size() == frame_of(bytes).body().size());
        CHECK(found->property_length.empty() == (expected.property_length == 0));
        CHECK(found->properties.size() == expected.properties_size);
        if (expected.property_length == 0) continue;
        CHECK(offset(found->property_length, bytes) == expected.property_length);
        CHECK(offset(found->properties, bytes) == expected.properties);
    }
    CHECK(packets > 300);
}

TEST_CASE("raw: the properties of a will")
{
    const Bytes header = bytes("00 04 4D 51 54 54 05 06 00 00 03 21 00 05");
    const Bytes wire =
        packet(0x10, header + prefixed("c") + bytes("05 18 00 00 00 07") + prefixed("w") + prefixed("bye"));
    const auto found = raw(frame_of(wire), Version::v3_1_1); // a CONNECT tells its own version
    REQUIRE(found);
    CHECK(hex(found->property_length) == "03");
    CHECK(hex(found->properties) == "21 00 05");
    CHECK(hex(found->will_property_length) == "05");
    CHECK(hex(found->will_properties) == "18 00 00 00 07");
    CHECK(hex(found->variable_header) == hex(header));
    CHECK(hex(found->payload.first(3)) == "00 01 63");
}

TEST_CASE("raw: a proxy changes the packet identifier and nothing else")
{
    // Properties in an order that the encoder would not write.
    const Bytes properties = bytes("26 00 01 6B 00 01 76 01 01 26 00 01 6A 00 00");
    Bytes wire = packet(0x3B, prefixed("t") + bytes("00 07 0F") + properties + bytes("68 69"));
    const auto before = raw(frame_of(wire), Version::v5);
    REQUIRE(before);
    CHECK(before->flags == 0x0B);
    CHECK(hex(before->properties) == hex(properties));
    REQUIRE(before->packet_id_at == 5);
    Publish expected = std::get<Publish>(good(wire, Version::v5));
    wire[before->packet_id_at + 1] = std::byte{9};
    expected.packet_id = 9;
    CHECK(std::get<Publish>(good(wire, Version::v5)) == expected);
    CHECK(hex(raw(frame_of(wire), Version::v5)->properties) == hex(properties));
}

TEST_CASE("raw: a proxy changes the topic and keeps the properties as they came")
{
    const Bytes whole = packet(0x30, bytes("00 01 74 0C 26 00 01 6B 00 01 76 02 00 00 00 3C 68 69"));
    const auto parts = raw(frame_of(whole), Version::v5);
    REQUIRE(parts);
    CHECK(hex(parts->properties) == "26 00 01 6B 00 01 76 02 00 00 00 3C");
    CHECK(hex(parts->payload) == "68 69");
    const Bytes other =
        packet(0x30, prefixed("other/topic") + parts->property_length + parts->properties + parts->payload);
    const Publish publish = std::get<Publish>(good(other, Version::v5));
    CHECK(publish.topic == "other/topic");
    CHECK(publish.properties == std::get<Publish>(good(whole, Version::v5)).properties);
    CHECK(hex(raw(frame_of(other), Version::v5)->properties) == hex(parts->properties));
}

TEST_CASE("raw: short forms and empty packets have no parts")
{
    const Bytes short_form = bytes("40 02 00 07");
    const auto puback = raw(frame_of(short_form), Version::v5);
    CHECK(puback->property_length.empty());
    CHECK(puback->packet_id_at == 2);
    CHECK(puback->payload.empty());
    const Bytes pingreq = bytes("C0 00");
    const auto ping = raw(frame_of(pingreq), Version::v5);
    CHECK(ping->packet_id_at == 0);
    CHECK(ping->body().empty());
}

TEST_CASE("raw: the errors are those of decode")
{
    const Bytes bad = bytes("30 04 00 01 23 00");
    CHECK(raw(frame_of(bad), Version::v5).error() == decoded(bad, Version::v5).error());
    const Bytes past = bytes("40 05 00 07 00 7F 00");
    CHECK(raw(frame_of(past), Version::v5).error().code == Errc::property_length_past_end);
    const Bytes flags = bytes("60 02 00 07");
    CHECK(raw(frame_of(flags), Version::v5).error().code == Errc::wrong_flags);
    CHECK(raw(frame_of(flags), Version::v5, Leniency::pubrel_flags_0000)->flags == 0);
    CHECK(raw(flags, Version::v5, Leniency::pubrel_flags_0000)->packet_id_at == 2);
    CHECK(raw(std::span(flags).first(3), Version::v5).error() == read_frame(std::span(flags).first(3)).error());
}

TEST_CASE("raw: while compiling")
{
    constexpr std::array publish{std::byte{0x32}, std::byte{6}, std::byte{0}, std::byte{1}, std::byte{'t'},
        std::byte{0}, std::byte{7}, std::byte{'x'}};
    STATIC_REQUIRE(raw(read_frame(publish).value(), Version::v3_1_1)->packet_id_at == 5);
    STATIC_REQUIRE(raw(read_frame(publish).value(), Version::v3_1_1)->payload.size() == 1);
}
