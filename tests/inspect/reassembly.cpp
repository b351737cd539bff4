// Segments of TCP in order, whatever order they come in.
#include "reassembly.hpp"

#include "support/catch.hpp"

#include <span>
#include <string>
#include <string_view>

namespace mqttwire::test {

namespace {

std::string take(inspect::Reassembly& reassembly, std::uint32_t sequence, std::string_view text, bool syn = false,
    std::size_t missing = 0)
{
    inspect::Segment segment;
    segment.sequence = sequence;
    segment.syn = syn;
    segment.bytes = std::as_bytes(std::span(text));
    segment.missing = missing;
    reassembly.take(segment);
    std::string given;
    for (std::span<const std::byte> bytes = reassembly.next(); !bytes.empty(); bytes = reassembly.next())
        for (const std::byte byte : bytes) given += static_cast<char>(byte);
    return given;
}

} // namespace

TEST_CASE("Segments are put in order, and what comes twice is given once", "[inspect]")
{
    for (const std::uint32_t first : {0U, 1000U, 0x7FFFFFFEU, 0xFFFFFFFCU, 0xFFFFFFFFU}) { // the number wraps
        CAPTURE(first);
        inspect::Reassembly reassembly;
        CHECK(take(reassembly, first, "", true).empty());
        const std::uint32_t data = first + 1;
        CHECK(take(reassembly, data, "ab") == "ab");
        CHECK(take(reassembly, data + 4, "ef").empty());
        CHECK(take(reassembly, data + 6, "g").empty());
        CHECK(take(reassembly, data + 4, "e").empty());
        CHECK(reassembly.waiting() == 2);
        CHECK(reassembly.missing() == 2);
        CHECK(take(reassembly, data + 1, "bcd") == "cdefg");
        CHECK(take(reassembly, data, "abcdefg").empty());
        CHECK(take(reassembly, data + 6, "\0").empty()); // what keeps a connection alive
        CHECK(take(reassembly, data + 5, "fghi") == "hi");
        CHECK(reassembly.waiting() == 0);
        CHECK(reassembly.missing() == 0);
    }
}

TEST_CASE("Without a SYN the first segment begins the stream, and what is older is not in it", "[inspect]")
{
    inspect::Reassembly reassembly;
    CHECK(take(reassembly, 500, "c") == "c");
    CHECK(take(reassembly, 498, "ab").empty());
    CHECK(take(reassembly, 499, "bcd") == "d");
}

TEST_CASE("Bytes that a capture left out of segments are told, unless they come again", "[inspect]")
{
    inspect::Reassembly reassembly;
    CHECK(take(reassembly, 1, "ab", false, 8) == "ab");
    CHECK(reassembly.missing() == 8);
    CHECK(take(reassembly, 11, "z").empty());
    CHECK(reassembly.missing() == 8);
}

} // namespace mqttwire::test
