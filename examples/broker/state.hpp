// State: what outlives the broker: sessions, their messages, and retained messages.
//
// What a packet has changed is written without a pause, so it is in one batch (see RecordFile) and kept as a whole or
// not at all. Nobody is told of it before it is kept.
#pragma once

#include "session.hpp"

#include "network/record_file.hpp"

#include <map>
#include <string>

namespace broker {

/// Its members below `load` add records, if the file is open.
class State : public network::RecordFile {
public:
    using RecordFile::RecordFile;

    /// Fills sessions with what the file says, and gives the retained messages by topic.
    std::map<std::string, MessagePtr> load(Sessions& sessions);

    /// How many sessions outlive their connections, with a file or without.
    std::size_t sessions() const { return sessions_; }
    /// A session but its messages, and, unless it is new here or `whole`, but its subscriptions.
    void session(Session& session, bool whole = false);
    void change(Session& session, const mq::session::Outcome& outcome);
    void subscribed(const Session& session, std::string_view filter, const SubscriptionState& subscription)
    {
        if (session.is_kept) write(Kind::subscribed, session.client_id, filter, subscription);
    }
    void unsubscribed(const Session& session, std::string_view filter)
    {
        if (session.is_kept) write(Kind::unsubscribed, session.client_id, filter);
    }
    void queued(const Session& session, Token token, const Delivery& delivery)
    {
        if (session.is_kept) write(Kind::queued, session.client_id, token, delivery);
    }
    void dropped(const Session& session, Token token)
    {
        if (session.is_kept) write(Kind::dropped, session.client_id, token);
    }
    void forgotten(Session& session)
    {
        if (!std::exchange(session.is_kept, false)) return;
        --sessions_;
        write(Kind::forgotten, session.client_id);
    }
    /// Its will, or that there is none any more.
    void will(Session& session)
    {
        if (!std::exchange(session.will_is_kept, session.will != nullptr) && !session.will) return;
        if (session.will) write(Kind::will, session.client_id, true, session.will, session.will_delay);
        else write(Kind::will, session.client_id, false, session.will_delay);
    }
    void retained(const MessagePtr& message, bool is_removed)
    {
        if (is_removed) write(Kind::removed, message->publish.topic.view());
        else write(Kind::retained, message->publish.topic.view(), message);
    }

private:
    enum class Kind : std::uint8_t {
        session,
        change,
        queued,
        dropped,
        forgotten,
        retained,
        removed,
        subscribed,
        unsubscribed,
        connected,
        left,
        will,
    };

    std::size_t sessions_ = 0;
};

} // namespace broker
