// The parts of a session, each alone.
#include "support/catch.hpp"

#include "mqttwire/session/flows.hpp"
#include "mqttwire/session/keep_alive.hpp"
#include "mqttwire/session/packet_ids.hpp"
#include "mqttwire/session/quota.hpp"
#include "mqttwire/session/received_ids.hpp"
#include "mqttwire/session/room.hpp"
#include "mqttwire/session/time.hpp"
#include "mqttwire/session/topic_aliases.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <map>
#include <random>
#include <set>
#include <span>
#include <string>
#include <type_traits>
#include <vector>

using namespace mqttwire;
using namespace mqttwire::session;

namespace {

template <class Ids>
std::vector<std::uint16_t> in_use(const Ids& ids)
{
    std::vector<std::uint16_t> found;
    for (std::uint16_t id = ids.first(); id != 0; id = ids.next(id)) found.push_back(id);
    return found;
}

} // namespace

TEST_CASE("identifiers are taken in the order in which they became free")
{
    PacketIds<3> ids;
    CHECK(ids.take(1) == 1);
    CHECK(ids.take(2) == 2);
    ids.give_back(1);
    CHECK(ids.take(3) == 3);
    CHECK(ids.take(15) == 1);
    CHECK(ids.full());
    CHECK(ids.take(1) == 0);
    CHECK(in_use(ids) == std::vector<std::uint16_t>{2, 3, 1});
    CHECK(ids.mark(1) == 15);
    CHECK(ids.mark(2) == 2);
    ids.set_mark(2, 9);
    CHECK(ids.mark(2) == 9);
    CHECK(in_use(ids) == std::vector<std::uint16_t>{2, 3, 1});
    CHECK_FALSE(ids.in_use(0));
    CHECK_FALSE(ids.in_use(4));
    CHECK_FALSE(ids.in_use(0xFFFF));
    CHECK_FALSE(ids.take_this(1, 1));
    CHECK_FALSE(ids.take_this(4, 1));
    ids.clear();
    CHECK(ids.take_this(2, 1));
    CHECK(ids.take(1) == 1);
    CHECK(ids.take(1) == 3);
}

TEST_CASE("identifiers behave as a plain list does, whatever is done to them")
{
    std::array<PacketIdEntry, 40> memory{};
    PacketIds<> ids(memory);
    std::vector<std::uint16_t> used;
    std::map<std::uint16_t, unsigned> marks;
    std::mt19937 random(7);
    for (int step = 0; step < 20000; ++step) {
        if (random() % 2 == 0) {
            const unsigned mark = 1 + static_cast<unsigned>(random() % 15);
            const std::uint16_t id = ids.take(mark);
            REQUIRE((id == 0) == (used.size() == memory.size()));
            if (id == 0) continue;
            REQUIRE(marks.emplace(id, mark).second);
            used.push_back(id);
        } else if (!used.empty()) {
            const std::size_t index = random() % used.size();
            ids.give_back(used[index]);
            marks.erase(used[index]);
            used.erase(used.begin() + static_cast<std::ptrdiff_t>(index));
        }
        REQUIRE(in_use(ids) == used);
        for (const auto& [id, mark] : marks) REQUIRE(ids.mark(id) == mark);
    }
}

TEST_CASE("identifiers in a constant expression, and no more than there are links for")
{
    static_assert([] {
        PacketIds<2> ids;
        ids.take(1);
        ids.take(1);
        ids.give_back(1);
        return ids.take(1) == 1 && ids.full();
    }());
    std::vector<PacketIdEntry> memory(0x5000);
    PacketIds<> ids(memory);
    CHECK(ids.capacity() == 0x3FFF);
    std::uint16_t last = 0;
    while (const std::uint16_t id = ids.take(5)) last = id;
    CHECK(last == 0x3FFF);
    CHECK(PacketIds<>({}).take(1) == 0);
}

TEST_CASE("flows: what waits to be sent again comes PUBREL first, then PUBLISH, in its order")
{
    OutgoingFlows<6> flows;
    CHECK(flows.begin(Flow::publish_1, 10) == 1);
    CHECK(flows.begin(Flow::publish_2, 20) == 2);
    CHECK(flows.begin(Flow::subscribe, 30) == 3);
    CHECK(flows.begin(Flow::publish_2, 40) == 4);
    CHECK(flows.messages() == 3);
    CHECK(flows.unacknowledged() == 3);
    flows.release(4);
    CHECK(flows.flow(4) == Flow::pubrel);
    flows.end_requests();
    CHECK(flows.flow(3) == Flow::none);
    flows.begin_resending();
    CHECK(flows.waiting() == 3);
    CHECK(flows.unacknowledged() == 0);
    std::vector<std::uint16_t> order;
    while (const std::uint16_t id = flows.next_waiting()) {
        CHECK(flows.next_waiting() == id);
        order.push_back(id);
        flows.sent_again(id);
    }
    CHECK(order == std::vector<std::uint16_t>{4, 1, 2});
    CHECK(flows.unacknowledged() == 3);
    // What is acknowledged before it is sent again waits no more.
    flows.begin_resending();
    CHECK(flows.next_waiting() == 4);
    flows.end(4);
    CHECK(flows.next_waiting() == 1);
    flows.release(2);
    CHECK(flows.waiting() == 1);
    flows.end(1);
    CHECK(flows.next_waiting() == 0);
    CHECK(flows.messages() == 1);
    CHECK(sizeof(PacketIdEntry) == 4); // beside the token
}

/// What holds for room for seven, however they are found.
template <class Ids>
void compare_with_set(Ids& ids)
{
    std::set<std::uint16_t> known;
    std::set<std::uint16_t> counted;
    std::mt19937 random(11);
    for (int step = 0; step < 50000; ++step) {
        // Identifiers that collide, at both ends of the table.
        const auto id = static_cast<std::uint16_t>(1 + random() % 4 * 7 + random() % 3 + (random() % 2) * 65000);
        switch (random() % 8) {
        case 0:
            ids.begin_connection();
            counted.clear();
            break;
        case 1:
        case 2:
        case 3:
            REQUIRE(ids.erase(id) == (known.erase(id) != 0));
            counted.erase(id);
            break;
        default: {
            const bool fits = known.contains(id) || known.size() < ids.capacity();
            REQUIRE(ids.insert(id) == fits);
            if (!fits) break;
            known.insert(id);
            counted.insert(id);
        }
        }
        REQUIRE(ids.size() == known.size());
        REQUIRE(ids.on_this_connection() == counted.size());
        std::set<std::uint16_t> all;
        ids.for_each([&](std::uint16_t each) { all.insert(each); });
        REQUIRE(all == known);
        for (const std::uint16_t each : known) {
            REQUIRE(ids.contains(each));
            REQUIRE(ids.came_on_this_connection(each) == counted.contains(each));
        }
        if (!known.contains(id)) REQUIRE_FALSE(ids.contains(id));
    }
    ids.clear();
    REQUIRE(ids.size() == 0);
    for (const std::uint16_t each : known) REQUIRE_FALSE(ids.contains(each));
}

TEST_CASE("received identifiers behave as a set does, whatever is done to them")
{
    std::array<ReceivedId, 7> memory{};
    ReceivedIds<> table(memory);
    compare_with_set(table);
    ReceivedIds<7> few;
    compare_with_set(few);
    ReceivedIds<0> none;
    CHECK_FALSE(none.insert(1));
    CHECK_FALSE(none.contains(1));
    CHECK_FALSE(none.erase(1));
}

TEST_CASE("a quota neither wraps nor exceeds its start")
{
    constexpr Quota quota{2};
    CHECK(quota.left(0) == 2);
    CHECK(quota.left(2) == 0);
    CHECK(quota.left(3) == 0);
    CHECK(quota.left(0xFFFF) == 0);
    CHECK(quota.allows_one_more(1));
    CHECK_FALSE(quota.allows_one_more(2));
    CHECK_FALSE(quota.allows_one_more(9));
    CHECK(Quota{}.left(0) == 65535);
}

TEST_CASE("a client pings when it is silent, and when the other side is")
{
    const Time start = 0xFFFFFF00; // time wraps around on the way
    ClientKeepAlive keep_alive;
    using Due = ClientKeepAlive::Due;
    keep_alive.start(10, start);
    CHECK(keep_alive.deadline() == start + 10000);
    CHECK(keep_alive.tick(start + 9999) == Due::nothing);
    keep_alive.received(start + 5000); // that something comes does not stand for sending
    CHECK(keep_alive.tick(start + 10000) == Due::ping);
    CHECK(keep_alive.tick(start + 10000) == Due::nothing);
    CHECK(keep_alive.deadline() == start + 20000);
    keep_alive.received_pingresp();
    keep_alive.received(start + 10100);
    CHECK(keep_alive.deadline() == start + 20000);
    // Who always sends hears nothing all the same.
    for (Time at = start + 10100; at != start + 20100; at += 100) {
        keep_alive.sent(at);
        CHECK(keep_alive.tick(at) == Due::nothing);
    }
    CHECK(keep_alive.tick(start + 20100) == Due::ping);
    for (Time at = start + 20100; at != start + 30100; at += 100) {
        keep_alive.sent(at);
        keep_alive.received(at); // that is not the answer
        CHECK(keep_alive.tick(at) == Due::nothing);
    }
    CHECK(keep_alive.tick(start + 30100) == Due::close);
    keep_alive.start(10, start);
    keep_alive.pinged(start + 4000); // for a reason of the program's own
    CHECK(keep_alive.deadline() == start + 14000);
    keep_alive.pinged(start + 6000); // the first waits all the same
    CHECK(keep_alive.deadline() == start + 14000);
    CHECK(keep_alive.tick(start + 14000) == Due::close);
    keep_alive.start(0, start);
    CHECK_FALSE(keep_alive.deadline());
    CHECK(keep_alive.tick(start + 1) == Due::nothing);
}

TEST_CASE("a server waits one and a half times the interval")
{
    ServerKeepAlive keep_alive;
    keep_alive.start(65535, 0xFFFFFFF0);
    CHECK(keep_alive.deadline() == 0xFFFFFFF0 + 98302500);
    CHECK_FALSE(keep_alive.is_dead(0xFFFFFFF0 + 98302499));
    CHECK(keep_alive.is_dead(0xFFFFFFF0 + 98302500));
    keep_alive.received(5);
    CHECK(keep_alive.deadline() == 5 + 98302500);
    keep_alive.start(0, 0);
    CHECK_FALSE(keep_alive.is_dead(0x7FFFFFFF));
}

TEST_CASE("an interval of many years is counted down in steps")
{
    Countdown countdown{.since = 0xFFFFF000, .left = 0xFFFFFFFE};
    std::uint64_t seconds = 0;
    while (true) {
        const Time due = countdown.deadline();
        REQUIRE(due - countdown.since <= 1000000000U);
        seconds += (due - countdown.since) / second;
        if (countdown.has_ended(due)) break;
    }
    CHECK(seconds == 0xFFFFFFFE);
    Countdown never{.since = 0, .left = for_ever};
    CHECK_FALSE(never.has_ended(0x7FFFFFFF));
    Countdown exact{.since = 10, .left = 2};
    CHECK_FALSE(exact.has_ended(2009));
    CHECK_FALSE(exact.has_ended(5)); // a clock that is a little late
    CHECK(exact.has_ended(2010));
}

TEST_CASE("incoming aliases keep their topics without gaps")
{
    IncomingAliases<3, 10> aliases;
    CHECK(aliases.capacity() == 3);
    CHECK(aliases.topic(1).empty());
    CHECK(aliases.set(1, "abc"));
    CHECK(aliases.set(2, "defg"));
    CHECK(aliases.set(3, "hij"));
    CHECK(aliases.topic(2) == "defg");
    CHECK(aliases.set(1, "x"));
    CHECK(aliases.topic(1) == "x");
    CHECK(aliases.topic(2) == "defg");
    CHECK(aliases.topic(3) == "hij");
    CHECK_FALSE(aliases.set(1, "0123"));
    CHECK(aliases.topic(1).empty());
    CHECK(aliases.set(1, "012"));
    CHECK(aliases.topic(3) == "hij");
    aliases.clear();
    CHECK(aliases.topic(2).empty());
    CHECK(aliases.set(2, "0123456789"));
}

TEST_CASE("outgoing aliases: a topic has one, and the one used longest ago goes first")
{
    OutgoingAliases<2, 16> aliases;
    CHECK(aliases.choose("a").alias == 0);
    aliases.begin_connection(9);
    CHECK(aliases.choose("a").alias == 1);
    CHECK_FALSE(aliases.choose("b").known);
    CHECK(aliases.choose("a").known);
    const auto third = aliases.choose("c"); // takes that of b
    CHECK(third.alias == 2);
    CHECK_FALSE(third.known);
    CHECK(aliases.choose("a").known);
    CHECK_FALSE(aliases.choose("b").known);
    CHECK(aliases.choose("").alias == 0);
    CHECK(aliases.choose("a topic that is too long").alias == 0);
    aliases.begin_connection(1);
    CHECK(aliases.choose("a").alias == 1);
    CHECK(aliases.choose("b").alias == 1);
    CHECK_FALSE(aliases.choose("a").known);
}

TEST_CASE("outgoing aliases agree with whoever takes them at their word")
{
    OutgoingAliases<4, 20> aliases;
    aliases.begin_connection(4);
    std::map<std::uint16_t, std::string> peer;
    std::mt19937 random(3);
    for (int step = 0; step < 20000; ++step) {
        const std::string topic(1 + random() % 8, static_cast<char>('a' + random() % 6));
        const auto choice = aliases.choose(std::string_view(topic));
        REQUIRE(choice.alias >= 1);
        REQUIRE(choice.alias <= 4);
        if (!choice.known && random() % 5 == 0) {
            aliases.take_back(choice.alias); // not sent
            peer.erase(choice.alias);
            continue;
        }
        if (!choice.known) peer[choice.alias] = topic;
        REQUIRE(peer.at(choice.alias) == topic);
    }
}

TEST_CASE("parts are trivially copyable")
{
    CHECK(std::is_trivially_copyable_v<PacketIds<3>>);
    CHECK(std::is_trivially_copyable_v<PacketIds<>>);
    CHECK(std::is_trivially_copyable_v<OutgoingFlows<3>>);
    CHECK(std::is_trivially_copyable_v<ReceivedIds<3>>);
    CHECK(std::is_trivially_copyable_v<IncomingAliases<3, 10>>);
    CHECK(std::is_trivially_copyable_v<OutgoingAliases<3, 10>>);
    CHECK(std::is_trivially_copyable_v<ClientKeepAlive>);
    CHECK(std::is_trivially_copyable_v<ServerKeepAlive>);
    CHECK(std::is_trivially_copyable_v<Quota>);
}

TEST_CASE("room in the caller's memory is that memory")
{
    std::array<int, 3> memory{1, 2, 3};
    const Room<int> room{std::span<int>(memory)};
    CHECK(room.data() == memory.data());
    CHECK(room.size() == 3);
    room[1] = 7;
    CHECK(memory[1] == 7);
    CHECK(Room<int>{}.size() == 0);
}
