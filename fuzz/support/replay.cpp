// Runs a target on stored inputs, with any compiler: a main for what libFuzzer would call.
//
//     replay TARGET PATH...
//
// A path is a folder, each file of which is an input, or a file NAME.hex with one input a line in hexadecimal digits.
// An empty line is the empty input; a line that begins with '#' says something to people.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#define MQTTWIRE_REPLAYED(name) extern "C" int mqttwire_replay_##name(const std::uint8_t* data, std::size_t size);
#include "replay_targets.inc"
#undef MQTTWIRE_REPLAYED

namespace {

namespace fs = std::filesystem;

using Test = int (*)(const std::uint8_t* data, std::size_t size);

struct Target {
    std::string_view name;
    Test test;
};

constexpr Target targets[] = {
#define MQTTWIRE_REPLAYED(name) {#name, mqttwire_replay_##name},
#include "replay_targets.inc"
#undef MQTTWIRE_REPLAYED
};

/// The target of this name, or null if there is none.
Test find_target(std::string_view name)
{
    const Target* const found = std::ranges::find(targets, name, &Target::name);
    return found != std::end(targets) ? found->test : nullptr;
}

struct Replay {
    Test test = nullptr;
    unsigned inputs = 0;
    unsigned failures = 0;
};

/// Runs one input, in memory of exactly its size.
void run(const std::string& name, const std::vector<std::uint8_t>& input, Replay& replay)
{
    const auto memory = std::make_unique<std::uint8_t[]>(input.size());
    std::ranges::copy(input, memory.get());
    ++replay.inputs;
    try {
        replay.test(memory.get(), input.size());
    } catch (const std::exception& exception) {
        ++replay.failures;
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

void run_lines(const fs::path& path, Replay& replay)
{
    std::ifstream file(path);
    unsigned number = 0;
    for (std::string line; std::getline(file, line);) {
        ++number;
        if (line.starts_with('#')) continue;
        run(path.string() + ", line " + std::to_string(number), from_hex(line), replay);
    }
    if (!file.eof()) throw std::runtime_error("cannot read " + path.string());
}

void run_file(const fs::path& path, Replay& replay)
{
    std::ifstream file(path, std::ios::binary);
    if (!file) throw std::runtime_error("cannot read " + path.string());
    const std::vector<std::uint8_t> input{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
    run(path.string(), input, replay);
}

void run_path(const fs::path& path, Replay& replay)
{
    if (path.extension() == ".hex") return run_lines(path, replay);
    if (!fs::is_directory(path)) return run_file(path, replay);
    for (const fs::directory_entry& entry : fs::directory_iterator(path)) run_path(entry.path(), replay);
}

} // namespace

int main(int argc, char** argv)
{
    Replay replay{argc > 1 ? find_target(argv[1]) : nullptr};
    if (replay.test == nullptr) {
        std::fprintf(stderr, "Usage: mqttwire_replay TARGET PATH...\n");
        return 2;
    }
    try {
        for (int i = 2; i < argc; ++i) run_path(argv[i], replay);
    } catch (const std::exception& exception) {
        std::fprintf(stderr, "%s\n", exception.what());
        return 2;
    }
    std::printf("%u inputs, %u failures\n", replay.inputs, replay.failures);
    return replay.inputs != 0 && replay.failures == 0 ? 0 : 1;
}
