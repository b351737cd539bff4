// Consumes decoded packets: every field goes into a sum, so that the compiler cannot leave out what nobody looks at.
// Of text and binary data the address and the size count, not the bytes; elements of lists are gone through.
// All of it is forced into the loop, so that what is counted there is hardly more than the loads.
#pragma once

#include "mqttwire/mqttwire.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <type_traits>

#define BENCH_INLINE [[gnu::always_inline]] inline

namespace bench {

using namespace mqttwire;

class Checksum {
public:
    std::uint64_t value() const { return sum_; }

    template <class Number>
        requires(std::is_arithmetic_v<Number> || std::is_enum_v<Number>)
    BENCH_INLINE void add(Number number)
    {
        sum_ += static_cast<std::uint64_t>(number);
    }

    BENCH_INLINE void add(const Text& text) { add_view(text); }
    BENCH_INLINE void add(const Binary& binary) { add_view(binary); }

    template <class T>
    BENCH_INLINE void add(const std::optional<T>& field)
    {
        if (field) add(*field);
    }

    template <class T>
    BENCH_INLINE void add(const List<T>& list)
    {
        list.all_of([this](const T& element) {
            add(element);
            return true;
        });
    }

    BENCH_INLINE void add(const UserProperty& property) { add_all(property.name, property.value); }

    BENCH_INLINE void add(const Subscription& subscription)
    {
        add_all(subscription.filter, subscription.qos, subscription.no_local, subscription.retain_as_published,
            subscription.retain_handling);
    }

    template <class... Fields>
    BENCH_INLINE void add_all(const Fields&... fields)
    {
        (add(fields), ...);
    }

private:
    template <class View>
    BENCH_INLINE void add_view(const View& view)
    {
        sum_ += view.size() + reinterpret_cast<std::uintptr_t>(view.data());
    }

    std::uint64_t sum_ = 0;
};

BENCH_INLINE void consume(Checksum& sum, const PublishProperties& p)
{
    sum.add_all(p.payload_format_indicator, p.message_expiry_interval, p.content_type, p.response_topic,
        p.correlation_data, p.subscription_identifier, p.topic_alias, p.user_property);
}

BENCH_INLINE void consume(Checksum& sum, const ConnectProperties& p)
{
    sum.add_all(p.session_expiry_interval, p.authentication_method, p.authentication_data,
        p.request_problem_information, p.request_response_information, p.receive_maximum, p.topic_alias_maximum,
        p.user_property, p.maximum_packet_size);
}

BENCH_INLINE void consume(Checksum& sum, const WillProperties& p)
{
    sum.add_all(p.payload_format_indicator, p.message_expiry_interval, p.content_type, p.response_topic,
        p.correlation_data, p.will_delay_interval, p.user_property);
}

BENCH_INLINE void consume(Checksum& sum, const ConnAckProperties& p)
{
    sum.add_all(p.session_expiry_interval, p.assigned_client_identifier, p.server_keep_alive, p.authentication_method,
        p.authentication_data, p.response_information, p.server_reference, p.reason_string, p.receive_maximum,
        p.topic_alias_maximum, p.maximum_qos, p.retain_available, p.user_property, p.maximum_packet_size,
        p.wildcard_subscription_available, p.subscription_identifier_available, p.shared_subscription_available);
}

BENCH_INLINE void consume(Checksum& sum, const ReasonProperties& p) { sum.add_all(p.reason_string, p.user_property); }

BENCH_INLINE void consume(Checksum& sum, const SubscribeProperties& p)
{
    sum.add_all(p.subscription_identifier, p.user_property);
}

/// Consumes the fields that a packet of the version has: properties only in 5.0.
template <Version V>
BENCH_INLINE void consume(Checksum& sum, const Publish& p)
{
    sum.add_all(p.topic, p.payload, p.qos, p.retain, p.dup, p.packet_id);
    if constexpr (V == Version::v5) consume(sum, p.properties);
}

template <Version V>
BENCH_INLINE void consume(Checksum& sum, const Connect& p)
{
    sum.add_all(p.client_id, p.clean_start, p.keep_alive, p.user_name, p.password, p.version, p.bridge);
    if constexpr (V == Version::v5) consume(sum, p.properties);
    if (!p.will) return;
    sum.add_all(p.will->topic, p.will->payload, p.will->qos, p.will->retain);
    if constexpr (V == Version::v5) consume(sum, p.will->properties);
}

template <Version V>
BENCH_INLINE void consume(Checksum& sum, const ConnAck& p)
{
    sum.add_all(p.session_present, p.reason_code);
    if constexpr (V == Version::v5) consume(sum, p.properties);
}

template <Version V, PacketType Type>
BENCH_INLINE void consume(Checksum& sum, const Acknowledgement<Type>& p)
{
    sum.add(p.packet_id);
    if constexpr (V == Version::v5) {
        sum.add(p.reason_code);
        consume(sum, p.properties);
    }
}

template <Version V>
BENCH_INLINE void consume(Checksum& sum, const Subscribe& p)
{
    sum.add_all(p.packet_id, p.filters);
    if constexpr (V == Version::v5) consume(sum, p.properties);
}

template <Version V>
BENCH_INLINE void consume(Checksum& sum, const SubAck& p)
{
    sum.add_all(p.packet_id, p.reason_codes);
    if constexpr (V == Version::v5) consume(sum, p.properties);
}

} // namespace bench
