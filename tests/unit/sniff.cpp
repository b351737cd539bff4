// The first bytes of connections: packets of the specifications, records and requests of other protocols, all captures
// and all vectors, each cut behind every byte.
#include "mqttwire/sniff.hpp"
#include "support/vector.hpp"
#include "unit/check.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <string>

using namespace check;

namespace {

Bytes text(std::string_view characters)
{
    const auto* const first = reinterpret_cast<const std::byte*>(characters.data());
    return {first, first + characters.size()};
}

/// The answer to all of the bytes; the answers to fewer must lead to it.
Sniffed sniffed(std::span<const std::byte> bytes)
{
    const Sniffed whole = sniff(bytes);
    std::size_t wanted = 0;
    for (std::size_t size = 0; size <= bytes.size(); ++size) {
        const Sniffed part = sniff(bytes.first(size));
        const bool first_answer = part.opening != Opening::undecided;
        CAPTURE(hex(bytes.first(size)), name(part.opening), part.needed);
        if (size < wanted) CHECK((part.needed != 0 || part.opening == Opening::other));
        if (part.needed == 0) {
            CHECK(part == whole);
            CHECK(first_answer);
            break;
        }
        CHECK((first_answer || size < 16));
        CHECK(
            (part.opening == Opening::undecided || part.opening == Opening::http || part.opening == Opening::proxy_1));
        wanted = size + part.needed;
    }
    return whole;
}

Sniffed sniffed(std::string_view hex_digits) { return sniffed(bytes(hex_digits)); }

Sniffed mqtt(Version version, bool bridge = false)
{
    return {.opening = Opening::mqtt, .version = version, .bridge = bridge, .packet = PacketType::connect};
}

Sniffed other_packet(PacketType type) { return {.opening = Opening::mqtt_other_packet, .packet = type}; }

constexpr Sniffed unknown_version{.opening = Opening::mqtt_unknown_version, .packet = PacketType::connect};
constexpr Sniffed other{};

} // namespace

TEST_CASE("sniff: a CONNECT tells its version")
{
    CHECK(sniffed("10 0E 00 06 4D 51 49 73 64 70 03 02 00 3C 00 01 61") == mqtt(Version::v3_1));
    CHECK(sniffed("10 0C 00 04 4D 51 54 54 04 02 00 3C 00 00") == mqtt(Version::v3_1_1));
    CHECK(sniffed("10 0D 00 04 4D 51 54 54 05 02 00 3C 00 00 00") == mqtt(Version::v5));
    CHECK(sniffed("10 0E 00 06 4D 51 49 73 64 70 83 02 00 3C 00 01 61") == mqtt(Version::v3_1, true));
    CHECK(sniffed("10 0C 00 04 4D 51 54 54 84 02 00 3C 00 00") == mqtt(Version::v3_1_1, true));
    // The longest way to the level: a length of four bytes and the name of 3.1.
    CHECK(sniffed("10 8E 80 80 00 00 06 4D 51 49 73 64 70 03") == mqtt(Version::v3_1));
    CHECK(sniff(bytes("10 8E 80 80 00 00 06 4D 51 49 73 64 70")).needed == 1);
    // 3.1 ignores the flags of the fixed header.
    CHECK(sniffed("1F 0E 00 06 4D 51 49 73 64 70 03") == mqtt(Version::v3_1));
}

TEST_CASE("sniff: a CONNECT of another level, or of another protocol")
{
    for (unsigned level = 0; level < 256; ++level) {
        const Bytes connect = packet(0x10, bytes("00 04 4D 51 54 54") + byte(level) + bytes("02 00 3C 00 00"));
        const Bytes connect_3_1 =
            packet(0x10, bytes("00 06 4D 51 49 73 64 70") + byte(level) + bytes("02 00 3C 00 01 61"));
        const unsigned known = level & 0x7FU;
        CHECK(sniffed(connect)
            == (known == 4 || level == 5 ? mqtt(static_cast<Version>(known), level >= 0x80) : unknown_version));
        CHECK(sniffed(connect_3_1) == (known == 3 ? mqtt(Version::v3_1, level >= 0x80) : unknown_version));
    }
    CHECK(sniffed("10 0C 00 04 6D 71 74 74 04 02 00 3C 00 00") == other);
    CHECK(sniffed("10 0C 00 05 4D 51 54 54") == other);
    CHECK(sniffed("10 0C 01 04") == other);
    CHECK(sniffed("10 00") == other);
    CHECK(sniffed("10 06 00 04 4D 51 54 54") == other); // ends before the level
    CHECK(sniffed("10 07 00 06") == other);
    CHECK(sniffed("10 FF FF FF FF") == other);
    CHECK(sniff(bytes("10 06")).needed == 0);
}

TEST_CASE("sniff: what is needed")
{
    CHECK(sniff({}) == Sniffed{.opening = Opening::undecided, .needed = 2}); // PINGREQ would do
    CHECK(sniff(bytes("10")).needed == 8);
    CHECK(sniff(bytes("10 0C")).needed == 7);
    CHECK(sniff(bytes("10 0C 00")).needed == 6);
    CHECK(sniff(bytes("10 0C 00 06")).needed == 7);
    CHECK(sniff(bytes("10 0C 00 04 4D 51 54 54")).needed == 1);
    CHECK(sniff(bytes("16")).needed == 5);
    CHECK(sniff(bytes("30")).needed == 3);
    CHECK(sniff(bytes("82")).needed == 5);
    CHECK(sniff(bytes("0D 0A 0D")).needed == 13);
    CHECK(sniff(text("GE")).needed == 3);
    CHECK(sniff(text("PROX")).needed == 1); // or a PUBREC with its reason code
    CHECK(sniff(text("PROXY")).needed == 2);
    CHECK(sniff(text("PRI * HTTP/2.0")).needed == 2);
}

TEST_CASE("sniff: another MQTT packet comes first")
{
    CHECK(sniffed("C0 00") == other_packet(PacketType::pingreq));
    CHECK(sniffed("D0 00") == other_packet(PacketType::pingresp));
    CHECK(sniffed("E0 00") == other_packet(PacketType::disconnect));
    CHECK(sniffed("E0 01 04") == other_packet(PacketType::disconnect));
    CHECK(sniffed("E0 01 8C") == other_packet(PacketType::disconnect));
    CHECK(sniffed("E0 01 05") == other);
    CHECK(sniffed("F0 00") == other_packet(PacketType::auth));
    CHECK(sniffed("F0 06 18 04 15 00 01 61") == other_packet(PacketType::auth));
    CHECK(sniffed("F0 06 20") == other);
    CHECK(sniffed("20 02 00 00") == other_packet(PacketType::connack));
    CHECK(sniffed("20 03 00 87 00") == other_packet(PacketType::connack));
    CHECK(sniffed("20 03 00 01") == other);
    CHECK(sniffed("30 05 00 03 61 2F 62") == other_packet(PacketType::publish));
    CHECK(sniffed("3D 05 00 03 61 2F 62") == other_packet(PacketType::publish));
    CHECK(sniffed("36 05") == other); // QoS 3
    CHECK(sniffed("30 05 00 04") == other);
    CHECK(sniffed("30 02") == other);
    CHECK(sniffed("40 02 00 01") == other_packet(PacketType::puback));
    CHECK(sniffed("40 03 00 01 10") == other_packet(PacketType::puback));
    CHECK(sniffed("40 01") == other);
    CHECK(sniffed("41 02 00 01") == other_packet(PacketType::puback)); // 3.1 ignores the flags
    CHECK(sniffed("41 03") == other);
    CHECK(sniffed("50 02 00 01") == other_packet(PacketType::pubrec));
    CHECK(sniffed("62 02 00 01") == other_packet(PacketType::pubrel));
    CHECK(sniffed("6A 02 00 01") == other_packet(PacketType::pubrel));
    CHECK(sniffed("64 02") == other);
    CHECK(sniffed("70 02 00 01") == other_packet(PacketType::pubcomp));
    CHECK(sniffed("82 06 00 01 00 01 61 00") == other_packet(PacketType::subscribe));
    CHECK(sniffed("82 07 00 01 00 00 01 61 00") == other_packet(PacketType::subscribe));
    CHECK(sniffed("82 09 00 01 02 0B 01 00 01 61 00") == other_packet(PacketType::subscribe));
    CHECK(sniffed("82 09 00 01 02 01 01 00 01 61 00") == other); // this property may not stand there
    CHECK(sniffed("82 05") == other);
    CHECK(sniffed("80 06") == other);
    CHECK(sniffed("90 03 00 01 00") == other_packet(PacketType::suback));
    CHECK(sniffed("A2 05 00 01 00 01 61") == other_packet(PacketType::unsubscribe));
    CHECK(sniffed("A2 0C 00 01 07 26 00 01 61 00 01 62 00 01 61") == other_packet(PacketType::unsubscribe));
    CHECK(sniffed("A2 05 00 01 00 02 61") == other); // neither a filter of two bytes nor properties fit
    CHECK(sniffed("A2 05 00 01 F5 F5 F5 F5") == other); // the Property Length runs past the end
    CHECK(sniffed("B0 02 00 01") == other_packet(PacketType::unsuback));
    CHECK(sniffed("B0 04 00 01 00 11") == other_packet(PacketType::unsuback));
    CHECK(sniffed("B0 03") == other);
    CHECK(sniffed("00") == other);
}

TEST_CASE("sniff: TLS")
{
    CHECK(sniffed("16 03 01 00 4D 01").opening == Opening::tls);
    CHECK(sniffed("16 03 03 40 00 01").opening == Opening::tls);
    CHECK(sniffed("16 03 01 40 01 01") == other);
    CHECK(sniffed("16 03 01 00 03 01") == other);
    CHECK(sniffed("16 03 05") == other);
    CHECK(sniffed("16 03 01 00 4D 02") == other); // a ServerHello
    CHECK(sniffed("15 03 01 00 02 02 28") == other); // an alert
}

TEST_CASE("sniff: HTTP and WebSocket")
{
    for (const char* const request : {"GET / HTTP/1.1\r\n\r\n", "PUT / HTTP/1.0\r\n\r\n", "POST /a HTTP/1.1\r\n",
             "HEAD / ", "PATCH / ", "TRACE / ", "DELETE /", "CONNECT broker:1883 HTTP/1.1\r\n",
             "OPTIONS * HTTP/1.1\r\n", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "GET / HTTP/1.1\r\nUpgrade: h2c\r\n\r\n",
             "GET /\n\n", "GET / HTTP/1.1\r\nX-Upgrade: websocket\r\n\r\n", "GET Upgrade: websocket\r\n\r\n",
             "GET / HTTP/1.1\r\nUpgrade: websockets\r\n\r\nUpgrade: websocket\r\n"}) {
        CAPTURE(request);
        const Sniffed found = sniffed(text(request));
        CHECK(found.opening == Opening::http);
        CHECK(found.needed == 0);
    }
    for (const char* const request :
        {"GET /mqtt HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\n", "GET / HTTP/1.1\r\nupgrade:WebSocket\r\n",
            "GET / HTTP/1.1\r\nUPGRADE: \th2c , websocket \r\nConnection: Upgrade\r\n\r\n",
            "GET / HTTP/1.1\nUpgrade: websocket\n"}) {
        CAPTURE(request);
        CHECK(sniffed(text(request)) == Sniffed{.opening = Opening::websocket});
    }
    CHECK(sniffed(text("GET / HTTP/1.1\r\nUpgrade: websocket\r")) == Sniffed{.opening = Opening::http, .needed = 1});
    for (const char* const request : {"GET\t/", "GOT /", "get /", "GET  ", "PUTT /", "PRI * HTTP/1.1\r\n", "SSH-2.0-x"})
        CHECK(sniffed(text(request)) == other);
}

TEST_CASE("sniff: the PROXY protocol")
{
    const std::string tcp4 = "PROXY TCP4 192.0.2.1 192.0.2.2 40000 1883\r\n";
    CHECK(sniffed(text(tcp4 + "\x10\x0C"))
        == Sniffed{.opening = Opening::proxy_1, .length = static_cast<std::uint32_t>(tcp4.size())});
    CHECK(sniffed(text("PROXY UNKNOWN\r\n")) == Sniffed{.opening = Opening::proxy_1, .length = 15});
    CHECK(sniff(text("PROXY ")).needed == 7);
    CHECK(sniff(text("PROXY T")) == Sniffed{.opening = Opening::undecided, .needed = 4});
    CHECK(sniff(text("PROXY TCP6")) == Sniffed{.opening = Opening::undecided, .needed = 1});
    CHECK(sniff(text("PROXY TCP6 ")) == Sniffed{.opening = Opening::proxy_1, .needed = 4});
    CHECK(sniff(text("PROXY U")) == Sniffed{.opening = Opening::undecided, .needed = 6});
    CHECK(sniff(text("PROXY UNKNOWN")) == Sniffed{.opening = Opening::proxy_1, .needed = 2});
    for (const char* line : {"PROXY T\r\n", "PROXY TCP5 ", "PROXY TCP4\r\n", "PROXY UDP4 x\r\n", "PROXY UNKNOWM"})
        CHECK(sniffed(text(line)) == other);
    CHECK(sniff(text("PROXY UNKNOWN 1234")) == Sniffed{.opening = Opening::proxy_1, .needed = 2});
    CHECK(sniff(text("PROXY UNKNOWN 1234\r")) == Sniffed{.opening = Opening::proxy_1, .needed = 1});
    CHECK(sniffed(text("PROXY X")) == other);
    const std::string line = "PROXY UNKNOWN " + std::string(91, 'x');
    CHECK(sniffed(text(line + "\r\n")) == Sniffed{.opening = Opening::proxy_1, .length = 107});
    CHECK(sniff(text(line)).needed == 2);
    CHECK(sniff(text(line + "x")).needed == 1);
    CHECK(sniff(text(line + "xx")) == other);
    CHECK(sniff(text(line + "x\r\n")) == other);

    const Bytes signature = bytes("0D 0A 0D 0A 00 0D 0A 51 55 49 54 0A");
    CHECK(sniffed(signature + bytes("21 11 00 0C")) == Sniffed{.opening = Opening::proxy_2, .length = 28});
    CHECK(sniffed(signature + bytes("20 00 00 00")) == Sniffed{.opening = Opening::proxy_2, .length = 16});
    CHECK(sniffed(signature + bytes("21 11 FF FF 00")) == Sniffed{.opening = Opening::proxy_2, .length = 65'551});
    CHECK(sniffed(signature + bytes("21 32 00 00")) == Sniffed{.opening = Opening::proxy_2, .length = 16});
    // Another version, command, family, transport.
    for (const char* behind : {"11", "22", "2F", "21 41", "21 FF", "21 13", "20 0F"})
        CHECK(sniffed(signature + bytes(behind)) == other);
}

TEST_CASE("sniff: while compiling")
{
    constexpr std::array connect{std::byte{0x10}, std::byte{0x0C}, std::byte{0}, std::byte{4}, std::byte{'M'},
        std::byte{'Q'}, std::byte{'T'}, std::byte{'T'}, std::byte{5}};
    STATIC_REQUIRE(sniff(connect).version == Version::v5);
    STATIC_REQUIRE(sniff(std::span(connect).first(8)).needed == 1);
    STATIC_REQUIRE(name(sniff(connect).opening) == "mqtt");
    STATIC_REQUIRE(name(Opening::other) == "other");
}

TEST_CASE("sniff: every capture of a client")
{
    std::ifstream manifest(MQTTWIRE_SOURCE_DIR "/tests/captures/manifest.tsv");
    std::size_t clients = 0;
    for (std::string line; std::getline(manifest, line);) {
        const std::string file = line.substr(0, line.find('\t'));
        const std::string version = line.substr(file.size() + 1, line.find('\t', file.size() + 1) - file.size() - 1);
        std::ifstream capture(std::filesystem::path(MQTTWIRE_SOURCE_DIR "/tests/captures") / file, std::ios::binary);
        const std::string stream((std::istreambuf_iterator<char>(capture)), {});
        CAPTURE(file);
        if (file.ends_with(".client.bin")) {
            CHECK(sniffed(text(stream)) == mqtt(version_named(version).value()));
            ++clients;
        } else if (file.ends_with(".server.bin")) {
            CHECK(sniffed(text(stream)) == other_packet(PacketType::connack));
        }
    }
    CHECK(clients > 30);
}

TEST_CASE("sniff: every vector that is a valid packet")
{
    const auto vectors = test::vectors_where(test::is_valid_packet);
    CHECK(vectors.size() > 300);
    for (const test::Vector* const vector : vectors) {
        CAPTURE(vector->id);
        const Packet decoded = decode_vector(*vector).value();
        const auto* const connect = std::get_if<Connect>(&decoded);
        CHECK(sniffed(vector->bytes)
            == (connect != nullptr ? mqtt(connect->version.value(), connect->bridge) : other_packet(type_of(decoded))));
    }
}

TEST_CASE("sniff: every vector of another protocol")
{
    const std::map<std::string_view, Opening> openings{{"tls-client-hello", Opening::tls},
        {"tls-client-hello-5.0", Opening::tls}, {"tls-client-hello-dribbled", Opening::tls},
        {"tls-client-hello-begun", Opening::undecided}, {"tls-alert", Opening::other},
        {"http-get-short", Opening::http}, {"http-get-long", Opening::http}, {"http-post", Opening::http},
        {"http-put-short", Opening::http}, {"http-2-preface", Opening::http}, {"http-head", Opening::http},
        {"websocket-frame", Opening::other}, {"ssh", Opening::other}, {"proxy-protocol-1", Opening::proxy_1},
        {"proxy-protocol-2", Opening::proxy_2}, {"mqtt-sn-connect", Opening::other}, {"dns-over-tcp", Opening::other},
        {"rdp", Opening::other}, {"dtls-client-hello-5.0", Opening::other}, {"amqp", Opening::other},
        {"redis", Opening::other}};
    constexpr std::string_view prefix = "hostile/other-protocol/";
    std::size_t found = 0;
    for (const test::Vector* const vector : test::vectors_where([](const auto&) { return true; })) {
        if (!vector->id.starts_with(prefix)) continue;
        CAPTURE(vector->id);
        CHECK(name(sniffed(vector->bytes).opening)
            == name(openings.at(std::string_view(vector->id).substr(prefix.size()))));
        ++found;
    }
    CHECK(found == openings.size());
}

TEST_CASE("sniff: every other vector gets the answer of its protocol head")
{
    for (const test::Vector* const vector :
        test::vectors_where([](const auto& each) { return !each.is_for_encoder; })) {
        CAPTURE(vector->id);
        const Sniffed found = sniffed(std::span(vector->bytes).first(std::min<std::size_t>(vector->bytes.size(), 300)));
        const auto protocol = requested_protocol(vector->bytes);
        if (!protocol) continue;
        const bool named = protocol->name == "MQTT" || protocol->name == "MQIsdp";
        CHECK((found.packet == PacketType::connect) == named);
    }
}

TEST_CASE("sniff: every short packet that decodes is an MQTT packet")
{
    for (unsigned first = 0; first < 256; ++first)
        for (std::size_t length = 0; length < 8; ++length)
            for (const unsigned filler : {0U, 1U, 0x61U}) {
                Bytes packet{static_cast<std::byte>(first), static_cast<std::byte>(length)};
                // An identifier, and then what may be a text, codes or properties.
                for (std::size_t i = 0; i < length; ++i)
                    packet.push_back(static_cast<std::byte>(i == 1 || i == 3 ? 1U : i > 3 ? filler : 0U));
                const bool decodes = std::any_of(versions.begin(), versions.end(),
                    [&](Version version) { return decode(packet, version).has_value(); });
                if (!decodes || first >> 4U == 1) continue;
                CAPTURE(hex(packet));
                CHECK(sniff(packet).opening == Opening::mqtt_other_packet);
            }
}
