#include "task.hpp"

#include "cases.hpp"
#include "explain_printer.hpp"
#include "inspection.hpp"
#include "json_printer.hpp"
#include "line_printer.hpp"
#include "paint.hpp"

namespace inspect {

namespace {

std::unique_ptr<Printer> make_printer(const Options& options)
{
    const Paint paint(options.colours);
    switch (options.mode) {
    case Mode::explain: return std::make_unique<ExplainPrinter>(options.reading, paint);
    case Mode::json: return std::make_unique<JsonPrinter>();
    default: return std::make_unique<LinePrinter>(paint);
    }
}

} // namespace

std::unique_ptr<Task> make_task(const Options& options)
{
    if (options.mode == Mode::cases) return std::make_unique<Cases>(options.reading);
    return std::make_unique<Inspection>(options, make_printer(options));
}

} // namespace inspect
