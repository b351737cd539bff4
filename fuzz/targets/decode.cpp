// Does decode give a whole and valid packet or a whole and valid diagnosis, whatever the bytes are?
#include "support/bytes.hpp"
#include "support/input.hpp"
#include "support/packet_check.hpp"
#include "support/reading.hpp"
#include "support/require.hpp"
#include "support/small.hpp"
#include "support/target.hpp"

#include <mqttwire/mqttwire.hpp>

#include <optional>
#include <span>
#include <variant>

namespace mqttwire::fuzz::decode_target {

namespace {

/// The flags that only refuse more; all others only let more pass.
constexpr Leniency strict_flags = Leniency::reject_discouraged_characters | Leniency::check_payload_format;

Result<Packet> decode(std::span<const std::byte> bytes, const Reading& reading)
{
    if (!reading.version) return mqttwire::decode(bytes, reading.leniency, reading.role);
    return mqttwire::decode(bytes, *reading.version, reading.leniency, reading.role);
}

PacketType type_in(std::span<const std::byte> bytes)
{
    return bytes.empty() ? PacketType{} : static_cast<PacketType>(static_cast<unsigned>(bytes.front()) >> 4U);
}

void check_error(const Error& error, std::span<const std::byte> bytes, const Reading& reading)
{
    require(error.code != Errc::none && !name(error.code).empty() && !text(error.code).empty(), "an error has a code");
    require(error.code != Errc::buffer_too_small && error.code != Errc::not_in_version,
        "decode gives no error of encoding");
    require(
        error.code != Errc::wrong_direction || reading.role != Role::unknown, "a direction is wrong for a role only");
    require(error.code != Errc::version_unknown || !reading.version, "the version is unknown only if none was given");
    require(!name(error.field).empty(), "the field of an error has a name");
    require(error.offset <= bytes.size(), "the offset of an error lies in the packet or just behind it");
    require(error.packet == type_in(bytes), "an error tells the type of its packet");
    require((error.needed > bytes.size()) == (error.code == Errc::incomplete), "what is incomplete needs more");
    require(error.needed <= max_packet_size, "no packet needs more than the largest");
    require(reason_code(error.code) != ReasonCode::success, "an error is answered with a failure");
    const Result<Frame> frame = read_frame(bytes);
    require(frame || frame.error() == error, "what is wrong with a frame is wrong with its packet");
    require(frame || !skippable(error), "a packet is skipped only if its end is known");
}

/// decode for the type of packet that a target has met, with the version as an argument or known while compiling.
template <class Alternative>
struct Typed {
    static Result<Packet> at_run_time(std::span<const std::byte> bytes, Version version, const Reading& reading)
    {
        return as_packet(Alternative::decode(bytes, version, reading.leniency, reading.role));
    }
    template <Version V>
    static Result<Packet> for_version(std::span<const std::byte> bytes, const Reading& reading)
    {
        return as_packet(Alternative::template decode<V>(bytes, reading.leniency, reading.role));
    }

private:
    static Result<Packet> as_packet(const Result<Alternative>& result)
    {
        if (!result) return result.error();
        return Packet(std::in_place_type<Alternative>, *result);
    }
};

template <Version V>
Result<Packet> decode_for_version(const Packet& packet, std::span<const std::byte> bytes, const Reading& reading)
{
    const Result<Packet> typed =
        std::visit([&]<class Alternative>(
                       const Alternative&) { return Typed<Alternative>::template for_version<V>(bytes, reading); },
            packet);
    require(mqttwire::decode<V>(read_frame(bytes).value(), reading.leniency, reading.role) == typed,
        "decode gives the same for a frame and a version known while compiling");
    return typed;
}

void check_other_decoders(
    const Result<Packet>& decoded, std::span<const std::byte> bytes, Version version, const Reading& reading)
{
    const Result<Packet> typed = std::visit(
        [&]<class Alternative>(const Alternative&) { return Typed<Alternative>::at_run_time(bytes, version, reading); },
        *decoded);
    require(typed == decoded, "the packet's own decode gives the same");
    const Result<Packet> known = version == Version::v3_1 ? decode_for_version<Version::v3_1>(*decoded, bytes, reading)
        : version == Version::v3_1_1 ? decode_for_version<Version::v3_1_1>(*decoded, bytes, reading)
                                     : decode_for_version<Version::v5>(*decoded, bytes, reading);
    require(known == decoded, "decode gives the same if the version is known while compiling");
}

/// What does not depend on the role or on what leniency allows is the same without them.
void check_options(const Result<Packet>& decoded, std::span<const std::byte> bytes, const Reading& reading)
{
    const Leniency let_pass = decoded.let_pass();
    require(has(reading.leniency, let_pass) && (let_pass & strict_flags) == Leniency::none,
        "only a deviation that was allowed is let pass");
    Reading other = reading;
    other.role = Role::unknown;
    require(decode(bytes, other) == decoded, "what is right for a role is right without one");
    other.leniency = let_pass;
    const Result<Packet> plain = decode(bytes, other);
    require(plain == decoded && plain.let_pass() == let_pass, "a packet needs no more leniency than it says");
    if (let_pass == Leniency::none) return;
    other.leniency = Leniency::none;
    require(!decode(bytes, other), "a strict decode refuses what leniency let pass");
}

void check_decoded(const Result<Packet>& decoded, std::span<const std::byte> bytes, const Reading& reading)
{
    require(type_of(*decoded) == type_in(bytes), "a packet is of the type that its first byte says");
    const Version version = version_of(*decoded, reading.version);
    check_packet(*decoded, bytes, version);
    check_other_decoders(decoded, bytes, version, reading);
    check_options(decoded, bytes, reading);
    const Result<Packet> cut = decode(bytes.first(bytes.size() - 1), reading);
    require(!cut && cut.error().code == Errc::incomplete && cut.error().needed == bytes.size(),
        "a packet without its last byte is incomplete");
}

void check(Input input)
{
    const Reading reading = take_reading(input);
    const Bytes bytes = take_packet(reading, input);
    const Result<Packet> decoded = decode(bytes, reading);
    require(decode(bytes, reading) == decoded, "decoding twice gives the same");

    // At an odd address, and behind a byte that would change the packet if it were read.
    Bytes elsewhere(bytes.size() + 1);
    const std::span<std::byte> copy = elsewhere.span().subspan(1);
    std::ranges::copy(bytes.span(), copy.begin());
    require(decode(copy, reading) == decoded, "decoding gives the same wherever the bytes stand");

    if (reading.version) {
        const Result<Packet> small = test::decode_small(bytes, *reading.version, reading.leniency, reading.role);
        require(small == decoded && small.let_pass() == decoded.let_pass(), "small programs decode the same");
    }

    if (decoded) check_decoded(decoded, bytes, reading);
    else check_error(decoded.error(), bytes, reading);
}

} // namespace

} // namespace mqttwire::fuzz::decode_target

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    mqttwire::fuzz::decode_target::check({data, size});
    return 0;
}
