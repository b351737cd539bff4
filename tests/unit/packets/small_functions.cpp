// What only small programs do.
#include "mqttwire/packets/small_functions.hpp"

#include "mqttwire/mqttwire.hpp"
#include "support/catch.hpp"

#include <array>
#include <cstddef>

using namespace mqttwire;

// With -Os these two go by walkers that know the rules, though not the version; see surely_strict.
TEST_CASE("where code size counts, decode and encode by the strict rules in a version that is known at run time")
{
    const std::array bytes{std::byte{0x40}, std::byte{3}, std::byte{0}, std::byte{10}, std::byte{0x10}};
    const auto decode = [&](Version version) {
        return wire::decode_to_be_small<PubAck>(bytes, wire::AnyVersion{version}, Leniency::none, Role::unknown);
    };
    const PubAck packet{.packet_id = 10, .reason_code = ReasonCode::no_matching_subscribers};
    REQUIRE(decode(Version::v5));
    CHECK(*decode(Version::v5) == packet);
    REQUIRE_FALSE(decode(Version::v3_1_1));
    CHECK(decode(Version::v3_1_1).error().code == Errc::bytes_left_over);

    std::array<std::byte, 5> buffer{};
    const auto encode = [&](Version version) {
        return wire::encode_to_be_small(packet, buffer, wire::AnyVersion{version}, Leniency::none, Role::unknown);
    };
    const auto refused = encode(Version::v3_1_1);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == Errc::not_in_version);
    CHECK(buffer == std::array<std::byte, 5>{});
    REQUIRE(encode(Version::v5));
    CHECK(buffer == bytes);
}
