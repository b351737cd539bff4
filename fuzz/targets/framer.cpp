// Does the framer find the same frames and the same error however the stream is cut?
//
// Input: the storage that the framer begins with and its limit (two bytes each), how many piece sizes follow, the piece
// sizes, the stream.
#include "support/bytes.hpp"
#include "support/input.hpp"
#include "support/pieces.hpp"
#include "support/require.hpp"
#include "support/target.hpp"

#include <mqttwire/frame.hpp>
#include <mqttwire/framer.hpp>

#include <algorithm>
#include <functional>
#include <optional>
#include <span>
#include <utility>
#include <vector>

namespace mqttwire::fuzz::framer_target {

namespace {

/// What a stream holds, found out with all of it at hand.
struct Expected {
    struct Packet {
        std::size_t begin;
        std::size_t size;
        std::size_t header_size;
    };
    std::vector<Packet> packets;
    Errc error{}; ///< what is wrong behind them, if anything
    PacketType error_packet{};
    std::size_t error_known = 0; ///< bytes of the stream after which the error can be told
    std::size_t tail = 0; ///< bytes of a packet that is cut off
};

/// The fixed header by the text of the specification: a type, and one to four bytes of length.
Expected read_plainly(std::span<const std::byte> stream, std::size_t limit)
{
    Expected expected;
    std::size_t begin = 0;
    while (begin < stream.size()) {
        const auto at = [&](std::size_t i) { return static_cast<unsigned>(stream[begin + i]); };
        const std::size_t left = stream.size() - begin;
        const auto fail = [&](Errc code, std::size_t bytes) {
            expected.error = code;
            expected.error_packet = static_cast<PacketType>(at(0) / 16);
            expected.error_known = begin + bytes;
            return expected;
        };
        if (at(0) / 16 == 0) return fail(Errc::reserved_packet_type, 1);
        std::size_t length = 0;
        std::size_t header_size = 1;
        for (std::size_t multiplier = 1;; multiplier *= 128) {
            if (header_size == left) break;
            length += at(header_size) % 128 * multiplier;
            ++header_size;
            if (at(header_size - 1) < 128) break;
            if (header_size == 5) return fail(Errc::remaining_length_too_long, 5);
        }
        const bool length_known = header_size > 1 && at(header_size - 1) < 128;
        if (length_known && header_size + length > limit) return fail(Errc::packet_too_large, header_size);
        if (!length_known || header_size + length > left) {
            expected.tail = left;
            return expected;
        }
        expected.packets.push_back({begin, header_size + length, header_size});
        begin += header_size + length;
    }
    return expected;
}

bool lies_in(std::span<const std::byte> part, std::span<const std::byte> whole)
{
    return std::greater_equal<>{}(part.data(), whole.data())
        && std::less_equal<>{}(part.data() + part.size(), whole.data() + whole.size());
}

/// Feeds a framer and holds what it gives against what is expected.
class Run {
public:
    Run(std::span<const std::byte> stream, const Expected& expected, std::size_t storage_size, std::size_t limit)
        : stream_(stream), expected_(expected), storage_(storage_size), framer_(storage_.span(), limit)
    {
    }

    void feed(std::span<const std::byte> piece)
    {
        // A piece of its own, gone when the next one comes.
        const Bytes memory(piece);
        const std::size_t needed = framer_.needed();
        std::span<const std::byte> chunk = memory;
        std::size_t frames = 0;
        for (;;) {
            while (const std::optional<Frame> frame = framer_.next(chunk)) {
                check_frame(*frame, memory);
                ++frames;
            }
            const std::size_t lacking = framer_.storage_needed();
            if (lacking == 0) break;
            require(lacking > storage_.size(), "storage that is large enough is not asked for");
            require(framer_.gathered() == 0, "nothing is lost with the old storage");
            storage_ = Bytes(lacking);
            framer_.rebind(storage_.span());
            require(!framer_.failed(), "a framer with enough storage goes on");
        }
        require(frames == 0 || piece.size() >= needed, "no packet is whole before the bytes it needs are there");
        fed_ += piece.size();
        check_state(chunk);
    }

    void finish()
    {
        require(next_ == expected_.packets.size(), "the framer finds every packet");
        framer_.reset();
        require(
            !framer_.failed() && framer_.at_boundary() && framer_.needed() == 2, "a reset framer forgets everything");
    }

private:
    void check_frame(const Frame& frame, std::span<const std::byte> piece)
    {
        require(next_ < expected_.packets.size(), "the framer finds no packet that is not there");
        const Expected::Packet& packet = expected_.packets[next_++];
        require(same_bytes(frame.bytes(), stream_.subspan(packet.begin, packet.size)),
            "a frame holds the bytes of its packet");
        require(frame.header_size() == packet.header_size, "a frame knows its fixed header");
        require(frame.body().size() == packet.size - packet.header_size, "the body is all but the fixed header");
        const bool whole_in_piece = packet.begin >= fed_;
        require(lies_in(frame.bytes(), whole_in_piece ? piece : storage_), "only a packet in pieces is copied");
        taken_ = packet.begin + packet.size;
    }

    void check_state(std::span<const std::byte> rest)
    {
        const bool fails = expected_.error != Errc::none && fed_ >= expected_.error_known;
        require(framer_.failed() == fails, "an error is told as soon as it can be known, and not before");
        if (fails) {
            const Error& error = framer_.error();
            require(error.code == expected_.error && error.packet == expected_.error_packet,
                "every cutting gives the same error");
            require(error.offset == (error.code == Errc::reserved_packet_type ? 0U : 1U),
                "an error lies in the fixed header");
            require(framer_.needed() == 0 && !framer_.at_boundary(), "nothing helps after an error");
            return;
        }
        require(rest.empty(), "without an error all of a piece is taken");
        require(framer_.at_boundary() == (fed_ == taken_), "the stream may end between two packets");
        require(framer_.needed() > 0, "a framer that has not failed needs more");
    }

    std::span<const std::byte> stream_;
    const Expected& expected_;
    Bytes storage_;
    Framer framer_;
    std::size_t next_ = 0; ///< index of the packet that comes next
    std::size_t fed_ = 0; ///< bytes of the stream in the pieces before this one
    std::size_t taken_ = 0; ///< bytes of the stream in frames
};

void check(Input input)
{
    constexpr std::size_t largest_storage = 4096;
    const std::size_t storage_size = input.two_bytes() % (largest_storage + 1);
    const std::size_t limit = input.two_bytes();
    const auto piece_sizes = input.take(input.below(32));
    const Bytes stream(input.take_all());
    const Expected expected = read_plainly(stream, limit);

    const auto make_run = [&] { return Run(stream, expected, storage_size, limit); };
    run_in_all_pieces(stream, piece_sizes, make_run);
    // Where the first fixed header is cut, and one byte behind it.
    for (std::size_t cut = 2; cut < std::min<std::size_t>(stream.size(), 7); ++cut)
        run_in_pieces(stream, make_run,
            [&, first = true]() mutable { return std::exchange(first, false) ? cut : stream.size(); });
}

} // namespace

} // namespace mqttwire::fuzz::framer_target

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    mqttwire::fuzz::framer_target::check({data, size});
    return 0;
}
