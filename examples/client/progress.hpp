// Progress: a line on the terminal that says how far a long transfer is.
#pragma once

#include <chrono>
#include <cstddef>

namespace client {

class Progress {
public:
    /// Shows nothing unless it is on and standard error is a terminal.
    explicit Progress(bool is_on);

    /// So many bytes of all are gone; may be called as often as one likes.
    void show(std::size_t done, std::size_t all);
    /// Takes the line away.
    void clear();

private:
    using Clock = std::chrono::steady_clock;

    bool is_on_;
    bool is_shown_ = false;
    std::size_t done_ = 0;
    Clock::time_point begun_{};
    Clock::time_point next_{};
};

} // namespace client
