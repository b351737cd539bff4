// QuickOutput: how an Encoder puts bytes where speed counts, and while compiling. Steps are in line and give false at
// the first fault. The phase is part of the type where a program of its own for each is worth the code.
#pragma once

#include "mqttwire/config.hpp"
#include "mqttwire/error.hpp"
#include "mqttwire/field.hpp"
#include "mqttwire/leniency.hpp"
#include "mqttwire/packet_type.hpp"
#include "mqttwire/version.hpp"
#include "mqttwire/wire/bytes.hpp"
#include "mqttwire/wire/string_kind.hpp"
#include "mqttwire/wire/string_look.hpp"
#include "mqttwire/wire/text.hpp"
#include "mqttwire/wire/utf8.hpp"
#include "mqttwire/wire/varint.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>

namespace mqttwire::inline MQTTWIRE_ABI::wire {

/// The most bytes of a text or of binary data, payloads apart.
inline constexpr std::size_t max_prefixed = 65'535;

inline namespace MQTTWIRE_CODE {

/// Checks and adds up, or writes.
template <bool Writing>
struct FixedPhase {
    constexpr bool writing() const noexcept { return Writing; }
};
struct AnyPhase {
    bool is_writing = false;
    constexpr bool writing() const noexcept { return is_writing; }
};
using Checking = FixedPhase<false>;
using Writing = FixedPhase<true>;

/// What checking finds and writing needs.
struct Findings {
    std::array<std::uint32_t, 2> property_lengths{}; ///< of the property blocks in wire order; CONNECT has two
    std::uint8_t derived_byte = 0; ///< the byte that is derived from other members; no packet has two
};

/// Writes a string of at most 65,535 bytes with its size in front, and gives the address behind it.
MQTTWIRE_ALWAYS_INLINE constexpr std::byte* store_prefixed(std::byte* to, const View& string) noexcept
{
    const std::uint16_t count = string.size_if_short();
    // A store through std::byte* may change anything, so what is needed of the view is read before.
    if (std::is_constant_evaluated()) {
        store_two(to, count);
        string.copy_to(to + 2);
    } else {
        const std::byte* const from = string.bytes();
        store_two(to, count);
        if (count >= 16 && count <= 32) [[likely]] // as most texts
            copy_some(to + 2, from, count);
        else copy(to + 2, from, count);
    }
    return to + 2 + count;
}

MQTTWIRE_NOINLINE constexpr std::byte* store_prefixed_out_of_line(std::byte* to, const View& string) noexcept
{
    return store_prefixed(to, string);
}

MQTTWIRE_NOINLINE constexpr void copy_out_of_line(std::byte* to, const View& data) noexcept { data.copy_to(to); }

/// Where a packet is written. What `Encoder` asks of its output is listed there.
template <class V, class Phase>
class QuickOutput {
public:
    using Terms = V;
    static constexpr bool small = false;

    /// For the checking phase. `destination` is where the packet is to go, if that is known.
    constexpr QuickOutput(Phase phase, std::span<const std::byte> destination, PacketType type, V version,
        Leniency leniency, Role receiver) noexcept
        : destination_(destination), phase_(phase), version_(version), type_(type), leniency_(leniency),
          receiver_(receiver)
    {
    }

    /// For the writing phase: the walk writes to `to` on.
    constexpr QuickOutput(
        Phase phase, std::byte* to, PacketType type, V version, const Findings& findings = {}) noexcept
        : at_(to), findings_(findings), phase_(phase), version_(version), type_(type)
    {
    }

    /// Goes over from checking to writing: the walk writes to `to` on.
    constexpr void start_writing(std::byte* to) noexcept
    {
        phase_.is_writing = true;
        property_blocks_ = 0;
        at_ = to;
    }

    /// Why the walk has ended.
    MQTTWIRE_ALWAYS_INLINE constexpr Error error() const noexcept
    {
        return {.code = code_, .field = field_, .packet = type_, .offset = offset_, .element = element_};
    }
    /// Bytes of variable header and payload, after checking.
    constexpr std::size_t size() const noexcept { return size_; }
    constexpr const Findings& findings() const noexcept { return findings_; }
    /// Where the next byte goes, while writing.
    constexpr std::byte* position() const noexcept { return at_; }

protected:
    MQTTWIRE_ALWAYS_INLINE constexpr V terms() const noexcept { return version_; }
    MQTTWIRE_ALWAYS_INLINE constexpr PacketType type() const noexcept { return type_; }
    MQTTWIRE_ALWAYS_INLINE constexpr Leniency leniency() const noexcept
    {
        return V::strict ? Leniency::none : leniency_;
    }
    MQTTWIRE_ALWAYS_INLINE constexpr Role receiver() const noexcept { return V::strict ? Role::unknown : receiver_; }
    MQTTWIRE_ALWAYS_INLINE constexpr std::span<const std::byte> destination() const noexcept { return destination_; }
    MQTTWIRE_ALWAYS_INLINE constexpr bool writing() const noexcept { return phase_.writing(); }

    MQTTWIRE_ALWAYS_INLINE constexpr bool fail(Errc code, Field field, std::uint32_t offset = 0) noexcept
    {
        // There are many places that fail: each does as little as it can, the rest is done once, in error().
        code_ = code;
        field_ = field;
        offset_ = offset;
        return false;
    }

    /// `offset`: the place in a text.
    MQTTWIRE_ALWAYS_INLINE constexpr bool fault(Errc code, Field field, std::uint32_t offset = 0) noexcept
    {
        if (!writing() && code != Errc::none) [[unlikely]]
            return fail(code, field, offset);
        return true;
    }

    /// The elements of a list are counted, for one that fails to be told.
    MQTTWIRE_STEP constexpr bool end_element() noexcept
    {
        ++element_;
        return true;
    }
    MQTTWIRE_STEP constexpr bool end_list() noexcept
    {
        element_ = 0;
        return true;
    }

    MQTTWIRE_ALWAYS_INLINE constexpr bool adopt_fault(const Error& found) noexcept
    {
        if (found.code == Errc::none) [[likely]]
            return true;
        element_ = found.element;
        return fail(found.code, found.field, found.offset);
    }

    /// What a step of several steps gives: whether to go on.
    MQTTWIRE_STEP static constexpr bool go_on(bool good) noexcept { return good; }

    MQTTWIRE_ALWAYS_INLINE constexpr bool put_byte(Field, std::uint8_t value) noexcept
    {
        if (!writing()) return add(1);
        *at_++ = static_cast<std::byte>(value);
        return true;
    }

    MQTTWIRE_ALWAYS_INLINE constexpr bool put_two(Field, std::uint16_t value) noexcept
    {
        if (!writing()) return add(2);
        store_two(at_, value);
        at_ += 2;
        return true;
    }

    MQTTWIRE_ALWAYS_INLINE constexpr bool put_four(Field, std::uint32_t value) noexcept
    {
        if (!writing()) return add(4);
        store_four(at_, value);
        at_ += 4;
        return true;
    }

    MQTTWIRE_ALWAYS_INLINE constexpr bool put_varint(Field, std::uint32_t value) noexcept
    {
        if (!writing()) return add(varint_size(value));
        at_ = store_varint(at_, value);
        return true;
    }

    /// A string, whose rules are checked, with its size in front.
    MQTTWIRE_ALWAYS_INLINE constexpr bool put_string(StringKind kind, Field field, const View& string) noexcept
    {
        if (writing()) return put_prefixed(string);
        if (string.size() > max_prefixed) [[unlikely]]
            return fail(kind == StringKind::binary ? Errc::binary_too_long : Errc::text_too_long, field);
        if (config::assertions && overlaps(string)) return fail(Errc::overlapping_buffer, field);
        size_ += 2 + string.size();
        const TextFault found = string_fault(kind, string, version_, leniency());
        return fault(found.code, field, found.index);
    }

    /// A string without a fault of at most 65,535 bytes.
    MQTTWIRE_ALWAYS_INLINE constexpr bool put_prefixed(const View& string) noexcept
    {
        if (!writing()) return add(std::size_t{2} + string.size_if_short());
        if constexpr (V::spread != Spread::little) at_ = store_prefixed(at_, string);
        else at_ = store_prefixed_out_of_line(at_, string);
        return true;
    }

    MQTTWIRE_ALWAYS_INLINE constexpr bool put_rest(Field field, const View& data) noexcept
    {
        const std::size_t count = data.size();
        if (config::assertions && !writing() && overlaps(data)) return fail(Errc::overlapping_buffer, field);
        if (!writing()) return add(count);
        if constexpr (V::spread <= Spread::nearly_all) data.copy_to(at_);
        else copy_out_of_line(at_, data);
        at_ += count;
        return true; // no field follows that asks
    }

    /// Leaves out the last bytes that were counted.
    constexpr void take_back(std::size_t count) noexcept { size_ -= count; }

    /// A byte that was derived from other members is not derived again for writing.
    MQTTWIRE_ALWAYS_INLINE constexpr void keep(std::uint8_t& derived) noexcept
    {
        if (writing()) derived = findings_.derived_byte;
        else findings_.derived_byte = derived;
    }

    /// The length of the next property block, which checking found.
    MQTTWIRE_ALWAYS_INLINE constexpr std::uint32_t next_property_length() noexcept
    {
        return findings_.property_lengths[property_blocks_++];
    }
    MQTTWIRE_ALWAYS_INLINE constexpr void keep_property_length(std::uint32_t length) noexcept
    {
        findings_.property_lengths[property_blocks_++] = length;
    }
    MQTTWIRE_ALWAYS_INLINE constexpr std::uint32_t first_property_length() const noexcept
    {
        return findings_.property_lengths[0];
    }

    /// Bytes that another encoder of the same packet has counted or written.
    MQTTWIRE_ALWAYS_INLINE constexpr bool add(std::size_t count) noexcept
    {
        size_ += count;
        return true;
    }
    MQTTWIRE_ALWAYS_INLINE constexpr void move_to(std::byte* at) noexcept { at_ = at; }

private:
    constexpr bool overlaps(const View& view) const noexcept
    {
        return !std::is_constant_evaluated() && overlap({view.bytes(), view.size()}, destination_);
    }

    std::byte* at_ = nullptr; ///< writing: where the next byte goes
    std::span<const std::byte> destination_{}; ///< checking: where the packet is to go
    std::size_t size_ = 0; ///< checking: bytes so far
    Findings findings_{};
    std::uint32_t element_ = 0; ///< the index of that of a list where the walk is
    std::uint8_t property_blocks_ = 0;
    [[no_unique_address]] Phase phase_;
    [[no_unique_address]] V version_;
    PacketType type_;
    Leniency leniency_ = Leniency::none;
    Role receiver_ = Role::unknown;
    Errc code_{};
    Field field_ = Field::packet;
    std::uint32_t offset_ = 0; ///< in a text, the byte that is at fault
};

} // namespace MQTTWIRE_CODE

} // namespace mqttwire::inline MQTTWIRE_ABI::wire
