// A client with a session: everything from the bytes that come to the bytes that go, in one version.
#pragma once

#include "see.hpp"

#include "mqttwire/framer.hpp"
#include "mqttwire/mqttwire.hpp"
#include "mqttwire/session/client.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>

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
            switch (frame->type()) {
            case PacketType::connack: hand_in<ConnAck>(*frame); break;
            case PacketType::publish: hand_in<Publish>(*frame); break;
            case PacketType::puback: hand_in<PubAck>(*frame); break;
            case PacketType::pubrec: hand_in<PubRec>(*frame); break;
            case PacketType::pubrel: hand_in<PubRel>(*frame); break;
            case PacketType::pubcomp: hand_in<PubComp>(*frame); break;
            case PacketType::suback: hand_in<SubAck>(*frame); break;
            case PacketType::unsuback: hand_in<UnsubAck>(*frame); break;
            case PacketType::pingresp: hand_in<PingResp>(*frame); break;
            case PacketType::disconnect:
                if constexpr (version == Version::v5) hand_in<Disconnect>(*frame);
                break;
            default: see(frame->type()); break;
            }
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
    /// What the application looks at besides the Outcome: messages, what became of subscriptions, and in 5.0 what the
    /// server says of the connection.
    template <class Packet>
    static constexpr bool has_more_to_say = std::is_same_v<Packet, Publish> || std::is_same_v<Packet, SubAck>
        || (version == Version::v5
            && (std::is_same_v<Packet, ConnAck> || std::is_same_v<Packet, UnsubAck>
                || std::is_same_v<Packet, Disconnect>));

    template <class Packet>
    void send(const Packet& packet)
    {
        const auto written = packet.template encode<version>(device.to_send());
        if (written) device.sent_size = written->size();
    }

    template <class Packet>
    void hand_in(const Frame& frame)
    {
        auto packet = Packet::template decode<version>(frame.bytes());
        if (!packet) return see(packet.error().code);
        const session::Outcome outcome = session_.received(*packet, device.number);
        if constexpr (has_more_to_say<Packet>) {
            if (outcome && outcome.event != session::Event::message_again) {
                if constexpr (version == Version::v5) see_packet_5(*packet);
                else see_packet(*packet);
            }
        }
        see_to(outcome);
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
            } else {
                Publish publish = message(again.token);
                again.set(publish);
                send(publish);
            }
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
