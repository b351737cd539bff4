// Does every packet that a caller can put together either encode to bytes that say the same, or get refused with
// nothing written?
//
// Input: how to write (see support/reading.hpp; an unknown version is 5.0), the packet type, and the values of its
// members.
#include "support/bytes.hpp"
#include "support/encode_check.hpp"
#include "support/input.hpp"
#include "support/packet_check.hpp"
#include "support/packet_maker.hpp"
#include "support/reading.hpp"
#include "support/require.hpp"
#include "support/target.hpp"

#include <mqttwire/mqttwire.hpp>

#include <variant>

namespace mqttwire::fuzz::encode_target {

namespace {

void check(Input input)
{
    const Reading reading = take_reading(input);
    const Encoding encoding{reading.version.value_or(Version::v5), reading.leniency, reading.role};
    PacketMaker maker(input, encoding.version);
    Packet packet = make_packet(maker, input.below(std::variant_size_v<Packet>));
    if (!encoded_size(packet, encoding)) {
        check_refused(packet, encoding);
        return;
    }

    const Bytes bytes = check_encoded(packet, encoding);
    const Result<Packet> decoded = decode(bytes, encoding.version, encoding.leniency, encoding.role);
    require(decoded.has_value(), "what was encoded can be decoded");
    check_packet(*decoded, bytes, encoding.version);
    if (auto* const connect = std::get_if<Connect>(&packet)) connect->version = encoding.version;
    require(*decoded == packet, "what was encoded decodes to the same");
    require(same_bytes(check_encoded(*decoded, encoding), bytes), "lists in a packet encode as lists in memory");
}

} // namespace

} // namespace mqttwire::fuzz::encode_target

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    mqttwire::fuzz::encode_target::check({data, size});
    return 0;
}
