#include "captures.hpp"

#include <fstream>
#include <iterator>
#include <sstream>
#include <stdexcept>

namespace mqttwire::test {

namespace {

const std::string folder = MQTTWIRE_SOURCE_DIR "/tests/captures/";

std::string read_file(const std::string& path)
{
    std::ifstream input(path, std::ios::binary);
    if (!input) throw std::runtime_error("cannot read " + path);
    return {std::istreambuf_iterator<char>(input), {}};
}

} // namespace

std::vector<CapturedStream> captured_streams()
{
    std::istringstream manifest(read_file(folder + "manifest.tsv"));
    std::vector<CapturedStream> streams;
    std::string line;
    std::getline(manifest, line); // the heads of the columns
    while (std::getline(manifest, line)) {
        std::istringstream row(line);
        std::string file, version, sender_role, sender, packets;
        for (std::string* const cell : {&file, &version, &sender_role, &sender, &packets})
            std::getline(row, *cell, '\t');
        streams.push_back({file, version_named(version).value(), sender_role == "client", std::stoul(packets),
            read_file(folder + file)});
    }
    return streams;
}

} // namespace mqttwire::test
