// Encoder: the walker that encodes. It goes over a packet twice: first it checks every rule that the reader checks and
// adds up the bytes, then, when all is good and there is room, it writes them. So a bad packet writes nothing.
//
// The phase is part of the type where speed counts; elsewhere both phases share one instantiation.
#pragma once

#include "mqttwire/config.hpp"
#include "mqttwire/error.hpp"
#include "mqttwire/leniency.hpp"
#include "mqttwire/qos.hpp"
#include "mqttwire/reason_code.hpp"
#include "mqttwire/version.hpp"
#include "mqttwire/wire/bytes.hpp"
#include "mqttwire/wire/list.hpp"
#include "mqttwire/wire/protocol.hpp"
#include "mqttwire/wire/rules.hpp"
#include "mqttwire/wire/slot.hpp"
#include "mqttwire/wire/text.hpp"
#include "mqttwire/wire/user_property.hpp"
#include "mqttwire/wire/utf8.hpp"
#include "mqttwire/wire/varint.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <type_traits>

namespace mqttwire::inline MQTTWIRE_ABI::wire {

/// What an encoder does: check and add up, or write.
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

/// The phase that every encoder begins in.
using CheckPhase = std::conditional_t<config::share_walks, AnyPhase, Checking>;

/// What checking finds and writing needs.
struct Findings {
    std::array<std::uint32_t, 2> property_lengths{}; ///< of the property blocks in wire order; CONNECT has two
    std::uint8_t derived_byte = 0; ///< the byte that is derived from other members; no packet has two
};

/// The most bytes of a text or of binary data, payloads apart.
inline constexpr std::size_t max_prefixed = 65'535;

template <class V, class Phase>
class Encoder {
public:
    /// There is no packet yet, so nothing has a place.
    struct Position {
        friend constexpr Position operator+(Position position, int) noexcept { return position; }
    };

    /// For the checking phase.
    constexpr Encoder(Phase phase, PacketType type, V version, Leniency leniency, Role receiver) noexcept
        : phase_(phase), version_(version), type_(type), leniency_(leniency), receiver_(receiver)
    {
    }

    /// For the writing phase: the walk writes to `to` on.
    constexpr Encoder(Phase phase, std::byte* to, const Findings& findings, PacketType type, V version) noexcept
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

    constexpr const Error& error() const noexcept { return error_; }
    constexpr bool is(Version version) const noexcept { return V::can_be(version) && version_ == version; }
    constexpr Version version() const noexcept { return version_; }
    constexpr Position first() const noexcept { return {}; }
    constexpr Position here() const noexcept { return {}; }
    constexpr Position before(const Binary&) const noexcept { return {}; }
    /// Bytes of variable header and payload, after checking.
    constexpr std::size_t size() const noexcept { return size_; }
    constexpr const Findings& findings() const noexcept { return findings_; }

    // The fixed header, which is written before the walk.

    MQTTWIRE_ALWAYS_INLINE constexpr bool fixed_header() noexcept
    {
        if (!writing() && !may_receive(receiver(), type_, version_)) [[unlikely]]
            return fail(Errc::wrong_direction, Field::fixed_header);
        return true;
    }

    /// [MQTT-3.3.1-2, -4]
    MQTTWIRE_ALWAYS_INLINE constexpr bool publish_header(QoS qos, bool, bool dup) noexcept
    {
        if (writing()) return true;
        if (qos > QoS::exactly_once) [[unlikely]]
            return fail(Errc::qos_3, Field::fixed_header);
        if (dup && qos == QoS::at_most_once && !is(Version::v3_1)) [[unlikely]]
            return fail(Errc::dup_with_qos_0, Field::fixed_header);
        return true;
    }

    // Numbers and flags.

    MQTTWIRE_ALWAYS_INLINE constexpr bool byte(Field, std::uint8_t value) noexcept
    {
        if (!writing()) return add(1);
        *at_++ = static_cast<std::byte>(value);
        return true;
    }

    MQTTWIRE_ALWAYS_INLINE constexpr bool two_byte_integer(Field, std::uint16_t value) noexcept
    {
        if (!writing()) return add(2);
        store_two(at_, value);
        at_ += 2;
        return true;
    }

    MQTTWIRE_ALWAYS_INLINE constexpr bool four_byte_integer(Field, std::uint32_t value) noexcept
    {
        if (!writing()) return add(4);
        store_four(at_, value);
        at_ += 4;
        return true;
    }

    MQTTWIRE_ALWAYS_INLINE constexpr bool variable_byte_integer(Field, std::uint32_t value) noexcept
    {
        if (!writing()) return add(varint_size(value));
        at_ = store_varint(at_, value);
        return true;
    }

    /// A Packet Identifier: not 0 where it is present, and 0 where it is not [MQTT-2.3.1-1, -5; 5.0: MQTT-2.2.1-2, -3,
    /// -4].
    MQTTWIRE_ALWAYS_INLINE constexpr bool packet_id(bool present, std::uint16_t id) noexcept
    {
        if (!writing() && present == (id == 0)) [[unlikely]]
            return fail(present ? Errc::packet_id_zero : Errc::packet_id_with_qos_0, Field::packet_id);
        return !present || two_byte_integer(Field::packet_id, id);
    }

    /// A byte that was derived from other members, for checking; writing need not derive it again.
    MQTTWIRE_ALWAYS_INLINE constexpr bool derived_byte(Field field, std::uint8_t& value) noexcept
    {
        if (writing()) value = findings_.derived_byte;
        else findings_.derived_byte = value;
        return byte(field, value);
    }

    /// A member that a derived byte tells: nothing to do.
    template <class T>
    MQTTWIRE_ALWAYS_INLINE constexpr bool imply(const T&, T) const noexcept
    {
        return true;
    }

    MQTTWIRE_ALWAYS_INLINE constexpr bool acknowledge_flags(std::uint8_t flags) noexcept
    {
        if (!writing() && flags != 0 && is(Version::v3_1)) return fail(Errc::not_in_version, Field::acknowledge_flags);
        return byte(Field::acknowledge_flags, flags);
    }

    MQTTWIRE_ALWAYS_INLINE constexpr bool subscription_options(std::uint8_t options, Text filter) noexcept
    {
        if (!writing() && options > 2) [[unlikely]] {
            if (!is(Version::v5) && (options & ~wire::subscription_options::qos) != 0)
                return fail(Errc::not_in_version, Field::subscription_options);
            const Errc code = subscription_options_fault(options, filter, version_);
            if (code != Errc::none) return fail(code, Field::subscription_options);
        }
        return byte(Field::subscription_options, options);
    }

    // Text and binary data.

    /// [MQTT-1.5.3-1, -2; 5.0: MQTT-1.5.4-1, -2]
    MQTTWIRE_ALWAYS_INLINE constexpr bool utf8_string(Field field, const Text& text) noexcept
    {
        if (!prefixed(Errc::text_too_long, field, text)) return false;
        if (!writing() && !is_surely_good<Plain::text>(text)) [[unlikely]]
            return text_fault(find_text_fault(text, leniency()), field);
        return true;
    }

    /// [MQTT-3.3.2-2, MQTT-4.7.1-1, MQTT-4.7.3-1; 5.0: MQTT-4.7.0-1]
    MQTTWIRE_ALWAYS_INLINE constexpr bool topic_name(Field field, const Text& name, bool may_be_empty = false) noexcept
    {
        if (!prefixed(Errc::text_too_long, field, name)) return false;
        if (writing() || (is_surely_good<Plain::topic>(name) && !is_long_for_3_1(name))) [[likely]]
            return true;
        if (name.empty()) return may_be_empty || fail(Errc::topic_name_empty, field);
        return text_fault(find_topic_name_fault(name, version_, leniency()), field);
    }

    /// [MQTT-4.7.1-2, -3, MQTT-4.7.3-1; 5.0: MQTT-4.7.1-1, -2, MQTT-4.8.2-1, -2]
    MQTTWIRE_ALWAYS_INLINE constexpr bool topic_filter(const Text& filter) noexcept
    {
        if (!prefixed(Errc::text_too_long, Field::filter, filter)) return false;
        if (writing()) return true;
        if (!is_surely_good<Plain::filter>(filter) || maybe_shared(filter) || is_long_for_3_1(filter)) [[unlikely]]
            return text_fault(find_topic_filter_fault(filter, version_, leniency()), Field::filter);
        return true;
    }

    MQTTWIRE_ALWAYS_INLINE constexpr bool binary_data(Field field, const Binary& data) noexcept
    {
        return prefixed(Errc::binary_too_long, field, data);
    }

    MQTTWIRE_ALWAYS_INLINE constexpr bool rest(Field, const Binary& data) noexcept
    {
        if (!writing()) return add(data.size());
        const std::size_t count = data.size();
        data.copy_to(at_);
        at_ += count;
        return true; // no field follows that asks
    }

    constexpr bool payload_is_text(Field field, const Binary& payload) noexcept
    {
        return writing() || text_fault(find_ill_formed(payload), field);
    }

    // Optional parts.

    MQTTWIRE_ALWAYS_INLINE constexpr bool optional_utf8_string(
        bool present, Field field, const std::optional<Text>& text) noexcept
    {
        return !present || utf8_string(field, *text);
    }

    MQTTWIRE_ALWAYS_INLINE constexpr bool optional_binary_data(
        bool present, Field field, const std::optional<Binary>& data) noexcept
    {
        return !present || binary_data(field, *data);
    }

    template <class Part>
    MQTTWIRE_ALWAYS_INLINE constexpr bool engage(const std::optional<Part>&) const noexcept
    {
        return true;
    }

    template <class T>
    MQTTWIRE_ALWAYS_INLINE constexpr bool list(const List<T>& list, Errc if_empty, Field field) noexcept
    {
        if (list.empty()) [[unlikely]]
            return fail(if_empty, field);
        return list.all_of(ForElement{*this});
    }

    // Reason codes and short forms.

    MQTTWIRE_ALWAYS_INLINE constexpr bool reason_code(ReasonCode code) noexcept
    {
        if (!writing()) {
            Errc fault = reason_code_fault(code, type_, receiver());
            if (!may_carry(type_, code)) fault = Errc::reason_code_not_allowed; // what is tolerated is not written
            if (fault != Errc::none) [[unlikely]]
                return fail(fault, Field::reason_code);
        }
        return byte(Field::reason_code, static_cast<std::uint8_t>(code));
    }

    MQTTWIRE_ALWAYS_INLINE constexpr bool listed_reason_code(ReasonCode code) noexcept
    {
        if (is(Version::v5)) return reason_code(code);
        const bool failure =
            code == ReasonCode::unspecified_error && (is(Version::v3_1_1) || allow(Leniency::suback_failure_in_3_1));
        if (!writing() && !is_granted_qos(code) && !failure) [[unlikely]]
            return fail(Errc::suback_code_not_allowed, Field::reason_code);
        return byte(Field::reason_code, static_cast<std::uint8_t>(code));
    }

    MQTTWIRE_ALWAYS_INLINE constexpr bool connack_result(ReasonCode code, const auto& properties_of_connack) noexcept
    {
        if (is(Version::v5)) return reason_code(code) && properties(properties_of_connack);
        const std::optional<std::uint8_t> return_code = to_return_code(code);
        if (!return_code) return fail(Errc::reason_code_without_return_code, Field::reason_code);
        return byte(Field::reason_code, *return_code) && properties(properties_of_connack);
    }

    /// The shortest form that says it all.
    MQTTWIRE_ALWAYS_INLINE constexpr bool short_form(ReasonCode code, const auto& tail_properties) noexcept
    {
        if (!is(Version::v5)) {
            if (!writing() && code != ReasonCode::success) [[unlikely]]
                return fail(Errc::not_in_version, Field::reason_code);
            return properties(tail_properties);
        }
        if (writing()) {
            if (has_property_block() || code != ReasonCode::success)
                byte(Field::reason_code, static_cast<std::uint8_t>(code));
            return !has_property_block() || properties(tail_properties);
        }
        if (!reason_code(code) || !properties(tail_properties)) return false;
        if (has_property_block()) return true;
        size_ -= code == ReasonCode::success ? 2 : 1;
        if (type_ != PacketType::auth || code == ReasonCode::success || allow(Leniency::auth_without_properties))
            return true;
        return fail(Errc::authentication_method_missing, field(PropertyId::authentication_method));
    }
    /// True if a short form has a property block.
    constexpr bool has_property_block() const noexcept { return findings_.property_lengths[0] != 0; }

    // Properties, in ascending order of their identifiers.

    template <class Properties>
    MQTTWIRE_ALWAYS_INLINE constexpr bool properties(const Properties& properties) noexcept
    {
        return property_block(properties);
    }

    template <class... Slots>
    MQTTWIRE_ALWAYS_INLINE constexpr bool slots(Slots... slots) noexcept
    {
        if constexpr (V::can_be(Version::v5))
            if (is(Version::v5)) return (property(slots) && ...);
        if ((count_values(slots.member) | ...) != 0) [[unlikely]]
            return fail(Errc::not_in_version, Field::properties);
        return true;
    }

    // Rules over several fields.

    MQTTWIRE_ALWAYS_INLINE constexpr bool rule(bool holds, Errc code, Field field, Position) noexcept
    {
        if (!writing() && !holds) [[unlikely]]
            return fail(code, field);
        return true;
    }

    MQTTWIRE_ALWAYS_INLINE constexpr bool last_byte_rule(Errc fault, Field field) noexcept
    {
        return rule(fault == Errc::none, fault, field, {});
    }

    constexpr bool allow(Leniency deviation) const noexcept { return has(leniency(), deviation); }
    constexpr bool wants(Leniency setting) const noexcept { return has(leniency(), setting); }

    MQTTWIRE_ALWAYS_INLINE constexpr bool protocol(const std::optional<Version>& version, bool bridge) noexcept
    {
        if (!writing()) {
            if (version && *version != version_) return fail(Errc::version_mismatch, Field::protocol_version);
            if (bridge && (is(Version::v5) || !allow(Leniency::bridge_bit)))
                return fail(Errc::bridge_bit_set, Field::protocol_version);
        }
        const auto level = static_cast<unsigned>(static_cast<Version>(version_)) | (bridge ? bridge_bit : 0U);
        return fixed_header() && prefixed(Errc::none, Field::protocol_name, Text(protocol_name(version_)))
            && byte(Field::protocol_version, static_cast<std::uint8_t>(level));
    }

private:
    // What the caller allows, and which side receives.
    constexpr Leniency leniency() const noexcept { return V::strict ? Leniency::none : leniency_; }
    constexpr Role receiver() const noexcept { return V::strict ? Role::unknown : receiver_; }

    // What is done to each element of a list. Lambdas would do, but g++ does not inline those that are called twice.

    struct ForElement {
        Encoder& encoder;
        template <class T>
        MQTTWIRE_ALWAYS_INLINE constexpr bool operator()(const T& element) const noexcept
        {
            return Element<T>::fields(encoder, element);
        }
    };

    template <PropertyId Id>
    struct ForProperty {
        Encoder& encoder;
        MQTTWIRE_ALWAYS_INLINE constexpr bool operator()(std::uint32_t value) const noexcept
        {
            return encoder.template property_id<Id>() && encoder.template property_value<Id>(value);
        }
        template <class T>
        MQTTWIRE_ALWAYS_INLINE constexpr bool operator()(const T& value) const noexcept
        {
            return encoder.template property_id<Id>() && Element<T>::fields(encoder, value);
        }
    };

    MQTTWIRE_ALWAYS_INLINE constexpr bool writing() const noexcept { return phase_.writing(); }

    MQTTWIRE_ALWAYS_INLINE constexpr bool add(std::size_t count) noexcept
    {
        size_ += count;
        return true;
    }

    MQTTWIRE_ALWAYS_INLINE constexpr bool fail(Errc code, Field field) noexcept
    {
        error_ = {code, field, type_, 0, 0};
        return false;
    }

    /// A Two Byte Integer and as many bytes.
    MQTTWIRE_ALWAYS_INLINE constexpr bool prefixed(Errc if_too_long, Field field, const View& bytes) noexcept
    {
        if (!writing()) {
            if (bytes.size() > max_prefixed) [[unlikely]]
                return fail(if_too_long, field);
            return add(2 + bytes.size());
        }
        const std::uint16_t count = bytes.size_if_short();
        // A store through std::byte* may change anything, so what is needed of the view is read before.
        if (std::is_constant_evaluated()) {
            store_two(at_, count);
            bytes.copy_to(at_ + 2);
        } else {
            const std::byte* const from = bytes.bytes();
            store_two(at_, count);
            copy(at_ + 2, from, count);
        }
        at_ += std::size_t{2} + count;
        return true;
    }

    /// The length of a property block and its properties; nothing in a version that has none.
    template <class Properties>
    MQTTWIRE_ALWAYS_INLINE constexpr bool property_block(const Properties& properties) noexcept
    {
        if constexpr (V::can_be(Version::v5)) {
            if (is(Version::v5)) {
                if (writing()) {
                    const std::uint32_t length = findings_.property_lengths[property_blocks_++];
                    variable_byte_integer(Field::property_length, length);
                    return length == 0 || walk_properties(properties);
                }
                const std::size_t before = size_;
                if (!walk_properties(properties)) return false;
                const std::size_t length = size_ - before;
                if (length > max_varint) [[unlikely]]
                    return fail(Errc::packet_too_large, Field::property_length);
                findings_.property_lengths[property_blocks_++] = static_cast<std::uint32_t>(length);
                return add(varint_size(static_cast<std::uint32_t>(length)));
            }
        }
        return writing() || walk_properties(properties);
    }

    template <class Properties>
    MQTTWIRE_ALWAYS_INLINE constexpr bool walk_properties(const Properties& properties) noexcept
    {
        return Properties::walk(*this, properties);
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

    MQTTWIRE_ALWAYS_INLINE constexpr bool text_fault(TextFault fault, Field field) noexcept
    {
        return fault.code == Errc::none || fail(fault.code, field);
    }

    // One property: its identifier, then its value.

    template <PropertyId Id, class Value>
    MQTTWIRE_ALWAYS_INLINE constexpr bool property(Slot<Id, const std::optional<Value>> slot) noexcept
    {
        return !slot.member.has_value() || (property_id<Id>() && property_value<Id>(*slot.member));
    }

    template <PropertyId Id, class T>
    MQTTWIRE_ALWAYS_INLINE constexpr bool property(Slot<Id, const List<T>> slot) noexcept
    {
        return slot.member.empty() || slot.member.all_of(ForProperty<Id>{*this});
    }

    template <PropertyId Id>
    MQTTWIRE_ALWAYS_INLINE constexpr bool property_id() noexcept
    {
        const Errc fault = property_sender_fault(Id, type_, receiver());
        return rule(fault == Errc::none, fault, field(Id), {})
            && byte(Field::property_id, static_cast<std::uint8_t>(Id));
    }

    template <PropertyId Id>
    MQTTWIRE_ALWAYS_INLINE constexpr bool property_value(std::uint8_t value) noexcept
    {
        return in_range<Id>(value) && byte(field(Id), value);
    }

    template <PropertyId Id>
    MQTTWIRE_ALWAYS_INLINE constexpr bool property_value(std::uint16_t value) noexcept
    {
        return in_range<Id>(value) && two_byte_integer(field(Id), value);
    }

    template <PropertyId Id>
    MQTTWIRE_ALWAYS_INLINE constexpr bool property_value(std::uint32_t value) noexcept
    {
        if (!in_range<Id>(value)) return false;
        if constexpr (Slot<Id, void*>::row.type == PropertyType::variable_byte_integer)
            return variable_byte_integer(field(Id), value);
        else return four_byte_integer(field(Id), value);
    }

    template <PropertyId Id>
    MQTTWIRE_ALWAYS_INLINE constexpr bool property_value(const Text& value) noexcept
    {
        if constexpr (Id == PropertyId::response_topic) return topic_name(field(Id), value);
        else return utf8_string(field(Id), value);
    }

    template <PropertyId Id>
    MQTTWIRE_ALWAYS_INLINE constexpr bool property_value(const Binary& value) noexcept
    {
        return binary_data(field(Id), value);
    }

    template <PropertyId Id>
    MQTTWIRE_ALWAYS_INLINE constexpr bool in_range(std::uint32_t value) noexcept
    {
        return rule(is_in_range<Id>(value), out_of_range_code(Id), field(Id), {});
    }

    std::byte* at_ = nullptr; ///< writing: where the next byte goes
    std::size_t size_ = 0; ///< checking: bytes so far
    Findings findings_{};
    std::uint8_t property_blocks_ = 0;
    [[no_unique_address]] Phase phase_;
    [[no_unique_address]] V version_;
    PacketType type_;
    Leniency leniency_ = Leniency::none;
    Role receiver_ = Role::unknown;
    Error error_{};
};

} // namespace mqttwire::inline MQTTWIRE_ABI::wire
