// --json: a line of JSON a packet.
#pragma once

#include "printer.hpp"

namespace inspect {

class JsonPrinter final : public Printer {
public:
    explicit JsonPrinter(const Look& look) noexcept : look_(look) {}

    void print(const Record& record, std::string& out) override;
    /// Nothing: a line stands for a packet, and nobody knows where one begins here.
    void print_unread(std::uint64_t, std::span<const std::byte>, std::string&) override {}

private:
    Look look_;
};

} // namespace inspect
