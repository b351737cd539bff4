// A program that runs beside us, with its standard input and output as lines of text. Every wait ends after `patience`.
#pragma once

#include "socket.hpp"

#include <source_location>
#include <string>
#include <string_view>
#include <sys/types.h>
#include <vector>

namespace interop {

class Process {
public:
    /// Starts a program with its arguments.
    explicit Process(const std::vector<std::string>& command);
    /// Kills it if it still runs.
    ~Process();
    Process(const Process&) = delete;
    Process& operator=(const Process&) = delete;

    void write_line(std::string_view line);
    /// The next line without its end.
    std::string read_line(const std::source_location& where = std::source_location::current());
    /// Waits until it has ended by itself, which must be with exit status 0 and without another line.
    void expect_end(const std::source_location& where = std::source_location::current());

private:
    /// Adds what has been written to `unread_`; false at the end.
    bool read_more(const std::source_location& where);

    pid_t id_ = -1;
    Descriptor input_;
    Descriptor output_;
    std::string unread_;
};

} // namespace interop
