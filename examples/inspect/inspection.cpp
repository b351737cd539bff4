#include "inspection.hpp"

#include "capture.hpp"

#include <mqttwire/error.hpp>
#include <mqttwire/sniff.hpp>

#include <optional>
#include <string>

namespace inspect {

namespace {

/// What an input is instead of a stream of MQTT packets; nothing if it is one, or a capture file.
enum class Stranger : std::uint8_t { none, gzip, tls, http, proxy };

constexpr std::size_t enough = 16; ///< bytes of an input to tell

/// Nothing if more bytes are needed to tell.
std::optional<Stranger> stranger(std::string_view beginning)
{
    constexpr std::string_view gzip = "\x1F\x8B";
    if (gzip.starts_with(beginning.substr(0, gzip.size())))
        return beginning.size() < gzip.size() ? std::nullopt : std::optional(Stranger::gzip);
    switch (mqttwire::sniff(std::as_bytes(std::span(beginning))).opening) {
    case mqttwire::Opening::tls: return Stranger::tls;
    case mqttwire::Opening::http:
    case mqttwire::Opening::websocket: return Stranger::http;
    case mqttwire::Opening::proxy_1:
    case mqttwire::Opening::proxy_2: return Stranger::proxy;
    case mqttwire::Opening::undecided: break;
    default: return Stranger::none;
    }
    if (beginning.size() < enough) return std::nullopt;
    return beginning.starts_with("PROXY") ? Stranger::proxy : Stranger::http; // the end of which is far
}

std::string_view text(Stranger stranger)
{
    switch (stranger) {
    case Stranger::gzip: return "this is a file of gzip: unpack it first";
    case Stranger::tls: return "this is TLS and no MQTT: it has to be decrypted first";
    case Stranger::http: return "this is HTTP and no MQTT";
    case Stranger::proxy: return "this begins with a header of the PROXY protocol and not with MQTT";
    case Stranger::none: break;
    }
    return {};
}

} // namespace

Inspection::Inspection(const Options& options, std::unique_ptr<Printer> printer)
    : stream_(options.version, options.reading), printer_(std::move(printer)), is_hex_(options.hex),
      is_surely_mqtt_(options.version.has_value())
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

/// A capture file is no stream, and is not misread as one; nor is what another protocol says.
void Inspection::take(std::span<const std::byte> bytes, std::string& out)
{
    if (has_begun_) return read(bytes, out);
    while (!bytes.empty() && !has_begun_) {
        beginning_ += static_cast<char>(bytes.front());
        bytes = bytes.subspan(1);
        if (!is_capture(beginning_)) {
            const std::optional<Stranger> found = is_surely_mqtt_ ? Stranger::none : stranger(beginning_);
            has_begun_ = found == Stranger::none;
            if (found && !has_begun_) return complain(std::string(text(*found)));
        } else if (beginning_.size() >= magic_size) {
            return complain(is_hex_
                    ? "this is a capture file in hexadecimal digits: give the file itself"
                    : "this is a capture file, and mqttwire-inspect was built without libpcap to read it");
        }
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
