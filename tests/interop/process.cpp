#include "process.hpp"

#include "check.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

extern char** environ;

namespace interop {
namespace {

struct Pipe {
    Descriptor reading;
    Descriptor writing;
};

Pipe make_pipe()
{
    std::array<int, 2> ends{};
    if (pipe2(ends.data(), O_CLOEXEC) != 0) throw Failure(std::string("pipe: ") + std::strerror(errno));
    return {Descriptor(ends[0]), Descriptor(ends[1])};
}

} // namespace

Process::Process(const std::vector<std::string>& command)
{
    Pipe input = make_pipe();
    Pipe output = make_pipe();
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, input.reading.number(), STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions, output.writing.number(), STDOUT_FILENO);
    std::vector<char*> arguments;
    for (const std::string& argument : command) arguments.push_back(const_cast<char*>(argument.c_str()));
    arguments.push_back(nullptr);
    const int fault = posix_spawnp(&id_, arguments[0], &actions, nullptr, arguments.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    if (fault != 0) throw Failure(command[0] + " cannot be run: " + std::strerror(fault));
    input_ = std::move(input.writing);
    output_ = std::move(output.reading);
}

Process::~Process()
{
    if (id_ > 0) {
        kill(id_, SIGKILL);
        waitpid(id_, nullptr, 0);
    }
}

void Process::write_line(std::string_view line)
{
    const std::string text = std::string(line) + "\n";
    const ssize_t written = write(input_.number(), text.data(), text.size());
    expect(written == static_cast<ssize_t>(text.size()), "a program that listens");
}

bool Process::read_more(const std::source_location& where)
{
    pollfd waiting{.fd = output_.number(), .events = POLLIN, .revents = 0};
    const auto limit = std::chrono::duration_cast<std::chrono::milliseconds>(patience);
    expect(poll(&waiting, 1, static_cast<int>(limit.count())) == 1, "the program to say something", where);
    std::array<char, 4096> buffer{};
    const ssize_t size = read(output_.number(), buffer.data(), buffer.size());
    if (size <= 0) return false;
    unread_.append(buffer.data(), static_cast<std::size_t>(size));
    return true;
}

std::string Process::read_line(const std::source_location& where)
{
    std::size_t end = 0;
    while ((end = unread_.find('\n')) == std::string::npos)
        if (!read_more(where)) throw Failure("the program has ended", where);
    const std::string line = unread_.substr(0, end);
    unread_.erase(0, end + 1);
    return line;
}

void Process::expect_end(const std::source_location& where)
{
    input_.close();
    while (read_more(where)) {
    }
    expect_text(unread_, "", where);
    int status = 0;
    waitpid(std::exchange(id_, -1), &status, 0);
    expect(status == 0, "exit status 0", where);
}

} // namespace interop
