// Result<T>: a value or an Error, with the interface of std::expected, usable without exceptions.
#pragma once

#include "mqttwire/config.hpp"
#include "mqttwire/error.hpp"
#include "mqttwire/leniency.hpp"

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <new>
#include <string_view>
#include <type_traits>
#include <utility>
#if MQTTWIRE_MESSAGES
#include <cstdio>
#endif

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

/// Asks for a result whose content somebody will construct who does not know its type, see Result::storage.
struct Erased {};

/// What a Result is besides its content, the same for all types.
struct Outcome {
    bool has_value;
    Leniency let_pass;
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

/// Puts an error into a union's memory unless something better has come there in the end: what a constructor that
/// throws leaves behind.
class OtherwiseError {
public:
    constexpr OtherwiseError(void* memory, const Error& error) noexcept : memory_(memory), error_(error) {}
    OtherwiseError(const OtherwiseError&) = delete;
    OtherwiseError& operator=(const OtherwiseError&) = delete;
    ~OtherwiseError()
    {
        if (memory_ != nullptr) ::new (memory_) Error(error_);
    }
    void dismiss() noexcept { memory_ = nullptr; }

private:
    void* memory_;
    Error error_;
};

inline namespace MQTTWIRE_CODE {

[[noreturn]] MQTTWIRE_THIN inline void stop() noexcept
{
#if defined(__GNUC__)
    __builtin_trap();
#else
    for (;;) *static_cast<volatile int*>(nullptr) = 0;
#endif
}

/// Stops the program because a result holds this error (none: a value) and was taken to hold the other.
[[noreturn]] MQTTWIRE_NOINLINE inline void stop_at_result(Errc code, Field field, std::uint32_t offset) noexcept
{
#if MQTTWIRE_MESSAGES
    const auto say = [](std::string_view text) { std::fwrite(text.data(), 1, text.size(), stderr); };
    if (code == Errc::none) {
        say("mqttwire: error() of a result that has a value\n");
    } else {
        char digits[10];
        std::size_t first = sizeof digits;
        do digits[--first] = static_cast<char>('0' + offset % 10);
        while ((offset /= 10) != 0);
        say("mqttwire: the value of a result that is an error: ");
        say(name(code));
        say(" (");
        say(text(code));
        say("), field ");
        say(name(field));
        say(", byte ");
        say({digits + first, sizeof digits - first});
        say("\n");
    }
    std::fflush(stderr);
#else
    static_cast<void>(code);
    static_cast<void>(field);
    static_cast<void>(offset);
#endif
    stop();
}

// While compiling, a message of the compiler is all that can be said. It names the functions that it was in, and with
// them the check and the field that are their arguments: in the end it cannot call one that is not constexpr.

template <Errc Check>
[[noreturn]] void broken_rule() noexcept
{
    stop();
}

template <std::size_t... Codes>
constexpr void name_rule(Errc code, std::index_sequence<Codes...>)
{
    ((code == static_cast<Errc>(Codes) ? broken_rule<static_cast<Errc>(Codes)>() : void()), ...);
}

/// The place is a Field, or the PropertyId of one that is a property.
template <auto Place>
constexpr void broken_constant_in(Errc code)
{
    name_rule(code, std::make_index_sequence<error_table.size()>{});
}

template <std::size_t... Fields, std::size_t... Properties>
constexpr void name_place(Errc code, Field field, std::index_sequence<Fields...>, std::index_sequence<Properties...>)
{
    constexpr auto at = [](std::size_t index) { return static_cast<Field>(index + std::size_t{0x40}); };
    ((field == at(Fields) ? broken_constant_in<at(Fields)>(code) : void()), ...);
    ((field == mqttwire::field(property_table[Properties].id) ? broken_constant_in<property_table[Properties].id>(code)
                                                              : void()),
        ...);
}

// At -O0 g++ would compile what is for the compiler alone, unless it is told so in the way of C++23.
#if defined(__GNUC__) && !defined(__clang__) && __GNUC__ >= 12
#define MQTTWIRE_WHILE_COMPILING consteval
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wc++23-extensions"
#else
#define MQTTWIRE_WHILE_COMPILING (std::is_constant_evaluated())
#endif

/// Stops the program, or the compiler.
template <class = config::Code>
MQTTWIRE_THIN constexpr void no_value_but(Errc code, Field field, std::uint32_t offset) noexcept
{
    if MQTTWIRE_WHILE_COMPILING {
        name_place(code, field, std::make_index_sequence<field_names.size()>{},
            std::make_index_sequence<property_table.size()>{});
    } else {
        stop_at_result(code, field, offset);
    }
}

} // namespace MQTTWIRE_CODE

} // namespace detail

/// A value of type T, or the Error that prevented it. Like std::expected<T, Error>, but access without a value stops
/// the program instead of throwing, and `let_pass` tells which deviations a lenient decode met.
template <class T>
class [[nodiscard]] Result {
    using Held = detail::DefaultConstructed<T>;

public:
    using value_type = T;
    using error_type = Error;

    constexpr Result(const T& value) noexcept(std::is_nothrow_copy_constructible_v<T>)
        : held_(detail::InPlace{}, value), outcome_{true, Leniency::none}
    {
    }
    constexpr Result(T&& value) noexcept(std::is_nothrow_move_constructible_v<T>)
        : held_(detail::InPlace{}, std::move(value)), outcome_{true, Leniency::none}
    {
    }
    constexpr Result(const Error& error) noexcept : error_(error), outcome_{false, Leniency::none} {}

    /// Builds the value in place: from its defaults, or from the arguments.
    constexpr explicit Result(detail::InPlace) noexcept : held_(), outcome_{true, Leniency::none} {}
    template <class... Args>
        requires(sizeof...(Args) > 0)
    constexpr explicit Result(detail::InPlace in_place, Args&&... args)
        : held_(in_place, std::forward<Args>(args)...), outcome_{true, Leniency::none}
    {
    }

    /// For decoders that do not know T: holds nothing at first.
    explicit Result(detail::Erased) noexcept {} // NOLINT(cppcoreguidelines-pro-type-member-init)
    /// Where the value (by `construct_value`) or an Error is constructed; `outcome` must then tell which of them it is.
    void* storage() noexcept { return static_cast<void*>(&error_); }
    constexpr detail::Outcome& outcome() noexcept { return outcome_; }
    /// Constructs a value, of its defaults or of the arguments, in the `storage()` of a Result<T>.
    template <class... Args>
    static T& construct_value(void* storage, Args&&... args)
    {
        if constexpr (sizeof...(Args) == 0) return (::new (storage) Held())->value;
        else return (::new (storage) Held(detail::InPlace{}, std::forward<Args>(args)...))->value;
    }

    constexpr Result(const Result&)
        requires std::is_trivially_copy_constructible_v<T>
    = default;
    Result(const Result& other) noexcept(std::is_nothrow_copy_constructible_v<T>) : error_(), outcome_(other.outcome_)
    {
        if (outcome_.has_value) construct_value(storage(), other.held_.value);
        else error_ = other.error_;
    }
    constexpr Result& operator=(const Result&)
        requires std::is_trivially_copy_constructible_v<T> && std::is_trivially_copy_assignable_v<T>
        && std::is_trivially_destructible_v<T>
    = default;
    /// If a copy of the value throws, this result stays as it was; unless the value that was copied cannot be moved
    /// without throwing either, and does: then the result holds Error{} if it held a value.
    Result& operator=(const Result& other)
    {
        if (this == &other) return *this;
        if (!other.outcome_.has_value) {
            become(other.error_);
        } else if constexpr (std::is_nothrow_copy_constructible_v<T>) {
            become_value(other.held_.value);
        } else {
            T copy(other.held_.value);
            become_value(std::move(copy));
        }
        outcome_ = other.outcome_;
        return *this;
    }
    constexpr ~Result()
        requires std::is_trivially_destructible_v<T>
    = default;
    constexpr ~Result()
    {
        if (outcome_.has_value) held_.~DefaultConstructed();
    }

    constexpr bool has_value() const noexcept { return outcome_.has_value; }
    constexpr explicit operator bool() const noexcept { return outcome_.has_value; }

    /// The value; there must be one. Checked while compiling, and where MQTTWIRE_ASSERTIONS is 1.
    template <class = config::Code>
    constexpr T& operator*() & noexcept
    {
        assert_value();
        return held_.value;
    }
    template <class = config::Code>
    constexpr const T& operator*() const& noexcept
    {
        assert_value();
        return held_.value;
    }
    template <class = config::Code>
    constexpr T&& operator*() && noexcept
    {
        assert_value();
        return std::move(held_.value);
    }
    template <class = config::Code>
    constexpr T* operator->() noexcept MQTTWIRE_LIFETIMEBOUND
    {
        assert_value();
        return &held_.value;
    }
    template <class = config::Code>
    constexpr const T* operator->() const noexcept MQTTWIRE_LIFETIMEBOUND
    {
        assert_value();
        return &held_.value;
    }

    /// The value; stops the program if there is none.
    template <class = config::Code>
    constexpr T& value() & noexcept
    {
        require_value();
        return held_.value;
    }
    template <class = config::Code>
    constexpr const T& value() const& noexcept
    {
        require_value();
        return held_.value;
    }
    template <class = config::Code>
    constexpr T&& value() && noexcept
    {
        require_value();
        return std::move(held_.value);
    }

    /// The error; stops the program if there is none.
    template <class = config::Code>
    constexpr const Error& error() const noexcept
    {
        if (outcome_.has_value) [[unlikely]]
            detail::no_value_but(Errc::none, Field::packet, 0);
        return error_;
    }

    template <class U>
    constexpr T value_or(U&& otherwise) const
    {
        return has_value() ? held_.value : static_cast<T>(std::forward<U>(otherwise));
    }

    /// Calls f, which gives a Result, with the value; an error goes through.
    template <class F>
    constexpr auto and_then(F&& f) const
    {
        using Next = std::remove_cvref_t<decltype(detail::invoke(std::declval<F>(), std::declval<const T&>()))>;
        static_assert(detail::is_result<Next>, "and_then takes a function that gives a Result");
        return has_value() ? detail::invoke(std::forward<F>(f), held_.value) : Next(error_);
    }

    /// Calls f with the value and wraps what it gives; an error goes through.
    template <class F>
    constexpr auto transform(F&& f) const
    {
        using Next = Result<std::remove_cvref_t<decltype(detail::invoke(std::declval<F>(), std::declval<const T&>()))>>;
        return has_value() ? Next(detail::invoke(std::forward<F>(f), held_.value)) : Next(error_);
    }

    /// Calls f, which gives a Result<T>, with the error; a value goes through.
    template <class F>
    constexpr Result or_else(F&& f) const
    {
        return has_value() ? *this : detail::invoke(std::forward<F>(f), error_);
    }

    /// The deviations that leniency let pass while decoding this value.
    constexpr Leniency let_pass() const noexcept { return outcome_.let_pass; }

    friend constexpr bool operator==(const Result& a, const Result& b)
        requires requires(const T& t) { t == t; }
    {
        if (a.has_value() != b.has_value()) return false;
        return a.has_value() ? a.held_.value == b.held_.value : a.error_ == b.error_;
    }
    /// Compares with a bare value. (The first operand is deduced so that nothing is converted to a Result for it.)
    template <std::same_as<Result> R, class U>
        requires(!detail::is_result<U>) && requires(const T& t, const U& b) { t == b; }
    friend constexpr bool operator==(const R& a, const U& b)
    {
        return a.has_value() && *a == b;
    }

    /// For decoders: replaces the value by an error.
    constexpr void fail(const Error& error) noexcept
    {
        if (std::is_constant_evaluated()) {
            *this = error;
        } else {
            become(error);
            outcome_.has_value = false;
        }
    }
    /// For encoders: gives the error another code.
    constexpr void rename_error(Errc code) noexcept { error_.code = code; }
    /// For decoders: notes what leniency let pass.
    constexpr void note(Leniency let_pass) noexcept { outcome_.let_pass = let_pass; }

private:
    template <class = config::Code>
    MQTTWIRE_THIN constexpr void assert_value() const noexcept
    {
#if MQTTWIRE_ASSERTIONS
        require_value();
#else
        if MQTTWIRE_WHILE_COMPILING {
            require_value();
        }
#endif
    }
    template <class = config::Code>
    MQTTWIRE_THIN constexpr void require_value() const noexcept
    {
        if (!outcome_.has_value) [[unlikely]]
            detail::no_value_but(error_.code, error_.field, error_.offset);
    }

    void become(const Error& error) noexcept
    {
        if constexpr (!std::is_trivially_destructible_v<T>)
            if (outcome_.has_value) held_.~DefaultConstructed();
        ::new (storage()) Error(error);
    }
    template <class U>
    void become_value(U&& value)
    {
        const Error before = outcome_.has_value ? Error{} : error_;
        become(before);
        outcome_.has_value = false;
        if constexpr (std::is_nothrow_constructible_v<T, U>) {
            construct_value(storage(), std::forward<U>(value));
        } else {
            detail::OtherwiseError guard(storage(), before);
            construct_value(storage(), std::forward<U>(value));
            guard.dismiss();
        }
    }

    union {
        Held held_;
        Error error_;
    };
    detail::Outcome outcome_;
};

#undef MQTTWIRE_WHILE_COMPILING
#if defined(__GNUC__) && !defined(__clang__) && __GNUC__ >= 12
#pragma GCC diagnostic pop
#endif

} // namespace mqttwire::inline MQTTWIRE_ABI
