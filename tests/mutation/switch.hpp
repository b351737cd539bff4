// Lets one program be many mutants: the environment variable MQTTWIRE_MUTANT tells which one it is, none without it.
// Included before everything else when the mutated headers are compiled. While compiling no mutant is on.
//
// An operator is switched by an object in its place, with the same precedence: `a <Switch<Less, LessEqual>{7}> b` is
// `a < b`, and `a <= b` in mutant 7.
#pragma once

#include <cstdlib>
#include <type_traits>

namespace mutation {

inline const int active = [] {
    const char* const number = std::getenv("MQTTWIRE_MUTANT");
    return number == nullptr ? -1 : std::atoi(number);
}();

constexpr bool on(int mutant) noexcept
{
    if (std::is_constant_evaluated()) return false;
    return active == mutant;
}

// NOLINTBEGIN(bugprone-macro-parentheses): a macro parameter is an operator
#define MQTTWIRE_MUTATION_OPERATOR(name, op)                                                                           \
    struct name {                                                                                                      \
        constexpr auto operator()(const auto& a, const auto& b) const { return a op b; }                               \
    }
MQTTWIRE_MUTATION_OPERATOR(Less, <);
MQTTWIRE_MUTATION_OPERATOR(LessEqual, <=);
MQTTWIRE_MUTATION_OPERATOR(Greater, >);
MQTTWIRE_MUTATION_OPERATOR(GreaterEqual, >=);
MQTTWIRE_MUTATION_OPERATOR(Equal, ==);
MQTTWIRE_MUTATION_OPERATOR(NotEqual, !=);
MQTTWIRE_MUTATION_OPERATOR(BitAnd, &);
MQTTWIRE_MUTATION_OPERATOR(BitOr, |);
MQTTWIRE_MUTATION_OPERATOR(Plus, +);
MQTTWIRE_MUTATION_OPERATOR(Minus, -);
MQTTWIRE_MUTATION_OPERATOR(ShiftLeft, <<);
MQTTWIRE_MUTATION_OPERATOR(ShiftRight, >>);
#undef MQTTWIRE_MUTATION_OPERATOR

template <class Old, class New>
struct Switch {
    int mutant;
};

/// A switched operator that has its left operand.
template <class A, class Old, class New>
struct Half {
    const A& a;
    int mutant;

    template <class B>
    constexpr auto with(const B& b) const -> decltype(Old{}(a, b))
    {
        return on(mutant) ? New{}(a, b) : Old{}(a, b);
    }
};

#define MQTTWIRE_MUTATION_SWITCH(before, after)                                                                        \
    template <class A, class Old, class New>                                                                           \
    constexpr Half<A, Old, New> operator before(const A & a, Switch<Old, New> which)                                   \
    {                                                                                                                  \
        return {a, which.mutant};                                                                                      \
    }                                                                                                                  \
    template <class A, class Old, class New, class B>                                                                  \
    constexpr auto operator after(const Half<A, Old, New>& half, const B& b)                                           \
    {                                                                                                                  \
        return half.with(b);                                                                                           \
    }
MQTTWIRE_MUTATION_SWITCH(<, >)
MQTTWIRE_MUTATION_SWITCH(==, ==)
MQTTWIRE_MUTATION_SWITCH(&, &)
MQTTWIRE_MUTATION_SWITCH(|, |)
MQTTWIRE_MUTATION_SWITCH(+, +)
MQTTWIRE_MUTATION_SWITCH(<<, <<)
#undef MQTTWIRE_MUTATION_SWITCH
// NOLINTEND(bugprone-macro-parentheses)

/// `Not{7} ->* x` is `!x`, and `x` in mutant 7; it binds as tightly as `!` does.
struct Not {
    int mutant;
};
constexpr bool operator->*(Not which, const auto& value) { return static_cast<bool>(value) == on(which.mutant); }

} // namespace mutation
