// A number that stands for everything that was observed, so that it can be compared in one step.
#pragma once

#include <mqttwire/error.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <type_traits>

namespace mqttwire::test {

class Digest {
public:
    std::uint64_t value() const { return value_; }

    template <class Number>
        requires std::is_integral_v<Number> || std::is_enum_v<Number>
    void add(Number number)
    {
        value_ = (value_ ^ static_cast<std::uint64_t>(number)) * 0x9E3779B97F4A7C15U;
        value_ ^= value_ >> 29U;
    }
    void add(std::string_view text)
    {
        add(text.size());
        for (const char c : text) value_ = (value_ ^ static_cast<unsigned char>(c)) * 0x100000001B3U;
    }
    void add(std::span<const std::byte> bytes)
    {
        add(std::string_view(reinterpret_cast<const char*>(bytes.data()), bytes.size()));
    }
    void add(const Error& error)
    {
        for (const std::uint32_t part :
            {static_cast<std::uint32_t>(error.code), static_cast<std::uint32_t>(error.field),
                static_cast<std::uint32_t>(error.packet), error.offset, error.needed, error.element})
            add(part);
    }

private:
    std::uint64_t value_ = 0xCBF29CE484222325U;
};

} // namespace mqttwire::test
