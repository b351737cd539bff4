// StreamReader: PUBLISH packets of any size in little memory, read in pieces.
//
//   fixed header | topic name | packet id | 5.0: properties | payload
//   `------------------- the head ---------------------'    `- pieces, where they lie
#pragma once

#include "mqttwire/buffer.hpp"
#include "mqttwire/config.hpp"
#include "mqttwire/error.hpp"
#include "mqttwire/field.hpp"
#include "mqttwire/frame.hpp"
#include "mqttwire/framer.hpp"
#include "mqttwire/leniency.hpp"
#include "mqttwire/packet_type.hpp"
#include "mqttwire/packets/functions.hpp"
#include "mqttwire/packets/publish.hpp"
#include "mqttwire/packets/publish_head.hpp"
#include "mqttwire/version.hpp"
#include "mqttwire/wire/bytes.hpp"
#include "mqttwire/wire/fixed_header.hpp"
#include "mqttwire/wire/list.hpp"
#include "mqttwire/wire/text_in_pieces.hpp"
#include "mqttwire/wire/varint.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <type_traits>
#include <utility>

namespace mqttwire::inline MQTTWIRE_ABI {

namespace wire {

inline namespace MQTTWIRE_CODE {

/// How packets of a stream are read.
template <class V>
struct StreamTerms {
    Leniency leniency;
    Role receiver;
    [[no_unique_address]] V version;
};
template <class V>
    requires V::strict
struct StreamTerms<V> {
    static constexpr Leniency leniency = Leniency::none;
    static constexpr Role receiver = Role::unknown;
    [[no_unique_address]] V version;
};

} // namespace MQTTWIRE_CODE

} // namespace wire

/// What a stream shows next: a packet other than PUBLISH, or of a PUBLISH its head, a piece of its payload and its end,
/// as far as they have arrived; in this order. A small PUBLISH is one event that is all three.
///
/// The views are valid until the next call, and as long as the chunk's memory is.
struct StreamEvent {
    std::optional<Frame> frame; ///< a packet other than PUBLISH, whole, for decode
    std::optional<Publish> head; ///< a PUBLISH begins: all of it but the payload, decoded and checked
    std::span<const std::byte> payload; ///< the next bytes of the payload, where they lie
    std::uint32_t payload_size = 0; ///< with a head: the bytes of the whole payload, 0 to 268,435,452
    bool end = false; ///< the PUBLISH is complete

    constexpr StreamEvent() noexcept { wire::set_members_one_by_one(); }
    /// For StreamReader: with the frame that a function gives, which is constructed here and not copied.
    template <class MakeFrame>
    MQTTWIRE_ALWAYS_INLINE constexpr explicit StreamEvent(MakeFrame make_frame) noexcept : frame(make_frame())
    {
        wire::set_members_one_by_one();
    }
    /// For StreamReader: with a head that is still to be read.
    MQTTWIRE_ALWAYS_INLINE constexpr explicit StreamEvent(wire::Defaults<Publish> defaults) noexcept
        : head(std::in_place, defaults)
    {
        wire::set_members_one_by_one();
    }

    /// True if there is anything.
    constexpr explicit operator bool() const noexcept
    {
        return frame.has_value() || head.has_value() || !payload.empty() || end;
    }
};

/// Reads a stream of packets in chunks of any size. A payload is handed on as it arrives and never gathered; the
/// caller's storage holds what is spread over chunks of other packets and of heads. How the stream is cut changes
/// nothing but the pieces [MQTT-6.0.0-2].
///
///     while (auto event = reader.next(chunk, version)) {
///         if (event.frame) ...                   // decode(*event.frame, version)
///         if (event.head) ...                    // a message of event.payload_size bytes begins
///         if (!event.payload.empty()) ...        // goes on
///         if (event.end) ...                     // and ends
///     }
///     if (reader.failed()) ...                   // reader.error(); or reader.skip()
///
/// A packet is accepted here if, and only if, Framer and decode accept it, and the errors are theirs: what is wrong
/// with a head is told in place of its event, a payload that is not the text that it is said to be (which is looked at
/// only with `check_payload_format`) with the piece that goes up to the fault.
///
/// It can be moved as a Framer can, and then is to be given its storage again (`rebind`) if that has moved with it.
class StreamReader {
public:
    /// `limit`: the largest packet that is accepted, in bytes, which need not fit into the storage.
    constexpr explicit StreamReader(
        MutableBuffer storage MQTTWIRE_LIFETIMEBOUND, std::size_t limit = max_packet_size) noexcept
        : framer_(storage, limit)
    {
    }
    /// What was moved from has no storage and is in no packet.
    constexpr StreamReader(StreamReader&& other) noexcept
        : StreamReader(std::as_const(other)) // NOLINT(performance-move-constructor-init): the members are views
    {
        other.clear();
    }
    constexpr StreamReader& operator=(StreamReader&& other) noexcept
    {
        if (this == &other) return *this;
        *this = std::as_const(other);
        other.clear();
        return *this;
    }
    constexpr ~StreamReader() = default;

    /// See Framer.
    template <class Code = config::Code>
    constexpr void expect(Version version, Role receiver = Role::unknown, Leniency leniency = Leniency::none) noexcept
    {
        framer_.expect<Code>(version, receiver, leniency);
    }
    /// See Framer.
    template <class Code = config::Code>
    constexpr void expect_connect() noexcept
    {
        framer_.expect_connect<Code>();
    }

    /// The next event, and the chunk shrinks by the bytes that were taken; or nothing: then the chunk is used up and
    /// more bytes are needed, or the reader has failed. Version, leniency and receiver are those of decode, and may
    /// change from one packet to the next.
    template <class Code = config::Code>
    [[nodiscard]] MQTTWIRE_ENTRY constexpr StreamEvent next(
        std::span<const std::byte>& chunk, Version version, Leniency leniency = {}, Role receiver = {}) noexcept
    {
        using Any = wire::AnyVersion;
        if constexpr (!config::share_walks)
            if (wire::surely_strict(leniency, receiver))
                return take<Code>(chunk, wire::StreamTerms<wire::Strict<Any>>{wire::Strict<Any>({version})});
        return take<Code>(chunk, wire::StreamTerms<Any>{leniency, receiver, {version}});
    }
    template <Version V, class Code = config::Code>
    [[nodiscard]] MQTTWIRE_ENTRY constexpr StreamEvent next(
        std::span<const std::byte>& chunk, Leniency leniency = {}, Role receiver = {}) noexcept
    {
        using Known = wire::FixedVersion<V>;
        if constexpr (config::small || !config::share_walks)
            if (wire::surely_strict(leniency, receiver))
                return take<Code>(chunk, wire::StreamTerms<wire::Strict<Known>>{});
        return take<Code>(chunk, wire::StreamTerms<Known>{leniency, receiver, {}});
    }
    /// The same for chunks of other types.
    template <class Code = config::Code, wire::ChunkByte Byte>
    [[nodiscard]] StreamEvent next(
        std::span<Byte>& chunk, Version version, Leniency leniency = {}, Role receiver = {}) noexcept
    {
        return wire::in_bytes(chunk, [&](auto& bytes) { return next<Code>(bytes, version, leniency, receiver); });
    }
    template <Version V, class Code = config::Code, wire::ChunkByte Byte>
    [[nodiscard]] StreamEvent next(std::span<Byte>& chunk, Leniency leniency = {}, Role receiver = {}) noexcept
    {
        return wire::in_bytes(chunk, [&](auto& bytes) { return next<V, Code>(bytes, leniency, receiver); });
    }
    /// See Framer.
    template <class Code = config::Code, class Byte, std::size_t Size>
        requires(Size != std::dynamic_extent)
    [[nodiscard]] StreamEvent next(std::span<Byte, Size>&, Version, Leniency = {}, Role = {}) noexcept
    {
        wire::refuse_fixed_chunk<Size>();
        return {};
    }
    template <Version V, class Code = config::Code, class Byte, std::size_t Size>
        requires(Size != std::dynamic_extent)
    [[nodiscard]] StreamEvent next(std::span<Byte, Size>&, Leniency = {}, Role = {}) noexcept
    {
        wire::refuse_fixed_chunk<Size>();
        return {};
    }

    /// Leaves out what is to come of the packet that has begun, be it gathered, read or found faulty: the next event is
    /// of the packet behind it. False if there is none, and after a faulty fixed header or one beyond the limit: there
    /// the stream is not read on.
    template <class Code = config::Code>
    constexpr bool skip() noexcept
    {
        if (framer_.size_ != 0) {
            const std::uint32_t size = is_publish(framer_.header_.data()) ? size_ : framer_.size_;
            left_ = size - static_cast<std::uint32_t>(framer_.gathered_);
        } else if (framer_.gathered_ != 0 || (left_ == 0 && !may_skip_)) {
            return false;
        }
        framer_.leave();
        framer_.forgive();
        looks_at_text_ = may_skip_ = false;
        skipping_ = left_ != 0;
        return true;
    }

    /// True after an error; `next` gives nothing any more, unless `skip` or `rebind` help.
    [[nodiscard]] constexpr bool failed() const noexcept { return framer_.failed(); }
    /// Why the stream cannot be read on; offsets count from the first byte of the packet that was being read. After
    /// `packet_too_large` `needed` is the packet's size or, if the storage is too small, the bytes that are needed.
    [[nodiscard]] constexpr const Error& error() const noexcept { return framer_.error(); }
    /// The least number of further bytes that can bring an event; 0 after an error.
    [[nodiscard]] constexpr std::size_t needed() const noexcept
    {
        if (failed()) return 0;
        return left_ == 0 ? framer_.needed() : skipping_ ? left_ : 1;
    }
    /// True if the stream may end here: no packet is cut off.
    [[nodiscard]] constexpr bool at_boundary() const noexcept { return framer_.at_boundary() && left_ == 0; }
    /// Bytes of the payload that are still to come.
    [[nodiscard]] constexpr std::size_t payload_left() const noexcept { return skipping_ || failed() ? 0 : left_; }

    /// After `packet_too_large`: the bytes of storage with which `rebind` lets the reader go on, for a packet or a head
    /// is spread over chunks and does not fit. Of a head that is what is known of its size, so a head may ask twice:
    /// for its topic, and for its properties. Else 0.
    [[nodiscard]] constexpr std::size_t storage_needed() const noexcept { return framer_.storage_needed(); }
    /// The bytes that the storage holds of what is being gathered.
    [[nodiscard]] constexpr std::size_t gathered() const noexcept
    {
        if (framer_.storage_needed() == 0) return framer_.gathered();
        return framer_.gathered_ > framer_.header_size() ? framer_.gathered_ : 0;
    }
    /// Gives the reader another storage, which begins with the `gathered()` bytes of the old one, as Framer's; then
    /// `next` is to be called with the rest of the chunk, even if nothing is left of it.
    template <class Code = config::Code>
    constexpr void rebind(MutableBuffer storage) noexcept
    {
        framer_.rebind<Code>(storage);
    }

    /// Forgets everything but storage and limit, for the next connection.
    constexpr void reset() noexcept
    {
        framer_.reset();
        left_ = 0;
        text_ = {};
        looks_at_text_ = skipping_ = may_skip_ = false;
    }

private:
    constexpr StreamReader(const StreamReader&) noexcept = default;
    constexpr StreamReader& operator=(const StreamReader&) noexcept = default;
    constexpr void clear() noexcept
    {
        framer_.clear();
        reset();
    }

    template <class Code, class V>
    MQTTWIRE_ALWAYS_INLINE constexpr StreamEvent take(
        std::span<const std::byte>& chunk, wire::StreamTerms<V> terms) noexcept
    {
        if (!config::microcontroller && left_ == 0) [[likely]]
            return begin<Code>(chunk, terms);
        return go_on<Code>(chunk, terms);
    }

    /// A packet that lies whole in the chunk is the usual case; microcontrollers have one path for all, which is less
    /// code. Its event is constructed where it is to be: to be copied it would be read in one piece, soon after it was
    /// written in several, and processors are slow at that.
    template <class Code, class V>
    MQTTWIRE_ALWAYS_INLINE constexpr StreamEvent begin(
        std::span<const std::byte>& chunk, wire::StreamTerms<V> terms) noexcept
    {
        return framer_.quick<Code>(
            chunk,
            [&](const std::byte* first, std::uint32_t size, std::uint8_t header_size) MQTTWIRE_STEP_LAMBDA {
                if (!is_publish(first))
                    return StreamEvent(
                        [&]() MQTTWIRE_STEP_LAMBDA { return Framer::frame_at(first, size, header_size); });
                return whole<Code>({first, size}, header_size, terms);
            },
            [&]() MQTTWIRE_STEP_LAMBDA { return go_on<Code>(chunk, terms); });
    }

    /// With what has begun, a piece of a payload above all; on microcontrollers with anything.
    template <class Code, class V>
    MQTTWIRE_APART constexpr StreamEvent go_on(std::span<const std::byte>& chunk, wire::StreamTerms<V> terms) noexcept
    {
        StreamEvent event;
        if (!config::microcontroller && left_ != 0 && !skipping_ && !failed())
            piece<Code, may_look_at_text<V>()>(event, chunk);
        else step<Code>(event, chunk, terms);
        return event;
    }

    /// A PUBLISH that lies whole in the chunk.
    template <class Code, class V>
    MQTTWIRE_NOINLINE constexpr StreamEvent whole(
        std::span<const std::byte> packet, std::size_t header_size, wire::StreamTerms<V> terms) noexcept
    {
        StreamEvent event(wire::Defaults<Publish>{});
        if (!read<Code>(event, packet, header_size, terms)) [[unlikely]]
            return event;
        Binary& payload = event.head->payload; // which is not copied, for the same reason
        event.payload_size = static_cast<std::uint32_t>(payload.size());
        event.payload = {payload.bytes(), payload.size()};
        payload = {};
        event.end = true;
        if (may_look_at_text<V>() && has(terms.leniency, Leniency::check_payload_format)) [[unlikely]] {
            size_ = static_cast<std::uint32_t>(packet.size());
            left_ = event.payload_size;
            look_at_text<Code>(event, terms.version);
            std::span<const std::byte> bytes = event.payload;
            piece<Code, true>(event, bytes);
        }
        return event;
    }

    /// `take` for all that is not usual.
    template <class Code, class V>
    MQTTWIRE_NOINLINE constexpr void step(
        StreamEvent& event, std::span<const std::byte>& chunk, wire::StreamTerms<V> terms) noexcept
    {
        if (failed()) return;
        if constexpr (config::small) {
            std::span<const std::byte> rest = chunk; // which the compiler can keep in registers
            small_step<Code>(event, rest, terms);
            chunk = rest;
        } else {
            quick_step<Code>(event, chunk, terms);
        }
    }

    template <class Code, class V>
    MQTTWIRE_STEP constexpr void quick_step(
        StreamEvent& event, std::span<const std::byte>& chunk, wire::StreamTerms<V> terms) noexcept
    {
        if (left_ != 0) {
            if (!skipping_) return piece<Code, may_look_at_text<V>()>(event, chunk);
            take_piece(chunk);
            if (left_ != 0) return;
        }
        skipping_ = false;
        const bool begun = framer_.gathered_ != 0;
        if (!begun && chunk.empty()) return;
        if (!is_publish(begun ? framer_.header_.data() : chunk.data())) {
            event.frame = framer_.step<Code>(chunk);
            return;
        }
        std::span<const std::byte> head;
        if (!(begun ? gather_head<Code>(head, chunk, terms.version) : find_head<Code>(head, chunk, terms.version)))
            return;
        const std::size_t header_size = 1 + wire::load_valid_varint(head.data() + 1).size;
        if (begin_payload<Code>(event, head, header_size, terms)) piece<Code, may_look_at_text<V>()>(event, chunk);
    }

    /// One path for all that begins or goes on.
    template <class Code, class V>
    MQTTWIRE_THIN constexpr void small_step(
        StreamEvent& event, std::span<const std::byte>& chunk, wire::StreamTerms<V> terms) noexcept
    {
        do {
            if (left_ == 0) {
                std::uint32_t size = 0;
                std::uint32_t header_size = 0;
                const std::byte* const first = framer_.take<Code>(chunk, size, header_size,
                    [&](const std::byte* packet, std::size_t known, std::uint32_t header_bytes,
                        std::uint32_t packet_size) -> std::uint32_t {
                        size_ = packet_size;
                        if (!is_publish(framer_.header_.data())) return packet_size;
                        return wire::head_size(packet, known, header_bytes, packet_size, has_properties(terms.version));
                    });
                if (first == nullptr) return;
                if (!is_publish(first)) {
                    event.frame = Framer::frame_at(first, size, static_cast<std::uint8_t>(header_size));
                    return;
                }
                if (!begin_payload<Code>(event, {first, size}, header_size, terms)) return;
            }
            if (!skipping_) return piece<Code, may_look_at_text<V>()>(event, chunk);
            take_piece(chunk);
            skipping_ = left_ != 0;
        } while (!skipping_);
    }

    /// Decodes the head of the PUBLISH that has `size_` bytes, behind which its payload begins; false if it is wrong.
    template <class Code, class V>
    MQTTWIRE_STEP constexpr bool begin_payload(StreamEvent& event, std::span<const std::byte> head,
        std::size_t header_size, wire::StreamTerms<V> terms) noexcept
    {
        left_ = size_ - static_cast<std::uint32_t>(head.size());
        event.head.emplace(wire::Defaults<Publish>{});
        if (!read<Code>(event, head, header_size, terms)) return false;
        event.payload_size = left_;
        looks_at_text_ = false;
        if constexpr (may_look_at_text<V>())
            if (has(terms.leniency, Leniency::check_payload_format)) look_at_text<Code>(event, terms.version);
        return true;
    }

    /// False of terms that are known to ask for no text to be looked at.
    template <class V>
    static constexpr bool may_look_at_text() noexcept
    {
        return !V::strict && V::can_be(Version::v5);
    }

    /// Decodes the head of an event; what is wrong with it ends the stream, unless the packet is skipped.
    template <class Code, class V>
    MQTTWIRE_ALWAYS_INLINE constexpr bool read(StreamEvent& event, std::span<const std::byte> head,
        std::size_t header_size, wire::StreamTerms<V> terms) noexcept
    {
        Publish& publish = *event.head;
        if constexpr (config::small && std::is_empty_v<V>) {
            if (!std::is_constant_evaluated()) {
                const Error* const error = wire::read_head_small(
                    publish, head, header_size, terms.version, wire::without_payload(terms.leniency), terms.receiver);
                if (error == nullptr) return true;
                fail(*error);
                event.head.reset();
                return false;
            }
        }
        Error error;
        const auto read_in = [&](auto version) MQTTWIRE_STEP_LAMBDA -> Error {
            return wire::read_head(
                publish, head, header_size, version, wire::without_payload(terms.leniency), terms.receiver);
        };
        if constexpr (std::is_empty_v<V>) error = read_in(terms.version);
        else
            error = wire::with_version<Publish, wire::Verb::decode>(
                terms.version, [&](auto known) MQTTWIRE_STEP_LAMBDA -> Error {
                    if constexpr (V::strict) return read_in(wire::Strict<decltype(known)>(known));
                    else return read_in(known);
                });
        if (error.code == Errc::none) [[likely]]
            return true;
        event.head.reset();
        fail(error);
        return false;
    }

    constexpr void fail(const Error& error) noexcept
    {
        framer_.error_ = error;
        framer_.quick_types_ = 0;
        may_skip_ = true;
    }

    /// Finds the head of a PUBLISH that begins with the chunk; gathers it if it does not lie there whole.
    template <class Code, class V>
    constexpr bool find_head(std::span<const std::byte>& head, std::span<const std::byte>& chunk, V version) noexcept
    {
        const std::byte* const packet = chunk.data();
        const wire::Varint length = wire::load_varint(packet + 1, packet + chunk.size());
        framer_.header_[0] = *packet;
        if (!framer_.check<Code>(length)) return false;
        if (length.size != 0) {
            const std::uint32_t header_size = 1 + length.size;
            size_ = header_size + length.value;
            const std::uint32_t known = size_ < chunk.size() ? size_ : static_cast<std::uint32_t>(chunk.size());
            const std::uint32_t size = wire::head_size(packet, known, header_size, size_, has_properties(version));
            if (size <= known) {
                head = chunk.first(size);
                chunk = chunk.subspan(size);
                return true;
            }
        }
        return gather_head<Code>(head, chunk, version);
    }

    /// Takes what the chunk has of a head that is spread over chunks. Framer's `size_` is that of the head as far as it
    /// is known.
    template <class Code, class V>
    constexpr bool gather_head(std::span<const std::byte>& head, std::span<const std::byte>& chunk, V version) noexcept
    {
        if (framer_.size_ == 0) {
            size_ = framer_.gather_header<Code>(chunk);
            if (size_ == 0) return false;
        }
        for (;;) {
            const bool stored = framer_.size_ != 0;
            const std::byte* const packet = stored ? framer_.storage_.data() : framer_.header_.data();
            const auto known = static_cast<std::uint32_t>(framer_.gathered_);
            const auto header_size = static_cast<std::uint32_t>(framer_.header_size());
            const std::uint32_t size = wire::head_size(packet, known, header_size, size_, has_properties(version));
            if (stored && size <= known) break;
            framer_.size_ = size;
            if (!framer_.use_storage(header_size) || !framer_.gather_missing<Code>(chunk)) return false;
        }
        head = framer_.storage_.first(framer_.gathered_);
        framer_.leave();
        return true;
    }

    static constexpr bool is_publish(const std::byte* packet) noexcept
    {
        return wire::load_byte(packet) >> 4U == static_cast<unsigned>(PacketType::publish);
    }

    template <class V>
    static constexpr bool has_properties(V version) noexcept
    {
        return version == Version::v5;
    }

    template <class Code, class V>
    constexpr void look_at_text(const StreamEvent& event, V version) noexcept
    {
        looks_at_text_ = has_properties(version) && event.head->properties.payload_format_indicator == 1;
        text_ = {};
    }

    /// Takes what the chunk has of the bytes that are still to come.
    MQTTWIRE_THIN constexpr std::span<const std::byte> take_piece(std::span<const std::byte>& chunk) noexcept
    {
        const std::size_t count = left_ < chunk.size() ? left_ : chunk.size();
        const std::span<const std::byte> piece = chunk.first(count);
        chunk = chunk.subspan(count);
        left_ -= static_cast<std::uint32_t>(count);
        return piece;
    }

    /// Hands on what the chunk has of a payload.
    template <class Code, bool MayLookAtText>
    MQTTWIRE_ALWAYS_INLINE constexpr void piece(StreamEvent& event, std::span<const std::byte>& chunk) noexcept
    {
        event.payload = take_piece(chunk);
        event.end = left_ == 0;
        if constexpr (MayLookAtText)
            if (looks_at_text_) [[unlikely]]
                check_text<Code>(event);
    }

    template <class Code>
    MQTTWIRE_NOINLINE constexpr void check_text(StreamEvent& event) noexcept
    {
        const std::int32_t fault = text_.add<Code>({event.payload.data(), event.payload.size()}, event.end);
        looks_at_text_ = !event.end;
        if (fault == wire::TextInPieces::no_fault) return;
        const auto end = static_cast<std::int32_t>(size_ - left_);
        const auto begin = end - static_cast<std::int32_t>(event.payload.size());
        event.payload = event.payload.first(fault > 0 ? static_cast<std::size_t>(fault) : 0);
        event.end = false;
        fail({.code = Errc::payload_not_utf8,
            .field = Field::payload,
            .packet = PacketType::publish,
            .offset = static_cast<std::uint32_t>(begin + fault)});
    }

    Framer framer_;
    std::uint32_t size_ = 0; ///< of the PUBLISH whose head is gathered or whose payload is read
    std::uint32_t left_ = 0; ///< bytes of the payload, or of the packet that is skipped, that are still to come
    wire::TextInPieces text_;
    bool looks_at_text_ = false; ///< until the payload ends
    bool skipping_ = false;
    bool may_skip_ = false; ///< after an error: the end of the packet is known
};

static_assert(sizeof(StreamReader) <= sizeof(std::span<std::byte>) + 128);

} // namespace mqttwire::inline MQTTWIRE_ABI
