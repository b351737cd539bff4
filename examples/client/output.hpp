// What mqttwire-client shows: messages, or every packet as mqttwire-inspect shows it.
#pragma once

#include "options.hpp"

#include "inspect/printer.hpp"

#include <mqttwire/framer.hpp>

#include <cstdint>
#include <memory>
#include <span>

namespace client {

/// A message as a line: its topic and its payload; on a terminal quoted and escaped, for they may hold anything.
void print_message(const mq::Publish& publish, bool payload_only);

/// Packets of both directions.
class PacketOutput {
public:
    PacketOutput(Output output, mq::Version version);

    bool is_on() const { return printer_ != nullptr; }
    /// Of a packet whose payload follows in pieces what stands before it is shown.
    void sent(std::span<const std::byte> packets);
    void received(const mq::Frame& frame) { print(frame.bytes(), mq::Role::client, "<-"); }

private:
    void print(std::span<const std::byte> packet, mq::Role receiver, const char* arrow);

    Output output_;
    mq::Version version_;
    std::unique_ptr<inspect::Printer> printer_;
    std::uint64_t offset_ = 0;
};

} // namespace client
