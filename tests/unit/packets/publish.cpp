// PUBLISH: [3.1.1 and 5.0: section 3.3].
#include "unit/check.hpp"

using namespace check;

TEST_CASE("every QoS with every DUP, RETAIN and packet identifier, both ways")
{
    Differences differences;
    for (const Version version : versions) {
        const bool v5 = version == Version::v5;
        for (unsigned qos = 0; qos < 5; ++qos) {
            for (const bool dup : {false, true}) {
                for (const bool retain : {false, true}) {
                    for (const unsigned id : {0U, 1U, 255U, 256U, 65'535U}) {
                        const Publish publish{.topic = "t",
                            .payload = "p",
                            .qos = static_cast<QoS>(qos),
                            .retain = retain,
                            .dup = dup,
                            .packet_id = static_cast<std::uint16_t>(id)};
                        const bool dup_is_wrong = dup && qos == 0 && version != Version::v3_1;
                        const bool id_is_wrong = qos > 2 ? false : (qos == 0) != (id == 0);
                        const Encoded written = encoded(publish, version);
                        const Errc seen = written.error.code;
                        if (qos > 2) {
                            differences.expect_same(Errc::qos_3, seen, version, qos, dup, retain, id);
                        } else if (dup_is_wrong && id_is_wrong) {
                            differences.expect_same(
                                true, seen == Errc::dup_with_qos_0 || seen == Errc::packet_id_with_qos_0, version, id);
                        } else {
                            const Errc expected = dup_is_wrong ? Errc::dup_with_qos_0
                                : !id_is_wrong                 ? Errc::none
                                : qos == 0                     ? Errc::packet_id_with_qos_0
                                                               : Errc::packet_id_zero;
                            differences.expect_same(expected, seen, version, qos, dup, retain, id);
                        }
                        if (qos > 2) continue;
                        const unsigned first = 0x30 + (dup ? 8 : 0) + qos * 2 + (retain ? 1 : 0);
                        const Bytes wire = packet(first,
                            prefixed("t") + (qos != 0 ? two(id) : Bytes{}) + (v5 ? bytes("00") : Bytes{})
                                + bytes("70"));
                        const Result<Packet> result = decoded(wire, version);
                        const Errc on_decode = dup_is_wrong ? Errc::dup_with_qos_0
                            : qos != 0 && id == 0           ? Errc::packet_id_zero
                                                            : Errc::none;
                        differences.expect_same(on_decode, result ? Errc::none : result.error().code, version, qos, dup,
                            retain, id, "decode");
                        if (!result || id_is_wrong) continue;
                        differences.expect_same(
                            true, std::get<Publish>(*result) == publish, version, qos, dup, retain, id, "fields");
                        differences.expect_same(wire, written.bytes, version, qos, dup, retain, id);
                    }
                }
            }
        }
    }
    CHECK(differences.text() == "");
}

TEST_CASE("the payload is all that is left, and may be nothing")
{
    for (const Version version : versions) {
        const Bytes start = prefixed("a/b") + (version == Version::v5 ? bytes("00") : Bytes{});
        for (const std::size_t size : {0U, 1U, 2U, 100U, 200U, 20'000U}) {
            const Bytes payload(size, std::byte{0xFE});
            const Bytes wire = packet(0x31, start + payload);
            const Publish publish = std::get<Publish>(good(wire, version));
            CHECK(publish.payload == Binary(payload));
            CHECK(publish.payload.data() == wire.data() + wire.size() - size);
            CHECK(encoded(publish, version).bytes == wire);
        }
    }
}

TEST_CASE("an empty topic name needs a topic alias, and 5.0")
{
    const Publish alias_alone{.payload = "x", .properties = {.topic_alias = std::uint16_t{1}}};
    CHECK(encoded(alias_alone, Version::v5).bytes == bytes("30 07 00 00 03 23 00 01 78"));
    CHECK(std::get<Publish>(good(bytes("30 07 00 00 03 23 00 01 78"), Version::v5)).topic.empty());
    CHECK(encoded(Publish{}, Version::v5).error.code == Errc::topic_missing_without_alias);
    CHECK(encoded(Publish{}, Version::v5).error.field == Field::topic);
    for (const Version version : {Version::v3_1, Version::v3_1_1}) {
        CHECK(encoded(Publish{}, version).error.code == Errc::topic_name_empty);
        CHECK(decode_error(bytes("30 02 00 00"), version) == Errc::topic_name_empty);
        CHECK(encoded(alias_alone, version).error.code == Errc::topic_name_empty);
    }
    CHECK(decode_error(bytes("30 03 00 00 00"), Version::v5) == Errc::topic_missing_without_alias);
}

TEST_CASE("fields that run past the end")
{
    const auto expect = [](std::string_view wire, Version version, Field field, std::size_t offset) {
        const Result<Packet> result = decoded(bytes(wire), version);
        REQUIRE_FALSE(result);
        CHECK(result.error().code == Errc::field_past_end);
        CHECK(result.error().field == field);
        CHECK(result.error().offset == offset);
    };
    for (const Version version : versions) {
        expect("30 00", version, Field::topic, 2);
        expect("30 01 00", version, Field::topic, 2);
        expect("30 02 00 01", version, Field::topic, 2);
        expect("30 04 FF FF 61 61", version, Field::topic, 2);
        expect("32 03 00 01 61", version, Field::packet_id, 5);
        expect("32 04 00 01 61 00", version, Field::packet_id, 5);
    }
    expect("32 05 00 01 61 00 01", Version::v5, Field::property_length, 7);
}

TEST_CASE("a topic name of more than 65,535 bytes")
{
    const std::string longest(65'535, 'a');
    CHECK(encoded(Publish{.topic = longest}, Version::v3_1_1).error.code == Errc::none);
    CHECK(encoded(Publish{.topic = longest + "a"}, Version::v3_1_1).error.code == Errc::text_too_long);
    CHECK(encoded(Publish{.topic = longest + "a"}, Version::v3_1).error.code == Errc::text_too_long);
}

TEST_CASE("a Subscription Identifier comes from servers only, both ways")
{
    const std::array<std::uint32_t, 2> ids{1, 200};
    const Publish publish{.topic = "t", .properties = {.subscription_identifier = ids}};
    for (const Role receiver : roles) {
        const Errc expected = receiver == Role::server ? Errc::subscription_identifier_from_client : Errc::none;
        CHECK(encoded(publish, Version::v5, {}, receiver).error.code == expected);
        CHECK(decode_error(bytes("30 09 00 01 74 05 0B 01 0B C8 01"), Version::v5, {}, receiver) == expected);
    }
}

TEST_CASE("properties are nothing that 3.x could say")
{
    const std::array pairs{UserProperty{"k", "v"}};
    for (const Version version : {Version::v3_1, Version::v3_1_1}) {
        const Encoded result = encoded(Publish{.topic = "t", .properties = {.user_property = pairs}}, version);
        CHECK(result.error.code == Errc::not_in_version);
        CHECK(result.error.field == field(PropertyId::user_property));
    }
}
