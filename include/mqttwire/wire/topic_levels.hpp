// Topics as levels: where each begins and ends, and what stands for a long one in a hash table. What the indices of
// topic_index.hpp go along.
#pragma once

#include "mqttwire/config.hpp"
#include "mqttwire/wire/keyed_hash.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <type_traits>

namespace mqttwire::inline MQTTWIRE_ABI::wire {

/// Text that is known by its address and size.
struct Characters {
    const char* data = nullptr;
    std::size_t size = 0;

    constexpr Characters from(std::size_t begin) const noexcept { return {data + begin, size - begin}; }

    friend constexpr bool operator==(Characters a, Characters b) noexcept
    {
        if (a.size != b.size) return false;
        if (!std::is_constant_evaluated()) return a.size == 0 || std::memcmp(a.data, b.data, a.size) == 0;
        return std::equal(a.data, a.data + a.size, b.data);
    }
};

/// How many characters two texts begin with that are the same.
constexpr std::size_t common_size(Characters a, Characters b) noexcept
{
    const std::size_t shorter = std::min(a.size, b.size);
    std::size_t size = 0;
    while (size != shorter && a.data[size] == b.data[size]) ++size;
    return size;
}

/// Where the level that begins at `begin` ends: at a separator or at the end of the text.
constexpr std::size_t level_end(Characters text, std::size_t begin) noexcept
{
    while (begin < text.size && text.data[begin] != '/') ++begin;
    return begin;
}

/// A level that is longer than this is hashed through its digest: a hash that stands for its text in a hash table, so
/// that who looks for the level in many places can keep it.
inline constexpr std::size_t longest_without_digest = 64;
inline constexpr std::uint64_t digest_number = 0xFFFFFFFFU; // of no branch of a tree
constexpr std::uint64_t digest_of(Characters level, HashKey key) noexcept
{
    return sip_hash(key, digest_number, level.data, level.size);
}

inline namespace MQTTWIRE_CODE {

/// A topic of at most 65,535 bytes that is gone through level by level, there and back, many times. Of a long one a
/// table tells for the beginning of each block which level is there, so that no step looks at more bytes than a block
/// has, and the digest of that level, so that none is hashed twice that reaches from block to block.
class TopicLevels {
public:
    constexpr TopicLevels(Characters of, HashKey key) noexcept : text(of)
    {
        if (is_long()) find_spans(key);
    }

    /// Where a level would begin behind the last one.
    constexpr std::size_t end() const noexcept { return text.size + 1; }
    constexpr bool is_hidden() const noexcept { return text.size != 0 && text.data[0] == '$'; }

    /// Where the level ends that holds the byte at a place.
    constexpr std::size_t level_end(std::size_t at) const noexcept
    {
        return is_long() ? level_end_by_table(at) : wire::level_end(text, at);
    }
    /// The level that begins at a place before the end.
    constexpr Characters level(std::size_t begin) const noexcept
    {
        return {text.data + begin, level_end(begin) - begin};
    }
    /// The digest of the level that begins at a place; 0 if it is not in the table.
    constexpr std::uint64_t digest(std::size_t begin, Characters level) const noexcept
    {
        if (level.size <= longest_without_digest || !is_long()) return 0;
        const std::size_t next = next_block(begin);
        return begin + level.size < next ? 0 : spans_[next / block].digest;
    }
    /// The level that lies `count` levels before where a level would begin.
    constexpr Characters level_before(std::size_t begin, std::size_t count) const noexcept
    {
        std::size_t end = 0;
        for (; count != 0; --count) {
            end = begin - 1;
            begin = level_begin(end);
        }
        return {text.data + begin, end - begin};
    }
    constexpr std::size_t place_of(Characters level) const noexcept
    {
        return static_cast<std::size_t>(level.data - text.data);
    }

    const Characters text;

private:
    static constexpr std::size_t block = 1'024;
    static constexpr std::size_t next_block(std::size_t at) noexcept { return at / block * block + block; }
    constexpr bool is_long() const noexcept { return !config::small && text.size >= block; }

    MQTTWIRE_APART constexpr std::size_t level_end_by_table(std::size_t at) const noexcept
    {
        const std::size_t next = next_block(at);
        const std::string_view until_next(text.data, std::min(next, text.size));
        const std::size_t found = until_next.find('/', at);
        if (found != until_next.npos) return found;
        return next < text.size ? spans_[next / block].end : text.size;
    }
    /// Where the level begins that ends at a place.
    constexpr std::size_t level_begin(std::size_t at) const noexcept
    {
        const std::size_t first = is_long() ? at / block * block : 0;
        while (at != first && text.data[at - 1] != '/') --at;
        return at == first && at != 0 ? spans_[at / block].begin : at;
    }

    MQTTWIRE_APART constexpr void find_spans(HashKey key) noexcept
    {
        for (std::size_t begin = 0, first = 0; begin < end();) {
            const std::size_t level_end = wire::level_end(text, begin);
            const std::uint64_t digest =
                first <= level_end ? digest_of({text.data + begin, level_end - begin}, key) : 0;
            for (; first <= level_end; first += block)
                spans_[first / block] = {
                    static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(level_end), digest};
            begin = level_end + 1;
        }
    }

    /// The level that has the first byte of a block, or ends there.
    struct Span {
        std::uint32_t begin;
        std::uint32_t end;
        std::uint64_t digest;
    };
    std::array<Span, config::small ? 0 : 65'536 / block> spans_; ///< of a long text
};

} // namespace MQTTWIRE_CODE

} // namespace mqttwire::inline MQTTWIRE_ABI::wire
