// Captures of whole connections, both sides of them.
#include "traffic.hpp"

#include "capture.hpp"
#include "clock.hpp"
#include "run.hpp"
#include "stats_printer.hpp"
#include "task.hpp"

#include "support/catch.hpp"
#include "support/hex.hpp"

#include <algorithm>
#include <cstring>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mqttwire::test {

namespace {

constexpr int raw_ip = 101;
constexpr std::uint16_t client_port = 50000;
constexpr std::size_t closed_kept = 3;
enum Flags : unsigned { fin = 0x01, syn = 0x02, reset = 0x04, ack = 0x10, data = 0x18 };

/// Frames of raw IPv4 between two machines, in the order in which they are added, a millisecond apart.
class Wire {
public:
    explicit Wire(const inspect::Options& options) : Wire(options, inspect::make_printer(options)) {}
    Wire(const inspect::Options& options, std::unique_ptr<inspect::Printer> printer)
        : traffic_(options, std::move(printer), closed_kept)
    {
    }

    /// The client's ports tell connections apart.
    Wire& client(std::uint32_t sequence, unsigned flags, std::string_view hex, std::uint16_t port = client_port)
    {
        return add(1, port, 2, server_port, sequence, flags, hex);
    }
    Wire& server(std::uint32_t sequence, unsigned flags, std::string_view hex, std::uint16_t port = client_port)
    {
        return add(2, server_port, 1, port, sequence, flags, hex);
    }
    Wire& opened(std::uint16_t port = client_port)
    {
        return client(99, syn, "", port).server(999, syn | ack, "", port).client(100, ack, "", port);
    }
    Wire& closed(std::uint32_t client_end, std::uint32_t server_end, std::uint16_t port)
    {
        return client(client_end, fin | ack, "", port)
            .server(server_end, fin | ack, "", port)
            .client(client_end + 1, ack, "", port);
    }
    /// So many connections without MQTT in them, from this port on, all of which are closed.
    Wire& closed_others(std::uint16_t count, std::uint16_t port)
    {
        for (; count > 0; --count, ++port) opened(port).closed(100, 1000, port);
        return *this;
    }
    /// The first of two fragments of a packet.
    Wire& fragment()
    {
        traffic_.take(
            raw_ip, time_, from_hex("4500001c 0001 2000 40 06 0000 c0000201 c0000202 c350075b 00000064"), out_);
        return *this;
    }
    /// The complaint is made of the remarks.
    Outcome finish()
    {
        traffic_.finish(out_);
        Outcome outcome{out_, traffic_.status(), {}};
        for (const std::string& remark : traffic_.remarks()) outcome.complaint += remark + '\n';
        return outcome;
    }

    const std::string& out() const { return out_; }
    std::size_t connections() const { return traffic_.connections(); }

    std::uint16_t server_port = 1883;

private:
    Wire& add(unsigned from, std::uint16_t from_port, unsigned to, std::uint16_t to_port, std::uint32_t sequence,
        unsigned flags, std::string_view hex)
    {
        const Bytes payload = from_hex(hex);
        Bytes frame = from_hex("45000000 0001 4000 40 06 0000");
        const auto put = [&frame](std::uint32_t value, unsigned size) {
            for (unsigned i = size; i > 0; --i)
                frame.push_back(static_cast<std::byte>(std::uint64_t{value} >> (8 * (i - 1))));
        };
        frame[3] = static_cast<std::byte>(40 + payload.size());
        put(0xC0000200U + from, 4);
        put(0xC0000200U + to, 4);
        put(from_port, 2);
        put(to_port, 2);
        put(sequence, 4);
        put(0, 4);
        put(0x5000U | flags, 2);
        put(0, 6);
        frame.insert(frame.end(), payload.begin(), payload.end());
        traffic_.take(raw_ip, time_, frame, out_);
        time_ += 1000;
        return *this;
    }

    inspect::Traffic traffic_;
    std::int64_t time_ = 1'000'000'000'000'000;
    std::string out_;
};

inspect::Options with(inspect::Mode mode = inspect::Mode::lines)
{
    inspect::Options options;
    options.mode = mode;
    return options;
}

constexpr std::string_view connect_5 = "100d 00044d515454 05 02 003c 00 0000";
constexpr std::string_view connect_3_1_1 = "100c 00044d515454 04 02 003c 0000";

} // namespace

TEST_CASE("Times are told in UTC", "[inspect]")
{
    CHECK(inspect::date_and_time(0) == "1970-01-01 00:00:00.000000 UTC");
    CHECK(inspect::iso_time(1'000'000'000'123'456) == "2001-09-09T01:46:40.123456Z");
}

TEST_CASE("Both sides of a connection are shown in the version of its CONNECT", "[inspect]")
{
    Wire wire(with());
    wire.opened().client(100, data, connect_5).server(1000, data, "2003 00 00 00");
    wire.client(115, data, "30 05 0001").client(119, data, "61 00").client(121, data, "78 e000");
    const Outcome outcome = wire.finish();
    CHECK(outcome.status == inspect::Status::success);
    CHECK(outcome.out
        == "connection 1: 192.0.2.1:50000 > 192.0.2.2:1883, 2001-09-09 01:46:40.000000 UTC\n"
           "  0.003000   1 >  CONNECT      version: 5.0, client_id: \"\", clean_start: true, keep_alive: 60\n"
           "  0.004000   1 <  CONNACK      session_present: false, reason_code: success\n"
           "  0.007000   1 >  PUBLISH      topic: \"a\", payload: \"x\", qos: at_most_once, retain: false, dup: false\n"
           "  0.007000   1 >  DISCONNECT   reason_code: normal_disconnection\n");
}

TEST_CASE("Each connection has its own version, also when ports are used again", "[inspect]")
{
    Wire wire(with());
    wire.opened(1).client(100, data, connect_5, 1);
    wire.opened(2).client(100, data, connect_3_1_1, 2);
    wire.server(1000, data, "2003 00 00 00", 1).server(1000, data, "2002 00 00", 2);
    wire.client(5000, syn, "", 1).server(7000, syn | ack, "", 1).client(5001, data, connect_3_1_1, 1);
    wire.server(7001, data, "2002 00 05", 1);
    const Outcome outcome = wire.finish();
    CHECK(outcome.status == inspect::Status::success);
    CHECK(outcome.out.find("connection 3: 192.0.2.1:1 > ") != std::string::npos);
    CHECK(outcome.out.find(" 3 <  CONNACK      session_present: false, reason_code: not_authorized")
        != std::string::npos);
}

TEST_CASE("The role of a side is known", "[inspect]")
{
    Wire wire(with());
    wire.opened().client(100, data, connect_5).server(1000, data, "c000");
    const Outcome outcome = wire.finish();
    CHECK(outcome.status == inspect::Status::failure);
    CHECK(outcome.out.find("<  PINGREQ      wrong_direction") != std::string::npos);
}

TEST_CASE("On other ports only what begins with CONNECT is MQTT", "[inspect]")
{
    Wire wire(with());
    wire.server_port = 8080;
    wire.opened(1).client(100, data, "474554202f20485454502f312e310d0a", 1); // GET / HTTP/1.1
    wire.opened(2)
        .client(100, data, "10", 2)
        .client(101, data, "0c 0004 4d5154", 2)
        .client(107, data, "54 04 02 003c 0000", 2);
    wire.opened(3).server(1000, data, "2002 0000", 3);
    const Outcome outcome = wire.finish();
    CHECK(outcome.status == inspect::Status::success);
    CHECK(lines_of(outcome.out).size() == 2);
    CHECK(outcome.out.starts_with("connection 1: 192.0.2.1:2 > 192.0.2.2:8080, "));

    inspect::Options other = with();
    other.port = 1234;
    Wire unheard(other);
    CHECK(unheard.opened().client(100, data, connect_5).finish().out.empty());
    other.port = 8080;
    Wire heard(other);
    heard.server_port = 8080;
    CHECK(lines_of(heard.client(100, data, connect_5).finish().out).size() == 2);
}

TEST_CASE("Of a connection that began earlier the version must be told", "[inspect]")
{
    for (const bool server_first : {false, true}) {
        Wire wire(with());
        if (server_first) wire.server(1000, data, "d000");
        wire.client(100, data, "c000").server(1002, data, "d000");
        const Outcome outcome = wire.finish();
        CHECK(outcome.status == inspect::Status::failure);
        CHECK(outcome.out.find("--mqtt tells it") != std::string::npos);

        inspect::Options options = with();
        options.version = Version::v5;
        Wire told(options);
        if (server_first) told.server(1000, data, "d000");
        const Outcome known = told.client(100, data, "c000").server(1002, data, "d000").finish();
        CHECK(known.status == inspect::Status::success);
        CHECK(known.out.find(" 1 >  PINGREQ\n") != std::string::npos);
        CHECK(known.out.find(" 1 <  PINGRESP\n") != std::string::npos);
    }
}

TEST_CASE("What is missing from a capture is told, and nothing is made up in its place", "[inspect]")
{
    Wire wire(with());
    wire.opened().client(100, data, connect_5).client(117, data, "c000");
    const Outcome outcome = wire.finish();
    CHECK(outcome.status == inspect::Status::failure);
    CHECK(outcome.out.find("PINGREQ") == std::string::npos);
    CHECK(outcome.out.find("not read on what the client sent: 2 bytes missing from the capture") != std::string::npos);

    Wire cut(with());
    const Outcome cut_off = cut.opened().client(100, data, connect_5).client(115, data, "30 05 00").finish();
    CHECK(cut_off.status == inspect::Status::failure);
    CHECK(cut_off.out.find("incomplete: the packet is cut off") != std::string::npos);
}

TEST_CASE("Of closed connections only the latest are kept, and the numbers go on", "[inspect]")
{
    for (const int server_port : {1883, 8080}) {
        CAPTURE(server_port);
        Wire wire(with());
        wire.server_port = static_cast<std::uint16_t>(server_port);
        for (std::uint16_t port = 1; port <= 100; ++port) {
            wire.opened(port).client(100, data, connect_5, port).server(1000, data, "2003 000000", port);
            if (port % 2 == 0) wire.closed(115, 1005, port);
            else wire.client(115, reset | ack, "", port);
            CHECK(wire.connections() <= closed_kept + 1);
        }
        const Outcome outcome = wire.finish();
        CHECK(outcome.status == inspect::Status::success);
        CHECK(lines_of(outcome.out).size() == 300);
        CHECK(outcome.out.find("\nconnection 100: 192.0.2.1:100 > ") != std::string::npos);
    }
    Wire http(with());
    http.server_port = 80;
    for (std::uint16_t port = 1; port <= 100; ++port)
        http.opened(port).client(100, data, "474554", port).closed(103, 1000, port);
    CHECK(http.connections() == closed_kept);
    CHECK(http.closed_others(100, 1000).connections() == closed_kept);
}

TEST_CASE("What comes late or twice to a connection that is closed is no connection of its own", "[inspect]")
{
    Wire wire(with());
    wire.opened(1).client(100, data, connect_5, 1).server(1000, data, "2003 000000", 1);
    wire.client(115, data | fin, "e000", 1).server(1005, fin | ack, "", 1);
    const std::string shown = wire.out();
    CHECK(lines_of(shown).size() == 4);
    wire.closed_others(closed_kept - 1, 10);
    wire.client(115, data | fin, "e000", 1).client(100, data, connect_5, 1).client(99, syn, "", 1);
    wire.server(1000, data, "2003 000000", 1).server(1005, fin | ack, "", 1).client(118, ack, "", 1);
    CHECK(wire.out() == shown);
    // Even when it is forgotten, what has no bytes is nothing to show.
    wire.closed_others(closed_kept + 1, 20);
    wire.server(1005, fin | ack, "", 1).client(117, fin | ack, "", 1).client(118, reset, "", 1);
    const Outcome outcome = wire.finish();
    CHECK(outcome.out == shown);
    CHECK(outcome.status == inspect::Status::success);
}

TEST_CASE("What was under way when a connection was closed or reset is shown, however late", "[inspect]")
{
    Wire wire(with());
    wire.opened(1).client(100, data, connect_5, 1).server(1000, reset, "", 1).client(115, data, "c000", 1);
    wire.opened(2).client(100, data, connect_5, 2).client(117, fin | ack, "", 2).server(1000, fin | ack, "", 2);
    wire.closed_others(closed_kept - 1, 10);
    wire.client(115, data, "c000", 2).closed_others(closed_kept + 1, 20);
    wire.client(117, data, "c000", 1); // which nobody had reset after all
    const Outcome outcome = wire.finish();
    CAPTURE(outcome.out);
    CHECK(outcome.status == inspect::Status::success);
    CHECK(lines_of(outcome.out).size() == 2 + 3 + 2);
    CHECK(outcome.out.ends_with(" 1 >  PINGREQ\n"));
}

TEST_CASE("A closed connection is kept while something is still to be told of it", "[inspect]")
{
    Wire wire(with());
    wire.opened(1)
        .client(100, data, connect_5, 1)
        .client(115, data | fin, "30 05 00", 1)
        .server(1000, fin | ack, "", 1);
    wire.opened(2).client(100, data, connect_5, 2).client(117, data | fin, "e000", 2).server(1000, fin | ack, "", 2);
    wire.closed_others(2 * closed_kept, 10);
    CHECK(wire.connections() == closed_kept + 2);
    const Outcome outcome = wire.finish();
    CHECK(outcome.status == inspect::Status::failure);
    CHECK(outcome.out.find("1 >  PUBLISH      incomplete: the packet is cut off") != std::string::npos);
    CHECK(outcome.out.find("connection 2: not read on what the client sent: 2 bytes missing") != std::string::npos);
}

TEST_CASE("Ports that are used again after their connection was closed are those of a new one", "[inspect]")
{
    Wire wire(with());
    wire.opened(1).client(100, data, connect_5, 1).closed(115, 1000, 1);
    wire.client(5000, syn, "", 1).server(7000, syn | ack, "", 1).client(5001, data, connect_3_1_1, 1);
    wire.closed_others(2 * closed_kept, 10); // the new one is open
    wire.client(5015, data, "c000", 1);
    CHECK(wire.finish().out.ends_with(" 2 >  PINGREQ\n"));
}

TEST_CASE("Topic aliases are forgotten with their connection", "[inspect]")
{
    auto owned = std::make_unique<inspect::StatsPrinter>(inspect::Look{inspect::Paint(false)});
    const inspect::StatsPrinter& printer = *owned;
    Wire wire(with(inspect::Mode::stats), std::move(owned));
    const auto use_alias = [&wire](std::uint16_t port) {
        wire.opened(port).client(100, data, connect_5, port);
        wire.client(115, data, "30 07 0001 61 03 230001", port).client(124, data, "30 06 0000 03 230001", port);
    };
    for (std::uint16_t port = 1; port <= 50; ++port) {
        use_alias(port);
        wire.closed(132, 1000, port);
    }
    CHECK(printer.aliases() == closed_kept);
    wire.client(5000, syn, "", 50);
    CHECK(printer.aliases() == closed_kept - 1);
    const std::string topic = lines_of(wire.finish().out).back();
    CHECK(topic.starts_with("       100          850 "));
    CHECK(topic.ends_with("  \"a\""));
}

TEST_CASE("Fragments that are not read are counted, and make no capture look whole", "[inspect]")
{
    Wire wire(with());
    wire.opened().client(100, data, connect_5).fragment().fragment().server(1000, data, "2003 00 00 00");
    const Outcome outcome = wire.finish();
    CHECK(outcome.status == inspect::Status::failure);
    CHECK(lines_of(outcome.out).size() == 3);
    CHECK(outcome.complaint == "fragments of IP packets that were not read: 2\n");
}

TEST_CASE("A capture without MQTT is told to be one, and is valid", "[inspect]")
{
    Wire wire(with());
    CHECK(wire.opened().client(100, fin, "").finish()
        == Outcome{"", inspect::Status::success,
            "no MQTT was found, neither on port 1883 nor in a connection that begins with CONNECT; --port tells "
            "another "
            "port\n"});
    inspect::Options other = with();
    other.port = 8883;
    Wire unheard(other);
    CHECK(unheard.opened().client(100, data, connect_5).finish()
        == Outcome{"", inspect::Status::success, "no MQTT was found on port 8883\n"});
    Wire found(with());
    CHECK(found.opened().client(100, data, connect_5).finish().complaint.empty());
}

TEST_CASE("JSON and tables say between whom, --stats how fast", "[inspect]")
{
    const auto shown = [](inspect::Mode mode) {
        Wire wire(with(mode));
        return wire.opened().client(100, data, connect_5).server(1000, data, "2003 00 00 00").finish().out;
    };
    CHECK(shown(inspect::Mode::json)
            .starts_with(
                R"({"time":"2001-09-09T01:46:40.003000Z","connection":1,"sender":"client","from":"192.0.2.1:50000",)"
                R"("to":"192.0.2.2:1883","offset":0,"size":15,"expect":"ok","packet":"CONNECT",)"));
    CHECK(shown(inspect::Mode::explain)
              .find("0.004000 s, connection 1: 192.0.2.2:1883 > 192.0.2.1:50000\nCONNACK, MQTT 5.0")
        != std::string::npos);
    CHECK(shown(inspect::Mode::stats)
        == "   packets        bytes   packets/s      bytes/s  type\n"
           "         1           15     1000.00     15000.00  CONNECT\n"
           "         1            5     1000.00      5000.00  CONNACK\n"
           "         2           20     2000.00     20000.00  all\n"
           "in 0.001000 seconds\n");
}

TEST_CASE("The heads of tables and sums of a capture are as narrow as asked", "[inspect]")
{
    for (const inspect::Mode mode : {inspect::Mode::explain, inspect::Mode::stats}) {
        inspect::Options options = with(mode);
        options.width = 30;
        Wire wire(options);
        const std::string out =
            wire.opened().client(100, data, connect_5).server(1000, data, "2003 000000").finish().out;
        CAPTURE(out);
        CHECK(lines_of(out).size() > 4);
        for (const std::string& line : lines_of(out)) CHECK(line.size() <= 30);
    }
}

TEST_CASE("A capture file is none of the streams, however it is cut", "[inspect]")
{
    for (const std::string_view magic : {"a1b2c3d4", "d4c3b2a1", "a1b23c4d", "4d3cb2a1", "0a0d0d0a"}) {
        const std::string bytes = to_string(from_hex(magic));
        CHECK(inspect::is_capture(bytes));
        CHECK(inspect::is_capture(bytes + "..."));
        for (std::size_t size = 1; size < 4; ++size) CHECK(inspect::is_capture(bytes.substr(0, size)));
        for (const std::size_t piece : {1U, 3U, 100U}) {
            const Outcome outcome = run(with(), bytes + "0000", piece);
            CHECK(outcome.out.empty());
            CHECK(outcome.status == inspect::Status::usage);
            CHECK(outcome.complaint.starts_with("this is a capture file"));
        }
        inspect::Options hex = with();
        hex.hex = true;
        CHECK(run(hex, magic).complaint == "this is a capture file in hexadecimal digits: give the file itself");
        // What only begins so is a stream.
        CHECK(run(with(), bytes.substr(0, 3)).complaint.find("capture") == std::string::npos);
    }
    CHECK_FALSE(inspect::is_capture(""));
    CHECK_FALSE(inspect::is_capture("\x10\x0c"));
}

TEST_CASE("A time beyond all calendars is told as the last one", "[inspect]")
{
    if (!inspect::reads_captures()) return;
    // pcapng whose one packet, a CONNECT, came 2^63 seconds after 1970.
    const std::string bytes =
        to_string(from_hex("0a0d0d0a 1c000000 4d3c2b1a 01000000 ffffffffffffffff 1c000000"
                           "01000000 20000000 01000000 00000400 09000100 00000000 00000000 20000000"
                           "06000000 68000000 00000000 ffffff7f ffffffff 45000000 45000000"
                           "020000000001 020000000002 0800"
                           "45000037 00010000 40060000 0a000001 0a000002"
                           "9c40 075b 000003e8 00001388 5018ffff 00000000"
                           "100d 00044d51545404 02 003c 000163 000000 68000000"));
    inspect::Traffic traffic(with(), inspect::make_printer(with()));
    std::string out;
    const auto read = [](char*, std::size_t) { return 0L; };
    CHECK(inspect::read_capture(bytes, read, traffic, out, [] { return true; }).empty());
    CAPTURE(out);
    CHECK(out.find("9999-12-31") != std::string::npos);
    CHECK(out.find("CONNECT") != std::string::npos);
}

TEST_CASE("pcap and pcapng show the same, from a pipe too", "[inspect]")
{
    if (!inspect::reads_captures()) return; // the test of the program tells that they are refused
    std::vector<std::string> shown;
    for (const std::string_view name : {"thermometer.pcap", "thermometer.pcapng"}) {
        std::ifstream file(std::string(MQTTWIRE_SOURCE_DIR "/tests/inspect/captures/").append(name), std::ios::binary);
        const std::string bytes{std::istreambuf_iterator<char>(file), {}};
        REQUIRE(bytes.size() > 1000);
        for (const std::size_t piece : {1U, 7U, 4096U}) {
            inspect::Traffic traffic(with(), inspect::make_printer(with()));
            std::string out;
            std::string_view rest = std::string_view(bytes).substr(5);
            const auto read = [&rest, piece](char* buffer, std::size_t size) {
                const std::size_t count = std::min({size, piece, rest.size()});
                std::memcpy(buffer, rest.data(), count);
                rest.remove_prefix(count);
                return static_cast<long>(count);
            };
            CHECK(inspect::read_capture(bytes.substr(0, 5), read, traffic, out, [] { return true; }).empty());
            CHECK(traffic.status() == inspect::Status::success);
            shown.push_back(out);
        }
        // A file that is cut off is read as far as it goes, and complained of.
        inspect::Traffic traffic(with(), inspect::make_printer(with()));
        std::string out;
        const auto nothing = [](char*, std::size_t) { return 0L; };
        CHECK_FALSE(inspect::read_capture(bytes.substr(0, bytes.size() - 3), nothing, traffic, out, [] {
            return true;
        }).empty());
        CHECK_FALSE(out.empty());
    }
    for (const std::string& out : shown) CHECK(out == shown.front());
    CHECK(lines_of(shown.front()).size() == 14);
}

} // namespace mqttwire::test
