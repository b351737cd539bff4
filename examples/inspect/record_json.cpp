#include "record_json.hpp"

#include "clock.hpp"
#include "packet_json.hpp"

#include <mqttwire/error.hpp>
#include <mqttwire/field.hpp>

namespace inspect {

namespace {

using namespace mqttwire;

void write_name_or_null(JsonWriter& json, std::string_view key, std::string_view name)
{
    json.key(key);
    if (name.empty()) json.null();
    else json.text(name);
}

void write_error(JsonWriter& json, const Error& error, Version version)
{
    json.key("error");
    json.begin_object();
    json.member("code", name(error.code));
    json.member("offset", error.offset);
    json.member("field", name(error.field));
    write_name_or_null(json, "clause", clause(error, version));
    json.member("reason_code", static_cast<std::uint8_t>(reason_code(error.code)));
    json.member("skippable", skippable(error));
    json.member("text", text(error.code));
    json.end_object();
}

} // namespace

void write_names(JsonWriter& json, Leniency flags)
{
    json.begin_array();
    for (const LeniencyRow& row : leniency_table)
        if (has(flags, row.flag)) json.text(row.name);
    json.end_array();
}

void write_passage(JsonWriter& json, const Passage& passage)
{
    json.member("time", iso_time(passage.time));
    json.member("connection", passage.connection);
    json.member("sender", passage.from_client ? "client" : "server");
    json.member("from", passage.from);
    json.member("to", passage.to);
}

void write_record(JsonWriter& json, const Record& record, bool secrets)
{
    const std::optional<PacketType> type = record.type();
    json.member("offset", record.offset);
    json.member("size", record.bytes.size());
    json.member("expect", name(record.verdict()));
    write_name_or_null(json, "packet", type ? name(*type) : std::string_view{});
    write_name_or_null(json, "version", record.version ? name(*record.version) : std::string_view{});
    json.key("fields");
    if (record.packet) write_fields(json, *record.packet, record.wording(), secrets);
    else json.null();

    switch (record.verdict()) {
    case Verdict::ok:
        if (const Leniency flags = record.packet.let_pass(); flags != Leniency::none) {
            json.key("let_pass");
            write_names(json, flags);
        }
        break;
    case Verdict::error: write_error(json, record.packet.error(), record.wording()); break;
    case Verdict::incomplete: json.member("missing", record.packet.error().needed - record.bytes.size()); break;
    }
}

} // namespace inspect
