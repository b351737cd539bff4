// UNSUBSCRIBE: [3.1.1 and 5.0: section 3.10].
#include "unit/check.hpp"

using namespace check;

TEST_CASE("UNSUBSCRIBE goes both ways in every version")
{
    const std::array<Text, 2> filters{"a/b", "$share/g/c"};
    const Unsubscribe unsubscribe{.packet_id = 10, .filters = filters};
    for (const Version version : versions) {
        const Bytes wire = packet(0xA2,
            bytes("00 0A") + (version == Version::v5 ? bytes("00") : Bytes{}) + prefixed("a/b")
                + prefixed("$share/g/c"));
        CHECK(encoded(unsubscribe, version).bytes == wire);
        CHECK(std::get<Unsubscribe>(good(wire, version)) == unsubscribe);
        CHECK(encoded(good(wire, version), version).bytes == wire);
    }
}

TEST_CASE("UNSUBSCRIBE is checked filter by filter")
{
    for (const Version version : versions) {
        const Bytes start = bytes("00 0A") + (version == Version::v5 ? bytes("00") : Bytes{}) + prefixed("ok");
        const auto expect = [&](const Bytes& last, Errc code, std::size_t index) {
            const Result<Packet> result = decoded(packet(0xA2, start + last), version);
            REQUIRE_FALSE(result);
            CHECK(result.error().code == code);
            CHECK(result.error().field == Field::filter);
            CHECK(result.error().offset == 2 + start.size() + index);
        };
        expect(prefixed(""), Errc::topic_filter_empty, 0);
        expect(prefixed("a#"), Errc::topic_filter_multi_level_misplaced, 3);
        expect(prefixed("+a"), Errc::topic_filter_single_level_misplaced, 2);
        expect(prefixed("a\xFF"), Errc::utf8_ill_formed, 3);
        expect(bytes("00"), Errc::field_past_end, 0);
        expect(bytes("00 02 61"), Errc::field_past_end, 0);
        if (version == Version::v5) expect(prefixed("$share//a"), Errc::share_name_empty, 9);
    }
}

TEST_CASE("UNSUBSCRIBE has a packet identifier and a filter")
{
    const std::array<Text, 1> filters{"a"};
    for (const Version version : versions) {
        CHECK(encoded(Unsubscribe{.filters = filters}, version).error.code == Errc::packet_id_zero);
        CHECK(encoded(Unsubscribe{.packet_id = 1}, version).error.code == Errc::no_topic_filter);
        const Bytes none = packet(0xA2, bytes("00 0A") + (version == Version::v5 ? bytes("00") : Bytes{}));
        CHECK(decode_error(none, version) == Errc::no_topic_filter);
        CHECK(decoded(none, version).error().offset == none.size());
    }
}
