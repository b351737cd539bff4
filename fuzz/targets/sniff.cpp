// Does what a connection is said to be depend on how its bytes come, and is it true?
//
// Input: the bytes.
#include "support/bytes.hpp"
#include "support/input.hpp"
#include "support/require.hpp"
#include "support/target.hpp"

#include <mqttwire/mqttwire.hpp>
#include <mqttwire/sniff.hpp>

#include <algorithm>
#include <cstddef>
#include <string_view>

namespace mqttwire::fuzz::sniff_target {

namespace {

constexpr std::size_t most_undecided = 15;

/// Shows the bytes one by one: the first final answer stays, and comes as soon as it may.
Sniffed sniff_piecewise(std::span<const std::byte> bytes)
{
    Sniffed before{.opening = Opening::undecided};
    std::size_t wanted = 0;
    for (std::size_t size = 0;; ++size) {
        const Sniffed found = sniff(Bytes(bytes.first(size)));
        const bool undecided = found.opening == Opening::undecided;
        require(!undecided || size <= most_undecided, "sixteen bytes decide");
        require(!undecided || found.needed != 0, "what is undecided needs more");
        require(before.opening == found.opening || before.opening == Opening::undecided
                || (before.opening == Opening::http && found.opening == Opening::websocket)
                || (before.opening == Opening::proxy_1 && found.opening == Opening::other),
            "an answer stays, but HTTP may become WebSocket and a line be too long");
        require(found.opening == Opening::other || size >= wanted || found.needed != 0,
            "no protocol is found with fewer bytes than were said to be needed");
        if (found.needed == 0 || size == bytes.size()) return found;
        wanted = size + found.needed;
        before = found;
    }
}

void check_mqtt(const Sniffed& found, std::span<const std::byte> bytes)
{
    const unsigned first = static_cast<unsigned>(bytes.front());
    require(static_cast<unsigned>(found.packet) == first >> 4U, "the packet's type is that of its first byte");
    const bool connect = found.opening != Opening::mqtt_other_packet;
    require(connect == (found.packet == PacketType::connect), "only a CONNECT has a version");
    require(found.version.has_value() == (found.opening == Opening::mqtt), "a known version is told");
}

/// A packet that decodes must have been recognised.
void check_packet(const Sniffed& found, std::span<const std::byte> bytes)
{
    const Result<Frame> frame = read_frame(bytes);
    if (!frame) return;
    if (const auto connect = Connect::decode(bytes, Leniency::bridge_bit | Leniency::long_client_id)) {
        require(found.opening == Opening::mqtt && found.version == connect->version && found.bridge == connect->bridge,
            "a CONNECT that decodes is recognised");
        return;
    }
    if (frame->type() == PacketType::connect) return;
    for (const Version version : {Version::v3_1, Version::v3_1_1, Version::v5})
        if (decode(*frame, version, Leniency::pubrel_flags_0000).has_value())
            require(found.opening == Opening::mqtt_other_packet && found.packet == frame->type(),
                "a packet that decodes is recognised");
}

void check_proxy(const Sniffed& found, std::span<const std::byte> bytes)
{
    if (found.opening == Opening::proxy_2) {
        require(found.length >= 16 && found.length <= 16 + 0xFFFF, "a length of two bytes follows the fixed part");
    } else if (found.opening == Opening::proxy_1 && found.needed == 0) {
        require(found.length >= 9 && found.length <= 107 && bytes[found.length - 1] == std::byte{'\n'},
            "the line is skipped to its end");
    } else {
        require(found.length == 0, "only a PROXY header is skipped");
    }
}

void check(Input input)
{
    const Bytes bytes(input.take_all());
    const Sniffed found = sniff(bytes);
    require(found == sniff_piecewise(bytes), "every cutting gives the same answer");
    require(!name(found.opening).empty(), "an answer has a name");
    require(found.packet == PacketType{} || !bytes.span().empty(), "nothing is known of nothing");
    if (found.packet != PacketType{}) check_mqtt(found, bytes);
    check_proxy(found, bytes);
    check_packet(found, bytes);
}

} // namespace

} // namespace mqttwire::fuzz::sniff_target

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    mqttwire::fuzz::sniff_target::check({data, size});
    return 0;
}
