// The fixed header, packet identifiers, the stream.
#include "conformance/rules.hpp"

#include <algorithm>

using namespace conformance;

namespace {

/// A good packet of every type but PUBLISH and AUTH.
struct Sample {
    std::string_view v3_1_1;
    std::string_view v5;
};

constexpr std::array<Sample, 13> samples{{
    {"10 0E 00 04 4D 51 54 54 04 02 00 3C 00 02 63 31", "10 0F 00 04 4D 51 54 54 05 02 00 3C 00 00 02 63 31"},
    {"20 02 00 00", "20 03 00 00 00"},
    {"40 02 00 01", "40 02 00 01"},
    {"50 02 00 01", "50 02 00 01"},
    {"62 02 00 01", "62 02 00 01"},
    {"70 02 00 01", "70 02 00 01"},
    {"82 06 00 01 00 01 61 00", "82 07 00 01 00 00 01 61 00"},
    {"90 03 00 01 00", "90 04 00 01 00 00"},
    {"A2 05 00 01 00 01 61", "A2 06 00 01 00 00 01 61"},
    {"B0 02 00 01", "B0 04 00 01 00 00"},
    {"C0 00", "C0 00"},
    {"D0 00", "D0 00"},
    {"E0 00", "E0 00"},
}};

/// All flags but the given ones are refused; those are read, and written.
void holds_flags(Version version, std::string_view wire)
{
    Bytes changed = bytes(wire);
    const std::byte first = changed[0];
    keeps(version, changed);
    for (unsigned flags = 0; flags < 16; ++flags) {
        changed[0] = (first & std::byte{0xF0}) | static_cast<std::byte>(flags);
        if (changed[0] != first) refuses(version, changed, Errc::wrong_flags);
    }
}

} // namespace

TEST_CASE("reserved flags of the fixed header have their fixed values",
    "[3.1.1:MQTT-2.2.2-1][3.1.1:MQTT-2.2.2-2][5.0:MQTT-2.1.3-1]")
{
    for (const Sample& sample : samples) {
        holds_flags(Version::v3_1_1, sample.v3_1_1);
        holds_flags(Version::v5, sample.v5);
    }
}

TEST_CASE("flags of PUBREL are 0010", "[3.1.1:MQTT-3.6.1-1][5.0:MQTT-3.6.1-1]")
{
    for (const Version version : numbered_versions) {
        holds_flags(version, "62 02 00 0A");
        writes(version, PubRel{.packet_id = 10}, "62 02 00 0A");
        CHECK(clause(decoded(bytes("60 02 00 0A"), version).error(), version) == "MQTT-3.6.1-1");
    }
}

TEST_CASE("flags of SUBSCRIBE are 0010", "[3.1.1:MQTT-3.8.1-1][5.0:MQTT-3.8.1-1]")
{
    holds_flags(Version::v3_1_1, "82 06 00 01 00 01 61 00");
    holds_flags(Version::v5, "82 07 00 01 00 00 01 61 00");
    writes(Version::v3_1_1, OneFilter("a").subscribe(), "82 06 00 01 00 01 61 00");
    writes(Version::v5, OneFilter("a").subscribe(), "82 07 00 01 00 00 01 61 00");
    for (const Version version : numbered_versions)
        CHECK(clause(decoded(bytes("80 00"), version).error(), version) == "MQTT-3.8.1-1");
}

TEST_CASE("flags of UNSUBSCRIBE are 0010", "[3.1.1:MQTT-3.10.1-1][5.0:MQTT-3.10.1-1]")
{
    holds_flags(Version::v3_1_1, "A2 05 00 01 00 01 61");
    holds_flags(Version::v5, "A2 06 00 01 00 00 01 61");
    writes(Version::v3_1_1, OneFilter("a").unsubscribe(), "A2 05 00 01 00 01 61");
    writes(Version::v5, OneFilter("a").unsubscribe(), "A2 06 00 01 00 00 01 61");
    for (const Version version : numbered_versions)
        CHECK(clause(decoded(bytes("A0 00"), version).error(), version) == "MQTT-3.10.1-1");
}

TEST_CASE("flags of DISCONNECT are 0000", "[3.1.1:MQTT-3.14.1-1][5.0:MQTT-3.14.1-1]")
{
    for (const Version version : numbered_versions) {
        holds_flags(version, "E0 00");
        writes(version, Disconnect{}, "E0 00");
        const Error error = decoded(bytes("E1 00"), version).error();
        CHECK(clause(error, version) == "MQTT-3.14.1-1");
        CHECK(reason_code(error.code) == ReasonCode::malformed_packet);
    }
}

TEST_CASE("flags of AUTH are 0000", "[5.0:MQTT-3.15.1-1]")
{
    holds_flags(Version::v5, "F0 06 18 04 15 00 01 6D");
    writes(Version::v5,
        Auth{.reason_code = ReasonCode::continue_authentication, .properties = {.authentication_method = "m"}},
        "F0 06 18 04 15 00 01 6D");
    CHECK(clause(decoded(bytes("F8 00"), Version::v5).error(), Version::v5) == "MQTT-3.15.1-1");
}

TEST_CASE("packet identifiers are not 0", "[3.1.1:MQTT-2.3.1-1][5.0:MQTT-2.2.1-3][5.0:MQTT-2.2.1-4]")
{
    for (const Version version : numbered_versions) {
        const Bytes none = no_properties(version);
        // SUBSCRIBE and UNSUBSCRIBE of a client, PUBLISH of a client and of a server.
        refuses(version, packet(0x82, bytes("00 00") + none + bytes("00 01 61 00")), Errc::packet_id_zero);
        refuses(version, packet(0xA2, bytes("00 00") + none + bytes("00 01 61")), Errc::packet_id_zero);
        const OneFilter filter("a");
        Subscribe subscribe = filter.subscribe();
        subscribe.packet_id = 0;
        refuses_to_write(version, subscribe, Errc::packet_id_zero);
        Unsubscribe unsubscribe = filter.unsubscribe();
        unsubscribe.packet_id = 0;
        refuses_to_write(version, unsubscribe, Errc::packet_id_zero);
        for (const Role receiver : {Role::server, Role::client}) {
            for (const unsigned qos : {1U, 2U}) {
                const unsigned first = 0x30 + qos * 2;
                refuses(version, packet(first, bytes("00 01 61 00 00") + none), Errc::packet_id_zero, receiver);
                refuses_to_write(
                    version, Publish{.topic = "a", .qos = static_cast<QoS>(qos)}, Errc::packet_id_zero, receiver);
                for (const unsigned id : {1U, 255U, 256U, 65'535U}) {
                    const Bytes wire = packet(first, bytes("00 01 61") + two(id) + none);
                    CHECK(std::get<Publish>(keeps(version, wire, receiver)).packet_id == id);
                }
            }
        }
    }
}

TEST_CASE("a PUBLISH with QoS 0 has no packet identifier", "[3.1.1:MQTT-2.3.1-5][5.0:MQTT-2.2.1-2]")
{
    for (const Version version : numbered_versions) {
        refuses_to_write(version, Publish{.topic = "a", .packet_id = 1}, Errc::packet_id_with_qos_0);
        const Bytes wire = packet(0x30, bytes("00 01 61") + no_properties(version) + bytes("00 0A"));
        const Publish publish = std::get<Publish>(keeps(version, wire));
        CHECK(publish.packet_id == 0);
        CHECK(publish.payload == Binary("\0\x0A"sv));
    }
}

TEST_CASE("a packet without properties has a Property Length of 0", "[5.0:MQTT-2.2.2-1]")
{
    for (const Sample& sample : samples) keeps(Version::v5, sample.v5);
    keeps(Version::v5, "30 04 00 01 61 00");
    writes(Version::v5, ConnAck{}, "20 03 00 00 00");
    writes(Version::v5, Publish{.topic = "a"}, "30 04 00 01 61 00");
    // Without it the packet ends too soon, or the next byte is taken for it.
    refuses(Version::v5, "20 02 00 00", Errc::connack_without_properties);
    refuses(Version::v5, "30 03 00 01 61", Errc::field_past_end);
    refuses(Version::v5, "82 02 00 01", Errc::field_past_end);
    refuses(Version::v5, "90 02 00 01", Errc::field_past_end);
    refuses(Version::v5, "A2 02 00 01", Errc::field_past_end);
    refuses(Version::v5, "B0 02 00 01", Errc::field_past_end);
    refuses(Version::v5, "10 0A 00 04 4D 51 54 54 05 02 00 3C", Errc::field_past_end);
    // A will has its own.
    refuses(Version::v5, "10 0E 00 04 4D 51 54 54 05 06 00 3C 00 00 01 63", Errc::field_past_end);
}

TEST_CASE("the stream may be cut anywhere", "[3.1.1:MQTT-6.0.0-2][5.0:MQTT-6.0.0-2]")
{
    for (const Version version : numbered_versions) {
        Bytes stream;
        std::size_t count = 0;
        for (const Sample& sample : samples) {
            stream = stream + bytes(version == Version::v5 ? sample.v5 : sample.v3_1_1);
            ++count;
        }
        for (std::size_t piece = 1; piece <= stream.size(); ++piece) {
            std::array<std::byte, 64> storage{};
            Framer framer(storage);
            std::size_t frames = 0;
            for (std::size_t at = 0; at < stream.size(); at += piece) {
                auto chunk = std::span<const std::byte>(stream).subspan(at, std::min(piece, stream.size() - at));
                while (const auto frame = framer.next(chunk)) {
                    CHECK(mqttwire::decode(*frame, version).has_value());
                    ++frames;
                }
            }
            CHECK(frames == count);
            CHECK(framer.at_boundary());
        }
    }
}
