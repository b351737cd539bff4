#include "state.hpp"

#include <algorithm>
#include <stdexcept>

namespace broker {

namespace {

using network::RecordReader;
using network::RecordWriter;

enum class Kind : std::uint8_t { session, change, queued, dropped, forgotten, retained };

RecordWriter begin(network::RecordFile& file, Kind kind) { return file.record().number(kind); }

void write_message(RecordWriter& to, const Message& message)
{
    const auto expiry = message.expiry();
    to.number(message.publish().qos).number(expiry ? expiry->time_since_epoch().count() : Clock::rep{0});
    to.bytes(message.bytes());
}

MessagePtr read_message(RecordReader& from)
{
    const auto qos = from.number<mq::QoS>();
    const auto expiry = from.number<Clock::rep>();
    const auto bytes = from.bytes();
    if (bytes.empty()) return nullptr;
    return Message::from_bytes({bytes.begin(), bytes.end()}, qos,
        expiry == 0 ? std::nullopt : std::optional(Clock::time_point(Clock::duration(expiry))));
}

void read_session(RecordReader& from, Kept& kept)
{
    KeptSession& session = kept.sessions[from.text()];
    const auto journal = from.bytes();
    session.journal.assign(journal.begin(), journal.end());
    session.next_token = from.number<Token>();
    session.subscriptions.clear();
    for (auto count = from.number<std::uint32_t>(); count != 0; --count) {
        SubscriptionState& each = session.subscriptions[from.text()];
        each.qos = from.number<mq::QoS>();
        each.no_local = from.number<bool>();
        each.retain_as_published = from.number<bool>();
        each.identifier = from.number<std::uint32_t>();
    }
}

void read_change(RecordReader& from, Kept& kept)
{
    KeptSession& session = kept.sessions[from.text()];
    const auto record = from.bytes();
    session.journal.insert(session.journal.end(), record.begin(), record.end());
    const auto change = from.number<mq::session::Change>();
    const auto token = from.number<Token>();
    if (change == mq::session::Change::done || change == mq::session::Change::pubrel) session.deliveries.erase(token);
}

void read_queued(RecordReader& from, Kept& kept)
{
    KeptSession& session = kept.sessions[from.text()];
    const auto token = from.number<Token>();
    Delivery& delivery = session.deliveries[token];
    delivery.qos = from.number<mq::QoS>();
    delivery.retain = from.number<bool>();
    for (auto count = from.number<std::uint32_t>(); count != 0; --count)
        delivery.identifiers.push_back(from.number<std::uint32_t>());
    delivery.message = read_message(from);
    session.next_token = std::max(session.next_token, token + 1);
    if (!delivery.message) session.deliveries.erase(token);
}

void read_record(RecordReader& from, Kept& kept)
{
    switch (from.number<Kind>()) {
    case Kind::session: return read_session(from, kept);
    case Kind::change: return read_change(from, kept);
    case Kind::queued: return read_queued(from, kept);
    case Kind::dropped: {
        KeptSession& session = kept.sessions[from.text()];
        session.deliveries.erase(from.number<Token>());
        return;
    }
    case Kind::forgotten: kept.sessions.erase(from.text()); return;
    case Kind::retained: {
        const std::string topic = from.text();
        if (MessagePtr message = read_message(from)) kept.retained[topic] = std::move(message);
        else kept.retained.erase(topic);
        return;
    }
    }
    throw std::runtime_error("a record of the state file is of an unknown kind");
}

} // namespace

Kept State::load()
{
    Kept kept;
    file_.load([&kept](RecordReader& from) { read_record(from, kept); });
    return kept;
}

void State::session(Session& session)
{
    if (!file_.is_open()) return;
    if (session.engine.session_expiry() == 0 || !session.engine.has_session()) return forgotten(session);
    std::vector<std::byte> journal(session.engine.saved_size());
    session.engine.save(journal, 1, session.journal);
    RecordWriter to = begin(file_, Kind::session);
    to.text(session.client_id).bytes(journal).number(session.next_token);
    to.number(static_cast<std::uint32_t>(session.subscriptions.size()));
    for (const auto& [filter, each] : session.subscriptions)
        to.text(filter).number(each.qos).number(each.no_local).number(each.retain_as_published).number(each.identifier);
    session.is_kept = true;
}

void State::change(Session& session, const mq::session::Outcome& outcome)
{
    if (!file_.is_open() || outcome.change == mq::session::Change::none) return;
    if (outcome.change == mq::session::Change::session) return this->session(session);
    if (!session.is_kept) return;
    const auto record = session.journal.record(outcome);
    begin(file_, Kind::change).text(session.client_id).bytes(record).number(outcome.change).number(outcome.token);
}

void State::queued(const Session& session, Token token, const Delivery& delivery)
{
    if (!file_.is_open() || !session.is_kept) return;
    RecordWriter to = begin(file_, Kind::queued);
    to.text(session.client_id).number(token).number(delivery.qos).number(delivery.retain);
    to.number(static_cast<std::uint32_t>(delivery.identifiers.size()));
    for (const std::uint32_t identifier : delivery.identifiers) to.number(identifier);
    write_message(to, *delivery.message);
}

void State::dropped(const Session& session, Token token)
{
    if (file_.is_open() && session.is_kept) begin(file_, Kind::dropped).text(session.client_id).number(token);
}

void State::forgotten(Session& session)
{
    if (file_.is_open() && session.is_kept) begin(file_, Kind::forgotten).text(session.client_id);
    session.is_kept = false;
}

void State::retained(std::string_view topic, const Message* message)
{
    if (!file_.is_open()) return;
    RecordWriter to = begin(file_, Kind::retained);
    to.text(topic);
    if (message != nullptr) write_message(to, *message);
    else to.number(mq::QoS{}).number(Clock::rep{0}).bytes({});
}

} // namespace broker
