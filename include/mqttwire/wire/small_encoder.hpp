// SmallEncoder: the Encoder of programs that must be small. It goes over the same description of a packet and makes the
// same checks at run time, with less code and more instructions.
//
// Its operations always say "go on", so that a packet's description becomes a plain row of calls; the first fault is
// kept. Checking and writing are the same walk: without a place to write to, bytes are counted only.
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
#include "mqttwire/wire/slot.hpp"
#include "mqttwire/wire/string_check.hpp"
#include "mqttwire/wire/text.hpp"
#include "mqttwire/wire/user_property.hpp"
#include "mqttwire/wire/varint.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <type_traits>

namespace mqttwire::inline MQTTWIRE_ABI::wire {

template <class V>
class SmallEncoder {
public:
    /// There is no packet yet, so nothing has a place.
    struct Position {
        friend Position operator+(Position position, int) noexcept { return position; }
    };

    SmallEncoder() noexcept {} // NOLINT(modernize-use-equals-default): a defaulted one would clear everything first
    explicit SmallEncoder(V version, Leniency leniency = {}, Role receiver = {}) noexcept
        : version_(version), leniency_(leniency), receiver_(receiver)
    {
    }

    /// The packet tells its first byte when it is walked.
    void begin(std::uint8_t first_byte) noexcept { first_byte_ = first_byte; }

    /// After the walk that checks: `size` is that of the whole packet then, for which there must be room.
    void finish_checking(std::size_t capacity) noexcept
    {
        rule(size_ <= max_varint, Errc::packet_too_large, Field::packet, {});
        remaining_length_ = static_cast<std::uint32_t>(size_);
        put_header();
        rule(size_ <= capacity, Errc::buffer_too_small, Field::packet, {});
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
        return {code, static_cast<Field>(place_of(fault_)), type(), 0, static_cast<std::uint32_t>(needed)};
    }
    PacketType type() const noexcept { return static_cast<PacketType>(first_byte_ >> 4U); }
    bool is(Version version) const noexcept { return V::can_be(version) && version_ == version; }
    Version version() const noexcept { return version_; }
    Position first() const noexcept { return {}; }
    Position here() const noexcept { return {}; }
    Position before(const Binary&) const noexcept { return {}; }
    /// Bytes so far.
    std::size_t size() const noexcept { return size_; }

    // The fixed header, whose bytes are written before the walk.

    [[gnu::always_inline]] bool fixed_header() noexcept
    {
        if constexpr (!V::strict) check_direction();
        return true;
    }

    [[gnu::always_inline]] bool publish_header(QoS qos, bool, bool dup) noexcept
    {
        Errc fault = qos > QoS::exactly_once ? Errc::qos_3 : Errc::none;
        if (dup && qos == QoS::at_most_once && !is(Version::v3_1)) fault = Errc::dup_with_qos_0;
        return last_byte_rule(fault, Field::fixed_header);
    }

    // Numbers and flags.

    [[gnu::always_inline]] bool byte(Field, std::uint8_t value) noexcept
    {
        put(value);
        return true;
    }

    [[gnu::always_inline]] bool two_byte_integer(Field, std::uint16_t value) noexcept
    {
        put_two(value);
        return true;
    }

    [[gnu::always_inline]] bool packet_id(bool present, std::uint16_t id) noexcept
    {
        put_packet_id(present, id);
        return true;
    }

    [[gnu::always_inline]] bool derived_byte(Field field, std::uint8_t value) noexcept { return byte(field, value); }

    template <class T>
    [[gnu::always_inline]] bool imply(const T&, T) const noexcept
    {
        return true;
    }

    [[gnu::always_inline]] bool acknowledge_flags(std::uint8_t flags) noexcept
    {
        rule(flags == 0 || !is(Version::v3_1), Errc::not_in_version, Field::acknowledge_flags, {});
        return byte(Field::acknowledge_flags, flags);
    }

    bool subscription_options(std::uint8_t options, const Text& filter) noexcept
    {
        rule(is(Version::v5) || options <= wire::subscription_options::qos, Errc::not_in_version,
            Field::subscription_options, {});
        last_byte_rule(subscription_options_fault(options, filter, version_), Field::subscription_options);
        return byte(Field::subscription_options, options);
    }

    // Text and binary data.

    [[gnu::always_inline]] bool utf8_string(Field field, const Text& text) noexcept
    {
        put_string(StringKind::text, field, text);
        return true;
    }

    [[gnu::always_inline]] bool topic_name(Field field, const Text& name, bool may_be_empty = false) noexcept
    {
        put_string(may_be_empty ? StringKind::topic_name_or_empty : StringKind::topic_name, field, name);
        return true;
    }

    [[gnu::always_inline]] bool topic_filter(const Text& filter) noexcept
    {
        put_string(StringKind::topic_filter, Field::filter, filter);
        return true;
    }

    [[gnu::always_inline]] bool binary_data(Field field, const Binary& data) noexcept
    {
        put_string(StringKind::binary, field, data);
        return true;
    }

    [[gnu::always_inline]] bool rest(Field, const Binary& data) noexcept
    {
        put_bytes(data);
        return true;
    }

    bool payload_is_text(Field field, const Binary& payload) noexcept
    {
        return last_byte_rule(find_ill_formed(payload).code, field);
    }

    // Optional parts.

    [[gnu::always_inline]] bool optional_utf8_string(
        bool present, Field field, const std::optional<Text>& text) noexcept
    {
        return !present || utf8_string(field, *text);
    }

    [[gnu::always_inline]] bool optional_binary_data(
        bool present, Field field, const std::optional<Binary>& data) noexcept
    {
        return !present || binary_data(field, *data);
    }

    template <class Part>
    [[gnu::always_inline]] bool engage(const std::optional<Part>&) const noexcept
    {
        return true;
    }

    template <class T>
    bool list(const List<T>& list, Errc if_empty, Field field) noexcept
    {
        rule(!list.empty(), if_empty, field, {});
        return list.all_of([this](const T& element) { return Element<T>::fields(*this, element); });
    }

    // Reason codes and short forms.

    MQTTWIRE_NOINLINE bool reason_code(ReasonCode code) noexcept
    {
        // What is tolerated when it is read is not written.
        const Errc fault =
            may_carry(type(), code) ? reason_code_fault(code, type(), receiver()) : Errc::reason_code_not_allowed;
        last_byte_rule(fault, Field::reason_code);
        return byte(Field::reason_code, static_cast<std::uint8_t>(code));
    }

    bool listed_reason_code(ReasonCode code) noexcept
    {
        if (is(Version::v5)) return reason_code(code);
        const bool failure =
            code == ReasonCode::unspecified_error && (is(Version::v3_1_1) || allow(Leniency::suback_failure_in_3_1));
        rule(is_granted_qos(code) || failure, Errc::suback_code_not_allowed, Field::reason_code, {});
        return byte(Field::reason_code, static_cast<std::uint8_t>(code));
    }

    bool connack_result(ReasonCode code, const auto& properties_of_connack) noexcept
    {
        if (is(Version::v5)) {
            reason_code(code);
        } else {
            const std::optional<std::uint8_t> return_code = to_return_code(code);
            rule(return_code.has_value(), Errc::reason_code_without_return_code, Field::reason_code, {});
            put(return_code.value_or(0));
        }
        return properties(properties_of_connack);
    }

    [[gnu::always_inline]] bool short_form(ReasonCode code, const auto& tail_properties) noexcept
    {
        if (!is(Version::v5)) rule(code == ReasonCode::success, Errc::not_in_version, Field::reason_code, {});
        if constexpr (V::can_be(Version::v5)) {
            if (is(Version::v5)) {
                put_short_form(code, erase(tail_properties), members_of(tail_properties));
                return true;
            }
        }
        return properties(tail_properties);
    }

    /// True if a short form has a property block.
    bool has_property_block() const noexcept { return property_lengths_[0] != 0; }

    // Properties, in ascending order of their identifiers.

    template <class Properties>
    [[gnu::always_inline]] bool properties(const Properties& properties) noexcept
    {
        if constexpr (V::can_be(Version::v5)) put_erased_properties(erase(properties), members_of(properties));
        else Properties::walk(*this, properties);
        return true;
    }

    /// In a version that has no properties.
    template <class... Slots>
    [[gnu::always_inline]] bool slots(Slots... slots) noexcept
    {
        refuse_properties((std::size_t{} | ... | count_values(slots.member)));
        return true;
    }

    // Rules over several fields.

    [[gnu::always_inline]] bool rule(bool holds, Errc code, Field field, Position) noexcept
    {
        if (!holds) fail(pack(code, field));
        return true;
    }

    [[gnu::always_inline]] bool last_byte_rule(Errc fault, Field field) noexcept
    {
        if (fault != Errc::none) fail(pack(fault, field));
        return true;
    }

    bool allow(Leniency deviation) const noexcept { return wants(deviation); }
    bool wants(Leniency setting) const noexcept { return !V::strict && has(leniency_, setting); }

    bool protocol(const std::optional<Version>& version, bool bridge) noexcept
    {
        rule(!version || *version == version_, Errc::version_mismatch, Field::protocol_version, {});
        rule(!bridge || (!is(Version::v5) && allow(Leniency::bridge_bit)), Errc::bridge_bit_set,
            Field::protocol_version, {});
        fixed_header();
        put_string(StringKind::binary, Field::protocol_name, Text(protocol_name(version_)));
        put(static_cast<unsigned>(static_cast<Version>(version_)) | (static_cast<unsigned>(bridge) * bridge_bit));
        return true;
    }

private:
    Leniency leniency() const noexcept { return V::strict ? Leniency::none : leniency_; }
    Role receiver() const noexcept { return V::strict ? Role::unknown : receiver_; }

    /// Keeps the first fault.
    MQTTWIRE_NOINLINE void fail(std::uint32_t fault) noexcept
    {
        if (fault_ == 0) fault_ = fault;
    }

    MQTTWIRE_NOINLINE void refuse_properties(std::size_t values) noexcept
    {
        rule(values == 0, Errc::not_in_version, Field::properties, {});
    }

    MQTTWIRE_NOINLINE void put(std::uint32_t value) noexcept
    {
        if (to_ != nullptr) to_[size_] = static_cast<std::byte>(value & 0xFFU);
        ++size_;
    }

    MQTTWIRE_NOINLINE void put_two(std::uint32_t value) noexcept
    {
        put(value >> 8U);
        put(value);
    }

    MQTTWIRE_NOINLINE void put_varint(std::uint32_t value) noexcept
    {
        for (; value >= 0x80; value >>= 7U) put(value | 0x80U);
        put(value);
    }

    MQTTWIRE_NOINLINE void put_header() noexcept
    {
        put(first_byte_);
        put_varint(remaining_length_);
    }

    MQTTWIRE_NOINLINE void put_bytes(const View& bytes) noexcept
    {
        const std::size_t size = bytes.size();
        if (to_ != nullptr) copy(to_ + size_, bytes.bytes(), size);
        size_ += size;
    }

    /// A Two Byte Integer and as many bytes.
    MQTTWIRE_NOINLINE void put_string(StringKind kind, Field field, const View& string) noexcept
    {
        if (to_ == nullptr) {
            const Errc too_long = kind == StringKind::binary ? Errc::binary_too_long : Errc::text_too_long;
            last_byte_rule(
                string.size() > 65'535 ? too_long : code_of(find_string_fault(string, kind, version_, leniency())),
                field);
        }
        put_two(static_cast<std::uint32_t>(string.size()));
        put_bytes(string);
    }

    MQTTWIRE_NOINLINE void put_packet_id(bool present, std::uint32_t id) noexcept
    {
        rule(present == (id != 0), present ? Errc::packet_id_zero : Errc::packet_id_with_qos_0, Field::packet_id, {});
        if (present) put_two(id);
    }

    MQTTWIRE_NOINLINE void check_direction() noexcept
    {
        rule(may_receive(receiver(), type(), version_), Errc::wrong_direction, Field::fixed_header, {});
    }

    // Properties: one function writes those of all packets.

    /// The length of a property block and its properties; in a version without properties there must be none.
    MQTTWIRE_NOINLINE void put_erased_properties(const std::byte* properties, const PropertyMember* member) noexcept
    {
        if (to_ != nullptr && is(Version::v5)) put_varint(property_lengths_[property_blocks_++]);
        const std::size_t before = size_;
        for (; member->id != no_property; ++member) put_erased_property(properties + member->offset, *member);
        if (to_ != nullptr || !is(Version::v5)) return;
        rule(size_ - before <= max_varint, Errc::packet_too_large, Field::property_length, {});
        const auto length = static_cast<std::uint32_t>(size_ - before);
        property_lengths_[property_blocks_++] = length;
        put_varint(length);
    }

    void put_erased_property(const void* place, const PropertyMember& member) noexcept
    {
        switch (member.kind) {
        case MemberKind::byte: return put_number(value_at<std::uint8_t>(place), member);
        case MemberKind::two_byte_integer: return put_number(value_at<std::uint16_t>(place), member);
        case MemberKind::four_byte_integer:
        case MemberKind::variable_byte_integer: return put_number(value_at<std::uint32_t>(place), member);
        case MemberKind::binary: return put_view(value_at<Binary>(place), member);
        case MemberKind::text:
        case MemberKind::topic_name: return put_view(value_at<Text>(place), member);
        case MemberKind::identifiers:
            static_cast<const List<std::uint32_t>*>(place)->all_of([&](const std::uint32_t& number) {
                put_number(&number, member);
                return true;
            });
            return;
        case MemberKind::user_properties:
            static_cast<const List<UserProperty>*>(place)->all_of([&](const UserProperty& pair) {
                put_property_id(member.id);
                return UserProperty::fields(*this, pair);
            });
            return;
        }
    }

    /// The value of an optional; nullptr if it has none.
    template <class Value>
    static const Value* value_at(const void* place) noexcept
    {
        const std::optional<Value>& value = *static_cast<const std::optional<Value>*>(place);
        return value ? &*value : nullptr;
    }

    MQTTWIRE_NOINLINE void put_property_id(PropertyId id) noexcept
    {
        rule(is(Version::v5), Errc::not_in_version, Field::properties, {});
        const Errc fault = property_sender_fault(id, type(), receiver());
        last_byte_rule(fault, field(id));
        put(static_cast<std::uint32_t>(id));
    }

    template <class Number>
    [[gnu::always_inline]] void put_number(const Number* number, const PropertyMember& member) noexcept
    {
        if (number != nullptr) put_number(*number, member);
    }

    MQTTWIRE_NOINLINE void put_number(std::uint32_t number, const PropertyMember& member) noexcept
    {
        put_property_id(member.id);
        rule(member.allows(number) && (member.kind < MemberKind::variable_byte_integer || number <= max_varint),
            out_of_range_code(member.id), field(member.id), {});
        if (member.kind == MemberKind::byte) return put(number);
        if (member.kind >= MemberKind::variable_byte_integer) return put_varint(number);
        if (member.kind == MemberKind::four_byte_integer) put_two(number >> 16U);
        put_two(number);
    }

    [[gnu::always_inline]] void put_view(const View* view, const PropertyMember& member) noexcept
    {
        if (view == nullptr) return;
        put_property_id(member.id);
        put_string(static_cast<StringKind>(member.kind), field(member.id), *view);
    }

    /// The shortest form that says it all.
    MQTTWIRE_NOINLINE void put_short_form(
        ReasonCode code, const std::byte* properties, const PropertyMember* members) noexcept
    {
        const bool checking = to_ == nullptr;
        if (checking || has_property_block() || code != ReasonCode::success) reason_code(code);
        if (checking || has_property_block()) put_erased_properties(properties, members);
        if (!checking || has_property_block()) return;
        // Without properties their length is left out, and a success with it.
        --size_;
        if (code == ReasonCode::success) --size_;
        else
            rule(type() != PacketType::auth || allow(Leniency::auth_without_properties),
                Errc::authentication_method_missing, field(PropertyId::authentication_method), {});
    }

    std::byte* to_ = nullptr; ///< where the packet begins; nullptr while checking
    std::size_t size_ = 0; ///< bytes so far
    std::array<std::uint32_t, 2> property_lengths_{}; ///< what checking found; CONNECT has two blocks
    std::uint32_t remaining_length_ = 0; ///< what checking found
    std::uint32_t fault_ = 0; ///< see pack
    std::uint8_t property_blocks_ = 0;
    std::uint8_t first_byte_ = 0;
    [[no_unique_address]] V version_{};
    Leniency leniency_ = Leniency::none;
    Role receiver_ = Role::unknown;
};

} // namespace mqttwire::inline MQTTWIRE_ABI::wire
