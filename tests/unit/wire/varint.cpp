// Variable Byte Integers and RemainingLengthParser: [3.1.1: section 2.2.3; 5.0: section 1.5.5].
#include "unit/check.hpp"

using namespace check;

namespace {

struct Number {
    std::string_view wire;
    std::uint32_t value;
    bool minimal = true;
};

/// The limits of the specification's table, its examples, and forms of more bytes than needed.
constexpr std::array numbers{
    Number{"00", 0},
    Number{"7F", 127},
    Number{"80 01", 128},
    Number{"FF 7F", 16'383},
    Number{"80 80 01", 16'384},
    Number{"FF FF 7F", 2'097'151},
    Number{"80 80 80 01", 2'097'152},
    Number{"FF FF FF 7F", 268'435'455},
    Number{"C1 02", 321},
    Number{"80 00", 0, false},
    Number{"89 00", 9, false},
    Number{"FF 80 00", 127, false},
    Number{"FF FF 80 00", 16'383, false},
    Number{"FF FF FF 00", 2'097'151, false},
    Number{"80 80 80 00", 0, false},
};

using Status = RemainingLengthParser::Status;

} // namespace

TEST_CASE("RemainingLengthParser takes a number byte by byte")
{
    for (const Number& sample : numbers) {
        const Bytes wire = bytes(sample.wire);
        RemainingLengthParser parser;
        CHECK(parser.status() == Status::need_more);
        for (std::size_t i = 0; i < wire.size(); ++i) {
            CHECK(parser.size() == i);
            CHECK(parser.push(wire[i]) == (i + 1 == wire.size() ? Status::done : Status::need_more));
        }
        CHECK(parser.value() == sample.value);
        CHECK(parser.size() == wire.size());
        CHECK(parser.minimal() == sample.minimal);
        // What comes behind is not taken.
        CHECK(parser.push(std::byte{0x05}) == Status::done);
        CHECK(parser.push(bytes("FF FF")) == 0);
        CHECK(parser.value() == sample.value);
        CHECK(parser.size() == wire.size());
    }
}

TEST_CASE("RemainingLengthParser takes a number in spans of any sizes")
{
    for (const Number& sample : numbers) {
        const Bytes wire = bytes(sample.wire);
        const Bytes with_more = wire + bytes("FF 00 FF");
        for (std::size_t cut = 0; cut <= wire.size(); ++cut) {
            RemainingLengthParser parser;
            const std::span<const std::byte> all = with_more;
            CHECK(parser.push(all.first(cut)) == cut);
            CHECK(parser.push(std::span<const std::byte>{}) == 0);
            CHECK(parser.push(all.subspan(cut)) == wire.size() - cut);
            CHECK(parser.status() == Status::done);
            CHECK(parser.value() == sample.value);
            CHECK(parser.minimal() == sample.minimal);
        }
    }
}

TEST_CASE("a fourth byte that asks for a fifth is an error at once")
{
    for (unsigned fourth = 0x80; fourth < 0x100; ++fourth) {
        for (const std::string_view first : {"80 80 80", "FF FF FF"}) {
            RemainingLengthParser parser;
            CHECK(parser.push(bytes(first)) == 3);
            CHECK(parser.status() == Status::need_more);
            CHECK(parser.push(static_cast<std::byte>(fourth)) == Status::too_long);
            CHECK(parser.push(std::byte{0}) == Status::too_long);
            CHECK(parser.push(bytes("00 00")) == 0);
            parser.reset();
            CHECK(parser.status() == Status::need_more);
            CHECK(parser.size() == 0);
            CHECK(parser.push(std::byte{5}) == Status::done);
            CHECK(parser.value() == 5);
        }
    }
}

TEST_CASE("RemainingLengthParser works while compiling")
{
    constexpr std::uint32_t value = [] {
        RemainingLengthParser parser;
        parser.push(std::byte{0xC1});
        parser.push(std::byte{0x02});
        return parser.value();
    }();
    STATIC_REQUIRE(value == 321);
}

TEST_CASE("numbers are written in their shortest form")
{
    for (const Number& sample : numbers) {
        if (!sample.minimal) continue;
        std::array<std::byte, 4> buffer{};
        const std::byte* const end = wire::store_varint(buffer.data(), sample.value);
        CHECK(Bytes(buffer.data(), buffer.data() + (end - buffer.data())) == bytes(sample.wire));
        CHECK(wire::varint_size(sample.value) == bytes(sample.wire).size());
    }
}
