// patch: changes what an encoded PUBLISH says of its sending, for it to be sent again.
#pragma once

#include "mqttwire/buffer.hpp"
#include "mqttwire/config.hpp"
#include "mqttwire/error.hpp"
#include "mqttwire/field.hpp"
#include "mqttwire/packet_type.hpp"
#include "mqttwire/packets/functions.hpp"
#include "mqttwire/qos.hpp"
#include "mqttwire/version.hpp"
#include "mqttwire/wire/bytes.hpp"
#include "mqttwire/wire/fixed_header.hpp"
#include "mqttwire/wire/rules.hpp"
#include "mqttwire/wire/varint.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace mqttwire::inline MQTTWIRE_ABI {

/// What is to become of a PUBLISH that is already encoded, for it to be sent again; what is absent stays.
struct PublishPatch {
    std::optional<std::uint16_t> packet_id{};
    std::optional<bool> dup{};
    std::optional<bool> retain{};
};

/// Changes an encoded PUBLISH where it stands. Of the packet no more need be there than its head. After an error
/// nothing was changed: `version_unknown`, `unexpected_packet_type`, what encode has against the flags or the packet
/// identifier, or what decode has against the bytes up to where that stands: `incomplete` tells the packet's size.
template <class = config::Code>
[[nodiscard]] constexpr Error patch(MutableBuffer buffer, const PublishPatch& patch, Version version) noexcept
{
    const std::span<std::byte> packet = buffer;
    const auto refuse = [](Errc code, Field field) {
        return Error{.code = code, .field = field, .packet = PacketType::publish};
    };
    if (!is_version(version)) return wire::no_version(PacketType::publish);
    if (packet.empty()) return wire::frame_error(packet);
    const unsigned first = wire::load_byte(packet.data());
    if (const PacketType type = packet_type_of(first); type != PacketType::publish)
        return {.code = Errc::unexpected_packet_type, .field = Field::fixed_header, .packet = type};
    const auto qos = static_cast<QoS>((first >> 1U) & 3U);
    const bool dup = patch.dup.value_or((first & 8U) != 0);
    const bool retain = patch.retain.value_or((first & 1U) != 0);
    if (const Errc code = wire::publish_flags_fault(qos, dup, version); code != Errc::none)
        return refuse(code, Field::fixed_header);
    if (patch.packet_id) {
        const bool has_id = qos != QoS::at_most_once;
        if (has_id != (*patch.packet_id != 0))
            return refuse(has_id ? Errc::packet_id_zero : Errc::packet_id_with_qos_0, Field::packet_id);
        if (has_id) {
            const wire::Varint length = wire::load_varint(packet.data() + 1, packet.data() + packet.size());
            if (!length.valid()) return wire::frame_error(packet);
            const std::size_t topic_at = 1 + std::size_t{length.size};
            const std::size_t end = topic_at + length.value;
            const auto fault_up_to = [&](std::size_t size, Field field) -> Error {
                if (size > end) return refuse(Errc::field_past_end, field);
                if (size <= packet.size()) return {};
                return {
                    .code = Errc::incomplete, .packet = PacketType::publish, .needed = static_cast<std::uint32_t>(end)};
            };
            if (const Error fault = fault_up_to(topic_at + 2, Field::topic); fault.code != Errc::none) return fault;
            const std::size_t id_at = topic_at + 2 + wire::load_two(packet.data() + topic_at);
            if (const Error fault = fault_up_to(id_at, Field::topic); fault.code != Errc::none) return fault;
            if (const Error fault = fault_up_to(id_at + 2, Field::packet_id); fault.code != Errc::none) return fault;
            wire::store_two(packet.data() + id_at, *patch.packet_id);
        }
    }
    packet[0] = static_cast<std::byte>((first & 0xF6U) | (dup ? 8U : 0U) | (retain ? 1U : 0U));
    return {};
}

} // namespace mqttwire::inline MQTTWIRE_ABI
