// The kinds of strings that MQTT knows.
#pragma once

#include "mqttwire/config.hpp"

#include <cstdint>

namespace mqttwire::inline MQTTWIRE_ABI::wire {

/// What stands behind a Two Byte Integer that tells its size.
enum class StringKind : std::uint8_t { binary, text, topic_name, topic_name_or_empty, topic_filter };

} // namespace mqttwire::inline MQTTWIRE_ABI::wire
