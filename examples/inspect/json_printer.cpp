#include "json_printer.hpp"

#include "json.hpp"
#include "record_json.hpp"

namespace inspect {

void JsonPrinter::print(const Record& record, std::string& out)
{
    JsonWriter json(out);
    json.begin_object();
    if (record.passage != nullptr) write_passage(json, *record.passage);
    write_record(json, record, look_.secrets);
    json.end_object();
    out += '\n';
}

} // namespace inspect
