// The start of the image: the vector table of a Cortex-M. What happens from reset to main is newlib's rdimon start-up
// code, which clears .bss, asks for the heap, and sends printf and the exit code through semihosting.
#include <cstdint>
#include <cstdio>
#include <cstdlib>

extern "C" {
extern char end_of_stack; // of the linker script
[[noreturn]] void _start();
}

namespace {

using Handler = void (*)();

/// Every fault is an error of the program. Without this, the machine would only stand still.
[[noreturn]] void stop_on_fault()
{
    std::puts("failed: the processor met a fault");
    std::_Exit(EXIT_FAILURE);
}

struct ExceptionTable {
    void* initial_stack;
    Handler reset;
    Handler nmi;
    Handler hard_fault;
    Handler memory_fault;
    Handler bus_fault;
    Handler usage_fault;
};

} // namespace

[[gnu::section(".exceptions"), gnu::used]] constexpr ExceptionTable exception_table{
    &end_of_stack, _start, stop_on_fault, stop_on_fault, stop_on_fault, stop_on_fault, stop_on_fault};
