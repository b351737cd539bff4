#include "options.hpp"

#include <mqttwire/leniency.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <system_error>

namespace inspect {

namespace {

using namespace mqttwire;

constexpr std::string_view usage = R"(Usage: mqttwire-inspect [OPTION]... [FILE]

Shows every MQTT control packet in FILE, or in standard input if there is no FILE or it is -. The input is one of
  - what one side of a connection sent
  - a capture, pcap or pcapng, of any number of connections, both sides of which are shown:
      tcpdump -U -i any -w - port 1883 | mqttwire-inspect
  - with --hex, the first in hexadecimal digits

What to show:
                     without one of these: a line a packet, and a diagnosis of each that is malformed
  --explain          each packet as a table: offset, bytes, field, value; flags are opened bit by bit
  --json             each packet as a line of JSON
  --cases            read lines "VERSION HEX", each of them one whole packet by itself, and answer each with a line of
                     JSON that also has the bytes of encoding the packet again ("reencoded"). In a CONNECT the version
                     that it names itself counts. A line that is no case is answered with the error "bad_case"
  --stats            only sums: packets, bytes and their rates, by type and by topic
  --secrets          passwords and authentication data too, which --explain and --json otherwise leave out
  --width COLUMNS    cut or wrap lines to this width, 0: never. On a terminal its width, else 0, is the default

How to read:
  --hex              the input is text: digits with white space anywhere, or 0x30, 0x06, ..., or what xxd or hexdump -C
                     prints
  --mqtt VERSION     3.1, 3.1.1 or 5.0; auto (which is the default) takes it from CONNECT
  --port PORT        of a capture, only the connections to this port. Otherwise those to port 1883 are shown and those
                     that begin with CONNECT
  --role ROLE        the side that receives the stream: client or server; unknown (the default) leaves out the rules
                     that depend on it. In a capture it is known
  --lenient NAME,... let deviations pass, or make checks stricter:
)";

constexpr std::string_view rest_of_usage = R"(
  --help             show this text
  --version          show the version of this program

Exit status: 0 if all packets are valid, 1 if one is malformed, cut off or could not be read, 2 if the arguments or the
input cannot be used. What cannot be read of a capture is told, and that there is no MQTT in one, which is no failure.
)";

enum class Option : std::uint8_t {
    explain,
    json,
    cases,
    stats,
    secrets,
    width,
    hex,
    mqtt,
    port,
    role,
    lenient,
    help,
    version
};

struct OptionRow {
    std::string_view name;
    Option option;
    bool takes_value;
};

constexpr std::array<OptionRow, 13> option_table{{
    {"--explain", Option::explain, false},
    {"--json", Option::json, false},
    {"--cases", Option::cases, false},
    {"--stats", Option::stats, false},
    {"--secrets", Option::secrets, false},
    {"--width", Option::width, true},
    {"--hex", Option::hex, false},
    {"--mqtt", Option::mqtt, true},
    {"--port", Option::port, true},
    {"--role", Option::role, true},
    {"--lenient", Option::lenient, true},
    {"--help", Option::help, false},
    {"--version", Option::version, false},
}};

class Parser {
public:
    explicit Parser(std::span<const char* const> arguments) noexcept : arguments_(arguments) {}

    ParsedOptions parse()
    {
        while (!arguments_.empty() && parsed_.complaint.empty()) take(next());
        const Options& options = parsed_.options;
        if (options.mode == Mode::cases && (options.hex || options.version))
            complain(
                "--cases goes with neither --hex nor --mqtt: each line has its own version and hexadecimal digits");
        return std::move(parsed_);
    }

private:
    std::string_view next()
    {
        const std::string_view argument = arguments_.front();
        arguments_ = arguments_.subspan(1);
        return argument;
    }

    void take(std::string_view argument)
    {
        if (argument == "--" && !only_files_) only_files_ = true;
        else if (only_files_ || argument == "-" || !argument.starts_with('-')) take_file(argument);
        else take_option(argument);
    }

    void take_file(std::string_view file)
    {
        if (has_file_) return complain("only one file can be read");
        has_file_ = true;
        parsed_.options.file = file;
    }

    void take_option(std::string_view argument)
    {
        const std::size_t sign = argument.find('=');
        const std::string_view name = argument.substr(0, sign);
        const auto* const row = std::ranges::find(option_table, name, &OptionRow::name);
        if (row == option_table.end()) return complain("there is no option ", name);
        if (!row->takes_value) {
            if (row->option == Option::version && is_followed_by_version(argument.substr(name.size())))
                return complain("--version shows the version of this program; that of MQTT is told by --mqtt");
            if (sign != std::string_view::npos) return complain(name, " takes no value");
            return set(row->option);
        }
        if (sign != std::string_view::npos) return set(row->option, argument.substr(sign + 1));
        if (arguments_.empty()) return complain(name, " needs a value");
        set(row->option, next());
    }

    /// True if what is behind an option, or the next argument, is a version of MQTT.
    bool is_followed_by_version(std::string_view value) const
    {
        if (value.empty() && !arguments_.empty()) value = arguments_.front();
        else value.remove_prefix(std::min<std::size_t>(value.size(), 1));
        return value == "auto" || version_named(value);
    }

    void set(Option option)
    {
        switch (option) {
        case Option::explain: return set_mode(Mode::explain);
        case Option::json: return set_mode(Mode::json);
        case Option::cases: return set_mode(Mode::cases);
        case Option::stats: return set_mode(Mode::stats);
        case Option::secrets: parsed_.options.secrets = true; return;
        case Option::help: parsed_.options.mode = Mode::help; return;
        case Option::version: return set_mode(Mode::version);
        default: parsed_.options.hex = true; return;
        }
    }

    void set(Option option, std::string_view value)
    {
        switch (option) {
        case Option::width:
            return set_number(value, 10'000, "the width is a number of columns up to 10000, and not ",
                [this](std::uint32_t columns) { parsed_.options.width = columns; });
        case Option::mqtt: return set_version(value);
        case Option::port:
            return set_number(value, 65'535, "the port is a number up to 65535, and not ",
                [this](std::uint32_t port) { parsed_.options.port = static_cast<std::uint16_t>(port); });
        case Option::role: return set_role(value);
        default: return set_leniency(value);
        }
    }

    void set_mode(Mode mode)
    {
        Mode& chosen = parsed_.options.mode;
        if (chosen == Mode::help) return;
        if (chosen != Mode::lines && chosen != mode)
            return complain("--explain, --json, --cases, --stats and --version exclude each other");
        chosen = mode;
    }

    void set_version(std::string_view value)
    {
        parsed_.options.version = version_named(value);
        if (!parsed_.options.version && value != "auto")
            complain("the version of MQTT is auto, 3.1, 3.1.1 or 5.0, and not ", value);
    }

    void set_number(std::string_view digits, std::uint32_t most, std::string_view objection, auto take_number)
    {
        std::uint32_t number = 0;
        const char* const end = digits.data() + digits.size();
        // NOLINTNEXTLINE(bugprone-suspicious-stringview-data-usage): `end` is its size
        const auto [behind, error] = std::from_chars(digits.data(), end, number);
        if (error != std::errc{} || behind != end || number > most) return complain(objection, digits);
        take_number(number);
    }

    void set_role(std::string_view value)
    {
        for (const Role role : {Role::unknown, Role::client, Role::server}) {
            if (name(role) != value) continue;
            parsed_.options.reading.role = role;
            return;
        }
        complain("the role is client, server or unknown, and not ", value);
    }

    void set_leniency(std::string_view names)
    {
        while (!names.empty()) {
            const std::string_view flag_name = names.substr(0, names.find(','));
            names.remove_prefix(std::min(names.size(), flag_name.size() + 1));
            const Leniency flag = leniency_named(flag_name);
            if (flag == Leniency::none) return complain("there is no leniency ", flag_name);
            parsed_.options.reading.leniency |= flag;
        }
    }

    void complain(std::string_view text, std::string_view more = {})
    {
        parsed_.complaint = text;
        parsed_.complaint += more;
    }

    std::span<const char* const> arguments_;
    bool only_files_ = false; ///< behind "--"
    bool has_file_ = false;
    ParsedOptions parsed_;
};

} // namespace

ParsedOptions parse_options(std::span<const char* const> arguments) { return Parser(arguments).parse(); }

std::string program_version()
{
    return "mqttwire-inspect " + std::to_string(MQTTWIRE_VERSION_MAJOR) + '.' + std::to_string(MQTTWIRE_VERSION_MINOR)
        + '.' + std::to_string(MQTTWIRE_VERSION_PATCH) + '\n';
}

std::string help()
{
    std::string text(usage);
    for (const LeniencyRow& row : leniency_table) {
        text += "                       ";
        text += row.name;
        text += '\n';
    }
    text += rest_of_usage.substr(1);
    return text;
}

} // namespace inspect
