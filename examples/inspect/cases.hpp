// Answers test cases: lines `VERSION HEX`, each a buffer of its own that should hold exactly one packet.
#pragma once

#include "record.hpp"
#include "task.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace inspect {

/// Answers each line with a line of JSON, in order.
class Cases final : public Task {
public:
    explicit Cases(const Reading& reading) noexcept : reading_(reading) {}

    void feed(std::string_view piece, std::string& out) override;
    void finish(std::string& out) override;

private:
    void answer(std::string_view line, std::string& out);
    void refuse(std::string_view text, std::string& out);
    /// Fills bytes_; false if the text is not pairs of hexadecimal digits.
    bool read_hex(std::string_view digits);

    Reading reading_;
    std::uint64_t line_number_ = 0;
    std::string line_; ///< the beginning of a line that is spread over pieces
    std::vector<std::byte> bytes_;
    std::vector<std::byte> encoded_;
};

} // namespace inspect
