// Result<T>: a value or an Error, with the interface of std::expected, usable without exceptions.
#pragma once

#include "mqttwire/config.hpp"
#include "mqttwire/error.hpp"
#include "mqttwire/leniency.hpp"

#include <concepts>
#include <cstddef>
#include <new>
#include <type_traits>
#include <utility>

namespace mqttwire::inline MQTTWIRE_ABI {

template <class T>
class Result;

namespace detail {

template <class>
inline constexpr bool is_result = false;
template <class T>
inline constexpr bool is_result<Result<T>> = true;

/// What std::invoke does with one argument; the header that has it would take as long to compile as mqttwire.
template <class F, class T>
constexpr decltype(auto) invoke(F&& f, const T& argument)
{
    using Function = std::remove_cvref_t<F>;
    if constexpr (std::is_member_object_pointer_v<Function>) return (argument.*f);
    else if constexpr (std::is_member_function_pointer_v<Function>) return (argument.*f)();
    else return std::forward<F>(f)(argument);
}

/// Asks for a value that is built where it stands, with the defaults of its members.
struct InPlace {};

/// Asks for a result whose bytes the caller fills in.
struct Unset {};

/// What a union of the two is like.
template <class A, class B>
struct Either {
    alignas(A) alignas(B) unsigned char bytes[sizeof(A) < sizeof(B) ? sizeof(B) : sizeof(A)];
};

/// Holds a T whose default constructor runs member by member; value-initialisation would clear the whole object first.
template <class T>
struct DefaultConstructed {
    T value;
    // A defaulted one would clear `value`. NOLINTNEXTLINE(modernize-use-equals-default)
    constexpr DefaultConstructed() noexcept {}
    template <class... Args>
    constexpr explicit DefaultConstructed(InPlace, Args&&... args) : value(std::forward<Args>(args)...)
    {
    }
};

} // namespace detail

/// A value of type T, or the Error that prevented it. Like std::expected<T, Error>, but access without a value stops
/// the program instead of throwing, and `let_pass` tells which deviations a lenient decode met.
template <class T>
class [[nodiscard]] Result {
public:
    using value_type = T;
    using error_type = Error;

    constexpr Result(const T& value) noexcept
        : held_(detail::InPlace{}, value), has_value_(true), let_pass_(Leniency::none)
    {
    }
    constexpr Result(T&& value) noexcept
        : held_(detail::InPlace{}, std::move(value)), has_value_(true), let_pass_(Leniency::none)
    {
    }
    constexpr Result(const Error& error) noexcept : error_(error), has_value_(false), let_pass_(Leniency::none) {}

    /// For decoders of small programs, which fill in the bytes of a result whose type they do not know: the value or
    /// the error stands at its beginning, two bytes behind it tell which of them it is, and `let_pass`.
    static constexpr std::size_t outcome_at = sizeof(detail::Either<T, Error>);
    explicit Result(detail::Unset) noexcept {} // NOLINT(cppcoreguidelines-pro-type-member-init)

    /// Builds the value in place: from its defaults, or from the arguments.
    constexpr explicit Result(detail::InPlace) noexcept : held_(), has_value_(true), let_pass_(Leniency::none) {}
    template <class... Args>
        requires(sizeof...(Args) > 0)
    constexpr explicit Result(detail::InPlace in_place, Args&&... args)
        : held_(in_place, std::forward<Args>(args)...), has_value_(true), let_pass_(Leniency::none)
    {
    }

    constexpr Result(const Result&)
        requires std::is_trivially_copy_constructible_v<T>
    = default;
    Result(const Result& other) : has_value_(other.has_value_), let_pass_(other.let_pass_)
    {
        if (has_value_) ::new (static_cast<void*>(&held_)) detail::DefaultConstructed<T>(detail::InPlace{}, *other);
        else ::new (static_cast<void*>(&error_)) Error(other.error_);
    }
    constexpr Result& operator=(const Result&)
        requires std::is_trivially_copy_assignable_v<T>
    = default;
    Result& operator=(const Result& other)
    {
        if (this != &other) {
            this->~Result();
            ::new (static_cast<void*>(this)) Result(other);
        }
        return *this;
    }
    constexpr ~Result()
        requires std::is_trivially_destructible_v<T>
    = default;
    constexpr ~Result()
    {
        if (has_value_) held_.~DefaultConstructed();
    }

    constexpr bool has_value() const noexcept { return has_value_; }
    constexpr explicit operator bool() const noexcept { return has_value_; }

    /// The value; there must be one.
    constexpr T& operator*() & noexcept { return held_.value; }
    constexpr const T& operator*() const& noexcept { return held_.value; }
    constexpr T&& operator*() && noexcept { return std::move(held_.value); }
    constexpr T* operator->() noexcept { return &held_.value; }
    constexpr const T* operator->() const noexcept { return &held_.value; }

    /// The value; stops the program if there is none.
    constexpr T& value() &
    {
        require(has_value_);
        return held_.value;
    }
    constexpr const T& value() const&
    {
        require(has_value_);
        return held_.value;
    }
    constexpr T&& value() &&
    {
        require(has_value_);
        return std::move(held_.value);
    }

    /// The error; stops the program if there is none.
    constexpr const Error& error() const
    {
        require(!has_value_);
        return error_;
    }

    template <class U>
    constexpr T value_or(U&& otherwise) const
    {
        return has_value_ ? held_.value : static_cast<T>(std::forward<U>(otherwise));
    }

    /// Calls f, which gives a Result, with the value; an error goes through.
    template <class F>
    constexpr auto and_then(F&& f) const
    {
        using Next = std::remove_cvref_t<decltype(detail::invoke(std::declval<F>(), std::declval<const T&>()))>;
        static_assert(detail::is_result<Next>, "and_then takes a function that gives a Result");
        return has_value_ ? detail::invoke(std::forward<F>(f), held_.value) : Next(error_);
    }

    /// Calls f with the value and wraps what it gives; an error goes through.
    template <class F>
    constexpr auto transform(F&& f) const
    {
        using Next = Result<std::remove_cvref_t<decltype(detail::invoke(std::declval<F>(), std::declval<const T&>()))>>;
        return has_value_ ? Next(detail::invoke(std::forward<F>(f), held_.value)) : Next(error_);
    }

    /// Calls f, which gives a Result<T>, with the error; a value goes through.
    template <class F>
    constexpr Result or_else(F&& f) const
    {
        return has_value_ ? *this : detail::invoke(std::forward<F>(f), error_);
    }

    /// The deviations that leniency let pass while decoding this value.
    constexpr Leniency let_pass() const noexcept { return let_pass_; }

    friend constexpr bool operator==(const Result& a, const Result& b)
        requires requires(const T& t) { t == t; }
    {
        if (a.has_value_ != b.has_value_) return false;
        return a.has_value_ ? a.held_.value == b.held_.value : a.error_ == b.error_;
    }
    /// Compares with a bare value. (The first operand is deduced so that nothing is converted to a Result for it.)
    template <std::same_as<Result> R, class U>
        requires(!detail::is_result<U>)
    friend constexpr bool operator==(const R& a, const U& b)
        requires requires(const T& t) { t == b; }
    {
        return a.has_value() && *a == b;
    }

    /// For decoders: replaces the value by an error.
    constexpr void fail(const Error& error) noexcept
    {
        if (std::is_constant_evaluated()) {
            *this = error;
        } else {
            ::new (static_cast<void*>(&error_)) Error(error);
            has_value_ = false;
        }
    }
    /// For decoders: notes what leniency let pass.
    constexpr void note(Leniency let_pass) noexcept { let_pass_ = let_pass; }

private:
    static constexpr void require(bool condition) noexcept
    {
        if (!condition) {
#if defined(__GNUC__)
            __builtin_trap();
#else
            *static_cast<volatile int*>(nullptr) = 0;
#endif
        }
    }

    union {
        detail::DefaultConstructed<T> held_;
        Error error_;
    };
    bool has_value_;
    Leniency let_pass_;
};

} // namespace mqttwire::inline MQTTWIRE_ABI
