// Plain text: ASCII, and what of it a look may have to find besides. Nearly all text of real packets is plain.
//
// Of a topic, what stands before ',' in ASCII is not plain: '#', '+' and '$' are among it, and all else is rare there.
// So a plain text is one whose bytes are not below a least one, nor above ASCII, which is the cheapest to look for.
#pragma once

#include "mqttwire/config.hpp"
#include "mqttwire/wire/block.hpp"
#include "mqttwire/wire/bytes.hpp"

#include <cstddef>
#include <cstdint>

namespace mqttwire::inline MQTTWIRE_ABI::wire {

/// What a quick look is to find besides ill-formed UTF-8, of plain text all that is not ASCII.
enum class Plain {
    text, ///< U+0000
    topic, ///< U+0000 and the wildcards '#' and '+'
    filter, ///< U+0000 and wildcards that do not fill their level
};

/// True for '#' and '+', which differ in one bit.
constexpr bool is_wildcard(std::uint32_t byte) noexcept { return (byte | 0x08U) == '+'; }

inline namespace MQTTWIRE_CODE {

/// The top bit of each byte of a word that is a wildcard, and nothing else. '#' (0x23) and '+' (0x2B) differ in one
/// bit, so one comparison finds both.
template <class Word>
constexpr Word wildcards_in(Word word) noexcept
{
    return zero_bytes(static_cast<Word>((word | all_bytes<Word>(0x08)) ^ all_bytes<Word>('+')));
}

/// The least byte of plain text.
template <Plain What>
inline constexpr unsigned least_plain = What == Plain::text ? 0x01 : ',';

/// The plain check of one byte after the other.
template <Plain What>
constexpr bool is_plain_bytewise(const std::byte* bytes, std::size_t size) noexcept
{
    for (std::size_t i = 0; i < size; ++i)
        if (load_byte(bytes + i) < least_plain<What> || load_byte(bytes + i) > 0x7F) return false;
    return true;
}

/// Eight (or four) bytes at once.
template <Plain What, class Word>
constexpr bool is_plain_word(Word word) noexcept
{
    // As long as no byte is below the least one, none borrows from the next.
    return ((word | (word - all_bytes<Word>(least_plain<What>))) & all_bytes<Word>(0x80)) == 0;
}

/// In steps of a word, of which the last overlaps the one before it; there is one at least.
template <Plain What, class Word>
inline bool is_plain_words(const std::byte* bytes, std::size_t size) noexcept
{
    for (std::size_t i = 0; i + sizeof(Word) < size; i += sizeof(Word))
        if (!is_plain_word<What>(load_word<Word>(bytes + i))) return false;
    return is_plain_word<What>(load_word<Word>(bytes + size - sizeof(Word)));
}

} // namespace MQTTWIRE_CODE

} // namespace mqttwire::inline MQTTWIRE_ABI::wire
