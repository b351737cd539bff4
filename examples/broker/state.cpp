#include "state.hpp"

#include <stdexcept>

namespace broker {

namespace {

void read_change(network::RecordReader& from, Session& session)
{
    std::vector<std::byte> record;
    mq::session::Change change{};
    Token token{};
    from(record, change, token);
    session.saved.insert(session.saved.end(), record.begin(), record.end());
    if (change == mq::session::Change::done || change == mq::session::Change::pubrel) session.deliveries.erase(token);
}

} // namespace

std::map<std::string, MessagePtr> State::load(Sessions& sessions)
{
    std::map<std::string, MessagePtr> retained;
    RecordFile::load([&](network::RecordReader& from) {
        const auto kind = from.next<Kind>();
        const auto name = from.next<std::string>();
        if (kind == Kind::retained) return from(retained[name]);
        if (kind == Kind::removed) return void(retained.erase(name));
        if (kind == Kind::forgotten) return void(sessions.erase(name));
        auto& session = sessions[name];
        if (!session) session = std::make_unique<Session>(name, network::SessionRoom::most_outgoing);
        switch (kind) {
        case Kind::session:
        case Kind::connected:
            from(session->saved);
            session->deliveries.count_on_from(from.next<Token>());
            if (kind == Kind::session) from(session->subscriptions);
            session->left_at = Clock::now(); // when the broker ended, if it was not before
            return;
        case Kind::subscribed: return from(session->subscriptions[from.next<std::string>()]);
        case Kind::unsubscribed: session->subscriptions.erase(from.next<std::string>()); return;
        case Kind::change: return read_change(from, *session);
        case Kind::queued: {
            const auto token = from.next<Token>();
            return void(session->deliveries.add(token, from.next<Delivery>()));
        }
        case Kind::left: session->left_at = Clock::time_point(Clock::duration(from.next<Clock::rep>())); return;
        case Kind::will:
            session->will = from.next<bool>() ? from.next<MessagePtr>() : nullptr;
            return from(session->will_delay);
        case Kind::dropped: session->deliveries.erase(from.next<Token>()); return;
        default: throw std::runtime_error("a record of the state file is of an unknown kind");
        }
    });
    return retained;
}

void State::session(Session& session, bool whole)
{
    if (session.engine.session_expiry() == 0 || !session.engine.has_session()) return forgotten(session);
    const bool is_new = !std::exchange(session.is_kept, true);
    if (is_new) ++sessions_;
    if (!is_open()) return;
    std::vector<std::byte> saved(session.engine.saved_size());
    session.engine.save(saved, 1, session.journal);
    if (is_new || whole)
        write(Kind::session, session.client_id, saved, session.deliveries.next_token(), session.subscriptions);
    else write(Kind::connected, session.client_id, saved, session.deliveries.next_token());
    if (session.connection == nullptr) write(Kind::left, session.client_id, session.left_at.time_since_epoch().count());
}

void State::change(Session& session, const mq::session::Outcome& outcome)
{
    if (outcome.change == mq::session::Change::session) return this->session(session);
    if (is_open() && session.is_kept && outcome.change != mq::session::Change::none)
        write(Kind::change, session.client_id, session.journal.record(outcome), outcome.change, outcome.token);
}

} // namespace broker
