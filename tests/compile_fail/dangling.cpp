// Programs with a view that outlives what it views: each MISTAKE is one, 0 is none. clang warns of them all.
#include <array>
#include <cstddef>
#include <cstdint>
#include <mqttwire/answers.hpp>
#include <mqttwire/append.hpp>
#include <mqttwire/limits.hpp>
#include <mqttwire/mqttwire.hpp>
#include <mqttwire/outgoing.hpp>
#include <mqttwire/raw.hpp>
#include <mqttwire/stream.hpp>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace mq = mqttwire;

std::string make_name();
std::vector<std::byte> read_all();
std::vector<mq::Text> names();

#if MISTAKE == 0

std::size_t good()
{
    const std::string name = make_name();
    const mq::Text text = name;
    const mq::Text part = text.substr(1);
    const std::vector<mq::Text> filters = names();
    const mq::List<mq::Text> list = filters;
    const std::vector<std::byte> bytes = read_all();
    const mq::Binary binary = std::span(bytes);
    const mq::List<mq::Text> some = std::span(filters).first(1);
    const mq::Text piece = std::string_view(name).substr(1);
    const auto frame = mq::read_frame(bytes);
    const auto publish = mq::Publish::decode(bytes, mq::Version::v5);
    const auto packet = mq::decode(bytes, mq::Version::v5);
    const auto part_of_bytes = mq::decode(std::span(bytes).first(1), mq::Version::v5);
    std::span<const std::byte> chunk = bytes;
    mq::Framer framer{std::span<std::byte>()};
    const auto of_frame = mq::Publish::decode(*framer.next(chunk), mq::Version::v5);
    const auto of_binary = mq::Publish::decode<mq::Version::v5>(mq::Binary(bytes));
    const auto at_once = mq::decode(read_all(), mq::Version::v5).has_value();
    const mq::Text topic = mq::Publish::decode(bytes, mq::Version::v5)->topic;
    const mq::Binary payload = mq::Publish::decode(bytes, mq::Version::v5)->payload;
    const mq::Text level = mq::Publish::decode(bytes, mq::Version::v5)->topic.substr(1);
    const std::span<const std::byte> body = mq::read_frame(bytes)->body();
    std::array<std::byte, 16> buffer;
    const std::span<std::byte> behind = mq::PingReq{}.encode(buffer, mq::Version::v5)->subspan(1);
    const mq::Publish message{.topic = name, .payload = bytes};
    const auto size = mq::Publish{.topic = make_name(), .payload = read_all()}.encoded_size(mq::Version::v5);
    const auto other = mq::Subscribe{.packet_id = 1, .filters = {{.filter = "a"}}}.encoded_size(mq::Version::v5);
    return part.size() + list.size() + some.size() + piece.size() + binary.size() + frame.has_value()
        + publish.has_value() + packet.has_value() + part_of_bytes.has_value() + of_frame.has_value()
        + of_binary.has_value() + at_once + topic.size() + payload.size() + level.size() + body.size() + behind.size()
        + message.topic.size() + size.value() + other.value();
}

mq::Publish message_about(const std::string& name) { return {.topic = name, .payload = "constant"}; }
mq::Text level_of(const mq::Text& topic) { return topic.substr(0, topic.find('/')); }

using Written = mq::Result<std::span<std::byte>>;
constexpr auto v5 = mq::Version::v5;

// What the caller keeps may be given back to it: parts of it, and what was written into it.
std::optional<mq::SharedFilter> parts_of(std::string_view filter) { return mq::split_shared(filter); }
std::optional<mq::SharedFilter> parts_of(const mq::Subscription& subscription)
{
    return mq::split_shared(subscription.filter);
}
bool is_shared(const mq::Text& filter) { return mq::split_shared(std::string(filter.view())).has_value(); }
mq::Result<mq::Raw> parts_of(std::span<const std::byte> bytes) { return mq::raw(bytes, v5); }
mq::Result<mq::Raw> parts_of(const std::vector<std::byte>& bytes) { return mq::raw(bytes, v5); }
mq::Result<mq::Raw> parts_of(const mq::Frame& frame) { return mq::raw(frame, v5); }
mq::Framer framer_of(std::span<std::byte> storage) { return mq::Framer(storage); }
mq::Framer framer_of(mq::MutableBuffer storage) { return mq::Framer(storage); }
mq::StreamReader reader_of(std::vector<char>& storage) { return mq::StreamReader(storage); }
Written written_to(std::span<std::byte> buffer) { return mq::PingReq{}.encode(buffer, v5); }
Written written_to(std::span<char> buffer) { return mq::encode(mq::PingReq{}, buffer, v5); }
Written written_to(mq::MutableBuffer buffer) { return mq::encode<v5>(mq::PingReq{}, buffer); }
Written written_to(std::array<std::byte, 2>& buffer) { return mq::PingReq{}.encode<v5>(buffer); }
Written written_to(char (&buffer)[2]) { return mq::PingReq{}.encode<v5>(buffer); }
Written head_in(std::span<std::byte> buffer) { return mq::encode_head({.topic = "t"}, 1, buffer, v5); }
Written appended_to(std::vector<char>& outgoing) { return mq::append(mq::PingReq{}, outgoing, v5); }
Written refused_in(std::span<char> buffer) { return mq::Refusal{}.encode(buffer); }
Written within(const mq::Limits& limits, mq::MutableBuffer buffer, mq::Dropped& dropped)
{
    return mq::encode_within(mq::PingReq{}, buffer, limits, dropped);
}
mq::Result<mq::OutgoingPacket> sent(const mq::OutgoingMessage& message, std::span<std::byte> head)
{
    return message.write({}, head);
}

struct Connection {
    explicit Connection(std::span<std::byte> given) : reader(given) {}
    std::array<std::byte, 16> storage{};
    mq::Framer framer{storage};
    mq::StreamReader reader;
};

std::size_t sent_from_here(const mq::Publish& publish)
{
    std::array<std::byte, 64> buffer{};
    const auto bytes = publish.encode(buffer, v5);
    const auto size = publish.encode(std::span(buffer).first(8), v5)->size();
    std::vector<char> outgoing;
    for (const auto written = mq::append<v5>(publish, outgoing); const std::byte byte : *written)
        if (byte == std::byte{}) return 0;
    return bytes ? bytes->size() : size;
}

#elif MISTAKE == 1

std::size_t text_of_a_temporary_string()
{
    const mq::Text text = std::string("name");
    return text.size();
}

#elif MISTAKE == 2

std::size_t text_of_a_sum(const std::string& base)
{
    const mq::Text text = base + "/temperature";
    return text.size();
}

#elif MISTAKE == 3

mq::Text text_of_a_local_string()
{
    const std::string name = make_name();
    return name;
}

#elif MISTAKE == 4

mq::Publish packet_about_a_local_string()
{
    const std::string name = make_name();
    return {.topic = name};
}

#elif MISTAKE == 5

std::size_t packet_about_a_temporary_string()
{
    const mq::Publish message{.topic = make_name()};
    return message.topic.size();
}

#elif MISTAKE == 6

std::size_t list_of_a_temporary_vector()
{
    const mq::List<mq::Text> filters = names();
    return filters.size();
}

#elif MISTAKE == 7

std::size_t list_of_braces()
{
    const mq::Subscribe subscribe{.packet_id = 1, .filters = {{.filter = "a"}}};
    return subscribe.filters.size();
}

#elif MISTAKE == 8

std::size_t binary_of_a_temporary_vector()
{
    const mq::Binary binary = read_all();
    return binary.size();
}

#elif MISTAKE == 9

mq::List<mq::UserProperty> list_of_a_local_vector()
{
    const std::vector<mq::UserProperty> pairs(1);
    return pairs;
}

#elif MISTAKE == 10

mq::Will will_about_a_local_string()
{
    std::string topic = make_name();
    topic += "/gone";
    return {.topic = topic, .payload = "gone"};
}

#elif MISTAKE == 11

std::size_t packet_of_temporary_bytes()
{
    const auto packet = mq::decode(read_all(), mq::Version::v5);
    return packet.has_value();
}

#elif MISTAKE == 12

std::size_t publish_of_temporary_bytes()
{
    const auto publish = mq::Publish::decode<mq::Version::v5>(read_all());
    return publish->topic.size();
}

#elif MISTAKE == 13

std::size_t frame_of_temporary_bytes()
{
    const auto frame = mq::read_frame(read_all());
    return frame->bytes().size();
}

#elif MISTAKE == 14

std::size_t slices_of_a_temporary_packet(const mq::OutgoingMessage& message, std::span<std::byte> head)
{
    const auto spans = message.write({}, head)->spans();
    return spans.size();
}

#elif MISTAKE == 15

std::size_t message_for_a_temporary_topic(const mq::Frame& frame)
{
    const auto message = mq::OutgoingMessage::prepare(frame, mq::Version::v5, {}, make_name());
    return message.has_value();
}

#elif MISTAKE == 16

std::size_t parts_of_temporary_bytes()
{
    const auto parts = mq::raw(read_all(), mq::Version::v5);
    return parts->bytes.size();
}

#elif MISTAKE == 17

std::size_t parts_of_a_temporary_filter()
{
    const auto parts = mq::split_shared(make_name());
    return parts->filter.size();
}

#elif MISTAKE == 18

mq::Framer framer_of_local_storage()
{
    char storage[256];
    return mq::Framer(storage);
}

#elif MISTAKE == 19

mq::StreamReader reader_of_local_storage()
{
    std::vector<std::byte> storage(256);
    return mq::StreamReader(storage);
}

#elif MISTAKE >= 20

mq::Result<std::span<std::byte>> written_to_a_local_buffer(const mq::Limits& limits, mq::Dropped& dropped)
{
    std::array<std::byte, 256> buffer;
    [[maybe_unused]] std::vector<char> outgoing;
    const mq::PingReq ping;
#if MISTAKE == 20
    return ping.encode(buffer, mq::Version::v5);
#elif MISTAKE == 21
    return ping.encode<mq::Version::v5>(buffer);
#elif MISTAKE == 22
    return mq::encode(ping, buffer, mq::Version::v5);
#elif MISTAKE == 23
    return mq::encode<mq::Version::v5>(ping, buffer);
#elif MISTAKE == 24
    return mq::encode_head({.topic = "t"}, 1, buffer, mq::Version::v5);
#elif MISTAKE == 25
    return mq::encode_head<mq::Version::v5>({.topic = "t"}, 1, buffer);
#elif MISTAKE == 26
    return mq::encode_within(ping, buffer, limits, dropped);
#elif MISTAKE == 27
    return mq::encode_within<mq::Version::v5>(mq::Packet(ping), buffer, limits, dropped);
#elif MISTAKE == 28
    return mq::append(ping, outgoing, mq::Version::v5);
#elif MISTAKE == 29
    return mq::append<mq::Version::v5>(ping, outgoing);
#elif MISTAKE == 30
    return mq::append(mq::Packet(ping), outgoing, mq::Version::v5);
#elif MISTAKE == 31
    return mq::append<mq::Version::v5>(mq::Packet(ping), outgoing);
#elif MISTAKE == 32
    return mq::Refusal{}.encode(buffer);
#elif MISTAKE == 33
    return mq::OutgoingMessage{}.write_head({}, buffer);
#endif
}

#endif
