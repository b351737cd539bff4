#include "secrets.hpp"

#include <mqttwire/layout.hpp>
#include <mqttwire/property_id.hpp>

#include <algorithm>

namespace inspect {

namespace {

using namespace mqttwire;

bool may_hold_secrets(const Record& record) noexcept
{
    const std::optional<PacketType> type = record.type();
    return type == PacketType::connect || type == PacketType::connack || type == PacketType::auth;
}

bool is_secret(Field field) noexcept
{
    return field == Field::password || field == mqttwire::field(PropertyId::authentication_data);
}

} // namespace

Secrets::Secrets(const Record& record, const Reading& reading, bool shown)
{
    if (shown || !may_hold_secrets(record)) return;
    std::size_t known = 0; // bytes whose meaning is known
    const auto add = [this, &record, &known](Field field, std::span<const std::byte> bytes) {
        constexpr std::size_t length_prefix = 2;
        const auto first = static_cast<std::size_t>(bytes.data() - record.bytes.data());
        if (!bytes.empty()) known = first + bytes.size();
        if (!is_secret(field) || bytes.size() < length_prefix) return;
        ranges_.push_back({first + length_prefix, first + bytes.size()});
    };
    static_cast<void>(layout(record.bytes, record.wording(), add, reading.leniency, reading.role));
    if (record.packet) return;
    // The faulty byte is shown, unless it may be the rest of a secret whose length is wrong.
    const Error& error = record.packet.error();
    const bool may_be_secret = !ranges_.empty() || error.code == Errc::bytes_left_over;
    const std::size_t fault = error.offset + std::size_t{may_be_secret ? 0U : 1U};
    ranges_.push_back({record.verdict() == Verdict::incomplete ? known : fault, record.bytes.size()});
}

bool Secrets::hides(std::size_t offset) const noexcept
{
    return std::ranges::any_of(
        ranges_, [offset](const Range& range) { return offset >= range.first && offset < range.end; });
}

bool Secrets::hides_from(std::size_t offset) const noexcept
{
    return std::ranges::any_of(ranges_, [offset](const Range& range) { return offset < range.end; });
}

} // namespace inspect
