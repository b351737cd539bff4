// Text and Binary: views that are made from much and behave as string views.
#include "unit/check.hpp"

#include <functional>
#include <iomanip>
#include <map>
#include <span>
#include <sstream>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

using namespace check;

TEST_CASE("Text is made from everything that is text")
{
    const std::string string = "abc";
    const Bytes data = bytes("61 62 63");
    const char array[] = "abc";
    for (const Text& text : {Text("abc"), Text(string), Text(std::string_view("abc")), Text(array),
             Text(std::span<const std::byte>(data)), Text(data.data(), 3), Text(string.data(), 3), Text("abcd", 3)}) {
        CHECK(text == "abc");
        CHECK(text == string);
        CHECK("abc" == text);
        CHECK(text.size() == 3);
        CHECK_FALSE(text.empty());
        CHECK(text.view() == "abc");
        CHECK(std::string_view(text) == "abc");
        CHECK(std::string(text.begin(), text.end()) == "abc");
        CHECK(text.front() == 'a');
        CHECK(text.back() == 'c');
        CHECK(text[1] == 'b');
        CHECK(text.starts_with("ab"));
        CHECK(text.starts_with(""));
        CHECK_FALSE(text.starts_with("b"));
        CHECK_FALSE(text.starts_with("abcd"));
        CHECK(text.substr(1) == "bc");
        CHECK(text.substr(1, 1) == "b");
        CHECK(text.substr(3).empty());
        CHECK(text.substr(1, 0).empty());
        CHECK(text.substr(1, 2) == "bc");
        CHECK(text.substr(3, 5).empty());
        CHECK(text.substr(0, 100) == "abc");
        CHECK_FALSE(text == "abd");
        CHECK_FALSE(text == "ab");
        CHECK_FALSE(text == Text());
    }
}

TEST_CASE("empty text has no memory to look at")
{
    CHECK(Text().empty());
    CHECK(Text().view() == "");
    CHECK(Text() == Text(""));
    CHECK(Binary() == Binary(""));
    CHECK(Binary().view() == "");
    CHECK(Text(std::span<const std::byte>{}) == "");
    CHECK(Text().begin() == Text().end());
}

TEST_CASE("iterators give an element and go on")
{
    const Bytes data = bytes("61 62 63");
    for (const Text& text : {Text("abc"), Text(data.data(), 3)}) {
        Text::iterator i = text.begin();
        CHECK(*i++ == 'a');
        CHECK(*i == 'b');
        const Text::iterator before = i++;
        CHECK(*before == 'b');
        CHECK(*i == 'c');
        CHECK_FALSE(before == i);
        CHECK(++i == text.end());
    }
    const Binary binary(data);
    Binary::iterator i = binary.begin();
    CHECK(*i++ == std::byte{'a'});
    CHECK(*i++ == std::byte{'b'});
    CHECK(*i++ == std::byte{'c'});
    CHECK(i == binary.end());
}

TEST_CASE("text may hold U+0000 as far as the view goes")
{
    using namespace std::string_view_literals;
    CHECK(Text("a\0b"sv).size() == 3);
    CHECK_FALSE(Text("a\0b"sv) == Text("a\0c"sv));
}

TEST_CASE("Binary is made from everything that is bytes")
{
    const Bytes data = bytes("61 62 63");
    const std::array<unsigned char, 3> unsigned_chars{'a', 'b', 'c'};
    const std::byte array[] = {std::byte{'a'}, std::byte{'b'}, std::byte{'c'}};
    const unsigned char unsigned_array[] = {'a', 'b', 'c'};
    const std::string string = "abc";
    for (const Binary& binary : {Binary("abc"), Binary(std::string_view("abc")), Binary(data), Binary(unsigned_chars),
             Binary(array), Binary(unsigned_array), Binary(string), Binary(std::span(data)), Binary(data.data(), 3),
             Binary(string.data(), 3), Binary(unsigned_chars.data(), 3)}) {
        CHECK(binary == "abc");
        CHECK(binary == Binary(data));
        CHECK(binary == data);
        CHECK(binary.size() == 3);
        CHECK(binary[2] == std::byte{'c'});
        CHECK(Bytes(binary.begin(), binary.end()) == data);
        CHECK(binary.view() == "abc");
        CHECK(binary.span().size() == 3);
        CHECK(std::span<const std::byte>(binary).size() == 3);
        CHECK_FALSE(binary == "ab");
    }
    CHECK(Binary(data).data() == data.data());
    CHECK(Binary(nullptr, 0).empty());
}

TEST_CASE("views work while compiling, of characters and of bytes")
{
    static constexpr std::array data{std::byte{'a'}, std::byte{'/'}, std::byte{'b'}};
    STATIC_REQUIRE(Text(data.data(), 3) == "a/b");
    STATIC_REQUIRE(Text("a/b") == Text(data.data(), 3));
    STATIC_REQUIRE(Text("a/b").substr(2) == "b");
    STATIC_REQUIRE(Text("a/b", 1) == "a");
    STATIC_REQUIRE(Binary("a/b", 2) == "a/");
    STATIC_REQUIRE(Text(data.data(), 3).substr(2) == "b");
    STATIC_REQUIRE(Text("a/b").view() == "a/b");
    STATIC_REQUIRE(Binary(data) == "a/b");
    // A constant that was made while compiling is as good at run time.
    static constexpr Text constant(data.data(), 3);
    CHECK(constant.view() == "a/b");
    CHECK(std::string(constant.view()) == "a/b");
}

TEST_CASE("sizes beyond what a packet can hold stay too large")
{
    // Nothing is read: the text is one character, whatever is claimed.
    const char small = 'x';
    CHECK(Text(std::string_view(&small, 0x3FFFFFFFU)).size() == 0x3FFFFFFFU);
    if constexpr (sizeof(std::size_t) > 4) {
        CHECK(Binary(std::string_view(&small, (std::size_t{1} << 32U) + 3)).size() == 0x3FFFFFFFU);
        CHECK(Text(std::string_view(&small, std::size_t{1} << 32U)).size() == 0x3FFFFFFFU);
    }
}

TEST_CASE("texts are ordered by their bytes, as string views are")
{
    const std::vector<std::string> sorted{"", std::string(1, '\0'), "A", "a", std::string("a\0", 2), "a/", "aa", "b",
        "\x7F", "\xC3\xA4", "\xF0\x9F\x98\x80"};
    for (std::size_t i = 0; i < sorted.size(); ++i)
        for (std::size_t j = 0; j < sorted.size(); ++j) {
            const Text a = sorted[i];
            const Text b = sorted[j];
            CHECK((a <=> b) == (i <=> j));
            CHECK((a < sorted[j]) == (i < j));
            CHECK((sorted[i] < b) == (i < j));
            CHECK((a <= std::string_view(sorted[j])) == (i <= j));
            CHECK((std::string_view(sorted[i]) == b) == (i == j));
            CHECK((std::hash<Text>{}(a) == std::hash<std::string_view>{}(sorted[j])) == (i == j));
        }
    STATIC_REQUIRE(Text("a") < Text("b"));
    STATIC_REQUIRE("b" > Text("a"));
    static constexpr std::array data{std::byte{0xC3}};
    STATIC_REQUIRE(Text("a") < Text(data.data(), 1));
}

TEST_CASE("texts are looked through as string views are")
{
    const std::vector<std::string> all{"", "a", "b", "ab", "ba", "aa", "aab", "abab", "ababa", "bbbbb", "a/b/a"};
    for (const std::string& where : all) {
        const Text text = where;
        const std::string_view view = where;
        for (const std::string& what : all) {
            CHECK(text.starts_with(what) == view.starts_with(what));
            CHECK(text.ends_with(what) == view.ends_with(what));
            CHECK(text.contains(what) == (view.find(what) != std::string_view::npos));
            for (std::size_t from : {std::size_t{0}, std::size_t{1}, std::size_t{2}, std::size_t{4}, std::size_t{5},
                     std::size_t{6}, Text::npos}) {
                CHECK(text.find(what, from) == view.find(what, from));
                CHECK(text.rfind(what, from) == view.rfind(what, from));
            }
            CHECK(text.find(what) == view.find(what));
            CHECK(text.rfind(what) == view.rfind(what));
        }
        for (const char what : {'a', 'b', '/'}) {
            CHECK(text.starts_with(what) == view.starts_with(what));
            CHECK(text.ends_with(what) == view.ends_with(what));
            CHECK(text.contains(what) == (view.find(what) != std::string_view::npos));
            for (std::size_t from : {std::size_t{0}, std::size_t{1}, std::size_t{4}, std::size_t{5}, Text::npos}) {
                CHECK(text.find(what, from) == view.find(what, from));
                CHECK(text.rfind(what, from) == view.rfind(what, from));
            }
        }
    }
    STATIC_REQUIRE(Text("a/b/c").rfind('/') == 3);
    STATIC_REQUIRE(Text("a/b/c").find("b/") == 2);
}

TEST_CASE("a text is a key of maps, and finds keys that are strings")
{
    const Text key = "b";
    std::map<std::string, int, std::less<>> ordered{{"a", 1}, {"b", 2}};
    REQUIRE(ordered.find(key) != ordered.end());
    CHECK(ordered.find(key)->second == 2);
    CHECK(ordered.lower_bound(Text("aa"))->second == 2);
    std::unordered_map<std::string, int, std::hash<Text>, std::equal_to<>> hashed{{"a", 1}, {"b", 2}};
    REQUIRE(hashed.find(key) != hashed.end());
    CHECK(hashed.find(key)->second == 2);
    const std::map<Text, int> by_text{{"a", 1}, {"b", 2}};
    CHECK(by_text.at("b") == 2);
    const std::unordered_set<Text> set{"a", "b"};
    CHECK(set.contains("b"));
}

TEST_CASE("texts go into streams")
{
    std::ostringstream out;
    out << std::setw(4) << Text("ab") << Text();
    CHECK(out.str() == "  ab");
}

TEST_CASE("texts of char8_t")
{
    constexpr Text literal = u8"a\u00E4";
    STATIC_REQUIRE(literal.size() == 3);
    STATIC_REQUIRE(literal == "a\xC3\xA4");
    STATIC_REQUIRE(literal.substr(1) == "\xC3\xA4");
    static constexpr Text constant = u8"a\u00E4";
    CHECK(constant.view() == "a\xC3\xA4");
    CHECK(constant.bytes()[0] == std::byte{'a'});
    CHECK(Text(std::u8string_view(u8"abc")).view() == "abc");
    CHECK(Text(u8"abc").find('c') == 2);
    CHECK(constant == u8"a\u00E4");
    constexpr auto wire = [] {
        std::array<std::byte, Publish{.topic = u8"\u00E4"}.encoded_size<Version::v3_1_1>().value()> bytes{};
        Publish{.topic = u8"\u00E4"}.encode<Version::v3_1_1>(bytes).value();
        return bytes;
    }();
    CHECK(Bytes(wire.begin(), wire.end()) == bytes("30 04 00 02 C3 A4"));
}
