// layout: where each field of a packet stands, by the specification's tables and pictures.
#include "mqttwire/layout.hpp"

#include "unit/check.hpp"

using namespace check;

namespace {

/// A field and its bytes.
struct Told {
    std::string field;
    std::string hex;

    friend bool operator==(const Told&, const Told&) = default;
    friend std::ostream& operator<<(std::ostream& out, const Told& told)
    {
        return out << told.field << ": " << told.hex;
    }
};

struct Layout {
    std::vector<Told> fields{};
    Error error{};
    Bytes bytes{}; ///< of all fields
};

Layout layout_of(std::span<const std::byte> bytes, Version version, Leniency leniency = {}, Role receiver = {})
{
    const Result<Frame> frame = read_frame(bytes);
    REQUIRE(frame);
    Layout result;
    const std::byte* next = bytes.data();
    result.error = layout(
        *frame, version,
        [&](Field field, std::span<const std::byte> of_field) {
            if (of_field.data() != next) FAIL("a gap before " << name(field));
            next = of_field.data() + of_field.size();
            result.fields.push_back({std::string(name(field)), hex(of_field)});
            result.bytes = result.bytes + of_field;
        },
        leniency, receiver);
    return result;
}

/// The fields of a packet that is good.
std::vector<Told> fields_of(std::string_view wire, Version version, Leniency leniency = {}, Role receiver = {})
{
    const Layout result = layout_of(bytes(wire), version, leniency, receiver);
    CHECK(result.error == Error{});
    CHECK(result.bytes == bytes(wire));
    return result.fields;
}

using Fields = std::vector<Told>;

struct LaidOut {
    Version version;
    std::string_view wire;
};

constexpr std::array laid_out{
    LaidOut{Version::v3_1, "10 10 00 06 4D 51 49 73 64 70 03 02 00 3C 00 02 63 31"},
    LaidOut{Version::v3_1_1, "10 14 00 04 4D 51 54 54 04 C2 00 78 00 01 31 00 02 79 61 00 01 31"},
    LaidOut{Version::v5,
        "10 2F 00 04 4D 51 54 54 05 CE 00 0A 08 11 00 00 00 0A 21 00 14 00 02 63 31 07 01 01 18 00 00 00 05 00 03 77 "
        "2F 74 00 03 62 79 65 00 01 75 00 01 70"},
    LaidOut{Version::v3_1_1, "20 02 01 00"},
    LaidOut{Version::v5, "20 0D 00 00 0A 12 00 02 61 37 21 00 0A 24 01"},
    LaidOut{Version::v3_1_1, "3B 09 00 03 61 2F 62 00 0A 68 69"},
    LaidOut{Version::v5, "30 1C 00 03 61 2F 62 15 0B 01 0B C8 01 26 00 01 6B 00 02 76 31 26 00 01 6B 00 02 76 32 78"},
    LaidOut{Version::v3_1, "40 02 00 0A"},
    LaidOut{Version::v5, "50 09 00 0A 87 05 1F 00 02 6E 6F"},
    LaidOut{Version::v5, "62 02 00 0A"},
    LaidOut{Version::v5, "70 03 00 0A 92"},
    LaidOut{Version::v3_1_1, "82 0E 00 0A 00 03 61 2F 62 01 00 03 63 2F 64 02"},
    LaidOut{Version::v5, "82 15 00 0A 03 0B AC 02 00 0C 24 73 68 61 72 65 2F 67 2F 61 2F 23 19"},
    LaidOut{Version::v3_1_1, "90 05 00 0A 00 02 80"},
    LaidOut{Version::v5, "90 05 00 0A 00 01 8F"},
    LaidOut{Version::v3_1_1, "A2 0C 00 0A 00 03 61 2F 62 00 03 63 2F 64"},
    LaidOut{Version::v5, "B0 05 00 0A 00 00 11"},
    LaidOut{Version::v3_1_1, "C0 00"},
    LaidOut{Version::v5, "D0 00"},
    LaidOut{Version::v5, "E0 0A 9D 08 1C 00 01 62 1F 00 01 72"},
    LaidOut{Version::v5, "F0 0F 18 0D 15 00 05 53 43 52 41 4D 16 00 02 01 02"},
};

} // namespace

TEST_CASE("the fields of a CONNECT with all that it can have")
{
    CHECK(fields_of("10 3E 00 04 4D 51 54 54 05 C6 00 09 13 11 00 00 00 05 26 00 01 61 00 01 62 26 00 01 63 00 01 64 "
                    "00 02 69 64 0E 26 00 01 61 00 01 62 26 00 01 63 00 01 64 00 01 77 00 01 70 00 01 75 00 02 70 77",
              Version::v5)
        == Fields{{"fixed_header", "10"}, {"remaining_length", "3E"}, {"protocol_name", "00 04 4D 51 54 54"},
            {"protocol_version", "05"}, {"connect_flags", "C6"}, {"keep_alive", "00 09"}, {"property_length", "13"},
            {"property_id", "11"}, {"session_expiry_interval", "00 00 00 05"}, {"property_id", "26"},
            {"user_property", "00 01 61"}, {"user_property", "00 01 62"}, {"property_id", "26"},
            {"user_property", "00 01 63"}, {"user_property", "00 01 64"}, {"client_id", "00 02 69 64"},
            {"property_length", "0E"}, {"property_id", "26"}, {"user_property", "00 01 61"},
            {"user_property", "00 01 62"}, {"property_id", "26"}, {"user_property", "00 01 63"},
            {"user_property", "00 01 64"}, {"will_topic", "00 01 77"}, {"will_payload", "00 01 70"},
            {"user_name", "00 01 75"}, {"password", "00 02 70 77"}});
}

TEST_CASE("the fields of packets that have one of each kind")
{
    CHECK(fields_of("20 0D 00 00 0A 12 00 02 61 37 21 00 0A 24 01", Version::v5)
        == Fields{{"fixed_header", "20"}, {"remaining_length", "0D"}, {"acknowledge_flags", "00"},
            {"reason_code", "00"}, {"property_length", "0A"}, {"property_id", "12"},
            {"assigned_client_identifier", "00 02 61 37"}, {"property_id", "21"}, {"receive_maximum", "00 0A"},
            {"property_id", "24"}, {"maximum_qos", "01"}});
    CHECK(fields_of("32 8E 00 00 01 74 00 0A 06 0B C8 01 0B 01 09 78 78", Version::v3_1_1)
        == Fields{{"fixed_header", "32"}, {"remaining_length", "8E 00"}, {"topic", "00 01 74"}, {"packet_id", "00 0A"},
            {"payload", "06 0B C8 01 0B 01 09 78 78"}});
    CHECK(fields_of("32 0D 00 01 74 00 0A 05 0B C8 01 0B 01 78 78", Version::v5)
        == Fields{{"fixed_header", "32"}, {"remaining_length", "0D"}, {"topic", "00 01 74"}, {"packet_id", "00 0A"},
            {"property_length", "05"}, {"property_id", "0B"}, {"subscription_identifier", "C8 01"},
            {"property_id", "0B"}, {"subscription_identifier", "01"}, {"payload", "78 78"}});
    CHECK(fields_of("82 0F 00 0A 00 00 03 61 2F 62 01 00 03 63 2F 64 02", Version::v5)
        == Fields{{"fixed_header", "82"}, {"remaining_length", "0F"}, {"packet_id", "00 0A"}, {"property_length", "00"},
            {"filter", "00 03 61 2F 62"}, {"subscription_options", "01"}, {"filter", "00 03 63 2F 64"},
            {"subscription_options", "02"}});
    CHECK(fields_of("90 05 00 0A 00 02 80", Version::v3_1_1)
        == Fields{{"fixed_header", "90"}, {"remaining_length", "05"}, {"packet_id", "00 0A"}, {"reason_code", "00"},
            {"reason_code", "02"}, {"reason_code", "80"}});
    CHECK(fields_of("F0 0F 18 0D 15 00 05 53 43 52 41 4D 16 00 02 01 02", Version::v5)
        == Fields{{"fixed_header", "F0"}, {"remaining_length", "0F"}, {"reason_code", "18"}, {"property_length", "0D"},
            {"property_id", "15"}, {"authentication_method", "00 05 53 43 52 41 4D"}, {"property_id", "16"},
            {"authentication_data", "00 02 01 02"}});
    CHECK(fields_of("C0 80 00", Version::v3_1) == Fields{{"fixed_header", "C0"}, {"remaining_length", "80 00"}});
}

TEST_CASE("a CONNECT is read in its own version, whichever the caller names")
{
    for (const LaidOut& sample : laid_out) {
        if (!sample.wire.starts_with("10")) continue;
        const Fields own = fields_of(sample.wire, sample.version);
        CHECK(own[3] == Told{"protocol_version", hex(byte(static_cast<unsigned>(sample.version)))});
        for (const Version version : versions) CHECK(fields_of(sample.wire, version) == own);
    }
    // With the properties of 5.0 where 3.1.1 has none, and the bridge bit of 3.1.
    for (const Version version : versions) {
        CHECK(fields_of("10 12 00 04 4D 51 54 54 05 02 00 3C 03 21 00 14 00 02 63 31", version)[6]
            == Told{"property_length", "03"});
        const Fields bridge =
            fields_of("10 10 00 06 4D 51 49 73 64 70 83 02 00 3C 00 02 63 31", version, Leniency::bridge_bit);
        CHECK(bridge[3] == Told{"protocol_version", "83"});
        CHECK(bridge.back() == Told{"client_id", "00 02 63 31"});
    }
}

TEST_CASE("the receiver and leniency count as they do in decode")
{
    for (const LaidOut& sample : laid_out) {
        const Bytes wire = bytes(sample.wire);
        for (const Role role : roles) {
            const Result<Packet> result = decoded(wire, sample.version, {}, role);
            const Layout seen = layout_of(wire, sample.version, {}, role);
            CHECK(seen.error == (result ? Error{} : result.error()));
        }
    }
    const auto error = [](std::string_view wire, Leniency leniency, Role role) {
        return layout_of(bytes(wire), Version::v5, leniency, role).error.code;
    };
    constexpr std::string_view connect = "10 0F 00 04 4D 51 54 54 05 02 00 3C 00 00 02 63 31";
    CHECK(error(connect, {}, Role::client) == Errc::wrong_direction);
    CHECK(error(connect, {}, Role::server) == Errc::none);
    constexpr std::string_view identifier = "30 07 00 01 74 03 0B C8 01";
    CHECK(error(identifier, {}, Role::server) == Errc::subscription_identifier_from_client);
    CHECK(error(identifier, {}, Role::client) == Errc::none);
    CHECK(error("60 02 00 0A", {}, {}) == Errc::wrong_flags);
    CHECK(error("60 02 00 0A", Leniency::pubrel_flags_0000, {}) == Errc::none);
    CHECK(error("30 05 00 02 61 01 00", {}, {}) == Errc::none);
    CHECK(error("30 05 00 02 61 01 00", Leniency::reject_discouraged_characters, {}) == Errc::utf8_discouraged);
}

TEST_CASE("after an error the fields go up to the first that cannot be read, and the error is that of decode")
{
    for (const LaidOut& sample : laid_out) {
        const Bytes whole = bytes(sample.wire);
        const auto check_broken = [&](const Bytes& broken) {
            if (!read_frame(broken)) return;
            const Result<Packet> result = decoded(broken, sample.version);
            const Layout seen = layout_of(broken, sample.version);
            if (!(seen.error == (result ? Error{} : result.error()))) FAIL("another error: " << hex(broken));
            if (result && seen.bytes != broken) FAIL("fields are missing: " << hex(broken));
            if (!std::equal(seen.bytes.begin(), seen.bytes.end(), broken.begin())) FAIL("other bytes: " << hex(broken));
        };
        for (std::size_t size = 0; size + 2 < whole.size(); ++size)
            check_broken(packet(static_cast<unsigned>(whole[0]), std::span(whole).subspan(2, size)));
        for (std::size_t at = 0; at < whole.size(); ++at) {
            for (const unsigned other : {0x00U, 0x01U, 0x03U, 0x7FU, 0x80U, 0xFFU}) {
                Bytes broken = whole;
                broken[at] = static_cast<std::byte>(other);
                check_broken(broken);
            }
        }
    }
    const Layout cut = layout_of(bytes("30 06 00 01 74 05 0B 01"), Version::v5);
    CHECK(cut.error.code == Errc::property_length_past_end);
    CHECK(cut.fields
        == Fields{
            {"fixed_header", "30"}, {"remaining_length", "06"}, {"topic", "00 01 74"}, {"property_length", "05"}});
}

TEST_CASE("name and level of a protocol that is refused are told")
{
    const Fields expected{{"fixed_header", "10"}, {"remaining_length", "07"}, {"protocol_name", "00 04 4D 51 54 54"},
        {"protocol_version", "06"}};
    for (const Version version : versions) {
        const Layout unknown = layout_of(bytes("10 07 00 04 4D 51 54 54 06"), version);
        CHECK(unknown.error.code == Errc::protocol_version_unsupported);
        CHECK(unknown.error.offset == 8);
        CHECK(unknown.fields == expected);
        const Layout without_level = layout_of(bytes("10 06 00 04 4D 51 54 54"), version);
        CHECK(without_level.error.code == Errc::field_past_end);
        CHECK(without_level.error.offset == 8);
        CHECK(without_level.fields.size() == 2);
    }
}

TEST_CASE("where fields stand can be told while compiling")
{
    constexpr auto count = [] {
        constexpr std::array wire{std::byte{0x40}, std::byte{3}, std::byte{0}, std::byte{10}, std::byte{0x10}};
        std::size_t fields = 0;
        const Error error =
            layout(*read_frame(wire), Version::v5, [&](Field, std::span<const std::byte>) { ++fields; });
        return error.code == Errc::none ? fields : 0;
    };
    STATIC_REQUIRE(count() == 4);
}
