// Framer: cuts a stream of bytes, in chunks of any size, into packets.
#pragma once

#include "mqttwire/config.hpp"
#include "mqttwire/frame.hpp"
#include "mqttwire/wire/bytes.hpp"
#include "mqttwire/wire/varint.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace mqttwire::inline MQTTWIRE_ABI {

/// Cuts a stream into packets, without allocating: a packet that lies whole in a chunk is given where it lies; one that
/// is spread over chunks is gathered in the caller's storage. The frames and errors do not depend on how the stream is
/// cut.
///
///     while (auto frame = framer.next(chunk)) { ... }
///     if (framer.failed()) ...   // framer.error(): close the connection
///     else ...                   // read at least framer.needed() more bytes
class Framer {
public:
    /// `storage` bounds the size of a packet; a smaller `limit` (bytes of a whole packet) can be set.
    constexpr explicit Framer(std::span<std::byte> storage, std::size_t limit = max_packet_size) noexcept
        : storage_(storage), limit_(limit < storage.size() ? limit : storage.size())
    {
    }

    /// The next packet, and the chunk shrinks by the bytes that were taken; or nothing: then the chunk is used up and
    /// more bytes are needed, or the framer has failed for good. The frame is valid until the next call, and as long as
    /// the chunk's memory is.
    constexpr std::optional<Frame> next(std::span<const std::byte>& chunk) noexcept
    {
        if (failed()) return std::nullopt;
        if (gathered_ == 0) {
            if (const std::optional<Frame> frame = take_whole(chunk)) return frame;
            if (failed()) return std::nullopt;
        }
        return gather(chunk);
    }

    /// True after an error; `next` gives nothing any more.
    constexpr bool failed() const noexcept { return error_.code != Errc::none; }
    /// Why the stream cannot be read on; offsets count from the first byte of the packet that was being read.
    constexpr const Error& error() const noexcept { return error_; }
    /// The least number of further bytes that can complete the packet that was begun; 0 after an error.
    constexpr std::size_t needed() const noexcept
    {
        if (failed()) return 0;
        if (size_ != 0) return size_ - gathered_;
        return gathered_ == 0 ? 2 : 1;
    }
    /// True if the stream may end here: no packet is cut off.
    constexpr bool at_boundary() const noexcept { return gathered_ == 0 && !failed(); }
    /// Forgets everything, for the next connection.
    constexpr void reset() noexcept { *this = Framer(storage_, limit_); }

private:
    static constexpr std::size_t max_header = 5;

    /// A packet that lies whole at the front of the chunk; nothing if it does not or is wrong.
    constexpr std::optional<Frame> take_whole(std::span<const std::byte>& chunk) noexcept
    {
        if (chunk.size() < 2) return std::nullopt;
        const std::byte* const first = chunk.data();
        const wire::Varint length = wire::load_varint(first + 1, first + chunk.size());
        if (length.size == 0) return std::nullopt;
        const std::uint32_t size = 1 + length.size + length.value;
        if (!check(*first, length, size) || chunk.size() < size) return std::nullopt;
        chunk = chunk.subspan(size);
        return std::optional<Frame>(
            std::in_place, detail::FrameKey{}, first, size, static_cast<std::uint8_t>(1 + length.size));
    }

    /// Takes what the chunk has of a packet that is spread over chunks.
    constexpr std::optional<Frame> gather(std::span<const std::byte>& chunk) noexcept
    {
        while (size_ == 0 && !chunk.empty()) {
            header_[gathered_++] = chunk.front();
            chunk = chunk.subspan(1);
            const wire::Varint length = wire::load_varint(header_.data() + 1, header_.data() + gathered_);
            const std::uint32_t size = length.size == 0 ? 0 : 1 + length.size + length.value;
            if (!check(header_[0], length, size)) return std::nullopt;
            if (size == 0) continue;
            size_ = size;
            header_size_ = static_cast<std::uint8_t>(gathered_);
            wire::copy(storage_.data(), header_.data(), gathered_);
        }
        if (size_ == 0) return std::nullopt;
        const std::size_t missing = size_ - gathered_;
        const std::size_t count = missing < chunk.size() ? missing : chunk.size();
        wire::copy(storage_.data() + gathered_, chunk.data(), count);
        chunk = chunk.subspan(count);
        gathered_ += count;
        if (gathered_ < size_) return std::nullopt;
        const Frame frame(detail::FrameKey{}, storage_.data(), static_cast<std::uint32_t>(size_), header_size_);
        gathered_ = 0;
        size_ = 0;
        return frame;
    }

    /// What can be wrong with a fixed header, as soon as its bytes are there. A length of size 0 is not complete yet.
    constexpr bool check(std::byte first, wire::Varint length, std::size_t size) noexcept
    {
        const auto type = static_cast<PacketType>(static_cast<unsigned>(first) >> 4U);
        if (type == PacketType{}) error_ = {.code = Errc::reserved_packet_type, .field = Field::fixed_header};
        else if (length.size == wire::Varint::too_long)
            error_ = {
                .code = Errc::remaining_length_too_long, .field = Field::remaining_length, .packet = type, .offset = 1};
        else if (size > limit_)
            error_ = {.code = Errc::packet_too_large, .field = Field::remaining_length, .packet = type, .offset = 1};
        return !failed();
    }

    std::span<std::byte> storage_;
    std::size_t limit_;
    std::size_t gathered_ = 0; ///< bytes of the current packet in header_ or, once its size is known, in storage_
    std::size_t size_ = 0; ///< size of the current packet, 0 while unknown
    std::array<std::byte, max_header> header_{};
    std::uint8_t header_size_ = 0;
    Error error_{};
};

} // namespace mqttwire::inline MQTTWIRE_ABI
