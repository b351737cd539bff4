// The fixed header as a whole, and buffers that hold one packet, less or more.
#include "unit/check.hpp"

#include <algorithm>
#include <optional>
#include <type_traits>

using namespace check;

namespace {

/// A good packet of every type, of 3.1.1 or of 5.0.
struct SamplePacket {
    Version version;
    std::string_view wire;
};

constexpr std::array sample_packets{
    SamplePacket{Version::v3_1, "10 10 00 06 4D 51 49 73 64 70 03 02 00 3C 00 02 63 31"},
    SamplePacket{Version::v3_1_1,
        "10 22 00 04 4D 51 54 54 04 C2 00 78 00 06 31 32 33 34 35 36 00 04 79 61 6E 67 00 08 31 31 32 32 33 33 34 34"},
    SamplePacket{Version::v5,
        "10 2F 00 04 4D 51 54 54 05 CE 00 0A 08 11 00 00 00 0A 21 00 14 00 02 63 31 07 01 01 18 00 00 00 05 00 03 77 "
        "2F 74 00 03 62 79 65 00 01 75 00 01 70"},
    SamplePacket{Version::v3_1_1, "20 02 01 00"},
    SamplePacket{Version::v5, "20 0D 00 00 0A 12 00 02 61 37 21 00 0A 24 01"},
    SamplePacket{Version::v3_1_1, "3B 09 00 03 61 2F 62 00 0A 68 69"},
    SamplePacket{
        Version::v5, "30 1C 00 03 61 2F 62 15 0B 01 0B C8 01 26 00 01 6B 00 02 76 31 26 00 01 6B 00 02 76 32 78"},
    SamplePacket{Version::v3_1_1, "40 02 00 0A"},
    SamplePacket{Version::v5, "40 03 00 0A 10"},
    SamplePacket{Version::v5, "50 09 00 0A 87 05 1F 00 02 6E 6F"},
    SamplePacket{Version::v5, "62 02 00 0A"},
    SamplePacket{Version::v5, "70 03 00 0A 92"},
    SamplePacket{Version::v3_1_1, "82 0E 00 0A 00 03 61 2F 62 01 00 03 63 2F 64 02"},
    SamplePacket{Version::v5, "82 15 00 0A 03 0B AC 02 00 0C 24 73 68 61 72 65 2F 67 2F 61 2F 23 19"},
    SamplePacket{Version::v3_1_1, "90 05 00 0A 00 02 80"},
    SamplePacket{Version::v5, "90 05 00 0A 00 01 8F"},
    SamplePacket{Version::v3_1_1, "A2 0C 00 0A 00 03 61 2F 62 00 03 63 2F 64"},
    SamplePacket{Version::v5, "A2 08 00 0A 00 00 03 61 2F 62"},
    SamplePacket{Version::v3_1_1, "B0 02 00 0A"},
    SamplePacket{Version::v5, "B0 05 00 0A 00 00 11"},
    SamplePacket{Version::v5, "C0 00"},
    SamplePacket{Version::v5, "D0 00"},
    SamplePacket{Version::v3_1_1, "E0 00"},
    SamplePacket{Version::v5, "E0 07 00 05 11 00 00 00 00"},
    SamplePacket{Version::v5, "F0 0F 18 0D 15 00 05 53 43 52 41 4D 16 00 02 01 02"},
};

} // namespace

TEST_CASE("a packet that is cut off is incomplete, and says how much it needs")
{
    for (const SamplePacket& sample : sample_packets) {
        const Bytes whole = bytes(sample.wire);
        for (std::size_t size = 0; size < whole.size(); ++size) {
            const Bytes cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
            const Result<Packet> result = decoded(cut, sample.version);
            REQUIRE_FALSE(result);
            CHECK(result.error().code == Errc::incomplete);
            CHECK(result.error().needed == (size < 2 ? 2 : whole.size()));
            CHECK(read_frame(cut).error() == result.error());
        }
    }
}

TEST_CASE("a long packet that is cut off or followed by junk, at each of its header's bytes")
{
    for (const std::size_t body : {128U, 16'383U, 16'384U, 2'097'151U, 2'097'152U}) {
        const Bytes whole = packet(0x30, prefixed("t") + Bytes(body - 3));
        const std::size_t header = whole.size() - body;
        for (const std::size_t size : {std::size_t{1}, std::size_t{2}, header - 1, header, whole.size() - 1}) {
            const Error error = read_frame(std::span(whole).first(size)).error();
            CHECK(error.code == Errc::incomplete);
            CHECK(error.offset == size);
            CHECK(error.needed == (size < header ? size + 1 : whole.size()));
            CHECK(Publish::decode(std::span(whole).first(size), Version::v3_1_1).error() == error);
        }
        CHECK(Publish::decode(whole, Version::v3_1_1)->payload.size() == body - 3);
        const Error error = Publish::decode(whole + bytes("00"), Version::v3_1_1).error();
        CHECK(error.code == Errc::bytes_after_packet);
        CHECK(error.offset == whole.size());
    }
}

TEST_CASE("a frame goes where bytes go")
{
    const Bytes wire = bytes("40 02 00 0A");
    const Frame frame = read_frame(wire).value();
    const std::span<const std::byte> all = frame;
    CHECK(all.data() == wire.data());
    CHECK(all.size() == 4);
    CHECK(PubAck::decode(frame, Version::v3_1_1) == PubAck{.packet_id = 10});
}

TEST_CASE("junk behind a packet is refused, at its first byte")
{
    for (const SamplePacket& sample : sample_packets) {
        const Bytes whole = bytes(sample.wire);
        for (const std::string_view junk : {"00", "FF", "C0 00"}) {
            const Result<Packet> result = decoded(whole + bytes(junk), sample.version);
            REQUIRE_FALSE(result);
            CHECK(result.error().code == Errc::bytes_after_packet);
            CHECK(result.error().offset == whole.size());
        }
    }
}

TEST_CASE("a body that is cut with its length adjusted is refused, or is a shorter packet of the same type")
{
    for (const SamplePacket& sample : sample_packets) {
        const Bytes whole = bytes(sample.wire);
        for (std::size_t size = 0; size + 2 < whole.size(); ++size) {
            const Bytes shorter = packet(static_cast<unsigned>(whole[0]), std::span(whole).subspan(2, size));
            const Result<Packet> result = decoded(shorter, sample.version);
            if (!result) {
                CHECK(result.error().offset <= shorter.size());
                continue;
            }
            CHECK(decoded(encoded(*result, sample.version).bytes, sample.version) == result);
        }
    }
}

TEST_CASE("every packet goes through every form of the interface, byte for byte")
{
    for (const SamplePacket& sample : sample_packets) {
        const Bytes whole = bytes(sample.wire);
        CHECK(hex(encoded(good(whole, sample.version), sample.version).bytes) == hex(whole));
        const Result<Frame> frame = read_frame(whole);
        REQUIRE(frame);
        CHECK(frame->bytes().data() == whole.data());
        CHECK(frame->header_size() == 2);
        CHECK(frame->minimal());
    }
}

TEST_CASE("only the library makes frames")
{
    STATIC_REQUIRE_FALSE(std::is_default_constructible_v<Frame>);
    STATIC_REQUIRE_FALSE(std::is_constructible_v<Frame, std::span<const std::byte>>);
    STATIC_REQUIRE_FALSE(std::is_constructible_v<Frame, std::span<const std::byte>, std::uint8_t>);
    STATIC_REQUIRE_FALSE(std::is_default_constructible_v<detail::FrameKey>);
    STATIC_REQUIRE_FALSE(std::is_aggregate_v<Frame>);
    STATIC_REQUIRE_FALSE(std::is_aggregate_v<detail::FrameKey>);
    STATIC_REQUIRE(std::is_trivially_copyable_v<Frame>);
    STATIC_REQUIRE(std::is_trivially_copyable_v<std::optional<Frame>>);
}

TEST_CASE("a buffer whose size has more than 32 bits holds more than one packet")
{
    if constexpr (sizeof(std::size_t) > sizeof(std::uint32_t)) {
        const Bytes ping = bytes("C0 00");
        for (const std::size_t more : {0U, 2U, 10U}) { // 2: the lower 32 bits are the packet's size
            const std::size_t size = (std::size_t{1} << 32U) + more;
            CHECK(read_frame({ping.data(), size}).error().code == Errc::bytes_after_packet);
            for (const Version version : versions) {
                const Result<Packet> result = decoded({ping.data(), size}, version); // which looks at the header alone
                REQUIRE_FALSE(result);
                CHECK(result.error().code == Errc::bytes_after_packet);
                CHECK(result.error().offset == 2);
            }
        }
    }
}

TEST_CASE("a Remaining Length of more bytes than it needs is read in 3.x, never written, and refused in 5.0")
{
    for (const Version version : versions) {
        for (const std::string_view padded : {"C0 80 00", "C0 80 80 00", "C0 80 80 80 00"}) {
            const Bytes wire = bytes(padded);
            const Result<Packet> result = decoded(wire, version);
            CHECK((result ? Errc::none : result.error().code)
                == (version == Version::v5 ? Errc::remaining_length_not_minimal : Errc::none));
            if (result) CHECK(encoded(*result, version).bytes == bytes("C0 00"));
            CHECK_FALSE(read_frame(wire)->minimal());
        }
        const Bytes connect =
            bytes(version == Version::v3_1       ? "10 90 00 00 06 4D 51 49 73 64 70 03 02 00 3C 00 02 63 31"
                    : version == Version::v3_1_1 ? "10 8E 00 00 04 4D 51 54 54 04 02 00 3C 00 02 63 31"
                                                 : "10 8F 00 00 04 4D 51 54 54 05 02 00 3C 00 00 02 63 31");
        CHECK(decode_error(connect, version)
            == (version == Version::v5 ? Errc::remaining_length_not_minimal : Errc::none));
    }
}

TEST_CASE("lengths of one to four bytes")
{
    for (const std::size_t body : {127U, 128U, 16'383U, 16'384U, 2'097'151U, 2'097'152U}) {
        const std::string payload(body - 3, 'p');
        const Publish publish{.topic = "t", .payload = payload};
        const Encoded result = encoded(publish, Version::v3_1_1);
        REQUIRE(result.error.code == Errc::none);
        const Bytes length = varint(static_cast<std::uint32_t>(body));
        CHECK(result.bytes.size() == 1 + length.size() + body);
        CHECK(std::equal(length.begin(), length.end(), result.bytes.begin() + 1));
        const Result<Frame> frame = read_frame(result.bytes);
        REQUIRE(frame);
        CHECK(frame->header_size() == 1 + length.size());
        CHECK(frame->minimal());
        CHECK(decoded(result.bytes, Version::v3_1_1)->index() == 2);
    }
}

TEST_CASE("every buffer that is too small is refused, naming the size")
{
    for (const SamplePacket& sample : sample_packets) {
        const Bytes whole = bytes(sample.wire);
        const Packet packet = good(whole, sample.version);
        for (std::size_t size = 0; size < whole.size(); ++size) {
            Bytes buffer(size, std::byte{0xA5});
            const auto result = encode(packet, buffer, sample.version);
            REQUIRE_FALSE(result);
            CHECK(result.error().code == Errc::buffer_too_small);
            CHECK(result.error().needed == whole.size());
            CHECK(result.error().packet == type_of(packet));
            CHECK(buffer == Bytes(size, std::byte{0xA5}));
        }
        Bytes exact(whole.size());
        CHECK(encode(packet, exact, sample.version).has_value());
        CHECK(exact == whole);
    }
}

TEST_CASE("a packet of more than 268,435,455 bytes behind its header is refused on encode")
{
    // The payload, which stands behind the buffer, is claimed and never read: nothing is written before all is checked.
    std::array<std::byte, 16> buffer{};
    const auto error_of = [&](std::size_t size) {
        const Publish publish{.topic = "t", .payload = Binary(buffer.data() + buffer.size(), size)};
        const Error error = publish.encode(buffer, Version::v3_1_1).error();
        const Result<std::size_t> whole = publish.encoded_size(Version::v3_1_1);
        if (error.code == Errc::buffer_too_small) CHECK(whole == error.needed);
        else CHECK(whole.error() == error);
        return error;
    };
    CHECK(error_of(268'435'453).code == Errc::packet_too_large);
    CHECK(error_of(268'435'453).field == Field::packet);
    CHECK(error_of(std::size_t{1} << 31U).code == Errc::packet_too_large);
    CHECK(error_of(268'435'452).code == Errc::buffer_too_small);
    CHECK(error_of(268'435'452).needed == 268'435'460);
    if constexpr (sizeof(std::size_t) > 4)
        CHECK(error_of((std::size_t{1} << 31U) * 2 + 5).code == Errc::packet_too_large);
}

TEST_CASE("properties of more than 268,435,455 bytes are refused on encode")
{
    // Where code size counts, text is checked one character after the other, which would take too long here.
    if constexpr (config::small) return;
    const std::string longest(65'535, 'a');
    const std::vector<UserProperty> many(2'049, UserProperty{longest, longest});
    const auto size_with = [&](std::size_t count) {
        const List<UserProperty> pairs(many.data(), count);
        return Disconnect{.properties = {.user_property = pairs}}.encoded_size(Version::v5);
    };
    // Each pair takes 1 + 2 * (2 + 65,535) bytes. Before them stand the fixed header, a reason code and their length.
    CHECK(size_with(2'047) == 5U + 1U + 4U + 2'047U * 131'075U);
    CHECK(size_with(2'048).error().code == Errc::packet_too_large);
    CHECK(size_with(2'048).error().field == Field::property_length);
    CHECK(size_with(2'049).error().code == Errc::packet_too_large);
}
