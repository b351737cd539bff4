// --cases, over all vectors and at the edges of its input.
#include "record.hpp"
#include "run.hpp"

#include "support/catch.hpp"
#include "support/compare_fields.hpp"
#include "support/hex.hpp"
#include "support/json.hpp"
#include "support/vector.hpp"

#include <mqttwire/mqttwire.hpp>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace mqttwire::test {

namespace {

inspect::Options cases_options(Leniency leniency = {}, Role role = {})
{
    inspect::Options options;
    options.mode = inspect::Mode::cases;
    options.reading = {leniency, role};
    return options;
}

std::string line_for(Version version, std::span<const std::byte> bytes)
{
    return std::string(name(version)) + ' ' + to_hex(bytes) + '\n';
}

/// The one answer to one line.
Json answer_to(std::string_view line, const inspect::Options& options = cases_options())
{
    const std::vector<std::string> lines = lines_of(run(options, line).out);
    REQUIRE(lines.size() == 1);
    return parse_json(lines.front());
}

/// The text of a member; empty if it is null or not there.
std::string text_at(const Json& object, std::string_view key)
{
    const Json* const value = object.find(key);
    return value != nullptr ? value->text() : std::string{};
}

/// Holds the fields against the packet that they show, and the encoded bytes against the vector. Where it does not give
/// these, the bytes must be answered with the same fields and give themselves.
void check_content(const Json& answer, const Vector& vector, const inspect::Record& record)
{
    CHECK(differences(*record.packet, answer.at("fields"), record.wording()) == std::vector<std::string>{});
    const std::string reencoded = text_at(answer, "reencoded");
    if (vector.encode && vector.canonical) {
        CHECK(reencoded == to_hex(vector.bytes));
    } else if (!reencoded.empty()) {
        const inspect::Options options = cases_options(vector.leniency, vector.role);
        const Json again = answer_to(line_for(record.wording(), from_hex(reencoded)), options);
        CHECK(text_at(again, "reencoded") == reencoded);
        CHECK(differences(*record.packet, again.at("fields"), record.wording()) == std::vector<std::string>{});
    }
}

void check_error(const Json& answer, const Vector& vector, const Error& error)
{
    const Json& told = answer.at("error");
    CHECK(told.at("code").text() == name(error.code));
    CHECK(told.at("offset").number() == error.offset);
    CHECK(told.at("field").text() == name(error.field));
    const Version wording = version_named(text_at(answer, "version")).value_or(Version::v5);
    CHECK(text_at(told, "clause") == clause(error, wording));
    CHECK(told.at("reason_code").number() == static_cast<int>(reason_code(error.code)));
    CHECK(told.at("skippable").boolean() == skippable(error));
    CHECK(told.at("text").text() == text(error.code));
    if (vector.error.code) CHECK(told.at("code").text() == name(*vector.error.code));
    if (vector.error.offset) CHECK(told.at("offset").number() == *vector.error.offset);
    if (vector.error.field) CHECK(told.at("field").text() == name(*vector.error.field));
}

} // namespace

TEST_CASE("Every vector is answered as it says", "[inspect]")
{
    const std::vector<const Vector*> vectors = vectors_where(is_for_decoder);
    REQUIRE(vectors.size() > 1000);
    for (const Vector* const vector : vectors) {
        CAPTURE(vector->id);
        const Version version = vector->version.value();
        const Json answer = answer_to(line_for(version, vector->bytes), cases_options(vector->leniency, vector->role));
        CHECK(answer.at("offset").number() == 0);
        CHECK(answer.at("size").number() == static_cast<std::int64_t>(vector->bytes.size()));
        CHECK(text_at(answer, "expect") == name(vector->expect));
        CHECK(text_at(answer, "packet") == vector->packet.value_or(""));

        const inspect::Record record =
            inspect::read_record(0, vector->bytes, version, {vector->leniency, vector->role});
        const Result<Packet>& packet = record.packet;
        CHECK((answer.find("error") != nullptr) == (vector->expect == Verdict::error));
        CHECK((answer.find("missing") != nullptr) == (vector->expect == Verdict::incomplete));
        CHECK((answer.find("fields") != nullptr) == packet.has_value());
        if (packet) check_content(answer, *vector, record);
        else if (vector->expect == Verdict::error) check_error(answer, *vector, packet.error());
        else if (vector->missing) CHECK(answer.at("missing").number() == *vector->missing);
    }
}

TEST_CASE("The names of what was let pass are told", "[inspect]")
{
    const inspect::Options lenient = cases_options(Leniency::pubrel_flags_0000 | Leniency::bridge_bit);
    const Json::Array names = answer_to("3.1.1 60020001\n", lenient).at("let_pass").array();
    REQUIRE(names.size() == 1);
    CHECK(names.front().text() == "pubrel_flags_0000");
    CHECK(answer_to("3.1.1 62020001\n", lenient).find("let_pass") == nullptr);
}

TEST_CASE("The version of a case is only a hint for CONNECT", "[inspect]")
{
    const std::string connect = "100c00044d5154540402003c0000\n";
    for (const std::string_view hint : {"3.1 ", "3.1.1 ", "5.0 "}) {
        const Json answer = answer_to(std::string(hint) + connect);
        CHECK(text_at(answer, "expect") == "ok");
        CHECK(text_at(answer, "version") == "3.1.1");
        CHECK(text_at(answer, "reencoded") == connect.substr(0, connect.size() - 1));
    }
}

TEST_CASE("A buffer that cannot be a packet is answered, too", "[inspect]")
{
    for (const std::string_view line : {"5.0 \n", "5.0\n", "3.1 30\n", "3.1.1 3080\n", "5.0 300500\n"})
        CHECK(text_at(answer_to(line), "expect") == "incomplete");
    CHECK(answer_to("5.0\n").at("size").number() == 0);
    CHECK(answer_to("5.0\n").find("packet") == nullptr);
    CHECK(text_at(answer_to("5.0 c000c000\n").at("error"), "code") == "bytes_after_packet");
    CHECK(text_at(answer_to("5.0 c0808080\n"), "expect") == "incomplete");
    CHECK(text_at(answer_to("5.0 c080808080\n").at("error"), "code") == "remaining_length_too_long");
    CHECK(text_at(answer_to("5.0 0000\n").at("error"), "code") == "reserved_packet_type");
    CHECK(answer_to("5.0 0000\n").find("packet") == nullptr);
}

TEST_CASE("What cannot be encoded has no reencoded bytes", "[inspect]")
{
    // A DISCONNECT with Bad authentication method is accepted and never written.
    const Json answer = answer_to("5.0 e0018c\n");
    CHECK(text_at(answer, "expect") == "ok");
    CHECK(answer.find("reencoded") == nullptr);
    const Json::Object& members = answer.object();
    CHECK(std::ranges::any_of(members, [](const Json::Member& member) { return member.key == "reencoded"; }));
}

TEST_CASE("Lines are answered in order, however they are cut", "[inspect]")
{
    const std::string input = "3.1 c000\r\n5.0 D000\n3.1.1 e0\n5.0 c0\n3.1.1 62020001";
    const Outcome whole = run(cases_options(), input);
    CHECK(whole.status == inspect::Status::failure);
    CHECK(whole.complaint.empty());
    const std::vector<std::string> lines = lines_of(whole.out);
    REQUIRE(lines.size() == 5);
    const std::vector<std::string> packets{"PINGREQ", "PINGRESP", "DISCONNECT", "PINGREQ", "PUBREL"};
    for (std::size_t i = 0; i < packets.size(); ++i) CHECK(text_at(parse_json(lines[i]), "packet") == packets[i]);
    for (std::size_t piece = 1; piece < input.size(); ++piece) CHECK(run(cases_options(), input, piece) == whole);
}

TEST_CASE("All well is status 0", "[inspect]")
{
    CHECK(run(cases_options(), "3.1 c000\n5.0 c000\n").status == inspect::Status::success);
    CHECK(run(cases_options(), "").status == inspect::Status::success);
}

TEST_CASE("A line that is no case is answered and complained of, and the next one is answered", "[inspect]")
{
    for (const std::string_view bad :
        {"", " c000", "4.0 c000", "5.0  c000", "5.0 c00", "5.0 c0 00", "5.0 cx00", "c000"}) {
        CAPTURE(bad);
        const Outcome outcome = run(cases_options(), "5.0 c000\n" + std::string(bad) + "\n5.0 d000\n5.0 d0\nx\n");
        CHECK(outcome.status == inspect::Status::usage);
        CHECK(outcome.complaint.starts_with("line 2: a case "));
        const std::vector<std::string> lines = lines_of(outcome.out);
        REQUIRE(lines.size() == 5);
        const Json answer = parse_json(lines[1]);
        CHECK(text_at(answer, "expect") == "error");
        CHECK(text_at(answer.at("error"), "code") == "bad_case");
        CHECK(text_at(parse_json(lines[2]), "packet") == "PINGRESP");
    }
}

TEST_CASE("A case may be megabytes long", "[inspect]")
{
    std::string packet = "308680c002"
                         "0003"
                         "626967"
                         "00"; // a PUBLISH with 5 MiB of payload
    for (std::size_t i = 0; i < 5U << 20U; ++i) packet += "ab";
    const Outcome outcome = run(cases_options(), "5.0 " + packet + "\n", 4096);
    CHECK(outcome.status == inspect::Status::success);
    CHECK((outcome.out.ends_with("\"reencoded\":\"" + packet + "\"}\n")));
}

} // namespace mqttwire::test
