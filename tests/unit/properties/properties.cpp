// The matrix of property identifiers and places, on decode and on encode: [5.0: section 2.2.2].
#include "unit/properties/specification.hpp"

using namespace check;

namespace {

/// Some rules bind properties together: AUTH needs a method, and Authentication Data does everywhere.
bool needs_method(PropertyPlace place, unsigned id)
{
    return id == 0x16 || (place == PropertyPlace::auth && id != 0x15);
}

bool repeatable(PropertyPlace place, unsigned id)
{
    return id == 0x26 || (id == 0x0B && place == PropertyPlace::publish);
}

Bytes method(PropertyPlace place, unsigned id)
{
    return needs_method(place, id) ? byte(0x15) + prefixed("m") : Bytes{};
}

Value first_good(const SpecifiedProperty& property)
{
    for (const Value& value : values_of(property))
        if (value.fault == Errc::none && (value.number || value.text)) return value;
    return {};
}

// Property structs of PUBACK that are wrong: a member before one with a lower identifier, of another type, and single.

struct OutOfOrder {
    std::optional<Text> reason_string{};
    List<UserProperty> user_property{};
    template <class Walk, class Self>
    static constexpr auto walk(Walk& walk, Self& self)
    {
        return walk.slots(wire::slot<PropertyId::user_property>(self.user_property),
            wire::slot<PropertyId::reason_string>(self.reason_string));
    }
};

struct OfAnotherType {
    std::optional<Binary> reason_string{};
    List<UserProperty> user_property{};
    template <class Walk, class Self>
    static constexpr auto walk(Walk& walk, Self& self)
    {
        return walk.slots(wire::slot<PropertyId::reason_string>(self.reason_string),
            wire::slot<PropertyId::user_property>(self.user_property));
    }
};

struct NotRepeatable {
    std::optional<Text> reason_string{};
    std::optional<UserProperty> user_property{};
    template <class Walk, class Self>
    static constexpr auto walk(Walk& walk, Self& self)
    {
        return walk.slots(wire::slot<PropertyId::reason_string>(self.reason_string),
            wire::slot<PropertyId::user_property>(self.user_property));
    }
};

/// Decodes a packet and compares the diagnosis.
void expect_error(Differences& differences, const SpecifiedPlace& place, const Bytes& packet, unsigned id, Errc code,
    Field field, std::size_t offset)
{
    const Result<Packet> result = decoded(packet, Version::v5);
    differences.expect_same(code, result ? Errc::none : result.error().code, place.place, id, packet);
    if (result || result.error().code != code) return;
    differences.expect_same(name(field), name(result.error().field), place.place, id, packet, "field");
    differences.expect_same(offset, result.error().offset, place.place, id, packet, "offset");
}

} // namespace

TEST_CASE("the table gives each property its type and range")
{
    using enum PropertyType;
    constexpr std::array types{byte, two_byte_integer, four_byte_integer, variable_byte_integer, utf8_string,
        utf8_string, binary_data, utf8_string_pair}; // in the order of Kind
    for (unsigned id = 0; id < 256; ++id) {
        const SpecifiedProperty* const property = specified(id);
        const PropertyRow* const row = find_property(static_cast<PropertyId>(id));
        CAPTURE(id);
        REQUIRE((row != nullptr) == (property != nullptr));
        if (row == nullptr) continue;
        CHECK(row->type == types.at(static_cast<std::size_t>(property->kind)));
        CHECK(row->least == property->least);
        CHECK(row->most == property->most);
    }
}

TEST_CASE("every property identifier in every place, once")
{
    Differences differences;
    for (const SpecifiedPlace& place : specified_places()) {
        for (unsigned id = 0; id < 256; ++id) {
            const SpecifiedProperty* property = specified(id);
            if (property == nullptr) {
                const Bytes block = varint(id) + bytes("01 01 01 01");
                expect_error(differences, place, place.with(block), id, Errc::property_unknown, Field::property_id,
                    place.block_offset(block));
                continue;
            }
            const Value value = first_good(*property);
            const Bytes block = method(place.place, id) + byte(id) + value.encoded;
            if (place.allows(id)) {
                differences.expect_same(Errc::none, decode_error(place.with(block), Version::v5), place.place, id);
            } else {
                const Bytes alone = byte(id) + value.encoded;
                expect_error(differences, place, place.with(alone), id, Errc::property_not_allowed, Field::property_id,
                    place.block_offset(alone));
            }
        }
    }
    CHECK(differences.text() == "");
    CHECK(differences.cells() >= 14 * 256);
}

TEST_CASE("a property struct has a member for a property exactly where it may stand, and encodes it")
{
    Differences differences;
    for (const SpecifiedPlace& place : specified_places()) {
        for (unsigned id = 0; id < 256; ++id) {
            const SpecifiedProperty* property = specified(id);
            const Value value = property != nullptr ? first_good(*property) : Value{.number = 1};
            const std::optional<Packet> packet =
                struct_with(place.place, id, value, needs_method(place.place, id) && place.allows(id), 1);
            differences.expect_same(place.allows(id), packet.has_value(), place.place, id);
            if (!packet) continue;
            const Bytes block = method(place.place, id) + byte(id) + value.encoded;
            const Encoded result = encoded(*packet, Version::v5);
            differences.expect_same(Errc::none, result.error.code, place.place, id);
            differences.expect_same(place.with(block), result.bytes, place.place, id);
            for (const Version version : {Version::v3_1, Version::v3_1_1})
                if (place.place != PropertyPlace::auth)
                    differences.expect_same(
                        Errc::not_in_version, encoded(*packet, version).error.code, place.place, id, version);
        }
    }
    CHECK(differences.text() == "");
}

TEST_CASE("the table says where each property may stand, and where more than once")
{
    Differences differences;
    for (const SpecifiedPlace& place : specified_places()) {
        for (const PropertyRow& row : property_table) {
            const auto id = static_cast<unsigned>(row.id);
            // [5.0: sections 3.3.2.3.7 and 3.3.2.3.8, and User Property everywhere]
            const bool repeats = id == 0x26 || (id == 0x0B && place.place == PropertyPlace::publish);
            differences.expect_same(place.allows(id), may_stand(row, place.place), place.place, id);
            differences.expect_same(place.allows(id) && repeats, may_repeat(row, place.place), place.place, id);
        }
    }
    CHECK(differences.text() == "");
}

TEST_CASE("a property struct that differs from the table is told from one that agrees")
{
    CHECK(wire::agrees_with_table<ReasonProperties>(PropertyPlace::puback));
    CHECK_FALSE(wire::agrees_with_table<ReasonProperties>(PropertyPlace::subscribe));
    CHECK_FALSE(wire::agrees_with_table<SubscribeProperties>(PropertyPlace::puback));
    CHECK_FALSE(wire::agrees_with_table<UnsubscribeProperties>(PropertyPlace::puback));
    CHECK_FALSE(wire::agrees_with_table<OutOfOrder>(PropertyPlace::puback));
    CHECK_FALSE(wire::agrees_with_table<OfAnotherType>(PropertyPlace::puback));
    CHECK_FALSE(wire::agrees_with_table<NotRepeatable>(PropertyPlace::puback));
}

TEST_CASE("every property in every place, twice")
{
    Differences differences;
    for (const SpecifiedPlace& place : specified_places()) {
        for (const unsigned id : place.ids) {
            const Value value = first_good(*specified(id));
            const Bytes once = method(place.place, id) + byte(id) + value.encoded;
            const Bytes twice = once + byte(id) + value.encoded;
            if (!repeatable(place.place, id)) {
                expect_error(differences, place, place.with(twice), id, Errc::property_repeated,
                    field(static_cast<PropertyId>(id)), place.block_offset(twice) + once.size());
                continue;
            }
            differences.expect_same(Errc::none, decode_error(place.with(twice), Version::v5), place.place, id);
            const std::optional<Packet> packet = struct_with(place.place, id, value, needs_method(place.place, id), 2);
            REQUIRE(packet);
            differences.expect_same(place.with(twice), encoded(*packet, Version::v5).bytes, place.place, id);
        }
    }
    CHECK(differences.text() == "");
}

TEST_CASE("every property in every place, with values in and out of range")
{
    Differences differences;
    for (const SpecifiedPlace& place : specified_places()) {
        for (const unsigned id : place.ids) {
            for (const Value& value : values_of(*specified(id))) {
                const Bytes before = method(place.place, id) + byte(id);
                const Bytes block = before + value.encoded;
                const Bytes packet = place.with(block);
                if (value.fault == Errc::none)
                    differences.expect_same(Errc::none, decode_error(packet, Version::v5), place.place, id, packet);
                else
                    expect_error(differences, place, packet, id, value.fault, field(static_cast<PropertyId>(id)),
                        place.block_offset(block) + before.size() + value.index);

                const std::optional<Packet> as_struct =
                    struct_with(place.place, id, value, needs_method(place.place, id), 1);
                if (!as_struct) continue;
                const Encoded result = encoded(*as_struct, Version::v5);
                differences.expect_same(value.fault, result.error.code, place.place, id, packet, "encode");
                if (value.fault == Errc::none && specified(id)->kind != Kind::pair)
                    differences.expect_same(packet, result.bytes, place.place, id, "encode");
            }
        }
    }
    CHECK(differences.text() == "");
}

TEST_CASE("the value of a property ends at the Property Length, whatever stands behind it")
{
    Differences differences;
    for (const SpecifiedPlace& place : specified_places()) {
        for (const unsigned id : place.ids) {
            const Value value = first_good(*specified(id));
            const Bytes before = method(place.place, id) + byte(id);
            for (std::size_t size = 0; size < value.encoded.size(); ++size) {
                const Bytes block = before + std::span(value.encoded).first(size);
                const bool in_second_text = specified(id)->kind == Kind::pair && size >= 2;
                expect_error(differences, place, place.with(block), id, Errc::field_past_end,
                    field(static_cast<PropertyId>(id)),
                    place.block_offset(block) + before.size() + (in_second_text ? 2 : 0));
            }
        }
    }
    CHECK(differences.text() == "");
}

TEST_CASE("an identifier of more bytes than it needs is refused")
{
    Differences differences;
    for (const SpecifiedPlace& place : specified_places()) {
        for (unsigned id = 0; id < 128; ++id) {
            const Bytes block = byte(id + 128) + bytes("00 01 01 01 01 01");
            expect_error(differences, place, place.with(block), id, Errc::varint_not_minimal, Field::property_id,
                place.block_offset(block));
        }
        const Bytes block = bytes("FF FF FF FF 01");
        expect_error(differences, place, place.with(block), 0xFF, Errc::varint_too_long, Field::property_id,
            place.block_offset(block));
        const Bytes cut = bytes("FF FF");
        expect_error(differences, place, place.with(cut), 0xFF, Errc::field_past_end, Field::property_id,
            place.block_offset(cut));
    }
    CHECK(differences.text() == "");
}

TEST_CASE("the Property Length of every place")
{
    Differences differences;
    for (const SpecifiedPlace& place : specified_places()) {
        const std::size_t offset = 2 + place.before.size();
        const auto expect = [&](std::string_view length, Errc code) {
            expect_error(differences, place, place.around(bytes(length)), 0, code, Field::property_length, offset);
        };
        expect("7F", Errc::property_length_past_end);
        expect("80 00", Errc::varint_not_minimal);
        expect("80 80 00", Errc::varint_not_minimal);
        expect("80 80 80 00", Errc::varint_not_minimal);
        expect("80 80 80 80 00", Errc::varint_too_long);
        expect("FF FF FF 7F", Errc::property_length_past_end);
        // One byte more than is left of the packet.
        const auto left = static_cast<std::uint32_t>(place.after.size());
        expect_error(differences, place, place.around(varint(left + 1)), 0, Errc::property_length_past_end,
            Field::property_length, offset);
    }
    CHECK(differences.text() == "");
}

TEST_CASE("properties of one packet come in any order and are written in ascending order")
{
    const Bytes shuffled = bytes("20 0D 00 00 0A 24 01 21 00 0A 12 00 02 61 37");
    const Bytes ascending = bytes("20 0D 00 00 0A 12 00 02 61 37 21 00 0A 24 01");
    const Packet packet = good(shuffled, Version::v5);
    CHECK(packet == good(ascending, Version::v5));
    CHECK(encoded(packet, Version::v5).bytes == ascending);
}

TEST_CASE("user properties keep their order, between other properties too")
{
    const Bytes mixed =
        bytes("E0 1D 00 1B 26 00 01 62 00 01 31 1F 00 01 72 26 00 01 61 00 01 32 26 00 01 62 00 00 1C 00 00");
    const Disconnect packet = std::get<Disconnect>(good(mixed, Version::v5));
    const List<UserProperty> pairs = packet.properties.user_property;
    REQUIRE(pairs.size() == 3);
    CHECK(pairs[0] == UserProperty{"b", "1"});
    CHECK(pairs[1] == UserProperty{"a", "2"});
    CHECK(pairs[2] == UserProperty{"b", ""});
    CHECK(encoded(packet, Version::v5).bytes
        == bytes("E0 1D 00 1B 1C 00 00 1F 00 01 72 26 00 01 62 00 01 31 26 00 01 61 00 01 32 26 00 01 62 00 00"));
}

TEST_CASE("subscription identifiers keep their values, between other properties too")
{
    const Bytes mixed = bytes("30 15 00 01 74 10 0B 01 26 00 01 6B 00 01 76 0B C8 01 03 00 01 63 70");
    const Publish packet = std::get<Publish>(good(mixed, Version::v5));
    const List<std::uint32_t> ids = packet.properties.subscription_identifier;
    REQUIRE(ids.size() == 2);
    CHECK(ids[0] == 1);
    CHECK(ids[1] == 200);
    CHECK(encoded(packet, Version::v5).bytes
        == bytes("30 15 00 01 74 10 03 00 01 63 0B 01 0B C8 01 26 00 01 6B 00 01 76 70"));
}

TEST_CASE("a property of CONNECT does not repeat one of its will")
{
    const Bytes both = bytes(
        "10 22 00 04 4D 51 54 54 05 06 00 3C 07 26 00 01 61 00 01 62 00 01 63 07 26 00 01 61 00 01 62 00 01 74 00 00");
    const Connect packet = std::get<Connect>(good(both, Version::v5));
    CHECK(packet.properties.user_property.size() == 1);
    REQUIRE(packet.will);
    CHECK(packet.will->properties.user_property.size() == 1);
    CHECK(encoded(packet, Version::v5).bytes == both);
}

TEST_CASE("text and data of more than 65,535 bytes are refused in every property that can hold them")
{
    Differences differences;
    const std::string longest(65'535, 'a');
    const std::string too_long(65'536, 'a');
    for (const SpecifiedPlace& place : specified_places()) {
        for (const unsigned id : place.ids) {
            const Kind kind = specified(id)->kind;
            if (kind != Kind::text && kind != Kind::topic && kind != Kind::binary && kind != Kind::pair) continue;
            const auto error_for = [&](const std::string& text) {
                return encoded(
                    *struct_with(place.place, id, {.text = text}, needs_method(place.place, id), 1), Version::v5)
                    .error.code;
            };
            differences.expect_same(Errc::none, error_for(longest), place.place, id);
            differences.expect_same(kind == Kind::binary ? Errc::binary_too_long : Errc::text_too_long,
                error_for(too_long), place.place, id);
        }
    }
    CHECK(differences.text() == "");
}
