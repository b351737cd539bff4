// CONNECT: opens a connection [3.1.1 and 5.0: section 3.1].
//
//   0001 0000 | length | protocol name | level | connect flags | keep alive | 5.0: properties
//   client id | will: (5.0: properties) topic, payload | user name | password     (those that the flags announce)
//
//   connect flags, bit   7          6          5             4 3        2      1             0
//                        user name  password   will retain   will QoS   will   clean start   reserved
#pragma once

#include "mqttwire/buffer.hpp"
#include "mqttwire/config.hpp"
#include "mqttwire/error.hpp"
#include "mqttwire/frame.hpp"
#include "mqttwire/leniency.hpp"
#include "mqttwire/packet_type.hpp"
#include "mqttwire/packets/functions.hpp"
#include "mqttwire/packets/shared_rules.hpp"
#include "mqttwire/properties/properties.hpp"
#include "mqttwire/qos.hpp"
#include "mqttwire/result.hpp"
#include "mqttwire/version.hpp"
#include "mqttwire/wire/protocol.hpp"
#include "mqttwire/wire/rules.hpp"
#include "mqttwire/wire/text.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <type_traits>

namespace mqttwire::inline MQTTWIRE_ABI {

/// The message that the server publishes when the connection is lost.
struct Will {
    Text topic{}; ///< no wildcards, not empty
    Binary payload{}; ///< at most 65,535 bytes
    QoS qos{};
    bool retain{};
    WillProperties properties{};

    // clang-format off
    template <class Walk, class Self>
    MQTTWIRE_ALWAYS_INLINE static constexpr bool fields(Walk& walk, Self& self)
    {
        return walk.properties(self.properties)
            && walk.topic_name(Field::will_topic, self.topic) // [MQTT-3.1.3-10; 5.0: MQTT-3.1.3-11]
            && walk.binary_data(Field::will_payload, self.payload)
            && payload_is_as_said(walk, self.properties.payload_format_indicator, Field::will_payload, self.payload);
    }
    // clang-format on

    friend constexpr bool operator==(const Will&, const Will&) noexcept = default;
};

/// The first packet of a connection: every field is checked [MQTT-3.1.4-1], in this order [MQTT-3.1.3-1].
struct Connect {
    static constexpr PacketType type = PacketType::connect;
    static constexpr bool wordy = true; ///< most of it is strings

    Text client_id{}; ///< 3.1: 1 to 23 characters; 3.1.1: not empty without clean_start
    bool clean_start{}; ///< called Clean Session before 5.0
    std::uint16_t keep_alive{}; ///< seconds; 0: off
    std::optional<Will> will{};
    std::optional<Text> user_name{};
    std::optional<Binary> password{}; ///< before 5.0 only with a user name
    ConnectProperties properties{};
    std::optional<Version> version{}; ///< decode: what the packet says; encode: if set, it must be the argument
    bool bridge{}; ///< 3.x: the level has the bridge bit; needs Leniency::bridge_bit

private:
    /// The Connect Flags that say what the members hold [MQTT-3.1.2-9, -11, -18 to -21; 5.0: MQTT-3.1.2-16 to -19].
    template <class = config::Code>
    MQTTWIRE_ALWAYS_INLINE static constexpr std::uint8_t flags_of(const Connect& self) noexcept
    {
        namespace bits = wire::connect_flags;
        unsigned flags = self.clean_start ? bits::clean_start : 0U;
        if (self.will) {
            const auto qos = static_cast<unsigned>(self.will->qos);
            flags |= bits::will | (qos < 3 ? qos << bits::will_qos_shift : bits::will_qos)
                | (self.will->retain ? bits::will_retain : 0U);
        }
        return static_cast<std::uint8_t>(
            flags | (self.user_name ? bits::user_name : 0U) | (self.password ? bits::password : 0U));
    }

    template <class Self>
        requires requires(const Self& self) { self.flags; }
    MQTTWIRE_ALWAYS_INLINE static constexpr std::uint8_t flags_of(const Self& self) noexcept
    {
        return self.flags;
    }

    friend struct wire::Brief<Connect>;

    // clang-format off
    template <class Walk, class Self>
    MQTTWIRE_ALWAYS_INLINE static constexpr bool client_id_is_good(Walk& walk, Self& self, typename Walk::Position client_id_at)
    {
        const Errc fault = wire::client_id_fault(self.client_id, self.clean_start, walk.version());
        return fault == Errc::none || (fault == Errc::client_id_too_long && walk.allow(Leniency::long_client_id))
            || walk.rule(false, fault, Field::client_id, client_id_at);
    }
    // clang-format on

public:
    // clang-format off
    template <class Walk, class Self>
    MQTTWIRE_ALWAYS_INLINE static constexpr bool fields(Walk& walk, Self& self)
    {
        namespace bits = wire::connect_flags;
        std::uint8_t flags = flags_of(self);
        if (!(walk.protocol(self.version, self.bridge)
              && walk.derived_byte(Field::connect_flags, flags)
              && walk.last_byte_rule(wire::connect_flags_fault(flags, walk.version()), Field::connect_flags)
              && walk.imply(self.clean_start, (flags & bits::clean_start) != 0)
              && walk.two_byte_integer(Field::keep_alive, self.keep_alive)))
            return false;
        if (!(walk.properties(self.properties) && authentication_data_has_method(walk, self.properties))) return false;
        const auto client_id_at = walk.here();
        if (!(walk.utf8_string(Field::client_id, self.client_id) // [MQTT-3.1.3-3, -4, -5]
              && client_id_is_good(walk, self, client_id_at)))
            return false;
        const bool will = (flags & bits::will) != 0;
        return (!will || (walk.engage(self.will) // [MQTT-3.1.2-9]
                          && Will::fields(walk, *self.will)
                          && walk.imply(self.will->qos, static_cast<QoS>((flags & bits::will_qos) >> bits::will_qos_shift))
                          && walk.imply(self.will->retain, (flags & bits::will_retain) != 0)))
            && walk.optional_utf8_string((flags & bits::user_name) != 0, Field::user_name, self.user_name) // [MQTT-3.1.3-11; 5.0: MQTT-3.1.3-12]
            && walk.optional_binary_data((flags & bits::password) != 0, Field::password, self.password);
    }
    // clang-format on

    using This = Connect;
#include "mqttwire/packets/verbs.inc"

    /// Reads a buffer that holds exactly one CONNECT, of whatever version it says.
    template <class = config::Code>
    static constexpr Result<Connect> decode(
        ConstBuffer bytes MQTTWIRE_LIFETIMEBOUND, Leniency leniency = {}, Role receiver = {}) noexcept
    {
        return decode(bytes, Version::v5, leniency, receiver);
    }

    friend constexpr bool operator==(const Connect&, const Connect&) noexcept = default;
};

namespace wire {

inline namespace MQTTWIRE_CODE {

/// A CONNECT before 5.0 in brief: its flags and the strings that they announce.
template <>
struct Brief<Connect> {
    static constexpr PacketType type = Connect::type;
    static constexpr bool wordy = Connect::wordy;

    /// A part that is there if the flags say so.
    template <class Part>
    struct Announced {
        Part part{};

        constexpr const Part& operator*() const noexcept { return part; }
        constexpr const Part* operator->() const noexcept { return &part; }
    };

    struct Will {
        Text topic{};
        Binary payload{};
        static constexpr QoS qos{}; // the flags tell it
        static constexpr bool retain{}; // and that
        static constexpr WillProperties properties{};
    };

    std::uint8_t flags;
    bool clean_start;
    std::uint16_t keep_alive;
    Text client_id;
    Announced<Will> will{};
    Announced<Text> user_name{};
    Announced<Binary> password{};
    static constexpr ConnectProperties properties{};
    static constexpr std::optional<Version> version{};
    static constexpr bool bridge{};

    /// True if a CONNECT has nothing else. All members are named, so that a new one is not forgotten.
    MQTTWIRE_THIN static constexpr bool tells_all(const Connect& connect) noexcept
    {
        const auto& [id, clean, seconds, its_will, user, secret, its_properties, its_version, its_bridge] = connect;
        if (its_version || its_bridge || any_property(its_properties)) return false;
        if (!its_will) return true;
        const auto& [topic, payload, qos, retain, will_properties] = *its_will;
        return !any_property(will_properties);
    }

    MQTTWIRE_THIN explicit Brief(const Connect& connect) noexcept
        : flags(Connect::flags_of(connect)), clean_start(connect.clean_start), keep_alive(connect.keep_alive),
          client_id(apart(connect.client_id))
    {
        if (connect.will) will.part = {apart(connect.will->topic), apart(connect.will->payload)};
        if (connect.user_name) user_name.part = apart(*connect.user_name);
        if (connect.password) password.part = apart(*connect.password);
    }

    template <class Walk, class Self>
    MQTTWIRE_ALWAYS_INLINE static constexpr bool fields(Walk& walk, Self& self)
    {
        return Connect::fields(walk, self);
    }

private:
    /// A view made from the parts of another: g++ copies one whole through memory.
    template <class T>
    MQTTWIRE_THIN static T apart(const T& view) noexcept
    {
        return T(view.bytes(), view.size());
    }
};

} // namespace MQTTWIRE_CODE

} // namespace wire

/// The protocol name and level of a CONNECT, whatever they are: after `protocol_name_unknown` or
/// `protocol_version_unsupported` it tells in which version a refusal can be written. Nothing if they are cut off.
constexpr std::optional<Protocol> requested_protocol(ConstBuffer bytes) noexcept
{
    const Result<Frame> frame = read_frame(bytes);
    if (!frame || frame->type() != PacketType::connect) return std::nullopt;
    const wire::ProtocolHead head = wire::read_protocol_head(frame->body());
    if (head.code == Errc::field_past_end) return std::nullopt;
    return head.protocol;
}

} // namespace mqttwire::inline MQTTWIRE_ABI
