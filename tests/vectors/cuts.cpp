// Every vector that is a valid packet, in pieces, cut short, and with something behind it.
#include "positions.hpp"
#include "support/catch.hpp"
#include "support/vector.hpp"

#include <mqttwire/mqttwire.hpp>

#include <algorithm>
#include <optional>
#include <span>
#include <string>

namespace mqttwire::test {

namespace {

/// What is wrong about a frame that ought to be the whole packet of the vector.
std::string frame_fault(const Vector& vector, const std::optional<Frame>& frame)
{
    if (!frame) return "no frame";
    const Result<Frame> whole = read_frame(vector.bytes);
    if (!same_bytes(frame->bytes(), vector.bytes)) return "the frame has other bytes";
    if (frame->header_size() != whole->header_size()) return "the frame has another header";
    return {};
}

std::string fault_byte_by_byte(const Vector& vector)
{
    Bytes storage(vector.bytes.size());
    Framer framer(storage);
    std::span<const std::byte> rest = vector.bytes;
    while (rest.size() > 1) {
        std::span<const std::byte> chunk = rest.first(1);
        rest = rest.subspan(1);
        if (framer.next(chunk)) return "a frame before the last byte";
        if (framer.failed() || framer.at_boundary()) return "the framer does not wait for the rest";
        if (framer.needed() == 0 || framer.needed() > rest.size()) return "the framer needs more than the rest";
    }
    const std::string fault = frame_fault(vector, framer.next(rest));
    return fault.empty() && !framer.at_boundary() ? "the framer does not see the end" : fault;
}

std::string fault_in_two(const Vector& vector, Bytes& storage, std::size_t at)
{
    Framer framer(storage);
    std::span<const std::byte> first = std::span(vector.bytes).first(at);
    std::span<const std::byte> second = std::span(vector.bytes).subspan(at);
    if (framer.next(first) || !first.empty()) return "split at " + std::to_string(at) + ": a frame too early";
    const std::string fault = frame_fault(vector, framer.next(second));
    return fault.empty() ? fault : "split at " + std::to_string(at) + ": " + fault;
}

} // namespace

TEST_CASE("A packet that lies whole in the chunk is not copied", "[vectors][framer]")
{
    for (const Vector* vector : vectors_where(is_valid_packet)) {
        INFO(vector->id);
        Bytes storage(vector->bytes.size());
        Framer framer(storage);
        std::span<const std::byte> chunk = vector->bytes;
        const std::optional<Frame> frame = framer.next(chunk);
        CHECK(frame_fault(*vector, frame) == "");
        CHECK((frame && frame->bytes().data() == vector->bytes.data()));
        CHECK(chunk.empty());
    }
}

TEST_CASE("A packet that comes byte by byte gives the same frame", "[vectors][framer]")
{
    for (const Vector* vector : vectors_where(is_valid_packet)) {
        INFO(vector->id);
        CHECK(fault_byte_by_byte(*vector) == "");
    }
}

TEST_CASE("A packet that comes in two pieces gives the same frame", "[vectors][framer]")
{
    for (const Vector* vector : vectors_where(is_valid_packet)) {
        INFO(vector->id);
        Bytes storage(vector->bytes.size());
        std::string fault;
        for_positions(vector->bytes.size(), [&](std::size_t at) {
            if (fault.empty() && at != 0) fault = fault_in_two(*vector, storage, at);
        });
        CHECK(fault == "");
    }
}

TEST_CASE("A packet that is cut short is incomplete at every length", "[vectors]")
{
    for (const Vector* vector : vectors_where(is_valid_packet)) {
        INFO(vector->id);
        std::string fault;
        for_positions(vector->bytes.size(), [&](std::size_t at) {
            // In memory of its own, so that a sanitizer sees every step beyond the end.
            const Bytes cut(vector->bytes.begin(), vector->bytes.begin() + static_cast<std::ptrdiff_t>(at));
            const Result<Packet> packet = decode(cut, *vector->version, vector->leniency, vector->role);
            const bool right = !packet && packet.error().code == Errc::incomplete && packet.error().needed > at
                && packet.error().needed <= std::max<std::size_t>(vector->bytes.size(), 2);
            if (fault.empty() && !right) fault = "cut to " + std::to_string(at);
        });
        CHECK(fault == "");
    }
}

TEST_CASE("Bytes behind a packet are an error in a buffer and the next packet in a stream", "[vectors][framer]")
{
    for (const Vector* vector : vectors_where(is_valid_packet)) {
        INFO(vector->id);
        const std::size_t size = vector->bytes.size();
        for (const std::byte junk : {std::byte{0x00}, std::byte{0xC0}, std::byte{0xFF}}) {
            Bytes longer = vector->bytes;
            longer.push_back(junk);
            const Result<Packet> packet = decode(longer, *vector->version, vector->leniency, vector->role);
            REQUIRE_FALSE(packet);
            CHECK(name(packet.error().code) == name(Errc::bytes_after_packet));
            CHECK(packet.error().offset == size);

            Bytes storage(longer.size());
            Framer framer(storage);
            std::span<const std::byte> chunk = longer;
            CHECK(frame_fault(*vector, framer.next(chunk)) == "");
            CHECK(chunk.size() == 1);
        }
    }
}

} // namespace mqttwire::test
