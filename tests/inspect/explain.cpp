// --explain: every byte of a packet appears exactly once, also of packets with errors.
#include "captures.hpp"
#include "run.hpp"

#include "support/catch.hpp"
#include "support/hex.hpp"
#include "support/vector.hpp"

#include <mqttwire/mqttwire.hpp>

#include <algorithm>
#include <cctype>
#include <string>
#include <string_view>
#include <vector>

namespace mqttwire::test {

namespace {

/// Adds up the bytes of tables.
class TableReader {
public:
    void read(std::string_view line)
    {
        if (line.starts_with("  offset  bytes")) size_ = 0;
        if (!is_row(line)) return;
        const std::string_view offset = line.substr(0, 8);
        CHECK(std::stoul(std::string(offset.substr(offset.find_first_not_of(' ')))) == size_);
        const Bytes row = from_hex(line.substr(10, 23));
        size_ += row.size();
        bytes_.insert(bytes_.end(), row.begin(), row.end());
    }

    const Bytes& bytes() const { return bytes_; }

private:
    /// A row begins with an offset of eight columns; no other line has a digit in front of two blanks there.
    static bool is_row(std::string_view line)
    {
        return line.size() > 10 && std::isdigit(static_cast<unsigned char>(line[7])) != 0 && line.substr(8, 2) == "  "
            && line.find_first_not_of(" 0123456789") >= 8;
    }

    std::size_t size_ = 0; ///< bytes of the current table
    Bytes bytes_;
};

Outcome explain(std::string_view stream, Version version, Leniency leniency = {}, Role role = {})
{
    inspect::Options options;
    options.mode = inspect::Mode::explain;
    options.secrets = true;
    options.version = version;
    options.reading = {leniency, role};
    return run(options, stream);
}

/// The bytes of all tables that explain a stream.
std::string explained_bytes(std::string_view stream, Version version, Leniency leniency = {}, Role role = {})
{
    TableReader reader;
    for (const std::string& line : lines_of(explain(stream, version, leniency, role).out)) reader.read(line);
    return to_string(reader.bytes());
}

} // namespace

TEST_CASE("Every byte of every vector appears once, in every version", "[inspect]")
{
    const std::vector<const Vector*> vectors =
        vectors_where([](const Vector& vector) { return !vector.is_for_encoder; });
    REQUIRE(vectors.size() > 1000);
    for (const Vector* const vector : vectors) {
        const std::string stream = to_string(vector->bytes);
        for (const Version version : {Version::v3_1, Version::v3_1_1, Version::v5}) {
            CAPTURE(vector->id, name(version));
            CHECK((explained_bytes(stream, version, vector->leniency, vector->role) == stream));
        }
    }
}

TEST_CASE("Every byte of every capture appears once, and none is left undecoded", "[inspect]")
{
    for (const CapturedStream& capture : captured_streams()) {
        CAPTURE(capture.file);
        CHECK((explained_bytes(capture.bytes, capture.version) == capture.bytes));
        CHECK(explain(capture.bytes, capture.version).out.find("(not decoded)") == std::string::npos);
    }
}

TEST_CASE("No byte of a valid vector is left undecoded", "[inspect]")
{
    for (const Vector* const vector : vectors_where(is_valid_packet)) {
        CAPTURE(vector->id);
        const Outcome outcome =
            explain(to_string(vector->bytes), vector->version.value(), vector->leniency, vector->role);
        CHECK(outcome.status == inspect::Status::success);
        CHECK(outcome.out.find("(not decoded)") == std::string::npos);
    }
}

TEST_CASE("A valid packet that is cut off anywhere is explained as far as it goes", "[inspect]")
{
    const std::vector<const Vector*> vectors =
        vectors_where([](const Vector& vector) { return is_valid_packet(vector) && vector.bytes.size() < 200; });
    REQUIRE(vectors.size() > 200);
    for (const Vector* const vector : vectors) {
        CAPTURE(vector->id);
        const std::string whole = to_string(vector->bytes);
        for (std::size_t size = 1; size < whole.size(); ++size) {
            const std::string stream = whole.substr(0, size);
            CHECK((explained_bytes(stream, vector->version.value(), vector->leniency, vector->role) == stream));
        }
    }
}

} // namespace mqttwire::test
