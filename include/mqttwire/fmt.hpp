// Formatters for fmt (9.1 or later): every packet, part of a packet, enumeration, view, Error and Result as one line.
//
//     fmt::print("{}\n", packet);
//     PUBLISH topic: "sensors/1/temp", payload: "21.5", qos: at_least_once, retain: false, dup: false, packet_id: 7
//
// formatting/line.hpp says what a line holds, and how it keeps secrets. This is the only header that needs fmt;
// mqttwire.hpp does not include it. The same for std::format: format.hpp.
#pragma once

#include "mqttwire/config.hpp"
#include "mqttwire/formatting/line.hpp"

#include <fmt/format.h>

#include <string_view>
#include <type_traits>

FMT_BEGIN_NAMESPACE

/// Declared by fmt/ranges.h, which must not take lists for ranges of its own to format.
template <typename T, typename Char>
struct is_range;
template <class T>
struct is_range<mqttwire::List<T>, char> : std::false_type {};

template <mqttwire::formatting::Named T>
struct formatter<T, char> : mqttwire::formatting::NameFormatter<T, formatter<std::string_view>> {};
template <mqttwire::formatting::Described T>
struct formatter<T, char> : mqttwire::formatting::LineFormatter<T> {};
template <>
struct formatter<mqttwire::Text> : mqttwire::formatting::LineFormatter<mqttwire::Text> {};
template <>
struct formatter<mqttwire::Binary> : mqttwire::formatting::LineFormatter<mqttwire::Binary> {};
template <class T>
struct formatter<mqttwire::List<T>> : mqttwire::formatting::LineFormatter<mqttwire::List<T>> {};
template <class T>
struct formatter<mqttwire::Result<T>> : mqttwire::formatting::LineFormatter<mqttwire::Result<T>> {};

FMT_END_NAMESPACE
