// mqttwire-inspect: shows every MQTT control packet in a stream of bytes.
#include "capture.hpp"
#include "options.hpp"
#include "status.hpp"
#include "task.hpp"
#include "traffic.hpp"

#include <fcntl.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace {

using namespace inspect;

constexpr std::size_t piece_size = 1U << 16U;
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

void tell(std::string_view text, std::string_view more = {})
{
    std::string line = "mqttwire-inspect: ";
    line += text;
    line += more;
    line += '\n';
    write_out(STDERR_FILENO, line);
}

int complain(Status status, std::string_view text, std::string_view more = {})
{
    tell(text, more);
    return static_cast<int>(status);
}

/// As read(2), but for interruptions by signals.
ssize_t read_some(int file, char* buffer, std::size_t size)
{
    for (;;) {
        const ssize_t count = ::read(file, buffer, size);
        if (count >= 0 || errno != EINTR) return count;
    }
}

/// The first bytes of the input, which tell what it is; nothing if it cannot be read.
std::optional<std::string> read_beginning(int input)
{
    std::string beginning;
    std::array<char, piece_size> piece;
    while (beginning.size() < magic_size && (beginning.empty() || is_capture(beginning))) {
        const ssize_t count = read_some(input, piece.data(), piece.size());
        if (count < 0) return std::nullopt;
        if (count == 0) break;
        beginning.append(piece.data(), static_cast<std::size_t>(count));
    }
    return beginning;
}

/// Why the input cannot be read, in words that begin with its name.
std::string input_error(const Options& options)
{
    const std::string reason = std::strerror(errno);
    return (options.file == "-" ? "standard input" : options.file) + ": " + reason;
}

/// Whatever stands in the way of reading or writing, in words; empty if nothing does. What is known is written before
/// the program waits for more.
std::string run(Task& task, const Options& options, std::string_view beginning, int input)
{
    const auto piece = std::make_unique<std::array<char, piece_size>>();
    std::string out;
    out.reserve(output_kept);
    task.feed(beginning, out);
    for (;;) {
        if (!write_out(STDOUT_FILENO, out)) return std::strerror(errno);
        const ssize_t count = read_some(input, piece->data(), piece->size());
        if (count < 0) return input_error(options);
        if (count == 0) break;
        task.feed({piece->data(), static_cast<std::size_t>(count)}, out);
    }
    task.finish(out);
    return write_out(STDOUT_FILENO, out) ? "" : std::strerror(errno);
}

int show_stream(const Options& options, std::string_view beginning, int input)
{
    const std::unique_ptr<Task> task = make_task(options);
    if (const std::string obstacle = run(*task, options, beginning, input); !obstacle.empty())
        return complain(Status::usage, obstacle);
    if (!task->complaint().empty()) return complain(task->status(), task->complaint());
    return static_cast<int>(task->status());
}

int show_capture(const Options& options, std::string_view beginning, int input)
{
    Traffic traffic(options, make_printer(options));
    std::string out;
    const std::string complaint = read_capture(
        beginning,
        [input](char* buffer, std::size_t size) { return static_cast<long>(read_some(input, buffer, size)); }, traffic,
        out, [&out] { return write_out(STDOUT_FILENO, out); });
    if (!complaint.empty()) tell(complaint);
    for (const std::string& remark : traffic.remarks()) tell(remark);
    return static_cast<int>(complaint.empty() ? traffic.status() : Status::usage);
}

/// Columns of the terminal that is written to; 0 if it is none.
std::uint32_t terminal_width()
{
    if (::isatty(STDOUT_FILENO) == 0) return 0;
    if (const char* const columns = std::getenv("COLUMNS"))
        if (const int width = std::atoi(columns); width > 0) return static_cast<std::uint32_t>(width);
    winsize size{};
    return ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
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
    if (options.mode == Mode::help || options.mode == Mode::version) {
        std::string text = options.mode == Mode::help ? help() : program_version();
        return write_out(STDOUT_FILENO, text) ? 0 : complain(Status::usage, std::strerror(errno));
    }
    options.colours = wants_colours();
    if (!options.width) options.width = terminal_width();

    int input = STDIN_FILENO;
    if (options.file != "-") input = ::open(options.file.c_str(), O_RDONLY | O_CLOEXEC);
    if (input < 0) return complain(Status::usage, input_error(options));

    const std::optional<std::string> beginning = read_beginning(input);
    if (!beginning) return complain(Status::usage, input_error(options));
    const bool may_be_capture = !options.hex && options.mode != Mode::cases;
    if (may_be_capture && reads_captures() && beginning->size() >= magic_size && is_capture(*beginning))
        return show_capture(options, *beginning, input);
    return show_stream(options, *beginning, input);
}
