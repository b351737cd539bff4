// MQTT packets over a socket, all of them written and read by mqttwire.
#pragma once

#include "check.hpp"
#include "socket.hpp"

#include <mqttwire/mqttwire.hpp>

#include <array>
#include <cstddef>
#include <deque>
#include <optional>
#include <source_location>
#include <span>
#include <string>
#include <variant>
#include <vector>

namespace interop {

namespace mq = mqttwire;

std::string hexadecimal(std::span<const std::byte> bytes);

/// A packet as the bytes that mqttwire writes for it.
std::vector<std::byte> encoded(const mq::Packet& packet, mq::Version version, mq::Role receiver);

/// One side of an MQTT connection.
class Connection {
public:
    /// `us`: which side we are.
    Connection(Socket socket, mq::Version version, mq::Role us);
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    /// As given, until a CONNECT tells another.
    mq::Version version() const { return version_; }

    void send(const mq::Packet& packet);

    /// The next packet, which must be of this type. It lives as long as the connection.
    template <class T>
    T receive(const std::source_location& where = std::source_location::current())
    {
        const mq::Packet packet = receive_any(where);
        if (const T* wanted = std::get_if<T>(&packet)) return *wanted;
        throw Failure(std::string(name(mq::type_of(packet))) + " instead of " + std::string(name(T::type)), where);
    }

    /// The next packet must be exactly this one.
    void expect(const mq::Packet& expected, const std::source_location& where = std::source_location::current());

    /// The peer must close the connection now, without a further packet.
    void expect_end(const std::source_location& where = std::source_location::current());

    /// Closes the connection without DISCONNECT.
    void drop() { socket_.close(); }

private:
    /// The next packet as it came, or nothing at the end of the connection.
    std::optional<mq::Frame> next_frame(const std::source_location& where);
    mq::Packet receive_any(const std::source_location& where);

    Socket socket_;
    mq::Version version_;
    mq::Role us_;
    std::vector<std::byte> storage_ = std::vector<std::byte>(1 << 20);
    mq::Framer framer_{storage_};
    std::array<std::byte, 4096> buffer_{};
    std::span<const std::byte> chunk_{};
    std::deque<std::vector<std::byte>> received_{};
};

} // namespace interop
