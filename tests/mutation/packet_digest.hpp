// A number that stands for every member of a packet.
#pragma once

#include "mutation/digest.hpp"
#include "support/packet_fields.hpp"

#include <mqttwire/mqttwire.hpp>

#include <optional>
#include <string_view>
#include <type_traits>
#include <variant>

namespace mqttwire::test {

/// Adds every member of a packet, by the walks of packet_fields.hpp.
class PacketDigest {
public:
    PacketDigest(Digest& digest, Version version) : digest_(digest), version_(version) {}

    Version version() const { return version_; }

    template <class Member>
    void operator()(std::string_view name, const Member& member, bool = true)
    {
        digest_.add(name);
        add(member);
    }
    template <class Member>
    void property(std::string_view name, const Member& member)
    {
        (*this)(name, member);
    }
    template <class Properties>
    void properties(const Properties& properties)
    {
        walk_properties(*this, properties);
    }
    void protocol(const std::optional<Version>& version, bool bridge)
    {
        add(version);
        add(bridge);
    }
    void connack_code(ReasonCode code) { add(code); }

private:
    template <class Number>
        requires std::is_integral_v<Number> || std::is_enum_v<Number>
    void add(Number number)
    {
        digest_.add(number);
    }
    void add(const Text& text) { digest_.add(text.view()); }
    void add(const Binary& data) { digest_.add(data.view()); }
    void add(const UserProperty& pair)
    {
        add(pair.name);
        add(pair.value);
    }
    void add(const Subscription& subscription) { walk_subscription(*this, subscription); }
    void add(const Will& will) { walk_will(*this, will); }
    template <class Value>
    void add(const std::optional<Value>& value)
    {
        digest_.add(value.has_value());
        if (value) add(*value);
    }
    template <class Element>
    void add(const List<Element>& list)
    {
        digest_.add(list.size());
        for (const Element& element : list) add(element);
    }

    Digest& digest_;
    Version version_;
};

inline void add_packet(Digest& digest, const Packet& packet, Version version)
{
    PacketDigest members(digest, version);
    digest.add(packet.index());
    std::visit([&](const auto& held) { walk_packet(members, held); }, packet);
}

} // namespace mqttwire::test
