// Writes the vectors as C++: a table, and source files that check each row in a constant expression.
//
//     generate FOLDER COUNT
//
// writes vector_table.hpp, a row for each packet to be decoded, and constant_0.cpp to constant_{COUNT - 1}.cpp to the
// folder. Where a vector leaves open what exactly is wrong, or is not canonical, the answer of this program's own
// decoder and encoder is written down, which the tests in tests/vectors hold against the vector; so the table tells
// whether another compiler or machine answers the same.
#include "constexpr_vectors/initializer.hpp"
#include "support/build_packet.hpp"
#include "support/vector.hpp"

#include <mqttwire/mqttwire.hpp>

#include <algorithm>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <fstream>
#include <ios>
#include <optional>
#include <span>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace mqttwire::test {

namespace {

/// Larger ones take a compiler too long; they are checked at run time only.
constexpr std::size_t largest = 20000;

std::string braced(const Bytes& bytes) { return '{' + literal(to_string(bytes)) + '}'; }

/// Tells what is left to the tests at run time.
std::string skipped(const Vector& vector, std::string_view reason)
{
    std::printf("not in constant expressions: %s (%s)\n", vector.id.c_str(), std::string(reason).c_str());
    return {};
}

std::string error_row(const Error& error)
{
    if (error.code == Errc::none) return "{}";
    return "{" + enumerator("Errc", error.code) + ", " + enumerator("Field", error.field) + ", "
        + enumerator("PacketType", error.packet) + ", " + std::to_string(error.offset) + ", "
        + std::to_string(error.needed) + "}";
}

/// What decoding must give: what the vector says, and this decoder where it says nothing.
Error expected_error(const Vector& vector, const Result<Packet>& decoded)
{
    if (decoded.has_value() != (vector.expect == Verdict::ok))
        throw std::runtime_error(vector.id + ": another verdict");
    if (decoded) return {};
    Error error = decoded.error();
    error.code = vector.error.code.value_or(error.code);
    error.field = vector.error.field.value_or(error.field);
    error.offset = vector.error.offset.value_or(error.offset);
    return error;
}

Bytes canonical_bytes(const Vector& vector, const Packet& packet)
{
    if (vector.canonical) return vector.bytes;
    const auto* const connect = std::get_if<Connect>(&packet);
    const Version version = connect != nullptr ? connect->version.value() : vector.version.value();
    Bytes buffer(encoded_size(packet, version, vector.leniency, vector.role).value());
    encode(packet, buffer, version, vector.leniency, vector.role).value();
    return buffer;
}

std::string table_row(const Vector& vector)
{
    const Result<Packet> decoded = decode_vector(vector);
    const Error error = expected_error(vector, decoded);
    const Bytes canonical = decoded ? canonical_bytes(vector, *decoded) : Bytes{};
    std::ostringstream row;
    row << "    {\"" << vector.id << "\", " << enumerator("Version", *vector.version) << ", "
        << enumerator("Leniency", vector.leniency) << ", " << enumerator("Role", vector.role) << ",\n     "
        << braced(vector.bytes) << ",\n     " << error_row(error) << ",\n     " << braced(canonical) << "},\n";
    return row.str();
}

void write(const std::filesystem::path& path, const std::string& content)
{
    std::ofstream file(path, std::ios::binary);
    file << content;
    if (!file.flush()) throw std::runtime_error("cannot write " + path.string());
}

void write_table(const std::filesystem::path& folder, const std::vector<const Vector*>& vectors)
{
    std::string table = "#pragma once\n#include \"constexpr_vectors/vector_case.hpp\"\nnamespace mqttwire::test {\n"
                        "inline constexpr VectorCase vector_table[] = {\n";
    for (const Vector* vector : vectors) table += table_row(*vector);
    write(folder / "vector_table.hpp", table + "};\n} // namespace mqttwire::test\n");
}

std::string assertion(const std::string& condition, const Vector& vector)
{
    return "static_assert(" + condition + ", \"" + vector.id + "\");\n";
}

/// That the row holds, and for a valid packet that it can be made from its members too.
std::string assertions_of_row(const Vector& vector, std::size_t index)
{
    const std::string row = "vector_table[" + std::to_string(index) + ']';
    const std::string holds = assertion("holds_while_compiling(" + row + ')', vector);
    if (vector.expect != Verdict::ok) return holds;
    const BuiltPacket built = build_packet(*vector.packet, *vector.fields, *vector.version);
    const std::string packet = initializer(built.packet, *vector.version);
    return holds + assertion("encodes_while_compiling(" + packet + ", " + row + ')', vector);
}

/// That a packet is refused; empty if there is no such packet, or a constant expression has no room for it.
std::string assertion_of_refusal(const Vector& vector)
{
    const Version version = vector.version.value_or(Version::v5);
    const BuiltPacket built = build_packet(*vector.packet, *vector.fields, version);
    if (!built.problems.empty()) return skipped(vector, "no member can hold it");
    const auto written = encode(built.packet, {}, version);
    if (written) throw std::runtime_error(vector.id + ": was encoded");
    const Error& error = written.error();
    if (error.code == Errc::packet_too_large) return skipped(vector, "256 MB");
    return assertion("refuses_while_compiling(" + initializer(built.packet, version) + ", "
            + enumerator("Version", version) + ", " + enumerator("Errc", vector.error.code.value_or(error.code)) + ", "
            + enumerator("Field", vector.error.field.value_or(error.field)) + ')',
        vector);
}

/// The assertions are dealt out in turn, so that each file gets its share of the large ones.
void write_assertions(
    const std::filesystem::path& folder, const std::vector<std::string>& assertions, std::size_t files)
{
    for (std::size_t file = 0; file < files; ++file) {
        std::string source = "#include \"constexpr_vectors/constant.hpp\"\n#include \"vector_table.hpp\"\n"
                             "namespace mqttwire::test {\n";
        for (std::size_t i = file; i < assertions.size(); i += files) source += assertions[i];
        write(folder / ("constant_" + std::to_string(file) + ".cpp"), source + "} // namespace mqttwire::test\n");
    }
}

void generate(const std::filesystem::path& folder, std::size_t files)
{
    std::vector<const Vector*> rows;
    for (const Vector* vector : vectors_where(is_for_decoder)) {
        if (vector->bytes.size() <= largest) rows.push_back(vector);
        else skipped(*vector, std::to_string(vector->bytes.size()) + " bytes");
    }
    write_table(folder, rows);

    std::vector<std::string> assertions;
    for (std::size_t i = 0; i < rows.size(); ++i) assertions.push_back(assertions_of_row(*rows[i], i));
    for (const Vector* vector : vectors_where([](const Vector& v) { return v.is_for_encoder; }))
        assertions.push_back(assertion_of_refusal(*vector));
    write_assertions(folder, assertions, files);
    std::printf("%zu vectors in the table, %zu in constant expressions\n", rows.size(),
        assertions.size() - static_cast<std::size_t>(std::ranges::count(assertions, "")));
}

} // namespace

} // namespace mqttwire::test

int main(int argc, char** argv)
{
    if (argc != 3) {
        std::fputs("usage: generate FOLDER COUNT\n", stderr);
        return 2;
    }
    try {
        mqttwire::test::generate(argv[1], std::stoul(argv[2]));
    } catch (const std::exception& problem) {
        std::fprintf(stderr, "%s\n", problem.what());
        return 1;
    }
}
