// SessionRoom: the memory of a session's engine, of the size that it needs, which is counted.
#pragma once

#include "network/counted.hpp"

#include <mqttwire/session/engine.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <memory>
#include <span>
#include <utility>
#include <vector>

namespace network {

/// It must not move while the engine is used.
class SessionRoom {
public:
    using Memory = mqttwire::session::Memory;

    static constexpr std::size_t usual_outgoing = 32; ///< messages with QoS 1 and 2 on their way out at once
    static constexpr std::size_t most_outgoing = 128; ///< that a state file may have
    static constexpr std::size_t incoming = 64; ///< messages with QoS 2 received and not released; more by need
    static constexpr std::size_t most_aliases = 16; ///< of topics, either way

    /// For so many messages with QoS 1 and 2 on their way out at once, and no topic aliases.
    explicit SessionRoom(std::size_t outgoing) : packet_ids_(outgoing), tokens_(outgoing) { count(); }

    /// Makes room for topic aliases either way, or has none. Gives what memory() gives from then on.
    Memory hold_aliases(bool in, bool out)
    {
        in_ = in ? std::make_unique<Aliases>() : nullptr;
        out_ = out ? std::make_unique<Aliases>() : nullptr;
        count();
        return memory();
    }

    /// Makes room for what a message that has come asks the engine to remember, as far as there can be.
    template <class Engine>
    void make_room(Engine& engine, const mqttwire::Publish& publish)
    {
        const mqttwire::Publish without_alias{.qos = publish.qos, .packet_id = publish.packet_id};
        while (!engine.has_room_for(without_alias) && hold_more_messages(engine)) {
        }
        while (in_ && !engine.has_room_for(publish) && grow(in_->topics, engine, &Memory::alias_topics_in)) {
        }
    }
    /// Doubles the room for messages with QoS 2 that come; false if there cannot be more.
    template <class Engine>
    bool hold_more_messages(Engine& engine)
    {
        return grow(received_, engine, &Memory::received_ids);
    }

    Memory memory()
    {
        Memory memory{.packet_ids = packet_ids_, .tokens = tokens_, .received_ids = received_};
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
        std::vector<std::byte> topics = std::vector<std::byte>(1'024);

        std::size_t size() const { return sizeof entries + topics.size(); }
    };

    template <class T, class Engine>
    bool grow(std::vector<T>& present, Engine& engine, std::span<T> Memory::* part)
    {
        constexpr std::size_t most = 0xFFFF;
        std::vector<T> larger(std::min(2 * present.size(), most));
        if (larger.size() == present.size()) return false;
        Memory memory;
        memory.*part = larger;
        engine.grow(memory);
        std::swap(present, larger);
        count();
        return true;
    }

    /// Besides its own size.
    void count()
    {
        const std::size_t aliases = (in_ ? in_->size() : 0) + (out_ ? out_->size() : 0);
        counted_.set(tokens_.size() * (sizeof tokens_[0] + sizeof packet_ids_[0])
            + received_.size() * sizeof received_[0] + aliases);
    }

    std::vector<mqttwire::session::PacketIdEntry> packet_ids_;
    std::vector<mqttwire::session::Token> tokens_;
    std::vector<mqttwire::session::ReceivedId> received_ = std::vector<mqttwire::session::ReceivedId>(incoming);
    std::unique_ptr<Aliases> in_;
    std::unique_ptr<Aliases> out_;
    Counted counted_;
};

} // namespace network
