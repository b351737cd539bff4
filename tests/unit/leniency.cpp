// Leniency: each flag on, off, and beside every other error; and what is reported of what was let pass.
#include "unit/faults.hpp"

using namespace check;

namespace {

constexpr Leniency all_lenient = Leniency::bridge_bit | Leniency::long_client_id | Leniency::pubrel_flags_0000
    | Leniency::auth_without_properties | Leniency::v3_connack | Leniency::suback_failure_in_3_1;

} // namespace

TEST_CASE("each flag lets its own fault pass and no other")
{
    std::size_t cured = 0;
    for (const Fault& fault : faults()) {
        for (const LeniencyRow& row : leniency_table) {
            CAPTURE(name(fault.code), name(fault.version), row.name);
            const bool stricter =
                row.flag == Leniency::reject_discouraged_characters || row.flag == Leniency::check_payload_format;
            const Result<Packet> result = decoded(fault.wire, fault.version, fault.needs | row.flag, fault.receiver);
            if (fault.cure == row.flag) {
                REQUIRE(result);
                CHECK(result.let_pass() == row.flag);
                ++cured;
            } else {
                REQUIRE_FALSE(result);
                // A setting that refuses more may find something else first.
                if (!stricter)
                    CHECK(result.error() == decoded(fault.wire, fault.version, fault.needs, fault.receiver).error());
            }
        }
        const Result<Packet> with_all = decoded(fault.wire, fault.version, fault.needs | all_lenient, fault.receiver);
        CHECK(with_all.has_value() == (fault.cure != Leniency::none));
        if (with_all) CHECK(with_all.let_pass() == fault.cure);
        else CHECK(with_all.error().code == fault.code);
    }
    // The six flags that let pass; the bridge bit and PUBREL in more than one version.
    CHECK(cured == 9);
}

namespace {

/// A packet that deviates, and the same with another fault besides.
struct Beside {
    Leniency flag;
    Version version;
    std::string_view wire;
    Errc other;
};

constexpr std::array besides{
    Beside{Leniency::bridge_bit, Version::v3_1_1, "10 0E 00 04 4D 51 54 54 84 02 00 3C 00 02 63 31", Errc::none},
    Beside{Leniency::bridge_bit, Version::v3_1_1, "11 0E 00 04 4D 51 54 54 84 02 00 3C 00 02 63 31", Errc::wrong_flags},
    Beside{Leniency::bridge_bit, Version::v3_1_1, "10 0E 00 04 4D 51 54 54 84 03 00 3C 00 02 63 31",
        Errc::connect_flags_reserved},
    Beside{Leniency::bridge_bit, Version::v3_1_1, "10 0E 00 04 4D 51 54 54 84 22 00 3C 00 02 63 31",
        Errc::will_flags_without_will},
    Beside{Leniency::bridge_bit, Version::v3_1_1, "10 0E 00 04 4D 51 54 54 84 42 00 3C 00 02 63 31",
        Errc::password_without_user_name},
    Beside{Leniency::bridge_bit, Version::v3_1_1, "10 0E 00 04 4D 51 54 54 84 1E 00 3C 00 02 63 31", Errc::will_qos_3},
    Beside{Leniency::bridge_bit, Version::v3_1_1, "10 0C 00 04 4D 51 54 54 84 00 00 3C 00 00", Errc::client_id_empty},
    Beside{Leniency::bridge_bit, Version::v3_1_1, "10 0E 00 04 4D 51 54 54 84 02 00 3C 00 02 63 FF",
        Errc::utf8_ill_formed},
    Beside{Leniency::bridge_bit, Version::v3_1_1, "10 0E 00 04 4D 51 54 54 84 02 00 3C 00 02 63 00", Errc::utf8_null},
    Beside{Leniency::bridge_bit, Version::v3_1_1, "10 0F 00 04 4D 51 54 54 84 02 00 3C 00 02 63 31 00",
        Errc::bytes_left_over},
    Beside{Leniency::bridge_bit, Version::v3_1_1, "10 0D 00 04 4D 51 54 54 84 02 00 3C 00 02 63", Errc::field_past_end},
    Beside{Leniency::bridge_bit, Version::v3_1_1, "10 0E 00 04 4D 51 54 54 86 02 00 3C 00 02 63 31",
        Errc::protocol_version_unsupported},
    Beside{Leniency::bridge_bit, Version::v3_1_1, "10 0E 00 04 4D 51 54 54 85 02 00 3C 00 02 63 31",
        Errc::protocol_version_unsupported},
    Beside{Leniency::bridge_bit, Version::v3_1_1, "10 0E 00 04 6D 51 54 54 84 02 00 3C 00 02 63 31",
        Errc::protocol_name_unknown},
    Beside{Leniency::pubrel_flags_0000, Version::v5, "60 02 00 01", Errc::none},
    Beside{Leniency::pubrel_flags_0000, Version::v5, "60 02 00 00", Errc::packet_id_zero},
    Beside{Leniency::pubrel_flags_0000, Version::v5, "60 01 00", Errc::field_past_end},
    Beside{Leniency::pubrel_flags_0000, Version::v3_1_1, "60 03 00 01 00", Errc::bytes_left_over},
    Beside{Leniency::pubrel_flags_0000, Version::v5, "60 82 00 00 01", Errc::remaining_length_not_minimal},
    Beside{Leniency::pubrel_flags_0000, Version::v5, "60 03 00 01 10", Errc::reason_code_not_allowed},
    Beside{Leniency::pubrel_flags_0000, Version::v5, "60 04 00 01 00 01", Errc::property_length_past_end},
    Beside{Leniency::pubrel_flags_0000, Version::v5, "60 06 00 01 00 02 04 00", Errc::property_unknown},
    Beside{Leniency::pubrel_flags_0000, Version::v5, "60 07 00 01 00 03 21 00 01", Errc::property_not_allowed},
    Beside{Leniency::pubrel_flags_0000, Version::v5, "60 0A 00 01 00 06 1F 00 00 1F 00 00", Errc::property_repeated},
    Beside{Leniency::pubrel_flags_0000, Version::v5, "61 02 00 01", Errc::wrong_flags},
    Beside{Leniency::pubrel_flags_0000, Version::v5, "40 02 00 00", Errc::packet_id_zero},
    Beside{Leniency::auth_without_properties, Version::v5, "F0 01 18", Errc::none},
    Beside{Leniency::auth_without_properties, Version::v5, "F1 01 18", Errc::wrong_flags},
    Beside{Leniency::auth_without_properties, Version::v5, "F0 81 00 18", Errc::remaining_length_not_minimal},
    Beside{Leniency::auth_without_properties, Version::v5, "F0 01 17", Errc::reason_code_not_allowed},
    Beside{Leniency::auth_without_properties, Version::v5, "F0 02 18 00", Errc::authentication_method_missing},
    Beside{Leniency::auth_without_properties, Version::v3_1_1, "F0 01 18", Errc::reserved_packet_type},
    Beside{Leniency::v3_connack, Version::v5, "20 02 00 05", Errc::none},
    Beside{Leniency::v3_connack, Version::v5, "20 02 00 06", Errc::return_code_reserved},
    Beside{Leniency::v3_connack, Version::v5, "20 02 00 87", Errc::return_code_reserved},
    Beside{Leniency::v3_connack, Version::v5, "20 02 02 00", Errc::acknowledge_flags_reserved},
    Beside{Leniency::v3_connack, Version::v5, "20 02 01 05", Errc::session_present_with_failure},
    Beside{Leniency::v3_connack, Version::v5, "21 02 00 00", Errc::wrong_flags},
    Beside{Leniency::v3_connack, Version::v5, "20 01 00", Errc::field_past_end},
    Beside{Leniency::v3_connack, Version::v5, "20 03 00 05 00", Errc::reason_code_not_allowed},
    Beside{Leniency::suback_failure_in_3_1, Version::v3_1, "90 04 00 01 00 80", Errc::none},
    Beside{Leniency::suback_failure_in_3_1, Version::v3_1, "90 03 00 00 80", Errc::packet_id_zero},
    Beside{Leniency::suback_failure_in_3_1, Version::v3_1, "90 03 00 01 81", Errc::suback_code_not_allowed},
    Beside{Leniency::suback_failure_in_3_1, Version::v3_1, "90 04 00 01 80 03", Errc::suback_code_not_allowed},
    Beside{Leniency::long_client_id, Version::v3_1,
        "10 26 00 06 4D 51 49 73 64 70 03 02 00 3C 00 18 61 61 61 61 61 61 61 61 61 61 61 61 61 61 61 61 61 61 61 61 "
        "61 61 61 61",
        Errc::none},
    Beside{Leniency::long_client_id, Version::v3_1,
        "10 26 00 06 4D 51 49 73 64 70 03 02 00 3C 00 18 61 61 61 61 61 61 61 61 61 61 61 61 61 61 61 61 61 61 61 61 "
        "61 61 61 00",
        Errc::utf8_null},
    Beside{Leniency::long_client_id, Version::v3_1,
        "10 26 00 06 4D 51 49 73 64 70 03 06 00 3C 00 18 61 61 61 61 61 61 61 61 61 61 61 61 61 61 61 61 61 61 61 61 "
        "61 61 61 61",
        Errc::field_past_end},
    Beside{Leniency::long_client_id, Version::v3_1,
        "10 26 00 06 4D 51 49 73 64 70 03 42 00 3C 00 18 61 61 61 61 61 61 61 61 61 61 61 61 61 61 61 61 61 61 61 61 "
        "61 61 61 61",
        Errc::password_without_user_name},
    Beside{Leniency::long_client_id, Version::v3_1, "10 0E 00 06 4D 51 49 73 64 70 03 02 00 3C 00 00",
        Errc::client_id_empty},
};

} // namespace

TEST_CASE("what a flag lets pass hides no other fault of the same packet")
{
    for (const Beside& beside : besides) {
        CAPTURE(beside.wire, name(beside.version));
        const Bytes wire = bytes(beside.wire);
        CHECK(decode_error(wire, beside.version, beside.flag) == beside.other);
        CHECK(decode_error(wire, beside.version, all_lenient) == beside.other);
        CHECK(decode_error(wire, beside.version) != Errc::none);
        if (beside.other == Errc::none) CHECK(decoded(wire, beside.version, all_lenient).let_pass() == beside.flag);
    }
}

TEST_CASE("two deviations of one packet are both reported")
{
    const Bytes wire =
        packet(0x10, bytes("00 06 4D 51 49 73 64 70 83 02 00 3C") + prefixed("abcdefghijklmnopqrstuvwxyz"));
    CHECK(decode_error(wire, Version::v3_1, Leniency::bridge_bit) == Errc::client_id_too_long);
    CHECK(decode_error(wire, Version::v3_1, Leniency::long_client_id) == Errc::bridge_bit_set);
    const Result<Packet> result = decoded(wire, Version::v3_1, all_lenient);
    REQUIRE(result);
    CHECK(result.let_pass() == (Leniency::bridge_bit | Leniency::long_client_id));
}

TEST_CASE("nothing is reported of packets that need no leniency")
{
    for (const std::string_view wire : {"62 02 00 01", "F0 00", "F0 06 18 04 15 00 01 6D", "20 03 00 00 00", "E0 00"})
        CHECK(decoded(bytes(wire), Version::v5, all_lenient).let_pass() == Leniency::none);
    CHECK(decoded(bytes("90 03 00 01 80"), Version::v3_1_1, all_lenient).let_pass() == Leniency::none);
    CHECK(decoded(bytes("90 03 00 01 02"), Version::v3_1, all_lenient).let_pass() == Leniency::none);
    const Bytes id_of_23 =
        packet(0x10, bytes("00 06 4D 51 49 73 64 70 03 02 00 3C") + prefixed("abcdefghijklmnopqrstuvw"));
    CHECK(decoded(id_of_23, Version::v3_1, all_lenient).let_pass() == Leniency::none);
}

TEST_CASE("encode takes the same leniency")
{
    const std::string_view long_id = "abcdefghijklmnopqrstuvwxyz";
    CHECK(encoded(Connect{.client_id = long_id}, Version::v3_1).error.code == Errc::client_id_too_long);
    CHECK(encoded(Connect{.client_id = long_id}, Version::v3_1, Leniency::long_client_id).error.code == Errc::none);
    const Auth without_method{.reason_code = ReasonCode::continue_authentication};
    CHECK(encoded(without_method, Version::v5).error.code == Errc::authentication_method_missing);
    CHECK(encoded(without_method, Version::v5, Leniency::auth_without_properties).bytes == bytes("F0 01 18"));
    const std::array failure{ReasonCode::unspecified_error};
    const SubAck refused{.packet_id = 1, .reason_codes = failure};
    CHECK(encoded(refused, Version::v3_1).error.code == Errc::suback_code_not_allowed);
    CHECK(encoded(refused, Version::v3_1, Leniency::suback_failure_in_3_1).bytes == bytes("90 03 00 01 80"));
    // What is only tolerated is never written.
    CHECK(encoded(PubRel{.packet_id = 1}, Version::v5, all_lenient).bytes == bytes("62 02 00 01"));
    CHECK(encoded(ConnAck{}, Version::v5, all_lenient).bytes == bytes("20 03 00 00 00"));
    const Publish control{.topic = "a\x01"};
    CHECK(encoded(control, Version::v5).error.code == Errc::none);
    CHECK(encoded(control, Version::v5, Leniency::reject_discouraged_characters).error.code == Errc::utf8_discouraged);
    const Publish no_text{.topic = "a", .payload = "\xFF", .properties = {.payload_format_indicator = std::uint8_t{1}}};
    CHECK(encoded(no_text, Version::v5).error.code == Errc::none);
    CHECK(encoded(no_text, Version::v5, Leniency::check_payload_format).error.code == Errc::payload_not_utf8);
    const Publish text{.topic = "a", .payload = "t", .properties = {.payload_format_indicator = std::uint8_t{1}}};
    CHECK(encoded(text, Version::v5, Leniency::check_payload_format).bytes == bytes("30 07 00 01 61 02 01 01 74"));
}

TEST_CASE("discouraged characters are refused in every text, in names before and behind 16 and 32 bytes")
{
    for (const std::string_view character : {"\x01", "\x1F", "\x7F", "\xC2\x80", "\xC2\x9F", "\xEF\xB7\x90",
             "\xEF\xB7\xAF", "\xEF\xBF\xBE", "\xF4\x8F\xBF\xBF"}) {
        for (const std::size_t before : {0U, 1U, 7U, 15U, 16U, 31U, 32U, 100U}) {
            const std::string text = std::string(before, 'a') + std::string(character);
            const Bytes wire = packet(0x30, prefixed(text));
            CHECK(decode_error(wire, Version::v3_1_1) == Errc::none);
            const Result<Packet> result = decoded(wire, Version::v3_1_1, Leniency::reject_discouraged_characters);
            REQUIRE_FALSE(result);
            CHECK(result.error().code == Errc::utf8_discouraged);
            CHECK(result.error().offset == wire.size() - character.size());
        }
    }
    for (const std::string_view allowed : {" ", "~", "\xC2\xA0", "\xEF\xB7\x8F", "\xEF\xB7\xB0", "\xEF\xBF\xBD"})
        CHECK(decode_error(packet(0x30, prefixed(allowed)), Version::v3_1_1, Leniency::reject_discouraged_characters)
            == Errc::none);
}

TEST_CASE("a payload is looked at only on request and only if it says that it is text")
{
    const auto code = [](unsigned indicator, std::string_view payload, Leniency leniency) {
        Bytes wire = prefixed("a") + bytes("02 01") + byte(indicator);
        for (const char c : payload) wire.push_back(static_cast<std::byte>(c));
        return decode_error(packet(0x30, wire), Version::v5, leniency);
    };
    using namespace std::string_view_literals;
    CHECK(code(1, "\xFF"sv, Leniency::none) == Errc::none);
    CHECK(code(0, "\xFF"sv, Leniency::check_payload_format) == Errc::none);
    CHECK(code(1, "\xFF"sv, Leniency::check_payload_format) == Errc::payload_not_utf8);
    CHECK(code(1, "\xED\xA0\x80"sv, Leniency::check_payload_format) == Errc::payload_not_utf8);
    CHECK(code(1, "text"sv, Leniency::check_payload_format) == Errc::none);
    // U+0000 is barred from text fields, not from payloads; what stands behind it counts.
    CHECK(code(1, "a\0b"sv, Leniency::check_payload_format) == Errc::none);
    CHECK(code(1, "a\0b\xFF"sv, Leniency::check_payload_format) == Errc::payload_not_utf8);
    const Bytes will = bytes("10 16 00 04 4D 51 54 54 05 06 00 3C 00 00 01 63 02 01 01 00 01 74 00 01");
    const Bytes with_will = packet(0x10, Bytes(will.begin() + 2, will.end()) + bytes("FF"));
    CHECK(decode_error(with_will, Version::v5) == Errc::none);
    const Error will_fault = decoded(with_will, Version::v5, Leniency::check_payload_format).error();
    CHECK(will_fault.code == Errc::payload_not_utf8);
    CHECK(will_fault.field == Field::will_payload);
    CHECK(will_fault.offset == 24);
    const Error on_encode = encoded(good(with_will, Version::v5), Version::v5, Leniency::check_payload_format).error;
    CHECK(on_encode.code == Errc::payload_not_utf8);
    CHECK(on_encode.field == Field::will_payload);
    const Publish no_text{.topic = "a", .payload = "\xFF", .properties = {.payload_format_indicator = std::uint8_t{1}}};
    CHECK(encoded(no_text, Version::v5, Leniency::check_payload_format).error.field == Field::payload);
}

TEST_CASE("names and sets of flags")
{
    for (const LeniencyRow& row : leniency_table) {
        CHECK(leniency_named(row.name) == row.flag);
        CHECK(name(row.flag) == row.name);
        CHECK(has(all_lenient | row.flag, row.flag));
        CHECK_FALSE(has(Leniency::none, row.flag));
    }
    CHECK(leniency_named("") == Leniency::none);
    CHECK(leniency_named("strict") == Leniency::none);
    CHECK(name(Leniency::none).empty());
    CHECK(name(all_lenient).empty());
    CHECK(name(Role::client) == "client");
    CHECK(name(Role::server) == "server");
    CHECK(name(Role::unknown) == "unknown");
    CHECK(name(static_cast<Role>(3)) == "unknown");
}

TEST_CASE("constants are heeded like variables")
{
    // Where both are constants that ask for nothing, the library takes a way of its own.
    const Bytes pubrel = bytes("60 02 00 01");
    CHECK_FALSE(PubRel::decode(pubrel, Version::v5));
    CHECK_FALSE(PubRel::decode(pubrel, Version::v5, Leniency::none, Role::unknown));
    CHECK(PubRel::decode(pubrel, Version::v5, Leniency::pubrel_flags_0000, Role::unknown));
    CHECK(PubRel::decode(pubrel, Version::v5, Leniency::pubrel_flags_0000, Role::server));
    const Bytes expiry = bytes("E0 07 00 05 11 00 00 00 01");
    CHECK(Disconnect::decode(expiry, Version::v5, Leniency::none, Role::unknown));
    CHECK(Disconnect::decode(expiry, Version::v5, Leniency::none, Role::server));
    CHECK_FALSE(Disconnect::decode(expiry, Version::v5, Leniency::none, Role::client));
    CHECK_FALSE(Disconnect::decode(expiry, Version::v5, Leniency::bridge_bit, Role::client));
    std::array<std::byte, 16> buffer{};
    const Disconnect disconnect{.properties = {.session_expiry_interval = 1}};
    CHECK(disconnect.encode(buffer, Version::v5, Leniency::none, Role::server));
    CHECK_FALSE(disconnect.encode(buffer, Version::v5, Leniency::none, Role::client));
    for (const Leniency leniency : {Leniency::none, Leniency::pubrel_flags_0000})
        CHECK(PubRel::decode(pubrel, Version::v5, leniency, Role::unknown).has_value() == (leniency != Leniency::none));
    for (const Role role : {Role::unknown, Role::client, Role::server})
        CHECK(Disconnect::decode(expiry, Version::v5, Leniency::none, role).has_value() == (role != Role::client));
}
