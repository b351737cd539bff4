// The characters that do not show: who reads a line that holds one sees something else than what is there.
//
// They are, by their properties in the Unicode Character Database: control and format characters (Cc, Cf), all spaces
// and separators but U+0020 (Zs, Zl, Zp), private use (Co), non-characters, what a screen may ignore
// (Default_Ignorable_Code_Point, with the code points kept for more of them, and the variation selectors), and the
// letters and symbols that are drawn as nothing (braille blank, fillers, hieroglyph blanks, null notehead).
#pragma once

#include "mqttwire/config.hpp"

#include <array>
#include <cstdint>

namespace mqttwire::inline MQTTWIRE_ABI::formatting {

/// Code points that lie together.
struct CodePointRange {
    std::uint32_t first;
    std::uint32_t last;
};

/// In ascending order; the last two code points of each plane are not among them.
inline constexpr std::array<CodePointRange, 35> invisible_ranges{{
    {0x0000, 0x001F}, // control characters
    {0x007F, 0x00A0}, // more of them, no-break space
    {0x00AD, 0x00AD}, // soft hyphen
    {0x034F, 0x034F}, // combining grapheme joiner
    {0x0600, 0x0605}, // signs that span Arabic numbers
    {0x061C, 0x061C}, // Arabic letter mark
    {0x06DD, 0x06DD}, // Arabic end of ayah
    {0x070F, 0x070F}, // Syriac abbreviation mark
    {0x0890, 0x0891}, // Arabic pound and piastre marks above
    {0x08E2, 0x08E2}, // Arabic disputed end of ayah
    {0x115F, 0x1160}, // Hangul fillers
    {0x1680, 0x1680}, // Ogham space mark
    {0x17B4, 0x17B5}, // Khmer inherent vowels
    {0x180B, 0x180F}, // Mongolian variation selectors, vowel separator
    {0x2000, 0x200F}, // spaces, joiners, direction marks
    {0x2028, 0x202F}, // line and paragraph separators, directions, narrow no-break space
    {0x205F, 0x206F}, // mathematical space, invisible operators, directions
    {0x2800, 0x2800}, // braille blank
    {0x3000, 0x3000}, // ideographic space
    {0x3164, 0x3164}, // Hangul filler
    {0xE000, 0xF8FF}, // private use
    {0xFDD0, 0xFDEF}, // non-characters
    {0xFE00, 0xFE0F}, // variation selectors
    {0xFEFF, 0xFEFF}, // byte order mark
    {0xFFA0, 0xFFA0}, // halfwidth Hangul filler
    {0xFFF0, 0xFFFB}, // kept for ignorable characters, interlinear annotation
    {0x110BD, 0x110BD}, // Kaithi number sign
    {0x110CD, 0x110CD}, // Kaithi number sign above
    {0x13430, 0x1343F}, // joiners of hieroglyphs
    {0x13441, 0x13442}, // blanks among hieroglyphs
    {0x16FE4, 0x16FE4}, // Khitan small script filler
    {0x1BCA0, 0x1BCA3}, // shorthand format controls
    {0x1D159, 0x1D159}, // null notehead
    {0x1D173, 0x1D17A}, // beams, ties, slurs and phrases of music
    {0xE0000, 0xE0FFF}, // tags, variation selectors, and what is kept for more of them
}};

/// The planes behind this code point are for private use.
inline constexpr std::uint32_t private_planes = 0xF0000;

/// True for characters that would move the cursor, end the line, turn the direction of writing or not be seen.
constexpr bool is_invisible(std::uint32_t code_point) noexcept
{
    if (code_point >= 0x20 && code_point < 0x7F) return false;
    if (code_point >= private_planes || (code_point & 0xFFFEU) == 0xFFFE) return true;
    for (const CodePointRange& range : invisible_ranges)
        if (code_point <= range.last) return code_point >= range.first;
    return false;
}

} // namespace mqttwire::inline MQTTWIRE_ABI::formatting
