#include "unit/check.hpp"

#include "support/small.hpp"

#include <algorithm>
#include <stdexcept>

namespace check {

namespace {

unsigned digit(char c)
{
    if (c >= '0' && c <= '9') return static_cast<unsigned>(c - '0');
    if (c >= 'A' && c <= 'F') return static_cast<unsigned>(c - 'A') + 10;
    if (c >= 'a' && c <= 'f') return static_cast<unsigned>(c - 'a') + 10;
    throw std::invalid_argument("not a hex digit");
}

void require(bool holds, const char* what, std::span<const std::byte> bytes, Version version)
{
    if (!holds) FAIL(what << ": " << name(version) << " " << hex(bytes));
}

template <class T>
Result<Packet> as_packet(const Result<T>& result)
{
    if (!result) return result.error();
    Result<Packet> packet = Packet(*result);
    packet.note(result.let_pass());
    return packet;
}

template <class... Alternatives>
Result<Packet> decode_by_type(
    std::variant<Alternatives...>*, std::span<const std::byte> bytes, Version version, Leniency leniency, Role receiver)
{
    Result<Packet> result = Error{};
    const auto type = static_cast<PacketType>(static_cast<unsigned>(bytes[0]) >> 4U);
    ((type == Alternatives::type ? void(result = as_packet(Alternatives::decode(bytes, version, leniency, receiver)))
                                 : void()),
        ...);
    return result;
}

template <Version V>
Result<Packet> decode_fixed(std::span<const std::byte> bytes, Leniency leniency, Role receiver)
{
    const Result<Frame> frame = read_frame(bytes);
    if (!frame) return frame.error();
    return mqttwire::decode<V>(*frame, leniency, receiver);
}

Result<Packet> decode_fixed(std::span<const std::byte> bytes, Version version, Leniency leniency, Role receiver)
{
    switch (version) {
    case Version::v3_1: return decode_fixed<Version::v3_1>(bytes, leniency, receiver);
    case Version::v3_1_1: return decode_fixed<Version::v3_1_1>(bytes, leniency, receiver);
    default: return decode_fixed<Version::v5>(bytes, leniency, receiver);
    }
}

Result<Packet> decode_small_fixed(std::span<const std::byte> bytes, Version version, Leniency leniency, Role receiver)
{
    switch (version) {
    case Version::v3_1: return test::decode_small<Version::v3_1>(bytes, leniency, receiver);
    case Version::v3_1_1: return test::decode_small<Version::v3_1_1>(bytes, leniency, receiver);
    default: return test::decode_small<Version::v5>(bytes, leniency, receiver);
    }
}

bool same(const Result<Packet>& a, const Result<Packet>& b) { return a == b && (!a || a.let_pass() == b.let_pass()); }

} // namespace

Bytes bytes(std::string_view hex)
{
    Bytes result;
    for (std::size_t i = 0; i < hex.size(); ++i) {
        if (hex[i] == ' ') continue;
        result.push_back(static_cast<std::byte>(digit(hex.at(i)) * 16 + digit(hex.at(i + 1))));
        ++i;
    }
    return result;
}

std::string hex(std::span<const std::byte> bytes)
{
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string text;
    for (const std::byte b : bytes) {
        if (!text.empty()) text += ' ';
        text += digits[static_cast<unsigned>(b) >> 4U];
        text += digits[static_cast<unsigned>(b) & 15U];
    }
    return text;
}

Bytes operator+(Bytes a, std::span<const std::byte> b)
{
    a.insert(a.end(), b.begin(), b.end());
    return a;
}

Bytes byte(unsigned value) { return {static_cast<std::byte>(value)}; }

Bytes two(unsigned value)
{
    return {static_cast<std::byte>(value >> 8U & 0xFFU), static_cast<std::byte>(value & 0xFFU)};
}

Bytes four(std::uint32_t value) { return two(value >> 16U) + two(value & 0xFFFFU); }

Bytes varint(std::uint32_t value)
{
    Bytes result;
    do {
        const unsigned more = value > 127 ? 128 : 0;
        result.push_back(static_cast<std::byte>(value % 128 + more));
        value /= 128;
    } while (value != 0);
    return result;
}

Bytes prefixed(std::string_view text)
{
    Bytes result = two(static_cast<unsigned>(text.size()));
    for (const char c : text) result.push_back(static_cast<std::byte>(c));
    return result;
}

Bytes packet(unsigned first_byte, std::span<const std::byte> body)
{
    return byte(first_byte) + varint(static_cast<std::uint32_t>(body.size())) + body;
}

Result<Packet> decoded(std::span<const std::byte> bytes, Version version, Leniency leniency, Role receiver)
{
    const Result<Packet> result = mqttwire::decode(bytes, version, leniency, receiver);
    require(
        same(result, mqttwire::decode(bytes, version, leniency, receiver)), "decoding twice differs", bytes, version);
    require(same(result, test::decode_small(bytes, version, leniency, receiver)),
        "the decode of small programs differs", bytes, version);
    if (!bytes.empty() && bytes[0] >= std::byte{0x10}) {
        require(same(result, decode_by_type(static_cast<Packet*>(nullptr), bytes, version, leniency, receiver)),
            "the packet's own decode differs", bytes, version);
        const Result<Packet> fixed = decode_fixed(bytes, version, leniency, receiver);
        const bool other_version = !fixed && fixed.error().code == Errc::version_mismatch;
        require(other_version ? (bytes[0] >> 4U) == std::byte{1} : same(result, fixed),
            "decode for a fixed version differs", bytes, version);
        require(same(fixed, decode_small_fixed(bytes, version, leniency, receiver)),
            "the decode of small programs for a fixed version differs", bytes, version);
    }
    if (result) {
        require(static_cast<unsigned>(bytes[0]) >> 4U == result->index() + 1, "not the packet's type", bytes, version);
        require(has(leniency, result.let_pass()), "let pass what was not allowed", bytes, version);
        return result;
    }
    const Error error = result.error();
    require(error.code != Errc::none, "an error without a code", bytes, version);
    require(error.offset <= bytes.size(), "the error lies outside the packet", bytes, version);
    require(!name(error.field).empty(), "the error's field has no name", bytes, version);
    require(!text(error.code).empty(), "the error has no text", bytes, version);
    require((error.needed != 0) == (error.code == Errc::incomplete), "the size needed is of an incomplete packet only",
        bytes, version);
    require(error.code == Errc::incomplete || error.packet == PacketType{static_cast<std::uint8_t>(bytes[0] >> 4U)},
        "the error names another packet type", bytes, version);
    return result;
}

Errc decode_error(std::span<const std::byte> bytes, Version version, Leniency leniency, Role receiver)
{
    const Result<Packet> result = decoded(bytes, version, leniency, receiver);
    return result ? Errc::none : result.error().code;
}

namespace {

template <Version V>
Result<std::span<std::byte>> encode_fixed(
    const Packet& packet, std::span<std::byte> buffer, Leniency leniency, Role receiver)
{
    return std::visit([&](const auto& held) { return held.template encode<V>(buffer, leniency, receiver); }, packet);
}

Result<std::span<std::byte>> encode_fixed(
    const Packet& packet, std::span<std::byte> buffer, Version version, Leniency leniency, Role receiver)
{
    switch (version) {
    case Version::v3_1: return encode_fixed<Version::v3_1>(packet, buffer, leniency, receiver);
    case Version::v3_1_1: return encode_fixed<Version::v3_1_1>(packet, buffer, leniency, receiver);
    default: return encode_fixed<Version::v5>(packet, buffer, leniency, receiver);
    }
}

Result<std::span<std::byte>> encode_small_fixed(
    const Packet& packet, std::span<std::byte> buffer, Version version, Leniency leniency, Role receiver)
{
    switch (version) {
    case Version::v3_1: return test::encode_small<Version::v3_1>(packet, buffer, leniency, receiver);
    case Version::v3_1_1: return test::encode_small<Version::v3_1_1>(packet, buffer, leniency, receiver);
    default: return test::encode_small<Version::v5>(packet, buffer, leniency, receiver);
    }
}

/// Two encoders gave the same: a size or an error.
bool same(const Result<std::span<std::byte>>& a, const Result<std::span<std::byte>>& b)
{
    return a ? b && a->size() == b->size() : !b && a.error() == b.error();
}

/// The encoders of small programs give the same as the quick ones, whose result and buffer these are.
void check_small(const Packet& packet, const Result<std::span<std::byte>>& result, const Bytes& buffer,
    const Bytes& untouched_buffer, Version version, Leniency leniency, Role receiver)
{
    Bytes any = untouched_buffer;
    Bytes fixed = untouched_buffer;
    require(same(result, test::encode_small(packet, any, version, leniency, receiver)) && any == buffer,
        "the encode of small programs differs", any, version);
    require(same(result, encode_small_fixed(packet, fixed, version, leniency, receiver)) && fixed == buffer,
        "the encode of small programs for a fixed version differs", fixed, version);
    const Result<std::size_t> size = test::encoded_size_small(packet, version, leniency, receiver);
    require(result ? size && *size == result->size() : !size && size.error() == result.error(),
        "the encoded_size of small programs differs", any, version);
}

} // namespace

namespace {

/// True for the faults that lie at a byte of a text.
bool is_of_characters(Errc code)
{
    constexpr std::array codes{Errc::utf8_ill_formed, Errc::utf8_surrogate, Errc::utf8_null, Errc::utf8_discouraged,
        Errc::topic_name_wildcard, Errc::topic_filter_multi_level_misplaced, Errc::topic_filter_single_level_misplaced,
        Errc::share_name_wildcard, Errc::share_name_empty, Errc::shared_filter_missing};
    return std::find(codes.begin(), codes.end(), code) != codes.end();
}

} // namespace

Encoded encoded(const Packet& packet, Version version, Leniency leniency, Role receiver)
{
    constexpr std::byte untouched{0xA5};
    constexpr std::size_t spare = 3;
    const Result<std::size_t> size = encoded_size(packet, version, leniency, receiver);
    Bytes buffer((size ? *size : 64) + spare, untouched);
    const Bytes untouched_buffer = buffer;
    Bytes fixed_buffer = buffer;
    const auto result = mqttwire::encode(packet, buffer, version, leniency, receiver);
    const auto fixed = encode_fixed(packet, fixed_buffer, version, leniency, receiver);
    const auto hold = [&](bool holds, const char* what) { require(holds, what, buffer, version); };
    const auto all_untouched = [](auto from, auto to) {
        return std::all_of(from, to, [](std::byte b) { return b == untouched; });
    };
    hold(result.has_value() == size.has_value(), "encode and encoded_size disagree");
    hold(fixed.has_value() == result.has_value() && fixed_buffer == buffer, "encode for a fixed version differs");
    check_small(packet, result, buffer, untouched_buffer, version, leniency, receiver);
    Bytes own_buffer = untouched_buffer;
    const auto own =
        std::visit([&](const auto& held) { return held.encode(own_buffer, version, leniency, receiver); }, packet);
    hold(same(own, result) && own_buffer == buffer, "the packet's own encode differs");
    if (!result) {
        hold(result.error() == size.error(), "the errors of encode and encoded_size differ");
        hold(fixed.error() == result.error(), "the error of encode for a fixed version differs");
        hold(result.error().packet == type_of(packet), "the error names another packet type");
        hold(result.error().offset == 0 || is_of_characters(result.error().code), "an offset, but not of a text");
        hold(all_untouched(buffer.begin(), buffer.end()), "something was written although encode failed");
        return {.error = result.error()};
    }
    hold(result->data() == buffer.data() && result->size() == *size, "encode gives another size than encoded_size");
    hold(all_untouched(buffer.end() - spare, buffer.end()), "encode wrote behind the packet");
    buffer.resize(*size);
    return {.bytes = std::move(buffer)};
}

Packet good(std::span<const std::byte> bytes, Version version, Leniency leniency, Role receiver)
{
    const Result<Packet> result = decoded(bytes, version, leniency, receiver);
    if (!result) FAIL(name(result.error().code) << " in " << name(version) << " " << hex(bytes));
    return *result;
}

} // namespace check
