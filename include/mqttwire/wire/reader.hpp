// Reader: the walker that decodes. It goes through the fields of a packet in wire order, checks each and fills it in.
//
// Every operation gives true to go on. The first check that fails leaves a diagnosis in `error()` and gives false, so a
// packet joins its fields with `&&`. A nested length narrows the end for as long as it applies; nothing is read
// outside.
#pragma once

#include "mqttwire/config.hpp"
#include "mqttwire/error.hpp"
#include "mqttwire/leniency.hpp"
#include "mqttwire/qos.hpp"
#include "mqttwire/reason_code.hpp"
#include "mqttwire/topic.hpp"
#include "mqttwire/version.hpp"
#include "mqttwire/wire/bytes.hpp"
#include "mqttwire/wire/list.hpp"
#include "mqttwire/wire/protocol.hpp"
#include "mqttwire/wire/rules.hpp"
#include "mqttwire/wire/slot.hpp"
#include "mqttwire/wire/text.hpp"
#include "mqttwire/wire/trace.hpp"
#include "mqttwire/wire/user_property.hpp"
#include "mqttwire/wire/utf8.hpp"
#include "mqttwire/wire/varint.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <type_traits>

namespace mqttwire::inline MQTTWIRE_ABI::wire {

/// Asks std::optional::emplace for a value with its defaults, set member by member.
template <class T>
struct Defaults {
    constexpr operator T() const noexcept
    {
        T value;
        return value;
    }
};

template <class V, class Trace = NoTrace>
class Reader {
public:
    using Position = const std::byte*;

    /// Of a packet whose fixed header has been read.
    constexpr Reader(std::span<const std::byte> packet, std::size_t header_size, PacketType type, V version,
        Leniency leniency, Role receiver, Trace trace = {}) noexcept
        : packet_(packet.data()), body_(packet_ + header_size), at_(body_), end_(packet_ + packet.size()),
          version_(version), type_(type), leniency_(leniency), receiver_(receiver), trace_(trace)
    {
    }

    constexpr const Error& error() const noexcept { return error_; }
    constexpr Leniency let_pass() const noexcept { return let_pass_; }
    constexpr bool is(Version version) const noexcept { return V::can_be(version) && version_ == version; }
    constexpr Version version() const noexcept { return version_; }
    /// Where the packet begins.
    constexpr Position first() const noexcept { return packet_; }
    /// Where the next field stands.
    constexpr Position here() const noexcept { return at_; }
    /// Where the property stands whose value was read, its identifier included.
    constexpr Position before(const Binary& value) const noexcept { return value.bytes() - 3; }

    // The fixed header and the end.

    /// Type, flags, form of the length and direction [MQTT-2.2.2-1, -2; 5.0: MQTT-2.1.3-1, MQTT-1.5.5-1].
    MQTTWIRE_ALWAYS_INLINE constexpr bool fixed_header() noexcept
    {
        trace_(Field::fixed_header, packet_, packet_ + 1);
        trace_(Field::remaining_length, packet_ + 1, body_);
        const unsigned expected = (static_cast<unsigned>(type_) << 4U) | fixed_flags(type_);
        if (load_byte(packet_) != expected) [[unlikely]] {
            if (const Errc code = first_byte_fault(); code != Errc::none)
                return fail(code, Field::fixed_header, packet_);
        }
        return length_and_direction();
    }

    /// The same for PUBLISH, whose flags are fields: DUP, QoS and RETAIN [MQTT-3.3.1-2, -4, MQTT-4.3.1-1].
    MQTTWIRE_ALWAYS_INLINE constexpr bool publish_header(QoS& qos, bool& retain, bool& dup) noexcept
    {
        trace_(Field::fixed_header, packet_, packet_ + 1);
        trace_(Field::remaining_length, packet_ + 1, body_);
        const unsigned first = load_byte(packet_);
        const unsigned qos_bits = (first >> 1U) & 3U;
        if (first >> 4U != static_cast<unsigned>(PacketType::publish)) [[unlikely]]
            return fail(other_type_fault(), Field::fixed_header, packet_);
        qos = static_cast<QoS>(qos_bits);
        retain = (first & 1U) != 0;
        dup = (first & 8U) != 0;
        if (qos_bits == 3) [[unlikely]]
            return fail(Errc::qos_3, Field::fixed_header, packet_);
        if (dup && qos_bits == 0 && !is(Version::v3_1)) [[unlikely]]
            return fail(Errc::dup_with_qos_0, Field::fixed_header, packet_);
        return length_and_direction();
    }

    /// Nothing may be left over.
    MQTTWIRE_ALWAYS_INLINE constexpr bool finish() noexcept
    {
        if (at_ != end_) [[unlikely]]
            return fail(Errc::bytes_left_over, Field::packet, at_);
        return true;
    }

    // Numbers and flags.

    MQTTWIRE_ALWAYS_INLINE constexpr bool byte(Field field, std::uint8_t& value) noexcept
    {
        if (at_ == end_) [[unlikely]]
            return fail(Errc::field_past_end, field, at_);
        value = load_byte(at_);
        return advance(field, 1);
    }

    MQTTWIRE_ALWAYS_INLINE constexpr bool two_byte_integer(Field field, std::uint16_t& value) noexcept
    {
        if (left() < 2) [[unlikely]]
            return fail(Errc::field_past_end, field, at_);
        value = load_two(at_);
        return advance(field, 2);
    }

    MQTTWIRE_ALWAYS_INLINE constexpr bool four_byte_integer(Field field, std::uint32_t& value) noexcept
    {
        if (left() < 4) [[unlikely]]
            return fail(Errc::field_past_end, field, at_);
        value = load_four(at_);
        return advance(field, 4);
    }

    /// [5.0: MQTT-1.5.5-1]
    MQTTWIRE_ALWAYS_INLINE constexpr bool variable_byte_integer(Field field, std::uint32_t& value) noexcept
    {
        if (at_ != end_ && load_byte(at_) < 0x80) [[likely]] {
            value = load_byte(at_);
            return advance(field, 1);
        }
        const Varint number = load_varint(at_, end_);
        if (const Errc fault = varint_fault(number); fault != Errc::none) return fail(fault, field, at_);
        value = number.value;
        return advance(field, number.size);
    }

    /// A Packet Identifier, which is never 0; present only where `present` says so [MQTT-2.3.1-1, -5; 5.0:
    /// MQTT-2.2.1-2, -3, -4].
    MQTTWIRE_ALWAYS_INLINE constexpr bool packet_id(bool present, std::uint16_t& id) noexcept
    {
        if (!present) return true;
        const Position start = at_;
        if (!two_byte_integer(Field::packet_id, id)) return false;
        if (id == 0) [[unlikely]]
            return fail(Errc::packet_id_zero, Field::packet_id, start);
        return true;
    }

    /// A byte that the encoder derives from other members.
    MQTTWIRE_ALWAYS_INLINE constexpr bool derived_byte(Field field, std::uint8_t& value) noexcept
    {
        return byte(field, value);
    }

    /// A member that a derived byte tells.
    template <class T>
    MQTTWIRE_ALWAYS_INLINE constexpr bool imply(T& member, T value) noexcept
    {
        member = value;
        return true;
    }

    /// The Connect Acknowledge Flags, of which Session Present remains; 3.1 has none [5.0: MQTT-3.2.2-1].
    MQTTWIRE_ALWAYS_INLINE constexpr bool acknowledge_flags(std::uint8_t& flags) noexcept
    {
        if (!byte(Field::acknowledge_flags, flags)) return false;
        if (is(Version::v3_1)) flags = 0;
        if (flags > 1) return fail(Errc::acknowledge_flags_reserved, Field::acknowledge_flags, at_ - 1);
        return true;
    }

    /// The Requested QoS or Subscription Options byte that follows a filter.
    MQTTWIRE_ALWAYS_INLINE constexpr bool subscription_options(std::uint8_t& options, Text filter) noexcept
    {
        if (!byte(Field::subscription_options, options)) return false;
        if (options > 2) [[unlikely]] {
            const Errc code = subscription_options_fault(options, filter, version_);
            if (code != Errc::none) return fail(code, Field::subscription_options, at_ - 1);
            if (is(Version::v3_1)) options &= subscription_options::qos;
        }
        return true;
    }

    // Text and binary data.

    /// [MQTT-1.5.3-1, -2; 5.0: MQTT-1.5.4-1, -2]
    MQTTWIRE_ALWAYS_INLINE constexpr bool utf8_string(Field field, Text& text) noexcept
    {
        if (!prefixed(field, text)) return false;
        if (!is_surely_good<Plain::text>(text)) [[unlikely]]
            return text_fault(find_text_fault(text, leniency()), field, text);
        return true;
    }

    /// A topic name: no wildcards, and not empty unless it may be [MQTT-3.3.2-2, MQTT-4.7.1-1, MQTT-4.7.3-1; 5.0:
    /// MQTT-4.7.0-1].
    MQTTWIRE_ALWAYS_INLINE constexpr bool topic_name(Field field, Text& name, bool may_be_empty = false) noexcept
    {
        if (!prefixed(field, name)) return false;
        if (is_surely_good<Plain::topic>(name) && !is_long_for_3_1(name)) [[likely]]
            return true;
        if (name.empty()) return may_be_empty || fail(Errc::topic_name_empty, field, at_ - 2);
        return text_fault(find_topic_name_fault(name, version_, leniency()), field, name);
    }

    /// [MQTT-4.7.1-2, -3, MQTT-4.7.3-1; 5.0: MQTT-4.7.1-1, -2, MQTT-4.8.2-1, -2]
    MQTTWIRE_ALWAYS_INLINE constexpr bool topic_filter(Text& filter) noexcept
    {
        if (!prefixed(Field::filter, filter)) return false;
        if (!is_surely_good<Plain::topic>(filter) || maybe_shared(filter) || is_long_for_3_1(filter)) [[unlikely]]
            return text_fault(find_topic_filter_fault(filter, version_, leniency()), Field::filter, filter);
        return true;
    }

    MQTTWIRE_ALWAYS_INLINE constexpr bool binary_data(Field field, Binary& data) noexcept
    {
        return prefixed(field, data);
    }

    /// All that is left of the packet.
    MQTTWIRE_ALWAYS_INLINE constexpr bool rest(Field field, Binary& data) noexcept
    {
        data = Binary(at_, left() & max_varint); // no packet holds more, and so there is nothing to clamp
        return advance(field, left());
    }

    /// A payload that says it is text.
    constexpr bool payload_is_text(Field field, const Binary& payload) noexcept
    {
        const TextFault fault = find_ill_formed(payload);
        return fault.code == Errc::none || fail(fault.code, field, payload.bytes() + fault.index);
    }

    // Optional parts.

    /// The User Name. In 3.1 it may be missing at the end although it is announced.
    MQTTWIRE_ALWAYS_INLINE constexpr bool optional_utf8_string(
        bool present, Field field, std::optional<Text>& text) noexcept
    {
        if (!present || is_cut_short_in_3_1()) return true;
        Text value;
        if (!utf8_string(field, value)) return false;
        text = value;
        return true;
    }

    /// The Password. In 3.1 it may be missing at the end although it is announced.
    MQTTWIRE_ALWAYS_INLINE constexpr bool optional_binary_data(
        bool present, Field field, std::optional<Binary>& data) noexcept
    {
        if (!present || is_cut_short_in_3_1()) return true;
        Binary value;
        if (!binary_data(field, value)) return false;
        data = value;
        return true;
    }

    /// Makes room for a part that is present, before its fields are walked.
    template <class Part>
    MQTTWIRE_ALWAYS_INLINE constexpr bool engage(std::optional<Part>& part) noexcept
    {
        part.emplace(Defaults<Part>{});
        return true;
    }

    /// Elements up to the end of the packet, at least one.
    template <class T>
    MQTTWIRE_ALWAYS_INLINE constexpr bool list(List<T>& list, Errc if_empty, Field field) noexcept
    {
        const Position start = at_;
        std::size_t count = 0;
        for (; at_ != end_; ++count) {
            T element;
            if (!Element<T>::fields(*this, element)) return false;
        }
        if (count == 0) [[unlikely]]
            return fail(if_empty, field, at_);
        list = List<T>(start, static_cast<std::size_t>(end_ - start), count, version_);
        return true;
    }

    // Reason codes and short forms.

    /// [5.0: MQTT-3.2.2-8, -3.4.2-1, -3.5.2-1, -3.6.2-1, -3.7.2-1, -3.14.2-1, -3.15.2-1]
    MQTTWIRE_ALWAYS_INLINE constexpr bool reason_code(ReasonCode& code) noexcept
    {
        std::uint8_t value = 0;
        if (!byte(Field::reason_code, value)) return false;
        code = static_cast<ReasonCode>(value);
        const Errc fault = reason_code_fault(code, type_, receiver());
        if (fault != Errc::none) [[unlikely]]
            return fail(fault, Field::reason_code, at_ - 1);
        return true;
    }

    /// A code of SUBACK (3.x: the granted QoS or 0x80) or UNSUBACK [MQTT-3.9.3-2; 5.0: MQTT-3.11.3-2].
    MQTTWIRE_ALWAYS_INLINE constexpr bool listed_reason_code(ReasonCode& code) noexcept
    {
        if (is(Version::v5)) return reason_code(code);
        std::uint8_t value = 0;
        if (!byte(Field::reason_code, value)) return false;
        code = static_cast<ReasonCode>(value);
        if (is_granted_qos(code)) [[likely]]
            return true;
        if (code == ReasonCode::unspecified_error && (is(Version::v3_1_1) || allow(Leniency::suback_failure_in_3_1)))
            return true;
        return fail(Errc::suback_code_not_allowed, Field::reason_code, at_ - 1);
    }

    /// CONNACK: reason code and properties in 5.0, a return code in 3.x.
    MQTTWIRE_ALWAYS_INLINE constexpr bool connack_result(ReasonCode& code, auto& properties_of_connack) noexcept
    {
        if (is(Version::v5)) {
            if (left() != 1) return reason_code(code) && properties(properties_of_connack);
            if (!allow(Leniency::v3_connack))
                return fail(Errc::connack_without_properties, Field::property_length, end_);
        }
        std::uint8_t value = 0;
        if (!byte(Field::reason_code, value)) return false;
        const std::optional<ReasonCode> mapped = from_return_code(value);
        if (!mapped) return fail(Errc::return_code_reserved, Field::reason_code, at_ - 1);
        code = *mapped;
        return true;
    }

    /// The end of an acknowledgement, DISCONNECT or AUTH: nothing in 3.x; in 5.0 nothing, a reason code, or a reason
    /// code and properties [5.0: sections 3.4.2.1, 3.14.2.1, 3.15.2.1].
    MQTTWIRE_ALWAYS_INLINE constexpr bool short_form(ReasonCode& code, auto& tail_properties) noexcept
    {
        if (!is(Version::v5)) return true;
        if (at_ == end_)
            return rule(mqttwire::may_receive(receiver(), type_, code), Errc::reason_code_wrong_sender,
                Field::reason_code, at_);
        return reason_code(code) && (at_ == end_ ? without_property_length() : properties(tail_properties));
    }

    /// True if a short form has a property block, which its length tells.
    constexpr bool has_property_block() const noexcept { return end_ - packet_ > 3; }

    // Properties.

    /// A property block: its length, which is never left out, and the properties [5.0: MQTT-2.2.2-1]. Earlier versions
    /// have none.
    template <class Properties>
    MQTTWIRE_ALWAYS_INLINE constexpr bool properties(Properties& properties) noexcept
    {
        if constexpr (V::can_be(Version::v5)) {
            if (!is(Version::v5)) return true;
            Position end = end_;
            if (!property_length(end)) return false;
            if (at_ == end_) [[likely]] {
                end_ = end;
                return true;
            }
            if (!Properties::walk(*this, properties)) return false;
            end_ = end;
        }
        return true;
    }

    /// The properties of a block, in any order.
    template <class... Slots>
    MQTTWIRE_ALWAYS_INLINE constexpr bool slots(Slots... slots) noexcept
    {
        while (at_ != end_) {
            const unsigned id = load_byte(at_);
            bool good = false;
            if (!((id == static_cast<unsigned>(Slots::id) && take(slots, good)) || ...)) [[unlikely]]
                return fail(property_id_fault(load_varint(at_, end_)), Field::property_id, at_);
            if (!good) return false;
        }
        return true;
    }

    // Rules over several fields.

    /// A rule that the packet states itself; `where` is the offending field.
    MQTTWIRE_ALWAYS_INLINE constexpr bool rule(bool holds, Errc code, Field field, Position where) noexcept
    {
        if (!holds) [[unlikely]]
            return fail(code, field, where);
        return true;
    }

    /// A rule about the byte that was read last.
    MQTTWIRE_ALWAYS_INLINE constexpr bool last_byte_rule(Errc fault, Field field) noexcept
    {
        if (fault != Errc::none) [[unlikely]]
            return fail(fault, field, at_ - 1);
        return true;
    }

    /// True if leniency lets a deviation pass, which is then reported.
    constexpr bool allow(Leniency deviation) noexcept
    {
        if (!has(leniency(), deviation)) return false;
        let_pass_ |= deviation;
        return true;
    }

    /// True if a setting that makes the checks stricter is on.
    constexpr bool wants(Leniency setting) const noexcept { return has(leniency(), setting); }

    /// Protocol name and level of CONNECT, which must be those of this reader's version [MQTT-3.1.2-1, -2]; then the
    /// fixed header, whose rules depend on them.
    MQTTWIRE_ALWAYS_INLINE constexpr bool protocol(std::optional<Version>& version, bool& bridge) noexcept
    {
        const std::string_view name = protocol_name(version_);
        version = static_cast<Version>(version_);
        if (!starts_with_protocol(name)) [[unlikely]] {
            if (load_byte(packet_) >> 4U != static_cast<unsigned>(type_))
                return fail(other_type_fault(), Field::fixed_header, packet_);
            const ProtocolHead head = read_protocol_head({at_, left()});
            if (head.code != Errc::none) return fail(head.code, head.field, at_ + head.index);
            if (head.version != version_)
                return fail(Errc::version_mismatch, Field::protocol_version, at_ + head.index);
            if (!allow(Leniency::bridge_bit))
                return fail(Errc::bridge_bit_set, Field::protocol_version, at_ + head.index);
            bridge = true;
        }
        return fixed_header() && advance(Field::protocol_name, 2 + name.size()) && advance(Field::protocol_version, 1);
    }

private:
    // What the caller allows, and which side receives.
    constexpr Leniency leniency() const noexcept { return V::strict ? Leniency::none : leniency_; }
    constexpr Role receiver() const noexcept { return V::strict ? Role::unknown : receiver_; }

    MQTTWIRE_ALWAYS_INLINE constexpr std::size_t left() const noexcept { return static_cast<std::size_t>(end_ - at_); }

    /// True if the body opens with this name and the level of this reader's version, without a bridge bit.
    MQTTWIRE_ALWAYS_INLINE constexpr bool starts_with_protocol(std::string_view name) const noexcept
    {
        return left() > 2 + name.size() && load_two(at_) == name.size() && Text(at_ + 2, name.size()) == Text(name)
            && load_byte(at_ + 2 + name.size()) == static_cast<std::uint8_t>(static_cast<Version>(version_));
    }

    MQTTWIRE_ALWAYS_INLINE constexpr bool advance(Field field, std::size_t count) noexcept
    {
        trace_(field, at_, at_ + count);
        at_ += count;
        return true;
    }

    MQTTWIRE_ALWAYS_INLINE constexpr bool fail(Errc code, Field field, Position where) noexcept
    {
        error_ = {code, field, type_, static_cast<std::uint32_t>(where - packet_), 0};
        return false;
    }

    /// What is wrong with a first byte that is not the usual one.
    constexpr Errc first_byte_fault() noexcept
    {
        const unsigned first = load_byte(packet_);
        const unsigned flags = first & 0x0FU;
        const unsigned expected = fixed_flags(type_);
        if (first >> 4U != static_cast<unsigned>(type_)) return other_type_fault();
        if (type_ == PacketType::pubrel && flags == 0 && allow(Leniency::pubrel_flags_0000)) return Errc::none;
        // 3.1 uses the QoS bits of three types and ignores all other flags.
        if (is(Version::v3_1) && (expected == 0 || (flags & 0x06U) == expected)) return Errc::none;
        return Errc::wrong_flags;
    }

    constexpr Errc other_type_fault() const noexcept
    {
        return load_byte(packet_) < 0x10 ? Errc::reserved_packet_type : Errc::unexpected_packet_type;
    }

    MQTTWIRE_ALWAYS_INLINE constexpr bool length_and_direction() noexcept
    {
        const bool minimal = body_ - packet_ == 2 || load_byte(body_ - 1) != 0; // a longer form ends in a zero byte
        if (is(Version::v5) && !minimal) [[unlikely]]
            return fail(Errc::remaining_length_not_minimal, Field::remaining_length, packet_ + 1);
        if (!may_receive(receiver(), type_, version_)) [[unlikely]]
            return fail(Errc::wrong_direction, Field::fixed_header, packet_);
        return true;
    }

    /// A Two Byte Integer and as many bytes.
    template <class Bytes>
    MQTTWIRE_ALWAYS_INLINE constexpr bool prefixed(Field field, Bytes& bytes) noexcept
    {
        if (left() < 2) [[unlikely]]
            return fail(Errc::field_past_end, field, at_);
        const std::size_t size = load_two(at_);
        if (size > left() - 2) [[unlikely]]
            return fail(Errc::field_past_end, field, at_);
        bytes = Bytes(at_ + 2, size);
        return advance(field, 2 + size);
    }

    /// The quick check that nearly all text passes.
    template <Plain What>
    MQTTWIRE_ALWAYS_INLINE constexpr bool is_surely_good(const Text& text) const noexcept
    {
        return !wants(Leniency::reject_discouraged_characters) && is_plain<What>(text);
    }

    /// Of text that is not empty.
    MQTTWIRE_ALWAYS_INLINE constexpr bool maybe_shared(const Text& filter) const noexcept
    {
        return is(Version::v5) && filter.front() == '$';
    }

    MQTTWIRE_ALWAYS_INLINE constexpr bool is_long_for_3_1(const Text& text) const noexcept
    {
        return is(Version::v3_1) && text.size() > max_topic_3_1;
    }

    constexpr bool is_cut_short_in_3_1() const noexcept { return is(Version::v3_1) && at_ == end_; }

    MQTTWIRE_ALWAYS_INLINE constexpr bool text_fault(TextFault fault, Field field, const Text& text) noexcept
    {
        if (fault.code == Errc::none) return true;
        return fail(
            fault.code, field, fault.code == Errc::topic_filter_empty ? text.bytes() - 2 : text.bytes() + fault.index);
    }

    /// A reason code at the very end: AUTH must have a Property Length behind it.
    constexpr bool without_property_length() noexcept
    {
        if (type_ != PacketType::auth || allow(Leniency::auth_without_properties)) return true;
        return fail(Errc::auth_without_property_length, Field::property_length, at_);
    }

    /// Reads the length of a property block and narrows the end to it; `end` keeps the end of the packet.
    MQTTWIRE_ALWAYS_INLINE constexpr bool property_length(Position& end) noexcept
    {
        const Position start = at_;
        std::uint32_t length = 0;
        if (!variable_byte_integer(Field::property_length, length)) return false;
        if (length > left()) [[unlikely]]
            return fail(Errc::property_length_past_end, Field::property_length, start);
        end = end_;
        end_ = at_ + length;
        return true;
    }

    /// Reads the property of a slot, tells in `good` whether it was right, and ends the search for its slot.
    template <class Slot>
    MQTTWIRE_ALWAYS_INLINE constexpr bool take(Slot slot, bool& good) noexcept
    {
        good = property(slot);
        return true;
    }

    // One property: its identifier, then its value.

    template <PropertyId Id, class Value>
    MQTTWIRE_ALWAYS_INLINE constexpr bool property(Slot<Id, std::optional<Value>> slot) noexcept
    {
        if (slot.member.has_value()) [[unlikely]]
            return fail(Errc::property_repeated, field(Id), at_);
        if (!sender_may_say<Id>()) return false;
        advance(Field::property_id, 1);
        Value value{};
        if (!property_value<Id>(value)) return false;
        slot.member = value;
        return true;
    }

    /// A property that may be repeated; the order is kept [5.0: MQTT-3.1.3-10, MQTT-3.3.2-18].
    template <PropertyId Id, class T>
    MQTTWIRE_ALWAYS_INLINE constexpr bool property(Slot<Id, List<T>> slot) noexcept
    {
        const Position start = at_;
        if (!sender_may_say<Id>()) return false;
        advance(Field::property_id, 1);
        T value{};
        if constexpr (std::is_same_v<T, std::uint32_t>) {
            if (!property_value<Id>(value)) return false;
        } else {
            if (!Element<T>::fields(*this, value)) return false;
        }
        slot.member.add_property(start, end_, version_);
        return true;
    }

    template <PropertyId Id>
    MQTTWIRE_ALWAYS_INLINE constexpr bool property_value(std::uint8_t& value) noexcept
    {
        return byte(field(Id), value) && in_range<Id>(value, at_ - 1);
    }

    template <PropertyId Id>
    MQTTWIRE_ALWAYS_INLINE constexpr bool property_value(std::uint16_t& value) noexcept
    {
        return two_byte_integer(field(Id), value) && in_range<Id>(value, at_ - 2);
    }

    template <PropertyId Id>
    MQTTWIRE_ALWAYS_INLINE constexpr bool property_value(std::uint32_t& value) noexcept
    {
        const Position start = at_;
        if constexpr (Slot<Id, void*>::row.type == PropertyType::variable_byte_integer)
            return variable_byte_integer(field(Id), value) && in_range<Id>(value, start);
        else return four_byte_integer(field(Id), value) && in_range<Id>(value, start);
    }

    /// Text [5.0: MQTT-3.3.2-13, -19]; a Response Topic is a topic name [5.0: MQTT-3.3.2-14].
    template <PropertyId Id>
    MQTTWIRE_ALWAYS_INLINE constexpr bool property_value(Text& value) noexcept
    {
        if constexpr (Id == PropertyId::response_topic) return topic_name(field(Id), value);
        else return utf8_string(field(Id), value);
    }

    template <PropertyId Id>
    MQTTWIRE_ALWAYS_INLINE constexpr bool property_value(Binary& value) noexcept
    {
        return binary_data(field(Id), value);
    }

    template <PropertyId Id>
    MQTTWIRE_ALWAYS_INLINE constexpr bool sender_may_say() noexcept
    {
        const Errc fault = property_sender_fault(Id, type_, receiver());
        if (fault != Errc::none) [[unlikely]]
            return fail(fault, field(Id), at_);
        return true;
    }

    template <PropertyId Id>
    MQTTWIRE_ALWAYS_INLINE constexpr bool in_range(std::uint32_t value, Position where) noexcept
    {
        if (!is_in_range<Id>(value)) [[unlikely]]
            return fail(out_of_range_code(Id), field(Id), where);
        return true;
    }

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

} // namespace mqttwire::inline MQTTWIRE_ABI::wire
