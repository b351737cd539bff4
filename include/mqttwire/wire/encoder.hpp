// Encoder: the walker that encodes. It goes over a packet twice: first it checks every rule that the reader checks and
// adds up the bytes, then, when all is good and there is room, it writes them. So a bad packet writes nothing.
//
// Every operation gives true to go on. How bytes are counted and put, and what becomes of a check that fails, is the
// matter of the output: with QuickOutput the first one gives false, with SmallOutput it is kept and the walk goes on.
#pragma once

#include "mqttwire/config.hpp"
#include "mqttwire/error.hpp"
#include "mqttwire/field.hpp"
#include "mqttwire/leniency.hpp"
#include "mqttwire/packet_type.hpp"
#include "mqttwire/qos.hpp"
#include "mqttwire/reason_code.hpp"
#include "mqttwire/version.hpp"
#include "mqttwire/wire/list.hpp"
#include "mqttwire/wire/protocol.hpp"
#include "mqttwire/wire/quick_output.hpp"
#include "mqttwire/wire/rules.hpp"
#include "mqttwire/wire/slot.hpp"
#include "mqttwire/wire/small_output.hpp"
#include "mqttwire/wire/string_kind.hpp"
#include "mqttwire/wire/text.hpp"
#include "mqttwire/wire/user_property.hpp"
#include "mqttwire/wire/utf8.hpp"
#include "mqttwire/wire/varint.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace mqttwire::inline MQTTWIRE_ABI::wire {

template <class Output>
class Encoder;

inline namespace MQTTWIRE_CODE {

// Property blocks by encoders of their own, so that callers keep their state in registers.

/// What checking finds of a property block.
struct CheckedBlock {
    std::size_t size;
    Error error;
};

template <class Properties, class V = BlockVersion>
MQTTWIRE_NOINLINE constexpr CheckedBlock check_block(const Properties& properties,
    std::span<const std::byte> destination, PacketType type, Leniency leniency, Role receiver) noexcept
{
    Encoder<QuickOutput<V, Checking>> checker(Checking{}, destination, type, V{}, leniency, receiver);
    Properties::walk(checker, properties);
    return {checker.size(), checker.error()};
}

template <class Properties, class V = BlockVersion>
MQTTWIRE_NOINLINE constexpr std::byte* write_block(
    const Properties& properties, std::byte* to, PacketType type) noexcept
{
    Encoder<QuickOutput<V, Writing>> writer(Writing{}, to, type, V{});
    Properties::walk(writer, properties);
    return writer.position();
}

// The same for one property that may be repeated, the User Property: a function for all packets.

template <class Slot, class V = ListVersion>
MQTTWIRE_NOINLINE constexpr CheckedBlock check_property(
    Slot property, std::span<const std::byte> destination, PacketType type, Leniency leniency, Role receiver) noexcept
{
    Encoder<QuickOutput<V, Checking>> checker(Checking{}, destination, type, V{}, leniency, receiver);
    checker.slots(property);
    return {checker.size(), checker.error()};
}

template <class Slot, class V = ListVersion>
MQTTWIRE_NOINLINE constexpr std::byte* write_property(Slot property, std::byte* to, PacketType type) noexcept
{
    Encoder<QuickOutput<V, Writing>> writer(Writing{}, to, type, V{});
    writer.slots(property);
    return writer.position();
}

// The same for all of a short form behind the Packet Identifier: a function for all acknowledgements.

/// What checking finds of a short form.
struct CheckedTail {
    CheckedBlock bytes;
    std::uint32_t property_length;
};

template <class Properties, class V = BlockVersion>
MQTTWIRE_NOINLINE constexpr CheckedTail check_tail(ReasonCode code, const Properties& properties,
    std::span<const std::byte> destination, PacketType type, Leniency leniency, Role receiver) noexcept
{
    Encoder<QuickOutput<V, Checking>> checker(Checking{}, destination, type, V{}, leniency, receiver);
    checker.template tail<const Properties&>(code, properties);
    return {{checker.size(), checker.error()}, checker.findings().property_lengths[0]};
}

template <class Properties, class V = BlockVersion>
MQTTWIRE_NOINLINE constexpr std::byte* write_tail(ReasonCode code, const Properties& properties, std::byte* to,
    PacketType type, std::uint32_t property_length) noexcept
{
    Encoder<QuickOutput<V, Writing>> writer(Writing{}, to, type, V{}, Findings{.property_lengths = {property_length}});
    writer.template tail<const Properties&>(code, properties);
    return writer.position();
}

} // namespace MQTTWIRE_CODE

template <class Output>
class Encoder : public Output {
    using V = typename Output::Terms;

    // What an Encoder asks of its output.
    using Output::destination; // while checking, where the packet is to go
    using Output::end_element; // of a list
    using Output::end_list;
    using Output::fail; // ends the walk with a diagnosis
    using Output::fault; // the same, while checking, unless the code is `none`
    using Output::first_property_length; // of the first property block
    using Output::go_on; // what a step of several steps gives
    using Output::keep; // a derived byte, for writing
    using Output::keep_property_length; // the same of a property block's length
    using Output::leniency; // what the caller allows
    using Output::next_property_length; // what was kept
    using Output::put_byte; // these put what they say
    using Output::put_four;
    using Output::put_prefixed;
    using Output::put_rest;
    using Output::put_string;
    using Output::put_two;
    using Output::put_varint;
    using Output::receiver; // the side that will read
    using Output::terms; // what is known of the version
    using Output::type; // the packet's type
    using Output::writing; // the phase

public:
    using Output::Output;
    using Output::size; // bytes so far
    using Output::take_back; // leaves out bytes that were counted

    /// There is no packet yet, so nothing has a place.
    struct Position {
        friend constexpr Position operator+(Position position, int) noexcept { return position; }
    };

    constexpr bool is(Version version) const noexcept { return V::can_be(version) && terms() == version; }
    constexpr Version version() const noexcept { return terms(); }
    constexpr Position first() const noexcept { return {}; }
    constexpr Position here() const noexcept { return {}; }
    constexpr Position before(const Binary&) const noexcept { return {}; }

    // The fixed header, which is written before the walk.

    MQTTWIRE_STEP constexpr bool fixed_header() noexcept { return V::strict || go_on(right_direction()); }

    MQTTWIRE_ALWAYS_INLINE constexpr bool publish_header(QoS qos, bool, bool dup) noexcept
    {
        return fault(publish_flags_fault(qos, dup, terms()), Field::fixed_header);
    }

    /// The end of checking.
    MQTTWIRE_ALWAYS_INLINE constexpr bool finish() noexcept
    {
        return rule(size() <= max_varint, Errc::packet_too_large, Field::packet);
    }

    // Numbers and flags.

    MQTTWIRE_STEP constexpr bool byte(Field field, std::uint8_t value) noexcept { return put_byte(field, value); }

    MQTTWIRE_STEP constexpr bool two_byte_integer(Field field, std::uint16_t value) noexcept
    {
        return put_two(field, value);
    }

    /// A Packet Identifier: not 0 where it is present, and 0 where it is not [MQTT-2.3.1-1, -5; 5.0: MQTT-2.2.1-2, -3,
    /// -4].
    MQTTWIRE_STEP constexpr bool packet_id(bool present, std::uint16_t id) noexcept
    {
        return go_on(good_packet_id(present, id));
    }

    /// A byte that was derived from other members.
    MQTTWIRE_ALWAYS_INLINE constexpr bool derived_byte(Field field, std::uint8_t& value) noexcept
    {
        keep(value);
        return put_byte(field, value);
    }

    /// A member that a derived byte tells: nothing to do.
    template <class T>
    MQTTWIRE_STEP constexpr bool imply(const T&, T) const noexcept
    {
        return true;
    }

    MQTTWIRE_ALWAYS_INLINE constexpr bool acknowledge_flags(std::uint8_t flags) noexcept
    {
        return rule(flags == 0 || !is(Version::v3_1), Errc::not_in_version, Field::acknowledge_flags)
            && put_byte(Field::acknowledge_flags, flags);
    }

    MQTTWIRE_ALWAYS_INLINE constexpr bool subscription_options(std::uint8_t options, const Text& filter) noexcept
    {
        if (!writing() && options > 2) [[unlikely]] {
            if (!(rule(is(Version::v5) || options <= subscription_options::qos, Errc::not_in_version,
                      Field::subscription_options)
                    && fault(subscription_options_fault(options, filter, terms()), Field::subscription_options)))
                return false;
        }
        return put_byte(Field::subscription_options, options);
    }

    // Text and binary data.

    /// [MQTT-1.5.3-1, -2; 5.0: MQTT-1.5.4-1, -2]
    MQTTWIRE_STEP constexpr bool utf8_string(Field field, const Text& text) noexcept
    {
        return put_string(StringKind::text, field, text);
    }

    /// [MQTT-3.3.2-2, MQTT-4.7.1-1, MQTT-4.7.3-1; 5.0: MQTT-4.7.0-1]
    MQTTWIRE_STEP constexpr bool topic_name(Field field, const Text& name, bool may_be_empty = false) noexcept
    {
        return put_string(may_be_empty ? StringKind::topic_name_or_empty : StringKind::topic_name, field, name);
    }

    /// [MQTT-4.7.1-2, -3, MQTT-4.7.3-1; 5.0: MQTT-4.7.1-1, -2, MQTT-4.8.2-1, -2]
    MQTTWIRE_STEP constexpr bool topic_filter(const Text& filter) noexcept
    {
        return put_string(StringKind::topic_filter, Field::filter, filter);
    }

    MQTTWIRE_STEP constexpr bool binary_data(Field field, const Binary& data) noexcept
    {
        return put_string(StringKind::binary, field, data);
    }

    MQTTWIRE_STEP constexpr bool rest(Field field, const Binary& data) noexcept { return put_rest(field, data); }

    constexpr bool payload_is_text(Field field, const Binary& payload) noexcept
    {
        if (writing()) return true;
        const TextFault found = find_ill_formed(payload);
        return fault(found.code, field, found.index);
    }

    // Optional parts.

    MQTTWIRE_ALWAYS_INLINE constexpr bool optional_utf8_string(bool present, Field field, const auto& text) noexcept
    {
        return !present || utf8_string(field, *text);
    }

    MQTTWIRE_ALWAYS_INLINE constexpr bool optional_binary_data(bool present, Field field, const auto& data) noexcept
    {
        return !present || binary_data(field, *data);
    }

    template <class Part>
    MQTTWIRE_STEP constexpr bool engage(const Part&) const noexcept
    {
        return true;
    }

    template <class T>
    MQTTWIRE_ALWAYS_INLINE constexpr bool list(const List<T>& list, Errc if_empty, Field field) noexcept
    {
        return rule(!list.empty(), if_empty, field) && go_on(stands_apart(list.read_from(), field))
            && elements(list, field) && end_list();
    }

    /// A Subscription Identifier, as an element of a list.
    MQTTWIRE_STEP constexpr bool variable_byte_integer(Field field, std::uint32_t value) noexcept
    {
        return put_varint(field, value);
    }

    // Reason codes and short forms.

    MQTTWIRE_STEP constexpr bool reason_code(ReasonCode code) noexcept { return go_on(good_reason_code(code)); }

    MQTTWIRE_ALWAYS_INLINE constexpr bool listed_reason_code(ReasonCode code) noexcept
    {
        if (is(Version::v5)) return reason_code(code);
        return rule(writing() || is_suback_return_code(code, *this), Errc::suback_code_not_allowed, Field::reason_code)
            && put_byte(Field::reason_code, static_cast<std::uint8_t>(code));
    }

    MQTTWIRE_ALWAYS_INLINE constexpr bool connack_result(ReasonCode code, const auto& properties_of_connack) noexcept
    {
        if (is(Version::v5)) return reason_code(code) && properties(properties_of_connack);
        const std::optional<std::uint8_t> return_code = to_return_code(code);
        return rule(return_code.has_value(), Errc::reason_code_without_return_code, Field::reason_code)
            && put_byte(Field::reason_code, return_code.value_or(std::uint8_t{})) && properties(properties_of_connack);
    }

    /// The shortest form that says it all.
    MQTTWIRE_ALWAYS_INLINE constexpr bool short_form(ReasonCode code, const auto& tail_properties) noexcept
    {
        if constexpr (V::can_be(Version::v5)) {
            if constexpr (Output::small) return go_on(tail(code, erase(tail_properties)));
            else if (is(Version::v5)) return tail_near_or_far(code, tail_properties);
        }
        return no_reason_code(code) && properties(tail_properties);
    }
    /// The same in 5.0.
    template <class P>
    MQTTWIRE_SHARED constexpr bool tail(ReasonCode code, P tail_properties) noexcept
    {
        static_assert(Output::small || std::is_reference_v<P>, "name the reference: deduced, it would be a copy");
        if (!is(Version::v5)) return no_reason_code(code) && block(tail_properties); // where size counts
        if (writing()) {
            if (has_property_block() || code != ReasonCode::success)
                put_byte(Field::reason_code, static_cast<std::uint8_t>(code));
            return !has_property_block() || block(tail_properties);
        }
        return reason_code(code) && block(tail_properties) && (has_property_block() || shorten(code));
    }

    /// True if a short form has a property block.
    constexpr bool has_property_block() const noexcept { return first_property_length() != 0; }

    // Properties, in ascending order of their identifiers.

    /// The length of a property block and its properties; in a version without properties there must be none.
    template <class Properties>
    MQTTWIRE_ALWAYS_INLINE constexpr bool properties(const Properties& properties) noexcept
    {
        if constexpr (V::can_be(Version::v5)) {
            if constexpr (Output::small) return go_on(erased_properties(erase(properties)));
            else if (is(Version::v5)) return property_block(properties);
        }
        if constexpr (Output::small) {
            return go_on(no_property_of(first_property(properties)));
        } else {
            // Which one it is is looked for when all else is over, see first_property.
            return writing() || rule(!any_property(properties), Errc::not_in_version, Field::properties);
        }
    }

    template <class... Slots>
    MQTTWIRE_ALWAYS_INLINE constexpr bool slots(Slots... slots) noexcept
    {
        return (property(slots, slots.member) && ...);
    }

    // Rules over several fields.

    MQTTWIRE_STEP constexpr bool rule(bool holds, Errc code, Field field, Position = {}) noexcept
    {
        if (!holds) [[unlikely]]
            return fault(code, field);
        return true;
    }

    MQTTWIRE_STEP constexpr bool last_byte_rule(Errc code, Field field) noexcept { return fault(code, field); }

    constexpr bool allow(Leniency deviation) const noexcept { return has(leniency(), deviation); }
    constexpr bool wants(Leniency setting) const noexcept { return has(leniency(), setting); }

    MQTTWIRE_ALWAYS_INLINE constexpr bool protocol(const std::optional<Version>& version, bool bridge) noexcept
    {
        const bool may_be_bridge = !V::strict && !is(Version::v5);
        const auto level =
            static_cast<unsigned>(static_cast<Version>(terms())) | (may_be_bridge && bridge ? bridge_bit : 0U);
        return rule(!version || *version == terms(), Errc::version_mismatch, Field::protocol_version)
            && rule(!bridge || (may_be_bridge && allow(Leniency::bridge_bit)), Errc::bridge_bit_set,
                Field::protocol_version)
            && fixed_header() && put_prefixed(Text(protocol_name(terms())))
            && put_byte(Field::protocol_version, static_cast<std::uint8_t>(level));
    }

private:
    // Steps of several steps, which are functions where size counts; see go_on.

    MQTTWIRE_SHARED constexpr bool right_direction() noexcept
    {
        return rule(writing() || may_receive(receiver(), type(), terms()), Errc::wrong_direction, Field::fixed_header);
    }

    MQTTWIRE_SHARED constexpr bool good_packet_id(bool present, std::uint16_t id) noexcept
    {
        return rule(present == (id != 0), present ? Errc::packet_id_zero : Errc::packet_id_with_qos_0, Field::packet_id)
            && (!present || put_two(Field::packet_id, id));
    }

    MQTTWIRE_SHARED constexpr bool good_reason_code(ReasonCode code) noexcept
    {
        // What is tolerated when it is read is not written.
        const Errc found =
            may_carry(type(), code) ? reason_code_fault(code, type(), receiver()) : Errc::reason_code_not_allowed;
        return fault(found, Field::reason_code) && put_byte(Field::reason_code, static_cast<std::uint8_t>(code));
    }

    /// Elements that are read again from bytes of a packet must not be overwritten meanwhile.
    MQTTWIRE_SHARED constexpr bool stands_apart(std::span<const std::byte> elements, Field field) noexcept
    {
        return rule(
            writing() || elements.empty() || !overlap(elements, destination()), Errc::overlapping_buffer, field);
    }

    /// Keeps the sum of sizes below 2^32: what is larger cannot be encoded anyway.
    MQTTWIRE_ALWAYS_INLINE constexpr bool has_room() noexcept
    {
        if constexpr (sizeof(std::size_t) > sizeof(std::uint32_t)) return true;
        else return rule(size() <= max_varint, Errc::packet_too_large, Field::packet);
    }

    /// Elements that are bytes are checked as such, and written all at once.
    template <class T>
    MQTTWIRE_ALWAYS_INLINE constexpr bool elements(const List<T>& list, Field field) noexcept
    {
        if constexpr (ByteElement<T> && !Output::small) {
            if (!std::is_constant_evaluated()) {
                const View codes = list.bytes();
                if (writing()) return put_rest(field, codes);
                for (const std::byte code : std::span(codes.bytes(), codes.size()))
                    if (!ForElement{*this}(static_cast<T>(code))) return false;
                return true;
            }
        }
        return list.all_in_walk(ForElement{*this});
    }

    /// A reason code that 3.x does not know.
    MQTTWIRE_STEP constexpr bool no_reason_code(ReasonCode code) noexcept
    {
        return rule(code == ReasonCode::success, Errc::not_in_version, Field::reason_code);
    }

    /// In line, or by an encoder of its own, see check_tail: of most acknowledgements there is nothing to say.
    template <class Properties>
    MQTTWIRE_ALWAYS_INLINE constexpr bool tail_near_or_far(ReasonCode code, const Properties& properties) noexcept
    {
        if constexpr (V::spread != Spread::most || config::share_walks) {
            return tail<const Properties&>(code, properties);
        } else {
            if (code == ReasonCode::success && mqttwire::may_receive(receiver(), type(), code)
                && !any_property(properties)) [[likely]]
                return true;
            if (writing()) {
                this->move_to(write_tail(code, properties, this->position(), type(), next_property_length()));
                return true;
            }
            const CheckedTail found = check_tail(code, properties, destination(), type(), leniency(), receiver());
            keep_property_length(found.property_length);
            return this->add(found.bytes.size) && this->adopt_fault(found.bytes.error);
        }
    }

    /// A property block of 5.0.
    template <class Properties>
    MQTTWIRE_ALWAYS_INLINE constexpr bool block(const Properties& properties) noexcept
    {
        if constexpr (Output::small) return go_on(erased_properties(properties));
        else return property_block(properties);
    }

    // What is done to each element of a list. Lambdas would do, but g++ does not inline those that are called twice.

    struct ForElement {
        Encoder& encoder;
        template <class T>
        MQTTWIRE_ALWAYS_INLINE constexpr bool operator()(const T& element) const noexcept
        {
            return encoder.has_room() && Element<T>::fields(encoder, element) && encoder.end_element();
        }
    };

    template <class P>
    struct ForProperty {
        Encoder& encoder;
        P property;
        template <class T>
        MQTTWIRE_ALWAYS_INLINE constexpr bool operator()(const T& value) const noexcept
        {
            return encoder.has_room() && go_on(encoder.property_id(property.id))
                && encoder.property_value(property, value) && encoder.end_element();
        }
    };

    /// `first` is the first property that has a value in a version without properties, if there is one.
    MQTTWIRE_SHARED constexpr bool no_property_of(PropertyId first) noexcept
    {
        return rule(first == no_property, Errc::not_in_version, field(first));
    }

    /// Without properties their length is left out, and a success with it.
    MQTTWIRE_ALWAYS_INLINE constexpr bool shorten(ReasonCode code) noexcept
    {
        take_back(code == ReasonCode::success ? 2 : 1);
        return rule(
            type() != PacketType::auth || code == ReasonCode::success || allow(Leniency::auth_without_properties),
            Errc::authentication_method_missing, field(PropertyId::authentication_method));
    }

    template <class Properties>
    MQTTWIRE_ALWAYS_INLINE constexpr bool property_block(const Properties& properties) noexcept
    {
        if (writing()) {
            const std::uint32_t length = next_property_length();
            put_varint(Field::property_length, length);
            return length == 0 || walk(properties);
        }
        const std::size_t before = size();
        return walk(properties) && property_length(size() - before);
    }

    MQTTWIRE_ALWAYS_INLINE constexpr bool property_length(std::size_t length) noexcept
    {
        if (!rule(length <= max_varint, Errc::packet_too_large, Field::property_length)) return false;
        keep_property_length(static_cast<std::uint32_t>(length));
        return put_varint(Field::property_length, static_cast<std::uint32_t>(length));
    }

    /// In line, or by an encoder of its own, so that callers keep their state in registers.
    template <class Properties>
    MQTTWIRE_ALWAYS_INLINE constexpr bool walk(const Properties& properties) noexcept
    {
        if constexpr (V::spread <= Spread::nearly_all || config::share_walks) {
            return Properties::walk(*this, properties);
        } else if (writing()) {
            this->move_to(write_block(properties, this->position(), type()));
            return true;
        } else {
            const CheckedBlock block = check_block(properties, destination(), type(), leniency(), receiver());
            return this->add(block.size) && this->adopt_fault(block.error);
        }
    }

    /// The same of any properties.
    template <class Void>
    MQTTWIRE_NOINLINE bool erased_properties(ErasedProperties<Void> erased) noexcept
    {
        if (writing() && is(Version::v5)) put_varint(Field::property_length, next_property_length());
        const std::size_t before = size();
        for (unsigned index = 0; erased.members[index].id != no_property; ++index) erased_property(erased, index);
        return writing() || !is(Version::v5) || property_length(size() - before);
    }

    template <class Void>
    bool erased_property(ErasedProperties<Void> erased, unsigned index) noexcept
    {
        const ErasedProperty property(erased.members[index]);
        return with_member(property, erased.place_of(index),
            [this, property](const auto& place) { return this->property(property, place); });
    }

    // One property: its identifier, then its value. `P` is a Slot or an ErasedProperty.

    template <class P, class Value>
    MQTTWIRE_ALWAYS_INLINE constexpr bool property(P property, const std::optional<Value>& member) noexcept
    {
        return !member.has_value() || (go_on(property_id(property.id)) && property_value(property, *member));
    }

    /// In line, or by an encoder of its own, see check_property.
    template <class P, class T>
    MQTTWIRE_ALWAYS_INLINE constexpr bool property(P property, const List<T>& member) noexcept
    {
        if (member.empty()) return true;
        if constexpr (V::spread != Spread::all && !config::share_walks && !Output::small) {
            // Of what is nearly all in line, lists of decoded packets are not when they are checked.
            const bool far = V::spread != Spread::nearly_all || (!writing() && member.is_decoded());
            if (far && writing()) {
                this->move_to(write_property(property, this->position(), type()));
                return true;
            }
            if (far) {
                const CheckedBlock found = check_property(property, destination(), type(), leniency(), receiver());
                return this->add(found.size) && this->adopt_fault(found.error);
            }
        }
        return go_on(stands_apart(member.read_from(), field(property.id)))
            && member.all_in_walk(ForProperty<P>{*this, property}) && end_list();
    }

    MQTTWIRE_SHARED constexpr bool property_id(PropertyId id) noexcept
    {
        return rule(is(Version::v5), Errc::not_in_version, field(id))
            && fault(property_sender_fault(id, type(), receiver()), field(id))
            && put_byte(Field::property_id, static_cast<std::uint8_t>(id));
    }

    template <class P>
    MQTTWIRE_ALWAYS_INLINE constexpr bool property_value(P property, std::uint8_t value) noexcept
    {
        return go_on(in_range(property, value)) && put_byte(field(property.id), value);
    }

    template <class P>
    MQTTWIRE_ALWAYS_INLINE constexpr bool property_value(P property, std::uint16_t value) noexcept
    {
        return go_on(in_range(property, value)) && put_two(field(property.id), value);
    }

    template <class P>
    MQTTWIRE_ALWAYS_INLINE constexpr bool property_value(P property, std::uint32_t value) noexcept
    {
        if (!go_on(in_range(property, value))) return false;
        return property.value.type == PropertyType::variable_byte_integer ? put_varint(field(property.id), value)
                                                                          : put_four(field(property.id), value);
    }

    template <class P>
    MQTTWIRE_ALWAYS_INLINE constexpr bool property_value(P property, const View& value) noexcept
    {
        return put_string(property.value.string, field(property.id), value);
    }

    template <class P>
    MQTTWIRE_ALWAYS_INLINE constexpr bool property_value(P, const UserProperty& value) noexcept
    {
        return UserProperty::fields(*this, value);
    }

    template <class P>
    MQTTWIRE_SHARED constexpr bool in_range(P property, std::uint32_t value) noexcept
    {
        return rule(value >= property.value.least && value <= property.value.most, out_of_range_code(property.id),
            field(property.id));
    }
};

} // namespace mqttwire::inline MQTTWIRE_ABI::wire
