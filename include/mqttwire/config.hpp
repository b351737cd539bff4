// The library's version, and what its code is to be like: small or quick.
//
// Five macros can be defined before the first include, for a whole program or for a file of it:
//
//   MQTTWIRE_SMALL         1: packets are walked by code that is shared as far as it can be; 0: by code laid out for
//                          speed. By default 1 with -Os and on microcontrollers.
//   MQTTWIRE_OPTIMISED     1: the code is for a compiler that optimises; 0: for one that does not, or that adds checks
//                          to all of it, for which less of it is made. By default as the compiler tells, or 1, and 0
//                          with sanitizers.
//   MQTTWIRE_FORCE_INLINE  1: where speed counts, the steps of a walk are forced into it; 0: the compiler chooses.
//                          By default 1 where it optimises, without sanitizers.
//   MQTTWIRE_ASSERTIONS    1: a Result that is read without a value, and the like, stops the program.
//                          By default 1 where the standard library checks as well.
//   MQTTWIRE_MESSAGES      1: what stops the program says why on stderr first; 0: it stops in silence.
//                          By default 1 in hosted debug builds (no NDEBUG), but where MQTTWIRE_SMALL is 1.
//
// They change code and never types, so files that were compiled differently can be linked and pass packets to each
// other. What they change lies in namespaces and templates that bear the choice in their names (MQTTWIRE_CODE), so that
// each file runs the code that it was compiled to.
#pragma once

#if defined(_MSVC_LANG)
#define MQTTWIRE_LANGUAGE _MSVC_LANG
#else
#define MQTTWIRE_LANGUAGE __cplusplus
#endif
#if MQTTWIRE_LANGUAGE < 202002L
#error "mqttwire needs C++20: compile with -std=c++20 (MSVC: /std:c++20) or later"
#endif

#define MQTTWIRE_VERSION_MAJOR 0
#define MQTTWIRE_VERSION_MINOR 1
#define MQTTWIRE_VERSION_PATCH 0

#if defined(__has_feature)
#define MQTTWIRE_HAS_FEATURE(feature) __has_feature(feature)
#else
#define MQTTWIRE_HAS_FEATURE(feature) 0
#endif

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__) || MQTTWIRE_HAS_FEATURE(address_sanitizer)           \
    || MQTTWIRE_HAS_FEATURE(memory_sanitizer) || MQTTWIRE_HAS_FEATURE(thread_sanitizer)                                \
    || MQTTWIRE_HAS_FEATURE(undefined_behavior_sanitizer)
#define MQTTWIRE_SANITIZED 1
#else
#define MQTTWIRE_SANITIZED 0
#endif

#ifndef MQTTWIRE_OPTIMISED
#if (defined(__GNUC__) && !defined(__OPTIMIZE__)) || MQTTWIRE_SANITIZED
#define MQTTWIRE_OPTIMISED 0
#else
#define MQTTWIRE_OPTIMISED 1
#endif
#endif

#if (defined(__ARM_ARCH_PROFILE) && __ARM_ARCH_PROFILE == 'M') || defined(__AVR__)
#define MQTTWIRE_MICROCONTROLLER 1
#else
#define MQTTWIRE_MICROCONTROLLER 0
#endif

#ifndef MQTTWIRE_SMALL
#if defined(__OPTIMIZE_SIZE__) || MQTTWIRE_MICROCONTROLLER
#define MQTTWIRE_SMALL 1
#else
#define MQTTWIRE_SMALL 0
#endif
#endif

#ifndef MQTTWIRE_FORCE_INLINE
#if MQTTWIRE_OPTIMISED && !MQTTWIRE_SANITIZED
#define MQTTWIRE_FORCE_INLINE 1
#else
#define MQTTWIRE_FORCE_INLINE 0
#endif
#endif

#ifndef MQTTWIRE_ASSERTIONS
#if defined(_GLIBCXX_ASSERTIONS)                                                                                       \
    || (defined(_LIBCPP_HARDENING_MODE) && _LIBCPP_HARDENING_MODE != _LIBCPP_HARDENING_MODE_NONE)
#define MQTTWIRE_ASSERTIONS 1
#else
#define MQTTWIRE_ASSERTIONS 0
#endif
#endif

#ifndef MQTTWIRE_MESSAGES
#if !defined(NDEBUG) && __STDC_HOSTED__ == 1 && !MQTTWIRE_SMALL
#define MQTTWIRE_MESSAGES 1
#else
#define MQTTWIRE_MESSAGES 0
#endif
#endif

#define MQTTWIRE_JOIN(a, b, c, d) MQTTWIRE_JOIN_TOKENS(a, b, c, d)
#define MQTTWIRE_JOIN_TOKENS(a, b, c, d) a##b##c##d

// The inline namespace of everything, so that two versions of the library can live in one program.
#define MQTTWIRE_ABI MQTTWIRE_JOIN(v, MQTTWIRE_VERSION_MAJOR, _, MQTTWIRE_VERSION_MINOR)

// The inline namespace of functions whose code depends on the choices above.
#define MQTTWIRE_CODE                                                                                                  \
    MQTTWIRE_JOIN(MQTTWIRE_JOIN(code_, MQTTWIRE_SMALL, MQTTWIRE_OPTIMISED, ), MQTTWIRE_FORCE_INLINE,                   \
        MQTTWIRE_ASSERTIONS, MQTTWIRE_MESSAGES)

// How functions are laid into each other.
//
//   THIN           laid into its caller always: it is but a few instructions, or would not be seen through otherwise
//   STEP           the same, as a step of a walk, which only another step or what holds the walk calls
//   ALWAYS_INLINE  a step where speed counts; a function where size counts
//   SHARED         a step where speed counts; one function for all callers where size counts
//   NEAR           laid into its caller, but on microcontrollers one function for all callers
//   APART          where speed counts kept out of its caller, which is quicker without it
//   QUICK          laid into any code where speed counts; a function where size counts. A walk holds none that calls a
//                  step
//   ENTRY          holds a walk, and is laid into the caller's own code if the compiler takes a walk there as it is
//   WHOLE          holds a walk
//   NOINLINE       the same, and is laid into nothing, because it is rare or shared
//
// clang is told at each step to lay it into the step around it. g++ would optimise each step anew in all steps around
// it, which took a third of the time of compiling: it is told at what holds a walk to take in all of it at once
// (flatten), and then a step that is always_inline and calls one that is not would be out of order.
#if defined(__GNUC__) && MQTTWIRE_FORCE_INLINE
#define MQTTWIRE_THIN [[gnu::always_inline]]
#else
#define MQTTWIRE_THIN
#endif
#if defined(__GNUC__) && !defined(__clang__) && MQTTWIRE_FORCE_INLINE && !MQTTWIRE_SMALL
#define MQTTWIRE_FLATTEN 1
#define MQTTWIRE_STEP
#define MQTTWIRE_ENTRY [[gnu::flatten]]
#define MQTTWIRE_WHOLE [[gnu::flatten]]
#define MQTTWIRE_NOINLINE [[gnu::noinline, gnu::flatten]]
#else
#define MQTTWIRE_FLATTEN 0
#define MQTTWIRE_STEP MQTTWIRE_THIN
#define MQTTWIRE_ENTRY MQTTWIRE_THIN
#define MQTTWIRE_WHOLE
#if defined(__GNUC__)
#define MQTTWIRE_NOINLINE [[gnu::noinline]]
#else
#define MQTTWIRE_NOINLINE
#endif
#endif
#if defined(__GNUC__) && MQTTWIRE_FORCE_INLINE && !MQTTWIRE_FLATTEN
#define MQTTWIRE_STEP_LAMBDA __attribute__((always_inline)) // behind the parameters, where C++20 has no place for it
#else
#define MQTTWIRE_STEP_LAMBDA
#endif
#if MQTTWIRE_SMALL
#define MQTTWIRE_ALWAYS_INLINE
#define MQTTWIRE_SHARED MQTTWIRE_NOINLINE
#define MQTTWIRE_APART
#define MQTTWIRE_QUICK
#else
#define MQTTWIRE_ALWAYS_INLINE MQTTWIRE_STEP
#define MQTTWIRE_SHARED MQTTWIRE_STEP
#define MQTTWIRE_APART MQTTWIRE_NOINLINE
#define MQTTWIRE_QUICK MQTTWIRE_THIN
#endif

#if MQTTWIRE_MICROCONTROLLER
#define MQTTWIRE_NEAR MQTTWIRE_NOINLINE
#else
#define MQTTWIRE_NEAR MQTTWIRE_THIN
#endif

// Lifetimes, for compilers that warn where a view outlives what it views: a class whose objects point into something
// that they do not own, and a parameter into which the result of its function or the object that is constructed points.
#if defined(__has_cpp_attribute)
#if __has_cpp_attribute(clang::lifetimebound)
#define MQTTWIRE_LIFETIMEBOUND [[clang::lifetimebound]]
#endif
#if __has_cpp_attribute(gsl::Pointer)
#define MQTTWIRE_VIEW [[gsl::Pointer]]
#endif
#endif
#ifndef MQTTWIRE_LIFETIMEBOUND
#define MQTTWIRE_LIFETIMEBOUND
#endif
#ifndef MQTTWIRE_VIEW
#define MQTTWIRE_VIEW
#endif
namespace mqttwire::inline MQTTWIRE_ABI::config {

inline namespace MQTTWIRE_CODE {

/// True where walkers share code instead of spreading it.
inline constexpr bool small = MQTTWIRE_SMALL != 0;

/// True for microcontrollers, where size comes before all else.
inline constexpr bool microcontroller = MQTTWIRE_MICROCONTROLLER != 0;

/// True where one walk serves all versions that are known at run time only, and both phases of encoding: unoptimised
/// code is best compiled soon.
inline constexpr bool share_walks = small || MQTTWIRE_OPTIMISED == 0;

/// True where a walk in a version that is known while compiling is a function, to which strict rules are told.
inline constexpr bool flatten = MQTTWIRE_FLATTEN != 0;

/// True where what may be wrong with a caller's arguments is looked for although it costs time.
inline constexpr bool assertions = MQTTWIRE_ASSERTIONS != 0;

/// Bears the choices in its name. Members of types are templates with this as their default argument where their code
/// depends on the choices, and where a program that does not use them should not compile them.
struct Code;

} // namespace MQTTWIRE_CODE

} // namespace mqttwire::inline MQTTWIRE_ABI::config
