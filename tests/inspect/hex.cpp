// The reader of hexadecimal input.
#include "hex.hpp"

#include "support/catch.hpp"
#include "support/hex.hpp"

#include <algorithm>
#include <cstdint>
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
    CHECK(reader.read("c0 e", bytes));
    CHECK_FALSE(reader.at_byte_end());
    CHECK(to_hex(bytes) == "c0");
    CHECK(reader.read("0", bytes));
    CHECK(reader.at_byte_end());
    CHECK(to_hex(bytes) == "c0e0");
}

TEST_CASE("The first bad character ends the reading and is told", "[inspect]")
{
    for (int character = 0; character < 256; ++character) {
        const char bad = static_cast<char>(character);
        const bool good = std::string_view("0123456789abcdefABCDEF \t\r\n\v\f").find(bad) != std::string_view::npos;
        inspect::HexReader reader;
        Bytes bytes;
        CAPTURE(character);
        CHECK((reader.read(std::string("c0") + bad + "0", bytes) && reader.finish(bytes)) == good);
        CHECK(reader.position() == (good ? 4 : 2));
        CHECK(bytes.at(0) == std::byte{0xC0});
    }
}

TEST_CASE("What C programs, xxd and hexdump print is read like digits, however it is cut", "[inspect]")
{
    struct Form {
        std::string text;
        std::string_view bytes;
    };
    const std::vector<Form> forms{
        {"{0x30, 0x06, 0X00,0x03,\n 0x61, 0x2f};\n", "30060003612f"},
        {"0x30 0x06", "3006"},
        {"00000000: 100e 0004 4d51 5454 0402 003c 0002 6162  ....MQTT...<..ab\n"
         "00000010: c000                                     ..\n",
            "100e00044d5154540402003c00026162c000"},
        {"00000000: 10 0e 00                                         ba  be\n", "100e00"},
        {"00000000: c0                                       .", "c0"},
        {"00000000  10 0e 00 04 4d 51 54 54  04 02 00 3c 00 02 61 62  |....MQTT...<..ab|\r\n"
         "00000010  c0 00                                             |..|\n00000012\n",
            "100e00044d5154540402003c00026162c000"},
        {"0000000  c0 00\n", "c000"},
        {"00000000  01 02 03 04 05 06 07 08  09 0a 0b 0c 0d 0e 0f 10  |................|\n"
         "*\n"
         "00000030  ff                                                |.|\n00000031\n",
            "0102030405060708090a0b0c0d0e0f100102030405060708090a0b0c0d0e0f100102030405060708090a0b0c0d0e0f10ff"},
        // What xxd -s and hexdump -C -s print.
        {"00000010: c000 e000                                ....\n", "c000e000"},
        {"1234abcd: c0\n1234abce: 00\n", "c000"},
        {"0000000f  c0 00                                             |..|\n00000011\n", "c000"},
        {"00000005  01 02 03 04 05 06 07 08  09 0a 0b 0c 0d 0e 0f 10  |................|\n"
         "*\n"
         "00000025  ff                                                |.|\n00000026\n",
            "0102030405060708090a0b0c0d0e0f100102030405060708090a0b0c0d0e0f10ff"},
        // Digits, of which the first look like an offset.
        {"100d0004  4d 51 54 54", "100d00044d515454"},
        {"100d0004  4d 51\n54 54", "100d00044d515454"},
        {"30050001 61 00 78", "30050001610078"},
        {"3005000  161 00 78", "30050001610078"},
        {"30060003  " + std::string(90, ' ') + "61", "3006000361"},
        {"00000000", "00000000"},
        {"0000000000000000000000000000000001", "0000000000000000000000000000000001"},
        {"00", "00"},
        {"0000000 1", "00000001"},
        {"", ""},
    };
    for (const Form& form : forms) {
        for (std::size_t size = 1; size <= form.text.size() + 1; ++size) {
            CAPTURE(form.text, size);
            inspect::HexReader reader;
            Bytes bytes;
            std::string_view rest = form.text;
            while (!rest.empty()) {
                CHECK(reader.read(rest.substr(0, size), bytes));
                rest.remove_prefix(std::min(size, rest.size()));
            }
            CHECK(reader.finish(bytes));
            CHECK(reader.at_byte_end());
            CHECK(to_hex(bytes) == form.bytes);
        }
    }
}

TEST_CASE("The bad character of a dump is told", "[inspect]")
{
    struct Fault {
        std::string_view text;
        std::uint64_t position;
    };
    for (const Fault& fault : {Fault{"00000000: c0g0\n", 12}, Fault{"00000000  c0 0|.|\n", 14},
             Fault{"00000000: c000  ..\nx\n", 19}, Fault{"0x30, z", 6}, Fault{"0x3x", 3}, Fault{"*", 0},
             Fault{"00000010: c0g0\n", 12}, Fault{"00000010  c0 0|.|\n", 14}, Fault{"10000010  c0 g", 13}}) {
        inspect::HexReader reader;
        Bytes bytes;
        CAPTURE(fault.text);
        CHECK_FALSE((reader.read(fault.text, bytes) && reader.finish(bytes)));
        CHECK(reader.position() == fault.position);
    }
}

} // namespace mqttwire::test
