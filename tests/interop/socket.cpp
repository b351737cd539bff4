#include "socket.hpp"

#include "check.hpp"

#include <cerrno>
#include <cstring>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

namespace interop {
namespace {

[[noreturn]] void fail(const char* what, const std::source_location& where = std::source_location::current())
{
    throw Failure(std::string(what) + ": " + std::strerror(errno), where);
}

sockaddr_in loopback(std::uint16_t port)
{
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

const sockaddr* generic(const sockaddr_in& address) { return reinterpret_cast<const sockaddr*>(&address); }

void set_option(const Descriptor& descriptor, int level, int option, const auto& value)
{
    if (setsockopt(descriptor.number(), level, option, &value, sizeof value) != 0) fail("setsockopt");
}

void limit_waits(const Descriptor& descriptor)
{
    const timeval limit{.tv_sec = patience.count(), .tv_usec = 0};
    set_option(descriptor, SOL_SOCKET, SO_RCVTIMEO, limit);
    set_option(descriptor, SOL_SOCKET, SO_SNDTIMEO, limit);
}

Descriptor make_socket()
{
    Descriptor descriptor(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    if (descriptor.number() < 0) fail("socket");
    return descriptor;
}

} // namespace

void Descriptor::close()
{
    if (number_ >= 0) ::close(std::exchange(number_, -1));
}

Socket::Socket(Descriptor descriptor) : descriptor_(std::move(descriptor))
{
    limit_waits(descriptor_);
    set_option(descriptor_, IPPROTO_TCP, TCP_NODELAY, 1);
}

Socket Socket::to(std::uint16_t port)
{
    Descriptor descriptor = make_socket();
    const sockaddr_in address = loopback(port);
    if (connect(descriptor.number(), generic(address), sizeof address) != 0) fail("connect");
    return Socket(std::move(descriptor));
}

void Socket::send(std::span<const std::byte> bytes)
{
    while (!bytes.empty()) {
        const ssize_t sent = ::send(descriptor_.number(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent < 0) fail("send");
        bytes = bytes.subspan(static_cast<std::size_t>(sent));
    }
}

std::span<const std::byte> Socket::receive(std::span<std::byte> buffer, const std::source_location& where)
{
    const ssize_t received = recv(descriptor_.number(), buffer.data(), buffer.size(), 0);
    if (received < 0 && errno == ECONNRESET) return {};
    if (received < 0) fail("no answer", where);
    return buffer.first(static_cast<std::size_t>(received));
}

Listener::Listener() : descriptor_(make_socket())
{
    sockaddr_in address = loopback(0);
    socklen_t size = sizeof address;
    if (bind(descriptor_.number(), generic(address), size) != 0) fail("bind");
    if (listen(descriptor_.number(), 1) != 0) fail("listen");
    if (getsockname(descriptor_.number(), reinterpret_cast<sockaddr*>(&address), &size) != 0) fail("getsockname");
    limit_waits(descriptor_);
    port_ = ntohs(address.sin_port);
}

Socket Listener::accept(const std::source_location& where)
{
    Descriptor connection(accept4(descriptor_.number(), nullptr, nullptr, SOCK_CLOEXEC));
    if (connection.number() < 0) fail("nobody connects", where);
    return Socket(std::move(connection));
}

} // namespace interop
