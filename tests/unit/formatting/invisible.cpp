// The characters that formatters escape, every code point of them against what Perl's copy of Unicode says.
#include "mqttwire/formatting/invisible.hpp"

#include "support/catch.hpp"

#include <array>
#include <cstdint>
#include <vector>

namespace mq = mqttwire;

namespace {

struct Range {
    std::uint32_t first;
    std::uint32_t last;
};

// By their properties, as Perl 5.36 (Unicode 14) prints them; surrogates are in no text:
//   perl -e 'no warnings; for my $c (0..0x10FFFF) { next if $c == 0x20 || ($c >= 0xD800 && $c <= 0xDFFF);
//       next unless chr($c) =~ /[\p{Cc}\p{Cf}\p{Z}\p{Co}\p{Noncharacter_Code_Point}\p{Default_Ignorable_Code_Point}]/;
//       if (@r && $r[-1][1] == $c - 1) { $r[-1][1] = $c } else { push @r, [$c, $c] } }
//       printf "{0x%04X, 0x%04X},\n", @$_ for @r'
constexpr std::array<Range, 45> by_property{{
    {0x0000, 0x001F},
    {0x007F, 0x00A0},
    {0x00AD, 0x00AD},
    {0x034F, 0x034F},
    {0x0600, 0x0605},
    {0x061C, 0x061C},
    {0x06DD, 0x06DD},
    {0x070F, 0x070F},
    {0x0890, 0x0891},
    {0x08E2, 0x08E2},
    {0x115F, 0x1160},
    {0x1680, 0x1680},
    {0x17B4, 0x17B5},
    {0x180B, 0x180F},
    {0x2000, 0x200F},
    {0x2028, 0x202F},
    {0x205F, 0x206F},
    {0x3000, 0x3000},
    {0x3164, 0x3164},
    {0xE000, 0xF8FF},
    {0xFDD0, 0xFDEF},
    {0xFE00, 0xFE0F},
    {0xFEFF, 0xFEFF},
    {0xFFA0, 0xFFA0},
    {0xFFF0, 0xFFFB},
    {0xFFFE, 0xFFFF},
    {0x110BD, 0x110BD},
    {0x110CD, 0x110CD},
    {0x13430, 0x13438},
    {0x1BCA0, 0x1BCA3},
    {0x1D173, 0x1D17A},
    {0x1FFFE, 0x1FFFF},
    {0x2FFFE, 0x2FFFF},
    {0x3FFFE, 0x3FFFF},
    {0x4FFFE, 0x4FFFF},
    {0x5FFFE, 0x5FFFF},
    {0x6FFFE, 0x6FFFF},
    {0x7FFFE, 0x7FFFF},
    {0x8FFFE, 0x8FFFF},
    {0x9FFFE, 0x9FFFF},
    {0xAFFFE, 0xAFFFF},
    {0xBFFFE, 0xBFFFF},
    {0xCFFFE, 0xCFFFF},
    {0xDFFFE, 0xE0FFF},
    {0xEFFFE, 0x10FFFF},
}};

// The format characters that Unicode 15 added, and what is drawn as nothing although no property says so: braille
// blank, the blanks of hieroglyphs (Unicode 15), Khitan small script filler, null notehead.
constexpr std::array<Range, 5> by_name{{
    {0x13439, 0x1343F},
    {0x2800, 0x2800},
    {0x13441, 0x13442},
    {0x16FE4, 0x16FE4},
    {0x1D159, 0x1D159},
}};

} // namespace

TEST_CASE("exactly the characters that do not show are invisible")
{
    std::vector<bool> expected(0x110000);
    const auto add = [&expected](const auto& ranges) {
        for (const Range& range : ranges)
            for (std::uint32_t point = range.first; point <= range.last; ++point) expected[point] = true;
    };
    add(by_property);
    add(by_name);
    for (std::uint32_t point = 0; point < expected.size(); ++point) {
        if (point >= 0xD800 && point <= 0xDFFF) continue;
        if (mq::formatting::is_invisible(point) == expected[point]) continue;
        CAPTURE(point);
        CHECK(mq::formatting::is_invisible(point) == expected[point]);
    }
}

TEST_CASE("the ranges of invisible characters stand in order and apart")
{
    std::uint32_t behind = 0;
    for (const mq::formatting::CodePointRange& range : mq::formatting::invisible_ranges) {
        CHECK(range.first >= behind);
        CHECK(range.last >= range.first);
        behind = range.last + 2;
    }
}
