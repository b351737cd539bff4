// What the programs of this folder need of POSIX: sockets on the loopback interface.
#pragma once

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <optional>
#include <span>
#include <utility>

namespace relay {

/// Closes its descriptor when it goes.
class Socket {
public:
    explicit Socket(int descriptor = -1) noexcept : descriptor_(descriptor) {}
    Socket(Socket&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
    Socket& operator=(Socket&& other) noexcept
    {
        std::swap(descriptor_, other.descriptor_);
        return *this;
    }
    Socket(const Socket&) = delete;
    Socket& operator=(const Socket&) = delete;
    ~Socket()
    {
        if (descriptor_ >= 0) ::close(descriptor_);
    }

    explicit operator bool() const noexcept { return descriptor_ >= 0; }
    /// -1 if there is none, which poll leaves out.
    int descriptor() const noexcept { return descriptor_; }

private:
    int descriptor_;
};

inline sockaddr_in loopback(std::uint16_t port) noexcept
{
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

/// Listens on a port, 0 being a free one, and prints which. Without it there is nothing to do: ends the program.
inline Socket listen_on(std::uint16_t port)
{
    std::signal(SIGPIPE, SIG_IGN); // a peer that has gone is an error of writev
    Socket socket(::socket(AF_INET, SOCK_STREAM, 0));
    const int on = 1;
    ::setsockopt(socket.descriptor(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    sockaddr_in address = loopback(port);
    socklen_t size = sizeof address;
    const auto generic = reinterpret_cast<sockaddr*>(&address);
    if (!socket || ::bind(socket.descriptor(), generic, size) != 0 || ::listen(socket.descriptor(), 128) != 0
        || ::getsockname(socket.descriptor(), generic, &size) != 0) {
        std::cerr << "cannot listen on port " << port << '\n';
        std::exit(1);
    }
    std::cout << "listening on port " << ntohs(address.sin_port) << '\n' << std::flush;
    return socket;
}

/// No socket if nobody is there.
inline Socket connect_to(std::uint16_t port) noexcept
{
    Socket socket(::socket(AF_INET, SOCK_STREAM, 0));
    const sockaddr_in address = loopback(port);
    if (::connect(socket.descriptor(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
        return Socket();
    return socket;
}

inline Socket accept_from(const Socket& listener) noexcept
{
    return Socket(::accept(listener.descriptor(), nullptr, nullptr));
}

/// From now on `send_some` does not wait.
inline void do_not_wait(const Socket& socket) noexcept { ::fcntl(socket.descriptor(), F_SETFL, O_NONBLOCK); }

/// Small packets go at once, and are not held back until those before them are confirmed.
inline void do_not_delay(const Socket& socket) noexcept
{
    const int on = 1;
    ::setsockopt(socket.descriptor(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

/// What has come, after poll has said that something has; empty at the end of the connection.
inline std::span<const std::byte> receive(const Socket& socket, std::span<std::byte> buffer) noexcept
{
    const auto count = ::read(socket.descriptor(), buffer.data(), buffer.size());
    return buffer.first(count > 0 ? static_cast<std::size_t>(count) : 0);
}

/// Sends a part of up to four spans; gives how many bytes it took, or nothing if the connection is broken.
inline std::optional<std::size_t> send_some(
    const Socket& socket, std::span<const std::span<const std::byte>> spans) noexcept
{
    std::array<iovec, 4> parts{};
    for (std::size_t i = 0; i < spans.size(); ++i)
        parts[i] = {const_cast<std::byte*>(spans[i].data()), spans[i].size()}; // which writev leaves as it is
    const auto count = ::writev(socket.descriptor(), parts.data(), static_cast<int>(spans.size()));
    if (count >= 0) return static_cast<std::size_t>(count);
    if (errno == EAGAIN || errno == EINTR) return 0;
    return std::nullopt;
}

/// Sends all of it, and waits for that if the socket does; false if the connection is broken.
inline bool send_all(const Socket& socket, std::span<const std::byte> bytes) noexcept
{
    while (!bytes.empty()) {
        const auto count = send_some(socket, std::array{bytes});
        if (!count) return false;
        bytes = bytes.subspan(*count);
    }
    return true;
}

/// The port that an argument names, or 0.
inline std::uint16_t port_of(int count, char** arguments, int index) noexcept
{
    return index < count ? static_cast<std::uint16_t>(std::atoi(arguments[index])) : std::uint16_t{0};
}

} // namespace relay
