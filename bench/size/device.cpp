#include "device.hpp"

constinit Device device{};
