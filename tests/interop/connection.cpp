#include "connection.hpp"

#include <utility>

namespace interop {
namespace {

constexpr mq::Role other_side(mq::Role us) { return us == mq::Role::client ? mq::Role::server : mq::Role::client; }

std::string diagnosis(const mq::Error& error, std::span<const std::byte> bytes)
{
    return std::string(text(error.code)) + ", at byte " + std::to_string(error.offset) + " of " + hexadecimal(bytes);
}

} // namespace

std::string hexadecimal(std::span<const std::byte> bytes)
{
    constexpr std::string_view digits = "0123456789abcdef";
    std::string out;
    for (const std::byte byte : bytes) {
        out += digits[std::to_integer<std::size_t>(byte >> 4)];
        out += digits[std::to_integer<std::size_t>(byte & std::byte{15})];
    }
    return out;
}

std::vector<std::byte> encoded(const mq::Packet& packet, mq::Version version, mq::Role receiver)
{
    const auto size = encoded_size(packet, version, {}, receiver);
    if (!size) throw Failure("mqttwire does not write this packet: " + std::string(text(size.error().code)));
    std::vector<std::byte> bytes(*size);
    const auto written = encode(packet, bytes, version, {}, receiver);
    expect(written.has_value() && written->size() == bytes.size(), "as many bytes as encoded_size says");
    return bytes;
}

Connection::Connection(Socket socket, mq::Version version, mq::Role us)
    : socket_(std::move(socket)), version_(version), us_(us)
{
}

void Connection::send(const mq::Packet& packet) { socket_.send(encoded(packet, version_, other_side(us_))); }

std::optional<mq::Frame> Connection::next_frame(const std::source_location& where)
{
    for (;;) {
        if (const auto frame = framer_.next(chunk_)) {
            received_.emplace_back(frame->bytes().begin(), frame->bytes().end());
            return mq::read_frame(received_.back()).value();
        }
        if (framer_.failed()) throw Failure("bad framing: " + std::string(text(framer_.error().code)), where);
        chunk_ = socket_.receive(buffer_, where);
        if (chunk_.empty()) break;
    }
    interop::expect(framer_.at_boundary(), "whole packets", where);
    return std::nullopt;
}

mq::Packet Connection::receive_any(const std::source_location& where)
{
    const auto frame = next_frame(where);
    if (!frame) throw Failure("the connection was closed", where);
    const auto packet = decode(*frame, version_, {}, us_);
    if (!packet) throw Failure("refused " + diagnosis(packet.error(), frame->bytes()), where);
    // Whatever peers write must also survive being written by us.
    if (const auto* connect = std::get_if<mq::Connect>(&*packet)) version_ = connect->version.value();
    const auto again = encoded(*packet, version_, us_);
    const auto decoded = decode(again, version_, {}, us_);
    interop::expect(decoded.has_value() && *decoded == *packet, "the same after encoding it again", where);
    return *packet;
}

void Connection::expect(const mq::Packet& expected, const std::source_location& where)
{
    const mq::Packet seen = receive_any(where);
    if (seen != expected)
        throw Failure("seen\n    " + hexadecimal(encoded(seen, version_, us_)) + "\nexpected\n    "
                + hexadecimal(encoded(expected, version_, us_)),
            where);
}

void Connection::expect_end(const std::source_location& where)
{
    if (const auto frame = next_frame(where)) throw Failure("the end instead of " + hexadecimal(frame->bytes()), where);
}

} // namespace interop
