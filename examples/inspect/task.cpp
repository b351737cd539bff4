#include "task.hpp"

#include "cases.hpp"
#include "inspection.hpp"
#include "json_printer.hpp"

namespace inspect {

std::unique_ptr<Task> make_task(const Options& options)
{
    if (options.mode == Mode::cases) return std::make_unique<Cases>(options.reading);
    return std::make_unique<Inspection>(options, std::make_unique<JsonPrinter>());
}

} // namespace inspect
