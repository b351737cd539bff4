// Prints docs/errors.md from the table of errors. Run it to renew the page:
//
//   build/test/tests/readme/mqttwire_error_page > docs/errors.md
#include <mqttwire/error.hpp>

#include <iostream>
#include <string>
#include <string_view>

namespace mq = mqttwire;

namespace {

constexpr std::string_view opening = R"(# Errors

Every check has a code of its own, `mqttwire::Errc`. This page is printed from the table in
[error.hpp](../include/mqttwire/error.hpp), and a test holds it against that table. MQTT 3.1 has no numbered statements.
Where a packet or field has a statement of its own, it follows the general one.

| code | what is wrong | 3.1.1 | 5.0 | answered with |
| --- | --- | --- | --- | --- |
)";

/// The statement that a check enforces in general, and those for single packets and fields.
std::string clauses(mq::Errc code, mq::Version version)
{
    const bool flags = code == mq::Errc::wrong_flags; // each packet type has a statement, most of them the same
    const std::string_view general =
        clause({.code = code, .packet = flags ? mq::PacketType::connect : mq::PacketType{}}, version);
    std::string cell(general);
    const auto add = [&](mq::PacketType packet, mq::Field field, std::string_view where) {
        const std::string_view own = clause({.code = code, .field = field, .packet = packet}, version);
        if (own == general || own.empty()) return;
        if (!cell.empty()) cell += "<br>";
        cell += std::string(name(packet)) + std::string(where) + ": " + std::string(own);
    };
    for (unsigned type = 1; type <= 15; ++type) {
        const auto packet = static_cast<mq::PacketType>(type);
        if (flags) {
            add(packet, mq::Field::fixed_header, "");
            continue;
        }
        for (unsigned value = 0; value <= static_cast<unsigned>(mq::Field::properties); ++value) {
            const auto field = static_cast<mq::Field>(value);
            add(packet, field, " " + std::string(name(field)));
        }
    }
    return cell;
}

} // namespace

int main()
{
    std::cout << opening;
    for (const mq::ErrorRow& row : mq::error_table) {
        if (row.code == mq::Errc::none) continue;
        std::cout << "| `" << row.name << "` | " << row.text << " | " << clauses(row.code, mq::Version::v3_1_1) << " | "
                  << clauses(row.code, mq::Version::v5) << " | " << name(row.reason_code) << " |\n";
    }
    return 0;
}
