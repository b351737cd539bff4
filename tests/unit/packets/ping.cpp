// PINGREQ and PINGRESP: [3.1.1 and 5.0: sections 3.12 and 3.13].
#include "unit/check.hpp"

using namespace check;

TEST_CASE("pings are two bytes in every version")
{
    for (const Version version : versions) {
        CHECK(encoded(PingReq{}, version).bytes == bytes("C0 00"));
        CHECK(encoded(PingResp{}, version).bytes == bytes("D0 00"));
        CHECK(good(bytes("C0 00"), version) == Packet(PingReq{}));
        CHECK(good(bytes("D0 00"), version) == Packet(PingResp{}));
        for (const std::string_view longer : {"C0 01 00", "D0 01 00", "C0 02 00 00"}) {
            const Result<Packet> result = decoded(bytes(longer), version);
            REQUIRE_FALSE(result);
            CHECK(result.error().code == Errc::bytes_left_over);
            CHECK(result.error().offset == 2);
        }
    }
}
