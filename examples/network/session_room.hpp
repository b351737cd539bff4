// SessionRoom: the memory of a session's engine, of the size that it needs.
#pragma once

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

    /// For so many messages with QoS 1 and 2 on their way out at once, and topic aliases either way or not.
    SessionRoom(std::size_t outgoing, bool aliases_in, bool aliases_out) : packet_ids_(outgoing), tokens_(outgoing)
    {
        if (aliases_in) in_ = std::make_unique<Aliases>();
        if (aliases_out) out_ = std::make_unique<Aliases>();
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
    /// Besides its own size.
    std::size_t bytes() const
    {
        const std::size_t aliases = (in_ ? sizeof(Aliases) : 0) + (out_ ? sizeof(Aliases) : 0);
        return tokens_.size() * (sizeof tokens_[0] + sizeof packet_ids_[0]) + aliases;
    }

private:
    struct Aliases {
        std::array<mqttwire::session::AliasEntry, most_aliases> entries;
        std::array<std::byte, 1'024> topics;
    };

    std::vector<mqttwire::session::PacketIdEntry> packet_ids_;
    std::vector<mqttwire::session::Token> tokens_;
    std::array<mqttwire::session::ReceivedId, incoming> received_{};
    std::unique_ptr<Aliases> in_;
    std::unique_ptr<Aliases> out_;
};

} // namespace network
