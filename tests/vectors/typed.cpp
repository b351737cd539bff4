// The forms of decode and encode that know the packet's type, or its version too, do as those that know neither.
#include "positions.hpp"
#include "support/catch.hpp"
#include "support/vector.hpp"

#include <mqttwire/mqttwire.hpp>

#include <optional>
#include <span>
#include <type_traits>
#include <variant>

namespace mqttwire::test {

namespace {

/// Calls f with the version as a constant.
template <class F>
auto with_constant_version(Version version, F f)
{
    switch (version) {
    case Version::v3_1: return f(std::integral_constant<Version, Version::v3_1>{});
    case Version::v3_1_1: return f(std::integral_constant<Version, Version::v3_1_1>{});
    case Version::v5: break;
    }
    return f(std::integral_constant<Version, Version::v5>{});
}

/// The version that the packet asks for if it is a CONNECT, bridge bit or not; else that of the vector.
Version version_to_decode(const Vector& vector)
{
    const std::optional<Protocol> protocol = requested_protocol(vector.bytes);
    if (!protocol) return *vector.version;
    const auto version = static_cast<Version>(protocol->level & 0x7FU);
    return name(version).empty() ? *vector.version : version;
}

template <class T>
bool same(const Result<T>& typed, const Result<Packet>& any)
{
    if (typed.has_value() != any.has_value()) return false;
    if (!typed) return typed.error() == any.error();
    return *typed == std::get<T>(*any) && typed.let_pass() == any.let_pass();
}

bool same(const Result<std::span<std::byte>>& a, const Result<std::span<std::byte>>& b)
{
    if (a.has_value() != b.has_value()) return false;
    return a ? same_bytes(*a, *b) : a.error() == b.error();
}

template <class T>
void check_decode(const Vector& vector, const Result<Packet>& any)
{
    CHECK(same(T::decode(vector.bytes, *vector.version, vector.leniency, vector.role), any));
    CHECK(with_constant_version(version_to_decode(vector), [&](auto version) {
        const bool typed = same(T::template decode<version.value>(vector.bytes, vector.leniency, vector.role), any);
        const Result<Frame> frame = read_frame(vector.bytes);
        return typed && frame && decode<version.value>(*frame, vector.leniency, vector.role) == any;
    }));
}

template <class T>
void check_encode(const Vector& vector, const Packet& any)
{
    const T& packet = std::get<T>(any);
    const Version version = version_to_encode(vector, any);
    Bytes expected(vector.bytes.size() + 8);
    Bytes buffer(expected.size());
    const auto written = encode(any, expected, version, vector.leniency, vector.role);
    CHECK(same(packet.encode(buffer, version, vector.leniency, vector.role), written));
    const auto size = encoded_size(any, version, vector.leniency, vector.role);
    CHECK((packet.encoded_size(version, vector.leniency, vector.role) == size));
    with_constant_version(version, [&](auto constant) {
        buffer.assign(buffer.size(), std::byte{});
        CHECK(same(packet.template encode<constant.value>(buffer, vector.leniency, vector.role), written));
        CHECK((packet.template encoded_size<constant.value>(vector.leniency, vector.role) == size));
    });
}

/// Calls f with the type of the packet that the vector's first byte announces.
template <class F>
void with_packet_type(PacketType type, F f)
{
    [&]<class... Alternative>(std::variant<Alternative...>*) {
        ((Alternative::type == type ? f.template operator()<Alternative>() : void()), ...);
    }(static_cast<Packet*>(nullptr));
}

} // namespace

TEST_CASE("Decoding with a known type and version gives the same as without", "[vectors]")
{
    for (const Vector* vector : vectors_where(is_for_decoder)) {
        if (!read_frame(vector->bytes)) continue; // there is no packet to have a type
        INFO(vector->id);
        const Result<Packet> any = decode(vector->bytes, *vector->version, vector->leniency, vector->role);
        const PacketType type = read_frame(vector->bytes)->type();
        with_packet_type(type, [&]<class T>() { check_decode<T>(*vector, any); });
    }
}

TEST_CASE("Encoding with a known type and version gives the same as without", "[vectors]")
{
    for (const Vector* vector : vectors_where(is_valid_packet)) {
        INFO(vector->id);
        const Result<Packet> any = decode(vector->bytes, *vector->version, vector->leniency, vector->role);
        REQUIRE(any);
        with_packet_type(type_of(*any), [&]<class T>() { check_encode<T>(*vector, *any); });
    }
}

TEST_CASE("A packet that is decoded as another type is refused", "[vectors]")
{
    for (const Vector* vector : vectors_where(is_valid_packet)) {
        INFO(vector->id);
        const PacketType type = read_frame(vector->bytes)->type();
        const auto refused = [&]<class T>() {
            if (T::type == type) return;
            const Result<T> other = T::decode(vector->bytes, *vector->version, vector->leniency);
            REQUIRE_FALSE(other);
            const bool exists = T::type != PacketType::auth || vector->version == Version::v5;
            CHECK(name(other.error().code) == name(exists ? Errc::unexpected_packet_type : Errc::reserved_packet_type));
        };
        for (unsigned other = 1; other <= 15; ++other) with_packet_type(static_cast<PacketType>(other), refused);
    }
}

} // namespace mqttwire::test
