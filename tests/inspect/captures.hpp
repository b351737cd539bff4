// The captures of real traffic, as whole streams.
#pragma once

#include <mqttwire/version.hpp>

#include <string>
#include <vector>

namespace mqttwire::test {

struct CapturedStream {
    std::string file;
    Version version{};
    bool from_client{};
    std::size_t packets{};
    std::string bytes;
};

/// Every capture that the manifest lists.
std::vector<CapturedStream> captured_streams();

} // namespace mqttwire::test
