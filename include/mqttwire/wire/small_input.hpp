// SmallInput: how a Reader takes bytes where size counts. Steps are functions that all packets share.
//
// A step always says "go on", so that a packet's description becomes a plain row of calls. The first fault is kept;
// after it there is nothing left to read, and what later steps fill in is thrown away.
#pragma once

#include "mqttwire/config.hpp"
#include "mqttwire/error.hpp"
#include "mqttwire/leniency.hpp"
#include "mqttwire/version.hpp"
#include "mqttwire/wire/bytes.hpp"
#include "mqttwire/wire/packed_fault.hpp"
#include "mqttwire/wire/rules.hpp"
#include "mqttwire/wire/string_check.hpp"
#include "mqttwire/wire/string_kind.hpp"
#include "mqttwire/wire/text.hpp"
#include "mqttwire/wire/varint.hpp"

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace mqttwire::inline MQTTWIRE_ABI::wire {

inline namespace MQTTWIRE_CODE {

/// Bytes of one packet. What `Reader` asks of its input is listed there.
template <class V>
class SmallInput {
public:
    using Terms = V;
    using Position = const std::byte*;
    static constexpr bool small = true;
    static constexpr bool checks_elements = false;

    SmallInput(Position packet, std::size_t header_size, std::size_t size, std::uint8_t usual_first_byte,
        V version = {}, Leniency leniency = {}, Role receiver = {}) noexcept
        : packet_(packet), body_(packet + header_size), at_(body_), end_(packet + size), first_byte_(usual_first_byte),
          version_(version)
    {
        if constexpr (!V::strict) {
            leniency_ = leniency;
            receiver_ = receiver;
            let_pass_ = Leniency::none;
        }
    }

    bool good() const noexcept { return fault_ == 0; }
    Error error() const noexcept
    {
        return {.code = code_of(fault_),
            .field = static_cast<Field>(place_of(fault_)),
            .packet = packet_type_of(load_byte(packet_)),
            .offset = offset_};
    }
    Leniency let_pass() const noexcept { return V::strict ? Leniency::none : let_pass_; }

protected:
    V terms() const noexcept { return version_; }
    PacketType type() const noexcept { return static_cast<PacketType>(first_byte_ >> 4U); }
    unsigned expected() const noexcept { return first_byte_; }
    Leniency leniency() const noexcept { return V::strict ? Leniency::none : leniency_; }
    Role receiver() const noexcept
    {
        if constexpr (V::strict) return V::receiver;
        else return receiver_;
    }

    Position packet() const noexcept { return packet_; }
    Position body() const noexcept { return body_; }
    Position at() const noexcept { return at_; }
    Position end() const noexcept { return end_; }
    std::size_t left() const noexcept { return static_cast<std::size_t>(end_ - at_); }
    Position place_of_value(const View& value) const noexcept { return good() ? value.bytes() : at_; }

    MQTTWIRE_THIN bool fail(Errc code, Field field, Position where) noexcept
    {
        keep(pack(code, field), where);
        return true;
    }

    MQTTWIRE_THIN bool fault(Errc code, Field field, Position where) noexcept
    {
        if (code != Errc::none) keep(pack(code, field), where);
        return true;
    }

    /// Whatever a step gives that is a function: so it need not be looked at.
    MQTTWIRE_THIN static bool go_on(bool) noexcept { return true; }

    void note(Leniency deviation) noexcept
    {
        if constexpr (!V::strict) let_pass_ |= deviation;
    }

    void tell(Field, Position, Position) const noexcept {}

    MQTTWIRE_THIN bool skip(Field field, std::size_t count) noexcept
    {
        take(field, count);
        return true;
    }

    MQTTWIRE_THIN bool take_byte(Field field, std::uint8_t& value) noexcept
    {
        value = byte(field);
        return true;
    }

    MQTTWIRE_THIN bool take_two(Field field, std::uint16_t& value) noexcept
    {
        value = two(field);
        return true;
    }

    MQTTWIRE_THIN bool take_four(Field field, std::uint32_t& value) noexcept
    {
        value = load_four(take(field, 4));
        return true;
    }

    MQTTWIRE_THIN bool take_varint(Field field, std::uint32_t& value) noexcept
    {
        value = varint(field);
        return true;
    }

    MQTTWIRE_THIN bool take_string(StringKind kind, Field field, View& string) noexcept
    {
        read_string(kind, field, string);
        return true;
    }

    MQTTWIRE_THIN bool take_rest(Field, Binary& data) noexcept
    {
        data = Binary(at_, left() & max_varint); // no packet holds more, and so there is nothing to clamp
        at_ = end_;
        return true;
    }

    Position narrow(std::size_t length) noexcept
    {
        const Position before = end_;
        if (length < left()) end_ = at_ + length; // after a fault nothing is left
        return before;
    }
    void widen(Position end) noexcept
    {
        if (good()) end_ = end;
    }

    /// A quick look at protocol name and level; on microcontrollers, and where the version is not known while
    /// compiling, they are read as they stand.
    MQTTWIRE_THIN bool opens_with(std::string_view name, unsigned level) const noexcept
    {
        if constexpr (config::microcontroller || requires { version_.value; }) return false;
        return left() > 2 + name.size() && load_two(at_) == name.size()
            && std::memcmp(at_ + 2, name.data(), name.size()) == 0 && load_byte(at_ + 2 + name.size()) == level;
    }
    /// A reader whose version is known at run time only takes that of the CONNECT.
    void adopt(Version version) noexcept
    {
        if constexpr (requires { version_.value; }) version_.value = version;
    }

private:
    /// Keeps the first fault, and lets nothing more be read.
    MQTTWIRE_NOINLINE void keep(std::uint32_t fault, Position where) noexcept
    {
        end_ = at_;
        if (fault_ != 0) return;
        fault_ = fault;
        offset_ = static_cast<std::uint32_t>(where - packet_);
    }

    /// The next bytes, which the caller may read. If there are not enough, any other bytes.
    MQTTWIRE_NEAR const std::byte* take(Field field, std::size_t count) noexcept
    {
        static constexpr std::byte none[4]{};
        const Position start = at_;
        if (left() < count) {
            keep(pack(Errc::field_past_end, field), start);
            return none;
        }
        at_ += count;
        return start;
    }

    MQTTWIRE_NOINLINE std::uint8_t byte(Field field) noexcept { return load_byte(take(field, 1)); }
    MQTTWIRE_NEAR std::uint16_t two(Field field) noexcept { return load_two(take(field, 2)); }

    MQTTWIRE_NOINLINE std::uint32_t varint(Field field) noexcept
    {
        const Varint number = load_varint(at_, end_);
        const Errc code = varint_fault(number);
        if (code != Errc::none) {
            keep(pack(code, field), at_);
            return 0; // any number will do
        }
        at_ += number.size;
        return number.value;
    }

    /// A Two Byte Integer and as many bytes.
    MQTTWIRE_NOINLINE void read_string(StringKind kind, Field field, View& string) noexcept
    {
        const std::size_t size = two(field);
        const Position begin = at_;
        if (size > left()) return keep(pack(Errc::field_past_end, field), begin - 2);
        string = View(begin, size);
        const std::uint32_t fault = find_string_fault_quickly(string, kind, of_any_receiver(version_), leniency());
        at_ += size;
        if (fault == 0) return;
        // The place of a string that should not be empty is its size.
        keep(pack(code_of(fault), field), size == 0 ? begin - 2 : begin + place_of(fault));
    }

    Position packet_;
    Position body_;
    Position at_;
    Position end_;
    std::uint32_t fault_ = 0; ///< see pack
    std::uint32_t offset_ = 0;
    std::uint8_t first_byte_; ///< as it should be, the flags of PUBLISH apart
    [[no_unique_address]] V version_;
    // These three have no values where they are not looked at.
    Leniency leniency_;
    Role receiver_;
    Leniency let_pass_;
};

} // namespace MQTTWIRE_CODE

} // namespace mqttwire::inline MQTTWIRE_ABI::wire
