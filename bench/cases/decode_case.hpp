// Decoding packet after packet into the struct that the caller asks for by name, all fields consumed.
#pragma once

#include "calls.hpp"

#include "case.hpp"
#include "checksum.hpp"
#include "corpus.hpp"
#include "floors.hpp"
#include "scenarios.hpp"

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <variant>

namespace bench {

template <class Packet>
const Packet& packet_in(const Packet& packet)
{
    return packet;
}
template <class Packet>
const Packet& packet_in(const mqttwire::Packet& packet)
{
    return *std::get_if<Packet>(&packet);
}

template <class Call, class Scenario>
std::uint64_t decode_pass(const Corpus& corpus, std::size_t packets)
{
    const Call call(Scenario::version);
    Checksum sum;
    const std::byte* at = corpus.bytes.data();
    const std::span<const std::uint32_t> sizes(corpus.sizes.data(), packets);
    for (const std::uint32_t size : sizes) {
        const auto packet = call.template decode<typename Scenario::Packet, Scenario::version>({at, size});
        if (!packet) stop(packet.error());
        consume<Scenario::version>(sum, packet_in<typename Scenario::Packet>(*packet));
        at += size;
    }
    return sum.value();
}

template <class Call, class Scenario>
Prepared prepare_decode()
{
    const auto corpus = std::make_shared<const Corpus>(make_corpus(Scenario{}));
    return {[corpus](std::size_t packets) { return decode_pass<Call, Scenario>(*corpus, packets); },
        [corpus](std::size_t packets) { return hop(*corpus, packets); }};
}

template <class Call, class Scenario>
Case decode_case(std::string_view name)
{
    return {"decode/" + std::string(name), "hop", prepare_decode<Call, Scenario>};
}

} // namespace bench
