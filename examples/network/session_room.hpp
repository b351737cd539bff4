// SessionRoom: the memory of a session's engine, of the size that it needs, which is counted.
#pragma once

#include "network/counted.hpp"

#include <mqttwire/session/engine.hpp>

#include <array>
#include <cstddef>
#include <memory>
#include <vector>

namespace network {

/// It must not move while the engine is used.
class SessionRoom {
public:
    static constexpr std::size_t usual_outgoing = 32; ///< messages with QoS 1 and 2 on their way out at once
    static constexpr std::size_t most_outgoing = 128; ///< that a state file may have
    static constexpr std::size_t incoming = 64; ///< messages with QoS 2 received and not released
    static constexpr std::size_t most_aliases = 16; ///< of topics, either way

    /// For so many messages with QoS 1 and 2 on their way out at once, and no topic aliases.
    explicit SessionRoom(std::size_t outgoing) : packet_ids_(outgoing), tokens_(outgoing) { count(); }

    /// Makes room for topic aliases either way, or has none. Gives what memory() gives from then on.
    mqttwire::session::Memory hold_aliases(bool in, bool out)
    {
        in_ = in ? std::make_unique<Aliases>() : nullptr;
        out_ = out ? std::make_unique<Aliases>() : nullptr;
        count();
        return memory();
    }

    mqttwire::session::Memory memory()
    {
        mqttwire::session::Memory memory{.packet_ids = packet_ids_, .tokens = tokens_, .received_ids = received_};
        if (in_) {
            memory.aliases_in = in_->entries;
            memory.alias_topics_in = in_->topics;
        }
        if (out_) {
            memory.aliases_out = out_->entries;
            memory.alias_topics_out = out_->topics;
        }
        return memory;
    }

private:
    struct Aliases {
        std::array<mqttwire::session::AliasEntry, most_aliases> entries;
        std::array<std::byte, 1'024> topics;
    };

    /// Besides its own size.
    void count()
    {
        const std::size_t aliases = (in_ ? sizeof(Aliases) : 0) + (out_ ? sizeof(Aliases) : 0);
        counted_.set(tokens_.size() * (sizeof tokens_[0] + sizeof packet_ids_[0]) + aliases);
    }

    std::vector<mqttwire::session::PacketIdEntry> packet_ids_;
    std::vector<mqttwire::session::Token> tokens_;
    std::array<mqttwire::session::ReceivedId, incoming> received_{};
    std::unique_ptr<Aliases> in_;
    std::unique_ptr<Aliases> out_;
    Counted counted_;
};

} // namespace network
