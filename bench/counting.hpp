// What callgrind counts, where a program runs under it and was told to wait (--instr-atstart=no).
#pragma once

#if __has_include(<valgrind/callgrind.h>)
#include <valgrind/callgrind.h>
#define BENCH_HAS_CALLGRIND 1
#else
#define BENCH_HAS_CALLGRIND 0
#endif

namespace bench {

/// False if the program was built where valgrind's header was not: then nothing can be counted.
inline constexpr bool can_count = BENCH_HAS_CALLGRIND;

/// Counts the instructions of a call alone, and dumps them as a part of callgrind's output.
template <class Call>
void count(Call call)
{
#if BENCH_HAS_CALLGRIND
    CALLGRIND_START_INSTRUMENTATION;
#endif
    call();
#if BENCH_HAS_CALLGRIND
    CALLGRIND_STOP_INSTRUMENTATION;
    CALLGRIND_DUMP_STATS;
#endif
}

} // namespace bench
