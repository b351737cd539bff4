// Times the work of a case and its floor in turn, so that both see the same state of the machine.
#pragma once

#include "case.hpp"
#include "run.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdio>

namespace bench {

inline constexpr std::size_t samples_per_case = 301;

/// Nanoseconds a packet over many passes through the corpus.
struct Distribution {
    double median;
    double lower_quartile;
    double upper_quartile;

    /// The middle half of the samples, in per cent of the median.
    double spread() const { return 100 * (upper_quartile - lower_quartile) / median; }
};

struct Timing {
    Distribution work;
    Distribution floor;
};

using Samples = std::array<double, samples_per_case>;

inline Distribution distribution(Samples samples)
{
    std::sort(samples.begin(), samples.end());
    return {samples[samples.size() / 2], samples[samples.size() / 4], samples[samples.size() * 3 / 4]};
}

/// Nanoseconds a packet for one pass.
inline double time_pass(const Work& work)
{
    using Clock = std::chrono::steady_clock;
    const Clock::time_point start = Clock::now();
    run(work, packets_per_corpus);
    const std::chrono::duration<double, std::nano> duration = Clock::now() - start;
    return duration.count() / packets_per_corpus;
}

inline Timing measure(const Prepared& prepared)
{
    Samples work;
    Samples floor;
    for (std::size_t i = 0; i < samples_per_case; ++i) {
        floor[i] = time_pass(prepared.floor);
        work[i] = time_pass(prepared.work);
    }
    return {distribution(work), distribution(floor)};
}

inline void print_header()
{
    std::printf(
        "%-34s %9s %8s   %-5s %9s %8s   %6s\n", "case", "ns/packet", "spread", "floor", "ns/packet", "spread", "ratio");
}

inline void print_row(const Case& which, const Timing& timing)
{
    std::printf("%-34s %9.1f %7.0f%%   %-5.*s %9.1f %7.0f%%   %6.2f\n", which.name.c_str(), timing.work.median,
        timing.work.spread(), static_cast<int>(which.floor_name.size()), which.floor_name.data(), timing.floor.median,
        timing.floor.spread(), timing.work.median / timing.floor.median);
    std::fflush(stdout);
}

} // namespace bench
