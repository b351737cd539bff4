// mqttwire-inspect: shows every MQTT control packet in a stream of bytes.
#include "options.hpp"
#include "status.hpp"
#include "task.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>

namespace {

using namespace inspect;

constexpr std::size_t piece_size = 1U << 18U;
constexpr std::size_t output_kept = 1U << 20U;

/// Writes all of the text and empties it; false if that is impossible.
bool write_out(int file, std::string& text)
{
    std::string_view rest = text;
    while (!rest.empty()) {
        const ssize_t count = ::write(file, rest.data(), rest.size());
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) return false;
        rest.remove_prefix(static_cast<std::size_t>(count));
    }
    text.clear();
    return true;
}

int complain(Status status, std::string_view text, std::string_view more = {})
{
    std::string line = "mqttwire-inspect: ";
    line += text;
    line += more;
    line += '\n';
    write_out(STDERR_FILENO, line);
    return static_cast<int>(status);
}

/// Whatever stands in the way of reading or writing, in words; nullptr if nothing does. What is known is written before
/// the program waits for more.
const char* run(Task& task, int input)
{
    const auto piece = std::make_unique<std::array<char, piece_size>>();
    std::string out;
    out.reserve(output_kept);
    for (;;) {
        const ssize_t count = ::read(input, piece->data(), piece->size());
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) return std::strerror(errno);
        if (count == 0) break;
        task.feed({piece->data(), static_cast<std::size_t>(count)}, out);
        if (!write_out(STDOUT_FILENO, out)) return std::strerror(errno);
    }
    task.finish(out);
    return write_out(STDOUT_FILENO, out) ? nullptr : std::strerror(errno);
}

bool wants_colours()
{
    const char* const no_color = std::getenv("NO_COLOR");
    return (no_color == nullptr || *no_color == '\0') && ::isatty(STDOUT_FILENO) != 0;
}

} // namespace

int main(int argc, char** argv)
{
    auto [options, complaint] = parse_options({argv + 1, static_cast<std::size_t>(argc > 0 ? argc - 1 : 0)});
    if (!complaint.empty()) return complain(Status::usage, complaint, "; --help tells more");
    if (options.mode == Mode::help) {
        std::string text = help();
        return write_out(STDOUT_FILENO, text) ? 0 : complain(Status::usage, std::strerror(errno));
    }
    options.colours = wants_colours();

    int input = STDIN_FILENO;
    if (options.file != "-") input = ::open(options.file.c_str(), O_RDONLY | O_CLOEXEC);
    if (input < 0) return complain(Status::usage, options.file + ": ", std::strerror(errno));

    const std::unique_ptr<Task> task = make_task(options);
    if (const char* const obstacle = run(*task, input)) return complain(Status::usage, obstacle);
    if (!task->complaint().empty()) return complain(task->status(), task->complaint());
    return static_cast<int>(task->status());
}
