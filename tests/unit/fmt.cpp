// The formatters for fmt.
#include "mqttwire/fmt.hpp"

#include <fmt/ranges.h> // whose formatter of ranges must not get in the way of ours

namespace library = fmt;

#include "unit/formatting/lines.hpp"
