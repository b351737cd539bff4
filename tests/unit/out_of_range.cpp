// Values that no enumerator has: what a struct says with one is refused by name, and what asks with one has an answer.
// Run under sanitizers it shows that none of it is undefined. For a Version that is none see unknown_version.cpp.
#include "mqttwire/layout.hpp"
#include "mqttwire/session/server.hpp"

#include "unit/check.hpp"

using namespace check;

namespace {

template <class Enum>
std::vector<Enum> all_values()
{
    std::vector<Enum> result;
    for (unsigned value = 0; value < 256; ++value) result.push_back(static_cast<Enum>(value));
    return result;
}

template <class Enum>
bool is_in(Enum value, std::initializer_list<unsigned> range)
{
    for (const unsigned each : range)
        if (static_cast<unsigned>(value) == each) return true;
    return false;
}

/// Packets of every type, valid in the version beside them.
struct Sample {
    Version version;
    std::string_view wire;
};

constexpr std::array samples{
    Sample{Version::v3_1, "10 10 00 06 4D 51 49 73 64 70 03 02 00 3C 00 02 63 31"},
    Sample{Version::v5,
        "10 2F 00 04 4D 51 54 54 05 CE 00 0A 08 11 00 00 00 0A 21 00 14 00 02 63 31 07 01 01 18 00 00 00 05 00 03 77 "
        "2F 74 00 03 62 79 65 00 01 75 00 01 70"},
    Sample{Version::v3_1_1, "20 02 01 00"},
    Sample{Version::v5, "20 0D 00 00 0A 12 00 02 61 37 21 00 0A 24 01"},
    Sample{Version::v5, "30 1C 00 03 61 2F 62 15 0B 01 0B C8 01 26 00 01 6B 00 02 76 31 26 00 01 6B 00 02 76 32 78"},
    Sample{Version::v5, "40 03 00 0A 10"},
    Sample{Version::v5, "50 09 00 0A 87 05 1F 00 02 6E 6F"},
    Sample{Version::v5, "62 02 00 0A"},
    Sample{Version::v5, "70 03 00 0A 92"},
    Sample{Version::v5, "82 15 00 0A 03 0B AC 02 00 0C 24 73 68 61 72 65 2F 67 2F 61 2F 23 19"},
    Sample{Version::v3_1_1, "90 05 00 0A 00 02 80"},
    Sample{Version::v5, "90 05 00 0A 00 01 8F"},
    Sample{Version::v3_1_1, "A2 0C 00 0A 00 03 61 2F 62 00 03 63 2F 64"},
    Sample{Version::v5, "B0 05 00 0A 00 00 11"},
    Sample{Version::v5, "C0 00"},
    Sample{Version::v5, "D0 00"},
    Sample{Version::v5, "E0 07 00 05 11 00 00 00 00"},
    Sample{Version::v5, "E0 0A 9D 08 1C 00 01 62 1F 00 01 72"},
    Sample{Version::v5, "F0 0F 18 0D 15 00 05 53 43 52 41 4D 16 00 02 01 02"},
};

} // namespace

TEST_CASE("a receiver that is none: the packet is taken or an error is named, alike in every form of the interface")
{
    for (const Sample& sample : samples) {
        const Bytes wire = bytes(sample.wire);
        const Packet packet = good(wire, sample.version);
        for (const Role role : all_values<Role>()) {
            CAPTURE(sample.wire, static_cast<unsigned>(role));
            const Result<Packet> result = decoded(wire, sample.version, {}, role); // holds all forms together
            if (result) CHECK(*result == packet);
            const Encoded written = encoded(packet, sample.version, {}, role);
            if (written.error.code == Errc::none) CHECK(written.bytes == wire);
            const Error told =
                layout(*read_frame(wire), sample.version, [](Field, std::span<const std::byte>) {}, {}, role);
            CHECK(told == (result ? Error{} : result.error()));
            CHECK_FALSE(name(role).empty());
        }
    }
}

TEST_CASE("every set of leniency, alike in every form of the interface")
{
    for (const Sample& sample : samples) {
        const Bytes wire = bytes(sample.wire);
        const Packet packet = good(wire, sample.version);
        for (const Leniency leniency : all_values<Leniency>()) {
            CHECK(decoded(wire, sample.version, leniency) == Result<Packet>(packet));
            CHECK(encoded(packet, sample.version, leniency).bytes == wire);
        }
    }
}

TEST_CASE("a QoS that is none is refused wherever it stands, in every version")
{
    for (const QoS qos : all_values<QoS>()) {
        const bool known = is_in(qos, {0, 1, 2});
        CAPTURE(static_cast<unsigned>(qos));
        const std::array filters{Subscription{.filter = "a", .qos = qos}};
        for (const Version version : versions) {
            const std::uint16_t id = qos == QoS::at_most_once ? 0 : 1;
            CHECK(encoded(Publish{.topic = "t", .qos = qos, .packet_id = id}, version).error.code
                == (known ? Errc::none : Errc::qos_3));
            CHECK(
                encoded(Connect{.client_id = "c", .clean_start = true, .will = Will{.topic = "w", .qos = qos}}, version)
                    .error.code
                == (known ? Errc::none : Errc::will_qos_3));
            CHECK(encoded(Subscribe{.packet_id = 1, .filters = filters}, version).error.code
                == (known ? Errc::none : Errc::requested_qos_3));
        }
        CHECK((name(qos) == "reserved") == !known);
    }
}

TEST_CASE("a message whose QoS is none leaves a session as it was, when it is withdrawn")
{
    session::Server<session::Capacities{.outgoing = 2}> session;
    const Connect connect{.client_id = "c", .clean_start = true, .version = Version::v5};
    REQUIRE(session.received(connect, {}));
    ConnAck connack;
    REQUIRE(session.accept(connect, connack, {}));
    for (const QoS qos : all_values<QoS>()) {
        CAPTURE(static_cast<unsigned>(qos));
        Publish publish{.topic = "t", .qos = qos};
        if (!session.publish(publish, 7, {})) continue;
        session.withdraw(publish);
        CHECK(session.messages_waiting() == 0);
    }
    for (int i = 0; i < 2; ++i) {
        Publish publish{.topic = "t", .qos = QoS::at_least_once};
        CHECK(session.publish(publish, 7, {}));
    }
}

TEST_CASE("a Retain Handling that is none is refused, and before 5.0 any but the first")
{
    for (const RetainHandling handling : all_values<RetainHandling>()) {
        const bool known = is_in(handling, {0, 1, 2});
        const std::array filters{Subscription{.filter = "a", .retain_handling = handling}};
        const Subscribe subscribe{.packet_id = 1, .filters = filters};
        CHECK(encoded(subscribe, Version::v5).error.code == (known ? Errc::none : Errc::retain_handling_3));
        for (const Version version : {Version::v3_1, Version::v3_1_1})
            CHECK(encoded(subscribe, version).error.code
                == (handling == RetainHandling::send ? Errc::none : Errc::not_in_version));
        CHECK((name(handling) == "reserved") == !known);
    }
}

TEST_CASE("a reason code that is none is refused by name in every packet that has one")
{
    for (const ReasonCode code : all_values<ReasonCode>()) {
        if (!name(code).empty()) continue;
        CAPTURE(static_cast<unsigned>(code));
        const std::array codes{code};
        for (const Version version : versions) {
            const bool v5 = version == Version::v5;
            const auto expect = [&](const Packet& packet, Errc in_5, Errc before) {
                CHECK(encoded(packet, version).error.code == (v5 ? in_5 : before));
            };
            const Errc refused = Errc::reason_code_not_allowed;
            expect(ConnAck{.reason_code = code}, refused, Errc::reason_code_without_return_code);
            expect(PubAck{.packet_id = 1, .reason_code = code}, refused, Errc::not_in_version);
            expect(PubRec{.packet_id = 1, .reason_code = code}, refused, Errc::not_in_version);
            expect(PubRel{.packet_id = 1, .reason_code = code}, refused, Errc::not_in_version);
            expect(PubComp{.packet_id = 1, .reason_code = code}, refused, Errc::not_in_version);
            expect(SubAck{.packet_id = 1, .reason_codes = codes}, refused, Errc::suback_code_not_allowed);
            expect(Disconnect{.reason_code = code}, refused, Errc::not_in_version);
            if (!v5) continue;
            CHECK(encoded(UnsubAck{.packet_id = 1, .reason_codes = codes}, version).error.code == refused);
            CHECK(encoded(Auth{.reason_code = code, .properties = {.authentication_method = "m"}}, version).error.code
                == refused);
        }
        CHECK_FALSE(to_return_code(code));
        for (const PacketType type : all_values<PacketType>()) {
            CHECK_FALSE(may_carry(type, code));
            CHECK(name(code, type).empty());
        }
    }
}

TEST_CASE("a packet type that is none carries no code and has the reserved type's name")
{
    for (const PacketType type : all_values<PacketType>()) {
        if (static_cast<unsigned>(type) >= 1 && static_cast<unsigned>(type) <= 15) continue;
        CAPTURE(static_cast<unsigned>(type));
        CHECK(name(type) == "reserved");
        CHECK(fixed_flags(type) == 0);
        for (const ReasonCode code : all_values<ReasonCode>()) {
            CHECK_FALSE(may_carry(type, code));
            for (const Role role : {Role::unknown, Role::client, Role::server, static_cast<Role>(255)})
                (void)may_receive(role, type, code); // asks about a packet that may carry it: any answer will do
        }
        for (const Version version : versions) {
            CHECK_FALSE(text(Errc::wrong_flags).empty());
            (void)clause({.code = Errc::wrong_flags, .packet = type}, version);
            (void)skippable({.code = Errc::wrong_flags, .packet = type});
        }
    }
}

TEST_CASE("properties, places, fields and errors that are none have no name and stand nowhere")
{
    for (unsigned value = 0; value < 256; ++value) {
        CAPTURE(value);
        const auto place = static_cast<PropertyPlace>(value);
        CHECK(name(place).empty() == (value >= property_place_count));
        for (const PropertyRow& row : property_table) {
            if (value < property_place_count) continue;
            CHECK_FALSE(may_stand(row, place));
            CHECK_FALSE(may_repeat(row, place));
        }
        const auto id = static_cast<PropertyId>(value);
        CHECK(name(id).empty() == (find_property(id) == nullptr));
        const auto field = static_cast<Field>(value);
        const bool is_property = value < static_cast<unsigned>(Field::packet);
        CHECK(property(field).has_value() == is_property);
        if (is_property) CHECK(name(field) == name(id));
        CHECK_FALSE(name(static_cast<Errc>(value)).empty());
        CHECK_FALSE(text(static_cast<Errc>(value)).empty());
    }
}
