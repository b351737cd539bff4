// --json: a line of JSON a packet.
#pragma once

#include "printer.hpp"

namespace inspect {

class JsonPrinter final : public Printer {
public:
    void print(const Record& record, std::string& out) override;
    /// Nothing: a line stands for a packet, and nobody knows where one begins here.
    void print_unread(std::uint64_t, std::span<const std::byte>, std::string&) override {}
};

} // namespace inspect
