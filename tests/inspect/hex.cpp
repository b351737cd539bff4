// The reader of hexadecimal input.
#include "hex.hpp"

#include "support/catch.hpp"
#include "support/hex.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace mqttwire::test {

TEST_CASE("Digits of either case make bytes, with white space anywhere", "[inspect]")
{
    inspect::HexReader reader;
    Bytes bytes;
    CHECK(reader.read(" 0\t1\r\n2 3\v\fAb", bytes));
    CHECK(reader.at_byte_end());
    CHECK(to_hex(bytes) == "0123ab");
}

TEST_CASE("A byte may be spread over two pieces", "[inspect]")
{
    inspect::HexReader reader;
    Bytes bytes;
    CHECK(reader.read("c", bytes));
    CHECK_FALSE(reader.at_byte_end());
    CHECK(bytes.empty());
    CHECK(reader.read("0", bytes));
    CHECK(reader.at_byte_end());
    CHECK(to_hex(bytes) == "c0");
}

TEST_CASE("The first bad character ends the reading and is told", "[inspect]")
{
    for (int character = 0; character < 256; ++character) {
        const char bad = static_cast<char>(character);
        const bool good = std::string_view("0123456789abcdefABCDEF \t\r\n\v\f").find(bad) != std::string_view::npos;
        inspect::HexReader reader;
        Bytes bytes;
        CAPTURE(character);
        CHECK(reader.read(std::string("c0") + bad + "0", bytes) == good);
        CHECK(reader.position() == (good ? 4 : 2));
        CHECK(bytes.at(0) == std::byte{0xC0});
    }
}

} // namespace mqttwire::test
