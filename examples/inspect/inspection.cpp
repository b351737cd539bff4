#include "inspection.hpp"

#include <mqttwire/error.hpp>

#include <string>

namespace inspect {

Inspection::Inspection(const Options& options, std::unique_ptr<Printer> printer)
    : stream_(options.version, options.reading), printer_(std::move(printer)), is_hex_(options.hex)
{
}

void Inspection::feed(std::string_view piece, std::string& out)
{
    if (!complaint().empty()) return;
    if (is_hex_) feed_hex(piece, out);
    else take(std::as_bytes(std::span(piece)), out);
}

void Inspection::feed_hex(std::string_view piece, std::string& out)
{
    bytes_.clear();
    const bool good = hex_.read(piece, bytes_);
    take(bytes_, out);
    if (!good && complaint().empty())
        complain("character " + std::to_string(hex_.position() + 1) + " of the input is no hexadecimal digit");
}

void Inspection::take(std::span<const std::byte> bytes, std::string& out)
{
    stream_.feed(bytes);
    while (const std::optional<Record> record = stream_.next()) show(*record, out);
}

void Inspection::finish(std::string& out)
{
    if (!complaint().empty()) return;
    if (!hex_.at_byte_end()) return complain("the last byte of the input has only one hexadecimal digit");
    if (const std::optional<Record> record = stream_.cut_off()) show(*record, out);
    else if (!stream_.unread().empty()) printer_->print_unread(stream_.offset(), stream_.unread(), out);
}

void Inspection::show(const Record& record, std::string& out)
{
    if (!record.packet) {
        fail();
        if (record.packet.error().code == mqttwire::Errc::version_unknown)
            return complain("the stream does not begin with CONNECT, which would tell its version: "
                            "give --version 3.1, --version 3.1.1 or --version 5.0");
    }
    printer_->print(record, out);
}

} // namespace inspect
