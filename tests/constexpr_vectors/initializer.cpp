#include "constexpr_vectors/initializer.hpp"

#include "support/hex.hpp"
#include "support/packet_fields.hpp"

#include <concepts>
#include <optional>
#include <span>
#include <string_view>
#include <type_traits>

namespace mqttwire::test {

namespace {

constexpr std::string_view struct_name(PacketType type)
{
    constexpr std::string_view names[] = {"", "Connect", "ConnAck", "Publish", "PubAck", "PubRec", "PubRel", "PubComp",
        "Subscribe", "SubAck", "Unsubscribe", "UnsubAck", "PingReq", "PingResp", "Disconnect", "Auth"};
    return names[static_cast<std::size_t>(type)];
}

std::string characters(std::string_view text)
{
    constexpr std::size_t long_run = 100;
    if (text.size() >= long_run && text.find_first_not_of(text.front()) == std::string_view::npos)
        return "run<" + std::to_string(static_cast<int>(text.front())) + ">(" + std::to_string(text.size()) + ')';
    return "std::string_view(" + literal(text) + ')';
}

/// The walk that writes `.member = value, ` for each member that does not have its default.
class Writer {
public:
    explicit Writer(Version version) : version_(version) {}

    Version version() const { return version_; }
    std::string&& take() && { return std::move(members_); }

    template <class Member>
    void operator()(std::string_view name, const Member& member, bool = true)
    {
        if (!(member == Member{})) members_ += "." + std::string(name) + " = " + value(member) + ", ";
    }

    template <class Member>
    void property(std::string_view name, const Member& member)
    {
        (*this)(name, member);
    }

    template <class Properties>
    void properties(const Properties& properties)
    {
        Writer inner(version_);
        walk_properties(inner, properties);
        if (!inner.members_.empty()) members_ += ".properties = {" + inner.members_ + "}, ";
    }

    void protocol(const std::optional<Version>& version, bool bridge)
    {
        (*this)("version", version);
        (*this)("bridge", bridge);
    }

    void connack_code(ReasonCode code) { (*this)("reason_code", code); }

private:
    std::string value(bool member) const { return member ? "true" : "false"; }
    std::string value(std::integral auto member) const { return std::to_string(member); }
    std::string value(QoS member) const { return enumerator("QoS", member); }
    std::string value(RetainHandling member) const { return enumerator("RetainHandling", member); }
    std::string value(ReasonCode member) const { return enumerator("ReasonCode", member); }
    std::string value(Version member) const { return enumerator("Version", member); }
    std::string value(const Text& member) const { return characters(member.view()); }
    std::string value(const Binary& member) const { return characters(member.view()); }
    std::string value(const UserProperty& member) const
    {
        return "UserProperty{" + characters(member.name.view()) + ", " + characters(member.value.view()) + '}';
    }
    std::string value(const Subscription& member) const
    {
        Writer inner(version_);
        walk_subscription(inner, member);
        return "Subscription{" + inner.members_ + '}';
    }
    std::string value(const Will& member) const
    {
        Writer inner(version_);
        walk_will(inner, member);
        return "Will{" + inner.members_ + '}';
    }
    template <class T>
    std::string value(const std::optional<T>& member) const
    {
        return value(*member);
    }
    template <class T>
    std::string value(const List<T>& member) const
    {
        std::string elements;
        for (const T& element : member) elements += value(element) + ", ";
        return "std::array<" + std::string(element_type(T{})) + ", " + std::to_string(member.size()) + ">{" + elements
            + '}';
    }

    static constexpr std::string_view element_type(const UserProperty&) { return "UserProperty"; }
    static constexpr std::string_view element_type(const Subscription&) { return "Subscription"; }
    static constexpr std::string_view element_type(const Text&) { return "Text"; }
    static constexpr std::string_view element_type(ReasonCode) { return "ReasonCode"; }
    static constexpr std::string_view element_type(std::uint32_t) { return "std::uint32_t"; }

    Version version_;
    std::string members_;
};

} // namespace

std::string literal(std::string_view characters)
{
    const std::string hex = to_hex(std::as_bytes(std::span(characters)));
    std::string text = "\"";
    for (std::size_t i = 0; i < hex.size(); i += 2) text += "\\x" + hex.substr(i, 2);
    return text + "\", " + std::to_string(characters.size());
}

std::string initializer(const Packet& packet, Version version)
{
    return std::visit(
        [&](const auto& held) {
            Writer writer(version);
            walk_packet(writer, held);
            return std::string(struct_name(held.type)) + '{' + std::move(writer).take() + '}';
        },
        packet);
}

} // namespace mqttwire::test
