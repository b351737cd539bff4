// What the program does with its input, without the input and output themselves.
#pragma once

#include "options.hpp"
#include "printer.hpp"
#include "status.hpp"

#include <memory>
#include <string>
#include <string_view>

namespace inspect {

/// Takes the input in pieces of any size and appends the output to a string.
class Task {
public:
    virtual ~Task() = default;
    /// Takes a piece of the input.
    virtual void feed(std::string_view piece, std::string& out) = 0;
    /// Takes notice of the end of the input.
    virtual void finish(std::string& out) = 0;

    Status status() const noexcept { return status_; }
    /// Why some of the input cannot be used; empty if all can.
    const std::string& complaint() const noexcept { return complaint_; }

protected:
    /// Notes that something is malformed or cut off.
    void fail() noexcept { status_ = worse(status_, Status::failure); }
    void complain(std::string text)
    {
        status_ = Status::usage;
        complaint_ = std::move(text);
    }

private:
    Status status_ = Status::success;
    std::string complaint_;
};

/// The printer for a mode other than cases, help and version.
std::unique_ptr<Printer> make_printer(const Options& options);

/// The task for a mode other than help and version.
std::unique_ptr<Task> make_task(const Options& options);

} // namespace inspect
