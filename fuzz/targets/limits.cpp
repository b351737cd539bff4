// Does a packet that is encoded within limits keep to them, and lose nothing but what is told and must go?
//
// Input: how to write (see support/reading.hpp; an unknown version is 5.0), the limits, the packet type, and the values
// of its members.
#include "support/bytes.hpp"
#include "support/encode_check.hpp"
#include "support/input.hpp"
#include "support/packet_maker.hpp"
#include "support/reading.hpp"
#include "support/require.hpp"
#include "support/target.hpp"

#include <mqttwire/limits.hpp>
#include <mqttwire/mqttwire.hpp>

#include <cstddef>
#include <variant>

namespace mqttwire::fuzz::limits_target {

namespace {

Limits take_limits(Input& input)
{
    Limits limits;
    limits.maximum_packet_size = input.byte() + 1U;
    if (input.flag()) limits.maximum_packet_size *= 256;
    limits.topic_alias_maximum = input.two_bytes();
    limits.maximum_qos = static_cast<QoS>(input.below(3));
    const unsigned flags = input.byte();
    limits.retain_available = (flags & 1U) != 0;
    limits.wildcard_subscription_available = (flags & 2U) != 0;
    limits.subscription_identifier_available = (flags & 4U) != 0;
    limits.shared_subscription_available = (flags & 8U) != 0;
    limits.request_problem_information = (flags & 16U) != 0;
    limits.request_response_information = (flags & 32U) != 0;
    limits.session_ends_with_connection = (flags & 64U) != 0;
    return limits;
}

/// The packet without what was dropped.
Packet without(Packet packet, const Dropped& dropped)
{
    std::visit(
        [&](auto& held) {
            if constexpr (requires { held.properties.reason_string; }) {
                if (dropped.reason_string) held.properties.reason_string.reset();
                auto& list = held.properties.user_property;
                list = list.first(list.size() - dropped.user_properties);
            } else {
                require(!dropped.any(), "only packets with a reason string lose anything");
            }
        },
        packet);
    return packet;
}

void check(Input input)
{
    const Reading reading = take_reading(input);
    const Encoding encoding{reading.version.value_or(Version::v5), reading.leniency, reading.role};
    const Limits limits = take_limits(input);
    PacketMaker maker(input, encoding.version);
    const Packet packet = make_packet(maker, input.below(std::variant_size_v<Packet>));
    const Packet before = packet;

    const auto size = encoded_size(packet, encoding);
    const Error breach = mqttwire::check(packet, limits, encoding.version, encoding.leniency, encoding.role);
    const Bytes buffer(size ? *size : 64);
    Dropped dropped{.reason_string = true, .user_properties = 1};
    const auto bytes =
        encode_within(packet, buffer.span(), limits, dropped, encoding.version, encoding.leniency, encoding.role);
    require(packet == before, "the packet stays as it is");
    if (!bytes) {
        require(untouched(buffer), "what is refused writes nothing");
        require(breach.code == bytes.error().code
                || (breach.code == Errc::problem_information_not_requested
                    && bytes.error().code == Errc::packet_above_maximum_size),
            "what is refused breaks a limit, or is no packet");
        return;
    }

    require(size.has_value(), "only a good packet is written");
    require(bytes->size() <= limits.maximum_packet_size, "no packet is above the limit");
    const Packet expected = without(packet, dropped);
    const Bytes anew(bytes->size());
    const auto written = encode(expected, anew.span(), encoding);
    require(written && same_bytes(*written, *bytes), "nothing changes but what is told");
    require(mqttwire::check(expected, limits, encoding.version, encoding.leniency, encoding.role).code == Errc::none,
        "what is written keeps to the limits");
    require((breach.code == Errc::none) == !dropped.any(), "something goes if and only if it must");

    const Bytes too_small(bytes->size() - 1);
    const Error no_room =
        encode_within(packet, too_small.span(), limits, dropped, encoding.version, encoding.leniency, encoding.role)
            .error();
    require(no_room.code == Errc::buffer_too_small && no_room.needed == bytes->size(), "a smaller buffer is refused");
    require(untouched(too_small), "what has no room writes nothing");
    if (!dropped.any() || breach.code == Errc::problem_information_not_requested) return;
    Dropped less = dropped;
    if (less.user_properties != 0) --less.user_properties;
    else less.reason_string = false;
    require(
        *encoded_size(without(packet, less), encoding) > limits.maximum_packet_size, "nothing goes that could stay");
}

} // namespace

} // namespace mqttwire::fuzz::limits_target

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    mqttwire::fuzz::limits_target::check({data, size});
    return 0;
}
