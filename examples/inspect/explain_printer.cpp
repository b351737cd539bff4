#include "explain_printer.hpp"

#include "bits.hpp"
#include "diagnosis.hpp"
#include "field_value.hpp"
#include "secrets.hpp"
#include "table.hpp"
#include "width.hpp"

#include <mqttwire/layout.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

namespace inspect {

namespace {

using namespace mqttwire;

constexpr std::string_view hidden = "hidden without --secrets";

/// Gives each field of a packet its rows.
class FieldRows {
public:
    FieldRows(Table& table, const Record& record, const Secrets& secrets) noexcept
        : table_(table), record_(record), secrets_(secrets)
    {
    }

    void operator()(Field field, std::span<const std::byte> bytes)
    {
        if (bytes.empty()) return;
        const std::string_view label = label_of(field);
        if (const std::vector<BitGroup> groups = groups_of(field, bytes); !groups.empty()) {
            table_.bit_rows(bytes, label, groups);
        } else if (has_length_prefix(field)) {
            const std::span<const std::byte> content = bytes.subspan(2);
            table_.row(bytes.first(2), label, byte_count(content.size()));
            add_row(field, content, "");
        } else {
            add_row(field, bytes, label);
        }
    }

private:
    void add_row(Field field, std::span<const std::byte> bytes, std::string_view label)
    {
        if (secrets_.hides(table_.size())) table_.hidden_row(bytes.size(), label, hidden);
        else table_.row(bytes, label, field_value(field, bytes, record_));
    }

    std::vector<BitGroup> groups_of(Field field, std::span<const std::byte> bytes) const
    {
        return bit_groups(
            field, static_cast<std::uint8_t>(bytes.front()), record_.type().value_or(PacketType{}), record_.wording());
    }

    /// The field's name; of a property the name stands with its identifier already.
    std::string_view label_of(Field field)
    {
        if (field == Field::property_id) is_second_text_ = false;
        if (!property(field)) return name(field);
        if (field != mqttwire::field(PropertyId::user_property)) return "  value";
        is_second_text_ = !is_second_text_;
        return is_second_text_ ? "  name" : "  value";
    }

    Table& table_;
    const Record& record_;
    const Secrets& secrets_;
    bool is_second_text_ = false; ///< the next text of a User Property is its value
};

/// A line above a table.
void print_heading(std::string_view line, const Look& look, std::string& out)
{
    append_wrapped(out, line, look.width, 2);
    out += '\n';
}

void print_title(const Record& record, const Look& look, std::string& out)
{
    if (const Passage* const passage = record.passage)
        print_heading(fmt::format("{:.6f} s, connection {}: {} > {}", static_cast<double>(passage->since_start) / 1e6,
                          passage->connection, passage->from, passage->to),
            look, out);
    std::string title(record.type() ? name(*record.type()) : "reserved");
    if (record.version) title += fmt::format(", MQTT {}", name(*record.version));
    title += fmt::format(", {} at offset {}", byte_count(record.bytes.size()), record.offset);
    std::string line;
    look.paint(line, record.packet ? Colour::bold : Colour::red, title);
    if (record.packet && record.packet.let_pass() != Leniency::none) {
        line += ", let pass:";
        for (const LeniencyRow& row : leniency_table)
            if (has(record.packet.let_pass(), row.flag)) line += fmt::format(" {}", row.name);
    }
    print_heading(line, look, out);
}

} // namespace

void ExplainPrinter::print(const Record& record, std::string& out)
{
    print_title(record, look_, out);
    Table table(out, look_);
    const Secrets secrets(record, reading_, look_.secrets);
    FieldRows rows(table, record, secrets);
    // What is wrong is known already, and with a packet that is cut off nothing else is.
    static_cast<void>(layout(record.bytes, record.wording(), rows, reading_.leniency, reading_.role));
    if (table.size() == 0) { // the fixed header is bad or not whole
        rows(Field::fixed_header, record.bytes.first(1));
        rows(Field::remaining_length, record.bytes.subspan(1, std::min<std::size_t>(record.bytes.size() - 1, 4)));
    }
    const std::span<const std::byte> rest = record.bytes.subspan(table.size());
    if (secrets.hides_from(table.size()))
        table.hidden_row(rest.size(), "(not decoded)", fmt::format("{}, {}", byte_count(rest.size()), hidden));
    else table.row(rest, "(not decoded)", "");

    if (!record.packet) {
        const Error& error = record.packet.error();
        std::string check;
        append_check(check, record, look_.paint);
        std::string consequence = fmt::format("byte {}, {}; ", error.offset, name(error.field));
        append_consequence(consequence, record);
        for (const std::string& text : {check, consequence}) {
            append_wrapped(out, std::string_view(text).substr(0, text.size() - 1), look_.width, 0);
            out += '\n';
        }
    }
    out += '\n';
}

void ExplainPrinter::print_unread(std::uint64_t offset, std::span<const std::byte> bytes, std::string& out)
{
    std::string line;
    look_.paint(line, Colour::red, fmt::format("not read, {} at offset {}", byte_count(bytes.size()), offset));
    print_heading(line, look_, out);
    Table(out, look_).row(bytes, "(not decoded)", "");
}

void ExplainPrinter::print_note(std::string_view text, std::string& out)
{
    std::string line;
    look_.paint(line, Colour::bold, text);
    print_heading(line, look_, out);
    out += '\n';
}

} // namespace inspect
