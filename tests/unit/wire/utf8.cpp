// The rules of text: [3.1.1: section 1.5.3; 5.0: section 1.5.4]. tests/scopes goes through all short texts.
#include "unit/check.hpp"

#include <string>

using namespace check;
using namespace std::string_view_literals;

namespace {

struct Sample {
    std::string_view text;
    Errc code;
    std::size_t index;
};

/// Ill-formed sequences of each kind, after `before` plain characters.
constexpr std::array samples{
    Sample{"\x80"sv, Errc::utf8_ill_formed, 0}, // a continuation byte alone
    Sample{"\xBF"sv, Errc::utf8_ill_formed, 0},
    Sample{"\xC2"sv, Errc::utf8_ill_formed, 0}, // cut off
    Sample{"\xE2\x82"sv, Errc::utf8_ill_formed, 0},
    Sample{"\xF0\xAA\x9B"sv, Errc::utf8_ill_formed, 0},
    Sample{"\xC2\x41"sv, Errc::utf8_ill_formed, 0},
    Sample{"\xE2\x28\xA1"sv, Errc::utf8_ill_formed, 0},
    Sample{"\xF0\x90\x28\xBC"sv, Errc::utf8_ill_formed, 0},
    Sample{"\xC0\x80"sv, Errc::utf8_ill_formed, 0}, // over-long
    Sample{"\xC1\xBF"sv, Errc::utf8_ill_formed, 0},
    Sample{"\xE0\x80\x80"sv, Errc::utf8_ill_formed, 0},
    Sample{"\xE0\x9F\xBF"sv, Errc::utf8_ill_formed, 0},
    Sample{"\xF0\x8F\xBF\xBF"sv, Errc::utf8_ill_formed, 0},
    Sample{"\xF4\x90\x80\x80"sv, Errc::utf8_ill_formed, 0}, // above U+10FFFF
    Sample{"\xF5\x80\x80\x80"sv, Errc::utf8_ill_formed, 0},
    Sample{"\xF8\x88\x80\x80\x80"sv, Errc::utf8_ill_formed, 0},
    Sample{"\xFE"sv, Errc::utf8_ill_formed, 0},
    Sample{"\xFF"sv, Errc::utf8_ill_formed, 0},
    Sample{"\xED\xA0\x80"sv, Errc::utf8_surrogate, 0},
    Sample{"\xED\xBF\xBF"sv, Errc::utf8_surrogate, 0},
    Sample{"\xED\xA0"sv, Errc::utf8_ill_formed, 0}, // a surrogate that is cut off
    Sample{"\0"sv, Errc::utf8_null, 0},
    Sample{"\xC3\xA9\xFF"sv, Errc::utf8_ill_formed, 2},
    Sample{"\xF0\xAA\x9B\x94\xED\xA0\x80"sv, Errc::utf8_surrogate, 4},
};

} // namespace

TEST_CASE("every kind of bad text at every place of short and long text")
{
    for (const Version version : versions) {
        for (const Sample& sample : samples) {
            for (const std::size_t before :
                {0U, 1U, 3U, 5U, 7U, 8U, 13U, 15U, 16U, 17U, 31U, 32U, 33U, 63U, 64U, 200U}) {
                for (const std::size_t behind : {0U, 1U, 20U, 50U}) {
                    const std::string text =
                        std::string(before, 'a') + std::string(sample.text) + std::string(behind, 'b');
                    const Result<Packet> result = decoded(
                        packet(0x30, prefixed(text) + (version == Version::v5 ? bytes("00") : Bytes{})), version);
                    if (result) FAIL("accepted: " << hex(prefixed(text)));
                    const std::size_t header = before + sample.text.size() + behind + 3 > 127 ? 3 : 2;
                    CHECK(result.error().code == sample.code);
                    CHECK(result.error().field == Field::topic);
                    CHECK(result.error().offset == header + 2 + before + sample.index);
                    CHECK(encoded(Publish{.topic = text}, version).error.code == sample.code);
                }
            }
        }
    }
}

TEST_CASE("the first and last character of every length are good text")
{
    for (const std::string_view text :
        {"\x01"sv, "\x7F"sv, "\xC2\x80"sv, "\xDF\xBF"sv, "\xE0\xA0\x80"sv, "\xED\x9F\xBF"sv, "\xEE\x80\x80"sv,
            "\xEF\xBF\xBF"sv, "\xF0\x90\x80\x80"sv, "\xF4\x8F\xBF\xBF"sv, "\xEF\xBB\xBF"sv, "A\xF0\xAA\x9B\x94"sv}) {
        for (const Version version : versions) {
            const Publish publish{.topic = text};
            const Encoded result = encoded(publish, version);
            REQUIRE(result.error.code == Errc::none);
            CHECK(std::get<Publish>(good(result.bytes, version)).topic == text);
        }
    }
}

TEST_CASE("the quick check knows every character")
{
    std::uint32_t wrong = 0;
    for (std::uint32_t point = 1; point < 0x110000; ++point) {
        std::array<std::byte, 4> text{};
        const std::size_t size = point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
        for (std::size_t i = size - 1, rest = point; i > 0; --i, rest >>= 6U)
            text[i] = static_cast<std::byte>(0x80U | (rest & 0x3FU));
        constexpr std::array<unsigned, 5> leads{0, 0, 0xC0, 0xE0, 0xF0};
        text[0] = static_cast<std::byte>(leads[size] | (point >> (6 * (size - 1))));
        const bool surrogate = point >= 0xD800 && point <= 0xDFFF;
        if (wire::is_good_utf8(text.data(), size) == surrogate) ++wrong;
    }
    CHECK(wrong == 0);
    for (const Sample& sample : samples) CHECK_FALSE(wire::is_good_utf8(Text(sample.text).bytes(), sample.text.size()));
}

TEST_CASE("the quick look for wildcards finds them in every place, and nothing else")
{
    std::size_t wrong = 0;
    for (std::size_t size = 8; size < 40; ++size) {
        for (std::size_t at = 0; at < size; ++at) {
            for (unsigned value = 0; value < 256; ++value) {
                Bytes text(size, std::byte{'a'});
                text[at] = static_cast<std::byte>(value);
                if (wire::may_hold_wildcard(text.data(), size) != (value == '#' || value == '+')) ++wrong;
            }
        }
    }
    CHECK(wrong == 0);
    CHECK(wire::may_hold_wildcard(bytes("61 2B").data(), 2));
}

TEST_CASE("the text check works while compiling")
{
    STATIC_REQUIRE(wire::find_text_fault(Text("a\xC0\x80")).code == Errc::utf8_ill_formed);
    STATIC_REQUIRE(wire::find_text_fault(Text("caf\xC3\xA9")).code == Errc::none);
    STATIC_REQUIRE(wire::count_code_points(Text("caf\xC3\xA9")) == 4);
    STATIC_REQUIRE(wire::count_code_points(Text("")) == 0);
}
