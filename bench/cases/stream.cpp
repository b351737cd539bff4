// A stream of different packets as it comes from a connection: cut into frames, each decoded into any packet.
#include "calls.hpp"

#include "case.hpp"
#include "checksum.hpp"
#include "corpus.hpp"
#include "floors.hpp"
#include "scenarios.hpp"

#include "mqttwire/stream.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>

namespace bench {

namespace {

/// Volatile, so that not even a clever compiler knows it.
template <Version V>
const volatile Version version_of_stream = V;

constexpr std::size_t largest_packet = 2048;
constexpr std::size_t ethernet_segment = 1460; ///< payload of a full TCP segment

/// Of eight packets in a row, four are QoS 0 messages, and one each a QoS 1 message, PUBACK, SUBSCRIBE and SUBACK.
Corpus make_stream()
{
    using enum Version;
    using enum QoS;
    PublishScenario<v3_1_1, at_most_once, 64> publish_qos0;
    PublishScenario<v3_1_1, at_least_once, 1024> publish_qos1;
    PubAckScenario<v3_1_1> puback;
    SubscribeScenario<v3_1_1> subscribe;
    SubAckScenario<v3_1_1> suback;
    Corpus corpus;
    for (std::size_t n = 0; n < packets_per_corpus; ++n) {
        switch (n % 8) {
        case 1: append(corpus, publish_qos1.make(n), v3_1_1); break;
        case 3: append(corpus, puback.make(n), v3_1_1); break;
        case 5: append(corpus, subscribe.make(n), v3_1_1); break;
        case 7: append(corpus, suback.make(n), v3_1_1); break;
        default: append(corpus, publish_qos0.make(n), v3_1_1); break;
        }
    }
    return corpus;
}

/// What a client receives: of eight packets in a row, four are QoS 0 messages, and one each a QoS 1 message (with
/// properties in 5.0), PUBACK, SUBACK and PINGRESP.
template <Version V>
Corpus make_client_stream()
{
    using enum QoS;
    PublishScenario<V, at_most_once, 64> publish_qos0;
    std::conditional_t<V == Version::v5, PublishPropertiesScenario, PublishScenario<V, at_least_once, 64>> publish_qos1;
    PubAckScenario<V> puback;
    SubAckScenario<V> suback;
    Corpus corpus;
    for (std::size_t n = 0; n < packets_per_corpus; ++n) {
        switch (n % 8) {
        case 1: append(corpus, publish_qos1.make(n), V); break;
        case 3: append(corpus, puback.make(n), V); break;
        case 5: append(corpus, suback.make(n), V); break;
        case 7: append(corpus, PingResp{}, V); break;
        default: append(corpus, publish_qos0.make(n), V); break;
        }
    }
    return corpus;
}

/// Consumes a packet of one of the types that the stream has.
template <Version V>
void consume_any(Checksum& sum, const Packet& packet)
{
    std::visit(
        [&sum](const auto& held) {
            if constexpr (requires { consume<V>(sum, held); }) consume<V>(sum, held);
        },
        packet);
}

template <Version V>
std::uint64_t read_stream(const Corpus& corpus, std::size_t segment, std::size_t packets)
{
    static std::array<std::byte, largest_packet> storage;
    Framer framer(storage);
    Checksum sum;
    std::span<const std::byte> rest(corpus.bytes);
    while (packets != 0) {
        std::span<const std::byte> chunk = rest.first(std::min(segment, rest.size()));
        rest = rest.subspan(chunk.size());
        for (; packets != 0; --packets) {
            const std::optional<Frame> frame = framer.next(chunk);
            if (!frame) break;
            const Result<Packet> packet = decode(*frame, version_of_stream<V>);
            if (!packet) stop(packet.error());
            consume_any<V>(sum, *packet);
        }
        if (framer.failed()) stop(framer.error());
    }
    return sum.value();
}

template <Version V = Version::v3_1_1>
Case stream_case(std::string_view name, std::size_t segment, Corpus (*make)() = make_stream)
{
    return {"stream/" + std::string(name), "hop", [segment, make]() -> Prepared {
                const auto corpus = std::make_shared<const Corpus>(make());
                return {[corpus, segment](std::size_t packets) { return read_stream<V>(*corpus, segment, packets); },
                    [corpus](std::size_t packets) { return hop(*corpus, packets); }};
            }};
}

/// The same with payloads in pieces: the head of a PUBLISH is consumed as if it were the packet, its pieces by size.
std::uint64_t read_pieces(const Corpus& corpus, std::size_t segment, std::size_t packets)
{
    static std::array<std::byte, largest_packet> storage;
    StreamReader reader(storage);
    Checksum sum;
    std::span<const std::byte> rest(corpus.bytes);
    while (packets != 0) {
        std::span<const std::byte> chunk = rest.first(std::min(segment, rest.size()));
        rest = rest.subspan(chunk.size());
        while (packets != 0) {
            const StreamEvent event = reader.next(chunk, version_of_stream<Version::v3_1_1>);
            if (!event) break;
            if (event.frame) {
                const Result<Packet> packet = decode(*event.frame, version_of_stream<Version::v3_1_1>);
                if (!packet) stop(packet.error());
                consume_any<Version::v3_1_1>(sum, *packet);
            }
            if (event.head) consume<Version::v3_1_1>(sum, *event.head);
            if (!event.payload.empty()) sum.add(Binary(event.payload.data(), event.payload.size()));
            if (event.frame || event.end) --packets;
        }
        if (reader.failed()) stop(reader.error());
    }
    return sum.value();
}

Case pieces_case(std::string_view name, std::size_t segment)
{
    return {"stream/" + std::string(name), "hop", [segment]() -> Prepared {
                const auto corpus = std::make_shared<const Corpus>(make_stream());
                return {[corpus, segment](std::size_t packets) { return read_pieces(*corpus, segment, packets); },
                    [corpus](std::size_t packets) { return hop(*corpus, packets); }};
            }};
}

constexpr std::size_t large_payload = 1'000'000;
constexpr std::size_t large_chunk = 65'536;

/// A message of 1 MB that comes in chunks of 64 KB, again and again; each chunk counts as a packet.
std::uint64_t read_chunks(const Corpus& message, std::size_t chunks)
{
    StreamReader reader(std::span<std::byte>{});
    Checksum sum;
    std::span<const std::byte> rest;
    for (; chunks != 0; --chunks) {
        if (rest.empty()) rest = message.bytes;
        std::span<const std::byte> chunk = rest.first(std::min(large_chunk, rest.size()));
        rest = rest.subspan(chunk.size());
        while (const StreamEvent event = reader.next(chunk, version_of_stream<Version::v3_1_1>)) {
            if (event.head) consume<Version::v3_1_1>(sum, *event.head);
            if (!event.payload.empty()) sum.add(Binary(event.payload.data(), event.payload.size()));
        }
        if (reader.failed()) stop(reader.error());
    }
    return sum.value();
}

Case chunks_case()
{
    return {"stream/chunks", "hop", []() -> Prepared {
                PublishScenario<Version::v3_1_1, QoS::at_most_once, large_payload> scenario;
                const auto message = std::make_shared<Corpus>();
                append(*message, scenario.make(0), Version::v3_1_1);
                return {[message](std::size_t chunks) { return read_chunks(*message, chunks); },
                    [message](std::size_t chunks) {
                        std::uint64_t sum = 0;
                        for (; chunks != 0; --chunks) sum += hop(*message, 1);
                        return sum;
                    }};
            }};
}

/// External, as it is where a program cuts streams in one file and decodes in another.
[[gnu::noinline]] std::uint64_t cut_stream(Framer& framer, std::span<const std::byte>& chunk, std::size_t packets)
{
    std::uint64_t sum = 0;
    for (; packets != 0; --packets) {
        const std::optional<Frame> frame = framer.next(chunk);
        if (!frame) stop(framer.error());
        sum += frame->bytes().size() + frame->header_size();
    }
    return sum;
}

Case framer_case()
{
    return {"framer/whole", "hop", []() -> Prepared {
                const auto corpus = std::make_shared<const Corpus>(make_stream());
                return {[corpus](std::size_t packets) {
                            Framer framer(std::span<std::byte>{});
                            std::span<const std::byte> chunk(corpus->bytes);
                            return cut_stream(framer, chunk, packets);
                        },
                    [corpus](std::size_t packets) { return hop(*corpus, packets); }};
            }};
}

} // namespace

void add_stream_cases(std::vector<Case>& cases)
{
    cases.push_back(framer_case());
    cases.push_back(stream_case("whole", static_cast<std::size_t>(-1)));
    cases.push_back(stream_case("segments-1460", ethernet_segment));
    cases.push_back(stream_case("bytewise", 1));
    cases.push_back(
        stream_case<Version::v3_1_1>("to-client-3.1.1", ethernet_segment, make_client_stream<Version::v3_1_1>));
    cases.push_back(stream_case<Version::v5>("to-client-5.0", ethernet_segment, make_client_stream<Version::v5>));
    cases.push_back(pieces_case("pieces", static_cast<std::size_t>(-1)));
    cases.push_back(pieces_case("pieces-1460", ethernet_segment));
    cases.push_back(pieces_case("pieces-bytewise", 1));
    cases.push_back(chunks_case());
}

} // namespace bench
