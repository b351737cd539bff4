// SUBACK and UNSUBACK: [3.1.1 and 5.0: sections 3.9 and 3.11].
#include "unit/check.hpp"

using namespace check;

TEST_CASE("a SUBACK has codes, each of which is checked")
{
    for (const Version version : versions) {
        const bool v5 = version == Version::v5;
        const Bytes start = bytes("00 0A") + (v5 ? bytes("00") : Bytes{});
        const Bytes wire = packet(0x90, start + bytes("00 01 02"));
        const SubAck suback = std::get<SubAck>(good(wire, version));
        REQUIRE(suback.reason_codes.size() == 3);
        CHECK(suback.reason_codes[2] == ReasonCode::granted_qos_2);
        CHECK(encoded(suback, version).bytes == wire);
        const Result<Packet> none = decoded(packet(0x90, start), version);
        REQUIRE_FALSE(none);
        CHECK(none.error().code == Errc::no_reason_code);
        CHECK(encoded(SubAck{.packet_id = 10}, version).error.code == Errc::no_reason_code);
        const Result<Packet> bad = decoded(packet(0x90, start + bytes("00 03 01")), version);
        REQUIRE_FALSE(bad);
        CHECK(bad.error().offset == 2 + start.size() + 1);
        CHECK(bad.error().code == (v5 ? Errc::reason_code_not_allowed : Errc::suback_code_not_allowed));
        const std::array codes{ReasonCode::success, static_cast<ReasonCode>(3)};
        CHECK(encoded(SubAck{.packet_id = 10, .reason_codes = codes}, version).error.code == bad.error().code);
        CHECK(decode_error(packet(0x90, bytes("00 00") + (v5 ? bytes("00") : Bytes{}) + bytes("00")), version)
            == Errc::packet_id_zero);
        CHECK(encoded(SubAck{.reason_codes = codes}, version).error.code == Errc::packet_id_zero);
    }
}

TEST_CASE("codes of a SUBACK in another version")
{
    const Bytes wire = bytes("90 04 00 0A 02 80");
    const Packet suback = good(wire, Version::v3_1_1);
    CHECK(encoded(suback, Version::v5).bytes == bytes("90 05 00 0A 00 02 80"));
    CHECK(encoded(suback, Version::v3_1).error.code == Errc::suback_code_not_allowed);
    const Bytes wire_5 = bytes("90 04 00 0A 00 87");
    const Packet with_5 = good(wire_5, Version::v5);
    CHECK(encoded(with_5, Version::v3_1_1).error.code == Errc::suback_code_not_allowed);
}

TEST_CASE("an UNSUBACK has codes in 5.0 and none before")
{
    const std::array codes{ReasonCode::success, ReasonCode::no_subscription_existed};
    CHECK(
        encoded(UnsubAck{.packet_id = 10, .reason_codes = codes}, Version::v5).bytes == bytes("B0 05 00 0A 00 00 11"));
    CHECK(encoded(UnsubAck{.packet_id = 10}, Version::v5).error.code == Errc::no_reason_code);
    CHECK(decode_error(bytes("B0 03 00 0A 00"), Version::v5) == Errc::no_reason_code);
    CHECK(decode_error(bytes("B0 02 00 0A"), Version::v5) == Errc::field_past_end);
    for (const Version version : {Version::v3_1, Version::v3_1_1}) {
        const Bytes wire = bytes("B0 02 00 0A");
        const UnsubAck unsuback = std::get<UnsubAck>(good(wire, version));
        CHECK(unsuback.reason_codes.empty());
        CHECK(encoded(unsuback, version).bytes == wire);
        CHECK(encoded(UnsubAck{.packet_id = 10, .reason_codes = codes}, version).error.code == Errc::not_in_version);
        CHECK(encoded(UnsubAck{}, version).error.code == Errc::packet_id_zero);
        CHECK(decode_error(bytes("B0 03 00 0A 00"), version) == Errc::bytes_left_over);
    }
}
