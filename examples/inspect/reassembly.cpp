#include "reassembly.hpp"

#include <algorithm>

namespace inspect {

/// The offset of this number that is nearest to the byte that is due. Before the stream it wraps to a number that is
/// larger than every offset.
std::uint64_t Reassembly::offset_of(std::uint32_t sequence) const noexcept
{
    const auto due = static_cast<std::uint32_t>(*first_ + offset_);
    const auto distance = static_cast<std::int32_t>(sequence - due);
    return offset_ + static_cast<std::uint64_t>(static_cast<std::int64_t>(distance));
}

void Reassembly::take(const Segment& segment)
{
    const std::uint32_t sequence = segment.sequence + (segment.syn ? 1U : 0U);
    if (!first_) first_ = sequence;
    if (segment.bytes.empty()) return;
    const std::uint64_t offset = offset_of(sequence);
    if (offset > offset_ + (std::uint64_t{1} << 32U)) { // it begins before the byte that is due
        const std::uint64_t known = offset_ - offset;
        if (known >= segment.bytes.size()) return;
        const std::span<const std::byte> rest = segment.bytes.subspan(static_cast<std::size_t>(known));
        waiting_.try_emplace(offset_, rest.begin(), rest.end());
        return;
    }
    std::vector<std::byte>& held = waiting_[offset];
    if (held.size() < segment.bytes.size()) held.assign(segment.bytes.begin(), segment.bytes.end());
    cut_ += segment.missing;
}

std::span<const std::byte> Reassembly::next()
{
    while (!waiting_.empty()) {
        const auto front = waiting_.begin();
        const auto& [offset, bytes] = *front;
        if (offset > offset_) break;
        const std::uint64_t known = offset_ - offset;
        if (known >= bytes.size()) {
            waiting_.erase(front);
            continue;
        }
        given_.assign(bytes.begin() + static_cast<std::ptrdiff_t>(known), bytes.end());
        waiting_.erase(front);
        offset_ += given_.size();
        return given_;
    }
    return {};
}

std::uint64_t Reassembly::missing() const noexcept
{
    const std::uint64_t gap = waiting_.empty() ? 0 : waiting_.begin()->first - offset_;
    return std::max(gap, waiting_.empty() ? cut_ : std::uint64_t{0});
}

} // namespace inspect
