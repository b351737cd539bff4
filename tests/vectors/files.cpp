// The vector files are what the README says of them.
#include "support/catch.hpp"
#include "support/vector.hpp"

#include <fstream>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace mqttwire::test {

namespace {

/// The cells of the README's tables whose first cell is code: that cell and the next.
std::vector<std::pair<std::string, std::string>> readme_rows()
{
    std::vector<std::pair<std::string, std::string>> rows;
    std::ifstream readme(MQTTWIRE_SOURCE_DIR "/tests/vectors/README.md");
    for (std::string line; std::getline(readme, line);) {
        if (!line.starts_with("| `")) continue;
        const std::size_t end_of_code = line.find('`', 3);
        const std::size_t second = line.find("| ", end_of_code) + 2;
        rows.emplace_back(line.substr(3, end_of_code - 3), line.substr(second, line.find(" |", second) - second));
    }
    return rows;
}

} // namespace

TEST_CASE("Each file has as many vectors as the README says", "[vectors]")
{
    std::map<std::string, std::string> in_readme;
    for (const auto& [code, next] : readme_rows())
        if (code.ends_with(".jsonl")) in_readme.emplace(code, next);
    std::map<std::string, std::string> in_files;
    for (const VectorFile& file : vector_files()) in_files.emplace(file.name, std::to_string(file.vectors.size()));
    CHECK(in_files == in_readme);
}

TEST_CASE("Each class of hostile input has as many vectors as the README says", "[vectors]")
{
    std::map<std::string, std::size_t> found;
    for (const VectorFile& file : vector_files())
        for (const Vector& vector : file.vectors)
            if (const Json* const hostile_class = vector.json.find("class")) ++found[hostile_class->text()];
    std::map<std::string, std::size_t> in_readme;
    for (const auto& [code, next] : readme_rows())
        if (found.contains(code)) in_readme.emplace(code, std::stoul(next));
    CHECK(found == in_readme);
}

TEST_CASE("The README lists the vectors of others that are not canonical", "[vectors]")
{
    std::set<std::string> in_readme;
    for (const auto& [code, next] : readme_rows())
        if (code.find('/') != std::string::npos) in_readme.insert(code);
    std::set<std::string> in_files;
    std::size_t encoded_by_others = 0;
    for (const VectorFile& file : vector_files()) {
        if (file.name != "mqtt-packet.jsonl" && file.name != "mochi-mqtt.jsonl") continue;
        for (const Vector& vector : file.vectors) {
            if (vector.canonical) continue;
            in_files.insert(vector.id);
            if (vector.encode) ++encoded_by_others;
        }
    }
    CHECK(in_files == in_readme);
    CHECK(encoded_by_others == 9);
}

TEST_CASE("No two vectors have the same id", "[vectors]")
{
    std::set<std::string> ids;
    for (const VectorFile& file : vector_files())
        for (const Vector& vector : file.vectors) {
            INFO(vector.id);
            CHECK(ids.insert(vector.id).second);
        }
}

TEST_CASE("A vector that another answer would suit too does not list its own", "[vectors]")
{
    for (const Vector* vector : vectors_where(is_for_decoder)) {
        INFO(vector->id);
        CHECK(std::ranges::find(vector->also_accept, vector->expect) == vector->also_accept.end());
    }
}

} // namespace mqttwire::test
