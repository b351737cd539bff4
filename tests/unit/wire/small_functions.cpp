// What small programs take for granted about memory, and what only they do.
#include "mqttwire/wire/small_functions.hpp"

#include "mqttwire/mqttwire.hpp"
#include "support/catch.hpp"

#include <array>
#include <cstddef>
#include <cstring>
#include <new>
#include <variant>

using namespace mqttwire;

namespace {

template <class Packet>
void check_memory()
{
    CAPTURE(name(Packet::type));

    alignas(Packet) std::byte zeros[sizeof(Packet)]{};
    CHECK(*std::launder(reinterpret_cast<const Packet*>(zeros)) == Packet{});

    const auto byte_at = [](const Result<Packet>& result, std::size_t index) {
        unsigned char byte = 0;
        std::memcpy(&byte, reinterpret_cast<const std::byte*>(&result) + index, 1);
        return byte;
    };
    Result<Packet> value{Packet{}};
    value.note(Leniency::v3_connack);
    CHECK(static_cast<const void*>(&*value) == static_cast<const void*>(&value));
    CHECK(byte_at(value, Result<Packet>::outcome_at) == 1);
    CHECK(byte_at(value, Result<Packet>::outcome_at + 1) == static_cast<unsigned char>(Leniency::v3_connack));
    const Result<Packet> error{Error{.code = Errc::incomplete}};
    CHECK(static_cast<const void*>(&error.error()) == static_cast<const void*>(&error));
    CHECK(byte_at(error, Result<Packet>::outcome_at) == 0);
}

template <class... Packets>
void check_all(const std::variant<Packets...>*)
{
    (check_memory<Packets>(), ...);
}

} // namespace

TEST_CASE("a packet of zero bytes has its defaults, and a Result its outcome behind it")
{
    check_all(static_cast<const Packet*>(nullptr));
}

// With -Os these two go by walkers that know the rules, though not the version; see surely_strict.
TEST_CASE("where code size counts, decode and encode by the strict rules in a version that is known at run time")
{
    const std::array bytes{std::byte{0x40}, std::byte{3}, std::byte{0}, std::byte{10}, std::byte{0x10}};
    const auto decode = [&](Version version) {
        return wire::decode_to_be_small<PubAck>(bytes, wire::AnyVersion{version}, Leniency::none, Role::unknown);
    };
    const PubAck packet{.packet_id = 10, .reason_code = ReasonCode::no_matching_subscribers};
    REQUIRE(decode(Version::v5));
    CHECK(*decode(Version::v5) == packet);
    REQUIRE_FALSE(decode(Version::v3_1_1));
    CHECK(decode(Version::v3_1_1).error().code == Errc::bytes_left_over);

    std::array<std::byte, 5> buffer{};
    const auto encode = [&](Version version) {
        return wire::encode_to_be_small(packet, buffer, wire::AnyVersion{version}, Leniency::none, Role::unknown);
    };
    const auto refused = encode(Version::v3_1_1);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == Errc::not_in_version);
    CHECK(buffer == std::array<std::byte, 5>{});
    REQUIRE(encode(Version::v5));
    CHECK(buffer == bytes);
}
