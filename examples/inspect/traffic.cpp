#include "traffic.hpp"

#include "clock.hpp"
#include "field_value.hpp"

#include <mqttwire/error.hpp>
#include <mqttwire/wire/varint.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

namespace inspect {

namespace {

using namespace mqttwire;

constexpr std::uint16_t mqtt_port = 1883;
constexpr std::size_t most_waiting = 4096; ///< segments, before one that is missing is given up

/// True and false as soon as the bytes tell whether a stream begins with CONNECT.
std::optional<bool> begins_with_connect(std::span<const std::byte> bytes)
{
    constexpr std::byte connect{0x10};
    if (bytes.empty()) return std::nullopt;
    if (bytes.front() != connect) return false;
    const wire::Varint length = wire::load_varint(bytes.data() + 1, bytes.data() + bytes.size());
    if (!length.valid()) return bytes.size() < 5 ? std::nullopt : std::optional(false);
    const std::span<const std::byte> body = bytes.subspan(1 + length.size);
    for (const std::string_view name : {std::string_view("\0\4MQTT", 6), std::string_view("\0\6MQIsdp", 8)}) {
        const std::size_t size = std::min(body.size(), name.size());
        const auto same = [](std::byte byte, char character) { return static_cast<char>(byte) == character; };
        if (!std::ranges::equal(body.first(size), name.substr(0, size), same)) continue;
        return size < name.size() ? std::nullopt : std::optional(true);
    }
    return false;
}

} // namespace

Traffic::Traffic(Options options, std::unique_ptr<Printer> printer, std::size_t most_closed)
    : options_(std::move(options)), printer_(std::move(printer)), most_closed_(most_closed)
{
}

void Traffic::take(int link_type, std::int64_t time, std::span<const std::byte> frame, std::string& out)
{
    if (!began_) began_ = time;
    last_ = time;
    const std::optional<Segment> segment = read_segment(link_type, frame);
    if (!segment) return;
    if (segment->is_fragment) return skip_fragment();
    if (options_.port && segment->from.port != *options_.port && segment->to.port != *options_.port) return;
    Connection& connection = connection_of(*segment, time, out);
    Side& side = segment->from == connection.client ? connection.from_client : connection.from_server;
    if (connection.kind != Kind::other) {
        side.reassembly.take(*segment);
        read(connection, side, time, out);
    }
    if (segment->fin) side.has_fin = true;
    if (segment->reset) connection.is_reset = true;
    if (connection.is_closed() && !connection.is_listed) list_closed(connection);
}

void Traffic::finish(std::string& out)
{
    for (auto& [key, connection] : connections_) finish(connection, out);
    printer_->finish(out);
    remark();
}

void Traffic::remark()
{
    if (fragments_ != 0) remarks_.push_back(fmt::format("fragments of IP packets that were not read: {}", fragments_));
    if (count_ != 0) return;
    if (options_.port) remarks_.push_back(fmt::format("no MQTT was found on port {}", *options_.port));
    else
        remarks_.push_back(fmt::format("no MQTT was found, neither on port {} nor in a connection that begins with "
                                       "CONNECT; --port tells another port",
            mqtt_port));
}

/// Nothing of it can be read, not even which connection it belongs to.
void Traffic::skip_fragment() noexcept
{
    ++fragments_;
    status_ = worse(status_, Status::failure);
}

/// What is under way when a connection is closed comes before many others are.
void Traffic::list_closed(Connection& connection)
{
    connection.is_listed = true;
    closed_.emplace_back(std::minmax(connection.client, connection.server));
    if (closed_.size() > most_closed_) forget_oldest();
}

/// Unless its ports serve another one by now, or something is still to be told of it.
void Traffic::forget_oldest()
{
    const auto oldest = connections_.find(closed_.front());
    closed_.pop_front();
    if (oldest == connections_.end()) return;
    oldest->second.is_listed = false;
    if (!oldest->second.is_closed() || !oldest->second.is_shown()) return;
    printer_->forget(oldest->second.number);
    connections_.erase(oldest);
}

Traffic::Connection& Traffic::connection_of(const Segment& segment, std::int64_t time, std::string& out)
{
    const Key key = std::minmax(segment.from, segment.to);
    const auto found = connections_.find(key);
    if (found == connections_.end()) return connections_.emplace(key, open(segment, time)).first->second;
    // The same ports serve one connection after the other; a SYN that is repeated begins none.
    const bool begins = segment.syn && !segment.ack && found->second.first_sequence != segment.sequence;
    if (!begins) return found->second;
    finish(found->second, out);
    printer_->forget(found->second.number);
    return found->second = open(segment, time);
}

Traffic::Connection Traffic::open(const Segment& segment, std::int64_t time) const
{
    const bool from_server = is_from_server(segment);
    const Endpoint& client = from_server ? segment.to : segment.from;
    const Endpoint& server = from_server ? segment.from : segment.to;
    Reading by_server = options_.reading;
    by_server.role = Role::server;
    Reading by_client = options_.reading;
    by_client.role = Role::client;
    Connection connection{.client = client,
        .server = server,
        .client_name = to_string(client),
        .server_name = to_string(server),
        .first_sequence = {},
        .began = time,
        .from_client = {.reassembly = {}, .stream = {options_.version, by_server}},
        .from_server = {.reassembly = {}, .stream = {options_.version, by_client}},
        .beginning = {}};
    if (segment.syn && !segment.ack) connection.first_sequence = segment.sequence;
    return connection;
}

/// A connection that began before the capture shows by its port, or by what is sent first, which side is which.
bool Traffic::is_from_server(const Segment& segment) const noexcept
{
    if (segment.syn) return segment.ack;
    const std::uint16_t port = options_.port.value_or(mqtt_port);
    if (segment.from.port == port || segment.to.port == port) return segment.from.port == port;
    if (const std::optional<bool> connect = begins_with_connect(segment.bytes); connect == true) return false;
    return segment.from.port < segment.to.port;
}

void Traffic::read(Connection& connection, Side& side, std::int64_t time, std::string& out)
{
    for (std::span<const std::byte> bytes = side.reassembly.next(); !bytes.empty(); bytes = side.reassembly.next()) {
        connection.is_reset = false; // one that is obeyed ends all
        if (connection.kind == Kind::unknown && &side == &connection.from_client)
            connection.beginning.insert(connection.beginning.end(), bytes.begin(), bytes.end());
        side.stream.feed(bytes);
        judge(connection, out);
        if (connection.kind == Kind::mqtt) show_packets(connection, side, time, out);
    }
    if (side.reassembly.waiting() > most_waiting) end(connection, side, "segments missing from the capture", out);
}

void Traffic::judge(Connection& connection, std::string& out)
{
    if (connection.kind != Kind::unknown) return;
    const bool is_known_port = connection.server.port == options_.port.value_or(mqtt_port);
    const std::optional<bool> connect = is_known_port ? true : begins_with_connect(connection.beginning);
    if (!connect) return;
    connection.kind = *connect ? Kind::mqtt : Kind::other;
    connection.beginning.clear();
    if (!*connect) return;
    connection.number = ++count_;
    note(connection,
        fmt::format("{} > {}, {}", connection.client_name, connection.server_name, date_and_time(connection.began)),
        out);
}

void Traffic::show_packets(const Connection& connection, Side& side, std::int64_t time, std::string& out)
{
    if (&side == &connection.from_server) side.stream.learn(connection.from_client.stream.version());
    while (!side.ended) {
        const std::optional<Record> record = side.stream.next();
        if (!record) return;
        show(connection, side, time, *record, out);
    }
}

void Traffic::show(const Connection& connection, Side& side, std::int64_t time, Record record, std::string& out)
{
    const bool from_client = &side == &connection.from_client;
    const Passage passage{.connection = connection.number,
        .from_client = from_client,
        .from = from_client ? connection.client_name : connection.server_name,
        .to = from_client ? connection.server_name : connection.client_name,
        .time = time,
        .since_start = time - *began_};
    record.passage = &passage;
    if (!record.packet) {
        status_ = worse(status_, Status::failure);
        if (record.packet.error().code == Errc::version_unknown)
            return end(
                connection, side, "the version of MQTT is not known, for no CONNECT was read; --mqtt tells it", out);
    }
    printer_->print(record, out);
}

void Traffic::end(const Connection& connection, Side& side, std::string_view why, std::string& out)
{
    if (side.ended) return;
    side.ended = true;
    status_ = worse(status_, Status::failure);
    note(connection,
        fmt::format("not read on what the {} sent: {}", &side == &connection.from_client ? "client" : "server", why),
        out);
}

void Traffic::finish(Connection& connection, std::string& out)
{
    if (connection.kind != Kind::mqtt) return;
    for (Side* const side : {&connection.from_client, &connection.from_server}) {
        if (side->is_shown()) continue;
        if (const std::uint64_t missing = side->reassembly.missing(); missing != 0)
            end(connection, *side, byte_count(missing) + " missing from the capture", out);
        else if (const std::optional<Record> record = side->stream.cut_off())
            show(connection, *side, last_, *record, out);
    }
}

void Traffic::note(const Connection& connection, std::string_view text, std::string& out)
{
    printer_->print_note(fmt::format("connection {}: {}", connection.number, text), out);
}

} // namespace inspect
