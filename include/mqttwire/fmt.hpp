// Formatters for fmt (9.1 or later): every packet, part of a packet, enumeration, view, Error and Result as one line.
//
//     fmt::print("{}\n", packet);
//     PUBLISH topic: "sensors/1/temp", payload: "21.5", qos: at_least_once, retain: false, dup: false, packet_id: 7
//
// A line is fit for a log whatever a peer has sent. Text stands whole and in quotes; quotes, backslashes and characters
// that do not show (formatting/invisible.hpp) are escaped. Binary data is escaped and cut behind 32 bytes, and then its
// size is told. Passwords and authentication data are secrets: only their size is shown, and of a frame or an encoded
// packet, which may hold them, only the outside. Who wants to see a secret formats it by itself. Left out are members
// that hold nothing: an empty optional or list, properties of which none is given, the packet identifier of a PUBLISH
// with QoS 0, a bridge bit that is not set.
//
// Enumerations take the format specification of a string ("{:>12}"), everything else takes none. This is the only
// header that needs fmt; mqttwire.hpp does not include it.
#pragma once

#include "mqttwire/config.hpp"
#include "mqttwire/formatting/invisible.hpp"
#include "mqttwire/mqttwire.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <type_traits>
#include <variant>

namespace mqttwire::inline MQTTWIRE_ABI::formatting {

/// Bytes of binary data that are shown.
inline constexpr std::size_t binary_shown = 32;

/// A value of which only the size may be seen.
struct Secret {
    const Binary& value;
};

// The members of each struct by name. The structured bindings name all of them, so that a member cannot be forgotten.

template <class Visit>
constexpr void each_member(const Will& will, Visit&& visit)
{
    const auto& [topic, payload, qos, retain, properties] = will;
    visit("topic", topic);
    visit("payload", payload);
    visit("qos", qos);
    visit("retain", retain);
    visit("properties", properties);
}

template <class Visit>
constexpr void each_member(const Connect& packet, Visit&& visit)
{
    const auto& [client_id, clean_start, keep_alive, will, user_name, password, properties, version, bridge] = packet;
    visit("version", version);
    if (bridge) visit("bridge", bridge);
    visit("client_id", client_id);
    visit("clean_start", clean_start);
    visit("keep_alive", keep_alive);
    visit("will", will);
    visit("user_name", user_name);
    if (password) visit("password", Secret{*password});
    visit("properties", properties);
}

template <class Visit>
constexpr void each_member(const ConnAck& packet, Visit&& visit)
{
    const auto& [session_present, reason_code, properties] = packet;
    visit("session_present", session_present);
    visit("reason_code", reason_code);
    visit("properties", properties);
}

template <class Visit>
constexpr void each_member(const Publish& packet, Visit&& visit)
{
    const auto& [topic, payload, qos, retain, dup, packet_id, properties] = packet;
    visit("topic", topic);
    visit("payload", payload);
    visit("qos", qos);
    visit("retain", retain);
    visit("dup", dup);
    if (qos != QoS::at_most_once || packet_id != 0) visit("packet_id", packet_id);
    visit("properties", properties);
}

template <PacketType Type, class Visit>
constexpr void each_member(const Acknowledgement<Type>& packet, Visit&& visit)
{
    const auto& [packet_id, reason_code, properties] = packet;
    visit("packet_id", packet_id);
    visit("reason_code", reason_code);
    visit("properties", properties);
}

template <class Visit>
constexpr void each_member(const Subscription& subscription, Visit&& visit)
{
    const auto& [filter, qos, no_local, retain_as_published, retain_handling] = subscription;
    visit("filter", filter);
    visit("qos", qos);
    visit("no_local", no_local);
    visit("retain_as_published", retain_as_published);
    visit("retain_handling", retain_handling);
}

template <class Visit>
constexpr void each_member(const Subscribe& packet, Visit&& visit)
{
    const auto& [packet_id, filters, properties] = packet;
    visit("packet_id", packet_id);
    visit("filters", filters);
    visit("properties", properties);
}

template <class Visit>
constexpr void each_member(const SubAck& packet, Visit&& visit)
{
    const auto& [packet_id, reason_codes, properties] = packet;
    visit("packet_id", packet_id);
    visit("reason_codes", reason_codes);
    visit("properties", properties);
}

template <class Visit>
constexpr void each_member(const Unsubscribe& packet, Visit&& visit)
{
    const auto& [packet_id, filters, properties] = packet;
    visit("packet_id", packet_id);
    visit("filters", filters);
    visit("properties", properties);
}

template <class Visit>
constexpr void each_member(const UnsubAck& packet, Visit&& visit)
{
    const auto& [packet_id, reason_codes, properties] = packet;
    visit("packet_id", packet_id);
    visit("reason_codes", reason_codes);
    visit("properties", properties);
}

template <PacketType Type, class Visit>
constexpr void each_member(const Ping<Type>&, Visit&&)
{
}

template <class Visit>
constexpr void each_member(const Disconnect& packet, Visit&& visit)
{
    const auto& [reason_code, properties] = packet;
    visit("reason_code", reason_code);
    visit("properties", properties);
}

template <class Visit>
constexpr void each_member(const Auth& packet, Visit&& visit)
{
    const auto& [reason_code, properties] = packet;
    visit("reason_code", reason_code);
    visit("properties", properties);
}

/// The walker that gives each property of a struct to `visit`, by name.
template <class Visit>
struct PropertyWalk {
    Visit& visit;

    template <class... Slots>
    constexpr bool slots(Slots... slots) const
    {
        (one(slots), ...);
        return true;
    }

private:
    template <PropertyId Id, class Member>
    constexpr void one(wire::Slot<Id, Member> slot) const
    {
        if constexpr (Id == PropertyId::authentication_data) {
            if (slot.member) visit(slot.row.name, Secret{*slot.member});
        } else {
            visit(slot.row.name, slot.member);
        }
    }
};

/// A walker that looks at nothing.
struct IdleWalk {
    template <class... Slots>
    bool slots(Slots...) const;
};

/// A struct of properties describes itself to walkers.
template <class T>
concept PropertyStruct = requires(const T& properties, const IdleWalk& walk) {
    { T::walk(walk, properties) } -> std::same_as<bool>;
};

template <PropertyStruct Properties, class Visit>
constexpr void each_member(const Properties& properties, Visit&& visit)
{
    const PropertyWalk<std::remove_reference_t<Visit>> walk{visit};
    Properties::walk(walk, properties);
}

/// A packet tells its type.
template <class T>
concept PacketStruct = requires(const T& packet) {
    { T::type } -> std::convertible_to<PacketType>;
    packet.encoded_size(Version::v5);
};

// Whether a member holds anything that is to be shown.

template <class T>
constexpr bool is_shown(const T&) noexcept
{
    return true;
}
template <class T>
constexpr bool is_shown(const std::optional<T>& value) noexcept
{
    return value.has_value();
}
template <class T>
constexpr bool is_shown(const List<T>& list) noexcept
{
    return !list.empty();
}
template <PropertyStruct Properties>
constexpr bool is_shown(const Properties& properties) noexcept
{
    bool shown = false;
    each_member(properties, [&shown](std::string_view, const auto& value) { shown = shown || is_shown(value); });
    return shown;
}

/// The name of an enumerator, or the value in hexadecimal where it has none.
class EnumeratorName {
public:
    constexpr EnumeratorName(std::string_view name, std::uint8_t value) noexcept
        : name_(name), hexadecimal_{'0', 'x', "0123456789abcdef"[value >> 4U], "0123456789abcdef"[value & 0x0FU]}
    {
    }
    constexpr std::string_view view() const noexcept
    {
        return name_.empty() ? std::string_view(hexadecimal_.data(), hexadecimal_.size()) : name_;
    }

private:
    std::string_view name_;
    std::array<char, 4> hexadecimal_;
};

template <class Enumeration>
constexpr EnumeratorName enumerator_name(Enumeration value) noexcept
{
    return {name(value), static_cast<std::uint8_t>(value)};
}

/// Writes one line, a character at a time, to an output iterator.
template <class Out>
class Line {
public:
    explicit Line(Out out) : out_(out) {}
    Out out() const { return out_; }

    void print(bool value) { raw(value ? "true" : "false"); }

    template <std::unsigned_integral Number>
    void print(Number value)
    {
        std::array<char, 20> digits{};
        const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
        raw({digits.data(), static_cast<std::size_t>(end - digits.data())});
    }

    template <class Enumeration>
        requires std::is_enum_v<Enumeration>
    void print(Enumeration value)
    {
        raw(enumerator_name(value).view());
    }

    /// By the name that the code has in the packet that is being printed.
    void print(ReasonCode code) { raw(EnumeratorName(name(code, packet_), static_cast<std::uint8_t>(code)).view()); }

    void print(const Text& text)
    {
        raw('"');
        for (std::size_t index = 0; index < text.size();) {
            const wire::CodePoint point = wire::code_point_at(text, index);
            if (point.size == 0) hexadecimal("\\x", byte_at(text, index), "");
            else if (!is_invisible(point.value)) print_visible(text, index, point.size);
            else if (!print_short_escape(point.value)) hexadecimal("\\u{", point.value, "}");
            index += point.size == 0 ? 1 : point.size;
        }
        raw('"');
    }

    void print(const Binary& binary)
    {
        raw('"');
        for (std::size_t index = 0; index < binary.size() && index < binary_shown; ++index) {
            const std::uint32_t byte = byte_at(binary, index);
            if (byte >= 0x20 && byte < 0x7F) print_visible(binary, index, 1);
            else if (!print_short_escape(byte)) hexadecimal("\\x", byte, "");
        }
        raw('"');
        if (binary.size() <= binary_shown) return;
        raw("... (");
        print_size(binary.size());
        raw(')');
    }

    void print(Secret secret) { print_size(secret.value.size()); }

    void print(const UserProperty& property)
    {
        print(property.name);
        raw(": ");
        print(property.value);
    }

    template <class T>
    void print(const std::optional<T>& value)
    {
        print(*value);
    }

    template <class T>
    void print(const List<T>& list)
    {
        raw('[');
        std::string_view separator;
        for (const T& element : list) {
            raw(separator);
            print(element);
            separator = ", ";
        }
        raw(']');
    }

    void print(const Will& will) { print_in_braces(will); }
    void print(const Subscription& subscription) { print_in_braces(subscription); }

    template <PropertyStruct Properties>
    void print(const Properties& properties)
    {
        print_in_braces(properties);
    }

    template <PacketStruct AnyPacket>
    void print(const AnyPacket& packet)
    {
        packet_ = AnyPacket::type;
        print(packet_);
        print_members(packet, " ");
    }

    void print(const Packet& packet)
    {
        std::visit([this](const auto& held) { this->print(held); }, packet);
    }

    void print(const Frame& frame)
    {
        print(frame.type());
        raw(" frame: ");
        print_size(frame.bytes.size());
        raw(", flags ");
        for (unsigned bit = 4; bit > 0; --bit) raw(((frame.flags() >> (bit - 1)) & 1U) != 0 ? '1' : '0');
        raw(", header of ");
        print_size(frame.header_size);
        const auto remaining_length = static_cast<std::uint32_t>(frame.body().size());
        if (frame.header_size > 1 + wire::varint_size(remaining_length)) raw(", padded length");
    }

    /// The outside of an encoded packet.
    void print(std::span<std::byte> bytes) { print_size(bytes.size()); }

    void print(const Error& error)
    {
        print(error.code);
        raw(": ");
        raw(text(error.code));
        raw(" (");
        if (error.packet != PacketType{}) {
            print(error.packet);
            raw(", ");
        }
        print(error.field);
        if (error.offset != 0 || error.field == Field::fixed_header) { // else it is a fault of a struct, not of bytes
            raw(", byte ");
            print(error.offset);
        }
        if (error.needed != 0) {
            raw(", needs ");
            print_size(error.needed);
        }
        raw(')');
    }

    template <class T>
    void print(const Result<T>& result)
    {
        if (!result) {
            raw("error ");
            print(result.error());
            return;
        }
        print(*result);
        if (result.let_pass() == Leniency::none) return;
        raw(" (let pass: ");
        print(result.let_pass());
        raw(')');
    }

    void print(Leniency leniency)
    {
        std::string_view separator;
        for (const LeniencyRow& row : leniency_table) {
            if (!has(leniency, row.flag)) continue;
            raw(separator);
            raw(row.name);
            separator = "|";
        }
        if (separator.empty()) raw("none");
    }

private:
    void raw(char character) { *out_++ = character; }
    void raw(std::string_view characters)
    {
        for (char character : characters) raw(character);
    }

    static constexpr std::uint32_t byte_at(const wire::View& view, std::size_t index) noexcept
    {
        return static_cast<std::uint32_t>(view.byte_at(index));
    }

    void hexadecimal(std::string_view prefix, std::uint32_t value, std::string_view suffix)
    {
        raw(prefix);
        unsigned digits = 2;
        for (std::uint32_t rest = value >> 8U; rest != 0; rest >>= 4U) ++digits;
        for (; digits > 0; --digits) raw("0123456789abcdef"[(value >> (4U * (digits - 1))) & 0x0FU]);
        raw(suffix);
    }

    void print_visible(const wire::View& view, std::size_t index, std::size_t size)
    {
        for (std::size_t end = index + size; index < end; ++index) {
            const char character = static_cast<char>(view.byte_at(index));
            if (character == '"' || character == '\\') raw('\\');
            raw(character);
        }
    }

    bool print_short_escape(std::uint32_t code_point)
    {
        if (code_point == '\n') raw("\\n");
        else if (code_point == '\r') raw("\\r");
        else if (code_point == '\t') raw("\\t");
        else return false;
        return true;
    }

    void print_size(std::size_t size)
    {
        print(size);
        raw(size == 1 ? " byte" : " bytes");
    }

    template <class Struct>
    void print_in_braces(const Struct& value)
    {
        raw('{');
        print_members(value, "");
        raw('}');
    }

    template <class Struct>
    void print_members(const Struct& value, std::string_view separator)
    {
        each_member(value, [this, &separator](std::string_view member, const auto& held) {
            if (!is_shown(held)) return;
            raw(separator);
            raw(member);
            raw(": ");
            print(held);
            separator = ", ";
        });
    }

    Out out_;
    PacketType packet_{}; ///< the type of the packet that is being printed
};

/// The formatter of everything that is not an enumeration.
template <class T>
struct LineFormatter {
    template <class ParseContext>
    constexpr auto parse(ParseContext& context) -> decltype(context.begin())
    {
        return context.begin();
    }
    template <class FormatContext>
    auto format(const T& value, FormatContext& context) const -> decltype(context.out())
    {
        Line<decltype(context.out())> line(context.out());
        line.print(value);
        return line.out();
    }
};

/// The formatter of an enumeration: its name, as a string is formatted.
template <class T>
struct NameFormatter : fmt::formatter<std::string_view> {
    template <class FormatContext>
    auto format(T value, FormatContext& context) const -> decltype(context.out())
    {
        return fmt::formatter<std::string_view>::format(enumerator_name(value).view(), context);
    }
};

} // namespace mqttwire::inline MQTTWIRE_ABI::formatting

FMT_BEGIN_NAMESPACE

/// Declared by fmt/ranges.h, which must not take lists for ranges of its own to format.
template <typename T, typename Char>
struct is_range;
template <class T>
struct is_range<mqttwire::List<T>, char> : std::false_type {};

template <>
struct formatter<mqttwire::Version> : mqttwire::formatting::NameFormatter<mqttwire::Version> {};
template <>
struct formatter<mqttwire::QoS> : mqttwire::formatting::NameFormatter<mqttwire::QoS> {};
template <>
struct formatter<mqttwire::RetainHandling> : mqttwire::formatting::NameFormatter<mqttwire::RetainHandling> {};
template <>
struct formatter<mqttwire::PacketType> : mqttwire::formatting::NameFormatter<mqttwire::PacketType> {};
template <>
struct formatter<mqttwire::ReasonCode> : mqttwire::formatting::NameFormatter<mqttwire::ReasonCode> {};
template <>
struct formatter<mqttwire::PropertyId> : mqttwire::formatting::NameFormatter<mqttwire::PropertyId> {};
template <>
struct formatter<mqttwire::PropertyPlace> : mqttwire::formatting::NameFormatter<mqttwire::PropertyPlace> {};
template <>
struct formatter<mqttwire::Field> : mqttwire::formatting::NameFormatter<mqttwire::Field> {};
template <>
struct formatter<mqttwire::Errc> : mqttwire::formatting::NameFormatter<mqttwire::Errc> {};
template <>
struct formatter<mqttwire::Role> : mqttwire::formatting::NameFormatter<mqttwire::Role> {};

template <>
struct formatter<mqttwire::Leniency> : mqttwire::formatting::LineFormatter<mqttwire::Leniency> {};
template <>
struct formatter<mqttwire::Text> : mqttwire::formatting::LineFormatter<mqttwire::Text> {};
template <>
struct formatter<mqttwire::Binary> : mqttwire::formatting::LineFormatter<mqttwire::Binary> {};
template <>
struct formatter<mqttwire::UserProperty> : mqttwire::formatting::LineFormatter<mqttwire::UserProperty> {};
template <>
struct formatter<mqttwire::Subscription> : mqttwire::formatting::LineFormatter<mqttwire::Subscription> {};
template <>
struct formatter<mqttwire::Will> : mqttwire::formatting::LineFormatter<mqttwire::Will> {};
template <>
struct formatter<mqttwire::ConnectProperties> : mqttwire::formatting::LineFormatter<mqttwire::ConnectProperties> {};
template <>
struct formatter<mqttwire::WillProperties> : mqttwire::formatting::LineFormatter<mqttwire::WillProperties> {};
template <>
struct formatter<mqttwire::ConnAckProperties> : mqttwire::formatting::LineFormatter<mqttwire::ConnAckProperties> {};
template <>
struct formatter<mqttwire::PublishProperties> : mqttwire::formatting::LineFormatter<mqttwire::PublishProperties> {};
template <>
struct formatter<mqttwire::ReasonProperties> : mqttwire::formatting::LineFormatter<mqttwire::ReasonProperties> {};
template <>
struct formatter<mqttwire::SubscribeProperties> : mqttwire::formatting::LineFormatter<mqttwire::SubscribeProperties> {};
template <>
struct formatter<mqttwire::UnsubscribeProperties>
    : mqttwire::formatting::LineFormatter<mqttwire::UnsubscribeProperties> {};
template <>
struct formatter<mqttwire::DisconnectProperties> : mqttwire::formatting::LineFormatter<mqttwire::DisconnectProperties> {
};
template <>
struct formatter<mqttwire::AuthProperties> : mqttwire::formatting::LineFormatter<mqttwire::AuthProperties> {};
template <>
struct formatter<mqttwire::Connect> : mqttwire::formatting::LineFormatter<mqttwire::Connect> {};
template <>
struct formatter<mqttwire::ConnAck> : mqttwire::formatting::LineFormatter<mqttwire::ConnAck> {};
template <>
struct formatter<mqttwire::Publish> : mqttwire::formatting::LineFormatter<mqttwire::Publish> {};
template <>
struct formatter<mqttwire::Subscribe> : mqttwire::formatting::LineFormatter<mqttwire::Subscribe> {};
template <>
struct formatter<mqttwire::SubAck> : mqttwire::formatting::LineFormatter<mqttwire::SubAck> {};
template <>
struct formatter<mqttwire::Unsubscribe> : mqttwire::formatting::LineFormatter<mqttwire::Unsubscribe> {};
template <>
struct formatter<mqttwire::UnsubAck> : mqttwire::formatting::LineFormatter<mqttwire::UnsubAck> {};
template <>
struct formatter<mqttwire::Disconnect> : mqttwire::formatting::LineFormatter<mqttwire::Disconnect> {};
template <>
struct formatter<mqttwire::Auth> : mqttwire::formatting::LineFormatter<mqttwire::Auth> {};
template <>
struct formatter<mqttwire::Packet> : mqttwire::formatting::LineFormatter<mqttwire::Packet> {};
template <>
struct formatter<mqttwire::Frame> : mqttwire::formatting::LineFormatter<mqttwire::Frame> {};
template <>
struct formatter<mqttwire::Error> : mqttwire::formatting::LineFormatter<mqttwire::Error> {};
template <mqttwire::PacketType Type>
struct formatter<mqttwire::Acknowledgement<Type>>
    : mqttwire::formatting::LineFormatter<mqttwire::Acknowledgement<Type>> {};
template <mqttwire::PacketType Type>
struct formatter<mqttwire::Ping<Type>> : mqttwire::formatting::LineFormatter<mqttwire::Ping<Type>> {};
template <class T>
struct formatter<mqttwire::List<T>> : mqttwire::formatting::LineFormatter<mqttwire::List<T>> {};
template <class T>
struct formatter<mqttwire::Result<T>> : mqttwire::formatting::LineFormatter<mqttwire::Result<T>> {};

FMT_END_NAMESPACE
