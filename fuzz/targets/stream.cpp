// Does a stream that is read in pieces hold what Framer and decode find in it, however it is cut? And is a head with
// its payload what encode gives?
//
// Input: how to read (see support/reading.hpp; an unknown version is 5.0), the limit (two bytes), how many piece sizes
// follow, the piece sizes, the stream.
#include "support/bytes.hpp"
#include "support/input.hpp"
#include "support/pieces.hpp"
#include "support/reading.hpp"
#include "support/require.hpp"
#include "support/target.hpp"

#include <mqttwire/frame.hpp>
#include <mqttwire/framer.hpp>
#include <mqttwire/packets/publish.hpp>
#include <mqttwire/stream.hpp>

#include <algorithm>
#include <cstddef>
#include <optional>
#include <span>
#include <vector>

namespace mqttwire::fuzz::stream_target {

namespace {

struct Terms {
    Version version;
    Leniency leniency;
    Role role;
    std::size_t limit;
};

/// The packets of a stream up to the first that is refused, with all of it at hand.
struct Expected {
    std::vector<std::span<const std::byte>> packets;
    Error error; ///< of the packet behind them
    std::span<const std::byte> cut_off; ///< what is left behind them if nothing is wrong
};

Expected read_whole(std::span<const std::byte> stream, const Terms& terms)
{
    Expected expected;
    Framer framer({}, terms.limit);
    while (true) {
        std::span<const std::byte> rest = stream;
        const std::optional<Frame> frame = framer.next(rest);
        if (!frame) break;
        if (frame->type() == PacketType::publish) {
            const auto publish = Publish::decode(frame->bytes(), terms.version, terms.leniency, terms.role);
            if (!publish) {
                expected.error = publish.error();
                return expected;
            }
        }
        expected.packets.push_back(frame->bytes());
        stream = rest;
    }
    // What is cut off lacks storage, which is no fault of the stream.
    if (framer.failed() && framer.storage_needed() == 0) expected.error = framer.error();
    else expected.cut_off = stream;
    return expected;
}

/// Feeds a reader and holds what it tells against what is expected.
class Run {
public:
    Run(const Expected& expected, const Terms& terms)
        : expected_(expected), terms_(terms), storage_(0), reader_({}, terms.limit)
    {
    }

    void feed(std::span<const std::byte> piece)
    {
        // A piece of its own, gone when the next one comes.
        const Bytes memory(piece);
        std::span<const std::byte> chunk = memory;
        while (true) {
            while (const StreamEvent event = reader_.next(chunk, terms_.version, terms_.leniency, terms_.role))
                check_event(event);
            const std::size_t lacking = reader_.storage_needed();
            if (lacking == 0) break;
            require(lacking > storage_.size(), "storage that is large enough is not asked for");
            require(reader_.error().needed == lacking, "the error tells the storage that is needed");
            Bytes larger(lacking);
            std::ranges::copy(storage_.span().first(reader_.gathered()), larger.span().begin());
            storage_ = std::move(larger);
            reader_.rebind(storage_.span());
            require(!reader_.failed(), "a reader with enough storage goes on");
        }
        require(reader_.failed() || chunk.empty(), "without an error all of a piece is taken");
        require(reader_.failed() == (reader_.needed() == 0), "a reader that has not failed needs more");
    }

    void finish()
    {
        require(next_ == expected_.packets.size(), "the reader finds every packet");
        if (expected_.error.code != Errc::none) {
            require(reader_.error() == expected_.error, "the errors are those of Framer and decode");
            require(!reader_.at_boundary(), "a stream with an error may not end there");
            return;
        }
        // A packet that is cut off may be wrong already; whole, decode refuses it too.
        if (!reader_.failed())
            require(reader_.at_boundary() == expected_.cut_off.empty(), "the stream may end between two packets");
        else check_early_error();
    }

private:
    void check_event(const StreamEvent& event)
    {
        if (event.frame) {
            require(!event.head && event.payload.empty() && !event.end && !begun_, "a packet is told alone");
            require(next_ < expected_.packets.size(), "the reader finds no packet that is not there");
            require(same_bytes(event.frame->bytes(), expected_.packets[next_++]), "a frame holds its packet");
            return;
        }
        if (event.head) {
            require(!begun_, "a packet begins behind the one before");
            begun_ = true;
            payload_.clear();
            payload_size_ = event.payload_size;
            if (next_ < expected_.packets.size()) check_head(*event.head);
        }
        require(begun_, "a payload has a head");
        payload_.insert(payload_.end(), event.payload.begin(), event.payload.end());
        require(payload_.size() <= payload_size_, "a payload is not longer than was told");
        require(
            reader_.failed() || event.end == (payload_.size() == payload_size_), "the end is where the payload ends");
        if (!event.end) return;
        require(next_ < expected_.packets.size(), "the reader finds no packet that is not there");
        const auto whole = decode(expected_.packets[next_++]);
        require(same_bytes(payload_, {whole.payload.bytes(), whole.payload.size()}), "the pieces are the payload");
        begun_ = false;
    }

    void check_head(const Publish& head)
    {
        Publish whole = decode(expected_.packets[next_]);
        require(whole.payload.size() == payload_size_, "a head tells the size of its payload");
        check_written(whole);
        whole.payload = {};
        require(head == whole, "a head says what the packet says");
    }

    /// The head of what was read, written again.
    void check_written(const Publish& whole)
    {
        const std::size_t size = whole.encoded_size(terms_.version, terms_.leniency, terms_.role).value();
        Bytes all(size);
        const auto encoded = whole.encode(all.span(), terms_.version, terms_.leniency, terms_.role);
        require(encoded.has_value(), "what was read can be written");
        Bytes head(size - payload_size_);
        const auto written =
            encode_head(whole, payload_size_, head.span(), terms_.version, terms_.leniency, terms_.role);
        require(written && same_bytes(*written, encoded->first(head.size())), "a head is how its packet begins");
        Bytes less(head.size() - 1);
        const auto refused =
            encode_head(whole, payload_size_, less.span(), terms_.version, terms_.leniency, terms_.role);
        require(!refused && refused.error().needed == head.size() && untouched(less), "a head is written whole");
    }

    Publish decode(std::span<const std::byte> packet) const
    {
        return Publish::decode(packet, terms_.version, terms_.leniency, terms_.role).value();
    }

    void check_early_error()
    {
        const std::span<const std::byte> begun = expected_.cut_off;
        require(!begun.empty() && static_cast<unsigned>(begun[0]) >> 4U == 3, "only a PUBLISH is looked at early");
        const wire::Varint length = wire::load_varint(begun.data() + 1, begun.data() + begun.size());
        require(length.valid(), "the fixed header is whole");
        const std::size_t size = 1 + length.size + length.value;
        if (size > 0x10000) return;
        Bytes whole(size);
        std::ranges::copy(begun, whole.span().begin());
        const auto publish = Publish::decode(whole, terms_.version, terms_.leniency, terms_.role);
        require(!publish && publish.error() == reader_.error(), "what is wrong with a part is wrong with the packet");
    }

    const Expected& expected_;
    Terms terms_;
    Bytes storage_;
    StreamReader reader_;
    std::size_t next_ = 0; ///< index of the packet that comes next
    bool begun_ = false;
    std::size_t payload_size_ = 0;
    std::vector<std::byte> payload_;
};

void check(Input input)
{
    const Reading reading = take_reading(input);
    const Terms terms{
        reading.version.value_or(Version::v5), reading.leniency, reading.role, std::size_t{input.two_bytes()} + 2};
    const auto piece_sizes = input.take(input.below(32));
    const Bytes stream(input.take_all());
    const Expected expected = read_whole(stream, terms);

    const auto make_run = [&] { return Run(expected, terms); };
    run_in_all_pieces(stream, piece_sizes, make_run);
}

} // namespace

} // namespace mqttwire::fuzz::stream_target

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    mqttwire::fuzz::stream_target::check({data, size});
    return 0;
}
