// What the programs of this folder do with every packet that comes.
#pragma once

#include <mqttwire/mqttwire.hpp>

#include <cstddef>
#include <iostream>
#include <optional>
#include <span>
#include <vector>

namespace relay {

/// Says on the standard error output what is wrong; gives false.
inline bool complain(const mqttwire::Error& error)
{
    std::cerr << name(error.packet) << ": " << name(error.code) << '\n';
    return false;
}

/// Decodes what a client or a server has sent; without a version only CONNECT.
inline mqttwire::Result<mqttwire::Packet> read_packet(
    const mqttwire::Frame& frame, std::optional<mqttwire::Version> version, mqttwire::Role receiver)
{
    const auto packet = version ? mqttwire::decode(frame, *version, mqttwire::Leniency::none, receiver)
                                : mqttwire::decode(frame, mqttwire::Leniency::none, receiver);
    if (!packet) complain(packet.error());
    return packet;
}

/// Cuts a stream into packets, in storage that grows with those that come in pieces.
class Incoming {
public:
    /// For `expect` and `expect_connect`.
    mqttwire::Framer& framer() noexcept { return framer_; }

    /// Calls `take` with each frame; false if that gives false or the stream is faulty.
    template <class Take>
    bool add(std::span<const std::byte> chunk, Take take)
    {
        for (;;) {
            if (const auto frame = framer_.next(chunk)) {
                if (!take(*frame)) return false;
            } else if (framer_.storage_needed() != 0) {
                storage_.resize(framer_.storage_needed());
                framer_.rebind(storage_);
            } else {
                return !framer_.failed() || complain(framer_.error());
            }
        }
    }

private:
    std::vector<std::byte> storage_ = std::vector<std::byte>(256);
    mqttwire::Framer framer_{storage_};
};

} // namespace relay
