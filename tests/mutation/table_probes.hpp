// What needs no packet to be observed: tables, text and numbers. Apart, because
// it compiles much faster than the rest.
#pragma once

#include "mutation/cases.hpp"
#include "mutation/guarded.hpp"

#include <mqttwire/mqttwire.hpp>

#include <array>
#include <span>
#include <string>
#include <string_view>

namespace mqttwire::test {

template <class Value>
void add_optional(Digest& digest, const std::optional<Value>& value)
{
    digest.add(value.has_value());
    if (value) digest.add(*value);
}

inline void probe_names(Digest& digest)
{
    for (unsigned value = 0; value < 256; ++value) {
        const auto name_as = [&]<class Enum>(Enum) { digest.add(name(static_cast<Enum>(value))); };
        name_as(Version{});
        name_as(PacketType{});
        name_as(ReasonCode{});
        name_as(PropertyId{});
        name_as(PropertyPlace{});
        name_as(Field{});
        name_as(QoS{});
        name_as(RetainHandling{});
        name_as(Errc{});
        name_as(Leniency{});
        name_as(Role{});
        add_optional(digest, property(static_cast<Field>(value)));
        digest.add(field(static_cast<PropertyId>(value)));
        const auto type = static_cast<PacketType>(value);
        digest.add(fixed_flags(type));
        add_optional(digest, packet_type_named(name(type)));
        add_optional(digest, version_named(name(static_cast<Version>(value))));
        digest.add(leniency_named(name(static_cast<Leniency>(value))));
    }
    // While compiling, where a look behind a table is found.
    static_assert(name(static_cast<Field>(static_cast<unsigned>(Field::properties) + 1)).empty());
    static_assert(name(static_cast<PropertyPlace>(property_place_count)).empty());
    static_assert(name(static_cast<PropertyId>(detail::property_types.size())).empty());
    static_assert(name(static_cast<Errc>(error_table.size())) == name(Errc::none));
    for (const PacketTypeRow& row : packet_type_table) {
        digest.add(row.flags);
        digest.add(row.from_client);
        digest.add(row.from_server);
        digest.add(row.clause_3_1_1);
        digest.add(row.clause_5);
    }
    for (const std::string_view text : {"", "3", "CONNECTS", "connect", "bridge"}) {
        add_optional(digest, packet_type_named(text));
        add_optional(digest, version_named(text));
        digest.add(leniency_named(text));
    }
    for (unsigned a = 0; a < 256; ++a)
        for (unsigned b = 1; b < 256; b *= 2) {
            const auto set = static_cast<Leniency>(a);
            const auto flag = static_cast<Leniency>(b);
            Leniency sum = set;
            sum |= flag;
            for (const Leniency each : {set | flag, set & flag, sum}) digest.add(each);
            digest.add(has(set, flag));
        }
}

inline void probe_errors(Digest& digest)
{
    std::array<char, 300> room{};
    for (unsigned value = 0; value < 256; ++value) {
        const auto code = static_cast<Errc>(value);
        digest.add(text(code));
        digest.add(reason_code(code));
        for (unsigned type = 0; type < 17; ++type)
            for (const Field field :
                {Field::packet, Field::topic, Field::filter, Field::reason_code, field(PropertyId::response_topic)}) {
                const Error error{.code = code, .field = field, .packet = static_cast<PacketType>(type)};
                digest.add(skippable(error));
                digest.add(describe(error, room));
                for (unsigned version = 2; version < 7; ++version)
                    digest.add(clause(error, static_cast<Version>(version)));
            }
    }
    for (const std::uint32_t number : {0U, 1U, 9U, 10U, 99U, 1234567890U, 0xFFFFFFFFU}) {
        digest.add(describe({.code = Errc::qos_3, .offset = number}, room));
        digest.add(describe({.code = Errc::qos_3, .needed = number}, room));
        digest.add(describe({.code = Errc::qos_3, .element = number}, room));
    }
    const Error error{.code = Errc::qos_3, .offset = 1};
    for (std::size_t size = 0; size < 60; ++size) {
        room.fill('\x7F');
        digest.add(describe(error, std::span(room).first(size)));
        digest.add(std::string_view(room.data(), room.size()));
    }
    digest.add(error == Error{.code = Errc::qos_3, .offset = 2});
}

inline void probe_reason_tables(Digest& digest)
{
    for (unsigned value = 0; value < 256; ++value) {
        const auto code = static_cast<ReasonCode>(value);
        digest.add(is_failure(code));
        add_optional(digest, to_return_code(code));
        add_optional(digest, from_return_code(static_cast<std::uint8_t>(value)));
        for (unsigned type = 0; type < 16; ++type) {
            const auto packet = static_cast<PacketType>(type);
            digest.add(name(code, packet));
            digest.add(may_carry(packet, code));
            for (const Role role : roles) digest.add(may_receive(role, packet, code));
        }
    }
    for (unsigned type = 0; type < 16; ++type)
        for (const Role role : roles)
            for (const Version version : versions)
                digest.add(wire::may_receive(role, static_cast<PacketType>(type), version));
}

inline void probe_property_tables(Digest& digest)
{
    for (unsigned value = 0; value < 256; ++value) {
        const auto id = static_cast<PropertyId>(value);
        const PropertyRow* const row = find_property(id);
        digest.add(row != nullptr);
        if (row == nullptr) continue;
        digest.add(row->type);
        digest.add(row->least);
        digest.add(row->most);
        for (const std::uint32_t number :
            {0U, 1U, 2U, 255U, 256U, 65'534U, 65'535U, 268'435'455U, 268'435'456U, 0xFFFFFFFEU, 0xFFFFFFFFU})
            digest.add(number >= row->least && number <= row->most);
        for (unsigned place = 0; place < property_place_count; ++place) {
            digest.add(may_stand(*row, static_cast<PropertyPlace>(place)));
            digest.add(may_repeat(*row, static_cast<PropertyPlace>(place)));
        }
    }
}

/// Every text of up to `longest` characters of an alphabet.
inline std::vector<std::string> texts_of(std::string_view alphabet, std::size_t longest)
{
    std::vector<std::string> texts{""};
    for (std::size_t first = 0; texts[first].size() < longest; ++first)
        for (const char c : alphabet) texts.push_back(texts[first] + c);
    return texts;
}

inline void probe_topics(Digest& digest)
{
    std::vector<std::string> filters = texts_of("a/+#$", 4);
    for (const std::string& text : texts_of("a/+#", 4)) filters.push_back("$share/" + text);
    for (const char* text : {"$share", "$shar/a/b", "$SHARE/a/b", "$share/gr/a/b", "\xC3\xA9/+", "\xFF", "a\x01"})
        filters.emplace_back(text);
    for (const std::size_t size : {32'767U, 32'768U, 65'535U, 65'536U}) filters.emplace_back(size, 'a');
    for (const char* prefix : {"", "$share/g/"})
        for (const std::size_t size : {7U, 8U, 9U, 20U})
            for (std::size_t at = 0; at < size; ++at)
                for (const char wildcard : {'#', '+'}) {
                    filters.push_back(prefix + std::string(size, 'a'));
                    filters.back()[filters.back().size() - size + at] = wildcard;
                }
    for (const std::string& text : filters) {
        for (const Version version : versions) {
            digest.add(valid_topic_name(text, version));
            digest.add(valid_topic_filter(text, version));
            const auto fault = wire::find_topic_filter_fault(Text(text), wire::AnyVersion{version}, Leniency::none);
            digest.add(fault.code);
            digest.add(fault.index);
            const auto name_fault = wire::find_topic_name_fault(Text(text), wire::AnyVersion{version}, Leniency::none);
            digest.add(name_fault.code);
            digest.add(name_fault.index);
        }
        digest.add(is_shared(text));
        if (const auto shared = split_shared(text)) {
            digest.add(shared->share_name.view());
            digest.add(shared->filter.view());
        }
    }
    const std::vector<std::string> names = texts_of("ab/$", 3);
    for (const std::string& filter : texts_of("ab/+#$", 4))
        for (const std::string& name : names) digest.add(matches(filter, name));
}

inline void observe_text(Digest& digest, std::string_view characters)
{
    static Guarded memory;
    const auto bytes = memory.copy(std::as_bytes(std::span(characters)));
    const Text text(bytes.data(), bytes.size());
    for (const Leniency leniency : {Leniency::none, Leniency::reject_discouraged_characters}) {
        const wire::TextFault fault = wire::find_text_fault(text, leniency);
        digest.add(fault.code);
        digest.add(fault.index);
    }
    const wire::TextFault fault = wire::find_ill_formed(text);
    digest.add(fault.code);
    digest.add(fault.index);
    digest.add(wire::count_code_points(text));
    digest.add(wire::is_good_utf8(bytes.data(), bytes.size()));
    digest.add(wire::is_good_utf8(bytes.data(), bytes.size(), true));
}

inline void probe_utf8(Digest& digest)
{
    using namespace std::string_view_literals;
    constexpr std::string_view leads =
        "\x00\x01\x1F\x20\x7F\x80\xBF\xC0\xC1\xC2\xDF\xE0\xE1\xEC\xED\xEE\xEF\xF0\xF1\xF3\xF4\xF5\xFF"sv;
    constexpr std::string_view tails = "\x20\x7F\x80\x8F\x90\x9F\xA0\xB7\xBE\xBF\xC0"sv;
    for (const char lead : leads) {
        observe_text(digest, std::string{lead});
        for (const char second : tails) {
            observe_text(digest, std::string{'a', lead, second});
            for (const char third : tails) {
                observe_text(digest, std::string{lead, second, third});
                for (const char fourth : tails) observe_text(digest, std::string{lead, second, third, fourth, 'a'});
            }
        }
    }
    for (const char* text :
        {"\xEF\xB7\x8F", "\xEF\xB7\x90", "\xEF\xB7\xAF", "\xEF\xB7\xB0", "\xC2\x80", "\xC2\x9F", "\xC2\xA0",
            "\xEF\xBF\xBD", "\xF0\x9F\xBF\xBE", "\xF4\x8F\xBF\xBF", "\xF1\x80\x80\x80", "\xF3\xBF\xBF\xBF"})
        observe_text(digest, text);
}

template <wire::Plain What>
void observe_plain(Digest& digest, const Bytes& bytes)
{
    static Guarded memory;
    const std::span<const std::byte> text = memory.copy(bytes);
    digest.add(wire::is_plain<What>(Text(text.data(), text.size())));
    digest.add(wire::is_plain_bytewise<What>(text.data(), text.size()));
    if (text.size() >= 8) digest.add(wire::is_plain_words<What, std::uint64_t>(text.data(), text.size()));
    if (text.size() > 32) digest.add(wire::is_plain_long<What>(text.data(), text.size()));
    digest.add(wire::wildcards_fit(text.data(), 0, text.size()));
    digest.add(wire::is_plain<wire::Plain::filter>(Text(text.data(), text.size())));
}

inline void probe_plain(Digest& digest)
{
    for (std::size_t size = 0; size < 80; ++size)
        for (std::size_t at = 0; at < size; ++at)
            for (const unsigned special :
                {0x00U, 0x01U, 0x7FU, 0x80U, 0xFFU, 0x23U, 0x2BU, 0x22U, 0x2AU, 0x24U, 0x2CU}) {
                Bytes bytes(size, std::byte{'a'});
                bytes[at] = static_cast<std::byte>(special);
                observe_plain<wire::Plain::text>(digest, bytes);
                observe_plain<wire::Plain::topic>(digest, bytes);
            }
    observe_plain<wire::Plain::text>(digest, {});
}

inline void probe_bytes(Digest& digest)
{
    Bytes from(200);
    for (std::size_t i = 0; i < from.size(); ++i) from[i] = static_cast<std::byte>(i * 7 + 1);
    for (std::size_t size = 0; size < 150; ++size) {
        Bytes to(size + 4);
        wire::copy(to.data() + 2, from.data() + 5, size);
        digest.add(std::span<const std::byte>(to));
    }
    digest.add(wire::load_two(from.data()));
    digest.add(wire::load_four(from.data() + 30));
}

inline void observe_varint(Digest& digest, const Bytes& bytes)
{
    const wire::Varint number = wire::load_varint(bytes.data(), bytes.data() + bytes.size());
    for (const std::uint32_t part : {number.value, number.size, std::uint32_t{number.valid()}}) digest.add(part);
    if (number.valid()) digest.add(wire::is_minimal(number));
    if (number.valid()) digest.add(wire::load_valid_varint(bytes.data()).value);
    if (number.valid()) digest.add(wire::load_valid_varint(bytes.data()).size);
    RemainingLengthParser parser;
    digest.add(parser.push(bytes));
    digest.add(parser.status());
    digest.add(parser.value());
    digest.add(parser.size());
    digest.add(parser.minimal());
    digest.add(parser.push(std::byte{0x05}));
    digest.add(parser.value());
    parser.reset();
    for (const std::byte byte : bytes) digest.add(parser.push(byte));
    digest.add(parser.size());
}

inline void probe_varints(Digest& digest)
{
    std::vector<Bytes> list{{}};
    for (std::size_t first = 0; first < 200; ++first)
        for (const unsigned byte : {0x00U, 0x01U, 0x7FU, 0x80U, 0x81U, 0xFFU}) {
            if (list[first].size() > 4) continue;
            list.push_back(list[first]);
            list.back().push_back(static_cast<std::byte>(byte));
        }
    for (const unsigned byte : {0x00U, 0x7FU, 0x80U, 0xFFU})
        list.push_back({std::byte{0xFF}, std::byte{0x80}, std::byte{0xFF}, static_cast<std::byte>(byte), std::byte{1}});
    for (const Bytes& bytes : list) observe_varint(digest, bytes);
    for (const std::uint32_t value :
        {0U, 1U, 127U, 128U, 129U, 255U, 256U, 16'383U, 16'384U, 2'097'151U, 2'097'152U, max_varint}) {
        Bytes bytes(6);
        const std::byte* const end = wire::store_varint(bytes.data(), value);
        digest.add(end - bytes.data());
        digest.add(wire::varint_size(value));
        digest.add(std::span<const std::byte>(bytes));
    }
}

inline constexpr std::array table_probes{
    Probe{"names", probe_names},
    Probe{"errors", probe_errors},
    Probe{"reason tables", probe_reason_tables},
    Probe{"property tables", probe_property_tables},
    Probe{"bytes", probe_bytes},
    Probe{"varints", probe_varints},
    Probe{"utf8", probe_utf8},
    Probe{"plain", probe_plain},
    Probe{"topics", probe_topics},
};

} // namespace mqttwire::test
