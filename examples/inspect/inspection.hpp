// Inspects a stream of bytes.
#pragma once

#include "hex.hpp"
#include "printer.hpp"
#include "stream.hpp"
#include "task.hpp"

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace inspect {

class Inspection final : public Task {
public:
    Inspection(const Options& options, std::unique_ptr<Printer> printer);

    void feed(std::string_view piece, std::string& out) override;
    void finish(std::string& out) override;

private:
    void feed_hex(std::string_view piece, std::string& out);
    void complain_of_hex();
    void take(std::span<const std::byte> bytes, std::string& out);
    void read(std::span<const std::byte> bytes, std::string& out);
    void show(const Record& record, std::string& out);

    Stream stream_;
    std::unique_ptr<Printer> printer_;
    bool is_hex_;
    bool is_surely_mqtt_; ///< the user says so, and of which version
    HexReader hex_;
    std::string beginning_; ///< while it may be that of something else
    bool has_begun_ = false;
    std::vector<std::byte> bytes_; ///< of a piece of hexadecimal text
};

} // namespace inspect
