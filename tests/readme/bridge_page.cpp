// Prints docs/bridging.md from the tables of bridge.hpp. Run it to renew the page:
//
//   build/test/tests/readme/mqttwire_bridge_page > docs/bridging.md
#include <mqttwire/bridge.hpp>

#include <iostream>
#include <string>
#include <string_view>

namespace mq = mqttwire;

namespace {

constexpr std::string_view opening = R"(# Bridging versions

What `mqttwire::bridge` makes of each packet, property, reason code and option when it crosses from one version to another.
This page is printed from the tables in [bridge.hpp](../include/mqttwire/bridge.hpp), and a test holds it against them.
What is lost is reported, each value as a `Loss`. Between versions that both know a thing it stays as it is.

## Packets

"None" is a packet without a counterpart: what to do about it is the advice.

| packet | 5.0 to 3.1.1 and 3.1 | 3.1.1 and 3.1 to 5.0 | advice if there is none |
| --- | --- | --- | --- |
)";

constexpr std::string_view advices = R"(
- `end_flow`: answer the sender in the receiver's place, so that its exchange ends: PUBACK; PUBREC and then PUBCOMP; a SUBACK
  or UNSUBACK that refuses. A PUBLISH with QoS 0 is ignored instead. A counterpart may come with this advice too: a PUBREC that
  refuses becomes one that accepts, and the PUBREL that answers it must not be passed on.
- `close`: close the connection. So too where a PUBLISH has an alias only: resolve it before, or announce no aliases.
- `ignore`: drop the packet.

Between 3.1.1 and 3.1 the same packets cross as they are, but for what the rows on 3.1 say.

## Properties

Where they go from 5.0 to 3.x. The other way there are none; CONNECT is given the Session Expiry Interval that Clean Session
means.

| property | what becomes of it | what the bridge can do itself |
| --- | --- | --- |
)";

std::string_view fate(mq::PropertyFate fate)
{
    switch (fate) {
    case mq::PropertyFate::lost: return "lost";
    case mq::PropertyFate::clean_session:
        return "in CONNECT kept if Clean Session says the same (0 with 1, 0xFFFFFFFF with 0), else lost";
    case mq::PropertyFate::prevents: return "a CONNECT with it has no counterpart; elsewhere lost";
    }
    return {};
}

/// What becomes of a reason code of 5.0 in a packet of 3.1.1.
std::string becomes(mq::ReasonCode code, mq::PacketType packet)
{
    if (!may_carry(packet, code)) return "";
    switch (packet) {
    case mq::PacketType::connack: return std::to_string(*to_return_code(mq::nearest_return_code(code)));
    case mq::PacketType::suback: return is_failure(code) ? "0x80" : "the same";
    case mq::PacketType::disconnect: return code == mq::ReasonCode::success ? "the packet" : "none: close";
    case mq::PacketType::auth: return "none: close";
    case mq::PacketType::pubrec: return is_failure(code) ? "the packet, `end_flow`" : "the packet";
    default: return "the packet";
    }
}

void print_reason_codes()
{
    using enum mq::PacketType;
    constexpr mq::PacketType packets[] = {connack, puback, pubrec, pubrel, pubcomp, suback, unsuback, disconnect, auth};
    std::cout << "\n## Reason codes\n\nWhat becomes of them from 5.0 to 3.1.1: the return code of CONNACK, the code of "
                 "SUBACK, or the packet alone. All but\n0x00, and but those that are the same or have a return code of "
                 "their own, are reported. The return codes 0 to 5 come back as\n";
    for (std::uint8_t code = 0; code < 6; ++code)
        std::cout << (code == 0 ? "" : ", ") << name(*mq::from_return_code(code));
    std::cout << ".\n\n| reason code |";
    for (const mq::PacketType packet : packets) std::cout << ' ' << name(packet) << " |";
    std::cout << "\n| --- |";
    for ([[maybe_unused]] const mq::PacketType packet : packets) std::cout << " --- |";
    for (const mq::ReasonCodeRow& row : mq::reason_code_table) {
        std::cout << "\n| " << row.name << " |";
        for (const mq::PacketType packet : packets) std::cout << ' ' << becomes(row.code, packet) << " |";
    }
    std::cout << '\n';
}

} // namespace

int main()
{
    std::cout << opening;
    for (const mq::BridgedPacketRow& row : mq::bridged_packet_table)
        std::cout << "| " << name(row.type) << " | " << row.to_3 << " | " << row.to_5 << " | `" << name(row.advice)
                  << "` |\n";
    std::cout << advices;
    for (const mq::BridgedPropertyRow& row : mq::bridged_property_table)
        std::cout << "| `" << name(row.id) << "` | " << fate(row.fate) << " | " << row.text << " |\n";
    print_reason_codes();
    std::cout << "\n## Options\n\n| option | packet | from and to | what becomes of it |\n| --- | --- | --- | --- |\n";
    for (const mq::BridgedOptionRow& row : mq::bridged_option_table)
        std::cout << "| `" << row.name << "` | " << name(row.packet) << " | " << row.when << " | " << row.text
                  << " |\n";
    return 0;
}
