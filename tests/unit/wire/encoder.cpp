// What an encoder does about bytes that it is to overwrite while it reads them, and about sums of sizes that are too
// large to be counted in 32 bits.
#include "mqttwire/wire/encoder.hpp"

#include "mqttwire/mqttwire.hpp"
#include "support/catch.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

using namespace mqttwire;

namespace {

std::vector<std::byte> as_bytes(std::initializer_list<unsigned> values)
{
    std::vector<std::byte> bytes;
    for (const unsigned value : values) bytes.push_back(static_cast<std::byte>(value));
    return bytes;
}

} // namespace

TEST_CASE("a decoded list is not encoded over its own bytes")
{
    // DISCONNECT with a User Property of size 1 and 0; the bytes behind it look like much longer ones.
    std::vector<std::byte> buffer = as_bytes(
        {0xE0, 0x0D, 0x00, 0x0B, 0x26, 0x00, 0x01, 0x6B, 0x00, 0x00, 0x11, 0x00, 0x00, 0x00, 0x01, 0xFF, 0xFF});
    const std::vector<std::byte> before = buffer;
    const std::span<std::byte> packet_bytes = std::span(buffer).first(15);
    const Result<Packet> packet = decode(packet_bytes, Version::v5);
    REQUIRE(packet);
    const auto refused = [&](std::span<std::byte> to) {
        const auto result = encode(*packet, to, Version::v5);
        return !result && result.error().code == Errc::overlapping_buffer
            && result.error().field == field(PropertyId::user_property) && buffer == before;
    };
    CHECK(refused(packet_bytes));
    CHECK(refused(std::span(buffer)));
    CHECK(refused(std::span(buffer).subspan(4, 1)));
    CHECK(refused(std::span(buffer).first(6)));
    CHECK(refused(std::span(buffer).subspan(8)));
    CHECK_FALSE(refused(std::span(buffer).first(4)));
    std::array<std::byte, 15> elsewhere{};
    CHECK(encode(*packet, elsewhere, Version::v5));
    CHECK(encoded_size(*packet, Version::v5) == std::size_t{15});
}

TEST_CASE("the elements of a decoded SUBSCRIBE are not overwritten while they are read")
{
    std::vector<std::byte> buffer = as_bytes({0x82, 0x09, 0x00, 0x01, 0x00, 0x00, 0x03, 0x61, 0x2F, 0x62, 0x01});
    const auto packet = Subscribe::decode<Version::v5>(buffer);
    REQUIRE(packet);
    CHECK(packet->encode<Version::v5>(buffer).error()
        == Error{.code = Errc::overlapping_buffer, .field = Field::filter, .packet = PacketType::subscribe});
    CHECK(packet->encode(buffer, Version::v5).error().code == Errc::overlapping_buffer);
}

TEST_CASE("a sum of sizes that 32 bits do not hold is too large for a packet")
{
    // Where sizes have 32 bits the encoder stops long before the sum is reached; elsewhere all of it would be checked,
    // which takes minutes and shows no more than that it is too large.
    constexpr std::size_t count = sizeof(std::size_t) == 4 ? 65'536 : 4'100;
    const std::string longest(65'535, 'a');
    const std::vector<Text> filters(count, Text(longest));
    const Unsubscribe unsubscribe{.packet_id = 1, .filters = filters};
    CHECK(unsubscribe.encoded_size(Version::v3_1_1).error().code == Errc::packet_too_large);
    const std::vector<UserProperty> pairs(count / 2, UserProperty{.name = Text(longest), .value = Text(longest)});
    const PubAck ack{.packet_id = 1, .properties = {.user_property = pairs}};
    std::array<std::byte, 64> small{};
    CHECK(ack.encode<Version::v5>(small).error().code == Errc::packet_too_large);
    CHECK(std::ranges::all_of(small, [](std::byte byte) { return byte == std::byte{}; }));
}
