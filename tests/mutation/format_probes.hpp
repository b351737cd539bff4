// What the formatters make of a case: one line for the packet or the error. And what they make of all else.
#pragma once

#include "mutation/observe.hpp"

#include <mqttwire/fmt.hpp>

#include <array>
#include <span>
#include <string>

namespace mqttwire::test {

inline void observe_formatted(Digest& digest, const Case& given)
{
    const Result<Packet> packet = decode(given.bytes, given.version, given.leniency, given.role);
    if (packet) digest.add(fmt::format("{}", *packet));
    else digest.add(fmt::format("{}", packet.error()));
    digest.add(fmt::format("{}", packet));
    digest.add(fmt::format("{}", packet.let_pass()));
    const Result<Frame> frame = read_frame(given.bytes);
    digest.add(fmt::format("{}", frame));
}

/// A code point in UTF-8.
inline std::string utf8(std::uint32_t point)
{
    const auto tail = [&](unsigned shift) { return static_cast<char>(0x80U | ((point >> shift) & 0x3FU)); };
    if (point < 0x80) return {static_cast<char>(point)};
    if (point < 0x800) return {static_cast<char>(0xC0U | (point >> 6U)), tail(0)};
    if (point < 0x10000) return {static_cast<char>(0xE0U | (point >> 12U)), tail(6), tail(0)};
    return {static_cast<char>(0xF0U | (point >> 18U)), tail(12), tail(6), tail(0)};
}

/// The same without a text, for which there are too many.
inline void probe_invisible(Digest& digest)
{
    for (std::uint32_t point = 0; point < 0x110000; ++point) digest.add(formatting::is_invisible(point));
}

inline void probe_texts(Digest& digest)
{
    for (std::uint32_t point = 0; point < 0x110000; point += point < 0x3000 || point >= 0xDFF00 ? 1 : 0x7F)
        if ((point < 0xD800 || point > 0xDFFF) && (point < 0xE0100 || point > 0x10FF00))
            digest.add(fmt::format("{}", Text(utf8(point))));
    for (std::uint32_t point = 0xFD00; point < 0x10000; ++point) digest.add(fmt::format("{}", Text(utf8(point))));
    for (const char* const text : {"", "a", "\xFF", "a\xC3", "a\xE4\xB8", "\xED\xA0\x80z", "\\\"'"})
        digest.add(fmt::format("{} {}", Text(text), Binary(text)));
    for (std::size_t size = 0; size < 300; ++size) {
        const std::string text(size, 'x');
        digest.add(fmt::format("{} {}", Text(text), Binary(text)));
    }
    for (unsigned value = 0; value < 256; ++value)
        digest.add(fmt::format("{}", Binary(std::string(1, static_cast<char>(value)))));
}

inline void probe_formatted_names(Digest& digest)
{
    for (unsigned value = 0; value < 256; ++value) {
        const auto add = [&]<class Enum>(Enum) {
            digest.add(fmt::format("{0} {0:>24} {0:<24} {0:^24} {0:.2}", static_cast<Enum>(value)));
        };
        add(Version{});
        add(QoS{});
        add(RetainHandling{});
        add(PacketType{});
        add(ReasonCode{});
        add(PropertyId{});
        add(PropertyPlace{});
        add(Field{});
        add(Errc{});
        add(Role{});
        digest.add(fmt::format("{}", static_cast<Leniency>(value)));
        for (const std::uint32_t number : {0U, 1U, 300U})
            for (const Field field : {Field::packet, static_cast<Field>(value)}) {
                const Error error{static_cast<Errc>(value), field, static_cast<PacketType>(value % 17), number, number};
                digest.add(fmt::format("{} {}", error, Result<std::size_t>(error)));
            }
    }
}

/// Frames, results and parts that no case holds.
inline void probe_formatted_parts(Digest& digest)
{
    for (unsigned first = 0; first < 256; ++first)
        for (const std::string length : {"00", "8000", "02 0000", "8200 0000", "80808000"}) {
            Bytes bytes = bytes_of("00" + length);
            bytes[0] = static_cast<std::byte>(first);
            if (const auto frame = read_frame(bytes)) digest.add(fmt::format("{}", *frame));
        }
    std::array<std::byte, 40> buffer{};
    digest.add(fmt::format("{}", Result<std::span<std::byte>>(buffer)));
    Result<std::size_t> noted = std::size_t{7};
    noted.note(Leniency::bridge_bit);
    digest.add(fmt::format("{}", noted));
    const std::array pairs{UserProperty{"k", "v"}, UserProperty{"", "w"}};
    const std::array filters{Subscription{.filter = "a/b"},
        Subscription{.filter = "#", .qos = QoS::exactly_once, .no_local = true, .retain_as_published = true}};
    for (std::size_t count = 0; count < 3; ++count)
        digest.add(
            fmt::format("{} {}", List<UserProperty>(pairs.data(), count), List<Subscription>(filters.data(), count)));
    digest.add(fmt::format("{} {}", pairs[0], filters[1]));
    digest.add(fmt::format("{}", Will{.topic = "w", .payload = "p", .retain = true}));
    for (const bool bridge : {false, true})
        digest.add(fmt::format("{}", Connect{.client_id = "c", .password = "secret", .bridge = bridge}));
    for (unsigned qos = 0; qos < 4; ++qos)
        for (const std::uint16_t id : {0, 1})
            digest.add(fmt::format("{}", Publish{.topic = "t", .qos = static_cast<QoS>(qos), .packet_id = id}));
}

inline constexpr std::array format_probes{
    Probe{"invisible", probe_invisible},
    Probe{"texts", probe_texts},
    Probe{"names", probe_formatted_names},
    Probe{"parts", probe_formatted_parts},
};

} // namespace mqttwire::test
