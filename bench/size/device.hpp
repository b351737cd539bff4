// What surrounds the codec on a small device. It stands in a file of its own, so that the compiler knows nothing about
// it, and in one struct, so that a program reaches all of it by one address.
#pragma once

#include "mqttwire/wire/text.hpp"

#include <cstddef>
#include <cstdint>
#include <span>

struct Device {
    // What the application has to say.
    mqttwire::Text text;
    mqttwire::Binary binary;
    volatile std::uint32_t number;

    // What the application has to look at.
    volatile std::uint32_t seen;
    const volatile std::byte* volatile seen_address;

    volatile std::size_t received_size;
    volatile std::size_t sent_size;
    std::byte received_bytes[256];
    std::byte sent_bytes[256];

    /// A packet that arrived.
    std::span<const std::byte> received() const { return {received_bytes, received_size}; }
    /// Where a packet is put before it is sent.
    std::span<std::byte> to_send() { return sent_bytes; }
};

extern Device device;
