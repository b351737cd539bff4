// The exchanges that most scenarios are made of.
#pragma once

#include "connection.hpp"

#include <mqttwire/mqttwire.hpp>

#include <source_location>

namespace interop {

/// Sends a message and goes through the handshake of its QoS.
void publish(Connection& sender, const mq::Publish& message,
    const std::source_location& where = std::source_location::current());

/// Takes in a message and goes through the handshake of its QoS.
mq::Publish receive_message(Connection& receiver, const std::source_location& where = std::source_location::current());

/// The next packet must be this message, with a packet identifier of the sender's choice; then comes the handshake.
void expect_message(
    Connection& receiver, mq::Publish message, const std::source_location& where = std::source_location::current());

} // namespace interop
