// Every capture of real traffic: read through the Framer, decoded, and written again.
#include "support/catch.hpp"
#include "support/hex.hpp"

#include <mqttwire/mqttwire.hpp>

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace mqttwire::test {

namespace {

const std::filesystem::path folder = MQTTWIRE_SOURCE_DIR "/tests/captures";

/// A row of manifest.tsv.
struct Capture {
    std::string file;
    Version version{};
    Role receiver{};
    std::size_t packets{};
    bool canonical{};
    std::set<std::size_t> not_canonical; ///< indices of the packets that the note names
};

std::vector<std::string> split(std::string_view text, std::string_view separator)
{
    std::vector<std::string> parts;
    for (std::size_t at = 0; at != std::string_view::npos;) {
        const std::size_t end = text.find(separator, at);
        parts.emplace_back(text.substr(at, end - at));
        at = end == std::string_view::npos ? end : end + separator.size();
    }
    return parts;
}

std::set<std::size_t> indices_in(std::string_view note)
{
    std::set<std::size_t> indices;
    if (note.empty()) return indices;
    for (const std::string& item : split(note, "; ")) indices.insert(std::stoul(item.substr(0, item.find(':'))));
    return indices;
}

std::vector<Capture> read_manifest()
{
    std::ifstream input(folder / "manifest.tsv");
    std::string line;
    std::getline(input, line);
    REQUIRE(line == "file\tversion\tsender_role\tsender\tpackets\tcanonical\tnote\tdescription");
    std::vector<Capture> captures;
    while (std::getline(input, line)) {
        const std::vector<std::string> cells = split(line, "\t");
        REQUIRE(cells.size() == 8);
        REQUIRE((cells[2] == "client" || cells[2] == "server"));
        REQUIRE((cells[5] == "yes" || cells[5] == "no"));
        captures.push_back({.file = cells[0],
            .version = version_named(cells[1]).value(),
            .receiver = cells[2] == "client" ? Role::server : Role::client,
            .packets = std::stoul(cells[4]),
            .canonical = cells[5] == "yes",
            .not_canonical = indices_in(cells[6])});
    }
    return captures;
}

Bytes read_bytes(const std::string& file)
{
    std::ifstream input(folder / file, std::ios::binary);
    REQUIRE(input);
    const std::string content(std::istreambuf_iterator<char>(input), {});
    const auto* const first = reinterpret_cast<const std::byte*>(content.data());
    return {first, first + content.size()};
}

/// Every packet of the stream, as bytes of its own, when it comes in chunks of this size.
std::vector<Bytes> packets_of(std::span<const std::byte> stream, std::size_t chunk_size)
{
    Bytes storage(stream.size());
    Framer framer(storage);
    std::vector<Bytes> packets;
    while (!stream.empty()) {
        std::span<const std::byte> chunk = stream.first(std::min(chunk_size, stream.size()));
        stream = stream.subspan(chunk.size());
        while (const std::optional<Frame> frame = framer.next(chunk))
            packets.emplace_back(frame->bytes().begin(), frame->bytes().end());
    }
    CHECK(framer.at_boundary());
    return packets;
}

Packet decode_packet(const Bytes& bytes, const Capture& capture)
{
    const Result<Packet> packet = decode(bytes, capture.version, Leniency::none, capture.receiver);
    if (!packet) FAIL(to_hex(bytes) << ": " << text(packet.error().code));
    if (const auto* const connect = std::get_if<Connect>(&*packet)) CHECK(connect->version == capture.version);
    return *packet;
}

Bytes encode_packet(const Packet& packet, const Capture& capture)
{
    const Result<std::size_t> size = encoded_size(packet, capture.version, Leniency::none, capture.receiver);
    REQUIRE(size);
    Bytes buffer(*size);
    REQUIRE(encode(packet, buffer, capture.version, Leniency::none, capture.receiver));
    return buffer;
}

} // namespace

TEST_CASE("The manifest lists every capture", "[captures]")
{
    std::set<std::string> listed;
    for (const Capture& capture : read_manifest()) listed.insert(capture.file);
    std::set<std::string> present;
    for (const auto& entry : std::filesystem::directory_iterator(folder))
        if (entry.path().extension() == ".bin") present.insert(entry.path().filename().string());
    CHECK(listed == present);
    CHECK(present.size() == 90);
}

TEST_CASE("A capture holds as many packets as the manifest says, however it is cut", "[captures][framer]")
{
    for (const Capture& capture : read_manifest()) {
        INFO(capture.file);
        const Bytes stream = read_bytes(capture.file);
        const std::vector<Bytes> whole = packets_of(stream, stream.size());
        CHECK(whole.size() == capture.packets);
        for (const std::size_t chunk_size : {1U, 2U, 3U, 7U, 100U, 1460U})
            CHECK((packets_of(stream, chunk_size) == whole));
    }
}

TEST_CASE(
    "Each packet of a capture is written as it came if it was canonical, else so that it says the same", "[captures]")
{
    for (const Capture& capture : read_manifest()) {
        INFO(capture.file);
        const Bytes stream = read_bytes(capture.file);
        std::set<std::size_t> not_canonical;
        const std::vector<Bytes> packets = packets_of(stream, stream.size());
        for (std::size_t index = 0; index < packets.size(); ++index) {
            INFO("packet " << index);
            const Packet packet = decode_packet(packets[index], capture);
            const Bytes written = encode_packet(packet, capture);
            if (!same_bytes(written, packets[index])) not_canonical.insert(index);
            CHECK((decode_packet(written, capture) == packet));
        }
        CHECK(not_canonical == capture.not_canonical);
        CHECK(capture.canonical == not_canonical.empty());
    }
}

TEST_CASE("The receiver's role is needed: from the other side many packets would be refused", "[captures]")
{
    for (const Capture& capture : read_manifest()) {
        INFO(capture.file);
        const Role other = capture.receiver == Role::client ? Role::server : Role::client;
        const Bytes stream = read_bytes(capture.file);
        const Result<Packet> first = decode(packets_of(stream, stream.size()).front(), capture.version, {}, other);
        REQUIRE_FALSE(first); // CONNECT or CONNACK
        CHECK(name(first.error().code) == name(Errc::wrong_direction));
    }
}

} // namespace mqttwire::test
