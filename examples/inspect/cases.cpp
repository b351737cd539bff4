#include "cases.hpp"

#include "hex.hpp"
#include "json.hpp"
#include "record_json.hpp"

#include <mqttwire/codec.hpp>

#include <optional>
#include <span>

namespace inspect {

namespace {

using namespace mqttwire;

/// Writes the bytes of encoding the packet again, or null where encoding it is refused.
void write_reencoded(JsonWriter& json, const Record& record, const Reading& reading, std::vector<std::byte>& buffer)
{
    json.key("reencoded");
    const Version version = record.wording();
    const Result<std::size_t> size = encoded_size(*record.packet, version, reading.leniency, reading.role);
    if (!size) return json.null();
    if (buffer.size() < *size) buffer.resize(*size);
    const Result<std::span<std::byte>> encoded =
        encode(*record.packet, buffer, version, reading.leniency, reading.role);
    json.hex(encoded.value());
}

} // namespace

void Cases::feed(std::string_view piece, std::string& out)
{
    for (std::size_t end = piece.find('\n'); end != std::string_view::npos; end = piece.find('\n')) {
        if (line_.empty()) {
            answer(piece.substr(0, end), out);
        } else {
            line_ += piece.substr(0, end);
            answer(line_, out);
            line_.clear();
        }
        piece.remove_prefix(end + 1);
    }
    line_ += piece;
}

void Cases::finish(std::string& out)
{
    if (line_.empty()) return;
    answer(line_, out);
    line_.clear();
}

void Cases::answer(std::string_view line, std::string& out)
{
    ++line_number_;
    if (line.ends_with('\r')) line.remove_suffix(1);
    const std::size_t space = line.find(' ');
    const std::optional<Version> version = version_named(line.substr(0, space));
    if (!version) return refuse("a case begins with 3.1, 3.1.1 or 5.0", out);
    if (!read_hex(space == std::string_view::npos ? std::string_view{} : line.substr(space + 1)))
        return refuse("a case ends with pairs of hexadecimal digits", out);

    const Record record = read_record(0, bytes_, version, reading_);
    JsonWriter json(out);
    json.begin_object();
    write_record(json, record, true);
    if (record.packet) write_reencoded(json, record, reading_, encoded_);
    else fail();
    json.end_object();
    out += '\n';
}

void Cases::refuse(std::string_view text, std::string& out)
{
    if (complaint().empty()) complain("line " + std::to_string(line_number_) + ": " + std::string(text));
    JsonWriter json(out);
    json.begin_object();
    json.member("expect", "error");
    json.key("error");
    json.begin_object();
    json.member("code", "bad_case");
    json.member("text", text);
    json.end_object();
    json.end_object();
    out += '\n';
}

bool Cases::read_hex(std::string_view digits)
{
    bytes_.clear();
    if (digits.size() % 2 != 0) return false;
    for (std::size_t i = 0; i < digits.size(); i += 2) {
        const int high = digit_value(digits[i]);
        const int low = digit_value(digits[i + 1]);
        if (high < 0 || low < 0) return false;
        bytes_.push_back(static_cast<std::byte>(high * 16 + low));
    }
    return true;
}

} // namespace inspect
