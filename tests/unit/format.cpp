// The formatters for std::format.
#include "mqttwire/format.hpp"

#include <format>

namespace library = std;

#include "unit/formatting/lines.hpp"
