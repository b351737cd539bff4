// Writes the vectors as C++: a table, and source files that check each row in a constant expression.
//
//     generate FOLDER COUNT
//
// writes vector_table.hpp and constant_0.cpp to constant_{COUNT - 1}.cpp to the folder. Where a vector leaves open what
// exactly is wrong, or is not canonical, the answer of this program's own decoder and encoder is written down, which
// the tests in tests/vectors hold against the vector; so the table tells whether another compiler or machine answers
// the same.
#include "support/vector.hpp"

#include <mqttwire/mqttwire.hpp>

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

std::string literal(std::span<const std::byte> bytes)
{
    const std::string hex = to_hex(bytes);
    std::string text = "{\"";
    for (std::size_t i = 0; i < hex.size(); i += 2) text += "\\x" + hex.substr(i, 2);
    return text + "\", " + std::to_string(bytes.size()) + '}';
}

template <class Enumeration>
std::string value(std::string_view type, Enumeration enumerator)
{
    return "static_cast<" + std::string(type) + ">(" + std::to_string(static_cast<unsigned>(enumerator)) + ')';
}

std::string error_row(const Error& error)
{
    if (error.code == Errc::none) return "{}";
    return "{" + value("Errc", error.code) + ", " + value("Field", error.field) + ", "
        + value("PacketType", error.packet) + ", " + std::to_string(error.offset) + ", " + std::to_string(error.needed)
        + "}";
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
    const Result<Packet> decoded = decode(vector.bytes, vector.version.value(), vector.leniency, vector.role);
    const Error error = expected_error(vector, decoded);
    const Bytes canonical = decoded ? canonical_bytes(vector, *decoded) : Bytes{};
    std::ostringstream row;
    row << "    {\"" << vector.id << "\", " << value("Version", *vector.version) << ", "
        << value("Leniency", vector.leniency) << ", " << value("Role", vector.role) << ",\n     "
        << literal(vector.bytes) << ",\n     " << error_row(error) << ",\n     " << literal(canonical) << "},\n";
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

/// The assertions are dealt out in turn, so that each file gets its share of the large ones.
void write_assertions(const std::filesystem::path& folder, const std::vector<const Vector*>& vectors, std::size_t files)
{
    for (std::size_t file = 0; file < files; ++file) {
        std::string source = "#include \"constexpr_vectors/constant.hpp\"\n#include \"vector_table.hpp\"\n"
                             "namespace mqttwire::test {\n";
        for (std::size_t i = file; i < vectors.size(); i += files)
            source += "static_assert(holds_while_compiling(vector_table[" + std::to_string(i) + "]), \""
                + vectors[i]->id + "\");\n";
        write(folder / ("constant_" + std::to_string(file) + ".cpp"), source + "} // namespace mqttwire::test\n");
    }
}

void generate(const std::filesystem::path& folder, std::size_t files)
{
    std::vector<const Vector*> vectors;
    for (const Vector* vector : vectors_where(is_for_decoder)) {
        if (vector->bytes.size() <= largest) vectors.push_back(vector);
        else
            std::printf(
                "too large for constant expressions: %s (%zu bytes)\n", vector->id.c_str(), vector->bytes.size());
    }
    write_table(folder, vectors);
    write_assertions(folder, vectors, files);
    std::printf("%zu vectors in constant expressions\n", vectors.size());
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
