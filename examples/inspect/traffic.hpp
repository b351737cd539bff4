// The MQTT connections of a capture, both sides of each.
#pragma once

#include "options.hpp"
#include "printer.hpp"
#include "reassembly.hpp"
#include "status.hpp"
#include "stream.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace inspect {

/// Takes the frames of a capture in their order and shows the packets in them, each when its last byte has come.
class Traffic {
public:
    /// Of the connections that both sides have closed, so many are kept for what comes late, and the older ones are
    /// forgotten.
    static constexpr std::size_t closed_kept = 1U << 14U;

    Traffic(Options options, std::unique_ptr<Printer> printer, std::size_t most_closed = closed_kept);

    /// `time`: microseconds since 1970.
    void take(int link_type, std::int64_t time, std::span<const std::byte> frame, std::string& out);
    /// Takes notice of the end of the capture.
    void finish(std::string& out);

    /// Connections that are not forgotten.
    std::size_t connections() const noexcept { return connections_.size(); }
    Status status() const noexcept { return status_; }
    /// What is to be told of the capture as a whole; empty before its end.
    const std::vector<std::string>& remarks() const noexcept { return remarks_; }

private:
    /// What one side sends.
    struct Side {
        Reassembly reassembly;
        Stream stream;
        bool ended = false; ///< nothing more of it can be read
        bool has_fin = false; ///< the side has said that it sends no more

        /// True if at the end of the capture there would be nothing to tell of it.
        bool is_shown() const noexcept
        {
            return ended || (reassembly.missing() == 0 && (stream.stopped() || stream.unread().empty()));
        }
    };

    enum class Kind : std::uint8_t { unknown, mqtt, other };

    struct Connection {
        Endpoint client;
        Endpoint server;
        std::string client_name;
        std::string server_name;
        std::optional<std::uint32_t> first_sequence; ///< of the SYN that began it
        Kind kind = Kind::unknown;
        std::uint64_t number = 0; ///< among those of MQTT
        std::int64_t began = 0;
        Side from_client;
        Side from_server;
        std::vector<std::byte> beginning; ///< what the client sent while the kind is unknown
        bool is_reset = false; ///< and nothing has come since
        bool is_listed = false; ///< among those that are closed

        bool is_closed() const noexcept { return is_reset || (from_client.has_fin && from_server.has_fin); }
        bool is_shown() const noexcept
        {
            return kind != Kind::mqtt || (from_client.is_shown() && from_server.is_shown());
        }
    };

    using Key = std::pair<Endpoint, Endpoint>;

    void skip_fragment() noexcept;
    void remark();
    Connection& connection_of(const Segment& segment, std::int64_t time, std::string& out);
    Connection open(const Segment& segment, std::int64_t time) const;
    bool is_from_server(const Segment& segment) const noexcept;
    void list_closed(Connection& connection);
    void forget_oldest();
    void read(Connection& connection, Side& side, std::int64_t time, std::string& out);
    void show_packets(const Connection& connection, Side& side, std::int64_t time, std::string& out);
    void show(const Connection& connection, Side& side, std::int64_t time, Record record, std::string& out);
    void end(const Connection& connection, Side& side, std::string_view why, std::string& out);
    void finish(Connection& connection, std::string& out);
    /// Decides whether a connection is one of MQTT, and then tells of it.
    void judge(Connection& connection, std::string& out);
    void note(const Connection& connection, std::string_view text, std::string& out);

    Options options_;
    std::unique_ptr<Printer> printer_;
    std::map<Key, Connection> connections_;
    std::size_t most_closed_;
    std::deque<Key> closed_; ///< connections that were closed, in that order
    std::uint64_t count_ = 0; ///< connections of MQTT
    std::uint64_t fragments_ = 0; ///< of IP packets
    std::optional<std::int64_t> began_;
    std::int64_t last_ = 0;
    Status status_ = Status::success;
    std::vector<std::string> remarks_;
};

} // namespace inspect
