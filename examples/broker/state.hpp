// State: what outlives the broker: sessions, their messages, and retained messages.
//
// What came between two moments at which bytes left the broker is written as one batch (see RecordFile), so what a
// packet has changed is kept as a whole or not at all, and before anybody is told that it is.
#pragma once

#include "session.hpp"

#include "network/record_file.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace broker {

/// A client as the file has it.
struct KeptSession {
    std::vector<std::byte> journal{}; ///< of the engine
    std::map<std::string, SubscriptionState> subscriptions{};
    std::map<Token, Delivery> deliveries{}; ///< of which the client is not known to have them
    Token next_token = 1;
};
struct Kept {
    std::map<std::string, KeptSession> sessions{};
    std::map<std::string, MessagePtr> retained{}; ///< by topic
};

class State {
public:
    void open(std::string file) { file_.open(std::move(file)); }
    /// What the file says.
    Kept load();

    // Records, which are kept after `flush`; nothing is done if no file is open

    void session(Session& session); ///< all of it but its messages
    void change(Session& session, const mq::session::Outcome& outcome);
    void queued(const Session& session, Token token, const Delivery& delivery);
    void dropped(const Session& session, Token token);
    void forgotten(Session& session);
    void retained(std::string_view topic, const Message* message); ///< nullptr: there is none any more

    bool is_dirty() const { return file_.is_dirty(); }
    void flush() { file_.flush(); }
    bool should_rewrite() const { return file_.should_rewrite(); }
    void rewrite(const std::function<void()>& write_all) { file_.rewrite(write_all); }

private:
    network::RecordFile file_;
};

} // namespace broker
