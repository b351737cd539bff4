// What each object of a mixed program offers: the library's operations as that object was compiled, behind functions
// that nothing is taken in line of.
#pragma once

#include <mqttwire/mqttwire.hpp>
#include <mqttwire/stream.hpp>

#include <cstddef>
#include <span>
#include <string_view>

namespace mixed {

using Bytes = std::span<const std::byte>;
using Buffer = std::span<std::byte>;

struct Level {
    const char* name;
    // Any packet, in a version that is known at run time.
    mqttwire::Result<mqttwire::Packet> (*decode)(Bytes bytes, mqttwire::Version version);
    mqttwire::Result<Buffer> (*encode)(const mqttwire::Packet& packet, Buffer buffer, mqttwire::Version version);
    mqttwire::Result<std::size_t> (*size)(const mqttwire::Packet& packet, mqttwire::Version version);
    // PUBLISH 5.0, by calls for it alone.
    mqttwire::Result<mqttwire::Publish> (*decode_publish)(Bytes bytes);
    mqttwire::Result<Buffer> (*encode_publish)(const mqttwire::Publish& packet, Buffer buffer);
    // A sum over everything that views, lists, frames and filters tell.
    std::size_t (*consume)(Bytes stream, const mqttwire::Packet& packet, std::string_view name);
};

} // namespace mixed

// A program has those that were linked into it.
extern "C" {
[[gnu::weak]] extern const mixed::Level level_O0_table;
[[gnu::weak]] extern const mixed::Level level_O2_table;
[[gnu::weak]] extern const mixed::Level level_Os_table;
}
