// Protocol name and level, which open CONNECT and tell its version [section 3.1.2.1, 3.1.2.2].
#pragma once

#include "mqttwire/config.hpp"
#include "mqttwire/error.hpp"
#include "mqttwire/version.hpp"
#include "mqttwire/wire/bytes.hpp"
#include "mqttwire/wire/text.hpp"

#include <cstddef>
#include <cstdint>
#include <span>

namespace mqttwire::inline MQTTWIRE_ABI {

/// What a CONNECT says of its protocol, whether it is a known one or not.
struct Protocol {
    Text name{};
    std::uint8_t level{}; ///< the byte as it stands in the packet, a bridge bit included
};

namespace wire {

/// Bit 7 of the level, with which a bridge makes itself known to some servers.
inline constexpr std::uint8_t bridge_bit = 0x80;

constexpr std::string_view protocol_name(Version version) noexcept
{
    const bool v3_1 = version == Version::v3_1;
    return {v3_1 ? "MQIsdp" : "MQTT", v3_1 ? 6U : 4U}; // without the size g++ -Os calls strlen
}

inline namespace MQTTWIRE_CODE {

/// The protocol that a CONNECT's body opens with, and what is wrong with it.
struct ProtocolHead {
    Protocol protocol{};
    Version version{}; ///< once name and level are known ones; without the bridge bit
    Errc code = Errc::none;
    Field field = Field::protocol_name;
    std::uint32_t index = 0; ///< of the offending byte in the body

    constexpr bool bridge() const noexcept { return (protocol.level & bridge_bit) != 0; }
};

MQTTWIRE_NOINLINE constexpr ProtocolHead read_protocol_head(std::span<const std::byte> body) noexcept
{
    ProtocolHead head;
    const auto fault = [&head](Errc code, Field field, std::size_t index) {
        head.code = code;
        head.field = field;
        head.index = static_cast<std::uint32_t>(index);
        return head;
    };
    if (body.size() < 2) return fault(Errc::field_past_end, Field::protocol_name, 0);
    const std::size_t size = load_two(body.data());
    if (size > body.size() - 2) return fault(Errc::field_past_end, Field::protocol_name, 0);
    head.protocol.name = Text(body.data() + 2, size);
    const std::size_t at = 2 + size;
    if (at == body.size()) return fault(Errc::field_past_end, Field::protocol_version, at);
    head.protocol.level = load_byte(body.data() + at);
    const bool v3_1 = head.protocol.name == protocol_name(Version::v3_1);
    if (!v3_1 && head.protocol.name != protocol_name(Version::v3_1_1)) // [MQTT-3.1.2-1]
        return fault(Errc::protocol_name_unknown, Field::protocol_name, 0);
    const unsigned level = head.protocol.level & ~static_cast<unsigned>(bridge_bit);
    const bool known = v3_1 ? level == 3 : level == 4 || (level == 5 && !head.bridge());
    if (!known) return fault(Errc::protocol_version_unsupported, Field::protocol_version, at); // [MQTT-3.1.2-2]
    head.version = static_cast<Version>(level);
    head.index = static_cast<std::uint32_t>(at);
    head.field = Field::protocol_version;
    return head;
}

} // namespace MQTTWIRE_CODE

} // namespace wire
} // namespace mqttwire::inline MQTTWIRE_ABI
