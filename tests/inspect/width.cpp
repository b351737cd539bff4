// Lines that fit a terminal.
#include "width.hpp"

#include "run.hpp"

#include "support/catch.hpp"

#include <string>
#include <string_view>

namespace mqttwire::test {

namespace {

std::string cut(std::string_view line, std::size_t width)
{
    std::string out;
    inspect::append_cut(out, line, width);
    return out;
}

std::string wrapped(std::string_view line, std::size_t width, std::size_t indent)
{
    std::string out;
    inspect::append_wrapped(out, line, width, indent);
    return out;
}

} // namespace

TEST_CASE("Columns are those of a terminal", "[inspect]")
{
    CHECK(inspect::columns("") == 0);
    CHECK(inspect::columns("abc") == 3);
    CHECK(inspect::columns("\xC3\xA9") == 1);
    CHECK(inspect::columns("\xE6\xB8\xA9\xE5\xBA\xA6") == 4);
    CHECK(inspect::columns("\xF0\x9F\x8C\xA1") == 2);
    CHECK(inspect::columns("\x1b[31mred\x1b[0m") == 3);
    CHECK(inspect::columns("\xFF") == 1);
}

TEST_CASE("A line that is wider is cut, and ends in dots", "[inspect]")
{
    CHECK(cut("abcdefgh", 0) == "abcdefgh");
    CHECK(cut("abcdefgh", 8) == "abcdefgh");
    CHECK(cut("abcdefgh", 7) == "abcd...");
    CHECK(cut("abcdefgh", 3) == "...");
    CHECK(cut("abcdefgh", 1) == ".");
    CHECK(cut("\xE6\xB8\xA9\xE5\xBA\xA6\xE6\xB8\xA9", 5) == "\xE6\xB8\xA9...");
    CHECK(cut("\x1b[31mabcdefgh\x1b[0m", 6) == "\x1b[31mabc...\x1b[0m");
}

TEST_CASE("A line that is wider is wrapped at blanks, with an indent", "[inspect]")
{
    CHECK(wrapped("one two three four five", 0, 4) == "one two three four five");
    CHECK(wrapped("one two three four five", 23, 4) == "one two three four five");
    CHECK(wrapped("one two three four five", 14, 4) == "one two three\n    four five");
    CHECK(wrapped("one two three four", 13, 4) == "one two three\n    four");
    CHECK(wrapped("  two three four", 12, 2) == "  two three\n  four");
    CHECK(wrapped("abcdefghijklmnopqrst", 12, 2) == "abcdefghijkl\n  mnopqrst");
    CHECK(wrapped("ab cd", 3, 90) == "ab\ncd"); // no room for an indent
    CHECK(wrapped("\xE6\xB8\xA9\xE5\xBA\xA6", 1, 0) == "\xE6\xB8\xA9\n\xE5\xBA\xA6");
}

TEST_CASE("No line for people is wider than asked, and no line for programs is cut", "[inspect]")
{
    const std::string hex = "103c00044d51545405c6003c08110000003c210001000964697370"
                            "6c61792d330000087374617475732f330004676f6e650003616e6e0006733363726574"
                            "311c00036123"
                            "2f"
                            "0e6d6573736167652c206d6573736167652c206d6573736167"
                            "00ffffffff"; // behind the reserved packet type nothing can be read
    for (const std::uint32_t width : {20U, 40U, 80U, 120U}) {
        for (const inspect::Mode mode : {inspect::Mode::lines, inspect::Mode::explain, inspect::Mode::stats}) {
            inspect::Options options;
            options.mode = mode;
            options.hex = true;
            options.width = width;
            const std::string out = run(options, hex).out;
            CAPTURE(width, out);
            CHECK(lines_of(out).size() > 2);
            // In a narrow window the first columns of a line cannot be left out.
            const std::uint32_t widest = mode == inspect::Mode::lines ? std::max(width, 60U) : width;
            for (const std::string& line : lines_of(out)) CHECK(inspect::columns(line) <= widest);
        }
    }
    inspect::Options json;
    json.mode = inspect::Mode::json;
    json.hex = true;
    const std::string whole = run(json, hex).out;
    json.width = 20;
    CHECK(run(json, hex).out == whole);
}

} // namespace mqttwire::test
