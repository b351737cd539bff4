// The library's version numbers and the one switch that tunes code generation.
#pragma once

#define MQTTWIRE_VERSION_MAJOR 0
#define MQTTWIRE_VERSION_MINOR 1
#define MQTTWIRE_VERSION_PATCH 0

// Forces the small steps of the wire walkers into their caller. It is worth a third of the time of a decode, and costs
// compile time and code size, so it is on only where the compiler optimises for speed. Define it (empty, say) to
// choose.
#ifndef MQTTWIRE_ALWAYS_INLINE
#if defined(__GNUC__) && defined(__OPTIMIZE__) && !defined(__OPTIMIZE_SIZE__)
#define MQTTWIRE_ALWAYS_INLINE [[gnu::always_inline]]
#else
#define MQTTWIRE_ALWAYS_INLINE
#endif
#endif

namespace mqttwire::config {

/// True where the compiler was told to make the code small (-Os): walkers then share code instead of spreading it.
#if defined(__OPTIMIZE_SIZE__)
inline constexpr bool optimise_for_size = true;
#else
inline constexpr bool optimise_for_size = false;
#endif

/// True where one walk serves all versions that are known at run time only, and both phases of encoding. One for each
/// would be faster, but makes more code, and unoptimised code is better compiled soon.
#if defined(__OPTIMIZE_SIZE__) || (defined(__GNUC__) && !defined(__OPTIMIZE__))
inline constexpr bool share_walks = true;
#else
inline constexpr bool share_walks = false;
#endif

} // namespace mqttwire::config
