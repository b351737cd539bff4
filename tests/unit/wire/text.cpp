// Text and Binary: views that are made from much and behave as string views.
#include "unit/check.hpp"

#include <span>
#include <string>

using namespace check;

TEST_CASE("Text is made from everything that is text")
{
    const std::string string = "abc";
    const Bytes data = bytes("61 62 63");
    const char array[] = "abc";
    for (const Text& text : {Text("abc"), Text(string), Text(std::string_view("abc")), Text(array),
             Text(std::span<const std::byte>(data)), Text(data.data(), 3)}) {
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
             Binary(array), Binary(unsigned_array), Binary(string), Binary(std::span(data))}) {
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
}

TEST_CASE("views work while compiling, of characters and of bytes")
{
    static constexpr std::array data{std::byte{'a'}, std::byte{'/'}, std::byte{'b'}};
    STATIC_REQUIRE(Text(data.data(), 3) == "a/b");
    STATIC_REQUIRE(Text("a/b") == Text(data.data(), 3));
    STATIC_REQUIRE(Text("a/b").substr(2) == "b");
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
    CHECK(Text(std::string_view(&small, 0x7FFFFFFFU)).size() == 0x7FFFFFFFU);
    if constexpr (sizeof(std::size_t) > 4) {
        CHECK(Binary(std::string_view(&small, (std::size_t{1} << 32U) + 3)).size() == 0x7FFFFFFFU);
        CHECK(Text(std::string_view(&small, std::size_t{1} << 32U)).size() == 0x7FFFFFFFU);
    }
}
