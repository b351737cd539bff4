#include "run.hpp"

#include "task.hpp"

#include "support/catch.hpp"

#include <memory>

namespace mqttwire::test {

Outcome run(const inspect::Options& options, std::string_view input, std::size_t piece)
{
    const std::unique_ptr<inspect::Task> task = inspect::make_task(options);
    std::string out;
    while (!input.empty()) {
        const std::string_view front = input.substr(0, piece);
        task->feed(front, out);
        input.remove_prefix(front.size());
    }
    task->finish(out);
    return {out, task->status(), task->complaint()};
}

std::vector<std::string> lines_of(std::string_view text)
{
    std::vector<std::string> lines;
    while (!text.empty()) {
        const std::size_t end = text.find('\n');
        REQUIRE(end != std::string_view::npos);
        lines.emplace_back(text.substr(0, end));
        text.remove_prefix(end + 1);
    }
    return lines;
}

} // namespace mqttwire::test
