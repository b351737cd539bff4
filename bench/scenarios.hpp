// The packets that are measured. A scenario makes packet number n of a corpus, and changes a packet that it made before
// into number n, which is what a program does that keeps its messages.
#pragma once

#include "topics.hpp"

#include "mqttwire/mqttwire.hpp"

#include <array>
#include <cstddef>
#include <cstdint>

namespace bench {

using namespace mqttwire;

inline constexpr std::size_t packets_per_corpus = 4096;

/// Packet identifiers go from 1 to 4,096.
constexpr std::uint16_t packet_id(std::size_t n) { return static_cast<std::uint16_t>(n % packets_per_corpus + 1); }

/// PUBLISH with one topic of a table and a payload that all share.
template <Version V, QoS Qos, std::size_t PayloadSize, const auto& TopicTable = ascii_topics>
struct PublishScenario {
    using Packet = Publish;
    static constexpr Version version = V;

    std::array<std::byte, PayloadSize> payload{};

    Publish make(std::size_t n)
    {
        Publish publish{.payload = Binary(payload.data(), payload.size()), .qos = Qos};
        change(publish, n);
        return publish;
    }

    void change(Publish& publish, std::size_t n)
    {
        publish.topic = TopicTable[n % TopicTable.size()];
        if constexpr (Qos != QoS::at_most_once) publish.packet_id = packet_id(n);
    }
};

/// PUBLISH 5.0 with four properties.
struct PublishPropertiesScenario {
    using Packet = Publish;
    static constexpr Version version = Version::v5;

    std::array<std::byte, 64> payload{};
    std::array<UserProperty, 1> trace{};

    Publish make(std::size_t n)
    {
        trace = {{{"trace", "0af7651916cd43dd"}}};
        Publish publish{.payload = Binary(payload.data(), payload.size()),
            .qos = QoS::at_least_once,
            .properties = {.payload_format_indicator = 1,
                .message_expiry_interval = 60,
                .content_type = "application/json",
                .user_property = trace}};
        change(publish, n);
        return publish;
    }

    void change(Publish& publish, std::size_t n)
    {
        publish.topic = ascii_topics[n % topic_count];
        publish.packet_id = packet_id(n);
    }
};

/// CONNECT with a will, a user name and a password.
template <Version V>
struct ConnectScenario {
    using Packet = Connect;
    static constexpr Version version = V;

    Connect make(std::size_t n)
    {
        Connect connect{.clean_start = true,
            .keep_alive = 60,
            .will = Will{.topic = "sensors/lost/all", .payload = "out of reach now", .qos = QoS::at_least_once},
            .user_name = "sensor-a",
            .password = "correct-horse-16"};
        change(connect, n);
        return connect;
    }

    void change(Connect& connect, std::size_t n) { connect.client_id = client_ids[n % topic_count]; }
};

template <Version V>
struct PubAckScenario {
    using Packet = PubAck;
    static constexpr Version version = V;

    PubAck make(std::size_t n) { return {.packet_id = packet_id(n)}; }
    void change(PubAck& puback, std::size_t n) { puback.packet_id = packet_id(n); }
};

/// SUBSCRIBE with eight filters of a table.
template <Version V, const auto& FilterTable = ascii_topics>
struct SubscribeScenario {
    using Packet = Subscribe;
    static constexpr Version version = V;
    static constexpr std::size_t filter_count = 8;

    std::array<Subscription, filter_count> made{};
    std::array<Subscription, topic_count + filter_count - 1> kept = keep();

    Subscribe make(std::size_t n)
    {
        for (std::size_t i = 0; i < filter_count; ++i)
            made[i] = {.filter = FilterTable[(n + i) % topic_count], .qos = QoS::at_least_once};
        return {.packet_id = packet_id(n), .filters = made};
    }

    void change(Subscribe& subscribe, std::size_t n)
    {
        subscribe.packet_id = packet_id(n);
        subscribe.filters = List<Subscription>(kept.data() + n % topic_count, filter_count);
    }

    static std::array<Subscription, topic_count + filter_count - 1> keep()
    {
        std::array<Subscription, topic_count + filter_count - 1> all;
        for (std::size_t i = 0; i < all.size(); ++i)
            all[i] = {.filter = FilterTable[i % topic_count], .qos = QoS::at_least_once};
        return all;
    }
};

/// SUBSCRIBE 5.0 with three filters that have options, a Subscription Identifier and two user properties.
struct SubscribeOptionsScenario {
    using Packet = Subscribe;
    static constexpr Version version = Version::v5;

    std::array<Subscription, 3> filters{};
    std::array<UserProperty, 2> origin{};

    Subscribe make(std::size_t n)
    {
        filters = {{{.filter = ascii_topics[n % topic_count], .qos = QoS::at_least_once, .no_local = true},
            {.filter = ascii_topics[(n + 1) % topic_count], .qos = QoS::exactly_once, .retain_as_published = true},
            {.filter = ascii_topics[(n + 2) % topic_count],
                .qos = QoS::at_most_once,
                .retain_handling = RetainHandling::do_not_send}}};
        origin = {{{"site", "plant-7"}, {"line", "b"}}};
        return {.packet_id = packet_id(n),
            .filters = filters,
            .properties = {.subscription_identifier = 77, .user_property = origin}};
    }

    void change(Subscribe& subscribe, std::size_t n) { subscribe.packet_id = packet_id(n); }
};

/// CONNACK 5.0 with ten properties.
struct ConnAckPropertiesScenario {
    using Packet = ConnAck;
    static constexpr Version version = Version::v5;

    std::array<UserProperty, 1> region{};

    ConnAck make(std::size_t n)
    {
        region = {{{"region", "north-1"}}};
        ConnAck connack{.properties = {.session_expiry_interval = 3600,
                            .server_keep_alive = 120,
                            .reason_string = "welcome",
                            .receive_maximum = 32,
                            .topic_alias_maximum = 16,
                            .maximum_qos = 1,
                            .retain_available = 1,
                            .user_property = region,
                            .maximum_packet_size = 65'536}};
        change(connack, n);
        return connack;
    }

    void change(ConnAck& connack, std::size_t n)
    {
        connack.properties.assigned_client_identifier = client_ids[n % topic_count];
    }
};

/// SUBACK with eight codes.
template <Version V>
struct SubAckScenario {
    using Packet = SubAck;
    static constexpr Version version = V;

    std::array<ReasonCode, 8> codes{};

    SubAck make(std::size_t n)
    {
        codes.fill(ReasonCode::granted_qos_1);
        return {.packet_id = packet_id(n), .reason_codes = codes};
    }

    void change(SubAck& suback, std::size_t n) { suback.packet_id = packet_id(n); }
};

} // namespace bench
