// The targets of the program that runs stored inputs.
#pragma once

#include "support/target.hpp"

namespace mqttwire::fuzz {

/// A target that is part of the program, in a list of all that are.
class Replayed {
public:
    using Test = int (*)(const std::uint8_t* data, std::size_t size);

    /// Puts itself into the list. The name stays where it is.
    Replayed(const char* name, Test test);

    /// The target of this name, or null if there is none.
    static Test find(const char* name);

private:
    const char* name_;
    Test test_;
    const Replayed* next_;
};

} // namespace mqttwire::fuzz
