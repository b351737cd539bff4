// The enumerators against the tables of their names: who adds one without its row, or a row under another name, is told
// so here. No table of the library is asked which enumerators there are, for the compiler knows.
#include "mqttwire/session/engine.hpp"
#include "mqttwire/session/error.hpp"
#include "mqttwire/session/flows.hpp"
#include "mqttwire/session/journal.hpp"
#include "mqttwire/session/keep_alive.hpp"
#include "mqttwire/session/outcome.hpp"
#include "unit/check.hpp"

#include <array>
#include <string_view>
#include <utility>

using namespace check;

namespace {

/// The name of an enumerator as it is declared; empty for a value that has none.
template <auto Value>
consteval std::string_view declared_name()
{
    std::string_view text = __PRETTY_FUNCTION__;
    text.remove_prefix(text.find("Value = ") + 8);
    if (text.front() == '(') return {};
    text = text.substr(0, text.find_first_of(";]"));
    return text.substr(text.rfind(':') + 1);
}

template <class Enum, std::size_t... Values>
consteval auto declared_names(std::index_sequence<Values...>)
{
    return std::array{declared_name<static_cast<Enum>(Values)>()...};
}

/// By value, the names of all enumerators.
template <class Enum>
constexpr auto names_of = declared_names<Enum>(std::make_index_sequence<256>{});

/// The table names what is declared and nothing else.
template <class Enum, class NameOf>
void check_names(NameOf name_of)
{
    Differences differences;
    for (std::size_t value = 0; value < 256; ++value)
        differences.expect_same(names_of<Enum>[value], name_of(static_cast<Enum>(value)), value);
    CHECK(differences.text() == "");
}

std::string lower_case(std::string_view text)
{
    std::string result;
    for (const char c : text) result += static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
    return result;
}

} // namespace

TEST_CASE("the compiler tells the names of enumerators")
{
    STATIC_REQUIRE(declared_name<Version::v3_1>() == "v3_1");
    STATIC_REQUIRE(declared_name<Errc::none>() == "none");
    STATIC_REQUIRE(declared_name<static_cast<Version>(6)>().empty());
    STATIC_REQUIRE(declared_name<static_cast<Errc>(255)>().empty());
}

TEST_CASE("every error has a row of its own name")
{
    check_names<Errc>([](Errc code) {
        return static_cast<std::size_t>(code) < error_table.size() ? name(code) : std::string_view{};
    });
}

TEST_CASE("every reason code has a row of its own name")
{
    check_names<ReasonCode>([](ReasonCode code) {
        // These share their value with a name that they have in one packet.
        const std::string_view declared = names_of<ReasonCode>[static_cast<std::size_t>(code)];
        return name(code).empty() || declared.empty() ? name(code) : declared;
    });
    for (const ReasonCodeRow& row : reason_code_table)
        CHECK_FALSE(names_of<ReasonCode>[static_cast<std::size_t>(row.code)].empty());
}

TEST_CASE("every property has a row of its own name, and is the field of that name")
{
    check_names<PropertyId>([](PropertyId id) { return name(id); });
}

TEST_CASE("every field that is no property has its own name")
{
    check_names<Field>([](Field field) { return property(field) ? std::string_view{} : name(field); });
}

TEST_CASE("every packet type has a row of its own name")
{
    Differences differences;
    for (std::size_t value = 0; value < 256; ++value) {
        const std::string_view table = value == 0 ? "" : name(static_cast<PacketType>(value));
        differences.expect_same(
            std::string(names_of<PacketType>[value]), table == "reserved" ? "" : lower_case(table), value);
    }
    CHECK(differences.text() == "");
}

TEST_CASE("every place of properties has its own name")
{
    Differences differences;
    for (std::size_t value = 0; value < 256; ++value)
        differences.expect_same(
            std::string(names_of<PropertyPlace>[value]), lower_case(name(static_cast<PropertyPlace>(value))), value);
    CHECK(differences.text() == "");
}

TEST_CASE("every flag of leniency has a row of its own name")
{
    check_names<Leniency>([](Leniency flag) { return flag == Leniency::none ? std::string_view("none") : name(flag); });
}

TEST_CASE("every fault of a session has a row of its own name")
{
    check_names<session::Fault>([](session::Fault code) {
        return static_cast<std::size_t>(code) < session::fault_table.size() ? name(code) : std::string_view{};
    });
}

TEMPLATE_TEST_CASE("every enumerator of a session has its own name, and no other value has one", "", session::Blame,
    session::Change, session::Event, session::Flow, session::KeepAliveDue, session::LoadFault, session::RecordKind,
    session::State)
{
    check_names<TestType>([](TestType value) { return name(value); });
    // While compiling, where a look behind the names is found.
    STATIC_REQUIRE([] {
        for (std::size_t value = 0; value < 256; ++value)
            if (name(static_cast<TestType>(value)) != names_of<TestType>[value]) return false;
        return true;
    }());
}
