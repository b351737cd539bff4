#include "segment.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

namespace inspect {

namespace {

// The numbers of https://www.tcpdump.org/linktypes.html and of the EtherTypes.
enum LinkType : int {
    link_null = 0,
    link_ethernet = 1,
    link_raw_of_bsd = 12,
    link_raw = 101,
    link_loop = 108,
    link_linux_any = 113,
    link_ipv4 = 228,
    link_ipv6 = 229,
    link_linux_any_2 = 276,
};

enum EtherType : std::uint32_t {
    ether_ipv4 = 0x0800,
    ether_ipv6 = 0x86DD,
    ether_vlan = 0x8100,
    ether_provider = 0x88A8,
    ether_old_provider = 0x9100, ///< before there was 0x88A8
    ether_pppoe_session = 0x8864,
};

enum PppProtocol : std::uint32_t {
    ppp_ipv4 = 0x0021,
    ppp_ipv6 = 0x0057,
};

// Of IPv4, and of the headers of IPv6 that stand in front of it.
enum Protocol : std::uint32_t {
    protocol_hop_by_hop = 0,
    protocol_tcp = 6,
    protocol_routing = 43,
    protocol_fragment = 44,
    protocol_destination = 60,
};

/// Takes bytes from the front; what is too short gives nothing but zeros and is bad.
class Bytes {
public:
    explicit Bytes(std::span<const std::byte> bytes) noexcept : rest_(bytes) {}

    std::span<const std::byte> take(std::size_t count) noexcept
    {
        if (count > rest_.size()) {
            good_ = false;
            count = 0;
        }
        const std::span<const std::byte> front = rest_.first(count);
        rest_ = rest_.subspan(count);
        return front;
    }
    void skip(std::size_t count) noexcept { static_cast<void>(take(count)); }
    std::uint32_t number(std::size_t size) noexcept
    {
        std::uint32_t value = 0;
        for (const std::byte byte : take(size)) value = (value << 8U) | static_cast<std::uint32_t>(byte);
        return value;
    }
    std::uint32_t peek() const noexcept { return rest_.empty() ? 0 : static_cast<std::uint32_t>(rest_.front()); }
    std::span<const std::byte> rest() const noexcept { return rest_; }
    bool good() const noexcept { return good_; }

private:
    std::span<const std::byte> rest_;
    bool good_ = true;
};

Endpoint endpoint(std::span<const std::byte> address)
{
    Endpoint end;
    end.is_v6 = address.size() == 16;
    std::ranges::transform(
        address, end.address.begin(), [](std::byte byte) { return static_cast<std::uint8_t>(byte); });
    return end;
}

/// `size`: bytes of the segment with its header, of which a capture may have cut off some.
std::optional<Segment> read_tcp(Segment segment, Bytes bytes, std::size_t size)
{
    const std::size_t captured = bytes.rest().size();
    segment.from.port = static_cast<std::uint16_t>(bytes.number(2));
    segment.to.port = static_cast<std::uint16_t>(bytes.number(2));
    segment.sequence = bytes.number(4);
    bytes.skip(4);
    const std::size_t header = std::size_t{4} * (bytes.number(1) >> 4U);
    const std::uint32_t flags = bytes.number(1);
    segment.fin = (flags & 0x01U) != 0;
    segment.syn = (flags & 0x02U) != 0;
    segment.reset = (flags & 0x04U) != 0;
    segment.ack = (flags & 0x10U) != 0;
    constexpr std::size_t read = 14;
    if (header < 20 || header > size) return std::nullopt;
    bytes.skip(header - read);
    if (!bytes.good()) return std::nullopt;
    // Behind the segment stands what fills a short Ethernet frame.
    segment.bytes = bytes.rest().first(std::min(bytes.rest().size(), size - header));
    segment.missing = size > captured ? size - captured : 0;
    return segment;
}

std::optional<Segment> read_ipv4(Bytes bytes)
{
    const std::size_t captured = bytes.rest().size();
    const std::size_t header = std::size_t{4} * (bytes.number(1) & 0x0FU);
    bytes.skip(1);
    std::size_t size = bytes.number(2);
    bytes.skip(2);
    Segment segment;
    segment.is_fragment = (bytes.number(2) & 0x3FFFU) != 0;
    bytes.skip(1);
    const std::uint32_t protocol = bytes.number(1);
    bytes.skip(2);
    segment.from = endpoint(bytes.take(4));
    segment.to = endpoint(bytes.take(4));
    if (size == 0) size = captured; // the network card was to fill it in
    if (!bytes.good() || protocol != protocol_tcp || header < 20 || header > size) return std::nullopt;
    if (segment.is_fragment) return segment;
    bytes.skip(header - 20);
    if (!bytes.good()) return std::nullopt;
    return read_tcp(segment, bytes, size - header);
}

/// True for a header of IPv6 that may stand in front of TCP's.
bool is_extension(std::uint32_t protocol) noexcept
{
    return protocol == protocol_hop_by_hop || protocol == protocol_routing || protocol == protocol_fragment
        || protocol == protocol_destination;
}

std::optional<Segment> read_ipv6(Bytes bytes)
{
    bytes.skip(4);
    std::size_t size = bytes.number(2);
    std::uint32_t protocol = bytes.number(1);
    bytes.skip(1);
    Segment segment;
    segment.from = endpoint(bytes.take(16));
    segment.to = endpoint(bytes.take(16));
    if (size == 0) size = bytes.rest().size();
    while (bytes.good() && !segment.is_fragment && is_extension(protocol)) {
        const bool divides = protocol == protocol_fragment;
        protocol = bytes.number(1);
        const std::uint32_t blocks = bytes.number(1); // behind the first one; of a fragment it is reserved
        const std::size_t extension = 8 + std::size_t{8} * (divides ? 0 : blocks);
        Bytes rest(bytes.take(extension - 2));
        // Who lets others divide packets may send one in one piece.
        if (divides) segment.is_fragment = (rest.number(2) & 0xFFF9U) != 0;
        if (extension > size) return std::nullopt;
        size -= extension;
    }
    if (!bytes.good() || protocol != protocol_tcp) return std::nullopt;
    if (segment.is_fragment) return segment;
    return read_tcp(segment, bytes, size);
}

std::optional<Segment> read_ip(Bytes bytes)
{
    switch (bytes.peek() >> 4U) {
    case 4: return read_ipv4(bytes);
    case 6: return read_ipv6(bytes);
    default: return std::nullopt;
    }
}

std::optional<Segment> read_pppoe(Bytes bytes)
{
    bytes.skip(6);
    const std::uint32_t protocol = bytes.number(2);
    if (!bytes.good() || (protocol != ppp_ipv4 && protocol != ppp_ipv6)) return std::nullopt;
    return read_ip(bytes);
}

std::optional<Segment> read_ether(Bytes bytes, std::uint32_t type)
{
    while (bytes.good() && (type == ether_vlan || type == ether_provider || type == ether_old_provider)) {
        bytes.skip(2);
        type = bytes.number(2);
    }
    if (bytes.good() && type == ether_pppoe_session) return read_pppoe(bytes);
    if (!bytes.good() || (type != ether_ipv4 && type != ether_ipv6)) return std::nullopt;
    return read_ip(bytes);
}

/// The longest run of zeros of at least two groups is written as "::".
std::string v6_text(const std::array<std::uint8_t, 16>& address)
{
    const auto group = [&address](std::size_t i) { return address[2 * i] * 256U + address[2 * i + 1]; };
    std::size_t longest = 1;
    std::size_t place = 8;
    for (std::size_t first = 0; first < 8; ++first) {
        std::size_t end = first;
        while (end < 8 && group(end) == 0) ++end;
        if (end - first <= longest) continue;
        longest = end - first;
        place = first;
    }
    std::string text;
    for (std::size_t i = 0; i < 8; ++i) {
        if (i == place) {
            text += "::";
            i += longest - 1;
            continue;
        }
        if (!text.empty() && text.back() != ':') text += ':';
        text += fmt::format("{:x}", group(i));
    }
    return text;
}

} // namespace

std::string to_string(const Endpoint& end)
{
    const std::array<std::uint8_t, 16>& bytes = end.address;
    if (end.is_v6) return fmt::format("[{}]:{}", v6_text(bytes), end.port);
    return fmt::format("{}.{}.{}.{}:{}", bytes[0], bytes[1], bytes[2], bytes[3], end.port);
}

bool knows_link_type(int link_type) noexcept
{
    switch (link_type) {
    case link_null:
    case link_ethernet:
    case link_raw_of_bsd:
    case link_raw:
    case link_loop:
    case link_linux_any:
    case link_ipv4:
    case link_ipv6:
    case link_linux_any_2: return true;
    default: return false;
    }
}

std::optional<Segment> read_segment(int link_type, std::span<const std::byte> frame)
{
    Bytes bytes(frame);
    switch (link_type) {
    case link_null:
    case link_loop: bytes.skip(4); return read_ip(bytes);
    case link_ethernet: {
        bytes.skip(12);
        const std::uint32_t type = bytes.number(2);
        return read_ether(bytes, type);
    }
    case link_linux_any: {
        bytes.skip(14);
        const std::uint32_t type = bytes.number(2);
        return read_ether(bytes, type);
    }
    case link_linux_any_2: {
        const std::uint32_t type = bytes.number(2);
        bytes.skip(18);
        return read_ether(bytes, type);
    }
    case link_raw_of_bsd:
    case link_raw:
    case link_ipv4:
    case link_ipv6: return read_ip(bytes);
    default: return std::nullopt;
    }
}

} // namespace inspect
