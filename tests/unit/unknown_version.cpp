// A Version that is none, as static_cast<Version>(level) of a peer's byte can be: refused by every form of the
// interface, under the name version_unknown, whatever packet it is. Run under sanitizers it shows that nothing is made
// of it before.
#include "mqttwire/layout.hpp"

#include "unit/check.hpp"

#include <type_traits>
#include <variant>

using namespace check;

namespace {

/// Every value but those of the three versions.
std::vector<Version> no_versions()
{
    std::vector<Version> result;
    for (unsigned value = 0; value < 256; ++value)
        if (value < 3 || value > 5) result.push_back(static_cast<Version>(value));
    return result;
}

/// Packets of every type with all that is optional in them, lists above all.
constexpr std::array other_packets{
    "20 0D 00 00 0A 12 00 02 61 37 21 00 0A 24 01",
    "30 1C 00 03 61 2F 62 15 0B 01 0B C8 01 26 00 01 6B 00 02 76 31 26 00 01 6B 00 02 76 32 78",
    "30 04 00 01 74 70",
    "40 0C 00 0A 10 08 26 00 01 6B 00 02 76 31",
    "40 02 00 0A",
    "50 09 00 0A 87 05 1F 00 02 6E 6F",
    "62 02 00 0A",
    "70 03 00 0A 92",
    "82 15 00 0A 03 0B AC 02 00 0C 24 73 68 61 72 65 2F 67 2F 61 2F 23 19",
    "82 0E 00 0A 00 03 61 2F 62 01 00 03 63 2F 64 02",
    "90 05 00 0A 00 01 8F",
    "90 05 00 0A 00 02 80",
    "A2 08 00 0A 00 00 03 61 2F 62",
    "B0 05 00 0A 00 00 11",
    "B0 02 00 0A",
    "C0 00",
    "D0 00",
    "E0 0A 9D 08 1C 00 01 62 1F 00 01 72",
    "E0 00",
    "F0 0F 18 0D 15 00 05 53 43 52 41 4D 16 00 02 01 02",
};

constexpr std::array connects{
    "10 10 00 06 4D 51 49 73 64 70 03 02 00 3C 00 02 63 31",
    "10 0E 00 04 4D 51 54 54 04 02 00 3C 00 02 63 31",
    "10 2F 00 04 4D 51 54 54 05 CE 00 0A 08 11 00 00 00 0A 21 00 14 00 02 63 31 07 01 01 18 00 00 00 05 00 03 77 2F 74 "
    "00 03 62 79 65 00 01 75 00 01 70",
};

constexpr std::array leniencies{Leniency::none, static_cast<Leniency>(0xFF)};

template <class T>
void is_refused(const Result<T>& result)
{
    if (result) FAIL("taken");
    CHECK(result.error().code == Errc::version_unknown);
}

template <class... Alternatives>
void own_decodes_refuse(std::type_identity<std::variant<Alternatives...>>, std::span<const std::byte> bytes,
    Version version, Leniency leniency, Role role)
{
    const auto decode_if = [&]<class Alternative>(std::type_identity<Alternative>) {
        if (static_cast<unsigned>(bytes[0]) >> 4U == static_cast<unsigned>(Alternative::type))
            is_refused(Alternative::decode(bytes, version, leniency, role));
    };
    (decode_if(std::type_identity<Alternatives>{}), ...);
}

} // namespace

TEST_CASE("a version that is none is refused by every form of decode")
{
    for (const std::string_view sample : other_packets) {
        const Bytes wire = bytes(sample);
        const Frame frame = read_frame(wire).value();
        for (const Version version : no_versions()) {
            CAPTURE(sample, static_cast<unsigned>(version));
            for (const Leniency leniency : leniencies) {
                for (const Role role : roles) {
                    is_refused(mqttwire::decode(wire, version, leniency, role));
                    is_refused(mqttwire::decode(frame, version, leniency, role));
                    own_decodes_refuse(std::type_identity<Packet>{}, wire, version, leniency, role);
                    const auto nowhere = [](Field, std::span<const std::byte>) {};
                    CHECK(layout(frame, version, nowhere, leniency, role).code == Errc::version_unknown);
                }
            }
        }
    }
}

TEST_CASE("bytes that are no packet are none in no version either")
{
    for (const std::string_view wire : {"", "00 00", "0F 00", "00 01 00", "30", "30 05 00 01"}) {
        for (const Version version : no_versions()) {
            CAPTURE(wire, static_cast<unsigned>(version));
            CHECK(mqttwire::decode(bytes(wire), version).error() == read_frame(bytes(wire)).error());
        }
    }
}

TEST_CASE("a CONNECT tells its own version, whatever the caller names")
{
    for (const std::string_view sample : connects) {
        const Bytes wire = bytes(sample);
        const Frame frame = read_frame(wire).value();
        for (const Version version : no_versions()) {
            CHECK(mqttwire::decode(wire, version) == mqttwire::decode(wire));
            CHECK(mqttwire::decode(frame, version) == mqttwire::decode(wire));
            CHECK(Connect::decode(wire, version) == Connect::decode(wire));
            CHECK(layout(frame, version, [](Field, std::span<const std::byte>) {}) == Error{});
        }
    }
}

TEST_CASE("a version that is none is refused by every form of encode, which writes nothing")
{
    std::vector<Packet> packets;
    std::vector<Bytes> wires; // what the packets point into
    for (const std::string_view sample : other_packets) wires.push_back(bytes(sample));
    for (const std::string_view sample : connects) wires.push_back(bytes(sample));
    for (const Bytes& wire : wires)
        for (const Version version : versions)
            if (const Result<Packet> packet = mqttwire::decode(wire, version)) packets.push_back(*packet);
    CHECK(packets.size() > 40);
    const Bytes untouched(100, std::byte{0xA5});
    for (const Packet& packet : packets) {
        for (const Version version : no_versions()) {
            CAPTURE(static_cast<unsigned>(version), name(type_of(packet)));
            for (const Leniency leniency : leniencies) {
                for (const Role role : roles) {
                    Bytes buffer = untouched;
                    is_refused(encode(packet, buffer, version, leniency, role));
                    is_refused(encoded_size(packet, version, leniency, role));
                    std::visit(
                        [&](const auto& held) {
                            is_refused(held.encode(buffer, version, leniency, role));
                            is_refused(held.encoded_size(version, leniency, role));
                        },
                        packet);
                    CHECK(buffer == untouched);
                }
            }
        }
    }
}

TEST_CASE("a CONNECT that claims a version that is none is not of the version that it is written in")
{
    for (const Version claimed : no_versions()) {
        const Connect connect{.client_id = "c", .clean_start = true, .version = claimed};
        for (const Version version : versions) CHECK(encoded(connect, version).error.code == Errc::version_mismatch);
    }
}

TEST_CASE("what else asks for a version has an answer for one that is none")
{
    for (const Version version : no_versions()) {
        CHECK(name(version).empty());
        CHECK(clause({.code = Errc::qos_3, .packet = PacketType::publish}, version).empty());
        // Topics are judged by the rules that hold in every version.
        CHECK(valid_topic_name("a/b", version));
        CHECK_FALSE(valid_topic_name("a/#", version));
        CHECK_FALSE(valid_topic_name("", version));
        CHECK(valid_topic_filter("a/#", version));
        CHECK_FALSE(valid_topic_filter("a#", version));
    }
}
