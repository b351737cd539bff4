// Sequences of four bytes through the text check, against the table of well-formed UTF-8 [Unicode: table 3-7].
#include "scopes/four_bytes.hpp"
#include "support/catch.hpp"

#include "mqttwire/wire/string_check.hpp"
#include "mqttwire/wire/utf8.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

using namespace mqttwire;

namespace {

struct Range {
    unsigned least;
    unsigned most;
    constexpr bool has(unsigned byte) const { return byte >= least && byte <= most; }
};

/// A row of the table: the sequences of `size` bytes whose first two bytes lie in these ranges; all others are 80..BF.
struct Row {
    std::size_t size;
    Range first;
    Range second;
};

constexpr std::array<Row, 9> table{{
    {1, {0x00, 0x7F}, {}},
    {2, {0xC2, 0xDF}, {0x80, 0xBF}},
    {3, {0xE0, 0xE0}, {0xA0, 0xBF}},
    {3, {0xE1, 0xEC}, {0x80, 0xBF}},
    {3, {0xED, 0xED}, {0x80, 0x9F}},
    {3, {0xEE, 0xEF}, {0x80, 0xBF}},
    {4, {0xF0, 0xF0}, {0x90, 0xBF}},
    {4, {0xF1, 0xF3}, {0x80, 0xBF}},
    {4, {0xF4, 0xF4}, {0x80, 0x8F}},
}};

/// The one row that has this first byte, or null.
constexpr std::array<const Row*, 256> row_of = [] {
    std::array<const Row*, 256> rows{};
    for (const Row& row : table)
        for (unsigned byte = row.first.least; byte <= row.first.most; ++byte) rows.at(byte) = &row;
    return rows;
}();

constexpr Range continuation{0x80, 0xBF};

wire::TextFault reference(const std::byte* bytes, std::size_t size)
{
    const auto at = [bytes](std::size_t i) { return static_cast<unsigned>(bytes[i]); };
    for (std::size_t i = 0; i < size;) {
        const Row* const row = row_of[at(i)];
        const bool good = row != nullptr && size - i >= row->size && (row->size < 2 || row->second.has(at(i + 1)))
            && (row->size < 3 || continuation.has(at(i + 2))) && (row->size < 4 || continuation.has(at(i + 3)));
        const auto index = static_cast<std::uint32_t>(i);
        if (!good) {
            const bool surrogate =
                size - i >= 3 && at(i) == 0xED && at(i + 1) >= 0xA0 && at(i + 1) <= 0xBF && continuation.has(at(i + 2));
            return {surrogate ? Errc::utf8_surrogate : Errc::utf8_ill_formed, index};
        }
        if (at(i) == 0) return {Errc::utf8_null, index};
        i += row->size;
    }
    return {};
}

/// The check of the first bytes, the quick ones and the plain one included.
bool agrees(const scopes::FourBytes& bytes, std::size_t size)
{
    const wire::TextFault expected = reference(bytes.data(), size);
    const Text text(bytes.data(), size);
    const wire::TextFault seen = wire::find_text_fault(text);
    if (seen.code != expected.code || seen.index != expected.index) return false;
    const std::uint32_t plain =
        wire::find_string_fault(text, wire::StringKind::text, wire::AnyVersion{Version::v5}, Leniency::none);
    if (plain != wire::pack(expected.code, expected.index)) return false;
    if (wire::is_good_utf8(bytes.data(), size) != (expected.code == Errc::none)) return false;
    if (expected.code == Errc::none && wire::find_ill_formed(text).code != Errc::none) return false;
    return !wire::is_plain<wire::Plain::text>(text) || expected.code == Errc::none;
}

/// The quick checks of these four bytes at every place of texts that are otherwise plain: of sizes around those at
/// which they change their ways.
bool agree_in_longer_text(const scopes::FourBytes& bytes)
{
    const bool good = reference(bytes.data(), bytes.size()).code == Errc::none;
    std::array<std::byte, 52> text{};
    for (const std::size_t size : {7U, 8U, 12U, 15U, 16U, 17U, 18U, 19U, 20U, 31U, 32U, 33U, 35U, 36U, 52U}) {
        text.fill(std::byte{'a'});
        for (std::size_t at = 0; at + bytes.size() <= size; ++at) {
            std::copy(bytes.begin(), bytes.end(), text.begin() + static_cast<std::ptrdiff_t>(at));
            if (wire::is_good_utf8(text.data(), size) != good) return false;
            if (wire::is_good_utf8(text.data(), size, true) != good) return false;
            text.at(at) = std::byte{'a'};
        }
    }
    return true;
}

bool checks_of_four_agree(const scopes::FourBytes& bytes) { return agrees(bytes, 4); }

bool checks_of_up_to_three_agree(const scopes::FourBytes& bytes)
{
    return agrees(bytes, 0) && agrees(bytes, 1) && agrees(bytes, 2) && agrees(bytes, 3);
}

} // namespace

TEST_CASE("all text of up to three bytes")
{
    scopes::FourBytes bytes{};
    if (scopes::find_bad_three(bytes, checks_of_up_to_three_agree)) FAIL("0x" << std::hex << scopes::number(bytes));
}

TEST_CASE("text of four bytes at the boundaries of UTF-8")
{
    scopes::FourBytes bytes{};
    if (scopes::find_bad_boundary(bytes, checks_of_four_agree)) FAIL("0x" << std::hex << scopes::number(bytes));
}

TEST_CASE("the bytes at which a rule changes, four in a row at every place of longer text")
{
    constexpr std::array<unsigned, 18> edges{
        0x00, 0x61, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC1, 0xC2, 0xDF, 0xE0, 0xE1, 0xED, 0xEF, 0xF0, 0xF4, 0xF5};
    for (const unsigned a : edges)
        for (const unsigned b : edges)
            for (const unsigned c : edges)
                for (const unsigned d : edges) {
                    const scopes::FourBytes bytes = scopes::four_bytes(a, b, c, d);
                    if (!agree_in_longer_text(bytes)) FAIL("0x" << std::hex << scopes::number(bytes));
                }
}

TEST_CASE("every code point in text of every length up to 80 bytes")
{
    std::array<std::byte, 80> text{};
    std::size_t size = 0;
    for (std::uint32_t point = 1; point < 0x110000; ++point) {
        const bool surrogate = point >= 0xD800 && point <= 0xDFFF;
        const auto put = [&](std::uint32_t byte) { text.at(size++) = static_cast<std::byte>(byte); };
        const std::size_t before = point % 76;
        size = 0;
        while (size < before) put('a');
        if (point < 0x80) {
            put(point);
        } else if (point < 0x800) {
            put(0xC0 + point / 64);
            put(0x80 + point % 64);
        } else if (point < 0x10000) {
            put(0xE0 + point / 4096);
            put(0x80 + point / 64 % 64);
            put(0x80 + point % 64);
        } else {
            put(0xF0 + point / 262'144);
            put(0x80 + point / 4096 % 64);
            put(0x80 + point / 64 % 64);
            put(0x80 + point % 64);
        }
        if (wire::is_good_utf8(text.data(), size) == surrogate) FAIL(point << " at the end of " << size);
        for (std::size_t behind = point % 3; behind > 0 && size < text.size(); --behind) put('b');
        if (wire::is_good_utf8(text.data(), size) == surrogate) FAIL(point << " at " << before << " of " << size);
        const bool wildcard = point == '#' || point == '+';
        if (wire::is_good_utf8(text.data(), size, true) == (surrogate || wildcard)) FAIL(point);
    }
}

TEST_CASE("all text of four bytes", "[.][whole][utf8_whole]")
{
    scopes::FourBytes bytes{};
    if (scopes::find_bad(bytes, checks_of_four_agree)) FAIL("0x" << std::hex << scopes::number(bytes));
}

TEST_CASE("every code point, in well-formed text and as what it is")
{
    for (std::uint32_t point = 0; point < 0x110000; ++point) {
        std::array<std::byte, 4> bytes{};
        std::size_t size = 0;
        const auto put = [&](std::uint32_t byte) { bytes.at(size++) = static_cast<std::byte>(byte); };
        if (point < 0x80) {
            put(point);
        } else if (point < 0x800) {
            put(0xC0 + point / 64);
            put(0x80 + point % 64);
        } else if (point < 0x10000) {
            put(0xE0 + point / 4096);
            put(0x80 + point / 64 % 64);
            put(0x80 + point % 64);
        } else {
            put(0xF0 + point / 262'144);
            put(0x80 + point / 4096 % 64);
            put(0x80 + point / 64 % 64);
            put(0x80 + point % 64);
        }
        const Text text(bytes.data(), size);
        const bool surrogate = point >= 0xD800 && point <= 0xDFFF;
        const Errc expected = point == 0 ? Errc::utf8_null : surrogate ? Errc::utf8_surrogate : Errc::none;
        const bool control = point < 0x20 || (point >= 0x7F && point < 0xA0);
        const bool non_character = (point >= 0xFDD0 && point <= 0xFDEF) || point % 0x10000 >= 0xFFFE;
        const Errc when_strict =
            expected == Errc::none && (control || non_character) ? Errc::utf8_discouraged : expected;
        if (wire::find_text_fault(text).code != expected) FAIL(point);
        if (wire::find_text_fault(text, Leniency::reject_discouraged_characters).code != when_strict) FAIL(point);
        if (!surrogate && wire::count_code_points(text) != 1) FAIL(point);
    }
}
