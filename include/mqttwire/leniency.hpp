// Deviations from the specifications that are seen in the field, and the side that receives a packet.
#pragma once

#include "mqttwire/config.hpp"

#include <array>
#include <cstdint>
#include <string_view>

namespace mqttwire::inline MQTTWIRE_ABI {

/// Which side receives the packet. Rules that depend on the direction apply only when it is known.
enum class Role : std::uint8_t {
    unknown,
    client, ///< the receiver is a client, so the sender is a server
    server, ///< the receiver is a server, so the sender is a client
};

/// A set of named deviations. Everything is off by default; join flags with `|`.
enum class Leniency : std::uint16_t {
    none = 0,
    /// CONNECT of a bridge: level 0x83 with "MQIsdp" or 0x84 with "MQTT"; see Connect::bridge.
    bridge_bit = 1,
    /// 3.1: a client id of more than 23 code points.
    long_client_id = 2,
    /// PUBREL whose fixed-header flags are 0000 instead of 0010.
    pubrel_flags_0000 = 4,
    /// 5.0: AUTH of Remaining Length 1, a reason code without a Property Length.
    auth_without_properties = 8,
    /// 5.0: CONNACK of Remaining Length 2 with a 3.x return code, from a server that does not speak 5.0.
    v3_connack = 16,
    /// 3.1: SUBACK with the failure value 0x80 of 3.1.1.
    suback_failure_in_3_1 = 32,
    /// The other way round: refuse control characters and non-characters in text, which "should not" be sent.
    reject_discouraged_characters = 64,
    /// The other way round: refuse a payload that is not UTF-8 although Payload Format Indicator is 1.
    check_payload_format = 128,
};

[[nodiscard]] constexpr Leniency operator|(Leniency a, Leniency b) noexcept
{
    return static_cast<Leniency>(static_cast<unsigned>(a) | static_cast<unsigned>(b));
}

[[nodiscard]] constexpr Leniency operator&(Leniency a, Leniency b) noexcept
{
    return static_cast<Leniency>(static_cast<unsigned>(a) & static_cast<unsigned>(b));
}

constexpr Leniency& operator|=(Leniency& a, Leniency b) noexcept { return a = a | b; }

/// True if all flags of `flags` are in `set`.
[[nodiscard]] MQTTWIRE_THIN constexpr bool has(Leniency set, Leniency flags) noexcept { return (set & flags) == flags; }

struct LeniencyRow {
    Leniency flag;
    std::string_view name;
};

inline constexpr auto leniency_table = std::to_array<LeniencyRow>({
    {Leniency::bridge_bit, "bridge_bit"},
    {Leniency::long_client_id, "long_client_id"},
    {Leniency::pubrel_flags_0000, "pubrel_flags_0000"},
    {Leniency::auth_without_properties, "auth_without_properties"},
    {Leniency::v3_connack, "v3_connack"},
    {Leniency::suback_failure_in_3_1, "suback_failure_in_3_1"},
    {Leniency::reject_discouraged_characters, "reject_discouraged_characters"},
    {Leniency::check_payload_format, "check_payload_format"},
});

static_assert(
    [] {
        unsigned flags = 0;
        for (const LeniencyRow& row : leniency_table) {
            const auto flag = static_cast<unsigned>(row.flag);
            if (flag == 0 || (flag & (flag - 1)) != 0 || (flags & flag) != 0 || row.name.empty()) return false;
            flags |= flag;
        }
        return true;
    }(),
    "each row of leniency_table is a flag of its own, with a name");

/// The flag with this name, or `Leniency::none`.
[[nodiscard]] constexpr Leniency leniency_named(std::string_view text) noexcept
{
    for (const LeniencyRow& row : leniency_table)
        if (row.name == text) return row.flag;
    return Leniency::none;
}

/// The name of a single flag; empty for `none` and for sets.
[[nodiscard]] constexpr std::string_view name(Leniency flag) noexcept
{
    for (const LeniencyRow& row : leniency_table)
        if (row.flag == flag) return row.name;
    return {};
}

[[nodiscard]] constexpr std::string_view name(Role role) noexcept
{
    switch (role) {
    case Role::client: return "client";
    case Role::server: return "server";
    case Role::unknown: break;
    }
    return "unknown";
}

} // namespace mqttwire::inline MQTTWIRE_ABI
