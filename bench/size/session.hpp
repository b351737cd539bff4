// A client with a session: everything from the bytes that come to the bytes that go, in one version.
#pragma once

#include "see.hpp"

#include "mqttwire/framer.hpp"
#include "mqttwire/mqttwire.hpp"
#include "mqttwire/session/client.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <variant>

template <Version version, session::Capacities capacities>
class SessionClient {
public:
    void begin(Connect& connect)
    {
        load();
        keep(session_.connect(connect, device.number));
        send(connect);
    }

    /// What has come.
    void received(std::span<const std::byte> chunk)
    {
        while (const auto frame = framer_.next(chunk)) {
            hand_in(*frame);
            send_again();
        }
    }

    void publish(QoS qos)
    {
        const session::Token token = device.number;
        Publish publish = message(token);
        publish.qos = qos;
        const session::Outcome outcome = session_.publish(publish, token, device.number);
        if (!outcome) return see(outcome.fault);
        keep(outcome);
        send(publish);
    }
    void subscribe(Subscribe& subscribe)
    {
        if (session_.subscribe(subscribe, device.number, device.number)) send(subscribe);
    }
    void unsubscribe(Unsubscribe& unsubscribe)
    {
        if (session_.unsubscribe(unsubscribe, device.number, device.number)) send(unsubscribe);
    }
    void disconnect()
    {
        const Disconnect disconnect;
        if (session_.disconnect(disconnect)) send(disconnect);
        keep(session_.closed(device.number));
    }
    void tick()
    {
        see_to(session_.tick(device.number));
        see(session_.next_deadline());
    }

private:
    template <class Packet>
    void send(const Packet& packet)
    {
        sent(packet.template encode<version>(device.to_send()));
    }
    /// Not inlined: once for all packets.
    [[gnu::noinline]] static void sent(const Result<std::span<std::byte>>& written)
    {
        if (written) device.sent_size = written->size();
    }

    void hand_in(const Frame& frame)
    {
        auto packet = decode<version, Role::client>(frame);
        if (!packet) return see(packet.error().code);
        const session::Outcome outcome = session_.received(*packet, device.number);
        if (outcome && outcome.event != session::Event::message_again) look_at(*packet);
        see_to(outcome);
    }

    /// What the application looks at besides the Outcome: messages, what became of subscriptions, and in 5.0 what the
    /// server says of the connection.
    static void look_at(const Packet& packet)
    {
        if constexpr (version == Version::v5) {
            if (const auto* publish = std::get_if<Publish>(&packet)) see_packet_5(*publish);
            else if (const auto* suback = std::get_if<SubAck>(&packet)) see_packet_5(*suback);
            else if (const auto* connack = std::get_if<ConnAck>(&packet)) see_packet_5(*connack);
            else if (const auto* unsuback = std::get_if<UnsubAck>(&packet)) see_packet_5(*unsuback);
            else if (const auto* disconnect = std::get_if<Disconnect>(&packet)) see_packet_5(*disconnect);
        } else {
            if (const auto* publish = std::get_if<Publish>(&packet)) see_packet(*publish);
            else if (const auto* suback = std::get_if<SubAck>(&packet)) see_packet(*suback);
        }
    }

    [[gnu::noinline]] void see_to(const session::Outcome& outcome)
    {
        see(outcome.event, outcome.fault, outcome.token, outcome.close);
        keep(outcome);
        const auto answer = session_.encode_answer(outcome, device.to_send());
        if (answer) device.sent_size = answer->size();
    }

    /// What the application keeps under a token.
    [[gnu::noinline]] static Publish message(session::Token token)
    {
        see(token);
        return {.topic = device.text, .payload = device.binary};
    }

    void send_again()
    {
        while (const session::Resend again = session_.resend(device.number)) {
            if (again.packet == PacketType::pubrel) {
                see_to(again.outcome());
                continue;
            }
            Publish publish = message(again.token);
            again.set(publish);
            if constexpr (version == Version::v5) {
                if (session_.is_too_large(publish)) {
                    see_to(session_.discard(again, device.number));
                    continue;
                }
            }
            send(publish);
        }
    }

    /// To what survives the loss of power.
    void keep(const session::Outcome& outcome)
    {
        if (outcome.change == session::Change::none) return;
        if (outcome.change == session::Change::session) {
            see(session_.save(saved_, ++generation_, journal_));
        } else {
            for (const std::byte byte : journal_.record(outcome)) see(byte);
        }
    }
    void load()
    {
        const session::Loaded loaded = session_.load(device.received(), device.number);
        see(loaded.fault);
        journal_ = loaded.journal;
        generation_ = loaded.generation;
    }

    session::Client<capacities, wire::FixedVersion<version>> session_{};
    session::Journal journal_{};
    std::uint32_t generation_{};
    std::byte saved_[256]{};
    std::byte storage_[256]{};
    Framer framer_{storage_};
};

/// All that a client does. It is named while compiling, as one that is a whole program's.
template <auto& client>
void run(Connect& connect)
{
    client.begin(connect);
    const Subscription subscriptions[] = {{.filter = device.text, .qos = QoS::exactly_once}};
    Subscribe subscribe{.filters = subscriptions};
    const Text filters[] = {device.text};
    Unsubscribe unsubscribe{.filters = filters};
    while (device.number != 0) {
        client.received(device.received());
        client.subscribe(subscribe);
        client.publish(static_cast<QoS>(device.number % 3));
        client.unsubscribe(unsubscribe);
        client.tick();
    }
    client.disconnect();
}
