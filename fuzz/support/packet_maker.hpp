// Makes packets of the fuzzer's bytes: mostly of values that can be right, now and then of any.
#pragma once

#include "support/input.hpp"

#include <support/packet_fields.hpp>

#include <mqttwire/mqttwire.hpp>

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace mqttwire::fuzz {

/// A walk as tests/support/packet_fields.hpp describes it. What it puts into the packet lives as long as the maker.
class PacketMaker {
public:
    PacketMaker(Input& input, Version version) noexcept : input_(input), version_(version) {}

    Version version() const noexcept { return version_; }

    template <class View>
        requires std::derived_from<View, wire::View>
    void operator()(std::string_view, View& member, bool = true)
    {
        member = View(std::string_view(characters()));
    }
    void operator()(std::string_view, bool& member, bool = true) { member = input_.flag(); }
    template <class Number>
        requires std::integral<Number> || std::is_enum_v<Number>
    void operator()(std::string_view, Number& member, bool = true)
    {
        member = static_cast<Number>(number());
    }
    void operator()(std::string_view, QoS& member, bool = true) { member = static_cast<QoS>(small_number()); }
    void operator()(std::string_view, RetainHandling& member, bool = true)
    {
        member = static_cast<RetainHandling>(small_number());
    }
    void operator()(std::string_view, ReasonCode& member, bool = true)
    {
        const std::uint8_t choice = input_.byte();
        member = choice < reason_code_table.size() ? reason_code_table[choice].code : static_cast<ReasonCode>(choice);
    }
    void operator()(std::string_view key, UserProperty& member)
    {
        (*this)(key, member.name);
        (*this)(key, member.value);
    }
    void operator()(std::string_view, Subscription& member)
    {
        (*this)("filter", member.filter);
        (*this)("qos", member.qos);
        (*this)("retain_handling", member.retain_handling);
        const unsigned flags = input_.byte();
        member.no_local = (flags & 1U) != 0;
        member.retain_as_published = (flags & 2U) != 0;
    }
    void operator()(std::string_view, std::optional<Will>& member)
    {
        if (input_.flag()) test::walk_will(*this, member.emplace());
    }
    template <class T>
    void operator()(std::string_view key, std::optional<T>& member)
    {
        if (input_.flag()) (*this)(key, member.emplace());
    }
    template <class T>
    void operator()(std::string_view key, List<T>& member, bool = true)
    {
        const std::size_t few = 12;
        const std::size_t many = 300;
        const std::uint8_t count = input_.byte();
        const auto items = std::make_shared<std::vector<T>>(count % 16 < few ? count % 16U % 4U : few);
        for (T& item : *items) (*this)(key, item);
        if (count == 0xFF && long_texts_left_ == long_texts) items->resize(many, items->front());
        member = List<T>(*items);
        memory_.push_back(items);
    }

    template <class Member>
    void property(std::string_view key, Member& member)
    {
        if ((properties_ >> (next_property_++ % 32U) & 1U) != 0) (*this)(key, member);
    }
    template <class Properties>
    void properties(Properties& properties)
    {
        // Two out of three packets have none.
        properties_ = input_.below(3) == 0 ? input_.four_bytes() : 0;
        next_property_ = 0;
        test::walk_properties(*this, properties);
    }
    void protocol(std::optional<Version>& version, bool& bridge)
    {
        const std::uint8_t choice = input_.byte();
        if ((choice & 1U) != 0) version = (choice & 2U) != 0 ? version_ : static_cast<Version>(choice >> 2U);
        bridge = choice >= 0xF0;
    }
    void connack_code(ReasonCode& code) { (*this)("reason_code", code); }

private:
    /// Three out of four are good values of two bits.
    unsigned small_number() noexcept
    {
        const unsigned choice = input_.byte();
        return choice < 0xC0 ? choice % 3 : choice & 0x0FU;
    }

    std::uint32_t number() noexcept
    {
        constexpr std::array<std::uint32_t, 12> boundaries{
            1, 0, 127, 128, 16'383, 16'384, 65'535, 65'536, 2'097'151, 2'097'152, max_varint, max_varint + 1};
        const std::size_t choice = input_.byte();
        return choice < boundaries.size() ? boundaries[choice] : input_.four_bytes() >> choice % 32U;
    }

    const std::string& characters()
    {
        const auto text = std::make_shared<std::string>(make_characters());
        memory_.push_back(text);
        return *text;
    }

    std::string make_characters()
    {
        constexpr std::array<std::string_view, 16> samples{"", "a", "a/b", "/", "$SYS/x", "#", "+/#", "a/+/b",
            "$share/g/t", "$share/g/", "$share//t", "\xC3\xA9", "\xE2\x82\xAC", "\xF0\x9F\x98\x80",
            "sensors/1/temperature", "text/plain"};
        constexpr std::array<std::size_t, 10> sizes{23, 24, 127, 128, 16'383, 16'384, 32'767, 32'768, 65'535, 65'536};
        const std::size_t choice = input_.byte();
        if (choice < samples.size()) return std::string(samples[choice]);
        if (choice >= 256 - sizes.size() && long_texts_left_ != 0) {
            // One character over and over; of two bytes if the next one is high. Long text is slow, so it is rare.
            --long_texts_left_;
            const std::size_t size = sizes[255 - choice];
            const std::uint8_t character = input_.byte();
            if (character < 0x80) return std::string(size, static_cast<char>(character));
            std::string text;
            text.reserve(2 * size);
            for (std::size_t i = 0; i < size; ++i) text += "\xC3\xA9";
            return text;
        }
        const auto bytes = input_.take(choice % 32);
        return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
    }

    static constexpr unsigned long_texts = 2; ///< in one packet

    Input& input_;
    Version version_;
    unsigned long_texts_left_ = long_texts;
    std::uint32_t properties_ = 0; ///< bit n: the property with index n is given
    unsigned next_property_ = 0;
    std::vector<std::shared_ptr<const void>> memory_;
};

/// A packet of one of the fifteen types.
inline Packet make_packet(PacketMaker& maker, std::size_t index)
{
    Packet packet;
    const auto make = [&]<std::size_t Index>() {
        if (index == Index) test::walk_packet(maker, packet.emplace<Index>());
    };
    [&]<std::size_t... Index>(std::index_sequence<Index...>) { (make.template operator()<Index>(), ...); }(
        std::make_index_sequence<std::variant_size_v<Packet>>{});
    return packet;
}

} // namespace mqttwire::fuzz
