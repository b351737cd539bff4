#include "stream.hpp"

#include <mqttwire/error.hpp>
#include <mqttwire/frame.hpp>

namespace inspect {

void Stream::feed(std::span<const std::byte> piece)
{
    buffer_.erase(buffer_.begin(), buffer_.begin() + static_cast<std::ptrdiff_t>(taken_));
    taken_ = 0;
    buffer_.insert(buffer_.end(), piece.begin(), piece.end());
}

std::optional<std::size_t> Stream::size_of_next()
{
    if (stopped_ || unread().empty() || unread().size() < needed_) return std::nullopt;
    const mqttwire::Result<mqttwire::Frame> frame = mqttwire::read_frame(unread());
    if (frame) return unread().size();
    switch (const mqttwire::Error& error = frame.error(); error.code) {
    case mqttwire::Errc::incomplete: needed_ = error.needed; return std::nullopt;
    case mqttwire::Errc::bytes_after_packet: return error.offset;
    case mqttwire::Errc::remaining_length_too_long: return 1 + 4;
    default: return 1;
    }
}

std::optional<Record> Stream::next()
{
    const std::optional<std::size_t> size = size_of_next();
    if (!size) return std::nullopt;
    const Record record = read_record(offset_, unread().first(*size), version_, reading_);
    if (record.packet) version_ = record.version;
    else stopped_ = !mqttwire::skippable(record.packet.error());
    taken_ += *size;
    offset_ += *size;
    needed_ = 0;
    return record;
}

std::optional<Record> Stream::cut_off() const
{
    if (stopped_ || unread().empty()) return std::nullopt;
    return read_record(offset_, unread(), version_, reading_);
}

} // namespace inspect
