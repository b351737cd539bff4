// Do all readers of Variable Byte Integers agree with the arithmetic of the specification, however the bytes arrive?
//
// Input: the size of the first piece, and the bytes.
#include "support/bytes.hpp"
#include "support/input.hpp"
#include "support/require.hpp"
#include "support/target.hpp"

#include <mqttwire/wire/varint.hpp>

#include <algorithm>
#include <array>
#include <span>

namespace mqttwire::fuzz::remaining_length_target {

namespace {

using Status = RemainingLengthParser::Status;

struct Number {
    Status status = Status::need_more;
    std::uint32_t value = 0;
    std::size_t size = 0; ///< bytes taken
};

/// The algorithm as the specification writes it [3.1.1: section 2.2.3; 5.0: section 1.5.5].
Number read_plainly(std::span<const std::byte> bytes)
{
    Number number;
    std::uint32_t multiplier = 1;
    for (const std::byte each : bytes) {
        const auto byte = static_cast<std::uint32_t>(each);
        ++number.size;
        number.value += byte % 128 * multiplier;
        if (byte < 128) {
            number.status = Status::done;
            return number;
        }
        if (number.size == 4) {
            number.status = Status::too_long;
            return number;
        }
        multiplier *= 128;
    }
    return number;
}

std::size_t fewest_bytes(std::uint32_t value)
{
    std::size_t size = 1;
    for (; value >= 128; value /= 128) ++size;
    return size;
}

void check_parser(const RemainingLengthParser& parser, const Number& expected)
{
    require(parser.status() == expected.status && parser.size() == expected.size,
        "the parser takes what belongs to the number");
    if (expected.status != Status::done) return;
    require(parser.value() == expected.value, "the parser reads the number");
    require(parser.minimal() == (fewest_bytes(expected.value) == expected.size), "the parser tells the shortest form");
}

void check_pieces(std::span<const std::byte> bytes, std::size_t first_size, const Number& expected)
{
    RemainingLengthParser parser;
    const std::size_t first = parser.push(bytes.first(first_size));
    require(first == std::min(first_size, expected.size), "the parser takes no byte behind the number");
    const std::size_t second = parser.push(bytes.subspan(first_size));
    require(first + second == expected.size, "two pieces are taken as one");
    check_parser(parser, expected);

    parser.reset();
    for (const std::byte byte : bytes) parser.push(byte);
    check_parser(parser, expected);
}

void check_loads(std::span<const std::byte> bytes, const Number& expected)
{
    const wire::Varint loaded = wire::load_varint(bytes.data(), bytes.data() + bytes.size());
    require(loaded.valid() == (expected.status == Status::done), "a load tells whether there is a number");
    require((loaded.size == wire::Varint::too_long) == (expected.status == Status::too_long),
        "a load tells a number too long");
    if (!loaded.valid()) return;
    require(loaded.value == expected.value && loaded.size == expected.size, "a load reads the number");
    const wire::Varint trusted = wire::load_valid_varint(bytes.data());
    require(trusted.value == expected.value && trusted.size == expected.size, "a load without checks reads the same");
    require(wire::is_minimal(loaded) == (fewest_bytes(loaded.value) == loaded.size), "a load tells the shortest form");

    std::array<std::byte, 4> stored{};
    const std::byte* const end = wire::store_varint(stored.data(), loaded.value);
    const std::span<const std::byte> form(stored.data(), end);
    require(form.size() == fewest_bytes(loaded.value) && form.size() == wire::varint_size(loaded.value),
        "a store is the shortest");
    const Number again = read_plainly(form);
    require(again.value == loaded.value && again.size == form.size(), "a store can be read");
}

void check(Input input)
{
    const std::size_t first_size = input.below(6);
    const Bytes bytes(input.take_all());
    const Number expected = read_plainly(bytes);
    check_pieces(bytes, std::min(first_size, bytes.size()), expected);
    check_loads(bytes, expected);
}

} // namespace

} // namespace mqttwire::fuzz::remaining_length_target

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    mqttwire::fuzz::remaining_length_target::check({data, size});
    return 0;
}
