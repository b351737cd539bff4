// The values of an enumeration that have a name in the source, to hold a table against it.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>
#include <utility>

namespace check {

/// What the compiler calls the function, the value included: a name, or in its place a number.
template <auto Value>
constexpr std::string_view signature() noexcept
{
    return __PRETTY_FUNCTION__;
}

template <auto Value>
constexpr bool is_enumerator() noexcept
{
    constexpr std::string_view text = signature<Value>();
    constexpr std::size_t begin = text.find("Value = ") + 8;
    return text[begin] != '(' && (text[begin] < '0' || text[begin] > '9'); // "(Colour)7" or "7"
}

/// Which of the values 0 to 255 are enumerators.
template <class Enumeration>
constexpr auto enumerators = []<std::size_t... Values>(std::index_sequence<Values...>) {
    return std::array{is_enumerator<static_cast<Enumeration>(Values)>()...};
}(std::make_index_sequence<256>{});

} // namespace check
