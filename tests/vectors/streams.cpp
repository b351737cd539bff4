// Every vector that is a stream: through the Framer in chunks of many sizes, and each frame decoded.
#include "support/catch.hpp"
#include "support/compare_fields.hpp"
#include "support/vector.hpp"

#include <mqttwire/mqttwire.hpp>

#include <algorithm>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace mqttwire::test {

namespace {

/// What a stream turned out to hold.
struct Reading {
    std::vector<Verdict> verdicts;
    std::vector<std::optional<std::string>> packets;
    std::vector<std::string> differences; ///< of the fields of all packets
    std::optional<Error> last_error; ///< if the last verdict is an error
};

/// Room for any packet, of which only the part that is used costs memory.
std::span<std::byte> storage_for_any_packet()
{
    static const auto storage = std::make_unique_for_overwrite<std::byte[]>(max_packet_size);
    return {storage.get(), max_packet_size};
}

/// Reads the stream of a vector as a server or a client would.
class StreamReader {
public:
    explicit StreamReader(const Vector& vector)
        : vector_(vector), version_(*vector.version),
          framer_(storage_for_any_packet(), vector.stream->limit.value_or(max_packet_size))
    {
    }

    Reading read(std::size_t chunk_size) &&
    {
        std::span<const std::byte> rest = vector_.bytes;
        while (!rest.empty() && !stopped_) {
            std::span<const std::byte> chunk = rest.first(std::min(chunk_size, rest.size()));
            rest = rest.subspan(chunk.size());
            read_chunk(chunk);
        }
        if (!stopped_ && !framer_.at_boundary()) {
            const auto type = static_cast<PacketType>(static_cast<unsigned>(vector_.bytes.at(taken_)) >> 4U);
            conclude(Verdict::incomplete, std::string(name(type)));
        }
        return std::move(reading_);
    }

private:
    void read_chunk(std::span<const std::byte> chunk)
    {
        while (const std::optional<Frame> frame = framer_.next(chunk)) {
            take(*frame);
            if (stopped_) return;
        }
        if (!framer_.failed()) return;
        conclude(Verdict::error, std::nullopt);
        fail(framer_.error());
    }

    void take(const Frame& frame)
    {
        taken_ += frame.bytes().size();
        const Result<Packet> packet = decode(frame, version_, vector_.leniency, vector_.role);
        conclude(packet ? Verdict::ok : Verdict::error, std::string(name(frame.type())));
        if (!packet) return fail(packet.error());
        if (const auto* const connect = std::get_if<Connect>(&*packet)) version_ = connect->version.value();
        compare(*packet);
    }

    void conclude(Verdict verdict, std::optional<std::string> packet)
    {
        reading_.verdicts.push_back(verdict);
        reading_.packets.push_back(std::move(packet));
        reading_.last_error.reset();
    }

    /// The stream goes on only behind an error that lies inside a packet whose end is certain.
    void fail(const Error& error)
    {
        reading_.last_error = error;
        stopped_ = !skippable(error);
    }

    void compare(const Packet& packet)
    {
        const std::size_t index = reading_.verdicts.size() - 1;
        const std::vector<const Json*>& fields = vector_.stream->fields;
        if (index >= fields.size() || fields[index] == nullptr) return; // then the verdicts differ
        for (std::string& difference : differences(packet, *fields[index], version_))
            reading_.differences.push_back("packet " + std::to_string(index) + ", " + difference);
    }

    const Vector& vector_;
    Version version_;
    Framer framer_;
    Reading reading_;
    std::size_t taken_ = 0; ///< bytes of the packets so far
    bool stopped_ = false;
};

std::string joined(const std::vector<Verdict>& verdicts)
{
    std::string text;
    for (const Verdict verdict : verdicts) text += std::string(name(verdict)) + ' ';
    return text;
}

void check_reading(const Vector& vector, std::size_t chunk_size)
{
    INFO(vector.id << ", " << chunk_size << " bytes at a time");
    const Reading reading = StreamReader(vector).read(chunk_size);
    CHECK(joined(reading.verdicts) == joined(vector.stream->verdicts));
    CHECK((reading.packets == vector.stream->packets));
    CHECK(reading.differences == std::vector<std::string>{});
    CHECK(reading.last_error.has_value() == (vector.stream->verdicts.back() == Verdict::error));
    if (!reading.last_error) return;
    const Error& error = *reading.last_error;
    CHECK(name(error.code) == name(vector.error.code.value_or(error.code)));
    CHECK(name(error.field) == name(vector.error.field.value_or(error.field)));
    CHECK(error.offset == vector.error.offset.value_or(error.offset));
}

} // namespace

TEST_CASE("Every stream gives its packets in their order, however it is cut", "[vectors][framer]")
{
    for (const Vector* vector : vectors_where([](const Vector& v) { return v.stream.has_value(); })) {
        if (vector->stream->chunk) {
            check_reading(*vector, *vector->stream->chunk);
            continue;
        }
        for (std::size_t chunk_size = 1; chunk_size <= vector->bytes.size(); ++chunk_size)
            check_reading(*vector, chunk_size);
    }
}

} // namespace mqttwire::test
