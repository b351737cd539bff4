// Every vector that is a valid packet, encoded again from what was decoded and from its fields; and every one that must
// not be encoded.
#include "positions.hpp"
#include "support/build_packet.hpp"
#include "support/catch.hpp"
#include "support/compare_fields.hpp"
#include "support/vector.hpp"

#include <mqttwire/mqttwire.hpp>

#include <map>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace mqttwire::test {

namespace {

constexpr std::byte untouched{0xA5};

bool is_untouched(std::span<const std::byte> buffer) { return same_bytes(buffer, Bytes(buffer.size(), untouched)); }

/// The bytes of a packet, in a buffer with room to spare that must stay as it is. Empty if they cannot be had.
Bytes encode_vector(const Vector& vector, const Packet& packet)
{
    const Version version = version_to_encode(vector, packet);
    const Result<std::size_t> size = encoded_size(packet, version, vector.leniency, vector.role);
    if (!size) return {};
    constexpr std::size_t spare = 8;
    Bytes buffer(*size + spare, untouched);
    const auto written = encode(packet, buffer, version, vector.leniency, vector.role);
    if (!written || written->data() != buffer.data() || written->size() != *size) return {};
    if (!is_untouched(std::span(buffer).last(spare))) return {};
    buffer.resize(*size);
    return buffer;
}

/// What is wrong about how the encoder refuses a buffer of this size, one that is too small.
std::string refusal_fault(const Vector& vector, const Packet& packet, std::size_t room, std::size_t needed)
{
    const Version version = version_to_encode(vector, packet);
    Bytes buffer(room, untouched);
    const auto written = encode(packet, buffer, version, vector.leniency, vector.role);
    if (written) return "a buffer of " + std::to_string(room) + " bytes was taken";
    const Error expected{
        .code = Errc::buffer_too_small, .packet = type_of(packet), .needed = static_cast<std::uint32_t>(needed)};
    if (written.error() != expected) return "a buffer of " + std::to_string(room) + " bytes gives another error";
    if (!is_untouched(buffer)) return "a buffer of " + std::to_string(room) + " bytes was written to";
    return {};
}

void check_refusal(const Vector& vector, const Packet& packet, Version version)
{
    Bytes buffer(512, untouched);
    const auto written = encode(packet, buffer, version);
    REQUIRE_FALSE(written);
    CHECK(is_untouched(buffer));
    const Error& error = written.error();
    CHECK(error.packet == type_of(packet));
    CHECK(name(error.code) != name(Errc::buffer_too_small));
    CHECK(name(error.code) == name(vector.error.code.value_or(error.code)));
    CHECK(name(error.field) == name(vector.error.field.value_or(error.field)));
    if (error.code == Errc::packet_too_large) return; // the size of 256 MB takes long enough to find once
    const Result<std::size_t> size = encoded_size(packet, version);
    REQUIRE_FALSE(size);
    CHECK((size.error() == error));
}

} // namespace

TEST_CASE("A decoded packet encodes to the bytes it came from if they were canonical", "[vectors]")
{
    for (const Vector* vector : vectors_where(is_valid_packet)) {
        if (!vector->canonical) continue;
        INFO(vector->id);
        const Result<Packet> packet = decode_vector(*vector);
        REQUIRE(packet);
        CHECK(same_bytes(encode_vector(*vector, *packet), vector->bytes));
    }
}

TEST_CASE("A decoded packet that was not canonical encodes to other bytes that say the same", "[vectors]")
{
    for (const Vector* vector : vectors_where(is_valid_packet)) {
        if (vector->canonical) continue;
        INFO(vector->id);
        const Result<Packet> packet = decode_vector(*vector);
        REQUIRE(packet);
        const Bytes canonical = encode_vector(*vector, *packet);
        CHECK_FALSE(same_bytes(canonical, vector->bytes));
        const Result<Packet> again = decode(canonical, vector->version.value());
        REQUIRE(again);
        CHECK(differences(*again, *vector->fields, *vector->version) == std::vector<std::string>{});
        CHECK(same_bytes(encode_vector(*vector, *again), canonical));
    }
}

TEST_CASE("A packet built from its fields encodes to the same bytes as the decoded one", "[vectors]")
{
    for (const Vector* vector : vectors_where(is_valid_packet)) {
        INFO(vector->id);
        const BuiltPacket built = build_packet(*vector->packet, *vector->fields, *vector->version);
        CHECK(built.problems == std::vector<std::string>{});
        const Result<Packet> decoded = decode_vector(*vector);
        REQUIRE(decoded);
        const Bytes expected = vector->canonical ? vector->bytes : encode_vector(*vector, *decoded);
        CHECK(same_bytes(encode_vector(*vector, built.packet), expected));
        CHECK((built.packet == *decoded));
    }
}

TEST_CASE("A buffer that is too small is refused with the size that would do and stays as it is", "[vectors]")
{
    for (const Vector* vector : vectors_where(is_valid_packet)) {
        INFO(vector->id);
        const Result<Packet> packet = decode_vector(*vector);
        REQUIRE(packet);
        const std::size_t size = encode_vector(*vector, *packet).size();
        REQUIRE(size != 0);
        std::string fault;
        for_positions(size, [&](std::size_t room) {
            if (fault.empty()) fault = refusal_fault(*vector, *packet, room, size);
        });
        CHECK(fault == "");
    }
}

TEST_CASE("What must not be encoded is refused, and nothing is written", "[vectors]")
{
    std::map<std::string, std::vector<std::string>> without_place;
    for (const Vector* vector : vectors_where([](const Vector& v) { return v.is_for_encoder; })) {
        INFO(vector->id);
        REQUIRE(vector->expect == Verdict::error);
        BuiltPacket built = build_packet(*vector->packet, *vector->fields, vector->version.value_or(Version::v5));
        if (!built.problems.empty()) {
            without_place.emplace(vector->id, std::move(built.problems));
            continue;
        }
        for (const Version version : {Version::v3_1, Version::v3_1_1, Version::v5})
            if (version == vector->version.value_or(version)) check_refusal(*vector, built.packet, version);
    }
    // These cannot even be said: the members have no place for them.
    CHECK(without_place
        == std::map<std::string, std::vector<std::string>>{
            {"mqtt-packet/enc-unknown-protocol-name", {"protocol_name"}},
            {"mochi/enc-protocol-name-wrong", {"protocol_name"}},
            {"mqtt-packet/enc-message-expiry-negative", {"message_expiry_interval"}},
            {"mqtt-packet/enc-topic-alias-negative", {"topic_alias"}},
            {"mqtt-packet/enc-subscription-identifier-negative", {"subscription_identifier"}},
        });
}

} // namespace mqttwire::test
