// Checks the table of vectors on the machine that it runs on. It needs printf and nothing else: no heap, no files, no
// exceptions. Prints the vectors that fail and `N passed, N failed`.
#include "constexpr_vectors/vector_case.hpp"
#include "vector_table.hpp"

#include <array>
#include <cstddef>
#include <cstdio>
#include <span>

#if defined(__has_feature)
#if __has_feature(memory_sanitizer)
#include <sanitizer/msan_interface.h>
#define MQTTWIRE_TEST_MEMORY 1
#endif
#endif

namespace {

constexpr std::size_t largest_vector = [] {
    std::size_t largest = 0;
    for (const mqttwire::test::VectorCase& vector : mqttwire::test::vector_table)
        if (vector.bytes.size > largest) largest = vector.bytes.size;
    return largest;
}();

/// Packets stand at every alignment in turn.
constexpr std::size_t alignments = 8;

std::array<std::byte, largest_vector + alignments> input;
std::array<std::byte, largest_vector + alignments> storage;
std::array<std::byte, largest_vector + alignments> output;

/// Nothing was written here yet: MemorySanitizer, where it is on, tells of every byte that is looked at before it is.
void forget([[maybe_unused]] std::span<std::byte> bytes)
{
#if defined(MQTTWIRE_TEST_MEMORY)
    __msan_poison(bytes.data(), bytes.size());
#endif
}

bool holds_here(const mqttwire::test::VectorCase& vector, std::size_t shift)
{
    forget(input);
    forget(storage);
    forget(output);
    return holds(vector, std::span(input).subspan(shift, vector.bytes.size),
        std::span(storage).subspan(shift, vector.bytes.size), std::span(output).subspan(shift, vector.canonical.size));
}

} // namespace

int main()
{
    unsigned passed = 0;
    unsigned failed = 0;
    for (const mqttwire::test::VectorCase& vector : mqttwire::test::vector_table) {
        if (holds_here(vector, (passed + failed) % alignments)) {
            ++passed;
        } else {
            ++failed;
            std::printf("failed: %s\n", vector.id);
        }
    }
    std::printf("%u passed, %u failed\n", passed, failed);
    return failed == 0 ? 0 : 1;
}
