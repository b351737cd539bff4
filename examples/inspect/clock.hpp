// Points in time as text.
#pragma once

#include <cstdint>
#include <string>

namespace inspect {

/// "2026-11-27 12:00:00.123456 UTC", of microseconds since 1970.
std::string date_and_time(std::int64_t microseconds);

/// "2026-11-27T12:00:00.123456Z".
std::string iso_time(std::int64_t microseconds);

} // namespace inspect
