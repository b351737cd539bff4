// Streams of packets, seen through --json: captures, vectors, cuts and ends.
#include "captures.hpp"
#include "run.hpp"
#include "task.hpp"

#include "support/catch.hpp"
#include "support/hex.hpp"
#include "support/json.hpp"
#include "support/vector.hpp"

#include <mqttwire/leniency.hpp>
#include <mqttwire/version.hpp>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mqttwire::test {

namespace {

using inspect::Status;

inspect::Options json_options(std::optional<Version> version = {})
{
    inspect::Options options;
    options.mode = inspect::Mode::json;
    options.version = version;
    return options;
}

std::vector<Json> json_lines(std::string_view out)
{
    std::vector<Json> answers;
    for (const std::string& line : lines_of(out)) answers.push_back(parse_json(line));
    return answers;
}

/// Each packet must begin where the one before it ended. Gives where the last one ended.
std::int64_t end_of(const std::vector<Json>& answers)
{
    std::int64_t end = 0;
    for (const Json& answer : answers) {
        CHECK(answer.at("offset").number() == end);
        end += answer.at("size").number();
    }
    return end;
}

std::string hex_to_stream(std::string_view hex) { return to_string(from_hex(hex)); }

} // namespace

TEST_CASE("Every capture is shown whole, in the version of its connection", "[inspect]")
{
    for (const CapturedStream& capture : captured_streams()) {
        CAPTURE(capture.file);
        inspect::Options options = json_options();
        if (!capture.from_client) options.version = capture.version;
        options.reading.role = capture.from_client ? Role::server : Role::client;
        const Outcome outcome = run(options, capture.bytes);
        CHECK(outcome.status == Status::success);
        const std::vector<Json> answers = json_lines(outcome.out);
        CHECK(answers.size() == capture.packets);
        for (const Json& answer : answers) {
            CHECK(answer.at("expect").text() == "ok");
            CHECK(answer.at("version").text() == name(capture.version));
        }
        CHECK(end_of(answers) == static_cast<std::int64_t>(capture.bytes.size()));
        for (const std::size_t piece : {1U, 7U}) CHECK(run(options, capture.bytes, piece) == outcome);
    }
}

TEST_CASE("Every vector that is a stream is answered as it says", "[inspect]")
{
    // The tool sets no limit of its own to the size of a packet.
    const std::vector<const Vector*> vectors =
        vectors_where([](const Vector& vector) { return vector.stream && !vector.stream->limit; });
    REQUIRE(vectors.size() > 30);
    for (const Vector* const vector : vectors) {
        CAPTURE(vector->id);
        inspect::Options options = json_options(vector->version);
        options.reading = {vector->leniency, vector->role};
        const Outcome outcome = run(options, to_string(vector->bytes), vector->stream->chunk.value_or(4096));
        const std::vector<Json> answers = json_lines(outcome.out);
        REQUIRE(answers.size() == vector->stream->verdicts.size());
        for (std::size_t i = 0; i < answers.size(); ++i) {
            CHECK(answers[i].at("expect").text() == name(vector->stream->verdicts[i]));
            const Json* const packet = answers[i].find("packet");
            // The first byte names a type even where the rest of the fixed header is refused.
            if (vector->stream->packets[i]) CHECK(packet->text() == *vector->stream->packets[i]);
        }
        end_of(answers);
    }
}

TEST_CASE("A CONNECT tells the version of what follows it, whatever was given", "[inspect]")
{
    const std::string stream = hex_to_stream("100d00044d5154540502003c000000 40020001 40030002ff");
    for (const std::optional<Version> given :
        {std::optional<Version>{}, std::optional(Version::v3_1), std::optional(Version::v5)}) {
        const Outcome outcome = run(json_options(given), stream);
        const std::vector<Json> answers = json_lines(outcome.out);
        REQUIRE(answers.size() == 3);
        for (const Json& answer : answers) CHECK(answer.at("version").text() == "5.0");
        CHECK(answers[1].at("expect").text() == "ok");
        CHECK(answers[2].at("error").at("code").text() == "reason_code_not_allowed");
        CHECK(outcome.status == Status::failure);
    }
}

TEST_CASE("Without a version and without CONNECT it says what to give", "[inspect]")
{
    for (const inspect::Mode mode : {inspect::Mode::lines, inspect::Mode::explain, inspect::Mode::json}) {
        inspect::Options options;
        options.mode = mode;
        const Outcome outcome = run(options, hex_to_stream("20020000 d000"), 3);
        CHECK(outcome.status == Status::usage);
        CHECK(outcome.out.empty());
        for (const char* const words : {"CONNECT", "--mqtt 3.1,", "--mqtt 3.1.1", "--mqtt 5.0"})
            CHECK(outcome.complaint.find(words) != std::string::npos);
    }
    CHECK(run(json_options(Version::v3_1_1), hex_to_stream("20020000 d000")).status == Status::success);
}

TEST_CASE("A packet that is malformed inside is skipped", "[inspect]")
{
    const Outcome outcome = run(json_options(Version::v3_1_1), hex_to_stream("4002 0000 c000 31050001 2b00 00 d000"));
    const std::vector<Json> answers = json_lines(outcome.out);
    REQUIRE(answers.size() == 4);
    CHECK(answers[0].at("error").at("code").text() == "packet_id_zero");
    CHECK(answers[1].at("packet").text() == "PINGREQ");
    CHECK(answers[2].at("error").at("code").text() == "topic_name_wildcard");
    CHECK(answers[3].at("packet").text() == "PINGRESP");
    CHECK(end_of(answers) == 15);
    CHECK(outcome.status == Status::failure);
}

TEST_CASE("Behind an error without a certain end nothing is read", "[inspect]")
{
    for (const std::string_view hex : {"0000", "c0ffffffff", "c080808080", "1002 0004"}) {
        CAPTURE(hex);
        const std::string stream = hex_to_stream("d000") + hex_to_stream(hex) + hex_to_stream("c000 c000");
        const Outcome outcome = run(json_options(Version::v5), stream);
        CHECK(json_lines(outcome.out).size() == 2);
        CHECK(outcome.status == Status::failure);
        for (std::size_t piece = 1; piece < stream.size(); ++piece)
            CHECK(run(json_options(Version::v5), stream, piece) == outcome);
    }
}

TEST_CASE("A packet that is cut off at any place is incomplete", "[inspect]")
{
    const std::string stream = hex_to_stream("c000 3206 0001 61 0001 62");
    for (std::size_t size = 3; size < stream.size(); ++size) {
        CAPTURE(size);
        const Outcome outcome = run(json_options(Version::v3_1_1), stream.substr(0, size));
        CHECK(outcome.status == Status::failure);
        const std::vector<Json> answers = json_lines(outcome.out);
        REQUIRE(answers.size() == 2);
        CHECK(answers[1].at("expect").text() == "incomplete");
        CHECK(answers[1].at("size").number() == static_cast<std::int64_t>(size - 2));
        CHECK(answers[1].at("missing").number() == (size == 3 ? 1 : static_cast<std::int64_t>(stream.size() - size)));
    }
    CHECK(run(json_options(Version::v3_1_1), stream).status == Status::success);
    CHECK(run(json_options(), "").status == Status::success);
}

TEST_CASE("A packet is shown as soon as its last byte is there", "[inspect]")
{
    inspect::Options options = json_options(Version::v5);
    const std::unique_ptr<inspect::Task> task = inspect::make_task(options);
    std::string out;
    task->feed(hex_to_stream("c0"), out);
    CHECK(out.empty());
    task->feed(hex_to_stream("00d0"), out);
    CHECK(lines_of(out).size() == 1);
    task->feed(hex_to_stream("00"), out);
    CHECK(lines_of(out).size() == 2);
}

TEST_CASE("Hexadecimal input is the same stream", "[inspect]")
{
    inspect::Options options = json_options(Version::v5);
    const Outcome raw = run(options, hex_to_stream("c000d000c0"));
    options.hex = true;
    for (std::size_t piece = 1; piece < 20; ++piece) CHECK(run(options, " c0 0\n0D0\t00c0\r\n", piece) == raw);

    const Outcome bad = run(options, "c000 d0x0 c000");
    CHECK(bad.status == Status::usage);
    CHECK(bad.complaint == "character 8 of the input is no hexadecimal digit");
    CHECK(lines_of(bad.out).size() == 1);
    for (std::size_t piece = 1; piece < 14; ++piece) CHECK(run(options, "c000 d0x0 c000", piece) == bad);

    const Outcome half = run(options, "c000d");
    CHECK(half.status == Status::usage);
    CHECK(half.complaint == "the last byte of the input has only one hexadecimal digit");
}

TEST_CASE("What other protocols say is not misread as MQTT", "[inspect]")
{
    using namespace std::string_view_literals;
    const struct {
        std::string_view input;
        std::string_view complaint;
    } inputs[] = {
        {"GET / HTTP/1.1\r\nHost: a\r\n\r\n"sv, "this is HTTP and no MQTT"},
        {"POST /a HTTP/1.1\r\n\r\n"sv, "this is HTTP and no MQTT"},
        {"\x16\3\1\2\0\1\0\1\xFC\3\3"sv, "this is TLS and no MQTT: it has to be decrypted first"},
        {"PROXY TCP4 10.0.0.1 10.0.0.2 1 1883\r\n\x10\x0C"sv,
            "this begins with a header of the PROXY protocol and not with MQTT"},
        {"\r\n\r\n\0\r\nQUIT\n\x21\x11\0\x0C"sv, "this begins with a header of the PROXY protocol and not with MQTT"},
        {"\x1F\x8B\x08\0\0\0\0\0\0\3"sv, "this is a file of gzip: unpack it first"},
    };
    for (const auto& [input, complaint] : inputs)
        for (const std::size_t piece : {std::size_t{1}, std::size_t{2}, std::size_t{7}, std::size_t{100}}) {
            const Outcome outcome = run(json_options(), input, piece);
            CHECK(outcome.complaint == complaint);
            CHECK(outcome.status == Status::usage);
            CHECK(outcome.out.empty());
            // Who says that it is MQTT is shown why it is not.
            CHECK(run(json_options(Version::v5), input, piece).status == Status::failure);
        }
    // What only begins so is read as packets.
    CHECK(run(json_options(Version::v5), hex_to_stream("c000")).status == Status::success);
    CHECK(run(json_options(), hex_to_stream("100c00044d5154540402003c0000")).status == Status::success);
    for (const std::string_view input : {"GE", "\x1F"}) CHECK(run(json_options(), input).complaint.empty());
}

TEST_CASE("Role and leniency are applied", "[inspect]")
{
    inspect::Options options = json_options(Version::v3_1_1);
    const auto verdict = [&options](std::string_view hex) {
        return json_lines(run(options, hex_to_stream(hex)).out).at(0).at("expect").text();
    };
    CHECK(verdict("c000") == "ok");
    options.reading.role = Role::client;
    CHECK(verdict("c000") == "error");
    CHECK(verdict("60020001") == "error");
    options.reading.leniency = Leniency::pubrel_flags_0000;
    CHECK(verdict("60020001") == "ok");
}

} // namespace mqttwire::test
