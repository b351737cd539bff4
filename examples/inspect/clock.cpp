#include "clock.hpp"

#include <fmt/format.h>

#include <chrono>

namespace inspect {

namespace {

std::string in_form(std::int64_t microseconds, const char* form)
{
    using namespace std::chrono;
    const sys_time<std::chrono::microseconds> point{std::chrono::microseconds(microseconds)};
    const sys_days day = floor<days>(point);
    const year_month_day date(day);
    const hh_mm_ss clock(point - day);
    return fmt::format(fmt::runtime(form), static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
        static_cast<unsigned>(date.day()), clock.hours().count(), clock.minutes().count(), clock.seconds().count(),
        clock.subseconds().count());
}

} // namespace

std::string date_and_time(std::int64_t microseconds)
{
    return in_form(microseconds, "{:04}-{:02}-{:02} {:02}:{:02}:{:02}.{:06} UTC");
}

std::string iso_time(std::int64_t microseconds)
{
    return in_form(microseconds, "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:06}Z");
}

} // namespace inspect
