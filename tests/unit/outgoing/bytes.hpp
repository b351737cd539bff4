// What messages on their way to receivers are made of, as bytes.
#pragma once

#include "unit/check.hpp"

#include "mqttwire/outgoing.hpp"

#include <span>
#include <string_view>
#include <utility>

namespace check {

inline Bytes joined(const OutgoingPacket& packet)
{
    Bytes all;
    for (const std::span<const std::byte> span : packet.spans()) all = std::move(all) + span;
    return all;
}

/// Properties of a PUBLISH.
namespace property {

inline constexpr std::string_view format = "01 01";
inline constexpr std::string_view expiry = "02 00 00 00 3C";
inline constexpr std::string_view content_type = "03 00 01 74";
inline constexpr std::string_view response = "08 00 03 72 2F 73";
inline constexpr std::string_view correlation = "09 00 02 00 FF";
inline constexpr std::string_view identifier = "0B 81 01";
inline constexpr std::string_view alias = "23 00 05";
inline constexpr std::string_view user_a = "26 00 01 61 00 01 31";
inline constexpr std::string_view user_b = "26 00 01 62 00 00";

} // namespace property

} // namespace check
