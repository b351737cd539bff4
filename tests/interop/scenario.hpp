// Scenarios in rows, peers in columns.
#pragma once

#include <mqttwire/version.hpp>

#include <functional>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace interop {

namespace mq = mqttwire;

using Versions = std::initializer_list<mq::Version>;

inline constexpr Versions every_version = {mq::Version::v3_1, mq::Version::v3_1_1, mq::Version::v5};
inline constexpr Versions only_5 = {mq::Version::v5};
inline constexpr Versions before_5 = {mq::Version::v3_1, mq::Version::v3_1_1};

/// One cell of the table: a scenario with a peer that is there for it, in one version. It throws if the peer
/// misbehaves.
struct Trial {
    std::string scenario;
    std::string peer;
    mq::Version version;
    std::function<void()> run;
};

using Trials = std::vector<Trial>;

} // namespace interop
