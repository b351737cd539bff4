// What a session asks its caller to send.
#include "mqttwire/session/outcome.hpp"
#include "unit/check.hpp"

#include <array>

using namespace check;
using session::Outcome;

TEST_CASE("an answer needs the room that it takes")
{
    const auto answer = [](const Outcome& outcome, Version version) {
        std::array<std::byte, 8> buffer{};
        const auto written = encode_answer(outcome, buffer, version);
        REQUIRE(written);
        for (std::size_t size = 0; size < written->size(); ++size) {
            std::array<std::byte, 8> untouched{};
            const auto refused = encode_answer(outcome, std::span(untouched).first(size), version);
            CHECK(refused.error().code == Errc::buffer_too_small);
            CHECK(refused.error().needed == written->size());
            CHECK(untouched == std::array<std::byte, 8>{});
        }
        return Bytes(written->begin(), written->end());
    };
    const auto of = [](PacketType type, ReasonCode code = ReasonCode::success) {
        Outcome outcome;
        outcome.answer = type;
        outcome.packet_id = 258;
        outcome.reason_code = code;
        return outcome;
    };
    CHECK(answer(of(PacketType::puback), Version::v3_1_1) == bytes("40 02 01 02"));
    CHECK(answer(of(PacketType::pubrel), Version::v5) == bytes("62 02 01 02"));
    CHECK(answer(of(PacketType::pubcomp, ReasonCode::packet_identifier_not_found), Version::v5)
        == bytes("70 03 01 02 92"));
    CHECK(answer(of(PacketType::connack, ReasonCode::not_authorized), Version::v3_1_1) == bytes("20 02 00 05"));
    CHECK(answer(of(PacketType::connack, ReasonCode::not_authorized), Version::v5) == bytes("20 03 00 87 00"));
    CHECK(answer(of(PacketType::connack, ReasonCode::server_moved), Version::v3_1_1).empty());
    CHECK(answer(of(PacketType::pingresp), Version::v3_1) == bytes("D0 00"));
    CHECK(answer(of(PacketType::disconnect), Version::v5) == bytes("E0 00"));
    CHECK(answer(of(PacketType::disconnect, ReasonCode::session_taken_over), Version::v5) == bytes("E0 01 8E"));
    CHECK(answer(of(PacketType::disconnect), Version::v3_1_1).empty());
    CHECK(answer(of(PacketType{}), Version::v5).empty());
}
