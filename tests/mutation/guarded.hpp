// Memory with an end that bites: behind it lies a page that nobody may touch, so that a mutant that reads or writes too
// far is noticed whatever it makes of what is there.
#pragma once

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cstddef>
#include <new>
#include <span>

namespace mqttwire::test {

class Guarded {
public:
    Guarded()
    {
        const auto page = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
        void* const pages =
            ::mmap(nullptr, capacity + page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (pages == MAP_FAILED) throw std::bad_alloc();
        end_ = static_cast<std::byte*>(pages) + capacity;
        if (::mprotect(end_, page, PROT_NONE) != 0) throw std::bad_alloc();
    }
    Guarded(const Guarded&) = delete;
    Guarded& operator=(const Guarded&) = delete;

    /// `size` bytes that end where the memory ends, in place of those before.
    std::span<std::byte> room(std::size_t size, std::byte fill)
    {
        if (size > capacity) throw std::bad_alloc();
        const std::span<std::byte> bytes(end_ - size, size);
        std::fill(bytes.begin(), bytes.end(), fill);
        return bytes;
    }
    /// A copy of the bytes that ends where the memory ends, in place of those before.
    std::span<const std::byte> copy(std::span<const std::byte> bytes)
    {
        const std::span<std::byte> to = room(bytes.size(), {});
        std::copy(bytes.begin(), bytes.end(), to.begin());
        return to;
    }

private:
    static constexpr std::size_t capacity = std::size_t{1} << 22U;
    std::byte* end_ = nullptr;
};

} // namespace mqttwire::test
