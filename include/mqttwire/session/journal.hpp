// Journal: the layout in which a session is kept where the loss of power does not reach it.
//
// A journal is a snapshot and the changes that came after it, each a record of 8 bytes; numbers are big-endian:
//
//          0 1                          2 3            4 5 6 7
//        +----------------------------+--------------+------------------+
//        | kind (3 bits), check (13)  | packet id    | token            |
//        +----------------------------+--------------+------------------+
//   kind 0  begin                       entries        generation           the first record
//        1  settings                    layout, flags  seconds              the second: how long it is kept
//        2  publish_1, 3 publish_2      id             token                Change::publish_1 and so on: in a snapshot
//        4  pubrel                      id             token                one for each entry, `entries` in all;
//        5  done                        id             token                behind it one for each change
//        6  received, 7 released        id             0
//
// The layout's version is the byte at offset 10 (1), the flags are the byte at 11: bit 0, there is a session; bit 1, a
// client's CONNECT for one has not been answered; bit 2, there are 65,536 entries more than the first record says; bit
// 3, a client's Clean Start has not been answered. The check is the lower 13 bits of a CRC-16 (polynomial 0x1021) over
// the kind and the six bytes behind the check, begun with the check of the record before (0x1FFF for the first), so
// records cannot change places. Behind the last record there may be the rest of one that was cut off, and bytes that
// are all 0xFF or all 0.
//
// The session is kept for so many seconds from the snapshot on, 0xFFFFFFFF: without end. With an open connection these
// are its session expiry; on a server without one, what was left at the last `closed` or `tick`; a client that can be
// of 5.0 and has none keeps it without end, for the server may not know yet that it is to end.
//
// How to write it, so that the loss of power at any moment loses nothing:
// - A snapshot (`save`) goes to another place than the last one (another file, another half of the flash), with a
//   generation that is one higher. The old journal is given up when all of the new one is written.
// - A change is appended (`Journal::record`) and flushed before the bytes that depend on it leave, see must_come_first.
//   What the application makes of a QoS 2 message must become durable in one step with its record.
// - After `load` the journal goes on behind `used` bytes; what stands behind them is cut off, or `save` makes a new
//   one.
//   Of two journals, the complete one with the later generation counts.
#pragma once

#include "mqttwire/config.hpp"
#include "mqttwire/session/flows.hpp"
#include "mqttwire/session/outcome.hpp"
#include "mqttwire/wire/bytes.hpp"
#include "mqttwire/wire/name_among.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace mqttwire::inline MQTTWIRE_ABI::session {

/// Bytes of a record.
inline constexpr std::size_t record_size = 8;

/// The byte that the layout bears.
inline constexpr std::uint8_t journal_layout = 1;

/// What a record is of.
enum class RecordKind : std::uint8_t { begin, settings, publish_1, publish_2, pubrel, done, received, released };

/// The kind's own name in snake_case; empty for any other value.
constexpr std::string_view name(RecordKind kind) noexcept
{
    return wire::name_among(
        kind, {"begin", "settings", "publish_1", "publish_2", "pubrel", "done", "received", "released"});
}

/// What a record says.
struct Record {
    using Kind = RecordKind;

    Kind kind{};
    std::uint16_t packet_id{};
    std::uint32_t value{};
};

/// The record of a change; Change::session has none, it is saved as a whole.
constexpr Record::Kind kind_of(Change change) noexcept { return static_cast<Record::Kind>(change); }

static_assert(kind_of(Change::publish_1) == Record::Kind::publish_1);
static_assert(kind_of(Change::released) == Record::Kind::released);

/// The record of a message in a snapshot, and what it says.
constexpr Record::Kind kind_of(Flow flow) noexcept { return kind_of(change_of(flow)); }
constexpr Flow flow_of(Record::Kind kind) noexcept { return static_cast<Flow>(static_cast<unsigned>(kind) - 1U); }

static_assert(kind_of(Flow::publish_1) == Record::Kind::publish_1);
static_assert(kind_of(Flow::pubrel) == Record::Kind::pubrel);

/// Writes and reads records one behind the other. It remembers the check of the last one.
class Journal {
public:
    constexpr Journal() noexcept = default;

    /// Writes the next record, of 8 bytes.
    template <class = config::Code>
    MQTTWIRE_SHARED constexpr void write(Record record, std::byte* to) noexcept
    {
        wire::store_two(to + 2, record.packet_id);
        wire::store_four(to + 4, record.value);
        check_ = check(record.kind, to);
        wire::store_two(to, static_cast<std::uint16_t>(static_cast<unsigned>(record.kind) << 13U | check_));
    }
    /// The bytes of the next record.
    constexpr std::array<std::byte, record_size> write(const Record& record) noexcept
    {
        std::array<std::byte, record_size> bytes{};
        write(record, bytes.data());
        return bytes;
    }

    /// The record to append for a change other than `none` and `session`.
    constexpr std::array<std::byte, record_size> record(const Outcome& outcome) noexcept
    {
        return write({kind_of(outcome.change), outcome.packet_id, outcome.token});
    }

    /// Reads the next record, of 8 bytes; false if it is damaged.
    constexpr bool read(const std::byte* bytes, Record& record) noexcept
    {
        const std::uint16_t head = wire::load_two(bytes);
        record = {static_cast<Record::Kind>(head >> 13U), wire::load_two(bytes + 2), wire::load_four(bytes + 4)};
        const std::uint16_t good = check(record.kind, bytes);
        if (good != (head & mask)) return false;
        check_ = good;
        return true;
    }

private:
    static constexpr std::uint16_t mask = 0x1FFF;

    constexpr std::uint16_t check(Record::Kind kind, const std::byte* bytes) const noexcept
    {
        unsigned crc = check_ ^ static_cast<unsigned>(kind) << 13U;
        for (std::size_t i = 2; i < record_size; ++i) {
            crc ^= static_cast<unsigned>(wire::load_byte(bytes + i)) << 8U;
            for (int bit = 0; bit < 8; ++bit)
                crc = (crc & 0x8000U) != 0 ? ((crc & 0x7FFFU) << 1U) ^ 0x1021U : crc << 1U;
        }
        return static_cast<std::uint16_t>(crc & mask);
    }

    std::uint16_t check_ = mask;
};

/// What came of loading a journal.
enum class LoadFault : std::uint8_t {
    none,
    incomplete, ///< the snapshot is cut off: take the journal before it
    damaged, ///< a record in the midst is not as it was written
    unknown_layout, ///< written by another version of this library
    too_large, ///< more entries, or higher identifiers, than the engine has room for
};

/// The fault's own name in snake_case; empty for any other value.
constexpr std::string_view name(LoadFault fault) noexcept
{
    return wire::name_among(fault, {"none", "incomplete", "damaged", "unknown_layout", "too_large"});
}

struct Loaded {
    LoadFault fault{};
    std::uint32_t generation{}; ///< of the snapshot
    std::size_t used{}; ///< bytes of whole records: where to go on
    Journal journal{}; ///< with which to go on

    constexpr explicit operator bool() const noexcept { return fault == LoadFault::none; }
};

/// True if generation `a` was written after `b`; they may wrap around.
constexpr bool is_later(std::uint32_t a, std::uint32_t b) noexcept { return a - b - 1U < 0x7FFFFFFFU; }

} // namespace mqttwire::inline MQTTWIRE_ABI::session
