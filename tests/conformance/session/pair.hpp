// A client's and a server's session and what both do to open a connection, for the tests of sessions.
#pragma once

#include "support/catch.hpp"

#include "mqttwire/mqttwire.hpp"
#include "mqttwire/session/client.hpp"
#include "mqttwire/session/server.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace pair {

using namespace mqttwire;
using namespace mqttwire::session;

inline constexpr Capacities room{
    .outgoing = 8, .incoming = 4, .aliases_in = 4, .alias_bytes_in = 64, .aliases_out = 4, .alias_bytes_out = 64};

inline constexpr Version both_versions[] = {Version::v3_1_1, Version::v5};

struct Pair {
    Version version;
    Client<room> client{};
    Server<room> server{};
    Connect connect{.client_id = "c", .keep_alive = 60};
    ConnAck connack{};
    Time now = 1000;
    Outcome accepted{};
    Outcome connected{};

    /// A session that outlives its connections.
    explicit Pair(Version v) : version(v)
    {
        connect.version = v;
        if (v == Version::v5) connect.properties.session_expiry_interval = 100;
    }

    /// Opens a connection; `connected` is what the client makes of it.
    Outcome& open()
    {
        client.connect(connect, version, now);
        server.received(connect, now);
        accepted = server.accept(connect, connack, now);
        connected = client.received(connack, now);
        return connected;
    }
    void close()
    {
        client.closed(now);
        server.closed(now);
    }
    void reopen()
    {
        close();
        open();
    }
};

inline Publish message(QoS qos, Text topic = "t") { return {.topic = topic, .payload = "p", .qos = qos}; }

inline constexpr QoS once = QoS::exactly_once;
inline constexpr QoS at_least = QoS::at_least_once;

/// The bytes of an answer, as hexadecimal digits.
inline std::string bytes_of(const Outcome& outcome, Version version)
{
    std::array<std::byte, 16> buffer{};
    const auto written = encode_answer(outcome, buffer, version);
    REQUIRE(written);
    std::string text;
    for (const std::byte byte : *written) {
        constexpr char digits[] = "0123456789ABCDEF";
        text += digits[static_cast<unsigned>(byte) >> 4U];
        text += digits[static_cast<unsigned>(byte) & 15U];
    }
    return text;
}

/// A fault of the peer: named, with what is sent before closing.
inline void fails(const Outcome& outcome, Fault fault, PacketType answer, ReasonCode code = ReasonCode::success)
{
    CHECK(name(outcome.fault) == name(fault));
    CHECK(outcome.close);
    CHECK(outcome.answer == answer);
    if (answer != PacketType{}) CHECK(outcome.reason_code == code);
}
inline void fails(const Outcome& outcome, Fault fault, Version version, ReasonCode code)
{
    if (version == Version::v5) fails(outcome, fault, PacketType::disconnect, code);
    else fails(outcome, fault, PacketType{});
}
inline void refuses(const Outcome& outcome, Fault fault)
{
    CHECK(name(outcome.fault) == name(fault));
    CHECK_FALSE(outcome.close);
    CHECK(outcome.answer == PacketType{});
}

} // namespace pair
