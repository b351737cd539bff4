// Payloads in pieces: every packet is taken as Framer and decode take it, however the stream is cut, and a head with
// its payload behind it is what encode gives.
#include "mqttwire/stream.hpp"

#include "support/vector.hpp"
#include "unit/check.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <numeric>
#include <optional>
#include <random>
#include <span>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

using namespace check;

namespace {

/// With what a stream is read.
struct Rules {
    Version version = Version::v3_1_1;
    Leniency leniency{};
    Role receiver{};
    std::size_t limit = max_packet_size;
};

/// What came of a stream: packets other than PUBLISH by their bytes, PUBLISH packets by what they say.
struct Story {
    std::vector<std::string> packets{};
    Error error{};
    bool at_boundary = false;

    friend bool operator==(const Story&, const Story&) = default;
};

/// What a head says.
std::string told(const Publish& publish)
{
    // The properties with a topic that is sure to be taken.
    static Bytes buffer(300'000);
    const auto bytes = Publish{.topic = "t", .properties = publish.properties}.encode(buffer, Version::v5);
    return "publish first " + std::to_string(publish.first_byte()) + " topic " + std::string(publish.topic.view())
        + " id " + std::to_string(publish.packet_id) + " properties "
        + (bytes ? hex(*bytes) : std::string(name(bytes.error().code))) + " payload ";
}

/// The same by Framer and decode.
Story read_whole(const Bytes& stream, const Rules& rules)
{
    Story story;
    Framer framer({}, rules.limit);
    std::span<const std::byte> chunk = stream;
    Bytes storage;
    for (;;) {
        while (const auto frame = framer.next(chunk)) {
            if (frame->type() != PacketType::publish) {
                story.packets.push_back(hex(frame->bytes()));
                continue;
            }
            const auto publish = Publish::decode(frame->bytes(), rules.version, rules.leniency, rules.receiver);
            if (!publish) {
                story.error = publish.error();
                return story;
            }
            const Bytes payload(publish->payload.begin(), publish->payload.end());
            story.packets.push_back(told(*publish) + hex(payload));
        }
        if (framer.storage_needed() == 0) break;
        // The last packet is cut off: what is missing may tell no more than that it is good or bad.
        story.at_boundary = false;
        return story;
    }
    story.error = framer.error();
    story.at_boundary = framer.at_boundary();
    return story;
}

/// Feeds a reader in chunks whose sizes are given in turn, each in memory of exactly its size; gives it the storage
/// that it asks for.
class Reading {
public:
    explicit Reading(const Rules& rules) : rules_(rules), reader_({}, rules.limit) {}

    Story read(const Bytes& stream, const std::vector<std::size_t>& sizes)
    {
        std::size_t at = 0;
        for (std::size_t turn = 0; at < stream.size(); ++turn) {
            const std::size_t size = std::min(sizes[turn % sizes.size()], stream.size() - at);
            feed(Bytes(stream.begin() + static_cast<std::ptrdiff_t>(at),
                stream.begin() + static_cast<std::ptrdiff_t>(at + size)));
            at += size;
        }
        story_.error = reader_.error();
        story_.at_boundary = reader_.at_boundary();
        return story_;
    }

private:
    void feed(const Bytes& piece)
    {
        std::span<const std::byte> chunk = piece;
        for (;;) {
            while (const StreamEvent event = next(chunk)) take(event);
            if (reader_.storage_needed() == 0) break;
            if (reader_.storage_needed() > 1'000'000) return; // of a packet that is not there
            // Another storage, with nothing in it but what must be kept.
            if (reader_.storage_needed() <= storage_.size()) FAIL("asks for what it has");
            Bytes larger(reader_.storage_needed(), std::byte{0xEE});
            std::copy_n(storage_.begin(), reader_.gathered(), larger.begin());
            storage_ = std::move(larger);
            reader_.rebind(storage_);
        }
        if (!reader_.failed() && !chunk.empty()) FAIL("bytes were not taken");
        if (!reader_.failed() && reader_.needed() == 0) FAIL("nothing is needed");
    }

    /// Now with a version that is known while compiling, now with one that is not.
    StreamEvent next(std::span<const std::byte>& chunk)
    {
        static unsigned turn = 0;
        const auto with = [&]<Version V>() { return reader_.next<V>(chunk, rules_.leniency, rules_.receiver); };
        if (++turn % 3 == 0) {
            if (rules_.version == Version::v3_1) return with.operator()<Version::v3_1>();
            if (rules_.version == Version::v3_1_1) return with.operator()<Version::v3_1_1>();
            if (rules_.version == Version::v5) return with.operator()<Version::v5>();
        }
        return reader_.next(chunk, rules_.version, rules_.leniency, rules_.receiver);
    }

    void take(const StreamEvent& event)
    {
        if (event.frame) {
            story_.packets.push_back(hex(event.frame->bytes()));
            if (event.head || event.end || !event.payload.empty()) FAIL("a packet and more");
            return;
        }
        if (event.head) {
            if (inside_) FAIL("a head within a packet");
            if (!event.head->payload.empty()) FAIL("a payload in the head");
            inside_ = true;
            payload_.clear();
            payload_size_ = event.payload_size;
            head_ = told(*event.head);
        }
        if (!inside_) FAIL("a payload without a head");
        payload_.insert(payload_.end(), event.payload.begin(), event.payload.end());
        if (payload_.size() > payload_size_) FAIL("too much payload");
        if (event.end != (payload_.size() == payload_size_)) {
            if (!reader_.failed()) FAIL("the end is where the payload ends");
        }
        if (!event.end) return;
        inside_ = false;
        story_.packets.push_back(head_ + hex(payload_));
    }

    Rules rules_;
    StreamReader reader_;
    Bytes storage_;
    Story story_;
    bool inside_ = false;
    Bytes payload_;
    std::size_t payload_size_ = 0;
    std::string head_;
};

Story read_in(const Bytes& stream, const Rules& rules, const std::vector<std::size_t>& sizes)
{
    return Reading(rules).read(stream, sizes);
}

/// What is to come of a stream whose end may be cut off within a PUBLISH: an error may be told before the packet is
/// whole.
bool agrees(const Story& seen, const Story& whole)
{
    if (seen == whole) return true;
    return whole.error.code == Errc::none && !whole.at_boundary && seen.packets == whole.packets
        && seen.error.code != Errc::none;
}

/// Whole, in single bytes (or, if it is long, in small pieces), and at every cut in two.
std::string check_stream(const Bytes& stream, const Rules& rules, bool every_cut)
{
    const Story whole = read_whole(stream, rules);
    if (!agrees(read_in(stream, rules, {stream.size()}), whole)) return "whole: " + hex(stream);
    const std::size_t step = stream.size() < 2'000 ? 1 : 509;
    if (!agrees(read_in(stream, rules, {step}), whole)) return "step by step: " + hex(stream);
    if (!every_cut) return {};
    for (std::size_t cut = 1; cut < stream.size(); ++cut)
        if (!agrees(read_in(stream, rules, {cut, stream.size()}), whole))
            return "cut at " + std::to_string(cut) + ": " + hex(stream);
    return {};
}

Bytes mixed_stream(Version version)
{
    const bool v5 = version == Version::v5;
    const Bytes none = v5 ? byte(0) : Bytes{};
    const Bytes some = v5 ? bytes("0D 01 01 02 00 00 00 3C 26 00 01 61 00 01 62") : Bytes{};
    const Bytes properties = v5 ? byte(static_cast<unsigned>(some.size() - 1)) + std::span(some).subspan(1) : Bytes{};
    return packet(0x30, prefixed("a/b") + none + bytes("31 32 33")) + bytes("C0 00")
        + packet(0x32, prefixed("c") + two(7) + properties + bytes("C3 A4 E2 82 AC F0 9F 98 80")) + packet(0x40, two(7))
        + packet(0x30, prefixed("empty") + none)
        + packet(0x3D, prefixed("long") + two(9) + none + Bytes(200, std::byte{0x41})) + bytes("D0 00");
}

} // namespace

TEST_CASE("stream: an event tells nothing by itself")
{
    const StreamEvent event;
    CHECK_FALSE(event);
    CHECK_FALSE(event.frame);
    CHECK_FALSE(event.head);
    CHECK(event.payload_size == 0);
}

TEST_CASE("stream: one event tells a small PUBLISH, and several a large one")
{
    const Bytes publish = bytes("32 0A 00 03 61 2F 62 00 07 31 32 33");
    std::array<std::byte, 9> storage{};
    StreamReader reader(storage);
    std::span<const std::byte> chunk = publish;
    StreamEvent event = reader.next(chunk, Version::v3_1_1);
    REQUIRE(event.head);
    CHECK(event.head->topic == "a/b");
    CHECK(event.head->packet_id == 7);
    CHECK(event.head->qos == QoS::at_least_once);
    CHECK(event.head->payload.empty());
    CHECK(event.payload_size == 3);
    CHECK(event.payload.data() == publish.data() + 9);
    CHECK(event.payload.size() == 3);
    CHECK(event.end);
    CHECK_FALSE(reader.next(chunk, Version::v3_1_1));
    CHECK(reader.at_boundary());

    for (std::size_t i = 0; i < 8; ++i) {
        chunk = std::span(publish).subspan(i, 1);
        CHECK_FALSE(reader.next(chunk, Version::v3_1_1));
        CHECK_FALSE(reader.at_boundary());
    }
    chunk = std::span(publish).subspan(8, 1);
    event = reader.next(chunk, Version::v3_1_1);
    REQUIRE(event.head);
    CHECK(event.head->topic == "a/b");
    CHECK(event.payload.empty());
    CHECK_FALSE(event.end);
    CHECK(reader.needed() == 1);
    CHECK(reader.payload_left() == 3);
    chunk = std::span(publish).subspan(9, 2);
    event = reader.next(chunk, Version::v3_1_1);
    CHECK_FALSE(event.head);
    CHECK(hex(event.payload) == hex(bytes("31 32")));
    CHECK_FALSE(event.end);
    chunk = std::span(publish).subspan(11, 1);
    event = reader.next(chunk, Version::v3_1_1);
    CHECK(hex(event.payload) == hex(bytes("33")));
    CHECK(event.end);
    CHECK(reader.at_boundary());
}

TEST_CASE("stream: every cut of a mixed stream, in two and in three")
{
    for (const Version version : versions) {
        for (const Leniency leniency : {Leniency::none, Leniency::check_payload_format}) {
            const Rules rules{.version = version, .leniency = leniency};
            const Bytes stream = mixed_stream(version);
            const Story whole = read_whole(stream, rules);
            REQUIRE(whole.packets.size() == 7);
            REQUIRE(whole.at_boundary);
            for (std::size_t size = 1; size <= stream.size(); ++size)
                if (read_in(stream, rules, {size}) != whole) FAIL("chunks of " << size);
            for (std::size_t a = 1; a < 60; ++a)
                for (std::size_t b = 1; b < 60; ++b)
                    if (read_in(stream, rules, {a, b, stream.size()}) != whole) FAIL("cut at " << a << ", " << a + b);
        }
    }
}

TEST_CASE("stream: all vectors as Framer and decode take them")
{
    std::size_t publishes = 0;
    for (const test::VectorFile& file : test::vector_files()) {
        for (const test::Vector& vector : file.vectors) {
            if (vector.is_for_encoder || vector.bytes.empty()) continue;
            const bool is_publish = static_cast<unsigned>(vector.bytes[0]) >> 4U == 3;
            const bool every_cut = is_publish && vector.bytes.size() < 300;
            publishes += is_publish ? 1U : 0U;
            for (const Version version : versions) {
                const Rules rules{version, vector.leniency, vector.role};
                const std::string fault = check_stream(vector.bytes, rules, every_cut);
                INFO(vector.id);
                if (!fault.empty()) FAIL(fault.substr(0, 1000));
            }
        }
    }
    CHECK(publishes > 100);
}

TEST_CASE("stream: broken heads are refused as decode refuses them")
{
    std::minstd_rand random(20'261'127);
    const auto below = [&](std::size_t n) { return static_cast<std::size_t>(random()) % n; };
    std::size_t accepted = 0;
    std::size_t refused = 0;
    for (const Version version : versions) {
        const Bytes stream = mixed_stream(version);
        for (int turn = 0; turn < 1'000; ++turn) {
            Bytes broken = stream;
            for (std::size_t n = 1 + below(2); n != 0; --n)
                broken[below(std::min<std::size_t>(broken.size(), 70))] = static_cast<std::byte>(random() & 0xFFU);
            const Rules rules{version, turn % 2 == 0 ? Leniency::none : Leniency::check_payload_format};
            const Story whole = read_whole(broken, rules);
            ++(whole.error.code == Errc::none ? accepted : refused);
            const std::vector<std::size_t> sizes{1 + below(9), 1 + below(40), 1 + below(3)};
            if (!agrees(read_in(broken, rules, sizes), whole)) FAIL(hex(broken) << " in " << sizes[0]);
            const std::string fault = check_stream(broken, rules, false);
            if (!fault.empty()) FAIL(fault);
        }
    }
    CHECK(accepted > 200);
    CHECK(refused > 200);
}

TEST_CASE("stream: a length past the end is told as soon as it is read")
{
    StreamReader reader({});
    const auto fault_of = [&](std::string_view text, Version version) {
        reader.reset();
        const Bytes stream = bytes(text);
        std::span<const std::byte> chunk = stream;
        CHECK_FALSE(reader.next(chunk, version));
        return reader.error();
    };
    CHECK(fault_of("30 05 00 04", Version::v3_1_1)
        == Error{Errc::field_past_end, Field::topic, PacketType::publish, 2, 0});
    CHECK(fault_of("30 01", Version::v3_1_1) == Error{Errc::field_past_end, Field::topic, PacketType::publish, 2, 0});
    CHECK(fault_of("32 04 00 01 61", Version::v3_1_1)
        == Error{Errc::field_past_end, Field::packet_id, PacketType::publish, 5, 0});
    CHECK(fault_of("30 05 00 01 61 02", Version::v5)
        == Error{Errc::property_length_past_end, Field::property_length, PacketType::publish, 5, 0});
    CHECK(fault_of("30 FF FF FF 7F 00 01 61 FF FF FF FF", Version::v5).code
        == Publish::decode(bytes("30 08 00 01 61 FF FF FF FF 01"), Version::v5).error().code);
}

TEST_CASE("stream: the limit holds at the fixed header, and storage is asked for only where it is needed")
{
    StreamReader limited({}, 100);
    Bytes stream = bytes("30 FF FF FF 7F");
    std::span<const std::byte> chunk = stream;
    CHECK_FALSE(limited.next(chunk, Version::v5));
    CHECK(limited.error().code == Errc::packet_too_large);
    CHECK(limited.error().needed == 268'435'460);
    CHECK(limited.storage_needed() == 0);
    CHECK_FALSE(limited.skip());

    // A head in the chunk needs none, one in pieces as much as it has bytes.
    StreamReader reader({});
    stream = bytes("30 FF FF FF 7F 00 05 61 62 63 64 65 00 2A");
    chunk = stream;
    const StreamEvent event = reader.next(chunk, Version::v5);
    REQUIRE(event.head);
    CHECK(event.payload_size == 268'435'447);
    CHECK(event.payload.size() == 1);
    CHECK(reader.skip());
    CHECK(reader.needed() == 268'435'447 - 1);

    reader.reset();
    chunk = std::span(stream).first(9);
    CHECK_FALSE(reader.next(chunk, Version::v5));
    REQUIRE(reader.failed());
    CHECK(reader.error().code == Errc::packet_too_large);
    CHECK(reader.error().needed == 7);
    CHECK(reader.storage_needed() == 7);
    std::array<std::byte, 7> little{};
    reader.rebind(little);
    CHECK_FALSE(reader.next(chunk, Version::v5));
    CHECK(reader.storage_needed() == 13);
    CHECK(reader.gathered() == 7);
    CHECK(chunk.size() == 2);

    // Left out: the stream goes on behind the packet.
    Bytes after = bytes("30 09 00 05 61 62 63 64 65 2A 2A C0 00");
    StreamReader skipping(little);
    chunk = std::span(after).first(8);
    CHECK_FALSE(skipping.next(chunk, Version::v3_1_1));
    CHECK(skipping.storage_needed() == 9);
    CHECK(skipping.skip());
    CHECK_FALSE(skipping.failed());
    CHECK_FALSE(skipping.next(chunk, Version::v3_1_1));
    chunk = std::span(after).subspan(8);
    const StreamEvent ping = skipping.next(chunk, Version::v3_1_1);
    REQUIRE(ping.frame);
    CHECK(ping.frame->type() == PacketType::pingreq);
}

TEST_CASE("stream: any packet is skipped from any point")
{
    const Bytes good = mixed_stream(Version::v5);
    const Bytes bad = packet(0x30, prefixed("a#b") + bytes("00 31 32 33"));
    const Bytes stream = bad + bytes("C0 00");
    for (std::size_t cut = 1; cut < stream.size(); ++cut) {
        Bytes storage(64);
        StreamReader reader(storage);
        std::size_t pings = 0;
        for (std::span<const std::byte> chunk : {std::span(stream).first(cut), std::span(stream).subspan(cut)}) {
            for (;;) {
                const std::span<const std::byte> bytes_left = chunk;
                const StreamEvent event = reader.next(chunk, Version::v5);
                if (event.frame) ++pings;
                if (reader.failed()) {
                    CHECK(reader.error().code == Errc::topic_name_wildcard);
                    CHECK(reader.skip());
                    continue;
                }
                if (!event && (chunk.empty() || chunk.size() == bytes_left.size())) break;
            }
        }
        CHECK(pings == 1);
        CHECK(reader.at_boundary());
    }
    const Bytes long_one = packet(0x30, prefixed("a") + byte(0) + Bytes(50, std::byte{0x55})) + bytes("C0 00");
    for (std::size_t at = 7; at < 55; ++at) {
        StreamReader reader({});
        std::span<const std::byte> chunk = std::span(long_one).first(at);
        CHECK(reader.next(chunk, Version::v5).head);
        CHECK(reader.skip());
        chunk = std::span(long_one).subspan(at);
        const StreamEvent event = reader.next(chunk, Version::v5);
        REQUIRE(event.frame);
        CHECK(event.frame->type() == PacketType::pingreq);
        CHECK_FALSE(reader.skip());
    }
    CHECK(good.size() > 100);
}

TEST_CASE("stream: a packet that is not to be looked at comes behind one that is")
{
    const Bytes good = packet(0x30, prefixed("t") + bytes("02 01 01") + bytes("61"));
    const Bytes bad = packet(0x30, prefixed("t") + bytes("02 01 01") + bytes("FF FF"));
    Bytes storage(16);
    StreamReader reader(storage);
    std::span<const std::byte> chunk = good;
    CHECK(reader.next(chunk, Version::v5, Leniency::check_payload_format).end);
    for (std::size_t i = 0; i < bad.size(); ++i) {
        chunk = std::span(bad).subspan(i, 1);
        const StreamEvent event = reader.next(chunk, Version::v5);
        CHECK(event.end == (i + 1 == bad.size()));
    }
    CHECK_FALSE(reader.failed());
}

TEST_CASE("stream: a packet that is no PUBLISH and does not fit is skipped")
{
    const Bytes publish = packet(0x30, prefixed("topic") + Bytes(40, std::byte{0x41}));
    const Bytes subscribe = packet(0x82, two(1) + prefixed("filter") + byte(0));
    Bytes storage(8);
    StreamReader reader(storage);
    std::span<const std::byte> chunk = publish;
    CHECK(reader.next(chunk, Version::v3_1_1).end);
    for (const std::size_t cut : {1U, 2U}) { // a long PUBLISH in pieces, whose size is remembered
        chunk = std::span(publish).first(9 + cut);
        CHECK(reader.next(chunk, Version::v3_1_1).head);
        chunk = std::span(publish).subspan(9 + cut);
        CHECK(reader.next(chunk, Version::v3_1_1).end);
    }
    chunk = std::span(subscribe).first(5);
    CHECK_FALSE(reader.next(chunk, Version::v3_1_1));
    CHECK(reader.storage_needed() == subscribe.size());
    CHECK(reader.skip());
    CHECK(reader.needed() == subscribe.size() - 2);
    CHECK_FALSE(reader.next(chunk, Version::v3_1_1));
    const Bytes rest = Bytes(subscribe.begin() + 5, subscribe.end()) + bytes("C0 00");
    chunk = rest;
    CHECK(reader.next(chunk, Version::v3_1_1).frame);
}

TEST_CASE("stream: a reader that was moved goes on where it was, and what it was moved from is in no packet")
{
    STATIC_REQUIRE(std::is_nothrow_move_constructible_v<StreamReader>);
    STATIC_REQUIRE(std::is_nothrow_move_assignable_v<StreamReader>);
    STATIC_REQUIRE_FALSE(std::is_copy_constructible_v<StreamReader>);
    STATIC_REQUIRE_FALSE(std::is_copy_assignable_v<StreamReader>);
    const Bytes publish = packet(0x30, prefixed("a/b") + bytes("02 01 01") + bytes("68 69 C3 A4 21"));
    const Bytes stream = publish + bytes("C0 00");
    const auto read = [](StreamReader& reader, std::span<const std::byte> chunk) {
        std::string told;
        while (const StreamEvent event = reader.next(chunk, Version::v5, Leniency::check_payload_format)) {
            if (event.frame) told += "frame ";
            if (event.head) told += "head ";
            for (const std::byte byte : event.payload) told += static_cast<char>(byte);
            if (event.end) told += " end ";
        }
        return told + (reader.failed() ? "failed" : "");
    };
    for (std::size_t at = 0; at <= publish.size(); ++at) {
        for (const bool skips : {false, true}) {
            Bytes storage(16);
            StreamReader before(storage);
            std::string told = read(before, std::span(stream).first(at));
            if (skips && !before.skip()) continue;

            StreamReader between(std::move(before));
            CHECK(before.at_boundary()); // NOLINT(bugprone-use-after-move)
            CHECK(before.needed() == 2);
            CHECK(before.payload_left() == 0);
            CHECK(before.gathered() == 0);
            CHECK_FALSE(before.skip());
            CHECK(read(before, stream) == "head hi\xC3\xA4! end frame "); // it needs no storage

            StreamReader& self = between;
            between = std::move(self);
            StreamReader after({});
            after = std::move(between);
            CHECK(between.at_boundary()); // NOLINT(bugprone-use-after-move)
            CHECK(between.needed() == 2);
            told += read(after, std::span(stream).subspan(at));
            CHECK(told.ends_with(" end frame ") == !skips);
            CHECK(told.ends_with("frame "));
            CHECK(after.at_boundary());
        }
    }

    // One that has failed takes that along.
    const Bytes broken = packet(0x30, prefixed("a#b") + bytes("00 31")) + bytes("C0 00");
    StreamReader failed({});
    std::span<const std::byte> chunk = broken;
    CHECK_FALSE(failed.next(chunk, Version::v5));
    StreamReader taken(std::move(failed));
    CHECK(taken.failed());
    CHECK_FALSE(failed.failed()); // NOLINT(bugprone-use-after-move)
    CHECK_FALSE(failed.skip());
    CHECK(taken.skip());
    CHECK(read(taken, chunk) == "frame ");

    // Storage of its own that moves with it is given to it again.
    std::array<std::byte, 16> own{};
    StreamReader begun(own);
    CHECK(read(begun, std::span(stream).first(4)).empty());
    std::array<std::byte, 16> moved_with_it = own;
    StreamReader moved(std::move(begun));
    moved.rebind(moved_with_it);
    own.fill(std::byte{0xFF});
    CHECK(read(moved, std::span(stream).subspan(4)) == "head hi\xC3\xA4! end frame ");
    chunk = std::span(stream).first(4);
    CHECK_FALSE(begun.next(chunk, Version::v5)); // NOLINT(bugprone-use-after-move)
    CHECK(begun.storage_needed() != 0); // for it has none any more
}

TEST_CASE("stream: text is checked across pieces, with decode's errors")
{
    const std::vector<std::string_view> texts{"61", "C3 A4", "E2 82 AC", "F0 9F 98 80", "00", "C3", "E2 82", "F0 9F 98",
        "80", "C3 41", "E0 80 80", "ED A0 80", "F4 90 80 80", "FF", "E2 41 AC", "F0 9F 41 80", "F8 80"};
    for (const std::string_view first : texts) {
        for (const std::string_view second : texts) {
            for (const std::string_view third : {"", "61 61 61 61", "C3 A4"}) {
                const Bytes payload = bytes(first) + bytes(second) + bytes(third);
                const Bytes stream = packet(0x30, prefixed("t") + bytes("02 01 01") + payload);
                const Rules rules{Version::v5, Leniency::check_payload_format};
                const Story whole = read_whole(stream, rules);
                for (std::size_t a = 1; a < stream.size(); ++a)
                    for (std::size_t b = 1; b < 5; ++b)
                        if (read_in(stream, rules, {a, b, b}) != whole) FAIL(hex(stream) << " at " << a << ", " << b);
            }
        }
    }
    // What is handed on before the fault is good.
    const Bytes stream = packet(0x30, prefixed("t") + bytes("02 01 01") + bytes("61 62 FF 63"));
    StreamReader reader({});
    std::span<const std::byte> chunk = stream;
    const StreamEvent event = reader.next(chunk, Version::v5, Leniency::check_payload_format);
    REQUIRE(event.head);
    CHECK(hex(event.payload) == hex(bytes("61 62")));
    CHECK_FALSE(event.end);
    CHECK(reader.error() == Error{Errc::payload_not_utf8, Field::payload, PacketType::publish, 10, 0});
}

TEST_CASE("stream: whether a text is looked at is asked for each message anew")
{
    std::array<std::byte, 64> storage{};
    StreamReader reader(storage);
    const Bytes text = bytes("30 0A 00 01 74 02 01 01 70 61 79 6C");
    const Bytes no_text = bytes("30 0A 00 01 74 00 FF FE 70 61 79 6C");
    std::span<const std::byte> chunk = std::span(text).first(9);
    CHECK(reader.next(chunk, Version::v5, Leniency::check_payload_format).head);
    chunk = std::span(text).subspan(9);
    CHECK(reader.next<Version::v3_1_1>(chunk).end); // by code that looks at no text
    chunk = std::span(no_text).first(8);
    CHECK(reader.next(chunk, Version::v5, Leniency::reject_discouraged_characters).payload.size() == 2);
    CHECK_FALSE(reader.failed());
}

TEST_CASE("stream: a version that changes within a head takes back nothing that was gathered")
{
    std::array<std::byte, 64> storage{};
    StreamReader reader(storage);
    const Bytes stream = bytes("30 0A 00 01 74 04 23 00 05 01 70 61");
    std::vector<std::byte> first(stream.begin(), stream.begin() + 9); // with an end of its own, which sanitizers see
    std::vector<std::byte> second(stream.begin() + 9, stream.end());
    std::span<const std::byte> chunk = first;
    CHECK_FALSE(reader.next(chunk, Version::v5));
    CHECK(chunk.empty());
    chunk = second;
    const StreamEvent event = reader.next(chunk, Version::v3_1_1);
    CHECK(event.payload.size() <= second.size());
    if (!event.payload.empty()) CHECK(event.payload.data() >= second.data());
    CHECK(chunk.size() <= second.size());
}

TEST_CASE("stream: the largest packet passes through 256 bytes")
{
    std::array<std::byte, 256> storage{};
    StreamReader reader(storage);
    std::array<std::byte, 64> head{};
    constexpr std::size_t payload_size = max_varint - 9;
    const auto written =
        encode_head({.topic = "a/b/c", .qos = QoS::exactly_once, .packet_id = 3}, payload_size, head, Version::v3_1_1);
    REQUIRE(written);
    CHECK(hex(*written) == hex(bytes("34 FF FF FF 7F 00 05 61 2F 62 2F 63 00 03")));
    StreamWriter writer(*written, payload_size);
    const std::vector<std::byte> block(60'000, std::byte{0x77});
    std::size_t seen = 0;
    std::size_t turn = 0;
    bool ended = false;
    while (!writer.complete()) {
        const auto spans = writer.spans(std::span(block).first(std::min(block.size(), writer.owed())));
        REQUIRE(spans);
        // A link that takes a few bytes at first, and then some more each time.
        std::size_t room = turn++ < 20 ? 1 : 50'000;
        std::size_t count = 0;
        for (std::span<const std::byte> span : *spans) {
            span = span.first(std::min(room, span.size()));
            room -= span.size();
            count += span.size();
            while (const StreamEvent event = reader.next(span, Version::v3_1_1)) {
                if (event.head) CHECK(event.payload_size == payload_size);
                seen += event.payload.size();
                if (event.end) ended = true;
            }
        }
        if (reader.failed()) FAIL(name(reader.error().code));
        writer.sent(count);
    }
    CHECK(seen == payload_size);
    CHECK(ended);
    CHECK(reader.at_boundary());
}

TEST_CASE("stream: a head and its payload are what encode gives")
{
    const std::vector<UserProperty> users{{"a", "b"}, {"a", "c"}};
    const std::vector<std::uint32_t> ids{1, 200};
    std::size_t count = 0;
    for (const Version version : versions) {
        for (const std::size_t size : {0U, 1U, 100U, 121U, 127U, 128U, 16'370U, 16'384U}) {
            for (int form = 0; form < 6; ++form) {
                const Bytes payload(size, std::byte{0x31});
                Publish publish{.topic = form == 5 ? "a+" : "a/b", .retain = form == 1};
                if (form >= 1) publish.qos = QoS::at_least_once;
                if (form >= 1) publish.packet_id = form == 4 ? 0 : 77;
                if (form >= 2) publish.properties.message_expiry_interval = 60;
                if (form >= 3) publish.properties.user_property = List<UserProperty>(users.data(), users.size());
                if (form >= 3) publish.properties.subscription_identifier = List<std::uint32_t>(ids.data(), ids.size());
                Publish whole = publish;
                whole.payload = Binary(payload.data(), payload.size());
                Bytes expected(20'000);
                const auto all = whole.encode(expected, version);
                Bytes buffer(200, std::byte{0xCC});
                const auto head = encode_head(publish, size, buffer, version);
                REQUIRE(head.has_value() == all.has_value());
                if (!head) {
                    CHECK(head.error() == all.error());
                    CHECK(buffer == Bytes(200, std::byte{0xCC}));
                    continue;
                }
                ++count;
                CHECK(hex(*head) == hex(all->first(all->size() - size)));
                // One byte less is too little, and then nothing is written.
                Bytes less(head->size() - 1, std::byte{0xCC});
                const auto refused = encode_head(whole, size, less, version);
                REQUIRE_FALSE(refused);
                CHECK(refused.error().code == Errc::buffer_too_small);
                CHECK(refused.error().needed == head->size());
                CHECK(less == Bytes(less.size(), std::byte{0xCC}));
            }
        }
    }
    CHECK(count > 50);
    std::array<std::byte, 32> buffer{};
    CHECK(encode_head<Version::v5>({.topic = "a"}, max_varint - 4, buffer).has_value());
    CHECK(encode_head<Version::v5>({.topic = "a"}, max_varint - 3, buffer).error().code == Errc::packet_too_large);
    CHECK(encode_head<Version::v5>({.topic = "a"}, SIZE_MAX, buffer).error().code == Errc::packet_too_large);
    CHECK(encode_head({.topic = "a"}, 1, buffer, static_cast<Version>(9)).error().code == Errc::version_unknown);
    static_assert([] {
        std::array<std::byte, 16> bytes{};
        return encode_head({.topic = "a"}, 300, bytes, Version::v3_1_1)->size() == 6 && bytes[1] == std::byte{0xAF};
    }());
}

TEST_CASE("stream: a writer tells what is owed and refuses too much")
{
    const Bytes head = bytes("30 08 00 01 61");
    const Bytes piece = bytes("31 32 33 34 35 36");
    StreamWriter writer(head, 5);
    CHECK_FALSE(writer.spans(piece));
    CHECK(writer.spans(piece).error().code == Errc::bytes_left_over);
    CHECK(writer.sent(3) == 0);
    CHECK(writer.head().size() == 2);
    const auto spans = writer.spans(std::span(piece).first(5));
    REQUIRE(spans);
    CHECK((*spans)[0].data() == head.data() + 3);
    CHECK((*spans)[1].data() == piece.data());
    CHECK(writer.sent(4) == 2);
    CHECK(writer.owed() == 3);
    CHECK_FALSE(writer.complete());
    CHECK(writer.sent(3) == 3);
    CHECK(writer.complete());
    CHECK_FALSE(writer.spans(std::span(piece).first(1)));
    StreamWriter more(head, 2);
    CHECK(more.sent(100) == 2);
    CHECK(more.owed() == 0);
    CHECK(StreamWriter().complete());
}

static_assert([] {
    constexpr auto stream = std::to_array<unsigned char>({0x30, 0x05, 0x00, 0x01, 0x61, 0x31, 0x32, 0xC0, 0x00});
    std::array<std::byte, 9> bytes{};
    for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<std::byte>(stream[i]);
    std::array<std::byte, 5> storage{};
    StreamReader reader(storage);
    std::size_t payload = 0;
    std::size_t packets = 0;
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        std::span<const std::byte> chunk = std::span(bytes).subspan(i, 1);
        while (const StreamEvent event = reader.next(chunk, Version::v3_1_1)) {
            payload += event.payload.size();
            if (event.end || event.frame) ++packets;
        }
    }
    return payload == 2 && packets == 2 && reader.at_boundary();
}());

TEST_CASE("stream: what cannot come is refused at the fixed header")
{
    for (const Version version : versions) {
        std::array<std::byte, 32> storage{};
        StreamReader reader(storage);
        reader.expect(version, Role::server);
        const Bytes wrong_flags = bytes("36"); // QoS 3
        std::span<const std::byte> chunk = wrong_flags;
        CHECK_FALSE(reader.next(chunk, version));
        CHECK(reader.error().code == Errc::qos_3);
        CHECK(reader.needed() == 0);
        CHECK(reader.payload_left() == 0);

        StreamReader server(storage);
        server.expect_connect();
        const Bytes publish = bytes("30 05 00 01 74 68 69");
        chunk = publish;
        CHECK_FALSE(server.next(chunk, version));
        CHECK(server.error().code == Errc::version_unknown);
        CHECK_FALSE(server.skip());
        StreamReader other(storage);
        other.expect_connect();
        const Bytes connect = bytes("10 0D 00 04 4D 51 54 54 04 02 00 00 00 01 61");
        chunk = connect;
        CHECK(other.next(chunk, version).frame->type() == PacketType::connect);

        // Until a CONNECT has told the version, none is to be given: a PUBLISH that comes first is refused.
        StreamReader without_version(storage);
        const Bytes connect_and_publish = connect + publish;
        chunk = connect_and_publish;
        CHECK(without_version.next(chunk, Version{}).frame->type() == PacketType::connect);
        CHECK(without_version.next(chunk, version).head.has_value() == (version != Version::v5));
        without_version.reset();
        chunk = publish;
        CHECK_FALSE(without_version.next(chunk, Version{}));
        CHECK(without_version.error().code == Errc::version_unknown);

        // Skipped, it has come all the same.
        StreamReader little{std::span(storage).first(4)};
        little.expect_connect();
        const Bytes stream = connect + bytes("C0 00");
        chunk = std::span(stream).first(10);
        CHECK_FALSE(little.next(chunk, version));
        CHECK(little.storage_needed() == connect.size());
        CHECK(little.skip());
        CHECK_FALSE(little.next(chunk, version));
        chunk = std::span(stream).subspan(10);
        CHECK(little.next(chunk, version).frame->type() == PacketType::pingreq);
    }
}
