// SmallReader: the Reader of programs that must be small. It goes through the same description of a packet and makes
// the same checks at run time, with less code and more instructions.
//
// Its operations always say "go on", so that a packet's description becomes a plain row of calls. The first fault is
// kept; after it nothing more is read, and what later operations fill in is thrown away.
#pragma once

#include "mqttwire/config.hpp"
#include "mqttwire/error.hpp"
#include "mqttwire/leniency.hpp"
#include "mqttwire/qos.hpp"
#include "mqttwire/reason_code.hpp"
#include "mqttwire/version.hpp"
#include "mqttwire/wire/bytes.hpp"
#include "mqttwire/wire/list.hpp"
#include "mqttwire/wire/property_members.hpp"
#include "mqttwire/wire/protocol.hpp"
#include "mqttwire/wire/rules.hpp"
#include "mqttwire/wire/string_check.hpp"
#include "mqttwire/wire/text.hpp"
#include "mqttwire/wire/user_property.hpp"
#include "mqttwire/wire/varint.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <type_traits>

namespace mqttwire::inline MQTTWIRE_ABI::wire {

template <class V>
class SmallReader {
public:
    using Position = const std::byte*;

    SmallReader(Position packet, std::size_t size, std::size_t header_size, std::uint8_t first_byte, V version = {},
        Leniency leniency = {}, Role receiver = {}) noexcept
        : packet_(packet), body_(packet + header_size), at_(body_), end_(packet + size), first_byte_(first_byte),
          version_(version), leniency_(leniency), receiver_(receiver)
    {
    }

    bool good() const noexcept { return fault_ == 0; }
    void error_to(void* memory) const noexcept
    {
        ::new (memory) Error{code_of(fault_), static_cast<Field>(place_of(fault_)), type(), offset_, 0};
    }
    Leniency let_pass() const noexcept { return V::strict ? Leniency::none : let_pass_; }
    bool is(Version version) const noexcept { return V::can_be(version) && version_ == version; }
    Version version() const noexcept { return version_; }
    Position first() const noexcept { return packet_; }
    Position here() const noexcept { return at_; }
    Position before(const Binary& value) const noexcept { return good() ? value.bytes() - 3 : at_; }

    // The fixed header and the end.

    [[gnu::always_inline]] bool fixed_header() noexcept
    {
        check_fixed_header();
        return true;
    }

    [[gnu::always_inline]] bool publish_header(QoS& qos, bool& retain, bool& dup) noexcept
    {
        const unsigned flags = check_fixed_header();
        qos = static_cast<QoS>((flags >> 1U) & 3U);
        retain = (flags & 1U) != 0;
        dup = (flags & 8U) != 0;
        return true;
    }

    /// Nothing may be left over.
    void finish() noexcept
    {
        if (at_ != end_) fail(pack(Errc::bytes_left_over, Field::packet), at_);
    }

    // Numbers and flags.

    [[gnu::always_inline]] bool byte(Field field, std::uint8_t& value) noexcept
    {
        value = take_byte(field);
        return true;
    }

    [[gnu::always_inline]] bool two_byte_integer(Field field, std::uint16_t& value) noexcept
    {
        value = take_two(field);
        return true;
    }

    [[gnu::always_inline]] bool packet_id(bool present, std::uint16_t& id) noexcept
    {
        if (present) id = take_packet_id();
        return true;
    }

    [[gnu::always_inline]] bool derived_byte(Field field, std::uint8_t& value) noexcept { return byte(field, value); }

    template <class T>
    [[gnu::always_inline]] bool imply(T& member, T value) noexcept
    {
        member = value;
        return true;
    }

    [[gnu::always_inline]] bool acknowledge_flags(std::uint8_t& flags) noexcept
    {
        byte(Field::acknowledge_flags, flags);
        if (is(Version::v3_1)) flags = 0;
        return last_byte_rule(flags > 1 ? Errc::acknowledge_flags_reserved : Errc::none, Field::acknowledge_flags);
    }

    bool subscription_options(std::uint8_t& options, const Text& filter) noexcept
    {
        byte(Field::subscription_options, options);
        last_byte_rule(subscription_options_fault(options, filter, version_), Field::subscription_options);
        if (is(Version::v3_1)) options &= subscription_options::qos;
        return true;
    }

    // Text and binary data.

    [[gnu::always_inline]] bool utf8_string(Field field, Text& text) noexcept
    {
        take_string(StringKind::text, field, text);
        return true;
    }

    [[gnu::always_inline]] bool topic_name(Field field, Text& name, bool may_be_empty = false) noexcept
    {
        take_string(may_be_empty ? StringKind::topic_name_or_empty : StringKind::topic_name, field, name);
        return true;
    }

    [[gnu::always_inline]] bool topic_filter(Text& filter) noexcept
    {
        take_string(StringKind::topic_filter, Field::filter, filter);
        return true;
    }

    [[gnu::always_inline]] bool binary_data(Field field, Binary& data) noexcept
    {
        take_string(StringKind::binary, field, data);
        return true;
    }

    bool rest(Field, Binary& data) noexcept
    {
        data = Binary(at_, left() & max_varint); // no packet holds more, and so there is nothing to clamp
        at_ = end_;
        return true;
    }

    bool payload_is_text(Field field, const Binary& payload) noexcept
    {
        const TextFault fault = find_ill_formed(payload);
        return rule(fault.code == Errc::none, fault.code, field, payload.bytes() + fault.index);
    }

    // Optional parts.

    [[gnu::always_inline]] bool optional_utf8_string(bool present, Field field, std::optional<Text>& text) noexcept
    {
        if (present && !is_cut_short_in_3_1()) take_string(StringKind::text, field, text.emplace());
        return true;
    }

    [[gnu::always_inline]] bool optional_binary_data(bool present, Field field, std::optional<Binary>& data) noexcept
    {
        if (present && !is_cut_short_in_3_1()) take_string(StringKind::binary, field, data.emplace());
        return true;
    }

    template <class Part>
    [[gnu::always_inline]] bool engage(std::optional<Part>& part) noexcept
    {
        part.emplace();
        return true;
    }

    template <class T>
    bool list(List<T>& list, Errc if_empty, Field field) noexcept
    {
        const Position start = at_;
        std::size_t count = 0;
        for (; at_ != end_; ++count) {
            T element;
            Element<T>::fields(*this, element);
        }
        list = List<T>(start, static_cast<std::size_t>(end_ - start), count, version_);
        return rule(count != 0, if_empty, field, at_);
    }

    // Reason codes and short forms.

    MQTTWIRE_NOINLINE bool reason_code(ReasonCode& code) noexcept
    {
        code = static_cast<ReasonCode>(take_byte(Field::reason_code));
        return last_byte_rule(reason_code_fault(code, type(), receiver()), Field::reason_code);
    }

    bool listed_reason_code(ReasonCode& code) noexcept
    {
        if (is(Version::v5)) return reason_code(code);
        code = static_cast<ReasonCode>(take_byte(Field::reason_code));
        const bool allowed = is_granted_qos(code)
            || (code == ReasonCode::unspecified_error
                && (is(Version::v3_1_1) || allow(Leniency::suback_failure_in_3_1)));
        return last_byte_rule(allowed ? Errc::none : Errc::suback_code_not_allowed, Field::reason_code);
    }

    bool connack_result(ReasonCode& code, auto& properties_of_connack) noexcept
    {
        if (is(Version::v5)) {
            if (left() != 1) return reason_code(code) && properties(properties_of_connack);
            if (!allow(Leniency::v3_connack))
                return rule(false, Errc::connack_without_properties, Field::property_length, end_);
        }
        std::uint8_t return_code = take_byte(Field::reason_code);
        if (return_code >= detail::return_codes.size()) {
            return_code = 0;
            last_byte_rule(Errc::return_code_reserved, Field::reason_code);
        }
        code = detail::return_codes[return_code];
        return true;
    }

    bool short_form(ReasonCode& code, auto& tail_properties) noexcept
    {
        if (!is(Version::v5)) return true;
        if (at_ == end_)
            return rule(may_receive(receiver(), type(), code), Errc::reason_code_wrong_sender, Field::reason_code, at_);
        reason_code(code);
        return at_ == end_ ? without_property_length() : properties(tail_properties);
    }

    bool has_property_block() const noexcept { return end_ - packet_ > 3; }

    // Properties.

    template <class Properties>
    [[gnu::always_inline]] bool properties(Properties& properties) noexcept
    {
        if constexpr (V::can_be(Version::v5))
            if (is(Version::v5)) erased_properties(erase(properties), members_of(properties));
        return true;
    }

    // Rules over several fields.

    [[gnu::always_inline]] bool rule(bool holds, Errc code, Field field, Position where) noexcept
    {
        if (!holds) fail(pack(code, field), where);
        return true;
    }

    [[gnu::always_inline]] bool last_byte_rule(Errc fault, Field field) noexcept
    {
        if (fault != Errc::none) fail_last_byte(pack(fault, field));
        return true;
    }

    bool allow(Leniency deviation) noexcept
    {
        if (!wants(deviation)) return false;
        let_pass_ |= deviation;
        return true;
    }

    bool wants(Leniency setting) const noexcept { return !V::strict && has(leniency_, setting); }

    /// A reader whose version is known at run time only takes that of the packet.
    bool protocol(std::optional<Version>& version, bool& bridge) noexcept
    {
        if (const Errc fault = type_fault(); fault != Errc::none) fail_header(fault);
        const ProtocolHead head = read_protocol_head({at_, left()});
        const Position where = at_ + head.index;
        if constexpr (requires { version_.value; })
            version_.value = head.code == Errc::none ? head.version : Version::v5; // v5: as when nothing is known
        rule(head.code == Errc::none, head.code, head.field, where);
        rule(head.version == version_, Errc::version_mismatch, Field::protocol_version, where);
        bridge = head.bridge();
        rule(!bridge || allow(Leniency::bridge_bit), Errc::bridge_bit_set, Field::protocol_version, where);
        version = static_cast<Version>(version_);
        check_fixed_header();
        at_ += head.protocol.name.size() + 3;
        if (!good()) at_ = end_;
        return true;
    }

private:
    PacketType type() const noexcept { return static_cast<PacketType>(first_byte_ >> 4U); }
    Leniency leniency() const noexcept { return V::strict ? Leniency::none : leniency_; }
    Role receiver() const noexcept { return V::strict ? Role::unknown : receiver_; }
    std::size_t left() const noexcept { return static_cast<std::size_t>(end_ - at_); }
    bool is_cut_short_in_3_1() const noexcept { return is(Version::v3_1) && at_ == end_; }

    /// Keeps the first fault, and lets nothing more be read.
    MQTTWIRE_NOINLINE void fail(std::uint32_t fault, Position where) noexcept
    {
        end_ = at_;
        if (fault_ != 0) return;
        fault_ = fault;
        offset_ = static_cast<std::uint32_t>(where - packet_);
    }

    MQTTWIRE_NOINLINE void fail_last_byte(std::uint32_t fault) noexcept { fail(fault, at_ - 1); }
    void fail_header(Errc code) noexcept { fail(pack(code, Field::fixed_header), packet_); }

    /// The next bytes, which the caller may read. If there are not enough, any other bytes.
    MQTTWIRE_NOINLINE const std::byte* take(Field field, std::size_t count) noexcept
    {
        const Position start = at_;
        if (left() < count) {
            fail(pack(Errc::field_past_end, field), start);
            return reinterpret_cast<const std::byte*>(this);
        }
        at_ += count;
        return start;
    }

    MQTTWIRE_NOINLINE std::uint8_t take_byte(Field field) noexcept { return load_byte(take(field, 1)); }
    MQTTWIRE_NOINLINE std::uint16_t take_two(Field field) noexcept { return load_two(take(field, 2)); }

    MQTTWIRE_NOINLINE std::uint16_t take_packet_id() noexcept
    {
        const std::uint16_t id = take_two(Field::packet_id);
        rule(id != 0, Errc::packet_id_zero, Field::packet_id, at_ - 2);
        return id;
    }

    /// A Two Byte Integer and as many bytes.
    MQTTWIRE_NOINLINE void take_string(StringKind kind, Field field, View& string) noexcept
    {
        const std::size_t size = take_two(field);
        const Position begin = at_;
        if (size > left()) return fail(pack(Errc::field_past_end, field), begin - 2);
        string = View(begin, size);
        const std::uint32_t fault = find_string_fault(string, kind, version_, leniency());
        at_ += size;
        if (fault == 0) return;
        // The place of a string that should not be empty is its size.
        fail(pack(code_of(fault), field), size == 0 ? begin - 2 : begin + place_of(fault));
    }

    /// [5.0: MQTT-1.5.5-1]
    MQTTWIRE_NOINLINE std::uint32_t take_varint(Field field) noexcept
    {
        const Position start = at_;
        std::uint32_t value = 0;
        Errc fault = Errc::field_past_end;
        for (Position at = start; at != end_;) {
            const std::uint32_t byte = load_byte(at);
            const auto index = static_cast<std::uint32_t>(at - start);
            value |= (byte & 0x7FU) << (7 * index);
            ++at;
            if (byte < 0x80) {
                fault = byte == 0 && index != 0 ? Errc::varint_not_minimal : Errc::none;
                at_ = at;
                break;
            }
            if (index == 3) {
                fault = Errc::varint_too_long;
                break;
            }
        }
        if (fault == Errc::none) return value;
        fail(pack(fault, field), start);
        return 0; // any number will do
    }

    Errc type_fault() const noexcept
    {
        const unsigned first = load_byte(packet_);
        if (((first ^ first_byte_) & 0xF0U) == 0) return Errc::none;
        return first < 0x10 ? Errc::reserved_packet_type : Errc::unexpected_packet_type;
    }

    /// What is wrong with flags of the right packet type.
    Errc flags_fault(unsigned flags) noexcept
    {
        const unsigned expected = first_byte_ & 0x0FU;
        if (type() == PacketType::publish) {
            if ((flags & 0x06U) == 0x06) return Errc::qos_3;
            return (flags & 0x0EU) == 0x08 && !is(Version::v3_1) ? Errc::dup_with_qos_0 : Errc::none;
        }
        if (flags == expected) return Errc::none;
        if (type() == PacketType::pubrel && flags == 0 && allow(Leniency::pubrel_flags_0000)) return Errc::none;
        // 3.1 uses the QoS bits of three types and ignores all other flags.
        if (is(Version::v3_1) && (expected == 0 || (flags & 0x06U) == expected)) return Errc::none;
        return Errc::wrong_flags;
    }

    /// Gives the flags. Out of line for PUBLISH too, or else g++ makes a way through the packet for all they can be.
    MQTTWIRE_NOINLINE unsigned check_fixed_header() noexcept
    {
        const unsigned flags = load_byte(packet_) & 0x0FU;
        Errc fault = type_fault();
        if (fault == Errc::none) fault = flags_fault(flags);
        if (fault != Errc::none) fail_header(fault);
        check_length_and_direction();
        return flags;
    }

    void check_length_and_direction() noexcept
    {
        if (is(Version::v5) && body_ - packet_ != 2 && load_byte(body_ - 1) == 0)
            fail(pack(Errc::remaining_length_not_minimal, Field::remaining_length), packet_ + 1);
        if (!may_receive(receiver(), type(), version_)) fail_header(Errc::wrong_direction);
    }

    bool without_property_length() noexcept
    {
        return rule(type() != PacketType::auth || allow(Leniency::auth_without_properties),
            Errc::auth_without_property_length, Field::property_length, at_);
    }

    // Properties: one function reads those of all packets.

    MQTTWIRE_NOINLINE void erased_properties(std::byte* properties, const PropertyMember* members) noexcept
    {
        const Position start = at_;
        const std::uint32_t length = take_varint(Field::property_length);
        if (length > left()) return fail(pack(Errc::property_length_past_end, Field::property_length), start);
        const Position end = end_;
        end_ = at_ + length;
        while (at_ != end_) erased_property(properties, members);
        if (good()) end_ = end;
    }

    void erased_property(std::byte* properties, const PropertyMember* member) noexcept
    {
        const Position start = at_;
        const auto id = static_cast<PropertyId>(load_byte(start));
        while (member->id != id && member->id != no_property) ++member;
        if (member->id == no_property) return property_id_fault();
        const Errc fault = property_sender_fault(id, type(), receiver());
        rule(fault == Errc::none, fault, field(id), start);
        take(Field::property_id, 1); // and not `++at_`, which would leave the end behind after a fault
        void* const place = properties + member->offset;
        std::uint32_t number = 1;
        switch (member->kind) {
        case MemberKind::byte: {
            std::uint8_t& value = vacant<std::uint8_t>(place, id);
            number = value = take_byte(field(id));
            break;
        }
        case MemberKind::two_byte_integer: {
            std::uint16_t& value = vacant<std::uint16_t>(place, id);
            number = value = take_two(field(id));
            break;
        }
        case MemberKind::four_byte_integer: {
            std::uint32_t& value = vacant<std::uint32_t>(place, id);
            number = value = load_four(take(field(id), 4));
            break;
        }
        case MemberKind::variable_byte_integer: {
            std::uint32_t& value = vacant<std::uint32_t>(place, id);
            number = value = take_varint(field(id));
            break;
        }
        case MemberKind::binary:
        case MemberKind::text:
        case MemberKind::topic_name: {
            View& string = member->kind == MemberKind::binary ? static_cast<View&>(vacant<Binary>(place, id))
                                                              : static_cast<View&>(vacant<Text>(place, id));
            return take_string(static_cast<StringKind>(member->kind), field(id), string);
        }
        case MemberKind::user_properties: {
            Room<UserProperty> pair;
            UserProperty::fields(*this, pair.value);
            return append(*static_cast<List<UserProperty>*>(place), start);
        }
        case MemberKind::identifiers:
            number = take_varint(field(id));
            append(*static_cast<List<std::uint32_t>*>(place), start);
            break;
        }
        rule(member->allows(number), out_of_range_code(id), field(id), start + 1);
    }

    /// The value of a property that may occur once, which must not have been read before.
    template <class Value>
    [[gnu::always_inline]] Value& vacant(void* place, PropertyId id) noexcept
    {
        std::optional<Value>& member = *static_cast<std::optional<Value>*>(place);
        if (member.has_value()) fail_repeated(id);
        return member.emplace();
    }

    MQTTWIRE_NOINLINE void fail_repeated(PropertyId id) noexcept
    {
        fail_last_byte(pack(Errc::property_repeated, field(id)));
    }

    template <class T>
    MQTTWIRE_NOINLINE void append(List<T>& list, Position start) noexcept
    {
        list.add_property(start, end_, version_);
    }

    /// Why no property that may stand here has this identifier.
    void property_id_fault() noexcept
    {
        const Position start = at_;
        fail(pack(misplaced_property(take_varint(Field::property_id)), Field::property_id), start);
    }

    Position packet_;
    Position body_;
    Position at_;
    Position end_;
    std::uint32_t fault_ = 0; ///< see pack
    std::uint32_t offset_ = 0;
    std::uint8_t first_byte_; ///< as it should be, apart from the flags of PUBLISH
    [[no_unique_address]] V version_;
    Leniency leniency_ = Leniency::none;
    Role receiver_ = Role::unknown;
    Leniency let_pass_ = Leniency::none;
};

} // namespace mqttwire::inline MQTTWIRE_ABI::wire
