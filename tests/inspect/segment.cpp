// TCP segments out of frames, byte by byte as the standards draw them.
#include "segment.hpp"

#include "support/catch.hpp"
#include "support/hex.hpp"

#include <string>
#include <string_view>

namespace mqttwire::test {

namespace {

using inspect::read_segment;
using inspect::Segment;

// A TCP header from port 50000 to port 1883, sequence number 7, with PSH and ACK, and two bytes.
constexpr std::string_view tcp = "c350 075b 00000007 00000001 50 18 ffff 0000 0000  c000";
constexpr std::string_view ipv4 = "45 00 002a 0001 4000 40 06 0000 c0000201 c6336407";
constexpr std::string_view ipv6 =
    "60000000 0016 06 40 20010db8000000000000000000000001 20010db8000000000000000100000000";

std::string in(std::string_view link, std::string_view ip, std::string_view transport = tcp)
{
    std::string hex(link);
    hex += ip;
    return hex += transport;
}

void check_segment(int link_type, const std::string& hex, std::string_view from, std::string_view to)
{
    CAPTURE(link_type, hex);
    const Bytes frame = from_hex(hex);
    const std::optional<Segment> segment = read_segment(link_type, frame);
    REQUIRE(segment.has_value());
    CHECK(inspect::to_string(segment->from) == from);
    CHECK(inspect::to_string(segment->to) == to);
    CHECK(segment->sequence == 7);
    CHECK(segment->ack);
    CHECK_FALSE(segment->fin);
    CHECK_FALSE(segment->syn);
    CHECK_FALSE(segment->reset);
    CHECK(to_hex(segment->bytes) == "c000");
    CHECK(segment->missing == 0);
    // However it is cut off, nothing outside it is read.
    for (std::size_t size = 0; size < frame.size(); ++size) {
        const Bytes cut(frame.begin(), frame.begin() + static_cast<std::ptrdiff_t>(size));
        const std::optional<Segment> part = read_segment(link_type, cut);
        if (part) CHECK(part->bytes.size() + part->missing == 2);
        else CHECK(size < frame.size() - 2);
    }
}

} // namespace

TEST_CASE("A segment is found in frames of every link type that is known", "[inspect]")
{
    constexpr std::string_view from = "192.0.2.1:50000";
    constexpr std::string_view to = "198.51.100.7:1883";
    const std::string_view macs = "001122334455 66778899aabb";
    check_segment(1, in(std::string(macs) + "0800", ipv4), from, to);
    check_segment(1, in(std::string(macs) + "8100 0005 0800", ipv4), from, to);
    check_segment(1, in(std::string(macs) + "88a8 0005 8100 0006 0800", ipv4), from, to);
    check_segment(1, in(std::string(macs) + "9100 0005 8100 0006 0800", ipv4), from, to);
    check_segment(1, in(std::string(macs) + "8864 11 00 0001 002c 0021", ipv4), from, to);
    check_segment(1, in(std::string(macs) + "8100 0005 8864 11 00 0001 002c 0021", ipv4), from, to);
    check_segment(101, in("", ipv4), from, to);
    check_segment(12, in("", ipv4), from, to);
    check_segment(228, in("", ipv4), from, to);
    check_segment(0, in("02000000", ipv4), from, to);
    check_segment(108, in("00000002", ipv4), from, to);
    check_segment(113, in("0000 0001 0006 001122334455 0000 0800", ipv4), from, to);
    check_segment(276, in("0800 0000 00000001 0001 00 06 0011223344550000", ipv4), from, to);
    constexpr std::string_view from_6 = "[2001:db8::1]:50000";
    constexpr std::string_view to_6 = "[2001:db8::1:0:0]:1883";
    check_segment(1, in(std::string(macs) + "86dd", ipv6), from_6, to_6);
    check_segment(1, in(std::string(macs) + "8864 11 00 0001 0040 0057", ipv6), from_6, to_6);
    check_segment(229, in("", ipv6), from_6, to_6);
    // With a hop-by-hop header in between.
    check_segment(101,
        in("", "60000000 001e 00 40 20010db8000000000000000000000001 20010db8000000000000000100000000",
            std::string("06 00 010400000000") + std::string(tcp)),
        from_6, to_6);
    // With a fragment header, although there is only one fragment.
    check_segment(101,
        in("", "60000000 001e 2c 40 20010db8000000000000000000000001 20010db8000000000000000100000000",
            std::string("06 ff 0000 12345678") + std::string(tcp)),
        from_6, to_6);
    // With options of IP and of TCP.
    check_segment(101,
        in("", "46 00 0032 0001 4000 40 06 0000 c0000201 c6336407 00000000",
            "c350 075b 00000007 00000001 60 18 ffff 0000 0000 01010101 c000"),
        from, to);
}

TEST_CASE("What fills a frame up is no part of the segment, and what a capture cut off is missing", "[inspect]")
{
    const Bytes filled = from_hex(in("001122334455 66778899aabb 0800", ipv4) + "00000000");
    CHECK(to_hex(read_segment(1, filled)->bytes) == "c000");
    const Bytes cut = from_hex(in("", "45 00 0128 0001 4000 40 06 0000 c0000201 c6336407"));
    const std::optional<Segment> segment = read_segment(101, cut);
    REQUIRE(segment.has_value());
    CHECK(to_hex(segment->bytes) == "c000");
    CHECK(segment->missing == 0x128 - 20 - 20 - 2);
}

TEST_CASE("A fragment is told, and nothing in it is taken for a header of TCP", "[inspect]")
{
    const std::string v6 = "60000000 001e 2c 40 20010db8000000000000000000000001 20010db8000000000000000100000000";
    for (const std::string& header : {std::string("45 00 002a 0001 2000 40 06 0000 c0000201 c6336407"), // the first one
             std::string("45 00 002a 0001 0001 40 06 0000 c0000201 c6336407"), // a later one
             v6 + "06 00 0001 12345678", v6 + "06 00 0008 12345678"}) {
        CAPTURE(header);
        const Bytes frame = from_hex(in("", header));
        const std::optional<Segment> segment = read_segment(101, frame);
        REQUIRE(segment.has_value());
        CHECK(segment->is_fragment);
        CHECK(segment->from.port == 0);
        CHECK(segment->bytes.empty());
    }
    // Those of UDP are nobody's business.
    CHECK_FALSE(read_segment(101, from_hex(in("", "45 00 002a 0001 2000 40 11 0000 c0000201 c6336407"))));
    CHECK_FALSE(read_segment(101, from_hex(in("", v6 + "11 00 0001 12345678"))));
}

TEST_CASE("What is no segment of TCP gives none", "[inspect]")
{
    for (const std::string_view header : {"45 00 002a 0001 4000 40 11 0000 c0000201 c6336407", // UDP
             "44 00 002a 0001 4000 40 06 0000 c0000201 c6336407", // a header that is too short
             "45 00 0010 0001 4000 40 06 0000 c0000201 c6336407", // a length that is
             "75 00 002a 0001 4000 40 06 0000 c0000201 c6336407"}) {
        CAPTURE(header);
        CHECK_FALSE(read_segment(101, from_hex(in("", header))).has_value());
    }
    CHECK_FALSE(read_segment(101, from_hex(in("", ipv4, "c350 075b 00000007 00000001 40 18 ffff 0000 0000 c000"))));
    CHECK_FALSE(read_segment(1, from_hex(in("001122334455 66778899aabb 0806", ipv4))));
    CHECK_FALSE(read_segment(1, from_hex(in("001122334455 66778899aabb 8864 11 00 0001 002c c021", ipv4)))); // LCP
    CHECK_FALSE(read_segment(1, from_hex(in("001122334455 66778899aabb 8863 11 00 0001 002c 0021", ipv4))));
    CHECK_FALSE(read_segment(105, from_hex(in("", ipv4))));
    CHECK_FALSE(inspect::knows_link_type(105));
    for (const int known : {0, 1, 12, 101, 108, 113, 228, 229, 276}) CHECK(inspect::knows_link_type(known));
}

} // namespace mqttwire::test
