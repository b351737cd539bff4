// The exit status of the program.
#pragma once

namespace inspect {

enum class Status {
    success = 0,
    failure = 1, ///< something is malformed or cut off
    usage = 2, ///< the program was asked for what it cannot do
};

/// The worse of the two.
constexpr Status worse(Status a, Status b) noexcept { return a < b ? b : a; }

} // namespace inspect
