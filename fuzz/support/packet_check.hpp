// Goes over everything that a decoded packet holds.
#pragma once

#include "support/require.hpp"

#include <support/packet_fields.hpp>

#include <mqttwire/mqttwire.hpp>

#include <concepts>
#include <cstddef>
#include <functional>
#include <optional>
#include <span>
#include <string_view>
#include <type_traits>
#include <variant>

namespace mqttwire::fuzz {

/// A walk as tests/support/packet_fields.hpp describes it: views must lie inside the bytes that were decoded, and
/// enumerations must have values that the specification names.
class PacketCheck {
public:
    PacketCheck(std::span<const std::byte> bytes, Version version) noexcept : bytes_(bytes), version_(version) {}

    Version version() const noexcept { return version_; }

    void operator()(std::string_view, const Text& text, bool = true) const { view(text, text.view()); }
    void operator()(std::string_view, const Binary& binary, bool = true) const { view(binary, binary.view()); }
    template <class Number>
        requires std::integral<Number>
    void operator()(std::string_view, Number, bool = true) const
    {
    }
    void operator()(std::string_view, QoS qos, bool = true) const
    {
        require(static_cast<unsigned>(qos) < 3, "a QoS is 0, 1 or 2");
    }
    void operator()(std::string_view, RetainHandling handling, bool = true) const
    {
        require(static_cast<unsigned>(handling) < 3, "a retain handling is 0, 1 or 2");
    }
    void operator()(std::string_view, ReasonCode code, bool = true) const
    {
        require(!mqttwire::name(code).empty(), "a reason code has a name");
    }
    void operator()(std::string_view key, const Subscription& subscription) const
    {
        require(!subscription.filter.empty(), "a topic filter is not empty");
        (*this)(key, subscription.filter);
        (*this)(key, subscription.qos);
        (*this)(key, subscription.retain_handling);
    }
    void operator()(std::string_view key, const UserProperty& property) const
    {
        (*this)(key, property.name);
        (*this)(key, property.value);
    }
    void operator()(std::string_view, const std::optional<Will>& will) const
    {
        if (will) test::walk_will(*this, *will);
    }
    template <class T>
    void operator()(std::string_view key, const std::optional<T>& member) const
    {
        if (member) (*this)(key, *member);
    }
    template <class T>
    void operator()(std::string_view key, const List<T>& list, bool = true) const
    {
        std::size_t count = 0;
        for (const T& element : list) {
            (*this)(key, element);
            ++count;
        }
        require(count == list.size(), "a list has as many elements as it says");
        if (count != 0) require(list[0] == list.front(), "the first element is the one with index 0");
        auto element = list.begin();
        const bool same = list.all_of([&element](const T& each) { return each == *element++; });
        require(same && element == list.end(), "both ways through a list give the same elements");
    }

    template <class Member>
    void property(std::string_view key, const Member& member) const
    {
        (*this)(key, member);
    }
    template <class Properties>
    void properties(const Properties& properties) const
    {
        require(version_ == Version::v5 || properties == Properties{}, "only 5.0 has properties");
        test::walk_properties(*this, properties);
    }
    void protocol(const std::optional<Version>& version, bool bridge) const
    {
        require(version == version_, "a decoded CONNECT tells its version");
        require(!bridge || version_ != Version::v5, "only 3.x has the bridge bit");
    }
    void connack_code(ReasonCode code) const { (*this)({}, code); }

private:
    void view(const auto& member, std::string_view characters) const
    {
        std::size_t index = 0;
        for (const auto each : member) {
            require(static_cast<char>(each) == characters[index], "both ways through a view give the same bytes");
            ++index;
        }
        require(index == member.size() && index == characters.size(), "a view has as many bytes as it says");
        if (member.empty()) return;
        const std::byte* const first = member.bytes();
        require(std::greater_equal<>{}(first, bytes_.data())
                && std::less_equal<>{}(first + member.size(), bytes_.data() + bytes_.size()),
            "a view lies inside the packet");
    }

    std::span<const std::byte> bytes_;
    Version version_;
};

/// The version that a packet was read in: a CONNECT tells its own.
inline Version version_of(const Packet& packet, std::optional<Version> asked)
{
    const auto* const connect = std::get_if<Connect>(&packet);
    return connect != nullptr ? connect->version.value() : asked.value();
}

/// Goes over all members and elements of a packet that was decoded from these bytes.
inline void check_packet(const Packet& packet, std::span<const std::byte> bytes, Version version)
{
    const PacketCheck check(bytes, version);
    std::visit([&check](const auto& held) { test::walk_packet(check, held); }, packet);
}

} // namespace mqttwire::fuzz
