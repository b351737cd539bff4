// decode and encode of packets whose type is known at run time only.
#include "unit/check.hpp"

using namespace check;

TEST_CASE("a server learns the version from CONNECT")
{
    const Bytes v3_1 = bytes("10 10 00 06 4D 51 49 73 64 70 03 02 00 3C 00 02 63 31");
    const Bytes v3_1_1 = bytes("10 0E 00 04 4D 51 54 54 04 02 00 3C 00 02 63 31");
    const Bytes v5 = bytes("10 0F 00 04 4D 51 54 54 05 02 00 3C 00 00 02 63 31");
    const auto version_of = [](const Bytes& wire) { return std::get<Connect>(*mqttwire::decode(wire)).version; };
    CHECK(version_of(v3_1) == Version::v3_1);
    CHECK(version_of(v3_1_1) == Version::v3_1_1);
    CHECK(version_of(v5) == Version::v5);
    // The version that the caller expects changes nothing.
    for (const Version version : versions) {
        CHECK(mqttwire::decode(v3_1, version) == mqttwire::decode(v3_1));
        CHECK(mqttwire::decode(v5, version) == mqttwire::decode(v5));
    }
}

TEST_CASE("before CONNECT every other packet is an error")
{
    for (const std::string_view wire : {"20 02 00 00", "30 04 00 01 74 70", "40 02 00 01", "C0 00", "E0 00", "F0 00"}) {
        const Bytes packet = bytes(wire);
        const Result<Packet> result = mqttwire::decode(packet);
        REQUIRE_FALSE(result);
        CHECK(result.error().code == Errc::version_unknown);
        CHECK(result.error().field == Field::fixed_header);
        CHECK_FALSE(skippable(result.error()));
    }
    CHECK(mqttwire::decode(bytes("10")).error().code == Errc::incomplete);
    CHECK(mqttwire::decode(bytes("00 00")).error().code == Errc::reserved_packet_type);
}

TEST_CASE("the receiver counts in every form of decode, without a version and with one")
{
    const Bytes connect = bytes("10 0F 00 04 4D 51 54 54 05 02 00 3C 00 00 02 63 31");
    const Frame frame = read_frame(connect).value();
    const auto check_role = [&](auto&& decode) {
        for (const Role role : roles) {
            const auto result = decode(role);
            CHECK(result.has_value() == (role != Role::client)); // no server sends a CONNECT
            if (result) continue;
            CHECK(result.error().code == Errc::wrong_direction);
            CHECK(result.error().field == Field::fixed_header);
        }
    };
    check_role([&](Role role) { return mqttwire::decode(connect, Leniency::none, role); });
    check_role([&](Role role) { return mqttwire::decode(frame, Leniency::none, role); });
    check_role([&](Role role) { return mqttwire::decode(connect, Version::v3_1, Leniency::none, role); });
    check_role([&](Role role) { return mqttwire::decode(frame, Version::v3_1, Leniency::none, role); });
    check_role([&](Role role) { return mqttwire::decode<Version::v5>(frame, Leniency::none, role); });
    check_role([&](Role role) { return Connect::decode(connect, Leniency::none, role); });
    check_role([&](Role role) { return Connect::decode(connect, Version::v3_1, Leniency::none, role); });
    check_role([&](Role role) { return Connect::decode<Version::v5>(connect, Leniency::none, role); });
}

TEST_CASE("leniency counts in every form of decode, without a version and with one")
{
    const Bytes bridge = bytes("10 0E 00 04 4D 51 54 54 84 02 00 3C 00 02 63 31");
    const Frame frame = read_frame(bridge).value();
    const auto check_leniency = [&](auto&& decode) {
        CHECK(decode(Leniency::none).error().code == Errc::bridge_bit_set);
        const auto result = decode(Leniency::bridge_bit);
        REQUIRE(result);
        CHECK(result.let_pass() == Leniency::bridge_bit);
    };
    check_leniency([&](Leniency leniency) { return mqttwire::decode(bridge, leniency); });
    check_leniency([&](Leniency leniency) { return mqttwire::decode(frame, leniency); });
    check_leniency([&](Leniency leniency) { return mqttwire::decode(bridge, Version::v5, leniency); });
    check_leniency([&](Leniency leniency) { return mqttwire::decode(frame, Version::v5, leniency); });
    check_leniency([&](Leniency leniency) { return mqttwire::decode<Version::v3_1_1>(frame, leniency); });
    check_leniency([&](Leniency leniency) { return Connect::decode(bridge, leniency); });
    check_leniency([&](Leniency leniency) { return Connect::decode(bridge, Version::v5, leniency); });
    check_leniency([&](Leniency leniency) { return Connect::decode<Version::v3_1_1>(bridge, leniency); });
}

TEST_CASE("an unknown protocol can be answered in its own version")
{
    const Bytes level_6 = bytes("10 0E 00 04 4D 51 54 54 06 02 00 3C 00 02 63 31");
    const Result<Packet> result = mqttwire::decode(level_6);
    REQUIRE_FALSE(result);
    CHECK(result.error().code == Errc::protocol_version_unsupported);
    CHECK(requested_protocol(level_6)->level == 6);
    const ConnAck refusal{.reason_code = reason_code(result.error().code)};
    CHECK(encoded(refusal, Version::v3_1_1).bytes == bytes("20 02 00 01"));
    CHECK(encoded(refusal, Version::v5).bytes == bytes("20 03 00 84 00"));
}

TEST_CASE("the alternative of packet type n stands at index n - 1")
{
    CHECK(type_of(Packet(Connect{})) == PacketType::connect);
    CHECK(type_of(Packet(Publish{})) == PacketType::publish);
    CHECK(type_of(Packet(Auth{})) == PacketType::auth);
    CHECK(std::variant_size_v<Packet> == 15);
}

TEST_CASE("a decoded packet points into the buffer")
{
    const Bytes wire = bytes("30 06 00 01 74 61 62 63");
    const Publish publish = std::get<Publish>(good(wire, Version::v3_1_1));
    CHECK(reinterpret_cast<const std::byte*>(publish.topic.data()) == wire.data() + 4);
    CHECK(publish.payload.data() == wire.data() + 5);
}

TEST_CASE("the fixed header is judged before the body, and the version's rules behind it")
{
    // What is PUBLISH payload in 3.1.1 is a Property Length in 5.0.
    const Bytes wire = bytes("30 04 00 01 74 05");
    CHECK(decode_error(wire, Version::v3_1_1) == Errc::none);
    CHECK(decode_error(wire, Version::v5) == Errc::property_length_past_end);
}

namespace {

template <class... Alternatives>
void check_nothing_to_decode(std::type_identity<std::variant<Alternatives...>>)
{
    for (const Version version : versions) {
        CHECK(((Alternatives::decode({}, version).error().code == Errc::incomplete) && ...));
        CHECK(((Alternatives::decode({}, version).error().needed == 2) && ...));
    }
    // While compiling, because the compiler finds a look at what is not there.
    STATIC_REQUIRE(((Alternatives::decode({}, Version::v5).error().code == Errc::incomplete) && ...));
}

} // namespace

TEST_CASE("a packet that nearly always has the same size is any packet in every other size as well")
{
    const auto check_size = []<class P>(std::type_identity<P>, std::string_view wire) {
        const Bytes packet = bytes(wire);
        const Frame frame = read_frame(packet).value();
        for (const Version version : versions) {
            for (const Role role : roles) {
                const Result<P> own = P::decode(packet, version, Leniency::none, role);
                for (const Result<Packet>& any : {mqttwire::decode(packet, version, Leniency::none, role),
                         mqttwire::decode(frame, version, Leniency::none, role)}) {
                    INFO(wire);
                    REQUIRE(any.has_value() == own.has_value());
                    if (own) CHECK(std::get<P>(*any) == *own);
                    else CHECK(any.error() == own.error());
                }
            }
        }
    };
    for (const std::string_view wire : {"40 02 12 34", "42 02 12 34", "40 02 00 00", "40 00", "40 01 12", "40 81 00 12",
             "40 82 00 12 34", "40 03 12 34 10", "40 04 12 34 10 00"})
        check_size(std::type_identity<PubAck>{}, wire);
    for (const std::string_view wire : {"62 02 12 34", "60 02 12 34", "62 82 00 12 34", "62 03 12 34 92"})
        check_size(std::type_identity<PubRel>{}, wire);
    for (const std::string_view wire : {"C0 00", "C1 00", "C0 80 00", "C0 01 00"})
        check_size(std::type_identity<PingReq>{}, wire);
    for (const std::string_view wire : {"E0 00", "E1 00", "E0 80 00", "E0 01 04", "E0 02 04 00"})
        check_size(std::type_identity<Disconnect>{}, wire);
}

TEST_CASE("of nothing, every packet is incomplete") { check_nothing_to_decode(std::type_identity<Packet>{}); }
