// Formatters for std::format, where the standard library has it: every packet, part of a packet, enumeration, view,
// Error and Result as one line.
//
//     std::cout << std::format("{}\n", packet);
//     PUBLISH topic: "sensors/1/temp", payload: "21.5", qos: at_least_once, retain: false, dup: false, packet_id: 7
//
// formatting/line.hpp says what a line holds, and how it keeps secrets. libstdc++ has std::format from version 13 on,
// libc++ from 17 on; elsewhere this header has nothing, and `__cpp_lib_format` is not defined. The same for fmt:
// fmt.hpp.
#pragma once

#include "mqttwire/config.hpp"
#include "mqttwire/formatting/line.hpp"

#include <version>

#ifdef __cpp_lib_format

#include <format>
#include <string_view>

template <mqttwire::formatting::Named T>
struct std::formatter<T, char> : mqttwire::formatting::NameFormatter<T, std::formatter<std::string_view, char>> {};
template <mqttwire::formatting::Described T>
struct std::formatter<T, char> : mqttwire::formatting::LineFormatter<T> {};
template <>
struct std::formatter<mqttwire::Text, char> : mqttwire::formatting::LineFormatter<mqttwire::Text> {};
template <>
struct std::formatter<mqttwire::Binary, char> : mqttwire::formatting::LineFormatter<mqttwire::Binary> {};
template <class T>
struct std::formatter<mqttwire::List<T>, char> : mqttwire::formatting::LineFormatter<mqttwire::List<T>> {};
template <class T>
struct std::formatter<mqttwire::Result<T>, char> : mqttwire::formatting::LineFormatter<mqttwire::Result<T>> {};

#endif
