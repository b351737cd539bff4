// --stats: sums.
#pragma once

#include "printer.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <tuple>

namespace inspect {

class StatsPrinter final : public Printer {
public:
    explicit StatsPrinter(const Look& look) noexcept : look_(look) {}

    void print(const Record& record, std::string& out) override;
    void print_unread(std::uint64_t offset, std::span<const std::byte> bytes, std::string& out) override;
    void forget(std::uint64_t connection) override;
    void finish(std::string& out) override;

    /// Topic aliases of connections that may still use them.
    std::size_t aliases() const noexcept { return aliases_.size(); }

private:
    struct Sum {
        std::uint64_t packets = 0;
        std::uint64_t bytes = 0;

        void add(std::size_t size) noexcept
        {
            ++packets;
            bytes += size;
        }
    };
    /// Connection, whether it is the client that sends, alias.
    using Alias = std::tuple<std::uint64_t, bool, std::uint16_t>;

    /// The topic of a PUBLISH, which an alias may stand for.
    std::string topic_of(const mqttwire::Publish& publish, const Record& record);
    void print_head(std::string_view title, std::string& out) const;
    void print_row(std::string_view title, const Sum& sum, std::string& out) const;
    double seconds() const noexcept;

    Look look_;
    std::array<Sum, 16> types_{}; ///< by the number of the type
    std::map<std::string, Sum> topics_;
    std::map<Alias, std::string> aliases_;
    Sum malformed_;
    Sum unread_;
    std::optional<std::int64_t> first_; ///< time of a packet
    std::int64_t last_ = 0;
};

} // namespace inspect
