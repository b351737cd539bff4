// mqttwire-load: puts a broker under load. bench/broker/run calls it.
#include "link.hpp"
#include "scenarios.hpp"

#include <cstdio>
#include <cstdlib>
#include <string_view>

int main(int argc, char** argv)
{
    const std::string_view what = argc > 3 ? argv[1] : "";
    const auto number = [&](int i) { return i < argc ? std::strtoul(argv[i], nullptr, 10) : 0; };
    const auto port = static_cast<std::uint16_t>(number(2));
    if (what == "flow" && argc == 7) {
        const load::Flow flow{.qos = static_cast<mqttwire::QoS>(number(3)),
            .subscribers = static_cast<unsigned>(number(4)),
            .window = number(5)};
        load::measure_flow(port, flow, static_cast<double>(number(6)));
        return 0;
    }
    if (what == "idle") {
        load::idle(port, static_cast<unsigned>(number(3)));
        return 0;
    }
    if (what == "chaos" && argc == 5)
        return load::chaos(port, static_cast<unsigned>(number(3)), static_cast<double>(number(4))) ? 0 : 1;
    std::fputs("usage: mqttwire-load flow PORT QOS SUBSCRIBERS WINDOW SECONDS\n"
               "       mqttwire-load idle PORT CLIENTS\n"
               "       mqttwire-load chaos PORT CLIENTS SECONDS\n",
        stderr);
    return 2;
}
