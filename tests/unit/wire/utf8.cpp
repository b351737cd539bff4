// The rules of text: [3.1.1: section 1.5.3; 5.0: section 1.5.4], and that the quick looks at it mean the same as the
// plain check. tests/scopes goes through all short texts.
#include "unit/check.hpp"

#include "mqttwire/topic.hpp"
#include "mqttwire/wire/block.hpp"
#include "mqttwire/wire/string_check.hpp"
#include "mqttwire/wire/utf8.hpp"

#include <algorithm>
#include <string>
#include <utility>

using namespace check;
using namespace std::string_view_literals;

namespace {

struct BadText {
    std::string_view text;
    Errc code;
    std::size_t index;
};

/// Ill-formed sequences of each kind, after `before` plain characters.
constexpr std::array bad_texts{
    BadText{"\x80"sv, Errc::utf8_ill_formed, 0}, // a continuation byte alone
    BadText{"\xBF"sv, Errc::utf8_ill_formed, 0},
    BadText{"\xC2"sv, Errc::utf8_ill_formed, 0}, // cut off
    BadText{"\xE2\x82"sv, Errc::utf8_ill_formed, 0},
    BadText{"\xF0\xAA\x9B"sv, Errc::utf8_ill_formed, 0},
    BadText{"\xC2\x41"sv, Errc::utf8_ill_formed, 0},
    BadText{"\xE2\x28\xA1"sv, Errc::utf8_ill_formed, 0},
    BadText{"\xF0\x90\x28\xBC"sv, Errc::utf8_ill_formed, 0},
    BadText{"\xC0\x80"sv, Errc::utf8_ill_formed, 0}, // over-long
    BadText{"\xC1\xBF"sv, Errc::utf8_ill_formed, 0},
    BadText{"\xE0\x80\x80"sv, Errc::utf8_ill_formed, 0},
    BadText{"\xE0\x9F\xBF"sv, Errc::utf8_ill_formed, 0},
    BadText{"\xF0\x8F\xBF\xBF"sv, Errc::utf8_ill_formed, 0},
    BadText{"\xF4\x90\x80\x80"sv, Errc::utf8_ill_formed, 0}, // above U+10FFFF
    BadText{"\xF5\x80\x80\x80"sv, Errc::utf8_ill_formed, 0},
    BadText{"\xF8\x88\x80\x80\x80"sv, Errc::utf8_ill_formed, 0},
    BadText{"\xFE"sv, Errc::utf8_ill_formed, 0},
    BadText{"\xFF"sv, Errc::utf8_ill_formed, 0},
    BadText{"\xED\xA0\x80"sv, Errc::utf8_surrogate, 0},
    BadText{"\xED\xBF\xBF"sv, Errc::utf8_surrogate, 0},
    BadText{"\xED\xA0"sv, Errc::utf8_ill_formed, 0}, // a surrogate that is cut off
    BadText{"\0"sv, Errc::utf8_null, 0},
    BadText{"\xC3\xA9\xFF"sv, Errc::utf8_ill_formed, 2},
    BadText{"\xF0\xAA\x9B\x94\xED\xA0\x80"sv, Errc::utf8_surrogate, 4},
};

} // namespace

TEST_CASE("every kind of bad text at every place of short and long text")
{
    for (const Version version : versions) {
        for (const BadText& sample : bad_texts) {
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
    for (const BadText& sample : bad_texts)
        CHECK_FALSE(wire::is_good_utf8(Text(sample.text).bytes(), sample.text.size()));
}

namespace {

/// The quick looks and the plain check find the same in a text, whatever it is meant to be.
void expect_same_faults(Differences& differences, const Bytes& bytes)
{
    const Text text{std::span<const std::byte>(bytes)};
    const auto expect = [&](wire::StringKind kind, Version version, const wire::TextFault& seen) {
        const std::uint32_t plain = wire::find_string_fault(text, kind, wire::AnyVersion{version}, Leniency::none);
        if (plain != wire::pack(seen.code, seen.index))
            differences.expect_same(plain, wire::pack(seen.code, seen.index), version, hex(bytes));
    };
    expect(wire::StringKind::text, Version::v5, wire::find_text_fault(text));
    for (const Version version : versions) {
        const wire::AnyVersion any{version};
        expect(wire::StringKind::topic_name_or_empty, version, wire::find_topic_name_fault(text, any, Leniency::none));
        expect(wire::StringKind::topic_filter, version, wire::find_topic_filter_fault(text, any, Leniency::none));
    }
    const Errc as_text = wire::find_text_fault(text).code;
    const bool good_payload = wire::find_ill_formed(text).code == Errc::none;
    if (as_text != Errc::utf8_null && good_payload != (as_text == Errc::none))
        differences.expect_same(as_text, Errc::payload_not_utf8, hex(bytes), "payload");
    if (wire::is_plain<wire::Plain::filter>(text)) expect(wire::StringKind::topic_filter, Version::v3_1_1, {});
}

/// The same of a filter, where it stands.
void expect_same_faults_of_filter(Differences& differences, const Text& filter)
{
    for (const Version version : {Version::v3_1_1, Version::v5}) {
        const wire::AnyVersion any{version};
        const std::uint32_t plain =
            wire::find_string_fault(filter, wire::StringKind::topic_filter, any, Leniency::none);
        const wire::TextFault seen = wire::find_topic_filter_fault(filter, any, Leniency::none);
        if (plain != wire::pack(seen.code, seen.index))
            differences.expect_same(plain, wire::pack(seen.code, seen.index), version, filter.view());
        if (plain != 0 && wire::is_plain<wire::Plain::filter>(filter))
            differences.expect_same(plain, 0U, version, filter.view());
    }
}

Bytes bytes_of(std::string_view text)
{
    const auto span = std::as_bytes(std::span(text));
    return {span.begin(), span.end()};
}

/// Numbers that are the same in every run.
class Numbers {
public:
    std::size_t below(std::size_t limit)
    {
        state_ = state_ * 6364136223846793005U + 1442695040888963407U;
        return static_cast<std::size_t>(state_ >> 33U) % limit;
    }

private:
    std::uint64_t state_ = 1;
};

constexpr std::array texts_in_many_scripts{"中国/上海市/浦东新区/三号楼/会议室/空调/温度/当前值"sv,
    "завод/цех-12/линия-3/станок/температура/подшипник"sv, "bâtiment/étage-3/pièce-12/température/moyenne/année"sv,
    "집/부엌/온도/센서/한국/하늘/평균/기온/측정/값"sv, "บ้าน/ครัว/อุณหภูมิ/เซ็นเซอร์/หนึ่ง"sv,
    "🏠/🍳/🌡/sensor-16/🚪🔒/💡💡/𠮷野家"sv, "$share/größe/+/küche/#/übrig/日本語"sv};

} // namespace

TEST_CASE("the quick looks find what the plain check finds: text of many scripts, cut at every place")
{
    Differences differences;
    for (const std::string_view text : texts_in_many_scripts)
        for (std::size_t begin = 0; begin <= text.size(); ++begin)
            for (std::size_t size = 0; size <= 80 && begin + size <= text.size(); ++size)
                expect_same_faults(differences, bytes_of(text.substr(begin, size)));
    CHECK(differences.text() == "");
}

TEST_CASE("the quick looks find what the plain check finds: text with bytes that were changed")
{
    constexpr std::array<unsigned, 20> changes{
        0, '#', '+', '/', 'a', '$', 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC1, 0xC2, 0xE0, 0xED, 0xF0, 0xF4, 0xF5};
    Differences differences;
    Numbers numbers;
    for (int round = 0; round < 10'000; ++round) {
        Bytes text = bytes_of(texts_in_many_scripts.at(numbers.below(texts_in_many_scripts.size())));
        text.resize(std::min(text.size(), 1 + numbers.below(80)));
        for (std::size_t change = numbers.below(4); change > 0; --change)
            text.at(numbers.below(text.size())) = static_cast<std::byte>(changes.at(numbers.below(changes.size())));
        expect_same_faults(differences, text);
    }
    CHECK(differences.text() == "");
}

TEST_CASE("the quick looks find what the plain check finds: filters with wildcards of every length")
{
    Differences differences;
    Numbers numbers;
    for (int round = 0; round < 10'000; ++round) {
        // Mostly letters and well-placed wildcards, so that not all are bad from the start.
        const std::size_t size = numbers.below(81);
        std::string filter = numbers.below(8) == 0 ? "$share/" : "";
        while (filter.size() < size) {
            constexpr std::array parts{"a"sv, "room"sv, "/"sv, "/+/"sv, "+/"sv, "/#"sv, "\xC3\xA9"sv, "+"sv, "#"sv};
            filter += parts.at(numbers.below(numbers.below(4) == 0 ? parts.size() : 4));
        }
        filter.resize(size);
        expect_same_faults(differences, bytes_of(filter));
    }
    CHECK(differences.text() == "");
}

TEST_CASE("a wildcard at every place of names and filters of every length")
{
    Differences differences;
    for (std::size_t size = 1; size <= 80; ++size) {
        for (std::size_t at = 0; at < size; ++at) {
            for (const char wildcard : {'#', '+'}) {
                std::string text(size, 'a');
                text[at] = wildcard;
                const Text topic(text);
                const wire::AnyVersion version{Version::v3_1_1};
                const wire::TextFault in_name = wire::find_topic_name_fault(topic, version, Leniency::none);
                differences.expect_same(Errc::topic_name_wildcard, in_name.code, text);
                differences.expect_same(at, std::size_t{in_name.index}, text);
                differences.expect_same(false, wire::is_plain<wire::Plain::topic>(topic), text);
                differences.expect_same(false, valid_topic_name(topic), text);
                differences.expect_same(size == 1, valid_topic_filter(topic), text);
                // The same between separators: '+' fills its level, '#' does so at the end.
                if (at > 0) text[at - 1] = '/';
                if (at + 1 < size) text[at + 1] = '/';
                differences.expect_same(wildcard == '+' || at + 1 == size, valid_topic_filter(topic), text);
                differences.expect_same(false, valid_topic_name(topic), text);
            }
        }
    }
    CHECK(differences.text() == "");
}

TEST_CASE("the quick look at filters of 16 to 32 bytes takes the good ones and no others")
{
    if (config::small || MQTTWIRE_HAS_BLOCKS == 0) return; // there is none
    Differences differences;
    for (std::size_t size = 16; size <= 32; ++size) {
        for (std::size_t first = 0; first < size; ++first) {
            for (std::size_t second = first; second < size; ++second) {
                // The one fills its level and the other does not, or both do.
                std::string filter(size, 'a');
                for (const std::size_t at : {first, second}) {
                    filter[at] = '+';
                    if (at > 0) filter[at - 1] = '/';
                    if (at + 1 < size) filter[at + 1] = '/';
                    for (std::size_t other = 0; other < size; ++other) {
                        const char before = std::exchange(filter[other], "+#a"[other % 3]);
                        differences.expect_same(
                            valid_topic_filter(filter), wire::is_plain<wire::Plain::filter>(Text(filter)), filter);
                        filter[other] = before;
                    }
                }
            }
        }
    }
    CHECK(differences.text() == "");
}

TEST_CASE("a wildcard at every place of filters of every length, between all that may stand beside it")
{
    constexpr std::array neighbours{'\0', '#', '$', '+', '/', 'a', '\x80'};
    Differences differences;
    std::array<std::byte, 70 + 16> room{};
    for (std::size_t size = 1; size <= 70; ++size) {
        for (std::size_t at = 0; at < size; ++at) {
            std::byte* const filter = room.data() + (size + at) % 16; // at every alignment
            const auto put = [&](std::size_t place, char byte) { filter[place] = static_cast<std::byte>(byte); };
            for (const bool behind_another : {false, true}) {
                std::fill_n(filter, size, std::byte{'a'});
                if (behind_another && at >= 2) {
                    put(0, '+');
                    put(1, '/');
                }
                for (const char before : neighbours) {
                    for (const char behind : neighbours) {
                        for (const char wildcard : {'#', '+'}) {
                            if (at > 0) put(at - 1, before);
                            put(at, wildcard);
                            if (at + 1 < size) put(at + 1, behind);
                            expect_same_faults_of_filter(differences, Text(filter, size));
                        }
                    }
                }
            }
        }
    }
    CHECK(differences.text() == "");
}

TEST_CASE("the text check works while compiling")
{
    STATIC_REQUIRE(wire::find_text_fault(Text("a\xC0\x80")).code == Errc::utf8_ill_formed);
    STATIC_REQUIRE(wire::find_text_fault(Text("caf\xC3\xA9")).code == Errc::none);
    STATIC_REQUIRE(wire::count_code_points(Text("caf\xC3\xA9")) == 4);
    STATIC_REQUIRE(wire::count_code_points(Text("")) == 0);
    constexpr wire::AnyVersion version{Version::v5};
    STATIC_REQUIRE(wire::find_topic_name_fault(Text("a/+"), version, Leniency::none).index == 2);
    STATIC_REQUIRE(
        wire::find_topic_filter_fault(Text("$share//a"), version, Leniency::none).code == Errc::share_name_empty);
    STATIC_REQUIRE(!valid_topic_name("caf\xC3") && valid_topic_name("caf\xC3\xA9"));
}
