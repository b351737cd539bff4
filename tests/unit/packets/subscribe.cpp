// SUBSCRIBE: [3.1.1 and 5.0: section 3.8].
#include "unit/check.hpp"

using namespace check;

namespace {

Bytes subscribe_with(std::string_view filter, unsigned options, Version version)
{
    return packet(
        0x82, bytes("00 0A") + (version == Version::v5 ? bytes("00") : Bytes{}) + prefixed(filter) + byte(options));
}

/// What is wrong with the byte behind a filter. Where more than one thing is, the library may find either.
std::vector<Errc> options_errors(unsigned options, Version version, bool shared)
{
    std::vector<Errc> errors;
    const bool qos_3 = options % 4 == 3;
    if (qos_3) errors.push_back(Errc::requested_qos_3);
    if (version == Version::v3_1) return errors;
    if (version == Version::v3_1_1) {
        if (options > 3) errors.push_back(Errc::subscription_options_reserved);
        return errors;
    }
    if ((options & 0x04U) != 0 && shared) errors.push_back(Errc::no_local_on_shared);
    if ((options & 0x30U) == 0x30) errors.push_back(Errc::retain_handling_3);
    if ((options & 0xC0U) != 0) errors.push_back(Errc::subscription_options_reserved);
    return errors;
}

} // namespace

TEST_CASE("every options byte in every version, on decode")
{
    Differences differences;
    for (const Version version : versions) {
        for (const std::string_view filter : {"a/b", "$share/g/a"}) {
            for (unsigned options = 0; options < 256; ++options) {
                const Bytes whole = subscribe_with(filter, options, version);
                const Result<Packet> result = decoded(whole, version);
                const auto errors = options_errors(options, version, filter.starts_with("$share/"));
                const Errc seen = result ? Errc::none : result.error().code;
                differences.expect_same(true, one_of(errors, seen), version, filter, options, seen);
                if (!result) {
                    differences.expect_same(
                        "subscription_options", name(result.error().field), version, filter, options);
                    differences.expect_same(whole.size() - 1, result.error().offset, version, filter, options);
                    continue;
                }
                const Subscription seen_subscription = std::get<Subscribe>(*result).filters.front();
                differences.expect_same(options & 3U, static_cast<unsigned>(seen_subscription.qos), version, options);
                const bool v5 = version == Version::v5;
                differences.expect_same(v5 && (options & 4U) != 0, seen_subscription.no_local, version, options);
                differences.expect_same(
                    v5 && (options & 8U) != 0, seen_subscription.retain_as_published, version, options);
                differences.expect_same(v5 ? options >> 4U & 3U : 0U,
                    static_cast<unsigned>(seen_subscription.retain_handling), version, options);
                // 3.1 does not use the upper six bits, and they are written as zero.
                differences.expect_same(subscribe_with(filter, v5 ? options : options & 3U, version),
                    encoded(*result, version).bytes, version, options);
            }
        }
    }
    CHECK(differences.text() == "");
}

TEST_CASE("every combination of options in every version, on encode")
{
    Differences differences;
    for (const Version version : versions) {
        for (const std::string_view filter : {"a/b", "$share/g/a"}) {
            for (unsigned options = 0; options < 64; ++options) {
                const std::array subscriptions{Subscription{.filter = filter,
                    .qos = static_cast<QoS>(options & 3U),
                    .no_local = (options & 4U) != 0,
                    .retain_as_published = (options & 8U) != 0,
                    .retain_handling = static_cast<RetainHandling>(options >> 4U)}};
                const Encoded result = encoded(Subscribe{.packet_id = 10, .filters = subscriptions}, version);
                if (version != Version::v5 && options > 3) {
                    differences.expect_same(Errc::not_in_version, result.error.code, version, filter, options);
                    continue;
                }
                const auto errors = options_errors(options, version, filter.starts_with("$share/"));
                differences.expect_same(
                    true, one_of(errors, result.error.code), version, filter, options, result.error.code);
                if (errors.empty())
                    differences.expect_same(
                        subscribe_with(filter, options, version), result.bytes, version, filter, options);
            }
        }
    }
    CHECK(differences.text() == "");
}

TEST_CASE("enumerators beyond those that exist are refused")
{
    for (const unsigned value : {3U, 4U, 7U, 128U, 255U}) {
        const std::array qos{Subscription{.filter = "a", .qos = static_cast<QoS>(value)}};
        const std::array handling{Subscription{.filter = "a", .retain_handling = static_cast<RetainHandling>(value)}};
        for (const Version version : versions)
            CHECK(encoded(Subscribe{.packet_id = 1, .filters = qos}, version).error.code == Errc::requested_qos_3);
        CHECK(
            encoded(Subscribe{.packet_id = 1, .filters = handling}, Version::v5).error.code == Errc::retain_handling_3);
    }
}

TEST_CASE("SUBSCRIBE has a packet identifier and at least one filter")
{
    const std::array filters{Subscription{.filter = "a"}};
    for (const Version version : versions) {
        const Bytes props = version == Version::v5 ? bytes("00") : Bytes{};
        CHECK(
            decode_error(packet(0x82, bytes("00 00") + props + bytes("00 01 61 00")), version) == Errc::packet_id_zero);
        CHECK(encoded(Subscribe{.packet_id = 0, .filters = filters}, version).error.code == Errc::packet_id_zero);
        const Result<Packet> none = decoded(packet(0x82, bytes("00 0A") + props), version);
        REQUIRE_FALSE(none);
        CHECK(none.error().code == Errc::no_topic_filter);
        CHECK(none.error().field == Field::filter);
        CHECK(encoded(Subscribe{.packet_id = 10}, version).error.code == Errc::no_topic_filter);
    }
}

TEST_CASE("every filter of a SUBSCRIBE is checked")
{
    for (const Version version : versions) {
        const Bytes start =
            bytes("00 0A") + (version == Version::v5 ? bytes("00") : Bytes{}) + bytes("00 01 61 00 00 01 62 01");
        const std::size_t offset = 2 + start.size();
        const auto expect = [&](const Bytes& last, Errc code, Field field, std::size_t index) {
            const Result<Packet> result = decoded(packet(0x82, start + last), version);
            REQUIRE_FALSE(result);
            CHECK(result.error().code == code);
            CHECK(result.error().field == field);
            CHECK(result.error().offset == offset + index);
        };
        expect(bytes("00 00 00"), Errc::topic_filter_empty, Field::filter, 0);
        expect(bytes("00 02 61 23 00"), Errc::topic_filter_multi_level_misplaced, Field::filter, 3);
        expect(bytes("00 03 61 2F 2B 03"), Errc::requested_qos_3, Field::subscription_options, 5);
        expect(bytes("00 03 61 2F"), Errc::field_past_end, Field::filter, 0);
        expect(bytes("00 01 61"), Errc::field_past_end, Field::subscription_options, 3);
        expect(bytes("00"), Errc::field_past_end, Field::filter, 0);
        expect(bytes("00 03 61 C0 80 00"), Errc::utf8_ill_formed, Field::filter, 3);
        const std::array subscriptions{Subscription{.filter = "a"},
            Subscription{.filter = "b", .qos = QoS::at_least_once}, Subscription{.filter = "a#"}};
        CHECK(encoded(Subscribe{.packet_id = 10, .filters = subscriptions}, version).error.code
            == Errc::topic_filter_multi_level_misplaced);
    }
}

TEST_CASE("a Subscription Identifier that no Variable Byte Integer holds is refused on encode")
{
    const std::array filters{Subscription{.filter = "a"}};
    const auto error_with = [&](std::uint32_t identifier) {
        return encoded(
            Subscribe{.packet_id = 1, .filters = filters, .properties = {.subscription_identifier = identifier}},
            Version::v5)
            .error;
    };
    CHECK(error_with(1).code == Errc::none);
    CHECK(error_with(268'435'455).code == Errc::none);
    for (const std::uint32_t bad : {0U, 268'435'456U, 0xFFFFFFFFU}) {
        CHECK(error_with(bad).code == Errc::property_value_out_of_range);
        CHECK(error_with(bad).field == field(PropertyId::subscription_identifier));
    }
}

TEST_CASE("a topic filter of more than 65,535 bytes")
{
    const std::string longest(65'535, 'a');
    const std::string too_long = longest + "a";
    const std::array good_filters{Subscription{.filter = longest}};
    const std::array bad_filters{Subscription{.filter = "b"}, Subscription{.filter = too_long}};
    const std::array bad_names{Text(too_long)};
    for (const Version version : versions) {
        const Encoded refused = encoded(Subscribe{.packet_id = 1, .filters = bad_filters}, version);
        CHECK(refused.error.code == Errc::text_too_long);
        CHECK(refused.error.field == Field::filter);
        CHECK(encoded(Unsubscribe{.packet_id = 1, .filters = bad_names}, version).error.code == Errc::text_too_long);
        CHECK(encoded(Subscribe{.packet_id = 1, .filters = good_filters}, version).error.code
            == (version == Version::v3_1 ? Errc::topic_filter_too_long : Errc::none));
    }
}

TEST_CASE("filters are given as an array or as those of a decoded packet")
{
    const Bytes whole = bytes("82 0E 00 0A 00 03 61 2F 62 01 00 03 63 2F 64 02");
    const Packet packet = good(whole, Version::v3_1_1);
    const Subscribe subscribe = std::get<Subscribe>(packet);
    REQUIRE(subscribe.filters.size() == 2);
    const std::array filters{Subscription{.filter = "a/b", .qos = QoS::at_least_once},
        Subscription{.filter = "c/d", .qos = QoS::exactly_once}};
    CHECK(subscribe == Subscribe{.packet_id = 10, .filters = filters});
    CHECK(encoded(Subscribe{.packet_id = 10, .filters = filters}, Version::v3_1_1).bytes == whole);
    CHECK(encoded(packet, Version::v3_1_1).bytes == whole);
    // The same filters in another version.
    CHECK(encoded(packet, Version::v5).bytes == bytes("82 0F 00 0A 00 00 03 61 2F 62 01 00 03 63 2F 64 02"));
}
