// Puts the segments of one direction of a TCP connection in order.
#pragma once

#include "segment.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <vector>

namespace inspect {

class Reassembly {
public:
    /// Takes a segment. What `next` gave before is gone.
    void take(const Segment& segment);
    /// More bytes in their order; empty: there are none yet.
    std::span<const std::byte> next();
    /// Segments that came before their turn.
    std::size_t waiting() const noexcept { return waiting_.size(); }
    /// Bytes that did not come although later ones did, when no more segments come; 0 if none is missing.
    std::uint64_t missing() const noexcept;

private:
    std::uint64_t offset_of(std::uint32_t sequence) const noexcept;

    std::optional<std::uint32_t> first_; ///< the sequence number of the stream's first byte
    std::uint64_t offset_ = 0; ///< in the stream, of the byte that is due
    std::map<std::uint64_t, std::vector<std::byte>> waiting_; ///< segments by their offset
    std::vector<std::byte> given_;
    std::uint64_t cut_ = 0; ///< bytes that the capture left out of a segment
};

} // namespace inspect
