#include "output.hpp"

#include "inspect/explain_printer.hpp"
#include "inspect/json_printer.hpp"
#include "inspect/paint.hpp"
#include "inspect/record.hpp"

#include <mqttwire/fmt.hpp>

#include <cstdio>
#include <string>
#include <unistd.h>

namespace client {

void print_message(const mq::Publish& publish, bool payload_only)
{
    const mq::Binary& payload = publish.payload;
    if (!payload_only && ::isatty(STDOUT_FILENO) == 1) {
        fmt::print("{} {}\n", publish.topic, mq::Text(payload.view()));
        return;
    }
    if (!payload_only) fmt::print("{} ", publish.topic.view());
    std::fwrite(payload.view().data(), 1, payload.size(), stdout);
    std::fputc('\n', stdout);
    std::fflush(stdout);
}

PacketOutput::PacketOutput(Output output, mq::Version version) : output_(output), version_(version)
{
    const inspect::Look look{.paint = inspect::Paint(::isatty(STDOUT_FILENO) == 1)};
    if (output == Output::explain) printer_ = std::make_unique<inspect::ExplainPrinter>(inspect::Reading{}, look);
    else if (output == Output::json) printer_ = std::make_unique<inspect::JsonPrinter>(look);
}

void PacketOutput::sent(std::span<const std::byte> packets)
{
    mq::Framer framer({});
    while (is_on() && !packets.empty()) {
        std::span<const std::byte> rest = packets;
        const auto frame = framer.next(rest);
        const auto packet = frame ? frame->bytes() : packets; // not all of it if its payload follows
        print(packet, mq::Role::server, "->");
        packets = packets.subspan(packet.size());
    }
}

void PacketOutput::print(std::span<const std::byte> packet, mq::Role receiver, const char* arrow)
{
    if (!is_on()) return;
    std::string out;
    if (output_ == Output::explain) out = fmt::format("{} ", arrow);
    printer_->print(inspect::read_record(offset_, packet, version_, {.leniency = {}, .role = receiver}), out);
    offset_ += packet.size();
    std::fwrite(out.data(), 1, out.size(), stdout);
    std::fflush(stdout);
}

} // namespace client
