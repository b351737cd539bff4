// bridge: turns a packet of one version into its counterpart in another, and tells all that could not be said there.
//
//     const auto bridged = bridge(publish, Version::v5, Version::v3_1_1);
//     if (bridged) ...          // bridged.packet can be encoded in 3.1.1; bridged.losses things are missing in it
//     else ...                  // bridged.error says why there is no counterpart, bridged.advice what to do about it
//
// The tables below say what becomes of each packet, property, reason code and option; docs/bridging.md shows them.
// A packet stays of its type, and keeps its packet identifier: mapping those is for whoever knows both connections.
#pragma once

#include "mqttwire/codec.hpp"
#include "mqttwire/config.hpp"
#include "mqttwire/error.hpp"
#include "mqttwire/field.hpp"
#include "mqttwire/leniency.hpp"
#include "mqttwire/packet.hpp"
#include "mqttwire/packet_type.hpp"
#include "mqttwire/packets/functions.hpp"
#include "mqttwire/property_id.hpp"
#include "mqttwire/reason_code.hpp"
#include "mqttwire/topic.hpp"
#include "mqttwire/version.hpp"
#include "mqttwire/wire/list.hpp"
#include "mqttwire/wire/name_among.hpp"
#include "mqttwire/wire/slot.hpp"
#include "mqttwire/wire/text.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>

namespace mqttwire::inline MQTTWIRE_ABI {

/// What to do with a packet that was bridged, or that has no counterpart.
enum class Advice : std::uint8_t {
    send, ///< send the counterpart
    end_flow, ///< answer the sender in the receiver's place, so that its exchange ends, and send the counterpart if
              ///< there is one
    ignore, ///< drop the packet
    close, ///< close the connection
    more_scratch, ///< bridge it again, with as many elements of scratch memory as `error.needed` says; what was told as
                  ///< lost is told once more
};

constexpr std::string_view name(Advice advice) noexcept
{
    return wire::name_among(advice, {"send", "end_flow", "ignore", "close", "more_scratch"});
}

/// What is lost, apart from properties and reason codes.
enum class BridgedOption : std::uint8_t {
    none,
    no_local,
    retain_as_published,
    retain_handling,
    shared_subscription,
    session_present,
    dup,
    bridge_bit,
};

/// Something that the other version cannot say.
struct Loss {
    enum class Kind : std::uint8_t { property, will_property, reason_code, option };

    Kind kind{};
    Field field{}; ///< the property's, Field::reason_code, or the field in which the option stood
    BridgedOption option{}; ///< of an option; else `none`
    ReasonCode code{}; ///< of a reason code: the one that was not kept
    std::uint32_t index{}; ///< of the user property, filter or reason code among its like; else 0

    friend constexpr bool operator==(const Loss&, const Loss&) noexcept = default;
};

// The tables.

struct BridgedPacketRow {
    PacketType type;
    Advice advice; ///< if a packet of this type has no counterpart; of a PUBLISH with QoS 0 it is `ignore`, of one
                   ///< without a topic, whose alias nobody has resolved, `close`
    std::string_view to_3; ///< what becomes of a packet of 5.0 in 3.1.1 and 3.1
    std::string_view to_5; ///< what becomes of a packet of 3.x in 5.0
};

/// The row of packet type n stands at index n - 1.
inline constexpr std::array<BridgedPacketRow, 15> bridged_packet_table{{
    {PacketType::connect, Advice::close,
        "Clean Session is Clean Start. None if the client id is empty (3.1.1: without Clean Session), or in 3.1 longer "
        "than 23 characters; if there is a password without a user name; if there is an authentication method",
        "Clean Session 0 becomes Clean Start 0 with a Session Expiry Interval of 0xFFFFFFFF, Clean Session 1 becomes "
        "Clean Start 1"},
    {PacketType::connack, Advice::close, "with the nearest return code; in 3.1 without Session Present",
        "the same. A client whose client id was empty must find an Assigned Client Identifier in it "
        "[5.0: MQTT-3.2.2-16], and 3.x tells none: give its CONNECT a client id of the bridge's, and add that here"},
    {PacketType::publish, Advice::end_flow,
        "the message alone. None if there is no topic but an alias: resolve it first; in 3.1 if the topic is longer "
        "than 32,767 characters",
        "the same; of 3.1 without DUP if the QoS is 0"},
    {PacketType::puback, Advice::end_flow, "the packet identifier", "the same"},
    {PacketType::pubrec, Advice::end_flow,
        "the packet identifier; of a refusal too, and then the PUBREL that comes must be answered in the place of the "
        "side that has refused",
        "the same"},
    {PacketType::pubrel, Advice::end_flow, "the packet identifier", "the same"},
    {PacketType::pubcomp, Advice::end_flow, "the packet identifier", "the same"},
    {PacketType::subscribe, Advice::end_flow,
        "filters and QoS; a shared filter stays as it is, and means what the server makes of it",
        "the same. None if a filter begins with $share/ and is no shared one"},
    {PacketType::suback, Advice::close,
        "every failure is 0x80, which 3.1 does not have: none in 3.1 (but see Leniency::suback_failure_in_3_1)",
        "the same"},
    {PacketType::unsubscribe, Advice::end_flow, "the filters",
        "the same. None if a filter begins with $share/ and is no shared one"},
    {PacketType::unsuback, Advice::close, "the packet identifier",
        "with a reason code 0x00 for each filter of the UNSUBSCRIBE, whose number the caller knows"},
    {PacketType::pingreq, Advice::ignore, "the same", "the same"},
    {PacketType::pingresp, Advice::ignore, "the same", "the same"},
    {PacketType::disconnect, Advice::close,
        "of a client with reason code 0x00 the same, else none: closing without DISCONNECT publishes the will; of a "
        "server none",
        "the same, with reason code 0x00"},
    {PacketType::auth, Advice::close, "none", "none"},
}};

/// What becomes of a property of 5.0 in 3.x.
enum class PropertyFate : std::uint8_t {
    lost, ///< it is left out, and reported
    clean_session, ///< in CONNECT it is kept if Clean Session says the same: 0 with 1, 0xFFFFFFFF with 0; else lost
    prevents, ///< a CONNECT with it has no counterpart; elsewhere it is lost
};

struct BridgedPropertyRow {
    PropertyId id;
    PropertyFate fate;
    std::string_view text; ///< what the bridge has to do itself
};

/// A row for each property, in the order of property_table.
inline constexpr auto bridged_property_table = [] {
    using enum PropertyId;
    using enum PropertyFate;
    return std::to_array<BridgedPropertyRow>({
        {payload_format_indicator, lost, ""},
        {message_expiry_interval, lost, "drop the message when it expires, as long as it waits here"},
        {content_type, lost, ""},
        {response_topic, lost, "a requester of 3.x names it in its payload"},
        {correlation_data, lost, "a requester of 3.x puts it into its payload"},
        {subscription_identifier, lost, "match the topic against the filters"},
        {session_expiry_interval, clean_session, "end the session in time"},
        {assigned_client_identifier, lost, ""},
        {server_keep_alive, lost, "send PINGREQ in the client's place"},
        {authentication_method, prevents, ""},
        {authentication_data, lost, ""},
        {request_problem_information, lost, "nothing: 3.x has no problem information"},
        {will_delay_interval, lost, "the will is published at once"},
        {request_response_information, lost, "nothing: 3.x has no response information"},
        {response_information, lost, ""},
        {server_reference, lost, "connect to the other server"},
        {reason_string, lost, "log it"},
        {receive_maximum, lost, "hold messages back"},
        {topic_alias_maximum, lost, "nothing: 3.x has no aliases"},
        {topic_alias, lost, "nothing: an alias never leaves its connection"},
        {maximum_qos, lost, "lower the QoS of messages"},
        {retain_available, lost, "clear RETAIN of messages"},
        {user_property, lost, ""},
        {maximum_packet_size, lost, "drop what is larger"},
        {wildcard_subscription_available, lost, "refuse such filters"},
        {subscription_identifier_available, lost, "nothing: 3.x has no such identifiers"},
        {shared_subscription_available, lost, "refuse such filters"},
    });
}();

static_assert([] {
    for (std::size_t i = 0; i < property_table.size(); ++i)
        if (bridged_property_table[i].id != property_table[i].id) return false;
    return bridged_property_table.size() == property_table.size();
}());

struct BridgedReturnCodeRow {
    ReasonCode code;
    ReasonCode nearest; ///< one that a 3.x return code corresponds to
};

/// The return code of a 3.x CONNACK that comes nearest to a reason code: "server unavailable" where trying again can
/// help, "not authorized" where it cannot. Reason codes that have a return code of their own are not listed.
inline constexpr auto bridged_return_code_table = [] {
    using enum ReasonCode;
    return std::to_array<BridgedReturnCodeRow>({
        {unspecified_error, server_unavailable},
        {malformed_packet, unsupported_protocol_version},
        {protocol_error, unsupported_protocol_version},
        {implementation_specific_error, server_unavailable},
        {server_busy, server_unavailable},
        {banned, not_authorized},
        {bad_authentication_method, not_authorized},
        {topic_name_invalid, not_authorized},
        {packet_too_large, not_authorized},
        {quota_exceeded, server_unavailable},
        {payload_format_invalid, not_authorized},
        {retain_not_supported, not_authorized},
        {qos_not_supported, not_authorized},
        {use_another_server, server_unavailable},
        {server_moved, server_unavailable},
        {connection_rate_exceeded, server_unavailable},
    });
}();

static_assert([] {
    for (const ReasonCodeRow& row : reason_code_table) {
        bool listed = to_return_code(row.code).has_value() || !may_carry(PacketType::connack, row.code);
        for (const BridgedReturnCodeRow& bridged : bridged_return_code_table)
            listed = listed || (bridged.code == row.code && to_return_code(bridged.nearest).has_value());
        if (!listed) return false;
    }
    return true;
}());

struct BridgedOptionRow {
    BridgedOption option;
    std::string_view name;
    PacketType packet;
    std::string_view when; ///< from which version to which
    std::string_view text; ///< what becomes of it
};

/// The row of option n stands at index n - 1.
inline constexpr std::array<BridgedOptionRow, 7> bridged_option_table{{
    {BridgedOption::no_local, "no_local", PacketType::subscribe, "5.0 to 3.x",
        "cleared: the client gets its own messages"},
    {BridgedOption::retain_as_published, "retain_as_published", PacketType::subscribe, "5.0 to 3.x",
        "cleared: the server clears RETAIN when it forwards"},
    {BridgedOption::retain_handling, "retain_handling", PacketType::subscribe, "5.0 to 3.x",
        "send (0): retained messages come with every subscription"},
    {BridgedOption::shared_subscription, "shared_subscription", PacketType::subscribe,
        "5.0 to 3.x and back; UNSUBSCRIBE too", "the filter stays, but to 3.x it is an ordinary one"},
    {BridgedOption::session_present, "session_present", PacketType::connack, "to 3.1", "cleared"},
    {BridgedOption::dup, "dup", PacketType::publish, "3.1 to 3.1.1 and 5.0", "cleared if the QoS is 0"},
    {BridgedOption::bridge_bit, "bridge_bit", PacketType::connect, "3.x to 5.0",
        "cleared: subscribe with No Local and Retain As Published instead"},
}};

/// The option's name in snake_case; empty for `none`.
constexpr std::string_view name(BridgedOption option) noexcept
{
    const auto number = static_cast<std::size_t>(option); // the table has no row for `none`
    if (number == 0 || number > bridged_option_table.size()) return {};
    return bridged_option_table[number - 1].name;
}

/// The reason code of a 3.x CONNACK that comes nearest to one of 5.0 (see bridged_return_code_table).
constexpr ReasonCode nearest_return_code(ReasonCode code) noexcept
{
    if (to_return_code(code)) return code;
    for (const BridgedReturnCodeRow& row : bridged_return_code_table)
        if (row.code == code) return row.nearest;
    return ReasonCode::server_unavailable;
}

/// Memory for what has to be rewritten, and what a packet alone does not tell. The bridged packet points into it.
struct BridgeScratch {
    std::span<Subscription> filters{}; ///< as many as SUBSCRIBE has, if one has an option that is lost
    std::span<ReasonCode> reason_codes{}; ///< as many as SUBACK has, if one is above 0x80; `unsubscribed`, if above 1
    std::size_t unsubscribed = 1; ///< 3.x to 5.0: the filters of the UNSUBSCRIBE that an UNSUBACK answers
};

/// A packet and its counterpart. What it points to is what the packet points to, or lies in the scratch memory.
template <class P>
struct Bridged {
    P packet{}; ///< unless there is an error
    Error error{}; ///< why there is no counterpart; `buffer_too_small`: see Advice::more_scratch
    Advice advice = Advice::send;
    std::uint32_t losses = 0; ///< the number of losses

    constexpr explicit operator bool() const noexcept { return error.code == Errc::none; }
};

namespace wire {

/// Counts losses and hands them on.
template <class Sink>
class LossReport {
public:
    constexpr explicit LossReport(Sink& sink) noexcept : sink_(sink) {}

    constexpr std::uint32_t count() const noexcept { return count_; }

    constexpr void add(const Loss& loss)
    {
        ++count_;
        sink_(loss);
    }
    constexpr void option(BridgedOption option, Field field, std::uint32_t index = 0)
    {
        add({.kind = Loss::Kind::option, .field = field, .option = option, .index = index});
    }
    constexpr void reason_code(ReasonCode code, std::uint32_t index = 0)
    {
        add({.kind = Loss::Kind::reason_code, .field = Field::reason_code, .code = code, .index = index});
    }
    constexpr void property(PropertyId id, Loss::Kind kind = Loss::Kind::property, std::uint32_t index = 0)
    {
        add({.kind = kind, .field = mqttwire::field(id), .index = index});
    }

private:
    Sink& sink_;
    std::uint32_t count_ = 0;
};

/// Walks a property struct: reports each value and empties its member.
template <class Report>
struct LosingWalk {
    Report& report;
    Loss::Kind kind;

    template <class... Slots>
    constexpr bool slots(Slots... slots) const
    {
        (lose(slots), ...);
        return true;
    }

private:
    template <PropertyId Id, class Member>
    constexpr void lose(Slot<Id, Member> slot) const
    {
        const auto values = static_cast<std::uint32_t>(count_values(slot.member));
        for (std::uint32_t i = 0; i < values; ++i) report.property(Id, kind, i);
        slot.member = Member{};
    }
};

template <class Report, class Properties>
constexpr void lose_properties(Report& report, Properties& properties, Loss::Kind kind = Loss::Kind::property)
{
    LosingWalk<Report> walk{report, kind};
    Properties::walk(walk, properties);
}

/// One direction of a bridge, with what the caller has given it.
template <class Report>
struct Bridging {
    Report& report;
    Version from;
    Version to;
    BridgeScratch scratch;
    Error error{}; ///< a reason to have no counterpart that encoding would not see

    constexpr bool leaves_5() const noexcept { return from == Version::v5 && to != Version::v5; }
    constexpr bool enters_5() const noexcept { return from != Version::v5 && to == Version::v5; }

    constexpr void prevent(Errc code, Field field, PacketType type, std::size_t needed = 0) noexcept
    {
        error = {.code = code, .field = field, .packet = type, .needed = static_cast<std::uint32_t>(needed)};
    }

    constexpr Advice turn(Connect& connect)
    {
        constexpr std::uint32_t for_ever = 0xFFFFFFFF;
        if (connect.version) connect.version = to;
        if (enters_5()) {
            if (!connect.clean_start) connect.properties.session_expiry_interval = for_ever;
            if (connect.bridge) report.option(BridgedOption::bridge_bit, Field::protocol_version);
            connect.bridge = false;
        }
        if (!leaves_5()) return Advice::send;
        if (connect.properties.authentication_method)
            prevent(Errc::not_in_version, field(PropertyId::authentication_method), PacketType::connect);
        std::optional<std::uint32_t>& expiry = connect.properties.session_expiry_interval;
        const bool is_said = expiry.value_or(0) == (connect.clean_start ? 0 : for_ever);
        if (!is_said) report.property(PropertyId::session_expiry_interval);
        expiry.reset();
        lose_properties(report, connect.properties);
        if (connect.will) lose_properties(report, connect.will->properties, Loss::Kind::will_property);
        return Advice::send;
    }

    constexpr Advice turn(ConnAck& connack)
    {
        if (to == Version::v3_1 && connack.session_present) {
            report.option(BridgedOption::session_present, Field::acknowledge_flags);
            connack.session_present = false;
        }
        if (!leaves_5()) return Advice::send;
        const ReasonCode nearest = nearest_return_code(connack.reason_code);
        if (nearest != connack.reason_code) report.reason_code(connack.reason_code);
        connack.reason_code = nearest;
        lose_properties(report, connack.properties);
        return Advice::send;
    }

    constexpr Advice turn(Publish& publish)
    {
        if (from == Version::v3_1 && to != Version::v3_1 && publish.dup && publish.qos == QoS::at_most_once) {
            report.option(BridgedOption::dup, Field::fixed_header);
            publish.dup = false;
        }
        if (!leaves_5()) return Advice::send;
        if (publish.topic.empty()) prevent(Errc::topic_name_empty, Field::topic, PacketType::publish);
        lose_properties(report, publish.properties);
        return Advice::send;
    }

    template <PacketType Type>
    constexpr Advice turn(Acknowledgement<Type>& ack)
    {
        if (!leaves_5()) return Advice::send;
        const ReasonCode code = ack.reason_code;
        if (code != ReasonCode::success) report.reason_code(code);
        ack.reason_code = ReasonCode::success;
        lose_properties(report, ack.properties);
        // To 3.x a refused message is an accepted one, whose flow has still two steps to go.
        return Type == PacketType::pubrec && is_failure(code) ? Advice::end_flow : Advice::send;
    }

    constexpr Advice turn(Subscribe& subscribe)
    {
        bool rewrite = false;
        std::uint32_t index = 0;
        for (const Subscription each : subscribe.filters) {
            if (leaves_5() || enters_5()) {
                if (is_shared(each.filter)) report.option(BridgedOption::shared_subscription, Field::filter, index);
            }
            if (leaves_5()) rewrite = report_options(each, index) || rewrite;
            ++index;
        }
        if (!leaves_5()) return Advice::send;
        lose_properties(report, subscribe.properties);
        if (!rewrite) return Advice::send;
        if (scratch.filters.size() < index) {
            prevent(Errc::buffer_too_small, Field::filter, PacketType::subscribe, index);
            return Advice::send;
        }
        index = 0;
        for (const Subscription each : subscribe.filters)
            scratch.filters[index++] = Subscription{.filter = each.filter, .qos = each.qos};
        subscribe.filters = List<Subscription>(scratch.filters.data(), index);
        return Advice::send;
    }

    constexpr bool report_options(const Subscription& each, std::uint32_t index)
    {
        const auto lose_if = [&](bool set, BridgedOption option) {
            if (set) report.option(option, Field::subscription_options, index);
            return set;
        };
        const bool no_local = lose_if(each.no_local, BridgedOption::no_local);
        const bool as_published = lose_if(each.retain_as_published, BridgedOption::retain_as_published);
        const bool handling = lose_if(each.retain_handling != RetainHandling::send, BridgedOption::retain_handling);
        return no_local || as_published || handling;
    }

    constexpr Advice turn(SubAck& suback)
    {
        if (!leaves_5()) return Advice::send;
        lose_properties(report, suback.properties);
        constexpr ReasonCode failure = ReasonCode::unspecified_error;
        bool rewrite = false;
        std::uint32_t index = 0;
        for (const ReasonCode code : suback.reason_codes) {
            const bool other = is_failure(code) && code != failure;
            if (other) report.reason_code(code, index);
            rewrite = rewrite || other;
            ++index;
        }
        if (!rewrite) return Advice::send;
        if (scratch.reason_codes.size() < index) {
            prevent(Errc::buffer_too_small, Field::reason_code, PacketType::suback, index);
            return Advice::send;
        }
        index = 0;
        for (const ReasonCode code : suback.reason_codes)
            scratch.reason_codes[index++] = is_failure(code) ? failure : code;
        suback.reason_codes = List<ReasonCode>(scratch.reason_codes.data(), index);
        return Advice::send;
    }

    constexpr Advice turn(Unsubscribe& unsubscribe)
    {
        std::uint32_t index = 0;
        for (const Text filter : unsubscribe.filters) {
            if ((leaves_5() || enters_5()) && is_shared(filter))
                report.option(BridgedOption::shared_subscription, Field::filter, index);
            ++index;
        }
        if (leaves_5()) lose_properties(report, unsubscribe.properties);
        return Advice::send;
    }

    constexpr Advice turn(UnsubAck& unsuback)
    {
        if (enters_5()) {
            answer_unsubscribed(unsuback);
        } else if (leaves_5()) {
            lose_properties(report, unsuback.properties);
            std::uint32_t index = 0;
            for (const ReasonCode code : unsuback.reason_codes) {
                if (code != ReasonCode::success) report.reason_code(code, index);
                ++index;
            }
            unsuback.reason_codes = {};
        }
        return Advice::send;
    }

    constexpr void answer_unsubscribed(UnsubAck& unsuback)
    {
        if (scratch.unsubscribed == 1) {
            unsuback.reason_codes = List<ReasonCode>(&unsubscribed_one, 1);
        } else if (scratch.reason_codes.size() < scratch.unsubscribed) {
            prevent(Errc::buffer_too_small, Field::reason_code, PacketType::unsuback, scratch.unsubscribed);
        } else {
            for (std::size_t i = 0; i < scratch.unsubscribed; ++i) scratch.reason_codes[i] = ReasonCode::success;
            unsuback.reason_codes = List<ReasonCode>(scratch.reason_codes.data(), scratch.unsubscribed);
        }
    }

    template <PacketType Type>
    constexpr Advice turn(Ping<Type>&)
    {
        return Advice::send;
    }

    constexpr Advice turn(Disconnect& disconnect)
    {
        if (!leaves_5()) return Advice::send;
        if (disconnect.reason_code != ReasonCode::normal_disconnection) {
            prevent(Errc::not_in_version, Field::reason_code, PacketType::disconnect);
            report.reason_code(disconnect.reason_code);
        }
        lose_properties(report, disconnect.properties);
        return Advice::send;
    }

    constexpr Advice turn(Auth& auth)
    {
        prevent(Errc::reserved_packet_type, Field::fixed_header, PacketType::auth);
        if (auth.reason_code != ReasonCode::success) report.reason_code(auth.reason_code);
        lose_properties(report, auth.properties);
        return Advice::send;
    }

    static constexpr ReasonCode unsubscribed_one = ReasonCode::success;
};

/// What to do with a packet that has no counterpart.
template <class P>
constexpr Advice advice_without_counterpart([[maybe_unused]] const P& packet) noexcept
{
    if constexpr (P::type == PacketType::publish) {
        if (packet.topic.empty()) return Advice::close;
        if (packet.qos == QoS::at_most_once) return Advice::ignore;
    }
    return bridged_packet_table[static_cast<std::size_t>(P::type) - 1].advice;
}

struct NoSink {
    constexpr void operator()(const Loss&) const noexcept {}
};

template <class P>
concept BridgedPacket = std::is_same_v<decltype(P::type), const PacketType>;

} // namespace wire

/// The counterpart in version `to` of a packet of version `from`. It can be encoded there, with that leniency and that
/// receiver; otherwise there is an error, of the kind that encoding gives, and advice. In the same version a packet is
/// its own counterpart.
///
/// `sink` is called with each Loss, also if there is no counterpart. Nothing else differs from what the packet says,
/// but what the tables above give as the other version's way to say the same.
template <wire::BridgedPacket P, class Sink = wire::NoSink>
constexpr Bridged<P> bridge(const P& packet, Version from, Version to, const BridgeScratch& scratch = {},
    Sink&& sink = {}, Leniency leniency = {}, Role receiver = {})
{
    Bridged<P> bridged{.packet = packet};
    if (!is_version(from)) {
        bridged.error = wire::no_version(P::type);
        bridged.advice = wire::advice_without_counterpart(packet);
        return bridged;
    }
    using Report = wire::LossReport<std::remove_reference_t<Sink>>;
    Report report(sink);
    wire::Bridging<Report> bridging{.report = report, .from = from, .to = to, .scratch = scratch};
    if (from != to) bridged.advice = bridging.turn(bridged.packet);
    bridged.losses = report.count();
    bridged.error = bridging.error;
    if (bridged) {
        const Result<std::size_t> size = bridged.packet.encoded_size(to, leniency, receiver);
        if (!size) bridged.error = size.error();
    }
    if (bridged.error.code == Errc::buffer_too_small) bridged.advice = Advice::more_scratch;
    else if (!bridged) bridged.advice = wire::advice_without_counterpart(packet);
    return bridged;
}

/// The same for any packet.
template <class Sink = wire::NoSink>
constexpr Bridged<Packet> bridge(const Packet& packet, Version from, Version to, const BridgeScratch& scratch = {},
    Sink&& sink = {}, Leniency leniency = {}, Role receiver = {})
{
    return wire::visit(packet, [&](const auto& held) {
        const auto bridged = bridge(held, from, to, scratch, sink, leniency, receiver);
        using P = std::remove_cvref_t<decltype(held)>;
        return Bridged<Packet>{
            Packet(std::in_place_type<P>, bridged.packet), bridged.error, bridged.advice, bridged.losses};
    });
}

} // namespace mqttwire::inline MQTTWIRE_ABI
