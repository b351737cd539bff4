// Every packet, part of a packet, enumeration, view, Error and Result as one line: what the formatters of fmt.hpp and
// format.hpp have in common.
//
//     PUBLISH topic: "sensors/1/temp", payload: "21.5", qos: at_least_once, retain: false, dup: false, packet_id: 7
//
// A line is fit for a log whatever a peer has sent. Text stands whole and in quotes; quotes, backslashes and characters
// that do not show (invisible.hpp) are escaped. Binary data is escaped and cut behind 32 bytes, and then its size is
// told. Passwords and authentication data are secrets: only their size is shown, and of a frame or an encoded packet,
// which may hold them, only the outside. Who wants to see a secret formats it by itself. Left out are members that hold
// nothing: an empty optional or list, properties of which none is given, the packet identifier of a PUBLISH with QoS 0,
// a bridge bit that is not set.
//
// Enumerations take the format specification of a string ("{:>12}"), everything else takes none.
#pragma once

#include "mqttwire/config.hpp"
#include "mqttwire/formatting/invisible.hpp"
#include "mqttwire/formatting/members.hpp"
#include "mqttwire/mqttwire.hpp"

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

namespace mqttwire::inline MQTTWIRE_ABI {

// Of headers that are not included for them: who formats one has the header with its name.
enum class Advice : std::uint8_t;
enum class BridgedOption : std::uint8_t;
enum class Opening : std::uint8_t;
namespace session {
enum class Blame : std::uint8_t;
enum class Change : std::uint8_t;
enum class Event : std::uint8_t;
enum class Fault : std::uint8_t;
enum class Flow : std::uint8_t;
enum class KeepAliveDue : std::uint8_t;
enum class LoadFault : std::uint8_t;
enum class RecordKind : std::uint8_t;
enum class State : std::uint8_t;
} // namespace session

} // namespace mqttwire::inline MQTTWIRE_ABI

namespace mqttwire::inline MQTTWIRE_ABI::formatting {

/// Bytes of binary data that are shown.
inline constexpr std::size_t binary_shown = 32;

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
        print_size(frame.bytes().size());
        raw(", flags ");
        for (unsigned bit = 4; bit > 0; --bit) raw(((frame.flags() >> (bit - 1)) & 1U) != 0 ? '1' : '0');
        raw(", header of ");
        print_size(frame.header_size());
        if (!frame.minimal()) raw(", padded length");
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
        if (error.element != 0) {
            raw(", element ");
            print(error.element);
        }
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

/// True of T if it is one of the others.
template <class T, class... Others>
inline constexpr bool is_one_of = (std::same_as<T, Others> || ...);

/// The enumerations that are formatted as a name.
template <class T>
concept Named = is_one_of<T, Version, QoS, RetainHandling, PacketType, ReasonCode, PropertyId, PropertyPlace, Field,
    Errc, Role, Advice, BridgedOption, Opening, session::Blame, session::Change, session::Event, session::Fault,
    session::Flow, session::KeepAliveDue, session::LoadFault, session::RecordKind, session::State>;

/// What else is formatted as a line, but for the views and lists, which are ranges, and Result. These formatting
/// libraries know ranges of their own, so each of their formatters is named.
template <class T>
concept Described = PacketStruct<T> || PropertyStruct<T>
    || is_one_of<T, Packet, Leniency, UserProperty, Subscription, Will, Frame, Error>;

/// The formatter of everything that is not an enumeration, for either library.
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

/// The formatter of an enumeration: its name, as the library's own formatter of strings shows it.
template <class T, class StringFormatter>
struct NameFormatter : StringFormatter {
    template <class FormatContext>
    auto format(T value, FormatContext& context) const -> decltype(context.out())
    {
        return StringFormatter::format(enumerator_name(value).view(), context);
    }
};

} // namespace mqttwire::inline MQTTWIRE_ABI::formatting
