// A client's session at work: messages that come, with QoS 1 and their PUBACK, and messages that go out, with the
// PUBACK that comes; and the same without a session, to read what it adds. Calls of the session are out of line as
// well.
#include "calls.hpp"

#include "case.hpp"
#include "checksum.hpp"
#include "corpus.hpp"
#include "floors.hpp"
#include "scenarios.hpp"

#include "mqttwire/session/client.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace bench {

/// A session that outlives its connection, so that every change of it is told.
template <Version V>
class WithSession {
public:
    WithSession()
    {
        Connect connect{.client_id = "sensor-a", .properties = {.session_expiry_interval = 3600}};
        check(session_.connect(connect, 0));
        check(session_.received(ConnAck{}, 0));
    }

    [[gnu::noinline]] session::Outcome received(Publish& publish, session::Time now)
    {
        return session_.received(publish, now);
    }
    [[gnu::noinline]] session::Outcome received(const PubAck& puback, session::Time now)
    {
        return session_.received(puback, now);
    }
    [[gnu::noinline]] session::Outcome publish(Publish& publish, session::Token token, session::Time now)
    {
        return session_.publish(publish, token, now);
    }
    [[gnu::noinline]] Result<std::span<std::byte>> encode_answer(
        const session::Outcome& outcome, std::span<std::byte> buffer) const
    {
        return session_.encode_answer(outcome, buffer);
    }

    /// What a program sees to of an outcome. All packets of the corpus are in order.
    static void check(const session::Outcome& outcome)
    {
        if (!outcome || outcome.close) std::abort();
    }

private:
    session::Client<session::Capacities{}, wire::FixedVersion<V>> session_;
};

/// The packets alone.
template <Version V>
class WithoutSession {
public:
    struct Nothing {};

    Nothing received(const Publish& publish, session::Time)
    {
        packet_id_ = publish.packet_id;
        return {};
    }
    Nothing received(const PubAck&, session::Time) { return {}; }
    Nothing publish(Publish& publish, session::Token, session::Time)
    {
        packet_id_ = static_cast<std::uint16_t>(packet_id_ % 16 + 1); // as those of the corpus
        publish.packet_id = packet_id_;
        return {};
    }
    Result<std::span<std::byte>> encode_answer(Nothing, std::span<std::byte> buffer) const
    {
        return OutOfLine::encode<PubAck, V>({.packet_id = packet_id_}, buffer);
    }
    static void check(Nothing) {}

private:
    std::uint16_t packet_id_ = 0;
};

namespace {

/// PUBACK for each of the identifiers that a session gives in turn while one message is in flight.
template <Version V>
struct PubAckInTurnScenario {
    static constexpr Version version = V;

    PubAck make(std::size_t n)
    {
        return {.packet_id = static_cast<std::uint16_t>(n % session::Capacities{}.outgoing + 1)};
    }
};

/// Decodes PUBLISH after PUBLISH, hands it in, delivers it, and answers it.
template <class Session, Version V, QoS Qos>
std::uint64_t receive_pass(Session& session, const Corpus& corpus, std::size_t packets)
{
    std::array<std::byte, session::max_answer> answer;
    Checksum sum;
    const std::byte* at = corpus.bytes.data();
    for (std::size_t n = 0; n < packets; ++n) {
        const std::uint32_t size = corpus.sizes[n];
        auto publish = OutOfLine::decode<Publish, V>({at, size});
        if (!publish) stop(publish.error());
        const auto outcome = session.received(*publish, static_cast<session::Time>(n));
        session.check(outcome);
        consume<V>(sum, *publish);
        if constexpr (Qos != QoS::at_most_once) {
            const auto written = session.encode_answer(outcome, answer);
            if (!written) stop(written.error());
            sum.add(written->size());
        }
        at += size;
    }
    return sum.value();
}

/// Sends message after message with QoS 1, and hands in the PUBACK of each.
template <class Session, Version V, class Scenario>
std::uint64_t send_pass(Session& session, Scenario& scenario, Publish& publish, const Corpus& pubacks,
    std::vector<std::byte>& buffer, std::size_t packets)
{
    Checksum sum;
    std::span<std::byte> room(buffer);
    const std::byte* at = pubacks.bytes.data();
    for (std::size_t n = 0; n < packets; ++n) {
        const auto now = static_cast<session::Time>(n);
        scenario.change(publish, n);
        session.check(session.publish(publish, now, now));
        const auto written = OutOfLine::encode<Publish, V>(publish, room);
        if (!written) stop(written.error());
        room = room.subspan(written->size());
        const auto puback = OutOfLine::decode<PubAck, V>({at, pubacks.sizes[n]});
        if (!puback) stop(puback.error());
        session.check(session.received(*puback, now));
        consume<V>(sum, *puback);
        at += pubacks.sizes[n];
    }
    return sum.value() + room.size();
}

template <class Session, Version V, QoS Qos>
Prepared prepare_receive()
{
    struct State {
        Corpus corpus = make_corpus(PublishScenario<V, Qos, 64>{});
        Session session;
    };
    const auto state = std::make_shared<State>();
    return {
        [state](std::size_t packets) { return receive_pass<Session, V, Qos>(state->session, state->corpus, packets); },
        [state](std::size_t packets) { return hop(state->corpus, packets); }};
}

template <class Session, Version V>
Prepared prepare_send()
{
    using Scenario = PublishScenario<V, QoS::at_least_once, 64>;
    struct State {
        Corpus corpus = make_corpus(Scenario{});
        Corpus pubacks = make_corpus(PubAckInTurnScenario<V>{});
        Scenario scenario;
        Publish publish = scenario.make(0);
        std::vector<std::byte> buffer = std::vector<std::byte>(corpus.bytes.size());
        Session session;
    };
    const auto state = std::make_shared<State>();
    return {[state](std::size_t packets) {
                return send_pass<Session, V>(
                    state->session, state->scenario, state->publish, state->pubacks, state->buffer, packets);
            },
        [state](std::size_t packets) { return copy(state->corpus, state->buffer, packets); }};
}

template <template <Version> class Session, Version V>
void add_cases(std::vector<Case>& cases, const std::string& group)
{
    using enum QoS;
    cases.push_back({group + "received-qos0", "hop", prepare_receive<Session<V>, V, at_most_once>});
    cases.push_back({group + "received-qos1", "hop", prepare_receive<Session<V>, V, at_least_once>});
    cases.push_back({group + "sent-qos1", "copy", prepare_send<Session<V>, V>});
}

} // namespace

void add_session_cases(std::vector<Case>& cases)
{
    using enum Version;
    add_cases<WithSession, v3_1_1>(cases, "session/");
    add_cases<WithoutSession, v3_1_1>(cases, "session/without/");
    add_cases<WithSession, v5>(cases, "session/5.0/");
    add_cases<WithoutSession, v5>(cases, "session/5.0/without/");
}

} // namespace bench
