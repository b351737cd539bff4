// One object of a mixed program. LEVEL is the name of what it was compiled with, as in level_O2.
#include "level.hpp"

#include <variant>

#define MIXED_JOIN_TOKENS(a, b) a##b
#define MIXED_JOIN(a, b) MIXED_JOIN_TOKENS(a, b)
/// Functions are counted by their names, so each object's have their own.
#define MIXED_NAME(name) MIXED_JOIN(LEVEL, _##name)
#define MIXED_STRING_OF(name) #name
#define MIXED_STRING(name) MIXED_STRING_OF(name)

namespace mq = mqttwire;
using mixed::Buffer;
using mixed::Bytes;

namespace {

template <class Properties>
std::size_t sum_of(const Properties& properties)
{
    std::size_t sum = 0;
    for (const auto& [name, value] : properties.user_property) sum += name.size() * 3 + value.size();
    return sum;
}

} // namespace

[[gnu::noinline]] mq::Result<mq::Packet> MIXED_NAME(decode)(Bytes bytes, mq::Version version)
{
    return mq::decode(bytes, version);
}

[[gnu::noinline]] mq::Result<Buffer> MIXED_NAME(encode)(const mq::Packet& packet, Buffer buffer, mq::Version version)
{
    return mq::encode(packet, buffer, version);
}

[[gnu::noinline]] mq::Result<std::size_t> MIXED_NAME(size)(const mq::Packet& packet, mq::Version version)
{
    return mq::encoded_size(packet, version);
}

[[gnu::noinline]] mq::Result<mq::Publish> MIXED_NAME(decode_publish)(Bytes bytes)
{
    return mq::Publish::decode<mq::Version::v5>(bytes);
}

[[gnu::noinline]] mq::Result<Buffer> MIXED_NAME(encode_publish)(const mq::Publish& packet, Buffer buffer)
{
    return packet.encode<mq::Version::v5>(buffer);
}

[[gnu::noinline]] std::size_t MIXED_NAME(consume)(Bytes stream, const mq::Packet& packet, std::string_view name)
{
    std::size_t sum = packet.index();
    std::byte storage[256];
    mq::Framer framer(storage);
    for (std::size_t at = 0; at < stream.size(); at += 7) {
        Bytes chunk = stream.subspan(at, stream.size() - at < 7 ? stream.size() - at : 7);
        while (const auto frame = framer.next(chunk)) {
            sum = sum * 3 + frame->bytes().size();
            if (const auto decoded = mq::decode(*frame, mq::Version::v5)) sum += decoded->index();
            else sum += static_cast<std::size_t>(decoded.error().code);
        }
    }
    mq::StreamReader reader(storage);
    for (std::size_t at = 0; at < stream.size(); at += 5) {
        Bytes chunk = stream.subspan(at, stream.size() - at < 5 ? stream.size() - at : 5);
        while (const auto event = reader.next(chunk, mq::Version::v5, mq::Leniency::check_payload_format))
            sum = sum * 3 + event.payload.size() + (event.head ? event.head->topic.size() : 0) + (event.end ? 1 : 0);
        if (reader.failed()) reader.skip();
    }
    // By a pointer, or it would be taken in line and nobody's copy be run.
    void (mq::StreamReader::* const volatile expect_connect)() noexcept = &mq::StreamReader::expect_connect;
    (reader.*expect_connect)();
    for (Bytes chunk = stream; const auto event = reader.next(chunk, mq::Version::v5);) sum += event.frame.has_value();
    sum += static_cast<std::size_t>(reader.error().code);
    std::byte head[64];
    sum += mq::encode_head({.topic = name}, 7, head, mq::Version::v5).has_value();
    if (const auto* publish = std::get_if<mq::Publish>(&packet)) {
        sum += publish->topic.find('/') + publish->topic.substr(1).size() + publish->payload.size();
        sum += sum_of(publish->properties) + mq::matches("a/+/#", publish->topic);
        for (const std::byte byte : publish->payload) sum = sum * 31 + static_cast<std::size_t>(byte);
    }
    if (const auto* subscribe = std::get_if<mq::Subscribe>(&packet)) {
        for (const mq::Subscription& subscription : subscribe->filters)
            sum += subscription.filter.size() + mq::matches(subscription.filter, name)
                + mq::valid_topic_filter(subscription.filter);
    }
    if (const auto* connect = std::get_if<mq::Connect>(&packet)) {
        sum += sum_of(connect->properties) + connect->client_id.size();
        if (connect->password) sum += connect->password->size();
        if (connect->will) sum += sum_of(connect->will->properties);
    }
    return sum + mq::valid_topic_name(name);
}

extern "C" const mixed::Level MIXED_NAME(table);
const mixed::Level MIXED_NAME(table) = {MIXED_STRING(LEVEL), &MIXED_NAME(decode), &MIXED_NAME(encode),
    &MIXED_NAME(size), &MIXED_NAME(decode_publish), &MIXED_NAME(encode_publish), &MIXED_NAME(consume)};
