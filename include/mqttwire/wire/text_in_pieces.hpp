// TextInPieces: whether a payload that arrives in pieces is UTF-8, with the meaning of find_ill_formed.
#pragma once

#include "mqttwire/config.hpp"
#include "mqttwire/wire/bytes.hpp"
#include "mqttwire/wire/string_check.hpp"
#include "mqttwire/wire/text.hpp"
#include "mqttwire/wire/utf8.hpp"

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <limits>

namespace mqttwire::inline MQTTWIRE_ABI::wire {

inline namespace MQTTWIRE_CODE {

/// The bytes of a character, by its first; 1 also of a byte that begins none.
constexpr std::uint32_t character_size(std::uint32_t first) noexcept
{
    const auto ones = static_cast<std::uint32_t>(std::countl_one(static_cast<std::uint8_t>(first)));
    return ones < 2 || ones > 4 ? 1 : ones;
}

/// How many bytes at the end of a text are the beginning of a character that goes on.
constexpr std::size_t cut_off_at_end(const View& text) noexcept
{
    for (std::uint32_t count = 1; count < 4 && count <= text.size(); ++count) {
        const std::uint32_t byte = byte_of(text, text.size() - count);
        if (byte >> 6U == 2) continue;
        return character_size(byte) > count ? count : 0;
    }
    return 0;
}

} // namespace MQTTWIRE_CODE

class TextInPieces {
public:
    static constexpr std::int32_t no_fault = std::numeric_limits<std::int32_t>::max();

    /// Takes a piece. Gives the index of the first ill-formed sequence in it, below 0 if that began in a piece before;
    /// or `no_fault`. Behind the last piece no character may be cut off.
    template <class = config::Code>
    constexpr std::int32_t add(View piece, bool last) noexcept
    {
        std::uint32_t from = 0;
        if (cut_size_ != 0) {
            const std::int32_t begin = -std::int32_t{cut_size_};
            const std::uint32_t length = character_size(load_byte(cut_.data()));
            while (cut_size_ < length && from < piece.size()) cut_[cut_size_++] = piece.byte_at(from++);
            if (cut_size_ < length && !last) return no_fault;
            if (code_point_at(View(cut_.data(), cut_size_), 0).size == 0) return begin;
            cut_size_ = 0;
        }
        const View rest = piece.part(from, piece.size());
        const std::size_t cut = last ? 0 : cut_off_at_end(rest);
        const TextFault fault = find_ill_formed(rest.part(0, rest.size() - cut));
        if (fault.code != Errc::none) return static_cast<std::int32_t>(from + fault.index);
        rest.part(rest.size() - cut, cut).copy_to(cut_.data());
        cut_size_ = static_cast<std::uint8_t>(cut);
        return no_fault;
    }

private:
    std::array<std::byte, 4> cut_{}; ///< the beginning of a character whose rest is to come
    std::uint8_t cut_size_ = 0;
};

} // namespace mqttwire::inline MQTTWIRE_ABI::wire
