// A packet as the C++ expression that makes it.
#pragma once

#include <mqttwire/mqttwire.hpp>

#include <string>
#include <string_view>

namespace mqttwire::test {

/// `Publish{.topic = ..., .qos = ...}`, with the members that do not have their default. Long runs of one character
/// become a call of `run` (see constant.hpp). The lists in it live as long as the full expression that it stands in.
std::string initializer(const Packet& packet, Version version);

/// Characters as a string literal with its size, without the parentheses of what takes them.
std::string literal(std::string_view characters);

/// `static_cast<TYPE>(NUMBER)`.
template <class Enumeration>
std::string enumerator(std::string_view type, Enumeration value)
{
    return "static_cast<" + std::string(type) + ">(" + std::to_string(static_cast<unsigned>(value)) + ')';
}

} // namespace mqttwire::test
