#include "link.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

namespace load {

double seconds() { return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count(); }

void fail(const char* what)
{
    std::perror(what);
    std::exit(1);
}

Link::Link(std::uint16_t port) : descriptor_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0))
{
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(descriptor_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) fail("connect");
    const int on = 1;
    ::setsockopt(descriptor_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

Link::~Link()
{
    if (descriptor_ != -1) ::close(descriptor_);
}

Link::Link(Link&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)), out_(std::move(other.out_)), written_(other.written_),
      storage_(std::move(other.storage_)), framer_(std::move(other.framer_))
{
    framer_.rebind(std::span(storage_));
}

bool Link::write(std::size_t most)
{
    while (unwritten() != 0 && most != 0) {
        const std::size_t size = std::min(unwritten(), most);
        const ssize_t count = ::send(descriptor_, out_.data() + written_, size, MSG_DONTWAIT | MSG_NOSIGNAL);
        if (count < 0) return errno == EAGAIN;
        written_ += static_cast<std::size_t>(count);
        most -= static_cast<std::size_t>(count);
    }
    if (unwritten() == 0) {
        out_.clear();
        written_ = 0;
    }
    return true;
}

bool Link::receive(std::span<const std::byte>& chunk)
{
    static std::array<std::byte, 262'144> buffer; // one thread, and each chunk is used up before the next
    const ssize_t count = ::recv(descriptor_, buffer.data(), buffer.size(), MSG_DONTWAIT);
    if (count <= 0) return count < 0 && errno == EAGAIN;
    chunk = std::span(buffer).first(static_cast<std::size_t>(count));
    return true;
}

void Link::reset()
{
    const linger at_once{.l_onoff = 1, .l_linger = 0};
    ::setsockopt(descriptor_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    ::close(std::exchange(descriptor_, -1));
}

Poll::Poll() : descriptor_(::epoll_create1(EPOLL_CLOEXEC)) {}
Poll::~Poll() { ::close(descriptor_); }

void Poll::add(const Link& link, std::uint32_t number)
{
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.u32 = number;
    if (::epoll_ctl(descriptor_, EPOLL_CTL_ADD, link.descriptor(), &event) != 0) fail("epoll_ctl");
}

int Poll::wait(int milliseconds)
{
    std::array<epoll_event, 256> events;
    const int count = ::epoll_wait(descriptor_, events.data(), static_cast<int>(events.size()), milliseconds);
    for (int i = 0; i < count; ++i) ready_[static_cast<std::size_t>(i)] = events[static_cast<std::size_t>(i)].data.u32;
    return count;
}

} // namespace load
