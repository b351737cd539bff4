// PUBACK, PUBREC, PUBREL, PUBCOMP: [3.1.1 and 5.0: sections 3.4 to 3.7].
#include "unit/check.hpp"

using namespace check;

namespace {

constexpr std::array<unsigned, 4> first_bytes{0x40, 0x50, 0x62, 0x70};

} // namespace

TEST_CASE("the short forms of acknowledgements mean the same as the long one")
{
    for (const unsigned first : first_bytes) {
        const Bytes shortest = packet(first, bytes("00 0A"));
        const Bytes with_code = packet(first, bytes("00 0A 00"));
        const Bytes longest = packet(first, bytes("00 0A 00 00"));
        const Packet packet_found = good(shortest, Version::v5);
        CHECK(good(with_code, Version::v5) == packet_found);
        CHECK(good(longest, Version::v5) == packet_found);
        for (const Bytes* each : {&shortest, &with_code, &longest})
            CHECK(encoded(good(*each, Version::v5), Version::v5).bytes == shortest);
        const Bytes failed = packet(first, bytes("00 0A") + byte(first >= 0x60 ? 0x92 : 0x80));
        const Bytes failed_long = packet(first, bytes("00 0A") + byte(first >= 0x60 ? 0x92 : 0x80) + bytes("00"));
        CHECK(good(failed_long, Version::v5) == good(failed, Version::v5));
        CHECK(encoded(good(failed_long, Version::v5), Version::v5).bytes == failed);
    }
}

TEST_CASE("3.x acknowledgements are a packet identifier and nothing more")
{
    for (const Version version : {Version::v3_1, Version::v3_1_1}) {
        for (const unsigned first : first_bytes) {
            const Bytes wire = packet(first, bytes("00 0A"));
            CHECK(encoded(good(wire, version), version).bytes == wire);
            for (const std::string_view longer : {"00 0A 00", "00 0A 00 00"}) {
                const Result<Packet> result = decoded(packet(first, bytes(longer)), version);
                REQUIRE_FALSE(result);
                CHECK(result.error().code == Errc::bytes_left_over);
                CHECK(result.error().offset == 4);
            }
        }
        CHECK(encoded(PubAck{.packet_id = 1, .reason_code = ReasonCode::not_authorized}, version).error.code
            == Errc::not_in_version);
        CHECK(encoded(PubRel{.packet_id = 1, .properties = {.reason_string = "r"}}, version).error.code
            == Errc::not_in_version);
    }
}

TEST_CASE("bodies of no byte and of one are too short")
{
    for (const Version version : versions) {
        for (const unsigned first : first_bytes) {
            for (const std::string_view body : {"", "0A"}) {
                const Result<Packet> result = decoded(packet(first, bytes(body)), version);
                REQUIRE_FALSE(result);
                CHECK(result.error().code == Errc::field_past_end);
                CHECK(result.error().field == Field::packet_id);
                CHECK(result.error().offset == 2);
            }
        }
    }
}

TEST_CASE("every packet identifier but 0")
{
    Differences differences;
    for (const Version version : versions) {
        for (const unsigned first : first_bytes) {
            const Bytes zero = packet(first, bytes("00 00"));
            CHECK(decode_error(zero, version) == Errc::packet_id_zero);
            CHECK(decoded(zero, version).error().offset == 2);
            for (unsigned id = 1; id < 65'536; id += 251) {
                const Bytes wire = packet(first, two(id));
                differences.expect_same(wire, encoded(good(wire, version), version).bytes, version, first, id);
            }
        }
        CHECK(encoded(PubAck{}, version).error.code == Errc::packet_id_zero);
        CHECK(encoded(PubRec{}, version).error.code == Errc::packet_id_zero);
        CHECK(encoded(PubRel{}, version).error.code == Errc::packet_id_zero);
        CHECK(encoded(PubComp{}, version).error.code == Errc::packet_id_zero);
    }
    CHECK(differences.text() == "");
}

TEST_CASE("a reason string with success is written in the long form")
{
    const Bytes wire = bytes("40 09 00 0A 00 05 1F 00 02 6F 6B");
    CHECK(encoded(PubAck{.packet_id = 10, .properties = {.reason_string = "ok"}}, Version::v5).bytes == wire);
    CHECK(encoded(good(wire, Version::v5), Version::v5).bytes == wire);
}
