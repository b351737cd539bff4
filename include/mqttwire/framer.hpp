// Framer: cuts a stream of bytes, in chunks of any size, into packets.
#pragma once

#include "mqttwire/buffer.hpp"
#include "mqttwire/config.hpp"
#include "mqttwire/error.hpp"
#include "mqttwire/frame.hpp"
#include "mqttwire/leniency.hpp"
#include "mqttwire/packet_type.hpp"
#include "mqttwire/version.hpp"
#include "mqttwire/wire/bytes.hpp"
#include "mqttwire/wire/fixed_header.hpp"
#include "mqttwire/wire/header_rules.hpp"
#include "mqttwire/wire/varint.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <utility>

namespace mqttwire::inline MQTTWIRE_ABI {

/// Cuts a stream into packets, without allocating: a packet that lies whole in a chunk is given where it lies; one that
/// is spread over chunks is gathered in the caller's storage. Frames and errors do not depend on how the stream is cut,
/// but that a packet which lies whole in a chunk needs no storage.
///
///     while (auto frame = framer.next(chunk)) { ... }
///     if (framer.failed()) ...   // framer.error(): close the connection
///     else ...                   // read at least framer.needed() more bytes
///
/// A framer begins with little storage, or none, and is given more where a packet needs it:
///
///     for (;;) {
///         while (auto frame = framer.next(chunk)) { ... }
///         if (framer.storage_needed() == 0) break;
///         storage.resize(framer.storage_needed());
///         framer.rebind(storage);
///     }
///
/// It can be moved, and then is to be given its storage again (`rebind`) if that has moved with it.
class Framer {
public:
    /// `limit`: the largest packet that is accepted, in bytes.
    constexpr explicit Framer(
        MutableBuffer storage MQTTWIRE_LIFETIMEBOUND, std::size_t limit = max_packet_size) noexcept
        : storage_(storage), limit_(limit)
    {
    }
    /// What was moved from has no storage and is in no packet.
    constexpr Framer(Framer&& other) noexcept
        : Framer(std::as_const(other)) // NOLINT(performance-move-constructor-init): the members are views
    {
        other.clear();
    }
    constexpr Framer& operator=(Framer&& other) noexcept
    {
        if (this == &other) return *this;
        *this = std::as_const(other);
        other.clear();
        return *this;
    }
    constexpr ~Framer() = default;

    /// From the next packet on, what decode would refuse for the sake of the fixed header alone is an error as soon as
    /// that is known: a type, flags or a direction that cannot be, a length that is not minimal, a body where there is
    /// none or one that is too short.
    template <class Code = config::Code>
    constexpr void expect(Version version, Role receiver = Role::unknown, Leniency leniency = Leniency::none) noexcept
    {
        expected_ = Expected::packets_of_a_version;
        header_fault_ = &version_fault<Code>;
        version_ = version;
        receiver_ = receiver;
        leniency_ = leniency;
        quick_types_ = 0;
    }
    /// The next packet must be a CONNECT, as the first that a server receives [MQTT-3.1.0-1]; else the error is
    /// `version_unknown`. What comes after it is not looked at until `expect` is called.
    template <class Code = config::Code>
    constexpr void expect_connect() noexcept
    {
        expected_ = Expected::connect;
        header_fault_ = &connect_fault<Code>;
        quick_types_ = 0;
    }

    /// The next packet, and the chunk shrinks by the bytes that were taken; or nothing: then the chunk is used up and
    /// more bytes are needed, or the framer has failed. The frame is valid until the next call, and as long as the
    /// chunk's memory is.
    template <class Code = config::Code>
    [[nodiscard]] MQTTWIRE_ENTRY constexpr std::optional<Frame> next(std::span<const std::byte>& chunk) noexcept
    {
        if constexpr (config::microcontroller) return step<Code>(chunk);
        return quick<Code>(
            chunk,
            [](const std::byte* first, std::uint32_t size, std::uint8_t header_size)
                MQTTWIRE_STEP_LAMBDA { return frame_at(first, size, header_size); },
            [&]() noexcept { return step<Code>(chunk); });
    }
    /// The same for chunks of other types.
    template <class Code = config::Code, wire::ChunkByte Byte>
    [[nodiscard]] std::optional<Frame> next(std::span<Byte>& chunk) noexcept
    {
        return wire::in_bytes(chunk, [&](auto& bytes) { return next<Code>(bytes); });
    }
    /// Says to the compiler's user that a span of fixed size cannot shrink, and so is no chunk.
    template <class Code = config::Code, class Byte, std::size_t Size>
        requires(Size != std::dynamic_extent)
    [[nodiscard]] std::optional<Frame> next(std::span<Byte, Size>&) noexcept
    {
        wire::refuse_fixed_chunk<Size>();
        return std::nullopt;
    }

    /// True after an error; `next` gives nothing any more.
    [[nodiscard]] constexpr bool failed() const noexcept { return error_.code != Errc::none; }
    /// Why the stream cannot be read on; offsets count from the first byte of the packet that was being read. After
    /// `packet_too_large` `needed` is the packet's size.
    [[nodiscard]] constexpr const Error& error() const noexcept { return error_; }
    /// The least number of further bytes that can complete the packet that was begun; 0 after an error.
    [[nodiscard]] constexpr std::size_t needed() const noexcept
    {
        if (failed()) return 0;
        if (size_ != 0) return size_ - gathered_;
        return gathered_ == 0 ? 2 : 1;
    }
    /// True if the stream may end here: no packet is cut off.
    [[nodiscard]] constexpr bool at_boundary() const noexcept { return gathered_ == 0 && !failed(); }

    /// After `packet_too_large`: the bytes of storage with which `rebind` lets the framer go on, for it has failed only
    /// because the packet is spread over chunks and does not fit its storage. Else 0.
    [[nodiscard]] constexpr std::size_t storage_needed() const noexcept { return failed() ? size_ : 0; }
    /// The bytes that the storage holds of a packet that is being gathered.
    [[nodiscard]] constexpr std::size_t gathered() const noexcept { return size_ != 0 && !failed() ? gathered_ : 0; }
    /// Gives the framer another storage, with which it goes on where it was. The storage must begin with the
    /// `gathered()` bytes that the old one began with, as it does if a vector was resized or an array moved with the
    /// framer; if there are none, its content does not matter. With storage of at least `storage_needed()` bytes the
    /// framer has no longer failed, and `next` is to be called with the rest of the chunk, even if nothing is left of
    /// it.
    template <class Code = config::Code>
    MQTTWIRE_NOINLINE constexpr void rebind(MutableBuffer storage) noexcept
    {
        storage_ = storage;
        if (size_ == 0) return;
        forgive();
        use_storage<Code>(header_size<Code>());
    }

    /// Forgets everything but storage and limit, for the next connection.
    constexpr void reset() noexcept
    {
        const Framer fresh(storage_, limit_);
        *this = fresh;
    }

private:
    friend class StreamReader; // which gathers the heads of PUBLISH packets as packets are gathered here

    static constexpr std::size_t max_header = 5;
    static constexpr std::uint32_t all_types = 0xFFFE; ///< but the reserved one

    enum class Expected : std::uint8_t { anything, connect, packets_of_a_version };

    /// What is wrong with the fixed header in `header_` for what is expected: with its length if that is given, else
    /// with its first byte.
    using HeaderFault = Errc (*)(Framer& framer, const wire::Varint* length) noexcept;

    constexpr Framer(const Framer&) noexcept = default;
    constexpr Framer& operator=(const Framer&) noexcept = default;
    constexpr void clear() noexcept
    {
        const Framer fresh({}, limit_);
        *this = fresh;
    }

    template <class = config::Code>
    MQTTWIRE_ALWAYS_INLINE static constexpr std::optional<Frame> frame_at(
        const std::byte* first, std::uint32_t size, std::uint8_t header_size) noexcept
    {
        return std::optional<Frame>(std::in_place, detail::FrameKey{}, first, size, header_size);
    }

    /// The next packet as nearly all are: whole, with a length of one or two bytes, and nothing against it: what
    /// `found` makes of it, or else what `otherwise` gives. Either is constructed where it is to be.
    template <class Code = config::Code, class Found, class Otherwise>
    MQTTWIRE_ALWAYS_INLINE constexpr auto quick(
        std::span<const std::byte>& chunk, Found found, Otherwise otherwise) noexcept
    {
        if (gathered_ == 0 && chunk.size() >= 2) [[likely]] {
            const std::byte* const first = chunk.data();
            const unsigned type = wire::load_byte(first) >> 4U;
            std::uint32_t length = wire::load_byte(first + 1);
            std::uint32_t header_size = 2;
            if (length >= 0x80 && chunk.size() > 2) {
                length = length - 0x80 + (std::uint32_t{wire::load_byte(first + 2)} << 7U);
                header_size = 3;
            }
            const std::size_t size = std::size_t{header_size} + length;
            // In two bytes, no packet whose length goes on lies whole.
            const bool longer = header_size == 3 && wire::load_byte(first + 2) >= 0x80;
            if (!longer && ((quick_types_ >> type) & 1U) != 0 && size <= chunk.size() && size <= limit_) [[likely]] {
                chunk = chunk.subspan(size);
                return found(first, static_cast<std::uint32_t>(size), static_cast<std::uint8_t>(header_size));
            }
        }
        return otherwise();
    }

    /// `next` for all that is not usual.
    template <class Code = config::Code>
    MQTTWIRE_NOINLINE constexpr std::optional<Frame> step(std::span<const std::byte>& chunk) noexcept
    {
        if (failed()) return std::nullopt;
        if constexpr (config::small) return small_step<Code>(chunk);
        else return quick_step<Code>(chunk);
    }

    template <class Code = config::Code>
    MQTTWIRE_STEP constexpr std::optional<Frame> quick_step(std::span<const std::byte>& chunk) noexcept
    {
        if (gathered_ == 0 && !chunk.empty()) {
            const std::byte* const first = chunk.data();
            const wire::Varint length = wire::load_varint(first + 1, first + chunk.size());
            header_[0] = *first;
            if (!check<Code>(length)) return std::nullopt;
            const std::uint32_t size = 1 + length.size + length.value;
            if (length.size != 0 && size <= chunk.size()) {
                chunk = chunk.subspan(size);
                return frame_at(first, size, static_cast<std::uint8_t>(1 + length.size));
            }
            if (length.size != 0) { // what gather_header would find out again, byte by byte
                for (; gathered_ <= length.size; ++gathered_) header_[gathered_] = first[gathered_];
                chunk = chunk.subspan(gathered_);
                size_ = size;
                if (!use_storage(1 + length.size)) return std::nullopt;
            }
        }
        return gather<Code>(chunk);
    }

    template <class Code = config::Code>
    MQTTWIRE_THIN constexpr std::optional<Frame> small_step(std::span<const std::byte>& chunk) noexcept
    {
        std::span<const std::byte> rest = chunk; // which the compiler can keep in registers
        std::uint32_t size = 0;
        std::uint32_t header_bytes = 0;
        const std::byte* const first = take<Code>(rest, size, header_bytes,
            [](const std::byte*, std::size_t, std::uint32_t, std::uint32_t packet_size) { return packet_size; });
        chunk = rest;
        if (first == nullptr) return std::nullopt;
        return frame_at(first, size, static_cast<std::uint8_t>(header_bytes));
    }

    /// Where size counts, one path for all packets: takes the next, or the part of it that is wanted, and gives its
    /// first byte; or nullptr if it is not there yet, or wrong. What came with one chunk alone lies there, all else in
    /// the storage.
    ///
    /// `wanted` is told the bytes of the packet that lie together, how many they are, the size of the fixed header and
    /// that of the packet. It gives the size of the part; or, if these bytes do not tell that, how many would tell
    /// more. Of a packet that is to be gathered it is told no bytes first: so what it takes does not depend on how the
    /// stream is cut.
    template <class Code = config::Code, class Wanted>
    MQTTWIRE_THIN constexpr const std::byte* take(
        std::span<const std::byte>& chunk, std::uint32_t& size, std::uint32_t& header_bytes, Wanted wanted) noexcept
    {
        for (;;) {
            const std::byte* packet = chunk.data();
            std::size_t known = chunk.size();
            if (size_ != 0) {
                if (!gather_missing<Code>(chunk)) return nullptr;
                packet = storage_.data();
                known = size_;
            } else {
                if (gathered_ != 0) known = 0;
                if (!take_header<Code>(chunk)) return nullptr;
            }
            const wire::Varint length = wire::load_varint(header_.data() + 1, header_.data() + max_header);
            header_bytes = 1 + length.size;
            if (size_ == 0 && !check<Code>(length)) return nullptr;
            size = wanted(packet, known, header_bytes, header_bytes + length.value);
            if (size < gathered_) size = static_cast<std::uint32_t>(gathered_); // if it wanted more before
            if (size <= known) {
                chunk = chunk.subspan(size - gathered_);
                leave();
                return packet;
            }
            if (size_ == 0 && known != 0)
                continue; // it is to be gathered: the header has been taken, so `known` is 0 now
            size_ = size;
            if (!use_storage(header_bytes)) return nullptr;
        }
    }

    /// Takes what the chunk has of a fixed header; true if that is whole.
    template <class Code = config::Code>
    MQTTWIRE_THIN constexpr bool take_header(std::span<const std::byte>& chunk) noexcept
    {
        while (gathered_ < 2 || (wire::load_byte(header_.data() + gathered_ - 1) >= 0x80 && gathered_ < max_header)) {
            if (chunk.empty()) return false;
            header_[gathered_++] = chunk.front();
            chunk = chunk.subspan(1);
            if (!check<Code>({})) return false;
        }
        return true;
    }

    /// Takes what the chunk has of a packet that is spread over chunks.
    template <class Code = config::Code>
    MQTTWIRE_STEP constexpr std::optional<Frame> gather(std::span<const std::byte>& chunk) noexcept
    {
        if (size_ == 0) {
            size_ = gather_header<Code>(chunk);
            if (size_ == 0 || !use_storage(header_size())) return std::nullopt;
        }
        if (!gather_missing<Code>(chunk)) return std::nullopt;
        const std::uint32_t size = size_;
        leave();
        return frame_at(storage_.data(), size, static_cast<std::uint8_t>(header_size()));
    }

    /// Has no longer failed.
    constexpr void forgive() noexcept
    {
        error_ = {};
        quick_types_ = expected_ == Expected::anything ? all_types : 0;
    }

    /// Is in no packet any more.
    constexpr void leave() noexcept
    {
        gathered_ = 0;
        size_ = 0;
    }

    /// Takes what the chunk has of a fixed header, and gives the size of its packet; 0: it is not whole, or is wrong.
    template <class Code = config::Code>
    constexpr std::uint32_t gather_header(std::span<const std::byte>& chunk) noexcept
    {
        if (!take_header<Code>(chunk)) return 0;
        const wire::Varint length = wire::load_varint(header_.data() + 1, header_.data() + max_header);
        return check<Code>(length) ? 1 + length.size + length.value : 0;
    }

    /// Takes what the chunk has of the `size_` bytes; true if none is missing any more.
    template <class Code = config::Code>
    MQTTWIRE_THIN constexpr bool gather_missing(std::span<const std::byte>& chunk) noexcept
    {
        const std::size_t missing = size_ - gathered_;
        const std::size_t count = missing < chunk.size() ? missing : chunk.size();
        wire::copy(storage_.data() + gathered_, chunk.data(), count);
        chunk = chunk.subspan(count);
        gathered_ += count;
        return gathered_ == size_;
    }

    /// Of the packet that is being gathered.
    template <class = config::Code>
    constexpr std::size_t header_size() const noexcept
    {
        return 1 + wire::load_varint(header_.data() + 1, header_.data() + max_header).size;
    }

    /// Moves the fixed header into the storage, if that has room for the packet whose size is known now.
    template <class = config::Code>
    MQTTWIRE_THIN constexpr bool use_storage(std::size_t header_bytes) noexcept
    {
        if (size_ > storage_.size()) return fail(Errc::packet_too_large, Field::remaining_length, size_);
        wire::copy(storage_.data(), header_.data(), header_bytes);
        return true;
    }

    /// What can be wrong with a fixed header, as soon as its bytes are there. A length of size 0 is not complete yet.
    template <class Code = config::Code>
    constexpr bool check(const wire::Varint& length) noexcept
    {
        Errc fault = unexpected<Code>(nullptr);
        if (fault != Errc::none) return fail(fault, Field::fixed_header);
        if (length.size == 0) return true;
        const std::uint32_t size = 1 + length.size + length.value;
        if (length.size == wire::Varint::too_long) fault = Errc::remaining_length_too_long;
        else if (size > limit_) return fail(Errc::packet_too_large, Field::remaining_length, size);
        else fault = unexpected<Code>(&length);
        return fault == Errc::none || fail(fault, Field::remaining_length);
    }

    /// A program that never expects anything has no code for it, where that counts.
    template <class Code = config::Code>
    constexpr Errc unexpected(const wire::Varint* length) noexcept
    {
        if constexpr (config::small) return header_fault_(*this, length);
        else if (expected_ == Expected::anything) return type_fault<Code>(*this, length);
        else if (expected_ == Expected::connect) return connect_fault<Code>(*this, length);
        else return version_fault<Code>(*this, length);
    }

    template <class = config::Code>
    static constexpr Errc type_fault(Framer& framer, const wire::Varint*) noexcept
    {
        return framer.first_byte() < 0x10 ? Errc::reserved_packet_type : Errc::none;
    }

    /// What comes behind the CONNECT, whose length is there now, is not looked at.
    template <class Code = config::Code>
    static constexpr Errc connect_fault(Framer& framer, const wire::Varint* length) noexcept
    {
        if (length != nullptr) {
            framer.expected_ = Expected::anything;
            framer.header_fault_ = &type_fault<Code>;
            framer.quick_types_ = all_types;
            return wire::body_size_fault(PacketType::connect, length->value, framer.version_, framer.leniency_);
        }
        if (framer.first_byte() < 0x10) return Errc::reserved_packet_type;
        return packet_type_of(framer.first_byte()) == PacketType::connect ? Errc::none : Errc::version_unknown;
    }

    template <class = config::Code>
    static constexpr Errc version_fault(Framer& framer, const wire::Varint* length) noexcept
    {
        const Version version = framer.version_;
        if (length == nullptr)
            return wire::first_byte_fault(framer.first_byte(), version, framer.leniency_, framer.receiver_);
        const auto type = packet_type_of(framer.first_byte());
        if (type != PacketType::connect && version == Version::v5 && !is_minimal(*length))
            return Errc::remaining_length_not_minimal;
        return wire::body_size_fault(type, length->value, version, framer.leniency_);
    }

    constexpr unsigned first_byte() const noexcept { return wire::load_byte(header_.data()); }

    template <class = config::Code>
    MQTTWIRE_NOINLINE constexpr bool fail(Errc code, Field field, std::uint32_t needed = 0) noexcept
    {
        constexpr auto first_field = static_cast<std::uint32_t>(Field::fixed_header);
        static_assert(static_cast<std::uint32_t>(Field::remaining_length) == first_field + 1, "the byte behind it");
        error_ = {.code = code,
            .field = field,
            .packet = packet_type_of(first_byte()),
            .offset = static_cast<std::uint32_t>(field) - first_field,
            .needed = needed};
        quick_types_ = 0;
        return false;
    }

    std::span<std::byte> storage_;
    std::size_t limit_;
    HeaderFault header_fault_ = &type_fault<>; ///< as what is expected demands
    std::size_t gathered_ = 0; ///< bytes of the current packet in header_ or, once its size is known, in storage_
    std::uint32_t size_ = 0; ///< bytes that are gathered, 0 while unknown; if it has failed, for lack of so many bytes
    std::uint32_t quick_types_ = all_types; ///< bit n: a packet of type n has nothing against it but its length
    std::array<std::byte, max_header> header_{};
    Expected expected_ = Expected::anything;
    Version version_ = Version::v3_1_1;
    Role receiver_ = Role::unknown;
    Leniency leniency_ = Leniency::none;
    Error error_{};
};

} // namespace mqttwire::inline MQTTWIRE_ABI
