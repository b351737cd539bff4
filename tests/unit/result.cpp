// Result<T>: a value or an error, as std::expected.
#include "unit/check.hpp"

#include <memory>
#include <new>
#include <stdexcept>
#include <string>

using namespace check;

namespace {

constexpr Error some_error{.code = Errc::utf8_null, .offset = 7};

Result<int> half(int number)
{
    if (number % 2 != 0) return some_error;
    return number / 2;
}

} // namespace

TEST_CASE("a value")
{
    Result<int> result = 42;
    CHECK(result.has_value());
    CHECK(static_cast<bool>(result));
    CHECK(*result == 42);
    CHECK(result.value() == 42);
    CHECK(result.value_or(1) == 42);
    CHECK(result == 42);
    CHECK_FALSE(result == 41);
    *result = 43;
    CHECK(result == Result<int>(43));
    const Result<std::string> text = std::string("text");
    CHECK(text->size() == 4);
    CHECK(text.let_pass() == Leniency::none);
    Result<std::string> moved = std::string("moved");
    CHECK(std::move(moved).value() == "moved");
    Result<std::string> taken = std::string("taken");
    const Result<std::string> refused = some_error;
    const Result<std::string> copy_of_refused(refused);
    CHECK(copy_of_refused.error() == some_error);
    CHECK(*std::move(taken) == "taken");
}

TEST_CASE("an error")
{
    const Result<int> result = some_error;
    CHECK_FALSE(result.has_value());
    CHECK_FALSE(static_cast<bool>(result));
    CHECK(result.error() == some_error);
    CHECK(result.value_or(1) == 1);
    CHECK_FALSE(result == 42);
    CHECK(result == Result<int>(some_error));
    CHECK_FALSE(result == Result<int>(Error{.code = Errc::utf8_null, .offset = 8}));
    CHECK_FALSE(result == Result<int>(0));
}

TEST_CASE("chains")
{
    CHECK(Result<int>(8).and_then(half).and_then(half) == 2);
    CHECK(Result<int>(6).and_then(half).and_then(half).error() == some_error);
    CHECK(Result<int>(some_error).and_then(half).error() == some_error);
    CHECK(Result<int>(3).transform([](int number) { return std::to_string(number); }) == std::string("3"));
    CHECK(Result<int>(some_error).transform([](int number) { return std::to_string(number); }).error() == some_error);
    CHECK(Result<int>(some_error).or_else([](const Error& error) {
        return Result<int>(static_cast<int>(error.offset));
    }) == 7);
    CHECK(Result<int>(3).or_else([](const Error&) { return Result<int>(0); }) == 3);
}

TEST_CASE("chains over packets")
{
    const Bytes wire = bytes("30 04 00 01 74 70");
    const auto topic =
        Publish::decode(wire, Version::v3_1_1).transform([](const Publish& publish) { return publish.topic; });
    CHECK(topic == Text("t"));
    CHECK(Publish::decode(wire, Version::v3_1_1).transform(&Publish::topic) == Text("t"));
    CHECK(Publish::decode(wire, Version::v3_1_1).transform(&Publish::first_byte) == std::uint8_t{0x30});
    const auto missing =
        Publish::decode(bytes("30"), Version::v3_1_1).transform([](const Publish& publish) { return publish.topic; });
    CHECK(missing.error().code == Errc::incomplete);
}

TEST_CASE("copies of values that own something")
{
    const auto shared = std::make_shared<int>(1);
    {
        Result<std::shared_ptr<int>> result = shared;
        Result<std::shared_ptr<int>> copy = result;
        CHECK(shared.use_count() == 3);
        copy = some_error;
        CHECK(shared.use_count() == 2);
        copy = result;
        CHECK(shared.use_count() == 3);
        const Result<std::shared_ptr<int>>& self = copy;
        copy = self;
        CHECK(**copy == 1);
        result = copy;
        CHECK(shared.use_count() == 3);
    }
    CHECK(shared.use_count() == 1);
}

namespace {

/// Owns something, counts what there is of it, and throws when it is copied for the last time that was allowed.
struct Copied {
    inline static int alive = 0;
    inline static int copies_allowed = 1000;

    int* owned;

    explicit Copied(int number) : owned(new int(number)) { ++alive; }
    Copied(const Copied& other) : owned(new int(*other.owned))
    {
        if (copies_allowed-- == 0) {
            delete owned;
            throw std::runtime_error("no more copies");
        }
        ++alive;
    }
    Copied& operator=(const Copied&) = delete;
    ~Copied()
    {
        delete owned;
        --alive;
    }
};

/// The same, but moving it does not throw.
struct Moved : Copied {
    using Copied::Copied;
    Moved(const Moved&) = default;
    Moved(Moved&& other) noexcept : Copied(*other.owned) {}
};

template <class T>
void assign_with_throwing_copy(int copies_allowed)
{
    {
        Copied::copies_allowed = 1000;
        const Result<T> two(mqttwire::detail::InPlace{}, 2);
        Result<T> value(mqttwire::detail::InPlace{}, 1);
        Result<T> error = some_error;
        Copied::copies_allowed = copies_allowed;
        CHECK_THROWS_AS(value = two, std::runtime_error);
        if (copies_allowed == 0) CHECK((value.has_value() && *value->owned == 1));
        else CHECK(value.error() == Error{});
        Copied::copies_allowed = copies_allowed;
        CHECK_THROWS_AS(error = two, std::runtime_error);
        CHECK(error.error() == some_error);
        CHECK(*two->owned == 2);
        Copied::copies_allowed = 0;
        const Result<T>& self = error;
        error = self;
        CHECK(error.error() == some_error);
        CHECK_THROWS_AS(Result<T>(two), std::runtime_error);
        Copied::copies_allowed = 1000;
        error = two;
        CHECK(*error->owned == 2);
        error = some_error;
        CHECK(error.error() == some_error);
    }
    CHECK(Copied::alive == 0);
}

} // namespace

TEST_CASE("a copy that throws leaves a result as it was, and destroys nothing twice")
{
    assign_with_throwing_copy<Copied>(0);
    assign_with_throwing_copy<Copied>(1); // the copy was made, and throws on its way in
    assign_with_throwing_copy<Moved>(0);
}

TEST_CASE("a value or an error is constructed in a result by somebody who does not know its type")
{
    Result<std::string> result{mqttwire::detail::Erased{}};
    ::new (result.storage()) Error(some_error);
    result.outcome() = {false, Leniency::none};
    CHECK(result.error() == some_error);
    CHECK(&Result<std::string>::construct_value(result.storage(), "text") == result.storage());
    result.outcome() = {true, Leniency::v3_connack};
    CHECK(result == std::string("text"));
    CHECK(result.let_pass() == Leniency::v3_connack);
    result.fail(some_error);
    CHECK(result.error() == some_error);
}

namespace {

/// A number that is gone once it was destroyed.
class Mortal {
public:
    explicit Mortal(int number) : number_(number) {}
    Mortal(const Mortal& other) : number_(other.number_) {}
    Mortal& operator=(const Mortal& other)
    {
        number_ = other.number_;
        return *this;
    }
    ~Mortal() { number_ = 0; }

    int number() const { return number_; }

private:
    volatile int number_; // or the compiler would see that nobody may read what a destructor wrote
};

} // namespace

TEST_CASE("a result that is assigned to itself stays as it is")
{
    Result<Mortal> value{Mortal(7)};
    value.note(Leniency::v3_connack);
    const Result<Mortal>& same_value = value;
    value = same_value;
    REQUIRE(value);
    CHECK(value->number() == 7);
    CHECK(value.let_pass() == Leniency::v3_connack);
    Result<Mortal> error = some_error;
    const Result<Mortal>& same_error = error;
    error = same_error;
    REQUIRE_FALSE(error);
    CHECK(error.error() == some_error);
    Result<int> number = 7;
    const Result<int>& same_number = number;
    number = same_number;
    CHECK(number == 7);
}

TEST_CASE("results of packets are trivial, and work while compiling")
{
    STATIC_REQUIRE(std::is_trivially_copyable_v<Result<Publish>>);
    STATIC_REQUIRE(std::is_trivially_destructible_v<Result<Connect>>);
    STATIC_REQUIRE(Result<int>(4).transform([](int number) { return number + 1; }) == 5);
    STATIC_REQUIRE(Result<int>(some_error).error().offset == 7);
}
