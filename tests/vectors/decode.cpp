// Every vector that is one packet, decoded whole.
#include "support/catch.hpp"
#include "support/compare_fields.hpp"
#include "support/vector.hpp"

#include <mqttwire/mqttwire.hpp>

#include <span>
#include <string>
#include <vector>

namespace mqttwire::test {

namespace {

Verdict verdict_of(const Result<Packet>& result) { return result ? Verdict::ok : test::verdict_of(result.error()); }

} // namespace

TEST_CASE("Every vector gets the verdict that it expects", "[vectors]")
{
    for (const Vector* vector : vectors_where(is_for_decoder)) {
        INFO(vector->id);
        CHECK(name(verdict_of(decode_vector(*vector))) == name(vector->expect));
    }
}

TEST_CASE("A valid packet holds its fields, none missing and none added", "[vectors]")
{
    for (const Vector* vector : vectors_where(is_valid_packet)) {
        INFO(vector->id);
        const Result<Packet> packet = decode_vector(*vector);
        REQUIRE(packet);
        CHECK(name(type_of(*packet)) == vector->packet);
        CHECK(differences(*packet, *vector->fields, *vector->version) == std::vector<std::string>{});
        CHECK(packet.let_pass() == vector->leniency);
    }
}

TEST_CASE("An error tells what the vector tells about it", "[vectors]")
{
    for (const Vector* vector : vectors_where(is_for_decoder)) {
        if (vector->expect != Verdict::error) continue;
        INFO(vector->id);
        const Result<Packet> packet = decode_vector(*vector);
        REQUIRE_FALSE(packet);
        const Error& error = packet.error();
        const ExpectedError& expected = vector->error;
        CHECK(name(error.code) == name(expected.code.value_or(error.code)));
        CHECK(name(error.field) == name(expected.field.value_or(error.field)));
        CHECK(error.offset == expected.offset.value_or(error.offset));
        CHECK(reason_code(error.code) == expected.reason_code.value_or(reason_code(error.code)));
        if (expected.clause) {
            const std::string_view clause = mqttwire::clause(error, *vector->version);
            CHECK((clause.starts_with("MQTT-") ? clause : "") == *expected.clause);
        }
        CHECK(error.offset <= vector->bytes.size());
        CHECK(static_cast<unsigned>(error.packet) == static_cast<unsigned>(vector->bytes.front()) >> 4U);
    }
}

TEST_CASE("An incomplete packet tells how large it is, or that its length goes on", "[vectors]")
{
    for (const Vector* vector : vectors_where(is_for_decoder)) {
        if (vector->expect != Verdict::incomplete) continue;
        INFO(vector->id);
        const Result<Packet> packet = decode_vector(*vector);
        REQUIRE_FALSE(packet);
        const std::size_t size = vector->bytes.size();
        CHECK(packet.error().needed > size);
        if (vector->missing) CHECK(packet.error().needed == size + *vector->missing);
    }
}

} // namespace mqttwire::test
