// Memory of every byte type, for everything that reads or writes packets.
#include "mqttwire/answers.hpp"
#include "mqttwire/layout.hpp"
#include "mqttwire/limits.hpp"
#include "mqttwire/outgoing.hpp"
#include "mqttwire/session/client.hpp"
#include "mqttwire/sniff.hpp"
#include "mqttwire/stream.hpp"
#include "unit/check.hpp"

#include <array>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

using namespace check;

// What can be written to and what cannot, and what would be gone at once.
static_assert(std::convertible_to<std::vector<char>&, MutableBuffer>);
static_assert(std::convertible_to<std::span<unsigned char>, MutableBuffer>);
static_assert(std::convertible_to<std::byte (&)[4], MutableBuffer>);
static_assert(!std::convertible_to<const std::vector<char>&, MutableBuffer>);
static_assert(!std::convertible_to<std::vector<char>, MutableBuffer>);
static_assert(!std::convertible_to<std::span<const std::byte>, MutableBuffer>);
static_assert(!std::convertible_to<std::vector<int>&, MutableBuffer>);
static_assert(std::convertible_to<std::vector<char>, ConstBuffer>);
static_assert(std::convertible_to<std::string_view, ConstBuffer>);
static_assert(std::convertible_to<Binary, ConstBuffer>);
static_assert(std::convertible_to<Frame, ConstBuffer>);
static_assert(!std::convertible_to<std::vector<int>, ConstBuffer>);
static_assert(!std::convertible_to<int, ConstBuffer>);

namespace {

const Bytes publish_bytes = bytes("30 05 00 01 74 68 69");
const Publish publish{.topic = "t", .payload = "hi"};

/// The same bytes in memory of another type.
template <class Byte>
std::vector<Byte> memory_of(const Bytes& from)
{
    std::vector<Byte> memory(from.size());
    std::memcpy(memory.data(), from.data(), from.size());
    return memory;
}

/// One sink for all, so that `layout` is compiled once.
using Sink = void (*)(Field, std::span<const std::byte>);
void take_field(Field, std::span<const std::byte>) {}

template <class Buffer>
void read_all_ways(const Buffer& buffer)
{
    constexpr auto v4 = Version::v3_1_1;
    CHECK(*Publish::decode(buffer, v4) == publish);
    CHECK(*Publish::decode<Version::v3_1_1>(buffer) == publish);
    CHECK(std::get<Publish>(*decode(buffer, v4)) == publish);
    CHECK(std::get<Publish>(*decode<Version::v3_1_1>(buffer)) == publish);
    CHECK(std::get<Publish>(*decode<Role::client>(buffer, v4)) == publish);
    CHECK(std::get<Publish>(*decode<Version::v3_1_1, Role::client>(buffer)) == publish);
    CHECK(decode(buffer).error().code == Errc::version_unknown);
    CHECK(read_frame(buffer)->type() == PacketType::publish);
    CHECK_FALSE(requested_protocol(buffer));
    CHECK_FALSE(refusal(buffer, Error{.code = Errc::qos_3}));
    CHECK(sniff(buffer).opening == Opening::mqtt_other_packet);
    CHECK(layout(buffer, v4, Sink{take_field}).code == Errc::none);
}

template <class Byte>
void write_all_ways()
{
    constexpr auto v4 = Version::v3_1_1;
    const auto check_one = [](auto&& write) {
        std::vector<Byte> memory(publish_bytes.size() + 1, Byte{0x11});
        const Result<std::span<std::byte>> written = write(memory);
        REQUIRE(written.has_value());
        CHECK(static_cast<const void*>(written->data()) == static_cast<const void*>(memory.data()));
        CHECK(written->size() == publish_bytes.size());
        CHECK(std::memcmp(memory.data(), publish_bytes.data(), publish_bytes.size()) == 0);
        CHECK(memory.back() == Byte{0x11});
    };
    check_one([](auto& memory) { return publish.encode(memory, v4); });
    check_one([](auto& memory) { return publish.encode<Version::v3_1_1>(memory); });
    check_one([](auto& memory) { return encode(Packet(publish), memory, v4); });
    check_one([](auto& memory) { return encode<Version::v3_1_1>(Packet(publish), memory); });
    check_one([](auto& memory) { return publish.encode(std::span(memory), v4); });
    check_one([](auto& memory) { return publish.encode({memory.data(), memory.size()}, v4); });
    check_one([](auto& memory) {
        Dropped dropped;
        return encode_within(publish, memory, Limits{}, dropped, v4);
    });
    check_one([](auto& memory) {
        Dropped dropped;
        return encode_within(Packet(publish), memory, Limits{}, dropped, v4);
    });
}

} // namespace

TEMPLATE_TEST_CASE("packets are read from memory of every byte type", "", std::byte, char, unsigned char)
{
    const std::vector<TestType> memory = memory_of<TestType>(publish_bytes);
    read_all_ways(memory);
    read_all_ways(std::span(memory));
    read_all_ways(std::span<const TestType, 7>(memory.data(), 7));
    std::array<TestType, 7> array{};
    std::copy(memory.begin(), memory.end(), array.begin());
    read_all_ways(array);
    TestType plain[7]; // NOLINT(modernize-avoid-c-arrays): what POSIX programs have
    std::copy(memory.begin(), memory.end(), plain);
    read_all_ways(plain);
    CHECK(Publish::decode({memory.data(), memory.size()}, Version::v3_1_1)->payload == "hi");
    CHECK(decode({memory.data(), memory.size()}, Version::v3_1_1).has_value());
    CHECK(decode({memory.data(), memory.size() - 1}, Version::v3_1_1).error().needed == 7);
}

TEST_CASE("the fields of bytes that are not one packet are told as far as they are there")
{
    const auto told = [](std::string_view wire, Error& error) {
        int fields = 0;
        const Bytes memory = bytes(wire);
        error = layout(memory, Version::v3_1_1, [&](Field, std::span<const std::byte>) { ++fields; });
        CHECK(error == decode(memory, Version::v3_1_1).error());
        return fields;
    };
    Error error;
    CHECK(told("30 05 00 01 74 68", error) == 4); // fixed header, length, topic, payload
    CHECK(error.code == Errc::incomplete);
    CHECK(told("30 05 00 01", error) == 2);
    CHECK(told("30 85", error) == 0);
    CHECK(told("30", error) == 0);
    CHECK(told("30 03 00 01 74 00", error) == 0);
    CHECK(error.code == Errc::bytes_after_packet);
}

TEST_CASE("what a side cannot receive is refused where the side is known while compiling")
{
    const Bytes connack = bytes("20 02 00 00");
    for (const Version version : versions) {
        CHECK(decode<Role::client>(connack, version).has_value() == (version != Version::v5));
        CHECK(decode<Role::server>(connack, version).error()
            == decode(connack, version, Leniency::none, Role::server).error());
        CHECK(decode<Role::server>(connack, version).error().code == Errc::wrong_direction);
    }
}

TEST_CASE("packets are read from strings and from views")
{
    const std::vector<char> memory = memory_of<char>(publish_bytes);
    read_all_ways(std::string(memory.begin(), memory.end()));
    read_all_ways(std::string_view(memory.data(), memory.size()));
    read_all_ways(Binary(memory));
    CHECK(decode(ConstBuffer{}, Version::v5).error().code == Errc::incomplete);
}

TEMPLATE_TEST_CASE("packets are written to memory of every byte type", "", std::byte, char, unsigned char)
{
    write_all_ways<TestType>();
    std::array<TestType, 3> too_small{};
    CHECK(publish.encode(too_small, Version::v3_1_1).error().needed == 7);
    CHECK(publish.encode(MutableBuffer{}, Version::v3_1_1).error().needed == 7);
    const Refusal refused{.connack = {.reason_code = ReasonCode::not_authorized}, .version = Version::v3_1_1};
    std::array<TestType, 4> buffer{};
    CHECK(refused.encode(buffer)->size() == 4);
}

TEMPLATE_TEST_CASE("a framer gathers in memory of every byte type", "", std::byte, char, unsigned char)
{
    std::vector<TestType> storage(4);
    Framer framer(storage);
    const std::vector<TestType> memory = memory_of<TestType>(publish_bytes);
    std::span<const TestType> chunk = std::span(memory).first(3);
    CHECK_FALSE(framer.next(chunk));
    CHECK(framer.storage_needed() == 7);
    storage.resize(7);
    framer.rebind(storage);
    chunk = std::span(memory).subspan(3 - chunk.size());
    const auto frame = framer.next(chunk);
    REQUIRE(frame);
    CHECK(*Publish::decode(*frame, Version::v3_1_1) == publish);
}

TEMPLATE_TEST_CASE("a stream is read in pieces from memory of every byte type", "", std::byte, char, unsigned char)
{
    std::vector<TestType> storage(2);
    StreamReader reader(storage);
    const std::vector<TestType> memory = memory_of<TestType>(publish_bytes);
    std::span<const TestType> chunk = std::span(memory).first(4);
    CHECK_FALSE(reader.next(chunk, Version::v3_1_1));
    CHECK(reader.storage_needed() > storage.size());
    storage.resize(5); // the whole head
    reader.rebind(storage);
    CHECK_FALSE(reader.next(chunk, Version::v3_1_1));
    CHECK(chunk.empty());
    chunk = std::span(memory).subspan(4);
    const StreamEvent event = reader.next<Version::v3_1_1>(chunk);
    REQUIRE(event.head);
    CHECK(event.head->topic == "t");
    CHECK(Binary(event.payload) == publish.payload);
    CHECK(event.end);
    CHECK(chunk.empty());
}

TEMPLATE_TEST_CASE("heads are written to memory of every byte type", "", std::byte, char, unsigned char)
{
    std::vector<TestType> buffer(5);
    const Bytes expected = bytes("30 05 00 01 74");
    CHECK(std::ranges::equal(*encode_head(publish, 2, buffer, Version::v3_1_1), expected));
    CHECK(std::ranges::equal(*encode_head<Version::v3_1_1>(publish, 2, buffer), expected));
    const std::vector<TestType> payload = memory_of<TestType>(bytes("68 69"));
    const auto spans = StreamWriter(buffer, 2).spans(payload);
    CHECK(spans->at(0).size() == 5);
    CHECK(Binary(spans->at(1)) == publish.payload);

    std::vector<TestType> scratch(16);
    const Publish expiring{.topic = "t", .properties = {.content_type = "c"}};
    const auto message = OutgoingMessage::prepare(expiring, Version::v5, scratch);
    const std::vector<TestType> frame_bytes = memory_of<TestType>(publish_bytes);
    const auto forwarded = OutgoingMessage::prepare(*read_frame(frame_bytes), Version::v3_1_1, scratch);
    REQUIRE(message);
    REQUIRE(forwarded);
    std::vector<TestType> heads(30);
    CHECK(std::ranges::equal(*message->write_head({.version = Version::v5}, heads), bytes("30 08 00 01 74 04")));
    CHECK(std::ranges::equal(forwarded->write({.version = Version::v3_1_1}, heads)->head(), expected));
}

TEMPLATE_TEST_CASE("a session answers and is saved in memory of every byte type", "", std::byte, char, unsigned char)
{
    session::Client<> client;
    std::vector<TestType> buffer(client.saved_size());
    session::Journal journal;
    CHECK(client.save(buffer, 7, journal) == buffer.size());
    CHECK(client.load(buffer, {}).generation == 7);
    CHECK(client.encode_answer({.answer = PacketType::pingreq}, buffer)->size() == 2);
    CHECK(session::encode_answer({.answer = PacketType::pingreq}, buffer, Version::v5)->size() == 2);
}
