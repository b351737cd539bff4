// SessionState: what either side keeps from one connection to the next [MQTT-3.1.2-4, -5, section 4.1; 5.0:
// section 4.1], and how it is written to a journal and read back (journal.hpp has the layout).
#pragma once

#include "mqttwire/config.hpp"
#include "mqttwire/packet_type.hpp"
#include "mqttwire/session/flows.hpp"
#include "mqttwire/session/journal.hpp"
#include "mqttwire/session/received_ids.hpp"
#include "mqttwire/session/room.hpp"
#include "mqttwire/session/time.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>

namespace mqttwire::inline MQTTWIRE_ABI::session {

/// What only a server keeps.
struct ServerState {
    Countdown session_left{}; ///< while there is no connection
    Countdown will_left{};
    bool has_will = false;
    bool will_is_due = false; ///< `will_left` runs
};

/// What a client's CONNECT asks for. The bits are those of a snapshot's settings.
struct Asked {
    std::uint8_t bits = 0;

    static constexpr unsigned all = 2 | 8;
    static constexpr Asked of(bool clean_start, bool is_kept) noexcept
    {
        return {static_cast<std::uint8_t>((is_kept ? 2U : 0U) | (clean_start ? 8U : 0U))};
    }
    constexpr bool clean_start() const noexcept { return (bits & 8U) != 0; }
    constexpr bool is_kept() const noexcept { return (bits & 2U) != 0; } ///< the session is, without a connection
};

/// What only a client keeps.
struct ClientState {
    Asked unanswered{}; ///< by any CONNACK
    Asked unanswered_before{}; ///< the same of a CONNECT before the present one
};

/// `OutgoingCapacity` and `IncomingCapacity` are those of Capacities.
template <Role role, std::size_t OutgoingCapacity, std::size_t IncomingCapacity>
struct SessionState {
    static constexpr bool is_client = role == Role::client;
    /// Whether there can be so many entries that 16 bits do not count them.
    static constexpr bool may_be_many = OutgoingCapacity > 0x3FFF || IncomingCapacity > 0xC000;

    bool exists{}; ///< there is one that a next connection can go on with
    [[no_unique_address]] std::conditional_t<is_client, ClientState, ServerState> own{};
    std::uint32_t expiry{}; ///< seconds that it outlives the connection
    OutgoingFlows<OutgoingCapacity> flows{};
    ReceivedIds<IncomingCapacity> received{};

    /// There is none any more.
    constexpr void clear() noexcept
    {
        exists = false;
        flows.clear();
        received.clear();
    }

    /// Bytes that a snapshot takes now.
    constexpr std::size_t saved_size() const noexcept { return record_size * (2 + entries()); }

    /// Writes a snapshot, with which `journal` goes on; `seconds`: that the session is kept from now on. Its size, or 0
    /// if `buffer` is too small.
    template <class = config::Code>
    constexpr std::size_t save(
        std::span<std::byte> buffer, std::uint32_t generation, std::uint32_t seconds, Journal& journal) const noexcept
    {
        if (buffer.size() < saved_size()) return 0;
        journal = {};
        std::byte* to = buffer.data();
        const auto put = [&](Record::Kind kind, std::uint16_t id, std::uint32_t value) {
            journal.write({kind, id, value}, to);
            to += record_size;
        };
        put(Record::Kind::begin, static_cast<std::uint16_t>(entries()), generation);
        put(Record::Kind::settings, settings(), seconds);
        for (std::uint16_t id = flows.first(); id != 0; id = flows.next(id))
            if (is_message(flows.flow(id))) put(kind_of(flows.flow(id)), id, flows.token(id));
        received.for_each([&](std::uint16_t id) { put(Record::Kind::received, id, 0); });
        return saved_size();
    }

    /// Takes the state of a journal; it is as new after a fault, and there is no session if none was to be kept.
    template <class = config::Code>
    constexpr Loaded load(std::span<const std::byte> bytes) noexcept
    {
        clear();
        Loaded loaded;
        loaded.fault = read(bytes, loaded);
        if (loaded.fault != LoadFault::none) {
            expiry = 0;
            own = {};
        }
        if (expiry == 0) clear();
        return loaded;
    }

private:
    constexpr std::size_t entries() const noexcept { return std::size_t{flows.messages()} + received.size(); }

    constexpr std::uint16_t settings() const noexcept
    {
        unsigned flags = exists ? 1 : 0;
        if constexpr (is_client) flags |= own.unanswered.bits;
        if (may_be_many && entries() > 0xFFFF) flags |= 4U;
        return static_cast<std::uint16_t>(journal_layout << 8U | flags);
    }

    static constexpr bool is_blank(const std::byte* first, const std::byte* end) noexcept
    {
        for (const std::byte* at = first; at != end; ++at)
            if (*at != *first || (*at != std::byte{0} && *at != std::byte{0xFF})) return false;
        return true;
    }

    constexpr LoadFault read(std::span<const std::byte> bytes, Loaded& loaded) noexcept
    {
        std::size_t expected = 2; // records of the snapshot
        std::size_t count = 0;
        const std::byte* at = bytes.data();
        const std::byte* const end = at + bytes.size();
        for (; end - at >= std::ptrdiff_t{record_size} && !is_blank(at, end); ++count) {
            Record record;
            const bool good = loaded.journal.read(at, record);
            at += record_size;
            if (!good) {
                // The last record may be torn; nothing but blank bytes may stand behind it.
                if (!is_blank(at, end)) return LoadFault::damaged;
                break;
            }
            if (count >= 2) {
                const LoadFault fault = replay(record, count < expected);
                if (fault != LoadFault::none) return fault;
            } else if (record.kind != static_cast<Record::Kind>(count)) {
                return LoadFault::damaged;
            } else if (count == 0) {
                expected += record.packet_id;
                loaded.generation = record.value;
            } else {
                if (record.packet_id >> 8U != journal_layout) return LoadFault::unknown_layout;
                exists = (record.packet_id & 1U) != 0;
                if (may_be_many && (record.packet_id & 4U) != 0) expected += 0x10000;
                expiry = record.value;
                if constexpr (is_client) own.unanswered.bits = record.packet_id & Asked::all;
            }
        }
        if (count < expected) return LoadFault::incomplete;
        loaded.used = count * record_size;
        return LoadFault::none;
    }

    constexpr LoadFault replay(const Record& record, bool in_snapshot) noexcept
    {
        const std::uint16_t id = record.packet_id;
        const Flow flow = flow_of(record.kind);
        if (id == 0 || record.kind <= Record::Kind::settings) return LoadFault::damaged;
        if (record.kind == Record::Kind::received)
            return received.put_back(id) ? LoadFault::none : LoadFault::too_large;
        if (record.kind == Record::Kind::released) {
            received.erase(id);
        } else if (record.kind == Record::Kind::done) {
            if (flows.flow(id) == Flow::none) return LoadFault::damaged;
            flows.end(id);
        } else if (flow == Flow::pubrel && !in_snapshot) {
            if (flows.flow(id) != Flow::publish_2) return LoadFault::damaged;
            flows.release(id);
        } else {
            if (id > flows.capacity()) return LoadFault::too_large;
            if (!flows.put_back(id, flow, record.value)) return LoadFault::damaged;
        }
        return LoadFault::none;
    }
};

} // namespace mqttwire::inline MQTTWIRE_ABI::session
