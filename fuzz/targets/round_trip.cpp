// Does what decodes encode again, to the same packet, in the size that was told, and to the same bytes ever after?
#include "support/bytes.hpp"
#include "support/encode_check.hpp"
#include "support/input.hpp"
#include "support/packet_check.hpp"
#include "support/reading.hpp"
#include "support/require.hpp"
#include "support/target.hpp"

#include <mqttwire/mqttwire.hpp>

#include <variant>

namespace mqttwire::fuzz::round_trip_target {

namespace {

/// DISCONNECT with Bad authentication method is accepted, for real servers send it, but the specification does not give
/// that code to DISCONNECT, so it is never written [5.0: MQTT-3.14.2-1].
bool is_never_written(const Packet& packet)
{
    const auto* const disconnect = std::get_if<Disconnect>(&packet);
    return disconnect != nullptr && disconnect->reason_code == ReasonCode::bad_authentication_method;
}

void check(Input input)
{
    const Reading reading = take_reading(input);
    const Bytes bytes = take_packet(reading, input);
    const Result<Packet> packet = reading.version ? decode(bytes, *reading.version, reading.leniency, reading.role)
                                                  : decode(bytes, reading.leniency, reading.role);
    if (!packet) return;
    const Encoding encoding{version_of(*packet, reading.version), reading.leniency, reading.role};
    if (is_never_written(*packet)) {
        check_refused(*packet, encoding);
        return;
    }

    const Bytes first = check_encoded(*packet, encoding);
    // A 3.x CONNACK that 5.0 let pass has no Property Length, which is written.
    require(first.size() <= bytes.size() || has(packet.let_pass(), Leniency::v3_connack),
        "a packet is written in its shortest form");
    const Result<Packet> again = decode(first, encoding.version, encoding.leniency, encoding.role);
    require(again == packet, "what was decoded and encoded decodes to the same");
    require(same_bytes(check_encoded(*again, encoding), first), "the shortest form encodes to itself");
}

} // namespace

} // namespace mqttwire::fuzz::round_trip_target

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    mqttwire::fuzz::round_trip_target::check({data, size});
    return 0;
}
