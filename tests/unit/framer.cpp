// Framer: cuts a stream into packets however it arrives.
#include "mqttwire/stream.hpp"
#include "unit/check.hpp"

#include <algorithm>
#include <array>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <type_traits>
#include <utility>

using namespace check;

namespace {

/// What came of a stream: the bytes of each frame, and the error that ended it.
struct Cut {
    std::vector<Bytes> frames{};
    Error error{};
    std::size_t needed = 0;
    bool at_boundary = false;

    friend bool operator==(const Cut&, const Cut&) = default;
};

/// Feeds a stream in chunks whose sizes are given in turn; each chunk lies in memory of exactly its size.
Cut cut(const Bytes& stream, const std::vector<std::size_t>& sizes, std::size_t storage_size = 64,
    std::size_t limit = max_packet_size)
{
    Bytes storage(storage_size);
    Framer framer(storage, limit);
    Cut result;
    std::size_t at = 0;
    for (std::size_t turn = 0; at < stream.size(); ++turn) {
        const std::size_t size = std::min(sizes[turn % sizes.size()], stream.size() - at);
        const Bytes piece(
            stream.begin() + static_cast<std::ptrdiff_t>(at), stream.begin() + static_cast<std::ptrdiff_t>(at + size));
        at += size;
        std::span<const std::byte> chunk = piece;
        while (const auto frame = framer.next(chunk))
            result.frames.emplace_back(frame->bytes().begin(), frame->bytes().end());
        if (!framer.failed() && !chunk.empty()) FAIL("bytes were not taken");
    }
    result.error = framer.error();
    result.needed = framer.needed();
    result.at_boundary = framer.at_boundary();
    return result;
}

const Bytes& good_stream()
{
    static const Bytes stream = bytes("10 0E 00 04 4D 51 54 54 04 02 00 3C 00 02 63 31") + bytes("C0 00")
        + bytes("30 09 00 04 31 31 31 31 39 39 39") + bytes("30 89 00 00 04 31 31 31 31 39 39 39")
        + bytes("30 89 80 80 00 00 04 31 31 31 31 39 39 39") + bytes("E0 00 C0 00")
        + bytes("82 09 00 01 00 04 32 32 32 32 00");
    return stream;
}

} // namespace

TEST_CASE("every chunking of a stream gives the same frames")
{
    const Cut whole = cut(good_stream(), {good_stream().size()});
    REQUIRE(whole.frames.size() == 8);
    CHECK(whole.at_boundary);
    CHECK(whole.needed == 2);
    Bytes joined;
    for (const Bytes& frame : whole.frames) joined = joined + frame;
    CHECK(joined == good_stream());
    for (std::size_t size = 1; size <= good_stream().size(); ++size) CHECK(cut(good_stream(), {size}) == whole);
    // Every cut in two, and every cut in three.
    for (std::size_t a = 1; a < good_stream().size(); ++a)
        for (std::size_t b = 1; a + b < good_stream().size(); ++b)
            if (!(cut(good_stream(), {a, b, good_stream().size()}) == whole)) FAIL("cut at " << a << " and " << a + b);
}

TEST_CASE("every chunking of a broken stream gives the same frames and the same error")
{
    for (const std::string_view end : {"00", "00 00", "0F FF", "30 FF FF FF FF", "30 FF FF FF FF 01",
             "30 80 80 80 80 00", "30 FF FF FF 7F 00", "30 3F", "30 C0 00 01", "30 80 01"}) {
        const Bytes stream = good_stream() + bytes(end) + bytes("C0 00");
        const Cut whole = cut(stream, {stream.size()});
        CHECK(whole.frames.size() == 8);
        CHECK(whole.error.code != Errc::none);
        CHECK(whole.needed == 0);
        CHECK_FALSE(whole.at_boundary);
        for (std::size_t size = 1; size <= stream.size(); ++size) CHECK(cut(stream, {size}) == whole);
        for (std::size_t a = 1; a < stream.size(); ++a) CHECK(cut(stream, {a, stream.size()}) == whole);
    }
}

TEST_CASE("a frame that lies whole in the chunk is not copied")
{
    Bytes storage(64);
    Framer framer(storage);
    const Bytes stream = good_stream();
    std::span<const std::byte> chunk = stream;
    const std::byte* expected = stream.data();
    while (const auto frame = framer.next(chunk)) {
        CHECK(frame->bytes().data() == expected);
        expected += frame->bytes().size();
        CHECK(chunk.data() == expected);
    }
    CHECK(expected == stream.data() + stream.size());
    CHECK(std::all_of(storage.begin(), storage.end(), [](std::byte b) { return b == std::byte{}; }));
}

TEST_CASE("a frame behind a gathered one is not copied, and neither is one before a cut")
{
    Bytes storage(64);
    Framer framer(storage);
    const Bytes first = bytes("C0 00 40 02");
    const Bytes second = bytes("00 0A 40 02 00 0B D0");
    std::span<const std::byte> chunk = first;
    CHECK(framer.next(chunk)->bytes().data() == first.data());
    CHECK_FALSE(framer.next(chunk));
    chunk = second;
    const auto gathered = framer.next(chunk);
    REQUIRE(gathered);
    CHECK(gathered->bytes().data() == storage.data());
    CHECK(Bytes(gathered->bytes().begin(), gathered->bytes().end()) == bytes("40 02 00 0A"));
    const auto whole = framer.next(chunk);
    REQUIRE(whole);
    CHECK(whole->bytes().data() == second.data() + 2);
    CHECK_FALSE(framer.next(chunk));
    CHECK(framer.needed() == 1);
}

TEST_CASE("what a frame says of itself")
{
    Bytes storage(64);
    for (const std::size_t size : {1U, 64U}) {
        Framer framer(storage);
        const auto next = [&](const Bytes& packet) {
            std::optional<Frame> frame;
            for (std::size_t at = 0; at < packet.size() && !frame; at += size) {
                std::span<const std::byte> chunk =
                    std::span(packet).subspan(at, std::min<std::size_t>(size, packet.size() - at));
                frame = framer.next(chunk);
            }
            REQUIRE(frame);
            return *frame;
        };
        const Bytes publish = bytes("3B 09 00 03 61 2F 62 00 0A 68 69");
        const Frame frame = next(publish);
        CHECK(frame.first_byte() == 0x3B);
        CHECK(frame.type() == PacketType::publish);
        CHECK(frame.flags() == 0x0B);
        CHECK(frame.header_size() == 2);
        CHECK(frame.minimal());
        CHECK(frame.body().size() == 9);
        const Bytes padded = bytes("40 82 80 00 00 0A");
        const Frame other = next(padded);
        CHECK(other.header_size() == 4);
        CHECK_FALSE(other.minimal());
        CHECK(other.body().size() == 2);
    }
}

TEST_CASE("needed is the least that can complete the packet")
{
    Bytes storage(400);
    Framer framer(storage);
    const Bytes packet = bytes("30 AC 02 00 01 74") + Bytes(297);
    CHECK(framer.needed() == 2);
    std::size_t at = 0;
    const auto push = [&](std::size_t count) {
        std::span<const std::byte> chunk = std::span(packet).subspan(at, count);
        at += count;
        return framer.next(chunk);
    };
    CHECK_FALSE(push(1));
    CHECK(framer.needed() == 1);
    CHECK_FALSE(push(1));
    CHECK(framer.needed() == 1);
    CHECK_FALSE(push(1));
    CHECK(framer.needed() == 300);
    CHECK_FALSE(push(100));
    CHECK(framer.needed() == 200);
    CHECK_FALSE(framer.at_boundary());
    CHECK_FALSE(push(199));
    CHECK(framer.needed() == 1);
    CHECK(push(1));
    CHECK(framer.needed() == 2);
    CHECK(framer.at_boundary());
}

TEST_CASE("an empty chunk changes nothing")
{
    Bytes storage(8);
    Framer framer(storage);
    std::span<const std::byte> none;
    CHECK_FALSE(framer.next(none));
    CHECK(framer.at_boundary());
    const Bytes half = bytes("40 02 00");
    std::span<const std::byte> chunk = half;
    CHECK_FALSE(framer.next(chunk));
    CHECK_FALSE(framer.next(none));
    CHECK(framer.needed() == 1);
    CHECK_FALSE(framer.failed());
}

TEST_CASE("the limit holds as soon as the length is known, before anything is stored")
{
    for (std::size_t limit = 0; limit <= 40; ++limit) {
        for (std::size_t body = 0; body <= 40; ++body) {
            const Bytes whole = packet(0x30, Bytes(body));
            const bool fits = whole.size() <= limit;
            for (const std::size_t piece : {std::size_t{1}, std::size_t{2}, std::size_t{3}, whole.size()}) {
                const Cut result = cut(whole, {piece}, 40, limit);
                CHECK(result.frames.size() == (fits ? 1 : 0));
                if (fits) continue;
                CHECK(result.error.code == Errc::packet_too_large);
                CHECK(result.error.field == Field::remaining_length);
                CHECK(result.error.packet == PacketType::publish);
                CHECK(result.error.offset == 1);
            }
        }
    }
    Bytes storage(8, std::byte{0xA5});
    Framer framer(storage);
    const Bytes head = bytes("30 FF FF FF 7F");
    std::span<const std::byte> chunk = head;
    CHECK_FALSE(framer.next(chunk));
    CHECK(framer.error().code == Errc::packet_too_large);
    CHECK(std::all_of(storage.begin(), storage.end(), [](std::byte b) { return b == std::byte{0xA5}; }));
}

TEST_CASE("storage bounds the size of a packet that is spread over chunks, and of no other")
{
    STATIC_REQUIRE(max_packet_size == 268'435'460);
    const Bytes six = bytes("40 04 00 0A 00 00");
    for (const std::size_t storage : {0U, 5U, 6U}) {
        CHECK(cut(six, {6}, storage).frames == std::vector<Bytes>{six});
        CHECK(cut(six, {6}, storage, 5).error.code == Errc::packet_too_large);
        for (const std::size_t piece : {1U, 2U, 5U}) {
            const Cut result = cut(six, {piece}, storage);
            CHECK(result.frames.size() == (storage == 6 ? 1 : 0));
            if (storage == 6) continue;
            CHECK(result.error.code == Errc::packet_too_large);
            CHECK(result.error.needed == 6);
        }
    }
}

TEST_CASE("a header of five bytes fits storage of exactly the packet's size")
{
    const Bytes padded = bytes("C0 80 80 80 00");
    CHECK(cut(padded, {1}, 5).frames == std::vector<Bytes>{padded});
    CHECK(cut(padded, {1}, 4).error.code == Errc::packet_too_large);
    CHECK(cut(padded, {5}, 4).frames == std::vector<Bytes>{padded});
}

TEST_CASE("a framer goes on with larger storage where a packet did not fit")
{
    const Bytes small = bytes("40 02 00 0A");
    const Bytes large = packet(0x30, prefixed("t") + Bytes(300, std::byte{'x'}));
    const Bytes stream = small + large + small + large;
    for (std::size_t piece = 1; piece < 320; ++piece) {
        Bytes storage(4);
        Framer framer(storage, 400);
        std::vector<Bytes> frames;
        std::size_t grown = 0;
        for (std::size_t at = 0; at < stream.size(); at += piece) {
            const Bytes part(stream.begin() + static_cast<std::ptrdiff_t>(at),
                stream.begin() + static_cast<std::ptrdiff_t>(std::min(at + piece, stream.size())));
            std::span<const std::byte> chunk = part;
            for (;;) {
                while (const auto frame = framer.next(chunk))
                    frames.emplace_back(frame->bytes().begin(), frame->bytes().end());
                if (framer.storage_needed() == 0) break;
                CHECK(framer.failed());
                CHECK(framer.error().code == Errc::packet_too_large);
                CHECK(framer.error().needed == large.size());
                CHECK(framer.storage_needed() == large.size());
                CHECK(framer.gathered() == 0);
                framer.rebind(storage); // which is no larger
                REQUIRE(framer.storage_needed() == large.size());
                storage = Bytes(framer.storage_needed());
                framer.rebind(storage);
                CHECK_FALSE(framer.failed());
                ++grown;
            }
            CHECK(chunk.empty());
        }
        CAPTURE(piece);
        CHECK(frames == std::vector<Bytes>{small, large, small, large});
        CHECK(grown == (piece < 300 ? 1 : grown));
        CHECK(framer.at_boundary());
    }
}

TEST_CASE("a packet of a fixed header alone is there as soon as there is storage for it")
{
    Framer framer(std::span<std::byte>{});
    const Bytes ping = bytes("C0 00");
    for (const std::byte& each : ping) {
        std::span<const std::byte> chunk(&each, 1);
        CHECK_FALSE(framer.next(chunk));
    }
    CHECK(framer.storage_needed() == 2);
    Bytes storage(2);
    framer.rebind(storage);
    std::span<const std::byte> nothing;
    CHECK(framer.next(nothing));
    CHECK_FALSE(framer.next(nothing));
    CHECK(framer.at_boundary());
}

TEST_CASE("a limit is no matter of storage")
{
    Bytes storage(4);
    Framer framer(storage, 5);
    const Bytes six = bytes("40 04 00 0A 00 00");
    std::span<const std::byte> chunk = six;
    CHECK_FALSE(framer.next(chunk));
    CHECK(framer.error().code == Errc::packet_too_large);
    CHECK(framer.error().needed == 6);
    CHECK(framer.storage_needed() == 0);
    storage.resize(100);
    framer.rebind(storage);
    CHECK(framer.failed());
    CHECK_FALSE(framer.next(chunk));
}

TEST_CASE("a framer that was moved is given its storage again")
{
    STATIC_REQUIRE(std::is_nothrow_move_constructible_v<Framer>);
    STATIC_REQUIRE(std::is_nothrow_move_assignable_v<Framer>);
    STATIC_REQUIRE_FALSE(std::is_copy_constructible_v<Framer>);
    STATIC_REQUIRE_FALSE(std::is_copy_assignable_v<Framer>);
    struct Session {
        std::array<std::byte, 16> storage{};
        Framer framer{storage};
        Session() = default;
        Session(Session&& other) noexcept : storage(other.storage), framer(std::move(other.framer))
        {
            framer.rebind(storage);
        }
        Session& operator=(Session&&) = delete;
        ~Session() = default;
    };
    const Bytes whole = bytes("40 04 00 0A 10 00");
    for (std::size_t at = 0; at < whole.size(); ++at) {
        auto before = std::make_unique<Session>();
        std::span<const std::byte> chunk = std::span(whole).first(at);
        CHECK_FALSE(before->framer.next(chunk));
        CHECK(before->framer.gathered() == (at < 2 ? 0 : at));
        Session after = std::move(*before);
        CHECK(before->framer.at_boundary());
        chunk = whole;
        CHECK(before->framer.next(chunk)); // it needs no storage
        before.reset();
        chunk = std::span(whole).subspan(at);
        const auto frame = after.framer.next(chunk);
        REQUIRE(frame);
        CHECK(Bytes(frame->bytes().begin(), frame->bytes().end()) == whole);
    }
    Bytes storage(16);
    Framer one(storage);
    std::span<const std::byte> chunk = std::span(whole).first(3);
    CHECK_FALSE(one.next(chunk));
    Framer& self = one;
    one = std::move(self);
    Framer two(std::span<std::byte>{});
    two = std::move(one);
    CHECK(one.at_boundary()); // NOLINT(bugprone-use-after-move)
    chunk = std::span(whole).subspan(3);
    CHECK(two.next(chunk));
}

TEST_CASE("chunks that can be written to")
{
    Bytes received = bytes("C0 00 D0");
    Framer framer{std::span<std::byte>()};
    std::span<std::byte> chunk = received;
    REQUIRE(framer.next(chunk));
    CHECK(chunk.size() == 1);
    std::string text("\xC0\0", 2);
    std::span<char> characters = text;
    Framer other{std::span<std::byte>()};
    REQUIRE(other.next(characters));
    CHECK(characters.empty());
    StreamReader reader{std::span<std::byte>()};
    chunk = std::span(received).first(2);
    CHECK(reader.next(chunk, Version::v5).frame);
    CHECK(chunk.empty());
    StreamReader another{std::span<std::byte>()};
    characters = text;
    CHECK(another.next<Version::v5>(characters).frame);
}

TEST_CASE("chunks of char and of unsigned char")
{
    Bytes storage(16);
    Framer framer(storage);
    const std::string_view chars("\xC0\0\x40", 3);
    std::span<const char> chunk(chars);
    CHECK(framer.next(chunk));
    CHECK(chunk.size() == 1);
    CHECK_FALSE(framer.next(chunk));
    CHECK(chunk.empty());
    const std::array<unsigned char, 4> rest{2, 0, 1, 0xD0};
    std::span<const unsigned char> others(rest);
    CHECK(framer.next(others)->type() == PacketType::puback);
    CHECK(others.size() == 1);
}

TEST_CASE("nothing is written behind the storage")
{
    for (const char* const text : {"C0 00 D0 00", "40 02 00 01", "C0 80 80 80 00", "30 80 80", "30 FF FF FF FF"}) {
        for (std::size_t room = 0; room <= 6; ++room) {
            Bytes guarded(16, std::byte{0xA5});
            Framer framer{std::span(guarded).first(room)};
            const Bytes stream = bytes(text);
            for (const std::byte& each : stream) {
                std::span<const std::byte> chunk(&each, 1);
                (void)framer.next(chunk);
            }
            CAPTURE(text, room, hex(guarded));
            CHECK(std::all_of(guarded.begin() + static_cast<std::ptrdiff_t>(room), guarded.end(),
                [](std::byte byte) { return byte == std::byte{0xA5}; }));
        }
    }
}

TEST_CASE("errors stay until the framer is reset")
{
    Bytes storage(16);
    Framer framer(storage);
    const Bytes bad = bytes("00 00");
    const Bytes good_packet = bytes("C0 00");
    std::span<const std::byte> chunk = bad;
    CHECK_FALSE(framer.next(chunk));
    CHECK(framer.failed());
    CHECK(framer.error().code == Errc::reserved_packet_type);
    CHECK(framer.needed() == 0);
    for (int again = 0; again < 3; ++again) {
        chunk = good_packet;
        CHECK_FALSE(framer.next(chunk));
        CHECK(framer.error().code == Errc::reserved_packet_type);
    }
    framer.reset();
    CHECK_FALSE(framer.failed());
    chunk = good_packet;
    CHECK(framer.next(chunk));
    // A reset in the middle of a packet forgets it.
    const Bytes half = bytes("40 02 00");
    chunk = half;
    CHECK_FALSE(framer.next(chunk));
    framer.reset();
    chunk = good_packet;
    CHECK(framer.next(chunk));
}

TEST_CASE("a reset framer is a new one, wherever it stood")
{
    const Bytes packet_of_six = bytes("40 04 00 0A 00 00");
    const Bytes stream = bytes("C0 00") + packet_of_six + bytes("30 81 80 00 78 D0 00 40 05 00 0A 00 00 00");
    for (std::size_t fed = 0; fed <= stream.size(); ++fed) {
        CAPTURE(fed);
        Bytes storage(16);
        Framer framer(storage, 6);
        for (const std::byte& each : std::span(stream).first(fed)) {
            std::span<const std::byte> chunk(&each, 1);
            (void)framer.next(chunk);
        }
        framer.reset();
        CHECK_FALSE(framer.failed());
        CHECK(framer.error() == Error{});
        CHECK(framer.at_boundary());
        CHECK(framer.needed() == 2);
        // A packet that lies whole in the chunk, and one that has to be gathered, are taken from their first byte.
        std::span<const std::byte> chunk = packet_of_six;
        const std::optional<Frame> whole = framer.next(chunk);
        REQUIRE(whole);
        CHECK(whole->body().size() == 4);
        CHECK(chunk.empty());
        std::optional<Frame> gathered;
        for (std::size_t at = 0; at < packet_of_six.size(); ++at) {
            CHECK_FALSE(gathered);
            chunk = std::span(packet_of_six).subspan(at, 1);
            gathered = framer.next(chunk);
        }
        REQUIRE(gathered);
        CHECK(Bytes(gathered->body().begin(), gathered->body().end()) == bytes("00 0A 00 00"));
        // The limit is still there.
        const Bytes seven = bytes("40 05 00 0A 00 00 00");
        chunk = seven;
        CHECK_FALSE(framer.next(chunk));
        CHECK(framer.error().code == Errc::packet_too_large);
    }
}

TEST_CASE("each fault of a fixed header shows at the byte that makes it one")
{
    struct Fault {
        std::string_view header;
        Errc code;
        std::size_t bytes;
    };
    for (const Fault& fault :
        {Fault{"00 00", Errc::reserved_packet_type, 1}, Fault{"0F 80", Errc::reserved_packet_type, 1},
            Fault{"30 80 80 80 80 00", Errc::remaining_length_too_long, 5}, Fault{"30 41", Errc::packet_too_large, 2},
            Fault{"30 80 01", Errc::packet_too_large, 3}, Fault{"30 80 80 01", Errc::packet_too_large, 4},
            Fault{"30 80 80 80 01", Errc::packet_too_large, 5}}) {
        Bytes storage(64);
        Framer framer(storage);
        const Bytes header = bytes(fault.header);
        for (std::size_t i = 0; i < fault.bytes; ++i) {
            CHECK_FALSE(framer.failed());
            std::span<const std::byte> chunk = std::span(header).subspan(i, 1);
            CHECK_FALSE(framer.next(chunk));
        }
        CHECK(framer.error().code == fault.code);
    }
}

TEST_CASE("what decode refuses for the sake of the fixed header alone is refused before more is there")
{
    Differences differences;
    for (const Version version : versions) {
        for (const Role role : roles) {
            for (unsigned first = 0; first < 256; ++first) {
                const bool connect = first >> 4U == 1; // which tells its own version
                for (std::size_t size = 0; size < 16; ++size) {
                    const Bytes header = byte(first) + varint(static_cast<std::uint32_t>(size));
                    Framer framer(std::span<std::byte>{});
                    framer.expect(version, role);
                    std::span<const std::byte> chunk = std::span(header).first(1);
                    CHECK_FALSE(framer.next(chunk));
                    const Errc at_first = framer.error().code;
                    Bytes storage(20);
                    framer.rebind(storage);
                    chunk = std::span(header).subspan(1);
                    const bool frame = framer.next(chunk).has_value();
                    differences.expect_same(size == 0 && !framer.failed(), frame, version, first, size);
                    const Error error = framer.error();
                    for (const unsigned fill : {0U, 1U, 0x41U}) {
                        const Bytes whole = header + Bytes(size, static_cast<std::byte>(fill));
                        const Result<Packet> packet = decoded(whole, version, {}, role);
                        const Error other = packet ? Error{} : packet.error();
                        if (error.code != Errc::none) // then no body makes it good
                            differences.expect_same(false, packet.has_value(), version, role, first, size);
                        if (at_first != Errc::none && !connect)
                            differences.expect_same(other.code, at_first, version, role, first, size);
                        if (other.field == Field::fixed_header && !connect)
                            differences.expect_same(other.code, error.code, version, role, first, size);
                        if (error.code != Errc::none && other.field == Field::fixed_header && !connect)
                            differences.expect_same(true, other == error, version, role, first, size);
                    }
                }
            }
        }
    }
    CHECK(differences.text() == "");
}

TEST_CASE("the shortest packets there are pass, and one byte less does not")
{
    struct Shortest {
        Version version;
        std::string_view wire;
    };
    for (const Shortest& shortest : {Shortest{Version::v3_1_1, "10 0C 00 04 4D 51 54 54 04 02 00 3C 00 00"},
             Shortest{Version::v3_1_1, "20 02 00 00"}, Shortest{Version::v3_1_1, "30 03 00 01 74"},
             Shortest{Version::v3_1_1, "40 02 00 01"}, Shortest{Version::v3_1_1, "50 02 00 01"},
             Shortest{Version::v3_1_1, "62 02 00 01"}, Shortest{Version::v3_1_1, "70 02 00 01"},
             Shortest{Version::v3_1_1, "82 06 00 01 00 01 74 00"}, Shortest{Version::v3_1_1, "90 03 00 01 00"},
             Shortest{Version::v3_1_1, "A2 05 00 01 00 01 74"}, Shortest{Version::v3_1_1, "B0 02 00 01"},
             Shortest{Version::v3_1_1, "C0 00"}, Shortest{Version::v3_1_1, "D0 00"}, Shortest{Version::v3_1_1, "E0 00"},
             Shortest{Version::v5, "20 03 00 00 00"}, Shortest{Version::v5, "30 04 00 01 74 00"},
             Shortest{Version::v5, "40 02 00 01"}, Shortest{Version::v5, "50 02 00 01"},
             Shortest{Version::v5, "62 02 00 01"}, Shortest{Version::v5, "70 02 00 01"},
             Shortest{Version::v5, "82 07 00 01 00 00 01 74 00"}, Shortest{Version::v5, "90 04 00 01 00 00"},
             Shortest{Version::v5, "A2 06 00 01 00 00 01 74"}, Shortest{Version::v5, "B0 04 00 01 00 00"},
             Shortest{Version::v5, "C0 00"}, Shortest{Version::v5, "D0 00"}, Shortest{Version::v5, "E0 00"},
             Shortest{Version::v5, "F0 00"}}) {
        CAPTURE(name(shortest.version), shortest.wire);
        const Bytes whole = bytes(shortest.wire);
        CHECK(decoded(whole, shortest.version).has_value());
        Framer framer(std::span<std::byte>{});
        framer.expect(shortest.version);
        std::span<const std::byte> chunk = whole;
        CHECK(framer.next(chunk));
        if (whole.size() == 2) continue;
        framer.reset();
        framer.expect(shortest.version);
        const Bytes shorter = byte(static_cast<unsigned>(whole[0])) + byte(static_cast<unsigned>(whole[1]) - 1);
        chunk = shorter;
        CHECK_FALSE(framer.next(chunk));
        CHECK(framer.error().code == Errc::field_past_end);
    }
}

TEST_CASE("leniency holds for fixed headers too, and a length that is not minimal does not in 5.0")
{
    const auto code = [](std::string_view wire, Version version, Leniency leniency) {
        const Bytes whole = bytes(wire);
        Bytes storage(32);
        Framer framer(storage);
        framer.expect(version, Role::unknown, leniency);
        for (const std::byte& each : whole) {
            std::span<const std::byte> chunk(&each, 1);
            if (framer.next(chunk)) CHECK(&each == &whole.back());
        }
        return framer.error().code;
    };
    CHECK(code("60 02 00 01", Version::v5, Leniency::none) == Errc::wrong_flags);
    CHECK(code("60 02 00 01", Version::v5, Leniency::pubrel_flags_0000) == Errc::none);
    CHECK(code("20 02 00 00", Version::v5, Leniency::none) == Errc::field_past_end);
    CHECK(code("20 02 00 00", Version::v5, Leniency::v3_connack) == Errc::none);
    CHECK(code("40 82 00 00 01", Version::v5, Leniency::none) == Errc::remaining_length_not_minimal);
    CHECK(code("40 82 00 00 01", Version::v3_1_1, Leniency::none) == Errc::none);
    CHECK(code("C0 01 00", Version::v5, Leniency::none) == Errc::bytes_left_over);
}

TEST_CASE("a server's framer insists on CONNECT, and what is no MQTT is an error within five bytes")
{
    using namespace std::string_view_literals;
    const auto code = [](std::string_view stream) {
        Framer framer(std::span<std::byte>{});
        framer.expect_connect();
        for (std::size_t size = 1; size <= 5 && !framer.failed(); ++size) {
            std::span<const char> chunk(stream.substr(size - 1, 1));
            CHECK_FALSE(framer.next(chunk));
        }
        Framer at_once(std::span<std::byte>{});
        at_once.expect_connect();
        std::span<const char> chunk(stream);
        CHECK_FALSE(at_once.next(chunk));
        CHECK(at_once.error() == framer.error());
        return framer.error().code;
    };
    CHECK(code("GET / HTTP/1.1") == Errc::version_unknown);
    CHECK(code("HTTP/1.1 200 OK") == Errc::version_unknown);
    CHECK(code("SSH-2.0-OpenSSH") == Errc::version_unknown);
    CHECK(code("\x16\x03\x01\x02\x00\x01\x00\x01\xFC"sv) == Errc::field_past_end); // TLS, a hello
    CHECK(code("\xD4\xC3\xB2\xA1\x02\x00\x04\x00"sv) == Errc::version_unknown); // a capture file, and another
    CHECK(code("\x0A\x0D\x0D\x0A\x1C\x00\x00\x00"sv) == Errc::reserved_packet_type);

    Bytes storage(32);
    Framer framer(storage);
    framer.expect_connect();
    const Bytes stream = bytes("10 0C 00 04 4D 51 54 54 04 02 00 3C 00 00 C0 00 C1 00");
    std::span<const std::byte> chunk = stream;
    CHECK(framer.next(chunk)->type() == PacketType::connect);
    CHECK(framer.next(chunk)->type() == PacketType::pingreq);
    framer.expect(Version::v3_1_1, Role::server);
    CHECK_FALSE(framer.next(chunk));
    CHECK(framer.error().code == Errc::wrong_flags);
    framer.reset();
    chunk = std::span(stream).last(2);
    CHECK(framer.next(chunk));
}

TEST_CASE("a packet of 1 MB fed byte by byte")
{
    const Bytes whole = packet(0x30, prefixed("t") + Bytes(1'000'000, std::byte{'x'}));
    Bytes storage(whole.size());
    Framer framer(storage);
    std::optional<Frame> frame;
    std::size_t fed = 0;
    while (!frame && fed < whole.size()) {
        std::span<const std::byte> chunk = std::span(whole).subspan(fed++, 1);
        frame = framer.next(chunk);
    }
    REQUIRE(frame);
    CHECK(fed == whole.size());
    CHECK(std::equal(frame->bytes().begin(), frame->bytes().end(), whole.begin(), whole.end()));
    CHECK(std::get<Publish>(*mqttwire::decode(*frame, Version::v3_1_1)).payload.size() == 1'000'000);
}

TEST_CASE("a framer works while compiling")
{
    constexpr std::size_t frames = [] {
        std::array<std::byte, 8> storage{};
        const std::array stream{
            std::byte{0xC0}, std::byte{0}, std::byte{0x40}, std::byte{2}, std::byte{0}, std::byte{1}, std::byte{0xD0}};
        Framer framer(storage);
        std::size_t count = 0;
        for (const std::byte& each : stream) {
            std::span<const std::byte> chunk(&each, 1);
            if (framer.next(chunk)) ++count;
        }
        return framer.needed() == 1 ? count : 0;
    }();
    STATIC_REQUIRE(frames == 2);
    // The longest header, where the compiler finds every access outside an array.
    constexpr bool longest = [] {
        std::array<std::byte, 5> storage{};
        const std::array stream{std::byte{0xC0}, std::byte{0x80}, std::byte{0x80}, std::byte{0x80}, std::byte{0}};
        Framer framer(storage);
        std::optional<Frame> frame;
        for (const std::byte& each : stream) {
            std::span<const std::byte> chunk(&each, 1);
            frame = framer.next(chunk);
        }
        return frame && frame->bytes().size() == 5 && frame->header_size() == 5;
    }();
    STATIC_REQUIRE(longest);
}
