// A table of a packet's bytes.
#pragma once

#include "bits.hpp"
#include "printer.hpp"

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace inspect {

/// Appends rows of offset, bytes, field and value, where each byte has its place once.
class Table {
public:
    /// Appends the heads of the columns.
    Table(std::string& out, const Look& look);

    /// Bytes that follow those of the row before; they wrap if they are many.
    void row(std::span<const std::byte> bytes, std::string_view field, std::string_view value);
    /// So many bytes that are not shown.
    void hidden_row(std::size_t size, std::string_view field, std::string_view value);
    /// A byte, and a row for each group of its bits, which stand below one another as they do in the byte.
    void bit_rows(std::span<const std::byte> byte, std::string_view field, const std::vector<BitGroup>& groups);

    /// Bytes that have had their row.
    std::size_t size() const noexcept { return size_; }

private:
    void line(std::span<const std::byte> bytes, std::string_view field, std::string_view value);
    /// `digits`: as they are shown, for `count` bytes.
    void line(std::string_view digits, std::size_t count, std::string_view field, std::string_view value);
    /// A line that is wrapped in the column of the values if there is room.
    void append(std::string_view line);
    std::size_t bytes_width() const noexcept { return 3 * bytes_in_row_ - 1; }

    std::string& out_;
    Look look_;
    std::size_t offset_width_ = 8;
    std::size_t bytes_in_row_ = 8;
    std::size_t size_ = 0;
};

} // namespace inspect
