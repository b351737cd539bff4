// CONNECT: [3.1.1 and 5.0: section 3.1].
#include "unit/check.hpp"

using namespace check;

namespace {

Bytes head(Version version)
{
    return version == Version::v3_1 ? bytes("00 06 4D 51 49 73 64 70 03")
                                    : bytes("00 04 4D 51 54 54") + byte(static_cast<unsigned>(version));
}

Bytes none_in_5(Version version) { return version == Version::v5 ? bytes("00") : Bytes{}; }

/// A CONNECT with these flags and every field that they announce.
Bytes connect_with(unsigned flags, Version version)
{
    Bytes body = head(version) + byte(flags) + bytes("00 3C") + none_in_5(version) + prefixed("c1");
    if ((flags & 0x04U) != 0) body = body + none_in_5(version) + prefixed("w/t") + prefixed("bye");
    if ((flags & 0x80U) != 0) body = body + prefixed("user");
    if ((flags & 0x40U) != 0) body = body + prefixed("pass");
    return packet(0x10, body);
}

std::vector<Errc> flags_errors(unsigned flags, Version version)
{
    std::vector<Errc> errors;
    const bool will = (flags & 0x04U) != 0;
    if (version != Version::v3_1) {
        if ((flags & 0x01U) != 0) errors.push_back(Errc::connect_flags_reserved);
        if (!will && (flags & 0x38U) != 0) errors.push_back(Errc::will_flags_without_will);
    }
    if (will && (flags & 0x18U) == 0x18) errors.push_back(Errc::will_qos_3);
    if (version != Version::v5 && (flags & 0xC0U) == 0x40) errors.push_back(Errc::password_without_user_name);
    return errors;
}

/// The struct that says what the flags say, bit 0 apart.
Connect struct_of(unsigned flags)
{
    Connect connect{.client_id = "c1", .clean_start = (flags & 0x02U) != 0, .keep_alive = 60};
    if ((flags & 0x04U) != 0)
        connect.will = Will{.topic = "w/t",
            .payload = "bye",
            .qos = static_cast<QoS>(flags >> 3U & 3U),
            .retain = (flags & 0x20U) != 0};
    if ((flags & 0x80U) != 0) connect.user_name = "user";
    if ((flags & 0x40U) != 0) connect.password = "pass";
    return connect;
}

/// What becomes of a CONNECT in a buffer of some size: its bytes, or why there are none.
template <class Encode>
std::pair<Error, Bytes> outcome(std::size_t room, Encode&& encode)
{
    Bytes buffer(room);
    const Result<std::span<std::byte>> written = encode(std::span(buffer));
    if (!written) return {written.error(), {}};
    return {{}, Bytes(written->begin(), written->end())};
}

/// Holds the brief form against the whole CONNECT, with as much room as is needed, and with less.
template <Version V>
void check_brief(Differences& differences, const Connect& connect)
{
    differences.expect_same(true, wire::Brief<Connect>::tells_all(connect), V);
    const std::size_t needed = connect.encoded_size(V).value_or(100);
    for (const std::size_t room : {std::size_t{0}, std::size_t{1}, needed - 1, needed}) {
        const auto whole = outcome(room, [&](std::span<std::byte> buffer) { return connect.encode(buffer, V); });
        const auto brief = outcome(room, [&](std::span<std::byte> buffer) {
            return wire::encode_packet(
                wire::Brief<Connect>(connect), buffer, wire::FixedVersion<V>{}, Leniency::none, Role::unknown);
        });
        differences.expect_same(true, whole == brief, V, room, whole.first.code, brief.first.code);
    }
}

void check_brief(Differences& differences, const Connect& connect)
{
    check_brief<Version::v3_1>(differences, connect);
    check_brief<Version::v3_1_1>(differences, connect);
}

/// Gives the one property of a struct with an index a value, and each of the others none.
class OneProperty {
public:
    explicit OneProperty(std::size_t index) : left_(index) {}

    template <class... Slots>
    bool slots(Slots... slots)
    {
        (set(slots.member), ...);
        return left_ == 0;
    }

private:
    template <class T>
    void set(std::optional<T>& member)
    {
        if (left_-- == 0) member.emplace();
    }
    void set(List<UserProperty>& member)
    {
        static const UserProperty property{"name", "value"};
        if (left_-- == 0) member = std::span(&property, 1);
    }

    std::size_t left_;
};

} // namespace

TEST_CASE("every value of the connect flags in every version, both ways")
{
    Differences differences;
    for (const Version version : versions) {
        const std::size_t offset = 2 + head(version).size();
        for (unsigned flags = 0; flags < 256; ++flags) {
            const auto errors = flags_errors(flags, version);
            const Bytes whole = connect_with(flags, version);
            const Result<Packet> result = decoded(whole, version);
            const Errc seen = result ? Errc::none : result.error().code;
            differences.expect_same(true, one_of(errors, seen), version, flags, seen);
            if (!result) {
                differences.expect_same("connect_flags", name(result.error().field), version, flags);
                differences.expect_same(offset, result.error().offset, version, flags);
            }
            // A struct cannot say the reserved bit, nor Will QoS and Retain without a will.
            const bool will = (flags & 0x04U) != 0;
            const unsigned canonical = flags & (will ? 0xFEU : 0xC6U);
            const Encoded written = encoded(struct_of(canonical), version);
            differences.expect_same(
                true, one_of(flags_errors(canonical, version), written.error.code), version, flags, written.error.code);
            if (written.error.code == Errc::none)
                differences.expect_same(connect_with(canonical, version), written.bytes, version, flags);
            if (!result) continue;
            Connect expected = struct_of(canonical);
            expected.version = version;
            differences.expect_same(true, std::get<Connect>(*result) == expected, version, flags, "fields");
        }
    }
    CHECK(differences.text() == "");
}

TEST_CASE("every field that the connect flags announce is there")
{
    for (const Version version : versions) {
        // Cut at each place where a field begins: after the client id, the will topic, the will message, the user name.
        const Bytes start = head(version) + byte(0xC6) + bytes("00 3C") + none_in_5(version);
        const Bytes id = prefixed("c1");
        const Bytes topic = none_in_5(version) + prefixed("w/t");
        const auto error_of = [&](const Bytes& body) { return decoded(packet(0x10, body), version); };
        const auto expect = [&](const Bytes& body, Field field) {
            const Result<Packet> result = error_of(body);
            REQUIRE_FALSE(result);
            CHECK(result.error().code == Errc::field_past_end);
            CHECK(result.error().field == field);
            CHECK(result.error().offset == 2 + body.size());
        };
        expect(start, Field::client_id);
        expect(start + id, version == Version::v5 ? Field::property_length : Field::will_topic);
        if (version == Version::v5) expect(start + id + bytes("00"), Field::will_topic);
        expect(start + id + topic, Field::will_payload);
        const Bytes will = topic + prefixed("bye");
        if (version == Version::v3_1) {
            // The Remaining Length wins over the flags.
            const Bytes bytes_without_both = packet(0x10, start + id + will);
            const Connect without_both = std::get<Connect>(good(bytes_without_both, version));
            CHECK_FALSE(without_both.user_name);
            CHECK_FALSE(without_both.password);
            const Bytes bytes_without_password = packet(0x10, start + id + will + prefixed("u"));
            const Connect without_password = std::get<Connect>(good(bytes_without_password, version));
            CHECK(without_password.user_name == Text("u"));
            CHECK_FALSE(without_password.password);
        } else {
            expect(start + id + will, Field::user_name);
            expect(start + id + will + prefixed("u"), Field::password);
        }
        const Bytes whole = start + id + will + prefixed("u") + prefixed("p");
        CHECK(decode_error(packet(0x10, whole), version) == Errc::none);
        CHECK(decode_error(packet(0x10, whole + bytes("00")), version) == Errc::bytes_left_over);
    }
}

TEST_CASE("a user name of one byte of length is cut off in 3.1 too")
{
    const Bytes whole = packet(0x10, head(Version::v3_1) + byte(0x82) + bytes("00 3C") + prefixed("c1") + bytes("00"));
    CHECK(decode_error(whole, Version::v3_1) == Errc::field_past_end);
}

TEST_CASE("fields that the connect flags do not announce are left over")
{
    for (const Version version : versions) {
        const Bytes start = head(version) + byte(0x02) + bytes("00 3C") + none_in_5(version) + prefixed("c1");
        const Result<Packet> result = decoded(packet(0x10, start + prefixed("u")), version);
        REQUIRE_FALSE(result);
        CHECK(result.error().code == Errc::bytes_left_over);
        CHECK(result.error().offset == 2 + start.size());
    }
}

TEST_CASE("an empty client identifier, with and without clean start")
{
    for (const Version version : versions) {
        for (const bool clean_start : {false, true}) {
            const Bytes start = head(version) + byte(clean_start ? 2 : 0) + bytes("00 3C") + none_in_5(version);
            const bool good_id = version == Version::v5 || (version == Version::v3_1_1 && clean_start);
            const Result<Packet> result = decoded(packet(0x10, start + bytes("00 00")), version);
            CHECK(result.has_value() == good_id);
            if (!result) {
                CHECK(result.error().code == Errc::client_id_empty);
                CHECK(result.error().field == Field::client_id);
                CHECK(result.error().offset == 2 + start.size());
                CHECK(reason_code(result.error().code) == ReasonCode::client_identifier_not_valid);
            }
            CHECK(encoded(Connect{.clean_start = clean_start}, version).error.code
                == (good_id ? Errc::none : Errc::client_id_empty));
        }
    }
}

TEST_CASE("the length of the client identifier, which 3.1 counts in characters")
{
    for (const std::string_view character : {"a", "\xC3\xA9", "\xE2\x82\xAC", "\xF0\xAA\x9B\x94"}) {
        for (unsigned count = 1; count <= 40; ++count) {
            std::string id;
            for (unsigned i = 0; i < count; ++i) id += character;
            for (const Version version : versions) {
                for (const bool lenient : {false, true}) {
                    const Leniency leniency = lenient ? Leniency::long_client_id : Leniency::none;
                    const bool too_long = version == Version::v3_1 && count > 23;
                    const Errc expected = too_long && !lenient ? Errc::client_id_too_long : Errc::none;
                    const Bytes whole =
                        packet(0x10, head(version) + bytes("02 00 3C") + none_in_5(version) + prefixed(id));
                    const Result<Packet> result = decoded(whole, version, leniency);
                    if ((result ? Errc::none : result.error().code) != expected)
                        FAIL(count << " characters in " << name(version));
                    if (result) CHECK(result.let_pass() == (too_long ? Leniency::long_client_id : Leniency::none));
                    const Encoded written =
                        encoded(Connect{.client_id = id, .clean_start = true, .keep_alive = 60}, version, leniency);
                    CHECK(written.error.code == expected);
                    if (expected == Errc::none) CHECK(written.bytes == whole);
                }
            }
        }
    }
}

TEST_CASE("client identifiers of 1 to 23 letters and digits are accepted in every version")
{
    const std::string_view characters = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    for (const Version version : versions)
        for (std::size_t size = 1; size <= 23; ++size)
            for (std::size_t from = 0; from + size <= characters.size(); from += size) {
                const Bytes whole = packet(0x10,
                    head(version) + bytes("00 00 3C") + none_in_5(version) + prefixed(characters.substr(from, size)));
                CHECK(std::get<Connect>(good(whole, version)).client_id == characters.substr(from, size));
            }
}

TEST_CASE("the will topic is a topic name")
{
    for (const Version version : versions) {
        const Bytes start =
            head(version) + byte(0x06) + bytes("00 3C") + none_in_5(version) + prefixed("c1") + none_in_5(version);
        const auto expect = [&](std::string_view topic, Errc code, std::size_t index) {
            const Result<Packet> result = decoded(packet(0x10, start + prefixed(topic) + prefixed("")), version);
            REQUIRE_FALSE(result);
            CHECK(result.error().code == code);
            CHECK(result.error().field == Field::will_topic);
            CHECK(result.error().offset == 2 + start.size() + index);
            CHECK(encoded(Connect{.client_id = "c", .clean_start = true, .will = Will{.topic = topic}}, version)
                      .error.code
                == code);
        };
        expect("", Errc::topic_name_empty, 0);
        expect("a/#", Errc::topic_name_wildcard, 4);
        expect("+", Errc::topic_name_wildcard, 2);
        expect("a\xFF", Errc::utf8_ill_formed, 3);
        expect({"a\0", 2}, Errc::utf8_null, 3);
        expect("\xED\xBF\xBF", Errc::utf8_surrogate, 2);
        CHECK(decode_error(packet(0x10, start + prefixed("a") + prefixed("")), version) == Errc::none);
    }
}

TEST_CASE("client identifier and user name are text, will payload and password are data")
{
    const std::string_view data{"\xFF\0\xC0", 3};
    for (const Version version : versions) {
        CHECK(encoded(Connect{.client_id = "a\xFF", .clean_start = true}, version).error.field == Field::client_id);
        CHECK(encoded(Connect{.client_id = "a", .user_name = "\xFF"}, version).error.field == Field::user_name);
        CHECK(encoded(Connect{.client_id = "a", .user_name = "\xFF"}, version).error.code == Errc::utf8_ill_formed);
        const Connect with_data{.client_id = "a",
            .clean_start = true,
            .will = Will{.topic = "t", .payload = data},
            .user_name = "",
            .password = data};
        const Encoded written = encoded(with_data, version);
        REQUIRE(written.error.code == Errc::none);
        const Connect read = std::get<Connect>(good(written.bytes, version));
        CHECK(read.will->payload == data);
        CHECK(read.password == Binary(data));
        CHECK(read.user_name == Text(""));
        for (const std::string_view bad : {"\xFF", "\xED\xA0\x80"}) {
            const Bytes start = head(version) + byte(0x82) + bytes("00 3C") + none_in_5(version);
            CHECK(decoded(packet(0x10, start + prefixed(bad) + prefixed("u")), version).error().field
                == Field::client_id);
            CHECK(decoded(packet(0x10, start + prefixed("c") + prefixed(bad)), version).error().field
                == Field::user_name);
        }
    }
}

TEST_CASE("a CONNECT of one version is not encoded as another")
{
    for (const Version version : versions)
        for (const Version other : versions) {
            const Connect connect{.client_id = "c", .clean_start = true, .version = other};
            CHECK(encoded(connect, version).error.code == (version == other ? Errc::none : Errc::version_mismatch));
        }
    CHECK(Connect::decode<Version::v3_1_1>(connect_with(2, Version::v5)).error().code == Errc::version_mismatch);
    CHECK(Connect::decode<Version::v5>(connect_with(2, Version::v3_1)).error().code == Errc::version_mismatch);
    CHECK(Connect::decode(connect_with(2, Version::v3_1))->version == Version::v3_1);
    CHECK(Connect::decode(connect_with(2, Version::v5), Version::v3_1)->version == Version::v5);
}

TEST_CASE("authentication data without a method")
{
    const Result<Packet> result =
        decoded(bytes("10 11 00 04 4D 51 54 54 05 02 00 3C 04 16 00 01 64 00 00"), Version::v5);
    REQUIRE_FALSE(result);
    CHECK(result.error().code == Errc::authentication_data_without_method);
    CHECK(result.error().offset == 13);
    CHECK(result.error().field == field(PropertyId::authentication_data));
    const Connect connect{.clean_start = true, .properties = {.authentication_data = "d"}};
    CHECK(encoded(connect, Version::v5).error.code == Errc::authentication_data_without_method);
}

TEST_CASE("fields of more than 65,535 bytes are refused on encode")
{
    const std::string longest(65'535, 'x');
    const std::string too_long(65'536, 'x');
    for (const Version version : versions) {
        const bool v3_1 = version == Version::v3_1;
        const auto error_of = [&](const Connect& connect) {
            return encoded(connect, version, Leniency::long_client_id).error.code;
        };
        CHECK(error_of({.client_id = longest, .clean_start = true}) == Errc::none);
        CHECK(error_of({.client_id = too_long, .clean_start = true}) == Errc::text_too_long);
        CHECK(error_of({.client_id = "c", .will = Will{.topic = longest}})
            == (v3_1 ? Errc::topic_name_too_long : Errc::none));
        CHECK(error_of({.client_id = "c", .will = Will{.topic = too_long}}) == Errc::text_too_long);
        CHECK(error_of({.client_id = "c", .will = Will{.topic = "t", .payload = longest}}) == Errc::none);
        CHECK(error_of({.client_id = "c", .will = Will{.topic = "t", .payload = too_long}}) == Errc::binary_too_long);
        CHECK(error_of({.client_id = "c", .user_name = longest}) == Errc::none);
        CHECK(error_of({.client_id = "c", .user_name = too_long}) == Errc::text_too_long);
        CHECK(error_of({.client_id = "c", .user_name = "u", .password = longest}) == Errc::none);
        CHECK(error_of({.client_id = "c", .user_name = "u", .password = too_long}) == Errc::binary_too_long);
    }
}

TEST_CASE("the protocol that a CONNECT asks for is told even where it is unknown")
{
    const auto asked = [](std::string_view hex) { return requested_protocol(bytes(hex)); };
    const Bytes level_6 = bytes("10 0E 00 04 4D 51 54 54 06 02 00 3C 00 02 63 31");
    REQUIRE(requested_protocol(level_6));
    CHECK(requested_protocol(level_6)->name == "MQTT");
    CHECK(requested_protocol(level_6)->level == 6);
    const Bytes other = bytes("10 07 00 03 41 42 43 83 00");
    REQUIRE(requested_protocol(other));
    CHECK(requested_protocol(other)->name == "ABC");
    CHECK(requested_protocol(other)->level == 0x83);
    CHECK_FALSE(asked("10 06 00 04 4D 51 54 54"));
    CHECK_FALSE(asked("10 05 00 04 4D 51 54"));
    CHECK_FALSE(asked("C0 00"));
    CHECK_FALSE(asked("10 0E 00 04"));
}

TEST_CASE("a CONNECT in brief is encoded as the whole one, or refused as it is")
{
    const std::string longest(65'535, 'x');
    const std::string too_long(65'536, 'x');
    Differences differences;
    for (unsigned flags = 0; flags < 256; flags += 2) {
        const Connect connect = struct_of(flags);
        check_brief(differences, connect);
        for (const Text text :
            {Text(""), Text(std::string_view("a\0b", 3)), Text("\xC3"), Text("a/+"), Text(longest), Text(too_long)}) {
            Connect other = connect;
            other.client_id = text;
            check_brief(differences, other);
            other = connect;
            if (other.will) other.will->topic = text;
            check_brief(differences, other);
            other = connect;
            if (other.will) other.will->payload = text.view();
            check_brief(differences, other);
            other = connect;
            if (other.user_name) other.user_name = text;
            check_brief(differences, other);
            other = connect;
            if (other.password) other.password = text.view();
            check_brief(differences, other);
        }
    }
    CHECK(differences.cells() > 30'000);
    CHECK(differences.text() == "");
}

TEST_CASE("a CONNECT has no brief form if it says what that could not")
{
    const auto tells_all = [](const Connect& connect) { return wire::Brief<Connect>::tells_all(connect); };
    Connect connect = struct_of(0xFE);
    CHECK(tells_all(connect));
    connect.bridge = true;
    CHECK_FALSE(tells_all(connect));
    connect = struct_of(0xFE);
    connect.version = Version::v3_1_1;
    CHECK_FALSE(tells_all(connect));
    for (std::size_t index = 0; index < wire::slot_count<ConnectProperties>; ++index) {
        connect = struct_of(0xFE);
        OneProperty one(index);
        ConnectProperties::walk(one, connect.properties);
        CHECK_FALSE(tells_all(connect));
    }
    for (std::size_t index = 0; index < wire::slot_count<WillProperties>; ++index) {
        connect = struct_of(0xFE);
        OneProperty one(index);
        WillProperties::walk(one, connect.will->properties);
        CHECK_FALSE(tells_all(connect));
    }
}

TEST_CASE("a CONNECT that is made where it is encoded")
{
    std::array<std::byte, 100> buffer{};
    const auto written = Connect{.client_id = "c1",
        .clean_start = true,
        .keep_alive = 60,
        .will = Will{.topic = "w/t", .payload = "bye", .qos = QoS::at_least_once, .retain = true},
        .user_name = "user",
        .password = "pass"}
                             .encode<Version::v3_1_1>(buffer);
    REQUIRE(written);
    CHECK(Bytes(written->begin(), written->end()) == connect_with(0xEE, Version::v3_1_1));
    const auto refused = Connect{.client_id = "c1", .properties = {.receive_maximum = 1}}.encode<Version::v3_1>(buffer);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == Errc::not_in_version);
    CHECK(refused.error().field == field(PropertyId::receive_maximum));
}
