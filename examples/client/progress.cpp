#include "progress.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <unistd.h>

namespace client {

namespace {

using namespace std::chrono_literals;

constexpr auto interval = 250ms;
constexpr auto not_long = 500ms; ///< of which nothing is shown

} // namespace

Progress::Progress(bool is_on) : is_on_(is_on && ::isatty(STDERR_FILENO) == 1) {}

void Progress::show(std::size_t done, std::size_t all)
{
    if (!is_on_) return;
    const auto now = Clock::now();
    if (done < done_ || begun_ == Clock::time_point{}) {
        begun_ = now;
        next_ = now + not_long;
    }
    done_ = done;
    if (now < next_) return;
    next_ = now + interval;
    const double seconds = std::chrono::duration<double>(now - begun_).count();
    const double speed = static_cast<double>(done) / seconds;
    const double left = static_cast<double>(all - done) / std::max(speed, 1.0);
    constexpr double megabyte = 1e6;
    fmt::print(stderr, "\r\x1b[K{:.1f} of {:.1f} MB, {} %, {:.1f} MB/s, {:.0f} s left",
        static_cast<double>(done) / megabyte, static_cast<double>(all) / megabyte,
        done * 100 / std::max<std::size_t>(all, 1), speed / megabyte, left);
    std::fflush(stderr);
    is_shown_ = true;
}

void Progress::clear()
{
    if (!is_shown_) return;
    fmt::print(stderr, "\r\x1b[K");
    std::fflush(stderr);
    is_shown_ = false;
}

} // namespace client
