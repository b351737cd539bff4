// Writes JSON text.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace inspect {

/// Writes JSON to the end of a string; the commas come by themselves. Text must be UTF-8 and stays so, but for
/// characters that do not show, which are always escaped.
class JsonWriter {
public:
    explicit JsonWriter(std::string& out) noexcept : out_(out) {}

    void begin_object();
    void end_object();
    void begin_array();
    void end_array();
    /// The name of a member, whose value follows.
    void key(std::string_view name);

    void text(std::string_view value);
    void number(std::uint64_t value);
    void boolean(bool value);
    void null();
    /// A string of two lower-case digits a byte.
    void hex(std::span<const std::byte> bytes);

    /// A member that is text, a truth value or a number.
    template <class Value>
    void member(std::string_view name, const Value& value)
    {
        key(name);
        if constexpr (std::same_as<Value, bool>) boolean(value);
        else if constexpr (std::unsigned_integral<Value>) number(value);
        else text(value);
    }

private:
    void separate();

    std::string& out_;
};

} // namespace inspect
