// The properties as the standard lists them, written down apart from the library's table, and packets that hold them.
#pragma once

#include "unit/check.hpp"

#include <optional>
#include <string_view>
#include <vector>

namespace check {

enum class Kind { byte, two, four, varint, text, topic, binary, pair };

struct SpecifiedProperty {
    unsigned id;
    Kind kind;
    std::uint32_t least = 0;
    std::uint32_t most = 0;
};

/// [5.0: table 2-4 and the sections that describe each]
inline constexpr std::array<SpecifiedProperty, 27> specified_properties{{
    {0x01, Kind::byte, 0, 1},
    {0x02, Kind::four, 0, 0xFFFFFFFF},
    {0x03, Kind::text},
    {0x08, Kind::topic},
    {0x09, Kind::binary},
    {0x0B, Kind::varint, 1, 268'435'455},
    {0x11, Kind::four, 0, 0xFFFFFFFF},
    {0x12, Kind::text},
    {0x13, Kind::two, 0, 0xFFFF},
    {0x15, Kind::text},
    {0x16, Kind::binary},
    {0x17, Kind::byte, 0, 1},
    {0x18, Kind::four, 0, 0xFFFFFFFF},
    {0x19, Kind::byte, 0, 1},
    {0x1A, Kind::text},
    {0x1C, Kind::text},
    {0x1F, Kind::text},
    {0x21, Kind::two, 1, 0xFFFF},
    {0x22, Kind::two, 0, 0xFFFF},
    {0x23, Kind::two, 1, 0xFFFF},
    {0x24, Kind::byte, 0, 1},
    {0x25, Kind::byte, 0, 1},
    {0x26, Kind::pair},
    {0x27, Kind::four, 1, 0xFFFFFFFF},
    {0x28, Kind::byte, 0, 1},
    {0x29, Kind::byte, 0, 1},
    {0x2A, Kind::byte, 0, 1},
}};

constexpr const SpecifiedProperty* specified(unsigned id)
{
    for (const SpecifiedProperty& property : specified_properties)
        if (property.id == id) return &property;
    return nullptr;
}

/// A place where properties stand: what may stand there, and a packet around the property block.
struct SpecifiedPlace {
    PropertyPlace place;
    std::vector<unsigned> ids;
    unsigned first_byte;
    Bytes before; ///< of the packet's body, up to the Property Length
    Bytes after;

    bool allows(unsigned id) const
    {
        for (const unsigned allowed : ids)
            if (allowed == id) return true;
        return false;
    }
    /// The packet with these bytes for Property Length and properties.
    Bytes around(const Bytes& properties) const { return packet(first_byte, before + properties + after); }
    /// The packet with these properties, their length before them.
    Bytes with(const Bytes& block) const { return around(varint(static_cast<std::uint32_t>(block.size())) + block); }
    /// Where the first property stands in `with(block)`, if the block is shorter than 128 bytes.
    std::size_t block_offset(const Bytes& block) const { return with(block).size() - after.size() - block.size(); }
};

inline const std::vector<SpecifiedPlace>& specified_places()
{
    using enum PropertyPlace;
    const Bytes id_1 = bytes("00 01");
    const Bytes id_1_success = bytes("00 01 00");
    static const std::vector<SpecifiedPlace> places{
        {connect, {0x11, 0x15, 0x16, 0x17, 0x19, 0x21, 0x22, 0x26, 0x27}, 0x10, bytes("00 04 4D 51 54 54 05 02 00 3C"),
            prefixed("c")},
        {will, {0x01, 0x02, 0x03, 0x08, 0x09, 0x18, 0x26}, 0x10,
            bytes("00 04 4D 51 54 54 05 06 00 3C 00") + prefixed("c"), prefixed("t") + prefixed("w")},
        {connack,
            {0x11, 0x12, 0x13, 0x15, 0x16, 0x1A, 0x1C, 0x1F, 0x21, 0x22, 0x24, 0x25, 0x26, 0x27, 0x28, 0x29, 0x2A},
            0x20, bytes("00 00"), {}},
        {publish, {0x01, 0x02, 0x03, 0x08, 0x09, 0x0B, 0x23, 0x26}, 0x30, prefixed("t"), bytes("70")},
        {puback, {0x1F, 0x26}, 0x40, id_1_success, {}},
        {pubrec, {0x1F, 0x26}, 0x50, id_1_success, {}},
        {pubrel, {0x1F, 0x26}, 0x62, id_1_success, {}},
        {pubcomp, {0x1F, 0x26}, 0x70, id_1_success, {}},
        {subscribe, {0x0B, 0x26}, 0x82, id_1, prefixed("f") + bytes("00")},
        {suback, {0x1F, 0x26}, 0x90, id_1, bytes("00")},
        {unsubscribe, {0x26}, 0xA2, id_1, prefixed("f")},
        {unsuback, {0x1F, 0x26}, 0xB0, id_1, bytes("00")},
        {disconnect, {0x11, 0x1C, 0x1F, 0x26}, 0xE0, bytes("00"), {}},
        {auth, {0x15, 0x16, 0x1F, 0x26}, 0xF0, bytes("18"), {}},
    };
    return places;
}

/// The value of a property, and what is wrong with it.
struct Value {
    Bytes encoded{};
    Errc fault = Errc::none;
    std::size_t index = 0; ///< of the offending byte in `encoded`
    std::optional<std::uint32_t> number{}; ///< if a member can hold it
    std::optional<std::string_view> text{};
};

/// Values of a property of all sorts, good and bad.
std::vector<Value> values_of(const SpecifiedProperty& property);

/// What the packet of `place` looks like as a struct, with one property set `times` times after an Authentication
/// Method that it may need. Nothing if the struct has no member for the property or the member cannot hold the value.
std::optional<Packet> struct_with(PropertyPlace place, unsigned id, const Value& value, bool with_method, int times);

} // namespace check
