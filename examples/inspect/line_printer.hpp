// The default: a line a packet.
#pragma once

#include "paint.hpp"
#include "printer.hpp"

namespace inspect {

class LinePrinter final : public Printer {
public:
    explicit LinePrinter(const Paint& paint) noexcept : paint_(paint) {}

    void print(const Record& record, std::string& out) override;
    void print_unread(std::uint64_t offset, std::span<const std::byte> bytes, std::string& out) override;

private:
    void print_place(std::uint64_t offset, std::size_t size, std::string& out);
    void print_error(const Record& record, std::string& out);

    Paint paint_;
};

} // namespace inspect
