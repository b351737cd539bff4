// Elements of lists among other properties: each property is stepped over by exactly its size, whatever stands in it.
//
// A step of another size would look for a property in the middle of a value. So values are full of the identifiers that
// are looked for, and behind the packet lies either nothing, for sanitizers, or more of what looks like properties.
#include "unit/check.hpp"

#include <memory>
#include <vector>

using namespace check;

namespace {

/// A property of PUBLISH that stands between the elements of a list.
struct Between {
    unsigned id;
    Bytes value;
};

/// Properties of every type; numbers and text of several sizes, which hold identifiers where they can.
std::vector<Between> list_between()
{
    std::vector<Between> all{
        {0x01, bytes("01")},
        {0x01, bytes("00")},
        {0x23, bytes("26 0B")},
        {0x23, bytes("0B 26")},
        {0x02, bytes("26 0B 26 0B")},
        {0x02, bytes("00 00 00 07")},
        {0x02, bytes("0B 26 00 00")},
    };
    for (const std::string_view text : {"", "&", "\x0B", "&&\x0B", "several letters", "& \x0B& "}) {
        all.push_back({0x03, prefixed(text)}); // text
        all.push_back({0x09, prefixed(text)}); // binary data
    }
    all.push_back({0x08, prefixed("&/\x0B")}); // text that is a topic name
    all.push_back({0x03, prefixed(std::string(0x126, '&'))});
    return all;
}

Bytes property(unsigned id, const Bytes& value) { return byte(id) + value; }

/// A PUBLISH with these properties, in memory of exactly its size, and in front of more.
void with_publish(const Bytes& block, auto&& check_properties)
{
    const Bytes wire = packet(0x30, prefixed("a") + varint(static_cast<std::uint32_t>(block.size())) + block);
    {
        const auto exact = std::make_unique<std::byte[]>(wire.size());
        std::copy(wire.begin(), wire.end(), exact.get());
        const std::span<const std::byte> bytes(exact.get(), wire.size());
        check_properties(std::get<Publish>(good(bytes, Version::v5)).properties, bytes);
    }
    Bytes longer = wire;
    for (int i = 0; i < 100; ++i) longer = longer + bytes("26 00 01 7A 00 01 7A 0B 7A");
    const std::span<const std::byte> bytes = std::span(longer).first(wire.size());
    check_properties(std::get<Publish>(good(bytes, Version::v5)).properties, bytes);
}

/// True if a list holds these elements, whichever way one goes through it.
template <class T>
bool holds(const List<T>& list, const std::vector<T>& expected)
{
    std::size_t i = 0;
    for (const T& each : list)
        if (i == expected.size() || !(each == expected[i++])) return false;
    if (i != expected.size() || !(list == List<T>(expected))) return false;
    for (i = 0; i < expected.size(); ++i)
        if (!(list[i] == expected[i])) return false;
    i = 0;
    return list.all_of([&](const T& each) { return each == expected[i++]; }) && i == expected.size();
}

template <class T>
using Member = List<T> PublishProperties::*;

/// The elements with `between` in the gap of that number, 0 being in front of the first.
template <class T>
void check_gaps(
    Member<T> member, const std::vector<T>& expected, const std::vector<Bytes>& elements, const Bytes& between)
{
    for (std::size_t gap = 0; gap <= elements.size(); ++gap) {
        Bytes block;
        for (std::size_t i = 0; i < elements.size(); ++i) block = block + (i == gap ? between : Bytes{}) + elements[i];
        if (gap == elements.size()) block = block + between;
        with_publish(block, [&](const PublishProperties& properties, std::span<const std::byte> bytes) {
            if (!holds(properties.*member, expected)) FAIL("another list: " << hex(bytes));
            const Packet packet = good(bytes, Version::v5);
            const Bytes again = encoded(packet, Version::v5).bytes;
            if (!(good(again, Version::v5) == packet)) FAIL("written otherwise: " << hex(bytes));
        });
    }
}

/// With every property, and every two different ones, in every gap.
template <class T>
void check_among_others(Member<T> member, const std::vector<T>& expected, const std::vector<Bytes>& elements,
    const std::vector<Between>& others)
{
    for (const Between& one : others) {
        const Bytes first = property(one.id, one.value);
        check_gaps(member, expected, elements, first);
        for (const Between& other : others)
            if (other.id != one.id) check_gaps(member, expected, elements, first + property(other.id, other.value));
    }
}

} // namespace

TEST_CASE("User Properties with a four-byte number between them")
{
    const Bytes wire = bytes("30 17 00 01 61 13 26 00 01 61 00 01 62 02 00 00 00 07 26 00 01 63 00 01 64");
    const PublishProperties properties = std::get<Publish>(good(wire, Version::v5)).properties;
    CHECK(holds(properties.user_property, {UserProperty{"a", "b"}, UserProperty{"c", "d"}}));
    CHECK(properties.message_expiry_interval == 7U);
}

TEST_CASE("User Properties among properties of every type")
{
    std::vector<Between> others = list_between();
    // Identifiers may repeat, so that each size may stand beside each other.
    for (const std::uint32_t id :
        {0x26U, 0x7FU, 0x80U, 0x1326U, 0x3FFFU, 0x4000U, 0x26'26'26U, 0x1F'FF'FFU, 0x20'00'00U, 0xFFF'FFFFU})
        others.push_back({0x0B, varint(id)});
    const std::vector<UserProperty> pairs{{"a", "b"}, {"several", "letters"}, {"&", "\x0B& &"}};
    std::vector<Bytes> elements;
    for (const UserProperty& pair : pairs)
        elements.push_back(byte(0x26) + prefixed(pair.name.view()) + prefixed(pair.value.view()));
    check_among_others(&PublishProperties::user_property, pairs, elements, others);
    for (const Between& one : others)
        for (const Between& other : others)
            if (one.id == 0x0B && other.id == 0x0B)
                check_gaps(&PublishProperties::user_property, pairs, elements,
                    property(0x0B, one.value) + property(0x0B, other.value));
}

TEST_CASE("Subscription Identifiers of every size among properties of every type")
{
    std::vector<Between> others = list_between();
    for (const std::string_view name : {"", "\x0B", "several"})
        for (const std::string_view value : {"", "\x0B", "letters"})
            others.push_back({0x26, prefixed(name) + prefixed(value)});
    const std::vector<std::uint32_t> ids{1, 0x0B8B, 0x0B'8B'0B, 0xFFF'FFFF};
    std::vector<Bytes> elements;
    for (const std::uint32_t id : ids) elements.push_back(byte(0x0B) + varint(id));
    check_among_others(&PublishProperties::subscription_identifier, ids, elements, others);
}
