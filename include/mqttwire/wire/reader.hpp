// Reader: the walker that decodes. It goes through the fields of a packet in wire order, checks each and fills it in.
//
// Every operation gives true to go on, so a packet joins its fields with `&&`. How bytes are taken, and what becomes of
// a check that fails, is the matter of the input: with QuickInput the first one gives false, with SmallInput it is kept
// and the walk goes on to its end without reading any further. A nested length narrows the end for as long as it
// applies; nothing is read outside.
#pragma once

#include "mqttwire/config.hpp"
#include "mqttwire/error.hpp"
#include "mqttwire/field.hpp"
#include "mqttwire/leniency.hpp"
#include "mqttwire/packet_type.hpp"
#include "mqttwire/qos.hpp"
#include "mqttwire/reason_code.hpp"
#include "mqttwire/version.hpp"
#include "mqttwire/wire/bytes.hpp"
#include "mqttwire/wire/element_check.hpp"
#include "mqttwire/wire/list.hpp"
#include "mqttwire/wire/protocol.hpp"
#include "mqttwire/wire/quick_input.hpp"
#include "mqttwire/wire/rules.hpp"
#include "mqttwire/wire/slot.hpp"
#include "mqttwire/wire/small_input.hpp"
#include "mqttwire/wire/string_kind.hpp"
#include "mqttwire/wire/text.hpp"
#include "mqttwire/wire/user_property.hpp"
#include "mqttwire/wire/utf8.hpp"
#include "mqttwire/wire/varint.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <type_traits>

namespace mqttwire::inline MQTTWIRE_ABI::wire {

/// Asks std::optional::emplace for a value with its defaults, set member by member.
template <class T>
struct Defaults {
    constexpr operator T() const noexcept
    {
        set_members_one_by_one();
        T value;
        return value;
    }
};

template <class Input>
class Reader;

inline namespace MQTTWIRE_CODE {

/// Reads a property block by a reader of its own, which is told what it needs by value: so callers keep their state in
/// registers.
template <class Properties, class Trace, class V = BlockVersion>
MQTTWIRE_NOINLINE constexpr Error read_block(Properties& properties, const std::byte* packet, const std::byte* at,
    const std::byte* end, PacketType type, Leniency leniency, Role receiver, Trace trace) noexcept
{
    Reader<QuickInput<V, Trace>> reader(packet, at, end, type, V{}, leniency, receiver, trace);
    return Properties::walk(reader, properties) ? Error{} : reader.error();
}

/// The same for all of a short form behind the Packet Identifier, up to the end: a function for all acknowledgements.
template <class Properties, class Trace, class V = BlockVersion>
MQTTWIRE_NOINLINE constexpr Error read_tail(ReasonCode& code, Properties& properties, const std::byte* packet,
    const std::byte* at, const std::byte* end, PacketType type, Leniency leniency, Role receiver, Trace trace) noexcept
{
    Reader<QuickInput<V, Trace>> reader(packet, at, end, type, V{}, leniency, receiver, trace);
    return reader.template tail<Properties&>(code, properties) && reader.finish() ? Error{} : reader.error();
}

/// What is wrong with an element of a list.
template <class T, class V = AnyVersion>
MQTTWIRE_NOINLINE constexpr Error find_element_fault(const std::byte* packet, const std::byte* at, const std::byte* end,
    PacketType type, Version version, Leniency leniency) noexcept
{
    Reader<QuickInput<V>> reader(packet, at, end, type, V{version}, leniency, Role::unknown);
    T element;
    return Element<T>::fields(reader, element) ? Error{} : reader.error();
}

} // namespace MQTTWIRE_CODE

template <class Input>
class Reader : public Input {
    using V = typename Input::Terms;

    // What a Reader asks of its input.
    using Input::adopt; // the version that a CONNECT tells
    using Input::at; // where the next byte stands
    using Input::body; // the first byte behind the fixed header
    using Input::end; // where the packet, or what it was narrowed to, ends
    using Input::expected; // the first byte as it usually is
    using Input::fail; // ends the walk with a diagnosis
    using Input::fault; // the same unless the code is `none`
    using Input::go_on; // what a step of several steps gives
    using Input::left; // bytes from `at` to `end`
    using Input::leniency; // what the caller allows
    using Input::narrow; // moves the end
    using Input::note; // reports what was let pass
    using Input::opens_with; // looks at protocol name and level
    using Input::packet; // the first byte
    using Input::place_of_value; // where a view that was read stands
    using Input::receiver; // the side that reads
    using Input::skip; // steps over bytes
    using Input::take_byte; // the rest take what they say
    using Input::take_four;
    using Input::take_rest;
    using Input::take_string;
    using Input::take_two;
    using Input::take_varint;
    using Input::tell; // where a field stands that is not taken
    using Input::terms; // what is known of the version
    using Input::type; // the packet's type
    using Input::widen; // moves the end back

public:
    using Position = typename Input::Position;
    using Input::Input;

    constexpr bool is(Version version) const noexcept { return V::can_be(version) && terms() == version; }
    constexpr Version version() const noexcept { return terms(); }
    /// Where the packet begins.
    constexpr Position first() const noexcept { return packet(); }
    /// Where the next field stands.
    constexpr Position here() const noexcept { return at(); }
    /// Where the property stands whose value was read, its identifier included.
    constexpr Position before(const Binary& value) const noexcept { return place_of_value(value) - 3; }

    // The fixed header and the end.

    /// Type, flags, form of the length and direction [MQTT-2.2.2-1, -2; 5.0: MQTT-2.1.3-1, MQTT-1.5.5-1].
    MQTTWIRE_STEP constexpr bool fixed_header() noexcept { return go_on(usual_header()); }

    /// The same for PUBLISH, whose flags are fields: DUP, QoS and RETAIN.
    MQTTWIRE_ALWAYS_INLINE constexpr bool publish_header(QoS& qos, bool& retain, bool& dup) noexcept
    {
        const unsigned first_byte = load_byte(packet());
        qos = static_cast<QoS>((first_byte >> 1U) & 3U);
        retain = (first_byte & 1U) != 0;
        dup = (first_byte & 8U) != 0;
        return go_on(header_of_publish(qos, dup));
    }

    /// Nothing may be left over.
    MQTTWIRE_ALWAYS_INLINE constexpr bool finish() noexcept
    {
        return rule(at() == end(), Errc::bytes_left_over, Field::packet, at());
    }

    // Numbers and flags.

    MQTTWIRE_STEP constexpr bool byte(Field field, std::uint8_t& value) noexcept { return take_byte(field, value); }

    MQTTWIRE_STEP constexpr bool two_byte_integer(Field field, std::uint16_t& value) noexcept
    {
        return take_two(field, value);
    }

    /// A Packet Identifier, which is never 0; present only where `present` says so [MQTT-2.3.1-1, -5; 5.0:
    /// MQTT-2.2.1-2, -3, -4].
    MQTTWIRE_STEP constexpr bool packet_id(bool present, std::uint16_t& id) noexcept
    {
        return !present || go_on(present_packet_id(id));
    }

    /// A byte that the encoder derives from other members.
    MQTTWIRE_STEP constexpr bool derived_byte(Field field, std::uint8_t& value) noexcept { return byte(field, value); }

    /// A member that a derived byte tells.
    template <class T>
    MQTTWIRE_STEP constexpr bool imply(T& member, T value) noexcept
    {
        member = value;
        return true;
    }

    /// The Connect Acknowledge Flags, of which Session Present remains; 3.1 has none [5.0: MQTT-3.2.2-1].
    MQTTWIRE_ALWAYS_INLINE constexpr bool acknowledge_flags(std::uint8_t& flags) noexcept
    {
        if (!take_byte(Field::acknowledge_flags, flags)) return false;
        if (is(Version::v3_1)) flags = 0;
        return rule(flags <= 1, Errc::acknowledge_flags_reserved, Field::acknowledge_flags, at() - 1);
    }

    /// The Requested QoS or Subscription Options byte that follows a filter.
    MQTTWIRE_ALWAYS_INLINE constexpr bool subscription_options(std::uint8_t& options, const Text& filter) noexcept
    {
        if (!take_byte(Field::subscription_options, options)) return false;
        if (options > 2) [[unlikely]] {
            const Errc code = subscription_options_fault(options, filter, terms());
            if (!fault(code, Field::subscription_options, at() - 1)) return false;
            if (is(Version::v3_1)) options &= subscription_options::qos;
        }
        return true;
    }

    // Text and binary data.

    /// [MQTT-1.5.3-1, -2; 5.0: MQTT-1.5.4-1, -2]
    MQTTWIRE_STEP constexpr bool utf8_string(Field field, Text& text) noexcept
    {
        return take_string(StringKind::text, field, text);
    }

    /// A topic name: no wildcards, and not empty unless it may be [MQTT-3.3.2-2, MQTT-4.7.1-1, MQTT-4.7.3-1; 5.0:
    /// MQTT-4.7.0-1].
    MQTTWIRE_STEP constexpr bool topic_name(Field field, Text& name, bool may_be_empty = false) noexcept
    {
        return take_string(may_be_empty ? StringKind::topic_name_or_empty : StringKind::topic_name, field, name);
    }

    /// [MQTT-4.7.1-2, -3, MQTT-4.7.3-1; 5.0: MQTT-4.7.1-1, -2, MQTT-4.8.2-1, -2]
    MQTTWIRE_STEP constexpr bool topic_filter(Text& filter) noexcept
    {
        return take_string(StringKind::topic_filter, Field::filter, filter);
    }

    MQTTWIRE_STEP constexpr bool binary_data(Field field, Binary& data) noexcept
    {
        return take_string(StringKind::binary, field, data);
    }

    /// All that is left of the packet.
    MQTTWIRE_STEP constexpr bool rest(Field field, Binary& data) noexcept { return take_rest(field, data); }

    /// A payload that says it is text.
    constexpr bool payload_is_text(Field field, const Binary& payload) noexcept
    {
        const TextFault found = find_ill_formed(payload);
        return fault(found.code, field, place_of_value(payload) + found.index);
    }

    // Optional parts.

    /// The User Name. In 3.1 it may be missing at the end although it is announced.
    MQTTWIRE_ALWAYS_INLINE constexpr bool optional_utf8_string(
        bool present, Field field, std::optional<Text>& text) noexcept
    {
        return optional_string(present, StringKind::text, field, text);
    }

    /// The Password. In 3.1 it may be missing at the end although it is announced.
    MQTTWIRE_ALWAYS_INLINE constexpr bool optional_binary_data(
        bool present, Field field, std::optional<Binary>& data) noexcept
    {
        return optional_string(present, StringKind::binary, field, data);
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
        const Position start = at();
        std::uint32_t count = 0;
        if (!elements<T>(count)) return false;
        list = List<T>(start, static_cast<std::size_t>(end() - start), count, terms());
        return rule(count != 0, if_empty, field, at());
    }

    /// A Subscription Identifier, as an element of a list.
    MQTTWIRE_STEP constexpr bool variable_byte_integer(Field field, std::uint32_t& value) noexcept
    {
        return take_varint(field, value);
    }

    // Reason codes and short forms.

    /// [5.0: MQTT-3.2.2-8, -3.4.2-1, -3.5.2-1, -3.6.2-1, -3.7.2-1, -3.14.2-1, -3.15.2-1]
    MQTTWIRE_STEP constexpr bool reason_code(ReasonCode& code) noexcept { return go_on(good_reason_code(code)); }

    /// A code of SUBACK (3.x: the granted QoS or 0x80) or UNSUBACK [MQTT-3.9.3-2; 5.0: MQTT-3.11.3-2].
    MQTTWIRE_ALWAYS_INLINE constexpr bool listed_reason_code(ReasonCode& code) noexcept
    {
        if (is(Version::v5)) return reason_code(code);
        std::uint8_t value = 0;
        if (!take_byte(Field::reason_code, value)) return false;
        code = static_cast<ReasonCode>(value);
        return rule(is_suback_return_code(code, *this), Errc::suback_code_not_allowed, Field::reason_code, at() - 1);
    }

    /// CONNACK: reason code and properties in 5.0, a return code in 3.x.
    MQTTWIRE_ALWAYS_INLINE constexpr bool connack_result(ReasonCode& code, auto& properties_of_connack) noexcept
    {
        if (is(Version::v5)) {
            if (left() != 1) return reason_code(code) && properties(properties_of_connack);
            if (!allow(Leniency::v3_connack))
                return fail(Errc::connack_without_properties, Field::property_length, end());
        }
        std::uint8_t value = 0;
        if (!take_byte(Field::reason_code, value)) return false;
        const std::optional<ReasonCode> mapped = from_return_code(value);
        code = mapped.value_or(ReasonCode::success);
        return rule(mapped.has_value(), Errc::return_code_reserved, Field::reason_code, at() - 1);
    }

    /// The end of an acknowledgement, DISCONNECT or AUTH: nothing in 3.x; in 5.0 nothing, a reason code, or a reason
    /// code and properties [5.0: sections 3.4.2.1, 3.14.2.1, 3.15.2.1].
    MQTTWIRE_ALWAYS_INLINE constexpr bool short_form(ReasonCode& code, auto& tail_properties) noexcept
    {
        if constexpr (V::can_be(Version::v5)) {
            if (!is(Version::v5)) return true;
            if constexpr (Input::small) return go_on(tail(code, erase(tail_properties)));
            else return tail_near_or_far(code, tail_properties);
        }
        return true;
    }

    /// The same in 5.0.
    template <class P>
    MQTTWIRE_SHARED constexpr bool tail(ReasonCode& code, P tail_properties) noexcept
    {
        static_assert(Input::small || std::is_reference_v<P>, "name the reference: deduced, it would be a copy");
        if (at() == end())
            return rule(mqttwire::may_receive(receiver(), type(), code), Errc::reason_code_wrong_sender,
                Field::reason_code, at());
        return reason_code(code) && (at() == end() ? without_property_length() : block(tail_properties));
    }

    /// True if a short form has a property block, which its length tells.
    constexpr bool has_property_block() const noexcept { return end() - packet() > 3; }

    // Properties.

    /// A property block: its length, which is never left out, and the properties [5.0: MQTT-2.2.2-1]. Earlier versions
    /// have none.
    template <class Properties>
    MQTTWIRE_ALWAYS_INLINE constexpr bool properties(Properties& properties) noexcept
    {
        if constexpr (V::can_be(Version::v5)) {
            if (!is(Version::v5)) return true;
            if constexpr (Input::small) return go_on(erased_properties(erase(properties)));
            else return property_block(properties);
        }
        return true;
    }

    /// The properties of a block, in any order.
    template <class... Slots>
    MQTTWIRE_ALWAYS_INLINE constexpr bool slots(Slots... slots) noexcept
    {
        while (at() != end()) {
            const unsigned id = load_byte(at());
            bool good = false;
            if (!((id == static_cast<unsigned>(Slots::id) && take(slots, good)) || ...)) [[unlikely]]
                return misplaced();
            if (!good) return false;
        }
        return true;
    }

    // Rules over several fields.

    /// A rule that the packet states itself; `where` is the offending field.
    MQTTWIRE_STEP constexpr bool rule(bool holds, Errc code, Field field, Position where) noexcept
    {
        if (!holds) [[unlikely]]
            return fail(code, field, where);
        return true;
    }

    /// A rule about the byte that was read last.
    MQTTWIRE_STEP constexpr bool last_byte_rule(Errc code, Field field) noexcept
    {
        return fault(code, field, at() - 1);
    }

    /// True if leniency lets a deviation pass, which is then reported.
    constexpr bool allow(Leniency deviation) noexcept
    {
        if (!has(leniency(), deviation)) return false;
        note(deviation);
        return true;
    }

    /// True if a setting that makes the checks stricter is on.
    constexpr bool wants(Leniency setting) const noexcept { return has(leniency(), setting); }

    /// Protocol name and level of CONNECT, which must be those of this reader's version [MQTT-3.1.2-1, -2]; then the
    /// fixed header, whose rules depend on them.
    MQTTWIRE_ALWAYS_INLINE constexpr bool protocol(std::optional<Version>& version, bool& bridge) noexcept
    {
        std::size_t name_size = protocol_name(terms()).size();
        if (!opens_with(protocol_name(terms()), static_cast<unsigned>(static_cast<Version>(terms())))) [[unlikely]] {
            const ProtocolHead head = read_protocol_head({at(), left()});
            const Position where = at() + head.index;
            adopt(head.code == Errc::none ? head.version : Version::v5); // v5: as when nothing is known
            name_size = head.protocol.name.size();
            bridge = head.bridge();
            if (!(fault(packet_type_fault(load_byte(packet()), type()), Field::fixed_header, packet())
                    && fault(head.code, head.field, where)
                    && rule(head.version == terms(), Errc::version_mismatch, Field::protocol_version, where)
                    && rule(
                        !bridge || allow(Leniency::bridge_bit), Errc::bridge_bit_set, Field::protocol_version, where)))
                return false;
        }
        version = static_cast<Version>(terms());
        return fixed_header() && skip(Field::protocol_name, 2 + name_size) && skip(Field::protocol_version, 1);
    }

private:
    constexpr void tell_fixed_header() const noexcept
    {
        tell(Field::fixed_header, packet(), packet() + 1);
        tell(Field::remaining_length, packet() + 1, body());
    }

    // Steps of several steps, which are functions where size counts; see go_on.

    MQTTWIRE_SHARED constexpr bool usual_header() noexcept
    {
        tell_fixed_header();
        return (load_byte(packet()) == expected() || fault(first_byte_fault(), Field::fixed_header, packet()))
            && length_and_direction();
    }

    MQTTWIRE_SHARED constexpr bool header_of_publish(QoS qos, bool dup) noexcept
    {
        tell_fixed_header();
        return fault(packet_type_fault(load_byte(packet()), PacketType::publish), Field::fixed_header, packet())
            && fault(publish_flags_fault(qos, dup, terms()), Field::fixed_header, packet()) && length_and_direction();
    }

    MQTTWIRE_SHARED constexpr bool good_reason_code(ReasonCode& code) noexcept
    {
        std::uint8_t value = 0;
        if (!take_byte(Field::reason_code, value)) return false;
        code = static_cast<ReasonCode>(value);
        return fault(reason_code_fault(code, type(), receiver()), Field::reason_code, at() - 1);
    }

    /// What is wrong with a first byte that is not the usual one.
    constexpr Errc first_byte_fault() noexcept
    {
        const unsigned first_byte = load_byte(packet());
        Errc code = packet_type_fault(first_byte, type());
        if (code == Errc::none) code = flags_fault(first_byte, expected(), terms());
        const bool zero_flags = code == Errc::wrong_flags && (first_byte & 0x0FU) == 0;
        if (zero_flags && type() == PacketType::pubrel && allow(Leniency::pubrel_flags_0000)) return Errc::none;
        return code;
    }

    MQTTWIRE_SHARED constexpr bool length_and_direction() noexcept
    {
        // A longer form than the shortest ends in a zero byte.
        const bool minimal = body() - packet() == 2 || load_byte(body() - 1) != 0;
        return rule(minimal || !is(Version::v5), Errc::remaining_length_not_minimal, Field::remaining_length,
                   packet() + 1)
            && (V::strict // then see refuse_direction
                || rule(
                    may_receive(receiver(), type(), terms()), Errc::wrong_direction, Field::fixed_header, packet()));
    }

    MQTTWIRE_SHARED constexpr bool present_packet_id(std::uint16_t& id) noexcept
    {
        return take_two(Field::packet_id, id) && rule(id != 0, Errc::packet_id_zero, Field::packet_id, at() - 2);
    }

    /// Goes through the elements of a list and counts them.
    template <class T>
    MQTTWIRE_ALWAYS_INLINE constexpr bool elements(std::uint32_t& count) noexcept
    {
        if constexpr (Input::checks_elements && requires { Element<T>::least_bytes; }) {
            ElementCheck<V> check(at(), end(), Element<T>::least_bytes, terms(), leniency());
            T element;
            for (; check.has_room() && Element<T>::fields(check, element); ++count) this->move_to(check.position());
            if (at() != end()) [[unlikely]]
                return this->adopt_fault(find_element_fault<T>(packet(), at(), end(), type(), terms(), leniency()));
        } else {
            for (; at() != end(); ++count) {
                T element;
                if (!Element<T>::fields(*this, element)) return false;
            }
        }
        return true;
    }

    template <class String>
    MQTTWIRE_ALWAYS_INLINE constexpr bool optional_string(
        bool present, StringKind kind, Field field, std::optional<String>& string) noexcept
    {
        if (!present || (is(Version::v3_1) && at() == end())) return true;
        return take_string(kind, field, string.emplace());
    }

    /// In line, or by a reader of its own, see read_tail: most acknowledgements end in front of it. An AUTH may have
    /// something that is let pass.
    template <class Properties>
    MQTTWIRE_ALWAYS_INLINE constexpr bool tail_near_or_far(ReasonCode& code, Properties& properties) noexcept
    {
        if constexpr (V::spread == Spread::most && !config::share_walks) {
            if (at() != end() && type() != PacketType::auth) {
                if (!this->adopt_fault(read_tail(
                        code, properties, packet(), at(), end(), type(), leniency(), receiver(), this->trace())))
                    return false;
                this->move_to(end());
                return true;
            }
        }
        return tail<Properties&>(code, properties);
    }

    /// A property block of 5.0.
    template <class Properties>
    MQTTWIRE_ALWAYS_INLINE constexpr bool block(Properties& properties) noexcept
    {
        if constexpr (Input::small) return go_on(erased_properties(properties));
        else return property_block(properties);
    }

    /// A reason code at the very end: AUTH must have a Property Length behind it.
    constexpr bool without_property_length() noexcept
    {
        return rule(type() != PacketType::auth || allow(Leniency::auth_without_properties),
            Errc::auth_without_property_length, Field::property_length, at());
    }

    /// Reads the length of a property block and narrows the end to it; `end_of_packet` keeps the end as it was.
    MQTTWIRE_ALWAYS_INLINE constexpr bool property_length(Position& end_of_packet) noexcept
    {
        const Position start = at();
        std::uint32_t length = 0;
        if (!(take_varint(Field::property_length, length)
                && rule(length <= left(), Errc::property_length_past_end, Field::property_length, start)))
            return false;
        end_of_packet = narrow(length);
        return true;
    }

    template <class Properties>
    MQTTWIRE_ALWAYS_INLINE constexpr bool property_block(Properties& properties) noexcept
    {
        Position end_of_packet = end();
        if (!property_length(end_of_packet)) return false;
        if (at() != end()) [[unlikely]] {
            if constexpr (V::spread <= Spread::nearly_all) {
                if (!Properties::walk(*this, properties)) return false;
            } else {
                if (!this->adopt_fault(
                        read_block(properties, packet(), at(), end(), type(), leniency(), receiver(), this->trace())))
                    return false;
                this->move_to(end());
            }
        }
        widen(end_of_packet);
        return true;
    }

    /// The same of any properties.
    template <class Void>
    MQTTWIRE_NOINLINE bool erased_properties(ErasedProperties<Void> erased) noexcept
    {
        Position end_of_packet = end();
        property_length(end_of_packet);
        while (at() != end()) erased_property(erased);
        widen(end_of_packet);
        return true;
    }

    template <class Void>
    bool erased_property(ErasedProperties<Void> erased) noexcept
    {
        const auto id = static_cast<PropertyId>(load_byte(at()));
        unsigned index = 0;
        while (erased.members[index].id != id && erased.members[index].id != no_property) ++index;
        const PropertyMember& member = erased.members[index];
        if (member.id == no_property) return misplaced();
        const ErasedProperty found(member);
        property_id(id);
        return with_member(
            found, erased.place_of(index), [this, found](auto& place) { return this->property(found, place); });
    }

    /// A property that may not stand here, or none at all.
    MQTTWIRE_ALWAYS_INLINE constexpr bool misplaced() noexcept
    {
        const Position start = at();
        std::uint32_t id = 0;
        return take_varint(Field::property_id, id) && fail(misplaced_property(id), Field::property_id, start);
    }

    /// Reads the property of a slot, tells in `good` whether it was right, and ends the search for its slot.
    template <class Slot>
    MQTTWIRE_ALWAYS_INLINE constexpr bool take(Slot slot, bool& good) noexcept
    {
        good = go_on(property_id(Slot::id)) && property(slot, slot.member);
        return true;
    }

    // The value of one property, behind its identifier. `P` is a Slot or an ErasedProperty.

    template <class P, class Value>
    MQTTWIRE_ALWAYS_INLINE constexpr bool property(P property, std::optional<Value>& member) noexcept
    {
        Value value{};
        if (!(go_on(first_of_its_kind(property.id, member.has_value())) && property_value(property, value)))
            return false;
        member = value;
        return true;
    }

    MQTTWIRE_SHARED constexpr bool first_of_its_kind(PropertyId id, bool repeated) noexcept
    {
        return rule(!repeated, Errc::property_repeated, field(id), at() - 1);
    }

    /// A property that may be repeated; the order is kept [5.0: MQTT-3.1.3-10, MQTT-3.3.2-18].
    template <class P, class T>
    MQTTWIRE_ALWAYS_INLINE constexpr bool property(P property, List<T>& member) noexcept
    {
        const Position start = at() - 1;
        T value{};
        if (!property_value(property, value)) return false;
        member.add_property(start, end(), terms());
        return true;
    }

    MQTTWIRE_SHARED constexpr bool property_id(PropertyId id) noexcept
    {
        return fault(property_sender_fault(id, type(), receiver()), field(id), at()) && skip(Field::property_id, 1);
    }

    template <class P>
    MQTTWIRE_ALWAYS_INLINE constexpr bool property_value(P property, std::uint8_t& value) noexcept
    {
        return take_byte(field(property.id), value) && go_on(in_range(property, value, at() - 1));
    }

    template <class P>
    MQTTWIRE_ALWAYS_INLINE constexpr bool property_value(P property, std::uint16_t& value) noexcept
    {
        return take_two(field(property.id), value) && go_on(in_range(property, value, at() - 2));
    }

    template <class P>
    MQTTWIRE_ALWAYS_INLINE constexpr bool property_value(P property, std::uint32_t& value) noexcept
    {
        const Position start = at();
        return (property.value.type == PropertyType::variable_byte_integer ? take_varint(field(property.id), value)
                                                                           : take_four(field(property.id), value))
            && go_on(in_range(property, value, start));
    }

    /// [5.0: MQTT-3.3.2-13, -14, -19]
    template <class P>
    MQTTWIRE_ALWAYS_INLINE constexpr bool property_value(P property, View& value) noexcept
    {
        return take_string(property.value.string, field(property.id), value);
    }

    template <class P>
    MQTTWIRE_ALWAYS_INLINE constexpr bool property_value(P, UserProperty& value) noexcept
    {
        return UserProperty::fields(*this, value);
    }

    template <class P>
    MQTTWIRE_SHARED constexpr bool in_range(P property, std::uint32_t value, Position where) noexcept
    {
        return rule(value >= property.value.least && value <= property.value.most, out_of_range_code(property.id),
            field(property.id), where);
    }
};

} // namespace mqttwire::inline MQTTWIRE_ABI::wire
