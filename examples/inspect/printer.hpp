// How packets are shown.
#pragma once

#include "record.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace inspect {

class Printer {
public:
    virtual ~Printer() = default;
    /// Appends what is to be shown of a packet.
    virtual void print(const Record& record, std::string& out) = 0;
    /// Appends what is to be shown of the bytes behind an error after which the stream cannot be read on.
    virtual void print_unread(std::uint64_t offset, std::span<const std::byte> bytes, std::string& out) = 0;
};

} // namespace inspect
