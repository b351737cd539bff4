// The writer of JSON text.
#include "json.hpp"

#include "support/catch.hpp"
#include "support/json.hpp"

#include <array>
#include <string>

namespace mqttwire::test {

namespace {

std::string text_as_json(std::string_view text)
{
    std::string out;
    inspect::JsonWriter(out).text(text);
    return out;
}

/// A code point below U+0800 as UTF-8.
std::string utf8(unsigned code_point)
{
    if (code_point < 0x80) return {static_cast<char>(code_point)};
    return {static_cast<char>(0xC0U | (code_point >> 6U)), static_cast<char>(0x80U | (code_point & 0x3FU))};
}

} // namespace

TEST_CASE("Text stays UTF-8, and every character that does not show is escaped", "[inspect]")
{
    for (unsigned code_point = 0; code_point < 0x800; ++code_point) {
        const std::string text = "a" + utf8(code_point) + "z";
        const std::string json = text_as_json(text);
        CAPTURE(code_point, json);
        const bool hidden = code_point < 0x20 || (code_point >= 0x7F && code_point <= 0xA0) || code_point == 0xAD
            || code_point == 0x34F || (code_point >= 0x600 && code_point <= 0x605) || code_point == 0x61C
            || code_point == 0x6DD || code_point == 0x70F;
        const bool quoted = code_point == '"' || code_point == '\\';
        CHECK((json == '"' + text + '"') == !(hidden || quoted));
        CHECK(json.starts_with("\"a\\") == (hidden || quoted));
        CHECK(parse_json(json).text() == text);
    }
}

TEST_CASE("Escapes are the short ones where JSON has them", "[inspect]")
{
    CHECK(text_as_json("\n\r\t\"\\") == R"("\n\r\t\"\\")");
    CHECK(text_as_json({"\0\x01\x1f\x7f", 4}) == R"("\u0000\u0001\u001f\u007f")");
    CHECK(text_as_json("\xC2\x80\xC2\x9F\xC2\xA1") == "\"\\u0080\\u009f\xC2\xA1\"");
    CHECK(text_as_json("\xE2\x80\xA8\xE2\x80\xA9") == R"("\u2028\u2029")"); // lines would end at them
    CHECK(text_as_json("\xF3\xA0\x80\x81|\xF4\x8F\xBF\xBF") == R"("\udb40\udc01|\udbff\udfff")");
    CHECK(text_as_json("\xE2\x80") == "\"\xE2\x80\"");
    CHECK(text_as_json("\xF0\x9F\x98\x80") == "\"\xF0\x9F\x98\x80\"");
    CHECK(text_as_json("") == R"("")");
}

TEST_CASE("Commas stand between members and elements, and nowhere else", "[inspect]")
{
    std::string out;
    inspect::JsonWriter json(out);
    json.begin_object();
    json.member("text", "a,[{:");
    json.member("yes", true);
    json.member("no", false);
    json.member("most", 0xFFFFFFFFFFFFFFFFU);
    json.key("nothing");
    json.null();
    json.key("bytes");
    json.hex(std::array{std::byte{0x00}, std::byte{0xAB}});
    json.key("no_bytes");
    json.hex({});
    json.key("list");
    json.begin_array();
    json.number(1);
    json.begin_array();
    json.end_array();
    json.begin_object();
    json.end_object();
    json.text("");
    json.end_array();
    json.end_object();
    CHECK(out
        == R"({"text":"a,[{:","yes":true,"no":false,"most":18446744073709551615,"nothing":null,)"
           R"("bytes":"00ab","no_bytes":"","list":[1,[],{},""]})");
}

TEST_CASE("A line of JSON begins anew behind a line feed", "[inspect]")
{
    std::string out = "{}\n";
    inspect::JsonWriter(out).begin_object();
    CHECK(out == "{}\n{");
}

} // namespace mqttwire::test
