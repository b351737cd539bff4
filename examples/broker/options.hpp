// What the command line says.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace broker {

struct Options {
    std::string address = "0.0.0.0";
    std::uint16_t port = 1883;
    std::string certificate{}; ///< with a key: TLS on the same port
    std::string key{};
    std::string password_file{}; ///< as mosquitto_passwd writes it; without it everybody may come in
    std::string state_file{}; ///< keeps sessions, messages with QoS 1 and 2, and retained messages
    std::uint32_t maximum_packet = 1'048'576; ///< bytes
    std::size_t maximum_backlog = 16'777'216; ///< bytes that wait for one connection, above which it is cut off
    std::size_t maximum_queue = 16'777'216; ///< bytes of messages with QoS 1 and 2 that wait for one client
    std::size_t maximum_connections = 100'000;
    std::size_t maximum_subscriptions = 10'000; ///< of one client
    std::size_t maximum_filters = 4'194'304; ///< bytes of memory for all filters of one client
    std::size_t maximum_retained = 67'108'864; ///< bytes of memory for all retained messages
    std::uint32_t maximum_session_expiry = 0xFFFFFFFF; ///< seconds
    unsigned sys_interval = 10; ///< seconds between the messages of $SYS; 0: none
    bool verbose = false;
};

/// Reads the command line; ends the program for --help or a mistake.
Options parse_options(int argc, char** argv);

} // namespace broker
