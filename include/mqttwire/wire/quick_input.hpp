// QuickInput: how a Reader takes bytes where speed counts, and while compiling. Steps are in line and give false at the
// first fault, behind which nothing more is read.
#pragma once

#include "mqttwire/config.hpp"
#include "mqttwire/error.hpp"
#include "mqttwire/leniency.hpp"
#include "mqttwire/version.hpp"
#include "mqttwire/wire/bytes.hpp"
#include "mqttwire/wire/packed_fault.hpp"
#include "mqttwire/wire/rules.hpp"
#include "mqttwire/wire/string_kind.hpp"
#include "mqttwire/wire/string_look.hpp"
#include "mqttwire/wire/text.hpp"
#include "mqttwire/wire/trace.hpp"
#include "mqttwire/wire/utf8.hpp"
#include "mqttwire/wire/varint.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <type_traits>

namespace mqttwire::inline MQTTWIRE_ABI::wire {

inline namespace MQTTWIRE_CODE {

/// A string that was read, or what is wrong: see pack; the place counts from the size in front.
struct FoundString {
    const std::byte* bytes;
    std::uint32_t size;
    std::uint32_t fault;
};

/// Reads a string with its size in front.
template <class V>
MQTTWIRE_ALWAYS_INLINE constexpr FoundString find_string(
    const std::byte* at, const std::byte* end, StringKind kind, V version, Leniency leniency) noexcept
{
    const auto left = static_cast<std::size_t>(end - at);
    if (left < 2) [[unlikely]]
        return {at, 0, pack(Errc::field_past_end, 0U)};
    const std::uint32_t size = load_two(at);
    if (size > left - 2) [[unlikely]]
        return {at, 0, pack(Errc::field_past_end, 0U)};
    const TextFault fault = string_fault(kind, View(at + 2, size), version, leniency);
    // The place of a string that should not be empty is its size.
    if (fault.code != Errc::none) [[unlikely]]
        return {at + 2, size, pack(fault.code, size == 0 ? 0 : 2 + fault.index)};
    return {at + 2, size, 0};
}

/// Bytes of one packet. What `Reader` asks of its input is listed there.
template <class V, class Trace = NoTrace>
class QuickInput {
public:
    using Terms = V;
    using Position = const std::byte*;
    static constexpr bool small = false;
    /// True where elements of lists are checked first and read only to say what is wrong: strings are in line, and
    /// nobody wants to know where the fields stand.
    static constexpr bool checks_elements = V::spread != Spread::little && std::is_same_v<Trace, NoTrace>;

    /// The bytes from `packet` to `end`, of which `body` is the first behind the fixed header.
    constexpr QuickInput(Position packet, Position body, Position end, PacketType type, V version, Leniency leniency,
        Role receiver, Trace trace = {}) noexcept
        : packet_(packet), body_(body), at_(body), end_(end), version_(version), type_(type), leniency_(leniency),
          receiver_(receiver), trace_(trace)
    {
    }

    constexpr const Error& error() const noexcept { return error_; }
    constexpr Leniency let_pass() const noexcept { return let_pass_; }

protected:
    MQTTWIRE_ALWAYS_INLINE constexpr V terms() const noexcept { return version_; }
    MQTTWIRE_ALWAYS_INLINE constexpr PacketType type() const noexcept { return type_; }
    MQTTWIRE_ALWAYS_INLINE constexpr unsigned expected() const noexcept { return usual_first_byte(type_); }
    MQTTWIRE_ALWAYS_INLINE constexpr Leniency leniency() const noexcept
    {
        return V::strict ? Leniency::none : leniency_;
    }
    MQTTWIRE_ALWAYS_INLINE constexpr Role receiver() const noexcept
    {
        if constexpr (V::strict) return V::receiver;
        else return receiver_;
    }

    MQTTWIRE_ALWAYS_INLINE constexpr Position packet() const noexcept { return packet_; }
    MQTTWIRE_ALWAYS_INLINE constexpr Position body() const noexcept { return body_; }
    MQTTWIRE_ALWAYS_INLINE constexpr Position at() const noexcept { return at_; }
    MQTTWIRE_ALWAYS_INLINE constexpr Position end() const noexcept { return end_; }
    MQTTWIRE_ALWAYS_INLINE constexpr std::size_t left() const noexcept { return static_cast<std::size_t>(end_ - at_); }
    /// Where a value begins that was read before.
    MQTTWIRE_ALWAYS_INLINE constexpr Position place_of_value(const View& value) const noexcept { return value.bytes(); }

    MQTTWIRE_ALWAYS_INLINE constexpr bool fail(Errc code, Field field, Position where) noexcept
    {
        error_ = {.code = code,
            .field = field,
            .packet = packet_type_of(load_byte(packet_)),
            .offset = static_cast<std::uint32_t>(where - packet_)};
        return false;
    }

    MQTTWIRE_ALWAYS_INLINE constexpr bool fault(Errc code, Field field, Position where) noexcept
    {
        if (code != Errc::none) [[unlikely]]
            return fail(code, field, where);
        return true;
    }

    /// What another reader of the same packet has found.
    MQTTWIRE_ALWAYS_INLINE constexpr bool adopt_fault(const Error& found) noexcept
    {
        if (found.code == Errc::none) [[likely]]
            return true;
        error_ = found;
        return false;
    }
    /// Goes on where another reader of the same packet has ended.
    MQTTWIRE_ALWAYS_INLINE constexpr void move_to(Position at) noexcept { at_ = at; }
    MQTTWIRE_ALWAYS_INLINE constexpr Trace trace() const noexcept { return trace_; }

    /// What a step of several steps gives: whether to go on.
    MQTTWIRE_STEP static constexpr bool go_on(bool good) noexcept { return good; }

    MQTTWIRE_ALWAYS_INLINE constexpr void note(Leniency deviation) noexcept { let_pass_ |= deviation; }

    /// Tells where a field stands that is not taken.
    MQTTWIRE_ALWAYS_INLINE constexpr void tell(Field field, Position from, Position to) const noexcept
    {
        trace_(field, from, to);
    }

    MQTTWIRE_ALWAYS_INLINE constexpr bool skip(Field field, std::size_t count) noexcept
    {
        trace_(field, at_, at_ + count);
        at_ += count;
        return true;
    }

    MQTTWIRE_ALWAYS_INLINE constexpr bool take_byte(Field field, std::uint8_t& value) noexcept
    {
        if (at_ == end_) [[unlikely]]
            return fail(Errc::field_past_end, field, at_);
        value = load_byte(at_);
        return skip(field, 1);
    }

    MQTTWIRE_ALWAYS_INLINE constexpr bool take_two(Field field, std::uint16_t& value) noexcept
    {
        if (left() < 2) [[unlikely]]
            return fail(Errc::field_past_end, field, at_);
        value = load_two(at_);
        return skip(field, 2);
    }

    MQTTWIRE_ALWAYS_INLINE constexpr bool take_four(Field field, std::uint32_t& value) noexcept
    {
        if (left() < 4) [[unlikely]]
            return fail(Errc::field_past_end, field, at_);
        value = load_four(at_);
        return skip(field, 4);
    }

    MQTTWIRE_ALWAYS_INLINE constexpr bool take_varint(Field field, std::uint32_t& value) noexcept
    {
        if (at_ != end_ && load_byte(at_) < 0x80) [[likely]] {
            value = load_byte(at_);
            return skip(field, 1);
        }
        const Varint number = load_varint(at_, end_);
        if (const Errc code = varint_fault(number); code != Errc::none) return fail(code, field, at_);
        value = number.value;
        return skip(field, number.size);
    }

    MQTTWIRE_ALWAYS_INLINE constexpr bool take_string(StringKind kind, Field field, View& string) noexcept
    {
        const FoundString found = find_string(at_, end_, kind, version_, leniency());
        string = View(found.bytes, found.size);
        const Position start = at_;
        if (found.bytes != start) skip(field, 2 + found.size);
        return found.fault == 0 || fail(code_of(found.fault), field, start + place_of(found.fault));
    }

    MQTTWIRE_ALWAYS_INLINE constexpr bool take_rest(Field field, Binary& data) noexcept
    {
        data = Binary(at_, left() & max_varint); // no packet holds more, and so there is nothing to clamp
        return skip(field, left());
    }

    /// Takes the next `length` bytes, of which there are as many, for all; gives the end as it was.
    MQTTWIRE_ALWAYS_INLINE constexpr Position narrow(std::size_t length) noexcept
    {
        const Position before = end_;
        end_ = at_ + length;
        return before;
    }
    MQTTWIRE_ALWAYS_INLINE constexpr void widen(Position end) noexcept { end_ = end; }

    /// Protocol name and level of a CONNECT of this version, without a bridge bit.
    MQTTWIRE_ALWAYS_INLINE constexpr bool opens_with(std::string_view name, unsigned level) const noexcept
    {
        if constexpr (requires { version_.value; }) return false; // looks at what is there, and takes that version
        return left() > 2 + name.size() && load_two(at_) == name.size() && Text(at_ + 2, name.size()) == Text(name)
            && load_byte(at_ + 2 + name.size()) == level;
    }
    /// A reader whose version is known at run time only takes that of the CONNECT.
    constexpr void adopt(Version version) noexcept
    {
        if constexpr (requires { version_.value; }) version_.value = version;
    }

private:
    Position packet_;
    Position body_;
    Position at_;
    Position end_;
    [[no_unique_address]] V version_;
    PacketType type_;
    Leniency leniency_;
    Role receiver_;
    Leniency let_pass_ = Leniency::none;
    [[no_unique_address]] Trace trace_;
    Error error_{};
};

} // namespace MQTTWIRE_CODE

} // namespace mqttwire::inline MQTTWIRE_ABI::wire
