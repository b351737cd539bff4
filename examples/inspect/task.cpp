#include "task.hpp"

#include "cases.hpp"
#include "explain_printer.hpp"
#include "inspection.hpp"
#include "json_printer.hpp"
#include "line_printer.hpp"
#include "paint.hpp"
#include "stats_printer.hpp"

namespace inspect {

std::unique_ptr<Printer> make_printer(const Options& options)
{
    const Look look{Paint(options.colours), options.width.value_or(0), options.secrets};
    switch (options.mode) {
    case Mode::explain: return std::make_unique<ExplainPrinter>(options.reading, look);
    case Mode::json: return std::make_unique<JsonPrinter>(look);
    case Mode::stats: return std::make_unique<StatsPrinter>(look);
    default: return std::make_unique<LinePrinter>(options.reading, look);
    }
}

std::unique_ptr<Task> make_task(const Options& options)
{
    if (options.mode == Mode::cases) return std::make_unique<Cases>(options.reading);
    return std::make_unique<Inspection>(options, make_printer(options));
}

} // namespace inspect
