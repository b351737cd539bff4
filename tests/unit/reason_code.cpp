// The matrix of reason codes, packets and senders, on decode and on encode: [5.0: section 2.4], and the return codes
// of 3.x.
#include "unit/check.hpp"

using namespace check;

namespace {

/// A packet that carries reason codes, and which codes it may carry [5.0: the table of each packet].
struct Carrier {
    PacketType type;
    std::vector<unsigned> codes;
    std::vector<unsigned> only_from_client;
    std::vector<unsigned> only_from_server;
};

const std::vector<Carrier>& carriers()
{
    using enum PacketType;
    static const std::vector<Carrier> list{
        {connack,
            {0x00, 0x80, 0x81, 0x82, 0x83, 0x84, 0x85, 0x86, 0x87, 0x88, 0x89, 0x8A, 0x8C, 0x90, 0x95, 0x97, 0x99, 0x9A,
                0x9B, 0x9C, 0x9D, 0x9F},
            {}, {}},
        {puback, {0x00, 0x10, 0x80, 0x83, 0x87, 0x90, 0x91, 0x97, 0x99}, {}, {0x10}},
        {pubrec, {0x00, 0x10, 0x80, 0x83, 0x87, 0x90, 0x91, 0x97, 0x99}, {}, {0x10}},
        {pubrel, {0x00, 0x92}, {}, {}},
        {pubcomp, {0x00, 0x92}, {}, {}},
        {suback, {0x00, 0x01, 0x02, 0x80, 0x83, 0x87, 0x8F, 0x91, 0x97, 0x9E, 0xA1, 0xA2}, {}, {}},
        {unsuback, {0x00, 0x11, 0x80, 0x83, 0x87, 0x8F, 0x91}, {}, {}},
        {disconnect,
            {0x00, 0x04, 0x80, 0x81, 0x82, 0x83, 0x87, 0x89, 0x8B, 0x8D, 0x8E, 0x8F, 0x90, 0x93, 0x94, 0x95, 0x96, 0x97,
                0x98, 0x99, 0x9A, 0x9B, 0x9C, 0x9D, 0x9E, 0x9F, 0xA0, 0xA1, 0xA2},
            {0x04}, {0x87, 0x89, 0x8B, 0x8D, 0x8E, 0x8F, 0x9A, 0x9C, 0x9D, 0x9E, 0x9F, 0xA0, 0xA1, 0xA2}},
        {auth, {0x00, 0x18, 0x19}, {0x19}, {0x00}},
    };
    return list;
}

bool contains(const std::vector<unsigned>& codes, unsigned code)
{
    for (const unsigned each : codes)
        if (each == code) return true;
    return false;
}

Bytes with_code(PacketType type, unsigned code)
{
    const Bytes method = bytes("04 15 00 01 6D");
    switch (type) {
    case PacketType::connack: return packet(0x20, bytes("00") + byte(code) + bytes("00"));
    case PacketType::suback: return packet(0x90, bytes("00 01 00") + byte(code));
    case PacketType::unsuback: return packet(0xB0, bytes("00 01 00") + byte(code));
    case PacketType::disconnect: return packet(0xE0, byte(code));
    case PacketType::auth: return packet(0xF0, byte(code) + method);
    default:
        return packet(
            (static_cast<unsigned>(type) << 4U) + (type == PacketType::pubrel ? 2 : 0), bytes("00 01") + byte(code));
    }
}

Packet struct_with_code(PacketType type, ReasonCode code)
{
    static ReasonCode listed;
    listed = code;
    const List<ReasonCode> list(&listed, 1);
    switch (type) {
    case PacketType::connack: return ConnAck{.reason_code = code};
    case PacketType::puback: return PubAck{.packet_id = 1, .reason_code = code};
    case PacketType::pubrec: return PubRec{.packet_id = 1, .reason_code = code};
    case PacketType::pubrel: return PubRel{.packet_id = 1, .reason_code = code};
    case PacketType::pubcomp: return PubComp{.packet_id = 1, .reason_code = code};
    case PacketType::suback: return SubAck{.packet_id = 1, .reason_codes = list};
    case PacketType::unsuback: return UnsubAck{.packet_id = 1, .reason_codes = list};
    case PacketType::disconnect: return Disconnect{.reason_code = code};
    default: return Auth{.reason_code = code, .properties = {.authentication_method = "m"}};
    }
}

Errc direction_error(PacketType type, Role receiver)
{
    const bool only_from_server =
        type == PacketType::connack || type == PacketType::suback || type == PacketType::unsuback;
    return only_from_server && receiver == Role::server ? Errc::wrong_direction : Errc::none;
}

Errc expected_error(const Carrier& carrier, unsigned code, Role receiver)
{
    if (const Errc error = direction_error(carrier.type, receiver); error != Errc::none) return error;
    if (!contains(carrier.codes, code)) return Errc::reason_code_not_allowed;
    if (receiver == Role::client && contains(carrier.only_from_client, code)) return Errc::reason_code_wrong_sender;
    if (receiver == Role::server && contains(carrier.only_from_server, code)) return Errc::reason_code_wrong_sender;
    return Errc::none;
}

} // namespace

TEST_CASE("every reason code in every packet from every sender")
{
    Differences differences;
    for (const Carrier& carrier : carriers()) {
        for (unsigned code = 0; code < 256; ++code) {
            for (const Role receiver : roles) {
                const Errc expected = expected_error(carrier, code, receiver);
                // 0x8C is missing from the table of DISCONNECT alone, so it is read, from whomever; but never written.
                const bool tolerated = carrier.type == PacketType::disconnect && code == 0x8C;
                const Bytes packet = with_code(carrier.type, code);
                const Result<Packet> result = decoded(packet, Version::v5, {}, receiver);
                const Errc seen = result ? Errc::none : result.error().code;
                differences.expect_same(
                    tolerated ? Errc::none : expected, seen, carrier.type, code, receiver, "decode");
                if (seen == Errc::reason_code_not_allowed || seen == Errc::reason_code_wrong_sender) {
                    const std::size_t offset = carrier.type == PacketType::connack                   ? 3
                        : carrier.type == PacketType::suback || carrier.type == PacketType::unsuback ? 5
                        : carrier.type == PacketType::disconnect || carrier.type == PacketType::auth ? 2
                                                                                                     : 4;
                    differences.expect_same(offset, result.error().offset, carrier.type, code, "offset");
                    differences.expect_same("reason_code", name(result.error().field), carrier.type, code, "field");
                }
                const Encoded written =
                    encoded(struct_with_code(carrier.type, static_cast<ReasonCode>(code)), Version::v5, {}, receiver);
                differences.expect_same(expected, written.error.code, carrier.type, code, receiver, "encode");
                if (expected != Errc::none) continue;
                differences.expect_same(
                    decoded(packet, Version::v5) == decoded(written.bytes, Version::v5), true, carrier.type, code);
            }
        }
    }
    CHECK(differences.text() == "");
    CHECK(differences.cells() > std::size_t{9 * 256 * 3 * 2});
}

TEST_CASE("may_carry says what the tables of the packets say")
{
    Differences differences;
    for (unsigned type = 0; type < 16; ++type) {
        const Carrier* found = nullptr;
        for (const Carrier& carrier : carriers())
            if (static_cast<unsigned>(carrier.type) == type) found = &carrier;
        for (unsigned code = 0; code < 256; ++code)
            differences.expect_same(found != nullptr && contains(found->codes, code),
                may_carry(static_cast<PacketType>(type), static_cast<ReasonCode>(code)), type, code);
    }
    CHECK(differences.text() == "");
}

TEST_CASE("every code that a packet may carry has a name, and no other code")
{
    Differences differences;
    for (unsigned code = 0; code < 256; ++code) {
        bool known = false;
        for (const Carrier& carrier : carriers()) known = known || contains(carrier.codes, code);
        differences.expect_same(known, !name(static_cast<ReasonCode>(code)).empty(), code);
    }
    CHECK(differences.text() == "");
    CHECK(name(ReasonCode{0}) == "success");
    CHECK(name(ReasonCode{0}, PacketType::disconnect) == "normal_disconnection");
    CHECK(name(ReasonCode{0}, PacketType::suback) == "granted_qos_0");
    CHECK(name(ReasonCode{0}, PacketType::unsuback) == "success");
    CHECK(name(ReasonCode{0x87}, PacketType::disconnect) == "not_authorized");
}

TEST_CASE("codes from 0x80 on are failures")
{
    for (unsigned code = 0; code < 256; ++code) CHECK(is_failure(static_cast<ReasonCode>(code)) == (code > 127));
}

namespace {

/// The reason codes of the return codes 0 to 5.
constexpr std::array<unsigned, 6> of_return_codes{0x00, 0x84, 0x85, 0x88, 0x86, 0x87};

} // namespace

TEST_CASE("errors, and the reason codes of granted QoS")
{
    for (unsigned code = 0; code < 256; ++code) CHECK(is_error(static_cast<ReasonCode>(code)) == (code >= 0x80));
    CHECK(granted(QoS::at_most_once) == ReasonCode::granted_qos_0);
    CHECK(granted(QoS::at_least_once) == ReasonCode::granted_qos_1);
    CHECK(granted(QoS::exactly_once) == ReasonCode::granted_qos_2);
    CHECK(granted(static_cast<QoS>(3)) == ReasonCode::unspecified_error);
}

TEST_CASE("every return code of 3.x: six have a reason code, the others are reserved")
{
    Differences differences;
    for (const Version version : {Version::v3_1, Version::v3_1_1}) {
        for (unsigned code = 0; code < 256; ++code) {
            const Bytes packet = bytes("20 02 00") + byte(code);
            const Result<Packet> result = decoded(packet, version);
            differences.expect_same(code < 6 ? Errc::none : Errc::return_code_reserved,
                result ? Errc::none : result.error().code, version, code);
            if (code < 6) {
                differences.expect_same(of_return_codes[code],
                    static_cast<unsigned>(std::get<ConnAck>(*result).reason_code), version, code);
                differences.expect_same(packet, encoded(*result, version).bytes, version, code);
            } else {
                differences.expect_same(3U, result.error().offset, version, code);
            }
            differences.expect_same(code < 6, from_return_code(static_cast<std::uint8_t>(code)).has_value(), code);
        }
    }
    CHECK(differences.text() == "");
}

TEST_CASE("every reason code in a CONNACK of 3.x: only those that correspond exactly can be written")
{
    Differences differences;
    for (const Version version : {Version::v3_1, Version::v3_1_1}) {
        for (unsigned code = 0; code < 256; ++code) {
            bool exact = false;
            for (const unsigned each : of_return_codes) exact = exact || each == code;
            const auto reason = static_cast<ReasonCode>(code);
            differences.expect_same(exact ? Errc::none : Errc::reason_code_without_return_code,
                encoded(ConnAck{.reason_code = reason}, version).error.code, version, code);
            differences.expect_same(exact, to_return_code(reason).has_value(), code);
        }
    }
    CHECK(differences.text() == "");
}

TEST_CASE("every byte of a 3.x SUBACK")
{
    Differences differences;
    for (const Version version : {Version::v3_1, Version::v3_1_1}) {
        for (unsigned code = 0; code < 256; ++code) {
            for (const bool lenient : {false, true}) {
                const Leniency leniency = lenient ? Leniency::suback_failure_in_3_1 : Leniency::none;
                const bool good = code < 3 || (code == 0x80 && (version == Version::v3_1_1 || lenient));
                const Errc expected = good ? Errc::none : Errc::suback_code_not_allowed;
                const Bytes packet = bytes("90 03 00 01") + byte(code);
                const Result<Packet> result = decoded(packet, version, leniency);
                differences.expect_same(expected, result ? Errc::none : result.error().code, version, code, lenient);
                const Encoded written =
                    encoded(struct_with_code(PacketType::suback, static_cast<ReasonCode>(code)), version, leniency);
                differences.expect_same(expected, written.error.code, version, code, lenient, "encode");
                if (good) differences.expect_same(packet, written.bytes, version, code);
                else differences.expect_same(4U, result.error().offset, version, code);
                const bool deviates = good && code == 0x80 && version == Version::v3_1;
                if (good)
                    differences.expect_same(
                        deviates ? Leniency::suback_failure_in_3_1 : Leniency::none, result.let_pass(), version, code);
            }
        }
    }
    CHECK(differences.text() == "");
}

TEST_CASE("3.x acknowledgements and DISCONNECT carry no reason code")
{
    Differences differences;
    for (const Version version : {Version::v3_1, Version::v3_1_1}) {
        for (const Carrier& carrier : carriers()) {
            if (carrier.type == PacketType::connack || carrier.type == PacketType::suback) continue;
            const bool none_at_all = carrier.type == PacketType::auth;
            const Errc on_decode = none_at_all ? Errc::reserved_packet_type : Errc::bytes_left_over;
            const Errc on_encode = none_at_all ? Errc::reserved_packet_type : Errc::not_in_version;
            for (const unsigned code : carrier.codes) {
                differences.expect_same(
                    on_decode, decode_error(with_code(carrier.type, code), version), version, carrier.type, code);
                if (code != 0 || carrier.type == PacketType::unsuback)
                    differences.expect_same(on_encode,
                        encoded(struct_with_code(carrier.type, static_cast<ReasonCode>(code)), version).error.code,
                        version, carrier.type, code);
            }
        }
    }
    CHECK(differences.text() == "");
}
