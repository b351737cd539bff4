// Packets behind one another in a container that grows.
#include "mqttwire/append.hpp"
#include "unit/check.hpp"

#include <string>
#include <vector>

using namespace check;

static_assert(GrowingBytes<std::vector<std::byte>>);
static_assert(GrowingBytes<std::vector<unsigned char>>);
static_assert(GrowingBytes<std::string>);
static_assert(!GrowingBytes<const std::string>);
static_assert(!GrowingBytes<std::vector<int>>);
static_assert(!GrowingBytes<std::span<std::byte>>);
static_assert(!GrowingBytes<std::array<std::byte, 4>>);

TEMPLATE_TEST_CASE("a packet is appended to what a container holds", "", std::vector<std::byte>, std::vector<char>,
    std::vector<unsigned char>, std::string)
{
    TestType container;
    const auto holds = [&](std::string_view expected) {
        const Bytes wanted = bytes(expected);
        return std::ranges::equal(std::as_bytes(std::span(container)), wanted);
    };
    const Publish publish{.topic = "t", .payload = "hi"};
    auto written = append(publish, container, Version::v3_1_1);
    REQUIRE(written);
    CHECK(written->size() == 7);
    CHECK(holds("30 05 00 01 74 68 69"));
    written = append<Version::v5>(PubAck{.packet_id = 258}, container);
    REQUIRE(written);
    CHECK(written->size() == 4);
    CHECK(static_cast<const void*>(written->data()) == static_cast<const void*>(container.data() + 7));
    CHECK(holds("30 05 00 01 74 68 69 40 02 01 02"));
    CHECK(append(Packet(PingResp{}), container, Version::v3_1)->size() == 2);
    CHECK(holds("30 05 00 01 74 68 69 40 02 01 02 D0 00"));

    // A refusal leaves everything as it was.
    CHECK(append(PubAck{}, container, Version::v5).error().code == Errc::packet_id_zero);
    CHECK(append(Packet(PubAck{}), container, Version::v5).error().code == Errc::packet_id_zero);
    CHECK(append<Version::v3_1_1>(Auth{}, container).error() == Auth{}.encoded_size<Version::v3_1_1>().error());
    CHECK(append<Version::v3_1_1>(Packet(Auth{}), container).error() == Auth{}.encoded_size<Version::v3_1_1>().error());
    CHECK(append<Version::v5>(Packet(PubAck{}), container).error().code == Errc::packet_id_zero);
    CHECK(append(publish, container, static_cast<Version>(7)).error().code == Errc::version_unknown);
    CHECK(holds("30 05 00 01 74 68 69 40 02 01 02 D0 00"));
}

TEST_CASE("what is appended is what encode writes, for every sample")
{
    struct Sample {
        Version version;
        std::string_view wire;
    };
    for (const Sample& sample : {Sample{Version::v3_1_1, "10 0D 00 04 4D 51 54 54 04 02 00 3C 00 01 61"},
             Sample{Version::v5, "30 0D 00 01 74 07 26 00 01 6B 00 01 76 68 69"}, Sample{Version::v5, "62 03 00 01 92"},
             Sample{Version::v3_1, "82 06 00 01 00 01 61 01"}, Sample{Version::v5, "90 04 00 01 00 87"},
             Sample{Version::v5, "E0 00"}}) {
        const Bytes whole = bytes(sample.wire);
        const Packet packet = good(whole, sample.version);
        Bytes container(3, std::byte{0x5A});
        REQUIRE(append(packet, container, sample.version));
        CHECK(container.size() == 3 + whole.size());
        CHECK(std::ranges::equal(std::span(container).subspan(3), whole));
        CHECK(std::ranges::equal(std::span(container).first(3), Bytes(3, std::byte{0x5A})));
        Bytes other;
        std::visit(
            [&](const auto& held) { CHECK(append(held, other, sample.version, Leniency::bridge_bit, Role::unknown)); },
            packet);
        CHECK(other == whole);
        const auto append_known = [&packet](Bytes& to, Version version) {
            if (version == Version::v3_1) return append<Version::v3_1>(packet, to);
            if (version == Version::v3_1_1) return append<Version::v3_1_1>(packet, to);
            return append<Version::v5>(packet, to, Leniency::bridge_bit, Role::unknown);
        };
        Bytes known(1, std::byte{0x5A});
        const auto written = append_known(known, sample.version);
        REQUIRE(written);
        CHECK(known == Bytes(1, std::byte{0x5A}) + whole);
        CHECK(written->data() == known.data() + 1);
    }
}

TEST_CASE("a list in the bytes of the container is refused")
{
    Bytes container = bytes("A2 07 00 01 00 03 61 2F 62");
    const Packet packet = good(container, Version::v3_1_1);
    const Bytes before = container;
    CHECK(append(packet, container, Version::v3_1_1).error().code == Errc::overlapping_buffer);
    CHECK(container == before);
}
