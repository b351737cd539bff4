#include "stats_printer.hpp"

#include "width.hpp"

#include <mqttwire/fmt.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <variant>
#include <vector>

namespace inspect {

namespace {

using namespace mqttwire;

constexpr std::size_t topics_shown = 50;

} // namespace

void StatsPrinter::print(const Record& record, std::string&)
{
    if (record.passage != nullptr) {
        if (!first_) first_ = record.passage->time;
        last_ = record.passage->time;
    }
    if (!record.packet) return malformed_.add(record.bytes.size());
    types_[record.packet->index() + 1].add(record.bytes.size());
    if (const auto* publish = std::get_if<Publish>(&*record.packet))
        topics_[topic_of(*publish, record)].add(record.bytes.size());
}

void StatsPrinter::print_unread(std::uint64_t, std::span<const std::byte> bytes, std::string&)
{
    unread_.bytes += bytes.size();
}

std::string StatsPrinter::topic_of(const Publish& publish, const Record& record)
{
    std::string topic = fmt::format("{}", publish.topic);
    if (!publish.properties.topic_alias) return topic;
    const std::uint16_t number = *publish.properties.topic_alias;
    const Alias alias = record.passage == nullptr
        ? Alias{0, true, number}
        : Alias{record.passage->connection, record.passage->from_client, number};
    if (!publish.topic.empty()) return aliases_[alias] = std::move(topic);
    const auto known = aliases_.find(alias);
    return known != aliases_.end() ? known->second : fmt::format("(topic alias {})", number);
}

void StatsPrinter::forget(std::uint64_t connection)
{
    aliases_.erase(aliases_.lower_bound({connection, false, 0}), aliases_.lower_bound({connection + 1, false, 0}));
}

double StatsPrinter::seconds() const noexcept { return first_ ? static_cast<double>(last_ - *first_) / 1e6 : 0; }

void StatsPrinter::finish(std::string& out)
{
    print_head("type", out);
    Sum all;
    for (std::size_t type = 1; type < types_.size(); ++type) {
        const Sum& sum = types_[type];
        if (sum.packets == 0) continue;
        print_row(name(static_cast<PacketType>(type)), sum, out);
        all.packets += sum.packets;
        all.bytes += sum.bytes;
    }
    if (malformed_.packets != 0) print_row("malformed or cut off", malformed_, out);
    all.packets += malformed_.packets;
    all.bytes += malformed_.bytes;
    print_row("all", all, out);
    if (unread_.bytes != 0) out += fmt::format("{} bytes were not read\n", unread_.bytes);
    if (seconds() > 0) out += fmt::format("in {:.6f} seconds\n", seconds());
    if (topics_.empty()) return;

    std::vector<std::pair<std::string, Sum>> topics(topics_.begin(), topics_.end());
    std::ranges::sort(topics, [](const auto& a, const auto& b) {
        return a.second.bytes != b.second.bytes ? a.second.bytes > b.second.bytes : a.first < b.first;
    });
    out += '\n';
    print_head("topic", out);
    for (std::size_t i = 0; i < std::min(topics.size(), topics_shown); ++i)
        print_row(topics[i].first, topics[i].second, out);
    if (topics.size() > topics_shown) out += fmt::format("and {} more topics\n", topics.size() - topics_shown);
}

void StatsPrinter::print_head(std::string_view title, std::string& out) const
{
    std::string line = fmt::format("{:>10} {:>12}", "packets", "bytes");
    if (seconds() > 0) line += fmt::format(" {:>11} {:>12}", "packets/s", "bytes/s");
    line += fmt::format("  {}", title);
    std::string painted;
    look_.paint(painted, Colour::faint, line);
    append_cut(out, painted, look_.width);
    out += '\n';
}

void StatsPrinter::print_row(std::string_view title, const Sum& sum, std::string& out) const
{
    std::string line = fmt::format("{:>10} {:>12}", sum.packets, sum.bytes);
    if (seconds() > 0)
        line += fmt::format(" {:>11.2f} {:>12.2f}", static_cast<double>(sum.packets) / seconds(),
            static_cast<double>(sum.bytes) / seconds());
    line += fmt::format("  {}", title);
    append_cut(out, line, look_.width);
    out += '\n';
}

} // namespace inspect
