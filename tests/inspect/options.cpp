// The command line.
#include "options.hpp"

#include "support/catch.hpp"

#include <mqttwire/leniency.hpp>

#include <string>
#include <vector>

namespace mqttwire::test {

namespace {

using inspect::Mode;
using inspect::Options;
using inspect::ParsedOptions;

ParsedOptions parse(const std::vector<const char*>& arguments) { return inspect::parse_options(arguments); }

Options parse_good(const std::vector<const char*>& arguments)
{
    const ParsedOptions parsed = parse(arguments);
    CHECK(parsed.complaint.empty());
    return parsed.options;
}

} // namespace

TEST_CASE("Without arguments standard input is shown as lines, in the version of its CONNECT", "[inspect]")
{
    const Options options = parse_good({});
    CHECK(options.mode == Mode::lines);
    CHECK(options.file == "-");
    CHECK_FALSE(options.hex);
    CHECK_FALSE(options.colours);
    CHECK_FALSE(options.version.has_value());
    CHECK_FALSE(options.secrets);
    CHECK_FALSE(options.width.has_value());
    CHECK_FALSE(options.port.has_value());
    CHECK(options.reading.leniency == Leniency::none);
    CHECK(options.reading.role == Role::unknown);
}

TEST_CASE("Every option is read", "[inspect]")
{
    CHECK(parse_good({"--explain"}).mode == Mode::explain);
    CHECK(parse_good({"--json"}).mode == Mode::json);
    CHECK(parse_good({"--cases"}).mode == Mode::cases);
    CHECK(parse_good({"--help"}).mode == Mode::help);
    CHECK(parse_good({"--help", "--json"}).mode == Mode::help);
    CHECK(parse_good({"--json", "--help"}).mode == Mode::help);
    CHECK(parse_good({"--json", "--json"}).mode == Mode::json);
    CHECK(parse_good({"--hex"}).hex);
    CHECK(parse_good({"--stats"}).mode == Mode::stats);
    CHECK(parse_good({"--secrets"}).secrets);
    CHECK(parse_good({"--width", "80"}).width == 80U);
    CHECK(parse_good({"--port=8883"}).port == 8883);
    CHECK(parse_good({"--mqtt", "3.1"}).version == Version::v3_1);
    CHECK(parse_good({"--mqtt=3.1.1"}).version == Version::v3_1_1);
    CHECK(parse_good({"--mqtt", "5.0"}).version == Version::v5);
    CHECK_FALSE(parse_good({"--mqtt", "auto"}).version.has_value());
    CHECK(parse_good({"--role", "client"}).reading.role == Role::client);
    CHECK(parse_good({"--role=server"}).reading.role == Role::server);
    CHECK(parse_good({"--role", "unknown"}).reading.role == Role::unknown);
    CHECK(parse_good({"--lenient", "bridge_bit,v3_connack"}).reading.leniency
        == (Leniency::bridge_bit | Leniency::v3_connack));
    CHECK(parse_good({"--lenient", "bridge_bit", "--lenient=long_client_id"}).reading.leniency
        == (Leniency::bridge_bit | Leniency::long_client_id));
    for (const LeniencyRow& row : leniency_table) {
        const std::string name(row.name);
        CHECK(parse_good({"--lenient", name.c_str()}).reading.leniency == row.flag);
    }
}

TEST_CASE("--version is that of the program, and who means that of MQTT is told", "[inspect]")
{
    CHECK(parse_good({"--version"}).mode == Mode::version);
    CHECK(inspect::program_version() == "mqttwire-inspect 0.1.0\n");
    for (const std::vector<const char*>& arguments : {std::vector{"--version", "3.1.1"}, std::vector{"--version=5.0"},
             std::vector{"--version", "auto", "file"}, std::vector{"--version=3.1"}})
        CHECK(parse(arguments).complaint
            == "--version shows the version of this program; that of MQTT is told by --mqtt");
    CHECK(parse({"--version=yes"}).complaint == "--version takes no value");
}

TEST_CASE("What is no option is a file", "[inspect]")
{
    CHECK(parse_good({"traffic.bin"}).file == "traffic.bin");
    CHECK(parse_good({"-"}).file == "-");
    CHECK(parse_good({"--", "--json"}).file == "--json");
    CHECK(parse_good({"--json", "traffic.bin", "--hex"}).file == "traffic.bin");
}

TEST_CASE("What cannot be meant is complained of", "[inspect]")
{
    const auto complaint = [](const std::vector<const char*>& arguments) { return parse(arguments).complaint; };
    CHECK(complaint({"--jsn"}) == "there is no option --jsn");
    CHECK(complaint({"-x"}) == "there is no option -x");
    CHECK(complaint({"--json=yes"}) == "--json takes no value");
    CHECK(complaint({"--mqtt"}) == "--mqtt needs a value");
    CHECK(complaint({"--mqtt", "3"}) == "the version of MQTT is auto, 3.1, 3.1.1 or 5.0, and not 3");
    CHECK(complaint({"--width", "wide"}) == "the width is a number of columns up to 10000, and not wide");
    CHECK(complaint({"--width="}) == "the width is a number of columns up to 10000, and not ");
    CHECK(complaint({"--port", "65536"}) == "the port is a number up to 65535, and not 65536");
    CHECK(complaint({"--role", "broker"}) == "the role is client, server or unknown, and not broker");
    CHECK(complaint({"--lenient", "bridge_bit,all"}) == "there is no leniency all");
    CHECK(complaint({"--lenient", "bridge_bit,,v3_connack"}) == "there is no leniency ");
    CHECK(complaint({"--explain", "--json"}) == "--explain, --json, --cases, --stats and --version exclude each other");
    CHECK(complaint({"a", "b"}) == "only one file can be read");
    CHECK(complaint({"--", "a", "--"}) == "only one file can be read");
    CHECK_FALSE(complaint({"--cases", "--hex"}).empty());
    CHECK_FALSE(complaint({"--mqtt=5.0", "--cases"}).empty());
}

TEST_CASE("--help names every option and every leniency", "[inspect]")
{
    const std::string help = inspect::help();
    for (const char* const word : {"--explain", "--json", "--cases", "--hex", "--version", "--mqtt", "--port",
             "--stats", "--secrets", "--width", "--role", "--lenient", "--help", "auto", "3.1", "3.1.1", "5.0",
             "client", "server", "unknown", "bad_case", "Exit status"})
        CHECK(help.find(word) != std::string::npos);
    for (const LeniencyRow& row : leniency_table) CHECK(help.find(row.name) != std::string::npos);
}

} // namespace mqttwire::test
