// Passes packets from each object of a mixed program to each other: what one has decoded, the next measures, writes and
// looks at. Prints how many passages there were; whatever is not as it should be ends the program with 1.
#include "level.hpp"

#include <array>
#include <cstdio>
#include <cstring>
#include <variant>

namespace {

namespace mq = mqttwire;

template <std::size_t Size>
constexpr std::array<std::byte, Size - 1> bytes_of(const char (&text)[Size])
{
    std::array<std::byte, Size - 1> bytes{};
    for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<std::byte>(text[i]);
    return bytes;
}

// Written by hand from the specification, in the one form that an encoder gives them.
constexpr auto connect_5 = bytes_of("\x10\x3e\0\4MQTT\5\xc6\0\x09\x13\x11\0\0\0\5\x26\0\1a\0\1b\x26\0\1c\0\1d\0\2id\x0e"
                                    "\x26\0\1a\0\1b\x26\0\1c\0\1d\0\1w\0\1p\0\1u\0\2pw");
constexpr auto connack_5 = bytes_of("\x20\x0b\0\0\x08\x21\0\x14\x27\0\0\1\0");
constexpr auto publish_5 = bytes_of("\x32\x1c\0\5a/b/c\0\7\x0e\x02\0\0\0\x3c\x0b\7\x26\0\1k\0\1vpayl");
constexpr auto publish_3 = bytes_of("\x30\x0e\0\5a/b/ctopload");
constexpr auto puback_5 = bytes_of("\x40\2\0\7");
constexpr auto subscribe_5 = bytes_of("\x82\x11\0\x0a\0\0\3a/+\1\0\5a/b/#\2");
constexpr auto suback_3 = bytes_of("\x90\5\0\x0a\0\1\x80");

struct Example {
    mixed::Bytes bytes;
    mq::Version version;
};

const Example examples[] = {
    {connect_5, mq::Version::v5},
    {connack_5, mq::Version::v5},
    {publish_5, mq::Version::v5},
    {publish_3, mq::Version::v3_1_1},
    {puback_5, mq::Version::v5},
    {subscribe_5, mq::Version::v5},
    {suback_3, mq::Version::v3_1_1},
};

int failures = 0;

void check(bool good, const char* what, const mixed::Level& from, const mixed::Level& to, std::size_t example)
{
    if (good) return;
    std::printf("example %zu from %s to %s: %s\n", example, from.name, to.name, what);
    ++failures;
}

bool same(const mq::Result<mixed::Buffer>& written, mixed::Bytes bytes)
{
    return written && written->size() == bytes.size() && std::memcmp(written->data(), bytes.data(), bytes.size()) == 0;
}

void pass(const mixed::Level& from, const mixed::Level& to)
{
    std::array<std::byte, 128> buffer{};
    for (std::size_t i = 0; i < std::size(examples); ++i) {
        const auto& [bytes, version] = examples[i];
        const mq::Result<mq::Packet> packet = from.decode(bytes, version);
        check(packet.has_value(), "is not decoded", from, to, i);
        if (!packet) continue;
        if (const auto* connect = std::get_if<mq::Connect>(&*packet))
            check(connect->password && connect->password->size() == 2, "has another password", from, to, i);
        const mq::Result<std::size_t> size = to.size(*packet, version);
        check(size && *size == bytes.size(), "has another size", from, to, i);
        check(same(to.encode(*packet, buffer, version), bytes), "is written otherwise", from, to, i);
        check(from.consume(publish_5, *packet, "a/b/c") == to.consume(publish_5, *packet, "a/b/c"), "looks otherwise",
            from, to, i);
        check(!to.decode(bytes.first(bytes.size() - 1), version), "is decoded though it is cut off", from, to, i);
    }
    const mq::Result<mq::Publish> publish = from.decode_publish(publish_5);
    check(publish && same(to.encode_publish(*publish, buffer), publish_5), "is written otherwise", from, to, 99);
}

// Not known while compiling or linking, or the calls could be taken in line.
const mixed::Level* volatile levels[] = {&level_O0_table, &level_O2_table, &level_Os_table};

} // namespace

int main()
{
    unsigned passages = 0;
    for (const mixed::Level* from : levels) {
        for (const mixed::Level* to : levels) {
            if (from == nullptr || to == nullptr) continue;
            pass(*from, *to);
            ++passages;
        }
    }
    std::printf("%u passages, %d failures\n", passages, failures);
    return failures == 0 ? 0 : 1;
}
