// --explain: each packet as a table of its bytes.
#pragma once

#include "paint.hpp"
#include "printer.hpp"

namespace inspect {

class ExplainPrinter final : public Printer {
public:
    ExplainPrinter(const Reading& reading, const Paint& paint) noexcept : reading_(reading), paint_(paint) {}

    void print(const Record& record, std::string& out) override;
    void print_unread(std::uint64_t offset, std::span<const std::byte> bytes, std::string& out) override;

private:
    Reading reading_;
    Paint paint_;
};

} // namespace inspect
