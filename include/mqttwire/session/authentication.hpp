// Authentication: the exchange of AUTH packets on one connection, as either side follows it [5.0: section 4.12].
#pragma once

#include "mqttwire/config.hpp"
#include "mqttwire/packets/auth.hpp"
#include "mqttwire/reason_code.hpp"
#include "mqttwire/session/error.hpp"
#include "mqttwire/wire/text.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>

namespace mqttwire::inline MQTTWIRE_ABI::session {

class Authentication {
public:
    /// A CONNECT names a method, or none.
    constexpr void begin(const std::optional<Text>& method) noexcept
    {
        *this = {};
        if (method) method_ = fingerprint(*method);
    }

    constexpr bool has_method() const noexcept { return method_ != 0; }

    /// What is wrong with the method that a packet of the server or an AUTH names [5.0: MQTT-4.12.0-5, -6].
    constexpr Fault fault_of(const std::optional<Text>& method) const noexcept
    {
        if (!method) return !has_method() ? Fault::none : Fault::authentication_method_changed;
        if (!has_method()) return Fault::authentication_without_method;
        return fingerprint(*method) == method_ ? Fault::none : Fault::authentication_method_changed;
    }

    /// What is wrong with an AUTH now; if nothing, the exchange goes on. `open`: CONNACK has gone out or come.
    constexpr Fault step(const Auth& auth, bool from_server, bool open) noexcept
    {
        if (!has_method()) return Fault::authentication_without_method; // [5.0: MQTT-4.12.0-6, -7]
        const bool ends = auth.reason_code == ReasonCode::success;
        const bool asks = auth.reason_code == ReasonCode::continue_authentication;
        // F0 00 is a short form of success without properties; every other AUTH repeats the method.
        const bool bare = ends && !auth.properties.authentication_method;
        const Fault fault = bare ? Fault::none : fault_of(auth.properties.authentication_method);
        if (fault != Fault::none) return fault; // [5.0: MQTT-4.12.0-5]
        bool in_turn = false;
        if (from_server) in_turn = !asked_ && (asks ? !open || again_ : ends && open && again_);
        else if (asks) in_turn = asked_ && (!open || again_); // [5.0: MQTT-4.12.0-3]; CONNACK ends what came before it
        else in_turn = auth.reason_code == ReasonCode::re_authenticate && open && !again_; // [5.0: MQTT-4.12.1-1]
        if (!in_turn) return Fault::authentication_out_of_turn;
        asked_ = from_server && asks;
        again_ = open && !(from_server && ends);
        return Fault::none;
    }

private:
    /// Tells two names of methods apart, and is never 0; not proof against a peer that wants two to look alike.
    static constexpr std::uint32_t fingerprint(const Text& text) noexcept
    {
        std::uint32_t hash = 0x811C9DC5U;
        for (std::size_t i = 0; i < text.size(); ++i) {
            const std::uint64_t product =
                std::uint64_t{hash ^ static_cast<std::uint32_t>(text.byte_at(i))} * std::uint64_t{0x01000193};
            hash = static_cast<std::uint32_t>(product & 0xFFFFFFFFU);
        }
        return hash | 1U;
    }

    std::uint32_t method_ = 0; ///< fingerprint of the method; 0: none
    bool asked_ = false; ///< the server waits for the client's AUTH
    bool again_ = false; ///< the client authenticates anew
};

} // namespace mqttwire::inline MQTTWIRE_ABI::session
