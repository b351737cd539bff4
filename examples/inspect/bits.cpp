#include "bits.hpp"

#include <mqttwire/qos.hpp>

#include <fmt/format.h>

namespace inspect {

namespace {

using namespace mqttwire;

/// Takes groups from the top of a byte.
class Groups {
public:
    explicit Groups(std::uint8_t byte) noexcept : byte_(byte) {}

    /// The value of the next bits.
    unsigned peek(unsigned width) const noexcept { return (byte_ >> (left_ - width)) & ((1U << width) - 1U); }
    Groups& add(std::string_view name, unsigned width, std::string meaning)
    {
        groups_.push_back({name, width, std::move(meaning)});
        left_ -= width;
        return *this;
    }
    Groups& flag(std::string_view name) { return add(name, 1, peek(1) != 0 ? "yes" : "no"); }
    Groups& qos(std::string_view name) { return named(name, static_cast<QoS>(peek(2))); }
    Groups& retain_handling() { return named("retain_handling", static_cast<RetainHandling>(peek(2))); }
    Groups& reserved(unsigned width) { return add("reserved", width, ""); }
    /// Bits of 3.1 that nobody looks at.
    Groups& not_used(std::string_view name, unsigned width) { return add(name, width, "not used"); }

    std::vector<BitGroup> take() { return std::move(groups_); }

private:
    Groups& named(std::string_view name, auto value)
    {
        return add(name, 2, fmt::format("{}, {}", static_cast<unsigned>(value), mqttwire::name(value)));
    }

    unsigned byte_;
    unsigned left_ = 8;
    std::vector<BitGroup> groups_;
};

std::vector<BitGroup> fixed_header(std::uint8_t byte, PacketType packet, Version version)
{
    Groups groups(byte);
    groups.add("packet_type", 4, fmt::format("{}, {}", groups.peek(4), name(packet)));
    if (packet == PacketType::publish) return groups.flag("dup").qos("qos").flag("retain").take();
    if (version != Version::v3_1) return groups.reserved(4).take();
    groups.not_used("dup", 1);
    if (fixed_flags(packet) != 0) groups.qos("qos");
    else groups.not_used("qos", 2);
    return groups.not_used("retain", 1).take();
}

std::vector<BitGroup> connect_flags(std::uint8_t byte, Version version)
{
    Groups groups(byte);
    groups.flag("user_name").flag("password").flag("will_retain").qos("will_qos").flag("will");
    groups.flag(version == Version::v5 ? "clean_start" : "clean_session");
    if (version == Version::v3_1) return groups.not_used("reserved", 1).take();
    return groups.reserved(1).take();
}

std::vector<BitGroup> acknowledge_flags(std::uint8_t byte, Version version)
{
    if (version == Version::v3_1) return Groups(byte).not_used("reserved", 8).take();
    return Groups(byte).reserved(7).flag("session_present").take();
}

std::vector<BitGroup> subscription_options(std::uint8_t byte, Version version)
{
    Groups groups(byte);
    if (version == Version::v3_1) return groups.not_used("reserved", 6).qos("qos").take();
    if (version == Version::v3_1_1) return groups.reserved(6).qos("qos").take();
    return groups.reserved(2).retain_handling().flag("retain_as_published").flag("no_local").qos("qos").take();
}

} // namespace

std::vector<BitGroup> bit_groups(Field field, std::uint8_t byte, PacketType packet, Version version)
{
    switch (field) {
    case Field::fixed_header: return fixed_header(byte, packet, version);
    case Field::connect_flags: return connect_flags(byte, version);
    case Field::acknowledge_flags: return acknowledge_flags(byte, version);
    case Field::subscription_options: return subscription_options(byte, version);
    default: return {};
    }
}

} // namespace inspect
