// Does everything that shows packets to people and programs stay in its form, whatever a peer has sent?
//
// Input: how to read (see support/reading.hpp; its bit 4 means nothing here); how to show: bits 1 0 lines, explain,
// json, cases, bit 2 colours, bit 3 hexadecimal input, bit 4 the content is the text that the program reads; the size
// of the pieces that it reads; the content: a stream of packets, or that text.
#include "support/bytes.hpp"
#include "support/input.hpp"
#include "support/reading.hpp"
#include "support/require.hpp"
#include "support/target.hpp"

#include <support/hex.hpp>
#include <support/json.hpp>

#include <mqttwire/fmt.hpp>

#include <capture.hpp>
#include <options.hpp>
#include <task.hpp>

#include <algorithm>
#include <array>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace mqttwire::fuzz::format_target {

namespace {

using test::Json;

struct Output {
    std::string text;
    inspect::Status status{};
    std::string complaint;

    friend bool operator==(const Output&, const Output&) = default;
};

Output run(const inspect::Options& options, std::string_view content, std::size_t piece_size)
{
    Output output;
    const std::unique_ptr<inspect::Task> task = inspect::make_task(options);
    while (!content.empty()) {
        const std::size_t size = std::min(piece_size, content.size());
        task->feed(content.substr(0, size), output.text);
        content.remove_prefix(size);
    }
    task->finish(output.text);
    output.status = task->status();
    output.complaint = task->complaint();
    return output;
}

/// A character that would break a line or a terminal. What is no ASCII is looked at by the unit tests.
bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }

void check_line(std::string_view line)
{
    require(!line.empty() && std::ranges::none_of(line, is_control),
        "a formatted packet is one line without control characters");
    require(
        wire::find_text_fault(wire::View(line.data(), line.size())).code == Errc::none, "a formatted packet is UTF-8");
}

/// The formatters of fmt.hpp, on one packet.
void check_formatters(const Reading& reading, std::span<const std::byte> bytes)
{
    const Result<Packet> packet = reading.version ? decode(bytes, *reading.version, reading.leniency, reading.role)
                                                  : decode(bytes, reading.leniency, reading.role);
    const std::string line = fmt::format("{}", packet);
    check_line(line);
    const std::string inner = packet ? fmt::format("{}", *packet) : fmt::format("error {}", packet.error());
    require(line.starts_with(inner), "a result is shown as what it holds");
    require(line == inner || packet.let_pass() != Leniency::none, "nothing follows it but what leniency let pass");
    if (packet) require(line.starts_with(name(type_of(*packet))), "a line begins with the name of the packet");
    check_line(fmt::format("{}", packet.let_pass()));
    if (const Result<Frame> frame = read_frame(bytes)) check_line(fmt::format("{}", *frame));
}

/// The lines of a text that ends with a line end, or is empty.
std::vector<std::string_view> lines_of(std::string_view text)
{
    std::vector<std::string_view> lines;
    require(text.empty() || text.ends_with('\n'), "the last line of the output has its end");
    for (std::size_t end = text.find('\n'); end != std::string_view::npos; end = text.find('\n')) {
        lines.push_back(text.substr(0, end));
        text.remove_prefix(end + 1);
    }
    return lines;
}

/// A line of --json or --cases that answers a packet.
void check_json_record(const Json& record)
{
    const std::string& verdict = record.at("expect").text();
    require(verdict == "ok" || verdict == "error" || verdict == "incomplete", "a packet is right, wrong or cut off");
    require((verdict == "ok") == (record.find("fields") != nullptr), "fields are those of a right packet");
    require((verdict == "error") == (record.find("error") != nullptr), "an error is that of a wrong packet");
    require((verdict == "incomplete") == (record.find("missing") != nullptr), "bytes are missing from what is cut off");
    require(record.at("size").number() >= 0 && record.at("offset").number() >= 0, "a packet has a size and a place");
}

/// Each line follows the one before it without a gap.
void check_json_stream(std::string_view text)
{
    std::int64_t offset = 0;
    for (const std::string_view line : lines_of(text)) {
        const Json record = test::parse_json(line);
        check_json_record(record);
        require(record.at("offset").number() == offset, "packets stand one behind the other");
        offset += record.at("size").number();
    }
}

void check_cases(std::string_view content, std::string_view text)
{
    const auto cases = static_cast<std::size_t>(std::ranges::count(content, '\n'))
        + (content.empty() || content.ends_with('\n') ? 0 : 1);
    const std::vector<std::string_view> answers = lines_of(text);
    require(answers.size() == cases, "each case has an answer");
    for (const std::string_view answer : answers) {
        const Json record = test::parse_json(answer);
        const Json* const error = record.find("error");
        if (error != nullptr && error->at("code").text() == "bad_case") continue;
        check_json_record(record);
        const Json* const reencoded = record.find("reencoded");
        require(reencoded == nullptr || record.at("expect").text() == "ok", "what is wrong is not encoded again");
        if (reencoded == nullptr) continue;
        const test::Bytes bytes = test::from_hex(reencoded->text());
        require(read_frame(bytes).has_value(), "a packet that was encoded again is whole");
    }
}

void check_plain(std::string_view text)
{
    const auto is_unfit = [](char c) { return is_control(c) && c != '\n'; };
    require(std::ranges::none_of(text, is_unfit), "output without colours has no control characters");
    require(wire::find_text_fault(wire::View(text.data(), text.size())).code == Errc::none, "output is UTF-8");
}

/// The text in which the program gets the content.
std::string text_for(const inspect::Options& options, const Reading& reading, std::span<const std::byte> content)
{
    if (options.mode != inspect::Mode::cases) return options.hex ? test::to_hex(content) : test::to_string(content);
    return std::string(name(reading.version.value_or(Version::v5))) + ' ' + test::to_hex(content) + '\n';
}

void check(Input input)
{
    using inspect::Mode;
    constexpr std::array<Mode, 4> modes{Mode::lines, Mode::explain, Mode::json, Mode::cases};
    const Reading reading = take_reading(input);
    const unsigned bits = input.byte();
    const std::size_t piece_size = std::size_t{1} + input.byte();
    const Bytes content(input.take_all());
    check_formatters(reading, content);

    inspect::Options options;
    options.mode = modes[bits & 3U];
    options.colours = (bits & 4U) != 0;
    options.hex = (bits & 8U) != 0 && options.mode != Mode::cases;
    options.version = reading.version;
    options.reading = {reading.leniency, reading.role};
    const bool is_text = (bits & 16U) != 0;
    const std::string text = is_text ? test::to_string(content) : text_for(options, reading, content);

    const Output output = run(options, text, text.size() + 1);
    require(run(options, text, piece_size) == output, "the output does not depend on how the input is cut");
    require(output.complaint.empty() || output.status == inspect::Status::usage, "a complaint is about the use");
    if (!options.colours) check_plain(output.text);
    if (options.mode == Mode::json) check_json_stream(output.text);
    if (options.mode == Mode::cases) check_cases(text, output.text);
    if (options.hex && !is_text) {
        options.hex = false;
        const std::string bytes = test::to_string(content);
        Output of_bytes = run(options, bytes, piece_size);
        // What to do with a capture is said in other words.
        if (inspect::is_capture(bytes) && !of_bytes.complaint.empty()) of_bytes.complaint = output.complaint;
        require(of_bytes == output, "hexadecimal input says the same as bytes");
    }
}

} // namespace

} // namespace mqttwire::fuzz::format_target

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    mqttwire::fuzz::format_target::check({data, size});
    return 0;
}
