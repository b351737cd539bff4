// Counted: an amount of memory that is counted in the total of the program for as long as it is there, so that the
// total can be kept below a limit.
#pragma once

#include <cstddef>

namespace network {

class Counted {
public:
    Counted() = default;
    ~Counted() { set(0); }
    Counted(const Counted&) = delete;
    Counted& operator=(const Counted&) = delete;

    void set(std::size_t bytes)
    {
        total_ += bytes - bytes_;
        bytes_ = bytes;
    }
    std::size_t bytes() const { return bytes_; }
    /// Of all that is counted, in one thread.
    static std::size_t total() { return total_; }

private:
    static inline std::size_t total_ = 0;
    std::size_t bytes_ = 0;
};

} // namespace network
