// Cuts a stream of bytes into packets and reads them.
#pragma once

#include "record.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace inspect {

/// A stream that arrives in pieces of any size. Unlike mqttwire::Framer it keeps everything that was not read yet, so
/// that a packet that is broken or cut off can be shown.
class Stream {
public:
    /// Without a version that of CONNECT counts.
    Stream(std::optional<mqttwire::Version> version, const Reading& reading) noexcept
        : version_(version), reading_(reading)
    {
    }

    /// Adds a piece. Records that were given before lose their bytes.
    void feed(std::span<const std::byte> piece);
    /// The next packet; nothing while it is not whole and after an error behind which the stream cannot be read on.
    std::optional<Record> next();
    /// At the end of the stream: the packet that is cut off, if there is one.
    std::optional<Record> cut_off() const;

    /// The version that counts from here on, if it is known.
    std::optional<mqttwire::Version> version() const noexcept { return version_; }
    /// Takes the version that was learnt elsewhere, if it was.
    void learn(std::optional<mqttwire::Version> version) noexcept
    {
        if (version) version_ = version;
    }

    /// True after an error behind which the stream cannot be read on.
    bool stopped() const noexcept { return stopped_; }
    /// Offset of the first byte that was not read.
    std::uint64_t offset() const noexcept { return offset_; }
    /// The bytes that were not read.
    std::span<const std::byte> unread() const noexcept { return std::span(buffer_).subspan(taken_); }

private:
    /// Bytes of the packet or of the bad fixed header at the front of unread(); nothing while more are needed.
    std::optional<std::size_t> size_of_next();

    std::optional<mqttwire::Version> version_;
    Reading reading_;
    std::vector<std::byte> buffer_;
    std::size_t taken_ = 0; ///< bytes at the front of the buffer that were read
    std::size_t needed_ = 0; ///< bytes that the next packet has at least
    std::uint64_t offset_ = 0;
    bool stopped_ = false;
};

} // namespace inspect
