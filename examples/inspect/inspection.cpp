#include "inspection.hpp"

#include "capture.hpp"

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
    if (!good) complain_of_hex();
}

void Inspection::complain_of_hex()
{
    if (complaint().empty())
        complain("character " + std::to_string(hex_.position() + 1) + " of the input is no hexadecimal digit");
}

/// A capture file is no stream, and is not misread as one.
void Inspection::take(std::span<const std::byte> bytes, std::string& out)
{
    if (has_begun_) return read(bytes, out);
    while (!bytes.empty() && !has_begun_) {
        beginning_ += static_cast<char>(bytes.front());
        bytes = bytes.subspan(1);
        has_begun_ = !is_capture(beginning_);
        if (has_begun_ || beginning_.size() < magic_size) continue;
        return complain(is_hex_ ? "this is a capture file in hexadecimal digits: give the file itself"
                                : "this is a capture file, and mqttwire-inspect was built without libpcap to read it");
    }
    if (!has_begun_) return;
    read(std::as_bytes(std::span(beginning_)), out);
    read(bytes, out);
}

void Inspection::read(std::span<const std::byte> bytes, std::string& out)
{
    stream_.feed(bytes);
    while (const std::optional<Record> record = stream_.next()) {
        show(*record, out);
        if (!complaint().empty()) return;
    }
}

void Inspection::finish(std::string& out)
{
    if (!complaint().empty()) return;
    if (is_hex_) {
        bytes_.clear();
        const bool good = hex_.finish(bytes_);
        take(bytes_, out);
        if (!good) complain_of_hex();
        if (!complaint().empty()) return;
        if (!hex_.at_byte_end()) return complain("the last byte of the input has only one hexadecimal digit");
    }
    if (!has_begun_) read(std::as_bytes(std::span(beginning_)), out);
    if (const std::optional<Record> record = stream_.cut_off()) show(*record, out);
    else if (!stream_.unread().empty()) printer_->print_unread(stream_.offset(), stream_.unread(), out);
    printer_->finish(out);
}

void Inspection::show(const Record& record, std::string& out)
{
    if (!record.packet) {
        fail();
        if (record.packet.error().code == mqttwire::Errc::version_unknown)
            return complain("the stream does not begin with CONNECT, which would tell its version: "
                            "give --mqtt 3.1, --mqtt 3.1.1 or --mqtt 5.0");
    }
    printer_->print(record, out);
}

} // namespace inspect
