// --explain: each packet as a table of its bytes.
#pragma once

#include "printer.hpp"

namespace inspect {

class ExplainPrinter final : public Printer {
public:
    ExplainPrinter(const Reading& reading, const Look& look) noexcept : reading_(reading), look_(look) {}

    void print(const Record& record, std::string& out) override;
    void print_unread(std::uint64_t offset, std::span<const std::byte> bytes, std::string& out) override;
    void print_note(std::string_view text, std::string& out) override;

private:
    Reading reading_;
    Look look_;
};

} // namespace inspect
