// A packet for every check of the decoder, with the diagnosis that it is given.
#pragma once

#include "unit/check.hpp"

#include <string_view>
#include <vector>

namespace check {

struct Fault {
    Errc code;
    Version version;
    Bytes wire;
    std::size_t offset;
    Field field;
    std::string_view clause;
    ReasonCode reason;
    bool skippable;
    Leniency needs{}; ///< a setting without which it is no fault
    Role receiver{};
    Leniency cure{}; ///< the leniency that lets it pass
};

/// One for each check that the decoder makes of bytes and a version.
const std::vector<Fault>& faults();

} // namespace check
