// The default: a line a packet.
#pragma once

#include "printer.hpp"

namespace inspect {

class LinePrinter final : public Printer {
public:
    LinePrinter(const Reading& reading, const Look& look) noexcept : reading_(reading), look_(look) {}

    void print(const Record& record, std::string& out) override;
    void print_unread(std::uint64_t offset, std::span<const std::byte> bytes, std::string& out) override;
    void print_note(std::string_view text, std::string& out) override;

private:
    void print_place(std::uint64_t offset, std::size_t size, std::string& out) const;
    void print_passage(const Passage& passage, std::string& out) const;
    void print_error(const Record& record, std::string line, std::string& out) const;

    Reading reading_;
    Look look_;
};

} // namespace inspect
