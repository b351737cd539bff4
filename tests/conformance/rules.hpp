// How a statement of the specifications is held: packets that keep it go both ways, packets that break it go neither.
//
// Every test case is tagged with the statements that it holds, as "[5.0:MQTT-3.3.2-14]"; `statements.tsv` lists them
// all.
#pragma once

#include "unit/check.hpp"

namespace conformance {

using namespace check;

/// The versions whose statements have numbers.
inline constexpr std::array numbered_versions{Version::v3_1_1, Version::v5};

/// The bytes are read, and written again as they are.
inline Packet keeps(Version version, const Bytes& wire, Role receiver = {})
{
    const Packet packet = good(wire, version, {}, receiver);
    CHECK(hex(encoded(packet, version, {}, receiver).bytes) == hex(wire));
    return packet;
}

inline Packet keeps(Version version, std::string_view wire, Role receiver = {})
{
    // What is found points into the bytes, so they stay.
    static std::vector<Bytes> all;
    all.push_back(bytes(wire));
    return keeps(version, all.back(), receiver);
}

/// The struct is written as these bytes, and they are read as the struct.
inline void writes(Version version, const Packet& packet, std::string_view wire, Role receiver = {})
{
    CHECK(hex(encoded(packet, version, {}, receiver).bytes) == hex(bytes(wire)));
    const Bytes read = bytes(wire);
    CHECK(encoded(good(read, version, {}, receiver), version, {}, receiver).bytes == read);
}

/// The bytes are not read.
inline void refuses(Version version, const Bytes& wire, Errc code, Role receiver = {})
{
    CAPTURE(name(version), hex(wire));
    CHECK(decode_error(wire, version, {}, receiver) == code);
}

inline void refuses(Version version, std::string_view wire, Errc code, Role receiver = {})
{
    refuses(version, bytes(wire), code, receiver);
}

/// The struct is not written.
inline void refuses_to_write(Version version, const Packet& packet, Errc code, Role receiver = {})
{
    CAPTURE(name(version));
    CHECK(encoded(packet, version, {}, receiver).error.code == code);
}

inline Bytes no_properties(Version version) { return version == Version::v5 ? bytes("00") : Bytes{}; }

/// A CONNECT with these flags and these bytes behind Keep Alive and CONNECT's properties.
inline Bytes connect(Version version, unsigned flags, const Bytes& payload)
{
    return packet(0x10,
        bytes("00 04 4D 51 54 54") + byte(static_cast<unsigned>(version)) + byte(flags) + bytes("00 3C")
            + no_properties(version) + payload);
}

/// A PUBLISH with QoS 0 and without payload.
inline Bytes publish(Version version, std::string_view topic)
{
    return packet(0x30, prefixed(topic) + no_properties(version));
}

inline Bytes subscribe(Version version, std::string_view filter, unsigned options = 0)
{
    return packet(0x82, bytes("00 01") + no_properties(version) + prefixed(filter) + byte(options));
}

inline Bytes unsubscribe(Version version, std::string_view filter)
{
    return packet(0xA2, bytes("00 01") + no_properties(version) + prefixed(filter));
}

/// Structs of one filter.
struct OneFilter {
    std::array<Subscription, 1> subscription;
    std::array<Text, 1> filter;

    explicit OneFilter(std::string_view text) : subscription{Subscription{.filter = text}}, filter{Text(text)} {}
    Subscribe subscribe() const { return {.packet_id = 1, .filters = subscription}; }
    Unsubscribe unsubscribe() const { return {.packet_id = 1, .filters = filter}; }
};

/// A filter goes neither way in SUBSCRIBE and UNSUBSCRIBE.
inline void refuses_filter(Version version, std::string_view filter, Errc code)
{
    CAPTURE(filter);
    refuses(version, subscribe(version, filter), code);
    refuses(version, unsubscribe(version, filter), code);
    const OneFilter structs(filter);
    refuses_to_write(version, structs.subscribe(), code);
    refuses_to_write(version, structs.unsubscribe(), code);
}

inline void keeps_filter(Version version, std::string_view filter)
{
    CAPTURE(filter);
    const Bytes as_subscribe = subscribe(version, filter);
    const Bytes as_unsubscribe = unsubscribe(version, filter);
    keeps(version, as_subscribe);
    keeps(version, as_unsubscribe);
}

/// A topic name goes neither way in PUBLISH.
inline void refuses_topic(Version version, std::string_view topic, Errc code)
{
    CAPTURE(topic);
    refuses(version, publish(version, topic), code);
    refuses_to_write(version, Publish{.topic = topic}, code);
}

inline void keeps_topic(Version version, std::string_view topic)
{
    CAPTURE(topic);
    const Bytes wire = publish(version, topic);
    CHECK(std::get<Publish>(keeps(version, wire)).topic == Text(topic));
}

/// Text that no field may hold, and why.
struct BadText {
    std::string_view text;
    Errc code;
};

using namespace std::string_view_literals;

inline constexpr std::array bad_texts{
    BadText{"\x80"sv, Errc::utf8_ill_formed},
    BadText{"a\xC0\x80"sv, Errc::utf8_ill_formed},
    BadText{"\xE2\x82"sv, Errc::utf8_ill_formed},
    BadText{"topic-of-seventeen\xFF"sv, Errc::utf8_ill_formed},
    BadText{"\xF4\x90\x80\x80"sv, Errc::utf8_ill_formed},
    BadText{"a\xED\xA0\x80"sv, Errc::utf8_surrogate},
    BadText{"\xED\xBF\xBF"sv, Errc::utf8_surrogate},
    BadText{"a\0b"sv, Errc::utf8_null},
    BadText{"topic-of-seventeen\0"sv, Errc::utf8_null},
};

} // namespace conformance
