// The 5.0 client of client_5.cpp, which keeps to what the server takes.
#include "client_5.hpp"

#include "mqttwire/limits.hpp"

namespace {

Limits limits;
Dropped dropped;

/// Not inlined: once for all packets.
[[gnu::noinline]] void sent(const Result<std::span<std::byte>>& written)
{
    if (!written) return;
    device.sent_size = written->size();
    see(dropped.user_properties);
}

template <class Packet>
void send(Packet&& packet)
{
    sent(encode_within<version>(std::forward<Packet>(packet), device.to_send(), limits, dropped));
}

void connected(const ConnAck& connack)
{
    constexpr Connect asked{.keep_alive = 60, .properties = {.session_expiry_interval = 60}};
    limits = limits_of(connack, asked);
}

} // namespace

int main() { run_client(); }
