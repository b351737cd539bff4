// One message for many receivers: a head for each, with packet identifiers that change, beside encoding the whole
// packet anew; making a message ready, beside decoding it; and what the kernel takes for sending it. The floor copies
// the whole packet and changes its packet identifier, which is what programs do without any of this.
#include "calls.hpp"

#include "case.hpp"
#include "checksum.hpp"
#include "corpus.hpp"
#include "floors.hpp"
#include "scenarios.hpp"

#include "mqttwire/outgoing.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>
#include <vector>

namespace bench {

/// External, so that the compiler cannot fit them to one version.
Result<OutgoingMessage> prepare_message(const Frame& frame, Version version);
[[gnu::noinline]] Result<OutgoingMessage> prepare_message(const Frame& frame, Version version)
{
    return OutgoingMessage::prepare(frame, version);
}

Result<Publish> decode_message(const Frame& frame, Version version);
[[gnu::noinline]] Result<Publish> decode_message(const Frame& frame, Version version)
{
    return Publish::decode(frame, version);
}

namespace {

/// PUBLISH 3.1.1 with 64 bytes of payload, and 5.0 with four properties.
using Scenario3 = PublishScenario<Version::v3_1_1, QoS::at_least_once, 64>;
using Scenario5 = PublishPropertiesScenario;

constexpr std::size_t packet_id_offset = 2 + 2 + 24; ///< in packets of less than 128 bytes with a topic of 24
constexpr std::array<std::uint32_t, 1> subscription{7};

/// The message, and its receivers: to those of 5.0 with an alias, a Subscription Identifier and time that has passed.
template <class Scenario>
class World {
public:
    World()
    {
        append(corpus_, scenario_.make(0), Scenario::version);
        const auto message = prepare_message(*read_frame(corpus_.bytes), Scenario::version);
        if (!message) stop(message.error());
        message_ = *message;
        receiver_ = {.version = Scenario::version, .qos = QoS::at_least_once};
        if (Scenario::version != Version::v5) return;
        receiver_.topic_alias = 3;
        receiver_.message_expiry_interval = 50;
        receiver_.subscription_identifier = subscription;
    }

    const OutgoingMessage& message() const { return message_; }
    std::span<const std::byte> packet() const { return corpus_.bytes; }
    std::span<std::byte> buffer() { return buffer_; }
    const Receiver& receiver(std::size_t n)
    {
        receiver_.packet_id = packet_id(n);
        return receiver_;
    }

private:
    Scenario scenario_;
    Corpus corpus_;
    OutgoingMessage message_;
    Receiver receiver_;
    std::array<std::byte, 256> buffer_{};
};

[[gnu::noinline]] Result<std::span<std::byte>> write_head(
    const OutgoingMessage& message, const Receiver& receiver, std::span<std::byte> buffer)
{
    return message.write_head(receiver, buffer);
}

[[gnu::noinline]] Result<std::span<std::byte>> encode_anew(
    const OutgoingMessage& message, const Receiver& receiver, std::span<std::byte> buffer)
{
    return message.publish_for(receiver).encode(buffer, receiver.version);
}

using WriteCall = Result<std::span<std::byte>> (*)(const OutgoingMessage&, const Receiver&, std::span<std::byte>);

template <class Scenario>
std::uint64_t copy_and_change(World<Scenario>& world, std::size_t count)
{
    std::uint64_t sum = 0;
    for (std::size_t n = 0; n < count; ++n) {
        const std::span<std::byte> to = world.buffer();
        std::memcpy(to.data(), world.packet().data(), world.packet().size());
        const std::uint16_t id = packet_id(n);
        to[packet_id_offset] = static_cast<std::byte>(id >> 8U);
        to[packet_id_offset + 1] = static_cast<std::byte>(id & 0xFFU);
        sum += world.packet().size();
    }
    return sum;
}

template <class Scenario, WriteCall Write>
Case write_case(std::string_view name)
{
    return {"outgoing/" + std::string(name), "change", []() -> Prepared {
                const auto world = std::make_shared<World<Scenario>>();
                return {[world](std::size_t count) {
                            std::uint64_t sum = 0;
                            for (std::size_t n = 0; n < count; ++n) {
                                const auto head = Write(world->message(), world->receiver(n), world->buffer());
                                if (!head) stop(head.error());
                                sum += head->size();
                            }
                            return sum;
                        },
                    [world](std::size_t count) { return copy_and_change(*world, count); }};
            }};
}

/// Sends each packet through a pair of sockets and reads it again.
class Link {
public:
    Link()
    {
        if (::socketpair(AF_UNIX, SOCK_STREAM, 0, ends_.data()) != 0) std::abort();
    }
    ~Link()
    {
        ::close(ends_[0]);
        ::close(ends_[1]);
    }
    Link(const Link&) = delete;
    Link& operator=(const Link&) = delete;

    std::uint64_t carry(const OutgoingPacket& packet)
    {
        std::array<iovec, OutgoingPacket::most_spans> pieces{};
        int count = 0;
        for (const std::span<const std::byte> span : packet.spans())
            pieces[static_cast<std::size_t>(count++)] = {const_cast<std::byte*>(span.data()), span.size()};
        std::array<std::byte, 256> received;
        const ssize_t sent = ::writev(ends_[0], pieces.data(), count);
        if (sent < 0 || ::read(ends_[1], received.data(), received.size()) != sent) std::abort();
        return static_cast<std::uint64_t>(sent);
    }

private:
    std::array<int, 2> ends_{};
};

Case socket_case()
{
    return {"outgoing/writev-5.0", "change", []() -> Prepared {
                const auto world = std::make_shared<World<Scenario5>>();
                const auto link = std::make_shared<Link>();
                return {[world, link](std::size_t count) {
                            std::uint64_t sum = 0;
                            for (std::size_t n = 0; n < count; ++n) {
                                const auto packet = world->message().write(world->receiver(n), world->buffer());
                                if (!packet) stop(packet.error());
                                sum += link->carry(*packet);
                            }
                            return sum;
                        },
                    [world](std::size_t count) { return copy_and_change(*world, count); }};
            }};
}

/// Goes through a corpus of messages and makes of each what `Take` makes of a frame. Where the sizes stand is looked up
/// once: else a compiler looks it up anew behind each call of one function, and not behind another of which it sees
/// that it changes nothing else, and the next packet waits for that.
template <class Scenario, auto Take>
Case take_case(std::string_view name)
{
    return {"outgoing/" + std::string(name), "hop", []() -> Prepared {
                const auto corpus = std::make_shared<const Corpus>(make_corpus(Scenario{}));
                return {[corpus](std::size_t packets) {
                            std::uint64_t sum = 0;
                            std::span<const std::byte> rest(corpus->bytes);
                            const std::span<const std::uint32_t> sizes(corpus->sizes);
                            for (std::size_t n = 0; n < packets; ++n) {
                                const std::uint32_t size = sizes[n];
                                const auto frame = read_frame(rest.first(size));
                                const auto taken = Take(*frame, Scenario::version);
                                if (!taken) stop(taken.error());
                                sum += reinterpret_cast<std::uintptr_t>(&*taken);
                                rest = rest.subspan(size);
                            }
                            return sum;
                        },
                    [corpus](std::size_t packets) { return hop(*corpus, packets); }};
            }};
}

} // namespace

void add_outgoing_cases(std::vector<Case>& cases)
{
    cases.push_back(write_case<Scenario3, write_head>("head-3.1.1"));
    cases.push_back(write_case<Scenario5, write_head>("head-5.0"));
    cases.push_back(write_case<Scenario3, encode_anew>("encode-3.1.1"));
    cases.push_back(write_case<Scenario5, encode_anew>("encode-5.0"));
    cases.push_back(take_case<Scenario3, prepare_message>("prepare-3.1.1"));
    cases.push_back(take_case<Scenario3, decode_message>("decode-3.1.1"));
    cases.push_back(take_case<Scenario5, prepare_message>("prepare-5.0"));
    cases.push_back(take_case<Scenario5, decode_message>("decode-5.0"));
    cases.push_back(socket_case());
}

} // namespace bench
