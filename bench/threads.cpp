#include "threads.hpp"

#include "case.hpp"
#include "run.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <functional>
#include <string_view>
#include <thread>
#include <vector>

namespace bench {

namespace {

constexpr std::size_t rounds = 21;
constexpr std::size_t passes = 200;

/// Decodes and encodes PUBLISH, with a corpus and a buffer of its own.
class Worker {
public:
    Worker()
    {
        for (const Case& each : all_cases())
            if (each.name == "decode/publish-qos0" || each.name == "encode/publish-qos0")
                work_.push_back(each.prepare().work);
    }

    void operator()() const
    {
        std::uint64_t sum = 0;
        for (std::size_t i = 0; i < passes; ++i)
            for (const Work& work : work_) sum += work(packets_per_corpus);
        sum_.store(sum, std::memory_order_relaxed);
    }

private:
    std::vector<Work> work_;
    mutable std::atomic<std::uint64_t> sum_; ///< keeps the work from being left out
};

double seconds(const std::function<void()>& work)
{
    const auto start = std::chrono::steady_clock::now();
    work();
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

} // namespace

void print_threads()
{
    const Worker first;
    const Worker second;
    std::array<double, rounds> gains;
    for (double& gain : gains) {
        const double one = seconds([&] { std::jthread(std::cref(first)).join(); });
        const double two = seconds([&] {
            const std::jthread other(std::cref(second));
            first();
        });
        gain = 2 * one / two;
    }
    std::sort(gains.begin(), gains.end());
    std::printf("two threads do %.2f times the work of one (publish-qos0, decode and encode; median of %zu)\n",
        gains[rounds / 2], rounds);
}

} // namespace bench
