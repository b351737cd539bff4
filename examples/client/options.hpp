// What the command line of mqttwire-client says.
#pragma once

#include "network/stream.hpp"

#include <mqttwire/mqttwire.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace client {

namespace mq = mqttwire;

enum class Command { publish, subscribe };
enum class Output { lines, explain, json };

/// Properties of a message, as text of the caller's.
struct MessageOptions {
    std::string topic{};
    mq::QoS qos{};
    bool retain = false;
    std::optional<std::uint32_t> expiry{};
    std::optional<std::string> content_type{};
    std::optional<std::string> response_topic{};
    std::optional<std::string> correlation_data{};
    bool is_text = false;
    std::vector<std::pair<std::string, std::string>> user_properties{};
};

struct Options {
    Command command{};
    network::Target target{};
    bool tls = false;
    std::string ca_file{}; ///< empty: the system's
    bool insecure = false;
    mq::Version version = mq::Version::v5;
    std::string client_id{};
    std::optional<std::string> user_name{};
    std::optional<std::string> password{};
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
