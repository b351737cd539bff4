// Counted: an amount of memory that is counted in a total of the program for as long as it is there, so that the
// total can be kept below a limit.
#pragma once

#include <cstddef>

namespace network {

/// `Total` is a name for the total that it belongs to.
template <class Total>
class CountedIn {
public:
    CountedIn() = default;
    ~CountedIn() { set(0); }
    CountedIn(const CountedIn&) = delete;
    CountedIn& operator=(const CountedIn&) = delete;

    void set(std::size_t bytes)
    {
        all_bytes += bytes - bytes_;
        bytes_ = bytes;
    }
    std::size_t bytes() const { return bytes_; }
    /// Of all that is counted, in one thread.
    static std::size_t total() { return all_bytes; }

private:
    static inline std::size_t all_bytes = 0;
    std::size_t bytes_ = 0;
};

/// What is kept.
using Counted = CountedIn<struct Kept>;

} // namespace network
