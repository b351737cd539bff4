// Where assertions are on: a head is not written over the message that it belongs to.
#include "mqttwire/outgoing.hpp"

#include "unit/check.hpp"

#include <cstddef>
#include <span>

using namespace check;

namespace {

static_assert(config::assertions);

Error refused(Field field) { return {.code = Errc::overlapping_buffer, .field = field, .packet = PacketType::publish}; }

} // namespace

TEST_CASE("outgoing: a head is not written over the message")
{
    // The topic from byte 4 on, an expiry from 8, shared properties from 13, the payload from 20.
    const Bytes original = bytes("30 14 00 03 61 2F 62 0C 02 00 00 00 09 26 00 01 6B 00 01 76 68 69");
    Bytes before = bytes("00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00");
    const std::size_t begin = before.size();
    Bytes memory = before + original + before;
    before = memory;
    const std::span<std::byte> all(memory);
    const auto message = OutgoingMessage::prepare(read_frame(all.subspan(begin, original.size())).value(), Version::v5);
    REQUIRE(message);
    for (const Version version : versions)
        for (const unsigned flags : {0U, 1U}) { // a usual receiver, and one with limits
            const Limits limits;
            Receiver receiver{.version = version, .qos = QoS::at_least_once, .packet_id = 1};
            if (flags == 1) receiver.limits = &limits;
            const auto error = [&](std::size_t from, std::size_t to) {
                const auto head = message->write_head(receiver, all.subspan(from, to - from));
                return head ? Error{} : head.error();
            };
            CHECK(error(begin, begin + 30) == refused(Field::topic));
            CHECK(error(0, begin + 5) == refused(Field::topic));
            CHECK(error(begin + 6, begin + 30) == refused(Field::topic));
            CHECK(error(begin + 19, begin + 50) == refused(Field::payload));
            CHECK(error(begin + 21, begin + 52) == refused(Field::payload));
            CHECK(memory == before);
            CHECK(error(0, begin + 4) == Error{});
            CHECK(error(begin + original.size(), memory.size()) == Error{});
            memory = before;
        }
}

TEST_CASE("outgoing: a head is not written over the shared properties of a message of one's own")
{
    Bytes scratch(64);
    const Publish publish{.topic = "a/b", .payload = "hi", .properties = {.content_type = "text/plain"}};
    const auto message = OutgoingMessage::prepare(publish, Version::v5, scratch);
    REQUIRE(message);
    const Bytes before = scratch;
    const Receiver receiver{.version = Version::v5};
    CHECK(message->write_head(receiver, scratch).error() == refused(Field::properties));
    CHECK(message->write(receiver, scratch).error() == refused(Field::properties));
    // What is wrong with the receiver is told first.
    CHECK(message->write_head({.version = Version::v5, .dup = true}, scratch).error().code == Errc::dup_with_qos_0);
    CHECK(scratch == before);
}
