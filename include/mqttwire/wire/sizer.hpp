// Sizer: the walker that goes before the writer. It checks every rule that the reader checks and adds up the bytes, so
// that nothing is written unless the whole packet is good and has room.
#pragma once

#include "mqttwire/config.hpp"
#include "mqttwire/error.hpp"
#include "mqttwire/leniency.hpp"
#include "mqttwire/qos.hpp"
#include "mqttwire/reason_code.hpp"
#include "mqttwire/topic.hpp"
#include "mqttwire/version.hpp"
#include "mqttwire/wire/list.hpp"
#include "mqttwire/wire/protocol.hpp"
#include "mqttwire/wire/rules.hpp"
#include "mqttwire/wire/slot.hpp"
#include "mqttwire/wire/text.hpp"
#include "mqttwire/wire/utf8.hpp"
#include "mqttwire/wire/varint.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <type_traits>

namespace mqttwire::wire {

/// The lengths of a packet's property blocks in wire order, which the sizer finds and the writer needs. CONNECT has two.
using PropertyLengths = std::array<std::uint32_t, 2>;

/// The most bytes of a text or of binary data, payloads apart.
inline constexpr std::size_t max_prefixed = 65'535;

template <class V>
class Sizer {
public:
    /// There is no packet yet, so nothing has a place.
    struct Position {
        friend constexpr Position operator+(Position position, int) noexcept { return position; }
    };

    constexpr Sizer(PacketType type, V version, Leniency leniency, Role receiver) noexcept
        : version_(version), type_(type), leniency_(leniency), receiver_(receiver)
    {
    }

    constexpr const Error& error() const noexcept { return error_; }
    constexpr bool is(Version version) const noexcept { return V::can_be(version) && version_ == version; }
    constexpr Version version() const noexcept { return version_; }
    constexpr Position first() const noexcept { return {}; }
    constexpr Position here() const noexcept { return {}; }
    constexpr Position before(const std::optional<Binary>&) const noexcept { return {}; }
    /// Bytes of variable header and payload.
    constexpr std::size_t size() const noexcept { return size_; }
    constexpr const PropertyLengths& property_lengths() const noexcept { return property_lengths_; }

    // The fixed header.

    MQTTWIRE_ALWAYS_INLINE constexpr bool fixed_header() noexcept
    {
        if (!may_receive(receiver_, type_, version_)) [[unlikely]] return fail(Errc::wrong_direction, Field::fixed_header);
        return true;
    }

    MQTTWIRE_ALWAYS_INLINE constexpr bool publish_header(QoS qos, bool, bool dup) noexcept
    {
        if (qos > QoS::exactly_once) [[unlikely]] return fail(Errc::qos_3, Field::fixed_header);
        if (dup && qos == QoS::at_most_once && !is(Version::v3_1)) [[unlikely]]
            return fail(Errc::dup_with_qos_0, Field::fixed_header);
        return true;
    }

    // Numbers and flags.

    MQTTWIRE_ALWAYS_INLINE constexpr bool byte(Field, std::uint8_t) noexcept { return add(1); }
    MQTTWIRE_ALWAYS_INLINE constexpr bool two_byte_integer(Field, std::uint16_t) noexcept { return add(2); }
    MQTTWIRE_ALWAYS_INLINE constexpr bool four_byte_integer(Field, std::uint32_t) noexcept { return add(4); }

    MQTTWIRE_ALWAYS_INLINE constexpr bool variable_byte_integer(Field, std::uint32_t value) noexcept
    {
        return add(varint_size(value));
    }

    MQTTWIRE_ALWAYS_INLINE constexpr bool packet_id(bool present, std::uint16_t id) noexcept
    {
        if (present == (id == 0)) [[unlikely]]
            return fail(present ? Errc::packet_id_zero : Errc::packet_id_with_qos_0, Field::packet_id);
        return add(present ? 2 : 0);
    }

    MQTTWIRE_ALWAYS_INLINE constexpr bool derived_byte(Field, std::uint8_t) noexcept { return add(1); }

    template <class T>
    MQTTWIRE_ALWAYS_INLINE constexpr bool imply(const T&, T) noexcept
    {
        return true;
    }

    constexpr bool acknowledge_flags(std::uint8_t flags) noexcept
    {
        if (flags != 0 && is(Version::v3_1)) return fail(Errc::not_in_version, Field::acknowledge_flags);
        return add(1);
    }

    MQTTWIRE_ALWAYS_INLINE constexpr bool subscription_options(std::uint8_t options, const Text& filter) noexcept
    {
        if (options > 2) [[unlikely]] {
            if (!is(Version::v5) && (options & ~wire::subscription_options::qos) != 0)
                return fail(Errc::not_in_version, Field::subscription_options);
            const Errc code = subscription_options_fault(options, filter, version_);
            if (code != Errc::none) return fail(code, Field::subscription_options);
        }
        return add(1);
    }

    // Text and binary data.

    MQTTWIRE_ALWAYS_INLINE constexpr bool utf8_string(Field field, const Text& text) noexcept
    {
        if (!prefixed(Errc::text_too_long, field, text)) return false;
        if (!is_surely_good<Plain::text>(text)) [[unlikely]]
            return text_fault(find_text_fault_out_of_line(text, leniency_), field);
        return true;
    }

    MQTTWIRE_ALWAYS_INLINE constexpr bool topic_name(Field field, const Text& name, bool may_be_empty = false) noexcept
    {
        if (!prefixed(Errc::text_too_long, field, name)) return false;
        if (!is_surely_good<Plain::topic>(name) || is_long_for_3_1(name)) [[unlikely]] {
            if (!text_fault(find_topic_name_fault_out_of_line(name, version_, leniency_), field)) return false;
        }
        if (name.empty() && !may_be_empty) [[unlikely]] return fail(Errc::topic_name_empty, field);
        return true;
    }

    MQTTWIRE_ALWAYS_INLINE constexpr bool topic_filter(const Text& filter) noexcept
    {
        if (!prefixed(Errc::text_too_long, Field::filter, filter)) return false;
        const bool maybe_shared = V::can_be(Version::v5) && !filter.empty() && filter.front() == '$';
        if (filter.empty() || maybe_shared || !is_surely_good<Plain::topic>(filter) || is_long_for_3_1(filter)) [[unlikely]]
            return text_fault(find_topic_filter_fault_out_of_line(filter, version_, leniency_), Field::filter);
        return true;
    }

    MQTTWIRE_ALWAYS_INLINE constexpr bool binary_data(Field field, const Binary& data) noexcept
    {
        return prefixed(Errc::binary_too_long, field, data);
    }

    MQTTWIRE_ALWAYS_INLINE constexpr bool rest(Field, const Binary& data) noexcept { return add(data.size()); }

    constexpr bool payload_is_text(Field field, const Binary& payload) noexcept
    {
        const TextFault fault = find_text_fault_out_of_line(payload, Leniency::none);
        if (fault.code == Errc::none || fault.code == Errc::utf8_null) return true;
        return fail(Errc::payload_not_utf8, field);
    }

    // Optional parts.

    MQTTWIRE_ALWAYS_INLINE constexpr bool optional_utf8_string(bool present, Field field,
                                                               const std::optional<Text>& text) noexcept
    {
        return !present || utf8_string(field, *text);
    }

    MQTTWIRE_ALWAYS_INLINE constexpr bool optional_binary_data(bool present, Field field,
                                                               const std::optional<Binary>& data) noexcept
    {
        return !present || binary_data(field, *data);
    }

    template <class Part>
    MQTTWIRE_ALWAYS_INLINE constexpr bool engage(const std::optional<Part>&) noexcept
    {
        return true;
    }

    template <class T>
    MQTTWIRE_ALWAYS_INLINE constexpr bool list(const List<T>& list, Errc if_empty, Field field) noexcept
    {
        if (list.empty()) [[unlikely]] return fail(if_empty, field);
        return list.all_of([this](const T& element) { return Element<T>::fields(*this, element); });
    }

    // Reason codes and short forms.

    MQTTWIRE_ALWAYS_INLINE constexpr bool reason_code(ReasonCode code) noexcept
    {
        Errc fault = reason_code_fault(code, type_, receiver_);
        if (!may_carry(type_, code)) fault = Errc::reason_code_not_allowed; // what is tolerated is not written
        if (fault != Errc::none) [[unlikely]] return fail(fault, Field::reason_code);
        return add(1);
    }

    MQTTWIRE_ALWAYS_INLINE constexpr bool listed_reason_code(ReasonCode code) noexcept
    {
        if (is(Version::v5)) return reason_code(code);
        const bool failure = code == ReasonCode::unspecified_error &&
                             (is(Version::v3_1_1) || allow(Leniency::suback_failure_in_3_1));
        if (!is_granted_qos(code) && !failure) [[unlikely]] return fail(Errc::suback_code_not_allowed, Field::reason_code);
        return add(1);
    }

    constexpr bool connack_result(ReasonCode code, const auto& properties_of_connack) noexcept
    {
        if (is(Version::v5)) return reason_code(code) && properties(properties_of_connack);
        if (!to_return_code(code)) return fail(Errc::reason_code_without_return_code, Field::reason_code);
        return add(1) && properties(properties_of_connack);
    }

    MQTTWIRE_ALWAYS_INLINE constexpr bool short_form(ReasonCode code, const auto& tail_properties) noexcept
    {
        if (!is(Version::v5)) {
            if (code != ReasonCode::success) [[unlikely]] return fail(Errc::not_in_version, Field::reason_code);
            return properties(tail_properties);
        }
        if (!reason_code(code) || !properties(tail_properties)) return false;
        if (property_lengths_[0] == 0) {
            size_ -= code == ReasonCode::success ? 2 : 1;
            if (type_ == PacketType::auth && code != ReasonCode::success && !allow(Leniency::auth_without_properties))
                return fail(Errc::authentication_method_missing, field(PropertyId::authentication_method));
        }
        return true;
    }
    /// True if a short form has a property block.
    constexpr bool has_property_block() const noexcept { return property_lengths_[0] != 0; }

    // Properties.

    template <class Properties>
    MQTTWIRE_ALWAYS_INLINE constexpr bool properties(const Properties& properties) noexcept
    {
        const std::size_t before = size_;
        if (!Properties::walk(*this, properties)) return false;
        if constexpr (V::can_be(Version::v5)) {
            if (!is(Version::v5)) return true;
            const std::size_t length = size_ - before;
            if (length > max_varint) [[unlikely]] return fail(Errc::packet_too_large, Field::property_length);
            property_lengths_[property_blocks_++] = static_cast<std::uint32_t>(length);
            return add(varint_size(static_cast<std::uint32_t>(length)));
        }
        return true;
    }

    template <class... Slots>
    MQTTWIRE_ALWAYS_INLINE constexpr bool slots(Slots... slots) noexcept
    {
        if constexpr (V::can_be(Version::v5))
            if (is(Version::v5)) return (property(slots) && ...);
        if (!(is_absent(slots.member) && ...)) [[unlikely]] return fail(Errc::not_in_version, Field::properties);
        return true;
    }

    // Rules over several fields.

    MQTTWIRE_ALWAYS_INLINE constexpr bool rule(bool holds, Errc code, Field field, Position) noexcept
    {
        if (!holds) [[unlikely]] return fail(code, field);
        return true;
    }

    MQTTWIRE_ALWAYS_INLINE constexpr bool last_byte_rule(Errc fault, Field field) noexcept
    {
        if (fault != Errc::none) [[unlikely]] return fail(fault, field);
        return true;
    }

    constexpr bool allow(Leniency deviation) const noexcept { return has(leniency_, deviation); }
    constexpr bool wants(Leniency setting) const noexcept { return has(leniency_, setting); }
    constexpr Role receiver() const noexcept { return receiver_; }

    constexpr bool protocol(const std::optional<Version>& version, bool bridge) noexcept
    {
        if (version && *version != version_) return fail(Errc::version_mismatch, Field::protocol_version);
        if (bridge && (is(Version::v5) || !allow(Leniency::bridge_bit)))
            return fail(Errc::bridge_bit_set, Field::protocol_version);
        return fixed_header() && add(2 + protocol_name(version_).size() + 1);
    }

private:
    MQTTWIRE_ALWAYS_INLINE constexpr bool add(std::size_t count) noexcept
    {
        size_ += count;
        return true;
    }

    constexpr bool fail(Errc code, Field field) noexcept
    {
        error_ = {code, field, type_, 0, 0};
        return false;
    }

    MQTTWIRE_ALWAYS_INLINE constexpr bool prefixed(Errc if_too_long, Field field, const View& bytes) noexcept
    {
        if (bytes.size() > max_prefixed) [[unlikely]] return fail(if_too_long, field);
        return add(2 + bytes.size());
    }

    /// The quick check that nearly all text passes.
    template <Plain What>
    MQTTWIRE_ALWAYS_INLINE constexpr bool is_surely_good(const Text& text) const noexcept
    {
        return !wants(Leniency::reject_discouraged_characters) && is_plain<What>(text);
    }

    constexpr bool is_long_for_3_1(const Text& text) const noexcept
    {
        return is(Version::v3_1) && text.size() > max_topic_3_1;
    }

    constexpr bool text_fault(TextFault fault, Field field) noexcept
    {
        return fault.code == Errc::none || fail(fault.code, field);
    }

    // One property: its identifier, then its value.

    template <PropertyId Id, class Value>
    MQTTWIRE_ALWAYS_INLINE constexpr bool property(Slot<Id, const std::optional<Value>> slot) noexcept
    {
        return !slot.member.has_value() || (sender_may_say<Id>() && add(1) && property_value<Id>(*slot.member));
    }

    template <PropertyId Id, class T>
    MQTTWIRE_ALWAYS_INLINE constexpr bool property(Slot<Id, const List<T>> slot) noexcept
    {
        if (slot.member.empty()) return true;
        return sender_may_say<Id>() && slot.member.all_of([this](const T& value) {
            if constexpr (std::is_same_v<T, std::uint32_t>) return add(1) && property_value<Id>(value);
            else return add(1) && Element<T>::fields(*this, value);
        });
    }

    template <PropertyId Id>
    MQTTWIRE_ALWAYS_INLINE constexpr bool property_value(std::uint8_t value) noexcept
    {
        return in_range<Id>(value) && add(1);
    }

    template <PropertyId Id>
    MQTTWIRE_ALWAYS_INLINE constexpr bool property_value(std::uint16_t value) noexcept
    {
        return in_range<Id>(value) && add(2);
    }

    template <PropertyId Id>
    MQTTWIRE_ALWAYS_INLINE constexpr bool property_value(std::uint32_t value) noexcept
    {
        constexpr bool variable = Slot<Id, void*>::row.type == PropertyType::variable_byte_integer;
        return in_range<Id>(value) && add(variable ? varint_size(value) : 4);
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
    MQTTWIRE_ALWAYS_INLINE constexpr bool sender_may_say() noexcept
    {
        const Errc fault = property_sender_fault<Id>(type_, receiver_);
        if (fault != Errc::none) [[unlikely]] return fail(fault, field(Id));
        return true;
    }

    template <PropertyId Id>
    MQTTWIRE_ALWAYS_INLINE constexpr bool in_range(std::uint32_t value) noexcept
    {
        if (!is_in_range<Id>(value)) [[unlikely]] return fail(out_of_range_code(Id), field(Id));
        return true;
    }

    std::size_t size_ = 0;
    [[no_unique_address]] V version_;
    PacketType type_;
    Leniency leniency_;
    Role receiver_;
    std::uint8_t property_blocks_ = 0;
    PropertyLengths property_lengths_{};
    Error error_{};
};

} // namespace mqttwire::wire
