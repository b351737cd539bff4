// Runs the snippets of the README, which extract.cmake has put into snippets.hpp.
#include "snippets.hpp"

#include "support/catch.hpp"

#include <algorithm>
#include <unistd.h>

namespace {

std::span<const std::byte> bytes_of(const mq::Result<std::span<std::byte>>& encoded) { return encoded.value(); }

/// A connection of one client: CONNECT, PUBLISH and PINGREQ in 3.1.1.
std::vector<std::byte> client_stream()
{
    std::vector<std::byte> stream;
    std::array<std::byte, 64> buffer{};
    const auto append = [&](const mq::Packet& packet) {
        const auto bytes = bytes_of(mq::encode(packet, buffer, mq::Version::v3_1_1));
        stream.insert(stream.end(), bytes.begin(), bytes.end());
    };
    append(mq::Connect{.client_id = "c"});
    append(mq::Publish{.topic = "t", .payload = "21.5"});
    append(mq::PingReq{});
    return stream;
}

} // namespace

TEST_CASE("Decoding a stream")
{
    const std::vector<std::byte> stream = client_stream();
    std::array<std::byte, 64> storage{};
    readme_stream::Session session(storage);
    SECTION("in one piece") { CHECK(session.received(stream)); }
    SECTION("byte by byte")
    {
        for (const std::byte& byte : stream) CHECK(session.received({&byte, 1}));
    }
    CHECK(session.version == mq::Version::v3_1_1);
    CHECK(session.bytes_published == 4);

    constexpr std::array pingresp_from_client{std::byte{0xD0}, std::byte{0}};
    CHECK_FALSE(session.received(std::span(pingresp_from_client).first(1)));
    constexpr std::array http{std::byte{'G'}};
    CHECK_FALSE(readme_stream::Session(storage).received(http));
}

TEST_CASE("Storage that grows")
{
    const std::vector<std::byte> stream = client_stream();
    std::vector<std::byte> storage;
    mq::Framer framer(storage);
    std::vector<std::byte> seen;
    const auto take = [&](const mq::Frame& frame) {
        seen.insert(seen.end(), frame.bytes().begin(), frame.bytes().end());
    };
    for (std::size_t at = 0; at < stream.size(); at += 3)
        CHECK(readme_growing::received(
            framer, storage, std::span(stream).subspan(at, std::min<std::size_t>(3, stream.size() - at)), take));
    CHECK(seen == stream);
    CHECK(framer.at_boundary());
    CHECK_FALSE(storage.empty());
    CHECK_FALSE(readme_growing::received(framer, storage, std::array<std::byte, 1>{}, take));
}

TEST_CASE("Encoding with a version that is known at run time, or while compiling")
{
    std::array<std::byte, 64> buffer{};
    for (const mq::Version version : {mq::Version::v3_1, mq::Version::v3_1_1, mq::Version::v5}) {
        const auto subscribe = mq::Subscribe::decode(bytes_of(readme_encoding::subscribe(buffer, version)), version);
        REQUIRE(subscribe);
        REQUIRE(subscribe->filters.size() == 2);
        CHECK(subscribe->filters[1].filter == "alarms/#");
    }
    constexpr std::array puback{std::byte{0x40}, std::byte{2}, std::byte{0}, std::byte{7}};
    CHECK(std::ranges::equal(bytes_of(readme_encoding::acknowledge(buffer, 7)), puback));
}

TEST_CASE("Encoding while compiling") { CHECK(mq::Connect::decode(readme_constant::hello_bytes)->keep_alive == 60); }

TEST_CASE("Encoding packets one behind the other")
{
    std::vector<char> outgoing;
    const std::array<mq::Packet, 3> packets{mq::PubAck{.packet_id = 7}, mq::PingResp{}, mq::PubAck{}};
    CHECK(readme_any_packet::answer_all(std::span(packets).first(2), outgoing, mq::Version::v3_1_1));
    CHECK(outgoing == std::vector<char>{0x40, 2, 0, 7, static_cast<char>(0xD0), 0});
    CHECK_FALSE(readme_any_packet::answer_all(std::span(packets).last(1), outgoing, mq::Version::v3_1_1));
    CHECK(outgoing.size() == 6);
    CHECK(readme_any_packet::bytes_of_ping() == 2);
}

TEST_CASE("Refusing a CONNECT that cannot be read")
{
    std::array<std::byte, 64> buffer{};
    const auto refusal = [&buffer](std::span<const std::byte> connect) {
        return readme_refusal::refuse(connect, mq::Connect::decode(connect).error(), buffer);
    };
    const auto connect_of = [](const char* name, int level) {
        std::vector<std::byte> bytes{std::byte{0x10}, std::byte{0}, std::byte{0}};
        const std::string_view letters = name;
        bytes.push_back(static_cast<std::byte>(letters.size()));
        for (const char letter : letters) bytes.push_back(static_cast<std::byte>(letter));
        bytes.push_back(static_cast<std::byte>(level));
        bytes[1] = static_cast<std::byte>(bytes.size() - 2);
        return bytes;
    };
    SECTION("of a later version, in the form of 5.0")
    {
        const auto answer = mq::ConnAck::decode(bytes_of(refusal(connect_of("MQTT", 6))), mq::Version::v5);
        CHECK(answer->reason_code == mq::ReasonCode::unsupported_protocol_version);
    }
    SECTION("of an earlier version, with its return code 1")
    {
        constexpr std::array return_code_1{std::byte{0x20}, std::byte{2}, std::byte{0}, std::byte{1}};
        CHECK(std::ranges::equal(bytes_of(refusal(connect_of("MQTT", 3))), return_code_1));
        CHECK(std::ranges::equal(bytes_of(refusal(connect_of("MQIsdp", 4))), return_code_1));
        CHECK(std::ranges::equal(bytes_of(refusal(connect_of("MQTT", 0x84))), return_code_1));
    }
    SECTION("of which 3.1.1 has nothing to say")
    {
        CHECK(refusal(connect_of("MQTT", 4)).error().code == mq::Errc::field_past_end);
    }
    SECTION("that does not get as far as its level")
    {
        CHECK(refusal(std::array{std::byte{0x10}, std::byte{0}}).error().code == mq::Errc::field_past_end);
    }
}

TEST_CASE("Leniency")
{
    std::array<std::byte, 64> buffer{};
    const mq::Connect bridge{.client_id = "b", .bridge = true};
    CHECK(readme_leniency::is_bridge(bytes_of(bridge.encode(buffer, mq::Version::v3_1, mq::Leniency::bridge_bit))));
    CHECK_FALSE(readme_leniency::is_bridge(bytes_of(mq::Connect{.client_id = "b"}.encode(buffer, mq::Version::v3_1))));
}

TEST_CASE("Payloads in pieces")
{
    struct Sink {
        std::size_t packets = 0;
        std::size_t announced = 0;
        std::size_t added = 0;
        std::size_t ended = 0;
        void packet(const mq::Result<mq::Packet>& packet) { packets += packet.has_value() ? 1U : 0U; }
        void begin(const mq::Text& topic, std::size_t size) { announced += topic == "a/b" ? size : 0; }
        void add(std::span<const std::byte> piece) { added += piece.size(); }
        void end() { ++ended; }
    };
    std::array<std::byte, 256> buffer{};
    const std::vector<std::byte> payload(100, std::byte{'x'});
    const mq::Publish publish{.topic = "a/b", .payload = mq::Binary(payload.data(), payload.size())};
    const auto bytes = bytes_of(publish.encode(buffer, mq::Version::v5));
    std::array<std::byte, 16> storage{};
    mq::StreamReader reader(storage);
    Sink sink;
    for (std::size_t at = 0; at < bytes.size(); at += 3)
        CHECK(readme_pieces::receive(reader, bytes.subspan(at, std::min<std::size_t>(3, bytes.size() - at)), sink));
    CHECK(sink.announced == 100);
    CHECK(sink.added == 100);
    CHECK(sink.ended == 1);
    constexpr std::array ping{std::byte{0xC0}, std::byte{0}};
    CHECK(readme_pieces::receive(reader, ping, sink));
    CHECK(sink.packets == 1);

    std::vector<std::byte> sent;
    const auto read = [&](std::size_t owed) { return std::span(payload).first(std::min<std::size_t>(owed, 7)); };
    const auto send = [&](const auto& spans) {
        std::size_t room = 5;
        for (std::span<const std::byte> span : spans) {
            span = span.first(std::min(room, span.size()));
            sent.insert(sent.end(), span.begin(), span.end());
            room -= span.size();
        }
        return 5 - room;
    };
    CHECK(readme_pieces_out::forward({.topic = "a/b"}, 100, read, send));
    CHECK(std::ranges::equal(sent, bytes_of(publish.encode(buffer, mq::Version::v3_1_1))));
}

TEST_CASE("One message, many receivers")
{
    std::array<std::byte, 64> buffer{};
    const mq::Publish publish{.topic = "t", .payload = "21.5"};
    const auto bytes = bytes_of(publish.encode(buffer, mq::Version::v5));
    std::vector<std::vector<std::byte>> sent;
    const auto send = [&sent](std::span<const std::span<const std::byte>> spans) {
        std::vector<std::byte>& packet = sent.emplace_back();
        for (const std::span<const std::byte> span : spans) packet.insert(packet.end(), span.begin(), span.end());
    };
    std::array<mq::Receiver, 2> receivers{};
    receivers[0] = {.version = mq::Version::v3_1_1};
    receivers[1] = {.version = mq::Version::v5, .qos = mq::QoS::at_least_once, .packet_id = 7, .topic_alias = 3};
    CHECK(readme_fan_out::send_to_all(mq::read_frame(bytes).value(), receivers, send));
    REQUIRE(sent.size() == 2);
    std::array<std::byte, 64> anew{};
    CHECK(std::ranges::equal(sent[0], bytes_of(publish.encode(anew, mq::Version::v3_1_1))));
    const auto to_5 = mq::Publish::decode(sent[1], mq::Version::v5);
    REQUIRE(to_5);
    CHECK(to_5->properties.topic_alias == 3);
    CHECK(to_5->packet_id == 7);
    CHECK(to_5->payload == "21.5");
    receivers[0].dup = true; // which QoS 0 has none of
    CHECK_FALSE(readme_fan_out::send_to_all(mq::read_frame(bytes).value(), receivers, send));
}

TEST_CASE("What a connection begins with")
{
    std::vector<std::byte> bytes;
    for (const char c : std::string_view("PROXY UNKNOWN\r\n")) bytes.push_back(static_cast<std::byte>(c));
    const std::vector<std::byte> stream = client_stream();
    bytes.insert(bytes.end(), stream.begin(), stream.end());
    std::span<const std::byte> begun(bytes.data(), 10);
    CHECK(readme_sniffing::who_is_there(begun).needed != 0);
    std::span<const std::byte> all = bytes;
    CHECK(readme_sniffing::who_is_there(all).version == mq::Version::v3_1_1);
    CHECK(all.size() == stream.size());
}

TEST_CASE("What the other side takes")
{
    std::array<std::byte, 64> buffer{};
    const auto size = [&](std::uint32_t maximum_packet_size) {
        const mq::Connect connect{.properties = {.maximum_packet_size = maximum_packet_size}};
        return bytes_of(readme_limits::refuse(7, readme_limits::client_takes(connect), buffer)).size();
    };
    CHECK(size(100) == 27);
    CHECK(size(20) == 5);
    CHECK(readme_limits::server_takes(mq::ConnAck{.properties = {.maximum_qos = 1}}, {}).maximum_qos
        == mq::QoS::at_least_once);
}

TEST_CASE("From one version to another")
{
    std::array<std::byte, 64> buffer{};
    mq::Advice advice{};
    std::vector<mq::Loss> losses;
    const std::array filters{mq::Subscription{.filter = "a", .no_local = true}};
    const mq::Subscribe subscribe{.packet_id = 1, .filters = filters, .properties = {.subscription_identifier = 5}};
    CHECK(readme_bridging::forward(subscribe, buffer, advice, losses)->size() == 8);
    CHECK(advice == mq::Advice::send);
    REQUIRE(losses.size() == 2);
    CHECK(losses[0].option == mq::BridgedOption::no_local);
    CHECK(losses[1].field == mq::field(mq::PropertyId::subscription_identifier));
    CHECK_FALSE(readme_bridging::forward(mq::Auth{}, buffer, advice, losses));
    CHECK(advice == mq::Advice::close);
}

TEST_CASE("As it came")
{
    std::array<std::byte, 64> buffer{};
    const mq::Publish publish{.topic = "t", .qos = mq::QoS::at_least_once, .packet_id = 1};
    const auto bytes = publish.encode(buffer, mq::Version::v5).value();
    CHECK(readme_raw::renumber(bytes, 0x0203, mq::Version::v5));
    CHECK(mq::Publish::decode(bytes, mq::Version::v5)->packet_id == 0x0203);
    CHECK_FALSE(readme_raw::renumber(mq::PingReq{}.encode(buffer, mq::Version::v5).value(), 1, mq::Version::v5));
    CHECK_FALSE(readme_raw::renumber({}, 1, mq::Version::v5));
}

TEST_CASE("Into your transport")
{
    std::array<std::byte, 64> storage{};
    std::vector<mq::PacketType> types;
    const auto read_from_pipe = [&](std::span<const std::byte> bytes) {
        std::array<int, 2> ends{};
        REQUIRE(::pipe(ends.data()) == 0);
        const bool written = ::write(ends[1], bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size());
        ::close(ends[1]);
        const bool good = readme_transport::read_packets(ends[0], mq::Version::v3_1_1, storage,
            [&types](const mq::Packet& packet) { types.push_back(mq::type_of(packet)); });
        ::close(ends[0]);
        REQUIRE(written);
        return good;
    };
    std::vector<std::byte> stream = client_stream();
    SECTION("a stream that ends between two packets")
    {
        CHECK(read_from_pipe(stream));
        CHECK(types == std::vector{mq::PacketType::connect, mq::PacketType::publish, mq::PacketType::pingreq});
    }
    SECTION("a stream that ends within a packet")
    {
        stream.pop_back();
        CHECK_FALSE(read_from_pipe(stream));
        CHECK(types == std::vector{mq::PacketType::connect, mq::PacketType::publish});
    }
    SECTION("a packet that may be skipped")
    {
        const std::array puback_of_packet_0{std::byte{0x40}, std::byte{2}, std::byte{0}, std::byte{0}};
        stream.insert(stream.end(), puback_of_packet_0.begin(), puback_of_packet_0.end());
        CHECK(read_from_pipe(stream));
        CHECK(types.size() == 3);
    }
}
