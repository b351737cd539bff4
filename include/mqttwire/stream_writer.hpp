// StreamWriter: PUBLISH packets of any size in little memory, written in pieces: the head first, the payload behind it.
#pragma once

#include "mqttwire/buffer.hpp"
#include "mqttwire/config.hpp"
#include "mqttwire/error.hpp"
#include "mqttwire/field.hpp"
#include "mqttwire/leniency.hpp"
#include "mqttwire/packet_type.hpp"
#include "mqttwire/packets/functions.hpp"
#include "mqttwire/packets/publish.hpp"
#include "mqttwire/packets/publish_head.hpp"
#include "mqttwire/packets/small_functions.hpp"
#include "mqttwire/result.hpp"
#include "mqttwire/version.hpp"
#include "mqttwire/wire/text.hpp"
#include "mqttwire/wire/varint.hpp"

#include <array>
#include <cstddef>
#include <span>
#include <type_traits>

namespace mqttwire::inline MQTTWIRE_ABI {

namespace wire {

inline namespace MQTTWIRE_CODE {

/// A PUBLISH whose payload is counted and not written.
struct SmallHead {
    Publish publish;
    std::size_t payload_size;
};

template <class V>
void write_head_small(SmallEncoder<V>& encoder, const void* head) noexcept
{
    const SmallHead& self = *static_cast<const SmallHead*>(head);
    write_small<Publish>(encoder, &self.publish);
    encoder.leave_out(self.payload_size);
}

template <class V, class... Terms>
MQTTWIRE_NOINLINE inline Result<std::span<std::byte>> encode_head_small(
    const Publish& publish, std::size_t payload_size, std::byte* buffer, std::size_t capacity, Terms... terms) noexcept
{
    SmallHead head{publish, payload_size <= max_varint ? payload_size : max_varint};
    head.publish.payload = {};
    constexpr SmallWalk<V> walk = &write_head_small<V>;
    return encode_small(buffer, capacity, &head, walk, terms...);
}

/// Writes all of a PUBLISH but its payload, which is counted and not looked at.
template <class V>
MQTTWIRE_STEP constexpr Result<std::span<std::byte>> write_head(const Publish& publish, std::size_t payload_size,
    std::span<std::byte> buffer, V version, Leniency leniency, Role receiver) noexcept
{
    if constexpr (config::small) {
        if (!std::is_constant_evaluated()) {
            std::byte* const to = buffer.data();
            if (surely_strict(leniency, receiver))
                return with_strict_terms(version, [&](auto... terms) {
                    return encode_head_small<Strict<V>>(publish, payload_size, to, buffer.size(), terms...);
                });
            return encode_head_small<V>(
                publish, payload_size, to, buffer.size(), version, without_payload(leniency), receiver);
        }
    }
    Publish whole = publish;
    whole.payload = Binary(buffer.data() + buffer.size(), payload_size); // anywhere but in the buffer
    leniency = without_payload(leniency);
    Publish head = publish;
    head.payload = {};
    return check_and_write(whole, head, whole.payload.size(), FixedRoom{buffer}, version, leniency, receiver);
}

} // namespace MQTTWIRE_CODE

} // namespace wire

/// The bytes of a PUBLISH that stand before its payload, which the caller sends behind them: exactly `payload_size`
/// bytes. Everything is checked that encode checks, but whether the payload is text; `publish.payload` is not looked
/// at. After `buffer_too_small` `needed` is the size of the head.
template <class = config::Code>
MQTTWIRE_WHOLE constexpr Result<std::span<std::byte>> encode_head(const Publish& publish, std::size_t payload_size,
    MutableBuffer buffer MQTTWIRE_LIFETIMEBOUND, Version version, Leniency leniency = {}, Role receiver = {}) noexcept
{
    return wire::with_version<Publish, wire::Verb::encode>(
        version, [&](auto terms) MQTTWIRE_STEP_LAMBDA -> Result<std::span<std::byte>> {
            return wire::write_head(publish, payload_size, buffer, terms, leniency, receiver);
        });
}
template <Version V, class = config::Code>
MQTTWIRE_ENTRY constexpr Result<std::span<std::byte>> encode_head(const Publish& publish, std::size_t payload_size,
    MutableBuffer buffer MQTTWIRE_LIFETIMEBOUND, Leniency leniency = {}, Role receiver = {}) noexcept
{
    return wire::write_head(publish, payload_size, buffer, wire::FixedVersion<V>{}, leniency, receiver);
}

/// What is left to send of a PUBLISH whose payload comes in pieces, and may be sent in pieces that are smaller still.
///
///     StreamWriter writer(*head, payload_size);
///     while (!writer.complete()) {
///         if (piece.empty()) piece = ...                    // at most writer.owed() bytes
///         auto spans = writer.spans(piece);                 // for writev
///         piece = piece.subspan(writer.sent(count));        // as many bytes as were taken
///     }
class StreamWriter {
public:
    constexpr StreamWriter() noexcept = default;
    /// A head as encode_head gives it, which must stay until it is sent.
    constexpr StreamWriter(ConstBuffer head MQTTWIRE_LIFETIMEBOUND, std::size_t payload_size) noexcept
        : head_(head), owed_(payload_size)
    {
    }

    /// What is left of the head.
    [[nodiscard]] constexpr std::span<const std::byte> head() const noexcept { return head_; }
    /// Bytes of the payload that must still be sent.
    [[nodiscard]] constexpr std::size_t owed() const noexcept { return owed_; }
    /// True if the whole packet was sent.
    [[nodiscard]] constexpr bool complete() const noexcept { return head_.empty() && owed_ == 0; }

    /// What to send next if these are the next bytes of the payload: the rest of the head, which may be empty, and
    /// they. More than `owed()` is an error: `bytes_left_over`.
    [[nodiscard]] constexpr Result<std::array<std::span<const std::byte>, 2>> spans(ConstBuffer piece) const noexcept
    {
        const std::span<const std::byte> bytes = piece;
        if (bytes.size() > owed_)
            return Error{.code = Errc::bytes_left_over, .field = Field::payload, .packet = PacketType::publish};
        return std::array<std::span<const std::byte>, 2>{head_, bytes};
    }

    /// `count` bytes of what `spans` gave were sent. Gives how many of them were of the payload.
    constexpr std::size_t sent(std::size_t count) noexcept
    {
        const std::size_t of_head = count < head_.size() ? count : head_.size();
        head_ = head_.subspan(of_head);
        const std::size_t rest = count - of_head;
        const std::size_t of_payload = rest < owed_ ? rest : owed_;
        owed_ -= of_payload;
        return of_payload;
    }

private:
    std::span<const std::byte> head_;
    std::size_t owed_ = 0;
};

} // namespace mqttwire::inline MQTTWIRE_ABI
