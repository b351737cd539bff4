// Is a packet that is encoded into the memory that it was decoded from written as elsewhere, or refused by name with
// nothing written? Assertions, which are on, look at texts and binary data as well, not only at lists.
//
// Input: how to read (see support/reading.hpp); a byte each for where the packet lies in the memory, where the buffer
// to write to begins, and how many bytes more than the packet it has; the packet.
#include "support/bytes.hpp"
#include "support/encode_check.hpp"
#include "support/input.hpp"
#include "support/reading.hpp"
#include "support/require.hpp"
#include "support/target.hpp"

#include <mqttwire/mqttwire.hpp>

#include <algorithm>
#include <cstddef>
#include <span>

namespace mqttwire::fuzz::overlap_target {

namespace {

/// Memory with a packet in it and a buffer, which may overlap it.
struct Place {
    std::size_t packet;
    std::size_t buffer;
    std::size_t room;
};

template <class Encode>
void check_one(
    std::span<const std::byte> packet_bytes, const Place& place, const Encoding& encoding, Encode&& encode_by)
{
    Bytes memory(std::max(place.packet + packet_bytes.size(), place.buffer + place.room));
    std::ranges::copy(packet_bytes, memory.span().subspan(place.packet).begin());
    const Bytes before(memory.span());
    const std::span<std::byte> buffer = memory.span().subspan(place.buffer, place.room);

    const auto packet = decode(
        memory.span().subspan(place.packet, packet_bytes.size()), encoding.version, encoding.leniency, encoding.role);
    require(packet.has_value(), "a packet decodes wherever it lies");
    const auto written = encode_by(*packet, buffer, encoding);
    if (!written) {
        require(same_bytes(memory, before), "nothing of a packet that is refused is written");
        const bool apart =
            place.buffer + place.room <= place.packet || place.packet + packet_bytes.size() <= place.buffer;
        require(written.error().code != Errc::overlapping_buffer || !apart, "what lies apart does not overlap");
        return;
    }
    const Packet elsewhere = *decode(packet_bytes, encoding.version, encoding.leniency, encoding.role);
    require(same_bytes(*written, check_encoded(elsewhere, encoding)), "what is written is what is written elsewhere");
    const std::size_t end = place.buffer + written->size();
    require(same_bytes(memory.span().first(place.buffer), before.span().first(place.buffer))
            && same_bytes(memory.span().subspan(end), before.span().subspan(end)),
        "nothing is written beside it");
}

void check(Input input)
{
    const Reading reading = take_reading(input);
    const std::size_t at = input.byte();
    const std::size_t to = input.byte();
    const std::size_t more = input.byte();
    const Bytes bytes = take_packet(reading, input);
    const Version version = reading.version.value_or(Version::v5);
    const auto packet = decode(bytes, version, reading.leniency, reading.role);
    if (!packet) return;
    const Place place{at, to, bytes.size() + more};
    const Encoding encoding{version, reading.leniency, reading.role};
    check_one(bytes, place, encoding, encode);
    check_one(bytes, place, encoding, encode_in_known_version);
    check_one(bytes, place, encoding, encode_small);
}

} // namespace

} // namespace mqttwire::fuzz::overlap_target

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    mqttwire::fuzz::overlap_target::check({data, size});
    return 0;
}
