// A connection as a stream of bytes: TCP, TLS, WebSocket or WebSocket over TLS.
#pragma once

#include "asio.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <span>
#include <string>

namespace network {

/// One reader and one writer at a time may wait.
class Stream {
public:
    virtual ~Stream() = default;

    /// Calls `ready` once something has come or the connection has ended, so that nobody need wait in `read` with
    /// memory to read into. False if that cannot be told, as inside TLS; then it is not called.
    virtual bool when_readable(const std::function<void()>& ready)
    {
        static_cast<void>(ready);
        return false;
    }
    /// At least one byte; 0 when the connection has ended, however that came.
    virtual asio::awaitable<std::size_t> read(std::span<std::byte> into) = 0;
    /// All of them; false when the connection has ended.
    virtual asio::awaitable<bool> write(std::span<const std::byte> bytes) = 0;
    /// As many of them as go at once, which may be none, while nobody is in `write`.
    virtual std::size_t write_now(std::span<const std::byte> bytes)
    {
        static_cast<void>(bytes);
        return 0;
    }
    /// Says to the other side that nothing more comes.
    virtual asio::awaitable<void> finish() = 0;
    /// Ends the connection at once, whoever waits for it.
    virtual void close() = 0;
};

/// Waits for what a client speaks; nothing if it is neither MQTT nor WebSocket (nor TLS around one of them, if `tls` is
/// given), or takes longer than `patience`.
asio::awaitable<std::unique_ptr<Stream>> accept_stream(
    asio::ip::tcp::socket socket, asio::ssl::context* tls, std::chrono::seconds patience);

/// Accepts connections until the acceptor is closed, and starts `serve` for each, with its peer's address; with nullptr
/// in place of a stream if accept_stream gives nothing.
using Serve = std::function<asio::awaitable<void>(std::unique_ptr<Stream> stream, std::string peer)>;
asio::awaitable<void> accept_all(
    asio::ip::tcp::acceptor& acceptor, asio::ssl::context* tls, std::chrono::seconds patience, Serve serve);

/// TLS 1.2 or later with files in PEM. Throws boost::system::system_error.
asio::ssl::context server_tls(const std::string& certificate_chain, const std::string& key);

/// Where a client connects to.
struct Target {
    std::string host = "localhost";
    std::string port = "1883";
    std::string path{}; ///< not empty: of a WebSocket
};

/// Throws boost::system::system_error.
asio::awaitable<std::unique_ptr<Stream>> connect_stream(
    Target target, asio::ssl::context* tls, std::chrono::seconds patience);

} // namespace network
