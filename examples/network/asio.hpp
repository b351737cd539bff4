// What everything here uses of Asio: coroutines, in one thread.
#pragma once

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <mqttwire/session/time.hpp>

#include <chrono>

namespace network {

namespace asio = boost::asio;

/// Errors as values: for whoever uses a connection they all mean that it is gone.
inline constexpr auto quietly = asio::as_tuple(asio::use_awaitable);

inline asio::awaitable<void> pause(std::chrono::steady_clock::duration time)
{
    asio::steady_timer timer(co_await asio::this_coro::executor, time);
    co_await timer.async_wait(quietly);
}

/// Milliseconds since some moment, for sessions.
inline mqttwire::session::Time session_time()
{
    const auto passed = std::chrono::steady_clock::now().time_since_epoch();
    return static_cast<mqttwire::session::Time>(std::chrono::duration_cast<std::chrono::milliseconds>(passed).count());
}

} // namespace network
