// The protocol versions, and the two ways to tell a walker which one it works in.
#pragma once

#include "mqttwire/config.hpp"
#include "mqttwire/leniency.hpp"

#include <cstdint>
#include <optional>
#include <string_view>
#include <type_traits>

namespace mqttwire::inline MQTTWIRE_ABI {

/// A protocol version; the value is the Protocol Level of CONNECT.
enum class Version : std::uint8_t {
    v3_1 = 3, ///< MQTT 3.1 ("MQIsdp")
    v3_1_1 = 4, ///< MQTT 3.1.1 ("MQTT")
    v5 = 5, ///< MQTT 5.0 ("MQTT")
};

/// The version as people write it: "3.1", "3.1.1" or "5.0"; empty for any other value.
constexpr std::string_view name(Version version) noexcept
{
    switch (version) {
    case Version::v3_1: return "3.1";
    case Version::v3_1_1: return "3.1.1";
    case Version::v5: return "5.0";
    }
    return {};
}

/// The version whose name (see `name`) this is, or nothing.
constexpr std::optional<Version> version_named(std::string_view text) noexcept
{
    for (Version version : {Version::v3_1, Version::v3_1_1, Version::v5})
        if (name(version) == text) return version;
    return std::nullopt;
}

/// True for the three versions, and not for what else a value of the type can be made from.
constexpr bool is_version(Version version) noexcept
{
    return version == Version::v3_1 || version == Version::v3_1_1 || version == Version::v5;
}

namespace wire {

/// How much of a walk is laid out in line where speed counts; in descending order.
enum class Spread : std::uint8_t {
    all, ///< everything: for a version that is known while compiling
    nearly_all, ///< but the check of properties read again from a packet: for PUBLISH in a version found at run time
    most, ///< no property blocks either: for other packets that are frequent or wordy
    little, ///< no strings either: for all the rest
};

// What a walker knows of its version while compiling. `can_be` tells which versions it may turn out to be: what the
// others need is never instantiated.

/// One version.
template <Version Known, Spread InLine = Spread::all>
struct FixedVersion {
    static constexpr bool strict = false;
    static constexpr Spread spread = InLine;
    MQTTWIRE_THIN constexpr operator Version() const noexcept { return Known; }
    static constexpr bool can_be(Version version) noexcept { return version == Known; }
};

/// What a property block is in that is walked by itself.
using BlockVersion = FixedVersion<Version::v5, Spread::little>;
/// The same of a property in a block.
using ListVersion = FixedVersion<Version::v5, Spread::all>;

/// 3.1 or 3.1.1, found at run time.
struct EarlierVersion {
    static constexpr bool strict = false;
    static constexpr Spread spread = Spread::most;
    Version value;
    MQTTWIRE_THIN constexpr operator Version() const noexcept { return value; }
    static constexpr bool can_be(Version version) noexcept { return version != Version::v5; }
};

/// A version that is known at run time only.
struct AnyVersion {
    static constexpr bool strict = false;
    static constexpr Spread spread = Spread::little;
    Version value;
    MQTTWIRE_THIN constexpr operator Version() const noexcept { return value; }
    static constexpr bool can_be(Version) noexcept { return true; }
};

/// The same where more is laid out in line.
template <Spread InLine>
struct SpreadVersion : AnyVersion {
    static constexpr Spread spread = InLine;
};

/// One of them, with no leniency and a receiver, both known while compiling: the code for others vanishes.
template <class V, Role Receiver = Role::unknown>
struct Strict : V {
    static constexpr bool strict = true;
    static constexpr Role receiver = Receiver;
    constexpr Strict() noexcept
        requires std::is_empty_v<V>
    = default;
    constexpr explicit Strict(V version) noexcept : V(version) {}
};

/// The terms without their receiver, for checks to which it makes no difference.
template <class V>
MQTTWIRE_THIN constexpr V of_any_receiver(V terms) noexcept
{
    return terms;
}
template <class V, Role Receiver>
MQTTWIRE_THIN constexpr Strict<V> of_any_receiver(Strict<V, Receiver> terms) noexcept
{
    if constexpr (std::is_empty_v<V>) return {};
    else return Strict<V>(terms);
}

} // namespace wire
} // namespace mqttwire::inline MQTTWIRE_ABI
