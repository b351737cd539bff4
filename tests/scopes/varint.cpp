// Sequences of four bytes through the readers of Variable Byte Integers, against the arithmetic of the standard.
#include "scopes/four_bytes.hpp"
#include "support/catch.hpp"

#include "mqttwire/wire/varint.hpp"

#include <span>

using namespace mqttwire;

namespace {

struct Number {
    std::uint32_t size = 0; ///< 0: cut off; 5: too long
    std::uint32_t value = 0;
};

/// The decoding of the standard, with the multiplier that it speaks of [5.0: section 1.5.5].
Number reference(std::span<const std::byte> bytes)
{
    Number number;
    std::uint32_t multiplier = 1;
    for (const std::byte byte : bytes) {
        number.value += static_cast<std::uint32_t>(byte) % 128 * multiplier;
        ++number.size;
        if (static_cast<unsigned>(byte) < 128) return number;
        if (number.size == 4) return {5, 0};
        multiplier *= 128;
    }
    return {};
}

bool agrees(std::span<const std::byte> bytes)
{
    const Number expected = reference(bytes);
    const wire::Varint seen = wire::load_varint(bytes.data(), bytes.data() + bytes.size());
    RemainingLengthParser parser;
    const std::size_t taken = parser.push(bytes);
    using enum RemainingLengthParser::Status;
    if (expected.size == 0) return seen.size == 0 && parser.status() == need_more && taken == bytes.size();
    if (expected.size == 5)
        return seen.size == wire::Varint::too_long && !seen.valid() && parser.status() == too_long && taken == 4;
    // The shortest form of a value has 7 bits a byte.
    std::uint32_t shortest = 1;
    for (std::uint32_t rest = expected.value / 128; rest != 0; rest /= 128) ++shortest;
    const bool minimal = shortest == expected.size;
    std::array<std::byte, 4> written{};
    const std::byte* const end = wire::store_varint(written.data(), expected.value);
    return seen.valid() && seen.size == expected.size && seen.value == expected.value
        && wire::is_minimal(seen) == minimal && parser.status() == done && parser.value() == expected.value
        && parser.size() == expected.size && taken == expected.size && parser.minimal() == minimal
        && wire::varint_size(expected.value) == shortest && end == written.data() + shortest
        && reference(written).value == expected.value && wire::load_valid_varint(bytes.data()).value == expected.value;
}

bool parsers_of_four_agree(const scopes::FourBytes& bytes) { return agrees(bytes); }

bool parsers_of_up_to_three_agree(const scopes::FourBytes& bytes)
{
    for (std::size_t size = 0; size <= 3; ++size)
        if (!agrees(std::span(bytes).first(size))) return false;
    return true;
}

} // namespace

TEST_CASE("all variable byte integers of up to three bytes")
{
    scopes::FourBytes bytes{};
    if (scopes::find_bad_three(bytes, parsers_of_up_to_three_agree)) FAIL("0x" << std::hex << scopes::number(bytes));
}

TEST_CASE("variable byte integers of four bytes at their boundaries")
{
    scopes::FourBytes bytes{};
    if (scopes::find_bad_boundary(bytes, parsers_of_four_agree)) FAIL("0x" << std::hex << scopes::number(bytes));
}

TEST_CASE("all variable byte integers of four bytes", "[.][whole][varint_whole]")
{
    scopes::FourBytes bytes{};
    if (scopes::find_bad(bytes, parsers_of_four_agree)) FAIL("0x" << std::hex << scopes::number(bytes));
}
