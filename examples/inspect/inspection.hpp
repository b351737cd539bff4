// Inspects a stream of bytes.
#pragma once

#include "hex.hpp"
#include "printer.hpp"
#include "stream.hpp"
#include "task.hpp"

#include <cstddef>
#include <memory>
#include <vector>

namespace inspect {

class Inspection final : public Task {
public:
    Inspection(const Options& options, std::unique_ptr<Printer> printer);

    void feed(std::string_view piece, std::string& out) override;
    void finish(std::string& out) override;

private:
    void feed_hex(std::string_view piece, std::string& out);
    void take(std::span<const std::byte> bytes, std::string& out);
    void show(const Record& record, std::string& out);

    Stream stream_;
    std::unique_ptr<Printer> printer_;
    bool is_hex_;
    HexReader hex_;
    std::vector<std::byte> bytes_; ///< of a piece of hexadecimal text
};

} // namespace inspect
