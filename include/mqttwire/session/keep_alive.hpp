// Keep alive: when a client pings, and when either side takes the connection for dead [3.1.1 and 5.0:
// section 3.1.2.10].
#pragma once

#include "mqttwire/config.hpp"
#include "mqttwire/session/time.hpp"
#include "mqttwire/wire/name_among.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

namespace mqttwire::inline MQTTWIRE_ABI::session {

/// What keep alive asks of a client.
enum class KeepAliveDue : std::uint8_t {
    nothing,
    ping, ///< send PINGREQ: it is taken as sent
    close, ///< no PINGRESP within the interval: close the connection
};

/// The enumerator's own name in snake_case; empty for any other value.
constexpr std::string_view name(KeepAliveDue due) noexcept
{
    return wire::name_among(due, {"nothing", "ping", "close"});
}

/// The client's side. It pings when it has sent nothing for the interval; it also pings when it has heard nothing for
/// the interval, however much it sends, for otherwise a busy sender would never notice that the other side is gone.
class ClientKeepAlive {
public:
    /// `seconds` is that of CONNECT, or of CONNACK if the server gives one [5.0: MQTT-3.1.2-21, MQTT-3.2.2-21];
    /// 0: never.
    constexpr void start(std::uint16_t seconds, Time now) noexcept
    {
        seconds_ = seconds;
        waits_for_pingresp_ = 0;
        sent_ = received_ = ping_ = now;
    }
    constexpr void stop() noexcept { *this = {}; }

    constexpr std::uint16_t seconds() const noexcept { return seconds_; }

    constexpr void sent(Time now) noexcept { sent_ = now; }
    /// What was noted as sent last was not: PINGREQ is due at once.
    constexpr void not_sent() noexcept { sent_ -= seconds_ * second; }
    constexpr void received(Time now) noexcept { received_ = now; }
    constexpr void received_pingresp() noexcept { waits_for_pingresp_ = 0; }

    /// When `tick` has something to say; nothing if keep alive is off.
    constexpr std::optional<Time> deadline() const noexcept
    {
        if (seconds_ == 0) return std::nullopt;
        return due();
    }

    using Due = KeepAliveDue;

    constexpr Due tick(Time now) noexcept
    {
        if (seconds_ == 0 || !has_come(due(), now)) return Due::nothing;
        if (waits_for_pingresp_ != 0) return Due::close;
        waits_for_pingresp_ = 1;
        ping_ = sent_ = now;
        return Due::ping;
    }

    /// Notes a PINGREQ that is sent for another reason.
    constexpr void pinged(Time now) noexcept
    {
        if (waits_for_pingresp_ == 0) ping_ = now;
        waits_for_pingresp_ = 1;
        sent_ = now;
    }

private:
    constexpr Time due() const noexcept
    {
        return (waits_for_pingresp_ != 0 ? ping_ : earlier(sent_, received_)) + seconds_ * second;
    }

    Time sent_{};
    Time received_{};
    Time ping_{}; ///< when the PINGREQ was sent that waits for its answer
    std::uint16_t seconds_{};
    std::uint16_t waits_for_pingresp_{};
};

/// The server's side: one and a half times the interval without a packet, and the connection is dead
/// [3.1.1: MQTT-3.1.2-24; 5.0: MQTT-3.1.2-22].
class ServerKeepAlive {
public:
    /// `seconds` is that of CONNECT, or the server's own if it says so in CONNACK [5.0: MQTT-3.2.2-22]; 0: never.
    constexpr void start(std::uint16_t seconds, Time now) noexcept
    {
        seconds_ = seconds;
        received_ = now;
    }
    constexpr void stop() noexcept { *this = {}; }

    constexpr std::uint16_t seconds() const noexcept { return static_cast<std::uint16_t>(seconds_); }

    constexpr void received(Time now) noexcept { received_ = now; }

    /// When the connection is dead; nothing if keep alive is off.
    constexpr std::optional<Time> deadline() const noexcept
    {
        if (seconds_ == 0) return std::nullopt;
        return received_ + seconds_ * (second + second / 2);
    }
    constexpr bool is_dead(Time now) const noexcept
    {
        const std::optional<Time> due = deadline();
        return due && has_come(*due, now);
    }

private:
    Time received_{};
    std::uint32_t seconds_{};
};

} // namespace mqttwire::inline MQTTWIRE_ABI::session
