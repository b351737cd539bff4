// Does one thing that must stop the program. The tests stops.* run it and see that it does, and what it says.
//
//   mqttwire_stops CASE
#include "mqttwire/result.hpp"

#include <cstdio>
#include <string_view>

using namespace mqttwire;

namespace {

struct Number {
    int number = 0;
};

int read(std::string_view what)
{
    const Result<Number> value(detail::InPlace{});
    const Result<Number> error = Error{.code = Errc::utf8_null, .field = Field::topic, .offset = 4294967295U};
    if (what == "none") return value->number + (*value).number + value.value().number;
    if (what == "value") return error.value().number;
    if (what == "star") return (*error).number;
    if (what == "arrow") return error->number;
    if (what == "error") return value.error().offset == 0 ? 0 : 1;
    return 1;
}

} // namespace

int main(int argc, char** argv)
{
    const int result = argc == 2 ? read(argv[1]) : 1;
    std::puts("went on");
    return result;
}
