#include "json_printer.hpp"

#include "json.hpp"
#include "record_json.hpp"

namespace inspect {

void JsonPrinter::print(const Record& record, std::string& out)
{
    JsonWriter json(out);
    json.begin_object();
    write_record(json, record);
    json.end_object();
    out += '\n';
}

} // namespace inspect
