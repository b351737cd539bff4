// Encoding packet after packet, end to end into one buffer.
#pragma once

#include "calls.hpp"

#include "case.hpp"
#include "corpus.hpp"
#include "floors.hpp"
#include "scenarios.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace bench {

/// One struct for all packets: topic and packet identifier change.
template <class Scenario>
class Kept {
public:
    template <class Use>
    [[gnu::always_inline]] void with_packet(std::size_t n, Use&& use)
    {
        scenario_.change(packet_, n);
        use(packet_);
    }

private:
    Scenario scenario_;
    typename Scenario::Packet packet_ = scenario_.make(0);
};

/// The same in a variant.
template <class Scenario>
class KeptAsAny {
public:
    template <class Use>
    [[gnu::always_inline]] void with_packet(std::size_t n, Use&& use)
    {
        scenario_.change(*std::get_if<typename Scenario::Packet>(&packet_), n);
        use(packet_);
    }

private:
    Scenario scenario_;
    Packet packet_ = scenario_.make(0);
};

/// A new struct for every packet.
template <class Scenario>
class Anew {
public:
    template <class Use>
    [[gnu::always_inline]] void with_packet(std::size_t n, Use&& use)
    {
        const typename Scenario::Packet packet = scenario_.make(n);
        use(packet);
    }

private:
    Scenario scenario_;
};

template <class Call, class Scenario, template <class> class Source>
std::uint64_t encode_pass(Source<Scenario>& source, std::vector<std::byte>& buffer, std::size_t packets)
{
    const Call call(Scenario::version);
    std::span<std::byte> room(buffer);
    for (std::size_t n = 0; n < packets; ++n)
        source.with_packet(n, [&](const auto& packet) __attribute__((always_inline)) {
            const auto written = call.template encode<typename Scenario::Packet, Scenario::version>(packet, room);
            if (!written) stop(written.error());
            room = room.subspan(written->size());
        });
    return room.size();
}

template <class Call, class Scenario, template <class> class Source>
Prepared prepare_encode()
{
    struct State {
        Corpus corpus = make_corpus(Scenario{});
        Source<Scenario> source;
        std::vector<std::byte> buffer = std::vector<std::byte>(corpus.bytes.size());
    };
    const auto state = std::make_shared<State>();
    return {[state](std::size_t packets) {
                return encode_pass<Call, Scenario, Source>(state->source, state->buffer, packets);
            },
        [state](std::size_t packets) { return copy(state->corpus, state->buffer, packets); }};
}

template <class Call, class Scenario, template <class> class Source = Kept>
Case encode_case(std::string_view name)
{
    return {"encode/" + std::string(name), "copy", prepare_encode<Call, Scenario, Source>};
}

} // namespace bench
