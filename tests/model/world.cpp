#include "world.hpp"

#include <algorithm>
#include <new>

namespace model {

namespace {

using session::Change;
using session::Event;
using session::Fault;
using session::Journal;
using session::Record;

/// The reason codes that occur.
constexpr ReasonCode reason_codes[] = {
    ReasonCode::success, ReasonCode::packet_identifier_not_found, ReasonCode::packet_identifier_in_use};

std::uint8_t index_of(ReasonCode code)
{
    return static_cast<std::uint8_t>(std::find(std::begin(reason_codes), std::end(reason_codes), code) - reason_codes);
}

session::Memory memory_of(Entries& entries, std::uint16_t ids)
{
    return {.packet_ids = {entries.ids, ids}, .tokens = {entries.tokens, ids}, .received_ids = {entries.received, ids}};
}

std::uint8_t bit(std::uint8_t id) { return static_cast<std::uint8_t>(1U << id); }
void set(std::uint8_t& bits, std::uint8_t id) { bits = static_cast<std::uint8_t>(bits | bit(id)); }
void clear(std::uint8_t& bits, std::uint8_t id) { bits = static_cast<std::uint8_t>(bits & ~bit(id)); }
bool has(std::uint8_t bits, std::uint8_t id) { return (bits & bit(id)) != 0; }

std::uint8_t less(std::uint8_t number, std::uint8_t base) { return static_cast<std::uint8_t>(number - base); }

} // namespace

const char* name(Action action)
{
    constexpr const char* names[] = {"connect", "deliver to client", "deliver to server", "client publishes, QoS 0",
        "client publishes, QoS 1", "client publishes, QoS 2", "server publishes, QoS 0", "server publishes, QoS 1",
        "server publishes, QoS 2", "client sends again", "server sends again", "connection lost", "client crashes",
        "server crashes", "server forgets", "connect with Receive Maximum 1"};
    static_assert(std::size(names) == action_count);
    return names[static_cast<unsigned>(action)];
}

template <Side side>
auto& World::engine()
{
    if constexpr (side == client) return client_;
    else return server_;
}

World::World(const Scope& scope)
    : scope_(scope), client_(memory_of(entries_[client], scope.ids)), server_(memory_of(entries_[server], scope.ids))
{
    renew<client>();
    renew<server>();
    make_durable<client>();
    make_durable<server>();
}

void World::restore(const Snapshot& snapshot)
{
    std::memcpy(static_cast<void*>(&client_), snapshot.client_engine, sizeof client_);
    std::memcpy(static_cast<void*>(&server_), snapshot.server_engine, sizeof server_);
    std::memcpy(entries_, snapshot.entries, sizeof entries_);
    std::memcpy(durable_, snapshot.durable, sizeof durable_);
    std::memcpy(watch_, snapshot.watch, sizeof watch_);
    std::memcpy(link_, snapshot.link, sizeof link_);
    std::memcpy(link_size_, snapshot.link_size, sizeof link_size_);
    connected_ = snapshot.connected != 0;
    forgotten_ = snapshot.forgotten != 0;
    with_less_ = snapshot.with_less != 0;
    broken.clear();
}

void World::keep(Snapshot& snapshot)
{
    for (const Side side : {client, server}) {
        Watch& watch = watch_[side];
        const std::uint8_t base = watch.delivered;
        for (std::uint16_t id = 1; id <= scope_.ids; ++id) {
            const Flow flow = side == client ? client_.flow(id) : server_.flow(id);
            Token& token = entries_[side].tokens[id - 1];
            token = flow == Flow::none ? 0 : (token & ~0xFFU) | less(number_of(token), base);
        }
        Durable& durable = durable_[side];
        for (std::size_t i = 0; i < durable.count; ++i) {
            auto& entry = durable.entries[i];
            if (entry.kind != static_cast<std::uint8_t>(Record::Kind::received))
                entry.token = static_cast<std::uint16_t>(
                    (entry.token & 0xFF00U) | less(static_cast<std::uint8_t>(entry.token), base));
        }
        for (std::size_t i = 0; i < link_size_[side]; ++i)
            if (link_[side][i].type == static_cast<std::uint8_t>(PacketType::publish)
                && (link_[side][i].detail & 3U) != 0)
                link_[side][i].number = less(link_[side][i].number, base);
        watch.published = less(watch.published, base);
        if (watch.any_sent != 0) watch.last_sent = less(watch.last_sent, base);
        watch.delivered = 0;
    }
    std::memset(&snapshot, 0, sizeof snapshot);
    std::memcpy(snapshot.client_engine, &client_, sizeof client_);
    std::memcpy(snapshot.server_engine, &server_, sizeof server_);
    std::memcpy(snapshot.entries, entries_, sizeof entries_);
    std::memcpy(snapshot.durable, durable_, sizeof durable_);
    std::memcpy(snapshot.watch, watch_, sizeof watch_);
    for (const Side side : {client, server})
        std::memcpy(snapshot.link[side], link_[side], link_size_[side] * sizeof(Item));
    std::memcpy(snapshot.link_size, link_size_, sizeof link_size_);
    snapshot.connected = connected_ ? 1 : 0;
    snapshot.forgotten = forgotten_ ? 1 : 0;
    snapshot.with_less = with_less_ ? 1 : 0;
}

bool World::act(Action action)
{
    switch (action) {
    case Action::connect: return connect(false);
    case Action::connect_with_less: return connect(true);
    case Action::deliver_to_client: return deliver<client>();
    case Action::deliver_to_server: return deliver<server>();
    case Action::client_publishes: return publish<client>(QoS::at_most_once);
    case Action::client_publishes_1: return publish<client>(QoS::at_least_once);
    case Action::client_publishes_2: return publish<client>(QoS::exactly_once);
    case Action::server_publishes: return publish<server>(QoS::at_most_once);
    case Action::server_publishes_1: return publish<server>(QoS::at_least_once);
    case Action::server_publishes_2: return publish<server>(QoS::exactly_once);
    case Action::client_resends: return resend<client>();
    case Action::server_resends: return resend<server>();
    case Action::lose_connection:
        if (!connected_ || forgotten_) return false;
        lose_connection();
        return true;
    case Action::client_crashes:
        if (!scope_.crashes || forgotten_) return false;
        crash<client>();
        return true;
    case Action::server_crashes:
        if (!scope_.crashes || forgotten_) return false;
        crash<server>();
        return true;
    case Action::server_forgets:
        if (!scope_.loses_session || forgotten_) return false;
        server_forgets();
        return true;
    }
    return false;
}

bool World::at_rest() const
{
    return client_.state() == State::open && server_.state() == State::open && link_size_[client] == 0
        && link_size_[server] == 0 && client_.messages_in_flight() == 0 && server_.messages_in_flight() == 0
        && client_.messages_incomplete() == 0 && server_.messages_incomplete() == 0
        && watch_[client].published == watch_[client].delivered && watch_[server].published == watch_[server].delivered;
}

void World::break_rule(const char* rule)
{
    if (broken.empty()) broken = rule;
}

void World::send(Side from, const Item& item)
{
    check(link_size_[from] < max_link, "more packets on their way than this model can hold");
    if (broken.empty()) link_[from][link_size_[from]++] = item;
}

/// A new session: whatever the old one had is gone. Bytes between members are the same in all worlds.
template <Side side>
void World::renew()
{
    auto& session = engine<side>();
    using Session = std::remove_reference_t<decltype(session)>;
    std::memset(&entries_[side], 0, sizeof entries_[side]);
    std::memset(static_cast<void*>(&session), 0, sizeof session);
    ::new (static_cast<void*>(&session)) Session(memory_of(entries_[side], scope_.ids));
}

bool World::connect(bool with_less)
{
    if (client_.state() != State::idle || (with_less && !scope_.shrinks)) return false;
    with_less_ = with_less;
    Connect connect{.client_id = "c", .clean_start = false};
    if (scope_.version == Version::v5) {
        connect.properties.session_expiry_interval = session::for_ever;
        connect.properties.receive_maximum = receive_maximum(server);
    }
    const Outcome outcome = client_.connect(connect, scope_.version, 0);
    connected_ = true;
    see_to<client>(outcome, {});
    send(client, {static_cast<std::uint8_t>(PacketType::connect), 0, 0, 0});
    return true;
}

template <Side to>
bool World::deliver()
{
    const Side from = other(to);
    if (link_size_[from] == 0) return false;
    const Item item = link_[from][0];
    std::copy(link_[from] + 1, link_[from] + link_size_[from], link_[from]);
    --link_size_[from];
    see_to<to>(hand_in<to>(item), item);
    return true;
}

template <Side side>
bool World::publish(QoS qos)
{
    auto& session = engine<side>();
    Watch& watch = watch_[side];
    if (!scope_.sends[side] || !scope_.qos[static_cast<unsigned>(qos)] || link_size_[side] >= scope_.link) return false;
    Publish publish{.topic = "t", .qos = qos};
    const auto number = static_cast<std::uint8_t>(watch.published + 1);
    const Outcome outcome = session.publish(publish, token_of(number, qos), 0);
    if (!outcome) return false;
    const Item item{static_cast<std::uint8_t>(PacketType::publish), static_cast<std::uint8_t>(publish.packet_id),
        qos == QoS::at_most_once ? std::uint8_t{} : number, static_cast<std::uint8_t>(qos)};
    if (qos != QoS::at_most_once) {
        watch.published = number;
        check(publish.packet_id != 0 && !publish.dup, "a new message has an identifier and no DUP");
        check(!has(watch.in_use, item.id), "no identifier is used twice");
        set(watch.in_use, item.id);
        clear(watch.released, item.id);
        watch_publish(side, item);
    }
    see_to<side>(outcome, {});
    send(side, item);
    return true;
}

/// Of every PUBLISH with QoS 1 and 2 that goes out.
void World::watch_publish(Side side, const Item& item)
{
    Watch& watch = watch_[side];
    check(!has(watch.released, item.id), "no PUBLISH once PUBREL has gone");
    set(watch.unacknowledged, item.id);
    const auto count = static_cast<std::uint16_t>(__builtin_popcount(watch.unacknowledged));
    if (scope_.version == Version::v5) check(count <= receive_maximum(side), "the quota is kept");
    const auto ahead = static_cast<std::int8_t>(item.number - watch.last_sent);
    check(watch.any_sent == 0 || ahead > 0, "messages go out in the original order");
    watch.last_sent = item.number;
    watch.any_sent = 1;
}

template <Side side>
bool World::resend()
{
    const session::Resend again = engine<side>().resend(0);
    if (!again) return false;
    const auto id = static_cast<std::uint8_t>(again.packet_id);
    if (again.packet == PacketType::pubrel) {
        set(watch_[side].released, id);
        send(side, {static_cast<std::uint8_t>(PacketType::pubrel), id, 0, 0});
        return true;
    }
    Publish publish{.topic = "t"};
    again.set(publish);
    check(publish.dup && publish.qos == static_cast<QoS>(again.token >> 8U), "a message keeps its QoS, with DUP");
    const Item item{static_cast<std::uint8_t>(PacketType::publish), id, number_of(again.token),
        static_cast<std::uint8_t>(static_cast<unsigned>(publish.qos) | 4U)};
    watch_publish(side, item);
    send(side, item);
    return true;
}

void World::lose_connection()
{
    connected_ = false;
    with_less_ = false;
    client_.closed(0);
    server_.closed(0);
    for (const Side side : {client, server}) {
        std::fill(std::begin(link_[side]), std::end(link_[side]), Item{});
        link_size_[side] = 0;
        watch_[side].any_sent = 0;
        watch_[side].last_sent = 0;
        watch_[side].unacknowledged = 0;
    }
}

template <Side side>
void World::crash()
{
    lose_connection();
    load_durable<side>();
}

/// The server loses what was durable as well. What was on its way is nobody's business any more.
void World::server_forgets()
{
    lose_connection();
    renew<server>();
    make_durable<server>();
    forgotten_ = true;
    for (Watch& watch : watch_) {
        watch.delivered = watch.published;
        watch.in_use = 0;
        watch.released = 0;
    }
}

template <Side side>
Outcome World::hand_in(const Item& item)
{
    auto& session = engine<side>();
    const ReasonCode reason_code = reason_codes[item.type == static_cast<std::uint8_t>(PacketType::publish)
                || item.type == static_cast<std::uint8_t>(PacketType::connack)
            ? 0
            : item.detail];
    switch (static_cast<PacketType>(item.type)) {
    case PacketType::publish: {
        Publish publish{.topic = "t",
            .qos = static_cast<QoS>(item.detail & 3U),
            .dup = (item.detail & 4U) != 0,
            .packet_id = item.id};
        return session.received(publish, 0);
    }
    case PacketType::puback: return session.received(PubAck{.packet_id = item.id, .reason_code = reason_code}, 0);
    case PacketType::pubrec: return session.received(PubRec{.packet_id = item.id, .reason_code = reason_code}, 0);
    case PacketType::pubrel: return session.received(PubRel{.packet_id = item.id, .reason_code = reason_code}, 0);
    case PacketType::pubcomp: return session.received(PubComp{.packet_id = item.id, .reason_code = reason_code}, 0);
    default: break;
    }
    if constexpr (side == client) {
        ConnAck connack{.session_present = item.detail != 0};
        if (scope_.version == Version::v5) connack.properties.receive_maximum = receive_maximum(client);
        return session.received(connack, 0);
    } else {
        Connect connect{.client_id = "c", .clean_start = false};
        connect.version = scope_.version;
        ConnAck connack;
        if (scope_.version == Version::v5) {
            connect.properties.session_expiry_interval = session::for_ever;
            connect.properties.receive_maximum = receive_maximum(server);
            connack.properties.receive_maximum = receive_maximum(client);
        }
        const Outcome asked = session.received(connect, 0);
        check(asked.event == Event::connecting && asked.fault == Fault::none, "a CONNECT is taken");
        const Outcome outcome = session.accept(connect, connack, 0);
        if (session::must_come_first(outcome.change)) make_durable<server>();
        send(server,
            {static_cast<std::uint8_t>(PacketType::connack), 0, 0, static_cast<std::uint8_t>(connack.session_present)});
        return outcome;
    }
}

/// What an application does with an outcome: it delivers, makes durable, and answers.
template <Side side>
void World::see_to(const Outcome& outcome, const Item& item)
{
    Watch& own = watch_[side];
    Watch& others = watch_[other(side)];
    check(outcome.fault == Fault::none && !outcome.close, session::name(outcome.fault).data());
    if (outcome.event == Event::message && (item.detail & 3U) != 0) {
        const std::uint8_t ahead = less(item.number, others.delivered);
        if (ahead == 1) others.delivered = item.number;
        else if ((item.detail & 3U) == 2) break_rule("a QoS 2 message is delivered exactly once, in order");
        else check(ahead > 0x80U || ahead == 0, "messages are delivered in order");
    }
    if (outcome.event == Event::owned || outcome.event == Event::done) {
        const std::uint8_t ahead = less(number_of(outcome.token), own.delivered);
        check(outcome.reason_code != ReasonCode::success || ahead == 0 || ahead > 0x80U,
            "what is acknowledged has been delivered");
    }
    if (outcome.event == Event::done) {
        clear(own.in_use, item.id);
        clear(own.unacknowledged, item.id);
        clear(own.released, item.id);
    }
    if (outcome.answer == PacketType::pubrel && outcome.reason_code == ReasonCode::success) set(own.released, item.id);
    if (outcome.session_ended && side == client) own.in_use = own.released = 0;
    if (session::must_come_first(outcome.change)) make_durable<side>();
    if (outcome.event == Event::connected && side == client) forgotten_ = false;
    if (outcome.answer != PacketType{})
        send(side,
            {static_cast<std::uint8_t>(outcome.answer), static_cast<std::uint8_t>(outcome.packet_id), 0,
                index_of(outcome.reason_code)});
}

/// Writes a journal and keeps what it says.
template <Side side>
void World::make_durable()
{
    std::array<std::byte, session::record_size * (2 + 2 * max_ids)> bytes{};
    Journal journal;
    const std::size_t size = engine<side>().save(bytes, 0, journal);
    check(size != 0, "a session can be saved");
    Journal reader;
    Durable durable{};
    for (std::size_t i = 0; i * session::record_size < size; ++i) {
        Record record;
        check(reader.read(bytes.data() + i * session::record_size, record), "what is saved can be read");
        if (i == 0) {
            durable.count = record.packet_id;
        } else if (i == 1) {
            durable.settings = record.packet_id;
            durable.expiry = record.value;
        } else {
            durable.entries[i - 2] = {static_cast<std::uint8_t>(record.kind),
                static_cast<std::uint8_t>(record.packet_id), static_cast<std::uint16_t>(record.value)};
        }
    }
    durable_[side] = durable;
}

template <Side side>
void World::load_durable()
{
    std::array<std::byte, session::record_size * (2 + 2 * max_ids)> bytes{};
    const Durable& durable = durable_[side];
    Journal journal;
    std::size_t size = 0;
    const auto put = [&](const Record& record) {
        for (const std::byte byte : journal.write(record)) bytes[size++] = byte;
    };
    put({Record::Kind::begin, durable.count, 0});
    put({Record::Kind::settings, durable.settings, durable.expiry});
    for (std::size_t i = 0; i < durable.count; ++i)
        put({static_cast<Record::Kind>(durable.entries[i].kind), durable.entries[i].id, durable.entries[i].token});
    renew<side>();
    check(engine<side>().load(std::span(bytes).first(size), 0).fault == session::LoadFault::none,
        "what is saved can be loaded");
}

} // namespace model
