// TCP on the loopback interface. Every wait ends after `patience`.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <source_location>
#include <span>
#include <utility>

namespace interop {

/// How long a peer may take for anything; then the scenario has failed.
inline constexpr std::chrono::seconds patience{10};

/// A file descriptor that closes itself.
class Descriptor {
public:
    Descriptor() = default;
    explicit Descriptor(int number) : number_(number) {}
    Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
    Descriptor& operator=(Descriptor&& other) noexcept
    {
        std::swap(number_, other.number_);
        return *this;
    }
    ~Descriptor() { close(); }

    int number() const { return number_; }
    void close();

private:
    int number_ = -1;
};

/// One TCP connection.
class Socket {
public:
    explicit Socket(Descriptor descriptor);
    /// Connects to a port of this machine.
    static Socket to(std::uint16_t port);

    void send(std::span<const std::byte> bytes);
    /// Fills the front of the buffer with what has come; nothing if the peer has closed the connection.
    std::span<const std::byte> receive(
        std::span<std::byte> buffer, const std::source_location& where = std::source_location::current());
    /// Closes the connection without saying goodbye.
    void close() { descriptor_.close(); }

private:
    Descriptor descriptor_;
};

/// Waits for connections on a free port of this machine.
class Listener {
public:
    Listener();
    std::uint16_t port() const { return port_; }
    Socket accept(const std::source_location& where = std::source_location::current());

private:
    Descriptor descriptor_;
    std::uint16_t port_ = 0;
};

} // namespace interop
