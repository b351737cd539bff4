// What the targets assert.
#pragma once

#include <stdexcept>
#include <string>

namespace mqttwire::fuzz {

/// A property that does not hold. libFuzzer takes the uncaught exception for a crash; the replay catches it.
class Broken : public std::logic_error {
public:
    using std::logic_error::logic_error;
};

/// `property` is the sentence that ought to be true.
inline void require(bool holds, const char* property)
{
    if (!holds) [[unlikely]]
        throw Broken(std::string("not true: ") + property);
}

} // namespace mqttwire::fuzz
