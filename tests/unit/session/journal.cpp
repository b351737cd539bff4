// The journal: its bytes, what is refused, and the loss of power at every moment.
#include "conformance/session/pair.hpp"

#include "mqttwire/session/journal.hpp"

#include <algorithm>
#include <deque>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

using namespace pair;

namespace {

using Bytes = std::vector<std::byte>;

template <class Session>
Bytes saved(const Session& session, std::uint32_t generation, Journal& journal)
{
    Bytes bytes(session.saved_size());
    REQUIRE(session.save(bytes, generation, journal) == bytes.size());
    return bytes;
}

/// A client with a message in each state.
Pair busy()
{
    Pair p(Version::v5);
    p.open();
    Publish publish = message(once);
    p.client.publish(publish, 0x11223344, p.now);
    publish = message(at_least);
    p.client.publish(publish, 0x55667788, p.now);
    publish = message(once);
    p.client.publish(publish, 0x99AABBCC, p.now);
    p.client.received(PubRec{.packet_id = 1}, p.now);
    publish = message(once);
    publish.packet_id = 0xABCD;
    p.client.received(publish, p.now);
    return p;
}

} // namespace

TEST_CASE("a journal has the layout that is described")
{
    const Pair p = busy();
    Journal journal;
    Bytes bytes = saved(p.client, 0x01020304, journal);
    REQUIRE(bytes.size() == 6 * record_size);
    // A plain CRC-16 over the kind and the six bytes, as the header says.
    const auto check = [](unsigned begin, unsigned kind, const std::byte* record) {
        unsigned crc = begin ^ kind << 13U;
        for (int i = 2; i < 8; ++i)
            for (int bit = 7; bit >= 0; --bit) {
                const unsigned in = static_cast<unsigned>(record[i]) >> static_cast<unsigned>(bit) & 1U;
                const unsigned out = crc >> 15U & 1U;
                crc = (crc << 1U & 0xFFFFU) ^ ((in ^ out) != 0 ? 0x1021U : 0U);
            }
        return crc & 0x1FFFU;
    };
    const unsigned kinds[] = {0, 1, 4, 2, 3, 6};
    const std::uint64_t contents[] = {
        0x000401020304, 0x010100000064, 0x000111223344, 0x000255667788, 0x000399AABBCC, 0xABCD00000000};
    unsigned begin = 0x1FFF;
    for (std::size_t i = 0; i < 6; ++i) {
        CAPTURE(i);
        const std::byte* record = bytes.data() + i * record_size;
        std::uint64_t content = 0;
        for (int at = 2; at < 8; ++at) content = content << 8U | static_cast<std::uint64_t>(record[at]);
        CHECK(content == contents[i]);
        begin = check(begin, kinds[i], record);
        CHECK((static_cast<unsigned>(record[0]) << 8U | static_cast<unsigned>(record[1])) == (kinds[i] << 13U | begin));
    }
    const auto change = journal.record(Outcome{.change = Change::done, .packet_id = 2});
    CHECK(static_cast<unsigned>(change[0]) >> 5U == 5);
    CHECK(change[3] == std::byte{2});
    CHECK((static_cast<unsigned>(change[0] & std::byte{0x1F}) << 8U | static_cast<unsigned>(change[1]))
        == check(begin, 5, change.data()));
}

TEST_CASE("what is loaded is what was saved, and goes on where it was")
{
    Pair p = busy();
    Journal journal;
    Bytes bytes = saved(p.client, 7, journal);
    const auto append = [&](const Outcome& outcome) {
        REQUIRE(outcome.change != Change::none);
        REQUIRE(outcome.change != Change::session);
        for (const std::byte byte : journal.record(outcome)) bytes.push_back(byte);
    };
    append(p.client.received(PubAck{.packet_id = 2}, p.now));
    Publish publish = message(at_least);
    append(p.client.publish(publish, 0xDDEEFF00, p.now));
    append(p.client.received(PubRel{.packet_id = 0xABCD}, p.now));
    append(p.client.received(PubRec{.packet_id = 3}, p.now));
    publish = message(once);
    publish.packet_id = 5;
    append(p.client.received(publish, p.now));
    append(p.client.received(PubComp{.packet_id = 1}, p.now));

    Client<room> loaded;
    const Loaded result = loaded.load(bytes, p.now);
    REQUIRE(result);
    CHECK(result.generation == 7);
    CHECK(result.used == bytes.size());
    CHECK(loaded.has_session());
    CHECK(loaded.state() == State::idle);
    CHECK(loaded.messages_in_flight() == 2);
    CHECK(loaded.messages_incomplete() == 1);
    CHECK(loaded.session_expiry() == 100);
    CHECK(loaded.flow(3) == Flow::pubrel);
    CHECK(loaded.token(3) == 0x99AABBCC);
    CHECK(loaded.flow(4) == Flow::publish_1);
    CHECK(loaded.token(4) == 0xDDEEFF00);
    CHECK(loaded.first_flow() == 3);
    // The journal goes on.
    Journal again = result.journal;
    CHECK(again.record({.change = Change::done, .packet_id = 4})
        == journal.record({.change = Change::done, .packet_id = 4}));
    // Blank bytes behind it mean nothing.
    for (const std::byte blank : {std::byte{0}, std::byte{0xFF}}) {
        Bytes longer = bytes;
        longer.resize(bytes.size() + 100, blank);
        CHECK(loaded.load(longer, p.now).used == bytes.size());
    }
}

TEST_CASE("a journal that is damaged is refused, and one that is cut off loses its end")
{
    Pair p = busy();
    Journal journal;
    Bytes bytes = saved(p.client, 7, journal);
    const std::size_t snapshot = bytes.size();
    for (int i = 0; i < 3; ++i)
        for (const std::byte byte :
            journal.record({.change = Change::received, .packet_id = static_cast<std::uint16_t>(20 + i)}))
            bytes.push_back(byte);
    Client<room> client;
    // Cut at every byte.
    for (std::size_t size = 0; size <= bytes.size(); ++size) {
        const Loaded loaded = client.load(std::span(bytes).first(size), 0);
        if (size < snapshot) {
            CHECK(loaded.fault == LoadFault::incomplete);
            CHECK_FALSE(client.has_session());
        } else {
            REQUIRE(loaded);
            CHECK(loaded.used == size / record_size * record_size);
            CHECK(client.messages_incomplete() == 1 + (size - snapshot) / record_size);
        }
    }
    // Every bit turned: only the last record may be so.
    for (std::size_t bit = 0; bit < 8 * bytes.size(); ++bit) {
        Bytes bad = bytes;
        bad[bit / 8] ^= static_cast<std::byte>(1U << (bit % 8));
        const Loaded loaded = client.load(bad, 0);
        if (bit / 8 < bytes.size() - record_size) {
            CHECK_FALSE(loaded);
            CHECK_FALSE(client.has_session());
            CHECK(client.messages_in_flight() == 0);
        } else {
            REQUIRE(loaded);
            CHECK(loaded.used == bytes.size() - record_size);
        }
    }
    // Records that change places, or are missing.
    for (std::size_t record = 0; record + 2 < bytes.size() / record_size; ++record) {
        Bytes swapped = bytes;
        std::swap_ranges(swapped.begin() + static_cast<std::ptrdiff_t>(record * record_size),
            swapped.begin() + static_cast<std::ptrdiff_t>((record + 1) * record_size),
            swapped.begin() + static_cast<std::ptrdiff_t>((record + 1) * record_size));
        CHECK_FALSE(client.load(swapped, 0));
        Bytes missing = bytes;
        missing.erase(missing.begin() + static_cast<std::ptrdiff_t>(record * record_size),
            missing.begin() + static_cast<std::ptrdiff_t>((record + 1) * record_size));
        CHECK_FALSE(client.load(missing, 0));
    }
    Client<Capacities{.outgoing = 2, .incoming = 4}> small;
    CHECK(small.load(bytes, 0).fault == LoadFault::too_large);
    Client<Capacities{.outgoing = 8, .incoming = 1}> small_too;
    CHECK(small_too.load(bytes, 0).fault == LoadFault::too_large);
    // What cannot be: a flow that ends without having begun, a second begin, identifier 0, another layout.
    const auto with = [&](const Record& record) {
        Journal writer = journal;
        Bytes more = bytes;
        for (const std::byte byte : writer.write(record)) more.push_back(byte);
        return client.load(more, 0).fault;
    };
    CHECK(with({Record::Kind::done, 8, 0}) == LoadFault::damaged);
    CHECK(with({Record::Kind::pubrel, 2, 0}) == LoadFault::damaged);
    CHECK(with({Record::Kind::publish_1, 2, 0}) == LoadFault::damaged);
    CHECK(with({Record::Kind::publish_1, 9, 0}) == LoadFault::too_large);
    CHECK(with({Record::Kind::received, 0, 0}) == LoadFault::damaged);
    CHECK(with({Record::Kind::begin, 1, 0}) == LoadFault::damaged);
    Journal other;
    Bytes layout;
    for (const std::byte byte : other.write({Record::Kind::begin, 0, 0})) layout.push_back(byte);
    for (const std::byte byte : other.write({Record::Kind::settings, 0x0201, 0})) layout.push_back(byte);
    CHECK(client.load(layout, 0).fault == LoadFault::unknown_layout);
    Journal without_begin;
    Bytes no_begin;
    for (int i = 0; i < 2; ++i)
        for (const std::byte byte : without_begin.write({Record::Kind::settings, 0x0100, 0})) no_begin.push_back(byte);
    CHECK(client.load(no_begin, 0).fault == LoadFault::damaged);
    CHECK(is_later(1, 0));
    CHECK(is_later(0, 0xFFFFFFFF));
    CHECK_FALSE(is_later(5, 5));
    CHECK_FALSE(is_later(0xFFFFFFFF, 0));
}

TEST_CASE("a session without expiry leaves nothing to be made durable")
{
    Pair p(Version::v5);
    p.connect.properties.session_expiry_interval = 0;
    p.open();
    Publish publish = message(once);
    CHECK(p.client.publish(publish, 1, p.now).change == Change::none);
    CHECK(p.server.received(publish, p.now).change == Change::none);
    CHECK(p.client.received(PubRec{.packet_id = 1}, p.now).change == Change::none);
    Journal journal;
    const Bytes bytes = saved(p.client, 1, journal);
    Client<room> loaded;
    CHECK(loaded.load(bytes, p.now));
    CHECK_FALSE(loaded.has_session());
    CHECK(loaded.messages_in_flight() == 0);
}

TEST_CASE("a server that is loaded counts its session's interval on")
{
    Pair p(Version::v5);
    p.open();
    p.server.closed(p.now);
    p.server.tick(p.now + 40 * second);
    Journal journal;
    const Bytes bytes = saved(p.server, 1, journal);
    Server<room> loaded;
    CHECK(loaded.load(bytes, 500));
    CHECK(loaded.next_deadline() == 500 + 60 * second);
    CHECK(loaded.tick(500 + 60 * second).session_ended);
}

TEST_CASE("a server that is loaded takes off the time in which it did not run")
{
    Pair p(Version::v5);
    p.open();
    Journal journal;
    const Bytes bytes = saved(p.server, 1, journal); // of a session that is to be kept for 100 seconds
    Server<room> loaded;
    CHECK(loaded.load(bytes, 500, 30));
    CHECK(loaded.next_deadline() == 500 + 70 * second);
    CHECK_FALSE(loaded.tick(500 + 69 * second).session_ended);
    CHECK(loaded.tick(500 + 70 * second).session_ended);
    for (const std::uint32_t seconds : {100U, 101U, 0xFFFFFFFFU}) {
        CHECK(loaded.load(bytes, 500, seconds));
        CHECK(loaded.has_session());
        CHECK(loaded.tick(500).session_ended);
    }
    p.reopen();
    p.server.limit_expiry(0xFFFFFFFE);
    CHECK(p.server.session_expiry() == 100);
    p.server.limit_expiry(40);
    CHECK(p.server.session_expiry() == 40);
    CHECK(p.server.received(Disconnect{.properties = {.session_expiry_interval = for_ever}}, p.now));
    CHECK(p.server.session_expiry() == for_ever);
    CHECK(loaded.load(saved(p.server, 1, journal), 500, 1'000'000'000)); // without end
    CHECK_FALSE(loaded.next_deadline());
    p.server.limit_expiry(40);
    p.server.closed(p.now);
    CHECK_FALSE(p.server.tick(p.now + 40 * second - 1).session_ended);
    CHECK(p.server.tick(p.now + 40 * second).session_ended);
}

TEST_CASE("a server that is loaded may owe a will")
{
    Pair p(Version::v5);
    p.open();
    Journal journal;
    const Bytes bytes = saved(p.server, 1, journal);
    const auto loaded = [&](std::uint32_t seconds) {
        Server<room> server;
        CHECK(server.load(bytes, 500));
        server.owe_will(seconds, 500);
        return server;
    };
    auto due = loaded(10);
    CHECK(due.owes_will());
    CHECK(due.next_deadline() == 500 + 10 * second);
    CHECK_FALSE(due.tick(500 + 10 * second - 1).publish_will);
    CHECK(due.tick(500 + 10 * second).publish_will);
    CHECK_FALSE(due.owes_will());
    CHECK_FALSE(due.tick(500 + 11 * second).publish_will);
    CHECK(loaded(0).tick(500).publish_will);
    auto ended = loaded(1'000);
    const Outcome end = ended.tick(500 + 100 * second); // with the session
    CHECK(end.publish_will);
    CHECK(end.session_ended);
    auto back = loaded(10);
    CHECK_FALSE(back.received(p.connect, 600).publish_will);
    CHECK_FALSE(back.accept(p.connect, p.connack, 600).publish_will);
    CHECK_FALSE(back.closed(700).publish_will);
    Server<room> of_no_session;
    of_no_session.owe_will(10, 500);
    CHECK(of_no_session.next_deadline() == 500);
    CHECK(of_no_session.tick(500).publish_will);
}

namespace {

struct PowerCut {};

/// A flash of two halves that loses power after so many bytes.
struct Flash {
    Bytes halves[2];
    std::size_t budget = static_cast<std::size_t>(-1);
    std::size_t written = 0;
    int tear = 0; ///< what a record that is cut off ends with: nothing, ones, garbage

    void write(int half, std::span<const std::byte> bytes)
    {
        for (std::size_t i = 0; i < bytes.size(); ++i) {
            if (budget == 0) {
                // The rest of the record is nothing, ones, or garbage; not by chance what it should have been.
                for (std::size_t at = i; tear != 0 && at % record_size != 0; ++at)
                    halves[half].push_back(tear == 1 && bytes[i] != std::byte{0xFF} ? std::byte{0xFF} : ~bytes[at]);
                throw PowerCut{};
            }
            --budget;
            ++written;
            halves[half].push_back(bytes[i]);
        }
    }
};

/// A device (the client) that loses power, and a server that does not.
class Device {
public:
    explicit Device(Version version, int tear) : version_(version)
    {
        flash.tear = tear;
        connect_.version = version;
        if (version == Version::v5) connect_.properties.session_expiry_interval = for_ever;
    }

    static constexpr unsigned messages = 6;

    void run()
    {
        for (int boots = 0; boots < 3; ++boots) {
            try {
                boot();
                work();
                return;
            } catch (const PowerCut&) {
                flash.budget = static_cast<std::size_t>(-1);
                to_server_.clear();
                to_client_.clear();
                server_.closed(0);
            }
        }
        FAIL("it never ends");
    }

    Flash flash;
    std::map<unsigned, int> delivered_to_client; ///< became durable with its record
    std::map<unsigned, int> delivered_to_server;

private:
    void boot()
    {
        client_ = {};
        half_ = 0;
        generation_ = 0;
        bool any = false;
        for (int half = 0; half < 2; ++half) {
            Client<room> candidate;
            const Loaded loaded = candidate.load(flash.halves[half], 0);
            if (!flash.halves[half].empty() && !loaded) CHECK(loaded.fault == LoadFault::incomplete);
            if (!loaded || (any && !is_later(loaded.generation, generation_))) continue;
            any = true;
            client_ = candidate;
            half_ = half;
            generation_ = loaded.generation;
            journal_ = loaded.journal;
            flash.halves[half].resize(loaded.used);
        }
        if (!any) save();
        if (client_.state() == State::idle) keep(client_.connect(connect_, version_, 0));
        to_server_.push_back(connect_);
    }

    void save()
    {
        const int other = 1 - half_;
        flash.halves[other].clear();
        Bytes bytes(client_.saved_size());
        Journal journal;
        client_.save(bytes, generation_ + 1, journal);
        flash.write(other, bytes);
        half_ = other;
        ++generation_;
        journal_ = journal;
        appended_ = 0;
    }

    void keep(const Outcome& outcome)
    {
        if (outcome.change == Change::none) return;
        if (outcome.change == Change::session || ++appended_ > 5) save();
        else flash.write(half_, journal_.record(outcome));
        // In one step with the record.
        if (outcome.event == Event::done) outbox_.erase(outcome.token);
    }

    void see_to(const Outcome& outcome, unsigned number)
    {
        REQUIRE(outcome.fault == Fault::none);
        keep(outcome);
        if (outcome.event == Event::message) ++delivered_to_client[number];
        if (outcome.answer == PacketType::pubrec) to_server_.push_back(PubRec{.packet_id = outcome.packet_id});
        if (outcome.answer == PacketType::pubrel) to_server_.push_back(PubRel{.packet_id = outcome.packet_id});
        if (outcome.answer == PacketType::pubcomp) to_server_.push_back(PubComp{.packet_id = outcome.packet_id});
    }

    static unsigned number_in(const Publish& publish) { return static_cast<unsigned>(publish.payload[0]); }
    Publish numbered(unsigned number) const
    {
        static const auto numbers = [] {
            std::array<std::byte, 256> all{};
            for (std::size_t i = 0; i < all.size(); ++i) all[i] = static_cast<std::byte>(i);
            return all;
        }();
        return {.topic = "t", .payload = Binary(&numbers[number], 1), .qos = once};
    }

    void client_step()
    {
        if (!to_client_.empty()) {
            Packet packet = to_client_.front();
            to_client_.pop_front();
            unsigned number = 0;
            if (const auto* publish = std::get_if<Publish>(&packet)) number = number_in(*publish);
            see_to(client_.received(packet, 0), number);
        }
        while (const Resend again = client_.resend(0)) {
            if (again.packet == PacketType::pubrel) {
                to_server_.push_back(PubRel{.packet_id = again.packet_id});
            } else {
                Publish publish = numbered(again.token);
                again.set(publish);
                to_server_.push_back(publish);
            }
        }
        // What is in the outbox and in no flow has not been sent.
        for (const unsigned token : outbox_) {
            bool in_flow = false;
            for (std::uint16_t id = client_.first_flow(); id != 0; id = client_.next_flow(id))
                in_flow = in_flow || client_.token(id) == token;
            if (in_flow || client_.messages_in_flight() >= room.incoming) continue;
            Publish publish = numbered(token);
            const Outcome outcome = client_.publish(publish, token, 0);
            if (!outcome) break;
            keep(outcome);
            to_server_.push_back(publish);
            break;
        }
    }

    void server_step()
    {
        if (!to_server_.empty()) {
            Packet packet = to_server_.front();
            to_server_.pop_front();
            const Outcome outcome = server_.received(packet, 0);
            REQUIRE(outcome.fault == Fault::none);
            if (outcome.event == Event::connecting) {
                ConnAck connack;
                server_.accept(std::get<Connect>(packet), connack, 0);
                to_client_.push_back(connack);
                while (const Resend again = server_.resend(0)) {
                    if (again.packet == PacketType::pubrel) {
                        to_client_.push_back(PubRel{.packet_id = again.packet_id});
                    } else {
                        Publish publish = numbered(again.token);
                        again.set(publish);
                        to_client_.push_back(publish);
                    }
                }
            }
            if (outcome.event == Event::message) ++delivered_to_server[number_in(std::get<Publish>(packet))];
            if (outcome.answer == PacketType::pubrec) to_client_.push_back(PubRec{.packet_id = outcome.packet_id});
            if (outcome.answer == PacketType::pubrel) to_client_.push_back(PubRel{.packet_id = outcome.packet_id});
            if (outcome.answer == PacketType::pubcomp) to_client_.push_back(PubComp{.packet_id = outcome.packet_id});
        }
        if (server_sent_ < messages && server_.messages_in_flight() < room.incoming) {
            Publish publish = numbered(server_sent_);
            if (server_.publish(publish, server_sent_, 0)) {
                ++server_sent_;
                to_client_.push_back(publish);
            }
        }
    }

    void work()
    {
        for (int i = 0; i < 200; ++i) {
            client_step();
            server_step();
        }
        CHECK(outbox_.empty());
        CHECK(client_.messages_in_flight() == 0);
        CHECK(server_.messages_in_flight() == 0);
    }

    Version version_;
    Connect connect_{.client_id = "c"};
    Client<room> client_{};
    Server<room> server_{};
    Journal journal_{};
    int half_ = 0;
    std::uint32_t generation_ = 0;
    int appended_ = 0;
    unsigned server_sent_ = 0;
    std::set<unsigned> outbox_{0, 1, 2, 3, 4, 5}; ///< durable
    std::deque<Packet> to_server_{};
    std::deque<Packet> to_client_{};
};

} // namespace

TEST_CASE("the loss of power at any byte neither loses nor doubles a QoS 2 message")
{
    for (const Version version : {Version::v3_1, Version::v3_1_1, Version::v5}) {
        for (int tear = 0; tear < 3; ++tear) {
            Device whole(version, tear);
            whole.run();
            const std::size_t bytes = whole.flash.written;
            REQUIRE(bytes > 300);
            for (std::size_t cut = 0; cut < bytes; ++cut) {
                CAPTURE(name(version), tear, cut);
                Device device(version, tear);
                device.flash.budget = cut;
                device.run();
                for (unsigned number = 0; number < Device::messages; ++number) {
                    REQUIRE(device.delivered_to_client[number] == 1);
                    REQUIRE(device.delivered_to_server[number] == 1);
                }
            }
        }
    }
}
