#pragma once

#include <cstddef>
#include <span>

bool is_ping(std::span<const std::byte> bytes);
