// Runs a target on stored inputs, with any compiler: a main for what libFuzzer would call.
//
//     replay PATH...
//
// A path is a folder, each file of which is an input, or a file NAME.hex with one input a line in hexadecimal digits.
// An empty line is the empty input; a line that begins with '#' says something to people.
#include "support/target.hpp"

#include <algorithm>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

namespace fs = std::filesystem;

struct Counts {
    unsigned inputs = 0;
    unsigned failures = 0;
};

/// Runs one input, in memory of exactly its size.
void run(const std::string& name, const std::vector<std::uint8_t>& input, Counts& counts)
{
    const auto memory = std::make_unique<std::uint8_t[]>(input.size());
    std::ranges::copy(input, memory.get());
    ++counts.inputs;
    try {
        LLVMFuzzerTestOneInput(memory.get(), input.size());
    } catch (const std::exception& exception) {
        ++counts.failures;
        std::fprintf(stderr, "%s: %s\n", name.c_str(), exception.what());
    }
}

std::vector<std::uint8_t> from_hex(const std::string& line)
{
    std::vector<std::uint8_t> bytes;
    bytes.reserve(line.size() / 2);
    for (std::size_t i = 0; i < line.size(); i += 2) {
        std::size_t used = 0;
        const std::string digits = line.substr(i, 2);
        const int value = std::stoi(digits, &used, 16);
        if (used != 2) throw std::runtime_error("no pair of hexadecimal digits: " + digits);
        bytes.push_back(static_cast<std::uint8_t>(value));
    }
    return bytes;
}

void run_lines(const fs::path& path, Counts& counts)
{
    std::ifstream file(path);
    unsigned number = 0;
    for (std::string line; std::getline(file, line);) {
        ++number;
        if (line.starts_with('#')) continue;
        run(path.string() + ", line " + std::to_string(number), from_hex(line), counts);
    }
    if (!file.eof()) throw std::runtime_error("cannot read " + path.string());
}

void run_file(const fs::path& path, Counts& counts)
{
    std::ifstream file(path, std::ios::binary);
    if (!file) throw std::runtime_error("cannot read " + path.string());
    const std::vector<std::uint8_t> input{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
    run(path.string(), input, counts);
}

void run_path(const fs::path& path, Counts& counts)
{
    if (path.extension() == ".hex") return run_lines(path, counts);
    if (!fs::is_directory(path)) return run_file(path, counts);
    for (const fs::directory_entry& entry : fs::directory_iterator(path)) run_path(entry.path(), counts);
}

} // namespace

int main(int argc, char** argv)
{
    Counts counts;
    try {
        for (int i = 1; i < argc; ++i) run_path(argv[i], counts);
    } catch (const std::exception& exception) {
        std::fprintf(stderr, "%s\n", exception.what());
        return 2;
    }
    std::printf("%u inputs, %u failures\n", counts.inputs, counts.failures);
    return counts.inputs != 0 && counts.failures == 0 ? 0 : 1;
}
