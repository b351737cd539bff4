// What the command line of mqttwire-client says; Text and Binary point into it.
#pragma once

#include "network/stream.hpp"

#include <mqttwire/mqttwire.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace client {

namespace mq = mqttwire;

enum class Command { publish, subscribe };
enum class Output { lines, explain, json };

/// A message without its payload.
struct MessageOptions {
    std::string topic{};
    mq::QoS qos{};
    bool retain = false;
    std::optional<std::uint32_t> expiry{};
    std::optional<mq::Text> content_type{};
    std::optional<mq::Text> response_topic{};
    std::optional<mq::Binary> correlation_data{};
    bool is_text = false;
    std::vector<mq::UserProperty> user_properties{};
};

struct Options {
    Command command{};
    network::Target target{};
    bool tls = false;
    std::string ca_file{}; ///< empty: the system's
    bool insecure = false;
    mq::Version version = mq::Version::v5;
    std::string client_id{};
    std::optional<mq::Text> user_name{};
    std::optional<mq::Binary> password{};
    std::uint16_t keep_alive = 60;
    bool clean_start = false;
    std::optional<std::uint32_t> session_expiry{}; ///< seconds; without it the session lives as long as the program
    std::optional<MessageOptions> will{};
    std::string will_payload{};
    std::uint32_t will_delay = 0;

    MessageOptions message{};
    std::optional<std::string> payload{};
    std::string file{}; ///< whose contents are the payload; "-": standard input
    bool lines = false; ///< each line of standard input is a message

    std::vector<std::string> filters{};
    bool no_local = false;
    bool retain_as_published = false;
    std::optional<std::uint32_t> identifier{};
    std::uint64_t count = 0; ///< messages to wait for; 0: without end
    bool payload_only = false;

    Output output = Output::lines;
    bool quiet = false;
    unsigned attempts = 0; ///< connections to try in a row; 0: without end
};

/// Reads the command line; ends the program for --help or a mistake.
Options parse_options(int argc, char** argv);

} // namespace client
