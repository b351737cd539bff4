// Link: one client's connection to a broker, that never waits, and what it is told.
#pragma once

#include <mqttwire/append.hpp>
#include <mqttwire/mqttwire.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace load {

namespace mq = mqttwire;

/// Seconds of a steady clock.
double seconds();
/// Ends the program.
[[noreturn]] void fail(const char* what);

class Link {
public:
    explicit Link(std::uint16_t port);
    ~Link();
    Link(Link&& other) noexcept;
    Link& operator=(Link&&) = delete;

    int descriptor() const { return descriptor_; }
    template <class Packet>
    void put(const Packet& packet)
    {
        mq::append<mq::Version::v3_1_1>(packet, out_).value();
    }
    void put_bytes(std::span<const std::byte> bytes) { out_.insert(out_.end(), bytes.begin(), bytes.end()); }
    /// Writes what the connection takes, at most so many bytes; false when it has ended.
    bool write(std::size_t most = static_cast<std::size_t>(-1));
    std::size_t unwritten() const { return out_.size() - written_; }
    /// Calls `handle` with each packet that has come; false when the connection has ended.
    template <class Handle>
    bool read(Handle handle)
    {
        std::span<const std::byte> chunk;
        if (!receive(chunk)) return false;
        while (const auto frame = framer_.next(chunk)) {
            auto packet = mq::decode(*frame, mq::Version::v3_1_1);
            if (!packet) return false;
            handle(*packet);
        }
        return !framer_.failed();
    }
    /// Ends the connection without a word, in the middle of whatever was on its way.
    void reset();

private:
    bool receive(std::span<const std::byte>& chunk);

    int descriptor_ = -1;
    std::vector<std::byte> out_{};
    std::size_t written_ = 0;
    std::vector<std::byte> storage_ = std::vector<std::byte>(1'024);
    mq::Framer framer_{mq::MutableBuffer(std::span(storage_))};
};

/// Waits until links can be read.
class Poll {
public:
    Poll();
    ~Poll();
    Poll(const Poll&) = delete;
    Poll& operator=(const Poll&) = delete;

    void add(const Link& link, std::uint32_t number);
    /// Calls `ready` with the numbers of the links that are ready for something.
    template <class Ready>
    void wait(int milliseconds, Ready ready)
    {
        for (int i = 0, count = wait(milliseconds); i < count; ++i) ready(ready_[static_cast<std::size_t>(i)]);
    }

private:
    int wait(int milliseconds);

    int descriptor_ = -1;
    std::array<std::uint32_t, 256> ready_{};
};

} // namespace load
