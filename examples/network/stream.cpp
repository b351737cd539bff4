#include "stream.hpp"

#include <mqttwire/sniff.hpp>

#include <boost/asio/buffer.hpp>
#include <boost/asio/connect.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/websocket.hpp>
#include <boost/beast/websocket/ssl.hpp>

#include <algorithm>
#include <array>
#include <sys/socket.h>
#include <type_traits>
#include <utility>
#include <vector>

namespace network {

namespace {

namespace beast = boost::beast;
namespace http = beast::http;
namespace websocket = beast::websocket;
using Tcp = asio::ip::tcp::socket;
using Tls = asio::ssl::stream<Tcp>;
using Bytes = std::vector<std::byte>;

Tcp& socket_of(Tcp& socket) { return socket; }
Tcp& socket_of(Tls& tls) { return tls.next_layer(); }

asio::mutable_buffer buffer(std::span<std::byte> bytes) { return {bytes.data(), bytes.size()}; }
asio::const_buffer buffer(std::span<const std::byte> bytes) { return {bytes.data(), bytes.size()}; }

void shut(Tcp& socket)
{
    boost::system::error_code ignored;
    socket.shutdown(Tcp::shutdown_both, ignored);
    socket.close(ignored);
}

/// Ends a connection that is not established in time: its socket may move meanwhile, its descriptor stays.
class Watch {
public:
    Watch(Tcp& socket, std::chrono::seconds patience) : timer_(socket.get_executor(), patience)
    {
        timer_.async_wait([descriptor = socket.native_handle(), over = over_](const boost::system::error_code& error) {
            if (!error && !*over) ::shutdown(descriptor, SHUT_RDWR);
        });
    }
    ~Watch() { *over_ = true; }
    Watch(const Watch&) = delete;
    Watch& operator=(const Watch&) = delete;

private:
    asio::steady_timer timer_;
    std::shared_ptr<bool> over_ = std::make_shared<bool>(false);
};

template <class Layer>
class PlainStream : public Stream {
public:
    /// `first` has been read from the layer before.
    PlainStream(Layer layer, Bytes first) : layer_(std::move(layer)), first_(std::move(first)) {}

    bool when_readable(const std::function<void()>& ready) override
    {
        if constexpr (std::is_same_v<Layer, Tcp>) {
            if (!first_.empty()) return false;
            layer_.async_wait(Tcp::wait_read, [ready](const boost::system::error_code&) { ready(); });
            return true;
        } else {
            return false;
        }
    }
    asio::awaitable<std::size_t> read(std::span<std::byte> into) override
    {
        if (!first_.empty()) {
            const std::size_t size = std::min(into.size(), first_.size());
            std::copy_n(first_.begin(), size, into.begin());
            first_.erase(first_.begin(), first_.begin() + static_cast<std::ptrdiff_t>(size));
            if (first_.empty()) first_ = {};
            co_return size;
        }
        const auto [error, size] = co_await layer_.async_read_some(buffer(into), quietly);
        co_return error ? 0 : size;
    }
    asio::awaitable<bool> write(std::span<const std::byte> bytes) override
    {
        const auto [error, size] = co_await asio::async_write(layer_, buffer(bytes), quietly);
        co_return !error;
    }
    std::size_t write_now(std::span<const std::byte> bytes) override
    {
        if constexpr (!std::is_same_v<Layer, Tcp>) return 0;
        const ssize_t size =
            ::send(socket_of(layer_).native_handle(), bytes.data(), bytes.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
        return size > 0 ? static_cast<std::size_t>(size) : 0;
    }
    asio::awaitable<void> finish() override
    {
        if constexpr (std::is_same_v<Layer, Tls>) {
            Watch watch(socket_of(layer_), std::chrono::seconds(5));
            co_await layer_.async_shutdown(quietly);
        }
        boost::system::error_code ignored;
        socket_of(layer_).shutdown(Tcp::shutdown_send, ignored);
    }
    void close() override { shut(socket_of(layer_)); }

private:
    Layer layer_;
    Bytes first_;
};

/// MQTT in binary messages, cut in any way [MQTT-6.0.0-1, -2].
template <class Layer>
class WebSocketStream : public Stream {
public:
    explicit WebSocketStream(websocket::stream<Layer> socket) : socket_(std::move(socket)) { socket_.binary(true); }

    asio::awaitable<std::size_t> read(std::span<std::byte> into) override
    {
        for (;;) {
            const auto [error, size] = co_await socket_.async_read_some(buffer(into), quietly);
            if (error || !socket_.got_binary()) co_return 0;
            if (size != 0) co_return size;
        }
    }
    asio::awaitable<bool> write(std::span<const std::byte> bytes) override
    {
        const auto [error, size] = co_await socket_.async_write(buffer(bytes), quietly);
        co_return !error;
    }
    asio::awaitable<void> finish() override
    {
        Watch watch(socket_of(socket_.next_layer()), std::chrono::seconds(5));
        co_await socket_.async_close(websocket::close_code::normal, quietly);
    }
    void close() override { shut(socket_of(socket_.next_layer())); }

private:
    websocket::stream<Layer> socket_;
};

/// Answers a request for WebSocket whose first bytes have been read before [MQTT-6.0.0-3, -4].
template <class Layer>
asio::awaitable<std::unique_ptr<Stream>> accept_websocket(Layer layer, Bytes first)
{
    beast::flat_buffer buffered(16'384);
    buffered.commit(asio::buffer_copy(buffered.prepare(first.size()), buffer(std::span<const std::byte>(first))));
    http::request<http::empty_body> request;
    const auto [unread, size] = co_await http::async_read(layer, buffered, request, quietly);
    if (unread) co_return nullptr;
    websocket::stream<Layer> socket(std::move(layer));
    const std::string offered(request[http::field::sec_websocket_protocol]);
    socket.set_option(websocket::stream_base::decorator([&offered](websocket::response_type& response) {
        for (const std::string_view name : {"mqtt", "mqttv3.1"}) { // one of those that were offered, or none
            if (!http::token_list(offered).exists(name)) continue;
            response.set(http::field::sec_websocket_protocol, name);
            break;
        }
    }));
    socket.read_message_max(0);
    const auto [refused] = co_await socket.async_accept(request, quietly);
    if (refused) co_return nullptr;
    co_return std::make_unique<WebSocketStream<Layer>>(std::move(socket));
}

/// Reads until it is known what the other side speaks.
template <class Layer>
asio::awaitable<mqttwire::Opening> read_opening(Layer& layer, Bytes& first)
{
    constexpr std::size_t most = 8'192;
    std::array<std::byte, 1'024> chunk;
    for (;;) {
        const mqttwire::Sniffed found = mqttwire::sniff(first);
        if (found.needed == 0) co_return found.opening;
        if (first.size() > most) co_return mqttwire::Opening::other;
        const auto [error, size] = co_await layer.async_read_some(buffer(std::span<std::byte>(chunk)), quietly);
        if (error) co_return mqttwire::Opening::other;
        first.insert(first.end(), chunk.begin(), chunk.begin() + static_cast<std::ptrdiff_t>(size));
    }
}

template <class Layer>
asio::awaitable<std::unique_ptr<Stream>> accept_inside(Layer layer, Bytes first, mqttwire::Opening opening)
{
    switch (opening) {
    case mqttwire::Opening::mqtt:
    case mqttwire::Opening::mqtt_unknown_version:
        co_return std::make_unique<PlainStream<Layer>>(std::move(layer), std::move(first));
    case mqttwire::Opening::websocket: break;
    default: co_return nullptr;
    }
    std::unique_ptr<Stream> stream = co_await accept_websocket(std::move(layer), std::move(first));
    co_return stream;
}

template <class Layer>
asio::awaitable<std::unique_ptr<Stream>> connect_inside(Layer layer, Target target)
{
    if (target.path.empty()) co_return std::make_unique<PlainStream<Layer>>(std::move(layer), Bytes{});
    websocket::stream<Layer> socket(std::move(layer));
    socket.set_option(websocket::stream_base::decorator(
        [](websocket::request_type& request) { request.set(http::field::sec_websocket_protocol, "mqtt"); }));
    socket.read_message_max(0);
    co_await socket.async_handshake(target.host + ":" + target.port, target.path, asio::use_awaitable);
    co_return std::make_unique<WebSocketStream<Layer>>(std::move(socket));
}

} // namespace

asio::awaitable<std::unique_ptr<Stream>> accept_stream(
    Tcp socket, asio::ssl::context* tls, std::chrono::seconds patience)
{
    const Watch watch(socket, patience);
    boost::system::error_code ignored;
    socket.set_option(asio::ip::tcp::no_delay(true), ignored);
    Bytes first;
    mqttwire::Opening opening = co_await read_opening(socket, first);
    std::unique_ptr<Stream> stream;
    if (opening != mqttwire::Opening::tls || tls == nullptr) {
        stream = co_await accept_inside(std::move(socket), std::move(first), opening);
        co_return stream;
    }
    Tls layer(std::move(socket), *tls);
    const auto [error, used] =
        co_await layer.async_handshake(Tls::server, buffer(std::span<const std::byte>(first)), quietly);
    if (error) co_return nullptr;
    first.clear();
    opening = co_await read_opening(layer, first);
    stream = co_await accept_inside(std::move(layer), std::move(first), opening);
    co_return stream;
}

asio::awaitable<void> accept_all(
    asio::ip::tcp::acceptor& acceptor, asio::ssl::context* tls, std::chrono::seconds patience, Serve serve)
{
    const auto start = [=](Tcp socket) -> asio::awaitable<void> {
        boost::system::error_code gone;
        const auto peer = socket.remote_endpoint(gone);
        if (gone) co_return;
        std::string name = peer.address().to_string() + ":" + std::to_string(peer.port());
        co_await serve(co_await accept_stream(std::move(socket), tls, patience), std::move(name));
    };
    for (;;) {
        auto [error, socket] = co_await acceptor.async_accept(quietly);
        if (error == asio::error::operation_aborted) co_return;
        if (error) co_await pause(std::chrono::milliseconds(100)); // no descriptors are left, for instance
        else asio::co_spawn(acceptor.get_executor(), start(std::move(socket)), asio::detached);
    }
}

asio::ssl::context server_tls(const std::string& certificate_chain, const std::string& key)
{
    asio::ssl::context tls(asio::ssl::context::tls_server);
    tls.set_options(asio::ssl::context::no_tlsv1 | asio::ssl::context::no_tlsv1_1);
    tls.use_certificate_chain_file(certificate_chain);
    tls.use_private_key_file(key, asio::ssl::context::pem);
    return tls;
}

asio::awaitable<std::unique_ptr<Stream>> connect_stream(
    Target target, asio::ssl::context* tls, std::chrono::seconds patience)
{
    const auto executor = co_await asio::this_coro::executor;
    asio::ip::tcp::resolver resolver(executor);
    const auto found = co_await resolver.async_resolve(target.host, target.port, asio::use_awaitable);
    Tcp socket(executor);
    co_await asio::async_connect(socket, found, asio::use_awaitable);
    socket.set_option(asio::ip::tcp::no_delay(true));
    const Watch watch(socket, patience);
    std::unique_ptr<Stream> stream;
    if (tls == nullptr) {
        stream = co_await connect_inside(std::move(socket), target);
        co_return stream;
    }
    Tls layer(std::move(socket), *tls);
    SSL_set_tlsext_host_name(layer.native_handle(), target.host.c_str());
    layer.set_verify_callback(asio::ssl::host_name_verification(target.host));
    co_await layer.async_handshake(Tls::client, asio::use_awaitable);
    stream = co_await connect_inside(std::move(layer), target);
    co_return stream;
}

} // namespace network
