// A chunk shrinks, which a span of fixed size cannot: where it is no more than that, the compiler says so in one
// sentence.
#include <array>
#include <cstddef>
#include <mqttwire/framer.hpp>
#include <mqttwire/stream.hpp>
#include <span>

namespace mq = mqttwire;

#ifdef MUST_NOT_COMPILE
template <std::size_t Size>
using Chunk = std::span<std::byte, Size>;
#else
template <std::size_t>
using Chunk = std::span<std::byte>;
#endif

std::size_t frames_in(std::array<std::byte, 61>& bytes, mq::Framer& framer)
{
    Chunk<61> chunk(bytes);
    std::size_t frames = 0;
    while (framer.next(chunk)) ++frames;
    return frames;
}

std::size_t events_in(std::array<std::byte, 62>& bytes, mq::StreamReader& reader, mq::Version version)
{
    Chunk<62> chunk(bytes);
    std::size_t events = 0;
    while (reader.next(chunk, version)) ++events;
    return events;
}

std::size_t events_of_5_in(std::array<std::byte, 63>& bytes, mq::StreamReader& reader)
{
    Chunk<63> chunk(bytes);
    std::size_t events = 0;
    while (reader.next<mq::Version::v5>(chunk)) ++events;
    return events;
}
