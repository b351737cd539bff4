// The matrix of packet types, fixed-header flags, directions and versions: [3.1.1: section 2.2; 5.0: section 2.1].
#include "unit/check.hpp"

using namespace check;

namespace {

/// A packet type as the table of the fixed header gives it.
struct Row {
    PacketType type;
    unsigned flags; ///< of 3.1.1 and 5.0
    bool from_client;
    bool from_server;
    std::string_view body; ///< a good one for 3.x, in hex; of 3.1 where it is CONNECT
    std::string_view body_5; ///< a good one for 5.0
};

constexpr std::string_view connect_3_1 = "00 06 4D 51 49 73 64 70 03 02 00 3C 00 02 63 31";
constexpr std::string_view connect_3_1_1 = "00 04 4D 51 54 54 04 02 00 3C 00 02 63 31";
constexpr std::string_view connect_5 = "00 04 4D 51 54 54 05 02 00 3C 00 00 02 63 31";

constexpr std::array<Row, 15> rows{{
    {PacketType::connect, 0, true, false, connect_3_1_1, connect_5},
    {PacketType::connack, 0, false, true, "00 00", "00 00 00"},
    {PacketType::publish, 0, true, true, "00 01 74 00 01", "00 01 74 00 01 00"},
    {PacketType::puback, 0, true, true, "00 01", "00 01"},
    {PacketType::pubrec, 0, true, true, "00 01", "00 01"},
    {PacketType::pubrel, 2, true, true, "00 01", "00 01"},
    {PacketType::pubcomp, 0, true, true, "00 01", "00 01"},
    {PacketType::subscribe, 2, true, false, "00 01 00 01 66 00", "00 01 00 00 01 66 00"},
    {PacketType::suback, 0, false, true, "00 01 00", "00 01 00 00"},
    {PacketType::unsubscribe, 2, true, false, "00 01 00 01 66", "00 01 00 00 01 66"},
    {PacketType::unsuback, 0, false, true, "00 01", "00 01 00 00"},
    {PacketType::pingreq, 0, true, false, "", ""},
    {PacketType::pingresp, 0, false, true, "", ""},
    {PacketType::disconnect, 0, true, true, "", ""},
    {PacketType::auth, 0, true, true, "", ""},
}};

Bytes body_of(const Row& row, Version version)
{
    if (row.type == PacketType::connect && version == Version::v3_1) return bytes(connect_3_1);
    return bytes(version == Version::v5 ? row.body_5 : row.body);
}

/// What is wrong with these flags, and with nothing else.
Errc flags_error(const Row& row, unsigned flags, Version version)
{
    if (row.type == PacketType::auth && version != Version::v5) return Errc::reserved_packet_type;
    if (row.type == PacketType::publish) {
        const unsigned qos = flags >> 1U & 3U;
        if (qos == 3) return Errc::qos_3;
        return flags >= 8 && qos == 0 && version != Version::v3_1 ? Errc::dup_with_qos_0 : Errc::none;
    }
    if (flags == row.flags) return Errc::none;
    // 3.1: PUBREL, SUBSCRIBE and UNSUBSCRIBE have QoS 1; whatever else the flags say is not used.
    const bool ignored = version == Version::v3_1 && (row.flags == 0 || (flags & 6U) == 2);
    return ignored ? Errc::none : Errc::wrong_flags;
}

} // namespace

TEST_CASE("every value of the flags in every packet type and version")
{
    Differences differences;
    for (const Version version : versions) {
        for (const Row& row : rows) {
            for (unsigned flags = 0; flags < 16; ++flags) {
                Bytes body = body_of(row, version);
                // A PUBLISH with QoS 0 has no packet identifier; its two bytes are payload before 5.0.
                if (row.type == PacketType::publish && version == Version::v5 && (flags & 6U) == 0)
                    body = bytes("00 01 74 00");
                const Bytes whole = packet((static_cast<unsigned>(row.type) << 4U) + flags, body);
                const Result<Packet> result = decoded(whole, version);
                const Errc expected = flags_error(row, flags, version);
                differences.expect_same(expected, result ? Errc::none : result.error().code, version, row.type, flags);
                if (!result) {
                    differences.expect_same("fixed_header", name(result.error().field), version, row.type, flags);
                    differences.expect_same(0U, result.error().offset, version, row.type, flags);
                } else if (row.type != PacketType::publish) {
                    const Bytes written = encoded(*result, version).bytes;
                    differences.expect_same(packet((static_cast<unsigned>(row.type) << 4U) + row.flags, body), written,
                        version, row.type, flags);
                } else {
                    differences.expect_same(whole, encoded(*result, version).bytes, version, flags);
                }
            }
        }
    }
    CHECK(differences.text() == "");
}

TEST_CASE("the reserved packet type, with all flags and lengths")
{
    for (const Version version : versions)
        for (unsigned flags = 0; flags < 16; ++flags)
            for (const std::string_view rest : {"", "00", "01 00", "80", "FF FF FF FF 01"}) {
                const Result<Packet> result = decoded(byte(flags) + bytes(rest), version);
                REQUIRE_FALSE(result);
                CHECK(result.error().code == Errc::reserved_packet_type);
                CHECK_FALSE(skippable(result.error()));
            }
}

TEST_CASE("every packet type from every sender")
{
    Differences differences;
    for (const Version version : versions) {
        for (const Row& row : rows) {
            if (row.type == PacketType::auth && version != Version::v5) continue;
            const unsigned flags = row.type == PacketType::publish ? 2 : row.flags;
            const Bytes whole = packet((static_cast<unsigned>(row.type) << 4U) + flags, body_of(row, version));
            const Packet as_struct = good(whole, version);
            for (const Role receiver : roles) {
                bool good_sender =
                    receiver == Role::unknown || (receiver == Role::client ? row.from_server : row.from_client);
                // Before 5.0 only clients disconnect in good order.
                if (row.type == PacketType::disconnect && version != Version::v5 && receiver == Role::client)
                    good_sender = false;
                // Reason code 0x00 of AUTH comes from servers.
                const bool wrong_code = row.type == PacketType::auth && receiver == Role::server;
                const Errc expected = !good_sender ? Errc::wrong_direction
                    : wrong_code                   ? Errc::reason_code_wrong_sender
                                                   : Errc::none;
                const Errc on_decode = decode_error(whole, version, {}, receiver);
                const Errc on_encode = encoded(as_struct, version, {}, receiver).error.code;
                differences.expect_same(expected, on_decode, version, row.type, receiver, "decode");
                differences.expect_same(expected, on_encode, version, row.type, receiver, "encode");
            }
        }
    }
    CHECK(differences.text() == "");
}

TEST_CASE("a packet of one type is not read as another")
{
    for (const Version version : versions) {
        const Bytes pingreq = bytes("C0 00");
        const Bytes puback = bytes("40 02 00 01");
        const Bytes publish = bytes("30 04 00 01 74 00");
        CHECK(PingResp::decode(pingreq, version).error().code == Errc::unexpected_packet_type);
        CHECK(Publish::decode(pingreq, version).error().code == Errc::unexpected_packet_type);
        CHECK(PubRec::decode(puback, version).error().code == Errc::unexpected_packet_type);
        CHECK(PubAck::decode(publish, version).error().code == Errc::unexpected_packet_type);
        CHECK(PubAck::decode(publish, version).error().field == Field::fixed_header);
        CHECK(Connect::decode(pingreq, version).error().code == Errc::unexpected_packet_type);
        CHECK(Connect::decode(publish, version).error().field == Field::fixed_header);
        for (const std::string_view reserved : {"00 00", "0F 00", "02 04 00 01 74 00"}) {
            CHECK(Connect::decode(bytes(reserved), version).error().code == Errc::reserved_packet_type);
            CHECK(Publish::decode(bytes(reserved), version).error().code == Errc::reserved_packet_type);
            CHECK(PingReq::decode(bytes(reserved), version).error().code == Errc::reserved_packet_type);
        }
    }
}

TEST_CASE("names of packet types")
{
    for (unsigned type = 1; type < 16; ++type) {
        const auto each = static_cast<PacketType>(type);
        CHECK(packet_type_named(name(each)) == each);
    }
    CHECK(name(PacketType::unsubscribe) == "UNSUBSCRIBE");
    CHECK(name(PacketType{}) == "reserved");
    CHECK_FALSE(packet_type_named("reserved"));
    CHECK_FALSE(packet_type_named("connect"));
}

TEST_CASE("the table has the flags and the senders of each type")
{
    for (const Row& row : rows) {
        const PacketTypeRow& known = packet_type_table.at(static_cast<std::size_t>(row.type));
        CAPTURE(known.name);
        CHECK(known.flags == row.flags);
        CHECK(known.from_client == row.from_client);
        CHECK(known.from_server == row.from_server);
    }
}
