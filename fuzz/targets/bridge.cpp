// Has every packet a counterpart in every version, or a name for why it has none; and is all told that is lost?
//
// Input: how to write (see support/reading.hpp; an unknown version is 5.0), the other version, the number of filters
// that an UNSUBACK answers, the packet type, and the values of its members.
#include "support/bytes.hpp"
#include "support/encode_check.hpp"
#include "support/input.hpp"
#include "support/packet_maker.hpp"
#include "support/reading.hpp"
#include "support/require.hpp"
#include "support/target.hpp"

#include <mqttwire/bridge.hpp>
#include <mqttwire/mqttwire.hpp>

#include <array>
#include <cstddef>
#include <variant>
#include <vector>

namespace mqttwire::fuzz::bridge_target {

namespace {

constexpr std::size_t most_elements = 400;

struct Room {
    std::vector<Subscription> filters{most_elements};
    std::vector<ReasonCode> reason_codes{most_elements};

    BridgeScratch scratch(std::size_t unsubscribed)
    {
        return {.filters = filters, .reason_codes = reason_codes, .unsubscribed = unsubscribed};
    }
};

std::size_t elements(const Packet& packet)
{
    if (const auto* const unsuback = std::get_if<UnsubAck>(&packet)) return unsuback->reason_codes.size();
    return 1;
}

void check_losses(const std::vector<Loss>& losses, bool leaves_5)
{
    for (const Loss& loss : losses) {
        const bool option = loss.kind == Loss::Kind::option;
        require(option == (loss.option != BridgedOption::none), "an option has a name");
        require(!option || !name(loss.option).empty(), "an option has a name");
        require(option || leaves_5, "only 5.0 has properties and reason codes to lose");
        require(!name(loss.field).empty(), "a loss has a field");
    }
}

/// What crosses without a loss comes back as it was.
void check_back(const Packet& before, const Packet& there, Version from, Version to)
{
    Room room;
    const auto back = bridge(there, to, from, room.scratch(elements(before)));
    require(back.error.code == Errc::none, "what has crossed without a loss can come back");
    require(back.losses == 0, "nothing is lost on the way back of what has lost nothing");
    // Written, for an absent Session Expiry Interval is one of 0, and reason codes of success have no form in 3.x.
    const Encoding encoding{from, Leniency::none, Role::unknown};
    const auto size = encoded_size(back.packet, encoding);
    require(size.has_value(), "what comes back can be encoded");
    if (from == Version::v5) return;
    const Bytes bytes(*size);
    const Bytes original(*encoded_size(before, encoding));
    require(encode(back.packet, bytes.span(), encoding) && encode(before, original.span(), encoding)
            && same_bytes(bytes, original),
        "what crosses without a loss comes back as it was");
}

void check(Input input)
{
    const Reading reading = take_reading(input);
    const Encoding from{reading.version.value_or(Version::v5), reading.leniency, reading.role};
    constexpr std::array versions{Version::v3_1, Version::v3_1_1, Version::v5};
    const Encoding to{versions[input.below(3)], reading.leniency, reading.role};
    const std::size_t unsubscribed = 1 + input.below(4);
    PacketMaker maker(input, from.version);
    const Packet packet = make_packet(maker, input.below(std::variant_size_v<Packet>));
    if (!encoded_size(packet, from)) return;

    Room room;
    std::vector<Loss> losses;
    const auto bridged = bridge(
        packet, from.version, to.version, room.scratch(unsubscribed),
        [&losses](const Loss& loss) { losses.push_back(loss); }, to.leniency, to.role);
    require(bridged.losses == losses.size(), "every loss is counted");
    check_losses(losses, from.version == Version::v5 && to.version != Version::v5);
    require(!name(bridged.advice).empty(), "there is always advice");
    if (!bridged) {
        require(bridged.error.code != Errc::buffer_too_small, "there was memory enough");
        require(bridged.advice != Advice::send, "what has no counterpart is not sent");
        return;
    }
    require(bridged.packet.index() == packet.index(), "a packet stays of its type");
    check_encoded(bridged.packet, to);
    if (from.version == to.version) {
        require(bridged.packet == packet && losses.empty(), "in the same version nothing changes");
        return;
    }
    const bool strict = encoded_size(packet, {from.version, Leniency::none, Role::unknown}).has_value()
        && encoded_size(bridged.packet, {to.version, Leniency::none, Role::unknown}).has_value();
    if (losses.empty() && bridged.advice == Advice::send && strict)
        check_back(packet, bridged.packet, from.version, to.version);
}

} // namespace

} // namespace mqttwire::fuzz::bridge_target

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    mqttwire::fuzz::bridge_target::check({data, size});
    return 0;
}
