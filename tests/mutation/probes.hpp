// The small types of the interface, and packets that the cases lack.
#pragma once
#include "mutation/encode_probes.hpp"

#include <array>
#include <string>
#include <string_view>
#include <utility>

namespace mqttwire::test {

inline void probe_views(Digest& digest)
{
    const std::array bytes{std::byte{'a'}, std::byte{'b'}, std::byte{'c'}};
    const std::array<unsigned char, 3> raw{'a', 'b', 'c'};
    const std::string string = "abc";
    const std::vector<Text> texts{Text("abc"), Text(string), Text(bytes.data(), 3), Text(), Text("ab"), Text("abd"),
        Text("abc").substr(1), Text(bytes.data(), 3).substr(1, 1), Text("abc").substr(1, 9), Text("abc").substr(3)};
    const std::vector<Binary> data{Binary("abc"), Binary(string), Binary(bytes), Binary(raw), Binary(), Binary("b")};
    for (const Text& a : texts) {
        for (const Text& b : texts) digest.add(a == b);
        digest.add(a == "abc");
        digest.add(a == string);
        for (const std::string_view prefix : {"", "a", "b", "abc", "abcd"}) digest.add(a.starts_with(prefix));
        digest.add(a.view());
        for (const char c : a) digest.add(c);
        if (a.empty()) continue;
        digest.add(a.front());
        digest.add(a.back());
    }
    for (const Binary& a : data) {
        for (const Binary& b : data) digest.add(a == b);
        digest.add(a == bytes);
        digest.add(a.span());
        digest.add(a.view());
        for (auto i = a.begin(); i != a.end(); i++) digest.add(*i);
    }
    for (const std::size_t size : {0x7FFFFFFFU, 0x80000000U, 0xFFFFFFFFU}) {
        digest.add(Text(std::string_view("", size)).size());
        digest.add(Binary(bytes.data(), size).size());
    }
}

inline void probe_lists(Digest& digest)
{
    const std::array numbers{1U, 2U, 3U};
    const std::array others{1U, 2U, 4U};
    const std::array packet{std::byte{0x0B}, std::byte{1}, std::byte{0x26}, std::byte{0}, std::byte{1}, std::byte{'k'},
        std::byte{0}, std::byte{1}, std::byte{'v'}, std::byte{0x0B}, std::byte{2}, std::byte{0x0B}, std::byte{3}};
    List<std::uint32_t> decoded;
    for (const std::size_t at : {0U, 9U, 11U})
        decoded.add_property(packet.data() + at, packet.data() + 13, Version::v5);
    const std::vector<List<std::uint32_t>> lists{numbers, others, decoded, {}, List<std::uint32_t>(numbers.data(), 2)};
    for (const auto& a : lists) {
        for (const auto& b : lists) digest.add(a == b);
        digest.add(a.size());
        digest.add(a.empty());
        for (auto i = a.begin(); i != a.end(); i++) digest.add(*i);
        for (std::size_t i = 0; i < a.size(); ++i) digest.add(a[i]);
        if (!a.empty()) digest.add(a.front());
        unsigned calls = 0;
        digest.add(a.all_of([&](std::uint32_t value) { return ++calls, value < 2; }));
        digest.add(calls);
        digest.add(a.all_of([](std::uint32_t) { return true; }));
    }
    digest.add(List<std::uint32_t>(numbers.data(), 0x1'0000'0001).size());
}

/// Lists whose elements stand among properties of every type.
inline void probe_scattered_lists(Digest& digest)
{
    const Bytes head = bytes_of("0003612F62");
    const std::array others{"01 01", "02 00000B26", "03 0002 0B26", "09 0002 0B0B", "23 000B", "03 0000"};
    for (const std::string pick : {"0B C801", "26 00016B 000176"})
        for (const char* const other : others) {
            const Bytes block = bytes_of(pick + other + pick);
            Bytes packet{std::byte{0x30}, static_cast<std::byte>(head.size() + 1 + block.size())};
            packet.insert(packet.end(), head.begin(), head.end());
            packet.push_back(static_cast<std::byte>(block.size()));
            packet.insert(packet.end(), block.begin(), block.end());
            observe(digest, Case{"", Version::v5, Leniency::none, Role::unknown, packet});
        }
}

/// Acknowledgements and the like with every number of bytes that their short
/// forms have.
inline void probe_short_forms(Digest& digest)
{
    for (const std::string first : {"40", "50", "62", "60", "70", "E0", "F0"})
        for (const char* const body : {"00", "01 00", "01 18", "01 8C", "02 0001", "02 0000", "02 1800", "03 000100",
                 "03 000110", "03 150000", "04 00010000", "04 00019200", "05 1803150000", "06 1804150001 6D"})
            for (const Leniency leniency : {Leniency::none, static_cast<Leniency>(0x3F)})
                for (const Version version : versions)
                    for (const Role role : roles)
                        observe(digest, Case{"", version, leniency, role, bytes_of(first + body)});
}

template <class... Alternatives>
void observe_nothing(Digest& digest, std::type_identity<std::variant<Alternatives...>>)
{
    for (const Version version : versions) (digest.add(Alternatives::decode({}, version).error()), ...);
    static_assert((!Alternatives::decode({}, Version::v5).has_value() && ...));
}

/// Packets that are cut off at their very beginning, and a CONNECT that is cut
/// off in its protocol.
inline void probe_cut_off(Digest& digest)
{
    observe_nothing(digest, std::type_identity<Packet>{});
    for (const char* const text : {"", "10", "1000", "1001 00", "1002 0000", "1002 0004", "1003 000004", "1003 000003",
             "1006 00044D515454", "1007 00044D51545404", "1007 00044D51545405", "1008 00064D514973 6470",
             "1009 00064D5149736470 03", "1007 00044D51545484", "1004 0001 4D04", "1003 0000 05"})
        for (const Version version : versions)
            observe(digest, Case{"", version, Leniency::none, Role::unknown, bytes_of(text)});
}

/// Leniency and role as constants, which let the library take a way of its own.
inline void probe_constants(Digest& digest)
{
    const Bytes pubrel = bytes_of("60020001");
    const Bytes disconnect = bytes_of("E007 0005 1100000001");
    const auto add = [&](const auto& result) { digest.add(result.has_value()); };
    std::array<std::byte, 16> buffer{};
    const Disconnect expiry{.properties = {.session_expiry_interval = 1}};
    for (const Version version : versions) {
        for (const Role role : roles) {
            add(Disconnect::decode(disconnect, version, Leniency::none, role));
            add(expiry.encode(buffer, version, Leniency::none, role));
            add(PubRel::decode(pubrel, version, Leniency::pubrel_flags_0000, role));
        }
        for (const Leniency leniency : write_leniencies) {
            add(PubRel::decode(pubrel, version, leniency, Role::unknown));
            add(Disconnect::decode(disconnect, version, leniency, Role::client));
            add(expiry.encode(buffer, version, leniency, Role::client));
        }
        add(PubRel::decode(pubrel, version));
        add(PubRel::decode(pubrel, version, Leniency::pubrel_flags_0000, Role::unknown));
        add(Disconnect::decode(disconnect, version, Leniency::none, Role::client));
        add(expiry.encode(buffer, version, Leniency::none, Role::client));
        add(expiry.encode(buffer, version));
    }
}

inline void observe_guarded_framer(Digest& digest, std::string_view stream, std::size_t room)
{
    std::array<std::byte, 16> guarded{};
    guarded.fill(std::byte{0xA5});
    Framer framer{std::span(guarded).first(room)};
    observe_framer(digest, bytes_of(stream), 1, framer);
    digest.add(std::span<const std::byte>(guarded));
}

/// Storage that is too small, and that nothing is written behind.
inline void probe_framer(Digest& digest)
{
    digest.add(max_packet_size);
    for (const char* const stream : {"C000", "40020001", "C080808000D000", "30808080", "C0FFFFFFFF", "00", "308080"})
        for (const std::size_t room : {0U, 1U, 2U, 3U, 4U, 5U, 6U}) observe_guarded_framer(digest, stream, room);
    // A header of five bytes, while compiling, which finds every access outside
    // an array.
    static_assert([] {
        const std::array stream{std::byte{0xC0}, std::byte{0x80}, std::byte{0x80}, std::byte{0x80}, std::byte{0}};
        std::array<std::byte, 5> storage{};
        Framer framer(storage);
        std::size_t frames = 0;
        for (const std::byte& each : stream) {
            std::span<const std::byte> chunk(&each, 1);
            if (framer.next(chunk)) ++frames;
        }
        return frames == 1;
    }());
}

/// Packets about where their Remaining Length takes a byte more, whole in a chunk and not.
inline void probe_long_frames(Digest& digest)
{
    for (const std::uint32_t length : {0U, 127U, 128U, 16'383U, 16'384U, 2'097'151U, 2'097'152U}) {
        Bytes stream(5 + length, std::byte{0});
        stream[0] = std::byte{0x30};
        wire::store_varint(stream.data() + 1, length);
        std::array<std::byte, 8> storage{};
        for (const std::size_t cut : {0U, 1U, 4U, 5U}) {
            Framer framer(storage);
            observe_framer(digest, std::span(stream).first(stream.size() - cut), stream.size(), framer);
        }
    }
}

template <class T>
void observe_result(Digest& digest, const Result<T>& result, const T& otherwise)
{
    const Result<T> copy = result;
    Result<T> assigned = otherwise;
    assigned = copy;
    assigned = std::as_const(assigned);
    digest.add(result == copy && copy == assigned);
    digest.add(result == Result<T>(otherwise));
    digest.add(result == otherwise);
    digest.add(result.has_value());
    digest.add(static_cast<bool>(result));
    digest.add(result.value_or(otherwise) == otherwise);
    digest.add(result.transform([](const T& value) { return value; }) == result);
    digest.add(result.and_then([](const T&) -> Result<int> { return 1; }) == 1);
    digest.add(result.or_else([&](const Error&) -> Result<T> { return otherwise; }).has_value());
    digest.add(result.let_pass());
    if (result) digest.add(result.value() == *result);
    else digest.add(result.error());
}

inline void probe_results(Digest& digest)
{
    for (const unsigned value : {1U, 2U}) observe_result<unsigned>(digest, value, 2U);
    observe_result<unsigned>(digest, Error{.code = Errc::qos_3}, 2U);
    observe_result<std::string>(digest, std::string(99, 'a'), "b");
    observe_result<std::string>(digest, Error{.code = Errc::qos_3}, "b");
    Result<unsigned> failed = 1U;
    failed.note(Leniency::bridge_bit);
    observe_result<unsigned>(digest, failed, 1U);
    failed.fail(Error{.code = Errc::qos_3});
    observe_result<unsigned>(digest, failed, 1U);
}

inline constexpr std::array packet_probes{
    Probe{"views", probe_views},
    Probe{"lists", probe_lists},
    Probe{"results", probe_results},
    Probe{"scattered lists", probe_scattered_lists},
    Probe{"short forms", probe_short_forms},
    Probe{"cut off", probe_cut_off},
    Probe{"constants", probe_constants},
    Probe{"framer", probe_framer},
    Probe{"long frames", probe_long_frames},
    Probe{"publish", probe_publish},
    Probe{"connect", probe_connect},
    Probe{"subscribe", probe_subscribe},
    Probe{"reason codes", probe_reason_codes},
    Probe{"properties", probe_properties},
};

} // namespace mqttwire::test
