// What small programs take for granted about memory.
#include "mqttwire/wire/small_functions.hpp"

#include "mqttwire/mqttwire.hpp"
#include "support/catch.hpp"

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
