// Deliveries: the messages with QoS 1 and 2 for one client, under tokens that count up, until it has them for certain.
#pragma once

#include "counted.hpp"
#include "message.hpp"

#include <mqttwire/session/flows.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <utility>
#include <vector>

namespace network {

/// A message for one client.
struct Delivery {
    MessagePtr message{};
    mq::QoS qos{};
    bool retain = false;
    std::vector<std::uint32_t> identifiers{}; ///< of its subscriptions
};
void fields(auto& record, auto& delivery)
    requires requires { delivery.identifiers; }
{
    record(delivery.qos, delivery.retain, delivery.identifiers, delivery.message);
}

class Deliveries {
public:
    using Token = mqttwire::session::Token;

    /// Bytes of the messages.
    std::size_t bytes() const { return bytes_; }
    auto begin() const { return all_.begin(); }
    auto end() const { return all_.end(); }

    const Delivery* find(Token token) const
    {
        const auto found = all_.find(token);
        return found == all_.end() ? nullptr : &found->second;
    }
    /// The first that was not sent to the client yet, or end().
    auto first_unsent() const { return all_.lower_bound(first_unsent_); }
    /// Those up to the token have been sent.
    void sent(Token token) { first_unsent_ = std::max(first_unsent_, token + 1); }

    Token next_token() const { return next_token_; }
    /// A token that was in use before `next_token` counts on.
    void count_on_from(Token token) { next_token_ = std::max(next_token_, token); }
    const Delivery& add(Token token, Delivery delivery)
    {
        erase(token);
        count_on_from(token + 1);
        bytes_ += delivery.message->bytes.size();
        expiries_.add(*delivery.message);
        const Delivery& added = all_.emplace(token, std::move(delivery)).first->second;
        count();
        return added;
    }
    void erase(Token token)
    {
        const auto found = all_.find(token);
        if (found == all_.end()) return;
        bytes_ -= found->second.message->bytes.size();
        all_.erase(found);
        count();
    }
    void clear()
    {
        all_.clear();
        bytes_ = 0;
        count();
    }
    /// Forgets those that have expired before they were sent, and gives their tokens.
    std::vector<Token> expire(Clock::time_point now)
    {
        std::vector<Token> expired;
        if (!expiries_.begin_look(now)) return expired;
        for (auto each = first_unsent(); each != end(); ++each) {
            if (each->second.message->expired(now)) expired.push_back(each->first);
            else expiries_.add(*each->second.message);
        }
        for (const Token token : expired) erase(token);
        return expired;
    }

private:
    void count() { memory_.set(112 * all_.size()); }

    std::map<Token, Delivery> all_;
    std::size_t bytes_ = 0;
    Counted memory_;
    Token next_token_ = 1;
    Token first_unsent_ = 1;
    Expiries expiries_;
};

} // namespace network
