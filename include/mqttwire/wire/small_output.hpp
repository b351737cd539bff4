// SmallOutput: how an Encoder puts bytes where size counts. Steps are functions that all packets share.
//
// A step always says "go on", so that a packet's description becomes a plain row of calls; the first fault is kept.
// Checking and writing are the same walk: without a place to write to, bytes are counted only.
#pragma once

#include "mqttwire/config.hpp"
#include "mqttwire/error.hpp"
#include "mqttwire/field.hpp"
#include "mqttwire/leniency.hpp"
#include "mqttwire/packet_type.hpp"
#include "mqttwire/version.hpp"
#include "mqttwire/wire/bytes.hpp"
#include "mqttwire/wire/packed_fault.hpp"
#include "mqttwire/wire/quick_output.hpp"
#include "mqttwire/wire/string_check.hpp"
#include "mqttwire/wire/string_kind.hpp"
#include "mqttwire/wire/text.hpp"
#include "mqttwire/wire/varint.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace mqttwire::inline MQTTWIRE_ABI::wire {

inline namespace MQTTWIRE_CODE {

/// Where a packet is written. What `Encoder` asks of its output is listed there.
template <class V>
class SmallOutput {
public:
    using Terms = V;
    static constexpr bool small = true;

    SmallOutput() noexcept {} // NOLINT(modernize-use-equals-default): a defaulted one would clear everything first
    /// The packet is to go to `destination`, if that is known.
    void go_to(std::span<std::byte> destination) noexcept { destination_ = destination; }

    explicit SmallOutput(V version, Leniency leniency = {}, Role receiver = {}) noexcept : version_(version)
    {
        if constexpr (!V::strict) {
            leniency_ = leniency;
            receiver_ = receiver;
        }
    }

    /// The packet tells its type and its flags when it is walked.
    MQTTWIRE_THIN void begin(PacketType type, unsigned flags) noexcept
    {
        first_byte_ = static_cast<std::uint8_t>(static_cast<unsigned>(type) << 4U | flags);
    }

    /// The packet ends in so many bytes that are not written; the walk tells it when it has written all others.
    void leave_out(std::size_t count) noexcept
    {
        if (size_ + count > max_varint) fail(Errc::packet_too_large, Field::packet);
        remaining_length_ = static_cast<std::uint32_t>(count);
    }

    /// Counts the fixed header, for `size` to be that of the whole packet, for which there must be room.
    void count_header(std::size_t capacity) noexcept
    {
        remaining_length_ += static_cast<std::uint32_t>(size_);
        put_header();
        if (size_ > capacity) fail(Errc::buffer_too_small, Field::packet);
    }

    /// Goes over from checking to writing: writes the fixed header to `to`, and the walk what follows.
    void start_writing(std::byte* to) noexcept
    {
        to_ = to;
        size_ = 0;
        property_blocks_ = 0;
        put_header();
    }

    bool good() const noexcept { return fault_ == 0; }
    Error error() const noexcept
    {
        const Errc code = code_of(fault_);
        const std::size_t needed = code == Errc::buffer_too_small ? size_ : 0;
        return {.code = code,
            .field = static_cast<Field>(place_of(fault_)),
            .packet = type(),
            .offset = fault_offset_,
            .needed = static_cast<std::uint32_t>(needed),
            .element = fault_element_};
    }
    /// Bytes so far.
    std::size_t size() const noexcept { return size_; }

protected:
    V terms() const noexcept { return version_; }
    PacketType type() const noexcept { return packet_type_of(first_byte_); }
    Leniency leniency() const noexcept { return V::strict ? Leniency::none : leniency_; }
    Role receiver() const noexcept
    {
        if constexpr (V::strict) return V::receiver;
        else return receiver_;
    }
    bool writing() const noexcept { return to_ != nullptr; }
    std::span<const std::byte> destination() const noexcept { return destination_; }

    MQTTWIRE_THIN bool fail(Errc code, Field field) noexcept
    {
        keep_fault(pack(code, field));
        return true;
    }

    MQTTWIRE_THIN bool fault(Errc code, Field field) noexcept
    {
        if (code != Errc::none) fail(code, field);
        return true;
    }
    MQTTWIRE_THIN bool fault(Errc code, Field field, std::uint32_t offset) noexcept
    {
        if (code != Errc::none) keep_fault(pack(code, field), offset);
        return true;
    }

    /// The elements of a list are counted, for one that fails to be told.
    MQTTWIRE_THIN bool end_element() noexcept
    {
        ++element_;
        return true;
    }
    MQTTWIRE_THIN bool end_list() noexcept
    {
        element_ = 0;
        return true;
    }

    /// Whatever a step gives that is a function: so it need not be looked at.
    MQTTWIRE_THIN static bool go_on(bool) noexcept { return true; }

    MQTTWIRE_THIN bool put_byte(Field, std::uint8_t value) noexcept
    {
        put(value);
        return true;
    }

    MQTTWIRE_THIN bool put_two(Field, std::uint16_t value) noexcept
    {
        put_number(value);
        return true;
    }

    MQTTWIRE_THIN bool put_four(Field, std::uint32_t value) noexcept
    {
        put_number(value >> 16U);
        put_number(value);
        return true;
    }

    MQTTWIRE_THIN bool put_varint(Field, std::uint32_t value) noexcept
    {
        put_groups(value);
        return true;
    }

    MQTTWIRE_THIN bool put_string(StringKind kind, Field field, const View& string) noexcept
    {
        write_string(kind, field, string);
        return true;
    }

    MQTTWIRE_THIN bool put_prefixed(const View& string) noexcept
    {
        return put_string(StringKind::binary, Field::packet, string);
    }

    MQTTWIRE_THIN bool put_rest(Field field, const View& data) noexcept
    {
        if (config::assertions && !writing() && overlap({data.bytes(), data.size()}, destination_))
            fail(Errc::overlapping_buffer, field);
        put_bytes(data);
        return true;
    }

    void take_back(std::size_t count) noexcept { size_ -= count; }
    /// A byte that is derived from other members is derived each time.
    void keep(std::uint8_t&) const noexcept {}

    std::uint32_t next_property_length() noexcept { return property_lengths_[property_blocks_++]; }
    void keep_property_length(std::uint32_t length) noexcept { property_lengths_[property_blocks_++] = length; }
    std::uint32_t first_property_length() const noexcept { return property_lengths_[0]; }

private:
    /// Keeps the first fault.
    MQTTWIRE_NOINLINE void keep_fault(std::uint32_t fault) noexcept { keep_fault(fault, 0); }
    MQTTWIRE_NOINLINE void keep_fault(std::uint32_t fault, std::uint32_t offset) noexcept
    {
        if (fault_ != 0) return;
        fault_ = fault;
        fault_offset_ = offset;
        fault_element_ = element_;
    }

    MQTTWIRE_NOINLINE void put(std::uint32_t value) noexcept
    {
        if (to_ != nullptr) to_[size_] = static_cast<std::byte>(value & 0xFFU);
        ++size_;
    }

    MQTTWIRE_NOINLINE void put_number(std::uint32_t value) noexcept
    {
        put(value >> 8U);
        put(value);
    }

    MQTTWIRE_NOINLINE void put_groups(std::uint32_t value) noexcept
    {
        for (; value >= 0x80; value >>= 7U) put(value | 0x80U);
        put(value);
    }

    MQTTWIRE_NOINLINE void put_header() noexcept
    {
        put(first_byte_);
        put_groups(remaining_length_);
    }

    MQTTWIRE_NOINLINE void put_bytes(const View& bytes) noexcept
    {
        const std::size_t size = bytes.size();
        if (to_ != nullptr) copy(to_ + size_, bytes.bytes(), size);
        size_ += size;
    }

    /// A Two Byte Integer and as many bytes.
    MQTTWIRE_NOINLINE void write_string(StringKind kind, Field field, const View& string) noexcept
    {
        if (to_ == nullptr) {
            if (config::assertions && overlap({string.bytes(), string.size()}, destination_))
                fail(Errc::overlapping_buffer, field);
            const Errc too_long = kind == StringKind::binary ? Errc::binary_too_long : Errc::text_too_long;
            const std::uint32_t found = string.size() > max_prefixed
                ? pack(too_long, 0U)
                : find_string_fault_quickly(string, kind, version_, leniency());
            fault(code_of(found), field, place_of(found));
        }
        put_number(static_cast<std::uint32_t>(string.size()));
        put_bytes(string);
    }

    // What the walk of each packet begins with comes first: it is reached by the shortest instructions.
    std::uint8_t first_byte_ = 0;
    std::uint8_t property_blocks_ = 0;
    std::byte* to_ = nullptr; ///< where the packet begins; nullptr while checking
    std::span<const std::byte> destination_{}; ///< where it is to go, if that is known
    std::size_t size_ = 0; ///< bytes so far
    std::array<std::uint32_t, 2> property_lengths_{}; ///< what checking found; CONNECT has two blocks
    std::uint32_t remaining_length_ = 0; ///< what checking found, from count_header on; before: of what is left out
    std::uint32_t fault_ = 0; ///< see pack
    std::uint32_t fault_offset_ = 0;
    std::uint32_t fault_element_ = 0;
    std::uint32_t element_ = 0; ///< the index of that of a list where the walk is
    [[no_unique_address]] V version_{};
    // These two have no values where they are not looked at.
    Leniency leniency_;
    Role receiver_;
};

} // namespace MQTTWIRE_CODE

} // namespace mqttwire::inline MQTTWIRE_ABI::wire
