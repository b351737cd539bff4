// How packets are shown.
#pragma once

#include "paint.hpp"
#include "record.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace inspect {

/// How output looks.
struct Look {
    Paint paint;
    std::size_t width = 0; ///< in columns, that a line fits; 0: any
    bool secrets = false; ///< are shown
};

class Printer {
public:
    virtual ~Printer() = default;
    /// Appends what is to be shown of a packet.
    virtual void print(const Record& record, std::string& out) = 0;
    /// Appends what is to be shown of the bytes behind an error after which the stream cannot be read on.
    virtual void print_unread(std::uint64_t offset, std::span<const std::byte> bytes, std::string& out) = 0;
    /// Appends what is to be told of a connection, for people.
    virtual void print_note(std::string_view, std::string&) {}
    /// Takes notice that no more packets of a connection come.
    virtual void forget(std::uint64_t) {}
    /// Appends what is to be shown at the end.
    virtual void finish(std::string&) {}
};

} // namespace inspect
